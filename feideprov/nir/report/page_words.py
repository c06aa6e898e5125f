"""The phrases of the page, by key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from feideprov.messages import Sentence, Template
from feideprov.nir.words import KINDS

PHRASES: Final[Mapping[str, Sentence | Template]] = {
    "title": Sentence("To register in NIR"),
    "lead": Template(
        "What {organization} has not yet registered in the introduction register (NIR), must not register, or must "
        "decide. Status on {day}."
    ),
    "skip": Sentence("Skip to the content"),
    "contents": Sentence("On this page"),
    "figures": Sentence("In short"),
    "nothing": Sentence("There is nothing to register, to check or to decide."),
    "figure.overdue": Sentence("overdue"),
    "figure.overdue.more": Sentence("IMDi: within two months"),
    "figure.soon": Sentence("due in 14 days"),
    "figure.soon.more": Template("until {day}"),
    "figure.decide": Sentence("for a person to decide"),
    "figure.decide.more": Sentence("forbidden, asked, must wait or not known"),
    "figure.people": Template("person", "people"),
    "figure.people.more": Sentence("have something here"),
    "settlement": KINDS["settlement"],
    "settlement.about": Sentence(
        "First of all: until the settlement day is in IMDinett, NIR does not show the schemes of the person. The "
        "other last days stay as they are. When the person is settled, write the day in the column Settled of the "
        "list, and read the list again."
    ),
    "overdue": Sentence("Overdue"),
    "overdue.about": Sentence("Register these first. The last day is two months after the information was there."),
    "soon": Sentence("Due in 14 days"),
    "soon.about": Sentence(""),
    "later": Sentence("Due later"),
    "later.about": Sentence(""),
    "without_day": Sentence("Without a last day"),
    "without_day.about": Sentence("It is not known since when the information has been there."),
    "forbidden": KINDS["forbidden"],
    "forbidden.about": Sentence(
        "The law that applies to the person has no such field. Write remove in its cell in the list, and read the list "
        "again: nothing of the record is sent before it is gone."
    ),
    "question": Sentence("Questions"),
    "question.about": Sentence("No rule decides these: a person must."),
    "blocked": KINDS["blocked"],
    "blocked.about": Sentence("Something else comes first. The last days do not move."),
    "not_known": KINDS["not_known"],
    "not_known.about": Sentence(
        "No other rule is applied here. The two months are counted, also in the figures above."
    ),
    "number": Sentence("Numbers to check"),
    "number.about": Sentence("A number came or changed. It reaches NIR by itself: check that NIR shows it."),
    "year_end": Sentence("The yearly close"),
    "year_end.day": Template("What belongs to {year} must be registered by {day}."),
    "year_end.computed": Sentence(
        "The day is computed (two months after 31 December). Look whether IMDi has announced another one."
    ),
    "year_end.source": Template("Source: {source}."),
    "year_end.without": Template(
        "{count} person ended the introduction programme in {year} without a reason (avslutningsårsak):",
        "{count} people ended the introduction programme in {year} without a reason (avslutningsårsak):",
    ),
    "year_end.all": Template("All who ended in {year} have a reason."),
    "channels": Sentence("Channels"),
    "channels.about": Sentence("How it gets into NIR, and what that rests on."),
    "sources": Sentence("Rules and sources"),
    "notes": Sentence("Also"),
    "person": Sentence("Person"),
    "scheme": Sentence("Scheme"),
    "field": Sentence("What"),
    "due": Sentence("Due by"),
    "on.settlement": Sentence("Came"),
    "on.number": Sentence("Came or changed"),
    "channel": Sentence("Channel"),
    "role": Sentence("Role"),
    "kind.not_seen": KINDS["not_seen"],
    "kind.missing": KINDS["missing"],
    "footer": Template(
        "Made with feideprov {version} on {day}. The page has keys, fields and days, and no contents: keep it as other "
        "personal data, and delete it when it is no longer needed. Not legal advice."
    ),
}
