"""The law of the doctor: what is told of a user shows the kind of the number, and no digit of it."""

from __future__ import annotations

import re
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import example, given
from hypothesis import strategies as st

from feideprov.client.client import Client
from feideprov.directory.dn import DN
from feideprov.directory.entry import Add, Entry
from feideprov.testing.example import example_directory, example_settings
from feideprov.testing.strategies import d_numbers, fodselsnumre, invented_numbers

USER = "olena@skotthyll.kommune.no"
ATTRIBUTES = ("norEduPersonNIN", "norEduPersonLIN", "mail", "cn", "displayName", "mobile", "eduPersonEntitlement")


def told(number: str, attribute: str) -> str:
    """Everything that an examination and a rehearsal say, where the number stands in that attribute."""
    person = {
        "objectClass": ["inetOrgPerson", "eduPerson", "norEduPerson"],
        "uid": ["olena"],
        "cn": ["Olena"],
        "sn": ["Olena"],
        "eduPersonPrincipalName": [USER],
        attribute: [number],
    }
    directory = example_directory()
    entry = Entry(DN.parse("uid=olena,ou=people,dc=skotthyll,dc=no"), person)
    assert [written.error for written in directory.write([Add(entry)])] == [None]
    with TemporaryDirectory() as folder:
        settings = example_settings(Path(folder), numbers={"test": False})
        with Client(settings, directory=directory) as feide:
            return repr(feide.doctor(USER, "a password"))


@given(d_numbers(synthetic=False))
def test_a_d_number_is_told_as_such_and_by_no_digit(number: str) -> None:
    said = told(number, "norEduPersonNIN")
    assert "<D-number>" in said
    assert number[6:] not in said


@given(fodselsnumre() | d_numbers() | invented_numbers(), st.sampled_from(ATTRIBUTES))
@example("20370101-0010", "mail")
def test_no_number_in_any_attribute_is_told(number: str, attribute: str) -> None:
    digits = re.sub(r"\D", "", number)
    said = told(number, attribute)
    assert len(digits) < 11 or digits not in re.sub(r"[\s.-]", "", said)
