"""Another Feide name on request: the old one is kept, and nobody else gets it."""

from __future__ import annotations

import re

import pytest

from feideprov import Client, Event, Modification, Modify, Refused
from feideprov.directory.entry import Entry
from feideprov.journal.journal import OPEN, State
from feideprov.provision.plan.login_changes import Rename
from feideprov.provision.plan.logins import plan_rename
from feideprov.provision.run.handover import HandoverFile

REALM = "skotthyll.kommune.no"
NAME, PRIOR = "eduPersonPrincipalName", "eduPersonPrincipalNamePrior"
OLENA = f"olenkova@{REALM}"


def plan(client: Client, user: str = OLENA, to: str | None = None):
    return plan_rename(client._context.builder(), client._context.build_options.names, REALM, user, to=to)


def rename(client: Client, user: str = OLENA, to: str | None = None):
    return client.apply(plan(client, user, to))


def user(client: Client, name: str = OLENA) -> Entry:
    [entry] = client.directory.matching(NAME, [name], ["*"])
    return entry


def handed_over(client: Client) -> dict[str, str]:
    return HandoverFile(client.settings.path(client.settings.journal.handover)).passwords()


@pytest.fixture
def olena(client, person) -> Client:
    client.apply(client.plan([person(), person("p2", given_name="Anna", family_name="Berg")]))
    return client


def married(client: Client, person) -> None:
    client.apply(client.plan([person(family_name="Берг")]))


def test_a_list_with_another_name_keeps_the_feide_name(olena, person):
    married(olena, person)
    assert user(olena).text("displayName") == "Олена Берг"


def test_a_rename_follows_the_names_that_the_entry_has_now(olena, person):
    married(olena, person)
    before, password = user(olena), handed_over(olena)[OLENA]
    [change] = plan(olena).changes
    assert change.sentence == f"rename {OLENA} to olenberg@{REALM}: from now on, the user logs in with the new name"
    outcome = rename(olena)
    assert outcome.counts == {"created": 0, "updated": 1, "unchanged": 0, "refused": 0, "held": 0, "failed": 0}
    entry = user(olena, f"olenberg@{REALM}")
    assert str(entry.dn) == "uid=olenberg,ou=people,dc=skotthyll,dc=no"
    assert entry.texts("uid") == ["olenberg"]
    assert entry.texts(PRIOR) == [OLENA]
    changed = {"uid", NAME.lower(), PRIOR.lower()}
    assert {n: v for n, v in entry.items() if n.lower() not in changed} == {
        n: v for n, v in before.items() if n.lower() not in changed
    }
    assert olena.directory.read(before.dn) is None
    assert olena.directory.accepts_login(entry.dn, password)
    assert handed_over(olena)[f"olenberg@{REALM}"] == password
    assert OLENA not in handed_over(olena)
    assert [(e.kind, e.state) for e in olena.users.history(f"olenberg@{REALM}")][-1] == ("rename", State.DONE)


def test_a_user_whose_name_is_as_it_would_be_made_today_is_unchanged(olena, person):
    olena.apply(olena.plan([person("p3")]))
    for name in (OLENA, f"olenkova2@{REALM}"):
        made = plan(olena, name)
        assert made.changes == ()
        assert made.unchanged == 1
    assert plan(olena, to="olenkova").unchanged == 1


def test_a_name_of_somebodys_choice(olena):
    rename(olena, to=f"Olena.Kovalenko@{REALM} ")
    assert user(olena, f"olena.kovalenko@{REALM}").texts("uid") == ["olena.kovalenko"]


def test_a_renamed_user_stays_ours_and_the_same_for_the_lists(olena, person):
    rename(olena, to="kova")
    outcome = olena.apply(olena.plan([person(mail="o@example.no")]))
    assert outcome.counts["updated"] == 1
    assert user(olena, f"kova@{REALM}").text("mail") == "o@example.no"
    assert olena.plan([person(mail="o@example.no")]).changes == ()
    [pending] = [one for one in olena.pending() if one.user == f"kova@{REALM}"]
    assert pending.ours
    assert pending.since_source == "journal"


def test_whoever_uses_a_former_name_is_told_the_new_one(olena):
    rename(olena, to="kova")
    for act in (olena.users.close, olena.users.reopen, olena.users.password, olena.users.rename):
        with pytest.raises(Refused, match=f"{OLENA} is the former name of kova@{REALM}") as caught:
            act(OLENA)
        assert caught.value.code == "R-NO-USER"
    with pytest.raises(Refused, match="former name of kova@"):
        olena.users.resolve(OLENA, different=True)
    with pytest.raises(Refused, match="former name of kova@"):
        olena.attach(OLENA, "57912075186", birth_date=olena.on)


def test_what_persons_said_of_a_user_holds_after_a_rename(olena, person):
    olena.users.resolve(OLENA, same_as="other-7")
    olena.users.resolve(f"annaberg@{REALM}", second_account_of=OLENA)
    rename(olena, to="kova")
    assert olena.plan([person("other-7", mail="o@example.no")]).changes[0].feide_name == f"kova@{REALM}"
    assert olena._context.known_users().may_share(f"kova@{REALM}", f"annaberg@{REALM}")
    assert olena.users.resolve(f"kova@{REALM}", same_as="other-7").startswith(f"Recorded: kova@{REALM} is the person")


