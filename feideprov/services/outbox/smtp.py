"""The mail server: a connection that is verified, a pace that is kept, and every failure as one sentence."""

from __future__ import annotations

import ssl
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from email.utils import format_datetime
from typing import TYPE_CHECKING, Final, Self

from feideprov.errors import ConfigurationError, FeideProvError, scrub
from feideprov.services.outbox.connection import is_this_machine, trust, why
from feideprov.services.outbox.mail import compose, draft, sender_of
from feideprov.services.outbox.templates import single_line
from feideprov.settings import Settings

if TYPE_CHECKING:
    import smtplib
    from datetime import datetime

__all__ = ["NotSent", "Smtp", "compose", "draft", "sender_of"]

_PORTS: Final = {"starttls": 587, "tls": 465, "off": 25}
_MINUTE: Final = 60.0


class NotSent(FeideProvError):
    """A message was not taken. `permanent`: trying again is of no use. `server`: it is about the mail server, so no
    other message would go either."""

    def __init__(self, reason: str, permanent: bool, *, server: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent
        self.server = server


class Smtp:
    """The mail server that the settings name, as a context manager. It is connected to by the first message.

    Raises ConfigurationError for settings that cannot be used, and later for what no repetition mends: a certificate
    that is not trusted, a refused login, a server without STARTTLS, a sender that it does not take. `pause` waits for
    so many seconds, to keep to `per_minute`.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        pause: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        section = settings.smtp
        if not section.host:
            raise ConfigurationError(
                "[smtp] host is missing: name the mail server, or make drafts for a mail program with --drafts DIR."
            )
        if section.security == "off" and not is_this_machine(section.host):
            raise ConfigurationError(
                f"[smtp] security = “off” sends mail in clear text to {single_line(section.host)}: it is for this "
                "machine only. Write starttls or tls."
            )
        self._section = section
        self._port = section.port or _PORTS[section.security]
        self._sender = sender_of(settings).addr_spec
        self._password = settings.smtp_password()
        if not (section.user or "").isascii() or not (self._password or "").isascii():
            raise ConfigurationError(
                "[smtp] user and password may hold letters of ASCII alone, so no æ, ø or å: have another password made."
            )
        self._trust = None if section.security == "off" else trust(settings, section, "smtp")
        self._connection: smtplib.SMTP | None = None
        self._pause = pause
        self._clock = clock
        self._recent = deque[float](maxlen=section.per_minute)

    def send(self, message: EmailMessage, *, at: datetime) -> None:
        """Send one message to the address that it names. `at` is the moment that it is dated.

        Raises NotSent, which says whether it is worth trying again, and ConfigurationError as above. When the
        connection breaks off at the end, nobody knows whether the server has it: it is sent again, with the same id.
        """
        self._keep_pace()
        [to] = [address.addr_spec for address in message["To"].addresses]
        del message["Date"]
        message["Date"] = format_datetime(at)
        connection = self._connected()
        with self._in_words(f"the message to {to}"):
            connection.sendmail(self._sender, [to], message.as_bytes())

    def _keep_pace(self) -> None:
        if len(self._recent) == self._recent.maxlen:
            self._pause(max(0.0, self._recent[0] + _MINUTE - self._clock()))
        self._recent.append(self._clock())

    def _connected(self) -> smtplib.SMTP:
        if self._connection is None:
            with self._in_words("", connecting=True):
                self._connection = self._connect()
        return self._connection

    def _connect(self) -> smtplib.SMTP:
        import smtplib

        host, timeout = self._section.host, self._section.timeout
        if self._section.security == "tls":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(host, self._port, timeout=timeout, context=self._trust)
        else:
            connection = smtplib.SMTP(host, self._port, timeout=timeout)
        try:
            if self._section.security == "starttls":
                connection.starttls(context=self._trust)
            if self._section.user is not None and self._password is not None:
                connection.login(self._section.user, self._password)
        except BaseException:
            connection.close()
            raise
        return connection

    @contextmanager
    def _in_words(self, what: str, *, connecting: bool = False) -> Iterator[None]:
        """Every failure as one sentence: what is to be mended first, or whether to try again."""
        import smtplib

        where = f"the mail server {single_line(self._section.host)}"
        failure: FeideProvError
        try:
            yield
        except ssl.SSLCertVerificationError as error:
            failure = ConfigurationError(
                f"The certificate of {where} is not trusted ({single_line(error.verify_message)}): nothing was sent. "
                "Name its authority in [smtp] ca_file, or correct host."
            )
        except smtplib.SMTPNotSupportedError:
            failure = ConfigurationError(
                f"{_capital(where)} does not offer "
                f"{'STARTTLS' if self._section.security == 'starttls' else 'a login'}: nothing was sent. Correct "
                "[smtp] port, security or user."
            )
        except smtplib.SMTPAuthenticationError as error:
            failure = self._of_login(where, error)
        except smtplib.SMTPRecipientsRefused as error:
            [(code, words)] = error.recipients.values()
            failure = self._of_message(f"{_capital(where)} refused {what}", code, words)
        except smtplib.SMTPSenderRefused as error:
            failure = self._of_sender(where, what, error)
        except smtplib.SMTPResponseException as error:
            if connecting:
                failure = self._of_connection(where, error.smtp_code, error.smtp_error)
            else:
                failure = self._of_message(f"{_capital(where)} refused {what}", error.smtp_code, error.smtp_error)
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            said = f"{_capital(where)} {why(error, self._section.timeout)}"
            said += " before anything was sent" if connecting else f", so {what} may not have arrived"
            failure = NotSent(f"{said}. It is worth trying again.", False, server=connecting)
        else:
            return
        raise failure from None

    def _of_login(self, where: str, error: smtplib.SMTPAuthenticationError) -> FeideProvError:
        answer = _answer(error.smtp_code, error.smtp_error)
        if error.smtp_code < 500:
            return NotSent(f"{_capital(where)} lets nobody log in at the moment ({answer}).", False, server=True)
        return ConfigurationError(
            f"{_capital(where)} refused the login ({answer}): nothing was sent. Correct user and password in [smtp]."
        )

    def _of_connection(self, where: str, code: int, words: bytes | str) -> FeideProvError:
        said = f"{_capital(where)} turned us away ({_answer(code, words)})"
        if 400 <= code < 500:
            return NotSent(f"{said}. It is worth trying again.", False, server=True)
        return ConfigurationError(f"{said}: nothing was sent. Ask who runs it, or correct host and port in [smtp].")

    def _of_sender(self, where: str, what: str, error: smtplib.SMTPSenderRefused) -> FeideProvError:
        if error.smtp_code < 500:
            return self._of_message(f"{_capital(where)} refused {what}", error.smtp_code, error.smtp_error)
        return ConfigurationError(
            f"{_capital(where)} takes no mail from {self._sender} ({_answer(error.smtp_code, error.smtp_error)}): "
            "nothing was sent. Correct sender, user or password in [smtp]."
        )

    def _of_message(self, said: str, code: int, words: bytes | str) -> NotSent:
        """By the first digit: 4 is temporary, 5 permanent (RFC 5321, 4.2.1). After 421 the server hangs up."""
        if code == 421:
            self._drop()
        permanent = code >= 500
        advice = "Correct the address, or ask the provider." if permanent else "It is worth trying again."
        return NotSent(f"{said} ({_answer(code, words)}). {advice}", permanent)

    def _drop(self) -> None:
        """Let go of a connection that is of no use any more: the next message makes a new one."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def close(self) -> None:
        """Take leave of the server."""
        import smtplib

        if self._connection is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._connection.quit()
            self._drop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


def _answer(code: int, words: bytes | str) -> str:
    """The server's words, of which it may have taken any from the message: without digits that follow one another."""
    text = words.decode(errors="replace") if isinstance(words, bytes) else words
    return f"{code}: {scrub(single_line(text)) or 'no words'}".rstrip(".")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
