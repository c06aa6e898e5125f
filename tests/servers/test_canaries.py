"""Canary numbers in every input; then a search for them in everything that the program leaves behind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from commands import here, in_a_process
from enterprise_file import EnterpriseFile, Group, GroupKind, Membership, Person, RoleKind, SourcedId, UserId
from private_postgres import PrivatePostgres
from private_samba import PrivateSamba

from feideprov import Client

from .conftest import Server, furnished

ACCEPTED = ("50846202355", "03851598730")  # Tenor's, born 1962-04-10 and 2015-05-03: written to the directory
ARRIVING = ("52829400197", "45840375084", "57912075186")  # Tenor's
FOLLOWING = "69822075096"  # Tenor's, comes in place of another
REFUSED = ("15108695077", "13097248032", "32127248022")  # published as wrong
LONG = ("150310098765", "201017238203")  # a local number as a vendor advises; a published DUF number
CANARIES = (*ACCEPTED, *ARRIVING, FOLLOWING, *REFUSED, *LONG)

LOGS = {"slapd": ["slapd.log"], "ds389": ["access", "errors", "security"], "samba": ["samba.log"]}
"""What each kind of server writes: slapd's `stats` log, 389's logs as they come, what Samba tells."""

# Time stamps, times, digests and ports hold five digits in a row by chance, once in a few runs
CHANCE = re.compile(
    r"[0-9a-f]{8}\.[0-9a-f]{8} 0x[0-9a-f]+|\[\d\d\\?/\w{3}\\?/\d{4}:[^]]+\]|\w*time=[0-9.]+"
    r"|utc_time\": \"[0-9.]+|[0-9a-f]{16,}|IP=[0-9.:]+|ipv4:[0-9.:]+"  # 389's security log is JSON
)

PEOPLE_HEADING = (
    "source_id;given_name;family_name;legal_name;birth_date;school;role;grade;groups;mobile;mail;language;"
    "national_number;duf_number;protected"
)


OF_FILES = (
    ("read", "people.csv"),
    ("read", "numbers.csv", "--json"),
    ("read", "export.xml"),
    ("read", f"list {REFUSED[1]}.csv", "--json", "--source", REFUSED[1]),
    ("protect", REFUSED[1], "--yes"),
    ("protect", "-", "--yes"),
    ("protect", "-", "--yes", "--json", "--undo"),
    ("plan", "export.xml"),
    ("apply", "export.xml", "--yes", "--json"),
    ("plan", "people.csv", "--leavers-list", "leavers.csv"),
    ("link", "people.csv", "--questions", "questions.csv"),
    ("link", "export.xml", "--yes", "--json"),
    ("link", "--source", REFUSED[1]),
    ("pending", "--from", "people.csv", "--query-sheet", "asked.csv"),
    ("pending", "--from", f"list {REFUSED[1]}.csv", "--json"),
    ("sheet", "people", "people.xlsx"),
    ("sheet", REFUSED[1], f"{REFUSED[1]}.xlsx"),
    ("close", "people.csv"),
    ("close", f"list {REFUSED[1]}.csv", "--yes"),
    ("release", REFUSED[1], "--yes"),
    ("release", "--all", "--yes", "--json"),
)
"""Commands about files."""
OF_DIRECTORY = (
    *("plan", "apply", "pending", "attach", "replace", "withdraw", "observe", "journal", "check", "doctor", "history"),
    *("password", "close", "reopen", "resolve"),
)
"""Commands that read and write the directory. What the others leave is the same on each kind of server, so they are run
on one kind only."""


def people() -> str:
    c, d = REFUSED[:2]
    key = FOLLOWING  # only what can be a number is refused as a key
    rows = [
        f"ref-01;Fatemeh;Rahimi;;1962-04-10;solbakken;student;;;;;fa;{ACCEPTED[0]};;",
        f"ref-02;Åse;Tesfay;;2015-05-03;hylla;pupil;6;b:6a:6A;;;nb;{ACCEPTED[1]};;",
        f"ref-03;Olena;Kovalenko;;1994-02-12;solbakken;student;;;;;uk;{c};;",
        f"ref-04;Mohammad;Alahmad;;2003-04-05;solbakken;student;;;;;ar;{LONG[0]};;",
        f"ref-05;Yohannes;Kidane;;1999-06-30;solbakken;student;;;;;ti;;{LONG[1]};",
        f"ref-06;Anna;Shevchenko;;2014-07-21;hylla;pupil;7;;;;uk;{c};;ja",
        f"{key};Wrong;Key;;;hylla;pupil;;;;;;;;",
        f"ref-{key};Wrong;Key;;;hylla;pupil;;;;;;;;",
        f"ref-09;{d};Name;;;hylla;pupil;;;;;;;;",
        f"ref-10;A;{d};;;hylla;pupil;;;;;;;;",
        f"ref-11;A;B;{d};;hylla;pupil;;;;;;;;",
        f"ref-12;A;B;;{d};hylla;pupil;;;;;;;;",
        f"ref-13;A;B;;;{d};pupil;;;;;;;;",
        f"ref-14;A;B;;;hylla;{d};;;;;;;;",
        f"ref-15;A;B;;;hylla;pupil;{d};;;;;;;",
        f"ref-16;A;B;;;hylla;pupil;;b:{key}:6A;;;;;;",
        f"ref-17;A;B;;;hylla;pupil;;b:6a:{d};;;;;;",
        f"ref-18;A;B;;;hylla;pupil;;;{ACCEPTED[0]};;;;;",
        f"ref-19;A;B;;;hylla;pupil;;;;{d}@example.no;;;;",
        f"ref-20;A;B;;;hylla;pupil;;;;;{d};;;",
        f"ref-21;A;B;;;hylla;pupil;;;;;;;;{d}",
        f"ref-22;A;B;;;hylla;pupil;;;;;;{d[:6]} {d[6:]};{d};",
    ]
    return "\n".join([PEOPLE_HEADING, *rows]) + "\n"


def numbers() -> str:
    heading = "source_id;user;national_number;birth_date;evidence;seen_by;seen_on"
    rows = [
        f"ref-03;;{ARRIVING[0]};1994-02-12;;;",
        f"ref-04;;{ARRIVING[1]};;letter;Kari Nordmann;2026-10-05",
        f"ref-05;;{ARRIVING[2]};;;;",
        f"ref-05;;{REFUSED[2]};1999-06-30;;;",
        f"{REFUSED[1]};;{ARRIVING[2]};2020-11-17;;;",
        f";{REFUSED[1]}@skotthyll.kommune.no;{ARRIVING[2]};2020-11-17;;;",
        f"ref-05;;{ARRIVING[2]};{REFUSED[1]};;;",
        f"ref-05;;{ARRIVING[2]};;{REFUSED[1]};Kari;2026-10-05",
        f"ref-05;;{ARRIVING[2]};;letter;{REFUSED[1]};2026-10-05",
        f"ref-05;;{ARRIVING[2]};;letter;Kari;{REFUSED[1]}",
        f"ref-01;;{ARRIVING[2]};2020-11-17;;;",
    ]
    return "\n".join([heading, *rows]) + "\n"


def replacements() -> str:
    heading = "source_id;user;old_number;national_number;birth_date;evidence;seen_by;seen_on"
    rows = [
        f"ref-03;;{ARRIVING[0]};{FOLLOWING};;letter;Kari Nordmann;2026-10-05",
        f"ref-04;;{ARRIVING[0]};{ARRIVING[2]};2020-11-17;;;",
        f"ref-01;;{REFUSED[2]};{REFUSED[0]};;letter;Kari Nordmann;2026-10-05",
        f"ref-01;;{ACCEPTED[0]};{ACCEPTED[1]};2015-05-03;;;",
        f"{REFUSED[1]};;{REFUSED[1]};{LONG[0]};{REFUSED[1]};{REFUSED[1]};{REFUSED[1]};{REFUSED[1]}",
        f"ref-02;;;{ARRIVING[2]};2020-11-17;;;",
    ]
    return "\n".join([heading, *rows]) + "\n"


def withdrawals() -> str:
    heading = "source_id;user;old_number;national_number;seen_by"
    rows = [
        f"ref-03;;{FOLLOWING};;",
        f"ref-01;;{REFUSED[0]};;",
        f"ref-02;;{ACCEPTED[1]};{ACCEPTED[0]};",
        f";{REFUSED[1]};{REFUSED[1]};;{REFUSED[1]}",
    ]
    return "\n".join([heading, *rows]) + "\n"


def services() -> str:
    rows = [
        "Lexin;Lexin AS;hjelp@lexin.example;ja;ja;;",
        f"{REFUSED[0]};Lexin AS;;ja;ja;;",
        f"Salto;{REFUSED[1]};;ja;ja;;",
        f"Salto;Salto AS;{REFUSED[1]}@salto.example;ja;ja;;",
        f"Creaza;Creaza AS;;{REFUSED[1]};{REFUSED[1]};;",
        f"Kikora;Kikora AS;;ja;ja;{REFUSED[1]};",
        f"Rask;Rask AS;;ja;ja;;for {ACCEPTED[0]}",
    ]
    return "\n".join(["name;provider;mail;gets_number;activated;schools;reason", *rows]) + "\n"


def export(configuration: Path) -> str:
    """A PIFU file in which numbers are ids: of its people, its source and its groups, and in every field of people."""
    with Client.open(configuration) as feide:
        school = feide.organization.school("hylla")
    assert school is not None
    place, group = SourcedId(REFUSED[1], "hylla"), SourcedId("visma", REFUSED[0])
    people = [
        Person(SourcedId("visma", id_), userids=((UserId.NUMBER, number),), given=given, family="Kidane", mail=mail)
        for id_, number, given, mail in (
            (ARRIVING[2], ARRIVING[2], "Selam", ""),
            (ACCEPTED[1], ACCEPTED[1], "Other", ""),
            (REFUSED[0], REFUSED[2], "Hiwet", f"{REFUSED[0]}@example.no"),  # only what can be a number is none as a key
            ("e-4", LONG[1], REFUSED[1], ""),
        )
    ]
    groups = [
        Group(place, GroupKind.SCHOOL, "Hylla", number=str(school.number).removeprefix("NO")),
        Group(group, GroupKind.CLASS, REFUSED[1], parents=(place,)),
    ]
    members = {one.id: [(person.id, Membership(one.id, RoleKind.PUPIL)) for person in people] for one in groups}
    members[group].append((SourcedId("visma", LONG[0]), Membership(group, RoleKind.PUPIL)))
    return EnterpriseFile(people, groups, members).text()


AS_PROCESSES = (("apply", "plan.json"), ("attach", "numbers.csv", "--yes"))
"""How the commands begin that are processes of their own; the others are run here, which leaves the same behind."""


def shown(folder: Path, *arguments: str, stdin: str = "") -> str:
    """Everything that one command prints."""
    as_a_process = any(arguments[: len(words)] == words for words in AS_PROCESSES)
    code, out, errors = (in_a_process if as_a_process else here)(folder, *arguments, stdin=stdin)
    assert code in (0, 1, 2, 3)
    assert "unexpected" not in errors, errors
    return out + errors


@dataclass
class Place:
    """A server and its logs; and where the journal is, when it is in no file."""

    server: Server
    logs: list[Path]
    postgres: PrivatePostgres | None
    database: str = ""

    def keep_journal_in_postgres(self, configuration: Path) -> None:
        assert self.postgres is not None
        url = self.postgres.database()
        self.database = url.rpartition("/")[2]
        configuration.write_text(f'{configuration.read_text()}\n[journal]\nurl = "{url}"\n')
        self.logs.append(self.postgres.log_file)

    def journal(self) -> str:
        """Every row of every table."""
        assert self.postgres is not None
        with self.postgres.connection(self.database) as connection:
            tables = connection.execute("SELECT relname FROM pg_stat_user_tables").fetchall()
            rows = [connection.execute(f'SELECT t::text FROM "{name}" t').fetchall() for (name,) in tables]
        return "\n".join(text for table in rows for (text,) in table)


@pytest.fixture(params=["slapd", "ds389", "samba"])
def place(request: pytest.FixtureRequest) -> Place:
    server: Server = request.getfixturevalue(request.param)
    logs = [server.log_file.with_name(name) for name in LOGS[request.param]]
    return Place(server, logs, request.getfixturevalue("postgres") if request.param == "ds389" else None)


@pytest.fixture
def folder(place: Place, tmp_path: Path) -> Iterator[Path]:
    """Where the configuration is, for the organization on the server."""
    with furnished(place.server, tmp_path) as path:
        if place.postgres is not None:
            place.keep_journal_in_postgres(path)
        yield path.parent


def test_no_number_is_in_anything_that_is_printed_kept_or_logged(place: Place, folder: Path) -> None:
    logs = {log: log.stat().st_size for log in place.logs}
    is_slapd = place.logs[0].name == "slapd.log"
    (folder / "replace.csv").write_text(replacements(), encoding="utf-8")
    (folder / "withdraw.csv").write_text(withdrawals(), encoding="utf-8")
    (folder / "people.csv").write_text(people(), encoding="utf-8")
    (folder / "numbers.csv").write_text(numbers(), encoding="utf-8")
    with (folder / "feideprov.toml").open("a", encoding="utf-8") as configuration:
        configuration.write('\n[protection]\npeople = "none"\n')
    (folder / "export.xml").write_text(export(folder / "feideprov.toml"), encoding="utf-8")
    (folder / f"list {REFUSED[1]}.csv").write_text(people(), encoding="utf-8")
    (folder / "services.csv").write_text(services(), encoding="utf-8")
    known = {path.name for path in folder.iterdir()}
    wrong = REFUSED[1]
    printed = {
        " ".join(arguments[:1]) + str(i): shown(folder, *arguments, stdin="\n".join((*CANARIES, f"{wrong},{wrong}")))
        for i, arguments in enumerate(
            one
            for one in [
                ("plan", "people.csv", "-o", "plan.json", "--ldif", "plan.ldif"),
                ("plan", "people.csv", "--json"),
                ("apply", "plan.json", "--yes"),
                ("apply", "people.csv", "--yes", "--json"),
                ("apply", "people.csv", "--only", "ref-06", "--yes"),
                ("apply", "people.csv", "--only", wrong, "--yes"),
                ("apply", "people.csv", "--source", wrong, "--yes"),
                ("apply", f"{wrong}.csv", "--yes"),
                ("plan", f"list {wrong}.csv"),
                ("pending", "--query-sheet", "sheet.csv"),
                ("pending", "--json"),
                ("pending", "--school", wrong),
                ("attach", "numbers.csv"),
                ("attach", "numbers.csv", "--yes", "--json"),
                ("attach", "numbers.csv", "--yes"),
                ("replace", "replace.csv"),
                ("replace", "replace.csv", "--yes", "--json"),
                ("replace", "replace.csv", "--yes"),
                ("withdraw", "withdraw.csv"),
                ("withdraw", "withdraw.csv", "--yes", "--json"),
                ("withdraw", "withdraw.csv", "--yes"),
                ("observe",),
                ("observe", "--json"),
                ("observe", "--source", wrong),
                ("observe", "--ldif", f"{wrong}.ldif"),
                ("checklist",),
                ("checklist", wrong),
                ("checklist", "--done", wrong),
                ("checklist", "--done", "all", "--json"),
                ("today",),
                ("today", "--json"),
                ("today", "--mail", wrong),
                ("nightly", "--source", wrong, "people.csv"),
                ("nightly", "--source", wrong, f"list {wrong}.csv", "--mail"),
                ("nightly", "--json"),
                ("journal", "verify"),
                ("journal", "verify", "--json"),
                ("check",),
                ("check", "--json"),
                ("doctor", "--json"),
                ("history", "olenkova@skotthyll.kommune.no"),
                ("password", "olenkova@skotthyll.kommune.no", wrong, "--yes"),
                ("slips", "slips.html", "--teacher", "teacher.html"),
                ("slips", "slips.html", "--school", wrong),
                ("slips", "slips.html", "--class", wrong, "--user", wrong, "--json"),
                ("slips", "--done", "--user", "olenkova@skotthyll.kommune.no", "--json"),
                ("close", "olenkova@skotthyll.kommune.no", wrong, "--yes"),
                ("reopen", "olenkova@skotthyll.kommune.no", "--yes"),
                ("history", wrong, "--json"),
                ("resolve", wrong, "--different", "--yes"),
                ("resolve", "olenkova@skotthyll.kommune.no", "--same-as", FOLLOWING, "--yes"),
                ("resolve", "olenkova@skotthyll.kommune.no", "--second-account-of", wrong, "--yes"),
                ("observe", "--evidence", "letter", "--seen-by", wrong, "--seen-on", "2026-10-05"),
                ("services", "import", f"list {wrong}.csv"),
                ("services", "import", "services.csv"),
                ("services", "import", "services.csv", "--org-id", FOLLOWING),
                ("services", "list", "--all", "--json"),
                ("services", "list", "--provider", wrong),
                ("services", "list", "--state", wrong),
                ("services", "ask", "--json"),
                ("services", "ask", "--provider", wrong),
                ("services", "answer", "Lexin", "can-serve", "--source", wrong),
                ("services", "answer", wrong, wrong, "--source", wrong),
                ("services", "answer", "Lexin", "--allow-names", wrong),
                ("services", "answer", "Lexin", "can-serve", "--source", "a call", "--since", "2026-01-01"),
                ("services", "matrix", "--csv", "matrix.csv", "--html", "page.html"),
                ("notify", "--json"),
                ("notify", "--bounced", wrong),
                ("notify", "--again", wrong),
                ("today", "--html", "today.html"),
                ("today", "--mail", f"{wrong}@example.no"),
                ("judge",),
                ("--lang", "nb", "judge", "--json"),
                ("--config", f"{wrong}.toml", "pending"),
                (wrong,),
                *OF_FILES,
            ]
            if is_slapd or (one[0] in OF_DIRECTORY and one not in OF_FILES)
        )
    }
    kept = {path.name: path.read_bytes().decode("latin-1") for path in folder.iterdir() if path.name not in known}
    if place.postgres is not None:
        kept["feideprov.db"] = place.journal()
        assert "olenkova@skotthyll.kommune.no" in kept["feideprov.db"]
    made = {"feideprov.db", "plan.json", "plan.ldif", "sheet.csv", "passwords.csv"}
    to_look_at = {"matrix.csv", "page.html", "today.html", "slips.html", "teacher.html"}
    assert made | (to_look_at if is_slapd else set()) <= set(kept)
    logged = {log.name: log.read_bytes()[before:].decode(errors="replace") for log, before in logs.items()}
    if not isinstance(place.server, PrivateSamba):  # it logs no requests
        assert "ADD dn=" in logged[place.logs[0].name]
        assert "SRCH" in logged[place.logs[0].name]
    of_export = [text for text in printed.values() if '"command": "apply"' in text and "of export.xml" in text]
    assert ['"kind": "create"' in text for text in of_export] == ([True] if is_slapd else [])
    told = next(text for name, text in printed.items() if name.startswith("history"))
    assert all(done in told for done in ("attach", "replace", "withdraw")), told
    places = sorted(
        f"{name} shows {part}"
        for name, text in {**printed, **kept, **logged}.items()
        for canary in CANARIES
        for part in (canary, canary[-5:])
        if part in CHANCE.sub("", text)
    )
    assert not places, "\n".join(places)
