"""Files in a folder that others may write in: what stands there already is not followed, and not waited for."""

from __future__ import annotations

import errno
import fcntl
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from feideprov import ConfigurationError, Journal, JournalError, LdifDirectory, MarkKey, Settings, files
from feideprov.errors import DirectoryError, InputError
from feideprov.messages import Sentence
from feideprov.provision.run.handover import FirstPassword, HandoverFile
from feideprov.setup.folder import write_setup
from feideprov.setup.step import Setup
from feideprov.tables.text_file import octets

NOBODY = 65534
only_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a file of somebody else")


@contextmanager
def without_waiting() -> Iterator[None]:
    """What waits for ever fails."""

    def ended(*_: object) -> None:
        pytest.fail("it waits")

    before = signal.signal(signal.SIGALRM, ended)
    signal.alarm(20)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def as_link(path: Path, victim: Path) -> None:
    path.symlink_to(victim)


def as_other_name(path: Path, victim: Path) -> None:
    path.hardlink_to(victim)


def as_pipe(path: Path, _: Path) -> None:
    os.mkfifo(path)


def as_folder(path: Path, _: Path) -> None:
    path.mkdir()


def as_open_file(path: Path, _: Path) -> None:
    path.touch()
    path.chmod(0o666)


PLANTED = pytest.mark.parametrize("plant", [as_link, as_other_name, as_pipe, as_folder])
Plant = Callable[[Path, Path], None]


@pytest.fixture
def victim(tmp_path: Path) -> Path:
    """A file elsewhere that must stay as it is."""
    (tmp_path / "elsewhere").mkdir()
    path = tmp_path / "elsewhere" / "victim"
    path.write_text("kept")
    path.chmod(0o640)
    return path


def is_as_it_was(victim: Path) -> bool:
    return victim.read_text() == "kept" and stat.S_IMODE(victim.stat().st_mode) == 0o640


@PLANTED
def test_a_lock_file_that_is_none_is_refused_and_left_as_it_is(tmp_path: Path, victim: Path, plant: Plant) -> None:
    plant(tmp_path / "journal.db.lock", victim)
    with (
        without_waiting(),
        pytest.raises(OSError, match=r"lock file .*journal\.db\.lock") as refused,
        files.exclusive(tmp_path / "journal.db", wait=0, holder="Kari"),
    ):
        pass
    assert str(refused.value.strerror).startswith("the lock file ")
    assert is_as_it_was(victim)


@only_root
def test_a_lock_file_of_somebody_else_is_refused(tmp_path: Path) -> None:
    lock = tmp_path / "journal.db.lock"
    lock.touch()
    os.chown(lock, NOBODY, NOBODY)
    with (
        pytest.raises(OSError, match="another user"),
        files.exclusive(tmp_path / "journal.db", wait=0, holder="Kari"),
    ):
        pass
    os.chown(tmp_path, NOBODY, NOBODY)  # root does the work of the user whose folder it is
    with files.exclusive(tmp_path / "journal.db", wait=0, holder="Kari"):
        pass


@pytest.mark.parametrize("failure", [errno.ENOLCK, errno.EIO, errno.EACCES])
def test_a_lock_that_fails_is_not_taken_for_another_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failure: int
) -> None:
    def broken(*_: object) -> None:
        raise OSError(failure, os.strerror(failure))

    monkeypatch.setattr(fcntl, "flock", broken)
    monkeypatch.setattr(time, "sleep", lambda _: pytest.fail("it waits"))
    journal = tmp_path / "journal.db"
    with pytest.raises(OSError, match=os.strerror(failure)), files.exclusive(journal, wait=60, holder="Kari"):
        pass
    with (
        pytest.raises(JournalError, match=rf"cannot be locked: the lock file .*{os.strerror(failure)}"),
        Journal(f"sqlite:///{journal}", "skotthyll.kommune.no", key=MarkKey.fresh(), actor="Kari").run(),
    ):
        pass


def test_what_ends_a_block_is_shown_and_not_an_error_at_its_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    def failing() -> None:
        with files.exclusive(tmp_path / "journal.db", wait=0, holder="Kari"):
            monkeypatch.setattr(os, "ftruncate", broken)
            raise KeyError("cause")

    with pytest.raises(KeyError, match="cause"):
        failing()


@pytest.mark.parametrize(
    "note",
    [
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"holder": "Kari", "process": [], "since": {}}',
        b'{"holder": "\\u001b[31mKari\\n57912075186", "process": 7, "since": "57912075186"}',
        b"[" * 100_000,
        b'{"holder": "' + b"K" * 100_000 + b'", "process": 7, "since": "today"}',
    ],
)
def test_a_note_in_a_lock_file_cannot_do_anything_to_who_reads_it(tmp_path: Path, note: bytes) -> None:
    path = tmp_path / "journal.db"
    with path.with_name("journal.db.lock").open("wb") as lock:
        lock.write(note)
        lock.flush()
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(files.Locked) as refused, files.exclusive(path, wait=0, holder="another"):
            pass
    said = str(refused.value)
    assert said.isprintable()
    assert len(said) < 300
    assert "57912075186" not in said
    assert "[]" not in said
    assert "in use by" in said


