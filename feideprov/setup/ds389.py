"""The set-up of a 389 Directory Server (Red Hat Directory Server: Configuration reference, Managing access control)."""

from __future__ import annotations

import secrets
import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from feideprov.check.server_settings import UNIQUE_ATTRIBUTES, wanted_indexes, written_names
from feideprov.directory.dn import DN
from feideprov.directory.ldap.server import addresses
from feideprov.directory.ldap.server_config import DS389_ATTRIBUTES
from feideprov.directory.ldap.server_schema import Correction, loadable, personal_attributes, schema_gap
from feideprov.directory.password import stored
from feideprov.messages import Sentence, joined
from feideprov.schema.schema import PERSONAL_ATTRIBUTES
from feideprov.setup.accounts import (
    account_records,
    container_entry,
    container_records,
    containers,
    password_files,
)
from feideprov.setup.change_record import Change, addition, modification
from feideprov.setup.ds389_access import access_rules, doctor_rule
from feideprov.setup.ds389_config import PLUGINS, Ds389Config, without_classes
from feideprov.setup.shared_steps import (
    ABOUT_CLOSED,
    ABOUT_SCHEMA,
    AS_ROOT,
    ON_THE_SERVER,
    about_certificate,
    about_files,
    about_other_readers,
    about_uniqueness,
    place_of_certificate,
    shared_steps,
    trial_certificate,
)
from feideprov.setup.step import Commands, Setup, SetupFile, Step
from feideprov.setup.target import Target

_TLS = "/etc/dirsrv/tls"
_TLS_VERSIONS: Final = ("TLS1.2", "TLS1.3")
_NO_LIMITS: Final = (
    *("nsSizeLimit", "nsTimeLimit", "nsLookThroughLimit", "nsIDListScanLimit"),
    *("nsPagedSizeLimit", "nsPagedLookThroughLimit", "nsPagedIDListScanLimit"),
)
"""The limits of an account; -1 is none."""


def ds389_setup(target: Target, config: Ds389Config) -> Setup:
    """The steps for one server. Raises ConfigurationError for accounts and bases that setup cannot create."""
    plugins = [*_uniqueness(target, config), *_seven_bit_checks(config)]
    tls = list(_tls(target, config))
    return Setup(
        Sentence("Set up 389 Directory Server for {realm}", realm=target.realm),
        list(_introduction(target, config)),
        [
            *_installation(target, config),
            *_schema(target, config),
            *_database(target, config),
            *_indexes(target, config),
            *plugins,
            _accounts(target, config),
            _access(target, config),
            *_monitoring(target, config),
            *tls,
            *([_restart(config)] if plugins or tls else []),
            *shared_steps(target, f"{config.folder}/ca.crt" if config.is_secure else f"{_TLS}/server.pem"),
        ],
    )


def _introduction(target: Target, config: Ds389Config) -> Iterator[Sentence]:
    yield about_files(target)
    if config.is_new:
        yield Sentence(
            "They are made for a server without an instance. If it has an instance already, make them again for that "
            "one, as root on the server: (cat /etc/dirsrv/slapd-INSTANCE/dse.ldif; echo; ldapsearch -Q -LLL -Y "
            "EXTERNAL -H ldapi://%2Frun%2Fslapd-INSTANCE.socket -s base -b cn=schema attributeTypes objectClasses) | "
            "feideprov setup 389 --server - --out DIR"
        )
    else:
        yield Sentence("They are made for the instance {name}, so they have only what it lacks.", name=config.instance)
    if not config.has_socket_for_root:
        yield Sentence(
            "ldapmodify and ldapsearch ask for the password of {name}.", name=config.setting("nsslapd-rootdn")
        )


# --- commands


def _ldapmodify(config: Ds389Config, name: str, *options: str) -> str:
    """The command that loads a file."""
    return " ".join([config.by_root("ldapmodify"), "-f", name, *options])


def _step(config: Ds389Config, title: Sentence, text: Sentence, name: str, *records: str) -> Iterator[Step]:
    """A step that loads one file; none if there is nothing to load."""
    if any(records):
        commands = Commands(ON_THE_SERVER, [_ldapmodify(config, name)])
        yield Step(title, [text, commands], [SetupFile(name, "".join(records))])


