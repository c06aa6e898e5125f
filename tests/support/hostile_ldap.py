"""An LDAP server on loopback that answers wrongly, with an encoder of its own.

Until the stage of its shape it is polite: it takes a bind, shows a rootDSE and a schema, and has a small directory.

    with HostileLdap(SHAPES["silence"], "search") as server:
        …LdapDirectory(server.url, tls=False)…
"""

from __future__ import annotations

import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

BASE, SUFFIX = "dc=skotthyll,dc=no", b"dc=skotthyll,dc=no"
STAGES = ("bind", "root", "search", "write")
BIND, UNBIND, SEARCH, MODIFY, ADD, DELETE, RENAME, EXTENDED = 0x60, 0x42, 0x63, 0x66, 0x68, 0x4A, 0x6C, 0x77
ANSWERS = {0x60: 0x61, 0x63: 0x65, 0x66: 0x67, 0x68: 0x69, 0x4A: 0x6B, 0x6C: 0x6D, 0x6E: 0x6F, 0x77: 0x78}
_WRITES = (MODIFY, ADD, DELETE, RENAME)
_SCHEMA = ("norEduPersonNIN", "norEduPersonLegalName", "eduPersonPrincipalName", "norEduPerson", "eduPerson")


def tlv(tag: int, content: bytes) -> bytes:
    """One element, its length in four octets: legal, and unlike what the client writes."""
    return bytes((tag, 0x84)) + len(content).to_bytes(4, "big") + content


def number(value: int, tag: int = 0x02, size: int = 4) -> bytes:
    return tlv(tag, value.to_bytes(size, "big", signed=True))


def result(code: bytes = b"\0", *, matched: bytes = b"", text: bytes = b"", more: bytes = b"") -> bytes:
    """The content of an LDAPResult."""
    return tlv(0x0A, code) + tlv(0x04, matched) + tlv(0x04, text) + more


def entry(dn: bytes, attributes: dict[bytes, list[bytes]]) -> bytes:
    """A SearchResultEntry."""
    listed = b"".join(
        tlv(0x30, tlv(0x04, name) + tlv(0x31, b"".join(tlv(0x04, value) for value in values)))
        for name, values in attributes.items()
    )
    return tlv(0x64, tlv(0x04, dn) + tlv(0x30, listed))


def control(oid: bytes, value: bytes) -> bytes:
    return tlv(0xA0, tlv(0x30, tlv(0x04, oid) + tlv(0x04, value)))


def page(cookie: bytes) -> bytes:
    return control(b"1.2.840.113556.1.4.319", tlv(0x30, number(0) + tlv(0x04, cookie)))


@dataclass
class Asked:
    """One request: its id, what is asked, and the name of the entry that it is about."""

    id: int
    tag: int
    dn: bytes

    def message(self, operation: bytes, controls: bytes = b"", *, number_: bytes | None = None) -> bytes:
        return tlv(0x30, (number(self.id) if number_ is None else number_) + operation + controls)

    def answer(self, content: bytes = result(), controls: bytes = b"") -> bytes:
        """The message that ends this request."""
        return self.message(tlv(ANSWERS.get(self.tag, 0x65), content), controls)


class Conversation:
    """One connection. `send` raises OSError when the client has left, or the server is closed."""

    def __init__(self, connection: socket.socket, ended: threading.Event) -> None:
        self.connection = connection
        self.ended = ended

    def send(self, octets: bytes) -> None:
        if self.ended.is_set():
            raise OSError
        self.connection.sendall(octets)

    def wait(self, seconds: float | None = None) -> None:
        """Until the client leaves or the server is closed; not longer than these seconds."""
        if self.ended.wait(seconds):
            raise OSError

    def drip(self, octets: Iterator[bytes], pause: float) -> None:
        for some in octets:
            self.send(some)
            self.wait(pause)

    def requests(self) -> Iterator[Asked]:
        received = b""
        while chunk := self.connection.recv(65536):
            received += chunk
            while (end := _end(received, 0)) and end <= len(received):
                yield _asked(received[:end])
                received = received[end:]


def _head(octets: bytes, at: int) -> tuple[int, int]:
    size, start = octets[at + 1], at + 2
    if size >= 0x80:
        start += size - 0x80
        size = int.from_bytes(octets[at + 2 : start], "big")
    return start, start + size


