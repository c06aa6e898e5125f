"""The set-up of an OpenLDAP server with cn=config (slapd-config(5), slapd.access(5), slapo-unique(5))."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import quote

from feideprov.check.server_settings import UNIQUE_ATTRIBUTES, wanted_indexes, written_names
from feideprov.directory.dn import DN
from feideprov.directory.ldap.server_config import OPENLDAP_ATTRIBUTES
from feideprov.directory.ldap.server_schema import Correction, loadable, schema_gap
from feideprov.directory.password import stored
from feideprov.messages import Sentence, listed
from feideprov.setup.accounts import account_entry, container_entry, containers, password_files
from feideprov.setup.change_record import Change, addition, as_additions, modification
from feideprov.setup.closed import CLOSED_ATTRIBUTES
from feideprov.setup.openldap_config import Definition, OpenldapConfig, base_is_domain, split_index
from feideprov.setup.shared_steps import ON_THE_SERVER, shared_steps, trial_certificate
from feideprov.setup.step import Commands, Setup, SetupFile, Step
from feideprov.setup.target import Target

_ROOT = "gidNumber=0+uidNumber=0,cn=peercred,cn=external,cn=auth"
_TLS = "/etc/ldap/tls"


def openldap_setup(target: Target, config: OpenldapConfig) -> Setup:
    """The steps for one server. Raises ConfigurationError for accounts and bases that setup cannot create."""
    return Setup(
        Sentence("Set up OpenLDAP for {realm}", realm=target.realm),
        list(_introduction(target, config)),
        [
            *_installation(target, config),
            *_database(target, config),
            *_schema(target, config),
            *_indexes(target, config),
            *_uniqueness(target, config),
            *_hashes(target, config),
            _access(target, config),
            _accounts(target, config),
            *_monitoring(target, config),
            _tls(target, config),
            *shared_steps(target, f"{_TLS}/server.pem"),
        ],
    )


def _introduction(target: Target, config: OpenldapConfig) -> Iterator[Sentence]:
    yield Sentence(
        "These files set up the server {host} with the base {base} for feideprov, in this order. Copy the folder "
        "to the server. Keep it private: it has passwords.",
        host=target.host,
        base=target.base,
    )
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
        domain = ".".join(value for rdn in target.base.rdns for _, value in rdn)
        answers = [f"slapd slapd/domain string {domain}", f"slapd shared/organization string {domain}"]
        lines = [*(f"echo '{answer}' | debconf-set-selections" for answer in answers), *lines]
        lines[-1] = f"DEBIAN_FRONTEND=noninteractive {lines[-1]}"
    text = Sentence(
        "Debian's package makes a database with the base that it is told. If slapd is installed already, with another "
        "base, and has no users yet: dpkg-reconfigure slapd"
    )
    yield Step(Sentence("The server"), [text, Commands(Sentence("On the server, as root:"), lines)])


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
            "olcDbDirectory": (folder,),
            "olcDbMaxSize": ("1073741824",),
            "olcDbIndex": ("objectClass,entryUUID eq",),
        },
    )
    text = Sentence("The server has no database for {base}. This file makes one.", base=target.base)
    name = "1-database.ldif"
    commands = Commands(ON_THE_SERVER, [f"install -d -o openldap -g openldap -m 700 {folder}", *_loaded(name).lines])
    yield Step(Sentence("The database"), [text, commands], [SetupFile(name, record)])


def _schema(target: Target, config: OpenldapConfig) -> Iterator[Step]:
    attributes, classes = (list(config.definitions(name)) for name in ("olcAttributeTypes", "olcObjectClasses"))
    texts = [one.text for one in attributes], [one.text for one in classes]
    absent = schema_gap(*texts).absent
    gap = schema_gap(*texts, needed=written_names(target.settings))
    files = [as_additions(path.read_text(encoding="utf-8")) for path in loadable(absent, "openldap")]
    corrections = _corrections(gap.corrections, attributes, classes)
    text = Sentence(
        "The schemas of a Feide directory: eduPerson, eduOrg, SCHAC and norEdu, as far as they are missing."
    )
    yield from _step(Sentence("The schema"), text, "2-schema.ldif", *(f"{text}\n" for text in files), *corrections)


def _corrections(
    corrections: Sequence[Correction], attributes: Iterable[Definition], classes: Iterable[Definition]
) -> Iterator[str]:
    """Single definitions, each in the entry that defines its anchor: slapd reads the entries in order at start."""
    definitions = [*attributes, *classes]
    for one in corrections:
        at = next(d for d in definitions if f"'{one.anchor.lower()}'" in d.text.lower().partition(" desc ")[0])
        name = f"olc{one.kind[0].upper()}{one.kind[1:]}"
        if one.replaces:
            steps = [Change("delete", name, (at.number,)), Change("add", name, (f"{at.number}{one.text}",))]
        else:
            steps = [Change("add", name, (one.text,))]
        yield modification(str(at.dn), steps)


def _indexes(target: Target, config: OpenldapConfig) -> Iterator[Step]:
    """Indexes that are not there yet. slapd refuses a second value for an attribute, so a value is replaced."""
    there = config.settings.indexes if config.settings else {}
    wanted = {"entryUUID": {"eq"}, **wanted_indexes(target.settings.directory.source_id_attribute)}
    steps: list[Change] = []
    if config.database is None:
        there = {"entryuuid": frozenset({"eq"})}
    for name, kinds in wanted.items():
        held = there.get(name.lower())
        if held is not None and kinds <= held:
            continue
        for line in config.index_lines:
            names, its_kinds = split_index(line)
            others = [other for other in names if other.lower() != name.lower()]
            if len(others) < len(names):
                steps.append(Change("delete", "olcDbIndex", (line,)))
                if others:
                    steps.append(Change("add", "olcDbIndex", (f"{','.join(others)} {','.join(sorted(its_kinds))}",)))
        steps.append(Change("add", "olcDbIndex", (f"{name} {','.join(sorted(kinds | (held or set())))}",)))
    text = Sentence("The attributes that Feide and feideprov search for.")
    record = modification(_database_dn(config), steps)
    yield from _step(Sentence("Indexes"), text, "3-indexes.ldif", record)


def _database_dn(config: OpenldapConfig) -> str:
    if config.database is not None:
        return str(config.database.dn)
    return f"olcDatabase={{{config.next_database}}}mdb,cn=config"


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
    missing = [name for name in UNIQUE_ATTRIBUTES if name.lower() not in held]
    if not missing:
        return
    uris = [f"ldap:///{quote(str(target.base), safe='=,+')}?{name}?sub" for name in missing]
    if config.uniqueness is not None:
        records = [modification(config.uniqueness, [Change("add", "olcUniqueURI", uris)])]
    else:
        entry = {
            "objectClass": ("olcOverlayConfig", "olcUniqueConfig"),
            "olcOverlay": ("unique",),
            "olcUniqueURI": uris,
        }
        records = [_modules(config, "unique"), addition(f"olcOverlay=unique,{_database_dn(config)}", entry)]
    text = Sentence("No two users get the same value of {names}.", names=listed(missing))
    yield from _step(Sentence("Uniqueness"), text, "4-uniqueness.ldif", *records)


def _hashes(target: Target, config: OpenldapConfig) -> Iterator[Step]:
    if target.settings.login.by != "directory" or target.settings.login.password_hash == "ssha":
        return
    text = Sentence(
        "The server verifies passwords that are stored with argon2. If it has no such module, leave this step out: the "
        "passwords are then stored as {{SSHA}}."
    )
    yield from _step(Sentence("Hashes of passwords"), text, "5-argon2.ldif", _modules(config, "argon2"))


def _quoted(dn: DN) -> str:
    """A DN in quotation marks, as slapd reads the words of an access rule."""
    escaped = str(dn).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _access(target: Target, config: OpenldapConfig) -> Step:
    own, feide = (f"dn.exact={_quoted(account.dn)}" for account in (target.feideprov, target.feide))
    others = "by * none" if config.is_new else "by * break"
    rules = [
        f'to * by dn.exact="{_ROOT}" manage by * break',
        f"to attrs=userPassword by {own} =w by self =xw by anonymous auth by * none",
        f"to attrs={','.join(CLOSED_ATTRIBUTES)} by {own} write by {feide} read by self read by * none",
        f"to dn.subtree={_quoted(target.users)} by {own} write by {feide} read by self read by anonymous auth {others}",
        f"to * by {own} write by {feide} read by * break",
    ]
    steps = [
        Change("add", "olcAccess", [f"{{{number}}}{rule}" for number, rule in enumerate(rules)]),
        Change("add", "olcLimits", [f"{{0}}{own} size=unlimited time=unlimited"]),
    ]
    text = Sentence(
        "These rules come before those of the server, because slapd uses the first one that fits. Identity numbers, "
        "birth dates and passwords are closed to all but feideprov, Feide and the users themselves. Root on the server "
        "may do everything."
    )
    more = (
        Sentence("Nobody else may read users.")
        if config.is_new
        else Sentence("Who else may read users, the server's own rules say, as before.")
    )
    name = "6-access.ldif"
    record = modification(_database_dn(config), steps)
    return Step(Sentence("Access rules"), [text, more, _loaded(name)], [SetupFile(name, record)])


def _accounts(target: Target, config: OpenldapConfig) -> Step:
    records = [addition(str(dn), container_entry(dn)) for dn in containers(target)]
    if config.database is None:
        records.insert(0, addition(str(target.base), container_entry(target.base)))
    records += [
        addition(str(account.dn), account_entry(account, stored(account.password, "ssha").decode()))
        for account in (target.feideprov, target.feide)
    ]
    text = Sentence(
        "Two accounts: {own} for feideprov, and {feide} for Feide. An entry that exists already is reported as "
        "“Already exists (68)”, and left as it is.",
        own=target.feideprov.dn,
        feide=target.feide.dn,
    )
    name = "7-accounts.ldif"
    commands = Commands(ON_THE_SERVER, [f"{_loaded(name).lines[0]} -c"])
    files = [SetupFile(name, "".join(records), secret=True), *password_files(target)]
    return Step(Sentence("Accounts"), [text, commands], files)


def _monitoring(target: Target, config: OpenldapConfig) -> Iterator[Step]:
    own = f"dn.exact={_quoted(target.feideprov.dn)}"
    attributes = ",".join(("entry", "objectClass", "olcDatabase", *OPENLDAP_ATTRIBUTES))
    records = [
        modification(
            "olcDatabase={0}config,cn=config",
            [
                Change(
                    "add", "olcAccess", [f'{{0}}to dn.subtree="cn=config" attrs={attributes} by {own} read by * break']
                )
            ],
        )
    ]
    if not config.has_monitor:
        entry = {
            "objectClass": ("olcDatabaseConfig", "olcMonitorConfig"),
            "olcDatabase": ("monitor",),
            "olcAccess": (f'{{0}}to * by dn.exact="{_ROOT}" read by {own} read by * none',),
        }
        records += [_modules(config, "back_monitor"), addition("olcDatabase=monitor,cn=config", entry)]
    text = Sentence(
        "feideprov doctor may read the server's indexes, uniqueness, limits and time. Nothing of it is secret."
    )
    yield from _step(Sentence("What doctor reads"), text, "8-doctor.ldif", *records)


def _tls(target: Target, config: OpenldapConfig) -> Step:
    name, other = "9-tls.ldif", "9-tls-openssl.ldif"
    pair = [
        Change("replace", "olcTLSCertificateFile", [f"{_TLS}/server.pem"]),
        Change("replace", "olcTLSCertificateKeyFile", [f"{_TLS}/server.key"]),
    ]
    old = Change("replace", "olcTLSCipherSuite", ["NORMAL:-VERS-TLS1.0:-VERS-TLS1.1"])
    files = [
        SetupFile(name, modification("cn=config", [*pair, old])),
        SetupFile(other, modification("cn=config", [*pair, Change("replace", "olcTLSProtocolMin", ["3.3"])])),
    ]
    listen = 's|^SLAPD_SERVICES=.*|SLAPD_SERVICES="ldaps:/// ldapi:///"|'
    if not config.is_new:
        listen = '/ldaps:/!s|^SLAPD_SERVICES="|&ldaps:/// |'
    text = Sentence(
        "Feide connects over LDAPS, with TLS 1.2 or newer, and requires a certificate from a public authority. Put the "
        "certificate, followed by the intermediate certificates, into {folder}/server.pem, and its key into "
        "{folder}/server.key.",
        folder=_TLS,
    )
    which = Sentence(
        "{file} is for slapd with GnuTLS, as in Debian and Ubuntu. For slapd with OpenSSL, load {other} instead.",
        file=name,
        other=other,
    )
    commands = Commands(
        ON_THE_SERVER,
        [
            f"chown openldap:openldap {_TLS}/server.key",
            f"chmod 600 {_TLS}/server.key",
            *_loaded(name).lines,
            f"sed -i '{listen}' /etc/default/slapd",
            "systemctl restart slapd",
        ],
    )
    return Step(Sentence("TLS"), [text, trial_certificate(target, _TLS), which, commands], files)
