"""Active Directory, for which a real Samba stands in: what is made there, who can log in, and what is kept apart."""

from __future__ import annotations

import csv
import io
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from private_samba import PrivateSamba

from feideprov.check.examination import State
from feideprov.cli.care import demo
from feideprov.client.client import Client
from feideprov.directory.dn import DN
from feideprov.directory.entry import Add, Delete, Entry, Modification, Modify, octets
from feideprov.directory.layout import ACTIVE_DIRECTORY
from feideprov.directory.ldap.directory import LdapDirectory
from feideprov.directory.ldap.login import Login, log_in
from feideprov.directory.ldap.server import LdapAddress
from feideprov.directory.ldap.server_config import PasswordRules, password_rules
from feideprov.errors import ConfigurationError, DirectoryError, Refused
from feideprov.feide.build import build_user
from feideprov.feide.build_options import BuildOptions
from feideprov.feide.initial_password import InitialPassword
from feideprov.feide.person import PersonRecord
from feideprov.feide.user import FeideUser
from feideprov.numbers import Evidence
from feideprov.provision.plan.directory_state import DirectoryState
from feideprov.provision.plan.plan import Outcome
from feideprov.schema.files import schema_files
from feideprov.testing.numbers import prefix_of, with_check_digits

REALM = "skotthyll.kommune.no"
BORN = date(2010, 1, 2)
NUMBER = with_check_digits(prefix_of(BORN, 40, 80), range(500, 600), 500)  # a D-number in the form of Tenor's
SEEN = Evidence("card", "Kari Ås", date(2026, 8, 20))


def service(samba: PrivateSamba, base: str | None = None) -> LdapDirectory:
    """The directory, bound as the service account."""
    return as_user(samba, samba.service_dn, samba.service_password, base)


def as_user(samba: PrivateSamba, dn: str, password: str, base: str | None = None) -> LdapDirectory:
    ca_file = str(samba.ca_file)
    return LdapDirectory(samba.ldaps, base=base or samba.suffix, bind_dn=dn, password=password, ca_file=ca_file)


def person(number: int = 0, **more: object) -> PersonRecord:
    common = {"given_name": "Olena", "family_name": "Kovalenko", "school": "hylla", "role": "pupil"}
    return PersonRecord(**{"source_id": f"p{number}", "birth_date": date(2010, 1, 2 + number), **common, **more})


def user_dn(samba: PrivateSamba, user_name: str) -> DN:
    return DN.parse(samba.people_dn).child("cn", user_name)


@pytest.fixture
def office(samba: PrivateSamba, tmp_path: Path) -> Iterator[Path]:
    """A configuration for the Samba, whose directory holds the organization, two schools and nobody."""
    password_file = tmp_path / "bind-password"
    password_file.write_text(samba.service_password)
    password_file.chmod(0o600)
    directory = (
        f'url = "{samba.ldaps}"\nca_file = "{samba.ca_file}"\nbind_dn = "{samba.service_dn}"\n'
        'password_file = "bind-password"'
    )
    path = tmp_path / "feideprov.toml"
    path.write_text(demo.configuration(directory), encoding="utf-8")
    with Client.open(path) as feide:
        made = [change.dn for change in feide.organization_units.apply().changes]
    yield path
    with service(samba) as directory:
        people = [entry.dn for entry in directory.below(DN.parse(samba.people_dn), ["cn"]) if entry.values("cn")]
        gone = [Delete(dn) for dn in (*people, *reversed(made))]
        assert all(written.error is None for written in directory.write(gone))


def handed_over(office: Path) -> dict[str, str]:
    """The passwords of the hand-over file, by user name."""
    text = office.with_name("passwords.csv").read_text(encoding="utf-8-sig")
    return {r["user"].partition("@")[0]: r["password"] for r in csv.DictReader(io.StringIO(text), delimiter=";")}


def lets_in(samba: PrivateSamba, office: Path) -> set[str]:
    """Who can log in with the password of the hand-over file."""
    with service(samba) as directory:
        passwords = handed_over(office).items()
        return {name for name, password in passwords if directory.accepts_login(user_dn(samba, name), password)}


