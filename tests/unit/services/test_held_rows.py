"""Rows that were held stay on the page of today until they are solved, however the list is named."""

from __future__ import annotations

import contextlib
import shlex
from datetime import UTC, datetime

import pytest

from feideprov import Client, Plan
from feideprov.journal.events import stamp
from feideprov.journal.held_rows import held_rows
from feideprov.journal.tables import held_row
from feideprov.testing import example_directory, example_settings

from .conftest import D_NUMBER, ON

NUMBERS = "source_id;national_number;birth_date\n"
HELD, RIGHT = f"{NUMBERS}p1;{D_NUMBER};1994-02-11\n", f"{NUMBERS}p1;{D_NUMBER};1994-02-12\n"
PEOPLE = "source_id;given_name;family_name;birth_date;school;role;protected\n"


@pytest.fixture
def folder(tmp_path):
    """A folder with another one beside it, and a link to it."""
    (tmp_path / "office").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "office")
    with contextlib.chdir(tmp_path / "office"):
        yield tmp_path


def held(client) -> list[list[str]]:
    return [shlex.split(task.command) for task in client.today().tasks if task.kind == "held"]


def attach(client, path) -> None:
    client.apply(client.numbers.plan_attach(path))


def stored(journal, listed: str, row: int = 2) -> None:
    """A held row as an older version kept it."""
    given = {"realm": journal.realm, "listed": listed, "input_row": row, "code": "N-DATE", "at": stamp()}
    with journal.writing() as connection:
        connection.execute(held_row.insert(), [given])


SPELLINGS = [
    "numbers.csv",
    "./numbers.csv",
    "../office/numbers.csv",
    "../link/numbers.csv",
    "{folder}/link/numbers.csv",
]


@pytest.mark.parametrize("first", SPELLINGS)
@pytest.mark.parametrize("second", ["numbers.csv", "{folder}/office/numbers.csv", "../link/./numbers.csv"])
def test_a_solved_row_is_gone_however_the_path_is_written(client, folder, first, second):
    (folder / "office" / "numbers.csv").write_text(HELD, encoding="utf-8")
    attach(client, first.format(folder=folder))
    assert held(client) == [["feideprov", "attach", str((folder / "office" / "numbers.csv").resolve())]]
    (folder / "office" / "numbers.csv").write_text(RIGHT, encoding="utf-8")
    attach(client, second.format(folder=folder))
    assert held(client) == []


def test_a_list_of_the_same_name_in_another_folder_is_another_list(client, folder):
    (folder / "office" / "numbers.csv").write_text(HELD, encoding="utf-8")
    (folder / "elsewhere" / "numbers.csv").write_text(RIGHT, encoding="utf-8")
    attach(client, "numbers.csv")
    with contextlib.chdir(folder / "elsewhere"):
        attach(client, "numbers.csv")
    assert held(client) == [["feideprov", "attach", str((folder / "office" / "numbers.csv").resolve())]]


def test_a_link_that_is_set_to_the_list_of_the_day_is_one_list(client, folder):
    (folder / "office" / "monday.csv").write_text(HELD, encoding="utf-8")
    (folder / "office" / "tuesday.csv").write_text(RIGHT, encoding="utf-8")
    (folder / "office" / "latest.csv").symlink_to("monday.csv")
    attach(client, "latest.csv")
    (folder / "office" / "latest.csv").unlink()
    (folder / "office" / "latest.csv").symlink_to("tuesday.csv")
    attach(client, "./latest.csv")
    assert held(client) == []


@pytest.mark.parametrize("typed", ["numbers.csv", "./numbers.csv", "../link/numbers.csv", "office/numbers.csv"])
def test_rows_that_an_older_version_kept_go_when_their_list_is_carried_out(client, journal, folder, typed):
    stored(journal, f"attach {shlex.quote(typed)}")
    stored(journal, f"attach {shlex.quote(str(folder / 'link' / 'numbers.csv'))}", 3)
    (folder / "office" / "numbers.csv").write_text(RIGHT, encoding="utf-8")
    attach(client, folder / "office" / "numbers.csv")
    assert held_rows(journal) == []


def test_one_list_that_an_older_version_kept_twice_is_one_task(client, journal, folder):
    for typed in ("numbers.csv", "./numbers.csv"):
        stored(journal, f"attach {typed}")
    (folder / "office" / "numbers.csv").write_text(HELD, encoding="utf-8")
    [task] = [task for task in client.today().tasks if task.kind == "held"]
    assert task.count == 1
    assert shlex.split(task.command)[2] == str((folder / "office" / "numbers.csv").resolve())


def test_other_commands_and_other_lists_keep_their_rows(client, journal, folder):
    stored(journal, "withdraw numbers.csv")
    stored(journal, "attach other-numbers.csv")
    (folder / "office" / "numbers.csv").write_text(RIGHT, encoding="utf-8")
    attach(client, "numbers.csv")
    assert sum(one.count for one in held_rows(journal)) == 2


# --- one row alone


