"""The rehearsal of Feide's login on a real slapd: the right sentence for everything that can go wrong."""

from __future__ import annotations

import gc
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from feideprov.check.examination import Examination, State
from feideprov.check.rehearsal import Rehearsal
from feideprov.directory.entry import Add, Delete, Entry
from feideprov.directory.ldap.directory import LdapDirectory
from feideprov.directory.memory import MemoryDirectory
from feideprov.numbers import NumberPolicy
from feideprov.testing.example import example_entries
from feideprov.testing.slapd import PrivateSlapd

from .clinic import (
    LOCKS,
    NEW_TLS,
    OLENA,
    PASSWORD,
    PEOPLE,
    SCHOOL,
    TELLING,
    Clinic,
    clinic,
    codes,
    look,
    person,
    policy,
    the,
)

NUMBER = "50846202355"  # Tenor's
GONE = "ou=Nedlagt skole,o=Skotthyll kommune,dc=skotthyll,dc=no"


@pytest.fixture(scope="module")
def ward(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    """A server without anything wrong, where three wrong passwords lock an account."""
    config = (*NEW_TLS, *LOCKS, *TELLING)
    with clinic(tmp_path_factory.mktemp("ward"), policy(), log_stats=True, extra_config=config) as opened:
        yield opened
    gc.collect()


@pytest.fixture
def rehearse(ward: Clinic) -> Iterator[Any]:
    """Examine with these people in the directory, and nobody else."""
    added: list[Entry] = []

    def run(*people: Entry, user: str = OLENA, password: str | None = PASSWORD, **sections: Any) -> Examination:
        ward.add(*people)
        added.extend(people)
        return ward.examine(user, password, **sections)

    yield run
    with ward.directory() as directory:
        assert all(written.error is None for written in directory.write([Delete(entry.dn) for entry in added]))


def test_login_that_goes_well(rehearse: Any) -> None:
    found = rehearse(person(norEduPersonNIN=[NUMBER], mail=["olena@skotthyll.no"]))
    assert [step.name for step in found.login] == ["search", "data", "organization", "unit", "login", "open to users"]
    assert {step.state for step in found.login} == {State.GOOD}
    assert look("login", found.login).sentence == "The directory accepts the password."
    values = {group.group: group.values for group in found.received}
    assert values["userid-nin"] == {"norEduPersonNIN": ("<Tenor number>",)}
    assert values["contact"] == {"mail": ("olena@skotthyll.no",)}
    assert values["schools"]["norEduOrgUnitUniqueIdentifier"] == ("NO912345688",)
    assert [group.group for group in found.received if group.confirmed] == ["userid-nin"]
    assert codes(found) == {"D-CERT-PRIVATE"}
    assert found.exit_code == 0


def test_user_without_a_number_sends_none(rehearse: Any) -> None:
    found = rehearse(person())
    assert found.received[0].values == {}
    assert found.exit_code == 0


def test_wrong_password_and_no_password(rehearse: Any) -> None:
    found = rehearse(person(), person("nopassword", userPassword=None), password="wrong")
    said = "The directory refuses the password. The password is wrong, or the user has no password."
    assert the("D-LOGIN-PASSWORD", found).sentence == said
    assert found.exit_code == 1
    assert the("D-LOGIN-PASSWORD", rehearse(user="nopassword@skotthyll.kommune.no")).sentence == said
    for password in (None, ""):
        step = look("login", rehearse(password=password).login)
        assert (step.state, step.sentence) == (State.SKIPPED, "No password was given, so no login was tried.")


def test_locked_account(rehearse: Any, ward: Clinic) -> None:
    olena = person()
    assert look("login", rehearse(olena).login).state is State.GOOD
    with ward.directory() as directory:
        assert not any(directory.accepts_login(olena.dn, "wrong") for _ in range(3))
    found = rehearse()
    assert the("D-LOGIN-LOCKED", found).sentence.startswith(
        "The user's account is locked or closed. The directory refuses"
    )
    assert the("D-LOGIN-LOCKED", found).user == OLENA
    assert found.exit_code == 1
    unasked = rehearse(password=None)
    assert the("D-LOGIN-LOCKED", unasked).sentence.startswith("The user's account is locked.")


def test_locked_account_of_a_server_that_does_not_tell_why(tmp_path: Path) -> None:
    config = [line for line in LOCKS if line != "ppolicy_use_lockout"]
    with clinic(tmp_path, policy(), person(), extra_config=config) as opened:
        with opened.directory() as directory:
            assert not any(directory.accepts_login(person().dn, "wrong") for _ in range(3))
        found = opened.examine(OLENA, PASSWORD)
    assert the("D-LOGIN-LOCKED", found).sentence.startswith("The user's account is locked.")


def test_password_that_has_expired(tmp_path: Path) -> None:
    with clinic(tmp_path, policy(pwdMaxAge=["1"]), person(), extra_config=LOCKS) as opened:
        with opened.directory() as directory:
            while directory.accepts_login(person().dn, PASSWORD):
                time.sleep(0.1)  # the server's clock is all that there is to wait for
        found = opened.examine(OLENA, PASSWORD)
    assert the("D-LOGIN-EXPIRED", found).sentence == "The password has expired."


def test_unit_that_is_not_there(rehearse: Any) -> None:
    found = rehearse(person(eduPersonOrgUnitDN=[SCHOOL, GONE]))
    assert the("D-LOGIN-UNIT", found).sentence == (
        f"eduPersonOrgUnitDN points to {GONE}. This entry does not exist, or the bind account has no right to read it."
    )
    assert [step.state for step in found.login if step.name == "unit"].count(State.GOOD) == 1
    assert look("login", found.login).state is State.GOOD  # the rest is rehearsed all the same
    assert found.exit_code == 1


@pytest.mark.parametrize("level", ["none", "disclose"])
def test_unit_that_the_account_may_not_read(tmp_path: Path, level: str) -> None:
    access = (f'access to dn.base="{SCHOOL}" by * {level}',)  # slapd answers as if nothing were there, or that it is
    with PrivateSlapd(extra_access=access, extra_config=NEW_TLS) as server:
        admin = {"bind_dn": server.admin_dn, "password": server.password, "tls": False}
        with LdapDirectory(server.url, base=server.suffix, **admin) as directory:
            missing = [entry for entry in example_entries() if directory.read(entry.dn) is None]
            outcomes = list(directory.write([Add(entry) for entry in (*missing, person())]))
        assert not any(written.error for written in outcomes)
        found = Clinic(server, tmp_path).examine(OLENA, PASSWORD)
    assert "the bind account has no right to read it" in the("D-LOGIN-UNIT", found).sentence
    assert look("login", found.login).state is State.GOOD
    assert found.exit_code == 1


@pytest.mark.parametrize(
    ("lock", "action"),
    [({"nsAccountLock": ["true"]}, "delete nsAccountLock"), ({"pwdAccountLockedTime": ["x"]}, "a new password")],
    ids=["inactive", "too-many-tries"],
)
def test_a_lock_comes_with_what_opens_it(lock: dict, action: str) -> None:
    locked = MemoryDirectory("dc=skotthyll,dc=no", [*example_entries(), person(**lock)])
    steps = list(Rehearsal(locked, NumberPolicy()).steps(OLENA))
    finding = look("login", steps).finding
    assert finding is not None
    assert finding.code == "D-LOGIN-LOCKED"
    assert action in finding.action


def test_organization_that_is_not_there(rehearse: Any) -> None:
    found = rehearse(person(eduPersonOrgDN=["o=Andre kommune,dc=skotthyll,dc=no"]))
    assert "eduPersonOrgDN points to o=Andre kommune," in the("D-LOGIN-ORG", found).sentence


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"eduPersonPrimaryOrgUnitDN": None}, "has no eduPersonPrimaryOrgUnitDN"),
        ({"eduPersonPrimaryOrgUnitDN": [GONE]}, "is not one of the values of eduPersonOrgUnitDN"),
        ({"eduPersonOrgUnitDN": None}, "is not one of the values of eduPersonOrgUnitDN"),
    ],
    ids=["none", "another", "without-units"],
)
def test_primary_unit_that_is_none_of_the_units(rehearse: Any, values: dict, said: str) -> None:
    assert said in the("D-LOGIN-PRIMARY", rehearse(person(**values))).sentence


