"""The reader of LDIF reads every export as python-ldap does (Debian's python3-ldap; see tests/install-servers).

python-ldap is no dependency of the developers, because it needs a compiler. Its reader runs once, in a process of its
own, on many exports. They are made without Hypothesis, which takes forty times as long.
"""

from __future__ import annotations

import base64
import json
import subprocess
from collections.abc import Iterable, Iterator
from random import Random

import pytest
from size import size

from feideprov.directory import ldif
from feideprov.directory.dn import DN

PYTHON = "/usr/bin/python3"
"""Debian's own, which the package is for."""
READ = """
import base64, io, json, sys
import ldif

def text(value):
    return base64.b64encode(value).decode()

for line in sys.stdin:
    reader = ldif.LDIFRecordList(io.BytesIO(base64.b64decode(line)))
    reader.parse()
    entries = [(dn, [(name, list(map(text, vs))) for name, vs in held.items()]) for dn, held in reader.all_records]
    print(json.dumps(entries))
"""
DESCRIPTIONS = (
    *("cn", "CN;lang-nb", "commonName", "2.5.4.3", "sn;x-a;lang-en", "userCertificate;binary", "x-local", "jpegPhoto"),
    *("norEduPersonNIN", "uid;adcsn-68678399000100040000;vucsn-68678399000100040000", "mail;vdcsn-1;deleted"),
)
TEXTS = (
    *("a", "a b  c ", "a" * 400, "a:b::c", "dn: x", "# no comment", "-", "version: 1", "æøå Олена", "a:<b", "a\tb"),
    *("", "=", "{SSHA}AAAA==", "2026-08-17", "a\rb", "a\u2028\x85\x0b\x1c"),
)
COMMENTS = ("#", "# a comment", "#dn: dc=a", "# folded\n  comment", "# search result\n#  of\n  slapcat")

Read = list[tuple[DN, dict[str, list[bytes]]]]


def export(at: Random) -> bytes:
    """An export as a server or a tool may write it."""
    end = at.choice(["\n", "\r\n"])
    lines = at.choice([[], ["version: 1"], ["version: 1", ""], ["version: 1", "", "", ""]])
    for number in range(at.randint(1, 4)):
        lines += [*at.choices(COMMENTS, k=at.randint(0, 2)), *record(at, f"uid={number},ou=Åse,dc=no")]
        lines += [""] * at.randint(1, 3)
    text = "\n".join(lines).replace("\n", end)
    return (text + end if at.random() < 0.5 else text.removesuffix(end)).encode()


def record(at: Random, name: str) -> Iterator[str]:
    yield from folded(at, f"dn:: {base64.b64encode(name.encode()).decode()}" if at.random() < 0.5 else f"dn: {name}")
    for _ in range(at.randint(1, 8)):
        description, space = at.choice(DESCRIPTIONS), at.choice(["", " "])
        if at.random() < 0.5:
            text = at.choice(TEXTS)
            yield from folded(at, f"{description}: {text}")
        else:
            value = at.choice(TEXTS).encode() + at.randbytes(at.randint(0, 90))
            yield from folded(at, f"{description}::{space}{base64.b64encode(value).decode()}")


def folded(at: Random, line: str) -> Iterator[str]:
    """The line, in parts of any length, none of which is of spaces alone: such a line parts two records here."""
    first = True
    while line:
        cut = at.randint(1, 80) if at.random() < 0.7 else len(line)
        while cut < len(line) and (line[:cut].isspace() or line[cut:].isspace()):
            cut += 1
        yield line[:cut] if first else f" {line[:cut]}"
        line, first = line[cut:], False


def read_by_python_ldap(files: Iterable[bytes]) -> list[Read]:
    done = subprocess.run(
        [PYTHON, "-I", "-c", READ],
        input="\n".join(base64.b64encode(content).decode() for content in files),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [
        [(DN.parse(dn), by_name((name, map(base64.b64decode, values)) for name, values in held)) for dn, held in read]
        for read in map(json.loads, done.stdout.splitlines())
    ]


def read_here(content: bytes) -> Read:
    entries = [record.entry for record in ldif.records(content) if record.entry is not None]
    return [(entry.dn, by_name(entry.items())) for entry in entries]


def by_name(items: Iterable[tuple[str, Iterable[bytes]]]) -> dict[str, list[bytes]]:
    """The values by description, which is the same in capitals."""
    found: dict[str, list[bytes]] = {}
    for name, values in items:
        found.setdefault(name.lower(), []).extend(values)
    return found


def test_an_export_is_read_as_python_ldap_reads_it() -> None:
    files = [export(Random(seed)) for seed in range(size(150, 20_000))]
    for content, expected in zip(files, read_by_python_ldap(files), strict=True):
        assert read_here(content) == expected, content


@pytest.mark.parametrize("content", [b"dn: dc=no\ndc: a\rb\n", b"dn: dc=no\r\ndc: a\rb: c\r\n d\r\n"])
def test_a_lone_carriage_return_ends_no_line(content: bytes) -> None:
    [expected] = read_by_python_ldap([content])
    assert read_here(content) == expected
