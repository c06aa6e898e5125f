"""A service, as `--json` shows it."""

from __future__ import annotations

from datetime import date
from typing import Any

from feideprov.services.register.service import Service


def as_object(service: Service, answer_days: int) -> dict[str, Any]:
    """A service as `--json` shows it."""
    due = service.reminder_due_on(answer_days)
    return {
        "id": service.id,
        "name": service.name(),
        "names": dict(service.names),
        "provider": service.provider.name,
        "provider_id": service.provider.id,
        "state": service.answer.state.value,
        "gets_number": service.gets_number,
        "ways": [way.value for way in service.ways],
        "required": service.required,
        "activated": service.activated,
        "concerns_us": service.concerns_us,
        "gone_on": iso(service.gone_on),
        "contacts": [one.model_dump() for one in service.contacts],
        "schools": list(service.audience.schools),
        "roles": list(service.audience.roles),
        "reason": service.reason,
        "asked_on": iso(service.asked_on),
        "reminded_on": iso(service.reminded_on),
        "reminder_due_on": iso(due),
        "answered_on": iso(service.answer.on) if service.is_settled else None,
        "since": iso(service.answer.on),
        "source": service.answer.source,
        "by": service.answer.by,
        "names_allowed": service.basis_for_names.text if service.basis_for_names else None,
        "facts": {name: {"source": said.source, "on": iso(said.on)} for name, said in service.said.items()},
    }


def iso(day: date | None) -> str | None:
    """A day as 2026-08-31."""
    return day.isoformat() if day else None
