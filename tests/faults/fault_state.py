"""What a command has left: the directory, the hand-over file, the journal and every other file, made comparable."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

from feideprov.directory import ldif
from feideprov.directory.entry import Entry

State = dict[str, Any]
"""Of each thing that can differ, what it is."""
_CATALOGUE, _PASSWORDS, _KEY, _JOURNAL = "catalogue.ldif", "passwords.csv", "feideprov.key", "feideprov.db"
_UNLIKE = (
    (re.compile(r"\b20\d\d-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(\+\d\d:\d\d|Z)?"), "<moment>"),
    (re.compile(r"\b[a-z]{26}\b|\b[a-z]{8}(?=\.eml)"), "<id>"),
    (re.compile(r"\b[b-df-hj-np-tv-xz]{12}\b"), "<key of a person without one>"),
    (re.compile(r"\bu[b-df-hj-np-tv-xz]{7}\b"), "<name that says nothing>"),
    (re.compile(r"\b[0-9a-f]{16,64}\b"), "<mark>"),
    (re.compile(r"\b[A-Z][a-z]{3}(-[a-z]{4}){4}-[1-9]\b"), "<password>"),
    (re.compile(r"(?m)^[\w-]{32}$|\{SSHA\}[\w+/=]+"), "<password>"),
)
_ENDED = "done"
_PERHAPS_TWICE = ("update", "amend")
"""Kinds of changes that count as done even when a run was interrupted before the write: the next plan makes them again
where they are missing, and there is no number or password in them (recovery.py)."""
_NOT_COMPARED = {"id", "at", "ended_at", "next_at", "attempts", "said", "key_fingerprint"}
_DIGITS = re.compile(rb"(?<![0-9a-f])\d{11,12}(?![0-9a-f])")  # not those of a mark


def state_of(office: Path, entries: Iterable[Entry]) -> State:
    """Everything in the office, and these entries of its directory."""
    files = sorted(path for path in office.rglob("*") if path.is_file())
    state: State = {"files": [_named(path, office) for path in files]}  # before the journal is opened here
    rows = _rows(office / _PASSWORDS)
    given = {row[0]: row[-1] for row in rows}
    state["hand-over"] = sorted(tuple(row[:-1]) for row in rows)
    for entry in entries:
        state[f"entry {alike(str(entry.dn))}"] = _comparable(entry, given)
    if (office / _JOURNAL).exists():
        state.update(_journal(office / _JOURNAL))
    for path in files:
        of_its_own = path.name == _PASSWORDS or path.name.startswith((_KEY, _JOURNAL, _CATALOGUE))
        if not of_its_own and path.suffix != ".lock":  # a lock file may name the last run that held it
            state[f"file {_named(path, office)}"] = alike(_text(path))
    return state


def _text(path: Path) -> str:
    """What is in a file; of a spreadsheet, its cells: the file itself has the time when it was made."""
    if path.suffix != ".xlsx":
        return path.read_text(encoding="utf-8", errors="replace")
    sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
    return "\n".join(";".join(map(str, row)) for row in sheet.to_python())


def ldif_entries(office: Path) -> list[Entry]:
    """The directory, when it is an LDIF file."""
    return [record.entry for record in ldif.records((office / _CATALOGUE).read_bytes()) if record.entry]


def differences(now: State, then: State) -> Iterator[str]:
    """Which things are not as in an undisturbed run."""
    for name in sorted(now.keys() | then.keys()):
        if name not in now:
            yield f"{name} is missing"
        elif name not in then:
            yield f"{name} is too much"
        elif now[name] != then[name]:
            yield f"{name}: {_shown(now[name], then[name])}"


def secrets_in(office: Path) -> dict[str, set[bytes]]:
    """By file, what is like a number in it, and the first passwords."""
    passwords = {row[-1].encode() for row in _rows(office / _PASSWORDS) if row[-1]}
    found = {}
    for path in office.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            secret = {p for p in passwords if p in content} | set(_DIGITS.findall(content))
            if secret:
                found[_named(path, office)] = secret
    return found


def alike(text: str) -> str:
    """The text without what is different at every run."""
    for pattern, word in _UNLIKE:
        text = pattern.sub(word, text)
    return text


def _named(path: Path, office: Path) -> str:
    return f"{alike(str(path.relative_to(office)))} {path.stat().st_mode & 0o777:o}"


def _rows(path: Path) -> list[list[str]]:
    if not path.exists():
        return []
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""), delimiter=";"))[1:]


def _comparable(entry: Entry, given: dict[str, str]) -> dict[str, Any]:
    """A password is compared with the row of the hand-over file: every run gives another one."""
    found: dict[str, Any] = {name.lower(): sorted(values) for name, values in entry.items()}
    stored = found.pop("userpassword", [])
    password = given.get(entry.text("eduPersonPrincipalName") or "")
    if stored and password is not None:
        found["password"] = "is as handed over" if _verifies(stored[0], password) else "is another one"
    return found


def _verifies(stored: bytes, password: str) -> bool:
    """{SSHA}: the octets after the digest are its salt. A closed user has a “!” before it."""
    octets = base64.b64decode(stored.partition(b"{SSHA}")[2])
    return hashlib.sha1(password.encode() + octets[20:]).digest() == octets[:20]


def _journal(path: Path) -> Iterator[tuple[str, Any]]:
    """Of each table its rows; of the changes, those that took place, and how many are open."""
    with closing(sqlite3.connect(path)) as database:
        database.row_factory = sqlite3.Row
        [whole] = database.execute("pragma integrity_check").fetchone()
        yield "journal integrity", whole
        tables = [name for (name,) in database.execute("select name from sqlite_master where type = 'table'")]
        changes = {row["id"]: row for row in database.execute("select * from change")} if "change" in tables else {}
        yield "journal open", sum(row["ended_at"] is None for row in changes.values())
        for table in tables:
            rows = database.execute(f"select * from {table}").fetchall()
            if table == "change":
                rows = [row for row in rows if row["state"] == _ENDED]
            counted = Counter(tuple(_cells(row, changes)) for row in rows)
            if table == "change":
                counted.update({row: 1 - n for row, n in counted.items() if dict(row)["kind"] in _PERHAPS_TWICE})
            yield f"journal {table}", counted


def _cells(row: sqlite3.Row, changes: dict[int, sqlite3.Row]) -> Iterator[tuple[str, Any]]:
    for name in row.keys():  # noqa: SIM118 - a row is iterated by its values
        if name == "change_id":
            change = changes.get(row[name])
            yield name, (change["kind"], alike(change["feide_name"])) if change else row[name]
        elif name not in _NOT_COMPARED:
            yield name, alike(row[name]) if isinstance(row[name], str) else row[name]


def _shown(now: Any, then: Any) -> str:
    if isinstance(now, Counter):
        return f"too much {list((now - then).elements())[:2]}, missing {list((then - now).elements())[:2]}"
    if isinstance(now, list):
        return f"too much {[x for x in now if x not in then][:3]}, missing {[x for x in then if x not in now][:3]}"
    if isinstance(now, dict):
        return str({k: (now.get(k), then.get(k)) for k in now.keys() | then.keys() if now.get(k) != then.get(k)})[:300]
    return f"{str(now)[:200]!r} in place of {str(then)[:200]!r}"