def test_user_of_no_school(rehearse: Any) -> None:
    found = rehearse(person(eduPersonOrgUnitDN=None, eduPersonPrimaryOrgUnitDN=None))
    assert look("units", found.login).state is State.GOOD


def test_data_that_feide_cannot_do_without(rehearse: Any) -> None:
    found = rehearse(person(displayName=None, eduPersonAffiliation=None, eduPersonOrgDN=None))
    said = the("D-LOGIN-DATA", found).sentence
    assert said.startswith("The user's entry has no displayName, eduPersonAffiliation, eduPersonOrgDN.")


def test_nobody_of_that_name(rehearse: Any) -> None:
    found = rehearse(person(), user="olena@skotthyll.kommune.no")
    assert "No user below base_dn has the Feide name olena@skotthyll.kommune.no." in the("D-LOGIN-NONE", found).sentence
    assert [step.name for step in found.login] == ["search", "open to users"]
    assert found.received == []


def test_two_users_of_one_name(tmp_path: Path) -> None:
    two = person(), person("another", eduPersonPrincipalName=[OLENA])
    with clinic(tmp_path, *two, unique=False) as opened:
        found = opened.examine(OLENA)
    assert "More than one entry has this Feide name" in the("D-LOGIN-MANY", found).sentence


def test_name_that_is_not_stored_in_lower_case(rehearse: Any) -> None:
    found = rehearse(person(eduPersonPrincipalName=[OLENA.title()]))
    assert f"stored as {OLENA.title()}, with capital letters" in the("D-LOGIN-CASE", found).sentence