def nothing_amiss(outcome: Outcome) -> bool:
    return not (outcome.refusals or outcome.failures or outcome.warnings)


# --- what is made


def test_applying_twice_is_applying_once_and_every_new_user_can_log_in(samba: PrivateSamba, office: Path) -> None:
    people = [person(n) for n in range(5)]
    with Client.open(office) as feide:
        assert not feide.organization_units.plan().changes
        first, second = feide.apply(feide.plan(people)), feide.apply(feide.plan(people))
    assert (first.counts["created"], second.counts["unchanged"]) == (5, 5)
    assert nothing_amiss(first)
    assert nothing_amiss(second)
    assert lets_in(samba, office) == {f"olenkova{n}" for n in ("", 2, 3, 4, 5)}


def test_a_user_is_an_account_with_the_classes_of_feide(samba: PrivateSamba, office: Path) -> None:
    with Client.open(office) as feide:
        feide.apply(feide.plan([person(mail="olena@example.no", mobile="+4748300000", language="nb")]))
    with service(samba) as directory:
        entry = directory.read(user_dn(samba, "olenkova"))
        assert entry is not None
        assert set(entry.texts("objectClass")) == {*ACTIVE_DIRECTORY.classes, "eduPerson", "norEduPerson"}
        names = ("cn", "uid", "sAMAccountName", "userPrincipalName", "eduPersonPrincipalName", "displayName")
        feide_name = f"olenkova@{REALM}"
        expected = ["olenkova", "olenkova", "olenkova", feide_name, feide_name, "Olena Kovalenko"]
        assert [entry.text(name) for name in names] == expected
        assert entry.text("userAccountControl") == "512"
        user = FeideUser.from_entry(entry, "employeeNumber")
        assert user.layout is ACTIVE_DIRECTORY
        assert user.to_entry() == entry
        made = Entry(user_dn(samba, "b"), dict(user.named("b").to_entry().items()))
        assert made.text("sAMAccountName") == made.text("cn") == "b"


def test_a_user_that_a_program_builds_is_taken_as_it_is(samba: PrivateSamba, office: Path) -> None:
    with Client.open(office) as feide:
        organization = feide.organization
    user = build_user(person(), organization, options=BuildOptions("employeeNumber", layout=ACTIVE_DIRECTORY))
    assert "userPassword" not in user.attributes()
    with service(samba) as directory:
        assert [written.error for written in directory.write([Add(user.to_entry())])] == [None]
        assert user.initial_password is not None
        assert directory.accepts_login(user.dn, user.initial_password.reveal())


def test_a_change_of_the_list_is_written_and_then_there_is_nothing_to_do(office: Path) -> None:
    with Client.open(office) as feide:
        feide.apply(feide.plan([person(mail="a@example.no", grade="6"), person(1)]))
        changed = [person(mail="b@example.no", mobile="+4748300000", role="teacher"), person(1, family_name="Melnyk")]
        outcome = feide.apply(feide.plan(changed))
        assert nothing_amiss(outcome)
        assert outcome.counts["updated"] == 2
        assert not feide.plan(changed).changes


def test_nothing_is_found_wrong_with_what_was_made(office: Path) -> None:
    with Client.open(office) as feide:
        feide.apply(feide.plan([person(grade="6", groups="b:6a:Klasse 6A")]))
        assert {finding.code for finding in feide.check()} <= {"P-PENDING", "D-PASSWORD-UNSEEN"}


def test_the_doctor_knows_the_server(office: Path) -> None:
    with Client.open(office) as feide:
        feide.apply(feide.plan([person()]))
        password = handed_over(office)["olenkova"]
        examination = feide.doctor(f"olenkova@{REALM}", password)
        said = {check.name: check.sentence for check in (*examination.checks, *examination.login)}
        assert said["server"] == "The server is Active Directory."
        assert said["schema"] == "The schema has eduPerson, eduOrg and norEdu."
        assert "schema as specified" not in said
        assert said["uniqueness"].startswith("Active Directory cannot prevent duplicates in norEduPersonNIN")
        assert said["write rights"].startswith("The bind account has the right to write norEduPersonNIN.")
        assert said["login"] == "The directory accepts the password."
        feide.users.close(f"olenkova@{REALM}")
        closed = feide.doctor(f"olenkova@{REALM}", password)
        [login] = [check.finding for check in closed.login if check.name == "login"]
        assert login is not None
        assert "enable" in login.action


