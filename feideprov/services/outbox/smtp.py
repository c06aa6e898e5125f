"""The mail server: a verified connection, a limited pace, and each failure as a sentence."""

from __future__ import annotations

import re
import ssl
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from email.utils import format_datetime
from typing import TYPE_CHECKING, Final, Self

from feideprov.errors import ConfigurationError, FeideProvError, scrub, without_secrets
from feideprov.messages import Sentence, joined
from feideprov.services.outbox.connection import (
    CONVERSATION,
    connection_failure,
    ends_within,
    is_this_machine,
    tls_context,
)
from feideprov.services.outbox.mail import sender_of
from feideprov.services.outbox.templates import single_line
from feideprov.settings import Settings

if TYPE_CHECKING:
    import smtplib
    from datetime import datetime

_PORTS: Final = {"starttls": 587, "tls": 465, "off": 25}
_MINUTE: Final = 60.0
_HOST: Final = re.compile(r"[^@/\\\s]+")
_DRAFTS: Final = Sentence("save drafts for a mail program with --drafts DIR")
_TRY_AGAIN: Final = Sentence("Try again later.")
_NOT_AN_ANSWER: Final = ("Line too long.", b"Line too long.")
"""smtplib gives an answer that is too long the code 500, as if the server had refused."""


class NotSent(FeideProvError):
    """A message was not sent. `permanent`: trying again will not help. `about_server`: it is about the server, so no
    other message would be sent either."""

    def __init__(self, sentence: str, permanent: bool, *, about_server: bool = False) -> None:
        super().__init__(sentence)
        self.permanent = permanent
        self.about_server = about_server


