"""The set-up of an OpenLDAP server with cn=config (slapd-config(5), slapd.access(5), slapo-unique(5))."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import quote

from feideprov.check.server_settings import UNIQUE_ATTRIBUTES, wanted_indexes, written_names
from feideprov.directory.attribute_description import attribute_key
from feideprov.directory.ldap.server import addresses
from feideprov.directory.ldap.server_schema import loadable, personal_attributes, schema_gap
from feideprov.messages import Sentence, joined, listed
from feideprov.setup.accounts import account_records, container_records, containers, password_files
from feideprov.setup.change_record import Change, addition, as_additions, modification
from feideprov.setup.openldap_access import access_rules, configuration_rule, limit, monitor_rules, root_rule
from feideprov.setup.openldap_config import (
    OpenldapConfig,
    added_uris,
    base_is_domain,
    begins_with,
    normal_rule,
    schema_changes,
    without_index,
)
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
from feideprov.setup.target import Target, dns_name

_TLS = "/etc/ldap/tls"


def openldap_setup(target: Target, config: OpenldapConfig) -> Setup:
    """The steps for one server. Raises ConfigurationError for accounts and bases that setup cannot create."""
    return Setup(
        Sentence("Set up OpenLDAP for {realm}", realm=target.realm),
        list(_introduction(target, config)),
        [
            *_installation(target, config),
            *_root_access(config),
            *_database(target, config),
            *_schema(target, config),
            *_indexes(target, config),
            *_uniqueness(target, config),
            *_hashes(target, config),
            *_access(target, config),
            _accounts(target, config),
            *_monitoring(target, config),
            *_tls(target, config),
            *shared_steps(target, config.certificate or f"{_TLS}/server.pem"),
        ],
    )


def _introduction(target: Target, config: OpenldapConfig) -> Iterator[Sentence]:
    yield about_files(target)
    if config.is_new:
        yield Sentence(
            "They are made for a server as Debian 12 installs it. If the server has something already, make them again "
            "for that server, as root on it: slapcat -n 0 | feideprov setup openldap --server - --out DIR"
        )
    else:
        yield Sentence("They are made for the configuration of the server, so they have only what it lacks.")


def _loaded(*names: str) -> Commands:
    return Commands(ON_THE_SERVER, [f"ldapmodify -Q -Y EXTERNAL -H ldapi:/// -f {name}" for name in names])


def _step(title: Sentence, text: Sentence, name: str, *records: str) -> Iterator[Step]:
    """A step that loads one file; none if there is nothing to load."""
    if any(records):
        yield Step(title, [text, _loaded(name)], [SetupFile(name, "".join(records))])


def _installation(target: Target, config: OpenldapConfig) -> Iterator[Step]:
    if not config.is_new:
        return
    lines = ["apt-get install --yes slapd ldap-utils openssl"]
    if base_is_domain(target.base):
        domain = dns_name(target.base)
        answers = [f"slapd slapd/domain string {domain}", f"slapd shared/organization string {domain}"]
        lines = [*(f"echo '{answer}' | debconf-set-selections" for answer in answers), *lines]
        lines[-1] = f"DEBIAN_FRONTEND=noninteractive {lines[-1]}"
    text = Sentence(
        "Debian's package makes a database with the base that it is told. If slapd is installed already, with another "
        "base, and has no users yet: dpkg-reconfigure slapd"
    )
    yield Step(Sentence("The server"), [text, Commands(AS_ROOT, lines)])


def _root_access(config: OpenldapConfig) -> Iterator[Step]:
    """What lets the commands of the next steps change the configuration; slapd must not run meanwhile."""
    if config.root_may_configure:
        return
    name = "00-root.ldif"
    record = modification("olcDatabase={0}config,cn=config", [_first("olcAccess", [root_rule()])])
    text = Sentence("The configuration of this server cannot be changed by root over its socket. This file allows it.")
    lines = ["systemctl stop slapd", f"slapmodify -n 0 -l {name}"]
    lines += ["chown -R openldap:openldap /etc/ldap/slapd.d", "systemctl start slapd"]
    yield Step(Sentence("Root's access"), [text, Commands(ON_THE_SERVER, lines)], [SetupFile(name, record)])


def _database(target: Target, config: OpenldapConfig) -> Iterator[Step]:
    if config.database is not None:
        return
    folder = "/var/lib/ldap/feideprov"
    record = addition(
        "olcDatabase=mdb,cn=config",
        {
            "objectClass": ("olcDatabaseConfig", "olcMdbConfig"),
            "olcDatabase": ("mdb",),
            "olcSuffix": (str(target.base),),
            "olcRootDN": (_root_dn(target),),
            "olcDbDirectory": (folder,),
            "olcDbMaxSize": ("1073741824",),
            "olcDbIndex": ("objectClass,entryUUID eq",),
        },
    )
    if not any(entry.dn.own[0][1].endswith("mdb") for entry in config.entries if entry.values("olcSuffix")):
        record = _modules(config, "back_mdb") + record
    text = Sentence(
        "The server has no database for {base}, only for {others}. This file makes one. If base_dn in the "
        "configuration is wrong, correct it, and make these files again.",
        base=target.base,
        others=listed(config.suffixes or [Sentence("nothing")]),
    )
    name = "01-database.ldif"
    commands = Commands(ON_THE_SERVER, [f"install -d -o openldap -g openldap -m 700 {folder}", *_loaded(name).lines])
    yield Step(Sentence("The database"), [text, commands], [SetupFile(name, record)])


def _schema(target: Target, config: OpenldapConfig) -> Iterator[Step]:
    absent = schema_gap(*config.schema).absent
    gap = schema_gap(*config.schema, needed=written_names(target.settings))
    files = [as_additions(path.read_text(encoding="utf-8")) for path in loadable(absent, "openldap")]
    corrections = schema_changes(gap.corrections, list(config.definitions()))
    records = (*(f"{text}\n" for text in files), *corrections)
    yield from _step(Sentence("The schema"), ABOUT_SCHEMA, "02-schema.ldif", *records)


def _indexes(target: Target, config: OpenldapConfig) -> Iterator[Step]:
    """Indexes that are not there yet. slapd refuses a second value for an attribute, so a value is replaced."""
    there = config.settings.indexes if config.settings else {"objectclass": {"eq"}, "entryuuid": {"eq"}}
    wanted = {"objectClass": {"eq"}, "entryUUID": {"eq"}}
    wanted |= wanted_indexes(target.settings.directory.source_id_attribute)
    steps: list[Change] = []
    for name, kinds in wanted.items():
        held = there.get(attribute_key(name), frozenset())
        if not kinds <= held:
            steps += without_index(config, name)
            steps.append(Change("add", "olcDbIndex", (f"{name} {','.join(sorted(kinds | held))}",)))
    text = Sentence("The attributes that Feide and feideprov search for.")
    yield from _step(Sentence("Indexes"), text, "03-indexes.ldif", modification(config.database_dn, steps))


def _modules(config: OpenldapConfig, *names: str) -> str:
    """A record that loads modules which are not loaded yet."""
    place, loaded = config.modules
    missing = [name for name in names if name not in loaded]
    if not missing:
        return ""
    if place is None:
        entry = {"objectClass": ("olcModuleList",), "cn": ("module",), "olcModuleLoad": missing}
        return addition("cn=module,cn=config", entry)
    return modification(place, [Change("add", "olcModuleLoad", missing)])


def _uniqueness(target: Target, config: OpenldapConfig) -> Iterator[Step]:
    held = config.settings.unique if config.settings else frozenset()
    missing = [name for name in UNIQUE_ATTRIBUTES if attribute_key(name) not in held]
    if not missing:
        return
    uris = [f"ldap:///{quote(str(target.base), safe='=,+')}?{name}?sub" for name in missing]
    overlay = config.overlay("unique")
    if overlay is not None:
        records = [modification(str(overlay.dn), added_uris(overlay, config.suffix or target.base, uris))]
    else:
        entry = {
            "objectClass": ("olcOverlayConfig", "olcUniqueConfig"),
            "olcOverlay": ("unique",),
            "olcUniqueURI": uris,
        }
        root = [] if config.has_root_dn else [Change("add", "olcRootDN", [_root_dn(target)])]
        records = [
            _modules(config, "unique"),
            modification(config.database_dn, root),
            addition(f"olcOverlay=unique,{config.database_dn}", entry),
        ]
    yield from _step(Sentence("Uniqueness"), about_uniqueness(missing), "04-uniqueness.ldif", *records)


def _root_dn(target: Target) -> str:
    """The overlay `unique` searches as the root DN of the database, which needs no entry and no password."""
    return str(target.base.child("cn", "admin"))


def _hashes(target: Target, config: OpenldapConfig) -> Iterator[Step]:
    if target.settings.login.by != "directory" or target.settings.login.password_hash == "ssha":
        return
    text = Sentence(
        "The server verifies passwords that are stored with argon2. If it has no such module, leave this step out: the "
        "passwords are then stored as {{SSHA}}."
    )
    yield from _step(Sentence("Hashes of passwords"), text, "05-argon2.ldif", _modules(config, "argon2"))


def _access(target: Target, config: OpenldapConfig) -> Iterator[Step]:
    steps, closed = [], personal_attributes(*config.schema, written_names(target.settings))
    if not begins_with(config.rules, *(access_rules(target, closed, is_new=is_new) for is_new in (True, False))):
        steps.append(_first("olcAccess", list(access_rules(target, closed, is_new=config.is_new))))
    if normal_rule(limit(target)) not in config.limits:
        steps.append(_first("olcLimits", [limit(target)]))
    order = Sentence("These rules come before those of the server, because slapd uses the first one that fits.")
    about = [order, ABOUT_CLOSED, about_other_readers(is_new=config.is_new)]
    if config.overlay("syncprov"):
        copied = Sentence(
            "The overlay syncprov is there: an account that copies the database to another server must be allowed to "
            "read everything by a rule before these."
        )
        about.append(copied)
    yield from _step(Sentence("Access rules"), joined(about), "06-access.ldif", modification(config.database_dn, steps))


def _first(attribute: str, values: Sequence[str]) -> Change:
    """A change that adds ordered values before those that are there."""
    return Change("add", attribute, [f"{{{number}}}{value}" for number, value in enumerate(values)])


def _accounts(target: Target, config: OpenldapConfig) -> Step:
    above = containers(target, config.suffix or target.base)
    all_are_new = config.is_new or config.database is None
    records = [*container_records(above, all_are_new=all_are_new), *account_records(target)]
    text = Sentence(
        "Two accounts: {own} for feideprov, and {feide} for Feide. An entry that exists already is reported as "
        "“Already exists (68)”, and left as it is.",
        own=target.feideprov.dn,
        feide=target.feide.dn,
    )
    former = Sentence("The password of such an account stays the former one, and the new one in its file is not used.")
    name = "07-accounts.ldif"
    commands = Commands(ON_THE_SERVER, [f"{_loaded(name).lines[0]} -c || [ $? -eq 68 ]"])
    files = [SetupFile(name, "".join(records), secret=True), *password_files(target)]
    return Step(Sentence("Accounts"), [text if config.is_new else joined([text, former]), commands], files)


def _monitoring(target: Target, config: OpenldapConfig) -> Iterator[Step]:
    rule, records = configuration_rule(target, policies=config.overlay("ppolicy") is not None), list[str]()
    if not begins_with(config.rules_of("config"), [rule]):
        records.append(modification("olcDatabase={0}config,cn=config", [_first("olcAccess", [rule])]))
    both = [list(monitor_rules(target, is_new=is_new)) for is_new in (True, False)]
    rules = both[0] if config.monitor is None else both[1]
    if config.monitor is None:
        entry = {
            "objectClass": ("olcDatabaseConfig", "olcMonitorConfig"),
            "olcDatabase": ("monitor",),
            "olcAccess": [f"{{0}}{rule}" for rule in rules],
        }
        records += [_modules(config, "back_monitor"), addition("olcDatabase=monitor,cn=config", entry)]
    elif not begins_with(config.rules_of("monitor"), *both):
        records.append(modification(str(config.monitor.dn), [_first("olcAccess", rules)]))
    text = Sentence(
        "feideprov doctor may read the server's indexes, uniqueness, limits and time. Nothing of it is secret."
    )
    yield from _step(Sentence("What doctor reads"), text, "08-doctor.ldif", *records)


def _tls(target: Target, config: OpenldapConfig) -> Iterator[Step]:
    """TLS, as far as it is not configured: the certificate, then the versions."""
    pair = []
    if config.certificate is None:
        pair = [
            Change("replace", "olcTLSCertificateFile", [f"{_TLS}/server.pem"]),
            Change("replace", "olcTLSCertificateKeyFile", [f"{_TLS}/server.key"]),
        ]
    name, other = "09-tls.ldif", "tls-for-openssl.ldif"
    lowest = Change("replace", "olcTLSProtocolMin", ["3.3"])  # TLS 1.2; GnuTLS reads it in the cipher suite
    suite = Change("replace", "olcTLSCipherSuite", ["NORMAL:-VERS-TLS1.0:-VERS-TLS1.1"])
    files = [
        SetupFile(name, modification("cn=config", [*pair, suite, lowest])),
        SetupFile(other, modification("cn=config", [*pair, lowest])),
    ]
    which = Sentence(
        "{file} is for slapd with GnuTLS, as in Debian and Ubuntu. For slapd with OpenSSL, load {other} instead.",
        file=name,
        other=other,
    )
    if not pair and config.has_tls_versions:
        files = []
    owned = [f"chown openldap:openldap {_TLS}/server.key", f"chmod 600 {_TLS}/server.key"] if pair else []
    commands = Commands(
        ON_THE_SERVER,
        [*owned, *(_loaded(name).lines if files else []), *_listening(target, config), "systemctl restart slapd"],
    )
    content: list[Sentence | Commands] = []
    if pair:
        about = joined([about_certificate(target), place_of_certificate(_TLS)])
        content = [about, trial_certificate(target, _TLS)]
    text = which if files else Sentence("The server listens to LDAPS.")
    yield Step(Sentence("TLS"), [*content, text, commands], files)


def _listening(target: Target, config: OpenldapConfig) -> Iterator[str]:
    """Changes of the settings of Debian's package: a new server listens to LDAPS, the socket and what `url` says."""
    wanted = {"ldaps:": "ldaps:///", "ldapi:": "ldapi:///"}
    for one in addresses(target.url, tls=target.settings.directory.tls == "on"):
        if one.port in (389, 636):
            wanted[f"{one.scheme}:"] = f"{one.scheme}:///"
        else:
            wanted[f":{one.port}"] = f"{one.scheme}://:{one.port}/"
    if config.is_new:
        yield f"sed -i 's|^SLAPD_SERVICES=.*|SLAPD_SERVICES=\"{' '.join(wanted.values())}\"|' /etc/default/slapd"
    else:
        for known, listener in wanted.items():
            yield f"sed -i '/{known}/!s|^SLAPD_SERVICES=\"|&{listener} |' /etc/default/slapd"
