"""Numbers, birth dates and hashes that others can find out, in every way in which an access rule can be open."""

from __future__ import annotations

import gc
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from private_389 import Private389

from feideprov.check.examination import Examination, State
from feideprov.check.openness import checks
from feideprov.check.openness.checks import Openness
from feideprov.check.server import VisibleUsers, readable_users
from feideprov.directory.dn import DN
from feideprov.directory.entry import Add, Entry, Modification, Modify, SetPassword
from feideprov.testing.example import example_entries

from .clinic import LOCKS, NEW_TLS, OLENA, PASSWORD, PEOPLE, SERVICE, Clinic, clinic, codes, look, person, policy, the

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
OLENAS, PETERS, GUARDIANS = "50846202355", "12829499914", "57912075186"  # Tenor's
CASE = "10000000001"
ANYBODY, USERS = "open to anybody", "open to users"
ADMIN = f'by dn.exact="{SERVICE}" write'
CLOSED = (
    f"to attrs=userPassword {ADMIN} by self write by anonymous auth by * none",
    f"to * {ADMIN} by self read by anonymous auth by * none",
)
NAMES_ARE_OPEN = (
    f"to attrs=userPassword {ADMIN} by self write by anonymous auth by * none",
    f"to attrs=entry,children,objectClass,cn,uid,mail,employeeNumber,description,contextCSN {ADMIN} by * read",
    CLOSED[1],
)
ALL_SECRETS = "norEduPersonNIN,norEduPersonGuardianNIN,norEduPersonBirthDate"
SCHEMA = """dn: cn=local,cn=schema,cn=config
objectClass: olcSchemaConfig
cn: local
olcAttributeTypes: ( 1.3.6.1.4.1.32473.1.1 NAME 'xFnr' EQUALITY caseIgnoreMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )
olcAttributeTypes: ( 1.3.6.1.4.1.32473.1.3 NAME ( 'xForeign' 'xForeignNumber' ) SUP norEduPersonNIN )
olcAttributeTypes: ( 1.3.6.1.4.1.32473.1.4 NAME 'xSecret' EQUALITY caseExactMatch
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )
olcObjectClasses: ( 1.3.6.1.4.1.32473.2.1 NAME 'xPerson' AUXILIARY MAY ( xFnr $ xForeign $ xSecret $ schacDateOfBirth $
  schacPersonalUniqueID ) )
"""


OPEN = "D-NUMBERS-OPEN"
PETER = PEOPLE.child("uid", "peter")


@dataclass
class Ward:
    """A server whose access rules and entries are changed while it runs."""

    opened: Clinic

    def rules(self, *rules: str) -> None:
        values = "".join(f"olcAccess: {rule}\n" for rule in dict.fromkeys(rules))
        self.change(f"dn: olcDatabase={{1}}mdb,cn=config\nchangetype: modify\nreplace: olcAccess\n{values}-\n")

    def change(self, ldif: str) -> None:
        told = ["ldapmodify", "-Q", "-Y", "EXTERNAL", "-H", self.opened.server.ldapi]
        assert subprocess.run(told, input=ldif, text=True, capture_output=True, check=False).stderr == ""

    @contextmanager
    def changed(self, dn: DN, values: dict[str, str]) -> Iterator[None]:
        def steps(kind: str) -> str:
            return "".join(f"{kind}: {name}\n{name}: {value}\n-\n" for name, value in values.items())

        self.change(f"dn: {dn}\nchangetype: modify\n{steps('add')}")
        try:
            yield
        finally:
            self.change(f"dn: {dn}\nchangetype: modify\n{steps('delete')}")

    @contextmanager
    def added(self, entry: Entry) -> Iterator[Entry]:
        self.opened.add(entry)
        try:
            yield entry
        finally:
            self.change(f"dn: {entry.dn}\ncontrol: 2.16.840.1.113730.3.4.2 true\nchangetype: delete\n")

    def examine(self, user: str | None = OLENA, password: str | None = PASSWORD, **sections: Any) -> Examination:
        """Over ldapi, where a bind without a name would be one as the user who runs this."""
        way = {"url": self.opened.server.ldapi, "bind_dn": None, "password_file": None, "ca_file": None}
        found = self.opened.examine(user, password, directory={**way, **sections.pop("directory", {})}, **sections)
        for secret in (OLENAS, PETERS, GUARDIANS, "20100517", PASSWORD, "{SSHA}"):
            assert secret not in repr(found)
        return found