@PLANTED
def test_a_file_is_replaced_whatever_stands_beside_it(tmp_path: Path, victim: Path, plant: Plant) -> None:
    path = tmp_path / "file"
    plant(tmp_path / ".file.new", victim)
    plant(tmp_path / "file.tmp", victim)
    with without_waiting():
        files.replace(path, b"new")
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert is_as_it_was(victim)


def test_nobody_knows_the_name_of_a_draft_before_it_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names, opened = [], os.open

    def noting(path: str, flags: int, *more: int, **options: int) -> int:
        if flags & os.O_CREAT:
            names.append(Path(path).name)
            assert flags & os.O_EXCL
            assert flags & os.O_NOFOLLOW
            assert flags & os.O_CLOEXEC
            assert more == (0o600,)
        return opened(path, flags, *more, **options)

    monkeypatch.setattr(os, "open", noting)
    for _ in range(2):
        files.replace(tmp_path / "file", b"new")
    assert len(set(names)) == 2


@only_root
def test_a_link_that_somebody_else_has_made_is_not_followed(tmp_path: Path, victim: Path) -> None:
    link = tmp_path / "plan.json"
    link.symlink_to(victim)
    os.chown(link, NOBODY, NOBODY, follow_symlinks=False)
    with pytest.raises(OSError, match="another user"):
        files.replace(link, b"new")
    with pytest.raises(OSError, match="another user"), files.exclusive(link, wait=0, holder="Kari"):
        pass
    assert is_as_it_was(victim)
    assert [one.name for one in victim.parent.iterdir()] == ["victim"]


@pytest.fixture
def open_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.usefixtures("open_umask")
def test_new_folders_are_private_and_so_is_every_file(tmp_path: Path) -> None:
    HandoverFile(tmp_path / "new" / "folder" / "passwords.csv").add([FirstPassword("kari", "Kari", "Hylla", "secret")])
    MarkKey.from_file(tmp_path / "feideprov.key", make=True)
    Journal(f"sqlite:///{tmp_path}/journal.db", "skotthyll.kommune.no", key=MarkKey.fresh(), actor="Kari").close()
    LdifDirectory.begin(tmp_path / "catalogue.ldif")
    for path in tmp_path.rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


@pytest.mark.parametrize("plant", [as_link, as_other_name, as_open_file])
def test_a_key_is_not_written_to_a_file_that_was_there(tmp_path: Path, victim: Path, plant: Plant) -> None:
    plant(tmp_path / f".feideprov.key.{os.getpid()}.new", victim)
    key = MarkKey.from_file(tmp_path / "feideprov.key", make=True)
    assert MarkKey.from_file(tmp_path / "feideprov.key", make=False).fingerprint == key.fingerprint
    assert (tmp_path / "feideprov.key").stat().st_nlink == 1
    assert stat.S_IMODE((tmp_path / "feideprov.key").stat().st_mode) == 0o600
    assert is_as_it_was(victim)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["elsewhere", "feideprov.key"]  # no draft stays


KILLED = (
    "import os, sys; from pathlib import Path; from feideprov import files, MarkKey\n"
    "os.{call} = lambda *_, **__: os.kill(os.getpid(), 9)\n"
    "{also}\n"
    "MarkKey.from_file(Path(sys.argv[1]), make=True)"
)


@pytest.mark.parametrize("call", ["fsync", "link"])
def test_a_key_that_was_not_finished_leaves_nothing(tmp_path: Path, call: str) -> None:
    script = KILLED.format(call=call, also="")
    path = tmp_path / "feideprov.key"
    assert subprocess.run([sys.executable, "-c", script, str(path)], check=False).returncode == -9
    assert [one.name for one in tmp_path.iterdir()] == []


@pytest.mark.parametrize("call", ["fsync", "link", "unlink"])
def test_the_next_run_cleans_up_where_a_draft_must_have_a_name(tmp_path: Path, call: str) -> None:
    """Not every file system knows files without names."""
    script = KILLED.format(call=call, also="files.UNNAMED = 0" + "\nPath.unlink = os.unlink" * (call == "unlink"))
    path = tmp_path / "feideprov.key"
    assert subprocess.run([sys.executable, "-c", script, str(path)], check=False).returncode == -9
    assert [one.name for one in tmp_path.iterdir() if one.name != "feideprov.key"]
    MarkKey.from_file(path, make=True)
    assert [one.name for one in tmp_path.iterdir()] == ["feideprov.key"]


