"""Users and numbers that the bind account may not read: by commands, on a slapd with access rules, and in a file."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from feideprov.directory import ldif

if TYPE_CHECKING:
    from tests.journeys.conftest import Office

NUMBERS = {"olena": "52829400197", "kari": "45840375084"}  # Tenor's
PEOPLE = (
    "ref-1;Olena;Kovalenko;1994-02-12;hylla;pupil;",
    "ref-2;Kari;Berg;1994-02-13;hylla;pupil;",
    "ref-3;Yusuf;Dahl;1994-02-14;hylla;pupil;",
    "ref-4;Amina;Lie;1994-02-15;hylla;pupil;",
)
READER = 'by dn.exact="cn=feide,dc=skotthyll,dc=no" none by * break'
HIDING = [
    f"access to filter=(employeeNumber=ref-4) {READER}",
    f"access to filter=(employeeNumber=ref-1) attrs=norEduPersonNIN {READER}",
]
SERVICES = "id;name;provider;gets_number;activated\nlesebok;Leseboka;Forlaget AS;yes;yes\n"


def user(office: Office, source_id: str) -> str:
    return office.entry(source_id).text("eduPersonPrincipalName") or ""


def prepare(office: Office) -> str:
    """Four users, of whom two have a number, and a service that depends on it. The list."""
    people = office.people(*PEOPLE)
    assert office("apply", people, "--yes", "--json").json["counts"]["created"] == 4
    row = "{};{};letter;Kari Nordmann;2026-11-01\n"
    rows = (row.format(user(office, f"ref-{n}"), number) for n, number in enumerate(NUMBERS.values(), 1))
    numbers = office.write("n.csv", "user;national_number;evidence;seen_by;seen_on\n" + "".join(rows))
    assert office("attach", numbers, "--yes", "--json").json["counts"]["attached"] == 2
    assert office("services", "import", office.write("services.csv", SERVICES)).code == 0
    assert office("services", "answer", "lesebok", "can-serve", "--source", "mail").code == 0
    assert office("observe").code == 0
    return people


def kinds(office: Office) -> list[str]:
    return [kind for kind, _, _ in office.journaled()]


def by_another_hand(office: Office, tool: str, *words: str, record: str = "") -> None:
    assert office.server is not None
    command = [tool, "-Q", "-Y", "EXTERNAL", "-H", office.server.ldapi, *words]
    subprocess.run(command, input=record, text=True, check=True, capture_output=True)


def test_on_a_server_nobody_is_made_twice_nothing_is_withdrawn_and_nobody_with_a_number_is_looked_for(
    on_server: Callable[..., Office],
) -> None:
    office = on_server(extra_access=HIDING)
    slapd = office.server
    assert slapd is not None
    people = prepare(office)
    olena, amina = user(office, "ref-1"), user(office, "ref-4")
    before = office.entries()

    office.write("bind-password", slapd.reader_password)
    office.set(f'bind_dn = "{slapd.service_dn}"', f'bind_dn = "{slapd.reader_dn}"')
    held = office("apply", people, "--yes", "--json")
    assert (held.code, held.json["counts"]["created"]) == (1, 0)
    assert [(r["code"], r["row"]) for r in held.json["refusals"]] == [("R-HIDDEN", 5)]
    waiting = office("pending", "--query-sheet", str(office.folder / "sheet.csv"), "--json")
    assert waiting.code == 1
    assert {one["source_id"] for one in waiting.json["users"]} == {"ref-3"}
    assert (waiting.json["hidden_numbers"], waiting.json["hidden_users"]) == (1, 1)
    assert olena not in (office.folder / "sheet.csv").read_text(encoding="utf-8-sig")
    seen = office("observe", "--json")
    assert (seen.code, seen.json["counts"]["gone"]) == (1, 0)
    assert [(r["code"], r["user"]) for r in seen.json["refusals"]] == [("J-HIDDEN", olena)]
    assert office.entries() == before
    assert "seen-withdraw" not in kinds(office)

    office.write("bind-password", slapd.service_password)
    office.set(f'bind_dn = "{slapd.reader_dn}"', f'bind_dn = "{slapd.service_dn}"')
    assert office("observe", "--json").json["refusals"] == []
    assert office("apply", people, "--json").json["counts"]["unchanged"] == 4
    assert office("pending").code == 0

    dn = "uid={},ou=people,dc=skotthyll,dc=no"
    record = f"dn: {dn.format(olena.partition('@')[0])}\nchangetype: modify\ndelete: norEduPersonNIN\n"
    by_another_hand(office, "ldapmodify", record=record)
    by_another_hand(office, "ldapdelete", dn.format(amina.partition("@")[0]))
    assert office("observe", "--json").json["counts"]["gone"] == 1
    assert office("apply", people, "--yes", "--json").json["counts"]["created"] == 0
    assert office("resolve", amina, "--gone", "--yes").code == 0
    assert office("apply", people, "--yes", "--json").json["counts"]["created"] == 1
    assert user(office, "ref-4") != amina


def test_on_the_screen(office: Office, one_sentence: Any) -> None:
    people = prepare(office)
    records = [record.entry for record in ldif.records(office.catalogue.read_bytes()) if record.entry]
    amina, olena = user(office, "ref-4"), user(office, "ref-1")
    shown = "".join(ldif.dump(entry) for entry in records if "ref-4" not in entry.texts("employeeNumber"))
    lines = shown.splitlines(keepends=True)
    first = next(number for number, line in enumerate(lines) if line.startswith("norEduPersonNIN"))
    office.catalogue.write_text("version: 1\n\n" + "".join(lines[:first] + lines[first + 1 :]), encoding="utf-8")

    said = office("pending")
    assert said.code == 1
    assert "1 user is not listed: a number is known, but the directory does not show it." in said.out
    assert "1 user in the journal is not shown by the directory." in said.out
    assert olena not in said.out
    assert office("services", "matrix").code == office("services", "matrix", "--json").code == 1
    tasks = {task["kind"]: task["command"] for task in office("today", "--json").json["tasks"]}
    assert tasks["hidden_numbers"].endswith(" observe")
    assert tasks["hidden_users"].endswith(" journal gone")
    assert "[J-HIDDEN]" in office("observe").out

    before = office.state()
    dry = office("resolve", amina, "--gone")
    assert (dry.code, office.state()) == (0, before)
    assert "so the entry was not deleted" in one_sentence(office("resolve", olena, "--gone", "--yes"))
    assert office("resolve", amina, "--gone", "--undo").code == 2
    assert office("resolve", amina, "--gone", "--yes", "--json").json["dry"] is False
    assert office("apply", people, "--yes", "--json").json["counts"]["created"] == 1