def _end(octets: bytes, at: int) -> int:
    return _head(octets, at)[1] if len(octets) >= at + 6 or (len(octets) >= 2 and octets[1] < 0x80) else 0


def _asked(message: bytes) -> Asked:
    start, end = _head(message, _head(message, 0)[0])
    tag, inner = message[end], _head(message, end)
    if tag == BIND:
        inner = (_head(message, inner[0])[1], 0)
    name = message[slice(*inner)] if tag == DELETE else message[slice(*_head(message, inner[0]))]
    return Asked(int.from_bytes(message[start:end], "big"), tag, name)


Act = Callable[[Conversation, Asked], None]
"""What is done in place of an answer. When it returns, the connection is closed."""


def stage_of(asked: Asked) -> str:
    """At which stage a request is."""
    if asked.tag == BIND:
        return "bind"
    if asked.tag == SEARCH:
        return "search" if asked.dn else "root"
    return "write" if asked.tag in _WRITES else "start_tls" if asked.tag == EXTENDED else ""


def polite(asked: Asked) -> bytes:
    """What a server without faults says."""
    if asked.tag != SEARCH:
        return asked.answer()
    return asked.message(entry(asked.dn, _shown(asked.dn))) + asked.answer()


def _shown(dn: bytes) -> dict[bytes, list[bytes]]:
    if not dn:
        return {b"namingContexts": [SUFFIX], b"subschemaSubentry": [b"cn=subschema"], b"vendorName": [b"Hostile"]}
    if dn == b"cn=subschema":
        names = [f"( 1.2.3.{n} NAME '{name}' )".encode() for n, name in enumerate(_SCHEMA)]
        return {b"attributeTypes": names, b"objectClasses": names}
    return {b"objectClass": [b"organization"], b"o": [b"Skotthyll"]}


@dataclass
class HostileLdap:
    """As a context manager: a server that answers wrongly at one stage. With `folder` (of certificates) and `tls` it
    speaks TLS from the start, or after StartTLS. `skip`: so many requests of the stage are answered as they should."""

    act: Act
    stage: str = "bind"
    folder: Path | None = None
    tls: bool = False
    skip: int = 0
    asked: list[Asked] = field(default_factory=list)
    """Every request that came in."""

    def __post_init__(self) -> None:
        self._ended = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._threads: list[threading.Thread] = []
        self._open: list[socket.socket] = []

    @property
    def url(self) -> str:
        return f"{'ldaps' if self.tls else 'ldap'}://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(self, *exc: object) -> None:
        self._ended.set()
        for end in (self._listener, *self._open):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        for thread in self._threads:
            thread.join(10)

    def _start(self, work: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self._open.append(connection)
                self._start(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError, ValueError, IndexError), connection:
            plain = Conversation(connection, self._ended)
            if self.stage == "connect":
                return self.act(plain, Asked(1, BIND, b""))
            if not self.tls:
                for asked in plain.requests():
                    if self._is_over(plain, asked):
                        return None
                    if asked.tag == EXTENDED and self.folder:
                        break
                else:
                    return None
            if self.folder:
                with self._context(self.folder).wrap_socket(connection, server_side=True) as secret:
                    self._open.append(secret)
                    inside = Conversation(secret, self._ended)
                    for asked in inside.requests():
                        if self._is_over(inside, asked):
                            return None
        return None

    def _is_over(self, conversation: Conversation, asked: Asked) -> bool:
        self.asked.append(asked)
        if asked.tag == UNBIND:
            return True
        if stage_of(asked) == self.stage:
            if not self.skip:
                self.act(conversation, asked)
                return True
            self.skip -= 1
        conversation.send(polite(asked))
        return False

    @staticmethod
    def _context(folder: Path) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "server.pem", folder / "server.key")
        return context


def peak_of_reading(urls: Sequence[str]) -> int:
    """Read all of these servers, in this process. The greatest memory of the process so far, in KB."""
    from feideprov.directory.ldap.directory import LdapDirectory

    for url in urls:
        directory = LdapDirectory(url, base=BASE, tls=False, receive_timeout=2, patience=0.2)
        with suppress(Exception), directory:
            sum(1 for _ in directory.having(["uid"], ["uid"]))
    [peak] = re.findall(r"VmHWM:\s*(\d+) kB", Path("/proc/self/status").read_text())  # ru_maxrss has the parent's too
    return int(peak)


