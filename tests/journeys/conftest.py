"""A municipality's office: a folder with a configuration, a directory and lists, and the program at hand."""

from __future__ import annotations

import io
import json
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from one_day import one_day

from feideprov.cli.app import run
from feideprov.cli.care import demo
from feideprov.directory import ldif
from feideprov.directory.dn import DN
from feideprov.directory.entry import Add, Entry
from feideprov.directory.ldap.directory import LdapDirectory
from feideprov.testing.slapd import PrivateSlapd

STORY = demo.STORY
QUICK = '\n[login]\npassword_hash = "ssha"\n\n[journal]\n'  # argon2 takes its time, and is tested elsewhere
HEADING = "source_id;given_name;family_name;birth_date;school;role;national_number\n"


@dataclass(frozen=True)
class Answer:
    """What the program said: exit code, standard output, standard error."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one object on standard output; anything beside it is an error."""
        return json.loads(self.out)


class Terminal(io.StringIO):
    """A stream that says that it is a terminal; COLUMNS tells how wide."""

    def isatty(self) -> bool:
        return True


@dataclass
class Office:
    """Runs the program with the configuration of `folder`."""

    folder: Path
    capsys: pytest.CaptureFixture[str]
    server: PrivateSlapd | None = None
    environment: dict[str, str] = field(default_factory=dict)

    def __call__(self, *words: str) -> Answer:
        self.capsys.readouterr()
        code = run(["--config", str(self.config), *words])
        said = self.capsys.readouterr()
        return Answer(code, said.out, said.err)

    def screen(self, *words: str, columns: int = 80) -> str:
        """What a terminal of so many columns shows in the folder of the configuration, without colours."""
        with (
            chdir(self.folder),
            redirect_stdout(Terminal()) as out,
            redirect_stderr(Terminal()) as errors,
            pytest.MonkeyPatch.context() as patch,
        ):
            patch.setenv("COLUMNS", str(columns))
            run(words)
        return re.sub(r"\x1b\[\d+m", "", out.getvalue() + errors.getvalue())

    def process(self, *words: str, **options: Any) -> Answer:
        """The same as a process of its own."""
        done = subprocess.run(
            [sys.executable, "-m", "feideprov", "--config", str(self.config), *words],
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
            **options,
        )
        return Answer(done.returncode, done.stdout, done.stderr)

    @property
    def config(self) -> Path:
        return self.folder / "feideprov.toml"

    @property
    def catalogue(self) -> Path:
        return self.folder / "catalogue.ldif"

    @property
    def passwords(self) -> Path:
        return self.folder / "passwords.csv"

    @property
    def journal(self) -> Path:
        return self.folder / "feideprov.db"

    def write(self, name: str, text: str) -> str:
        """A file of the office; gives its path."""
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    def people(self, *rows: str) -> str:
        """A person list of these rows: source id, given name, family name, birth date, school, role, number."""
        return self.write("people.csv", HEADING + "".join(f"{row}\n" for row in rows))

    def set(self, old: str, new: str) -> None:
        """Change the configuration."""
        text = self.config.read_text(encoding="utf-8")
        assert text.count(old) == 1, old
        self.config.write_text(text.replace(old, new), encoding="utf-8")

    def entries(self) -> dict[str, dict[str, list[bytes]]]:
        """The whole directory, as it stands; on a server with what it keeps by itself (time stamps)."""
        if self.server is None:
            found = [r.entry for r in ldif.records(self.catalogue.read_bytes()) if r.entry]
        else:
            with service(self.server) as directory:
                found = list(directory.having(["objectClass"], ["*", "modifyTimestamp", "entryCSN"]))
        return {str(e.dn): {name: sorted(values) for name, values in e.items()} for e in found}

    def entry(self, source_id: str) -> Entry:
        """The user with this source id."""
        [found] = [e for e in self.entries().values() if e.get("employeeNumber") == [source_id.encode()]]
        return Entry(DN_OF_NOBODY, found)

    def journaled(self) -> list[tuple[str, str, str]]:
        """Kind, state and Feide name of everything in the journal."""
        if not self.journal.exists():
            return []
        with sqlite3.connect(self.journal) as database:
            rows = database.execute("select kind, state, feide_name from change order by id").fetchall()
        database.close()
        return rows

    def state(self) -> tuple[Any, ...]:
        """Everything that a command may change: two of them are equal when nothing was written in between."""
        raw = self.catalogue.read_bytes() if self.server is None and self.catalogue.exists() else None
        directory = self.entries() if raw is not None or (self.server and self.server.running) else None
        handed_over = self.passwords.read_bytes() if self.passwords.exists() else None
        nir = self.folder / "nir" / "nir.json"
        return raw, directory, self.journaled(), handed_over, nir.read_bytes() if nir.exists() else None

    def handed_over(self) -> dict[str, str]:
        """The first password of each user in the hand-over file."""
        lines = self.passwords.read_text(encoding="utf-8-sig").splitlines()
        names = lines[0].split(";")
        return {line.split(";")[0]: line.split(";")[names.index("password")] for line in lines[1:]}


