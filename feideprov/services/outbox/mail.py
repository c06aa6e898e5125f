"""One mail: few headers, which others cannot add to, and its draft in a file."""

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
from feideprov.mail import mail_address
from feideprov.messages import Sentence
from feideprov.services.outbox.templates import Language, Text, single_line
from feideprov.settings import Settings
from feideprov.system_errors import reason_of

_NOT_IN_FILE_NAMES: Final = re.compile(r"[^a-z0-9]+")


class _MailPolicy(EmailPolicy):
    """Encodes subjects as a whole: Python 3.11 would put spaces into names of other scripts."""

    def fold(self, name: str, value: str) -> str:
        if name != "Subject":
            return str(super().fold(name, value))
        subject = Header(str(value), "us-ascii" if value.isascii() else "utf-8", header_name=name)
        return f"{name}: {subject.encode(linesep=self.linesep)}{self.linesep}"

    def fold_binary(self, name: str, value: str) -> bytes:
        return self.fold(name, value).encode("ascii") if name == "Subject" else super().fold_binary(name, value)


_POLICY: Final = _MailPolicy(linesep="\r\n")


def sender_of(settings: Settings) -> Address:
    """The sender: `[smtp] sender`, or else the organization's own address.

    Raises ConfigurationError when it is not a mail address.
    """
    try:
        spec = mail_address(settings.smtp.sender or settings.organization.mail)
    except InputError:
        key = "[smtp] sender" if settings.smtp.sender else "[organization] mail"
        sentence = Sentence(
            "{key} is not a mail address. Write it in this form: name@example.no, without æ, ø or å before the “@”.",
            key=key,
        )
        raise ConfigurationError(sentence) from None
    return Address(single_line(settings.organization.name), addr_spec=spec)


def compose(settings: Settings, to: str, text: Text, *, message_id: str, language: Language) -> EmailMessage:
    """A message to one address. `message_id` is the message's own id, the same each time it is sent.

    Plain text only: several parts would need boundaries, which are long runs of digits. Raises InputError when `to` is
    not an address, ConfigurationError when the sender is not.
    """
    sender = sender_of(settings)
    message = EmailMessage(policy=_POLICY)
    message["From"] = sender
    message["To"] = Address(addr_spec=mail_address(to))
    message["Subject"] = single_line(text.subject)
    message["Message-ID"] = f"<{message_id}@{settings.organization.realm}>"
    message.set_content(text.body, charset="utf-8", cte="quoted-printable")  # removes other Content-… headers
    message["Content-Language"] = language
    return message


def draft(message: EmailMessage, folder: Path, label: str) -> Path:
    """Save a message as a draft that a mail program opens for sending (`X-Unsent`). Returns its file (.eml, mode 0600).

    The file's name is made of `label` and the message's id, so one message has one file, however often it is written.
    Raises InputError when the file cannot be written.
    """
    unsent = EmailMessage(policy=_POLICY)
    unsent["X-Unsent"] = "1"
    for name, value in message.items():
        if name.lower() not in ("message-id", "date"):  # the mail program writes them when it sends
            unsent[name] = value
    unsent.set_payload(message.get_payload())
    path = folder / _file_name(label, str(message["Message-ID"]))
    try:
        files.make_folder(folder)
        files.replace(path, unsent.as_bytes())
    except OSError as error:
        sentence = Sentence(
            "The draft {file} cannot be written ({reason}). Choose another folder.",
            file=scrub_path(path),
            reason=reason_of(error),
        )
        raise InputError(sentence) from None
    return path


def _file_name(label: str, message_id: str) -> str:
    ascii_label = _NOT_IN_FILE_NAMES.sub("-", anyascii(single_line(label)).lower())
    # scrubbed last, because by now ① has become 1, and / a dash
    plain = _NOT_IN_FILE_NAMES.sub("-", scrub(ascii_label))[:40].strip("-")
    start_of_id = _NOT_IN_FILE_NAMES.sub("", message_id.lower().partition("@")[0])[:8]
    return f"{plain or 'provider'}-{start_of_id}.eml"
