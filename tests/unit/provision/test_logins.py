"""Users who leave, come back, or have lost their password."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from feideprov import Client, ConfigurationError, Modification, Refused
from feideprov.directory.entry import Modify
from feideprov.intake.number_list import NumberRow
from feideprov.issues import Origin
from feideprov.journal.journal import OPEN, State
from feideprov.numbers import NumberText
from feideprov.provision.run.verification import Verification
from feideprov.testing import example_directory, example_settings
from tests.unit.conftest import ON

OLENA = "olenkova@skotthyll.kommune.no"
TENOR = "57912075186"


def handed_over(folder: Path) -> dict[str, str]:
    with (folder / "passwords.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row["user"]: row["password"] for row in csv.DictReader(file, delimiter=";")}


@pytest.fixture
def entra(tmp_path, journal, key) -> Client:
    settings = example_settings(tmp_path, login={"by": "entra"})
    return Client(settings, directory=example_directory(), journal=journal, keys=key, on=ON)


def dn_of(client: Client):
    return client.organization.people.child("uid", "olenkova")


def test_a_closed_user_cannot_log_in_and_the_entry_and_the_name_stay(client, person, tmp_path):
    client.apply(client.plan([person()]))
    before, password = client.directory.read(dn_of(client)), handed_over(tmp_path)[OLENA]
    outcome = client.users.close(OLENA)
    assert outcome.counts_as("closed")["closed"] == 1
    assert not client.directory.accepts_login(dn_of(client), password)
    after = client.directory.read(dn_of(client))
    assert dict(before.items()).keys() - dict(after.items()).keys() == {"userPassword"}
    client.apply(client.plan([person("p2")]))
    assert client.directory.matching("uid", ["olenkova2"], ["uid"])
    assert [e.kind for e in client.users.history(OLENA)] == ["create", "close"]


def test_a_list_neither_changes_nor_reopens_a_closed_user(client, person):
    client.apply(client.plan([person()]))
    client.users.close(OLENA)
    plan = client.plan([person(mail="ny@example.no")])
    assert [(r.code, r.held) for r in plan.refusals] == [("R-CLOSED", True)]
    assert plan.changes == ()
    assert (
        plan.refusals[0].sentence
        == f"{OLENA} is closed. If the person is back, first reopen the user: feideprov reopen {OLENA}"
    )


def test_a_reopened_user_logs_in_with_the_new_password_that_is_handed_over(client, person, tmp_path):
    client.apply(client.plan([person()]))
    old = handed_over(tmp_path)[OLENA]
    client.users.close(OLENA)
    client.users.reopen(OLENA)
    new = handed_over(tmp_path)[OLENA]
    assert new != old
    assert client.directory.accepts_login(dn_of(client), new)
    assert not client.directory.accepts_login(dn_of(client), old)
    assert client.plan([person()]).counts["unchanged"] == 1


def test_a_lost_password_is_replaced_and_the_row_has_the_name_and_the_school(client, person, tmp_path):
    client.apply(client.plan([person()]))
    (tmp_path / "passwords.csv").unlink()
    client.users.password(OLENA)
    with (tmp_path / "passwords.csv").open(encoding="utf-8-sig", newline="") as file:
        [row] = csv.DictReader(file, delimiter=";")
    assert (row["name"], row["school"]) == ("Олена Коваленко", "Hylla skole")
    assert client.directory.accepts_login(dn_of(client), row["password"])


def test_a_protected_user_gets_a_row_without_the_name(client, person, tmp_path):
    client.apply(client.plan([person(protected=True)], only="p1"))
    [user] = handed_over(tmp_path)
    (tmp_path / "passwords.csv").unlink()
    client.users.password(user)
    assert "Коваленко" not in (tmp_path / "passwords.csv").read_text(encoding="utf-8-sig")


def test_what_is_done_to_logins_is_done_once(client, person):
    client.apply(client.plan([person()]))
    client.users.close(OLENA)
    assert client.users.plan_close([OLENA, OLENA.upper(), f" {OLENA}"]).unchanged == 1
    client.users.reopen(OLENA)
    plan = client.users.plan_reopen([OLENA])
    assert (plan.changes, plan.unchanged) == ((), 1)


@pytest.mark.parametrize("act", ["plan_close", "plan_reopen", "plan_password"])
def test_users_that_are_not_ours_are_left_alone(client, person, tmp_path, act):
    client.apply(client.plan([person()]))
    settings = example_settings(tmp_path, journal={"url": "sqlite://"})
    other = Client(settings, directory=client.directory, keys=b"the key of another journal", on=ON)
    plan = getattr(other.users, act)([OLENA, "nobody@skotthyll.kommune.no"])
    assert [(r.code, r.held) for r in plan.refusals] == [("R-NOT-OURS", True), ("R-NO-USER", False)]
    assert plan.changes == ()
    other.close()


def test_one_user_alone_is_refused_with_an_exception(client):
    with pytest.raises(Refused, match="There is no user") as caught:
        client.users.close("nobody@skotthyll.kommune.no")
    assert caught.value.code == "R-NO-USER"


def test_a_closed_user_gets_no_new_password(client, person):
    client.apply(client.plan([person()]))
    client.users.close(OLENA)
    with pytest.raises(Refused, match="is closed") as caught:
        client.users.password(OLENA)
    assert (caught.value.code, caught.value.held) == ("R-CLOSED", True)


def test_where_the_password_is_gone_already_the_user_is_closed_all_the_same(client, person):
    client.apply(client.plan([person()]))
    step = Modification("delete", "userPassword", ())
    assert all(w.error is None for w in client.directory.write([Modify(dn_of(client), (step,))]))
    assert client.users.close(OLENA).counts_as("closed") == {
        "closed": 1,
        "unchanged": 0,
        "refused": 0,
        "held": 0,
        "failed": 0,
    }
    assert client.plan([person()]).refusals[0].code == "R-CLOSED"


def test_closing_many_of_ours_stops_at_the_caps(client, person):
    users = [f"olenkova{n or ''}@skotthyll.kommune.no" for n in (0, *range(2, 31))]
    client.apply(client.plan([person(f"p{n}") for n in range(30)]))
    plan = client.users.plan_close(users)
    with pytest.raises(ConfigurationError, match=r"changes 30 of 30 users.*--allow-changes 30"):
        client.apply(plan)
    assert client.apply(plan, allow_changes=30).counts_as("closed")["closed"] == 30


def test_with_entra_a_closed_user_is_not_found_by_the_feide_name(entra, person):
    entra.apply(entra.plan([person(mail="olena@skotthyll.kommune.no")]))
    before = entra.directory.read(dn_of(entra))
    entra.users.close(OLENA)
    assert list(entra.directory.matching("eduPersonPrincipalName", [OLENA], ["uid"])) == []
    assert entra.directory.read(dn_of(entra)).texts("eduPersonPrincipalNamePrior") == [OLENA]
    assert entra.plan([person(mail="olena@skotthyll.kommune.no")]).refusals[0].code == "R-CLOSED"
    entra.apply(entra.plan([person("p2", mail="olena2@skotthyll.kommune.no")]))
    assert list(entra.directory.matching("uid", ["olenkova2"], ["uid"]))
    entra.users.reopen(OLENA)
    assert entra.directory.read(dn_of(entra)) == before


@pytest.mark.parametrize("row", [{"user": OLENA.title()}, {"source_id": "p1"}], ids=["user", "source-id"])
def test_with_entra_the_number_of_a_closed_user_waits(entra, person, row):
    entra.apply(entra.plan([person(mail="olena@skotthyll.kommune.no")]))
    entra.users.close(OLENA)
    number = NumberRow(NumberText(TENOR), Origin("numbers.csv", 2), **row)
    [refusal] = entra.numbers.plan_attach([number]).refusals
    assert (refusal.code, refusal.held) == ("R-CLOSED", True)
    assert refusal.sentence.startswith(f"{OLENA} is closed.")


def test_with_entra_there_is_no_password_to_renew(entra, person):
    with pytest.raises(ConfigurationError, match="Give the user a new password there"):
        entra.users.password(OLENA)


@pytest.mark.parametrize("act", ["close", "reopen", "password"])
@pytest.mark.parametrize("done", [False, True], ids=["before", "after"])
def test_a_run_that_is_cut_off_is_found_out_about_by_the_next(client, person, monkeypatch, tmp_path, act, done):
    client.apply(client.plan([person()]))
    if act == "reopen":
        client.users.close(OLENA)
    write = client.directory.write

    def cut_off(writes):
        taken = list(writes)
        if done:
            list(write(taken))
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(client.directory, "write", cut_off)
        with pytest.raises(KeyboardInterrupt):
            getattr(client.users, act)(OLENA)
    again = client.apply(client.plan([]))
    assert client._context.journal.events(state=OPEN) == []
    [event] = [e for e in client.users.history(OLENA) if e.kind == act][-1:]
    row = handed_over(tmp_path).get(OLENA)
    if act == "close":
        assert event.state is State.NOT_DONE  # nobody can read a password: closing again does no harm
        assert again.recovered == (f"An earlier run was interrupted. The change “close {OLENA}”: not done. Run again.",)
        client.users.close(OLENA)
        assert not client.directory.accepts_login(dn_of(client), row)
    elif done:
        assert event.state is State.DONE
        assert ("The password in the hand-over file works" in again.recovered[0]) is (act == "password")
        assert client.directory.accepts_login(dn_of(client), row)
    else:
        assert event.state is State.NOT_DONE
        assert row is None
    if act != "close":
        getattr(client.users, act)(OLENA)
        assert client.directory.accepts_login(dn_of(client), handed_over(tmp_path)[OLENA]) or act == "reopen"


@pytest.mark.parametrize("act", ["close", "reopen"])
def test_what_an_interrupted_run_had_done_is_not_done_again(client, person, monkeypatch, act):
    client.apply(client.plan([person()]))
    if act == "reopen":
        client.users.close(OLENA)

    def cut_off(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Verification, "verify", cut_off)
        with pytest.raises(KeyboardInterrupt):
            getattr(client.users, act)(OLENA)
    again = getattr(client.users, act)(OLENA)
    assert again.counts["unchanged"] == 1
    assert [e.kind for e in client.users.history(OLENA)].count(act) == 1


def test_with_entra_a_closing_that_was_cut_off_is_found_done(entra, person, monkeypatch):
    entra.apply(entra.plan([person(mail="olena@skotthyll.kommune.no")]))
    write = entra.directory.write

    def cut_off(writes):
        list(write(writes))
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(entra.directory, "write", cut_off)
        with pytest.raises(KeyboardInterrupt):
            entra.users.close(OLENA)
    assert entra.apply(entra.plan([])).recovered == (
        f"An earlier run was interrupted. The change “close {OLENA}”: done.",
    )
    assert entra.users.plan_reopen([OLENA]).counts["updated"] == 1


def test_with_entra_a_creation_that_was_cut_off_is_found_done(entra, person, monkeypatch):
    write = entra.directory.write

    def cut_off(writes):
        list(write(writes))
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(entra.directory, "write", cut_off)
        with pytest.raises(KeyboardInterrupt):
            entra.apply(entra.plan([person(mail="olena@skotthyll.kommune.no")]))
    entra.apply(entra.plan([]))
    assert [e.state for e in entra.users.history(OLENA)] == [State.DONE]
