"""The content of the register as the text of its file, and back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import DecimalException
from functools import lru_cache
from typing import Any, Final

from feideprov.nir.model import NumberKind, Person, Record, Scheme, SeenInNir, Value
from feideprov.nir.register.content import Content, HandedOver, NumberMark, Seen
from feideprov.nir.register.written import as_content, as_written

FORM: Final = "feideprov_nir"
VERSION: Final = 1
DAMAGE: Final = (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError, DecimalException)
"""What reading raises where the file is not as it was written."""


class AnotherVersionError(Exception):
    """The file has a form that this version does not know."""


def to_text(content: Content, fingerprint: str) -> str:
    """The text of a content; `fingerprint` is that of the key which made its marks."""
    everybody = dict(content.people) | {record.person.key: record.person for record in content.records.values()}
    written = {
        FORM: VERSION,
        "key": fingerprint,
        "people": [one.model_dump(mode="json", exclude={"numbers"}, exclude_none=True) for one in everybody.values()],
        "records": [_record(record) for record in content.records.values()],
        "numbers": [
            {
                "person": person,
                "kind": kind.value,
                "mark": mark.mark,
                "source": mark.source,
                "seen_on": _day(mark.seen_on),
            }
            for person, marks in content.marks.items()
            for kind, mark in marks.items()
        ],
        "seen": [
            {"person": person, "field": name, "on": _day(seen.on), "by": seen.by}
            for person, fields in content.seen_of_person.items()
            for name, seen in fields.items()
        ],
        "handed_over": [
            [one.person, one.scheme.value, one.field, one.channel, _day(one.on), one.hash]
            for one in content.handed_over
        ],
        "contents": [[*place, text] for place, text in content.contents.items()],
        "told": sorted(content.told),
    }
    return json.dumps(written, ensure_ascii=False, separators=(",", ":"))


def of_text(text: str) -> tuple[Content, str]:
    """The content of a text, and the fingerprint of its key.

    Raises AnotherVersionError for another version of the file, and one of `DAMAGE` for what is no such text.
    """
    found = json.loads(text)
    if found[FORM] != VERSION:
        raise AnotherVersionError
    people = {one["key"]: Person.model_validate(one) for one in found["people"]}
    content = Content(
        people,
        {(one.person.key, one.scheme): one for one in _records(found["records"], people)},
        _by_person((one["person"], NumberKind(one["kind"]), _mark(one)) for one in found["numbers"]),
        _by_person((one["person"], one["field"], _seen(one)) for one in found["seen"]),
        tuple(
            HandedOver(
                _text(person), Scheme(scheme), _text(field), _text(channel), date.fromisoformat(on), _text(digest)
            )
            for person, scheme, field, channel, on, digest in found["handed_over"]
        ),
        {
            (_text(person), Scheme(scheme), _text(field)): _text(text)
            for person, scheme, field, text in found["contents"]
        },
        frozenset(map(_text, found["told"])),
    )
    return content, _text(found["key"])


def _record(record: Record) -> dict[str, Any]:
    written: dict[str, Any] = {"person": record.person.key, "scheme": record.scheme.value}
    if record.start is not None:
        written["start"] = _day(record.start)
    if record.facts:
        written["facts"] = {name: _day(day) for name, day in record.facts.items()}
    written["values"] = {name: _value(value) for name, value in record.values.items()}
    return written


def _value(value: Value) -> dict[str, Any]:
    written: dict[str, Any] = {}
    if value.content is not None:
        written["content"] = as_written(value.content)
    if value.available_on is not None:
        written["since"] = _day(value.available_on)
    if value.entered_by:
        written["entered_by"] = value.entered_by
    if value.seen_in_nir is not None:
        written["seen"] = [_day(value.seen_in_nir.on), value.seen_in_nir.by]
    return written


def _records(written: list[Any], people: Mapping[str, Person]) -> Iterator[Record]:
    for one in written:
        values = {name: _read_value(value) for name, value in one["values"].items()}
        yield Record.model_validate(
            {
                "person": people[one["person"]],
                "scheme": one["scheme"],
                "values": values,
                "facts": one.get("facts", {}),
                "start": one.get("start"),
            }
        )


def _read_value(written: Mapping[str, Any]) -> Value:
    """A value. Each part of it is checked here: that pydantic checks a content again takes most of the time."""
    content, since, seen = written.get("content"), written.get("since"), written.get("seen")
    return _EMPTY.model_copy(
        update={
            "content": None if content is None else as_content(content),
            "available_on": _read_day(since),
            "entered_by": _text(written.get("entered_by", "")),
            "seen_in_nir": None if seen is None else _read_seen(*seen),
        }
    )


_EMPTY: Final = Value()


@lru_cache(1000)
def _read_seen(on: str, by: str) -> SeenInNir:
    return SeenInNir.model_validate({"on": date.fromisoformat(on), "by": by})


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _mark(written: Mapping[str, Any]) -> NumberMark:
    return NumberMark(_text(written["mark"]), _text(written["source"]), _read_day(written["seen_on"]))


def _seen(written: Mapping[str, Any]) -> Seen:
    return Seen(
        _text(written["person"]), date.fromisoformat(written["on"]), _text(written["by"]), fields=(written["field"],)
    )


def _by_person(found: Iterator[tuple[str, Any, Any]]) -> dict[str, dict[Any, Any]]:
    persons: dict[str, dict[Any, Any]] = {}
    for person, name, value in found:
        persons.setdefault(person, {})[name] = value
    return persons


def _day(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


def _read_day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text is not None else None
