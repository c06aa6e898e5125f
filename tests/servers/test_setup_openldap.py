"""`feideprov setup openldap`: an empty slapd, as Debian installs it, is set up by what the page says, word for word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from debian_slapd import machine_with_slapd
from private_machine import PrivateMachine
from setup_page import PROGRAM, blocks, carry_out

from feideprov.schema.files import schema_files

ROOT = "ldapmodify -Q -Y EXTERNAL -H ldapi:///"
BASE = "dc=skotthyll,dc=no"
USER = f"uid=testbruk,ou=people,{BASE}"


@contextmanager
def installed(office: Path, *, dc: str = "skotthyll", suffix: str = BASE, **keys: str) -> Iterator[PrivateMachine]:
    """A machine with Debian's slapd, which runs, and an office with a configuration that has these keys."""
    with machine_with_slapd(PROGRAM, dc=dc, suffix=suffix) as machine:
        machine.run("feideprov init --source-id-attribute employeeNumber", office)
        config = office / "feideprov.toml"
        text = config.read_text(encoding="utf-8")
        for key, value in {"url": "ldaps://localhost", **keys}.items():
            text = re.sub(rf"(?m)^{key} = \".*?\"", lambda _, k=key, v=value: f"{k} = '{v}'", text, count=1)
        config.write_text(text, encoding="utf-8")
        yield machine


def test_empty_slapd_is_set_up_by_what_the_page_says(tmp_path: Path) -> None:
    with installed(tmp_path) as machine:
        machine.run("feideprov setup openldap", tmp_path)
        printed = carry_out(machine, tmp_path, tmp_path / "setup-openldap" / "setup.md", leave_out="apt-get")
        again = "slapcat -n 0 | feideprov setup openldap --server - --out again"
        machine.run(again, tmp_path)
        numbers_are_closed(machine, tmp_path)
    assert "WRONG" not in printed
    assert "\nwarning " not in printed
    with_a_user = printed.partition("$ feideprov doctor --user")[2]
    assert "ok        login: The directory accepts the password." in with_a_user
    assert "unknown " not in with_a_user
    assert sorted(path.name for path in (tmp_path / "again").glob("*.ldif")) == ["07-accounts.ldif"]


def numbers_are_closed(machine: PrivateMachine, office: Path) -> None:
    """Only this program and Feide get the number of a user; the account of this program changes no other account."""
    number = "norEduPersonNIN: 57912075186"  # of Skatteetaten's test population Tenor
    change = (
        f"dn: {USER}\nchangetype: modify\nadd: norEduPersonNIN\n{number}\n-\nreplace: userPassword\nuserPassword: y\n"
    )
    machine.run(f"{ROOT} <<END\n{change}END", office)
    search = f"ldapsearch -LLL -o ldif_wrap=no -H ldapi:/// -b {BASE} '(|(uid=testbruk)(norEduPersonNIN=*))' '*' '+'"
    for who, sees in (("", False), (f"-D {USER} -w y", True), (f"-D cn=feide,{BASE} -y feide", True)):
        (office / "feide").write_text((office / "setup-openldap" / "feide-password").read_text().strip())
        seen = machine.run(f"{search} -x {who}", office)
        assert (number in seen) is sees
        assert "userPassword" not in seen
    (office / "own").write_text((office / "feideprov-password").read_text().strip())
    for dn, result in ((USER, 0), (f"cn=feide,{BASE}", 50)):
        change = f"dn: {dn}\nchangetype: modify\nreplace: userPassword\nuserPassword: z\n"
        own = f"ldapmodify -x -H ldapi:/// -D cn=feideprov,{BASE} -y own"
        assert machine.ended(f"{own} <<END\n{change}END", office).returncode == result


def test_names_with_spaces_quotes_and_letters_get_a_database_of_their_own(tmp_path: Path) -> None:
    base = r"o=Ås \"test\"\, nordre"
    keys = {
        "url": "ldaps://localhost:1636",
        "base_dn": base,
        "users_dn": f"ou=folk og andre,{base}",
        "dn": f"o=Skotthyll (kommune),{base}",
        "bind_dn": f"uid=feide prov,ou=kontoer,{base}",
    }
    with installed(tmp_path, dc="nodomain", suffix="dc=nodomain", **keys) as machine:
        config = tmp_path / "feideprov.toml"
        school = f"dn = 'ou=Hylla,o=Skotthyll (kommune),{base}'"
        text = re.sub(r"(?s)(id = .hylla.*?)dn = .*?\n", lambda m: f"{m[1]}{school}\n", config.read_text())
        config.write_text(text.replace("# bind_dn", f"bind_dn = '{keys['bind_dn']}'\npassword_file = 'p w'\n# bind_dn"))
        machine.run("feideprov setup openldap --out 'the files'", tmp_path)
        printed = carry_out(machine, tmp_path, tmp_path / "the files" / "setup.md", leave_out="apt-get")
    assert "WRONG" not in printed
    assert "\nwarning " not in printed
    assert "The server prevents duplicates" in printed
    assert "login: The directory accepts the password." in printed


def test_server_that_has_something_gets_what_it_lacks(tmp_path: Path) -> None:
    with installed(tmp_path) as machine:
        noredu = schema_files("openldap-config")[3].read_text(encoding="utf-8")
        older = re.sub(r"(?m)^olcAttributeTypes: \(.*\n +NAME 'norEduPersonLegalName'\n(?: .*\n)*", "", noredu)
        older = older.replace(" $ norEduPersonLegalName", "").replace("norEduPersonLegalName $ ", "")
        assert older.count("norEduPersonLegalName") == 0
        for path in (schema_files("openldap-config")[0], tmp_path / "noredu.ldif"):
            (tmp_path / "noredu.ldif").write_text(older)
            machine.run(f"ldapadd -Q -Y EXTERNAL -H ldapi:/// -f {path}", tmp_path)
        machine.run(f"{ROOT} <<END\n{SOMETHING}END", tmp_path)
        machine.run("slapcat -n 0 | feideprov setup openldap --server -", tmp_path)
        page = tmp_path / "setup-openldap" / "setup.md"
        assert not any("apt-get" in block.text for block in blocks(page))
        printed = carry_out(machine, tmp_path, page, leave_out="first-user.csv")
        rules = machine.run("slapcat -n 0 -a '(olcDatabase={1}mdb)' | grep -c 'by dn.exact=.*own program'", tmp_path)
    assert "WRONG" not in printed
    assert "\nwarning " not in printed
    assert rules.strip() == "1"


SOMETHING = f"""dn: cn=module{{0}},cn=config
changetype: modify
add: olcModuleLoad
olcModuleLoad: unique.la

dn: olcOverlay=unique,olcDatabase={{1}}mdb,cn=config
changetype: add
objectClass: olcUniqueConfig
olcOverlay: unique
olcUniqueAttribute: uid

dn: olcDatabase={{1}}mdb,cn=config
changetype: modify
add: olcDbIndex
olcDbIndex: norEduPersonNIN,sn eq
olcDbIndex: eduPersonPrincipalName eq,sub
-
add: olcAccess
olcAccess: {{0}}to * by dn.exact="cn=own program,{BASE}" read by * break

dn: olcDatabase={{0}}config,cn=config
changetype: modify
delete: olcAccess
"""
"""What an administrator has set up before: an overlay with its earlier keys, indexes, a rule; root may not change the
configuration, as after the conversion of a slapd.conf."""
