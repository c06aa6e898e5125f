"""A municipality that does not exist, with two schools, and its directory before it has users."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from feideprov.directory.dn import DN
from feideprov.directory.entry import Entry
from feideprov.directory.memory import MemoryDirectory
from feideprov.settings import Settings

BASE = "dc=skotthyll,dc=no"
_ORGANIZATION = f"o=Skotthyll kommune,{BASE}"

_SECTIONS: dict[str, Any] = {
    "organization": {
        "realm": "skotthyll.kommune.no",
        "name": "Skotthyll kommune",
        "number": "NO987654325",
        "mail": "post@skotthyll.kommune.no",
        "dn": _ORGANIZATION,
    },
    "schools": [
        {
            "id": "hylla",
            "name": "Hylla skole",
            "number": "NO912345688",
            "mail": "hylla@skotthyll.kommune.no",
            "dn": f"ou=Hylla skole,{_ORGANIZATION}",
        },
        {
            "id": "berg",
            "name": "Berg voksenopplæring",
            "number": "NO923456783",
            "mail": "berg@skotthyll.kommune.no",
            "dn": f"ou=Berg voksenopplæring,{_ORGANIZATION}",
            "kind": "adult-education",
        },
    ],
    "directory": {
        "url": "ldif:catalogue.ldif",
        "users_dn": f"ou=people,{BASE}",
        "base_dn": BASE,
        "source_id_attribute": "employeeNumber",
    },
    "numbers": {"test": True},
    "login": {"password_hash": "ssha"},
}


def example_settings(folder: Path, **sections: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> Settings:
    """The settings of the example organization, a test directory, with all files in one folder.

    `sections` change single keys: `example_settings(folder, numbers={"test": False})`. A list of sections replaces the
    one of the example.
    """
    journal = {
        "url": f"sqlite:///{folder / 'feideprov.db'}",
        "key_file": folder / "feideprov.key",
        "handover": folder / "passwords.csv",
    }
    content = _SECTIONS | {"journal": journal}
    content["directory"] = content["directory"] | {"url": f"ldif:{folder / 'catalogue.ldif'}"}
    nir = folder / "nir"
    of_nir = {"folder": nir, "file": nir / "nir.json", "key_file": nir / "nir.key"}
    for name, keys in sections.items():
        usual = of_nir if name == "nir" else content.get(name, {})
        content[name] = usual | dict(keys) if isinstance(keys, Mapping) else keys
    return Settings(**content)


def example_entries() -> list[Entry]:
    """The entries of a directory without users: the base, the organization, its schools, and the entry for people."""
    base, organization = DN.parse(BASE), _SECTIONS["organization"]
    entries = [
        Entry(base, {"objectClass": ["domain"], "dc": ["skotthyll"]}),
        Entry(base.child("ou", "people"), {"objectClass": ["organizationalUnit"], "ou": ["people"]}),
        Entry(
            DN.parse(organization["dn"]),
            {
                "objectClass": ["organization", "eduOrg", "norEduOrg"],
                "o": [organization["name"]],
                "eduOrgLegalName": [organization["name"]],
                "norEduOrgNIN": [organization["number"]],
                "mail": [organization["mail"]],
                "norEduOrgSchemaVersion": ["2.0"],
            },
        ),
    ]
    for school in _SECTIONS["schools"]:
        values = {
            "objectClass": ["organizationalUnit", "norEduOrgUnit"],
            "ou": [school["name"]],
            "norEduOrgUnitUniqueIdentifier": [school["number"]],
            "mail": [school["mail"]],
        }
        entries.append(Entry(DN.parse(school["dn"]), values))
    return entries


def example_directory() -> MemoryDirectory:
    """The example organization's directory in memory, without users."""
    return MemoryDirectory(BASE, example_entries())
