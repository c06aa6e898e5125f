"""The kinds of input that the program reads: a whole one of each, and its reader."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from unittest import mock

from enterprise import town
from federation import Federation
from full_journal import KEY, ORGANIZATIONS, PEOPLE, SERVICE, make_journal, read_journal
from nir_register import records
from same_people import Somebody, as_ods, as_xlsx

from feideprov import Client, MarkKey, Plan, judge_number
from feideprov.directory.dn import DN
from feideprov.directory.ldif import dump
from feideprov.errors import InputError
from feideprov.feide.entitlement import read_entitlement
from feideprov.feide.group import Group
from feideprov.feide.mfa import AppMethod, EntraMethod, ServiceLevel, SmsMethod
from feideprov.intake.ims.reader import read_enterprise
from feideprov.intake.ims.vocabulary import GroupKind
from feideprov.intake.number_list import read_number_list
from feideprov.intake.person_list import read_person_list
from feideprov.intake.question_list import read_question_list
from feideprov.intake.reading import Reading
from feideprov.nir import Rules, Setting
from feideprov.nir.lists.nir_person_list import reconcile
from feideprov.nir.lists.participation import read_participation
from feideprov.nir.lists.seen_list import read_seen_list
from feideprov.nir.register.content import Content
from feideprov.nir.register.recorded import with_records
from feideprov.nir.register.register import Register
from feideprov.nir.register.stored import to_text
from feideprov.provision.run.handover import FirstPassword, HandoverFile
from feideprov.services.answer_list import read_answer_list
from feideprov.services.outbox.templates import Templates
from feideprov.services.sources import read_services
from feideprov.settings import Settings
from feideprov.setup.ds389_config import ds389_config_in
from feideprov.setup.openldap_config import openldap_config_in
from feideprov.testing import example_directory, example_settings

ON = date(2026, 11, 23)
NIR_COLUMNS = {"key": "Id", "number": "Fnr", "ended": "Slutt", "reason": "Grunn"}
BASE = DN.parse("dc=skotthyll,dc=no")


@dataclass(frozen=True)
class Kind:
    """One kind of input. `whole` makes the whole input in a folder; `read` reads a file in the same folder."""

    whole: Callable[[Path], bytes]
    read: Callable[[Path], object]
    file: str = "input"


@cache
def _client(folder: Path) -> Client:
    return Client(example_settings(folder), directory=example_directory(), keys=KEY, on=ON)


def _example(name: str, package: str) -> Callable[[Path], bytes]:
    return lambda _folder: files(package).joinpath(name).read_bytes()


def _configuration(folder: Path) -> bytes:
    """What `init` writes, with the attribute that a person has to fill in."""
    content = _example("feideprov.toml", "feideprov.settings")(folder)
    return content.replace(b'source_id_attribute = ""', b'source_id_attribute = "employeeNumber"')


def _text(text: str) -> Callable[[Path], bytes]:
    return lambda _folder: text.encode()


def _services(path: Path, **kind: str) -> object:
    return read_services(path, organization=_client(path.parent).organization, on=ON, **kind)  # type: ignore[arg-type]


def _file(path: Path) -> object:
    """Whatever it is a list of."""
    return _client(path.parent).read(path)


def _directory(folder: Path) -> bytes:
    """The organization, its schools and three users, one with a number."""
    people = folder / "people.csv"
    people.write_text(PEOPLE, encoding="utf-8")
    feide = Client(example_settings(folder), directory=example_directory(), keys=KEY, on=ON)
    feide.apply(feide.plan(people))
    return "".join(("version: 1\n\n", *map(dump, feide.directory.entries()))).encode()


def _plan(folder: Path) -> bytes:
    people, path = folder / "people.csv", folder / "plan.json"
    people.write_text(PEOPLE, encoding="utf-8")
    _client(folder).plan(people).save(path, client=_client(folder), source=people)
    return path.read_bytes()


def _handover(folder: Path) -> bytes:
    path = folder / "whole.csv"
    HandoverFile(path).add([FirstPassword("olenkova@skotthyll.kommune.no", "Olena", "Hylla", "sol-vind-regn-1")])
    return path.read_bytes()


def _journal(folder: Path) -> bytes:
    return make_journal(folder).read_bytes()


def _read_journal(path: Path) -> None:
    for ending in ("-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    read_journal(path)


def _metadata(folder: Path) -> bytes:
    return Federation(2).write(folder / "metadata.xml").read_bytes()


def _enterprise(version: str) -> Callable[[Path], bytes]:
    file = town(12)
    groups = [one for one in file.groups if one.id in file.members or one.kind is GroupKind.OWNER]
    return lambda _folder: replace(file, groups=groups, version=version).text().encode()


def _people(path: Path) -> None:
    read_enterprise(path, Reading(ON, key=KEY))


def _from_environment(path: Path) -> Settings:
    configuration = path.with_name("feideprov.toml")
    if not configuration.exists():
        configuration.write_bytes(_configuration(path))
    value = os.fsdecode(path.read_bytes().replace(b"\0", b""))
    with mock.patch.dict(os.environ, {"FEIDEPROV_SCHOOLS": value}):
        return Settings.load(configuration)


def _password(path: Path) -> str | None:
    settings = _client(path.parent).settings
    section = settings.directory.model_copy(update={"bind_dn": "cn=x", "password_file": path})
    return settings.model_copy(update={"directory": section}).bind_password()


def _template(path: Path) -> object:
    counts = {"registered": 1, "changed": 0, "withdrawn": 2}
    facts = {"organization": "Skotthyll", "provider": "Lesehuset", "lines": [], "reference": "abc", "channel": ""}
    return Templates(path.parent).render("notice", "nb", **facts, signature=[], totals=counts)


def _judged(path: Path) -> None:
    for line in path.read_bytes().decode(errors="replace").splitlines():
        judge_number(line.partition(",")[0], on=ON)


_METHODS = (AppMethod, EntraMethod, ServiceLevel, SmsMethod)


def _values(path: Path) -> None:
    """Each line, by each reader of a value of an attribute."""
    for line in path.read_bytes().decode(errors="replace").splitlines():
        for read in (DN.parse, read_entitlement, Group.parse, *(one.parse for one in _METHODS)):
            with suppress(InputError):
                read(line)


SOME = [
    Somebody("p1", "Olena", "Kovalenko", date(2020, 11, 17), "hylla", "elev", "1", "1A", "", "", "uk", "57912075186"),
    Somebody("p2", "Semhar", "", date(2020, 2, 29), "hylla", "elev", "1", "1A", "semhar@x.no", "+4740123456", "", ""),
    Somebody("p3", "Yusuf", "Åse-Demir", None, "berg", "lærer", "", "", "", "", "", "69822075096"),
]
VALUES = """uid=olenkova,ou=people,dc=skotthyll,dc=no
cn=a\\,b+sn=\\C3\\A5,dc=x
urn:mace:feide.no:go:group:b::NO912345688:7A:student:7A
urn:mace:feide.no:go:groupid:b:NO912345688:7A:2026-08-01:2027-07-31
urn:mace:feide.no:go:grep:uuid:0b5a1c1e-0000-4000-8000-000000000000
u:mat:Matematikk:MAT01-05:2026-08-01:2027-07-31
urn:mace:feide.no:auth:method:sms 4799999999 label=Telefon%20min
urn:mace:feide.no:spid:all:3
"""
SHEET = "question_id;list;row;name;answer\nabc;people.csv;2;Olena Kovalenko;same\ndef;people.csv;3;Yusuf Demir;new\n"
ANSWERS = "service;answer;on;source\nfeide:1;cannot-serve;2026-11-02;a mail\nfeide:2;independent;2.11.2026;a call\n"
TABLE = (
    "id;name;provider;mail;gets_number;activated\nx;Lexin;Lexin AS;hjelp@example.no;ja;ja\n;Salto;Salto AS;;nei;ja\n"
)
RULES = """[source.letter-2027]
title = "A letter"
updated = 2027-01-15
[[rule]]
id = "P20-fravaer"
scheme = "introduksjonsprogram"
law = "integreringsloven"
field = "fravaer"
effect = "required"
when = "absent"
from = 2021-01-01
deadline = "P1M"
source = "letter-2027"
source_date = 2027-01-15
[[law]]
id = "own-34"
law = "integreringsloven"
basis = "34"
permit_from = 2022-03-11
from = 2026-07-01
source = "letter-2027"
seen_by = "Kari"
seen_on = 2027-01-22
[[annual]]
year = 2025
last_day = 2026-02-28
source = "A letter"
"""
RECORDS = """key;scheme;permit_basis;permit_date;arrived;national_number;decision;decision_date;start;tiltak;permisjon
a-1;introduksjonsprogram;34;2026-01-10;2025-12-01;57912075186;tildeling;2026-02-01;1.3.2026;kurs 2026-03-01/|1.5.2026;
a-2;Norsk og samfunnskunnskap;§ 28;;2025-12-01;;;;;;2026-04-01/2026-04-30
"""
SCHOOL = {"id": "hylla", "name": "Hylla skole", "number": "NO912345688", "mail": "post@x.no", "dn": "ou=H,dc=x,dc=no"}

NIR_CONTENT = with_records(Content(), records("a-1", "b-2"), KEY, keep=frozenset({"*"}))
NIR_SETTING = Setting(codes={"tiltak": {"kurs": "kurs"}})

KINDS: dict[str, Kind] = {
    "configuration": Kind(_configuration, lambda path: Settings.load(path, environment=False)),
    "rules of NIR": Kind(_text(RULES), lambda path: Rules.shipped().with_own(path)),
    "environment": Kind(_text(json.dumps([SCHOOL])), _from_environment),
    "password": Kind(_text("a password\n"), _password),
    "key": Kind(_text("ab" * 32 + "\n"), lambda path: MarkKey.from_file(path, make=False)),
    "person list": Kind(_text(PEOPLE), lambda path: read_person_list(path, on=ON)),
    "PIFU": Kind(_enterprise("1.3"), _people),
    "IMS Enterprise": Kind(_enterprise("ims"), _people),
    "number list": Kind(
        _text("source_id;national_number;birth_date\np1;57912075186;2020-11-17\n"),
        lambda path: read_number_list(path, on=ON),
    ),
    "XLSX": Kind(lambda _folder: as_xlsx(SOME), _file),
    "ODS": Kind(lambda _folder: as_ods(SOME), _file),
    "sheet of questions": Kind(_text(SHEET), read_question_list),
    "participation records": Kind(
        _text(RECORDS),
        lambda path: read_participation(path, NIR_SETTING, Rules.shipped(), ON, columns={}, test=True),
    ),
    "answers": Kind(_text(ANSWERS), lambda path: read_answer_list(path, on=ON)),
    "services, table": Kind(_text(TABLE), lambda path: _services(path, kind="csv")),
    "services, Feide API": Kind(_text(json.dumps([SERVICE, *ORGANIZATIONS], indent=1)), _services),
    "services, metadata": Kind(_metadata, lambda path: _services(path, kind="saml")),
    "plan": Kind(_plan, lambda path: Plan.load(path, client=_client(path.parent)) or _client(path.parent).plan(path)),
    "LDIF": Kind(_directory, lambda path: _client(path.parent).check(ldif=path, part=True)),
    "hand-over": Kind(_handover, lambda path: HandoverFile(path).passwords()),
    "template": Kind(_example("texts/notice.nb.txt.j2", "feideprov.services.outbox"), _template, "notice.nb.txt.j2"),
    "journal": Kind(_journal, _read_journal, "input.db"),
    "configuration of slapd": Kind(
        _example("debian-slapd.ldif", "feideprov.setup"),
        lambda path: openldap_config_in(path.read_bytes(), BASE, is_new=True),
    ),
    "configuration of 389": Kind(
        _example("debian-389.ldif", "feideprov.setup"),
        lambda path: ds389_config_in(path.read_bytes(), BASE, is_new=True),
    ),
    "numbers": Kind(_text("57912075186,2020-11-17\n69822075096\n200012345678\n"), _judged),
    "person list of NIR": Kind(
        _text("Id;Fnr;Slutt;Grunn\na-1;57912075186;2026-06-30;Arbeid\nb-2;69822075096;;\n"),
        lambda path: reconcile(path, NIR_COLUMNS, Content(), {}, KEY.of_register_number, on=ON),
    ),
    "list of what was seen in NIR": Kind(
        _text("key;scheme;field;seen_on;seen_by\na-1;introduksjonsprogram;vedtak, tiltak;2026-06-30;Kari\nb-2;;;;\n"),
        lambda path: read_seen_list(path, ON, by="Kari"),
    ),
    "file of the introduction register": Kind(
        lambda _folder: to_text(NIR_CONTENT, KEY.fingerprint).encode(), lambda path: Register(path, lambda: KEY).read()
    ),
    "values of attributes": Kind(_text(VALUES), _values),
}
