"""What a notice says, as a mail to the provider and as JSON to the organization's own system."""

from __future__ import annotations

from collections.abc import Mapping
from email.message import EmailMessage
from typing import Any

from feideprov.services.notice import Line, Notice
from feideprov.services.outbox.mail import compose
from feideprov.services.outbox.templates import Wording, single_line
from feideprov.services.owed import Happening
from feideprov.settings import Settings


def letter(settings: Settings, wording: Wording, notice: Notice, to: str) -> EmailMessage:
    """The mail to a provider: service, date and count, and the way by which the provider takes the list of users. Its
    Message-ID is made of the notice's id.

    Raises ConfigurationError when the template cannot be used.
    """
    section = settings.services
    text = wording.say(
        "notice",
        section.language,
        organization=settings.organization.name,
        provider=notice.provider.name,
        reference=notice.id,
        lines=[_facts(line, section.language) for line in notice.lines],
        totals={what.value: notice.totals.get(what, 0) for what in Happening},
        channel=section.channel,
        signature=section.signature.splitlines() or [settings.organization.name],
    )
    return compose(settings, to, text, message_id=notice.id, language=section.language)


def content(settings: Settings, notice: Notice) -> dict[str, Any]:
    """What the webhook is sent. `users` is there where the service has a basis for names; they are Feide names."""
    organization = settings.organization
    return {
        "id": notice.id,
        "organization": {"realm": organization.realm, "name": organization.name},
        "provider": {"id": single_line(notice.provider.id), "name": single_line(notice.provider.name)},
        "day": notice.day.isoformat(),
        "changes": [
            {
                "service": {"id": single_line(line.service.id), "name": single_line(line.service.name())},
                "on": line.on.isoformat(),
                **{what.value: line.counts.get(what, 0) for what in Happening},
                **({"users": {what.value: list(names) for what, names in line.users.items()}} if line.users else {}),
            }
            for line in notice.lines
        ],
    }


def _facts(line: Line, language: str) -> Mapping[str, Any]:
    return {
        "service": line.service.name(language),
        "on": line.on,
        **{what.value: line.counts.get(what, 0) for what in Happening},
        "users": {what.value: line.users.get(what, ()) for what in Happening},
    }