# --- steps


def _installation(target: Target, config: Ds389Config) -> Iterator[Step]:
    if not config.is_new:
        return
    name, address = "01-instance.inf", addresses(target.url)[0]
    lines = (
        *("[general]", "config_version = 2", f"full_machine_name = {target.host}"),
        *("[slapd]", f"instance_name = {config.instance}"),
        f"root_password = {stored(secrets.token_urlsafe(24), 'ssha').decode()}",
        f"port = {address.port if address.scheme == 'ldap' else 389}",
        f"secure_port = {address.port if address.scheme == 'ldaps' else 636}",
        "self_sign_cert = False",
    )
    text = Sentence(
        "The instance is called {name}. Root on the server administers it without a password; nobody knows the "
        "password of cn=Directory Manager. To get one: dsconf {name} directory_manager password_change",
        name=config.instance,
    )
    install = Commands(AS_ROOT, ["apt-get install --yes 389-ds-base python3-lib389 ldap-utils openssl"])
    create = Commands(ON_THE_SERVER, [f"dscreate from-file {name}"])
    file = SetupFile(name, "".join(f"{line}\n" for line in lines), secret=True)
    yield Step(Sentence("The server"), [text, install, create], [file])


def _schema(target: Target, config: Ds389Config) -> Iterator[Step]:
    name, other, place = "02-schema.ldif", "02-schema-corrections.ldif", config.setting("nsslapd-schemadir")
    text = loadable((), "389")[0].read_text(encoding="utf-8")
    corrections: Sequence[Correction] = ()
    is_loaded = True
    if config.schema is not None:
        gap = schema_gap(*config.schema, kind="389", needed=written_names(target.settings))
        is_loaded = bool(gap.absent)
        text = without_classes(text, gap.richer)
        corrections = [one for one in gap.corrections if not is_loaded or one.one.name in gap.richer]
    lines, files = [], []
    if is_loaded:
        installed = shlex.quote(f"{place}/99-noredu.ldif")
        lines += [f"install -m 644 {name} {installed}", config.restart]
        files.append(SetupFile(name, text))
    if corrections:
        changes = [Change("add", one.kind, [one.text]) for one in corrections]
        lines.append(_ldapmodify(config, other))
        files.append(SetupFile(other, modification("cn=schema", changes)))
    if lines:
        yield Step(Sentence("The schema"), [ABOUT_SCHEMA, Commands(ON_THE_SERVER, lines)], files)


def _database(target: Target, config: Ds389Config) -> Iterator[Step]:
    if config.database is not None:
        yield from _base(config)
        return
    name, suffix = config.database_name, str(target.base)
    database = {"objectClass": ("top", "extensibleObject", "nsBackendInstance"), "cn": (name,)}
    tree = {"objectClass": ("top", "extensibleObject", "nsMappingTree"), "cn": (suffix,)}
    records = (
        addition(str(config.database_dn), database | {"nsslapd-suffix": (suffix,)}),
        addition(
            str(DN.parse("cn=mapping tree,cn=config").child("cn", suffix)),
            tree | {"nsslapd-state": ("backend",), "nsslapd-backend": (name,)},
        ),
        addition(suffix, container_entry(target.base)),
    )
    text = Sentence("The server has no database for {base}. This file makes one.", base=target.base)
    yield from _step(config, Sentence("The database"), text, "03-database.ldif", *records)


def _base(config: Ds389Config) -> Iterator[Step]:
    """The base, and the entries between it and the suffix of a database that exists: perhaps they are missing."""
    lines, files = [], []
    for number, dn in enumerate(config.down_to_base, 1):
        if record := "".join(container_records([dn], all_are_new=False)):
            file = SetupFile(f"03-base-{number}.ldif", record)
            found = f"{config.by_root('ldapsearch')} -LLL -s base -b {shlex.quote(str(dn))} 1.1"
            lines.append(f"{found} || {_ldapmodify(config, file.name)}")
            files.append(file)
    text = Sentence("{base} is created where the search reports “No such object (32)”.", base=config.base)
    if files:
        yield Step(Sentence("The base"), [text, Commands(ON_THE_SERVER, lines)], files)


