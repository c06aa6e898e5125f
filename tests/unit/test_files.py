"""Files that survive a crash."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from feideprov import files


def test_a_file_is_replaced_whole_with_nobody_else_reading_it(tmp_path):
    path = tmp_path / "file"
    path.write_text("the old, longer content")
    path.chmod(0o644)
    files.replace(path, b"new")
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [found.name for found in tmp_path.iterdir()] == ["file"]


def test_a_pipe_or_a_device_is_not_replaced_by_a_file(tmp_path):
    """A pipe, and never a real device: where the program is wrong, root would destroy it for the whole machine."""
    path, link = tmp_path / "pipe", tmp_path / "link"
    os.mkfifo(path)
    link.symlink_to(path)
    for place in (path, link):
        with pytest.raises(OSError, match="it is a pipe or a device, not a file"):
            files.replace(place, b"new")
    assert stat.S_ISFIFO(path.stat().st_mode)
    assert sorted(found.name for found in tmp_path.iterdir()) == ["link", "pipe"]


def test_a_failure_leaves_the_old_file_and_no_draft(tmp_path, monkeypatch):
    path = tmp_path / "file"
    path.write_text("old")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        files.replace(path, b"new")
    assert path.read_text() == "old"
    assert [found.name for found in tmp_path.iterdir()] == ["file"]


def test_the_content_is_on_disk_before_the_name_is_and_the_folder_after(tmp_path, monkeypatch):
    path, steps = tmp_path / "file", []
    fsync, rename = os.fsync, Path.replace
    monkeypatch.setattr(os, "fsync", lambda descriptor: steps.append("fsync") or fsync(descriptor))
    monkeypatch.setattr(Path, "replace", lambda self, target: steps.append("rename") or rename(self, target))
    files.replace(path, b"new")
    assert steps == ["fsync", "rename", "fsync"]


def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    target, link = tmp_path / "elsewhere" / "file", tmp_path / "link"
    target.write_text("old")
    link.symlink_to(target)
    files.replace(link, b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"


def test_the_draft_of_a_killed_process_is_gone_after_the_next_write(tmp_path):
    path = tmp_path / "passwords.csv"
    script = (
        "import os, sys; from pathlib import Path; from feideprov import files\n"
        "os.fsync = lambda _: os.kill(os.getpid(), 9)\n"
        "files.replace(Path(sys.argv[1]), b'a password, and more than that')"
    )
    assert subprocess.run([sys.executable, "-c", script, str(path)], check=False).returncode == -9
    [draft] = tmp_path.iterdir()
    draft.chmod(0o644)
    files.replace(path, b"new")
    assert [found.name for found in tmp_path.iterdir()] == ["passwords.csv"]
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_draft_that_is_a_link_is_not_followed(tmp_path):
    path, other = tmp_path / "file", tmp_path / "other"
    other.write_text("other")
    (tmp_path / ".file.new").symlink_to(other)
    files.replace(path, b"new")
    assert other.read_text() == "other"
    assert not path.is_symlink()


def test_a_lock_file_is_for_nobody_else(tmp_path):
    for name in ("new", "old"):
        lock = tmp_path / f"{name}.lock"
        if name == "old":
            lock.touch(0o644)
        with files.exclusive(tmp_path / name, wait=0, holder="one"):
            assert stat.S_IMODE(lock.stat().st_mode) == 0o600


def test_a_second_run_is_told_who_holds_the_lock(tmp_path):
    path = tmp_path / "catalogue.ldif"
    with (
        files.exclusive(path, wait=0, holder="Kari’s run"),
        pytest.raises(files.Locked) as locked,
        files.exclusive(path, wait=0.2, holder="another"),
    ):
        pass
    sentence = str(locked.value)
    assert "catalogue.ldif is in use by Kari’s run" in sentence
    assert f"process {os.getpid()}" in sentence
    assert "run again" in sentence


def test_a_file_and_a_link_to_it_share_one_lock(tmp_path):
    path, link = tmp_path / "file", tmp_path / "link"
    path.touch()
    link.symlink_to(path)
    with (
        files.exclusive(path, wait=0, holder="one"),
        pytest.raises(files.Locked),
        files.exclusive(link, wait=0, holder="another"),
    ):
        pass


def test_a_lock_is_free_again_after_a_failure(tmp_path):
    path = tmp_path / "file"

    def failing():
        with files.exclusive(path, wait=0, holder="one"):
            raise RuntimeError

    with pytest.raises(RuntimeError):
        failing()
    with files.exclusive(path, wait=0, holder="another"):
        pass


def test_a_lock_ends_with_its_process_however_that_ends(tmp_path):
    path = tmp_path / "file"
    script = (
        "import os, sys; from pathlib import Path; from feideprov import files\n"
        "with files.exclusive(Path(sys.argv[1]), wait=0, holder='one'): os._exit(9)"
    )
    assert subprocess.run([sys.executable, "-c", script, str(path)], check=False).returncode == 9
    with files.exclusive(path, wait=0, holder="another"):
        pass


def test_a_lock_ends_with_its_run_and_not_with_a_process_that_was_forked_meanwhile(tmp_path):
    path = tmp_path / "journal.db"
    path.touch()
    os.link(path, tmp_path / "another name.db")
    with files.exclusive(path, wait=0, holder="one"):
        child = os.fork()
        if child == 0:
            signal.pause()
    try:
        with files.exclusive(path, wait=10, holder="another"):  # the new process may just be closing what it got
            pass
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def replaced(lock: Path, how: str) -> None:
    """What can become of a lock file while somebody holds it."""
    if how == "deleted":
        lock.unlink()
    elif how == "replaced":
        lock.with_name("new").write_text("")
        lock.with_name("new").replace(lock)
    else:
        lock.unlink()
        other = lock.with_name("other")
        other.write_text("kept")
        lock.symlink_to(other) if how == "symlink" else os.link(other, lock)


@pytest.mark.parametrize("how", ["deleted", "replaced", "symlink", "hard link"])
def test_a_lock_holds_whatever_becomes_of_its_file(tmp_path, how):
    path, lock = tmp_path / "journal.db", tmp_path / "journal.db.lock"
    with files.exclusive(path, wait=0, holder="Kari"):
        replaced(lock, how)
        with pytest.raises((files.Locked, OSError)), files.exclusive(path, wait=0, holder="Per"):
            pass
    if (tmp_path / "other").exists():
        assert (tmp_path / "other").read_text() == "kept"


def test_a_lock_that_was_waited_for_is_that_of_the_file_that_is_there_now(tmp_path, monkeypatch):
    """The lock file that a run has opened is deleted before the run has locked it."""
    import fcntl

    path, lock, flock = tmp_path / "journal.db", tmp_path / "journal.db.lock", fcntl.flock
    inodes = []

    def after_a_deletion(file, operation):
        inodes.append(os.fstat(file).st_ino)
        if len(inodes) == 1:
            lock.unlink()
        flock(file, operation)

    monkeypatch.setattr(fcntl, "flock", after_a_deletion)
    with files.exclusive(path, wait=5, holder="Kari"):
        assert lock.stat().st_ino == inodes[-1]
        assert len(inodes) == 2


def test_two_names_of_one_file_share_one_lock(tmp_path):
    (tmp_path / "a.db").touch()
    os.link(tmp_path / "a.db", tmp_path / "b.db")
    with (
        files.exclusive(tmp_path / "a.db", wait=0, holder="Kari"),
        pytest.raises(files.Locked),
        files.exclusive(tmp_path / "b.db", wait=0, holder="Per"),
    ):
        pass
