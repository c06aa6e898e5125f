"""What a change takes and gives, as it is shown: values, and what stands in place of those that are not shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from feideprov import Client, NumberText, Plan
from feideprov.directory.dn import DN
from feideprov.directory.entry import Modification
from feideprov.provision.plan.changes import Change, Update
from feideprov.provision.plan.login_changes import Close
from feideprov.provision.plan.shown_values import changed_values, shown_exactly

OLENA = "olenkova@skotthyll.kommune.no"
TENOR, BORN = "57912075186", date(2020, 11, 17)
DN_OF_OLENA = DN.parse("uid=olenkova,dc=no")


def update(*steps: tuple[str, str, bytes | str], name: str = "Olena") -> Update:
    made = tuple(
        Modification(do, attribute, (value if isinstance(value, bytes) else value.encode(),))  # type: ignore[arg-type]
        for do, attribute, value in steps
    )
    return Update(OLENA, DN_OF_OLENA, made, name_to_show=name)


def values(change: Change) -> dict[str, tuple[list[str], list[str]]]:
    return {one.attribute: (list(one.was), list(one.becomes)) for one in changed_values(change)}


def only(plan: Plan) -> Change:
    [change] = plan.changes
    return change


def test_an_update_says_what_each_value_was_and_becomes(client: Client, person) -> None:
    client.apply(client.plan([person(given_name="Olena", family_name="Olsen", mail="gammel@example.no")]))
    change = only(client.plan([person(given_name="Olena", family_name="Hansen", mail="ny@example.no", language="nb")]))
    assert values(change) == {
        "cn": (["Olena Olsen"], ["Olena Hansen"]),
        "displayName": (["Olena Olsen"], ["Olena Hansen"]),
        "norEduPersonLegalName": (["Olena Olsen"], ["Olena Hansen"]),
        "sn": (["Olsen"], ["Hansen"]),
        "mail": (["gammel@example.no"], ["ny@example.no"]),
        "preferredLanguage": ([], ["nb"]),
    }
    assert (change.name_to_show, change.school) == ("Olena Olsen", "Hylla skole")


def test_a_creation_gives_everything_but_the_number_and_the_password(client: Client, person) -> None:
    made = person(national_number=NumberText(TENOR), birth_date=BORN)
    found = values(only(client.plan([made])))
    assert found["norEduPersonNIN"] == ([], ["<Tenor number>"])
    assert found["displayName"] == ([], ["Олена Коваленко"])
    assert not any(was for was, _ in found.values())
    assert "userPassword" not in found
    assert TENOR not in str(found)


def test_numbers_are_shown_by_their_kind() -> None:
    assert values(update(("delete", "norEduPersonNIN", "unknown"), ("add", "norEduPersonNIN", TENOR))) == {
        "norEduPersonNIN": (["<number as written>"], ["<Tenor number>"])
    }


@pytest.mark.parametrize(
    ("attribute", "value", "shown"),
    [
        ("norEduPersonLIN", "skotthyll.kommune.no:fin:12829499914", "<local number>"),
        ("norEduPersonLIN;lang-nb", "anything", "<local number>"),
        ("norEduPersonBirthDate", "20201117", "<birth date>"),
        ("schacDateOfBirth", "20201117", "<birth date>"),
        ("jpegPhoto", b"\xff\xd8\xff", "<3 octets>"),
        ("description", "128294 99914", "…"),
        ("description", "12829\u200b499914", "…"),
        ("description", "a\u202eb\nc\x1b[2J", "a<U+202E>b<U+000A>c<U+001B>[2J"),
        ("description", "a\u3164b\ufe0f", "a<U+3164>b<U+FE0F>"),
        ("cn", "علی\u200cرضا", "علی\u200cرضا"),
    ],
    ids=str.split("local local-option birth-date birth-date-schac octets number number-unseen control filler joiner"),
)
def test_a_value_that_must_not_be_shown_is_told_by_what_it_is(attribute: str, value: str | bytes, shown: str) -> None:
    assert values(update(("delete", attribute, value))) == {attribute: ([shown], [])}


def test_a_password_is_not_among_the_values() -> None:
    steps = (Modification("delete", "userPassword", ()), Modification("delete", "unicodePwd", (b"x",)))
    assert values(Close(OLENA, DN_OF_OLENA, steps, name_to_show="Olena")) == {}


@pytest.mark.parametrize(
    ("was", "becomes", "shown"),
    [
        ("\u00c5se", "A\u030ase", ("<U+00C5>se", "A<U+030A>se")),
        ("Ali\u200cReza", "AliReza", ("Ali<U+200C>Reza", "AliReza")),
        ("Anna  Lie", "Anna Lie", ("Anna<U+0020><U+0020>Lie", "Anna Lie")),
        ("Anna ", "Anna", ("Anna<U+0020>", "Anna")),
        ("C\u043eva", "Cova", ("C<U+043E>va", "Cova")),
        ("Åse", "Liv", ("Åse", "Liv")),
    ],
)
def test_values_that_look_the_same_are_told_apart(was: str, becomes: str, shown: tuple[str, str]) -> None:
    for pair, expected in (((was, becomes), shown), ((becomes, was), shown[::-1])):
        [[found_was], [found_becomes]] = values(update(("delete", "sn", pair[0]), ("add", "sn", pair[1])))["sn"]
        assert (found_was, found_becomes) == expected


@pytest.mark.parametrize(
    ("was", "becomes"),
    [("Hakon", "Håkon"), ("KÅRE", "Kåre"), ("José", "Jose"), ("Weiss", "Weiß"), ("Łukasz", "Lukasz")],
)
def test_values_that_do_not_look_the_same_stay_as_they_are(was: str, becomes: str) -> None:
    assert values(update(("delete", "sn", was), ("add", "sn", becomes))) == {"sn": ([was], [becomes])}


def test_a_value_that_is_deleted_and_added_again_has_not_changed() -> None:
    assert values(update(("delete", "sn", "Lie"), ("add", "sn", "Lie"), ("add", "sn", "Li"))) == {"sn": ([], ["Li"])}


def test_nothing_is_shown_of_a_protected_person(client: Client, person) -> None:
    client.apply(client.plan([person(given_name="Olena", family_name="Olsen")]))
    changed = {"given_name": "Olena", "family_name": "Hansen", "school": "berg"}
    for protected in (True, False):  # protected by this list, then by the journal
        plan = client.plan([person(**changed, protected=protected)])
        if protected:
            client.apply(Plan(tuple(c for c in plan.changes if c.kind == "protect"), ours=1))
        for change in plan.changes:
            assert change.name_to_show == ""
            assert {text for one in changed_values(change) for text in (*one.was, *one.becomes)} <= {"<not shown>"}


def test_a_change_without_a_name_shows_no_value() -> None:
    """As in a plan that was saved before plans kept names: the person may be protected."""
    assert values(replace(update(("add", "sn", "Lie")), name_to_show="")) == {"sn": ([], ["<not shown>"])}


def test_a_rename_shows_the_names_of_the_dn_too(client: Client, person) -> None:
    client.apply(client.plan([person()]))
    change = only(client.users.plan_rename(OLENA, to="olena.x"))
    assert values(change) == {
        "eduPersonPrincipalName": ([OLENA], ["olena.x@skotthyll.kommune.no"]),
        "uid": (["olenkova"], ["olena.x"]),
        "eduPersonPrincipalNamePrior": ([], [OLENA]),
    }
    assert change.name_to_show == "Олена Коваленко"


def test_every_change_of_a_user_names_person_and_school(client: Client, person) -> None:
    client.apply(client.plan([person(birth_date=BORN)]))
    users = client.users
    plans = [users.plan_close([OLENA]), users.plan_password([OLENA]), users.plan_rename(OLENA, to="x")]
    plans.append(client.plan([person(national_number=NumberText(TENOR), birth_date=BORN)]))
    assert {(c.kind, c.name_to_show, c.school) for plan in plans for c in plan.changes} == {
        (kind, "Олена Коваленко", "Hylla skole") for kind in ("close", "password", "rename", "attach")
    }


def test_a_unit_shows_its_values() -> None:
    from feideprov.provision.plan.unit_changes import UpdateUnit

    steps = (Modification("delete", "mail", (b"a@x.no",)), Modification("add", "mail", (b"b@x.no",)))
    assert values(UpdateUnit(DN_OF_OLENA, steps)) == {"mail": (["a@x.no"], ["b@x.no"])}


def test_a_text_is_shown_exactly_unless_it_may_be_a_number() -> None:
    assert shown_exactly("Olena  Kovalenko ") == "Olena  Kovalenko "
    assert shown_exactly("57912075186") == "…"
