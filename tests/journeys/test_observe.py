"""observe, as an administrator uses it: on a real server, behind whose back somebody works with ldapmodify."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.journeys.conftest import Office

USER = "olenkova@skotthyll.kommune.no"
D_NUMBER, FOLLOWS, REFUSED = "52829400197", "45840375084", "15108695077"  # Tenor's; the last is published as wrong
SERVICES = "id;name;provider;gets_number;activated\nlesebok;Leseboka;Forlaget AS;yes;yes\n"


@pytest.fixture
def watched(on_server: Callable[..., Office]) -> Office:
    """An office on a slapd with a pupil who waits for a number, and a service that depends on it. From now on it binds
    as somebody who may only read."""
    office = on_server()
    assert office("apply", office.people("ref-1;Olena;Kovalenko;1994-02-12;hylla;pupil;"), "--yes").code == 0
    said = office("services", "import", office.write("services.csv", SERVICES))
    assert said.code == 0, said.err
    assert office("services", "answer", "lesebok", "can-serve", "--source", "mail").code == 0
    slapd = office.server
    assert slapd is not None
    office.write("bind-password", slapd.reader_password)
    office.set(f'bind_dn = "{slapd.service_dn}"', f'bind_dn = "{slapd.reader_dn}"')
    office.set("[directory]\n", '[directory]\nmode = "watch"\n')
    return office


def ldapmodify(office: Office, *steps: str) -> None:
    """What a vendor's system, or a colleague, does past the program."""
    slapd = office.server
    assert slapd is not None
    record = "\n".join([f"dn: uid=olenkova,ou=people,{slapd.suffix}", "changetype: modify", *steps, ""])
    subprocess.run(
        ["ldapmodify", "-Q", "-Y", "EXTERNAL", "-H", slapd.ldapi],
        input=record,
        text=True,
        check=True,
        capture_output=True,
    )


def test_a_number_written_by_ldapmodify_is_found_and_its_notice_is_owed(watched: Office) -> None:
    before = watched.entries()
    first = watched("observe")
    assert (first.code, "This was the first observation: 1 user was recorded" in first.out) == (0, True)
    assert watched.entries() == before
    ldapmodify(watched, "add: norEduPersonNIN", f"norEduPersonNIN: {D_NUMBER}")
    changed = watched.entries()
    found = watched("observe", "--json")
    assert found.code == 0, found.err
    assert found.json["counts"] == {"arrived": 1, "changed": 0, "gone": 0, "refused": 0, "held": 0, "users": 1}
    assert found.json["owed"] == 1
    assert [(c["kind"], c["user"]) for c in found.json["changes"]] == [("seen-attach", USER)]
    assert watched.journaled()[-1] == ("seen-attach", "done", USER)
    assert watched("observe", "--json").json["counts"]["arrived"] == 0
    assert watched.entries() == changed
    ldapmodify(watched, "replace: norEduPersonNIN", f"norEduPersonNIN: {FOLLOWS}")
    assert watched("observe").out.splitlines()[:2] == [
        "Found:",
        f"  the number of {USER} was changed outside this tool",
    ]
    assert "seen-replace" in watched("history", USER).out
    for number in (D_NUMBER, FOLLOWS):
        assert number not in found.out + found.err + watched.journal.read_bytes().decode(errors="replace")


def test_an_invented_number_written_by_ldapmodify_is_told_by_its_code(watched: Office) -> None:
    assert watched("observe").code == 0
    ldapmodify(watched, "add: norEduPersonNIN", f"norEduPersonNIN: {REFUSED}")
    said = watched("observe")
    assert said.code == 1
    assert f"{USER}: " in said.out
    assert "[N-" in said.out
    assert REFUSED not in said.out + said.err
    assert watched.journaled()[-1][0] == "create"
    assert watched("--lang", "nb", "observe").code == 0


def test_a_watching_program_writes_nothing_and_says_so(watched: Office) -> None:
    before = watched.entries()
    said = watched("attach", watched.write("n.csv", f"user;national_number\n{USER};{D_NUMBER}\n"), "--yes")
    assert (said.code, "watch" in said.err) == (2, True)
    assert watched.entries() == before


def test_an_export_that_lacks_the_numbers_is_refused_in_a_sentence(office: Office) -> None:
    people = office.people(f"ref-1;Olena;Kovalenko;1994-02-12;hylla;pupil;{D_NUMBER}")
    assert office("apply", people, "--yes").code == 0
    assert office("observe").code == 0
    lines = office.catalogue.read_text(encoding="utf-8").splitlines(keepends=True)
    export = office.write("export.ldif", "".join(line for line in lines if "norEduPersonNIN" not in line))
    said = office("observe", "--ldif", export)
    assert said.code == 2
    assert "Make the export with an account that has the right to read norEduPersonNIN" in said.err
    whole = office.write("whole.ldif", "".join(lines))
    assert office("observe", "--ldif", whole, "--json").json["counts"]["gone"] == 0


def test_an_observation_that_finds_nothing_says_so(office: Office) -> None:
    assert office("apply", office.people("ref-1;Olena;Kovalenko;1994-02-12;hylla;pupil;"), "--yes").code == 0
    assert office("observe").out.strip().splitlines()[0] == "Looked at 1 user."
    assert office("observe").out.strip().splitlines() == [
        "No number was changed outside this tool since the last observation.",
        "Looked at 1 user.",
    ]
