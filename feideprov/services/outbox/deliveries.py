"""What became of each message: when it was tried, by which channel, when it is tried again, what the server said.

A message is begun before it is sent, so a run that is cut off leaves it due: the next one sends it again, with the same
id. So it arrives at least once.
"""

from __future__ import annotations

import secrets
import string
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

import sqlalchemy as sa

from feideprov.errors import scrub
from feideprov.journal.events import stamp
from feideprov.journal.journal import Journal
from feideprov.journal.tables import delivery as _delivery

ATTEMPTS: Final = 12
"""After so many it is given up: about five days."""
_FIRST_WAIT: Final = timedelta(minutes=5)
_LONGEST_WAIT: Final = timedelta(hours=24)


class Channel(StrEnum):
    """By which way a message goes."""

    MAIL = "mail"
    WEBHOOK = "webhook"
    DRAFT = "draft"


class DeliveryState(StrEnum):
    """What became of it. `failed`: given up, because of the receiver's answer or after many attempts."""

    DUE = "due"
    SENT = "sent"
    FAILED = "failed"
    BOUNCED = "bounced"
    DRAFTED = "drafted"


@dataclass(frozen=True)
class Delivery:
    """One message by one channel. `at`, `next_at`: ISO 8601, UTC; `said`: the last words of the receiver, scrubbed."""

    message: str
    channel: Channel
    state: DeliveryState
    attempts: int
    at: str
    next_at: str | None
    said: str

    def is_due(self, now: datetime) -> bool:
        """Whether it is to be tried now."""
        return self.state is DeliveryState.DUE and (self.next_at or "") <= stamp(now)


class Deliveries:
    """The deliveries of one organization, in the journal's database. `clock` gives the moment, in UTC."""

    def __init__(self, journal: Journal, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._journal = journal
        self._clock = clock
        self._ours = _delivery.c.realm == journal.realm

    def begin(self, message: str, channel: Channel) -> Delivery:
        """Write down that a message is to go this way, if that is not known yet; on disk when this returns."""
        with self._journal.writing() as connection:
            if found := self._read(connection, self._one(message, channel)):
                return found[0]
            now = stamp(self._clock())
            row = {"state": DeliveryState.DUE, "attempts": 0, "at": now, "next_at": now, "said": ""}
            return self._insert(connection, message, channel, row)

    @contextmanager
    def attempt(self, message: str, channel: Channel, *, afresh: bool = False) -> Iterator[Delivery | None]:
        """The time of one attempt: the message is begun, and no other run sends it meanwhile. None: it is not its
        turn, because it went already, was given up, or waits; with `afresh`, because it went already.

        Raises JournalError when another run is at this for more than a minute.
        """
        with self._journal.sending():
            delivery = self.begin(message, channel)
            if afresh and delivery.state is not DeliveryState.SENT:
                delivery = self.again(message, channel)
            yield delivery if delivery.is_due(self._clock()) else None

    def due(self, now: datetime | None = None) -> list[Delivery]:
        """What is to be tried now, what has waited longest first."""
        state = _delivery.c.state == DeliveryState.DUE
        with self._journal.reading() as connection:
            found = self._read(connection, state & (_delivery.c.next_at <= stamp(now or self._clock())))
        return sorted(found, key=lambda one: (one.at, one.message))

    def of(self, message: str) -> list[Delivery]:
        """The deliveries of one message, by channel."""
        with self._journal.reading() as connection:
            return self._read(connection, _delivery.c.message == message)

    def all(self) -> list[Delivery]:
        """All deliveries, by message and channel."""
        with self._journal.reading() as connection:
            return self._read(connection, sa.true())

    def sent(self, message: str, channel: Channel, said: str = "") -> Delivery:
        """The receiver has taken it."""
        return self._end(message, channel, DeliveryState.SENT, said, tried=True)

    def failed(self, message: str, channel: Channel, said: str, *, permanent: bool) -> Delivery:
        """An attempt failed. It is tried again after five minutes, and then after twice as long each time, up to a
        day; it is given up when the failure is permanent, and after the twelfth attempt."""
        with self._journal.writing() as connection:
            found = self._read(connection, self._one(message, channel))
            attempts = found[0].attempts + 1 if found else 1
            now = self._clock()
            wait = min(_FIRST_WAIT * 2 ** (attempts - 1), _LONGEST_WAIT)
            over = permanent or attempts >= ATTEMPTS
            row = {
                "state": DeliveryState.FAILED if over else DeliveryState.DUE,
                "attempts": attempts,
                "at": stamp(now),
                "next_at": None if over else stamp(now + wait),
                "said": scrub(said),
            }
            return self._replace(connection, message, channel, row)

    def bounced(self, message: str, channel: Channel = Channel.MAIL, said: str = "") -> Delivery:
        """It was taken, but came back: a person says so."""
        return self._end(message, channel, DeliveryState.BOUNCED, said)

    def drafted(self, message: str, said: str = "") -> Delivery:
        """It lies in a file, for a person to send."""
        return self._end(message, Channel.DRAFT, DeliveryState.DRAFTED, said)

    def again(self, message: str, channel: Channel) -> Delivery:
        """It is to be tried now, whatever became of it, as if for the first time: a person says so."""
        now = stamp(self._clock())
        with self._journal.writing() as connection:
            row = {"state": DeliveryState.DUE, "attempts": 0, "at": now, "next_at": now, "said": ""}
            return self._replace(connection, message, channel, row)

    def _end(self, message: str, channel: Channel, state: DeliveryState, said: str, *, tried: bool = False) -> Delivery:
        with self._journal.writing() as connection:
            found = self._read(connection, self._one(message, channel))
            attempts = (found[0].attempts if found else 0) + tried
            at = stamp(self._clock())
            row = {"state": state, "attempts": attempts, "at": at, "next_at": None, "said": scrub(said)}
            return self._replace(connection, message, channel, row)

    def _replace(self, connection: sa.Connection, message: str, channel: Channel, row: dict[str, Any]) -> Delivery:
        connection.execute(_delivery.delete().where(self._one(message, channel)))
        return self._insert(connection, message, channel, row)

    def _insert(self, connection: sa.Connection, message: str, channel: Channel, row: dict[str, Any]) -> Delivery:
        whose = {"message": message, "channel": channel.value, "realm": self._journal.realm}
        connection.execute(_delivery.insert().values(**(row | whose | {"state": row["state"].value})))
        return Delivery(message=message, channel=channel, **row)

    def _one(self, message: str, channel: Channel) -> sa.ColumnElement[bool]:
        return self._ours & (_delivery.c.message == message) & (_delivery.c.channel == channel.value)

    def _read(self, connection: sa.Connection, which: sa.ColumnElement[bool]) -> list[Delivery]:
        query = sa.select(_delivery).where(self._ours, which).order_by(_delivery.c.message, _delivery.c.channel)
        return [
            Delivery(
                row.message,
                Channel(row.channel),
                DeliveryState(row.state),
                row.attempts,
                row.at,
                row.next_at,
                row.said,
            )
            for row in connection.execute(query)
        ]


def new_id() -> str:
    """An id for a message: letters alone, because digits at random look like a person's number now and then."""
    return "".join(secrets.choice(string.ascii_lowercase) for _ in range(26))