def test_units_that_are_there_already_get_what_feide_needs(samba: PrivateSamba, office: Path) -> None:
    with Client.open(office) as feide:
        school = feide.organization.schools[0].dn
        bare = Add(Entry(school, {"objectClass": ["organizationalUnit"]}))
        assert [w.error for w in feide.directory.write([Delete(school), bare])] == [None, None]
        outcome = feide.organization_units.apply()
        assert nothing_amiss(outcome)
        assert [change.dn for change in outcome.changes] == [school]
        assert not feide.organization_units.plan().changes


def test_an_account_that_somebody_else_made_becomes_a_user(samba: PrivateSamba, office: Path) -> None:
    dn = user_dn(samba, "Olena Kovalenko")
    account = {
        "objectClass": ["user", "eduPerson"],
        "sAMAccountName": ["okov"],
        "displayName": ["Olena Kovalenko"],
        "eduPersonPrincipalName": [f"okov@{REALM}"],
    }
    with Client.open(office) as feide:
        assert [w.error for w in feide.directory.write([Add(Entry(dn, account))])] == [None]
        feide.users.resolve(f"okov@{REALM}", same_as="p0")
        outcome = feide.apply(feide.plan([person()]))
        assert nothing_amiss(outcome)
        assert not feide.plan([person()]).changes
        entry = feide.directory.read(dn)
        assert entry is not None
        assert "norEduPerson" in entry.texts("objectClass")
        assert (entry.text("cn"), entry.text("sAMAccountName")) == ("Olena Kovalenko", "okov")
        assert nothing_amiss(feide.users.rename(f"okov@{REALM}", to="olena"))
        renamed = feide.directory.read(dn)
        assert renamed is not None
        assert renamed.text("sAMAccountName") == "olena"


# --- numbers


def test_a_number_is_attached_once_and_to_one_user(samba: PrivateSamba, office: Path) -> None:
    """Active Directory keeps no attribute unique; the looks before and after do."""
    with Client.open(office) as feide:
        feide.apply(feide.plan([person(), person(1)]))
        assert feide.attach(f"olenkova@{REALM}", NUMBER, evidence=SEEN).counts["updated"] == 1
        assert feide.attach(f"olenkova@{REALM}", NUMBER, evidence=SEEN).counts["unchanged"] == 1
        with pytest.raises(Exception, match="is already on olenkova@"):
            feide.attach(f"olenkova2@{REALM}", NUMBER, evidence=SEEN)
        assert [user.user for user in feide.pending()] == [f"olenkova2@{REALM}"]


def test_a_domain_with_the_schema_of_the_package_is_closed(samba: PrivateSamba, office: Path) -> None:
    with Client.open(office) as feide:
        feide.apply(feide.plan([person(), person(1)]))
        feide.attach(f"olenkova@{REALM}", NUMBER, evidence=SEEN)
        secret = Modification("add", "norEduPersonBirthDate", (b"20100517",))
        with service(samba) as directory:
            assert [w.error for w in directory.write([Modify(user_dn(samba, "olenkova"), (secret,))])] == [None]
        examination = feide.doctor(f"olenkova2@{REALM}", handed_over(office)["olenkova2"])
    states = {check.name: check.state for check in (*examination.checks, *examination.login)}
    assert (states["open to anybody"], states["open to users"]) == (State.GOOD, State.GOOD)


def test_only_the_service_reads_numbers(samba: PrivateSamba, office: Path) -> None:
    """Everybody who logs in may read most of Active Directory; the schema file makes numbers confidential."""
    with Client.open(office) as feide:
        feide.apply(feide.plan([person(), person(1)]))
        feide.attach(f"olenkova@{REALM}", NUMBER, evidence=SEEN)
    pupil = str(user_dn(samba, "olenkova2"))
    with as_user(samba, pupil, handed_over(office)["olenkova2"]) as directory:
        [found] = directory.matching("uid", ["olenkova"], ["uid", "norEduPersonNIN"])
        assert (found.text("uid"), found.values("norEduPersonNIN")) == ("olenkova", ())
        assert not list(directory.having(["norEduPersonNIN"], ["uid"]))


