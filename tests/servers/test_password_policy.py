"""A password policy that refuses our passwords: the sentence names cause and setting, and what it advises works."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ldap3
import pytest
from private_389 import Private389

from feideprov import Client, DirectoryError, PersonRecord
from feideprov.check.examination import State
from feideprov.directory.dn import DN
from feideprov.directory.entry import Add, Delete
from feideprov.directory.ldap.directory import LdapDirectory
from feideprov.directory.password import stored
from feideprov.installation import page
from feideprov.testing.example import example_entries, example_settings

from .clinic import LOCKS, SERVICE, Clinic, clinic, codes, look, person, policy, the

POLICY = DN.parse("cn=policy,dc=skotthyll,dc=no")
SOURCE = {"employeeNumber": ["p0"]}
MAY_MANAGE = f'access to attrs=userPassword by dn.exact="{SERVICE}" manage by anonymous auth by * none'
QUALITY = {"pwdCheckQuality": ["2"], "pwdMinLength": ["8"]}
LONG = {"pwdCheckQuality": ["1"], "pwdMaxLength": ["30"]}
SAFE = {"pwdSafeModify": ["TRUE"]}
HASHED = (
    "the server's password policy refuses a password that is already hashed, because it cannot check the quality of a "
    "hash, or a hash is longer than pwdMaxLength. Set pwdCheckQuality to 1 and delete pwdMaxLength in the policy, or "
    "give the bind account the right “manage” for userPassword"
)
NOT_SAFE = (
    "the server's password policy demands the old password with the new one. Set pwdSafeModify to FALSE in the policy, "
    "or give the bind account the right “manage” for userPassword"
)
TOO_YOUNG = (
    "the server's password policy does not allow that a password is changed again so soon. Wait, set pwdMinAge to 0 in "
    "the policy, or give the bind account the right “manage” for userPassword"
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    with clinic(tmp_path_factory.mktemp("policy"), person(**SOURCE), extra_config=LOCKS) as opened:
        yield opened


@pytest.fixture(scope="module")
def managed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    """The same, where the service has the right “manage” for userPassword."""
    folder = tmp_path_factory.mktemp("managed")
    with clinic(folder, person(**SOURCE), extra_config=LOCKS, extra_access=(MAY_MANAGE,)) as opened:
        yield opened


def set_policy(opened: Clinic, **values: list[str]) -> None:
    with opened.directory() as directory:
        if directory.read(POLICY) is not None:
            assert [one.error for one in directory.write([Delete(POLICY)])] == [None]
    opened.add(policy(**values))


def open_client(opened: Clinic, folder: Path, **sections: Any) -> Client:
    secret = folder / "bind-password"
    secret.touch(mode=0o600)
    secret.write_text(opened.server.service_password)
    directory = {
        "url": opened.server.ldaps,
        "ca_file": opened.server.ca_file,
        "bind_dn": opened.server.service_dn,
        "password_file": secret,
    }
    return Client(example_settings(folder, directory=directory, **sections))


def new(*ids: str) -> list[PersonRecord]:
    return [
        PersonRecord(source_id=one, given_name=f"Ada{one}", family_name="Berg", school="hylla", role="pupil")
        for one in ids
    ]


def made(feide: Client, source_id: str) -> str:
    """The Feide name of a new user."""
    [change] = feide.apply(feide.plan(new(source_id))).changes
    return change.feide_name


def rows(folder: Path) -> list[str]:
    return (folder / "passwords.csv").read_text(encoding="utf-8-sig").splitlines()[1:]


@pytest.mark.parametrize("scheme", ["argon2", "ssha"])
def test_users_whose_hashed_password_is_refused(server: Clinic, tmp_path: Path, scheme: str) -> None:
    set_policy(server, **QUALITY)
    with open_client(server, tmp_path, login={"password_hash": scheme}) as feide:
        outcome = feide.apply(feide.plan(new(f"{scheme}-a", f"{scheme}-b")))
        assert outcome.counts["created"] == 0
        assert len(outcome.failures) == 2
        for failure in outcome.failures:
            assert failure.sentence.endswith(f": The directory responded constraintViolation (19): {HASHED}.")
        assert rows(tmp_path) == []
        set_policy(server, **QUALITY | {"pwdCheckQuality": ["1"]})  # as the sentence says
        outcome = feide.apply(feide.plan(new(f"{scheme}-a", f"{scheme}-b")))
        assert (outcome.counts["created"], outcome.failures) == (2, ())
        assert len(rows(tmp_path)) == 2


@pytest.mark.parametrize(
    ("refusing", "reason"),
    [(QUALITY, HASHED), (SAFE, NOT_SAFE), ({"pwdMinAge": ["3600"]}, TOO_YOUNG)],
    ids=["quality", "safe", "young"],
)
def test_new_password_that_is_refused(
    server: Clinic, tmp_path: Path, request: pytest.FixtureRequest, refusing: dict[str, Any], reason: str
) -> None:
    set_policy(server)
    with open_client(server, tmp_path) as feide:
        user = made(feide, f"new-{request.node.callspec.id}")
        feide.users.password(user)  # its time counts for pwdMinAge
        [row] = rows(tmp_path)
        [entry] = feide.directory.matching("eduPersonPrincipalName", [user], ["uid"])
        set_policy(server, **refusing)
        with pytest.raises(DirectoryError) as refused:
            feide.users.password(user)
        assert reason in refused.value.sentence
        assert refused.value.exit_code == 3
        assert rows(tmp_path) == [row]
        assert feide.directory.accepts_login(entry.dn, row.split(";")[-1])  # the user's password is as before
        set_policy(server)
        feide.users.close(user)
        set_policy(server, **refusing)
        if refusing is not SAFE:  # a closed user has no old password to demand
            with pytest.raises(DirectoryError) as refused:
                feide.users.reopen(user)
            assert reason in refused.value.sentence
        set_policy(server)
        assert feide.users.reopen(user).counts["updated"] == 1


def test_account_that_may_manage_passwords_is_exempt(managed: Clinic, tmp_path: Path) -> None:
    set_policy(managed, **QUALITY, **SAFE, pwdMinAge=["3600"])
    with open_client(managed, tmp_path) as feide:
        user = made(feide, "managed")
        for _ in range(2):
            assert feide.users.password(user).counts["updated"] == 1


@pytest.mark.parametrize(("refusing", "reason"), [(QUALITY, HASHED), (LONG, HASHED), (SAFE, NOT_SAFE)])
def test_doctor_finds_it_before(
    server: Clinic, managed: Clinic, tmp_path: Path, refusing: dict[str, Any], reason: str
) -> None:
    for opened, expected in ((server, reason), (managed, None)):
        set_policy(opened, **refusing)
        with opened.directory() as directory:
            before = directory.read(person().dn, ("*", "+"))
        with open_client(opened, tmp_path) as feide:
            found = feide.doctor()
        with opened.directory() as directory:
            assert directory.read(person().dn, ("*", "+")) == before
        if expected:
            assert expected in the("D-PASSWORD-POLICY", found).sentence
            assert found.exit_code == 1
        else:
            assert "D-PASSWORD-POLICY" not in codes(found)
            assert look("password policy", found.checks).state is State.GOOD


def test_doctor_without_a_policy_and_without_passwords(server: Clinic, tmp_path: Path) -> None:
    set_policy(server)
    with open_client(server, tmp_path) as feide:
        assert look("password policy", feide.doctor().checks).state is State.GOOD
    with open_client(server, tmp_path, login={"by": "entra"}) as feide:
        assert "password policy" not in [check.name for check in feide.doctor().checks]


def test_policy_of_389(ds389: Private389, tmp_path: Path) -> None:
    """389 is given the password in clear text, and its policy can refuse it; a password administrator is exempt."""
    admin = {"bind_dn": ds389.admin_dn, "password": ds389.password, "ca_file": str(ds389.ca_file)}
    secret = tmp_path / "bind-password"
    secret.touch(mode=0o600)
    secret.write_text(ds389.service_password)
    section = {"url": ds389.ldaps, "ca_file": ds389.ca_file, "bind_dn": ds389.service_dn, "password_file": secret}
    with LdapDirectory(ds389.ldaps, base=ds389.suffix, **admin) as directory:
        added = [entry for entry in (*example_entries(), person(**SOURCE)) if directory.read(entry.dn) is None]
        assert not any(one.error for one in directory.write([Add(entry) for entry in added]))
        try:
            configure(ds389, passwordCheckSyntax="on", passwordMinLength="40")
            with Client(example_settings(tmp_path, directory=section)) as feide:
                found = feide.doctor()
                outcome = feide.apply(feide.plan(new("of-389")))
                configure(ds389, passwordAdminDN=ds389.service_dn)
                user = made(feide, "of-389")
                configure(ds389, passwordAdminDN="")
                with pytest.raises(DirectoryError) as refused:
                    feide.users.password(user)
                configure(ds389, passwordAdminDN=ds389.service_dn)
                assert feide.users.password(user).counts["updated"] == 1
                assert "D-PASSWORD-POLICY" not in codes(feide.doctor())
        finally:
            configure(ds389, passwordCheckSyntax="off", passwordMinLength="8", passwordAdminDN="")
            users = [entry.dn for entry in directory.matching("employeeNumber", ["p0", "of-389"], ["uid"])]
            gone = sorted({*users, *(entry.dn for entry in added)}, key=lambda dn: -len(dn.rdns))
            assert not any(one.error for one in directory.write([Delete(dn) for dn in gone]))
    reason = (
        "the server's password policy does not accept the password (password must be at least 40 characters long). "
        f"Change this limit (passwordCheckSyntax in the policy, {page('doctor.md', 'Password policies')}), or make the "
        "bind account a password administrator (passwordAdminDN)"
    )
    [failure] = outcome.failures
    assert failure.sentence.endswith(f": The directory responded constraintViolation (19): {reason}.")
    assert reason in refused.value.sentence
    assert reason in the("D-PASSWORD-POLICY", found).sentence


def configure(server: Private389, **values: str) -> None:
    """Its configuration can only be replaced, value by value; an empty text deletes."""
    with ldap3.Connection(ldap3.Server(server.url, get_info=ldap3.NONE), server.admin_dn, server.password) as admin:
        changes = {name: [(ldap3.MODIFY_REPLACE, [value] if value else [])] for name, value in values.items()}
        assert admin.modify("cn=config", changes), admin.result


def test_hash_of_a_first_password_is_none_of_a_word() -> None:
    """What tells a hash from a password in clear text: first passwords begin with a letter."""
    assert {stored("x", scheme)[:1] for scheme in ("argon2", "ssha")} == {b"{"}
