"""The Tab key: what the program offers, and that bash, zsh and fish show it."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from feideprov.cli.app import WORDS, run
from feideprov.cli.care.completion import Shell

if TYPE_CHECKING:
    from tests.journeys.conftest import Office

SCHOOLS = ["hylla", "solbakken"]


@pytest.fixture
def in_office(office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.chdir(office.folder)
    return office


def offered(office: Office, *words: str) -> list[str]:
    """What the last word can become. Nothing is said on standard error."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(WORDS, "\x1f".join(words))
        office.capsys.readouterr()
        run([])
        said = office.capsys.readouterr()
    assert said.err == ""
    return [line.partition("\t")[0] for line in said.out.splitlines()]


@pytest.mark.parametrize(
    ("words", "values"),
    [
        (("ap",), ["apply"]),
        (("services", "a"), ["ask", "answer"]),
        (("--lang", "nb", "services", "ma"), ["matrix"]),
        (("--lang", ""), ["en", "nb", "nn"]),
        (("apply", "x.csv", "--seen"), ["--seen-by", "--seen-on"]),
        (("pending", "--school", ""), SCHOOLS),
        (("pending", "--school=h"), ["--school=hylla"]),
        (("pending", "--school", "=", "h"), ["hylla"]),
        (("pending", "--school", "="), SCHOOLS),
        (("pending", "--role", ""), ["pupil", "student", "teacher", "staff"]),
        (("check", "--only", "P-NAME-CA"), ["P-NAME-CASE"]),
        (("check", "--only", "P-NAME-CASE", "--ignore", "P-NAME-CA"), ["P-NAME-CASE"]),
        (("apply", "x.csv", "--only", ""), []),
        (("services", "list", "--state", "can"), ["can-serve", "cannot-serve"]),
        (("apply", "x.csv", "--evidence", "l"), ["letter"]),
        (("nir", "records", "--scheme", "mottak_o"), ["mottak_opplaering"]),
        (("sheet", ""), ["people", "numbers", "services", "nir"]),
        (("sheet", "people", ""), ["/files"]),
        (("apply", ""), ["/files"]),
        (("close", "a@b.no", ""), ["/files"]),
        (("--config", ""), ["/files"]),
        (("nothing", ""), []),
        (("journal", ""), ["verify", "gone", "begin"]),
    ],
)
def test_what_is_offered(in_office: Office, words: tuple[str, ...], values: list[str]) -> None:
    assert offered(in_office, *words) == values


def test_the_schools_are_those_of_the_configuration_that_is_named(office: Office) -> None:
    assert offered(office, "--config", str(office.config), "pending", "--school", "") == SCHOOLS
    assert offered(office, f"--config={office.config}", "pending", "--school", "") == SCHOOLS


def test_a_configuration_that_is_wrong_or_missing_says_nothing(in_office: Office) -> None:
    in_office.config.write_text("not = [toml", encoding="utf-8")
    assert offered(in_office, "pending", "--school", "") == []
    in_office.config.unlink()
    assert offered(in_office, "pending", "--school", "") == []


def test_what_is_offered_is_explained_in_the_language(in_office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(WORDS, "--lang\x1fnb\x1fappl")
    in_office.capsys.readouterr()
    assert run([]) == 0
    assert in_office.capsys.readouterr().out == "apply\tUtfør: opprett og oppdater brukere.\n"


# Each program presses the Tab key after a line, and prints what the shell offers.
BASH = """
source ./script
COMP_WORDS=({words}) COMP_CWORD={place}
compopt() {{ echo "$@"; }}
_feideprov
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
FISH = """
source ./script
complete -C '{line}'
"""


def in_shell(office: Office, shell: Shell, line: str, last: str) -> str:
    """What a real shell shows when the Tab key is pressed after a line, up to a word."""
    office.write("script", office("completion", shell.value).out)
    program = Path(sys.executable).with_name("feideprov")
    where = {"PATH": f"{program.parent}:{os.environ['PATH']}", "HOME": str(office.folder), "TERM": "dumb"}
    if shell is Shell.ZSH:
        return in_zsh(office, line, last, where)
    words = line.split(" ")
    template = {Shell.BASH: BASH, Shell.FISH: FISH}[shell]
    text = template.format(line=line, words=" ".join(f"'{one}'" for one in words), place=len(words) - 1)
    done = subprocess.run(
        [shell.value, "-c", text], cwd=office.folder, env=where, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stderr == ""
    return done.stdout


def in_zsh(office: Office, line: str, last: str, where: dict[str, str]) -> str:
    """Zsh completes only at a terminal."""
    ours, its = pty.openpty()
    streams = {"stdin": its, "stdout": its, "stderr": its}
    with subprocess.Popen(
        ["zsh", "-f", "-i"], cwd=office.folder, env=where, start_new_session=True, **streams
    ) as process:
        os.close(its)
        try:
            os.write(ours, b"PS1=; autoload -Uz compinit; compinit -D; source ./script; print REA''DY\n")
            read_until(ours, "READY")
            os.write(ours, f"{line}\t".encode())
            return read_until(ours, last)
        finally:
            process.kill()
            os.close(ours)


def read_until(stream: int, last: str) -> str:
    shown = ""
    while last not in shown:
        assert select.select([stream], [], [], 60)[0], shown
        shown += os.read(stream, 65536).decode(errors="replace")
    return shown


@pytest.mark.parametrize("shell", Shell)
def test_a_real_shell_offers_commands_and_files(office: Office, shell: Shell) -> None:
    shown = in_shell(office, shell, "feideprov services ", "matrix")  # zsh sorts them
    assert [word for word in ("list", "matrix", "import", "ask", "answer") if f"{word}" not in shown] == []
    assert "import" in in_shell(office, shell, "feideprov services im", "import")
    shown = in_shell(office, shell, "feideprov --config ", "refugees.csv" if shell is Shell.ZSH else "")
    assert "-o default" in shown if shell is Shell.BASH else "refugees.csv" in shown


SCHOOL = 'Ås: "Ny" skole'


@pytest.fixture
def with_odd_school(in_office: Office) -> Office:
    text = in_office.config.read_text(encoding="utf-8")
    in_office.config.write_text(text.replace('id = "hylla"', f"id = '{SCHOOL}'"), encoding="utf-8")
    return in_office


@pytest.mark.parametrize("begun", ["", "Ås", '"Ås', "'Ås: ", r"Ås\:\ \"N", r'"Ås: \"N', "Ås:"])
def test_a_name_with_blanks_and_quotation_marks_is_offered_as_it_is(with_odd_school: Office, begun: str) -> None:
    assert offered(with_odd_school, "pending", "--school", begun)[0] == SCHOOL
    assert offered(with_odd_school, "pending", "--school", "'Ås: \"Ny\" skole'", "--rol") == ["--role"]


@pytest.mark.parametrize("shell", [Shell.BASH, Shell.FISH])
def test_a_real_shell_quotes_such_a_name(with_odd_school: Office, shell: Shell) -> None:
    shown = in_shell(with_odd_school, shell, "feideprov pending --school Å", "skole")
    quoted = {
        Shell.BASH: f"-o filenames\n{SCHOOL}\n",  # bash quotes names of files
        Shell.FISH: f"{SCHOOL}\n",  # fish quotes all
    }
    assert quoted[shell] in shown