def test_what_the_server_says_of_a_number_holds_no_digit_of_it(samba: PrivateSamba, office: Path) -> None:
    with Client.open(office) as feide:
        feide.apply(feide.plan([person()]))
    dn = user_dn(samba, "olenkova")
    number = octets(NUMBER)
    refused = [
        Modify(dn, (Modification("delete", "norEduPersonNIN", (number,)),)),
        Modify(dn, (Modification("add", "norEduPersonNIN", (number, octets("x"))),)),
        Add(Entry(dn.parent.child("cn", NUMBER), {"objectClass": ["user"], "cn": [NUMBER], "uid": [NUMBER, NUMBER]})),
    ]
    with service(samba) as directory:
        errors = [written.error for written in directory.write(refused)]
    assert all(error is not None and NUMBER not in f"{error!r} {error}" for error in errors)
    assert [error.code for error in errors[:2] if error] == [16, 20]


# --- logins


def test_a_closed_user_cannot_log_in_and_a_reopened_one_can(samba: PrivateSamba, office: Path) -> None:
    user = f"olenkova@{REALM}"
    with Client.open(office) as feide:
        feide.apply(feide.plan([person(), person(1)]))
        first = handed_over(office)["olenkova"]
        assert nothing_amiss(feide.users.close(user))
        assert lets_in(samba, office) == {"olenkova2"}
        address = LdapAddress(samba.ldaps, ca_file=str(samba.ca_file))
        assert log_in(address, user_dn(samba, "olenkova"), first) is Login.LOCKED
        assert log_in(address, user_dn(samba, "olenkova"), "wrong") is not Login.ACCEPTED
        assert nothing_amiss(feide.users.reopen(user))
        assert lets_in(samba, office) == {"olenkova", "olenkova2"}
        assert not feide.directory.accepts_login(user_dn(samba, "olenkova"), first)


def test_no_user_must_change_the_password_at_the_next_logon(samba: PrivateSamba, office: Path) -> None:
    """Feide's login fails for a user whose pwdLastSet is 0 ([MS-ADA3] 2.175)."""
    user = f"olenkova@{REALM}"
    with Client.open(office) as feide:
        feide.apply(feide.plan([person()]))
        for step in (feide.users.password, feide.users.close, feide.users.reopen):
            step(user)
            entry = feide.directory.read(user_dn(samba, "olenkova"), ("pwdLastSet",))
            assert entry is not None
            assert int(entry.text("pwdLastSet") or "0") > 0


def test_the_lock_of_the_domain_is_seen(samba: PrivateSamba) -> None:
    with service(samba) as directory:
        assert password_rules(directory) == PasswordRules(None, must_change=False)  # Samba's own default: never


def test_a_new_password_takes_the_place_of_the_old(samba: PrivateSamba, office: Path) -> None:
    with Client.open(office) as feide:
        feide.apply(feide.plan([person()]))
        first = handed_over(office)["olenkova"]
        assert nothing_amiss(feide.users.password(f"olenkova@{REALM}"))
        assert lets_in(samba, office) == {"olenkova"}
        assert not feide.directory.accepts_login(user_dn(samba, "olenkova"), first)


def test_a_new_password_opens_no_account_that_somebody_disabled(samba: PrivateSamba, office: Path) -> None:
    with Client.open(office) as feide:
        feide.apply(feide.plan([person()]))
        entry = feide.directory.read(user_dn(samba, "olenkova"))
        assert entry is not None
        disable = Modify(entry.dn, ACTIVE_DIRECTORY.closing(entry))
        assert [written.error for written in feide.directory.write([disable])] == [None]
        outcome = feide.users.password(f"olenkova@{REALM}")
        assert len(outcome.warnings) == 1
    assert lets_in(samba, office) == set()


