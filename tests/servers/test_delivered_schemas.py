"""Schemas as others deliver them: what the doctor misses is what this configuration writes, and the advice works.

tests/data/schemas has the definitions as facts, without descriptions; each file names its source. 389 has its own.
"""

from __future__ import annotations

import gc
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import private_389
import pytest
from private_389 import Private389

from feideprov.check import server_settings
from feideprov.check.finding import Finding
from feideprov.client.client import Client
from feideprov.directory.entry import Add
from feideprov.directory.ldap.directory import LdapDirectory
from feideprov.feide.person import PersonRecord, Role
from feideprov.testing.example import example_entries, example_settings
from feideprov.testing.slapd import PrivateSlapd

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
SCHEMAS = Path(__file__).parents[1] / "data" / "schemas"
SERVICE = "cn=feideprov,dc=skotthyll,dc=no"
NOREDU_2018, OLD = ("eduperson-2018", "eduorg-old", "noredu-2026"), ("eduperson-old", "eduorg-old", "noredu-2026")
NEWEST = ("eduperson-202208", "eduorg-old", "noredu-old")
MFA, HOME, UNIQUE = {"mfa": {"sms_roles": ["pupil"]}}, {"feide": {"home_organization": True}}, "eduPersonUniqueId"
METHODS, PRIOR = {"norEduPersonAuthnMethod", "norEduPersonServiceAuthnLevel"}, "eduPersonPrincipalNamePrior"
EVERYTHING = {
    "feide": {"birth_date": True, "unique_id": True, "home_organization": True},
    "numbers": {"keep_local_numbers": True},
    **MFA,
}


@contextmanager
def served(*schemas: str) -> Iterator[PrivateSlapd]:
    """A slapd with these schemas, whose configuration the service account may change."""
    config = (
        *(f'include "{SCHEMAS / name}.schema"' for name in schemas),
        "database config",
        f'access to * by dn.exact="{SERVICE}" manage',
    )
    with PrivateSlapd(noredu=False, extra_config=config) as server:
        yield server
    gc.collect()


def settings(server: PrivateSlapd | Private389, folder: Path, sections: dict[str, Any]) -> Any:
    secret = folder / "bind-password"
    secret.write_text(server.service_password)
    secret.chmod(0o600)
    address = {"url": server.ldaps, "ca_file": server.ca_file, "bind_dn": server.service_dn, "password_file": secret}
    return example_settings(folder, directory=address, **sections)


def examined(server: PrivateSlapd | Private389, folder: Path, sections: dict[str, Any]) -> list[Finding]:
    """What the doctor finds about the schema."""
    with directory_of(server) as directory:
        checks = server_settings.schema(directory, directory.kind_of_server(), settings(server, folder, sections))
        return [check.finding for check in checks if check.finding]


def directory_of(server: PrivateSlapd | Private389) -> LdapDirectory:
    account = {"bind_dn": server.service_dn, "password": server.service_password, "ca_file": str(server.ca_file)}
    return LdapDirectory(server.ldaps, base=server.suffix, **account)


def said(found: list[Finding], code: str) -> set[str]:
    """The names of the schema that a finding speaks of."""
    sentences = " ".join(one.sentence for one in found if one.code == code)
    return set(re.findall(r"\b(?:eduPerson|eduOrg|norEdu|schac)\w*", sentences))


def advice(found: list[Finding]) -> str:
    return " ".join(one.action for one in found)


def apply_a_plan(server: PrivateSlapd | Private389, folder: Path, sections: dict[str, Any]) -> None:
    with directory_of(server) as directory:
        missing = [Add(entry) for entry in example_entries() if directory.read(entry.dn) is None]
        assert [written.error for written in directory.write(missing) if written.error] == []
    olena = PersonRecord(
        source_id="p1",
        given_name="Olena",
        family_name="Kovalenko",
        nickname="Åse",
        school="hylla",
        role=Role.PUPIL,
        mobile="+4790123456",
    )
    later = olena.model_copy(update={"role": Role.TEACHER, "given_name": "Åse"})
    with Client(settings(server, folder, sections)) as feide:
        assert feide.apply(feide.plan([olena])).counts["created"] == 1
        changed = feide.apply(feide.plan([later]))
        assert (changed.failures, changed.counts["updated"]) == ((), 1)
        assert feide.plan([later]).changes == ()


def modified(url: str, account: tuple[str, str], text: str, *options: str) -> str:
    command = ["ldapmodify", "-x", "-H", url, "-D", account[0], "-w", account[1], *options]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    return done.stderr if done.returncode else ""


def carry_out_on_slapd(server: PrivateSlapd, found: list[Finding]) -> None:
    """What a person does who reads the action, and nothing else."""
    account, text = (server.service_dn, server.service_password), advice(found)
    for path in re.findall(r"\S+\.ldif", text):
        assert modified(server.url, account, Path(path).read_text(), "-a") == ""
    step = r"entry below cn=schema,cn=config that defines (\w+),? (add|write)((?::? ?,?(?: and)? ?“[^”]+”)+)"
    for anchor, what, values in re.findall(step, text):
        dn, index = place_of(server, anchor)
        for kind, definition in re.findall(r"“(\w+): (\([^”]+\))”", values):
            if what == "add":
                change = f"add: {kind}\n{kind}: {definition}\n"
            else:
                change = f"delete: {kind}\n{kind}: {index}\n-\nadd: {kind}\n{kind}: {index}{definition}\n"
            assert modified(server.url, account, f"dn: {dn}\nchangetype: modify\n{change}") == ""


