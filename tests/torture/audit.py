"""What a run has left in the directory, the hand-over file and the journal, beside what an unhurt run leaves."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from scene import Scene

from feideprov import Client
from feideprov.directory.entry import Entry
from feideprov.journal.journal import OPEN, State

ONCE = ("create", "attach", "replace", "withdraw", "rename")
"""Changes that are in the journal as done exactly once, however often the commands are run."""
NAME, SOURCE_ID, NUMBER, PASSWORD = "eduPersonPrincipalName", "employeeNumber", "norEduPersonNIN", "userPassword"
_NAMES = {NAME, "uid", "eduPersonPrincipalNamePrior", "displayName"}


@dataclass
class Left:
    """What there is after a run."""

    users: Mapping[str, list[Entry]]
    """By source id."""
    others: Mapping[str, Entry]
    rows: list[tuple[str, str]] = field(repr=False)
    """The hand-over file: Feide name and password."""
    done: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Kind and source id (or Feide name) of what the journal calls done."""
    open: int = 0
    owed: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """Kind, user and service of each notice that is owed."""
    findings: list[str] = field(default_factory=list)
    """What the journal and the directory disagree about."""
    litter: list[str] = field(default_factory=list)
    """Files that a process has left in the office."""

    @classmethod
    def of(cls, scene: Scene) -> Left:
        users: dict[str, list[Entry]] = {}
        others = {}
        with scene.directory() as directory:
            for entry in directory.having(["objectClass"], ["*"]):
                if entry.values("uid"):
                    users.setdefault(entry.text(SOURCE_ID) or "", []).append(entry)
                else:
                    others[str(entry.dn)] = entry
        left = cls(users, others, _rows(scene))
        scene.configure(scene.slapd.url)
        with Client.open(scene.office / "feideprov.toml") as client, closing(client._context.journal) as journal:
            events = journal.events()
            left.done = Counter((e.kind, e.feide_name) for e in events if e.state is State.DONE)
            left.open = sum(e.state in OPEN for e in events)
            by_id = {event.id: event for event in events}
            owed = [(by_id[one.change], one.service) for one in journal.owed()]
            left.owed = Counter((event.kind, event.feide_name, service) for event, service in owed)
            left.findings = [f"{finding.code} {finding.sentence}" for finding in client.journal.verify()]
        left.litter = sorted(p.name for p in scene.office.iterdir() if p.name.endswith((".new", ".tmp")))
        return left

    def faults(self, unhurt: Left) -> Iterator[tuple[str, str]]:
        """How this differs from what an unhurt run leaves: the kind of fault, and a sentence."""
        yield from self._faults_of_users(unhurt)
        for dn, entry in unhurt.others.items():
            if _comparable(self.others.get(dn)) != _comparable(entry):
                yield "half-written", f"{dn} differs"
        yield from self._faults_of_passwords(unhurt)
        for kind in ONCE:
            ours = Counter({who: n for (k, who), n in self.done.items() if k == kind})
            theirs = Counter({who: n for (k, who), n in unhurt.done.items() if k == kind})
            if ours != theirs:
                yield "journal", f"{kind}: {_some(ours - theirs)} too much, {_some(theirs - ours)} missing"
        if self.open:
            yield "journal", f"{self.open} changes are open"
        for finding in self.findings:
            yield "journal", finding
        if self.owed != unhurt.owed:
            yield "notice", f"{_some(unhurt.owed - self.owed)} missing, {_some(self.owed - unhurt.owed)} too much"
        for name in self.litter:
            yield "litter", name

    def _faults_of_users(self, unhurt: Left) -> Iterator[tuple[str, str]]:
        for source_id in unhurt.users.keys() | self.users.keys():
            now, then = self.users.get(source_id, []), unhurt.users.get(source_id, [])
            if len(now) < len(then):
                yield "lost", source_id
            elif len(now) > len(then):
                yield "twice", source_id
            elif _comparable(now[0]) != _comparable(then[0]):
                ours, theirs = _comparable(now[0]), _comparable(then[0])
                names = sorted(n for n in ours.keys() | theirs.keys() if ours.get(n) != theirs.get(n))
                kind = "number" if names == [NUMBER.lower()] else "half-written"
                yield kind, f"{source_id}: {', '.join(names)}"
        for attribute in ("uid", NAME, NUMBER):
            held = Counter(v.lower() for entries in self.users.values() for e in entries for v in e.values(attribute))
            if more := sum(n > 1 for n in held.values()):
                yield "twice", f"{more} values of {attribute}"

    def _faults_of_passwords(self, unhurt: Left) -> Iterator[tuple[str, str]]:
        rows = Counter(user for user, _ in self.rows)
        if rows != Counter(user for user, _ in unhurt.rows):
            then = {user for user, _ in unhurt.rows}
            odd = [user for user, n in rows.items() if n > 1 or user not in then]
            yield "hand-over", f"{odd} too much, {sorted(then - rows.keys())} missing"
        given = dict(self.rows)
        for entries in self.users.values():
            for entry in entries:
                name = entry.text(NAME) or ""
                stored = entry.values(PASSWORD)
                has_one = bool(unhurt.users.get(entry.text(SOURCE_ID) or "", [entry])[0].values(PASSWORD))
                if name in given and has_one and not any(_verifies(value, given[name]) for value in stored):
                    yield "password", f"{name} cannot log in with the password that is handed over"


def _rows(scene: Scene) -> list[tuple[str, str]]:
    path = scene.office / "passwords.csv"
    if not path.exists():
        return []
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""), delimiter=";"))
    return [(row[0], row[-1]) for row in rows[1:]]


def _comparable(entry: Entry | None) -> dict[str, list[bytes]]:
    """An entry without what differs from one run to the next: a password and its hash."""
    return {n.lower(): sorted(v) for n, v in entry.items() if n != PASSWORD} if entry else {}


def _some(things: Counter[Any]) -> str:
    """How many, and the first of them."""
    first = next(iter(things), None)
    return f"{things.total()} ({first})" if first else "0"


def _verifies(stored: bytes, password: str) -> bool:
    """{SSHA}: the octets after the digest are its salt."""
    octets = base64.b64decode(stored.removeprefix(b"{SSHA}"))
    return hashlib.sha1(password.encode() + octets[20:]).digest() == octets[:20]