def test_a_protected_user_gets_a_name_that_says_nothing_and_stays_protected(olena, person):
    olena.apply(olena.plan([person(protected=True)]))
    rename(olena)
    [entry] = olena.directory.having([PRIOR], ["*"])
    name = entry.text(NAME)
    assert re.fullmatch(f"u[bcdfghjkmnpqrstvwxz]{{7}}@{REALM}", name)
    assert olena._context.known_users().is_protected(name)
    assert [one.protected for one in olena.pending() if one.user == name] == [True]


def test_a_former_name_is_given_to_nobody(olena, person):
    rename(olena, to="kova")
    olena.apply(olena.plan([person("p3")]))
    assert user(olena, f"olenkova2@{REALM}").text("employeeNumber") == "p3"
    with pytest.raises(Refused) as refused:
        plan(olena, f"annaberg@{REALM}", to="olenkova")
    assert refused.value.code == "R-NAME-TAKEN"
    # and the journal knows it too, when the entry is gone
    for entry in list(olena.directory.having([PRIOR], ["uid"])):
        step = Modification("delete", PRIOR, (OLENA.encode(),))
        assert next(olena.directory.write([Modify(entry.dn, (step,))])).error is None
    with pytest.raises(Refused):
        plan(olena, f"annaberg@{REALM}", to="olenkova")


@pytest.mark.parametrize(
    ("name", "to", "code"),
    [
        (f"nobody@{REALM}", None, "R-NO-USER"),
        (OLENA, "annaberg", "R-NAME-TAKEN"),
        (OLENA, "root", "R-NAME-RESERVED"),
        (OLENA, "o*", "R-NAME-INVALID"),
        (OLENA, "", "R-NAME-INVALID"),
        (OLENA, "olena@other.no", "R-NAME-FOREIGN"),
    ],
)
def test_a_rename_that_cannot_be_is_refused_with_the_code(olena, name, to, code):
    with pytest.raises(Refused) as refused:
        plan(olena, name, to)
    assert refused.value.code == code


def test_a_user_that_is_not_ours_is_not_renamed(olena, person):
    entry = user(olena)
    other = Entry(entry.dn.parent.child("uid", "x"), dict(entry.items()) | {"uid": ["x"], NAME: [f"x@{REALM}"]})
    olena.directory._entries[other.dn.key] = other
    with pytest.raises(Refused) as refused:
        plan(olena, f"x@{REALM}", to="y")
    assert refused.value.code == "R-NOT-OURS"


def test_a_closed_user_is_not_renamed(olena):
    olena.users.close(OLENA)
    with pytest.raises(Refused) as refused:
        plan(olena, to="kova")
    assert refused.value.code == "R-CLOSED"


def test_an_entry_that_is_not_called_by_its_user_name_keeps_its_name(olena):
    entry = user(olena)
    there = entry.dn.parent.child("cn", "Олена Коваленко")
    del olena.directory._entries[entry.dn.key]
    olena.directory._entries[there.key] = Entry(there, dict(entry.items()))
    rename(olena, to="kova")
    found = user(olena, f"kova@{REALM}")
    assert found.dn == there
    assert found.texts("uid") == ["kova"]


def test_applying_a_rename_twice_equals_applying_it_once(olena):
    made = plan(olena, to="kova")
    olena.apply(made)
    again = olena.apply(made)
    assert again.changes == ()
    assert again.unchanged == 1


def test_asking_for_a_rename_twice_renames_once(olena):
    rename(olena, to="kova")
    rename(olena, f"kova@{REALM}", to="ko")
    for to in ("ko", f" KO@{REALM}"):
        again = plan(olena, to=to)
        assert (again.changes, again.unchanged) == ((), 1)
    with pytest.raises(Refused, match=f"is the former name of ko@{REALM}"):
        plan(olena, to="kova")


def test_a_rename_and_what_takes_it_back_leave_nothing_behind(olena):
    before = dict(user(olena).items())
    [change] = plan(olena, to="kova").changes
    assert isinstance(change, Rename)
    writes = [change.write(), *change.second_write(), *change.take_all_back()]
    assert [w.error for w in olena.directory.write(writes)] == [None] * 4
    assert dict(user(olena).items()) == before


def test_a_name_that_was_taken_meanwhile_is_held_and_nothing_is_renamed(olena, person):
    made = plan(olena, to="annakova")
    olena.apply(olena.plan([person("p3", given_name="Anna")]))
    outcome = olena.apply(made)
    assert [r.code for r in outcome.held] == ["R-NAME-TAKEN"]
    assert user(olena).texts("uid") == ["olenkova"]
    assert olena._context.journal.events(state=OPEN) == []


def test_an_open_rename_is_no_reason_to_make_the_user_again(olena, person, journal):
    """The entry has the new name; the journal does not know yet; the row is linked by the old name alone."""
    olena.users.resolve(OLENA, same_as="other-7")
    [change] = plan(olena, to="kova").changes
    journal.intend([Event("rename", OLENA, str(change.dn), other=f"kova@{REALM}")])
    assert next(olena.directory.write([change.write()])).error is None
    assert [c.kind for c in olena.plan([person("other-7", mail="o@example.no")]).changes] == ["update"]
