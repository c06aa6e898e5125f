"""Which language the program speaks: `--lang`, otherwise FEIDEPROV_LANG, otherwise the locale, otherwise English."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from feideprov.cli.language import language_of

if TYPE_CHECKING:
    from tests.journeys.conftest import Office

NB, NN, EN = "Ingen venter på nummer.", "Ingen ventar på nummer.", "Nobody waits for a number."
VARIABLES = ("FEIDEPROV_LANG", "LC_ALL", "LC_MESSAGES", "LANG")


def surroundings(patch: pytest.MonkeyPatch, **values: str) -> None:
    """These variables of the environment, and no other that says a language."""
    for name in VARIABLES:
        patch.delenv(name, raising=False)
    for name, value in values.items():
        patch.setenv(name, value)


@pytest.mark.parametrize(
    ("values", "language"),
    [
        ({}, "en"),
        ({"LANG": "nb_NO.UTF-8"}, "nb"),
        ({"LANG": "nn_NO"}, "nn"),
        ({"LANG": "no_NO.UTF-8@euro"}, "nb"),
        ({"LANG": "nb"}, "nb"),
        ({"LANG": "C"}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "nbx_NO"}, "en"),
        ({"LC_MESSAGES": "nn_NO.UTF-8", "LANG": "nb_NO.UTF-8"}, "nn"),
        ({"LC_ALL": "nb_NO.UTF-8", "LC_MESSAGES": "nn_NO.UTF-8", "LANG": "en_US.UTF-8"}, "nb"),
        ({"LC_ALL": "C", "LANG": "nb_NO.UTF-8"}, "en"),
        ({"LC_ALL": "", "LANG": "nb_NO.UTF-8"}, "nb"),
        ({"FEIDEPROV_LANG": "nn", "LC_ALL": "nb_NO.UTF-8"}, "nn"),
        ({"FEIDEPROV_LANG": "en", "LANG": "nb_NO.UTF-8"}, "en"),
        ({"FEIDEPROV_LANG": "", "LANG": "nb_NO.UTF-8"}, "nb"),
    ],
)
def test_without_the_option_the_environment_says_the_language(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, str], language: str
) -> None:
    surroundings(monkeypatch, **values)
    assert language_of(["pending"]) == language


@pytest.mark.parametrize("words", [(), ("--lang",), ("--lang", "norsk")])
def test_a_command_line_without_a_language_leaves_it_to_the_environment(
    monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    surroundings(monkeypatch, FEIDEPROV_LANG="nn")
    assert language_of(words) == "nn"


@pytest.mark.parametrize("words", [("--lang", "nb"), ("--lang=nb",), ("--config", "x", "--lang", "nb", "pending")])
def test_the_option_comes_first(monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]) -> None:
    surroundings(monkeypatch, FEIDEPROV_LANG="nn", LC_ALL="en_US.UTF-8")
    assert language_of(words) == "nb"


def test_the_variable_is_no_key_of_the_configuration(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office("apply", office.people("a-1;Anna;Berg;2003-04-05;hylla;pupil;45840375084"), "--yes")  # Tenor's
    for language, said in (("nb", NB), ("nn", NN), ("en", EN)):
        surroundings(monkeypatch, FEIDEPROV_LANG=language)
        answer = office("pending")
        assert (answer.code, answer.err) == (0, "")
        assert said in answer.out


@pytest.mark.parametrize(("locale", "it_must_be"), [("C", "It must be en, nb or nn."), ("nb_NO", "It must be")])
def test_a_variable_that_is_no_language_ends_the_call_in_one_sentence(
    office: Office, monkeypatch: pytest.MonkeyPatch, locale: str, it_must_be: str
) -> None:
    surroundings(monkeypatch, FEIDEPROV_LANG="norsk", LC_ALL=locale)
    answer = office("pending", "--json")
    assert answer.code == 2
    assert answer.err.startswith(f"The environment variable FEIDEPROV_LANG is “norsk”. {it_must_be}")
    assert answer.err.count("\n") == 1
    assert answer.json["language"] == "en"
    assert office("--lang", "nb", "pending").code == 0
