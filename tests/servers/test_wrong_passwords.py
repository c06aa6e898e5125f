"""What doctor sees of a server that locks users, or makes them change a password; and what a run does with it."""

from __future__ import annotations

from pathlib import Path

import pytest
from private_389 import Private389

from feideprov.check.passwords import LOCKS
from feideprov.directory.ldap.directory import LdapDirectory
from feideprov.directory.ldap.server_config import PasswordRules, password_rules

from .clinic import LOCKS as LOCKING
from .clinic import TELLING, Clinic, clinic, codes, look, person, the
from .test_password_policy import configure, open_client, set_policy

WORDS = {"first_password": "words"}


@pytest.fixture(scope="module")
def telling(tmp_path_factory: pytest.TempPathFactory):
    """A server with a policy, whose configuration the account may read."""
    folder = tmp_path_factory.mktemp("telling")
    with clinic(folder, person(employeeNumber=["p0"]), extra_config=(*LOCKING, *TELLING)) as opened:
        yield opened


def test_a_lock_that_doctor_has_seen_makes_passwords_of_young_children_short(telling: Clinic, tmp_path: Path) -> None:
    set_policy(telling)
    with open_client(telling, tmp_path, login=WORDS) as feide:
        assert look(LOCKS, feide.doctor().checks).sentence.startswith("The server locks a user after 3 wrong passwords")
        assert feide._context.first_passwords.new(grade="4").reveal().count("-") == 3
        assert [event.kind for event in feide._context.journal.events()] == ["lockout"]
    set_policy(telling, pwdLockout=["FALSE"])
    with open_client(telling, tmp_path, login=WORDS) as feide:
        assert the("D-LOCKOUT", feide.doctor()).severity == "note"
        assert feide._context.first_passwords.new(grade="4").reveal().count("-") == 6


@pytest.mark.parametrize(
    ("values", "rules"),
    [
        ({}, PasswordRules(3, must_change=False)),
        ({"pwdMaxFailure": ["0"]}, PasswordRules(None, must_change=False)),
        ({"pwdMaxFailure": ["500"]}, PasswordRules(None, must_change=False)),
        ({"pwdLockout": ["FALSE"]}, PasswordRules(None, must_change=False)),
        ({"pwdMustChange": ["TRUE"]}, PasswordRules(3, must_change=True)),
    ],
)
def test_the_policy_of_openldap(telling: Clinic, values: dict[str, list[str]], rules: PasswordRules) -> None:
    set_policy(telling, **values)
    secret = telling.server.service_password
    account = {"bind_dn": telling.server.service_dn, "password": secret, "ca_file": str(telling.server.ca_file)}
    with LdapDirectory(telling.server.ldaps, base=telling.server.suffix, **account) as directory:
        assert password_rules(directory) == rules


def test_a_change_at_the_first_login_is_a_warning(telling: Clinic, tmp_path: Path) -> None:
    set_policy(telling, pwdMustChange=["TRUE"])
    with open_client(telling, tmp_path) as feide:
        assert the("D-MUST-CHANGE", found := feide.doctor()).severity == "warning"
        assert "D-LOCKOUT" not in codes(found)
        assert not [check for check in found.checks if check.name == LOCKS]
    assert not (tmp_path / "feideprov.db").exists()


def test_the_policy_of_389(ds389: Private389) -> None:
    admin = {"bind_dn": ds389.admin_dn, "password": ds389.password, "ca_file": str(ds389.ca_file)}
    with LdapDirectory(ds389.ldaps, base=ds389.suffix, **admin) as directory:
        assert password_rules(directory) == PasswordRules(None, must_change=False)
        try:
            configure(ds389, passwordLockout="on", passwordMaxFailure="5", passwordMustChange="on")
            assert password_rules(directory) == PasswordRules(5, must_change=True)
        finally:
            configure(ds389, passwordLockout="off", passwordMaxFailure="3", passwordMustChange="off")
