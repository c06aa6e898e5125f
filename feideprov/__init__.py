"""Feide users for people without a Norwegian identity number, and their number later.

The public names; everything else may change between versions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from feideprov.check.examination import Examination
    from feideprov.check.finding import Finding, Severity
    from feideprov.client import Client
    from feideprov.directory.dn import DN
    from feideprov.directory.entry import (
        Add,
        Delete,
        Entry,
        Modification,
        Modify,
        Presumption,
        Rename,
        SetPassword,
        Written,
    )
    from feideprov.directory.ldap import LdapDirectory
    from feideprov.directory.ldif_file import LdifDirectory
    from feideprov.directory.memory import MemoryDirectory
    from feideprov.directory.protocol import Directory
    from feideprov.errors import (
        ConfigurationError,
        DirectoryError,
        FeideProvError,
        InputError,
        JournalError,
        Refused,
    )
    from feideprov.feide.build import Habits, build_user
    from feideprov.feide.group import Group
    from feideprov.feide.mfa import SecondFactor
    from feideprov.feide.name_policy import NamePolicy
    from feideprov.feide.organization import HostOrganization, School
    from feideprov.feide.person import PersonRecord, Role
    from feideprov.feide.user import Concern, FeideUser
    from feideprov.feide.user_name import UserNames
    from feideprov.numbers import (
        Decision,
        Evidence,
        NationalNumber,
        NumberKind,
        NumberPolicy,
        NumberText,
        Verdict,
        judge_number,
    )
    from feideprov.provision.attach import attach_d_number
    from feideprov.provision.journal import Event, Journal
    from feideprov.provision.mark import MarkKey
    from feideprov.provision.outcome import Outcome, Plan, Refusal
    from feideprov.provision.pending import PendingUser
    from feideprov.settings import Settings

_HOME = {
    "Written": "directory.entry",
    "SetPassword": "directory.entry",
    "Presumption": "directory.entry",
    "Modify": "directory.entry",
    "Modification": "directory.entry",
    "Delete": "directory.entry",
    "Add": "directory.entry",
    "Client": "client",
    "ConfigurationError": "errors",
    "Concern": "feide.user",
    "DN": "directory.dn",
    "Decision": "numbers",
    "Directory": "directory.protocol",
    "DirectoryError": "errors",
    "Entry": "directory.entry",
    "Event": "provision.journal",
    "Evidence": "numbers",
    "Examination": "check.examination",
    "FeideProvError": "errors",
    "FeideUser": "feide.user",
    "Finding": "check.finding",
    "Group": "feide.group",
    "Habits": "feide.build",
    "HostOrganization": "feide.organization",
    "InputError": "errors",
    "Journal": "provision.journal",
    "JournalError": "errors",
    "LdapDirectory": "directory.ldap",
    "LdifDirectory": "directory.ldif_file",
    "MarkKey": "provision.mark",
    "MemoryDirectory": "directory.memory",
    "NamePolicy": "feide.name_policy",
    "NationalNumber": "numbers",
    "NumberKind": "numbers",
    "NumberPolicy": "numbers",
    "NumberText": "numbers",
    "Outcome": "provision.outcome",
    "PendingUser": "provision.pending",
    "PersonRecord": "feide.person",
    "Plan": "provision.outcome",
    "Refusal": "provision.outcome",
    "Refused": "errors",
    "Rename": "directory.entry",
    "Role": "feide.person",
    "School": "feide.organization",
    "SecondFactor": "feide.mfa",
    "Settings": "settings",
    "Severity": "check.finding",
    "UserNames": "feide.user_name",
    "Verdict": "numbers",
    "attach_d_number": "provision.attach",
    "build_user": "feide.build",
    "judge_number": "numbers",
}

__all__ = [
    "DN",
    "Add",
    "Client",
    "Concern",
    "ConfigurationError",
    "Decision",
    "Delete",
    "Directory",
    "DirectoryError",
    "Entry",
    "Event",
    "Evidence",
    "Examination",
    "FeideProvError",
    "FeideUser",
    "Finding",
    "Group",
    "Habits",
    "HostOrganization",
    "InputError",
    "Journal",
    "JournalError",
    "LdapDirectory",
    "LdifDirectory",
    "MarkKey",
    "MemoryDirectory",
    "Modification",
    "Modify",
    "NamePolicy",
    "NationalNumber",
    "NumberKind",
    "NumberPolicy",
    "NumberText",
    "Outcome",
    "PendingUser",
    "PersonRecord",
    "Plan",
    "Presumption",
    "Refusal",
    "Refused",
    "Rename",
    "Role",
    "School",
    "SecondFactor",
    "SetPassword",
    "Settings",
    "Severity",
    "UserNames",
    "Verdict",
    "Written",
    "attach_d_number",
    "build_user",
    "judge_number",
]


def __getattr__(name: str) -> Any:
    """Public names are imported when they are first used: `import feideprov` alone loads no LDAP and no database."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value
