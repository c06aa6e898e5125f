"""Notices (step 5): what providers are told of numbers that came, changed or went.

All that one provider is owed is gathered into one notice, for as many of its services as there are. The notice gets its
id in the transaction that gathers it, before anything is sent, and keeps it: whoever sends, is killed and sends again
sends it under the same id. It says how many, when and for which service; never a number, and Feide names only of a
service whose entry in the register has a basis for that.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from feideprov.errors import Refused, scrub
from feideprov.journal.events import stamp
from feideprov.journal.journal import Journal
from feideprov.journal.owed import gather_owed
from feideprov.journal.tables import notice as _notice
from feideprov.journal.users import KnownUsers
from feideprov.services.notice import ENDED, STUCK, Notice, Ways, lines, totals
from feideprov.services.outbox.deliveries import Channel, Deliveries, Delivery, DeliveryState, new_id
from feideprov.services.owed import OwedNotice, read_owed, sort
from feideprov.services.register.register import Register
from feideprov.services.register.service import Provider, Service


class Notices:
    """The notices of one organization. `on` is the day that is reckoned from."""

    def __init__(self, journal: Journal, register: Register, on: date) -> None:
        self._journal = journal
        self._register = register
        self._on = on
        self._deliveries = Deliveries(journal)

    def all(self) -> list[Notice]:
        """Every notice that was gathered, the oldest first; then those that `gather` would make."""
        return self._read(lambda _, __: True)

    def unfinished(self) -> list[Notice]:
        """As `all`, but without those that are sent or drafted: what is due, was given up, or bounced."""
        return self._read(lambda _, ways: ways.state not in ENDED)

    def get(self, notice_id: str) -> Notice:
        """One notice that was gathered. Raises Refused (S-NO-NOTICE) when there is none with that id."""
        found = self.find(notice_id)
        if found is None:
            raise Refused(f"No notice has the id {scrub(notice_id)}. See: feideprov notify", code="S-NO-NOTICE")
        return found

    def find(self, notice_id: str) -> Notice | None:
        """As `get`; None where nobody has to be told any more, too."""
        return next((one for one in self._read(lambda known, _: known == notice_id) if one.id), None)

    def bounced(self, notice_id: str) -> Notice:
        """Write down that the mail of a notice came back. Raises Refused (S-NO-NOTICE, S-NOT-SENT)."""
        mail = self.get(notice_id).ways.mail
        if mail is None or mail.state not in (*ENDED, DeliveryState.BOUNCED):
            raise Refused("This notice has not been sent by mail, so it cannot have come back.", code="S-NOT-SENT")
        for channel in {Channel.MAIL, mail.channel}:
            self._deliveries.bounced(notice_id, channel)
        return self.get(notice_id)

    def again(self, notice_id: str) -> Notice:
        """Let a notice that came back or was given up be due again. Raises Refused (S-NO-NOTICE, S-IN-ORDER)."""
        ways = self.get(notice_id).ways
        stuck = [way for way in (ways.mail, ways.webhook) if way and way.state in STUCK]
        if not stuck:
            raise Refused("This notice neither came back nor was given up.", code="S-IN-ORDER")
        for way in stuck:
            self._deliveries.again(notice_id, way.channel)
        return self.get(notice_id)

    def gather(self) -> None:
        """Gather what is due and in no notice yet, one for each provider. What its provider need not be told any more
        leaves a notice that is not out; it stays owed, at rest."""
        services, ways = self._services(), self._ways()
        with self._journal.writing() as connection:
            inside = {row.id: row.provider for row in self._rows(connection) if not _of(row, ways).is_out}
            found = sort(read_owed(connection, self._journal.realm, inside), inside, services)
            gather_owed(connection, None, _pairs(found.leaving))
            for provider, owed in found.new.items():
                row = {"id": new_id(), "realm": self._journal.realm, "provider": provider}
                connection.execute(_notice.insert().values(**row, day=self._on, at=stamp()))
                gather_owed(connection, row["id"], _pairs(owed))

    def _read(self, wanted: Callable[[str, Ways], bool]) -> list[Notice]:
        """The notices that went, or are to go, these ways. One that has nothing to say any more is left out."""
        services, ways = self._services(), self._ways()
        with self._journal.reading() as connection:
            rows = [row for row in self._rows(connection) if wanted(row.id, _of(row, ways))]
            owed = read_owed(connection, self._journal.realm, [row.id for row in rows])
        inside = {row.id: row.provider for row in rows if not _of(row, ways).is_out}
        found = sort((one for one in owed if one.notice is None or one.notice in inside), inside, services)
        for one in owed:
            if one.notice is not None and one.notice not in inside:  # what went stays as it went
                found.kept.setdefault(one.notice, []).append(one)
        known = [(row.id, row.provider, row.day, found.kept.get(row.id, []), _of(row, ways)) for row in rows]
        known += [("", provider, self._on, some, Ways({})) for provider, some in found.new.items()]
        providers = {service.provider.id: service.provider for service in services.values()}
        named = any(service.basis_for_names for service in services.values())
        answers = KnownUsers.read(self._journal) if named else KnownUsers()
        notices = []
        for notice_id, by, day, some, went in known:
            provider = providers.get(by) or Provider(id=by, name=by)
            if said := lines(some, services, self._on, answers.is_protected):
                notices.append(Notice(notice_id, provider, day, said, totals(some), went))
        return notices

    def _services(self) -> dict[str, Service]:
        return {service.id: service for service in self._register}

    def _ways(self) -> dict[str, Ways]:
        by_message: dict[str, dict[Channel, Delivery]] = {}
        for delivery in self._deliveries.all():
            by_message.setdefault(delivery.message, {})[delivery.channel] = delivery
        return {message: Ways(by) for message, by in by_message.items()}

    def _rows(self, connection: sa.Connection) -> Sequence[Any]:
        ours = sa.select(_notice).where(_notice.c.realm == self._journal.realm)
        return connection.execute(ours.order_by(_notice.c.at, _notice.c.id)).all()


def _of(row: Any, ways: dict[str, Ways]) -> Ways:
    return ways.get(row.id, Ways({}))


def _pairs(owed: Sequence[OwedNotice]) -> list[tuple[int, str]]:
    return [(one.change, one.service) for one in owed]