def children(*classes: str) -> Iterator[Entry]:
    """A user who logs in, one with everything that must stay hidden, and one with a case number but no number."""
    yield person(objectClass=[*classes], norEduPersonNIN=[OLENAS], norEduPersonBirthDate=["19620410"])
    yield person(
        "peter",
        objectClass=[*classes],
        eduPersonAffiliation=["employee"],
        norEduPersonNIN=[PETERS],
        norEduPersonBirthDate=["20100517"],
        norEduPersonGuardianNIN=[GUARDIANS],
    )
    yield person("maja", objectClass=[*classes], employeeNumber=[CASE], description=[f"case {CASE}", "20261129110418"])


@pytest.fixture(scope="module")
def ward(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ward]:
    folder = tmp_path_factory.mktemp("ward")
    config = (
        *NEW_TLS,
        *LOCKS,
        "moduleload back_ldif",
        "database ldif",
        f"directory {folder}",
        'suffix "cn=log"',
        f'rootdn "{SERVICE}"',
        "access to * by * none",
        "database config",
        f'access to * by dn.exact="{SERVICE}" write by * none',
    )
    with clinic(
        tmp_path_factory.mktemp("ward"),
        policy(pwdInHistory=["3"], pwdMustChange=["TRUE"]),
        unique=False,
        extra_config=config,
    ) as opened:
        ward = Ward(opened)
        ward.change(SCHEMA.replace("\nobjectClass", "\nchangetype: add\nobjectClass", 1))
        opened.add(*children("inetOrgPerson", "eduPerson", "norEduPerson", "xPerson"))
        group = {"objectClass": ["groupOfNames"], "cn": ["teachers"], "member": [f"uid=olenkova,{PEOPLE}"]}
        opened.add(Entry(DN.parse("cn=teachers,dc=skotthyll,dc=no"), group))
        yield ward
    gc.collect()


@pytest.fixture(autouse=True)
def closed_again(ward: Ward) -> Iterator[None]:
    yield
    ward.rules(*CLOSED)


def states(found: Examination) -> tuple[State, State]:
    return look(ANYBODY, found.checks).state, look(USERS, found.login).state


def said(found: Examination) -> str:
    return " ".join(finding.sentence for finding in found.findings if finding.code == OPEN)


ENTRY = "to attrs=entry ADMIN by * read"
WAYS = {
    "anonymous": (["to * ADMIN by * read"], True, "can read numbers in 2 entries (norEduPersonGuardianNIN and"),
    "Debian's own rules": (
        ["to attrs=userPassword ADMIN by self write by anonymous auth by * none", "to * ADMIN by * read"],
        True,
        "birth dates in 2 entries (norEduPersonBirthDate) of others.",
    ),
    "any user": (
        ["to * ADMIN by users read by anonymous auth"],
        False,
        "and password hashes in 4 entries (userPassword",
    ),
    "a group": (
        ['to * ADMIN by group.exact="cn=teachers,dc=skotthyll,dc=no" read by anonymous auth'],
        False,
        "numbers in 1 entry (norEduPersonGuardianNIN and norEduPersonNIN)",
    ),
    "an attribute set": ([ENTRY, "to attrs=@norEduPerson ADMIN by * read"], True, "norEduPersonNIN)"),
    "the rest of an attribute set": (
        ["to attrs=norEduPersonNIN ADMIN by * none", ENTRY, "to attrs=@norEduPerson ADMIN by * read"],
        True,
        "can read numbers in 1 entry (norEduPersonGuardianNIN)",
    ),
    "entries by a filter": (
        ["to filter=(eduPersonAffiliation=employee) ADMIN by * read"],
        True,
        "numbers in 1 entry (norEduPersonGuardianNIN and norEduPersonNIN)",
    ),
    "a search by values": (
        [ENTRY, "to attrs=norEduPersonNIN ADMIN by users search"],
        False,
        "can search by numbers in 1 entry (norEduPersonNIN) of others, and find the values digit by digit.",
    ),
    "a search that returns no entry": (
        ["to * ADMIN by anonymous auth by * search"],
        False,
        "can search by numbers in 1 entry (norEduPersonGuardianNIN and norEduPersonNIN)",
    ),
    "a comparison": (
        ["to attrs=norEduPersonNIN ADMIN by * compare"],
        True,
        "can let the server compare numbers in 2 entries (norEduPersonNIN) of others, and guess the values.",
    ),
    "a comparison of birth dates": (
        ["to attrs=norEduPersonBirthDate ADMIN by users compare"],
        False,
        "compare birth dates in 1 entry (norEduPersonBirthDate)",
    ),
    "one entry, by its name": (
        ["to dn.exact=uid=peter,ou=people,dc=skotthyll,dc=no attrs=entry,norEduPersonNIN ADMIN by * read"],
        True,
        "can read numbers in 1 entry (norEduPersonNIN)",
    ),
    "a part of the tree": (
        ["to dn.subtree=ou=people,dc=skotthyll,dc=no attrs=entry,norEduPersonNIN ADMIN by users read"],
        False,
        "can read numbers in 1 entry (norEduPersonNIN)",
    ),
    "birth dates": (
        [ENTRY, "to attrs=norEduPersonBirthDate ADMIN by * read"],
        True,
        "can read birth dates in 2 entries",
    ),
    "hashes": ([ENTRY, "to attrs=userPassword ADMIN by * read"], True, "can read password hashes in 5 entries"),
}


