"""Writes side by side: whatever order a server takes, and wherever it breaks off, it ends as one by one."""

from __future__ import annotations

import random
import warnings
from collections.abc import Iterable, Iterator

import pytest
import stamina
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feideprov import MemoryDirectory
from feideprov.directory.dn import DN
from feideprov.directory.entry import Add, Delete, Entry, Modification, Modify, Precondition, Rename, Write, WriteResult
from feideprov.directory.ldap import ber
from feideprov.directory.ldap.pipeline import Pipeline
from feideprov.directory.ldap.responses import read_header
from feideprov.directory.ldap.transport import ConnectionLostError, Transport
from feideprov.directory.ldap.write_operations import WriteOperations
from feideprov.messages import Sentence

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # ldap3 2.9.1 imports names that pyasn1 renamed
    from ldap3.protocol.rfc4511 import LDAPMessage
    from pyasn1.codec.ber import decoder

BASE = DN.parse("dc=skotthyll,dc=no")
UNITS = [BASE.child("ou", "a"), BASE.child("ou", "b")]
PLACES = [*UNITS, UNITS[0].child("ou", "inner")]
USERS = [place.child("uid", uid) for place in PLACES for uid in ("x", "y")]
VALUES = st.sampled_from(["one", "two"])
SEARCH, BUSY = 0x63, 51
ANSWERS = {0x63: 0x65, 0x66: 0x67, 0x68: 0x69, 0x4A: 0x6B, 0x6C: 0x6D}


def unit(dn: DN) -> Entry:
    return Entry(dn, {"objectClass": ["organizationalUnit"], "ou": [dn.rdns[0][0][1]]})


def user(dn: DN, cn: str) -> Entry:
    return Entry(dn, {"objectClass": ["inetOrgPerson"], "uid": [dn.rdns[0][0][1]], "cn": [cn], "sn": ["K"]})


def modify(dn: DN, operation: str, value: str, presumed: tuple[Precondition, ...]) -> Modify:
    return Modify(dn, (Modification(operation, "description", (value.encode(),)),), presumed)  # type: ignore[arg-type]


PRESUMED = st.sampled_from([(), (Precondition("description", None),), (Precondition("description", "ONE"),)])
WRITE = st.one_of(
    st.builds(lambda dn: Add(unit(dn)), st.sampled_from(PLACES)),
    st.builds(lambda dn, cn: Add(user(dn, str(cn))), st.sampled_from(USERS), st.integers(0, 10**6)),
    st.builds(modify, st.sampled_from(USERS), st.sampled_from(["add", "delete"]), VALUES, PRESUMED),
    st.builds(Delete, st.sampled_from([*PLACES, *USERS])),
    st.builds(lambda place: Rename(place.child("uid", "x"), place.child("uid", "y")), st.sampled_from(PLACES)),
)
WRITES = st.lists(WRITE, max_size=40)


class Server:
    """A server that answers what is under way in an order of its own, over a MemoryDirectory.

    It breaks off, or says that it is busy, as often as `breaks` and `busy` say. What was under way when it broke off,
    or what it said that about, may have been done, or not, or be done only when the same is asked again.
    """

    window = 8

    def __init__(self, directory: MemoryDirectory, chance: random.Random, *, breaks: int = 0, busy: int = 0) -> None:
        self.directory = directory
        self.chance = chance
        self.breaks, self.busy = breaks, busy
        self.late: list[Write] = []
        self.under_way: list[bytes] = []

    def connect(self) -> Transport:
        self.under_way = []
        return Transport(self)

    def send(self, message: bytes) -> None:
        self.under_way.append(message)

    def flush(self) -> None:
        pass

    def close(self) -> None:
        pass

    def receive(self, deadline: float) -> list[bytes]:
        assert self.under_way, "somebody waits for nothing"
        if self.breaks and self.chance.randrange(4) == 0:
            self.breaks -= 1
            for message in self.chance.sample(self.under_way, len(self.under_way)):
                if read_header(message)[1] != SEARCH:
                    self.chance.choice([self._carry_out, self.late.append, lambda _: None])(write_in(message))
            raise ConnectionLostError(Sentence("it was cut"))
        answered = self.chance.sample(self.under_way, self.chance.randint(1, len(self.under_way)))
        self.under_way = [message for message in self.under_way if message not in answered]
        return [answer for message in answered for answer in self._answers(message)]

    def _answers(self, message: bytes) -> list[bytes]:
        number, kind, at = read_header(message)
        if self.busy and self.chance.randrange(5) == 0:
            self.busy -= 1
            if kind != SEARCH:
                self.chance.choice([self._carry_out, self.late.append, lambda _: None])(write_in(message))
            return [result(number, ANSWERS[kind], BUSY)]
        if kind != SEARCH:
            return [result(number, ANSWERS[kind], self._carry_out(write_in(message)))]
        found = self.directory.read(read_in(message, at))
        return [entry_of(number, found), result(number, 0x65, 0)] if found else [result(number, 0x65, 32)]

    def _carry_out(self, write: Write) -> int:
        """What comes late comes before it is asked again; when something else was done there, it never comes."""
        late, self.late = self.late, [late for late in self.late if not touches(late, write)]
        list(self.directory.write([one for one in late if one == write]))
        [written] = self.directory.write([write])
        return written.error.code or -1 if written.error else 0


