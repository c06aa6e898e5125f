"""The files for a 389 server: what it has already is not loaded again, and any name can be the base."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feideprov.directory.dn import DN
from feideprov.directory.ldif import records
from feideprov.errors import ConfigurationError, InputError
from feideprov.schema.files import schema_files
from feideprov.schema.schema import PERSONAL_ATTRIBUTES
from feideprov.settings import Settings
from feideprov.setup.ds389_access import access_rules
from feideprov.setup.folder import page
from feideprov.setup.servers import server_setup
from feideprov.setup.step import Setup
from feideprov.setup.target import target_of
from feideprov.testing import example_settings

_EXAMPLE = example_settings(Path())
BASE = "dc=skotthyll,dc=no"
EXISTING = """dn: cn=config
nsslapd-certdir: /etc/dirsrv/slapd-old one
nsslapd-schemadir: /etc/dirsrv/slapd-old one/schema
nsslapd-port: 1389
nsslapd-rootdn: cn=Old Manager
nsslapd-rootpw: {SSHA}not-to-be-shown
nsslapd-security: on
nsslapd-ldapilisten: on
nsslapd-ldapifilepath: /run/slapd-old one.socket
nsslapd-ldapiautobind: on

dn: cn=encryption,cn=config
sslVersionMin: TLS1.3

dn: cn=userRoot,cn=ldbm database,cn=plugins,cn=config
cn: userRoot
nsslapd-suffix: dc=no

dn: cn=uid,cn=index,cn=userRoot,cn=ldbm database,cn=plugins,cn=config
cn: uid
nsIndexType: eq

dn: cn=noreduPersonNIN,cn=index,cn=userRoot,cn=ldbm database,cn=plugins,cn=config
cn: noreduPersonNIN
nsIndexType: eq

dn: cn="dc=no",cn=mapping tree,cn=config
cn: "dc=no"

dn: cn=UIDs,cn=plugins,cn=config
nsslapd-pluginEnabled: on
uniqueness-attribute-name: uid
uniqueness-subtrees: dc=no

