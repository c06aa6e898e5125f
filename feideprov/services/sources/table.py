"""A table of services that a person typed from the customer portal: what is activated, and what else is known there.

A table adds to what other sources say about the same services; an empty cell says nothing. It is never the list of all
services, so a service is not gone because a table does not have it: write `no` under `activated` instead.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from feideprov.feide.organization import HostOrganization
from feideprov.feide.person import ROLE_WORDS, role_of
from feideprov.intake.cells import YES_NO
from feideprov.intake.file_facts import FileFacts
from feideprov.issues import Refusal, code
from feideprov.look_alikes import told_apart, visible
from feideprov.mail import with_ascii_domain
from feideprov.messages import Sentence
from feideprov.numbers import key_is_number, number_shaped
from feideprov.services.register.service import Audience, Contact, FactSource, Provider, Service, Way
from feideprov.services.sources.entry import LONGEST, is_mail
from feideprov.tables.columns import Column, Layout
from feideprov.tables.heading import Heading
from feideprov.tables.table import Row, read_table
from feideprov.tables.text_file import shown_name
from feideprov.text import normal_name

SERVICE_LIST: Final = Layout(
    Sentence("table of services"),
    (
        Column("id", ("service id", "tjeneste-id", "tjenesteid", "teneste-id", "tenesteid")),
        Column(
            "name", ("service", "tjeneste", "teneste", "tjenestenavn", "tenestenamn", "navn", "namn"), holds_words=True
        ),
        Column("provider", ("tjenesteleverandør", "tenesteleverandør", "leverandør", "vendor"), holds_words=True),
        Column("mail", ("email", "e-mail", "e-post", "epost", "e-postadresse", "epostadresse", "support")),
        Column("gets_number", ("får fødselsnummer", "fødselsnummer", "national number", "norEduPersonNIN")),
        Column("activated", ("aktivert", "aktivisert", "aktiv", "active")),
        Column("schools", ("school", "skoler", "skular", "skole", "skule")),
        Column("roles", ("role", "roller", "rollar", "rolle")),
        Column(
            "reason", ("årsak", "begrunnelse", "grunngiving", "grunngjeving", "formål", "føremål"), holds_words=True
        ),
    ),
    required=(("id", "name"), ("activated",)),
)
BY_NAME: Final = "name:"
"""The start of the id of a service that a table knows only by its name."""
SERVICE: Final = code(
    "S-SERVICE",
    Sentence(
        "It is not clear which service the row is about. Possible reasons: the row has no id and no name; several "
        "services have this name; an earlier row is about the same service; the service was removed from the file "
        "that it was imported from."
    ),
    Sentence("Write the id of the service, or delete the row."),
)
CELL: Final = code(
    "S-CELL",
    Sentence(
        "A cell has a wrong value: it must be yes or no, a mail address, a school or a role, depending on the column."
    ),
    Sentence("Correct the cell as the message says."),
)
NUMBER_MISPLACED: Final = code(
    "S-NUMBER-MISPLACED",
    Sentence("In a file of services, a cell or an id looks like an identity number."),
    Sentence("Delete the number. Write another id for the service."),
)
_BETWEEN_MAILS: Final = re.compile(r"[|;,\s]+")
_SHORT_ID: Final = re.compile(r"[0-9]{1,18}")


def is_typed(said: FactSource | None) -> bool:
    """Whether a fact comes from a table."""
    return said is not None and said.source.startswith("table ")


@dataclass(frozen=True)
class TypedServices:
    """The content of a table. `ignored` are the headings of columns that were not read."""

    services: tuple[Service, ...]
    refusals: tuple[Refusal, ...]
    ignored: tuple[str, ...]
    source: str
    notes: tuple[Sentence, ...] = ()
    facts: FileFacts = field(default_factory=FileFacts)


def read_service_table(
    path: Path, *, organization: HostOrganization, on: date, known: Mapping[str, Service], sheet: str | None = None
) -> TypedServices:
    """The services in a CSV file or a spreadsheet with the headings of `docs/files.md`.

    A row without an id is about the one service among the `known` with its name (and its provider, if it has one); an
    unknown name is a new service. A wrong row becomes a refusal: R-COLUMNS, S-SERVICE (which service does it mean?),
    S-CELL or S-NUMBER-MISPLACED. Raises InputError when the file cannot be read.
    """
    table = read_table(path, SERVICE_LIST, mapped=None, sheet=sheet)
    source = f"table {shown_name(path)}"
    reader = _RowReader(table.heading, organization, FactSource(source=source, on=on), known)
    services: dict[str, Service] = {}
    refusals = list(table.refusals)
    for row in table.rows:
        read = reader.read(row)
        if isinstance(read, Service) and read.id in services:
            read = reader.refusal(row, "id" if row["id"] else "name", SERVICE, _TWICE)
        if isinstance(read, Service):
            services[read.id] = read
        else:
            refusals.append(read)
    in_order = sorted(refusals, key=lambda refusal: refusal.origin.row if refusal.origin else 0)
    facts = FileFacts.of_table(table)
    return TypedServices(tuple(services.values()), tuple(in_order), table.heading.ignored, source, table.notes, facts)


_TWICE: Final = Sentence("a row above is about the same service. Keep only one of the two rows.")
_NO_NAME: Final = Sentence("the service is missing. Write its id or its name.")
_UNCLEAR: Final = Sentence(
    "more than one service has this name. Write the id of the service (see: feideprov services list --all)."
)
_GONE: Final = Sentence("this service is no longer in the file or API that it came from. Delete the row.")
_NUMBER: Final = Sentence(
    "this looks like an identity number. A table of services must not contain one. Delete the number."
)
_YES_OR_NO: Final = Sentence("write yes or no (ja, nei).")


class _CellError(Exception):
    """A cell that cannot be used: its column, the code, and what to do."""

    def __init__(self, column: str, code: str, problem: Sentence) -> None:
        super().__init__(problem)
        self.column, self.code, self.problem = column, code, problem


@dataclass
class _RowReader:
    heading: Heading
    organization: HostOrganization
    said: FactSource
    known: Mapping[str, Service]

    def __post_init__(self) -> None:
        self._by_name = _by_name(self.known.values())

    def read(self, row: Row) -> Service | Refusal:
        """The service of a row, with the values of that row only."""
        try:
            for column in SERVICE_LIST.columns:
                if meaning := row.without_value.get(column.name):
                    raise _CellError(column.name, SERVICE if column.name in {"id", "name"} else CELL, meaning)
                _check(column.name, row[column.name])
            return self._service(row)
        except _CellError as wrong:
            return self.refusal(row, wrong.column, wrong.code, wrong.problem)

    def refusal(self, row: Row, column: str, code: str, problem: Sentence) -> Refusal:
        sentence = Sentence("{column}: {problem}", column=self.heading.where(column), problem=problem)
        return Refusal(code, sentence, origin=row.origin)

    def _service(self, row: Row) -> Service:
        service_id = self._id(row)
        known = self.known.get(service_id)
        if known and known.gone_on is not None and not service_id.startswith(BY_NAME):
            raise _CellError("id" if row["id"] else "name", SERVICE, _GONE)
        name, provider = normal_name(row["name"]), normal_name(row["provider"])
        facts: dict[str, Any] = {}
        if name and self._may_set(known, "names"):
            facts["names"] = {"": name}
        if provider and self._may_set(known, "provider"):
            facts["provider"] = Provider(id=f"name:{folded(provider)}", name=provider)
        gets_number = _yes_no(row, "gets_number")
        if gets_number is not None and self._may_set(known, "ways"):
            facts["ways"] = (Way.STATED,) if gets_number else ()
        if (activated := _yes_no(row, "activated")) is not None:
            facts["activated"] = activated
        if contacts := _contacts(row):
            facts["contacts"] = contacts
        if row["schools"] or row["roles"]:
            facts["audience"] = Audience(schools=self._schools(row), roles=_roles(row))
        if row["reason"]:
            facts["reason"] = row["reason"]
        said = dict.fromkeys(facts, self.said)
        facts.setdefault("provider", known.provider if known else Provider(id=service_id, name=name or service_id))
        return Service(id=service_id, **facts, said=said)

    def _id(self, row: Row) -> str:
        written = normal_name(row["id"])
        if written:
            return f"feide:{written}" if _SHORT_ID.fullmatch(written) and written not in self.known else written
        name, provider = folded(row["name"]), folded(row["provider"])
        if not name:
            raise _CellError("name", SERVICE, _NO_NAME)
        meant = self._by_name.get(name, [])
        meant = [one for one in meant if one.gone_on is None] or meant
        if provider and len(meant) > 1:
            meant = [one for one in meant if folded(one.provider.name) == provider]
        if len(meant) > 1:
            raise _CellError("name", SERVICE, _UNCLEAR)
        return meant[0].id if meant else f"{BY_NAME}{name}"

    def _may_set(self, known: Service | None, fact: str) -> bool:
        """Whether a table may set a fact: it does not replace what another source says about its own services."""
        said = known.said.get(fact) if known else None
        return said is None or is_typed(said)

    def _schools(self, row: Row) -> tuple[str, ...]:
        found = []
        for part in filter(None, map(str.strip, row["schools"].split("|"))):
            school = self.organization.school(part)
            if school is None:
                raise _CellError(
                    "schools",
                    CELL,
                    Sentence(
                        "this is not a school in the configuration{apart}. Write “|” between several schools.",
                        apart=told_apart(part, self.organization.school_names),
                    ),
                )
            found.append(school.id)
        return tuple(dict.fromkeys(found))


_KEYS: Final = frozenset(("id", "schools"))
"""Columns with keys of other systems, which may have many digits."""


def _check(column: str, cell: str) -> None:
    """The rules for every cell."""
    if (key_is_number if column in _KEYS else number_shaped)(cell):
        raise _CellError(column, NUMBER_MISPLACED, _NUMBER)
    if len(cell) > LONGEST:
        raise _CellError(
            column, CELL, Sentence("this is longer than {longest} characters. Write a shorter text.", longest=LONGEST)
        )


def _yes_no(row: Row, column: str) -> bool | None:
    if not row[column]:
        return None
    meant = YES_NO.get(row[column].casefold())
    if meant is None:
        raise _CellError(column, CELL, _YES_OR_NO)
    return meant


_NO_MAIL_ADDRESS: Final = Sentence(
    "this is not a mail address. Write it like name@example.no, without æ, ø or å before the “@”. Write “|” between "
    "several addresses."
)


def _contacts(row: Row) -> tuple[Contact, ...]:
    mails = list(filter(None, _BETWEEN_MAILS.split(row["mail"])))
    if not all(map(is_mail, mails)):
        raise _CellError("mail", CELL, _NO_MAIL_ADDRESS)
    return tuple(Contact(mail=mail) for mail in dict.fromkeys(map(with_ascii_domain, mails)))


def _roles(row: Row) -> tuple[str, ...]:
    found = []
    for part in filter(None, map(str.strip, row["roles"].split("|"))):
        role = role_of(part)
        if role is None:
            problem = Sentence(
                "this is not a role{apart}. Write pupil, student, teacher or staff. Write “|” between several roles.",
                apart=told_apart(part, ROLE_WORDS),
            )
            raise _CellError("roles", CELL, problem)
        found.append(role.value)
    return tuple(dict.fromkeys(found))


def _by_name(services: Iterable[Service]) -> Mapping[str, list[Service]]:
    found: defaultdict[str, list[Service]] = defaultdict(list)
    for service in services:
        for name in set(map(folded, service.names.values())):
            found[name].append(service)
    return found


def folded(text: str) -> str:
    """A name for comparison: capitals, spaces and characters that cannot be seen make no difference."""
    return normal_name(visible(text)).casefold()