def touches(one: Write, other: Write) -> bool:
    names = {dn for write in (one, other) if isinstance(write, Rename) for dn in (write.to,)} | {one.dn}
    return any(dn.is_within(other.dn) or other.dn.is_within(dn) for dn in names)


def write_in(message: bytes) -> Write:
    """The write that a request asks for, as pyasn1 reads it."""
    operation = decoder.decode(message, asn1Spec=LDAPMessage())[0]["protocolOp"].getComponent()
    names = {0: "add", 1: "delete"}
    match type(operation).__name__:
        case "AddRequest":
            values = {str(a["type"]): [bytes(v) for v in a["vals"]] for a in operation["attributes"]}
            return Add(Entry(DN.parse(str(operation["entry"])), values))
        case "ModifyRequest":
            steps = ((names[int(c["operation"])], c["modification"]) for c in operation["changes"])
            each = (Modification(o, str(m["type"]), tuple(bytes(v) for v in m["vals"])) for o, m in steps)  # type: ignore[arg-type]
            return Modify(DN.parse(str(operation["object"])), tuple(each))
        case "DelRequest":
            return Delete(DN.parse(str(operation)))
        case _:
            dn = DN.parse(str(operation["entry"]))
            return Rename(dn, DN((*DN.parse(str(operation["newrdn"])).rdns, *dn.parent.rdns)))


def read_in(message: bytes, at: int) -> DN:
    _, at, _ = ber.read(message, at)
    _, start, end = ber.read(message, at)
    return DN.parse(message[start:end].decode())


def result(number: int, kind: int, code: int) -> bytes:
    answer = ber.element(kind, ber.integer(code, ber.ENUMERATED) + ber.octets(b"") * 2)
    return ber.element(ber.SEQUENCE, ber.integer(number) + answer)


def entry_of(number: int, entry: Entry) -> bytes:
    attributes = b"".join(
        ber.element(ber.SEQUENCE, ber.octets(n.encode()) + ber.element(ber.SET, b"".join(map(ber.octets, vs))))
        for n, vs in entry.items()
    )
    found = ber.element(0x64, ber.octets(str(entry.dn).encode()) + ber.element(ber.SEQUENCE, attributes))
    return ber.element(ber.SEQUENCE, ber.integer(number) + found)


def begun() -> MemoryDirectory:
    """Half of what the writes are about is there already."""
    top = Entry(BASE, {"objectClass": ["dcObject", "organization"], "dc": ["skotthyll"], "o": ["S"]})
    there = [
        Entry(dn, dict(user(dn, "begun").items()) | {"description": ["one"]}) for dn in USERS if dn.parent == UNITS[0]
    ]
    return MemoryDirectory(BASE, [top, unit(UNITS[0]), *there])


def state(directory: MemoryDirectory) -> list[tuple[str, Entry]]:
    return sorted(((str(entry.dn), entry) for entry in directory.entries()), key=lambda named: named[0])


def written(server: Server, writes: Iterable[Write]) -> Iterator[WriteResult]:
    operations = WriteOperations(False, False, server.directory.stored_password)
    return Pipeline(server.connect, operations, window=server.window, patience=10.0).run(writes)


CHANCE = st.randoms(use_true_random=False)


@given(WRITES, CHANCE)
def test_side_by_side_is_as_one_by_one(writes: list[Write], chance: random.Random) -> None:
    one_by_one, server = begun(), Server(begun(), chance)
    expected = [(w.write, w.error and w.error.code) for w in one_by_one.write(writes)]
    assert [(w.write, w.error and w.error.code) for w in written(server, writes)] == expected
    assert state(server.directory) == state(one_by_one)


@given(WRITES, CHANCE)
def test_wherever_a_connection_breaks_it_ends_as_if_it_had_not(writes: list[Write], chance: random.Random) -> None:
    one_by_one, server = begun(), Server(begun(), chance, breaks=4)
    expected = list(one_by_one.write(writes))
    for outcome, other in zip(written(server, writes), expected, strict=True):
        # what was refused may be found to stand already, as it was asked for
        assert outcome.write == other.write
        assert outcome.error is None or (other.error is not None and outcome.error.code == other.error.code)
    assert state(server.directory) == state(one_by_one)


@pytest.fixture
def no_waiting() -> Iterator[None]:
    with stamina.set_testing(True, attempts=100):
        yield


@pytest.mark.usefixtures("no_waiting")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(WRITES, CHANCE)
def test_whatever_a_busy_server_does_it_ends_as_if_it_had_not_been_busy(
    writes: list[Write], chance: random.Random
) -> None:
    one_by_one, server = begun(), Server(begun(), chance, busy=8)
    expected = list(one_by_one.write(writes))
    for outcome, other in zip(written(server, writes), expected, strict=True):
        assert outcome.error is None or (other.error is not None and outcome.error.code == other.error.code)
    assert state(server.directory) == state(one_by_one)
