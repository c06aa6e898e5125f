"""A proxy on loopback between a client and an LDAP server, that hurts what goes through it.

It cuts connections, is slow, falls silent, or answers requests itself in the server's place (plain LDAP alone: it reads
the message id and the kind of each request).

    with Proxy(server_port) as proxy:
        proxy.answer("add", 51, skip=10, times=1)   # the eleventh add: busy
        …LdapDirectory(proxy.url, tls=False)…
"""

from __future__ import annotations

import socket
import struct
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Literal, Self
from urllib.parse import urlsplit

BUSY, UNAVAILABLE, ADMIN_LIMIT, REFERRAL = 51, 52, 11, 10
REQUESTS = {"bind": 0x60, "search": 0x63, "modify": 0x66, "add": 0x68, "delete": 0x4A, "rename": 0x6C, "extended": 0x77}
_ANSWERS = {0x60: 0x61, 0x63: 0x65, 0x66: 0x67, 0x68: 0x69, 0x4A: 0x6B, 0x6C: 0x6D, 0x77: 0x78}
_WRITES = {REQUESTS[name] for name in ("add", "modify", "delete", "rename")}
_ELSEWHERE = b"ldap://elsewhere.invalid/"


@dataclass
class Answer:
    """What is said to requests of one kind: not to the first `skip`, then `times` times (None: always)."""

    code: int
    skip: int = 0
    times: int | None = None
    done: bool = False
    """The server carries the request out all the same."""

    def due(self) -> bool:
        if self.skip:
            self.skip -= 1
            return False
        if self.times is None:
            return True
        self.times -= 1
        return self.times >= 0


@dataclass
class Fate:
    """What becomes of one write. `response`: a result code, in place of the server's; or the connection is cut, or it
    is cut and new ones are refused. `truth`: the server carries it out; does so at `Proxy.arrive`; never does."""

    response: int | Literal["cut", "refused"]
    truth: Literal["done", "late", "never"]


