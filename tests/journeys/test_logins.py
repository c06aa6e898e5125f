"""close, reopen and password at the command line, and init --directory for a directory that is there."""

from __future__ import annotations

import re
from typing import Any

from .conftest import Office

OLENA = "olenkova@skotthyll.kommune.no"


def test_users_leave_come_back_and_lose_their_password(office: Office) -> None:
    office("apply", office.people("a-1;Olena;Kovalenko;;hylla;pupil;"), "--yes")
    dry = office("close", OLENA)
    assert dry.code == 0
    assert dry.out.splitlines() == [
        "This would be done (add --yes to do it):",
        f"  close {OLENA}: the user cannot log in any more, and the name stays reserved (Olena Kovalenko, Hylla skole)",
        "",
        "1 would be closed.",
    ]
    done = office("close", OLENA, "nobody@skotthyll.kommune.no", "--yes", "--json")
    assert (done.code, done.json["ok"], done.json["dry"]) == (1, False, False)
    assert done.json["counts"] == {"closed": 1, "unchanged": 0, "refused": 1, "held": 0, "failed": 0}
    assert [(c["kind"], c["user"]) for c in done.json["changes"]] == [("close", OLENA)]
    assert [r["code"] for r in done.json["refusals"]] == ["R-NO-USER"]
    assert office("password", OLENA, "--yes").code == 1
    reopened = office("reopen", OLENA, "--yes")
    assert reopened.code == 0
    assert f"reopen {OLENA}, with a new first password" in reopened.out
    assert f"The first passwords are in {office.passwords}" in reopened.out
    assert office("password", OLENA, "--yes").out.startswith(f"Done:\n  new first password for {OLENA} (")
    kinds = [line.split("  ")[1].partition(":")[0] for line in office("history", OLENA).out.splitlines()]
    assert kinds == ["create", "close", "reopen", "password"]


def test_no_password_is_shown(office: Office) -> None:
    office("apply", office.people("a-1;Olena;Kovalenko;;hylla;pupil;"), "--yes")
    said = office("password", OLENA, "--yes")
    again = office("password", OLENA, "--yes", "--json")
    password = office.handed_over()[OLENA]
    assert password not in said.out + said.err + again.out + again.err
    assert password.encode() not in office.journal.read_bytes()


def test_a_new_mail_address_in_the_configuration_reaches_the_directory(office: Office) -> None:
    office.set('mail = "post@skotthyll.kommune.no"', 'mail = "ny@skotthyll.kommune.no"\nphone = "+47 75 00 00 00"')
    dry = office("init", "--directory", "--json")
    assert dry.json["counts"]["updated"] == 1
    [change] = dry.json["changes"]
    assert (change["kind"], change["user"]) == ("amend", None)
    assert change["sentence"] == "update o=Skotthyll kommune,dc=skotthyll,dc=no: mail, telephoneNumber"
    assert office("init", "--directory", "--yes").code == 0
    [entry] = [e for e in office.entries().values() if "eduOrgLegalName" in e]
    assert (entry["mail"], entry["telephoneNumber"]) == ([b"ny@skotthyll.kommune.no"], [b"+47 75 00 00 00"])
    assert office("init", "--directory", "--yes").out == "\n5 unchanged.\n"


def test_nothing_is_made_where_the_server_does_not_know_the_schema(office: Office, on_server: Any) -> None:
    on_server(noredu=False, filled=False)
    for words in ((), ("--yes",)):
        answer = office("init", "--directory", *words)
        assert (answer.code, answer.out) == (2, "")
        assert answer.err.startswith("The directory's schema lacks norEduPersonNIN, ")


def test_what_mode_watch_would_stop_is_said_before_the_entries_of_the_units_are_made(office: Office) -> None:
    office.set("[directory]\n", '[directory]\nmode = "watch"\n')
    office.set('mail = "post@skotthyll.kommune.no"', 'mail = "ny@skotthyll.kommune.no"')
    before = office.catalogue.read_bytes()
    dry = office("init", "--directory", "--json")
    assert (dry.code, dry.json["dry"], dry.json["counts"]["updated"]) == (2, True, 1)
    assert "mode is “watch”" in dry.json["error"]
    assert office("init", "--directory", "--yes").code == 2
    assert office.catalogue.read_bytes() == before


def test_a_user_is_renamed_and_logs_in_with_the_password_that_was_handed_over(office: Office) -> None:
    office("apply", office.people("a-1;Olena;Kovalenko;;hylla;pupil;"), "--yes")
    dry = office("rename", OLENA, "--to", "olena.berg", "--json")
    assert (dry.code, dry.json["dry"], dry.json["counts"]["renamed"]) == (0, True, 1)
    done = office("rename", OLENA, "--to", "olena.berg", "--yes")
    assert done.code == 0
    assert re.search(r"\n1 renamed, in \d+\.\d s\.\n$", done.out)
    new = "olena.berg@skotthyll.kommune.no"
    [entry] = [e for e in office.entries().values() if "eduPersonPrincipalNamePrior" in e]
    assert (entry["eduPersonPrincipalName"], entry["eduPersonPrincipalNamePrior"]) == ([new.encode()], [OLENA.encode()])
    assert set(office.handed_over()) == {new}
    assert f"  rename to {new}: done, by " in office("history", new).out
    assert [event["other"] for event in office("history", OLENA, "--json").json["events"]] == [None, new]
    taken = office("rename", new, "--to", OLENA.partition("@")[0], "--yes")
    assert (taken.code, "is taken" in taken.err) == (1, True)