def test_the_name_of_a_key_is_on_disk_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced, fsync = [], os.fsync
    monkeypatch.setattr(os, "fsync", lambda one: synced.append(stat.S_ISDIR(os.fstat(one).st_mode)) or fsync(one))
    MarkKey.from_file(tmp_path / "feideprov.key", make=True)
    assert synced == [False, True]


def configuration(path: Path) -> None:
    Settings.load(path)


def key(path: Path) -> None:
    MarkKey.from_file(path, make=True)


def journal(path: Path) -> None:
    Journal(f"sqlite:///{path}", "skotthyll.kommune.no", key=MarkKey.fresh(), actor="Kari")


def hand_over(path: Path) -> None:
    HandoverFile(path).passwords()


def a_list(path: Path) -> None:
    octets(path)


READERS = pytest.mark.parametrize("reads", [configuration, key, journal, hand_over, a_list, LdifDirectory])


@READERS
@pytest.mark.parametrize("kind", ["pipe", "pipe with a writer", "device", "link to a pipe"])
def test_what_is_no_file_is_told_and_not_waited_for(tmp_path: Path, reads: Callable[[Path], object], kind: str) -> None:
    path = tmp_path / "in.put"
    writer = None
    if kind == "device":
        path.symlink_to("/dev/null")
    else:
        pipe = tmp_path / "pipe" if kind.startswith("link") else path
        os.mkfifo(pipe)
        if pipe != path:
            path.symlink_to(pipe)
        if kind.endswith("writer"):
            writer = os.open(path, os.O_RDWR)
    before = sorted(tmp_path.iterdir())
    with (
        without_waiting(),
        pytest.raises((ConfigurationError, JournalError, InputError, DirectoryError), match="not a file") as told,
    ):
        reads(path)
    assert "in.put" in str(told.value)
    assert sorted(tmp_path.iterdir()) == before
    if writer is not None:
        os.close(writer)


def test_a_pipe_of_the_shell_can_still_be_read(tmp_path: Path) -> None:
    """`feideprov plan <(iconv …)`"""
    out, into = os.pipe()
    os.write(into, b"a;b\n")
    os.close(into)
    assert octets(Path(f"/dev/fd/{out}")) == b"a;b\n"
    os.close(out)


@pytest.mark.parametrize("end", ["-wal", "-shm", "-journal"])
@pytest.mark.parametrize("plant", [as_link, as_other_name, as_pipe, as_folder])
def test_a_helper_file_of_the_journal_that_is_none_is_refused(
    tmp_path: Path, victim: Path, plant: Plant, end: str
) -> None:
    plant(tmp_path / f"journal.db{end}", victim)
    with without_waiting(), pytest.raises(JournalError, match=rf"journal\.db{end}"):
        journal(tmp_path / "journal.db")
    assert is_as_it_was(victim)


def test_a_journal_is_not_made_where_a_link_leads(tmp_path: Path) -> None:
    target = tmp_path / "nowhere.db"
    (tmp_path / "journal.db").symlink_to(target)
    with pytest.raises(JournalError, match=r"journal\.db is a link to a file that is not there"):
        journal(tmp_path / "journal.db")
    assert not target.exists()
    target.touch()
    journal(tmp_path / "journal.db")


def test_a_password_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "password")
    text = (
        '[organization]\nrealm = "skotthyll.kommune.no"\nname = "Skotthyll"\nnumber = "NO987654325"\n'
        'mail = "post@skotthyll.kommune.no"\ndn = "o=Skotthyll,dc=no"\n[[schools]]\nid = "hylla"\nname = "Hylla"\n'
        'number = "NO912345688"\nmail = "h@skotthyll.kommune.no"\ndn = "ou=Hylla,o=Skotthyll,dc=no"\n'
        'kind = "primary"\n[directory]\nurl = "ldaps://localhost"\nusers_dn = "ou=people,dc=no"\n'
        'source_id_attribute = "employeeNumber"\nbind_dn = "cn=x,dc=no"\npassword_file = "password"\n'
    )
    (tmp_path / "feideprov.toml").write_text(text)
    settings = Settings.load(tmp_path / "feideprov.toml", environment=False)
    with without_waiting(), pytest.raises(ConfigurationError, match=r"password .*not a file"):
        settings.bind_password()


@only_root
def test_a_set_up_is_not_written_where_somebody_else_may_change_it(tmp_path: Path) -> None:
    theirs, ours = tmp_path / "theirs", tmp_path / "ours"
    setup = Setup(Sentence("Set-up"), (), ())
    theirs.mkdir()
    os.chown(theirs, NOBODY, NOBODY)
    with pytest.raises(InputError, match="another user"):
        write_setup(setup, theirs, str)
    assert not list(theirs.iterdir())
    ours.mkdir()
    ours.chmod(0o777)
    write_setup(setup, ours, str)
    assert stat.S_IMODE(ours.stat().st_mode) == 0o755