@dataclass
class Proxy:
    """Forwards connections to a port of this machine, and hurts them as it is told to. All is for all connections."""

    port_of_server: int
    delay: float = 0.0
    """Seconds that each answer of the server waits."""
    reset: bool = True
    """A cut is a reset (RST); without, an end (FIN)."""
    octets_left: int | None = None
    """How much more, both ways together, goes through before all connections are cut."""
    requests: int = 0
    """How many requests of plain LDAP came in."""
    fates: deque[Fate | None] = field(default_factory=deque)
    """What becomes of the next writes, one each; None goes through."""
    late: list[tuple[bytes, bytes]] = field(default_factory=list)
    """Writes that were held back: the bind request of their connection, and the request."""
    _answers: dict[int, Answer] = field(default_factory=dict)
    _replaced: dict[bytes, int | str] = field(default_factory=dict)
    """What is answered in place of the server's results, by message id."""
    _pairs: set[tuple[socket.socket, socket.socket]] = field(default_factory=set)
    _threads: list[threading.Thread] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._lock = threading.RLock()
        self._flows = threading.Event()
        self._flows.set()
        self._ended = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._refuses = False

    @classmethod
    def before(cls, url: str) -> Proxy:
        """A proxy before the server at this address."""
        port = urlsplit(url).port
        assert port is not None
        return cls(port)

    @property
    def url(self) -> str:
        """For plain LDAP, or StartTLS."""
        return f"ldap://127.0.0.1:{self.port}"

    @property
    def ldaps(self) -> str:
        return f"ldaps://localhost:{self.port}"

    # --- what it can be told

    def cut(self) -> None:
        """Cut every connection now; new ones are taken."""
        with self._lock:
            pairs, self._pairs, self.octets_left = self._pairs, set(), None
        for pair in pairs:
            for end in pair:
                if self.reset:
                    with suppress(OSError):
                        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RD if self.reset else socket.SHUT_RDWR)
                end.close()

    def refuse(self) -> None:
        """Cut every connection now, and every new one as soon as it is there, until `accept`."""
        self._refuses = True
        self.cut()

    def accept(self) -> None:
        self._refuses = False

    def stall(self) -> None:
        """Nothing goes through any more, and nothing is closed, until `flow`."""
        self._flows.clear()

    def flow(self) -> None:
        self._flows.set()

    def answer(self, request: str, code: int, *, skip: int = 0, times: int | None = None, done: bool = False) -> None:
        """Answer requests of this kind (`REQUESTS`) with a result code, without asking the server; with `done`, in
        place of what the server answers."""
        self._answers[REQUESTS[request]] = Answer(code, skip, times, done)

    def answer_no_more(self) -> None:
        self._answers.clear()

    def arrive(self) -> None:
        """The server carries out what was held back."""
        late, self.late = self.late, []
        for requests in late:
            with socket.create_connection(("127.0.0.1", self.port_of_server)) as server:
                for request in requests:
                    server.sendall(request)
                    answer = server.recv(65536)
                    while _end_of_value(answer, 0) is None:
                        answer += server.recv(65536)

    def __enter__(self) -> Self:
        self._start(self._take_connections)
        return self

    def __exit__(self, *exc: object) -> None:
        self._ended.set()
        self._flows.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.reset = False  # the two pumps of a connection wake up only from a proper end
        self.cut()
        for thread in self._threads:
            thread.join(5)

    # --- inside

    def _start(self, work: object, *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _take_connections(self) -> None:
        while not self._ended.is_set():
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            if self._refuses:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                client.close()
                continue
            try:
                server = socket.create_connection(("127.0.0.1", self.port_of_server))
            except OSError:
                client.close()
                continue
            for end in (client, server):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                self._pairs.add((client, server))
            self._start(self._requests, client, server)
            self._start(self._answers_of_server, client, server)

    def _requests(self, client: socket.socket, server: socket.socket) -> None:
        rest = bind = b""
        while data := self._received(client):
            if not rest and data[0] != 0x30:  # TLS
                self._send(server, data)
                continue
            rest += data
            whole = []
            for message in _messages(rest):
                rest = rest[len(message) :]
                self.requests += 1
                number, kind = _read(message)
                bind = message if kind == REQUESTS["bind"] else bind
                answer = self._answers.get(kind)
                if kind in _WRITES and self.fates and (fate := self.fates.popleft()) is not None:
                    whole += self._meet(fate, message, bind, client)
                elif answer is not None and answer.due():
                    if answer.done:
                        self._replaced[number] = answer.code
                        whole.append(message)
                    else:
                        self._send(client, _result(number, _ANSWERS[kind], answer.code))
                else:
                    whole.append(message)
            if whole:
                self._send(server, b"".join(whole))
        self._end(client, server)

    def _meet(self, fate: Fate, message: bytes, bind: bytes, client: socket.socket) -> list[bytes]:
        """What the server gets of a write; all else that becomes of it happens here, or when the server answers."""
        number, kind = _read(message)
        if fate.truth == "done":
            self._replaced[number] = fate.response
            return [message]
        if fate.truth == "late":
            self.late.append((bind, message))
        self._send(client, self._response(number, _ANSWERS[kind], fate.response))
        return []

    def _response(self, number: bytes, tag: int, response: int | str) -> bytes:
        if isinstance(response, int):
            return _result(number, tag, response)
        if response == "refused":
            self.refuse()
        self.cut()
        return b""

    def _answers_of_server(self, client: socket.socket, server: socket.socket) -> None:
        while data := self._received(server):
            if self.delay:
                self._ended.wait(self.delay)
            self._send(client, self._with_lies(data) if self._replaced else data)
        self._end(client, server)

    def _with_lies(self, data: bytes) -> bytes:
        """What the server has answered, with other results. Results are short, so they come whole."""
        told = []
        for message in _messages(data):
            number, kind = _read(message)
            response = self._replaced.pop(number, None) if kind in _ANSWERS.values() else None
            told.append(message if response is None else self._response(number, kind, response))
        return b"".join(told)

    def _received(self, end: socket.socket) -> bytes:
        try:
            data = end.recv(65536)
        except OSError:
            return b""
        self._flows.wait()
        return data

    def _send(self, end: socket.socket, data: bytes) -> None:
        last = False
        with self._lock:
            if self.octets_left is not None:
                data = data[: self.octets_left]
                self.octets_left -= len(data)
                last = self.octets_left == 0
        with suppress(OSError):
            end.sendall(data)
        if last:
            self.cut()

    def _end(self, client: socket.socket, server: socket.socket) -> None:
        with self._lock:
            self._pairs.discard((client, server))
        for end in (client, server):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


def _messages(data: bytes) -> Iterator[bytes]:
    """The whole LDAP messages that these octets begin with."""
    start = 0
    while (end := _end_of_value(data, start)) is not None:
        yield data[start:end]
        start = end


def _end_of_value(data: bytes, start: int) -> int | None:
    """Where the BER value ends that begins at `start`; None when it is not all there."""
    if len(data) < start + 2:
        return None
    size, at = data[start + 1], start + 2
    if size & 0x80:
        octets = size & 0x7F
        if len(data) < at + octets:
            return None
        size, at = int.from_bytes(data[at : at + octets], "big"), at + octets
    return at + size if len(data) >= at + size else None


def _read(message: bytes) -> tuple[bytes, int]:
    """The message id, as its BER value, and the tag of the request."""
    at = 2 + (message[1] & 0x7F if message[1] & 0x80 else 0)
    end = at + 2 + message[at + 1]
    return message[at:end], message[end]


def _result(number: bytes, tag: int, code: int) -> bytes:
    """An LDAPResult (RFC 4511, 4.1.9)."""
    result = b"\x0a\x01" + bytes([code]) + b"\x04\x00" + b"\x04\x00"
    if code == REFERRAL:
        address = _value(0x04, _ELSEWHERE)
        result += _value(0xA3, address)
    return _value(0x30, number + _value(tag, result))


def _value(tag: int, content: bytes) -> bytes:
    assert len(content) < 0x80
    return bytes([tag, len(content)]) + content
