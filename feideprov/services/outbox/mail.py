"""A letter to a provider: a mail of few headings that nobody else can add to, or its draft in a file."""

from __future__ import annotations

import re
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from pathlib import Path
from typing import Final

from anyascii import anyascii

from feideprov import files
from feideprov.errors import ConfigurationError, InputError, scrub, scrub_path
from feideprov.services.address import mail_address
from feideprov.services.outbox.templates import Language, Text, single_line
from feideprov.settings import Settings

_NOT_IN_FILE_NAMES: Final = re.compile(r"[^a-z0-9]+")


class _Writing(EmailPolicy):
    """Subjects are encoded whole: Python's newer way (3.11) puts spaces into names of other scripts."""

    def fold(self, name: str, value: str) -> str:
        if name != "Subject":
            return str(super().fold(name, value))
        subject = Header(str(value), "us-ascii" if value.isascii() else "utf-8", header_name=name)
        return f"{name}: {subject.encode(linesep=self.linesep)}{self.linesep}"

    def fold_binary(self, name: str, value: str) -> bytes:
        return self.fold(name, value).encode("ascii") if name == "Subject" else super().fold_binary(name, value)


_POLICY: Final = _Writing(linesep="\r\n")


def sender_of(settings: Settings) -> Address:
    """Who writes: `[smtp] sender`, or else the organization's own address. Raises ConfigurationError when it is no
    address."""
    try:
        spec = mail_address(settings.smtp.sender or settings.organization.mail)
    except InputError:
        key = "[smtp] sender" if settings.smtp.sender else "[organization] mail"
        raise ConfigurationError(f"{key} is no mail address: write it as name@domain.") from None
    return Address(single_line(settings.organization.name), addr_spec=spec)


def compose(settings: Settings, to: str, text: Text, *, message_id: str, language: Language) -> EmailMessage:
    """A message to one address. `message_id` is the message's own id, the same however often it is sent.

    Plain text alone: parts would need boundaries, which are long runs of digits. Raises InputError when `to` is no
    address, ConfigurationError when the sender is none.
    """
    sender = sender_of(settings)
    message = EmailMessage(policy=_POLICY)
    message["From"] = sender
    message["To"] = Address(addr_spec=mail_address(to))
    message["Subject"] = single_line(text.subject)
    message["Message-ID"] = f"<{message_id}@{settings.organization.realm}>"
    message.set_content(text.body, charset="utf-8", cte="quoted-printable")  # takes other Content-… headings away
    message["Content-Language"] = language
    return message


def draft(message: EmailMessage, folder: Path, label: str) -> Path:
    """Keep a message as a draft that a mail program opens for sending (`X-Unsent`); gives its file (.eml, mode 0600).

    The file's name is made of `label` and the message's id, so one message has one file, however often it is written.
    Raises InputError when it cannot be.
    """
    unsent = EmailMessage(policy=_POLICY)
    unsent["X-Unsent"] = "1"
    for name, value in message.items():
        if name.lower() not in ("message-id", "date"):  # those are the mail program's, when it is sent
            unsent[name] = value
    unsent.set_payload(message.get_payload())
    path = folder / _file_name(label, str(message["Message-ID"]))
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        files.replace(path, unsent.as_bytes())
    except OSError as error:
        raise InputError(f"The draft {scrub_path(path)} cannot be written: {error.strerror}.") from None
    return path


def _file_name(label: str, message_id: str) -> str:
    written = _NOT_IN_FILE_NAMES.sub("-", anyascii(single_line(label)).lower())
    plain = _NOT_IN_FILE_NAMES.sub("-", scrub(written))[:40].strip("-")  # here, because ① has become 1, and / a dash
    mark = _NOT_IN_FILE_NAMES.sub("", message_id.lower().partition("@")[0])[:8]
    return f"{plain or 'provider'}-{mark}.eml"
