"""Help: every command in three languages, and what a wrong command line is told."""

from __future__ import annotations

import io
import re
import shlex
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
import typer
from size import size

from feideprov.cli.app import app, run
from feideprov.cli.help import layout, norwegian, parameters
from feideprov.cli.help.examples import EXAMPLES, examples_of
from feideprov.cli.help.page import help_of
from feideprov.cli.help.rows import GROUPS, LISTED, NIR, every_row
from feideprov.cli.help.texts import texts_of_help
from feideprov.cli.help.wrong_usage import suggested
from feideprov.cli.language import speaking
from feideprov.installation import FOLDER
from feideprov.messages import LANGUAGES, Language, catalogue_in

if TYPE_CHECKING:
    from tests.journeys.conftest import Answer, Office

PROGRAM: Any = typer.main.get_command(app)
PATHS = ["", *(row.path for row in every_row())]
COMMANDS = [path for path in PATHS if path and path not in GROUPS]
TEXTS = sorted({text for text, _ in texts_of_help(PROGRAM)})


def command_of(path: str) -> Any:
    command = PROGRAM
    for word in path.split():
        command = command.commands[word]
    return command


def context_of(path: str) -> Any:
    context = typer.Context(PROGRAM, info_name="feideprov")
    for word in path.split():
        context = typer.Context(context.command.commands[word], info_name=word, parent=context)
    return context


def page(path: str, language: Language = "en") -> str:
    with speaking(language):
        return help_of(command_of(path), context_of(path))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("columns", [60, 80])
def test_help_fits_and_no_word_is_cut(monkeypatch: pytest.MonkeyPatch, language: Language, columns: int) -> None:
    for path in PATHS:
        monkeypatch.setattr(layout, "width", lambda: 10_000)
        words = set(page(path, language).split())
        monkeypatch.setattr(layout, "width", lambda: columns)
        lines = page(path, language).splitlines()
        assert {word for line in lines for word in line.removesuffix(" \\").split()} == words, path
        assert [line for line in lines if len(line) > columns and str(FOLDER) not in line] == [], path


@pytest.mark.parametrize("columns", ["10", "60", "80", "300"])
def test_help_is_as_wide_as_the_terminal_within_reason(monkeypatch: pytest.MonkeyPatch, columns: str) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert layout.width() == {"10": 40, "60": 60}.get(columns, 80)


