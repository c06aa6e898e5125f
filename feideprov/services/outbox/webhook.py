"""The webhook: sends every notice to a system of the organization's own, as JSON over HTTPS.

What is sent is signed, so that the receiver knows who sent it and when. The headers of a request:

    Feideprov-Id: kqzvbyhwmtrxoeugpdlscjnafi
    Feideprov-Timestamp: 1795441234
    Feideprov-Signature: sha256=<64 hexadecimal digits>

`Feideprov-Id` is the notice's id, which is the same each time the notice is sent: a receiver that has seen the id
before can ignore the request. `Feideprov-Timestamp` is the time of sending in seconds since 1970 (UTC). The signature
is an HMAC-SHA-256 (RFC 2104) with the secret of `[webhook]` over the timestamp, a full stop, and the octets of the
body. This is how a receiver verifies it, and refuses what is older than a few minutes:

    expected = hmac.new(secret, timestamp.encode() + b"." + body, "sha256").hexdigest()
    genuine = hmac.compare_digest(f"sha256={expected}", signature) and abs(time.time() - int(timestamp)) < 300

A status of 200 to 299 means that the notice was received. After any other status, and without a response, it is sent
again later.
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
from feideprov.messages import Sentence
from feideprov.services.outbox.connection import (
    CONVERSATION,
    connection_failure,
    ends_within,
    is_this_machine,
    tls_context,
)
from feideprov.services.outbox.smtp import NotSent
from feideprov.services.outbox.templates import single_line
from feideprov.settings import Settings

_AGENT = "feideprov"


def signature(secret: bytes, timestamp: str, body: bytes) -> str:
    """The value of the header Feideprov-Signature for a body and a timestamp.

    >>> signature(b"a secret for examples", "1795441234", b'{"id": "kqzv"}')[:27]
    'sha256=83b450c7f64ac5819655'
    """
    digest = hmac.new(secret, timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return f"sha256={digest}"


class Webhook:
    """The webhook of the settings. Each message has a connection of its own.

    Raises ConfigurationError for settings that cannot be used. `clock` gives the seconds since 1970.
    """

    def __init__(self, settings: Settings, *, clock: Callable[[], float] = time.time) -> None:
        section, secret = settings.webhook, settings.webhook_secret()
        if section.url is None or secret is None:
            raise ConfigurationError(Sentence("[webhook] url is missing. Write the address that notices are sent to."))
        self._address = _address(section.url)
        # The host alone: the rest of an address may be a secret.
        self._server = Sentence("The webhook at {host}", host=single_line(self._address.hostname or ""))
        self._secret = secret
        self._timeout = section.timeout
        self._clock = clock
        self._tls = tls_context(settings, section, "webhook") if self._address.scheme == "https" else None

    def send(self, notice_id: str, content: Mapping[str, Any]) -> None:
        """Send one notice.

        Raises NotSent: every failure is tried again, because the receiver is the organization's own system and somebody
        will repair it. Raises ConfigurationError for an untrusted certificate.
        """
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
            sentence = Sentence(
                "{server} redirects to another address (status {status}). This program does not follow redirects. "
                "Write the right address to [webhook] url.",
                server=self._server,
                status=status,
            )
            raise NotSent(sentence, False)
        if not 200 <= status < 300:
            sentence = Sentence("{server} refused the notice (status {status}).", server=self._server, status=status)
            raise NotSent(sentence, False)

    def _post(self, body: bytes, headers: Mapping[str, str]) -> int:
        connection = self._connection()
        target = (self._address.path or "/") + (f"?{self._address.query}" if self._address.query else "")
        connected = False
        try:
            with ends_within(self._timeout * CONVERSATION, lambda: connection.sock):
                connection.connect()
                connected = True
                connection.request("POST", target, body, dict(headers))
                return connection.getresponse().status
        except ssl.SSLCertVerificationError as error:
            raise ConfigurationError(
                Sentence(
                    "{server} has a certificate that is not trusted ({reason}). Set "
                    "[webhook] ca_file to the path of the certificate of the authority that issued it, or "
                    "correct [webhook] url.",
                    server=self._server,
                    reason=single_line(error.verify_message),
                )
            ) from None
        except (OSError, http.client.HTTPException) as error:
            failure = connection_failure(self._server, error, self._timeout)
            raise NotSent(failure, False, about_server=not connected) from None
        finally:
            connection.close()

    def _connection(self) -> http.client.HTTPConnection:
        host, port = self._address.hostname or "", self._address.port
        if self._tls is None:
            return http.client.HTTPConnection(host, port, timeout=self._timeout)
        return http.client.HTTPSConnection(host, port, timeout=self._timeout, context=self._tls)


def _address(url: str) -> SplitResult:
    try:
        address = urlsplit(url)
        host, _ = address.hostname, address.port
    except ValueError:
        host = None
    if not host or address.scheme not in ("https", "http") or not all("!" <= letter <= "~" for letter in url):
        raise ConfigurationError(
            Sentence("[webhook] url is not a web address. Write it in this form: https://HOST/PATH")
        )
    if address.username is not None:
        raise ConfigurationError(
            Sentence("[webhook] url contains a user name or a password. Delete them: every request is signed instead.")
        )
    if address.scheme == "http" and not is_this_machine(host):
        raise ConfigurationError(
            Sentence(
                "[webhook] url begins with http://. That is only allowed if the webhook is on this machine. "
                "Write https:// instead."
            )
        )
    return address
