"""What `writing.py` compares: each runs in a process of its own, and says how long it took.

    .venv/bin/python tests/bench/contenders.py NAME JOB

JOB is a `Job` as JSON; so is the answer: `seconds` and `cpu` (of this process) from the first connection to the last
answer, `memory` (the most that it held, KB), and how many entries it wrote or read; `yardstick`, where it was used, is
the CPU that one piece of unchanging work took in between. What is imported and prepared
before is counted by nobody's clock: for us the person records, for ldap3 its dictionaries, for ldapadd its LDIF.
"""

from __future__ import annotations

import json
import resource
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal

from town import BASE, FAMILY, GIVEN, ON, REALM, Town

from feideprov import LdapDirectory, MemoryDirectory, PersonRecord
from feideprov.client.client import Client
from feideprov.directory import ldif
from feideprov.directory.entry import Entry
from feideprov.settings import Settings

PASSWORD_FILE = "password"
PEOPLE = f"ou=people,{BASE}"
PAGE = 500
ENDINGS = ("", "berg", "dal", "eid", "haug", "li", "moen", "nes", "rud", "sen", "stad", "vik")

Names = Literal["mixed", "one surname", "one name"]
Work = Callable[[], int]


@dataclass
class Yardstick:
    """A piece of work that is always the same, done again and again between ours.

    The same Python takes half as much CPU again while neighbours use the processor's caches. What we take for a user
    is therefore told in what this takes in the same minute.
    """

    spent: float = 0.0
    times: int = 0

    def use(self) -> None:
        started = time.process_time()
        names = {f"uid=user{n},{PEOPLE}".lower(): f"Olena Kovalenko {n}".encode() for n in range(100)}
        b"".join(names[name] for name in sorted(names))
        self.spent += time.process_time() - started
        self.times += 1

    @property
    def each(self) -> float:
        return self.spent / self.times if self.times else 0.0


YARDSTICK = Yardstick()


@dataclass(frozen=True)
class Job:
    """The server, the people, and the folder for the journal and the password of the bind account."""

    folder: str
    url: str
    bind_dn: str
    users: int
    names: Names = "mixed"
    login: str = "entra"
    password_hash: str = "ssha"

    @property
    def password(self) -> str:
        return Path(self.folder, PASSWORD_FILE).read_text()

    def dumps(self) -> str:
        return json.dumps(asdict(self))

    @property
    def settings(self) -> Settings:
        """No test directory, and no numbers in it: users log in at Entra unless it says otherwise."""
        directory = {"url": self.url, "tls": "off", "bind_dn": self.bind_dn, "password_file": PASSWORD_FILE}
        login = {"by": self.login, "password_hash": self.password_hash}
        settings = Town(0).settings(Path(self.folder), directory=directory, login=login)
        settings._folder = Path(self.folder)
        return settings

    def people(self) -> Iterator[PersonRecord]:
        """Pupils and, one in ten, teachers. No two have one name and birth date: that would be a question."""
        for n in range(self.users):
            grade, teacher = 1 + n % 10, n % 10 == 9
            one_name, one_surname = self.names == "one name", self.names != "mixed"
            yield PersonRecord(
                source_id=f"p{n}",
                given_name="Olena" if one_name else f"{GIVEN[n % 12]} {GIVEN[n // 12 % 12]}",
                family_name="Kovalenko" if one_surname else f"{FAMILY[n % 10]}{ENDINGS[n // 10 % 12]}",
                birth_date=None if one_name else date(2008, 1, 1) + timedelta(n // 60),
                school=f"school{n % 2}",
                role="teacher" if teacher else "pupil",
                grade="" if teacher else str(grade),
                groups=f"b:{grade}a:Klasse {grade}A|u:nor{grade}:Norsk {grade}:NOR01-06",
                mobile=f"+4740{n:06d}",
                mail=f"olena{n:05d}@{REALM}",
                language="uk",
            )


def entries(job: Job) -> Iterator[Entry]:
    """The very entries that our own build makes of the people."""
    with Client(job.settings, directory=MemoryDirectory(), on=ON) as feide:
        for create in feide.plan(job.people()).creates:
            yield create.write(None).entry


def feideprov(job: Job) -> Work:
    """We: plan and apply through the public Client, the journal on disk."""
    settings, people = job.settings, list(job.people())

    def work() -> int:
        with Client(settings, on=ON) as feide:
            return feide.apply(feide.plan(people)).counts["created"]

    return work


def feideprov_measured(job: Job) -> Work:
    """The same, with the yardstick at every word of progress."""
    settings, people = job.settings, list(job.people())

    def work() -> int:
        with Client(settings, on=ON) as feide:
            return feide.apply(feide.plan(people), progress=lambda done, total: YARDSTICK.use()).counts["created"]

    return work


def unchanged(job: Job) -> Work:
    """The plan of a night in which nothing has changed."""
    settings, people = job.settings, list(job.people())

    def work() -> int:
        with Client(settings, on=ON) as feide:
            return feide.plan(people).unchanged

    return work


def reading(job: Job) -> Work:
    """Our reading: whole entries, not kept."""

    def work() -> int:
        with LdapDirectory(job.url, base=PEOPLE, bind_dn=job.bind_dn, password=job.password, tls=False) as directory:
            return sum(1 for _ in directory.having(["uid"], ["*"]))

    return work


def ldap3(job: Job) -> Work:
    """ldap3 as everybody writes it: connect, and add one entry after the other."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        import ldap3 as library
    wanted = [(str(entry.dn), dict(entry.items())) for entry in entries(job)]

    def work() -> int:
        with library.Connection(library.Server(job.url), job.bind_dn, job.password, auto_bind=True) as connection:
            return sum(connection.add(dn, attributes=attributes) for dn, attributes in wanted)

    return work


def python_ldap(job: Job) -> Work:
    """python-ldap (a wrapper of OpenLDAP's own library in C) reading the same entries, page by page, not kept."""
    import ldap
    from ldap.controls import SimplePagedResultsControl

    def work() -> int:
        connection = ldap.initialize(job.url)
        connection.simple_bind_s(job.bind_dn, job.password)
        page, count = SimplePagedResultsControl(True, size=PAGE, cookie=""), 0
        while True:
            request = connection.search_ext(PEOPLE, ldap.SCOPE_SUBTREE, "(uid=*)", serverctrls=[page])
            _, found, _, controls = connection.result3(request)
            count += len(found)
            page.cookie = controls[0].cookie
            if not page.cookie:
                return count

    return work


def write_ldif(job: Job) -> Work:
    """The entries as ldapadd reads them."""

    def work() -> int:
        texts = [ldif.dump(entry) for entry in entries(job)]
        Path(job.folder, "people.ldif").write_text("".join(texts), encoding="utf-8")
        return len(texts)

    return work


CONTENDERS: dict[str, Callable[[Job], Work]] = {
    made.__name__: made for made in (feideprov, feideprov_measured, unchanged, reading, ldap3, python_ldap, write_ldif)
}


def main() -> None:
    name, text = sys.argv[1:]
    work = CONTENDERS[name](Job(**json.loads(text)))
    before, started = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    count = work()
    seconds, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime - YARDSTICK.spent
    answer: dict[str, Any] = {"seconds": seconds, "cpu": cpu, "memory": after.ru_maxrss, "count": count}
    answer["yardstick"] = YARDSTICK.each
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
