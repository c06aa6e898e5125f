"""Saved answers of the Feide API, and tables, as people have them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

Save = Callable[..., Path]
OURS, OTHERS = "7", "8"


def service_object(
    number: int, *, nin: bool = True, subscribers: tuple[str, ...] | None = (OURS,), **fields: Any
) -> Any:
    """An object as `/2/sp/` gives it."""
    found = {
        "id": str(number),
        "name": {"nb": f"Tjeneste {number}", "en": f"Service {number}"},
        "provider": {"id": "100", "name": {"nb": "Leverandør AS"}, "realm": "leverandor.no"},
        "attributes": ["displayName", "norEduPersonNIN"] if nin else ["displayName"],
        "login_url": "https://example.no/login",
        "logo": None,
    }
    if subscribers is not None:
        found["subscribers"] = [{"id": one} for one in subscribers]
    return found | fields


def organization_object(one: str, realm: str, support: str | None = None, **fields: Any) -> Any:
    """An object as `/2/org/` gives it."""
    return {"id": one, "realm": realm, "type": ["x"], "name": {"nb": realm}, "support_email": support} | fields


PROVIDER = organization_object("100", "leverandor.no", "hjelp@leverandor.no")
SELF = organization_object(OURS, "skotthyll.kommune.no")


def save_in(folder: Path) -> Save:
    """A function that saves a file: text, octets, or a value as JSON."""

    def save(name: str, content: Any) -> Path:
        path = folder / name
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return path

    return save
