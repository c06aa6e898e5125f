"""The set-up of Active Directory, and of Samba as a domain controller ([MS-ADTS], samba-tool(8), smb.conf(5))."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from feideprov.directory.dn import DN
from feideprov.messages import Sentence, joined
from feideprov.schema.files import schema_text
from feideprov.setup.accounts import password_files
from feideprov.setup.active_directory_entries import account_records, logon_name, places, unit_records
from feideprov.setup.active_directory_rights import (
    SAM_LDB,
    Grant,
    Right,
    confidential_attributes,
    powershell_file,
    quoted,
    sh_file,
)
from feideprov.setup.change_record import Change, modification
from feideprov.setup.shared_steps import about_certificate, place_of_certificate, shared_steps, trial_certificate
from feideprov.setup.step import Commands, Setup, SetupFile, Step
from feideprov.setup.target import Target, dns_name, domain_of

_TLS: Final = "/etc/samba/tls"
_WINDOWS = Sentence("On a domain controller with Windows:")
_SAMBA = Sentence("On a Samba server, as root, in the folder of these files:")
_SAMBA_AS_ROOT = Sentence("On a Samba server, as root:")
_SEARCHED: Final[Mapping[str, tuple[str, int]]] = {
    "uid": ("uid", 8),
    "employeeNumber": ("Employee-Number", 0),
    "employeeID": ("Employee-ID", 0),
}
"""Attributes of every forest that feideprov searches for: the name in the schema, and searchFlags ([MS-ADA1],
[MS-ADA3])."""
_INDEXED: Final = 1
_UNIT_ATTRIBUTES: Final = (
    *("objectClass", "o", "ou", "mail", "telephoneNumber", "postalAddress", "eduOrgLegalName", "norEduOrgNIN"),
    *("norEduOrgSchemaVersion", "norEduOrgUnitUniqueIdentifier"),
)
"""What `init --directory` writes to the entries of the organization and its schools."""
_READ: Final = ("RP", "LC", "LO", "RC")


def active_directory_setup(target: Target) -> Setup:
    """The steps for a domain. Raises ConfigurationError for names that setup cannot create there."""
    domain = domain_of(target.base)
    return Setup(
        Sentence("Set up Active Directory for {realm}", realm=target.realm),
        list(_introduction(target, domain)),
        [
            _domain(domain),
            _schema(domain),
            _indexes(target, domain),
            _entries(target, domain),
            _accounts(target, domain),
            _rights(target, domain),
            *_passwords(target, domain),
            _tls(target),
            *shared_steps(target, f"{_TLS}/server.pem"),
        ],
    )


def _introduction(target: Target, domain: DN) -> Iterator[Sentence]:
    yield Sentence(
        "These files set up the domain {domain} for feideprov, in this order. Copy the folder to the domain controller "
        "{host}. Keep it private: it has passwords.",
        domain=dns_name(domain),
        host=target.host,
    )
    yield Sentence(
        "Each step has commands for Windows and for Samba: use one of the two. Those for Samba were tried with Samba "
        "4.17 of Debian 12. Those for Windows are for PowerShell, as a domain administrator, in the folder of these "
        "files. They were not tried, so try them in a test forest first: an extension of the schema cannot be undone."
    )
    yield Sentence(
        "The files are for entries that are not there yet. Windows leaves out what exists; for Samba, delete such a "
        "record from its file."
    )
    yield Sentence(
        "Active Directory cannot prevent that two users get the same number or Feide name. feideprov checks for "
        "duplicates itself, before and after each write."
    )


def _windows(*lines: str) -> Commands:
    return Commands(_WINDOWS, lines, "powershell")


def _samba(*lines: str) -> Commands:
    return Commands(_SAMBA, lines)


def _loaded(name: str) -> Sequence[Commands]:
    """The commands that load a file. Windows leaves out what is there already."""
    return (_windows(f"ldifde -i -k -f {name}"), _samba(f"ldbmodify -H {SAM_LDB} {name}"))


def _domain(domain: DN) -> Step:
    name = dns_name(domain)
    packages = "samba samba-ad-provision samba-dsdb-modules samba-vfs-modules winbind ldb-tools openssl"
    short = name.partition(".")[0][:15].upper()
    provision = f"samba-tool domain provision --server-role=dc --realm={name.upper()} --domain={short}"
    content: list[Sentence | Commands] = [
        Sentence("Leave this step out if the domain exists already. Give the server its final name before."),
        _windows(
            "Install-WindowsFeature AD-Domain-Services -IncludeManagementTools",
            f"Install-ADDSForest -DomainName {quoted(name)}",
        ),
        Commands(_SAMBA_AS_ROOT, [f"DEBIAN_FRONTEND=noninteractive apt-get install --yes {packages}"]),
        Sentence(
            "The package starts services of a file server, which a domain controller must not have. samba-tool makes a "
            "password for the account Administrator, and prints it: keep it."
        ),
        Commands(
            _SAMBA_AS_ROOT,
            [
                "systemctl disable --now smbd nmbd winbind",
                "mv /etc/samba/smb.conf /etc/samba/smb.conf.debian",
                provision,
                "systemctl unmask samba-ad-dc",
                "systemctl enable samba-ad-dc",
            ],
        ),
    ]
    return Step(Sentence("The domain"), content)


def _schema(domain: DN) -> Step:
    """Attributes and classes in two files: Samba knows the new attributes only when ldbmodify is run again."""
    general = re.sub("(?m)^# Import it .*\n", "", schema_text("ad"))
    whole = general.replace("DC=X\n", f"{domain}\n")
    ends = [found.end() for found in re.finditer("(?m)^schemaUpdateNow: 1\n-\n", whole)]
    parts = [whole[start:end].lstrip("\n") for start, end in zip([0, *ends[:-1]], ends, strict=True)]
    files = [SetupFile(f"02-schema-{number}.ldif", text) for number, text in enumerate(parts, 1)]
    text = Sentence(
        "The schemas of a Feide directory: eduPerson, eduOrg, SCHAC and norEdu. Load them on the schema master, as a "
        "schema administrator. Identity numbers, local numbers, birth dates and other personal data are confidential: "
        "only accounts with a right of their own can read them. If {domain} is not the root of its forest, write the "
        "root in its place in both files.",
        domain=domain,
    )
    samba = "ldbmodify -H {} --option='dsdb:schema update allowed=yes' {}"
    content: list[Sentence | Commands] = [
        text,
        _windows(*(f"ldifde -i -k -f {file.name}" for file in files)),
        _samba("systemctl stop samba-ad-dc", *(samba.format(SAM_LDB, file.name) for file in files)),
    ]
    return Step(Sentence("The schema"), content, files)


def _indexes(target: Target, domain: DN) -> Step:
    """Indexes of attributes that are not in the schema files."""
    names = ("uid", target.settings.directory.source_id_attribute)
    known = {name.lower(): value for name, value in _SEARCHED.items()}
    found = [known[name.lower()] for name in names if name.lower() in known]
    records = [
        modification(
            f"CN={schema_name},CN=Schema,CN=Configuration,{domain}",
            [Change("replace", "searchFlags", (str(flags | _INDEXED),))],
        )
        for schema_name, flags in found
    ]
    content: list[Sentence | Commands] = [
        Sentence("The attributes that Feide and feideprov search for, beside those that the schema files index.")
    ]
    if len(found) < len(names):
        content.append(
            Sentence(
                "Make sure that {name} has an index too (searchFlags 1 in its entry in the schema).", name=names[-1]
            )
        )
    file = "03-indexes.ldif"
    content += [
        _windows(f"ldifde -i -f {file}"),
        _samba(f"ldbmodify -H {SAM_LDB} --option='dsdb:schema update allowed=yes' {file}"),
    ]
    return Step(Sentence("Indexes"), content, [SetupFile(file, "".join(records))])


def _entries(target: Target, domain: DN) -> Step:
    text = Sentence("The entries of the organization and its schools, still without content, and the place of users.")
    name = "04-entries.ldif"
    return Step(Sentence("Entries"), [text, *_loaded(name)], [SetupFile(name, unit_records(target, domain))])


def _accounts(target: Target, domain: DN) -> Step:
    text = Sentence(
        "Two ordinary accounts, whose passwords do not expire: {own} for feideprov, and {feide} for Feide. The file "
        "has both passwords in clear: it is deleted here. Delete also the one that it was copied from.",
        own=target.feideprov.dn,
        feide=target.feide.dn,
    )
    name = "05-accounts.ldif"
    files = [SetupFile(name, account_records(target, domain), secret=True), *password_files(target)]
    windows = _windows(f"ldifde -i -k -h -f {name}", f"Remove-Item {name}")  # -h: encrypted
    samba = _samba(f"ldbmodify -H {SAM_LDB} {name}", f"rm {name}")
    return Step(Sentence("Accounts"), [text, windows, samba], files)


def _rights(target: Target, domain: DN) -> Step:
    users = (
        Right("tree", ("CC", "DC"), only="user"),
        Right("below", (*_READ, "WP", "SD", "CR"), inherited_by="user"),
    )
    reads = (
        Right("below", _READ, inherited_by="user"),
        *(Right("below", ("CR",), only=name, inherited_by="user") for name in confidential_attributes()),
    )
    on_units = (
        Right("tree", ("CC",), only="organizationalUnit"),
        *(Right("entry", ("RP", "WP"), only=name) for name in _UNIT_ATTRIBUTES),
        *(Right("below", ("RP", "WP"), only=name, inherited_by="organizationalUnit") for name in _UNIT_ATTRIBUTES),
    )
    own, feide = target.feideprov, target.feide
    grants = [
        Grant(target.users, own.dn, logon_name(own, domain), users),
        *(Grant(dn, own.dn, logon_name(own, domain), on_units) for dn in places(target)),
        Grant(target.users, feide.dn, logon_name(feide, domain), reads),
    ]
    text = Sentence(
        "feideprov's account may create, change and delete users below {users}, give them passwords, and read what is "
        "confidential. It may create entries of schools, and write in them and in the organization's only what init "
        "--directory writes. Feide's account may read users, with what is confidential. Both files give the same "
        "rights.",
        users=target.users,
    )
    name, other = "06-rights.ps1", "06-rights.sh"
    content: list[Sentence | Commands] = [
        text,
        _windows(f"powershell -ExecutionPolicy Bypass -File {name}"),
        _samba(f"sh {other}"),
    ]
    return Step(Sentence("Rights"), content, [powershell_file(name, grants), sh_file(other, grants)])


def _passwords(target: Target, domain: DN) -> Iterator[Step]:
    if target.settings.login.by != "directory":
        return
    text = Sentence(
        "The passwords of a new domain expire after 42 days, and then a login at Feide fails. Leave this step out if "
        "users change their passwords in time, or if another rule of the domain says so."
    )
    content: list[Sentence | Commands] = [
        text,
        _windows(f"Set-ADDefaultDomainPasswordPolicy -Identity {quoted(dns_name(domain))} -MaxPasswordAge 0"),
        _samba("samba-tool domain passwordsettings set --max-pwd-age=0"),
    ]
    yield Step(Sentence("Passwords that expire"), content)


def _tls(target: Target) -> Step:
    name = "08-tls.conf"
    lines = [
        "tls enabled = yes",
        f"tls keyfile = {_TLS}/server.key",
        f"tls certfile = {_TLS}/server.pem",
        "tls cafile =",
        "tls priority = NORMAL:-VERS-TLS1.0:-VERS-TLS1.1",
    ]
    windows = Sentence(
        "Windows uses a certificate for server authentication, with its key, in the computer's own store (server.pfx "
        "here), and needs no other setting. Where Windows still has TLS 1.0 and 1.1, switch them off in its registry "
        "(SCHANNEL)."
    )
    content: list[Sentence | Commands] = [
        about_certificate(target),
        windows,
        _windows(
            "Import-PfxCertificate -FilePath server.pfx -CertStoreLocation Cert:\\LocalMachine\\My "
            "-Password (Read-Host -AsSecureString)",
            "Restart-Computer",
        ),
        joined([Sentence("For Samba:"), place_of_certificate(_TLS)]),
        trial_certificate(target, _TLS),
        _samba(
            f"chmod 600 {_TLS}/server.key",
            f"sed -i '/^\\[global\\]/r {name}' /etc/samba/smb.conf",
            "systemctl restart samba-ad-dc",
        ),
    ]
    return Step(Sentence("TLS"), content, [SetupFile(name, "".join(f"\t{line}\n" for line in lines))])