def test_no_login_is_tried_where_users_log_in_at_entra(rehearse: Any, ward: Clinic) -> None:
    found = rehearse(person(), login={"by": "entra"})
    assert look("login", found.login).sentence.startswith("The setting “by” in [login] is “entra”")


def test_feide_searches_with_a_size_limit_of_one_and_reads_with_scope_base(rehearse: Any, ward: Clinic) -> None:
    before = ward.server.log_file.stat().st_size
    rehearse(person())
    log = ward.server.log_file.read_bytes()[before:].decode()
    assert re.search(
        rf'SRCH base="dc=skotthyll,dc=no" scope=2 deref=\d filter="\(eduPersonPrincipalName={OLENA}\)"', log
    )
    assert re.search(rf'SRCH base="{SCHOOL}" scope=0 ', log)


def test_neither_number_nor_password_is_in_anything_that_is_told_or_logged(rehearse: Any, ward: Clinic) -> None:
    before = ward.server.log_file.stat().st_size
    odd = person(
        norEduPersonNIN=[NUMBER],
        norEduPersonLIN=[f"skotthyll.kommune.no:fin:{NUMBER}"],
        mail=[f"{NUMBER}@skotthyll.no"],
        cn=[f"Olena {NUMBER[:6]} {NUMBER[6:]}"],
        eduPersonOrgUnitDN=[SCHOOL, f"ou={NUMBER},dc=skotthyll,dc=no"],
    )
    found = rehearse(odd)
    told = repr(found) + ward.server.log_file.read_bytes()[before:].decode()
    told = re.sub(r"[0-9a-f]{8}\.[0-9a-f]{8} 0x[0-9a-f]+|[qe]time=[0-9.]+", "", told)
    # slapd itself logs the DN that Feide reads, and any program's: a number has no place in one
    told = told.replace(f'base="ou={NUMBER},', "").replace(f'dn="ou={NUMBER},', "")
    assert NUMBER not in told
    assert NUMBER[6:] not in told
    assert PASSWORD not in told
    assert {group.group: group.values for group in found.received}["local numbers"] == {
        "norEduPersonLIN": ("skotthyll.kommune.no:fin:…",)
    }


def test_the_reason_of_a_refused_login_costs_no_second_try(rehearse: Any, ward: Clinic) -> None:
    """A doctor who asks twice would lock the account that he looks at."""
    olena = person()
    rehearse(olena, password="wrong")
    rehearse(password="wrong")
    with LdapDirectory(ward.server.ldapi, base=ward.server.suffix) as directory:
        held = directory.read(PEOPLE.child("uid", "olenkova"), ("pwdFailureTime", "pwdAccountLockedTime"))
    assert held is not None
    assert len(held.values("pwdFailureTime")) == 2
    assert not held.values("pwdAccountLockedTime")
