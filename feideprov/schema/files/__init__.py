"""The schema of a Feide directory: eduPerson 201602, eduOrg 200210, SCHAC 1.5 and norEdu 2.0, as files.

For OpenLDAP there are two files for each specification: `.schema` for slapd.conf and `.ldif` for cn=config. For 389
Directory Server all four are in `99-noredu.ldif`, for Active Directory in `noredu-ad.ldif`. The files are generated
from `feideprov.schema` by `make docs`; a test compares them. `docs/schema.md` says how to load them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

SchemaKind = Literal["openldap", "openldap-config", "389", "ad"]

_FOLDER = Path(__file__).resolve().parent
# The order does not matter, since none of the four needs another; it is always the same, so that cn=config gives them
# the same numbers.
_SPECIFICATIONS = ("eduperson", "eduorg", "schac", "noredu")


def schema_files(kind: SchemaKind) -> tuple[Path, ...]:
    """The schema files for one kind of server, in the order in which they are loaded.

    `openldap`: to `include` in slapd.conf; `openldap-config`: to add to cn=config with ldapadd or slapadd;
    `389`: to copy into the schema folder of an instance; `ad`: to import with ldifde, where DC=X stands for the root
    of the forest.

    >>> [path.name for path in schema_files("openldap")]
    ['eduperson.schema', 'eduorg.schema', 'schac.schema', 'noredu.schema']
    >>> [path.name for path in schema_files("389")]
    ['99-noredu.ldif']
    """
    match kind:
        case "openldap":
            names = tuple(f"{name}.schema" for name in _SPECIFICATIONS)
        case "openldap-config":
            names = tuple(f"{name}.ldif" for name in _SPECIFICATIONS)
        case "389":
            names = ("99-noredu.ldif",)
        case "ad":
            names = ("noredu-ad.ldif",)
    return tuple(_FOLDER / name for name in names)


def schema_text(kind: SchemaKind) -> str:
    """The files of `schema_files` as one text, in load order: for a person to read, or to pipe to ldapadd."""
    return "\n".join(path.read_text(encoding="utf-8") for path in schema_files(kind))
