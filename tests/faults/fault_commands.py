"""The commands of the sweep, a row for each: what it is run on, and what a person does before it is run again.

A new command that writes something gets a row here, and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from getpass import getuser

Words = tuple[str, ...]
REALM = "skotthyll.kommune.no"
OLENA, DMYTRO, SELAM = (f"{name}@{REALM}" for name in ("olenkova", "dmitkova", "selatesf"))


@dataclass(frozen=True)
class Row:
    """One command of the sweep."""

    name: str
    words: Words
    before: tuple[Words, ...] = ()
    """What was done before, in the office of the story (tests/goldens/story)."""
    on_server: bool = False
    """The directory is a slapd: then only what is sent to it is a place. Otherwise it is an LDIF file."""
    afresh: tuple[str, ...] = ()
    """What a person deletes before the command is run again, because its messages say so."""
    edits: tuple[tuple[str, str, str], ...] = ()
    """What somebody else has changed in a file of the office before: the file, a text and what stands in its place."""
    saves_last: bool = False
    """After everything else, it saves a file for people. When that alone cannot be done, the exit code is 1."""
    lost: tuple[str, ...] = ()
    """Files of the office that somebody has deleted before."""


PEOPLE: Words = ("apply", "people.csv", "--yes")
SET_UP: tuple[Words, ...] = (("init", "--directory", "--yes"),)
ARRIVED = (*SET_UP, PEOPLE)
RELEASE: Words = ("release", "--all", "--yes")
NUMBERS = (*ARRIVED, ("attach", "numbers.csv", "--yes"))
SERVICES = (*ARRIVED, ("services", "import", "services.csv"))
ANSWERED = (*SERVICES, ("services", "answer", "--csv", "answers.csv", "--source", "mail"))
OWED = (*ANSWERED, ("attach", "numbers.csv", "--yes"))

FILES: Mapping[str, str] = {
    "services.csv": """id;name;provider;mail;gets_number;activated;schools
4711;Lexin;Ordbok AS;hjelp@ordbok.example;yes;yes;
4712;Salto;Forlaget AS;hjelp@forlaget.example;yes;yes;solbakken
4713;Regneark;Forlaget AS;hjelp@forlaget.example;yes;yes;
4714;Kart;Kartverk AS;hjelp@kartverk.example;yes;yes;
""",
    "answers.csv": """service;answer;on;source
feide:4711;can-serve;2026-11-18;mail from support
Salto;does-not-depend;2026-11-18;telephone
Regneark;can-serve;2026-11-18;mail
""",
    "records.csv": """key;scheme;arrived;settled;permit_basis;permit_date;decision;decision_date;start;national_number
