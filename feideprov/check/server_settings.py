"""The server's own settings: schema, indexes, uniqueness, logs.

Nothing is written. What the server does not show to this account is reported as unknown, never as good.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from feideprov.check.examination import Check, error, good, note, noted, unknown, warning, wrong
from feideprov.directory.ldap.directory import NEEDED, LdapDirectory
from feideprov.directory.ldap.server_config import ServerConfig
from feideprov.directory.ldap.server_kind import Kind
from feideprov.directory.ldap.server_schema import loadable, schema_gap
from feideprov.directory.protocol import NAME_ATTRIBUTE, NUMBER_ATTRIBUTE
from feideprov.errors import scrub_path
from feideprov.issues import code
from feideprov.messages import Sentence, joined, listed

_UNIQUE = ("uid", NAME_ATTRIBUTE, NUMBER_ATTRIBUTE)

SCHEMA = code(
    "D-SCHEMA",
    Sentence(
        "Attributes or object classes are missing in the schema. The exit code is 2 if nothing can be "
        "written without them."
    ),
    Sentence("Load the schema files into the server (docs/schema.md)."),
)
SCHEMA_DIFFERS = code(
    "D-SCHEMA-DIFFERS",
    Sentence("Warning: the server defines an attribute in another way than its specification."),
    Sentence("Replace the server's definitions with those of this package (docs/schema.md)."),
)
INDEX = code(
    "D-INDEX",
    Sentence("Warning: an attribute that is used in searches has no index."),
    Sentence("Add the index (docs/doctor.md)."),
)
UNIQUE = code(
    "D-UNIQUE",
    Sentence(
        "Warning: the server allows two users with the same name or number. In Active Directory this is only a note."
    ),
    Sentence(
        "Switch on the overlay unique in OpenLDAP, or the attribute uniqueness plug-in in 389 DS (docs/doctor.md)."
    ),
)
LOGS_FILTERS = code(
    "D-LOGS-FILTERS",
    Sentence("Note: the server logs search filters."),
    Sentence("Make sure that only administrators can read the log, and that old logs are deleted."),
)


def schema(directory: LdapDirectory, kind: Kind, *, with_schac: bool) -> Iterator[Check]:
    """Are the attributes and object classes of a Feide directory there, and defined as in their specifications?

    schac is required only if the configuration writes schacHomeOrganization.
    """
    attributes, classes = directory.schema()
    if not attributes:
        yield unknown("schema", Sentence("The server does not show its schema to the bind account."))
        return
    gap = schema_gap(attributes, classes, has_rules=kind != "ad")
    missing = {spec: names for spec, names in gap.missing.items() if spec != "schac" or with_schac}
    if missing:
        names = [name for lacking in missing.values() for name in lacking]
        sentence = Sentence("These are missing in the schema: {names}.", names=_first_of(names))
        files = listed(scrub_path(path) for path in loadable(missing, kind))
        action = Sentence("Load {files} into the server (docs/schema.md explains how).", files=files)
        yield wrong("schema", error(SCHEMA, sentence, action), 2 if set(names) & set(NEEDED) else 0)
    else:
        yield good("schema", Sentence("The schema has eduPerson, eduOrg and norEdu."))
    if gap.differing:
        some = _first_of(gap.differing, "; ", most=3)
        sentence = Sentence("The schema differs from the specifications: {differences}.", differences=some)
        yield wrong("schema as specified", warning(SCHEMA_DIFFERS, sentence))


def configuration(config: ServerConfig | None, kind: Kind, source_id_attribute: str) -> Iterator[Check]:
    """Indexes, uniqueness and logs. `config` is None if the bind account has no right to read it."""
    if config is not None:
        yield _indexes(config, kind, source_id_attribute)
        yield _uniqueness(config)
        yield _logs(config)
    elif kind == "ad":
        yield unknown(
            "indexes",
            Sentence(
                "The schema file of this package defines the indexes. Active Directory does not show whether they "
                "exist."
            ),
        )
        sentence = Sentence("Active Directory cannot prevent duplicates in norEduPersonNIN and eduPersonPrincipalName.")
        action = Sentence(
            "You need to do nothing: this program checks for duplicates itself, before and after each write."
        )
        yield noted("uniqueness", note(UNIQUE, sentence, action))
        yield unknown(
            "logs",
            Sentence(
                "Active Directory does not show whether it logs search filters. It logs them only if its "
                "diagnostics are switched on."
            ),
        )
    else:
        for name in ("indexes", "uniqueness", "logs"):
            sentence = Sentence(
                "The bind account has no right to read the server's configuration, so this was not checked. "
                "docs/doctor.md explains how to give the right."
            )
            yield unknown(name, sentence)


def _indexes(config: ServerConfig, kind: Kind, source_id_attribute: str) -> Check:
    wanted = {
        "uid": {"eq"},
        NAME_ATTRIBUTE: {"eq"},
        NUMBER_ATTRIBUTE: {"pres", "eq"},
        "eduPersonEntitlement": {"eq"},
        source_id_attribute: {"eq"},
    }
    missing = {name: sorted(kinds - config.indexes.get(name.lower(), frozenset())) for name, kinds in wanted.items()}
    missing = {name: kinds for name, kinds in missing.items() if kinds}
    if not missing:
        return good("indexes", Sentence("These attributes have an index: {names}.", names=listed(wanted)))
    lacking = joined((f"{name} ({', '.join(kinds)})" for name, kinds in missing.items()), ", ")
    sentence = Sentence("There is no index for {names}. Each search by one of these reads every user.", names=lacking)
    if kind == "389":
        lines = [f"“--attr {name} {' '.join(f'--index-type {k}' for k in kinds)}”" for name, kinds in missing.items()]
        action = Sentence(
            "Add each index with “dsconf INSTANCE backend index add” and these options: {lines} (docs/doctor.md).",
            lines=joined(lines, ", "),
        )
    else:
        lines = [f"“olcDbIndex: {name} {','.join(kinds)}”" for name, kinds in missing.items()]
        action = Sentence(
            "Add these values to the database's entry in cn=config: {lines} (docs/doctor.md).",
            lines=joined(lines, ", "),
        )
    return wrong("indexes", warning(INDEX, sentence, action))


def _uniqueness(config: ServerConfig) -> Check:
    missing = [name for name in _UNIQUE if name.lower() not in config.unique]
    if not missing:
        sentence = Sentence(
            "The server prevents duplicates in {names}. Two writes at the same moment can both succeed, so "
            "this program also checks.",
            names=listed(_UNIQUE),
        )
        return good("uniqueness", sentence)
    sentence = Sentence("The server allows two users with the same value in: {names}.", names=joined(missing, ", "))
    return wrong("uniqueness", warning(UNIQUE, sentence))


def _logs(config: ServerConfig) -> Check:
    if not config.logs_filters:
        return good("logs", Sentence("The server does not log search filters."))
    sentence = Sentence(
        "The server logs search filters. This program never puts a number into a filter, but other programs perhaps do."
    )
    return noted("logs", note(LOGS_FILTERS, sentence))


def _first_of(names: Sequence[str], separator: str = ", ", *, most: int = 8) -> Sentence:
    shown = joined(names[:most], separator)
    if len(names) <= most:
        return shown
    return Sentence("{names} and {count} more", names=shown, count=len(names) - most)
