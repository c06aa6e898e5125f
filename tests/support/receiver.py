"""A system that is told by the webhook, on this machine: it verifies what it is sent as the documentation says, and
answers as it is told."""

from __future__ import annotations

import hmac
import json
import ssl
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Literal, Self

from feideprov.testing.certificates import Certificate, make_certificates

SECRET = "a secret for examples"
Answer = int | Literal["drop", "silence"]


class Receiver:
    """As a context manager: a server that runs until the end of the block. `answers` are given one after another, then
    204. With a `folder` it speaks TLS, with a certificate of its own authority (`ca_file`)."""

    def __init__(self, folder: Path | None = None, *, certificate: Certificate = "good") -> None:
        self.answers: list[Answer] = []
        self.taken: list[tuple[dict[str, str], bytes]] = []
        self.requests: list[tuple[dict[str, str], bytes]] = []
        self.on_taken: Callable[[], None] = lambda: None
        self.location = "/elsewhere"
        self._released = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        scheme = "http"
        if folder is not None:
            make_certificates(folder, certificate)
            self.ca_file = folder / "ca.pem"
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(folder / "server.pem", folder / "server.key")
            self._server.socket = context.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
            scheme = "https"
        self.url = f"{scheme}://127.0.0.1:{self._server.server_port}/feide"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._released.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def contents(self) -> list[dict[str, Any]]:
        """What it took."""
        return [json.loads(body) for _, body in self.taken]

    @property
    def ids(self) -> list[str]:
        return [headers["Feideprov-Id"] for headers, _ in self.taken]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.requests.append((dict(self.headers), body))
                answer = receiver.answers.pop(0) if receiver.answers else 204
                if answer == "silence":
                    receiver._released.wait()
                if not isinstance(answer, int):
                    self.close_connection = True
                    return
                if not genuine(dict(self.headers), body):
                    answer = 401
                if 200 <= answer < 300:
                    receiver.taken.append((dict(self.headers), body))
                    receiver.on_taken()
                self.send_response(answer)
                if 300 <= answer < 400:
                    self.send_header("Location", receiver.location)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        return Handler


def genuine(headers: dict[str, str], body: bytes) -> bool:
    """Word for word what the documentation tells a receiver to do."""
    secret, timestamp, signature = SECRET.encode(), headers["Feideprov-Timestamp"], headers["Feideprov-Signature"]
    expected = hmac.new(secret, timestamp.encode() + b"." + body, "sha256").hexdigest()
    return hmac.compare_digest(f"sha256={expected}", signature) and abs(time.time() - int(timestamp)) < 300