def test_the_program_shows_these_pages(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    for path in size(["", "apply", "services", "nir seen"], PATHS):
        for language in LANGUAGES:
            assert run(["--lang", language, *path.split(), "--help"]) == 0
            assert capsys.readouterr().out == f"{page(path, language)}\n"


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_all_that_the_help_says_is_translated(language: Language) -> None:
    catalogue = catalogue_in(language)
    same = {text for text in TEXTS if catalogue.gettext(text) == text}
    assert same == set()


def test_help_shows_no_word_of_a_programmer() -> None:
    for path in PATHS:
        assert not re.search(r"[<>{}]|\b(TEXT|INPUT|BOOLEAN|str|bool|int|Path)\b(?=[^A-Z]*\n *--)", page(path)), path
        for parameter in command_of(path).params:
            assert len(parameter.help or "") > 5, (path, parameter.name)


def test_the_main_help_lists_every_command_once() -> None:
    listed = [row.path for section in LISTED for row in section.rows]
    assert len(listed) == len(set(listed))
    assert sorted([*listed, *(row.path for row in NIR[0].rows), "services", "journal"]) == sorted(PATHS[1:])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_four_checks_say_what_they_are_about(language: Language) -> None:
    words = {
        "en": ("directory", "changes", "journal", "set-up"),
        "nb": ("katalogen", "endringer siden sist", "endringsloggen", "oppsettet"),
        "nn": ("katalogen", "endringar sidan sist", "endringsloggen", "oppsettet"),
    }
    with speaking(language):
        shown = page("", language)
    for path, word in zip(("check", "observe", "journal verify", "doctor"), words[language], strict=True):
        assert re.search(rf"^  {path} +\S.*{word}", shown, re.MULTILINE), (path, word)


# --- examples


def test_every_command_has_two_examples() -> None:
    assert {path: len([*examples_of(path)]) for path in COMMANDS} == dict.fromkeys(COMMANDS, 2)
    assert len(EXAMPLES) == 2 * len(COMMANDS)


def test_every_example_is_understood() -> None:
    for example in EXAMPLES:
        command, words = PROGRAM, shlex.split(example.line)
        while hasattr(command, "commands"):
            command = command.commands[words.pop(0)]
        command.make_context(command.name, words, parent=context_of(""))


def test_an_example_is_no_wrong_usage(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not there (a file, a user, a mail server) is told; nothing else is wrong with the command."""
    monkeypatch.chdir(office.folder)
    lines = [one.line for one in EXAMPLES if not one.line.startswith("demo")]
    for line in size(lines[::4], lines):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO()))
        answer = office(*shlex.split(line))
        assert "--help" not in answer.err, line
        assert "Something unexpected" not in answer.err, line


# --- wrong command lines


def test_every_command_has_a_word_in_bokmål_and_in_nynorsk() -> None:
    assert set(norwegian.COMMANDS) == set(PATHS) - {""}
    for path, words in norwegian.COMMANDS.items():
        for text in words:
            for word in text.split(", "):
                own = path.rpartition(" ")[0]
                assert path in suggested(word.split(" "), own), (path, word)


def test_a_word_means_a_command_of_the_group_that_it_stands_in() -> None:
    assert suggested(["idag"]) == ["today"]
    assert suggested(["idag"], "nir") == ["nir today"]
    assert suggested(["today"], "services") == ["today", "nir today"]


def test_a_norwegian_word_for_an_option_leads_to_an_option() -> None:
    known = {name for path in PATHS for one in command_of(path).get_params(context_of(path)) for name in one.opts}
    assert set(norwegian.OPTIONS.values()) <= known
    assert set(norwegian.OPTIONS).isdisjoint(known)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("utfør", "There is no command “utfør”. Did you mean “apply”? See: feideprov --help"),
        ("i dag", "There is no command “i”. Did you mean “today”? See: feideprov --help"),
        ("aply x", "There is no command “aply”. Did you mean “apply”? See: feideprov --help"),
        ("ask", "There is no command “ask”. Did you mean “services ask”? See: feideprov --help"),
        ("help", "There is no command “help”. Did you mean “--help”? See: feideprov --help"),
        ("xyzzy", "There is no command “xyzzy”. See: feideprov --help"),
        (
            "services spør",
            "There is no command “spør”. Did you mean “services ask”? See: feideprov services --help",
        ),
        ("apply", "PLAN-or-LIST is missing. A saved plan, or a list of people. See: feideprov apply --help"),
        ("apply x --yse", "There is no option “--yse”. Did you mean “--yes”? See: feideprov apply --help"),
        ("apply x --ja", "There is no option “--ja”. Did you mean “--yes”? See: feideprov apply --help"),
        ("apply x --yes=1", "--yes has no value. Write only --yes. See: feideprov apply --help"),
        ("pending --school", "The value of --school is missing: --school SCHOOL. See: feideprov pending --help"),
        (
            "pending --lang nb",
            "--lang is an option of the whole program: write it before the command. See: feideprov pending --help",
        ),
        (
            "nir today --språk nb",
            "--lang is an option of the whole program: write it before the command. See: feideprov nir today --help",
        ),
        ("pending hylla", "There is an argument too many: “hylla”. See: feideprov pending --help"),
        ("pending --older-than x", "--older-than must be a whole number. See: feideprov pending --help"),
        (
            "sheet people x.xlsx --keys 10001",
            "--keys must be a whole number from 0 to 10000. See: feideprov sheet --help",
        ),
        (
            "sheet pepole x.xlsx",
            "“pepole” is none of these: people, numbers, services, nir. Did you mean “people”? "
            "See: feideprov sheet --help",
        ),
        (
            "sheet",
            "Give one of these: people, numbers, services, nir. What the sheet is about. See: feideprov sheet --help",
        ),
        (
            "services import x --kind fiede",
            "--kind must be one of these: feide, oidc, saml, csv. Did you mean “feide”? "
            "See: feideprov services import --help",
        ),
        (
            "nir today post@skotthyll.kommune.no",
            "An address is only for a mail. Give --mail too. See: feideprov nir today --help",
        ),
        ("--config x", "A command is missing. See: feideprov --help"),
        ("--lang nb utfør", "Kommandoen “utfør” finnes ikke. Mente du “apply”? Se: feideprov --lang nb --help"),
        (
            "--lang nn apply",
            "FØREHANDSVISING-eller-LISTE manglar. Ei lagra førehandsvising, eller ei personliste. "
            "Sjå: feideprov --lang nn apply --help",
        ),
    ],
)
def test_a_wrong_command_line_is_told_in_one_sentence(line: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(line.split()) == 2
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", f"{told}\n")


def test_a_wrong_command_line_shows_no_number(office: Office, one_sentence: Callable[[Answer], str]) -> None:
    for line in (
        "45840375084",
        "--45840375084",
        "pending 45840375084",
        "pending --45840375084",
        "sheet 45840375084 x.xlsx",
        "pending --older-than 45840375084x",
        "apply x --yes=45840375084",
    ):
        answer = office(*line.split())
        assert answer.code == 2, line
        assert "458" not in one_sentence(answer), line


def every_parameter() -> Iterator[tuple[str, Any]]:
    for path in PATHS:
        yield from ((path, one) for one in command_of(path).params)


def test_every_file_is_known_as_one() -> None:
    """A word of the help that stands for a file is completed as one."""
    for path, one in every_parameter():
        if re.fullmatch("FILE…?|LIST|DIR|OUT.xlsx|.*-or-LIST", parameters.placeholder(one)) and path != "nir seen":
            assert parameters.is_file(one) or "-or-" in parameters.placeholder(one) or path == "setup", (path, one.name)
