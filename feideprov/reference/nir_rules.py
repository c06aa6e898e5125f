"""The tables of `docs/nir-rules.md`, made from the rules of the introduction register."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from feideprov.nir.table.rows import ALWAYS, EVERY_SCHEME
from feideprov.nir.table.rules import DatedBy, LawRow, Rule, Rules
from feideprov.reference.pages import Blocks, cell, markdown_table

_TABLE: Final = Rules.shipped()
_RULE: Final = ("id", "field", "effect", "when", "from", "until", "time limit", "note", "source")


def rules_tables() -> str:
    """A table for each law of each scheme."""
    groups: dict[tuple[str, str], list[Rule]] = {}
    for row in _TABLE.rules:
        groups.setdefault((row.scheme, row.law), []).append(row)
    return "\n".join(_group(*names, rows) for names, rows in groups.items())


def _group(scheme: str, law: str, rows: list[Rule]) -> str:
    title = "every scheme" if scheme == EVERY_SCHEME else f"`{scheme}`"
    return f"### {title}, `{law}`\n\n{markdown_table(_RULE, map(_rule, rows))}"


def _rule(row: Rule) -> tuple[str, ...]:
    by_its_own_day = "By its own day." * (row.dated_by is DatedBy.FACT)
    return (
        f"`{row.id}`",
        f"`{row.field}`",
        row.effect.value,
        "" if row.when == ALWAYS else f"`{row.when}`",
        _day(row.from_),
        _day(row.until),
        row.deadline or "",
        _note(row, by_its_own_day),
        _source(row.source),
    )


def laws_table() -> str:
    """Which law applies to whom."""
    heading = ("id", "law", "of whom", "from", "until", "note", "source")
    return markdown_table(
        heading,
        (
            (
                f"`{row.id}`",
                f"`{row.law}`",
                "; ".join(_people(row)),
                _day(row.from_),
                _day(row.until),
                _note(row),
                _source(row.source),
            )
            for row in _TABLE.laws
        ),
    )


def _people(row: LawRow) -> Iterator[str]:
    if row.basis:
        yield f"§ {row.basis}"
    if row.schemes:
        yield "in " + ", ".join(f"`{scheme}`" for scheme in row.schemes)
    for what, first, until in (
        ("permit", row.permit_from, row.permit_until),
        ("arrived", row.arrived_from, row.arrived_until),
    ):
        if first:
            yield f"{what} on {first} or later"
        if until:
            yield f"{what} before {until}"


def compiled() -> str:
    """When the table was made, and from which day on it says anything."""
    return (
        f"Compiled on **{_TABLE.compiled}**. Earlier days than {_TABLE.scope_from} are history: on that day WS2 was "
        "switched off, and the table says nothing of the time before.\n"
    )


def _plain(heading: tuple[str, ...], rows: Any) -> str:
    """A table with the keys of rows as columns, and their notes and sources."""
    return markdown_table(
        (*(key.replace("_", " ") for key in heading), "note", "source"),
        ((*(_shown(getattr(row, key)) for key in heading), _note(row), _source(row.source)) for row in rows),
    )


def _shown(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case tuple():
            return ", ".join(f"`{one}`" for one in value)
        case date() | int():
            return str(value)
        case _:
            return f"`{value}`" if value and " " not in value else value


def roles_table() -> str:
    """The role that may register a scheme."""
    rows = ((f"`{scheme}`", row.role, _source(row.source)) for scheme, row in _TABLE.schemes.items())
    return markdown_table(("scheme", "role", "source"), rows)


def extended_table() -> str:
    """What decisions on extended training are compared with."""
    limits = _TABLE.extended.model_dump(exclude={"source", "note"})
    table = markdown_table(("limit", "value"), ((f"`{name}`", str(value)) for name, value in limits.items()))
    return f"{table}\n{_TABLE.extended.note} Source: {_source(_TABLE.extended.source)}.\n"


def sources_table() -> str:
    """The sources, and how much of each was read."""
    rows = (
        (f"`{key}`", cell(f"<{one.url}>"), cell(" ".join(filter(None, (f"{one.words}.", one.note)))), one.seen)
        for key, one in _TABLE.sources.items()
    )
    return markdown_table(("name", "address", "page", "read"), rows)


BLOCKS: Final[Blocks] = {
    "compiled": compiled,
    "laws": laws_table,
    "rules": rules_tables,
    "roles": roles_table,
    "channels": lambda: _plain(("id", "channel"), _TABLE.channels.values()),
    "availability": lambda: _plain(("law", "fields", "not_before", "known_by"), _TABLE.availability),
    "annual": lambda: _plain(("year", "last_day"), _TABLE.annual),
    "completion": lambda: _plain(
        ("law", "scheme", "if_utdanningsbakgrunn", "limit", "anchor", "extended_by"), _TABLE.completion
    ),
    "extended": extended_table,
    "sources": sources_table,
}


def _note(row: Any, *more: str) -> str:
    indirect = "*indirect*." * (getattr(row, "confidence", "") == "indirect")
    return cell(" ".join(filter(None, (indirect, *more, row.note))))


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _source(keys: str) -> str:
    return ", ".join(f"`{key}`" for key in keys.split(", "))