ref-01;introduksjonsprogram;2026-09-01;2026-09-01;28;2026-09-01;grant;2026-09-07;2026-09-14;57912075186
ref-02;introduksjonsprogram;2026-09-01;2026-09-01;28;2026-09-01;grant;2026-09-07;2026-09-14;69822075096
""",
}
"""Files of the office that the story has in another form."""

RECORDED = (*SET_UP, ("nir", "records", "records.csv", "--yes"))

_UNKNOWN_SCHOOL = (("feideprov.toml", 'name = "Hylla skole"', 'name = "Hylla nye skole"'),)
_DELETED = (
    ("catalogue.ldif", "dn: uid=dmitkova,", "dn: uid=somebody.else,"),
    ("catalogue.ldif", f"eduPersonPrincipalName: {DMYTRO}\n", ""),
)
_OTHERS_NUMBER = (("catalogue.ldif", "norEduPersonNIN: 69822075096\n", ""),)
_TRANSFERS = (
    (
        "feideprov.toml",
        'retention = "P5Y"\n',
        'retention = "P5Y"\ntransfers = true\noutbox = "file"\n'
        f'roles = {{ kommuneintrobruker = ["{getuser()}"] }}\n'
        'ready = { integreringsloven = { on = 2026-01-01, who = "a letter" } }\n',
    ),
)

ROWS = (
    Row("init", ("--config", "new.toml", "init")),
    Row("init --directory", ("init", "--directory", "--yes"), edits=_UNKNOWN_SCHOOL),
    Row("setup", ("setup", "openldap", "--out", "server")),
    Row("demo", ("demo", "--dir", "demo"), afresh=("demo",)),
    Row("plan", ("plan", "people.csv", "-o", "plan.json", "--ldif", "plan.ldif", "--csv", "plan.csv"), before=SET_UP),
    Row("apply a plan", ("apply", "plan.json", "--yes"), before=(*SET_UP, ("plan", "people.csv", "-o", "plan.json"))),
    Row("apply a list", PEOPLE, before=SET_UP),
    Row("apply changes", ("apply", "people-changed.csv", "--yes"), before=ARRIVED),
    Row("attach", ("attach", "numbers.csv", "--yes"), before=ANSWERED),
    Row("replace", ("replace", "replace.csv", "--yes"), before=OWED),
    Row("withdraw", ("withdraw", "withdraw.csv", "--yes"), before=OWED),
    Row("close", ("close", DMYTRO, "--yes"), before=ARRIVED),
    Row("reopen", ("reopen", DMYTRO, "--yes"), before=(*ARRIVED, ("close", DMYTRO, "--yes"))),
    Row("password", ("password", DMYTRO, SELAM, "--yes"), before=ARRIVED),
    Row("password --slips", ("password", DMYTRO, "--slips", "new.html", "--yes"), before=ARRIVED, saves_last=True),
    Row("slips", ("slips", "slips.html", "--teacher", "teacher.html"), before=ARRIVED),
    Row("slips --done", ("slips", "--done", "--yes"), before=ARRIVED),
    Row("rename", ("rename", DMYTRO, "--to", "dima", "--yes"), before=ARRIVED),
    Row("protect", ("protect", "ref-05b", "ref-01", "--yes"), before=ARRIVED),
    Row("resolve --same-as", ("resolve", SELAM, "--same-as", "ref-05b", "--yes"), before=ARRIVED),
    Row("resolve --different", ("resolve", SELAM, "ref-07", "--different", "--yes"), before=ARRIVED),
    Row("link", ("link", "people.csv", "--yes", "--questions", "questions.csv"), before=(*ARRIVED, RELEASE)),
    Row("release", RELEASE, before=ARRIVED),
    Row("observe", ("observe",), before=(*NUMBERS, ("observe",)), edits=_OTHERS_NUMBER),
    Row("observe --ldif", ("observe", "--ldif", "catalogue.ldif"), before=NUMBERS),
    Row("checklist", ("checklist", OLENA, "--done", "Visma"), before=NUMBERS),
    Row("pending", ("pending", "--query-sheet", "sheet.csv"), before=ARRIVED),
    Row("pending --from", ("pending", "--query-sheet", "sheet.xlsx", "--from", "people.csv"), before=ARRIVED),
    Row("sheet", ("sheet", "people", "sheet.xlsx"), afresh=("sheet.xlsx",)),
    Row("services import", ("services", "import", "services.csv"), before=ARRIVED),
    Row("services answer", ("services", "answer", "--csv", "answers.csv", "--source", "mail"), before=SERVICES),
    Row("services ask --drafts", ("services", "ask", "--drafts", "drafts"), before=SERVICES),
    Row("services ask --send", ("services", "ask", "--send"), before=SERVICES),
    Row("services matrix", ("services", "matrix", "--html", "matrix.html", "--csv", "matrix.csv"), before=ANSWERED),
    Row("notify --drafts", ("notify", "--drafts", "notices"), before=OWED),
    Row("notify --send", ("notify", "--send"), before=OWED),
    Row("check", ("check", "--csv", "findings.csv"), before=ARRIVED),
    Row("today", ("today", "--questions", "questions.csv", "--html", "today.html"), before=ARRIVED),
    Row("journal gone", ("journal", "gone", "--yes"), before=ARRIVED, edits=_DELETED),
    Row("journal begin", ("journal", "begin", "--yes"), before=ARRIVED, lost=("feideprov.db",)),
    Row("nir records", ("nir", "records", "records.csv", "--yes"), before=SET_UP),
    Row("nir records --send", ("nir", "records", "records.csv", "--send", "--yes"), before=SET_UP, edits=_TRANSFERS),
    Row("nir seen", ("nir", "seen", "ref-01", "--on", "2026-11-18", "--yes"), before=RECORDED),
    Row("nir worklist", ("nir", "worklist", "--html", "list.html", "--sheet", "list.csv"), before=RECORDED),
    Row("server: apply a list", PEOPLE, before=SET_UP, on_server=True),
    Row("server: attach", ("attach", "numbers.csv", "--yes"), before=ARRIVED, on_server=True),
    Row("server: close", ("close", DMYTRO, "--yes"), before=ARRIVED, on_server=True),
    Row("server: password", ("password", DMYTRO, "--yes"), before=ARRIVED, on_server=True),
)
