"""The forms of the schema load, say the same, and hold what a Feide directory needs."""

from __future__ import annotations

import re
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import ldap3
import pytest
from private_samba import PrivateSamba

from feideprov.schema.files import SchemaKind, schema_files, schema_text
from feideprov.testing import slapd as private_slapd
from feideprov.testing.slapd import PrivateSlapd

KINDS: tuple[SchemaKind, ...] = ("openldap", "openldap-config", "389")
SCHEMA_FOLDER = Path("/etc/ldap/schema")
INVALID_SYNTAX, CONSTRAINT_VIOLATION = 21, 19

# RFC 4517; 389 DS 2.3.1 and OpenLDAP 2.5.13 know all of them
STANDARD_SYNTAXES = {
    "1.3.6.1.4.1.1466.115.121.1.12": "distinguished name",
    "1.3.6.1.4.1.1466.115.121.1.15": "directory string",
    "1.3.6.1.4.1.1466.115.121.1.24": "generalized time",
    "1.3.6.1.4.1.1466.115.121.1.26": "IA5 string",
    "1.3.6.1.4.1.1466.115.121.1.27": "integer",
    "1.3.6.1.4.1.1466.115.121.1.36": "numeric string",
}


class Definition(NamedTuple):
    """What one attributetype or objectclass says, free of layout."""

    kind: str
    oid: str
    name: str
    fields: tuple[tuple[str, tuple[str, ...]], ...]

    def get(self, field: str) -> tuple[str, ...] | None:
        return dict(self.fields).get(field)


LABELS = {
    "attributetype": "attribute",
    "olcattributetypes:": "attribute",
    "attributetypes:": "attribute",
    "objectclass": "class",
    "olcobjectclasses:": "class",
    "objectclasses:": "class",
}
FLAGS = {"SINGLE-VALUE", "AUXILIARY", "STRUCTURAL", "ABSTRACT", "OBSOLETE"}


def definitions(kind: SchemaKind) -> list[Definition]:
    return [definition for path in schema_files(kind) for definition in parse(path.read_text(encoding="ascii"))]


def parse(text: str) -> list[Definition]:
    """Read RFC 4512 definitions out of slapd.conf or LDIF; both fold a long one with leading white space."""
    unfolded = re.sub(r"\n[ \t]+", " ", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE))
    found = []
    for line in unfolded.splitlines():
        label, _, rest = line.partition(" ")
        if label.lower() in LABELS and rest.startswith("("):
            found.append(parse_one(LABELS[label.lower()], rest))
    return found


def parse_one(kind: str, text: str) -> Definition:
    tokens = re.findall(r"'[^']*'|[()$]|[^\s()$']+", text)
    assert (tokens[0], tokens[-1]) == ("(", ")")
    assert tokens.count("(") == tokens.count(")")
    oid, body = tokens[1], tokens[2:-1]
    fields: dict[str, tuple[str, ...]] = {}
    while body:
        keyword = body.pop(0)
        assert keyword not in fields, f"{keyword} twice"
        values: list[str] = []
        if keyword not in FLAGS:
            values = [body.pop(0)]
            if values == ["("]:
                end = body.index(")")
                values, body = [token for token in body[:end] if token != "$"], body[end + 1 :]
        fields[keyword] = tuple(value.strip("'") for value in values)
    (name,) = fields.pop("NAME")
    fields.pop("X-ORIGIN", None)  # 389's own custom
    return Definition(kind, oid, name, tuple(sorted(fields.items())))


# --- what the files say


def test_the_three_forms_say_the_same() -> None:
    openldap, config, ds389 = (set(definitions(kind)) for kind in KINDS)
    assert openldap == config == ds389


@pytest.mark.parametrize("kind", KINDS)
def test_every_file_is_regular(kind: SchemaKind) -> None:
    """Attributes, then classes, each in the order of OIDs, none twice: so that files can be compared by eye."""
    for path in schema_files(kind):
        found = parse(path.read_text(encoding="ascii"))
        order = [(one.kind, [int(arc) for arc in one.oid.split(".")]) for one in found]
        assert order == sorted(order)
        assert path.read_text().startswith("# ")
    every = definitions(kind)
    assert len({one.oid for one in every}) == len({one.name.lower() for one in every}) == len(every)


def test_how_much_there_is() -> None:
    counted = {
        path.stem: [sum(one.kind == kind for one in parse(path.read_text())) for kind in ("attribute", "class")]
        for path in schema_files("openldap")
    }
    assert counted == {"eduperson": [14, 1], "eduorg": [5, 1], "schac": [21, 9], "noredu": [15, 4]}


