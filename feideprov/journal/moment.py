"""Moments as the journal keeps them: texts that sort as they follow one another."""

from __future__ import annotations

from datetime import UTC, datetime


def stamp(moment: datetime | None = None) -> str:
    """A moment, or now, to the second and in UTC (ISO 8601).

    >>> stamp(datetime(2026, 11, 23, 12, 30, tzinfo=UTC))
    '2026-11-23T12:30:00+00:00'
    """
    return (moment or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="seconds")
