"""The matrix: which of the users without a number will have problems, and with which services."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from feideprov.feide.organization import HostOrganization
from feideprov.found import Found
from feideprov.provision.pending import PendingUser, PendingUsers
from feideprov.services.audience import AudienceFilter, Belonging
from feideprov.services.register.service import Dependency, Service
from feideprov.services.wording import cell
from feideprov.sheets import csv_sheet
from feideprov.text import shown


class Cell(StrEnum):
    """How one service works for a user without a number. Commands, sheets and JSON use the value."""

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
"""By the provider's answer; what needs action comes first."""
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
    problems first. Protected users are only counted in `protected`: no row and no other count includes them.
    """

    on: date
    services: tuple[Service, ...]
    rows: tuple[Row, ...]
    protected: int
    users: int | None = None
    """How many users were looked at, with and without a number; None: it is not known."""
    hidden_numbers: int = 0
    """How many users are left out because they are known to have a number, which the directory does not show."""
    hidden_users: int = 0
    """How many users in the journal the directory does not show."""

    @property
    def pending(self) -> int:
        """The number of users without a number, including protected ones."""
        return len(self.rows) + self.protected

    def met_at(self, place: int) -> Counter[Cell]:
        """How many listed users have which cell for one service.

        Parameters:
            place: the place of the service in `services`, from 0.

        Returns: the count of each cell.

        Raises:
            IndexError: there are listed users, and no service is at this place.
        """
        return Counter(row.cells[place] for row in self.rows)

    @property
    def in_trouble(self) -> int:
        """The number of listed users who have problems with some service."""
        return sum(Cell.TROUBLE in row.cells for row in self.rows)


def matrix_of(
    services: Iterable[Service], pending: Iterable[PendingUser], organization: HostOrganization, on: date
) -> Matrix:
    """The matrix of a day. Services that do not concern us (`Service.concerns_us`) are left out.

    The directory does not distinguish pupils from adult students, so neither does the matrix. Users who are not known
    to be outside a service's audience count as its users (`AudienceFilter`).
    """
    listed = sorted((one for one in services if one.concerns_us), key=_place)
    audiences = [AudienceFilter(service.audience, organization) for service in listed]
    rows, protected = [], 0
    for user in pending:
        if user.protected:
            protected += 1
            continue
        belonging = Belonging(user.schools, user.affiliations)
        cells = tuple(
            CELL_OF[service.answer.state] if audience.includes(belonging) else Cell.OUTSIDE
            for service, audience in zip(listed, audiences, strict=True)
        )
        schools = _schools(user, organization)
        rows.append(Row(user.user, schools, user.since, user.days, cells, user.source_id, user.since_source))
    users = pending.users if isinstance(pending, Found) else None
    hidden = (pending.hidden_numbers, pending.hidden_users) if isinstance(pending, PendingUsers) else (0, 0)
    return Matrix(on, tuple(listed), tuple(rows), protected, users, *hidden)


def _place(service: Service) -> tuple[int, str, str]:
    return _ORDER[service.answer.state], shown(service.name()).casefold(), service.id


def _schools(user: PendingUser, organization: HostOrganization) -> tuple[str, ...]:
    found = map(organization.school, user.schools)
    return tuple(sorted({school.id for school in found if school is not None}))


HEADING = ("user", "school", "since", "days")


def matrix_sheet(matrix: Matrix) -> bytes:
    """The matrix as CSV (`;`, UTF-8 with BOM): a row for each listed user, a column for each service, with its name and
    id as heading. No spreadsheet takes a cell for a formula."""
    rows = []
    for row in matrix.rows:
        since, days = row.since.isoformat() if row.since else "", "" if row.days is None else str(row.days)
        rows.append([cell(row.user), cell(", ".join(row.schools)), since, days, *map(str, row.cells)])
    return csv_sheet([*HEADING, *(cell(f"{service.name()} [{service.id}]") for service in matrix.services)], rows)