@pytest.mark.parametrize(("rules", "anybody", "words"), WAYS.values(), ids=WAYS)
def test_open_in_one_way(ward: Ward, rules: list[str], anybody: bool, words: str) -> None:
    ward.rules(*(rule.replace("ADMIN", ADMIN) for rule in rules), *CLOSED)
    found = ward.examine()
    assert states(found) == (State.WRONG if anybody else State.GOOD, State.WRONG)
    assert found.exit_code == 1
    assert words in said(found)
    [of_the_user] = [one for one in found.findings if one.code == OPEN and one.user]
    assert (of_the_user.user, of_the_user.severity) == (OLENA, "error")
    assert of_the_user.action.endswith("If this user is permitted to read them, run the doctor with an ordinary pupil.")


@pytest.mark.parametrize(
    "rules",
    [
        CLOSED,
        NAMES_ARE_OPEN,
        (f"to attrs=userPassword {ADMIN} by self read by anonymous auth by * none", CLOSED[1]),  # each their own hash
        (f"to attrs=norEduPersonNIN,norEduPersonBirthDate {ADMIN} by self read by * auth", *CLOSED),
        (CLOSED[0], f"to attrs={ALL_SECRETS} {ADMIN} by self read by * none", f"to * {ADMIN} by * read"),
    ],
    ids=["the package's", "names are open", "own hash", "own number", "all else is open"],
)
def test_closed_server(ward: Ward, rules: tuple[str, ...]) -> None:
    ward.rules(*rules)
    found = ward.examine()
    assert states(found) == (State.GOOD, State.GOOD)
    assert OPEN not in codes(found)


ELSEWHERE = {
    "xFnr": PETERS,
    "xFnr;lang-nb": f"nr. {PETERS[:6]} {PETERS[6:]}",
    "1.3.6.1.4.1.32473.1.3": GUARDIANS,  # derived from norEduPersonNIN
    "schacPersonalUniqueID": f"urn:schac:personalUniqueID:no:NIN:{GUARDIANS}",
    "norEduPersonLIN": f"skotthyll.kommune.no:fnr:{PETERS}",
    "description": f"moved here, {PETERS}",
    "schacDateOfBirth": "20100517",
    "xSecret": "{SSHA}HjGm3nmMZnWBhjX6fZZLQwVEF9k5b3V5",
}


def test_values_under_other_names(ward: Ward) -> None:
    names = "xFnr,xForeign,schacPersonalUniqueID,norEduPersonLIN,description,schacDateOfBirth,xSecret"
    ward.rules(f"to attrs=entry {ADMIN} by users read", f"to attrs={names} {ADMIN} by users read", *CLOSED)
    assert states(ward.examine()) == (State.GOOD, State.GOOD)  # a case number is no number of a person
    with ward.changed(PETER, ELSEWHERE):
        found = ward.examine()
    assert states(found) == (State.GOOD, State.WRONG)
    assert said(found) == (
        "A user who has logged in can read numbers in 1 entry (description, norEduPersonLIN, schacPersonalUniqueID, "
        "xFnr and xForeign), birth dates in 1 entry (schacDateOfBirth) and password hashes in 1 entry (xSecret) of "
        "others."
    )


