"""A second factor: methods and levels, read and written exactly."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feideprov import InputError, Role
from feideprov.feide.mfa import AppMethod, EntraMethod, SecondFactor, ServiceLevel, SmsMethod

SMS = "urn:mace:feide.no:auth:method:sms"
APP = "urn:mace:feide.no:auth:method:ga"
LEVEL = "urn:mace:feide.no:auth:level:fad08:"

numbers = st.integers(1_000_000, 10**15 - 1).map(lambda number: f"+{number}")
secrets = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", min_size=16, max_size=32)
values = (
    st.builds(SmsMethod, numbers, st.text())
    | st.builds(AppMethod, secrets, st.text())
    | st.builds(EntraMethod, st.just("-"), st.text())
    | st.builds(ServiceLevel, st.just("all") | st.integers(1, 99999).map(str), st.integers(1, 4))
)


@given(values)
def test_what_is_written_is_read_back(value):
    assert type(value).parse(str(value)) == value


@given(numbers, secrets, st.text("abcæøå -.", min_size=1))
def test_what_is_read_is_written_back(number, secret, label):
    encoded = "".join(c if c in "abc-." else "".join(f"%{octet:02X}" for octet in c.encode()) for c in label)
    for kind, text in ((SmsMethod, f"{SMS} {number}"), (AppMethod, f"{APP} {secret}")):
        assert str(kind.parse(text)) == text
        assert str(kind.parse(f"{text} label={encoded}")) == f"{text} label={encoded}"


def test_feides_own_examples_are_read():
    assert SmsMethod.parse(f"{SMS} +4712345678 label=Min%20mobil") == SmsMethod("+4712345678", "Min mobil")
    assert ServiceLevel.parse(f"urn:mace:feide.no:spid:all {LEVEL}3") == ServiceLevel("all", 3)


@given(values)
def test_no_repr_shows_what_a_method_works_with(value):
    assert isinstance(value, ServiceLevel) or value.key not in repr(replace(value, label=""))


@pytest.mark.parametrize(
    ("kind", "text", "sentence"),
    [
        (SmsMethod, f"{APP} SECRET", "a space and the key of the method"),
        (SmsMethod, SMS, "a space and the key of the method"),
        (SmsMethod, f"{SMS} 90123456", "“\\+”, the country code"),
        (SmsMethod, f"{SMS} +4790123456 Mobil", "value must have “label=”"),
        (SmsMethod, f"{SMS} +4790123456 label=a b", "a space and the key of the method"),
        (SmsMethod, f"{SMS} +4790123456 label=%FF", "must be UTF-8"),
        (AppMethod, f"{APP} ", "secret of the app"),
        (ServiceLevel, f"urn:mace:feide.no:spid:all {LEVEL}5", "a level from 1 to 4"),
        (ServiceLevel, "urn:mace:feide.no:spid:all 3", "a level from 1 to 4"),
        (ServiceLevel, f"all {LEVEL}3", "a level from 1 to 4"),
        (ServiceLevel, f"urn:mace:feide.no:spid: {LEVEL}3", "A service must be"),
    ],
)
def test_what_is_no_value_is_told_without_quoting_it(kind, text, sentence):
    with pytest.raises(InputError, match=sentence) as raised:
        kind.parse(text)
    assert "90123456" not in str(raised.value)


def test_a_level_is_one_of_four():
    with pytest.raises(InputError, match="1, 2, 3 or 4"):
        ServiceLevel("all", 0)


def test_the_roles_that_are_named_get_a_method_when_they_have_a_mobile_number():
    factor = SecondFactor(frozenset({Role.TEACHER}), ("all", "1234"), 2)
    assert factor.values(Role.TEACHER, "+4790123456") == {
        "norEduPersonAuthnMethod": (f"{SMS} +4790123456 label=Mobil",),
        "norEduPersonServiceAuthnLevel": (
            f"urn:mace:feide.no:spid:all {LEVEL}2",
            f"urn:mace:feide.no:spid:1234 {LEVEL}2",
        ),
    }
    assert factor.values(Role.TEACHER, "") == factor.values(Role.PUPIL, "+4790123456") == {}


ENTRA = "urn:mace:feide.no:auth:method:azuread"


def test_the_method_of_entra_is_read_and_written():
    assert str(EntraMethod.parse(f"{ENTRA} -")) == str(EntraMethod("-")) == f"{ENTRA} -"
    for text in (ENTRA, f"{ENTRA} ", f"{ENTRA} olenkova@skotthyll.kommune.no", f"{SMS} -"):
        with pytest.raises(InputError):
            EntraMethod.parse(text)
