"""The state of each message: by which channel it was sent, when, when it is tried again, what the server said.

A message is written down before it is sent. A run that is interrupted leaves it due, and the next run sends it again
with the same id. So it arrives at least once.
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

from feideprov.journal.events import stamp
from feideprov.journal.journal import Journal
from feideprov.journal.stored import understood
from feideprov.journal.tables import delivery as _delivery
from feideprov.services.outbox.kept_sentence import as_kept, as_said
from feideprov.tables.day import moment_in_norway

ATTEMPTS: Final = 12
"""After this many a message is given up: about five days."""
_FIRST_WAIT: Final = timedelta(minutes=5)
_LONGEST_WAIT: Final = timedelta(hours=24)


class Channel(StrEnum):
    """How a message is sent."""

    MAIL = "mail"
    WEBHOOK = "webhook"
    DRAFT = "draft"


class DeliveryState(StrEnum):
    """The state of a message. `failed`: given up, because of the receiver's response or after many attempts."""

    DUE = "due"
    SENT = "sent"
    FAILED = "failed"
    BOUNCED = "bounced"
    DRAFTED = "drafted"


class SendResult(StrEnum):
    """What one run did with one message by one channel."""

    DUE = "due"  # it would be sent
    SENT = "sent"
    DRAFTED = "drafted"
    NOTED = "noted"  # an interrupted run sent it; that is written down now
    WAITING = "waiting"  # it failed, and is tried again
    LATER = "later"  # it failed before, and the time of the next attempt has not come
    FAILED = "failed"  # given up
    BOUNCED = "bounced"  # a person says that it came back
    UNADDRESSED = "unaddressed"  # the provider has no mail address


@dataclass(frozen=True)
class Delivery:
    """One message by one channel. `at`, `next_at`: ISO 8601, UTC; `said`: why the last attempt failed, scrubbed."""

    message: str
    channel: Channel
    state: DeliveryState
    attempts: int
    at: str
    next_at: str | None
    said: str

    @property
    def next_in_norway(self) -> datetime | None:
        """The time of the next attempt, by the clocks of Norway."""
        return moment_in_norway(self.next_at).replace(microsecond=0) if self.next_at else None

    def is_due(self, now: datetime) -> bool:
        """Whether to try it now. No attempt is more than a day ahead: a later time was written by a clock that was
        wrong, and does not count."""
        next_at = self.next_at or ""
        return self.state is DeliveryState.DUE and not stamp(now) < next_at <= stamp(now + _LONGEST_WAIT)


