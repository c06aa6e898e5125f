"""An office for each row of the sweep, put back to what it was before every run, and the program run in it.

A process that has imported everything forks one for each command: that takes a fiftieth of the time of a start.
"""

from __future__ import annotations

import ctypes
import gc
import os
import shutil
import signal
import sys
import traceback
from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import time_machine
from argon2 import PasswordHasher
from fault_commands import FILES, Row, Words
from fault_shim import Fault, Shim
from fault_state import State, ldif_entries, state_of
from notice_scene import smtp
from post_office import PostOffice
from scene import Slapd, _copy
from victim import make_worse

from feideprov.cli import app
from feideprov.directory import ldif, ldif_file, password
from feideprov.directory.entry import Add, Entry
from feideprov.directory.ldap.directory import LdapDirectory
from feideprov.provision.run import handover

STORY = Path(__file__).parents[1] / "goldens" / "story"
DAY = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
AGAIN_AFTER = timedelta(minutes=20)
"""When a command is run again: by then a mail that was refused is due again."""
LONGEST = 60
"""Seconds after which a command hangs."""
_WAIT = 0.2
"""Seconds that are waited here for a lock or a server."""
NIR = ("[nir]", 'municipality = "1899"', 'retention = "P5Y"')
VERIFY: Words = ("journal", "verify")
_ENDS_WITH_ITS_PARENT = 1
"""PR_SET_PDEATHSIG of prctl(2)."""
_END = "\0"
"""After a command's exit code, in the file of what was said."""


@dataclass(frozen=True)
class Said:
    """What a command said: its exit code (negative: the signal that killed it), and both streams."""

    code: int
    text: str


