"""Nobody seen is no success: how many users a command looked at, and a directory or an export without users."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.journeys.conftest import Office

LOOKING = (["check"], ["observe"], ["pending"], ["journal", "verify"])
CASE = Path(__file__).parents[1] / "data" / "cases" / "no-users.ldif"
SUCCESS = ("Nothing is wrong", "Nobody waits", "agree", "Nothing to do")


@pytest.fixture
def eleven(office: Office) -> Office:
    """Eleven users, made by this tool."""
    assert office("apply", str(office.folder / "refugees.csv"), "--yes", "--json").json["counts"]["created"] == 11
    return office


# --- how many


def test_a_command_says_how_many_users_it_looked_at(eleven: Office) -> None:
    for command in LOOKING:
        assert "Looked at 11 users." in eleven(*command).out.splitlines(), command
    export = eleven.folder / "export.ldif"
    shutil.copy(eleven.catalogue, export)
    for command in (*LOOKING, ["check", "--ldif", str(export)], ["observe", "--ldif", str(export)]):
        assert eleven(*command, "--json").json["counts"]["users"] == 11, command


def test_a_command_looks_at_everybody_whatever_it_shows(eleven: Office) -> None:
    for command in ("check --only P-SPACES", "check --ignore P-SPACES", "pending --older-than 400", "pending --ours"):
        assert eleven(*command.split(), "--json").json["counts"]["users"] == 11, command


def test_one_user_is_one(office: Office) -> None:
    office("apply", office.people("1;Olena;Kovalenko;1994-02-12;hylla;pupil;"), "--yes")
    assert "Looked at 1 user." in office("pending").out


# --- nobody, and a journal that knows nobody


def test_a_check_of_nobody_is_no_success(office: Office) -> None:
    answer = office("check")
    assert answer.code == 1
    assert "No user was seen in the directory." in answer.out
    assert office("check", "--json").json["counts"]["users"] == 0
    assert office("check", "--only", "P-SPACES").code == 1


def test_where_nobody_was_seen_nothing_is_called_in_order(office: Office) -> None:
    for command in (*LOOKING, ["today"], ["services", "matrix"]):
        answer = office(*command)
        assert "No user was seen in the directory." in answer.out, command
        assert not any(word in answer.out for word in SUCCESS), command


def test_a_morning_mail_says_that_nobody_was_seen(office: Office) -> None:
    for lang, said in (("nb", "Ingen brukere ble funnet i katalogen"), ("nn", "Ingen brukarar vart funne i katalogen")):
        assert said in office("--lang", lang, "today").out
    assert [task["kind"] for task in office("today", "--json").json["tasks"]] == ["unseen"]


def test_the_other_commands_go_on(office: Office) -> None:
    for command in (["observe"], ["pending"], ["journal", "verify"], ["journal", "gone", "--yes"], ["today"]):
        assert office(*command).code == 0, command


def test_the_first_apply_into_a_directory_without_users_goes_on(office: Office) -> None:
    answer = office("apply", str(office.folder / "refugees.csv"), "--yes", "--json")
    assert answer.json["counts"]["created"] == 11


# --- nobody in an export


@pytest.mark.parametrize("known", [False, True], ids=["empty journal", "journal with users"])
def test_an_export_without_users_is_refused_by_its_name(office: Office, known: bool) -> None:
    if known:
        office("apply", str(office.folder / "refugees.csv"), "--yes")
    journaled = office.journaled()
    contents = {"empty.ldif": "", "version.ldif": "version: 1\n", "comment.ldif": "# nothing\n"}
    for path in (str(CASE), *(office.write(name, content) for name, content in contents.items())):
        for command in ("check", "observe"):
            answer = office(command, "--ldif", path)
            assert (answer.code, answer.out) == (2, ""), (command, path)
            assert path in answer.err
    assert office.journaled() == journaled
