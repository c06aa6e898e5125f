"""What must not be read by others: by the name of its attribute, and by itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feideprov.check.openness.sensitive import Kind, Sensitive
from feideprov.directory.dn import DN
from feideprov.directory.ldap.responses import Attributes

OLENA, PETER = DN.parse("uid=olena,dc=no"), DN.parse("uid=peter,dc=no")
NUMBER, OTHER = "50846202355", "12829499914"  # Tenor's
HOLDERS = {NUMBER.encode(): OLENA, OTHER.encode(): PETER}
DEFINITIONS = [
    "( 1.3.6.1.4.1.2428.90.1.5 NAME 'norEduPersonNIN' EQUALITY numericStringMatch )",
    "( 1.2.3.1 NAME ( 'xForeign' 'xForeignNumber' ) DESC 'a SUP of norEduPersonNIN' SUP norEduPersonNIN )",
    "( 1.2.3.2 NAME 'xDeep' SUP 1.2.3.1 )",
    "( 1.2.3.3 NAME 'xBorn' DESC 'x' SUP norEduPersonBirthDate SINGLE-VALUE )",
    "( 1.2.3.4 NAME 'xOther' DESC 'no SUP norEduPersonNIN' SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )",
    "( 2.5.4.35 NAME ( 'userPassword' 'secret' ) )",
]
SENSITIVE = Sensitive(DEFINITIONS, HOLDERS)


def shown(*, dn: str = "uid=x,dc=no", own: DN | None = None, **values: str) -> list[tuple[Kind, str]]:
    attributes: Attributes = {name.lower(): (name, (value.encode(),)) for name, value in values.items()}
    return list(SENSITIVE.in_entry(dn.encode(), attributes, own=own))


@pytest.mark.parametrize(
    ("description", "kind"),
    [
        ("norEduPersonNIN", Kind.NUMBER),
        ("NOREDUPERSONNIN;x-a", Kind.NUMBER),
        ("1.3.6.1.4.1.2428.90.1.5", Kind.NUMBER),
        ("norEduPersonGuardianNIN", Kind.NUMBER),
        ("xForeignNumber", Kind.NUMBER),
        ("1.2.3.2", Kind.NUMBER),
        ("xBorn", Kind.BIRTH_DATE),
        ("norEduPersonBirthDate", Kind.BIRTH_DATE),
        ("schacDateOfBirth", Kind.BIRTH_DATE),
        ("secret", Kind.HASH),
        ("userPassword;lang-nb", Kind.HASH),
        ("pwdHistory", Kind.HASH),
        ("unicodePwd", Kind.HASH),
        ("xOther", None),
        ("uid", None),
        ("pwdChangedTime", None),
    ],
)
def test_attribute_by_its_name(description: str, kind: Kind | None) -> None:
    assert SENSITIVE.kind(description) is kind


def test_attribute_derived_over_many_others_is_known() -> None:
    chain = [f"( 1.2.4.{level} NAME 'x{level}' SUP x{level - 1} )" for level in range(9, 0, -1)]
    asked = Sensitive([*chain, "( 1.2.4.0 NAME 'x0' SUP norEduPersonNIN )"], {})
    assert asked.kind("x9") is Kind.NUMBER
    assert len(asked.names) == 10


def test_names_to_ask_for_are_those_that_the_server_knows() -> None:
    assert sorted(SENSITIVE.names) == ["norEduPersonNIN", "userPassword", "xBorn", "xDeep", "xForeign"]
    assert "norEduPersonNIN" in Sensitive([], {}).names


@pytest.mark.parametrize(
    "value",
    [
        NUMBER,
        f"{NUMBER[:6]} {NUMBER[6:]}",
        f"{NUMBER[:6]}-{NUMBER[6:]}",
        f"urn:schac:personalUniqueID:no:NIN:{NUMBER}",
        f"uid={NUMBER},ou=people,dc=no",
        f"moved (formerly {NUMBER}).",
    ],
)
def test_number_of_a_user_under_any_name(value: str) -> None:
    assert shown(description=value) == [(Kind.NUMBER, "description")]
    assert shown(dn=f"description={value.replace(',', '+')},dc=no") == [(Kind.NUMBER, "DN")]


@pytest.mark.parametrize(
    "value",
    ["10000000001", "20261129110418Z", "20261129110418.123456Z#000000#000#000000", f"1{NUMBER}9", f"9{NUMBER}", ""],
)
def test_other_digits_are_no_number(value: str) -> None:
    assert shown(employeeNumber=value) == []


def test_own_number_is_not_that_of_another() -> None:
    assert shown(own=OLENA, xOther=NUMBER) == []
    assert shown(own=PETER, xOther=NUMBER) == [(Kind.NUMBER, "xOther")]


@pytest.mark.parametrize(
    "value",
    [
        "{SSHA}HjGm3nmMZnWBhjX6fZZLQwVEF9k5b3V5",
        "{PBKDF2-SHA512}10000$5sVfg/TrU2p",
        "20261129110418Z#1.3.6.1.4.1.1466.115.121.1.40#38#{ARGON2}$argon2id$v=19$m=7168",
        "$6$saltsalt$JgbxZ8aqdYzmN0UrMk4cL3w5uX1oKfVb",
        "$apr1$saltsalt$JgbxZ8aqdYzmN0UrMk4cL3",
        "$2b$12$WApznUPhDubN0oeveSXHp.2nnWc9F7yxHjk",
    ],
)
def test_hash_under_any_name(value: str) -> None:
    assert shown(xOther=value) == [(Kind.HASH, "xOther")]


@pytest.mark.parametrize("value", ["{SASL}olena@skotthyll.no", "costs $5 or $6", "{no}thing", "{SSHA}"])
def test_other_texts_are_no_hash(value: str) -> None:
    assert shown(xOther=value) == []


def test_keys_of_persons_are_numbers_by_their_form() -> None:
    nobodys = "57912075186"  # Tenor's; no user has it
    assert shown(norEduPersonLIN=f"skotthyll.kommune.no:fnr:{nobodys}") == [(Kind.NUMBER, "norEduPersonLIN")]
    assert shown(schacPersonalUniqueID=f"urn:x:no:NIN:{nobodys}") == [(Kind.NUMBER, "schacPersonalUniqueID")]
    assert shown(norEduPersonLIN="skotthyll.kommune.no:visma:10000000001", xOther=nobodys) == []


def test_empty_attribute_shows_nothing() -> None:
    assert list(SENSITIVE.in_entry(b"dc=no", {"userpassword": ("userPassword", ())})) == []


@given(st.text(st.characters(exclude_categories=["Nd", "Cs"])), st.text(st.characters(exclude_categories=["Nd", "Cs"])))
def test_what_stands_around_a_number_hides_it_not(before: str, after: str) -> None:
    assert (Kind.NUMBER, "xOther") in shown(xOther=f"{before}{NUMBER}{after}")
    assert NUMBER not in repr(shown(xOther=f"{before}{NUMBER}{after}"))