class Deliveries:
    """The deliveries of one organization, in the journal's database. `clock` gives the time in UTC."""

    def __init__(self, journal: Journal, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._journal = journal
        self._clock = clock
        self._ours = _delivery.c.realm == journal.realm

    def begin(self, message: str, channel: Channel) -> Delivery:
        """Write down that a message is to be sent by this channel, if it is not yet; on disk when this returns."""
        with self._journal.writing() as connection:
            if found := self._read(connection, self._one(message, channel)):
                return found[0]
            now = stamp(self._clock())
            row = {"state": DeliveryState.DUE, "attempts": 0, "at": now, "next_at": now, "said": ""}
            return self._insert(connection, message, channel, row)

    @contextmanager
    def attempt(self, message: str, channel: Channel, *, afresh: bool = False) -> Iterator[Delivery | None]:
        """One attempt, during which no other run sends the message. Gives the delivery, or None when it is not due: it
        was sent already, was given up, or is tried again later. With `afresh`, only what was sent already is not due.

        Raises JournalError when another run sends for more than a minute.
        """
        with self._journal.sending():
            delivery = self.begin(message, channel)
            if afresh and delivery.state is not DeliveryState.SENT:
                delivery = self.again(message, channel)
            yield delivery if delivery.is_due(self._clock()) else None

    def due(self, now: datetime | None = None) -> list[Delivery]:
        """What is due now, the one that has waited longest first."""
        now = now or self._clock()
        with self._journal.reading() as connection:
            found = self._read(connection, _delivery.c.state == DeliveryState.DUE)
        return sorted((one for one in found if one.is_due(now)), key=lambda one: (one.at, one.message))

    def of(self, message: str) -> list[Delivery]:
        """The deliveries of one message, by channel."""
        with self._journal.reading() as connection:
            return self._read(connection, _delivery.c.message == message)

    def all(self) -> list[Delivery]:
        """All deliveries, by message and channel."""
        with self._journal.reading() as connection:
            return self._read(connection, sa.true())

    def sent(self, message: str, channel: Channel, said: str = "") -> Delivery:
        """The receiver has accepted it."""
        return self._end(message, channel, DeliveryState.SENT, said, tried=True)

    def failed(self, message: str, channel: Channel, said: str, *, permanent: bool) -> Delivery:
        """An attempt failed, for the reason `said`. The next one is after five minutes, and then after twice as long
        each time, up to a day. The message is given up when the failure is permanent, and after twelve attempts."""
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
                "said": as_kept(said),
            }
            return self._replace(connection, message, channel, row)

    def bounced(self, message: str, channel: Channel = Channel.MAIL, said: str = "") -> Delivery:
        """It was accepted, but came back: a person says so."""
        return self._end(message, channel, DeliveryState.BOUNCED, said)

    def drafted(self, message: str, said: str = "") -> Delivery:
        """It is in a file, for a person to send."""
        return self._end(message, Channel.DRAFT, DeliveryState.DRAFTED, said)

    def again(self, message: str, channel: Channel) -> Delivery:
        """Make it due now, whatever its state, as if for the first time: a person says so."""
        now = stamp(self._clock())
        with self._journal.writing() as connection:
            row = {"state": DeliveryState.DUE, "attempts": 0, "at": now, "next_at": now, "said": ""}
            return self._replace(connection, message, channel, row)

    def _end(self, message: str, channel: Channel, state: DeliveryState, said: str, *, tried: bool = False) -> Delivery:
        with self._journal.writing() as connection:
            found = self._read(connection, self._one(message, channel))
            attempts = (found[0].attempts if found else 0) + tried
            at = stamp(self._clock())
            row = {"state": state, "attempts": attempts, "at": at, "next_at": None, "said": as_kept(said)}
            return self._replace(connection, message, channel, row)

    def _replace(self, connection: sa.Connection, message: str, channel: Channel, row: dict[str, Any]) -> Delivery:
        connection.execute(_delivery.delete().where(self._one(message, channel)))
        return self._insert(connection, message, channel, row)

    def _insert(self, connection: sa.Connection, message: str, channel: Channel, row: dict[str, Any]) -> Delivery:
        key = {"message": message, "channel": channel.value, "realm": self._journal.realm}
        connection.execute(_delivery.insert().values(**(row | key | {"state": row["state"].value})))
        return Delivery(message=message, channel=channel, **(row | {"said": as_said(row["said"])}))

    def _one(self, message: str, channel: Channel) -> sa.ColumnElement[bool]:
        return self._ours & (_delivery.c.message == message) & (_delivery.c.channel == channel.value)

    def _read(self, connection: sa.Connection, which: sa.ColumnElement[bool]) -> list[Delivery]:
        query = sa.select(_delivery).where(self._ours, which).order_by(_delivery.c.message, _delivery.c.channel)
        return [
            Delivery(
                row.message,
                understood(Channel, row.channel, "delivery.channel"),
                understood(DeliveryState, row.state, "delivery.state"),
                row.attempts,
                row.at,
                row.next_at,
                as_said(row.said),
            )
            for row in connection.execute(query)
        ]


def new_id() -> str:
    """An id for a message: letters only, because random digits sometimes look like an identity number."""
    return "".join(secrets.choice(string.ascii_lowercase) for _ in range(26))