def test_every_syntax_is_a_standard_one() -> None:
    syntaxes = {one.get("SYNTAX") for one in definitions("389") if one.kind == "attribute"}
    assert syntaxes == {(oid,) for oid in STANDARD_SYNTAXES}


def test_the_number_is_one_and_found_by_equality_only() -> None:
    """norEdu 2.0, norEduPersonNIN: a single value, case-insensitive equality, no substring search."""
    number = next(one for one in definitions("openldap") if one.name == "norEduPersonNIN")
    assert number.oid == "1.3.6.1.4.1.2428.90.1.5"
    assert number.get("SINGLE-VALUE") == ()
    assert number.get("EQUALITY") == ("caseIgnoreMatch",)
    assert number.get("SUBSTR") is None


def test_classes_are_auxiliary_and_demand_nothing() -> None:
    """Every attribute is MAY: what Feide calls mandatory is a rule of use, and no server checks it."""
    classes = [one for one in definitions("openldap") if one.kind == "class"]
    assert all(one.get("AUXILIARY") == () and one.get("MUST") is None for one in classes)
    named = {name for one in classes for name in one.get("MAY") or ()}
    ours = {one.name for one in definitions("openldap") if one.kind == "attribute"}
    assert named - ours == {"cn", "dc", "mail", "labeledURI"}
    assert ours - named == set()


def test_schema_text_is_all_files_in_load_order() -> None:
    text = schema_text("openldap-config")
    assert re.findall(r"^dn: cn=(\w+),cn=schema,cn=config$", text, re.MULTILINE) == [
        "eduperson",
        "eduorg",
        "schac",
        "noredu",
    ]
    assert set(parse(text)) == set(definitions("openldap-config"))


@pytest.mark.parametrize("kind", ["openldap-config", "389"])
def test_ldif_is_clean(kind: SchemaKind) -> None:
    """RFC 2849: attribute lines, continuations, comments and empty lines; nothing behind a line's end."""
    for path in schema_files(kind):
        lines = path.read_text(encoding="ascii").split("\n")
        assert all(re.fullmatch(r"(#.*|[A-Za-z]+: \S.*| +\S.*|)", line) and line == line.rstrip() for line in lines)
        assert sum(line.startswith("dn: ") for line in lines) == 1
        first = next(at for at, line in enumerate(lines) if line.startswith("dn: "))
        # 389 takes comments alone for an entry and ends without a word, so there no empty line comes before
        assert "" not in lines[0 if kind == "389" else first : -1]


# --- Active Directory's form

AD_SYNTAXES = {
    "1.3.6.1.4.1.1466.115.121.1.12": ("2.5.5.1", "127"),
    "1.3.6.1.4.1.1466.115.121.1.15": ("2.5.5.12", "64"),
    "1.3.6.1.4.1.1466.115.121.1.24": ("2.5.5.11", "24"),
    "1.3.6.1.4.1.1466.115.121.1.26": ("2.5.5.12", "64"),
    "1.3.6.1.4.1.1466.115.121.1.27": ("2.5.5.9", "2"),
    "1.3.6.1.4.1.1466.115.121.1.36": ("2.5.5.6", "18"),
}


def ad_definitions() -> dict[str, dict[str, list[str]]]:
    """The entries of the file by the name that they define."""
    found: dict[str, dict[str, list[str]]] = {}
    for block in re.sub(r"(?m)^#.*\n", "", schema_text("ad")).strip().split("\n\n"):
        entry: dict[str, list[str]] = {}
        for line in block.splitlines():
            name, _, value = line.partition(":")
            entry.setdefault(name, []).append(value.lstrip(": "))
        if "lDAPDisplayName" in entry:
            found[entry["lDAPDisplayName"][0]] = entry
    return found


def test_active_directory_gets_the_same_attributes_and_classes() -> None:
    theirs, ours = ad_definitions(), {one.name: one for one in definitions("openldap")}
    assert theirs.keys() == ours.keys()
    for name, one in ours.items():
        entry = theirs[name]
        if one.kind == "attribute":
            assert entry["attributeID"] == [one.oid]
            (syntax,) = one.get("SYNTAX") or ("",)
            assert (entry["attributeSyntax"][0], entry["oMSyntax"][0]) == AD_SYNTAXES[syntax]
            assert entry["isSingleValued"] == [str(one.get("SINGLE-VALUE") is not None).upper()]
        else:
            assert entry["governsID"] == [one.oid]
            assert entry["objectClassCategory"] == ["3"]
            assert tuple(entry["mayContain"]) == one.get("MAY")
    guids = [entry["schemaIDGUID"][0] for entry in theirs.values()]
    assert len(set(guids)) == len(guids)


