"""Two processes with journals of their own want the same thing at the same moment, on one directory.

    python tests/torture/races.py [ROUNDS]

*number*: one number for two users. *name*: two people who would get one Feide name. *person*: one person under two
names. Each on a server that asks for uniqueness (slapd's `unique` overlay) and one that does not, near and far (a proxy
that delays answers). What a process says it has done must stand at the end, and nobody may share what is one's alone.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "support")]

from proxy import Proxy  # noqa: E402
from scene import number  # noqa: E402

from feideprov.cli.care import demo  # noqa: E402
from feideprov.directory import ldif  # noqa: E402
from feideprov.directory.dn import DN  # noqa: E402
from feideprov.directory.entry import Add, Entry  # noqa: E402
from feideprov.directory.ldap.directory import LdapDirectory  # noqa: E402
from feideprov.testing.slapd import PrivateSlapd  # noqa: E402

KINDS = ("number", "name", "person")
FAR = 0.005  # seconds that each answer takes
OFFICES = ("north", "south")
NAME, SOURCE_ID, NUMBER = "eduPersonPrincipalName", "employeeNumber", "norEduPersonNIN"
_LETTERS = "abcdefghij"


@dataclass
class Result:
    """What the rounds of one kind on one server came to."""

    kind: str
    server: str
    rounds: int = 0
    ends: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


class Office:
    """One process that races."""

    def __init__(self, folder: Path, slapd: PrivateSlapd, url: str) -> None:
        folder.mkdir()
        (folder / "bind-password").write_text(slapd.service_password)
        directory = f'url = "{url}"\ntls = "off"\nbind_dn = "{slapd.service_dn}"\npassword_file = "bind-password"'
        config = folder / "feideprov.toml"
        config.write_text(demo.configuration(directory) + '\n[login]\npassword_hash = "ssha"\n', encoding="utf-8")
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("racer.py")), str(config)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )

    def say(self, line: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(line + "\n")

    def hear(self) -> str:
        assert self._process.stdout
        line = self._process.stdout.readline()
        assert line, "the process has ended"
        return line.strip()

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()


@contextmanager
def offices(slapd: PrivateSlapd, *, far: bool) -> Iterator[list[Office]]:
    """Two offices on one server."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="torture-")))
        url = slapd.url
        if far:
            proxy = stack.enter_context(Proxy.before(slapd.url))
            proxy.delay, url = FAR, proxy.url
        both = [Office(folder / name, slapd, url) for name in OFFICES]
        for office in both:
            stack.callback(office.close)
        yield both


@contextmanager
def administrator(slapd: PrivateSlapd) -> Iterator[LdapDirectory]:
    with LdapDirectory(
        slapd.url, base=slapd.suffix, bind_dn=slapd.admin_dn, password=slapd.password, tls=False
    ) as directory:
        yield directory


def word(n: int) -> str:
    """A name for a number."""
    return "".join(_LETTERS[int(digit)] for digit in f"{n:04}").capitalize()


def prepare(slapd: PrivateSlapd, rounds: int) -> None:
    """The organization, and for each round two users who wait for their number."""
    base = [r.entry for r in ldif.records(demo.STORY.joinpath("base.ldif").read_bytes()) if r.entry]
    with administrator(slapd) as directory:
        missing = [entry for entry in base if directory.read(entry.dn) is None]
        waiting = [_waiting(slapd, f"{office}{n}") for n in range(rounds) for office in OFFICES]
        assert all(w.error is None for w in directory.write([Add(entry) for entry in (*missing, *waiting)]))


def _waiting(slapd: PrivateSlapd, source_id: str) -> Entry:
    values: dict[str, list[str]] = {
        "objectClass": ["inetOrgPerson", "eduPerson", "norEduPerson"],
        "uid": [source_id],
        "cn": [source_id],
        "sn": [source_id],
        "displayName": [source_id],
        NAME: [f"{source_id}@skotthyll.kommune.no"],
        SOURCE_ID: [source_id],
        "eduPersonAffiliation": ["student"],
    }
    return Entry(DN.parse(f"uid={source_id},{slapd.people_dn}"), values)


