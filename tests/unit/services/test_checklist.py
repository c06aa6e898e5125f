"""The same-day list: what is to be changed elsewhere, and what was ticked."""

from __future__ import annotations

import pytest

from feideprov import InputError, Refused

from .conftest import D_NUMBER, FOLLOWS, REALM, SEEN

PLACES = ("school administration system", "identity system", "AD attribute")


@pytest.fixture
def numbered(client, user_of) -> str:
    user = user_of("p1")
    client.attach(user, D_NUMBER, evidence=SEEN)
    return user


def test_nobody_is_on_the_list_before_a_number_changes(client):
    assert client.checklist.items() == []
    with pytest.raises(Refused) as raised:
        client.checklist.items(f"nobody@{REALM}")
    assert raised.value.code == "R-NO-CHANGE"


def test_a_number_that_arrived_is_on_the_list_until_every_place_is_ticked(client, numbered):
    [item] = client.checklist.items()
    assert (item.user, item.kind, item.open, item.done) == (numbered, "attach", PLACES, ())
    [item] = client.checklist.tick("ad attribute", "Identity System", user=numbered.upper())
    assert item.done == ("identity system", "AD attribute")
    assert client.checklist.tick("AD attribute", user=numbered) == []
    client.checklist.tick("all", user=numbered)
    assert client.checklist.items() == []
    assert client.checklist.items(numbered)[0].done == PLACES


@pytest.mark.parametrize("place", ["skoleadministrativt system", "Skuleadministrativt system"])
def test_a_place_is_ticked_by_what_it_is_called_in_norwegian(client, numbered, place):
    [item] = client.checklist.tick(place, user=numbered)
    assert item.done == PLACES[:1]


def test_a_later_change_takes_the_place_of_an_earlier_one(client, numbered):
    client.checklist.tick("all")
    client.replace(numbered, D_NUMBER, FOLLOWS, evidence=SEEN)
    [item] = client.checklist.items()
    assert (item.kind, item.open) == ("replace", PLACES)
    client.withdraw(numbered, FOLLOWS)
    assert [item.kind for item in client.checklist.items()] == ["withdraw"]


def test_ticks_follow_a_user_who_is_renamed_and_a_list_that_changes(client, numbered):
    client.checklist.tick("AD attribute", user=numbered)
    client.users.rename(numbered, to=f"ny.navn@{REALM}")
    section = client.settings.checklist.model_copy(update={"places": ("AD attribute", "the library")})
    client._context.settings = client.settings.model_copy(update={"checklist": section})
    [item] = client.checklist.items()
    assert (item.user, item.open, item.done) == (f"ny.navn@{REALM}", ("the library",), ("AD attribute",))


def test_a_place_that_is_not_in_the_list_is_told_with_those_that_are(client, numbered):
    with pytest.raises(InputError, match=r"is not in \[checklist\] places.*“AD attribute”"):
        client.checklist.tick("the library", user=numbered)


def test_nobody_who_was_forgotten_is_on_the_list(client, journal, numbered):
    client.checklist.tick("AD attribute")
    journal.forget(numbered)
    assert client.checklist.items() == []


def test_whom_another_hand_gave_a_number_is_on_the_list(client, user_of):
    user = user_of("p2")
    [entry] = [e for e in client.directory.entries() if e.text("eduPersonPrincipalName") == user]
    client.observe()
    client.directory._entries[entry.dn.key] = type(entry)(
        entry.dn, dict(entry.items()) | {"norEduPersonNIN": [D_NUMBER]}
    )
    client.observe()
    assert [(item.user, item.kind) for item in client.checklist.items()] == [(user, "seen-attach")]