def _indexes(target: Target, config: Ds389Config) -> Iterator[Step]:
    """Indexes that are not there yet. They are used after their task: before, each search reads all entries."""
    wanted = {"entryUUID": {"eq"}, **wanted_indexes(target.settings.directory.source_id_attribute)}
    there = config.indexes
    missing = {name: sorted(kinds - there.get(name.lower(), frozenset())) for name, kinds in wanted.items()}
    missing = {name: kinds for name, kinds in missing.items() if kinds}
    if not missing:
        return
    place = config.database_dn.child("cn", "index")
    records = [
        modification(str(place.child("cn", name)), [Change("add", "nsIndexType", kinds)])
        if name.lower() in there
        else addition(
            str(place.child("cn", name)),
            {"objectClass": ("top", "nsIndex"), "cn": (name,), "nsSystemIndex": ("false",), "nsIndexType": kinds},
        )
        for name, kinds in missing.items()
    ]
    task = "cn=feideprov,cn=index,cn=tasks,cn=config"
    filled = {
        "objectClass": ("top", "extensibleObject"),
        "cn": ("feideprov",),
        "nsInstance": (config.database_name,),
        "nsIndexAttribute": list(missing),
    }
    name, other = "04-indexes.ldif", "04-indexes-fill.ldif"
    ended = f"{config.by_root('ldapsearch')} -LLL -s base -b {task} nsTaskExitCode | grep nsTaskExitCode"
    lines = [_ldapmodify(config, name), _ldapmodify(config, other), f"until {ended}; do sleep 1; done"]
    files = [SetupFile(name, "".join(records)), SetupFile(other, addition(task, filled))]
    text = Sentence(
        "The attributes that Feide and feideprov search for. The second file fills the new indexes from the entries "
        "that exist. The last command waits for that; it must print 0."
    )
    yield Step(Sentence("Indexes"), [text, Commands(ON_THE_SERVER, lines)], files)


def _uniqueness(target: Target, config: Ds389Config) -> Iterator[Step]:
    held = config.settings.unique if config.settings else frozenset()
    missing = [name for name in UNIQUE_ATTRIBUTES if name.lower() not in held]
    if not missing:
        return
    records = (_unique(target, config, name) for name in missing)
    yield from _step(config, Sentence("Uniqueness"), about_uniqueness(missing), "05-uniqueness.ldif", *records)


def _unique(target: Target, config: Ds389Config, attribute: str) -> str:
    dn = PLUGINS.child("cn", f"feideprov {attribute}")
    settings: Mapping[str, Sequence[str]] = {
        "nsslapd-pluginEnabled": ("on",),
        "uniqueness-attribute-name": (attribute,),
        "uniqueness-subtrees": (str(target.base),),
        "uniqueness-across-all-subtrees": ("on",),
    }
    if config.entry(dn) is not None:
        return modification(str(dn), [Change("replace", name, values) for name, values in settings.items()])
    plugin: Mapping[str, Sequence[str]] = {
        "objectClass": ("top", "nsSlapdPlugin", "extensibleObject"),
        "cn": (f"feideprov {attribute}",),
        "nsslapd-pluginPath": ("libattr-unique-plugin",),
        "nsslapd-pluginInitfunc": ("NSUniqueAttr_Init",),
        "nsslapd-pluginType": ("betxnpreoperation",),
        "nsslapd-plugin-depends-on-type": ("database",),
        "nsslapd-pluginId": ("NSUniqueAttr",),
        **dict.fromkeys((f"nsslapd-plugin{name}" for name in ("Version", "Vendor", "Description")), ("none",)),
    }
    return addition(str(dn), {**plugin, **settings})


def _seven_bit_checks(config: Ds389Config) -> Iterator[Step]:
    off = [Change("replace", "nsslapd-pluginEnabled", ["off"])]
    records = [modification(str(dn), off) for dn in config.seven_bit_checks]
    text = Sentence("389 has a plug-in that refuses Norwegian letters in uid and mail. It is switched off.")
    yield from _step(config, Sentence("Norwegian letters"), text, "06-norwegian-letters.ldif", *records)


