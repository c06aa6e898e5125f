"""Notices (Feide's step 5): what providers are told about numbers that were registered, changed or withdrawn.

All that one provider is owed is gathered into one notice about all its services. The notice gets its id in the
transaction that gathers it, before anything is sent: when a killed run is repeated, it sends the notice with the same
id. A notice says how many, when and for which service. It never holds a number, and Feide names only for a service that
has a basis for them in the register.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from feideprov.errors import Refused, scrub
from feideprov.issues import code
from feideprov.journal.events import stamp
from feideprov.journal.journal import Journal
from feideprov.journal.owed import gather_owed
from feideprov.journal.tables import notice as _notice
from feideprov.journal.users import KnownUsers
from feideprov.messages import Sentence
from feideprov.services.notice import ENDED, STUCK, Notice, Ways, notice_lines, totals
from feideprov.services.outbox.deliveries import Channel, Deliveries, Delivery, DeliveryState, new_id
from feideprov.services.owed import OwedNotice, group_owed, read_owed
from feideprov.services.register.register import Register
from feideprov.services.register.service import Provider, Service

NO_NOTICE: Final = code(
    "S-NO-NOTICE",
    Sentence("No notice has this id."),
    Sentence("Use the reference in the mail that came back. To see all ids, run: feideprov notify"),
)
NOT_SENT: Final = code(
    "S-NOT-SENT",
    Sentence("The notice given with --bounced has not been sent by mail."),
    Sentence("Check the id."),
)
IN_ORDER: Final = code(
    "S-IN-ORDER",
    Sentence("The notice given with --again was sent, and did not come back."),
    Sentence("You need to do nothing. If its mail came back, record that first: feideprov notify --bounced ID"),
)


class Notices:
    """The notices of one organization. `on` is today's date."""

    def __init__(self, journal: Journal, register: Register, on: date) -> None:
        self._journal = journal
        self._register = register
        self._on = on
        self._deliveries = Deliveries(journal)

    def all(self) -> list[Notice]:
        """Every gathered notice, the oldest first; then those that `gather` would make."""
        return self._read(lambda _, __: True)

    def unfinished(self) -> list[Notice]:
        """As `all`, without those that are sent or drafted: what is due, was given up, or bounced."""
        return self._read(lambda _, ways: ways.state not in ENDED)

    def get(self, notice_id: str) -> Notice:
        """One gathered notice. Raises Refused (S-NO-NOTICE) when none has that id."""
        found = self.find(notice_id)
        if found is None:
            sentence = Sentence("No notice has the id {id}. To see the ids, run: feideprov notify", id=scrub(notice_id))
            raise Refused(sentence, code=NO_NOTICE)
        return found

    def find(self, notice_id: str) -> Notice | None:
        """As `get`, but None when there is none, or nobody has to be told any more."""
        return next((one for one in self._read(lambda known, _: known == notice_id) if one.id), None)

    def bounced(self, notice_id: str) -> Notice:
        """Write down that the mail of a notice came back. Raises Refused (S-NO-NOTICE, S-NOT-SENT)."""
        mail = self.get(notice_id).ways.mail
        if mail is None or mail.state not in (*ENDED, DeliveryState.BOUNCED):
            sentence = Sentence(
                "This notice has not been sent by mail, so the mail cannot have come back. Check the id."
            )
            raise Refused(sentence, code=NOT_SENT)
        for channel in {Channel.MAIL, mail.channel}:
            self._deliveries.bounced(notice_id, channel)
        return self.get(notice_id)

    def again(self, notice_id: str) -> Notice:
        """Make a notice due now that came back, was given up, or waits for its next attempt. Raises Refused
        (S-NO-NOTICE, S-IN-ORDER)."""
        notice = self.get(notice_id)
        ways = notice.ways
        if ways.state in ENDED:
            sentence = Sentence(
                "This notice was sent, and did not come back. If its mail came back, run: feideprov notify --bounced ID"
            )
            raise Refused(sentence, code=IN_ORDER)
        for one in [one for one in (ways.mail, ways.webhook) if one and one.state in (*STUCK, DeliveryState.DUE)]:
            self._deliveries.again(notice_id, one.channel)
        return self.get(notice_id)

    def gather(self) -> None:
        """Gather what is due and in no notice yet, into one notice for each provider.

        What its provider need not be told any more is removed from a notice that is not out. It stays written down as
        owed, but is not due.
        """
        services, ways = self._services(), self._ways()
        with self._journal.writing() as connection:
            open_ones = {row.id: row.provider for row in self._rows(connection) if not _of(row, ways).is_out}
            groups = group_owed(read_owed(connection, self._journal.realm, open_ones), open_ones, services)
            gather_owed(connection, None, _pairs(groups.removed))
            for provider, owed in groups.new.items():
                row = {"id": new_id(), "realm": self._journal.realm, "provider": provider}
                connection.execute(_notice.insert().values(**row, day=self._on, at=stamp()))
                gather_owed(connection, row["id"], _pairs(owed))

    def _read(self, wanted: Callable[[str, Ways], bool]) -> list[Notice]:
        """The notices whose id and deliveries are `wanted`, without those that have nothing to say any more."""
        services, ways = self._services(), self._ways()
        with self._journal.reading() as connection:
            rows = [row for row in self._rows(connection) if wanted(row.id, _of(row, ways))]
            owed = read_owed(connection, self._journal.realm, [row.id for row in rows])
        open_ones = {row.id: row.provider for row in rows if not _of(row, ways).is_out}
        groups = group_owed((one for one in owed if one.notice is None or one.notice in open_ones), open_ones, services)
        for one in owed:
            if one.notice is not None and one.notice not in open_ones:  # what was sent does not change
                groups.kept.setdefault(one.notice, []).append(one)
        found = [(row.id, row.provider, row.day, groups.kept.get(row.id, []), _of(row, ways)) for row in rows]
        found += [("", provider, self._on, some, Ways({})) for provider, some in groups.new.items()]
        providers = {service.provider.id: service.provider for service in services.values()}
        named = any(service.basis_for_names for service in services.values())
        users = KnownUsers.read(self._journal) if named else KnownUsers()
        notices = []
        for notice_id, provider_id, day, some, deliveries in found:
            provider = providers.get(provider_id) or Provider(id=provider_id, name=provider_id)
            if lines := notice_lines(some, services, self._on, users.is_protected):
                notices.append(Notice(notice_id, provider, day, lines, totals(some), deliveries))
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
