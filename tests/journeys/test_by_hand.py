"""What an administrator sees who looks with OpenLDAP's own tools: `ldapsearch` and `ldapwhoami`."""

from __future__ import annotations

import base64
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.journeys.conftest import Office

OPERATIONAL = {"modifyTimestamp", "entryCSN", "modifiersName"}
Entries = dict[str, dict[str, list[str]]]


@pytest.fixture
def story(office: Office, on_server: Any) -> Office:
    """Eleven refugees, made by command on a real server."""
    on_server()
    assert office("apply", str(office.folder / "refugees.csv"), "--yes").code == 1
    return office


def ldapsearch(office: Office, filter_text: str, *attributes: str) -> Entries:
    slapd = office.server
    assert slapd
    office.write("look-password", slapd.service_password)
    account = ["-x", "-H", slapd.url, "-D", slapd.service_dn, "-y", str(office.folder / "look-password")]
    command = ["ldapsearch", "-LLL", "-o", "ldif-wrap=no", *account, "-b", slapd.suffix, filter_text, *attributes]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    entries: Entries = {}
    for record in done.stdout.strip().split("\n\n"):
        found: dict[str, list[str]] = {}
        for line in record.splitlines():
            name, _, value = line.partition(":")
            text = base64.b64decode(value[1:]).decode() if value.startswith(":") else value.strip()
            found.setdefault(name, []).append(text)
        if found:
            entries[found.pop("dn")[0]] = found
    return entries


def test_pending_users_have_no_number_attribute(story: Office) -> None:
    people = ldapsearch(story, "(objectClass=norEduPerson)")
    waiting = {user["user"] for user in story("pending", "--json").json["users"]}
    assert len(people) == 11
    assert len(waiting) == 9
    for person in people.values():
        assert ("norEduPersonNIN" in person) is (person["eduPersonPrincipalName"][0] not in waiting)
    assert len(ldapsearch(story, "(norEduPersonNIN=*)", "norEduPersonNIN")) == 2


def test_attach_changes_one_attribute_of_one_entry(story: Office) -> None:
    before = ldapsearch(story, "(objectClass=*)", "*", "+")
    arrived = story.write("one.csv", "source_id;national_number;birth_date\nref-01;52829400197;1994-02-12\n")
    assert story("attach", arrived, "--yes").code == 0
    after = ldapsearch(story, "(objectClass=*)", "*", "+")
    assert set(before) == set(after)
    [dn] = [dn for dn in after if before[dn] != after[dn]]
    assert after[dn]["employeeNumber"] == ["ref-01"]
    changed = {n for n in before[dn].keys() | after[dn].keys() if before[dn].get(n) != after[dn].get(n)}
    assert changed - OPERATIONAL == {"norEduPersonNIN"}
    assert after[dn]["norEduPersonNIN"] == ["52829400197"]


def test_users_log_in_with_the_password_that_was_handed_over(story: Office) -> None:
    slapd = story.server
    assert slapd
    people = ldapsearch(story, "(objectClass=norEduPerson)", "eduPersonPrincipalName")
    dn_of = {entry["eduPersonPrincipalName"][0]: dn for dn, entry in people.items()}
    handed_over = story.handed_over()
    assert set(handed_over) == set(dn_of)
    for user, password in handed_over.items():
        assert ldapwhoami(story, dn_of[user], password) == (0, f"dn:{dn_of[user]}")
    some = next(iter(dn_of.values()))
    assert ldapwhoami(story, some, "Wrong-pass-word-1")[0] == 49


def test_users_log_in_with_argon2_too(office: Office, on_server: Any) -> None:
    on_server()
    office.set('password_hash = "ssha"', 'password_hash = "auto"')
    assert office("apply", office.people("a-1;Anna;Berg;;hylla;pupil;"), "--yes").code == 0
    [(dn, entry)] = ldapsearch(office, "(uid=annaberg)", "userPassword").items()
    assert entry["userPassword"][0].startswith("{ARGON2}")
    [password] = office.handed_over().values()
    assert ldapwhoami(office, dn, password) == (0, f"dn:{dn}")


def test_where_the_server_knows_no_argon2_users_log_in_all_the_same(office: Office, on_server: Any) -> None:
    on_server(argon2=False)
    office.set('password_hash = "ssha"', 'password_hash = "auto"')
    people = office.people("a-1;Anna;Berg;;hylla;pupil;", "a-2;Åse;Dal;;hylla;pupil;")
    assert office("apply", people, "--yes").code == 0
    for user, password in office.handed_over().items():
        [dn] = ldapsearch(office, f"(eduPersonPrincipalName={user})", "uid")
        assert ldapwhoami(office, dn, password) == (0, f"dn:{dn}")


def test_first_password_outlives_the_second_run_and_the_number(story: Office) -> None:
    before = story.handed_over()
    story("apply", str(story.folder / "refugees.csv"), "--yes")
    story("attach", str(story.folder / "numbers.csv"), "--yes")
    assert story.handed_over() == before
    [dn] = ldapsearch(story, "(employeeNumber=ref-01)", "uid")
    assert ldapwhoami(story, dn, before["olenkova@skotthyll.kommune.no"])[0] == 0


def ldapwhoami(office: Office, dn: str, password: str) -> tuple[int, str]:
    """The password comes from a file: a command line can be read by everybody on the machine."""
    slapd = office.server
    assert slapd
    path = office.folder / "one-password"
    path.write_text(password, encoding="utf-8")
    done = subprocess.run(
        ["ldapwhoami", "-x", "-H", slapd.url, "-D", dn, "-y", str(path)], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout.strip()


def test_server_log_holds_no_number_of_a_run(office: Office, on_server: Any) -> None:
    on_server(log_stats=True)
    office("apply", str(office.folder / "refugees.csv"), "--yes")
    office("attach", str(office.folder / "numbers.csv"), "--yes")
    assert office.server
    log = office.server.log_file.read_text(errors="replace")
    assert "SRCH base=" in log
    for number in ("50846202355", "03851598730", "52829400197", "69822075096", "57912075186", "45840375084"):
        assert number not in log