def _accounts(target: Target, config: Ds389Config) -> Step:
    above = container_records(containers(target), all_are_new=config.database is None)
    records = [*above, *account_records(target)]
    records.append(modification(str(target.feideprov.dn), [Change("replace", name, ["-1"]) for name in _NO_LIMITS]))
    text = Sentence(
        "Two accounts: {own} for feideprov, and {feide} for Feide. feideprov's has no limits, because it must read all "
        "users. An entry that exists already is reported as “Already exists (68)”, and keeps its password.",
        own=target.feideprov.dn,
        feide=target.feide.dn,
    )
    name = "07-accounts.ldif"
    files = [SetupFile(name, "".join(records), secret=True), *password_files(target)]
    return Step(Sentence("Accounts"), [text, Commands(ON_THE_SERVER, [_ldapmodify(config, name, "-c")])], files)


def _access(target: Target, config: Ds389Config) -> Step:
    closed: Sequence[str] = PERSONAL_ATTRIBUTES
    if config.schema is not None and not schema_gap(*config.schema, kind="389").absent:
        closed = personal_attributes(*config.schema, written_names(target.settings))
    records = [modification(str(target.base), [Change("add", "aci", [rule])]) for rule in access_rules(target, closed)]
    if config.is_new:
        records.append(modification("cn=config", [Change("replace", "nsslapd-allow-anonymous-access", ["rootdse"])]))
    order = Sentence("In 389 a rule that denies comes before all rules that allow.")
    again = Sentence("A rule that exists already is reported as “Type or value exists (20)”.")
    about = joined([order, ABOUT_CLOSED, about_other_readers(is_new=config.is_new), again])
    name = "08-access.ldif"
    commands = Commands(ON_THE_SERVER, [_ldapmodify(config, name, "-c")])
    return Step(Sentence("Access rules"), [about, commands], [SetupFile(name, "".join(records))])


def _monitoring(target: Target, config: Ds389Config) -> Iterator[Step]:
    rule, general = doctor_rule(target, DS389_ATTRIBUTES), config.entry(DN.parse("cn=config"))
    if general is not None and rule in general.texts("aci"):
        return
    text = Sentence(
        "feideprov doctor may read the server's indexes, uniqueness, limits and logs. Nothing of it is secret."
    )
    record = modification("cn=config", [Change("add", "aci", [rule])])
    yield from _step(config, Sentence("What doctor reads"), text, "09-doctor.ldif", record)


def _tls(target: Target, config: Ds389Config) -> Iterator[Step]:
    name, encryption = "10-tls.ldif", DN.parse("cn=encryption,cn=config")
    there = config.entry(encryption)
    versions = modification(str(encryption), [Change("replace", "sslVersionMin", ["TLS1.2"])])
    if config.is_secure:
        if there is None or there.text("sslVersionMin") not in _TLS_VERSIONS:
            text = Sentence("Feide connects with TLS 1.2 or newer.")
            yield from _step(config, Sentence("TLS"), text, name, versions)
        return
    address = addresses(target.url)[0]
    steps = {"nsslapd-security": "on"}
    steps |= {"nsslapd-securePort": str(address.port)} if address.scheme == "ldaps" else {}
    if address.scheme == "ldaps" and config.is_new:
        steps["nsslapd-port"] = "0"
    else:
        steps["nsslapd-require-secure-binds"] = "on"
    records = (versions, modification("cn=config", [Change("replace", name, [value]) for name, value in steps.items()]))
    over_tls = Sentence("After that, the server accepts passwords over TLS only.")
    about = joined([about_certificate(target), place_of_certificate(_TLS), over_tls])
    instance = shlex.quote(config.instance)
    commands = Commands(
        ON_THE_SERVER,
        [
            f"chmod 600 {_TLS}/server.key",
            f"dsctl {instance} tls import-server-key-cert {_TLS}/server.pem {_TLS}/server.key",
            _ldapmodify(config, name),
        ],
    )
    file = SetupFile(name, "".join(records))
    yield Step(Sentence("TLS"), [about, trial_certificate(target, _TLS), commands], [file])


def _restart(config: Ds389Config) -> Step:
    text = Sentence("Plug-ins and certificates take effect when the server starts.")
    return Step(Sentence("Restart"), [text, Commands(ON_THE_SERVER, [config.restart])])
