"""Where first passwords go: the file and every sink of a program are used in the same way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from lying_directory import LyingDirectory

import feideprov
import feideprov.testing
from feideprov import Client, DirectoryError, InputError, JournalError, MemoryDirectory, PersonRecord
from feideprov.directory.entry import Add, Entry, Write, WriteResult
from feideprov.journal.events import OPEN
from feideprov.provision.plan.plan import Plan
from feideprov.provision.run.handover import FirstPassword, HandoverFile
from feideprov.testing import example_directory, example_entries, example_settings
from tests.unit.conftest import ON, REALM

NAME = "eduPersonPrincipalName"
OLENA = FirstPassword("olenkova@a.no", "Олена Коваленко", "Hylla skole", "Bako-1")
OMAR = FirstPassword("mrhsn@a.no", "عمر حسن", "Hylla skole", "Rime-2")


def memory_sink() -> Any:
    return feideprov.testing.MemoryPasswordSink()


def passwords(sink: Any) -> dict[str, str]:
    """What is in a sink."""
    if isinstance(sink, HandoverFile):
        return sink.passwords()
    return {user: row.password for user, row in sink.rows.items()}


class Plain:
    """A sink with the three methods and nothing else. It refuses all if `refuses`."""

    refuses = False

    def __init__(self) -> None:
        self.rows: dict[str, FirstPassword] = {}
        self.before_add: Callable[[], None] = lambda: None

    def add(self, passwords: Iterable[FirstPassword]) -> None:
        self.before_add()
        if self.refuses:
            raise JournalError("The safe cannot be opened.")
        self.rows |= {one.user: one for one in passwords}

    def remove(self, users: Iterable[str]) -> None:
        for user in users:
            self.rows.pop(user, None)

    def rename(self, names: Mapping[str, str]) -> None:
        for old, new in names.items():
            if old in self.rows:
                self.rows[new] = self.rows.pop(old)


MAKES: dict[str, Callable[[Path], Any]] = {
    "file": lambda folder: HandoverFile(folder / "passwords.csv"),
    "memory": lambda _: memory_sink(),
    "plain": lambda _: Plain(),
}
every_sink = pytest.mark.parametrize("name", ["file", "memory", "plain"])


@every_sink
def test_a_sink_keeps_one_row_for_each_user(name: str, tmp_path: Path) -> None:
    sink = MAKES[name](tmp_path)
    sink.add([])
    sink.add([OLENA, OMAR])
    sink.add([FirstPassword(OLENA.user, OLENA.name, OLENA.school, "Tulo-3")])
    assert passwords(sink) == {OLENA.user: "Tulo-3", OMAR.user: "Rime-2"}
    sink.rename({OMAR.user: "omar@a.no", "nobody@a.no": "no@a.no"})
    sink.remove(["nobody@a.no", OMAR.user])
    assert passwords(sink) == {OLENA.user: "Tulo-3", "omar@a.no": "Rime-2"}
    sink.remove(iter(["omar@a.no"]))
    assert passwords(sink) == {OLENA.user: "Tulo-3"}
    assert "Tulo-3" not in repr(sink)


class Breaking(MemoryDirectory):
    """Breaks off after so many writes. `loses_response`: the last one was carried out."""

    breaks_after = -1
    loses_response = False
    refuses_passwords = False
    login_needs_proof = True

    def __init__(self) -> None:
        super().__init__(example_directory().base, example_entries())

    def write(self, writes: Iterable[Write]) -> Iterator[WriteResult]:
        for one in writes:
            if self.breaks_after == 0:
                if self.loses_response:
                    list(super().write([one]))
                raise DirectoryError("The connection broke off.", code=52)
            self.breaks_after -= 1
            if self.refuses_passwords and not isinstance(one, Add):
                yield WriteResult(one, DirectoryError("The password is too short.", code=19))
            else:
                yield from super().write([one])


@pytest.fixture
def directory(monkeypatch: pytest.MonkeyPatch) -> Breaking:
    monkeypatch.setattr("feideprov.provision.run.writer.BATCH", 2)
    return Breaking()


def made(directory: MemoryDirectory) -> dict[str, Entry]:
    return {entry.text(NAME) or "": entry for entry in directory.entries() if entry.values("uid")}


def work(directory: MemoryDirectory, sink: Any) -> bool:
    """Whether everybody has a password in the sink that works, and nobody else has one."""
    users, there = made(directory), passwords(sink)
    return users.keys() == there.keys() and all(
        directory.accepts_login(entry.dn, there[user]) for user, entry in users.items()
    )


def people(count: int = 5) -> list[PersonRecord]:
    return [
        PersonRecord(source_id=f"p{n}", given_name="Olena", family_name=f"Ko{'abcdefghij'[n]}", school="hylla",
                     role="pupil")
        for n in range(count)
    ]  # fmt: skip


@pytest.fixture(params=["memory", "plain"])
def sink(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    return MAKES[request.param](tmp_path)


@pytest.fixture
def feide(directory: Breaking, sink: Any, tmp_path: Path, journal: Any) -> Client:
    return Client(example_settings(tmp_path), directory=directory, journal=journal, handover=sink, on=ON)


def test_a_client_gives_first_passwords_to_its_sink_alone(feide: Client, directory: Breaking, sink: Any,
                                                          tmp_path: Path) -> None:  # fmt: skip
    feide.apply(feide.plan(people()))
    assert work(directory, sink)
    user, *others = sorted(made(directory))
    first = passwords(sink)[user]
    feide.users.password(user)
    assert passwords(sink)[user] != first
    feide.users.close(others[0])
    assert others[0] not in passwords(sink)
    feide.users.reopen(others[0])
    feide.users.rename(user, to="olena.berg")
    assert work(directory, sink)
    assert f"olena.berg@{REALM}" in passwords(sink)
    assert not (tmp_path / "passwords.csv").exists()


def test_rows_are_there_before_the_first_write(feide: Client, directory: Breaking, sink: Any) -> None:
    users_at_add: list[int] = []
    if isinstance(sink, Plain):
        sink.before_add = lambda: users_at_add.append(len(made(directory)))
    directory.breaks_after = 0
    with pytest.raises(DirectoryError):
        feide.apply(feide.plan(people()))
    assert len(passwords(sink)) == 5
    assert set(users_at_add) <= {0}
    directory.breaks_after = -1
    feide.apply(Plan())
    assert passwords(sink) == {}


@pytest.mark.parametrize("loses_response", [False, True])
@pytest.mark.parametrize("cut", range(7))
def test_after_a_run_that_was_cut_off_everybody_has_a_password_that_works(
    feide: Client, directory: Breaking, sink: Any, cut: int, loses_response: bool
) -> None:
    directory.breaks_after, directory.loses_response = cut, loses_response
    with suppress(DirectoryError):
        feide.apply(feide.plan(people(5)))
    directory.breaks_after = -1
    feide.apply(Plan())
    assert work(directory, sink)
    feide.apply(feide.plan(people(5)))
    assert work(directory, sink)
    assert len(made(directory)) == 5
    assert feide._context.journal.events(state=OPEN) == []


@pytest.mark.parametrize("act", ["password", "reopen"])
@pytest.mark.parametrize("loses_response", [False, True])
def test_a_password_of_one_user_that_was_cut_off_works_in_the_end(
    feide: Client, directory: Breaking, sink: Any, act: str, loses_response: bool
) -> None:
    feide.apply(feide.plan(people(1)))
    [user] = made(directory)
    if act == "reopen":
        feide.users.close(user)
    directory.breaks_after, directory.loses_response = 0, loses_response
    with pytest.raises(DirectoryError):
        getattr(feide.users, act)(user)
    directory.breaks_after = -1
    recovered = feide.apply(Plan()).recovered
    assert not any("hand-over file" in sentence for sentence in recovered)
    if act == "password":
        assert work(directory, sink)
    getattr(feide.users, act)(user)
    assert work(directory, sink)


def test_a_user_whose_new_password_fails_has_no_row_with_one(feide: Client, directory: Breaking, sink: Any) -> None:
    directory.breaks_after, directory.loses_response = 1, True
    with pytest.raises(DirectoryError):
        feide.apply(feide.plan(people(2)))
    directory.breaks_after, directory.refuses_passwords = -1, True
    outcome = feide.apply(Plan())
    assert any("has no first password" in failure.sentence for failure in outcome.failures)


@pytest.mark.parametrize("sink", ["plain"], indirect=True)  # the other one refuses nothing
def test_nobody_is_created_when_the_sink_refuses(feide: Client, directory: Breaking, sink: Any) -> None:
    sink.refuses = True
    with pytest.raises(JournalError, match="The safe cannot be opened"):
        feide.apply(feide.plan(people()))
    assert made(directory) == {}
    sink.refuses = False
    feide.apply(feide.plan(people()))
    assert work(directory, sink)


def test_users_of_entra_get_no_row(directory: Breaking, sink: Any, tmp_path: Path, journal: Any) -> None:
    settings = example_settings(tmp_path, login={"by": "entra"})
    entra = Client(settings, directory=directory, journal=journal, handover=sink, on=ON)
    entra.apply(entra.plan(people()))
    assert len(made(directory)) == 5
    assert passwords(sink) == {}


def test_the_doctor_does_not_look_at_a_file_that_is_not_in_use(feide: Client, tmp_path: Path) -> None:
    (tmp_path / "passwords.csv").write_text("of another program")
    (tmp_path / "passwords.csv").chmod(0o644)
    assert "hand-over file" not in [check.name for check in feide.doctor().checks]


def test_what_is_no_sink_is_refused(tmp_path: Path) -> None:
    class Half:
        def add(self, passwords: object) -> None: ...

    for wrong in (Half(), 7, tmp_path / "passwords.csv"):
        with pytest.raises(InputError, match="The argument handover of ClientParts must be PasswordSink"):
            Client(example_settings(tmp_path), handover=wrong)


def test_sinks_are_public() -> None:
    assert {"PasswordSink", "FirstPassword"} <= set(feideprov.__all__)


def test_a_user_who_arrives_after_the_row_was_removed_gets_a_new_password(
    sink: Any, tmp_path: Path, journal: Any
) -> None:
    directory = LyingDirectory(lambda write: isinstance(write, Add))
    directory.truth = "late"
    feide = Client(example_settings(tmp_path), directory=directory, journal=journal, handover=sink, on=ON)
    feide.apply(feide.plan(people(1)))
    assert passwords(sink) == {}
    directory.arrive()
    feide.apply(Plan())
    assert work(directory, sink)