class Office(ABC):
    """The folder in which commands are run. `before` is what it is put back to."""

    def __init__(self, shim: Shim, folder: Path, post: MailServer) -> None:
        self.shim, self.post = shim, post
        self.folder, self.before, self._said = folder / "office", folder / "before", folder / "said"
        self._environment = {name: value for name, value in os.environ.items() if not name.startswith("FEIDEPROV_")}

    def prepare(self, row: Row) -> None:
        """Everything that was done before; raises AssertionError when a command of it did not get through.

        The command itself is run here too, once, so that everything that it imports is there.
        """
        shutil.rmtree(self.before, ignore_errors=True)
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(STORY, self.folder)
        for name, text in FILES.items():
            (self.folder / name).write_text(text, encoding="utf-8")
        config = self.folder / "feideprov.toml"
        sections = self._configured(config.read_text()), *smtp(self.post.port), *NIR
        config.write_text("\n".join(sections) + "\n")
        self._begin()
        for words in row.before:
            said = self.run(words)
            assert said.code in (0, 1), (words, said)
        for name, old, new in row.edits:
            text = (self.folder / name).read_text(encoding="utf-8")
            assert old in text, (name, old)
            (self.folder / name).write_text(text.replace(old, new), encoding="utf-8")
        for name in row.lost:
            (self.folder / name).unlink()
        self._keep()
        with chdir(self.folder), redirect_stdout(StringIO()), redirect_stderr(StringIO()):
            app.run(row.words)
        gc.collect()
        gc.freeze()

    def run(self, words: Words, *, fault: Fault | None = None) -> Said:
        """Run a command; a fault comes to pass in it."""
        self.shim.ask(self.folder, fault)
        return self._forked([words], DAY)[0]

    def run_again(self, row: Row) -> tuple[Said, State]:
        """Run the command of a row once more, and `journal verify` after it; and look at everything."""
        for name in row.afresh:
            shutil.rmtree(self.folder / name, ignore_errors=True)
        self.shim.ask(self.folder, None)
        said, *verified = self._forked([row.words, VERIFY], DAY + AGAIN_AFTER)
        return said, self.state() | {"journal verify": verified}

    def verified(self) -> State:
        """What there is, and what `journal verify` says to it."""
        self.shim.ask(self.folder, None)
        verified = self._forked([VERIFY], DAY + AGAIN_AFTER)
        return self.state() | {"journal verify": verified}

    def _forked(self, commands: Sequence[Words], moment: datetime) -> list[Said]:
        """Commands one after the other, in one process, until it ends."""
        pid = os.fork()
        if pid == 0:
            self._become(commands, moment)
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        *ended, rest = self._said.read_text(encoding="utf-8", errors="replace").split(_END)
        said = [Said(int(one.rpartition("\n")[2]), one.rpartition("\n")[0]) for one in ended]
        return said if code == 0 else [*said, Said(code, rest)]

    def state(self) -> State:
        """What there is."""
        return state_of(self.folder, self._entries()) | {"mails": self.post.taken()}

    def reset(self) -> None:
        """As it was before."""
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(self.before, self.folder)
        self.post.forget()

    def _become(self, commands: Sequence[Words], moment: datetime) -> None:
        """In the new process: the program, and what it says in a file."""
        try:
            gc.disable()
            signal.alarm(LONGEST)
            said = os.open(self._said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            for stream in (1, 2):
                os.dup2(said, stream)
            os.chdir(self.folder)
            os.environ.clear()
            os.environ.update(self._environment | {"LOGNAME": "kari", "COLUMNS": "100", "TERM": "dumb"})
            make_worse({"journal_wait": _WAIT, "silence": 2, "patience": _WAIT})
            password._argon2 = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
            handover.WAIT = ldif_file.LOCK_WAIT = _WAIT
            with time_machine.travel(moment):
                self.shim.begin()
                for words in commands:
                    code = app.run(words)
                    sys.stdout.flush()
                    os.write(1, f"\n{code}{_END}".encode())
            os._exit(0)
        except BaseException:  # noqa: BLE001 - the end of this process
            traceback.print_exc()
            os._exit(99)

    def _configured(self, text: str) -> str:
        return text

    @abstractmethod
    def _begin(self) -> None:
        """A directory with the organization and its schools."""

    @abstractmethod
    def _keep(self) -> None:
        """From now on this is what it is put back to."""

    @abstractmethod
    def _entries(self) -> list[Entry]: ...


class FileOffice(Office):
    """The directory is an LDIF file."""

    def _begin(self) -> None:
        pass

    def _keep(self) -> None:
        shutil.copytree(self.folder, self.before)

    def _entries(self) -> list[Entry]:
        return ldif_entries(self.folder)


class ServerOffice(Office):
    """The directory is a slapd."""

    def __init__(self, shim: Shim, folder: Path, post: MailServer, slapd: Slapd) -> None:
        super().__init__(shim, folder, post)
        self._slapd, self._kept, self._empty = slapd, folder / "db", folder / "empty-db"
        self._copy_database(slapd.database, self._empty)

    def reset(self) -> None:
        super().reset()
        self._copy_database(self._kept, self._slapd.database)

    def _configured(self, text: str) -> str:
        slapd = self._slapd
        lines = f'url = "{slapd.url}"\ntls = "off"\nbind_dn = "{slapd.service_dn}"\npassword_file = "bind-password"'
        return text.replace('url = "ldif:catalogue.ldif"', lines)

    def _begin(self) -> None:
        self._copy_database(self._empty, self._slapd.database)
        secret = self.folder / "bind-password"
        secret.write_text(self._slapd.service_password)
        secret.chmod(0o600)
        base = [r.entry for r in ldif.records((STORY / "catalogue.ldif").read_bytes()) if r.entry]
        with self._administrator() as directory:
            missing = [Add(entry) for entry in base if directory.read(entry.dn) is None]
            assert all(written.error is None for written in directory.write(missing))

    def _keep(self) -> None:
        shutil.copytree(self.folder, self.before)
        self._copy_database(self._slapd.database, self._kept)

    def _entries(self) -> list[Entry]:
        with self._administrator() as directory:
            return list(directory.having(["objectClass"], ["*"]))

    def _administrator(self) -> LdapDirectory:
        slapd = self._slapd
        return LdapDirectory(slapd.url, base=slapd.suffix, bind_dn=slapd.admin_dn, password=slapd.password, tls=False)

    def _copy_database(self, database: Path, to: Path) -> None:
        """While slapd does not run."""
        self._slapd.stop_process()
        shutil.rmtree(to, ignore_errors=True)
        _copy(database, to)
        self._slapd.restart()


class MailServer:
    """A mail server in a process of its own: one that forks has no threads."""

    def __init__(self, folder: Path) -> None:
        self._taken = folder / "mails"
        self._taken.touch()
        told, tell = os.pipe()
        self._pid = os.fork()
        if self._pid == 0:
            os.close(told)
            self._serve(folder, tell)
        os.close(tell)
        with os.fdopen(told) as port:
            self.port = int(port.read())

    def taken(self) -> list[str]:
        """To whom there are mails. One that came twice, with one id, is one mail."""
        return sorted(line.split()[0] for line in set(self._taken.read_text().splitlines()))

    def forget(self) -> None:
        self._taken.write_text("")

    def close(self) -> None:
        os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)

    def _serve(self, folder: Path, tell: int) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        ctypes.CDLL(None).prctl(_ENDS_WITH_ITS_PARENT, signal.SIGKILL)
        with PostOffice(folder) as post:

            def keep() -> None:
                to, message = post.taken[-1][0], post.messages[-1]
                with self._taken.open("a") as taken:
                    taken.write(f"{to} {message['Message-ID']}\n")

            post.on_taken = keep
            os.write(tell, str(post.port).encode())
            os.close(tell)
            signal.pause()
        os._exit(0)