dn: cn=feideprov norEduPersonNIN,cn=plugins,cn=config
nsslapd-pluginEnabled: off
uniqueness-attribute-name: norEduPersonNIN
uniqueness-subtrees: dc=no
"""


def settings(folder: Path, base: str = BASE, url: str = "ldaps://ldap.skotthyll.no:1636") -> Settings:
    return example_settings(
        folder,
        organization={"dn": f"o=Skotthyll kommune,{base}"},
        schools=[{**one.model_dump(), "dn": f"ou={one.id},o=Skotthyll kommune,{base}"} for one in _EXAMPLE.schools],
        directory={"url": url, "base_dn": base, "users_dn": f"ou=people,{base}"},
    )


def setup(folder: Path, server: str | None = None, **of_settings: Any) -> dict[str, str]:
    """The text of each file, the page among them."""
    made: Setup = server_setup(settings(folder, **of_settings), "389", folder / "out", server and server.encode())
    return {file.name: file.text for file in (page(made, str), *made.files)}


def attributes(text: str, attribute: str) -> list[tuple[str, str]]:
    """The DN and the value, for each value of an attribute in the records of a file."""
    lines = text.replace("\n ", "").splitlines()
    dn, found = "", []
    for line in lines:
        name, _, value = line.partition(": ")
        dn = value if name == "dn" else dn
        found += [(dn, value)] if name == attribute else []
    return found


def test_every_file_of_the_page_is_written_and_every_file_is_on_the_page(tmp_path: Path) -> None:
    made = setup(tmp_path)
    text = made.pop("setup.md")
    assert not [name for name in made if name not in text]


def test_instance_listens_where_the_configuration_says(tmp_path: Path) -> None:
    assert "secure_port = 1636\n" in setup(tmp_path)["01-instance.inf"]
    assert "nsslapd-port: 0\n" in setup(tmp_path)["10-tls.ldif"]
    with_start_tls = setup(tmp_path, url="ldap://ldap.skotthyll.no:1389")
    assert "\nport = 1389\nsecure_port = 636\n" in with_start_tls["01-instance.inf"]
    assert "nsslapd-port" not in with_start_tls["10-tls.ldif"]
    assert "nsslapd-require-secure-binds: on\n" in with_start_tls["10-tls.ldif"]


def test_existing_server_gets_only_what_it_lacks(tmp_path: Path) -> None:
    made = setup(tmp_path, EXISTING)
    assert not {"01-instance.inf", "03-database.ldif", "06-norwegian-letters.ldif", "10-tls.ldif"} & set(made)
    assert [dn.partition(",")[0] for dn, _ in attributes(made["04-indexes.ldif"], "nsIndexType")] == [
        *("cn=entryUUID", "cn=eduPersonPrincipalName", "cn=norEduPersonNIN"),
        *("cn=eduPersonEntitlement", "cn=employeeNumber"),
    ]
    assert "changetype: modify\nadd: nsIndexType\nnsIndexType: pres\n" in made["04-indexes.ldif"]
    assert attributes(made["05-uniqueness.ldif"], "changetype") == [
        ("cn=feideprov eduPersonPrincipalName,cn=plugins,cn=config", "add"),
        ("cn=feideprov norEduPersonNIN,cn=plugins,cn=config", "modify"),
    ]
    assert "nsslapd-allow-anonymous-access" not in made["08-access.ldif"]


def test_existing_server_with_tls_1_0_gets_its_lowest_version_only(tmp_path: Path) -> None:
    written = setup(tmp_path, EXISTING.replace("TLS1.3", "TLS1.0"))["10-tls.ldif"]
    assert attributes(written, "changetype") == [("cn=encryption,cn=config", "modify")]
    assert "sslVersionMin: TLS1.2\n" in written


def test_names_of_the_instance_are_words_of_the_shell(tmp_path: Path) -> None:
    text = setup(tmp_path, EXISTING)["setup.md"]
    assert "systemctl restart 'dirsrv@old one'\n" in text
    assert "install -m 644 02-schema.ldif '/etc/dirsrv/slapd-old one/schema/99-noredu.ldif'\n" in text
    assert "-H ldapi://%2Frun%2Fslapd-old%20one.socket -f 04-indexes.ldif\n" in text


def test_server_without_its_socket_is_administered_by_its_administrator(tmp_path: Path) -> None:
    text = setup(tmp_path, EXISTING.replace("ldapiautobind: on", "ldapiautobind: off"))["setup.md"]
    assert "ldapmodify -x -D 'cn=Old Manager' -W -H ldap://localhost:1389 -f 04-indexes.ldif\n" in text
    assert "ldapi" not in text
    assert "ldapmodify and ldapsearch ask for the password of cn=Old Manager." in text


def test_hash_of_the_administrator_is_in_no_file(tmp_path: Path) -> None:
    assert "not-to-be-shown" not in "".join(setup(tmp_path, EXISTING).values())


@pytest.mark.parametrize("closed", ["nsslapd-port: 0\n", "nsslapd-port: 389\nnsslapd-require-secure-binds: on\n"])
def test_administrator_gives_the_password_over_tls_where_the_server_requires_it(tmp_path: Path, closed: str) -> None:
    without = EXISTING.replace("ldapiautobind: on", "ldapiautobind: off").replace(
        "nsslapd-port: 1389\n", f"{closed}nsslapd-securePort: 1636\n"
    )
    commands = " -x -D 'cn=Old Manager' -W -H ldaps://localhost:1636 -f 04-indexes.ldif\n"
    assert f"LDAPTLS_REQCERT=never ldapmodify{commands}" in setup(tmp_path, without)["setup.md"]


def test_existing_server_without_tls_gets_it_where_the_configuration_says(tmp_path: Path) -> None:
    without = EXISTING.replace("security: on", "security: off")
    made = setup(tmp_path, without)
    assert "nsslapd-securePort: 1636\n" in made["10-tls.ldif"]
    assert "nsslapd-port" not in made["10-tls.ldif"]
    assert "install -D -m 644 /etc/dirsrv/tls/server.pem ca.pem\n" in made["setup.md"]
    assert "Port" not in setup(tmp_path, without, url="ldap://ldap.skotthyll.no")["10-tls.ldif"]


def test_certificate_of_an_existing_server_is_copied_from_where_dscreate_has_it(tmp_path: Path) -> None:
    assert "install -D -m 644 '/etc/dirsrv/slapd-old one/ca.crt' ca.pem\n" in setup(tmp_path, EXISTING)["setup.md"]


@pytest.mark.parametrize(
    ("base", "added"),
    [
        ("dc=no", ["dc=no"]),
        ("dc=skotthyll,dc=no", ["dc=skotthyll,dc=no"]),
        ("ou=b,ou=a,dc=no", ["ou=a,dc=no", "ou=b,ou=a,dc=no"]),
    ],
)
def test_base_of_an_existing_database_is_created_if_it_is_missing(tmp_path: Path, base: str, added: list[str]) -> None:
    made = setup(tmp_path, EXISTING, base=base)
    names = sorted(name for name in made if name.startswith("03-"))
    assert [attributes(made[name], "changetype") for name in names] == [[(dn, "add")] for dn in added]
    for name, dn in zip(names, added, strict=True):
        assert f" -LLL -s base -b {dn} 1.1 || ldapmodify " in made["setup.md"]
        assert f" -f {name}\n" in made["setup.md"]


@pytest.mark.parametrize("order", [1, -1])
def test_of_two_databases_the_one_with_the_longer_suffix_has_the_base(tmp_path: Path, order: int) -> None:
    other = "dn: cn=ours,cn=ldbm database,cn=plugins,cn=config\ncn: ours\nnsslapd-suffix: dc=skotthyll, dc=no\n"
    made = setup(tmp_path, "\n".join([EXISTING, other][::order]))
    assert "nsInstance: ours\n" in made["04-indexes-fill.ldif"]
    assert ",cn=index,cn=ours,cn=ldbm database" in made["04-indexes.ldif"].replace("\n ", "")


def test_another_base_gets_a_database_with_a_free_name(tmp_path: Path) -> None:
    made = setup(tmp_path, EXISTING, base="o=Skotthyll")["03-database.ldif"]
    assert ("cn=feide1,cn=ldbm database,cn=plugins,cn=config", "o=Skotthyll") in attributes(made, "nsslapd-suffix")


def test_entry_above_the_base_that_setup_cannot_create_is_taken_to_be_there(tmp_path: Path) -> None:
    base = "o=Skotthyll,l=Nord,c=NO"
    made = setup(tmp_path, EXISTING.replace("nsslapd-suffix: dc=no", "nsslapd-suffix: c=NO"), base=base)
    assert {name: attributes(text, "changetype") for name, text in made.items() if name.startswith("03-base")} == {
        "03-base-2.ldif": [(base, "add")]
    }


@pytest.mark.parametrize("other", ["dn: olcDatabase={0}config,cn=config\nolcDatabase: config\n", "dn: cn=config\n"])
def test_other_configuration_is_refused(other: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"dse\.ldif"):
        setup(tmp_path, other)


def test_schema_that_is_there_already_is_not_loaded(tmp_path: Path) -> None:
    made = setup(tmp_path, f"{EXISTING}\n{loaded_schema()}")
    assert not [name for name in made if "schema" in name]


def test_part_of_a_schema_is_completed_by_single_definitions(tmp_path: Path) -> None:
    part = loaded_schema().replace("'norEduPersonNIN'", "'anotherName'")
    made = setup(tmp_path, f"{EXISTING}\n{part}")
    assert "02-schema.ldif" not in made
    assert "NAME 'norEduPersonNIN'" in made["02-schema-corrections.ldif"].replace("\n ", "")
    assert "-f 02-schema-corrections.ldif\n" in made["setup.md"]


def test_class_of_the_server_that_allows_more_is_kept(tmp_path: Path) -> None:
    newer = (
        "dn: cn=schema\n"
        "attributeTypes: ( 1.3.6.1.4.1.5923.1.1.1.99 NAME 'eduPersonNew' SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )\n"
        "objectClasses: ( 1.3.6.1.4.1.5923.1.1.2 NAME 'eduPerson' AUXILIARY MAY ( eduPersonNew ) )\n"
    )
    made = setup(tmp_path, f"{EXISTING}\n{newer}")
    assert "NAME 'eduPersonNickname'" in made["02-schema.ldif"]
    assert "NAME 'eduPerson'\n" not in made["02-schema.ldif"]
    corrected = made["02-schema-corrections.ldif"].replace("\n ", "")
    assert "NAME 'eduPerson' " in corrected
    assert "eduPersonNew" in corrected


def loaded_schema() -> str:
    """cn=schema of a server that has loaded the package's file."""
    text = schema_files("389")[0].read_text(encoding="utf-8")
    return text[text.index("dn: cn=schema") :]


@given(st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="*?|$"), min_size=1))
def test_rules_and_files_hold_any_name(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    folder = tmp_path_factory.mktemp("office")
    base = DN(((("o", f"x{name}x"),),))
    made = setup(folder, base=str(base))
    suffixes = [record.entry for record in records(made["03-database.ldif"].encode())]
    assert suffixes[-1] is not None
    assert suffixes[-1].dn == base


@pytest.mark.parametrize("name", ["a*b", "a?b", "a|b", "a$b"])
def test_name_that_means_something_else_in_a_rule_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="one of the characters"):
        setup(tmp_path, base=f"o={name}")


def test_rules_write_names_as_389_reads_them(tmp_path: Path) -> None:
    target = target_of(settings(tmp_path, 'o=Ås \\"test\\" (nordre)\\, 100%'), "389", tmp_path)
    rules = list(access_rules(target, PERSONAL_ATTRIBUTES))
    assert 'userdn = "ldap:///cn=feide,o=Ås \\22test\\22 (nordre)\\2C 100%"' in "".join(rules)
    assert '(target = "ldap:///ou=people,o=Ås \\5C22test\\5C22 \\28nordre\\29\\5C2C 100%")' in "".join(rules)
