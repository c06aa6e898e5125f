"""The webhook: a system of the organization's own is told of every notice, as JSON over HTTPS.

What is sent is signed, so that the receiver knows who sent it, and when. The headers of a request:

    Feideprov-Id: kqzvbyhwmtrxoeugpdlscjnafi
    Feideprov-Timestamp: 1795441234
    Feideprov-Signature: sha256=<64 hexadecimal digits>

`Feideprov-Id` is the notice's id, which stays the same however often it is sent: who has seen it before has been told
already. `Feideprov-Timestamp` is the moment of sending in seconds since 1970 (UTC). The signature is an HMAC-SHA-256
(RFC 2104) with the secret of `[webhook]` over the timestamp, a full stop, and the body's octets. A receiver verifies it
so, and refuses what is older than a few minutes:

    expected = hmac.new(secret, timestamp.encode() + b"." + body, "sha256").hexdigest()
    genuine = hmac.compare_digest(f"sha256={expected}", signature) and abs(time.time() - int(timestamp)) < 300

Any answer of 200 to 299 says that it was taken. After every other one, and none, it is sent again later.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import ssl
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import SplitResult, urlsplit

from feideprov.errors import ConfigurationError
from feideprov.services.outbox.connection import is_this_machine, trust, why
from feideprov.services.outbox.smtp import NotSent
from feideprov.services.outbox.templates import single_line
from feideprov.settings import Settings

_AGENT = "feideprov"


def signature(secret: bytes, timestamp: str, body: bytes) -> str:
    """What the header Feideprov-Signature says of a body that is sent at this moment.

    >>> signature(b"a secret for examples", "1795441234", b'{"id": "kqzv"}')[:27]
    'sha256=83b450c7f64ac5819655'
    """
    digest = hmac.new(secret, timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return f"sha256={digest}"


class Webhook:
    """The webhook that the settings name. Each message has a connection of its own.

    Raises ConfigurationError for settings that cannot be used. `clock` gives the seconds since 1970.
    """

    def __init__(self, settings: Settings, *, clock: Callable[[], float] = time.time) -> None:
        section, secret = settings.webhook, settings.webhook_secret()
        if section.url is None or secret is None:
            raise ConfigurationError("[webhook] url is missing: name the address that notices are sent to.")
        self._address = _address(section.url)
        self._secret = secret
        self._timeout = section.timeout
        self._clock = clock
        self._trust = trust(settings, section, "webhook") if self._address.scheme == "https" else None

    def send(self, notice_id: str, content: Mapping[str, Any]) -> None:
        """Send one notice. Raises NotSent: every failure is worth trying again, because the receiver is the
        organization's own system and somebody mends it."""
        body = json.dumps(content, ensure_ascii=False).encode()
        timestamp = str(int(self._clock()))
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": _AGENT,
            "Feideprov-Id": notice_id,
            "Feideprov-Timestamp": timestamp,
            "Feideprov-Signature": signature(self._secret, timestamp, body),
        }
        status = self._post(body, headers)
        if 300 <= status < 400:
            raise NotSent(f"{self._where} answers with a redirection ({status}), which is not followed.", False)
        if not 200 <= status < 300:
            raise NotSent(f"{self._where} did not take it (status {status}).", False)

    def _post(self, body: bytes, headers: Mapping[str, str]) -> int:
        connection = self._connection()
        target = (self._address.path or "/") + (f"?{self._address.query}" if self._address.query else "")
        connected = False
        try:
            connection.connect()
            connected = True
            connection.request("POST", target, body, dict(headers))
            return connection.getresponse().status
        except ssl.SSLCertVerificationError as error:
            raise ConfigurationError(
                f"{self._where}: its certificate is not trusted ({single_line(error.verify_message)}). Name its "
                "authority in [webhook] ca_file, or correct url."
            ) from None
        except (OSError, http.client.HTTPException) as error:
            raise NotSent(f"{self._where} {why(error, self._timeout)}.", False, server=not connected) from None
        finally:
            connection.close()

    def _connection(self) -> http.client.HTTPConnection:
        host, port = self._address.hostname or "", self._address.port
        if self._trust is None:
            return http.client.HTTPConnection(host, port, timeout=self._timeout)
        return http.client.HTTPSConnection(host, port, timeout=self._timeout, context=self._trust)

    @property
    def _where(self) -> str:
        """The host alone: an address may hold what only the two of us are to know."""
        return f"The webhook at {single_line(self._address.hostname or '')}"


def _address(url: str) -> SplitResult:
    try:
        address = urlsplit(url)
        host, _ = address.hostname, address.port
    except ValueError:
        host = None
    if not host or address.scheme not in ("https", "http") or not all("!" <= letter <= "~" for letter in url):
        raise ConfigurationError("[webhook] url is no address: write https://HOST/PATH.")
    if address.username is not None:
        raise ConfigurationError("[webhook] url holds a user or a password: leave them out, requests are signed.")
    if address.scheme == "http" and not is_this_machine(host):
        raise ConfigurationError("[webhook] url is plain HTTP, which is for this machine only. Write https://.")
    return address