def place_of(server: PrivateSlapd, name: str) -> tuple[str, str]:
    """The entry of cn=config that defines a name, and the number of the value."""
    command = ["ldapsearch", "-x", "-LLL", "-o", "ldif-wrap=no", "-H", server.url, "-D", server.service_dn]
    done = subprocess.run(
        [*command, "-w", server.service_password, "-b", "cn=schema,cn=config"],
        capture_output=True,
        text=True,
        check=True,
    )
    for block in done.stdout.split("\n\n"):
        if match := re.search(rf"(?m)^olc\w+: (\{{\d+\}})\( \S+ NAME '{name}'", block):
            return re.findall(r"(?m)^dn: (.*)$", block)[0], match[1]
    raise AssertionError(name)


@pytest.mark.parametrize(
    ("schemas", "sections", "missing", "differing"),
    [
        ((*NOREDU_2018, "schac-160"), EVERYTHING, set(), set()),
        (NOREDU_2018, HOME, {"schacHomeOrganization", "schacContactLocation"}, set()),
        (NEWEST, {}, set(), set()),
        (NEWEST, MFA, {*METHODS, "norEduPerson"}, set()),
        (OLD, {"feide": {"unique_id": True}}, {PRIOR, UNIQUE, "eduPerson"}, {"eduPersonScopedAffiliation"}),
        (OLD, {"feide": {"scoped_affiliation": False}}, {PRIOR, "eduPerson"}, set()),
        (("eduperson-2018",), {}, None, set()),
    ],
    ids=["2018 and 2026", "2018 without schac", "202208", "202208 and old", "old", "old unscoped", "eduperson only"],
)
def test_openldap(
    schemas: tuple[str, ...],
    sections: dict[str, Any],
    missing: set[str] | None,
    differing: set[str],
    tmp_path: Path,
) -> None:
    with served(*schemas) as server:
        found = examined(server, tmp_path, sections)
        if missing is None:  # whole specifications
            assert not any(name.startswith("eduPerson") for name in said(found, "D-SCHEMA"))
            assert [f"{name}.ldif" in advice(found) for name in ("noredu", "eduorg", "eduperson")] == [
                True,
                True,
                False,
            ]
        else:
            assert said(found, "D-SCHEMA") == missing
        assert said(found, "D-SCHEMA-DIFFERS") == differing
        carry_out_on_slapd(server, found)
        assert advice(examined(server, tmp_path, sections)) == ""
        apply_a_plan(server, tmp_path, sections)


def test_389_with_its_own_and_with_a_newer_eduperson(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LDAPTLS_REQCERT", "never")
    user = tmp_path / "99user.ldif"  # 389 starts with no schema folder that is empty
    user.write_text("dn: cn=schema\nobjectClass: top\nobjectClass: ldapSubentry\nobjectClass: subschema\ncn: schema\n")
    monkeypatch.setattr(private_389, "schema_files", lambda _: (user,))
    sections = {"feide": {"unique_id": True}, **MFA}
    with Private389(unique=False) as server:
        own = examined(server, tmp_path, sections)
        assert [name for name in said(own, "D-SCHEMA") if name.startswith("eduPerson")] == []
        assert said(own, "D-SCHEMA-DIFFERS") == set()
        assert re.search(r"^Load \S+99-noredu\.ldif into the server \(", advice(own))
        modify_schema(server, definitions(SCHEMAS / "eduperson-202208.schema"))
        newer = examined(server, tmp_path, sections)
        [(path, left_out)] = re.findall(r"Load (\S+) into the server, without its definition of (\w+):", advice(newer))
        text = re.sub(rf"(?m)^objectClasses: \( \S+\n +NAME '{left_out}'\n(?: .*\n)+", "", Path(path).read_text())
        (server._config / "schema" / "99-noredu.ldif").write_text(text)
        server.kill()
        server.restart()
        assert advice(examined(server, tmp_path, sections)) == ""
        assert "eduPersonDisplayPronouns" in class_of(server, "eduPerson")
        modify_schema(server, OLDER)
        older = examined(server, tmp_path, sections)
        assert said(older, "D-SCHEMA") == {"norEduPerson", *METHODS}
        assert said(older, "D-SCHEMA-DIFFERS") == {"eduPersonScopedAffiliation"}
        modify_schema(server, re.findall(r"“(\w+): (\([^”]+\))”", advice(older)))
        assert advice(examined(server, tmp_path, sections)) == ""
        apply_a_plan(server, tmp_path, sections)


def definitions(path: Path) -> list[tuple[str, str]]:
    """Of a file for slapd.conf, as 389 takes them."""
    text = re.sub(r"(?m)^#.*\n", "", path.read_text()).replace("\n    ", " ")
    kinds = {"attributetype": "attributeTypes", "objectclass": "objectClasses"}
    return [(kinds[kind], definition) for kind, definition in re.findall(r"(?m)^(\w+) (\(.*\))$", text)]


def modify_schema(server: Private389, values: list[tuple[str, str]]) -> None:
    for kind, definition in values:
        change = f"dn: cn=schema\nchangetype: modify\nadd: {kind}\n{kind}: {definition}\n"
        assert modified(server.ldaps, (server.admin_dn, server.password), change) == ""


def class_of(server: Private389, name: str) -> str:
    with server.directory() as directory:
        [found] = [definition for definition in directory.schema()[1] if f"'{name}'" in definition]
        return found


OLDER = [
    (
        "objectClasses",
        "( 1.3.6.1.4.1.2428.90.2.3 NAME 'norEduPerson' AUXILIARY MAY ( norEduPersonLegalName $ norEduPersonNIN ) )",
    ),
    (
        "attributeTypes",
        "( 1.3.6.1.4.1.5923.1.1.1.9 NAME 'eduPersonScopedAffiliation' SYNTAX "
        "1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )",
    ),
]
