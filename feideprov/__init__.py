"""Feide users for people without a Norwegian identity number, and their number later.

The public names; everything else may change between versions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from feideprov.check.examination import Examination
    from feideprov.check.finding import Finding, Severity
    from feideprov.client.client import Client
    from feideprov.directory.dn import DN
    from feideprov.directory.entry import (
        Add,
        Delete,
        Entry,
        Modification,
        Modify,
        Precondition,
        Rename,
        SetPassword,
        WriteResult,
    )
    from feideprov.directory.ldap.directory import LdapDirectory
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
    from feideprov.feide.build import BuildOptions, build_user
    from feideprov.feide.entitlement import Grep, GroupId, GroupMembership, read_entitlement
    from feideprov.feide.group import Group
    from feideprov.feide.lin import LocalNumber
    from feideprov.feide.mfa import AppMethod, SecondFactor, ServiceLevel, SmsMethod
    from feideprov.feide.name_policy import NamePolicy
    from feideprov.feide.organization import HostOrganization, School
    from feideprov.feide.person import PersonRecord, Role
    from feideprov.feide.user import Concern, FeideUser
    from feideprov.feide.user_name import UserNames
    from feideprov.issues import Refusal
    from feideprov.journal.journal import Event, Journal
    from feideprov.journal.keys import MarkKey
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
    from feideprov.observe.observe import Observation
    from feideprov.provision.attach import attach_d_number
    from feideprov.provision.pending import PendingUser
    from feideprov.provision.plan.plan import Outcome, Plan
    from feideprov.services.facade import Services
    from feideprov.services.notice import Notice
    from feideprov.services.register.merging import Imported
    from feideprov.services.register.service import Audience, Basis, Contact, Dependency, Provider, Service, Way
    from feideprov.services.report.matrix import Matrix
    from feideprov.services.today import Today
    from feideprov.settings import Settings

_HOME = {
    "Add": "directory.entry",
    "AppMethod": "feide.mfa",
    "Audience": "services.register.service",
    "Basis": "services.register.service",
    "Client": "client.client",
    "Concern": "feide.user",
    "ConfigurationError": "errors",
    "Contact": "services.register.service",
    "DN": "directory.dn",
    "Decision": "numbers",
    "Delete": "directory.entry",
    "Dependency": "services.register.service",
    "Directory": "directory.protocol",
    "DirectoryError": "errors",
    "Entry": "directory.entry",
    "Event": "journal.journal",
    "Evidence": "numbers",
    "Examination": "check.examination",
    "FeideProvError": "errors",
    "FeideUser": "feide.user",
    "Finding": "check.finding",
    "Grep": "feide.entitlement",
    "Group": "feide.group",
    "GroupId": "feide.entitlement",
    "GroupMembership": "feide.entitlement",
    "BuildOptions": "feide.build",
    "HostOrganization": "feide.organization",
    "Imported": "services.register.merging",
    "InputError": "errors",
    "Journal": "journal.journal",
    "JournalError": "errors",
    "LdapDirectory": "directory.ldap.directory",
    "LdifDirectory": "directory.ldif_file",
    "LocalNumber": "feide.lin",
    "MarkKey": "journal.keys",
    "Matrix": "services.report.matrix",
    "MemoryDirectory": "directory.memory",
    "Modification": "directory.entry",
    "Modify": "directory.entry",
    "NamePolicy": "feide.name_policy",
    "NationalNumber": "numbers",
    "Notice": "services.notice",
    "NumberKind": "numbers",
    "NumberPolicy": "numbers",
    "NumberText": "numbers",
    "Observation": "observe.observe",
    "Outcome": "provision.plan.plan",
    "PendingUser": "provision.pending",
    "PersonRecord": "feide.person",
    "Plan": "provision.plan.plan",
    "Precondition": "directory.entry",
    "Provider": "services.register.service",
    "Refusal": "issues",
    "Refused": "errors",
    "Rename": "directory.entry",
    "Role": "feide.person",
    "School": "feide.organization",
    "SecondFactor": "feide.mfa",
    "Service": "services.register.service",
    "ServiceLevel": "feide.mfa",
    "Services": "services.facade",
    "SetPassword": "directory.entry",
    "Settings": "settings",
    "Severity": "check.finding",
    "SmsMethod": "feide.mfa",
    "Today": "services.today",
    "UserNames": "feide.user_name",
    "Verdict": "numbers",
    "Way": "services.register.service",
    "WriteResult": "directory.entry",
    "attach_d_number": "provision.attach",
    "build_user": "feide.build",
    "judge_number": "numbers",
    "read_entitlement": "feide.entitlement",
}

__all__ = [
    "DN",
    "Add",
    "AppMethod",
    "Audience",
    "Basis",
    "BuildOptions",
    "Client",
    "Concern",
    "ConfigurationError",
    "Contact",
    "Decision",
    "Delete",
    "Dependency",
    "Directory",
    "DirectoryError",
    "Entry",
    "Event",
    "Evidence",
    "Examination",
    "FeideProvError",
    "FeideUser",
    "Finding",
    "Grep",
    "Group",
    "GroupId",
    "GroupMembership",
    "HostOrganization",
    "Imported",
    "InputError",
    "Journal",
    "JournalError",
    "LdapDirectory",
    "LdifDirectory",
    "LocalNumber",
    "MarkKey",
    "Matrix",
    "MemoryDirectory",
    "Modification",
    "Modify",
    "NamePolicy",
    "NationalNumber",
    "Notice",
    "NumberKind",
    "NumberPolicy",
    "NumberText",
    "Observation",
    "Outcome",
    "PendingUser",
    "PersonRecord",
    "Plan",
    "Precondition",
    "Provider",
    "Refusal",
    "Refused",
    "Rename",
    "Role",
    "School",
    "SecondFactor",
    "Service",
    "ServiceLevel",
    "Services",
    "SetPassword",
    "Settings",
    "Severity",
    "SmsMethod",
    "Today",
    "UserNames",
    "Verdict",
    "Way",
    "WriteResult",
    "attach_d_number",
    "build_user",
    "judge_number",
    "read_entitlement",
]


def __getattr__(name: str) -> Any:
    """Public names are imported when they are first used: `import feideprov` alone loads no LDAP and no database."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value
