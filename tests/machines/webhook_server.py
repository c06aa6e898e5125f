"""A web server on this machine that notices are sent to, plain or with TLS. It keeps all that it gets, and fails as it
is told: with a status, or by hanging up before or after it has read the body."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Literal, Self

from feideprov.directory.certificates import Certificate, make_certificates

Answer = int | Literal["hang up", "take and hang up", "silence"]
"""A status, or what the server does in its place. `take and hang up`: it takes the body and never says so. `silence`:
it says nothing until it is stopped."""


@dataclass(frozen=True)
class Posted:
    """One request as it came."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def content(self) -> Any:
        return json.loads(self.body)


class WebhookServer:
    """As a context manager: a server that runs until the end of the block. `answers` are given one after the other;
    then it takes everything (status 204). `received` is all that came, `taken` what the sender may count as taken or,
    after `take and hang up`, does not know to be."""

    def __init__(self, folder: Path | None = None, *, certificate: Certificate = "good") -> None:
        """With a folder for its certificates (`ca_file`) it speaks TLS."""
        self.answers: list[Answer] = []
        self.received: list[Posted] = []
        self.taken: list[Posted] = []
        self.location = ""
        """Where an answer of 300–399 points to."""
        self.on_received: Callable[[], None] = lambda: None
        self._stopped = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = False  # all are joined at the end
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/notices"
        if folder is not None:
            make_certificates(folder, certificate)
            self.ca_file = folder / "ca.pem"
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(folder / "server.pem", folder / "server.key")
            # The handshake is each request's own thread's: who does not trust us is not to end the server.
            self._server.socket = context.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
            self.url = self.url.replace("http:", "https:")
        self._thread = threading.Thread(target=self._server.serve_forever)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._stopped.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def answer(self, posted: Posted) -> Answer:
        self.received.append(posted)
        answer = self.answers.pop(0) if self.answers else 204
        if answer == "take and hang up" or (isinstance(answer, int) and 200 <= answer < 300):
            self.taken.append(posted)
        self.on_received()
        if answer == "silence":
            self._stopped.wait()
        return answer


def _handler(server: WebhookServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = 10

        def handle(self) -> None:
            try:
                super().handle()
            except OSError:
                self.close_connection = True  # the sender went away, or did not trust the certificate

        def do_POST(self) -> None:
            if server.answers[:1] == ["hang up"]:
                server.answers.pop(0)
                self.close_connection = True
                return
            body = self.rfile.read(int(self.headers["Content-Length"]))
            answer = server.answer(Posted(self.path, dict(self.headers), body))
            self.close_connection = True
            if isinstance(answer, int):
                self.send_response(answer)
                if 300 <= answer < 400:
                    self.send_header("Location", server.location)
                self.send_header("Content-Length", "0")
                self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """What came is in `received`."""

    return Handler