def asked(kind: str, office: str, n: int) -> dict[str, Any]:
    """What an office is told to do in a round."""
    if kind == "number":
        return {"do": "attach", "person": f"{office}{n}", "n": n}
    if kind == "name":
        return {"do": "create", "person": f"{kind}-{office}{n}", "name": f"Olena {word(n)}"}
    return {"do": "create", "person": f"{kind}-{n}", "name": f"{office.capitalize()} {word(n)}"}


def race(slapd: PrivateSlapd, rounds: int, *, far: bool) -> list[Result]:
    """All rounds of every kind on one server."""
    server = ("unique" if slapd.unique else "not unique") + (", far" if far else "")
    prepare(slapd, rounds)
    results = []
    with offices(slapd, far=far) as both:
        for kind in KINDS:
            said = []
            for n in range(rounds):
                for name, office in zip(OFFICES, both, strict=True):
                    office.say(json.dumps(asked(kind, name, n)))
                for office in both:
                    assert office.hear() == "planned"
                for office in both:
                    office.say("")
                said.append([json.loads(office.hear()) for office in both])
            results.append(judged(slapd, Result(kind, server, rounds), said))
    return results


def judged(slapd: PrivateSlapd, result: Result, said: list[list[dict[str, Any]]]) -> Result:
    """What the directory holds, beside what the offices said."""
    with administrator(slapd) as directory:
        users = list(directory.having([SOURCE_ID], ["*"]))
    for attribute in (NAME, "uid", SOURCE_ID, NUMBER):
        held = Counter(value.lower() for user in users for value in user.values(attribute))
        if more := sum(count > 1 for count in held.values()):
            result.faults.append(f"{more} values of {attribute} are held twice")
    by_name = {user.text(NAME): user for user in users}
    for n, both in enumerate(said):
        stands = 0
        for office, told in zip(OFFICES, both, strict=True):
            if bool(told["done"]) == bool(told["refused"] or told["failed"]):
                result.faults.append(f"round {n}: {office} was not told what became of it: {told}")
            stood = [name for name in told["done"] if _stands(by_name.get(name), result.kind, office, n)]
            if stood != told["done"]:
                result.faults.append(f"round {n}: {office} was told of {told['done']}, which does not stand")
            stands += len(stood)
        result.ends[f"{stands} stand"] += 1
        found = sum(_is_of_round(user, result.kind, n) for user in users)
        if found != stands:
            result.faults.append(f"round {n}: {found} in the directory, {stands} told")
    return result


def _stands(user: Entry | None, kind: str, office: str, n: int) -> bool:
    if user is None:
        return False
    if kind == "number":
        return user.text(NUMBER) == number(n)[0]
    return user.text(SOURCE_ID) == asked(kind, office, n)["person"]


def _is_of_round(user: Entry, kind: str, n: int) -> bool:
    if kind == "number":
        return user.text(NUMBER) == number(n)[0]
    return user.text(SOURCE_ID) in {asked(kind, office, n)["person"] for office in OFFICES}


def all_races(rounds: int) -> Iterator[Result]:
    """On every server, so that there are so many rounds of each kind in all."""
    for unique in (True, False):
        for far in (False, True):
            with PrivateSlapd(unique=unique) as slapd:
                yield from race(slapd, max(1, -(-rounds // 4)), far=far)


def main() -> int:
    faults = 0
    for result in all_races(int(sys.argv[1]) if len(sys.argv) > 1 else 200):
        ends = ", ".join(f"{end}: {count}" for end, count in sorted(result.ends.items()))
        print(f"{result.kind:8}{result.server:16}{result.rounds:4} rounds  {ends}  faults: {len(result.faults)}")
        for fault in result.faults[:5]:
            print(f"    {fault}", flush=True)
        faults += len(result.faults)
    return int(faults > 0)


if __name__ == "__main__":
    sys.exit(main())
