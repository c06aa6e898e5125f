"""A directory or an export that shows fewer than half of the users in the journal stops every command that reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from feideprov.directory import ldif
from feideprov.directory.entry import Entry

if TYPE_CHECKING:
    from tests.journeys.conftest import Office, OpenOffice

USER = "olenkova@skotthyll.kommune.no"
CAUSES = ("base_dn", "users_dn", "read rights", "cut off", "server", "feideprov journal gone")


def entries(office: Office) -> list[Entry]:
    return [record.entry for record in ldif.records(office.catalogue.read_bytes()) if record.entry]


def keep(office: Office, count: int) -> None:
    """Only so many users can be seen from now on."""
    users = [entry for entry in entries(office) if entry.values("employeeNumber")]
    gone = {entry.dn for entry in users[count:]}
    kept = [entry for entry in entries(office) if entry.dn not in gone]
    office.catalogue.write_text("version: 1\n\n" + "".join(map(ldif.dump, kept)), encoding="utf-8")


@pytest.fixture
def eleven(office: Office) -> Office:
    """Eleven users, made by this tool; a plan; lists."""
    assert office("apply", str(office.folder / "refugees.csv"), "--yes", "--json").json["counts"]["created"] == 11
    assert office("plan", str(office.folder / "refugees.csv"), "-o", str(office.folder / "plan.json")).code in (0, 1)
    office.write("replace.csv", "user;old_number;national_number;evidence;seen_by;seen_on\n")
    return office


def commands(office: Office) -> dict[str, list[str]]:
    """Every command that reads the directory as a whole, or plans from it."""
    people, numbers = str(office.folder / "refugees.csv"), str(office.folder / "numbers.csv")
    return {
        "plan": ["plan", people],
        "apply": ["apply", people, "--yes"],
        "apply (dry)": ["apply", people],
        "apply of a saved plan": ["apply", str(office.folder / "plan.json"), "--yes"],
        "apply of a saved plan (dry)": ["apply", str(office.folder / "plan.json")],
        "attach": ["attach", numbers, "--yes"],
        "replace": ["replace", str(office.folder / "replace.csv"), "--yes"],
        "withdraw": ["withdraw", numbers, "--yes"],
        "resolve": ["resolve", USER, "--different", "--yes"],
        "resolve (dry)": ["resolve", USER, "--different"],
        "close": ["close", USER, "--yes"],
        "check": ["check"],
        "observe": ["observe"],
        "pending": ["pending"],
        "journal verify": ["journal", "verify"],
        "today": ["today"],
        "services matrix": ["services", "matrix"],
    }


def test_fewer_than_half_stops_every_command_and_nothing_is_written(eleven: Office, one_sentence: Any) -> None:
    keep(eleven, 5)
    before = eleven.state()
    for name, words in commands(eleven).items():
        answer = eleven(*words)
        assert (answer.code, answer.out) == (3, ""), name
        said = one_sentence(answer)
        assert "The journal has 11 users, but the directory shows only 5 of them" in said, name
        assert all(cause in said for cause in CAUSES), name
    assert eleven.state() == before


def test_half_is_enough(eleven: Office) -> None:
    keep(eleven, 6)
    found = commands(eleven)
    for name in ("check", "observe", "pending", "journal verify", "today", "services matrix", "apply of a saved plan"):
        assert eleven(*found[name]).code in (0, 1), name


def test_the_reason_is_in_the_object(eleven: Office) -> None:
    keep(eleven, 0)
    found = eleven("check", "--json")
    assert (found.code, found.json["ok"]) == (3, False)
    assert "11 users" in found.json["error"]


def test_an_answer_about_a_service_for_some_users_is_not_recorded(eleven: Office) -> None:
    services = eleven.write(
        "services.csv", "id;name;provider;gets_number;activated;schools\n1;Lexin;OsloMet;yes;yes;hylla\n"
    )
    assert eleven("services", "import", services).code == 0
    keep(eleven, 0)
    [service] = eleven("services", "list", "--json").json["services"]
    answer = eleven("services", "answer", service["id"], "can-serve", "--source", "mail")
    assert answer.code == 3, answer.out
    assert eleven("services", "list", "--json").json["services"] == [service]


@pytest.mark.parametrize("unreadable", ["attrs=eduPersonPrincipalName", "filter=(uid=*)"])
def test_an_account_that_may_not_read_the_users_is_no_empty_directory(
    on_server: OpenOffice, unreadable: str, one_sentence: Any
) -> None:
    reader = "cn=feide,dc=skotthyll,dc=no"
    office = on_server(extra_access=[f'access to {unreadable} by dn.exact="{reader}" none by * break'])
    slapd = office.server
    assert slapd is not None
    assert slapd.reader_dn == reader
    assert office("apply", str(office.folder / "refugees.csv"), "--yes").code == 1
    office.write("bind-password", slapd.reader_password)
    office.set(f'bind_dn = "{slapd.service_dn}"', f'bind_dn = "{reader}"')
    for words in (["check"], ["observe"], ["plan", str(office.folder / "refugees.csv")], ["journal", "verify"]):
        answer = office(*words)
        assert answer.code == 3, words
        assert "the directory shows only 0 of them" in one_sentence(answer)


# --- exports


def test_an_export_that_was_cut_off_is_named_and_a_part_must_be_called_one(eleven: Office) -> None:
    export = eleven.folder / "export.ldif"
    kept = [entry for entry in entries(eleven) if not entry.values("employeeNumber")]
    users = [entry for entry in entries(eleven) if entry.values("employeeNumber")]
    export.write_text("".join(map(ldif.dump, [*kept, *users[:2]])), encoding="utf-8")
    for command in ("check", "observe"):
        answer = eleven(command, "--ldif", str(export))
        assert answer.code == 3
        assert str(export) in answer.err
        assert "--part" in answer.err
        part = eleven(command, "--ldif", str(export), "--part", "--json")
        assert (part.code, part.json["counts"]["users"]) == (0, 2)


def test_a_directory_is_never_a_part(office: Office, one_sentence: Any) -> None:
    for command in ("check", "observe"):
        answer = office(command, "--part")
        assert answer.code == 2
        assert "--ldif" in one_sentence(answer)


# --- the way out


def test_users_who_were_deleted_on_purpose_are_missed_by_nobody(eleven: Office) -> None:
    keep(eleven, 3)
    before = eleven.state()
    shown = eleven("journal", "gone", "--json").json
    assert (shown["counts"], shown["dry"], len(shown["users"])) == ({"gone": 8, "users": 3}, True, 8)
    assert "--yes" in eleven("journal", "gone").out
    assert eleven.state() == before
    assert eleven("check").code == 3
    done = eleven("journal", "gone", "--yes", "--json").json
    assert (done["counts"], done["dry"]) == ({"gone": 8, "users": 3}, False)
    assert eleven("journal", "gone", "--json").json["counts"] == {"gone": 0, "users": 3}
    for name in ("check", "observe", "pending", "today"):
        assert eleven(*commands(eleven)[name]).code == 0, name
    verified = eleven("journal", "verify")
    assert (verified.code, "agree" in verified.out) == (0, True)
    assert "gone" in eleven("history", done["users"][0]["user"]).out


def test_a_user_who_was_recorded_as_gone_counts_again_when_there(eleven: Office) -> None:
    whole = eleven.catalogue.read_bytes()
    keep(eleven, 3)
    assert eleven("journal", "gone", "--yes").code == 0
    eleven.catalogue.write_bytes(whole)
    assert eleven("check").code == 0
    keep(eleven, 0)
    assert eleven("check").code == 3
    eleven.catalogue.write_bytes(whole)
    assert eleven("journal", "gone").out.splitlines()[0] == "Looked at 11 users."


def test_closed_users_may_be_deleted(eleven: Office) -> None:
    names = [entry.text("eduPersonPrincipalName") for entry in entries(eleven) if entry.values("employeeNumber")]
    assert eleven("close", *filter(None, names[2:]), "--yes").code == 0
    keep(eleven, 2)
    assert eleven("check").code == 0
    assert eleven("journal", "gone", "--yes", "--json").json["counts"]["gone"] == 9
    assert eleven("journal", "verify").code == 0


def test_a_name_of_a_user_who_is_gone_is_given_to_nobody(eleven: Office) -> None:
    keep(eleven, 0)
    assert eleven("journal", "gone", "--yes").code == 0
    assert eleven("apply", eleven.people("new;Olena;Kovalenko;1990-01-01;hylla;pupil;"), "--yes").code == 0
    assert eleven.entry("new").text("eduPersonPrincipalName") != USER