# --- the shapes

TERMINAL: Final = "\x1b[31;1mRED\x07\u202e\u2066".encode()


def says(make: Callable[[Asked], bytes], *, then_wait: bool = False) -> Act:
    """Sends this once; then closes, or keeps silent."""

    def act(conversation: Conversation, asked: Asked) -> None:
        conversation.send(make(asked))
        if then_wait:
            conversation.wait()

    return act


def repeats(make: Callable[[Asked, int], bytes], pause: float = 0.0) -> Act:
    """Sends one after another without end."""

    def act(conversation: Conversation, asked: Asked) -> None:
        n = 0
        while True:
            conversation.send(make(asked, n))
            n += 1
            if pause:
                conversation.wait(pause)

    return act


def _pages(cookie: Callable[[int], bytes], entries: Callable[[int], bytes]) -> Act:
    """Pages without end: each request is answered by entries and a cookie."""

    def act(conversation: Conversation, asked: Asked) -> None:
        def send(one: Asked, n: int) -> None:
            found = entries(n)
            conversation.send((one.message(found) if found else b"") + one.answer(controls=page(cookie(n))))

        send(asked, 0)
        for n, one in enumerate(conversation.requests(), 1):
            if one.tag == UNBIND:
                return
            send(one, n) if one.tag == SEARCH else conversation.send(polite(one))

    return act


def _huge(asked: Asked, size: int) -> bytes:
    """The beginning of a message that is announced as so many octets."""
    return b"\x30\x84" + size.to_bytes(4, "big") + number(asked.id)


def _person(n: int) -> bytes:
    return entry(b"uid=p%d,%b" % (n, SUFFIX), {b"uid": [b"p%d" % n], b"objectClass": [b"inetOrgPerson"]})


def _instead(asked: Asked, *values: bytes) -> bytes:
    """The entry that is asked for, with these values in each of its attributes."""
    return entry(asked.dn, {name: list(values) for name in _shown(asked.dn)})


def _in_a_list(asked: Asked, listed: bytes) -> bytes:
    return asked.message(tlv(0x64, tlv(0x04, SUFFIX) + tlv(0x30, listed))) + asked.answer()


_ONE = {b"objectClass": [b"top"]}
_NOTICE = tlv(0x78, result(b"\x34") + tlv(0x8A, b"1.3.6.1.4.1.1466.20036"))
_BAD_CONTROL = tlv(0xA0, tlv(0x30, tlv(0x04, b"1.2.840.113556.1.4.319") + tlv(0x04, b"\x30\x82\xff\xff\x02")))