class Smtp:
    """The mail server of the settings, as a context manager. The first message connects to it.

    Raises ConfigurationError for settings that cannot be used, and later for what trying again does not solve: an
    untrusted certificate, a refused login, a server without STARTTLS, a refused sender. `otherwise` is what can be
    done without a mail server. `pause` waits for a number of seconds, to keep to `per_minute`; `clock` gives seconds.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        otherwise: Sentence = _DRAFTS,
        pause: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        section = settings.smtp
        if not section.host:
            raise ConfigurationError(
                Sentence(
                    "[smtp] host is missing. Write the name of the mail server there, or {otherwise}.",
                    otherwise=otherwise,
                )
            )
        if not _HOST.fullmatch(section.host):
            raise ConfigurationError(
                Sentence(
                    "[smtp] host is not the name of a server. Write only the name, as in mail.example.no, without "
                    "smtp://, a user name or a password."
                )
            )
        if section.security == "off" and not is_this_machine(section.host):
            raise ConfigurationError(
                Sentence(
                    "With [smtp] security = “off”, mail to {host} would be sent unencrypted. That is only allowed if "
                    "the mail server is on this machine. Write “starttls” or “tls”.",
                    host=single_line(section.host),
                )
            )
        self._section = section
        self._port = section.port or _PORTS[section.security]
        self._host = single_line(section.host)
        self._server = Sentence("The mail server {host}", host=self._host)
        self._sender = sender_of(settings).addr_spec
        self._password = settings.smtp_password()
        if not (section.user or "").isascii() or not (self._password or "").isascii():
            raise ConfigurationError(
                Sentence(
                    "[smtp] user and password must contain only ASCII characters, so no æ, ø or å. Ask for another "
                    "user name or password."
                )
            )
        self._tls = None if section.security == "off" else tls_context(settings, section, "smtp")
        self._connection: smtplib.SMTP | None = None
        self._pause = pause
        self._clock = clock
        self._recent = deque[float](maxlen=section.per_minute)

    def send(self, message: EmailMessage, *, at: datetime) -> None:
        """Send one message to the address in its `To`. `at` is its date.

        Raises NotSent, which says whether trying again can help, and ConfigurationError as above. When the connection
        breaks at the end, it is unknown whether the server has the message: it is sent again with the same id.
        """
        self._keep_pace()
        [to] = [address.addr_spec for address in message["To"].addresses]
        del message["Date"]
        message["Date"] = format_datetime(at)
        connection = self._connected()
        limit = ends_within(self._section.timeout * CONVERSATION, lambda: connection.sock)
        with self._failures_as_sentences(to), limit:
            connection.sendmail(self._sender, [to], message.as_bytes())

    def _keep_pace(self) -> None:
        if len(self._recent) == self._recent.maxlen:
            self._pause(max(0.0, self._recent[0] + _MINUTE - self._clock()))
        self._recent.append(self._clock())

    def _connected(self) -> smtplib.SMTP:
        if self._connection is None:
            with self._failures_as_sentences():
                self._connection = self._connect()
        return self._connection

    def _connect(self) -> smtplib.SMTP:
        import smtplib

        host, timeout = self._section.host, self._section.timeout
        connection = (
            smtplib.SMTP_SSL(timeout=timeout, context=self._tls)
            if self._section.security == "tls"
            else smtplib.SMTP(timeout=timeout)
        )
        connection._host = host  # type: ignore[attr-defined]  # it is the name in the certificate; set by a connecting constructor
        try:
            with ends_within(timeout * CONVERSATION, lambda: connection.sock):
                self._begin(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _begin(self, connection: smtplib.SMTP) -> None:
        connection.connect(self._section.host, self._port)
        connection.ehlo_or_helo_if_needed()
        if self._section.security == "starttls":
            connection.starttls(context=self._tls)
        if self._section.user and self._password is not None:
            connection.login(self._section.user, self._password)

    @contextmanager
    def _failures_as_sentences(self, to: str | None = None) -> Iterator[None]:
        """Turns every failure into an error of ours. `to` is the receiver; None while connecting."""
        import smtplib

        failure: FeideProvError
        try:
            yield
        except ssl.SSLCertVerificationError as error:
            failure = ConfigurationError(
                Sentence(
                    "The certificate of the mail server {host} is not trusted ({reason}). The message was not sent. "
                    "Set [smtp] ca_file to the path of the certificate of the authority that issued it, or "
                    "correct [smtp] host.",
                    host=self._host,
                    reason=single_line(error.verify_message),
                )
            )
        except smtplib.SMTPNotSupportedError:
            failure = ConfigurationError(self._not_supported())
        except smtplib.SMTPAuthenticationError as error:
            failure = self._login_failure(error)
        except smtplib.SMTPRecipientsRefused as error:
            [(code, text)] = error.recipients.values()
            failure = self._message_refused(to, code, text)
        except smtplib.SMTPSenderRefused as error:
            failure = self._sender_refused(to, error)
        except smtplib.SMTPResponseException as error:
            if error.smtp_error in _NOT_AN_ANSWER:
                self._drop()
                failure = self._broken_connection(to, ConnectionError())
            elif to is None:
                failure = self._connection_refused(error.smtp_code, error.smtp_error)
            else:
                failure = self._message_refused(to, error.smtp_code, error.smtp_error)
        except (smtplib.SMTPException, OSError, ValueError) as error:  # ValueError: a challenge that is not base64
            self._drop()
            failure = self._broken_connection(to, error)
        else:
            return
        raise failure from None

    def _not_supported(self) -> Sentence:
        if self._section.security == "starttls":
            return Sentence(
                "{server} does not offer STARTTLS. The message was not sent. Correct port or security in [smtp].",
                server=self._server,
            )
        return Sentence(
            "{server} does not offer a login. The message was not sent. Correct port, security or user in [smtp].",
            server=self._server,
        )

    def _broken_connection(self, to: str | None, error: Exception) -> NotSent:
        if to is None:
            what = Sentence("The message was not sent.")
        else:
            what = Sentence("It is not known whether the message to {to} arrived.", to=to)
        failure = connection_failure(self._server, error, self._section.timeout)
        return NotSent(joined([failure, what, _TRY_AGAIN]), False, about_server=to is None)

    def _login_failure(self, error: smtplib.SMTPAuthenticationError) -> FeideProvError:
        response = self._response(error.smtp_code, error.smtp_error)
        if error.smtp_code < 500:
            sentence = Sentence(
                "{server} accepts no login at the moment ({response}). Try again later.",
                server=self._server,
                response=response,
            )
            return NotSent(sentence, False, about_server=True)
        return ConfigurationError(
            Sentence(
                "{server} refused the login ({response}). The message was not sent. Correct user and password in "
                "[smtp].",
                server=self._server,
                response=response,
            )
        )

    def _connection_refused(self, code: int, text: bytes | str) -> FeideProvError:
        if 400 <= code < 500:
            sentence = Sentence(
                "{server} accepts no mail at the moment ({response}). Try again later.",
                server=self._server,
                response=self._response(code, text),
            )
            return NotSent(sentence, False, about_server=True)
        return ConfigurationError(
            Sentence(
                "{server} refused the connection ({response}). The message was not sent. Ask the administrator of "
                "the server, or correct host and port in [smtp].",
                server=self._server,
                response=self._response(code, text),
            )
        )

    def _sender_refused(self, to: str | None, error: smtplib.SMTPSenderRefused) -> FeideProvError:
        if error.smtp_code < 500:
            return self._message_refused(to, error.smtp_code, error.smtp_error)
        return ConfigurationError(
            Sentence(
                "{server} accepts no mail from {sender} ({response}). The message was not sent. Correct sender, user "
                "or password in [smtp].",
                server=self._server,
                sender=self._sender,
                response=self._response(error.smtp_code, error.smtp_error),
            )
        )

    def _message_refused(self, to: str | None, code: int, text: bytes | str) -> NotSent:
        """By the first digit: 4 is temporary, 5 permanent (RFC 5321, 4.2.1). After 421 the server closes the
        connection."""
        if code == 421:
            self._drop()
        permanent = code >= 500
        refused = Sentence(
            "{server} refused the message to {to} ({response}).",
            server=self._server,
            to=to,
            response=self._response(code, text),
        )
        advice = Sentence("Correct the mail address, or ask the provider for another one.") if permanent else _TRY_AGAIN
        return NotSent(joined([refused, advice]), permanent)

    def _response(self, code: int, text: bytes | str) -> str:
        """The server's response without the password and without long runs of digits: it may quote what it got."""
        text = text.decode(errors="replace") if isinstance(text, bytes) else text
        if not (line := scrub(single_line(without_secrets(text, self._password))).rstrip(".")):
            return Sentence("{code}, without a text", code=code)
        return f"{code}: {line}"

    def _drop(self) -> None:
        """Close a connection that cannot be used any more: the next message makes a new one."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def close(self) -> None:
        """Say goodbye to the server (QUIT) and close the connection."""
        import smtplib

        if self._connection is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._connection.quit()
            self._drop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()