def test_numbers_and_birth_dates_are_confidential_in_active_directory() -> None:
    flags = {name: int(entry["searchFlags"][0]) for name, entry in ad_definitions().items() if "searchFlags" in entry}
    confidential = {name for name, bits in flags.items() if bits & 128}
    assert confidential == {
        *("norEduPersonNIN", "norEduPersonLIN", "norEduPersonGuardianNIN", "norEduPersonBirthDate"),
        *("schacDateOfBirth", "schacYearOfBirth", "schacPlaceOfBirth", "schacPersonalUniqueID"),
        *("schacPersonalUniqueCode", "schacGender", "schacMotherTongue", "schacCountryOfCitizenship"),
    }
    assert flags["norEduPersonNIN"] & flags["eduPersonPrincipalName"] & flags["eduPersonEntitlement"] & 1


def test_samba_publishes_the_schema(samba: PrivateSamba) -> None:
    tls = ldap3.Tls(validate=ssl.CERT_REQUIRED, ca_certs_file=str(samba.ca_file))
    server = ldap3.Server(samba.address, port=636, use_ssl=True, tls=tls, get_info=ldap3.SCHEMA)
    connection = ldap3.Connection(server, samba.service_dn, samba.service_password)
    try:
        assert connection.bind()
    finally:
        connection.unbind()
    for one in definitions("openldap"):
        published = server.schema.attribute_types if one.kind == "attribute" else server.schema.object_classes
        assert published[one.name].oid == one.oid
        if one.kind == "attribute":
            assert published[one.name].single_value == (one.get("SINGLE-VALUE") is not None)


# --- what slapd makes of them


def test_slapd_loads_and_publishes_the_schema(slapd: PrivateSlapd) -> None:
    server = ldap3.Server(slapd.url, get_info=ldap3.SCHEMA)
    connection = ldap3.Connection(server, slapd.service_dn, slapd.service_password)
    try:
        assert connection.bind()
    finally:
        connection.unbind()
    for one in definitions("openldap"):
        published = server.schema.attribute_types if one.kind == "attribute" else server.schema.object_classes
        assert published[one.name].oid == one.oid
        if one.kind == "attribute":
            assert (published[one.name].syntax,) == one.get("SYNTAX")
            assert published[one.name].single_value == (one.get("SINGLE-VALUE") is not None)


@pytest.mark.parametrize("path", schema_files("openldap"), ids=lambda path: path.stem)
def test_each_schema_file_needs_only_core(path: Path, tmp_path: Path) -> None:
    configuration = tmp_path / "slapd.conf"
    configuration.write_text(f"include {SCHEMA_FOLDER}/core.schema\ninclude {path}\n")
    run_slapd("-T", "test", "-u", "-f", str(configuration))


def test_config_form_loads_into_cn_config(tmp_path: Path) -> None:
    folder = tmp_path / "slapd.d"
    folder.mkdir()
    standard = [SCHEMA_FOLDER / f"{name}.ldif" for name in ("core", "cosine", "inetorgperson")]
    first = tmp_path / "config.ldif"
    first.write_text(
        "dn: cn=config\nobjectClass: olcGlobal\ncn: config\n\n"
        "dn: cn=schema,cn=config\nobjectClass: olcSchemaConfig\ncn: schema\n\n"
    )
    for path in (first, *standard, *schema_files("openldap-config")):
        run_slapd("-T", "add", "-n0", "-F", str(folder), "-l", str(path))
    run_slapd("-T", "test", "-u", "-F", str(folder))
    loaded = sorted(path.name for path in (folder / "cn=config" / "cn=schema").iterdir())
    assert loaded[-4:] == ["cn={3}eduperson.ldif", "cn={4}eduorg.ldif", "cn={5}schac.ldif", "cn={6}noredu.ldif"]