EVERYWHERE: Final[dict[str, Act]] = {
    "closes at once": lambda _, __: None,
    "silence": lambda conversation, _: conversation.wait(),
    "one octet after another": lambda conversation, asked: conversation.drip(
        iter([_huge(asked, 10_000_000)[:1], *(b"\x84\0\x98\x96\x80"[n : n + 1] for n in range(5)), *[b"\0"] * 10**6]),
        0.05,
    ),
    "half a message": says(lambda asked: asked.answer()[:-3]),
    "half a message, then silence": says(lambda asked: asked.answer()[:-3], then_wait=True),
    "a web server": says(lambda _: b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"),
    "random octets": says(lambda _: bytes(range(255, 0, -1)) * 40),
    "octets without end": repeats(lambda _, __: b"\x30\x03\x02\x01\x05" * 1000),
    "an empty message": says(lambda _: b"\x30\x00"),
    "an indefinite length": says(lambda asked: b"\x30\x80" + number(asked.id) + b"\0\0"),
    "a length of 127 octets": says(lambda _: b"\x30\xff" + b"\x7f" * 127, then_wait=True),
    "4 GB announced": says(lambda asked: _huge(asked, 2**32 - 1), then_wait=True),
    "500 MB announced, and sent": lambda conversation, asked: conversation.drip(
        iter([_huge(asked, 500_000_000), *[b"x" * 1_000_000] * 500]), 0
    ),
    "a length beyond the message": says(lambda asked: tlv(0x30, number(asked.id) + b"\x61\x70\x0a\x01\x00")),
    "nothing but an id": says(lambda asked: tlv(0x30, number(asked.id))),
    "the id 0": says(lambda asked: asked.message(tlv(ANSWERS[asked.tag], result()), number_=number(0)), then_wait=True),
    "another id": says(lambda asked: Asked(asked.id + 7, asked.tag, b"").answer(), then_wait=True),
    "a negative id": says(lambda asked: asked.message(tlv(0x65, result()), number_=number(-1)), then_wait=True),
    "an id of a thousand octets": says(
        lambda asked: asked.message(tlv(0x65, result()), number_=tlv(0x02, b"\x7f" * 1000)), then_wait=True
    ),
    "an answer of another kind": says(
        lambda asked: asked.message(tlv(0x69 if asked.tag != ADD else 0x61, result())), then_wait=True
    ),
    "an answer of no kind": says(lambda asked: asked.message(tlv(0x5F, result())), then_wait=True),
    "an unknown code": says(lambda asked: asked.answer(result(b"\x7d"))),
    "a code of a thousand octets": says(lambda asked: asked.answer(result(b"\x7f" * 1000))),
    "a negative code": says(lambda asked: asked.answer(result(b"\xff"))),
    "no code": says(lambda asked: asked.answer(b"")),
    "busy for ever": lambda conversation, asked: [  # type: ignore[func-returns-value]
        conversation.send(one.answer(result(b"\x33"))) for one in (asked, *conversation.requests())
    ],
    "a referral to itself": says(
        lambda asked: asked.answer(result(b"\x0a", more=tlv(0xA3, tlv(0x04, b"ldap://127.0.0.1/" + SUFFIX) * 50)))
    ),
    "a long text with signs for a terminal": says(
        lambda asked: asked.answer(result(b"\x35", text=TERMINAL + b"19010112345 " + b"a\x1b" * 5_000_000))
    ),
    "a text that is not UTF-8": says(lambda asked: asked.answer(result(b"\x35", text=b"\xff\xfe\x00" * 50))),
    "a matched DN that is none": says(lambda asked: asked.answer(result(b"\x20", matched=b"\xff=\x00,,"))),
    "intermediate answers without end": repeats(lambda asked, _: asked.message(tlv(0x79, b"")) * 50),
    "answers of others without end": repeats(lambda asked, _: Asked(5, SEARCH, b"").answer() * 50),
    "a notice of disconnection": says(lambda asked: asked.message(_NOTICE, number_=number(0)), then_wait=True),
    "an unknown notice": says(
        lambda asked: asked.message(tlv(0x78, result() + tlv(0x8A, b"1.2.3")), number_=number(0)), then_wait=True
    ),
    "a control that is broken": says(lambda asked: asked.answer(result(), _BAD_CONTROL)),
    "a control that is none": says(lambda asked: asked.answer(result(), tlv(0xA0, b"\x30\x05\x04"))),
    "entries that nobody asked for": says(lambda asked: asked.message(_person(1)) * 3 + asked.answer(result(b"\x35"))),
    "a reset": lambda conversation, _: conversation.connection.setsockopt(
        socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0"
    ),
}
"""What can be wrong with the answer to any request."""
AT_SEARCHES: Final[dict[str, Act]] = {
    "no entry": says(lambda asked: asked.answer()),
    "an entry without attributes": says(lambda asked: asked.message(entry(asked.dn, {})) + asked.answer()),
    "attributes without values": says(lambda asked: asked.message(_instead(asked)) + asked.answer()),
    "values that are not UTF-8": says(lambda asked: asked.message(_instead(asked, b"\xff\xfe\x00")) + asked.answer()),
    "values that are no DNs": says(lambda asked: asked.message(_instead(asked, b",,=,\\")) + asked.answer()),
    "a DN that is none": says(lambda asked: asked.message(entry(b"\xff,,=\0\\", _ONE)) + asked.answer()),
    "a DN of a million octets": says(lambda asked: asked.message(entry(b"a=\\" * 333_333, _ONE)) + asked.answer()),
    "a name with NUL": says(lambda asked: asked.message(entry(asked.dn, {b"o\0bject": [b"x"]})) + asked.answer()),
    "a name that is not ASCII": says(lambda asked: asked.message(entry(asked.dn, {b"\xe5": [b"x"]})) + asked.answer()),
    "an entry that ends too early": says(lambda asked: _in_a_list(asked, b"\x30\x20\x04\x01o")),
    "a length beyond the entry": says(lambda asked: _in_a_list(asked, b"\x30\x07\x04\x01o\x31\x70\x04\x10")),
    "an entry that is none": says(lambda asked: asked.message(b"\x64\x00") + asked.answer()),
    "a million attributes": says(
        lambda asked: _in_a_list(
            asked, b"".join(b"\x30\x08\x04\x04a;x%c\x31\x00" % (n % 26 + 97) for n in range(1_000_000))
        )
    ),
    "a million other attributes": says(
        lambda asked: _in_a_list(asked, b"".join(b"\x30\x0a\x04\x06a%05x\x31\x00" % n for n in range(1_000_000)))
    ),
    "ten million values": says(
        lambda asked: _in_a_list(asked, tlv(0x30, tlv(0x04, b"o") + tlv(0x31, b"\x04\x02ab" * 10_000_000)))
    ),
    "the same entry without end": repeats(lambda asked, _: asked.message(_person(1)) * 100),
    "new entries without end": repeats(
        lambda asked, n: b"".join(asked.message(_person(n * 100 + m)) for m in range(100))
    ),
    "one entry after another": repeats(lambda asked, n: asked.message(_person(n)), pause=0.05),
    "references without end": repeats(lambda asked, _: asked.message(tlv(0x73, tlv(0x04, b"ldap://[/"))) * 100),
    "partitions without end": repeats(
        lambda asked, _: asked.message(tlv(0x73, tlv(0x04, b"ldap://x/cn=configuration,dc=x"))) * 100
    ),
    "an address that is none": says(lambda asked: asked.message(tlv(0x73, tlv(0x04, b"ldap://[::"))) + asked.answer()),
    "entries without an end": says(lambda asked: asked.message(_person(1)) * 3, then_wait=True),
    "a second end": says(lambda asked: asked.message(entry(asked.dn, _shown(asked.dn))) + asked.answer() * 9),
    "a limit at once": says(lambda asked: asked.answer(result(b"\x04"))),
    "pages without entries": _pages(lambda n: b"%d" % n, lambda _: b""),
    "the same page again": _pages(lambda _: b"same", lambda _: _person(1)),
    "new pages without end": _pages(lambda n: b"%d" % n, _person),
    "a range that never ends": says(
        lambda asked: asked.message(entry(asked.dn, {b"member;range=0-0": [b"cn=a"]})) + asked.answer()
    ),
}
"""What can be wrong with the entries that a search returns."""
AFTER_START_TLS: Final[dict[str, Act]] = {
    "refused": says(lambda asked: asked.answer(result(b"\x02", text=TERMINAL))),
    "a refusal that has the octets of success in it": says(
        lambda asked: asked.answer(result(b"\x02", text=b"\x0a\x01\x00"))
    ),
    "accepted, then closed": says(Asked.answer),
    "accepted, then silence": says(Asked.answer, then_wait=True),
    "accepted, with clear text behind": says(
        lambda asked: asked.answer() + Asked(2, BIND, b"").answer(), then_wait=True
    ),
    "accepted, then garbage": says(lambda asked: asked.answer() + b"\x16\x03\x01\xff\xff" + b"x" * 100, then_wait=True),
    "accepted twice": says(lambda asked: asked.answer() * 2, then_wait=True),
    "an answer of another id": says(lambda asked: Asked(asked.id + 1, EXTENDED, b"").answer(), then_wait=True),
    "an answer of another kind": says(lambda asked: Asked(asked.id, BIND, b"").answer(), then_wait=True),
    "silence": lambda conversation, _: conversation.wait(),
    "one octet after another": lambda conversation, asked: conversation.drip(
        (asked.answer()[n : n + 1] for n in range(1000)), 0.05
    ),
    "4 GB announced": says(lambda asked: _huge(asked, 2**32 - 1), then_wait=True),
    "garbage": says(lambda _: b"\xff" * 500, then_wait=True),
    "closes at once": lambda _, __: None,
}
"""What can be wrong with StartTLS."""


def clear_text_later(conversation: Conversation, asked: Asked) -> None:
    """StartTLS is accepted, and the handshake answered in clear text."""
    conversation.send(asked.answer())
    conversation.connection.recv(65536)  # the beginning of the handshake
    conversation.send(Asked(2, BIND, b"").answer())
    conversation.wait()
