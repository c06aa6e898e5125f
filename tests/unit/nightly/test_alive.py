"""The sign of life: a file, or an address of the organization's own and no other."""

from __future__ import annotations

import http.server
import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from feideprov import ConfigurationError
from feideprov.nightly import alive
from feideprov.nightly.alive import SignOfLife
from feideprov.testing import example_settings


def sign(folder: Path, **keys: Any) -> SignOfLife:
    return SignOfLife(example_settings(folder, nightly=keys), timeout=5)


class Watch(http.server.BaseHTTPRequestHandler):
    """Another program that watches. It answers with the status that the path names."""

    asked: list[tuple[str, str | None]]

    def do_GET(self) -> None:
        type(self).asked.append((self.path, self.headers["Host"]))
        self.send_response(int(self.path.rpartition("/")[2].partition("?")[0]))
        self.send_header("Location", "http://www.example.no/")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def watch() -> Iterator[http.server.HTTPServer]:
    Watch.asked = []
    with http.server.HTTPServer(("127.0.0.1", 0), Watch) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_the_file_is_made_and_its_time_is_set(tmp_path: Path) -> None:
    one, file = sign(tmp_path, alive_file=tmp_path / "alive"), tmp_path / "alive"
    assert one.give() == ""
    os.utime(file, (0, 0))
    assert one.give() == ""
    assert file.stat().st_mtime > 0


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    said = sign(tmp_path, alive_file=tmp_path / "no" / "alive").give()
    assert said.startswith("The file ")
    assert "cannot be written: No such file or directory." in said


def test_an_address_on_this_machine_is_asked_for(tmp_path: Path, watch: http.server.HTTPServer) -> None:
    place = f"localhost:{watch.server_port}"
    assert sign(tmp_path, alive_url=f"http://{place}/nights/200?key=1").give() == ""
    assert Watch.asked == [("/nights/200?key=1", place)]


@pytest.mark.parametrize("status", [302, 404, 500])
def test_no_redirect_is_followed_and_another_status_is_told(
    tmp_path: Path, watch: http.server.HTTPServer, status: int
) -> None:
    said = sign(tmp_path, alive_url=f"http://127.0.0.1:{watch.server_port}/{status}").give()
    assert said == f"The address in [nightly] alive_url (127.0.0.1) answered with status {status}."
    assert len(Watch.asked) == 1


def test_nobody_there_is_told(tmp_path: Path) -> None:
    assert "refused the connection" in sign(tmp_path, alive_url="http://127.0.0.1:1/").give()


@pytest.mark.parametrize(
    "places",
    [
        ["8.8.8.8"],
        ["10.0.0.1", "8.8.8.8"],
        ["2001:4860:4860::8888"],
        ["::ffff:8.8.8.8"],
        ["169.254.169.254"],
        ["0.0.0.0"],
    ],
)
def test_a_name_that_leads_to_the_internet_is_not_asked(
    tmp_path: Path, places: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (place, 80)) for place in places]
    monkeypatch.setattr(alive.socket, "getaddrinfo", lambda *_, **__: found)
    monkeypatch.setattr(alive.socket, "create_connection", lambda *_: pytest.fail("it was asked"))
    assert "leads to an address on the internet" in sign(tmp_path, alive_url="http://watch.example.no/").give()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://8.8.8.8/", "leads to an address on the internet"),
        ("https://[2001:4860:4860::8888]/", "leads to an address on the internet"),
        ("ftp://10.0.0.1/", "is not a web address"),
        ("http://", "is not a web address"),
        ("http://10.0.0.1:99999/", "is not a web address"),
        ("http://10.0.0.1/ x", "is not a web address"),
        ("http://kari:secret@10.0.0.1/", "contains a user name or a password"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_and_not_quoted(tmp_path: Path, url: str, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said) as refused:
        sign(tmp_path, alive_url=url)
    assert "10.0.0.1" not in str(refused.value)
    assert "secret" not in str(refused.value)