def test_attribute_of_the_municipality_that_can_only_be_searched_by(ward: Ward) -> None:
    ward.rules(f"to attrs=entry {ADMIN} by * read", f"to attrs=xFnr {ADMIN} by * search", *CLOSED)
    with ward.changed(PETER, {"xFnr": PETERS}):
        found = ward.examine()
    assert states(found) == (State.WRONG, State.WRONG)
    assert "Anybody, without logging in, can search by numbers in 1 entry (xFnr) of others" in said(found)


def test_number_in_a_name_and_in_an_alias(ward: Ward) -> None:
    ward.rules(f"to attrs=entry,objectClass {ADMIN} by * read", *CLOSED)
    one = Entry(PEOPLE.child("description", PETERS), {"objectClass": ["device"], "cn": ["a"], "description": [PETERS]})
    alias = {"objectClass": ["alias", "extensibleObject"], "cn": [PETERS], "aliasedObjectName": [str(PETER)]}
    for entry in (one, Entry(PEOPLE.child("cn", PETERS), alias)):
        with ward.added(entry):
            found = ward.examine(None)
        assert "can read numbers in 1 entry (DN) of others" in said(found)


def test_alias_of_an_entry_elsewhere_shows_it(ward: Ward) -> None:
    """A search below the base finds what an alias stands for, also outside of the base."""
    ward.rules(
        f'to dn.subtree="cn=moved,dc=skotthyll,dc=no" attrs=entry,norEduPersonNIN {ADMIN} by * read',
        f"to attrs=entry {ADMIN} by * search",
        *CLOSED,
    )
    moved = person("moved", norEduPersonNIN=[GUARDIANS])
    moved = Entry(DN.parse("cn=moved,dc=skotthyll,dc=no"), {**dict(moved.items()), "cn": ["moved"]})
    alias = {"objectClass": ["alias", "extensibleObject"], "cn": ["m"], "aliasedObjectName": [str(moved.dn)]}
    with ward.added(moved), ward.added(Entry(PEOPLE.child("cn", "m"), alias)):
        found = ward.examine(None, directory={"base_dn": str(PEOPLE)})
    assert "can read numbers in 1 entry (norEduPersonNIN)" in said(found)


def test_passwords_that_a_policy_keeps(ward: Ward) -> None:
    ward.rules(f"to attrs=entry,pwdHistory {ADMIN} by * read", *CLOSED)
    with ward.added(person("oleg")) as oleg, ward.opened.directory() as directory:
        assert states(ward.examine()) == (State.GOOD, State.GOOD)
        assert [done.error for done in directory.write([SetPassword(oleg.dn, "another-password-of-oleg")])] == [None]
        found = ward.examine()
    assert "Anybody, without logging in, can read password hashes in 1 entry (pwdHistory) of others." in said(found)


def test_log_of_changes_beside_the_directory(ward: Ward) -> None:
    kept = [f"norEduPersonNIN:+ {PETERS}", "userPassword:+ {SSHA}HjGm3nmMZnWBhjX6fZZLQwVEF9k5b3V5"]
    log = {"objectClass": ["applicationProcess"], "cn": ["log"], "description": kept}
    ward.opened.add(Entry(DN.parse("cn=log"), log))
    assert states(ward.examine()) == (State.GOOD, State.GOOD)
    access = "dn: olcDatabase={2}ldif,cn=config\nchangetype: modify\nreplace: olcAccess\nolcAccess: to * by * %s\n-\n"
    ward.change(access % "read")
    try:
        found = ward.examine(None)
    finally:
        ward.change(access % "none")
    assert said(found) == (
        "Anybody, without logging in, can read numbers in 1 entry (description) and password hashes in 1 entry "
        "(description) of others."
    )


def test_hash_in_the_configuration_of_the_server(ward: Ward) -> None:
    config = "dn: olcDatabase={0}config,cn=config\nchangetype: modify\n%s: olcAccess\nolcAccess: {0}%s\n-\n"
    ward.change(config % ("add", f"to * by dn.children={PEOPLE} read by * break"))
    try:
        found = ward.examine()
    finally:
        ward.change(config % ("delete", ""))
    assert states(found) == (State.GOOD, State.WRONG)
    assert "(olcRootPW)" in said(found)


def test_user_who_must_change_the_password_first(ward: Ward) -> None:
    ward.rules(f"to * {ADMIN} by users read by anonymous auth")
    with ward.changed(PETER, {"pwdReset": "TRUE"}):
        found = ward.examine("peter@skotthyll.kommune.no")
    assert states(found) == (State.GOOD, State.UNKNOWN)
    assert "perhaps must first change the password" in look(USERS, found.login).sentence


