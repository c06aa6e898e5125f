"""A directory, an office and its lists, as they are before every run; and what an unhurt run makes of them."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Literal, Self

from nursery import Forked
from victim import ILLS, PLACE_OCTETS, PRINTED

from feideprov.cli.care import demo
from feideprov.cli.help.rows import names
from feideprov.client.client import Client
from feideprov.directory import ldif
from feideprov.directory.entry import Add
from feideprov.directory.ldap.directory import LdapDirectory
from feideprov.services.register.service import Answer, Dependency, Provider, Service, Way
from feideprov.testing.numbers import prefix_of, with_check_digits
from feideprov.testing.slapd import PrivateSlapd

Login = Literal["directory", "entra"]
Command = list[str]
REALM = "skotthyll.kommune.no"
IN_MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
"""Where the files are: what a killed process has written is there as on a disk, only sooner."""
PEOPLE = "source_id,given_name,family_name,birth_date,school,role,grade,mail,national_number\n"
NUMBERS = "source_id,national_number,old_number,birth_date\n"
_GIVEN = ["Olena", "Mohammad", "Selam", "Åse", "Їжак", "Fatima", "Ahmad", "Ngọc", "Kari", "Ole"]
_FAMILY = ["Kovalenko", "Alahmad", "Haile", "Ødegård", "Шевченко", "Zahra", "Nazari", "Trần", "Nordmann", "Berg"]

SERVICES = [
    Service(
        id=state.value,
        provider=Provider(id=state.value, name=state.value),
        ways=(Way.STATED,),
        activated=True,
        answer=Answer(state=state),
    )
    for state in (Dependency.CAN_SERVE, Dependency.CANNOT_SERVE, Dependency.INDEPENDENT)
]
"""Who is owed a notice of a change of a number, and who is not."""


@dataclass(frozen=True)
class Size:
    """How many users each kind of change is about."""

    create: int = 200
    attach: int = 60
    update: int = 20
    replace: int = 10
    withdraw: int = 10
    login: int = 4
    """So many are closed, so many reopened, and so many get a new password."""
    rename: int = 2


FULL, SMALL = Size(), Size(create=40, attach=15, update=8, replace=4, withdraw=4, login=2, rename=1)


def number(n: int) -> tuple[str, date]:
    """The n-th synthetic number (Tenor's form: month + 80, nobody has them), and the birth date in it."""
    born = date(2008, 1, 1) + timedelta(days=n)
    return with_check_digits(prefix_of(born, 40 * (n % 2), 80), range(500, 1000), 500 + n % 400), born


@dataclass
class Person:
    """One row of the lists."""

    source_id: str
    n: int
    grade: str = "6"
    has_number: bool = False

    def row(self) -> str:
        given, family = _GIVEN[self.n % 10], _FAMILY[self.n // 10 % 10]
        text, born = number(self.n)
        mail, held = f"{self.source_id}@example.no", text if self.has_number else ""
        return f"{self.source_id},{given},{family},{born},hylla,pupil,{self.grade},{mail},{held}\n"


class Scene:
    """Everything that a run begins with. `office` is the folder that the commands work in."""

    def __init__(self, slapd: PrivateSlapd, folder: Path, login: Login, size: Size, *, unhurt: bool = True) -> None:
        self.slapd, self.login, self.size = slapd, login, size
        self._snapshot = folder / login
        self.office = folder / f"{login}-office"
        self._prepare()
        self.commands = self._commands()

    # --- what there is before

    def _prepare(self) -> None:
        """An organization with users of ours, some with numbers, some closed; all made by the program itself."""
        self.office.mkdir(parents=True)
        self.configure(self.slapd.url)
        (self.office / "bind-password").write_text(self.slapd.service_password)
        base = [r.entry for r in ldif.records(demo.STORY.joinpath("base.ldif").read_bytes()) if r.entry]
        with self.directory() as directory:
            missing = [Add(entry) for entry in base if directory.read(entry.dn) is None]
            assert all(written.error is None for written in directory.write(missing))
        size = self.size
        self.waiting = [Person(f"a{n}", n) for n in range(size.attach)]
        self.updated = [Person(f"u{n}", 100 + n) for n in range(size.update)]
        self.replaced = [Person(f"r{n}", 200 + n, has_number=True) for n in range(size.replace)]
        self.withdrawn = [Person(f"w{n}", 300 + n, has_number=True) for n in range(size.withdraw)]
        logins = 3 * size.login if self.login == "directory" else 0
        self.logins = [Person(f"l{n}", 400 + n) for n in range(logins)]
        self.renamed = [Person(f"m{n}", 500 + n) for n in range(size.rename)]
        before = [*self.waiting, *self.updated, *self.replaced, *self.withdrawn, *self.logins, *self.renamed]
        self._write("before.csv", PEOPLE, [person.row() for person in before])
        assert self._run([["apply", "before.csv", "--yes"]]) == 0
        self.names = self._names()
        if closed := self._login_names(1):
            assert self._run([["close", *closed, "--yes"]]) == 0
        self._write_lists()
        with Client.open(self.office / "feideprov.toml") as feide:
            feide.services.register.put(SERVICES)
        self.slapd.stop_process()
        shutil.copytree(self.office, self._snapshot)
        _copy(self.slapd.database, self._snapshot / "db")
        self.slapd.restart()

    def _login_names(self, part: int) -> list[str]:
        each = self.size.login
        return [self.names[person.source_id] for person in self.logins[part * each : (part + 1) * each]]

    def _write_lists(self) -> None:
        new = [Person(f"n{n}", 600 + n) for n in range(self.size.create)]
        for person in self.updated:
            person.grade = "7"
        self._write("people.csv", PEOPLE, [person.row() for person in (*new, *self.updated)])
        self._write("numbers.csv", NUMBERS, [_number_row(p, p.n) for p in self.waiting])
        self._write("replace.csv", NUMBERS, [_number_row(p, p.n + 1000, number(p.n)[0]) for p in self.replaced])
        self._write("withdraw.csv", NUMBERS, [_number_row(p, p.n) for p in self.withdrawn])

    def _write(self, name: str, heading: str, rows: Sequence[str]) -> None:
        (self.office / name).write_text(heading + "".join(rows), encoding="utf-8")

    def _commands(self) -> list[Command]:
        """What is done in one run, command by command."""
        there = set(names())
        lines = [["apply", "people.csv"], ["attach", "numbers.csv"]]
        lines += [[name, f"{name}.csv"] for name in ("replace", "withdraw") if name in there]
        if self.logins:
            lines += [["close", *self._login_names(0)], ["reopen", *self._login_names(1)]]
            lines += [["password", *self._login_names(2)]]
        lines += [["rename", self.names[p.source_id], "--to", f"renamed.{p.source_id}"] for p in self.renamed]
        return [[*line, "--yes"] for line in lines]

    def _names(self) -> dict[str, str]:
        with self.directory() as directory:
            found = directory.having(["employeeNumber"], ["employeeNumber", "eduPersonPrincipalName"])
            return {e.text("employeeNumber") or "": e.text("eduPersonPrincipalName") or "" for e in found}

    # --- what is done with it

    def configure(self, url: str) -> None:
        """The office reaches its directory at this address."""
        lines = [f'url = "{url}"', f'bind_dn = "{self.slapd.service_dn}"', 'password_file = "bind-password"']
        lines += [f'ca_file = "{self.slapd.ca_file}"' if url.startswith("ldaps") else 'tls = "off"']
        login = f'\n[login]\nby = "{self.login}"\npassword_hash = "ssha"\n'
        (self.office / "feideprov.toml").write_text(demo.configuration("\n".join(lines)) + login, encoding="utf-8")

    def reset(self, url: str | None = None) -> None:
        """As it was before, in the directory and in the office."""
        self.slapd.kill()
        shutil.rmtree(self.office)
        shutil.copytree(self._snapshot, self.office, ignore=shutil.ignore_patterns("db"))
        shutil.rmtree(self.slapd.database)
        _copy(self._snapshot / "db", self.slapd.database)
        self.slapd.restart()
        self.configure(url or self.slapd.url)

    def directory(self) -> LdapDirectory:
        """The directory as its administrator reads it, password hashes too."""
        slapd = self.slapd
        return LdapDirectory(slapd.url, base=slapd.suffix, bind_dn=slapd.admin_dn, password=slapd.password, tls=False)

    def _run(self, commands: Sequence[Command]) -> int:
        with self.victim() as victim:
            victim.begin(commands)
            return victim.wait()

    @contextmanager
    def victim(self, hit_at: tuple[str, int] = ("step", 0), **ills: float) -> Iterator[Victim]:
        """A process that is ready to begin, with what is to be worse in it; gone at the end."""
        with Victim(self.office, hit_at, ills) as victim:
            yield victim


class Slapd(PrivateSlapd):
    """One whose database can be put back to what it was."""

    @property
    def database(self) -> Path:
        return self._path("db")

    def configure(self, lines: Sequence[str]) -> None:
        """What its configuration holds besides, from the next start on: rules and limits come before all others."""
        self.extra_access = [line for line in lines if line.startswith(("access ", "limits "))]
        self.extra_config = [line for line in lines if line not in self.extra_access]
        text = self._config.slapd_conf()
        if any(line.startswith("limits ") for line in lines):  # the first that fits holds
            text = text.replace(f'limits dn.exact="{self.service_dn}" size=unlimited time=unlimited\n', "")
        self._path("slapd.conf").write_text(text)

    def stop_process(self) -> None:
        """End in good order; `restart` brings it back."""
        self._terminate()


class Victim:
    """The process that is hurt."""

    def __init__(self, office: Path, hit_at: tuple[str, int], ills: dict[str, float]) -> None:
        self._office = office
        self._place = office / "place"
        self._process = Forked(
            [str(self._place), hit_at[0], str(hit_at[1])], cwd=office, env={**os.environ, ILLS: json.dumps(ills)}
        )
        self.printed: list[str] = []

    def begin(self, commands: Sequence[Command]) -> None:
        """Let it go, once it is ready."""
        self.until("ready")
        config = str(self._office / "feideprov.toml")
        self.say(json.dumps([["--config", config, *command] for command in commands]))

    def say(self, line: str) -> None:
        os.write(self._process.stdin.fileno(), f"{line}\n".encode())

    def let_go(self) -> None:
        """Let it go on where it was hit; does nothing when it is gone."""
        with suppress(OSError):
            self.say("")

    def until(self, word: str | None = None) -> bool:
        """Wait until it says the word; False when it ended before (so without a word)."""
        for line in self._process.stdout:
            self.printed.append(line.rstrip())
            if line.strip() == word:
                return True
        return False

    def wait(self, seconds: float | None = None) -> int:
        """Its exit code; raises subprocess.TimeoutExpired while it still runs."""
        code = self._process.wait(seconds) if seconds is not None else None
        if code is None:
            self.until()
            code = self._process.wait()
        return code

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    @property
    def place(self) -> str:
        """Where it is, or was when it ended."""
        return self._place.read_bytes()[:PLACE_OCTETS].decode().strip()

    @property
    def passed(self) -> dict[str, int]:
        """How many steps and writes it made in all."""
        line = next(line for line in reversed(self.printed) if line.startswith("passed "))
        return dict(json.loads(line.removeprefix("passed ")))

    @property
    def reported(self) -> str:
        """What its commands wrote to standard output."""
        return (self._office / PRINTED).read_text()

    @cached_property
    def said(self) -> str:
        """What it wrote to standard error, once it has ended."""
        return self._process.stderr.read()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        with ExitStack() as stack:
            for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
                stack.callback(pipe.close)
            self.kill()


def _copy(database: Path, to: Path) -> None:
    """With its holes: all but the first megabyte of a database's gigabyte is one."""
    subprocess.run(["cp", "-r", "--sparse=always", database, to], check=True)


def _number_row(person: Person, n: int, old: str = "") -> str:
    text, born = number(n)
    return f"{person.source_id},{text},{old},{born}\n"


def moments(kind: str, seed: int) -> random.Random:
    """The dice of one run: the same seed throws the same."""
    return random.Random(f"{kind}-{seed}")
