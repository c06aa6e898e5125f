"""The built-in templates: whole in three languages, and docs/templates.md says what they may put in."""

from __future__ import annotations

import doctest
import re
from datetime import date
from itertools import combinations
from pathlib import Path
from types import ModuleType

import pytest
from jinja2 import meta

from feideprov import mail
from feideprov.services import wording
from feideprov.services.outbox import templates
from feideprov.services.outbox.templates import TEMPLATES, Language, Templates
from feideprov.services.owed import ChangeKind
from feideprov.services.task import Task

PAGE = (Path(__file__).parents[3] / "docs" / "templates.md").read_text(encoding="utf-8")
LANGUAGES = ("nb", "nn", "en")
MESSAGES = ("question", "reminder", "notice", "today")


def used(name: str, language: str) -> set[str]:
    made = Templates()._environment
    assert made.loader is not None
    source, *_ = made.loader.get_source(made, f"{name}.{language}.txt.j2")
    return meta.find_undeclared_variables(made.parse(source))


def described(name: str) -> set[str]:
    [section] = re.findall(rf"^## (?:[^\n]*, )?{name}(?:, [^\n]*)?\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    return {"language", *re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)}


def test_every_message_is_there_in_three_languages_and_no_other() -> None:
    files = {path.name for path in TEMPLATES.glob("*.txt.j2")}
    assert files == {f"{name}.{language}.txt.j2" for name in MESSAGES for language in LANGUAGES}


@pytest.mark.parametrize("name", MESSAGES)
def test_the_languages_put_in_the_same_and_the_page_describes_it(name: str) -> None:
    nb, nn, en = (used(name, language) for language in LANGUAGES)
    assert nb == nn == en
    assert nb <= described(name)


@pytest.mark.parametrize("language", LANGUAGES)
def test_today_has_words_for_all_that_the_page_names(language: str) -> None:
    [cell] = re.findall(r"`kind` \((.*?)\)", PAGE)
    kinds = re.findall(r"`(\w+)`", cell)
    assert len(kinds) == 15
    for kind in kinds:
        for count in (1, 2):
            items = [Task(kind, count, "feideprov pending", days=9)]
            text = Templates().render("today", language, organization="Skotthyll", on=date(2026, 11, 3), items=items)
            said, command = text.body.splitlines()
            assert (said[-1], command) == (".", "    feideprov pending")
            assert kind == "unseen" or str(count) in said.split()  # of nobody there is no count
            assert kind not in said.split()[0]
            assert text.subject.endswith(("1 å gjøre", "1 å gjere", "1 to do"))


def test_a_template_that_windows_saved_is_read_as_it_looks(tmp_path: Path) -> None:
    tmp_path.joinpath("notice.nb.txt.j2").write_bytes(
        "Subject: Hei på dere\r\n\r\nHilsen {{ organization }}\r\n".encode("utf-8-sig")
    )
    text = Templates(tmp_path).render("notice", "nb", organization="Skotthyll")
    assert (text.subject, text.body) == ("Hei på dere", "Hilsen Skotthyll\n")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_agreed_way_is_told_to_its_end(language: Language) -> None:
    channel = "en mappe som vi deler med dere, " * 10 + "og passordet får dere på telefon"
    facts = {"organization": "Skotthyll", "provider": "Lesehuset", "lines": [], "reference": "abc", "signature": []}
    totals = {"registered": 1, "changed": 0, "withdrawn": 0}
    assert channel in Templates().render("notice", language, channel=channel, totals=totals, **facts).body


KINDS = tuple(kind.value for kind in ChangeKind)
SOME_KINDS = [some for number in (1, 2, 3) for some in combinations(KINDS, number)]
WORDS = {
    "nb": ("registrert", "endret", "fjernet"),
    "nn": ("registrert", "endra", "fjerna"),
    "en": ("registered", "changed", "withdrawn"),
}
"""The words of the kinds of change, in the order of `KINDS`."""
NEW = {"nb": "det nye nummeret", "nn": "det nye nummeret", "en": "the new number"}
REMOVE = {"nb": "ta bort nummeret", "nn": "ta bort nummeret", "en": "remove the number"}
SOME = {
    "nb": ("en av brukerne", "noen av brukerne", "tjenesten trenger", "tjenestene trenger"),
    "nn": ("ein av brukarane", "nokre av brukarane", "tenesta treng", "tenestene treng"),
    "en": ("one of our", "some of our", "the service needs", "the services need"),
}


def notice(language: Language, kinds: tuple[str, ...], count: int, services: int = 1) -> str:
    """A notice about so many changes of each kind."""
    counts = dict.fromkeys(KINDS, 0) | dict.fromkeys(kinds, count)
    users = {kind: [f"{kind[:2]}@x.no"] * (kind in kinds) for kind in KINDS}
    lines = [
        {
            "service": f"Lexin {n}",
            "on": date(2026, 11, 3),
            **counts,
            "users": users if count == 1 else dict.fromkeys(KINDS, ()),
        }
        for n in range(services)
        for _ in range(2)
    ]
    facts = {"organization": "Skotthyll", "provider": "Lexin AS", "reference": "abc", "channel": "", "signature": []}
    text = Templates().render("notice", language, lines=lines, totals=counts, **facts)
    return " ".join(f"{text.subject}\n{text.body}".split())


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("kinds", [some for some in SOME_KINDS if len(some) < 3], ids=" and ".join)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_notice_speaks_only_of_what_is_in_it(language: Language, kinds: tuple[str, ...], count: int) -> None:
    said = notice(language, kinds, count).casefold()
    for kind, word in zip(KINDS, WORDS[language], strict=True):
        assert (word in said) == (kind in kinds), word
        assert (f" {word}: " in said) == (kind in kinds), word
    assert (NEW[language] in said) == (kinds != ("withdrawn",))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_notice_says_what_to_do_about_a_withdrawn_number_and_how_many_it_is_about(language: Language) -> None:
    for kinds in SOME_KINDS:
        said = notice(language, kinds, 2)
        assert (REMOVE[language] in said.casefold()) == ("withdrawn" in kinds)
    one, some, of_one, of_some = SOME[language]
    assert one in notice(language, ("changed",), 1)
    assert some in notice(language, ("changed",), 2)
    assert some in notice(language, ("changed", "registered"), 1)
    assert of_one in notice(language, ("changed",), 1)
    assert of_some in notice(language, ("changed",), 1, services=2)


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("kinds", SOME_KINDS, ids=" and ".join)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_notice_is_laid_out_as_a_letter(language: Language, kinds: tuple[str, ...], count: int) -> None:
    counts = dict.fromkeys(KINDS, 0) | dict.fromkeys(kinds, count)
    users = dict.fromkeys(KINDS, ())
    lines = [{"service": "Lexin", "on": date(2026, 11, 3), **counts, "users": users}]
    facts = {"organization": "Skotthyll", "provider": "Lexin AS", "reference": "abc", "channel": "", "signature": []}
    body = Templates().render("notice", language, lines=lines, totals=counts, **facts).body
    assert max(map(len, body.splitlines())) <= 90
    assert "\n\n\n" not in body
    assert not re.search(r"\w  \w| [.,:]", body)


@pytest.mark.parametrize(("language", "words"), [("nb", "1 dag."), ("nn", "1 dag."), ("en", "1 day.")])
def test_a_wait_of_one_day_is_one_day(language: Language, words: str) -> None:
    items = [Task("waiting", 3, "feideprov pending", days=1)]
    text = Templates().render("today", language, organization="Skotthyll", on=date(2026, 11, 3), items=items)
    assert text.body.splitlines()[0].endswith(words)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_day_without_anything_to_do_says_so(language: str) -> None:
    text = Templates().render("today", language, organization="Skotthyll", on=date(2026, 11, 3), items=[])
    assert len(text.body.splitlines()) == 1


@pytest.mark.parametrize("module", [mail, templates, wording], ids=["mail", "templates", "wording"])
def test_the_examples_of_the_docstrings_are_true(module: ModuleType) -> None:
    assert doctest.testmod(module).failed == 0
    assert doctest.testmod(module).attempted > 0