def test_limits_of_the_server(ward: Ward) -> None:
    """More users than an anonymous search returns: what is not returned is read one by one."""
    limit = "dn: olcDatabase={1}mdb,cn=config\nchangetype: modify\n%s: olcLimits\nolcLimits: %s size=1\n-\n"
    ward.rules(*NAMES_ARE_OPEN)
    ward.change(limit % ("add", "anonymous"))
    try:
        assert states(ward.examine()) == (State.GOOD, State.GOOD)
        ward.rules(f"to * {ADMIN} by * read")
        found = ward.examine(None)
    finally:
        ward.change(limit % ("delete", "{1}anonymous"))
    assert "norEduPersonNIN" in said(found)
    assert "The server ended a search early, so there may be more." in said(found)


def test_limit_with_more_users_than_are_read_one_by_one(ward: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "_ONE_BY_ONE", 1)
    monkeypatch.setattr(checks, "_AFTER_A_LIMIT", 2)
    found = ward.examine()
    assert look(ANYBODY, found.checks).sentence == (
        "Without logging in nobody can read numbers, birth dates or password hashes. 1 of 3 users whom no search "
        "returns were read one by one."
    )
    limit = "dn: olcDatabase={1}mdb,cn=config\nchangetype: modify\n%s: olcLimits\nolcLimits: %s size=1\n-\n"
    ward.rules(*NAMES_ARE_OPEN)
    ward.change(limit % ("add", "anonymous"))
    try:
        found = ward.examine(None)
    finally:
        ward.change(limit % ("delete", "{1}anonymous"))
    assert look(ANYBODY, found.checks).state is State.UNKNOWN


@pytest.mark.parametrize(
    ("setting", "anybody"), [("olcDisallows: bind_anon", State.WRONG), ("olcRequires: authc", State.GOOD)]
)
def test_server_that_refuses_anonymous_binds(ward: Ward, setting: str, anybody: State) -> None:
    """With bind_anon, OpenLDAP refuses the bind, but not a search of somebody who did not bind (slapd.conf(5))."""
    change = f"dn: cn=config\nchangetype: modify\n%s: {setting.partition(':')[0]}\n{setting}\n-\n"
    ward.rules(f"to * {ADMIN} by * read")
    ward.change(change % "add")
    try:
        found = ward.examine()
    finally:
        ward.change(change % "delete")
    assert states(found) == (anybody, State.WRONG)


def test_what_was_not_checked_is_told(ward: Ward) -> None:
    ward.rules(f"to * {ADMIN} by users read by anonymous auth")
    nobody = ward.examine(None)
    assert look(USERS, nobody.checks).state is State.SKIPPED
    assert "feideprov doctor --user FEIDE_NAME" in look(USERS, nobody.checks).sentence
    for password in (None, "wrong-password"):
        found = ward.examine(OLENA, password)
        assert look(USERS, found.login).state is State.SKIPPED
        assert OPEN not in codes(found)


def test_over_tls(ward: Ward) -> None:
    assert states(ward.opened.examine(OLENA, PASSWORD)) == (State.GOOD, State.GOOD)
    ward.rules(f"to * {ADMIN} by users read by anonymous auth")
    assert states(ward.opened.examine(OLENA, PASSWORD)) == (State.GOOD, State.WRONG)


def test_finding_that_the_configuration_accepts(ward: Ward) -> None:
    ward.rules(f"to * {ADMIN} by * read")
    accepted = {"reason": "the firewall lets nobody in", "on": "2026-11-01"}
    others = ("D-UNIQUE", "D-MUST-CHANGE")  # two databases, one of them without; the policy of the ward
    ignore = [{"code": code, **accepted} for code in (OPEN, *others)]
    found = ward.examine(None, check={"ignore": ignore})
    assert the(OPEN, found).expected
    assert found.exit_code == 0


NAMES = '(targetattr="cn || objectClass")(version 3.0;acl "n";allow (read,search) userdn="ldap:///anyone";)'


