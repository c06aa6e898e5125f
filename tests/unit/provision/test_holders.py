"""Who else holds a number: one rule for the directory, for a list and for a run."""

from __future__ import annotations

from feideprov.directory.dn import DN
from feideprov.journal.events import Event, Kind, State
from feideprov.journal.users import KnownUsers
from feideprov.provision.plan.holders import Holder, held_by, other_holders


def holder(name: str) -> Holder:
    return Holder(DN.parse(f"uid={name},ou=people,dc=skotthyll,dc=no"), f"{name}@skotthyll.kommune.no")


def others(name: str, known_users: KnownUsers) -> list[str]:
    itself = holder(name)
    found = other_holders(map(holder, "abc"), itself.feide_name, itself.dn, known_users)
    return [other.feide_name.partition("@")[0] for other in found]


def test_a_user_is_no_other_holder_of_its_own_number():
    assert others("a", KnownUsers()) == ["b", "c"]
    assert others("d", KnownUsers()) == ["a", "b", "c"]


def test_two_accounts_share_a_number_and_the_accounts_that_each_shares_with_do_not():
    names = {name: holder(name).feide_name for name in "abc"}
    events = [
        Event(Kind.SECOND_ACCOUNT, names["a"], str(holder("a").dn), other=names[other], state=State.DONE)
        for other in "bc"
    ]
    known_users = KnownUsers.of(events)
    assert others("a", known_users) == []
    assert others("b", known_users) == ["c"]
    assert others("c", known_users) == ["b"]


def test_the_sentence_names_all_holders_and_the_next_step():
    nameless = Holder(holder("x").dn, "")
    sentence = held_by([holder("a"), nameless], holder("b").feide_name)
    assert "is already on a@skotthyll.kommune.no and an entry without a Feide name, so it was not added." in sentence
    assert sentence.endswith("--second-account-of a@skotthyll.kommune.no --yes")
    assert held_by([nameless], "b").endswith("--second-account-of USER --yes")
