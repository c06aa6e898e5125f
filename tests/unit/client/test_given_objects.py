"""What a program gives to a client is the program's: no method closes it, and `doctor` looks at it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from feideprov import (
    Client,
    Event,
    Evidence,
    Journal,
    LdifDirectory,
    MarkKey,
    MemoryDirectory,
    NumberText,
    PersonRecord,
)
from feideprov.directory import ldif
from feideprov.directory.protocol import Directory
from feideprov.errors import FeideProvError, JournalError
from feideprov.intake.number_list import NumberRow
from feideprov.issues import Origin
from feideprov.nir.lists.participation import Participation
from feideprov.nir.report.worklist import Worklist
from feideprov.reference.api import PARTS
from feideprov.testing import example_directory, example_entries, example_settings

ON = date(2026, 11, 22)
REALM = "skotthyll.kommune.no"
USER = f"olenkova@{REALM}"
TENOR = "57912075186"
KEY, OTHER_KEY = MarkKey(b"a key for examples and nothing else"), MarkKey(b"another key for examples, not ours")


class OpenDirectory(MemoryDirectory):
    """A directory that notes that it was closed, or left as a context, and does nothing afterwards."""

    closed = False

    def close(self) -> None:
        self.closed = True

    def read(self, *given: Any) -> Any:
        assert not self.closed
        return super().read(*given)

    def entries(self) -> Iterator[Any]:
        assert not self.closed
        return super().entries()


class OpenJournal(Journal):
    """A journal that notes that it was closed."""

    closed = False

    def close(self) -> None:
        self.closed = True


class Given:
    """A client with a directory and a journal that were given to it, and a user."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.directory = OpenDirectory(example_directory().base, example_entries())
        self.journal = OpenJournal(f"sqlite:///{folder / 'theirs.db'}", REALM, key=KEY, actor="Kari")
        self.feide = Client(
            example_settings(folder, nir={"municipality": "9999", "retention": "P5Y"}),
            directory=self.directory,
            journal=self.journal,
            keys=lambda: b"a key for examples and nothing else",
            on=ON,
        )
        self.person = PersonRecord(
            source_id="p1", given_name="Olena", family_name="Kovalenko", school="hylla", role="pupil"
        )
        self.feide.apply(self.feide.plan([self.person]))

    @property
    def is_open(self) -> bool:
        return not (self.directory.closed or self.journal.closed)


@pytest.fixture
def given(tmp_path: Path) -> Iterator[Given]:
    given = Given(tmp_path)
    yield given
    Journal.close(given.journal)


def arguments(given: Given) -> dict[str, Any]:
    """An argument for each parameter without a default."""
    return {
        "records": [given.person],
        "plan": given.feide.plan([given.person]),
        "user": USER,
        "users": [USER],
        "source_ids": ["p1"],
        "number_text": TENOR,
        "old_number_text": TENOR,
        "numbers": [NumberRow(NumberText(TENOR), Origin("numbers", 1), user=USER)],
        "event": Event("create", USER, ""),
        **dict.fromkeys(("path", "paths", "listed"), given.folder / "none.csv"),
        **{"service": "feide:1", "state": "not-needed", "source": "mail", "provider": "7", "basis": "agreement"},
        **{"notice_id": "x", "places": "all", "updates": [], "changes": [], "names": [], "on": ON},
        **{"law": "kap6a", "read": Participation((), ()), "seen": [], "worklist": Worklist(ON, "")},
        **{"kind": "people", "waiting": given.feide.pending(), "people": [given.person]},
    }


def calls(given: Given) -> Iterator[tuple[str, Callable[..., Any], dict[str, Any]]]:
    """Every public method of a client and its parts, with the arguments that it needs."""
    known = arguments(given)
    for place in ("feide", *(title for title, _ in PARTS)):
        target = given.feide
        for name in place.split(".")[1:]:
            target = getattr(target, name)
        for name, _ in inspect.getmembers(type(target), inspect.isfunction):
            if not name.startswith("_"):
                method = getattr(target, name)
                needed = [one for one in inspect.signature(method).parameters.values() if one.default is one.empty]
                yield f"{place}.{name}", method, {one.name: known[one.name] for one in needed if one.kind != 2}