@pytest.fixture(scope="module")
def other_kind() -> Iterator[Private389]:
    with Private389() as server:
        with server.directory() as directory:
            missing = [Add(entry) for entry in example_entries() if directory.read(entry.dn) is None]
            people = [
                Add(Entry(entry.dn, {**dict(entry.items()), "userPassword": [PASSWORD]}))  # 389 hashes it itself
                for entry in children("inetOrgPerson", "eduPerson", "norEduPerson")
            ]
            assert [done.error for done in directory.write([*missing, *people]) if done.error] == []
        with server.as_admin() as directory:
            access = "nsslapd-allow-anonymous-access"
            steps = Modification("delete", access, (b"rootdse",)), Modification("add", access, (b"on",))
            more = Modification("add", "aci", (NAMES.encode(),))
            changes = [Modify(DN.parse("cn=config"), steps), Modify(directory.base, (more,))]
            assert [done.error for done in directory.write(changes)] == [None, None]
        yield server


OPENED = {
    None: (State.GOOD, State.GOOD),
    f'(targetattr!="userPassword || {ALL_SECRETS.replace(",", " || ")}")(version 3.0;acl "x";'
    'allow (read,search,compare) userdn="ldap:///anyone";)': (State.GOOD, State.GOOD),
    '(targetattr!="userPassword")(version 3.0;acl "x";allow (read,search,compare) userdn="ldap:///all";)': (
        State.GOOD,
        State.WRONG,
    ),
    '(targetattr="norEduPersonNIN")(version 3.0;acl "x";allow (search) userdn="ldap:///anyone";)': (
        State.WRONG,
        State.WRONG,
    ),
    '(targetattr="norEduPersonNIN")(version 3.0;acl "x";allow (compare) userdn="ldap:///all";)': (
        State.GOOD,
        State.WRONG,
    ),
    '(targetattr="norEduPersonBirthDate || objectClass")(targetfilter="(uid=peter)")(version 3.0;acl "x";'
    'allow (read,search) userdn="ldap:///anyone";)': (State.WRONG, State.WRONG),
    '(targetattr="norEduPersonNIN")(version 3.0;acl "x";allow (read) userdn="ldap:///anyone";)': (
        State.WRONG,
        State.WRONG,
    ),
}


@pytest.mark.parametrize(("aci", "wanted"), OPENED.items())
def test_on_389(other_kind: Private389, aci: str | None, wanted: tuple[State, State]) -> None:
    with changed(other_kind, other_kind.people_dn, *([("add", "aci", aci)] if aci else [])):
        assert found_on(other_kind) == wanted


def test_search_by_an_attribute_that_not_all_entries_have(other_kind: Private389) -> None:
    """389 returns an entry to whoever may search by the attribute of the filter, and then what may be read of it."""
    rules = [
        ("add", "aci", f'(targetattr="{name}")(version 3.0;acl "x";allow ({right}) userdn="ldap:///anyone";)')
        for name, right in (("eduPersonOrgDN", "search"), ("norEduPersonNIN", "read"))
    ]
    with changed(other_kind, other_kind.suffix, ("delete", "aci", NAMES), *rules):
        assert found_on(other_kind)[0] is State.WRONG


def test_limit_of_389_that_hides_what_can_be_searched_by(other_kind: Private389) -> None:
    """A search of everything ends at the limit without a result; one of a single entry does not."""
    rule = '(targetattr="norEduPersonGuardianNIN")(version 3.0;acl "x";allow (search) userdn="ldap:///anyone";)'
    low = [("delete", "nsslapd-lookthroughlimit", "5000"), ("add", "nsslapd-lookthroughlimit", "2")]
    with (
        changed(other_kind, other_kind.people_dn, ("add", "aci", rule)),
        changed(other_kind, "cn=config,cn=ldbm database,cn=plugins,cn=config", *low),
    ):
        assert found_on(other_kind)[0] is State.WRONG


@contextmanager
def changed(server: Private389, dn: str, *steps: tuple[str, str, str]) -> Iterator[None]:
    """An entry while it is changed: each step adds or deletes a value."""
    done = [Modification(kind, name, (value.encode(),)) for kind, name, value in steps]
    undone = [Modification("delete" if one.operation == "add" else "add", one.attribute, one.values) for one in done]

    def write(steps: list[Modification]) -> None:
        change = [Modify(DN.parse(dn), tuple(steps))] if steps else []
        assert not [written.error for written in directory.write(change) if written.error]

    with server.as_admin() as directory:
        write(done)
        try:
            yield
        finally:
            write(undone[::-1])


def found_on(server: Private389) -> tuple[State, State]:
    with server.directory() as directory:
        seen = VisibleUsers()
        assert [check.state for check in readable_users(directory, PEOPLE, seen)] == [State.GOOD] * 2
        asked = Openness(directory, seen)
        return asked.to_anybody().state, asked.to_user(person().dn, PASSWORD).state
