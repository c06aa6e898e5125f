"""The matrix: which of the users without a number will meet trouble, and with which services."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from feideprov.feide.organization import HostOrganization
from feideprov.provision.pending import PendingUser
from feideprov.services.audience import Belonging, Reach
from feideprov.services.outbox.templates import cell, plain
from feideprov.services.register.service import Dependency, Service
from feideprov.sheets import csv_sheet


class Cell(StrEnum):
    """What a user without a number meets at one service. The value is what commands, sheets and JSON say."""

    TROUBLE = "trouble"  # it depends on the number, and cannot serve users without
    NOT_KNOWN = "not-known"  # nobody has asked, or nobody has answered
    SERVED = "served"  # it depends on the number, but can serve users without
    NOT_NEEDED = "not-needed"  # it does not depend on the number
    OUTSIDE = "outside"  # the service is for other schools or roles


CELL_OF = {
    Dependency.CANNOT_SERVE: Cell.TROUBLE,
    Dependency.UNKNOWN: Cell.NOT_KNOWN,
    Dependency.ASKED: Cell.NOT_KNOWN,
    Dependency.NO_ANSWER: Cell.NOT_KNOWN,
    Dependency.CAN_SERVE: Cell.SERVED,
    Dependency.INDEPENDENT: Cell.NOT_NEEDED,
}
"""By what the provider answered; what needs somebody's care comes first."""
_ORDER = {state: place for place, state in enumerate(CELL_OF)}


@dataclass(frozen=True)
class Row:
    """One user without a number. `schools` are ids of the configuration; `cells` are in the order of the services."""

    user: str
    schools: tuple[str, ...]
    since: date | None
    days: int | None
    cells: tuple[Cell, ...]
    source_id: str | None = None
    since_source: str | None = None


@dataclass(frozen=True)
class Matrix:
    """The users without a number, those who have waited longest first, and the services that concern us, those with
    trouble first. Protected users are counted in `protected`, and nowhere else: neither a row nor a sum is about them.
    """

    on: date
    services: tuple[Service, ...]
    rows: tuple[Row, ...]
    protected: int

    @property
    def pending(self) -> int:
        """All users without a number, protected ones too."""
        return len(self.rows) + self.protected

    def met_at(self, place: int) -> Counter[Cell]:
        """How many of the listed users meet what at the service that stands at this place."""
        return Counter(row.cells[place] for row in self.rows)

    @property
    def in_trouble(self) -> int:
        """Listed users who meet trouble somewhere."""
        return sum(Cell.TROUBLE in row.cells for row in self.rows)


def matrix_of(
    services: Iterable[Service], pending: Iterable[PendingUser], organization: HostOrganization, on: date
) -> Matrix:
    """The matrix of a day. Services that do not concern us (`Service.concerns_us`) are left out.

    The directory does not tell a pupil from an adult student, so neither does the matrix. Who is not known to be
    outside a service's audience is taken to meet it (`Reach`).
    """
    listed = sorted((one for one in services if one.concerns_us), key=_place)
    reaches = [Reach(service.audience, organization) for service in listed]
    rows, protected = [], 0
    for user in pending:
        if user.protected:
            protected += 1
            continue
        where = Belonging(user.schools, user.affiliations)
        cells = tuple(
            CELL_OF[service.answer.state] if reach.holds(where) else Cell.OUTSIDE
            for service, reach in zip(listed, reaches, strict=True)
        )
        schools, told = _schools(user, organization), (user.source_id, user.since_source)
        rows.append(Row(user.user, schools, user.since, user.days, cells, *told))
    return Matrix(on, tuple(listed), tuple(rows), protected)


def _place(service: Service) -> tuple[int, str, str]:
    return _ORDER[service.answer.state], plain(service.name()).casefold(), service.id


def _schools(user: PendingUser, organization: HostOrganization) -> tuple[str, ...]:
    found = map(organization.school, user.schools)
    return tuple(sorted({school.id for school in found if school is not None}))


HEADING = ("user", "school", "since", "days")


def matrix_sheet(matrix: Matrix) -> bytes:
    """The matrix as CSV (`;`, UTF-8 with BOM): a row for each listed user, a column for each service, headed by its
    name and id. No cell is taken for a formula."""
    rows = []
    for row in matrix.rows:
        since, days = row.since.isoformat() if row.since else "", "" if row.days is None else str(row.days)
        rows.append([cell(row.user), cell(", ".join(row.schools)), since, days, *map(str, row.cells)])
    return csv_sheet([*HEADING, *(cell(f"{service.name()} [{service.id}]") for service in matrix.services)], rows)
