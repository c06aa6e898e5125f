"""The files for OpenLDAP, as text: what a server has already is left out, and names are written as slapd reads them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feideprov.directory.dn import DN
from feideprov.errors import ConfigurationError, InputError
from feideprov.setup.folder import page
from feideprov.setup.openldap_access import quoted
from feideprov.setup.servers import server_setup
from feideprov.testing.example import example_settings

ACCOUNTS = {"bind_dn": "cn=feideprov,dc=skotthyll,dc=no"}
DATABASE = b"""dn: olcDatabase={2}mdb,cn=config
olcDatabase: {2}mdb
olcSuffix: dc=skotthyll,dc=no
olcRootDN: cn=admin,dc=skotthyll,dc=no
"""


def files(folder: Path, server: bytes | None = None, **directory: object) -> dict[str, str]:
    settings = example_settings(folder, directory=directory)
    return {
        file.name: file.text.replace("\n ", "") for file in server_setup(settings, "openldap", folder, server).files
    }


@given(st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), min_size=1))
def test_name_in_a_rule_is_the_name(value: str) -> None:
    name = DN.parse("dc=no").child("o", value)
    written = quoted(name)
    assert written[0] == written[-1] == '"'
    assert not re.search(r'"|\\(?![0-9A-F]{2})', written[1:-1])
    assert DN.parse(written[1:-1]) == name


def test_index_is_added_beside_the_kinds_that_are_there(tmp_path: Path) -> None:
    lines = b"olcDbIndex: userid,norEduPersonNIN,sn eq\nolcDbIndex: eduPersonPrincipalName eq,sub\n"
    record = files(tmp_path, DATABASE + lines)["03-indexes.ldif"]
    assert re.findall("(?m)^(?:add|delete|olcDbIndex): (?!olcDbIndex)(.*)", record) == [
        "objectClass eq",
        "entryUUID eq",
        "userid,norEduPersonNIN,sn eq",
        "userid,sn eq",
        "norEduPersonNIN eq,pres",
        "eduPersonEntitlement eq",
        "employeeNumber eq",
    ]
    assert record.startswith("dn: olcDatabase={2}mdb,cn=config\nchangetype: modify\n")


def test_overlay_that_is_there_gets_the_attributes_that_it_lacks(tmp_path: Path) -> None:
    overlay = (
        b"\ndn: olcOverlay={0}unique,olcDatabase={2}mdb,cn=config\nolcOverlay: {0}unique\n"
        b"olcUniqueURI: ldap:///dc=skotthyll,dc=no?uid?sub\n"
    )
    record = files(tmp_path, DATABASE + overlay)["04-uniqueness.ldif"]
    assert "dn: olcOverlay={0}unique,olcDatabase={2}mdb,cn=config\nchangetype: modify\nadd: olcUniqueURI" in record
    assert "?uid?" not in record
    assert record.count("olcUniqueURI: ldap:") == 2


def test_database_without_a_root_gets_one_for_the_overlay(tmp_path: Path) -> None:
    rootless = re.sub(rb"olcRootDN.*\n", b"", DATABASE)
    assert "olcRootDN: cn=admin,dc=skotthyll,dc=no" in files(tmp_path, rootless)["04-uniqueness.ldif"]
    assert "olcRootDN" not in files(tmp_path, DATABASE)["04-uniqueness.ldif"]


def test_rules_of_the_server_follow_those_of_the_set_up(tmp_path: Path) -> None:
    new, other = files(tmp_path)["06-access.ldif"], files(tmp_path, DATABASE)["06-access.ldif"]
    for record in (new, other):
        assert re.findall(r"(?m)^olcAccess: \{(\d+)\}", record) == [str(n) for n in range(record.count("olcAccess: "))]
        assert "norEduPersonNIN" in record
    assert 'to dn.subtree="ou=people,dc=skotthyll,dc=no" by ' in new
    assert "by anonymous auth by * none" in new.partition('to dn.subtree="ou=people,dc=skotthyll,dc=no" by ')[2]
    assert "by * break" in other.partition('to dn.subtree="ou=people,dc=skotthyll,dc=no" by ')[2]


def test_password_that_the_configuration_has_is_the_accounts_password(tmp_path: Path) -> None:
    from feideprov.directory.password import verify

    (tmp_path / "secret").write_text("a-password-of-ours\n")
    known = files(tmp_path, **ACCOUNTS, password_file=tmp_path / "secret")
    assert "feideprov-password" not in known
    hashes = re.findall("userPassword: (.*)", known["07-accounts.ldif"])
    assert verify("a-password-of-ours", hashes[0].encode())
    assert verify(known["feide-password"].strip(), hashes[1].encode())
    assert "feideprov-password" in files(tmp_path, **ACCOUNTS, password_file=tmp_path / "not there yet")


def test_account_may_be_named_by_another_name_of_its_attribute(tmp_path: Path) -> None:
    records = files(tmp_path, bind_dn="commonName=feideprov,dc=skotthyll,dc=no")["07-accounts.ldif"]
    assert "objectClass: organizationalRole\nobjectClass: simpleSecurityObject\ncn: feideprov\n" in records


@pytest.mark.parametrize(
    ("directory", "sentence"),
    [
        ({"bind_dn": "cn=admin,dc=elsewhere,dc=no"}, "bind_dn must be below base_dn (dc=skotthyll,dc=no)"),
        ({"bind_dn": "cn=feide,dc=skotthyll,dc=no"}, "such as cn=feideprov,dc=skotthyll,dc=no."),
        ({"bind_dn": "dc=skotthyll,dc=no"}, "bind_dn must be below base_dn (dc=skotthyll,dc=no)"),
        ({"bind_dn": "nonsense"}, "[directory] bind_dn: “nonsense” is not a distinguished name"),
        ({"bind_dn": "sn=x,dc=skotthyll,dc=no"}, "must be named by cn or uid"),
        ({"base_dn": "dc=elsewhere,dc=no"}, "users_dn must be below base_dn (dc=elsewhere,dc=no)"),
    ],
)
def test_names_that_no_set_up_can_have(tmp_path: Path, directory: dict[str, str], sentence: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        files(tmp_path, **directory)
    assert sentence in str(raised.value)


def test_what_is_not_the_configuration_of_a_server(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="slapcat -n 0"):
        files(tmp_path, b"dn: dc=no\nobjectClass: domain\ndc: no\n")
    with pytest.raises(InputError):
        files(tmp_path, b"\x7fELF")


def page_of(folder: Path, server: bytes | None = None, **directory: object) -> str:
    made = server_setup(example_settings(folder, directory=directory), "openldap", folder, server)
    return page(made, str).text


@pytest.mark.parametrize(
    ("url", "new", "old"),
    [
        ("ldaps://a.no", "ldaps:/// ldapi:///", []),
        ("ldap://a.no", "ldaps:/// ldapi:/// ldap:///", ["'/ldap:/!s|^SLAPD_SERVICES=\"|&ldap:/// |'"]),
        ("ldaps://a.no:1636 ldap://b.no:1389", "ldaps:/// ldapi:/// ldaps://:1636/ ldap://:1389/", ["'/:1636/!s|"]),
        ("ldapi://%2Frun%2Fslapd%2Fldapi", "ldaps:/// ldapi:///", []),
    ],
)
def test_server_listens_to_what_the_configuration_connects_to(
    tmp_path: Path, url: str, new: str, old: list[str]
) -> None:
    text = page_of(tmp_path, url=url)
    assert f'SLAPD_SERVICES="{new}"' in text
    assert "url = " not in text
    for command in ["'/ldaps:/!s|", *old]:
        assert f"sed -i {command}" in page_of(tmp_path, DATABASE, url=url)


def test_server_with_certificate_and_versions_still_listens_to_ldaps(tmp_path: Path) -> None:
    tls = b"\ndn: cn=config\nolcTLSCertificateFile: /etc/ours.pem\nolcTLSProtocolMin: 3."
    assert "09-tls.ldif" not in files(tmp_path, DATABASE + tls + b"3\n")
    assert "ldaps:///" in page_of(tmp_path, DATABASE + tls + b"3\n")
    for too_old in (b"0\n", b"2\n"):
        assert "olcTLSProtocolMin: 3.3" in files(tmp_path, DATABASE + tls + too_old)["09-tls.ldif"]


@pytest.mark.parametrize(
    ("lines", "may"),
    [
        ("olcAccess: {0}to * by * none\nolcRootDN: cn=config\n", False),  # slaptest -F makes this of slapd.conf
        ("olcRootDN: gidNumber=0+uidNumber=0,cn=peercred,cn=external,cn=auth\n", True),
        ("olcAccess: {0}to * by dn.base=gidNumber=0+uidNumber=0,cn=peercred,cn=external,cn=auth manage\n", True),
        ("olcAccess: {0}to * by dn.exact=cn=localroot,cn=config manage by * break\n", True),
    ],
)
def test_root_gets_the_right_to_change_the_configuration_first(tmp_path: Path, lines: str, may: bool) -> None:
    config = f"\ndn: olcDatabase={{0}}config,cn=config\nolcDatabase: {{0}}config\n{lines}".encode()
    assert ("00-root.ldif" in files(tmp_path, DATABASE + config)) is not may
    assert ("slapmodify -n 0 -l 00-root.ldif" in page_of(tmp_path, DATABASE + config)) is not may
    assert "slapmodify" not in page_of(tmp_path)  # Debian gives root the right


def test_overlay_with_the_earlier_keys_gets_uris_in_their_place(tmp_path: Path) -> None:
    overlay = (
        b"\ndn: olcOverlay={0}unique,olcDatabase={2}mdb,cn=config\nolcOverlay: {0}unique\n"
        b"olcUniqueAttribute: mail\nolcUniqueAttribute: cn\nolcUniqueStrict: TRUE\n"
        b"olcUniqueBase: ou=x,dc=skotthyll,dc=no\n"
    )
    record = files(tmp_path, DATABASE + overlay)["04-uniqueness.ldif"]
    assert re.findall("(?m)^delete: (.*)", record) == ["olcUniqueAttribute", "olcUniqueStrict", "olcUniqueBase"]
    uris = re.findall("(?m)^olcUniqueURI: (.*)", record)
    assert (uris[0], len(uris)) == ("strict ldap:///ou=x,dc=skotthyll,dc=no?mail,cn?sub", 4)
    same = overlay.partition(b"olcUniqueAttribute")[0] + b"olcUniqueAttribute: UID\n"
    assert files(tmp_path, DATABASE + same)["04-uniqueness.ldif"].lower().count("?uid?") == 1


def test_what_is_above_the_accounts_is_created_from_the_suffix_down(tmp_path: Path) -> None:
    above = DATABASE.replace(b"olcSuffix: dc=skotthyll,dc=no", b"olcSuffix: dc=no")
    accounts = files(tmp_path, above, bind_dn="cn=a,ou=b,dc=skotthyll,dc=no")["07-accounts.ldif"]
    added = re.findall("(?m)^dn: (.*)", accounts)
    assert added[:3] == ["dc=no", "dc=skotthyll,dc=no", "ou=b,dc=skotthyll,dc=no"]
    there = files(tmp_path, DATABASE, bind_dn="cn=a,cn=b,dc=skotthyll,dc=no")["07-accounts.ldif"]
    assert re.findall("(?m)^dn: (.*)", there)[:2] == ["dc=skotthyll,dc=no", "cn=a,cn=b,dc=skotthyll,dc=no"]
    everything = DATABASE.replace(b"olcSuffix: dc=skotthyll,dc=no", b"olcSuffix:")
    assert files(tmp_path, everything)["07-accounts.ldif"].startswith("dn: dc=skotthyll,dc=no\n")
    with pytest.raises(InputError, match="Create this entry yourself"):
        files(tmp_path, bind_dn="cn=a,cn=b,dc=skotthyll,dc=no")


def test_new_database_loads_its_module_if_no_database_has_it(tmp_path: Path) -> None:
    elsewhere = DATABASE.replace(b"dc=skotthyll,dc=no", b"dc=other")
    assert "back_mdb" not in files(tmp_path, elsewhere)["01-database.ldif"]
    assert "olcModuleLoad: back_mdb" in files(tmp_path, elsewhere.replace(b"mdb", b"hdb"))["01-database.ldif"]


def test_files_that_the_configuration_names_and_that_are_not_there_are_put_there(tmp_path: Path) -> None:
    named = {**ACCOUNTS, "password_file": tmp_path / "a b" / "secret", "ca_file": tmp_path / "tls" / "our.pem"}
    text = page_of(tmp_path, **named)
    assert f"install -D -m 600 {tmp_path}/feideprov-password '{tmp_path}/a b/secret'" in text
    assert f"install -D -m 644 /etc/ldap/tls/server.pem {tmp_path}/tls/our.pem" in text
    (tmp_path / "tls").mkdir()
    (tmp_path / "tls" / "our.pem").touch()
    assert "our.pem" not in page_of(tmp_path, **named)


def test_password_file_that_cannot_be_read_is_told_and_gets_no_new_password(tmp_path: Path) -> None:
    """As in a folder that may not be entered; a link to itself cannot be read by root either."""
    (tmp_path / "secret").symlink_to("secret")
    with pytest.raises(ConfigurationError, match=r"secret \(password_file\) cannot be read"):
        files(tmp_path, **ACCOUNTS, password_file=tmp_path / "secret")


def test_repr_shows_no_password(tmp_path: Path) -> None:
    made = server_setup(example_settings(tmp_path), "openldap", tmp_path)
    [password] = [file.text.strip() for file in made.files if file.name == "feide-password"]
    assert password not in repr(made)