def test_no_method_closes_what_was_given(given: Given) -> None:
    closing = []
    for name, method, named in calls(given):
        with suppress(FeideProvError):
            method(**named)
        if not given.is_open:
            closing.append(name)
            given.directory.closed = given.journal.closed = False
    assert closing == []
    waiting = given.feide.pending()
    assert [one.user for one in (*waiting, *waiting.closed)] == [USER]


def test_a_client_that_is_left_leaves_open_what_was_given(given: Given) -> None:
    with given.feide as feide:
        feide.organization_units.apply()
        feide.check()
        feide.doctor(USER)
        feide.check(ldif=export(given))
    assert given.is_open
    assert given.journal.events()


def export(given: Given) -> Path:
    path = given.folder / "export.ldif"
    path.write_text("version: 1\n\n" + "".join(map(ldif.dump, given.directory.entries())))
    return path


@pytest.mark.parametrize("has_users", [False, True])
def test_what_the_settings_name_is_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has_users: bool) -> None:
    opened, closed = list[Directory](), list[Directory]()
    made, close = LdifDirectory.__init__, LdifDirectory.close
    monkeypatch.setattr(LdifDirectory, "__init__", lambda self, *a, **k: (opened.append(self), made(self, *a, **k))[1])
    monkeypatch.setattr(LdifDirectory, "close", lambda self: (closed.append(self), close(self))[1])
    with Client(example_settings(tmp_path), on=ON) as feide:
        feide.organization_units.apply()
        if has_users:
            feide.pending()
        feide.check()
        feide.doctor()
    assert set(map(id, opened)) == set(map(id, closed))


def states(feide: Client) -> dict[str, str]:
    return {check.name: check.state.value for check in feide.doctor().checks}


def test_the_doctor_looks_at_the_journal_that_was_given(given: Given) -> None:
    path = given.journal.path
    assert path is not None
    (given.folder / "feideprov.db").write_bytes(b"of another program")
    (given.folder / "feideprov.key").write_text("not hexadecimal")
    (given.folder / "feideprov.key").chmod(0o644)
    feide = Client(given.feide.settings, directory=given.directory, journal=given.journal, keys=KEY, on=ON)
    found = states(feide)
    assert (found["journal"], found["journal content"], found["key"]) == ("good", "good", "good")
    assert "key file" not in found
    path.chmod(0o644)
    assert states(feide)["journal"] != "good"


def test_the_doctor_says_that_a_given_journal_cannot_be_read(given: Given, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> Any:
        raise JournalError("The database has gone.")

    monkeypatch.setattr(given.journal, "reading", broken)
    [said] = [check for check in given.feide.doctor().checks if check.name == "journal content"]
    assert (said.state.value, said.exit_code) == ("wrong", 3)
    assert said.finding is not None
    assert "The database has gone." in said.finding.sentence


def test_the_doctor_looks_at_the_key_that_was_given(tmp_path: Path) -> None:
    settings = example_settings(tmp_path)
    with Client(settings, directory=example_directory(), keys=KEY) as feide:
        feide.apply(feide.plan([]))
        assert states(feide)["key"] == "good"
    for keys, exit_code in ((OTHER_KEY, 2), (lambda: b"short", 2)):
        with Client(settings, directory=example_directory(), keys=keys) as feide:
            [said] = [check for check in feide.doctor().checks if check.name == "key"]
            assert said.exit_code == exit_code


def test_the_doctor_does_not_look_at_a_key_file_that_is_not_in_use(tmp_path: Path) -> None:
    (tmp_path / "feideprov.key").write_text("not hexadecimal")
    (tmp_path / "feideprov.key").chmod(0o644)
    with Client(example_settings(tmp_path), directory=example_directory(), keys=KEY, on=ON) as feide:
        feide.apply(feide.plan([]))
        assert "key file" not in states(feide)


def test_evidence_and_records_that_were_given_stay_as_they_are(given: Given) -> None:
    def people() -> Iterator[PersonRecord]:
        yield given.person
        yield from ()

    generator = people()
    seen = Evidence("letter", "Kari Nordmann", ON)
    given.feide.plan(generator, evidence=seen)
    assert given.is_open
