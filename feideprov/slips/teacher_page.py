"""The teacher's sheets as one HTML file, a page for each class. They name who waits for a number: they are for the
teacher alone, so they are never on the same paper as the slips."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Final

from feideprov.messages import Language, Sentence, Template
from feideprov.pages.days import day_in_words
from feideprov.pages.page import phrases
from feideprov.services.report.matrix import Cell
from feideprov.slips.card_page import page_of
from feideprov.slips.teacher import ClassSheet, TeacherSheets

PHRASES: Final[Mapping[str, Sentence | Template]] = {
    "title": Sentence("Teacher's sheet"),
    "secret": Sentence("Only for the teacher of the class. Do not show it in the classroom."),
    "no-class": Sentence("Users in no class"),
    "name": Sentence("Name"),
    "user": Sentence("Feide name"),
    "new": Sentence("New user"),
    "waits": Sentence("Waits for the number"),
    "yes": Sentence("Yes"),
    "today": Sentence("What works today"),
    "login": Sentence("Everybody in the list can log in with Feide, with the Feide name and password on the slip."),
    "all-works": Sentence("Nobody in the list waits for the number, so it keeps nobody out of a service."),
    "works": Sentence("These services work for those who wait for the number too:"),
    "trouble": Sentence("These services do not work for them before the number has come:"),
    "not-known": Sentence("It is not known whether these services work for them. Try them:"),
    "others": Sentence("Other services do not get the number from Feide, so they work for everybody."),
    "no-services": Sentence("Which services need the number is not known yet."),
    "advice": Sentence(
        "The municipality registers the number when it has come. Until then, do not enter another number in any "
        "service, and do not make a second user."
    ),
    "arrived.title": Sentence("Teacher's sheet: the number has come"),
    "arrived.says": Template(
        "The numbers of these users have come since {day}. They log in as before, with the same Feide name and "
        "password."
    ),
    "arrived.today": Sentence("What works from today"),
    "arrived.trouble": Sentence("These services did not work before, and should work now:"),
    "arrived.works": Sentence("These services worked before too:"),
    "arrived.not-known": Sentence("It is not known whether these services worked before. They should work now:"),
    "arrived.help": Template("Does one of them still not work? Ask: {contact}"),
}
"""The phrases of the sheets, by key."""


def teacher_page(sheets: TeacherSheets, organization: str, contact: str, language: Language) -> str:
    """The sheets in bokmål, nynorsk or English. `contact`: whom teachers ask; may be empty.

    Raises ConfigurationError when Jinja2 is not installed.
    """
    return page_of(
        "teacher",
        layout="teacher",
        title=phrases(PHRASES, language)("title" if sheets.since is None else "arrived.title"),
        language=language,
        say=phrases(PHRASES, language),
        day=partial(day_in_words, language=language),
        found=sheets,
        groups=_groups,
        organization=organization,
        contact=contact,
        about="" if sheets.since is None else "arrived.",
    )


_GROUPS: Final = {"trouble": (Cell.TROUBLE,), "works": (Cell.SERVED, Cell.NOT_NEEDED), "not-known": (Cell.NOT_KNOWN,)}


def _groups(sheet: ClassSheet) -> Iterator[tuple[str, list[str]]]:
    """The services of a sheet by what is said of them; what is said of none is left out."""
    for key, cells in _GROUPS.items():
        names = [name for cell in cells for name in sheet.services.get(cell, ())]
        if names:
            yield key, sorted(names, key=str.casefold)
