"""A table of services that a person typed from the customer portal: what is activated, and what else is known there.

A table adds to what other sources tell of the same services, and an empty cell says nothing. It is never the list of
all services, so none is gone because a table does not name it: there `no` stands under `activated`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from feideprov.feide.organization import HostOrganization
from feideprov.feide.person import role_of
from feideprov.issues import Refusal
from feideprov.numbers import number_shaped
from feideprov.services.register.service import Audience, Contact, Provider, Said, Service, Way
from feideprov.services.sources.entry import LONGEST, is_mail
from feideprov.tables.columns import Column, Layout
from feideprov.tables.heading import Heading
from feideprov.tables.table import Row, read_table
from feideprov.tables.text_file import shown_name
from feideprov.text import normal_name

SERVICE_LIST: Final = Layout(
    "table of services",
    (
        Column("id", ("service id", "tjeneste-id", "tjenesteid", "teneste-id", "tenesteid")),
        Column("name", ("service", "tjeneste", "teneste", "tjenestenavn", "tenestenamn", "navn", "namn")),
        Column("provider", ("tjenesteleverandør", "tenesteleverandør", "leverandør", "vendor")),
        Column("mail", ("email", "e-mail", "e-post", "epost", "e-postadresse", "epostadresse", "support")),
        Column("gets_number", ("får fødselsnummer", "fødselsnummer", "national number", "norEduPersonNIN")),
        Column("activated", ("aktivert", "aktivisert", "aktiv", "active")),
        Column("schools", ("school", "skoler", "skular", "skole", "skule")),
        Column("roles", ("role", "roller", "rollar", "rolle")),
        Column("reason", ("begrunnelse", "grunngiving", "grunngjeving", "formål", "føremål")),
    ),
    required=(("id", "name"), ("activated",)),
)
BY_NAME: Final = "name:"
"""What the id of a service begins with that a table knows by its name alone."""
_YES_NO: Final = dict.fromkeys(("yes", "y", "ja", "j", "true", "sann", "1", "x"), True) | dict.fromkeys(
    ("no", "n", "nei", "false", "usann", "0"), False
)
_BETWEEN_MAILS: Final = re.compile(r"[|;,\s]+")
_SHORT_ID: Final = re.compile(r"[0-9]{1,18}")


def is_typed(said: Said | None) -> bool:
    """Whether a fact comes from a table."""
    return said is not None and said.source.startswith("table ")


@dataclass(frozen=True)
class TypedServices:
    """What a table holds. `ignored` are the headings of columns that were not read."""

    services: tuple[Service, ...]
    refusals: tuple[Refusal, ...]
    ignored: tuple[str, ...]
    source: str


def read_service_table(
    path: Path, *, organization: HostOrganization, on: date, known: Mapping[str, Service]
) -> TypedServices:
    """The services in a CSV file with the headings of `docs/files.md`.

    A row without an id means the one service among the `known` that has its name (and its provider, where it names
    one); a name that is not known is a service of the table's own. A wrong row becomes a refusal: R-COLUMNS, S-SERVICE
    (which service does it mean?), S-CELL or S-NUMBER-MISPLACED. Raises InputError when the file cannot be read.
    """
    table = read_table(path, SERVICE_LIST, mapped=None)
    source = f"table {shown_name(path)}"
    reader = _RowReader(table.heading, organization, Said(source=source, on=on), known)
    services: dict[str, Service] = {}
    refusals = list(table.refusals)
    for row in table.rows:
        read = reader.read(row)
        if isinstance(read, Service) and read.id in services:
            read = reader.refusal(row, "id" if row["id"] else "name", "S-SERVICE", _TWICE)
        if isinstance(read, Service):
            services[read.id] = read
        else:
            refusals.append(read)
    in_order = sorted(refusals, key=lambda refusal: refusal.origin.row if refusal.origin else 0)
    return TypedServices(tuple(services.values()), tuple(in_order), table.heading.ignored, source)


_TWICE: Final = "a row above is about the same service. Keep one of them."
_NO_NAME: Final = "the row does not say which service it is about. Write its id or its name."
_UNCLEAR: Final = "more than one service has this name. Write its id (see: feideprov services list)."
_GONE: Final = "its source lists this service no more. Take the row away."
_NUMBER: Final = "this looks like an identity number, which belongs in no column here. Take it away."
_YES_OR_NO: Final = "write yes or no (ja, nei)."


class _Wrong(Exception):
    """A cell that means nothing: its column, and what to do."""

    def __init__(self, column: str, code: str, words: str) -> None:
        super().__init__(words)
        self.column, self.code, self.words = column, code, words


@dataclass
class _RowReader:
    heading: Heading
    organization: HostOrganization
    said: Said
    known: Mapping[str, Service]

    def __post_init__(self) -> None:
        self._by_name = _by_name(self.known.values())

    def read(self, row: Row) -> Service | Refusal:
        """The service that a row tells of, with what it tells and no more."""
        try:
            for column in SERVICE_LIST.columns:
                _check(column.name, row[column.name])
            return self._service(row)
        except _Wrong as wrong:
            return self.refusal(row, wrong.column, wrong.code, wrong.words)

    def refusal(self, row: Row, column: str, code: str, words: str) -> Refusal:
        return Refusal(code, f"{self.heading.where(column)}: {words}", origin=row.origin)

    def _service(self, row: Row) -> Service:
        service_id = self._id(row)
        known = self.known.get(service_id)
        if known and known.gone_on is not None and not service_id.startswith(BY_NAME):
            raise _Wrong("id" if row["id"] else "name", "S-SERVICE", _GONE)
        name, provider = normal_name(row["name"]), normal_name(row["provider"])
        facts: dict[str, Any] = {}
        if name and self._may_say(known, "names"):
            facts["names"] = {"": name}
        if provider and self._may_say(known, "provider"):
            facts["provider"] = Provider(id=f"name:{folded(provider)}", name=provider)
        gets_number = _yes_no(row, "gets_number")
        if gets_number is not None and self._may_say(known, "ways"):
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
            raise _Wrong("name", "S-SERVICE", _NO_NAME)
        meant = self._by_name.get(name, [])
        meant = [one for one in meant if one.gone_on is None] or meant
        if provider and len(meant) > 1:
            meant = [one for one in meant if folded(one.provider.name) == provider]
        if len(meant) > 1:
            raise _Wrong("name", "S-SERVICE", _UNCLEAR)
        return meant[0].id if meant else f"{BY_NAME}{name}"

    def _may_say(self, known: Service | None, fact: str) -> bool:
        """What another source tells of itself, a table does not overrule."""
        told = known.said.get(fact) if known else None
        return told is None or is_typed(told)

    def _schools(self, row: Row) -> tuple[str, ...]:
        found = []
        for part in filter(None, map(str.strip, row["schools"].split("|"))):
            school = self.organization.school(part)
            if school is None:
                raise _Wrong("schools", "S-CELL", "this is no school of the configuration. Several are parted by “|”.")
            found.append(school.id)
        return tuple(dict.fromkeys(found))


def _check(column: str, cell: str) -> None:
    """What holds for every cell."""
    if number_shaped(cell):
        raise _Wrong(column, "S-NUMBER-MISPLACED", _NUMBER)
    if len(cell) > LONGEST:
        raise _Wrong(column, "S-CELL", f"this is longer than {LONGEST} characters. Correct it.")


def _yes_no(row: Row, column: str) -> bool | None:
    if not row[column]:
        return None
    meant = _YES_NO.get(row[column].casefold())
    if meant is None:
        raise _Wrong(column, "S-CELL", _YES_OR_NO)
    return meant


def _contacts(row: Row) -> tuple[Contact, ...]:
    mails = list(filter(None, _BETWEEN_MAILS.split(row["mail"])))
    if not all(map(is_mail, mails)):
        raise _Wrong("mail", "S-CELL", "this is no mail address. Several are parted by “|”.")
    return tuple(Contact(mail=mail) for mail in dict.fromkeys(mails))


def _roles(row: Row) -> tuple[str, ...]:
    found = []
    for part in filter(None, map(str.strip, row["roles"].split("|"))):
        role = role_of(part)
        if role is None:
            words = "this is no role. Write pupil, student, teacher or staff; several are parted by “|”."
            raise _Wrong("roles", "S-CELL", words)
        found.append(role.value)
    return tuple(dict.fromkeys(found))


def _by_name(services: Iterable[Service]) -> Mapping[str, list[Service]]:
    found: defaultdict[str, list[Service]] = defaultdict(list)
    for service in services:
        for name in set(map(folded, service.names.values())):
            found[name].append(service)
    return found


def folded(text: str) -> str:
    """What names that mean the same have in common: capitals and spaces make no difference."""
    return normal_name(text).casefold()
