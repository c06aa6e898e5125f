"""The server's own settings: schema, indexes, uniqueness, logs.

Nothing is written. What the server does not show to this account is reported as unknown, never as good.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from feideprov.check.examination import Check, error, good, note, noted, unknown, warning, wrong
from feideprov.directory.attribute_description import attribute_key
from feideprov.directory.ldap.directory import NEEDED, LdapDirectory
from feideprov.directory.ldap.server_config import ServerConfig
from feideprov.directory.ldap.server_kind import Kind
from feideprov.directory.ldap.server_schema import Correction, SchemaGap, loadable, schema_gap
from feideprov.directory.protocol import GUARDIAN_ATTRIBUTE, NAME_ATTRIBUTE, NUMBER_ATTRIBUTE, PRIOR_NAME_ATTRIBUTE
from feideprov.errors import scrub_path
from feideprov.feide.attributes import ATTRIBUTES
from feideprov.feide.lin import LIN_ATTRIBUTE
from feideprov.feide.mfa import LEVEL_ATTRIBUTE, METHOD_ATTRIBUTE
from feideprov.feide.user import AUXILIARY_CLASSES, HOME_ORGANIZATION_CLASS
from feideprov.installation import page
from feideprov.issues import code
from feideprov.messages import Sentence, joined, listed
from feideprov.schema import CLASSES, Attribute
from feideprov.settings import Settings

_SETUP, _SCHEMA_PAGE = page("doctor.md", "Indexes, uniqueness and rights"), page("schema.md")
UNIQUE_ATTRIBUTES = ("uid", NAME_ATTRIBUTE, NUMBER_ATTRIBUTE)

SCHEMA = code(
    "D-SCHEMA",
    Sentence(
        "The schema lacks attributes or object classes that this configuration writes, or a class does not allow an "
        "attribute. The exit code is 2 if nothing can be written without them."
    ),
    Sentence(
        "Load the schema files into the server, or add what is missing ({page}). feideprov setup writes the files.",
        page=_SCHEMA_PAGE,
    ),
)
SCHEMA_DIFFERS = code(
    "D-SCHEMA-DIFFERS",
    Sentence(
        "Warning: the server defines an attribute or object class that this configuration writes in another way than "
        "its specification, and something does not work with it."
    ),
    Sentence("Replace these definitions with those of this package, one by one ({page}).", page=_SCHEMA_PAGE),
)
INDEX = code(
    "D-INDEX",
    Sentence("Warning: an attribute that is used in searches has no index."),
    Sentence("Add the index ({page}).", page=_SETUP),
)
UNIQUE = code(
    "D-UNIQUE",
    Sentence(
        "Warning: the server allows two users with the same name or number. In Active Directory this is only a note."
    ),
    Sentence(
        "Switch on the overlay unique in OpenLDAP, or the attribute uniqueness plug-in in 389 DS ({page}).",
        page=_SETUP,
    ),
)
LOGS_FILTERS = code(
    "D-LOGS-FILTERS",
    Sentence("Note: the server logs search filters."),
    Sentence("Make sure that only administrators can read the log, and that old logs are deleted."),
)


_ALWAYS_WRITTEN = frozenset(
    {
        *(row.attribute for row in ATTRIBUTES if row.attribute != GUARDIAN_ATTRIBUTE),
        *(NAME_ATTRIBUTE, PRIOR_NAME_ATTRIBUTE, "eduOrgLegalName", "norEduOrgNIN", "norEduOrgSchemaVersion"),
        *("norEduOrgUnitUniqueIdentifier", *AUXILIARY_CLASSES, "eduOrg", "norEduOrg", "norEduOrgUnit"),
    }
)


def written_names(settings: Settings) -> frozenset[str]:
    """The attributes that this configuration writes, and the auxiliary object classes that they need."""
    by_setting = (
        (settings.feide.home_organization, ("schacHomeOrganization", HOME_ORGANIZATION_CLASS)),
        (settings.feide.birth_date, ("norEduPersonBirthDate",)),
        (settings.feide.scoped_affiliation, ("eduPersonScopedAffiliation",)),
        (settings.feide.unique_id, ("eduPersonUniqueId",)),
        (bool(settings.mfa.sms_roles), (METHOD_ATTRIBUTE, LEVEL_ATTRIBUTE)),
        (settings.numbers.keep_local_numbers, (LIN_ATTRIBUTE,)),
    )
    on = {name for is_on, names in by_setting if is_on for name in names}
    off = {name for is_on, names in by_setting if not is_on for name in names}
    return (_ALWAYS_WRITTEN - off) | on


def schema(directory: LdapDirectory, kind: Kind, settings: Settings) -> Iterator[Check]:
    """Does the schema have what this configuration writes, and does that work as it is defined there?"""
    attributes, classes = directory.schema()
    if not attributes:
        yield unknown("schema", Sentence("The server does not show its schema to the bind account."))
        return
    gap = schema_gap(attributes, classes, kind=kind, needed=written_names(settings))
    if gap.missing or gap.disallowed:
        missing = [name for names in gap.missing.values() for name in names]
        action = _how_to_correct(gap, kind, {*missing, *gap.disallowed})
        yield wrong("schema", error(SCHEMA, _lacks(gap, missing), action), 2 if set(missing) & set(NEEDED) else 0)
    else:
        yield good("schema", Sentence("The schema has eduPerson, eduOrg and norEdu."))
    if gap.differing:
        some = _first_of(gap.differing, "; ", most=3)
        sentence = Sentence("The schema differs from the specifications: {differences}.", differences=some)
        names = {one.one.name for one in gap.corrections if one.replaces and one.one.name not in gap.disallowed}
        yield wrong("schema as specified", warning(SCHEMA_DIFFERS, sentence, _how_to_correct(gap, kind, names)))


def _lacks(gap: SchemaGap, missing: Sequence[str]) -> Sentence:
    gone = [Sentence("These are missing in the schema: {names}.", names=_first_of(missing))] if missing else []
    disallowed = (
        Sentence("The object class {name} does not allow {attributes}.", name=name, attributes=listed(attributes))
        for name, attributes in gap.disallowed.items()
    )
    return joined([*gone, *disallowed])


def _how_to_correct(gap: SchemaGap, kind: Kind, names: Collection[str]) -> Sentence:
    """What to load, to add and to replace, so that these names are right: each step as this kind of server takes it."""
    absent = [spec for spec in gap.absent if set(gap.missing[spec]) & set(names)]
    corrections = [one for one in gap.corrections if one.one.name in names]
    steps = [_load(absent, kind, gap.richer)] if absent else []
    if corrections and kind == "ad":
        steps = [_in_active_directory(corrections)]
    elif corrections and kind == "389":
        values = (f"“{one.kind}: {one.text}”" for one in corrections)
        steps.append(
            Sentence(
                "Add these values to cn=schema, where each one replaces the server's own: {values} ({page}).",
                values=joined(values, ", "),
                page=_SCHEMA_PAGE,
            )
        )
    elif corrections:
        steps += map(_in_cn_config, corrections)
    return joined([*steps, _written_by_setup(kind)] if steps and kind != "ad" else steps)


def _load(absent: Sequence[str], kind: Kind, richer: Sequence[str]) -> Sentence:
    files = listed(scrub_path(path) for path in loadable(absent, kind))
    if kind == "389" and richer:  # there one file has all, and the last definition counts
        return Sentence(
            "Load {files} into the server, without its definition of {classes}: the server's own allows more "
            "({page} explains how).",
            files=files,
            page=_SCHEMA_PAGE,
            classes=listed(richer),
        )
    return Sentence("Load {files} into the server ({page} explains how).", files=files, page=_SCHEMA_PAGE)


def _in_cn_config(one: Correction) -> Sentence:
    """OpenLDAP refuses a file with names that it has, but takes single definitions while it runs (seen on 2.5.13)."""
    value = f"“olc{one.kind[0].upper()}{one.kind[1:]}: {one.text}”"
    if one.replaces:
        return Sentence(
            "In the entry below cn=schema,cn=config that defines {name}, write {value} in place of the value there "
            "({page}).",
            name=one.anchor,
            value=value,
            page=_SCHEMA_PAGE,
        )
    return Sentence(
        "To the entry below cn=schema,cn=config that defines {name}, add {value} ({page}).",
        name=one.anchor,
        value=value,
        page=_SCHEMA_PAGE,
    )


def _in_active_directory(corrections: Sequence[Correction]) -> Sentence:
    new = [one for one in corrections if not one.replaces]
    if new:
        load = Sentence(
            "Load {files} with the option -k of ldifde, which leaves alone what the forest has ({page}).",
            files=listed(scrub_path(path) for path in loadable((), "ad")),
            page=_SCHEMA_PAGE,
        )
        allow = (
            Sentence("Then add {attribute} to mayContain of {name}.", attribute=one.one.name, name=one.anchor)
            for one in new
            if isinstance(one.one, Attribute) and one.anchor.lower() in CLASSES
        )
        return joined([load, *allow])
    return Sentence(
        "Active Directory cannot change how many values an attribute has. If a setting writes the attribute, switch "
        "the setting off ({page}).",
        page=_SCHEMA_PAGE,
    )


def configuration(config: ServerConfig | None, kind: Kind, source_id_attribute: str) -> Iterator[Check]:
    """Indexes, uniqueness and logs. `config` is None if the bind account has no right to read it."""
    if config is not None:
        yield _indexes(config, kind, source_id_attribute)
        yield _uniqueness(config, kind)
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
                "{page} explains how to give the right.",
                page=_SETUP,
            )
            yield unknown(name, sentence)


def wanted_indexes(source_id_attribute: str) -> dict[str, set[str]]:
    """The attributes that are searched for, each with the kinds of index that this needs."""
    return {
        "uid": {"eq"},
        NAME_ATTRIBUTE: {"eq"},
        NUMBER_ATTRIBUTE: {"pres", "eq"},
        "eduPersonEntitlement": {"eq"},
        source_id_attribute: {"eq"},
    }


def _indexes(config: ServerConfig, kind: Kind, source_id_attribute: str) -> Check:
    wanted = wanted_indexes(source_id_attribute)
    missing = {
        name: sorted(kinds - config.indexes.get(attribute_key(name), frozenset())) for name, kinds in wanted.items()
    }
    missing = {name: kinds for name, kinds in missing.items() if kinds}
    if not missing:
        return good("indexes", Sentence("These attributes have an index: {names}.", names=listed(wanted)))
    lacking = joined((f"{name} ({', '.join(kinds)})" for name, kinds in missing.items()), ", ")
    sentence = Sentence("There is no index for {names}. Each search by one of these reads every user.", names=lacking)
    if kind == "389":
        lines = [f"“--attr {name} {' '.join(f'--index-type {k}' for k in kinds)}”" for name, kinds in missing.items()]
        how = Sentence(
            "Add each index with “dsconf INSTANCE backend index add” and these options: {lines}.", lines=listed(lines)
        )
    else:
        values = (_index_value(name, kinds, config) for name, kinds in missing.items())
        how = Sentence("Add these values to the database's entry in cn=config: {lines}.", lines=listed(values))
    action = joined([how, _written_by_setup(kind)])
    return wrong("indexes", warning(INDEX, sentence, action))


def _index_value(name: str, kinds: Collection[str], config: ServerConfig) -> Sentence:
    """A value of olcDbIndex. OpenLDAP refuses a second one for an attribute."""
    held = config.indexes.get(attribute_key(name), frozenset())
    value = f"olcDbIndex: {name} {','.join(sorted({*kinds, *held}))}"
    if held:
        return Sentence("“{value}” in place of the value that has {name}", value=value, name=name)
    return Sentence("“{value}”", value=value)


def _written_by_setup(kind: Kind) -> Sentence:
    return Sentence(
        "“feideprov setup {kind} --server” writes the files and their commands ({page}).", kind=kind, page=_SETUP
    )


def _uniqueness(config: ServerConfig, kind: Kind) -> Check:
    missing = [name for name in UNIQUE_ATTRIBUTES if attribute_key(name) not in config.unique]
    if not missing:
        sentence = Sentence(
            "The server prevents duplicates in {names}. Two writes at the same moment can both succeed, so "
            "this program also checks.",
            names=listed(UNIQUE_ATTRIBUTES),
        )
        return good("uniqueness", sentence)
    sentence = Sentence("The server allows two users with the same value in: {names}.", names=joined(missing, ", "))
    names = {"389": Sentence("attribute uniqueness plug-in")}
    how = Sentence("Switch on the {name} for these attributes.", name=names.get(kind, Sentence("overlay unique")))
    return wrong("uniqueness", warning(UNIQUE, sentence, joined([how, _written_by_setup(kind)])))


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
    return Sentence("{names} and {others} more", names=shown, others=len(names) - most)
