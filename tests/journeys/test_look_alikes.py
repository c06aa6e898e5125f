"""Texts that look the same, on the command line: set aside where nobody sees it, and otherwise told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.journeys.conftest import Office

GOOD = "ref-1;Olena;Kovalenko;2009-03-14;hylla;pupil;"
USER = "olenkova@skotthyll.kommune.no"
CYRILLIC_A = "U+0430 CYRILLIC SMALL LETTER A, not U+0061"
SOURCE = """
[[sources]]
name = "{}"
evidence = "register"
confirmed_by = "Kari Nordmann"
confirmed_on = 2026-08-01
"""
SERVICES = "id;name;provider;gets_number;activated\n4711;Lexin;Ordbok AS;yes;yes\n"


@pytest.fixture
def known(office: Office) -> Office:
    assert office("apply", office.people(GOOD), "--yes").code == 0
    return office


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("plаn",), CYRILLIC_A),
        (("--lang", "еn", "pending"), "U+0435 CYRILLIC SMALL LETTER IE, not U+0065"),
        (("pending", "--jsоn"), "U+043E CYRILLIC SMALL LETTER O, not U+006F"),
        (("services", "lіst"), "U+0456 CYRILLIC SMALL LETTER BYELORUSSIAN-UKRAINIAN I, not U+0069"),
        (("pending", "--school", "hyllа"), CYRILLIC_A),
        (("pending", "--role", "teаcher"), CYRILLIC_A),
    ],
    ids=["command", "choice", "option", "subcommand", "school", "role"],
)
def test_a_word_of_a_command_that_looks_like_another(
    office: Office, one_sentence: Any, words: tuple[str, ...], told: str
) -> None:
    answer = office(*words)
    assert answer.code == 2
    assert told in one_sentence(answer)


def test_a_word_that_looks_like_no_other_is_told_as_before(office: Office, one_sentence: Any) -> None:
    assert one_sentence(office("plæn")) == "There is no command “plæn”. Did you mean “plan”? See: feideprov --help"
    assert "U+" not in one_sentence(office("plna"))


def test_a_school_and_a_role_may_have_what_nobody_sees(known: Office) -> None:
    for words in (("--school", "hyl\u200bla"), ("--role", "pu\u00adpil"), ("--role", "elev")):
        assert known("pending", *words, "--json").json["counts"]["pending"] == 1


@pytest.mark.parametrize("command", [("resolve", "--same-as", "ref-9"), ("close",), ("password",)])
def test_there_is_no_such_user_but_one_that_looks_the_same(known: Office, command: tuple[str, ...]) -> None:
    answer = known(command[0], USER.replace("a", "а"), *command[1:])
    said = answer.err + answer.out
    assert f"There is no user {USER.replace('a', 'а')} (character 8 is {CYRILLIC_A}" in said


def test_the_name_of_a_source_may_have_what_nobody_sees(office: Office) -> None:
    text = office.config.read_text(encoding="utf-8") + SOURCE.format("vis\u200bma") + SOURCE.format("ist")
    office.config.write_text(text, encoding="utf-8")
    assert office("apply", office.people(GOOD), "--source", "visma\u00ad", "--yes").code == 0
    assert office.entry("visma:ref-1").text("uid") == "olenkova"


def test_two_sources_that_look_the_same_are_refused(office: Office, one_sentence: Any) -> None:
    text = office.config.read_text(encoding="utf-8") + SOURCE.format("visma") + SOURCE.format("vis\u200bma")
    office.config.write_text(text, encoding="utf-8")
    answer = office("plan", office.people(GOOD))
    assert (answer.code, "[[sources]]" in one_sentence(answer)) == (2, True)


def test_two_headings_that_look_the_same(office: Office, one_sentence: Any) -> None:
    path = office.write("two.csv", "source_id;given_name;family_name;school;role;rol\u200be\nx;A;B;hylla;pupil;pupil\n")
    said = one_sentence(office("plan", path))
    assert "“role” (column 5) and “role” (character 4, U+200B ZERO WIDTH SPACE, is too much) (column 6)" in said


def test_a_list_of_answers_tells_what_nobody_sees(office: Office) -> None:
    office("services", "import", office.write("portal.csv", SERVICES))
    answers = office.write("answers.csv", "service;answer;source\nfeide:47\u200b11;B\u00ad;a mail\n")
    answer = office("services", "answer", "--csv", answers)
    assert answer.code == 0
    assert "answers.csv row 2: Column service: there are characters that cannot be seen, such as U+200B" in answer.err


def test_an_answer_may_have_what_nobody_sees(office: Office, one_sentence: Any) -> None:
    office("services", "import", office.write("portal.csv", SERVICES))
    assert office("services", "answer", "feide:4711", "can\u200b-serve", "--source", "mail").code == 0
    answer = office("services", "answer", "feide:4711", "саn-serve", "--source", "mail")
    assert "U+0441 CYRILLIC SMALL LETTER ES, not U+0063" in one_sentence(answer)