def run_slapd(*arguments: str) -> None:
    done = subprocess.run(
        [private_slapd.find_program("slapd", ""), *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


# --- what slapd accepts with them

PERSON = {
    "objectClass": ["inetOrgPerson", "eduPerson", "norEduPerson", "schacContactLocation"],
    "cn": ["Oksana Olenkova"],
    "sn": ["Olenkova"],
    "givenName": ["Oksana"],
    "displayName": ["Oksana Olenkova"],
    "norEduPersonLegalName": ["Oksana Olenkova"],
    "eduPersonPrincipalName": ["olenkova@skotthyll.kommune.no"],
    "eduPersonAffiliation": ["student", "member"],
    "eduPersonPrimaryAffiliation": ["student"],
    "eduPersonOrgDN": ["o=Skotthyll kommune,dc=skotthyll,dc=no"],
    "eduPersonOrgUnitDN": ["ou=Hylla skole,o=Skotthyll kommune,dc=skotthyll,dc=no"],
    "eduPersonPrimaryOrgUnitDN": ["ou=Hylla skole,o=Skotthyll kommune,dc=skotthyll,dc=no"],
    "eduPersonEntitlement": ["urn:mace:feide.no:go:groupid:b:NO912345688:6a:2026-08-01:2027-07-31"],
    "norEduPersonNIN": ["a-number"],
    "norEduPersonLIN": ["skotthyll.kommune.no:localnin:a"],
    "norEduPersonBirthDate": ["20081231"],
    "schacHomeOrganization": ["skotthyll.kommune.no"],
}
ORGANIZATION = {
    "objectClass": ["organization", "eduOrg", "norEduOrg"],
    "eduOrgLegalName": ["Skotthyll kommune"],
    "norEduOrgNIN": ["NO987654325"],
    "norEduOrgSchemaVersion": ["2.0"],
    "norEduOrgAcronym": ["SK"],
    "mail": ["post@skotthyll.kommune.no"],
    "labeledURI": ["https://skotthyll.kommune.no Skotthyll"],
    "dc": ["skotthyll"],
}
SCHOOL = {
    "objectClass": ["organizationalUnit", "norEduOrgUnit"],
    "norEduOrgUnitUniqueIdentifier": ["NO912345688"],
    "mail": ["hylla@skotthyll.kommune.no"],
    "cn": ["Hylla skole"],
}


@contextmanager
def added(slapd: PrivateSlapd, rdn: str, entry: dict[str, list[str]], **more: list[str]) -> Iterator[int]:
    """The result code of adding the entry under ou=people; what was added is gone afterwards."""
    connection = ldap3.Connection(
        ldap3.Server(slapd.url, get_info=ldap3.NONE), slapd.service_dn, slapd.service_password
    )
    try:
        assert connection.bind()
        connection.add(f"{rdn},{slapd.people_dn}", attributes={**entry, **more})
        code = int(connection.result["result"])
        yield code
        if code == 0:
            assert connection.delete(f"{rdn},{slapd.people_dn}")
    finally:
        connection.unbind()


@pytest.mark.parametrize(
    ("rdn", "entry"),
    [("uid=olenkova", PERSON), ("o=Skotthyll kommune", ORGANIZATION), ("ou=Hylla skole", SCHOOL)],
    ids=["person", "organization", "school"],
)
def test_an_entry_of_each_kind_is_accepted(slapd: PrivateSlapd, rdn: str, entry: dict[str, list[str]]) -> None:
    with added(slapd, rdn, entry) as code:
        assert code == 0


def test_absent_number_is_accepted_and_an_empty_one_refused(slapd: PrivateSlapd) -> None:
    without = {name: values for name, values in PERSON.items() if name != "norEduPersonNIN"}
    with added(slapd, "uid=olenkova", without) as code:
        assert code == 0
    with added(slapd, "uid=olenkova", PERSON, norEduPersonNIN=[""]) as code:
        assert code == INVALID_SYNTAX


def test_two_numbers_are_refused(slapd: PrivateSlapd) -> None:
    with added(slapd, "uid=olenkova", PERSON, norEduPersonNIN=["one", "two"]) as code:
        assert code == CONSTRAINT_VIOLATION


def test_birth_date_with_a_leading_zero_is_refused(slapd: PrivateSlapd) -> None:
    """Its syntax is Integer, so DDMMYY, as in Feide's example, cannot be written for the first nine days."""
    with added(slapd, "uid=olenkova", PERSON, norEduPersonBirthDate=["010208"]) as code:
        assert code == INVALID_SYNTAX
    with added(slapd, "uid=olenkova", PERSON, norEduPersonBirthDate=["310208"]) as code:
        assert code == 0