DN_OF_NOBODY = DN(())


def service(slapd: PrivateSlapd) -> LdapDirectory:
    """The directory of a private slapd, bound as the service account."""
    return LdapDirectory(
        slapd.ldaps,
        base=slapd.suffix,
        bind_dn=slapd.service_dn,
        password=slapd.service_password,
        ca_file=str(slapd.ca_file),
    )


@pytest.fixture(autouse=True)
def _one_day() -> Iterator[None]:
    """No test fails because a day ends between two commands."""
    with one_day():
        yield


@pytest.fixture(autouse=True)
def _plain_surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    """No configuration in the environment, and room for tables."""
    for name in [name for name in os.environ if name.upper().startswith("FEIDEPROV_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("COLUMNS", "200")


@pytest.fixture
def office(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Office:
    """An office whose directory is an LDIF file: an organization with two schools, and nobody yet."""
    office = Office(tmp_path, capsys)
    office.catalogue.write_bytes(STORY.joinpath("base.ldif").read_bytes())
    office.config.write_text(demo.configuration('url = "ldif:catalogue.ldif"') + QUICK, encoding="utf-8")
    for name in ("refugees.csv", "numbers.csv"):
        (tmp_path / name).write_bytes(STORY.joinpath(name).read_bytes())
    return office


OpenOffice = Callable[..., Office]


@pytest.fixture
def on_server(office: Office) -> Iterator[OpenOffice]:
    """Makes the office's directory a private slapd with the same content; takes PrivateSlapd's options."""
    with ExitStack() as stack:

        def open_office(*, filled: bool = True, url: str | None = None, **options: Any) -> Office:
            slapd = stack.enter_context(PrivateSlapd(**options))
            office.server = slapd
            office.write("bind-password", slapd.service_password + "\n")
            directory = (
                f'url = "{url or slapd.ldaps}"\nca_file = "{slapd.ca_file}"\nbind_dn = "{slapd.service_dn}"\n'
                'password_file = "bind-password"'
            )
            office.config.write_text(demo.configuration(directory) + QUICK, encoding="utf-8")
            if filled:
                fill(slapd)
            return office

        yield open_office


def fill(slapd: PrivateSlapd) -> None:
    """The organization and its schools."""
    base = [r.entry for r in ldif.records(STORY.joinpath("base.ldif").read_bytes()) if r.entry]
    with service(slapd) as directory:
        missing = [Add(entry) for entry in base if directory.read(entry.dn) is None]
        assert all(written.error is None for written in directory.write(missing))


@pytest.fixture
def one_sentence() -> Callable[[Answer], str]:
    """What standard error says, which is words for a person: no trace, no long run of digits, a full stop."""

    def check(answer: Answer) -> str:
        said = answer.err.strip()
        assert said, "nothing was said"
        assert "Traceback" not in said
        assert "Something unexpected" not in said
        assert "\n" not in said, said
        assert said[-1] in ".?" or re.search(r"feideprov \S+$|--\S+( \S+)?$", said), said
        return said

    return check