def test_a_rename_takes_the_names_of_the_account_along(samba: PrivateSamba, office: Path) -> None:
    with Client.open(office) as feide:
        feide.apply(feide.plan([person()]))
        assert nothing_amiss(feide.users.rename(f"olenkova@{REALM}", to="olena.k"))
        assert feide.directory.read(user_dn(samba, "olenkova")) is None
        entry = feide.directory.read(user_dn(samba, "olena.k"))
        assert entry is not None
        assert [entry.texts(n) for n in ("cn", "uid", "sAMAccountName")] == [["olena.k"]] * 3
        assert entry.text("userPrincipalName") == f"olena.k@{REALM}"
        assert entry.texts("eduPersonPrincipalNamePrior") == [f"olenkova@{REALM}"]
        assert lets_in(samba, office) == {"olena.k"}
        assert not feide.plan([person()]).changes


def test_a_rename_that_was_cut_off_is_finished(
    samba: PrivateSamba, office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut_off(*_: object) -> None:
        raise KeyboardInterrupt

    with Client.open(office) as feide:
        feide.apply(feide.plan([person()]))
        with monkeypatch.context() as patch:
            patch.setattr("feideprov.provision.plan.login_changes.Rename.second_write", cut_off)
            with pytest.raises(KeyboardInterrupt):
                feide.users.rename(f"olenkova@{REALM}", to="olena.k")
    with Client.open(office) as feide:
        feide.apply(feide.plan([person()]))
        assert feide.directory.read(user_dn(samba, "olena.k")) is not None
    assert lets_in(samba, office) == {"olena.k"}


def test_a_refused_password_leaves_no_user(samba: PrivateSamba, office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Account and password come in one add, so there is never an account without a password."""
    with Client.open(office) as feide:
        monkeypatch.setattr(InitialPassword, "new", lambda *_: InitialPassword("short"))
        outcome = feide.apply(feide.plan([person()]))
        [failure] = outcome.failures
        assert "the password policy of the domain does not accept the password" in failure.sentence
        assert feide.directory.read(user_dn(samba, "olenkova")) is None
    assert handed_over(office) == {}


def test_who_logs_in_at_entra_has_an_account_that_is_disabled(samba: PrivateSamba, office: Path) -> None:
    with office.open("a", encoding="utf-8") as file:
        file.write('\n[login]\nby = "entra"\n')
    with Client.open(office) as feide:
        assert nothing_amiss(feide.apply(feide.plan([person(mail="olena@example.no")])))
        entry = feide.directory.read(user_dn(samba, "olenkova"))
        assert entry is not None
        assert entry.text("userAccountControl") == "514"
        assert nothing_amiss(feide.users.close(f"olenkova@{REALM}"))
        assert nothing_amiss(feide.users.reopen(f"olenkova@{REALM}"))
    assert not office.with_name("passwords.csv").exists()


def test_no_password_without_tls(samba: PrivateSamba) -> None:
    with (
        LdapDirectory(samba.url, base=samba.suffix, tls=False, kind="ad") as directory,
        pytest.raises(ConfigurationError, match="only over TLS"),
    ):
        directory.check()


# --- names


def test_the_name_of_an_account_that_is_nobodys_at_feide_is_not_given_out(samba: PrivateSamba, office: Path) -> None:
    account = {"objectClass": ["user"], "sAMAccountName": ["olenkova"]}
    with service(samba) as directory:
        for written in directory.write([Add(Entry(user_dn(samba, "Somebody else"), account))]):
            assert written.error is None
    with Client.open(office) as feide:
        assert [create.feide_name for create in feide.plan([person()]).creates] == [f"olenkova2@{REALM}"]


@pytest.mark.parametrize(
    "name", [("sAMAccountName", "olenkova"), ("userPrincipalName", f"olenkova@{REALM}")], ids=["account", "logon"]
)
def test_a_name_that_only_the_domain_knows_to_be_taken_is_not_insisted_on(
    samba: PrivateSamba, office: Path, monkeypatch: pytest.MonkeyPatch, name: tuple[str, str]
) -> None:
    """As by an account that stands outside base_dn, or that the service may not see."""
    account = {"objectClass": ["user"], name[0]: [name[1]]}
    with Client.open(office) as feide:
        add = Add(Entry(user_dn(samba, "Somebody else"), account))
        assert [written.error for written in feide.directory.write([add])] == [None]
        monkeypatch.setattr(DirectoryState, "_add_names", lambda *_: None)
        plan = feide.plan([person()])
        assert plan.creates[0].feide_name == f"olenkova@{REALM}"
        outcome = feide.apply(plan)
        assert nothing_amiss(outcome)
        assert [change.feide_name for change in outcome.changes] == [f"olenkova2@{REALM}"]
        assert lets_in(samba, office) == {"olenkova2"}
        with pytest.raises(Refused, match="was taken after the plan was made"):
            feide.users.rename(f"olenkova2@{REALM}", to="olenkova")
        assert lets_in(samba, office) == {"olenkova2"}


def test_longer_names_than_an_account_can_have_are_refused(office: Path) -> None:
    with office.open("a", encoding="utf-8") as file:
        file.write("\n[names]\nmax_length = 21\n")
    with Client.open(office) as feide, pytest.raises(ConfigurationError, match="max_length is 21"):
        feide.plan([person()])


def test_a_name_as_long_as_an_account_can_have(samba: PrivateSamba, office: Path) -> None:
    with office.open("a", encoding="utf-8") as file:
        file.write('\n[names]\npattern = "{given}.{family}"\n')
    with Client.open(office) as feide:
        outcome = feide.apply(feide.plan([person(given_name="Oleksandra", family_name="Kovalenkovska")]))
    [change] = outcome.changes
    assert len(change.feide_name.partition("@")[0]) == 20
    assert len(lets_in(samba, office)) == 1


# --- reading


def test_values_that_come_in_parts_are_read_whole(samba: PrivateSamba, office: Path) -> None:
    """Samba gives parts only when asked to; what it then calls them is what Active Directory calls them."""
    with Client.open(office) as feide:
        feide.apply(feide.plan([person()]))
    values = tuple(f"urn:example:{n:04}".encode() for n in range(1600))
    with service(samba) as directory:
        add = Modify(user_dn(samba, "olenkova"), (Modification("add", "eduPersonEntitlement", values),))
        assert [written.error for written in directory.write([add])] == [None]
        for asked in ("eduPersonEntitlement;range=0-1499", "eduPersonEntitlement;range=0-9", "eduPersonEntitlement"):
            entry = directory.read(user_dn(samba, "olenkova"), [asked])
            assert entry is not None
            assert sorted(entry.values("eduPersonEntitlement")) == list(values)
            assert len(list(entry.items())) == 1


def test_the_root_of_a_domain_can_be_the_base(samba: PrivateSamba, office: Path) -> None:
    """Searches from there name the forest's own partitions; a referral to anywhere else is refused still."""
    with service(samba) as directory:
        directory.check()
        assert directory.kind == "ad"
        assert list(directory.having(["norEduOrgUnitUniqueIdentifier"], ["ou"]))
        assert str(directory.naming_context(DN.parse(samba.people_dn))).lower() == samba.suffix


def test_a_base_that_is_not_there_is_told(samba: PrivateSamba) -> None:
    with service(samba, f"ou=nobody,{samba.suffix}") as directory, pytest.raises(DirectoryError) as raised:
        directory.check()
    assert raised.value.code == 32


# --- the schema


def test_a_domain_without_the_schema_is_told() -> None:
    lacks = pytest.raises(DirectoryError, match="The directory's schema lacks norEduPersonNIN")
    with PrivateSamba(noredu=False) as bare, service(bare) as directory, lacks:
        directory.check()


def test_the_schema_file_is_what_ldb_reads_too(tmp_path: Path) -> None:
    """Samba's own tools take it line for line, with DC=X replaced as ldifde does."""
    [path] = schema_files("ad")
    text = path.read_text(encoding="ascii").replace("DC=X", "dc=skotthyll,dc=no")
    changes = [block for block in text.split("\n\n") if "changetype: add" in block]
    plain = "\n\n".join(block.replace("changetype: add\n", "") for block in changes)
    done = subprocess.run(
        ["ldbadd", "-H", str(tmp_path / "plain.ldb")], input=plain, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert f"Added {len(changes)} records" in done.stdout
