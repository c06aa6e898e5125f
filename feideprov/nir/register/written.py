"""A content as JSON has it: each kind with its name, so that exactly the same is read back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from pydantic import TypeAdapter

from feideprov.journal.keys import MarkKey
from feideprov.nir.contents import (
    Avslutning,
    Contents,
    Fravaer,
    Fritak,
    Given,
    Klage,
    Part,
    Permisjon,
    Tiltak,
    Timer,
    Vedtak,
)

_PARTS: Final[Mapping[str, Any]] = {
    kind.__name__: kind for kind in (Vedtak, Tiltak, Timer, Fravaer, Permisjon, Fritak, Klage, Avslutning, Given)
}

_CONTENTS: Final[TypeAdapter[Contents]] = TypeAdapter(Contents)


def as_written(content: Contents) -> Any:
    """A content as JSON has it."""
    match content:
        case bool():
            return content
        case Decimal():
            return {"hours": str(content)}
        case date():
            return {"day": content.isoformat()}
        case str():
            return {"code": content}
        case tuple():
            return [as_written(part) for part in content]
        case _:
            return {type(content).__name__: content.model_dump(mode="json", by_alias=True, exclude_none=True)}


def as_content(written: Any) -> Contents:
    """The content that is written so. Raises ValueError, TypeError or KeyError for anything else."""
    if isinstance(written, bool):
        return written
    if isinstance(written, list):
        return tuple(map(_part, written))
    [(kind, value)] = written.items()
    match kind:
        case "hours":
            return Decimal(_text(value))
        case "day":
            return date.fromisoformat(value)
        case "code":
            return _text(value)
        case _:
            return _part(written)


def as_text(content: Contents) -> str:
    """A content as a text; the same for contents that are equal in all parts."""
    return json.dumps(as_written(content), ensure_ascii=False, sort_keys=True)


def of_text(text: str) -> Contents:
    """The content that is such a text."""
    return as_content(json.loads(text))


def hash_of(content: Contents | None, key: MarkKey) -> str:
    """What shows that a content is the same as one that was handed over, and says nothing about it without the key.

    Empty where there is no content: the field was only seen in NIR."""
    if content is None:
        return ""
    return key.of_row("nir field", type(content).__name__, _CONTENTS.dump_json(content).decode())


def _part(written: Any) -> Part:
    [(kind, value)] = written.items()
    part: Part = _PARTS[kind].model_validate(value)
    return part


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value