@pytest.fixture
def protected(folder):
    path = folder / "office" / "people.csv"
    rows = ("q1;Anna;Berg;;hylla;pupil;yes", "q2;Per;Dahl;;hylla;pupil;yes")
    path.write_text(PEOPLE + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_a_row_that_is_solved_alone_is_gone_and_the_others_stay(client, journal, protected):
    client.apply(client.plan(protected))
    assert [one.count for one in held_rows(journal)] == [2]
    client.apply(client.plan("./people.csv", only="q1"))
    assert [one.count for one in held_rows(journal)] == [1]
    client.apply(client.plan(protected, only="Q2"))
    assert held_rows(journal) == []


def test_a_row_that_is_held_alone_is_there(client, journal, folder):
    path = folder / "office" / "people.csv"
    path.write_text(
        f"source_id;given_name;family_name;birth_date;school;role;national_number\n"
        f"q1;Anna;Berg;1994-02-11;hylla;pupil;{D_NUMBER}\n",
        encoding="utf-8",
    )
    client.apply(client.plan(path, only="q1"))
    assert [one.count for one in held_rows(journal)] == [1]


# --- a list that is not there any more


def test_rows_of_a_list_that_is_gone_can_be_taken_away(client, journal, folder):
    path = folder / "office" / "numbers.csv"
    path.write_text(HELD, encoding="utf-8")
    attach(client, path)
    path.unlink()
    [task] = [task for task in client.today().tasks if task.kind == "held"]
    assert shlex.split(task.command) == ["feideprov", "today", "--solved", str(path.resolve())]
    assert "not there any more" in task.sentence
    for language, words in (("en", "not there any more"), ("nb", "ikke finnes lenger"), ("nn", "ikkje finst lenger")):
        assert words in client.today().text(language).body
    assert client.journal.solved("../link/numbers.csv") == 1
    assert held(client) == []
    assert client.journal.solved(path) == 0


def test_what_was_solved_elsewhere_can_be_said_of_every_command(client, journal, folder):
    (folder / "office" / "numbers.csv").write_text(HELD, encoding="utf-8")
    attach(client, "numbers.csv")
    stored(journal, "plan numbers.csv")
    stored(journal, "plan others.csv")
    assert client.journal.solved("numbers.csv") == 2
    assert [one.count for one in held_rows(journal)] == [1]


def test_the_command_has_the_source_of_the_list(client, journal, folder):
    from feideprov import Client
    from feideprov.testing import example_settings

    sources = [
        {"name": name, "evidence": "register", "confirmed_by": "Rektor", "confirmed_on": ON}
        for name in ("visma", "ist admin")
    ]
    settings = example_settings(folder, sources=sources)
    two = Client(settings, directory=client.directory, journal=journal, keys=journal.key, on=ON)
    (folder / "office" / "people.csv").write_text(PEOPLE + "q1;Anna;Berg;;hylla;pupil;yes\n", encoding="utf-8")
    two.apply(two.plan("people.csv", source="ist admin"))
    assert held(two) == [
        ["feideprov", "plan", str((folder / "office" / "people.csv").resolve()), "--source", "ist admin"]
    ]
    two.apply(two.plan("people.csv", source="ist admin", only="q1"))
    assert held(two) == []


def test_what_is_kept_for_too_long_goes_with_the_next_run(client, journal, folder):
    given = {"realm": journal.realm, "listed": "plan old.csv", "input_row": 2, "code": "N-DATE"}
    with journal.writing() as connection:
        connection.execute(held_row.insert(), [given | {"at": stamp(datetime(2020, 1, 1, tzinfo=UTC))}])
    (folder / "office" / "numbers.csv").write_text(HELD, encoding="utf-8")
    attach(client, "numbers.csv")
    assert [one.count for one in held_rows(journal)] == [1]


def test_a_saved_plan_keeps_the_options_that_show_its_rows(tmp_path, journal, folder):
    source = {"name": "visma", "evidence": "register", "confirmed_by": "Kari", "confirmed_on": ON}
    settings = example_settings(tmp_path, sources=[source])
    client = Client(settings, directory=example_directory(), journal=journal, keys=journal.key, on=ON)
    listed = folder / "office" / "people.csv"
    listed.write_text(f"{PEOPLE}p1;Lina;Haddad;2016-03-09;hylla;pupil;ja\n", encoding="utf-8")
    client.plan(listed, source="visma", encoding="cp1252").save("plan.json", client=client, source=listed)
    client.apply(Plan.load("plan.json", client=client))
    [command] = held(client)
    assert command[1:] == ["plan", str(listed.resolve()), "--source", "visma", "--encoding", "cp1252"]


def test_a_saved_plan_of_one_row_leaves_the_other_rows(client, folder):
    listed = folder / "office" / "people.csv"
    rows = "new-1;Lina;Haddad;2016-03-09;hylla;pupil;ja\nnew-2;Omar;Saleh;2016-03-10;hylla;pupil;ja\n"
    listed.write_text(PEOPLE + rows, encoding="utf-8")
    client.apply(client.plan(listed))
    client.plan(listed, only="new-1").save("plan.json", client=client, source=listed)
    client.apply(Plan.load("plan.json", client=client))
    assert [task.count for task in client.today().tasks if task.kind == "held"] == [1]
