"""A user's entry, read once for all rules."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from feideprov.check.context import CheckContext
from feideprov.directory.attribute_description import attribute_key
from feideprov.directory.entry import Entry
from feideprov.directory.layout import CREATED, created_on
from feideprov.directory.protocol import NUMBER_ATTRIBUTE, NUMBER_ATTRIBUTES
from feideprov.errors import InputError
from feideprov.feide.attributes import STORED
from feideprov.feide.entitlement import Grep, GroupId, GroupMembership, read_entitlement
from feideprov.feide.user import BIRTH_DATES, recorded_birth_date
from feideprov.numbers import Decision, NumberKind, Verdict, judge_number, key_is_number
from feideprov.text import shown

NAMES = ("cn", "displayName", "norEduPersonLegalName", "givenName", "sn")
"""The five names, all mandatory (info_go 2018-03, Mandatory – person)."""
PRESENT = (
    "eduPersonPrincipalName",
    "eduPersonAffiliation",
    "eduPersonOrgDN",
    "norEduPersonLegalName",
    NUMBER_ATTRIBUTE,
)
"""An entry with one of these is a user; a service account with only uid is not."""
READ = (
    *STORED,
    *NUMBER_ATTRIBUTES,
    *("uid", "eduPersonPrincipalName", "eduPersonPrincipalNamePrior", "userPassword", *CREATED),
    *("postalAddress", *BIRTH_DATES),
)
"""What is read of a user, besides the source id. Of userPassword only whether there is one is used."""

_NONE: list[str] = []


class Person:
    """One user. Texts are as in the directory; `feide_name` is in lower case."""

    def __init__(self, entry: Entry, context: CheckContext) -> None:
        self.entry = entry
        self.context = context
        self.empty: list[str] = []
        """Attributes with an empty value."""
        self.undecodable: list[str] = []
        """Attributes with a value that is not valid UTF-8."""
        self._texts: dict[str, list[str]] = {}
        for name, values in entry.items():
            self._texts.setdefault(attribute_key(name), []).extend(self._decoded(name, values))
        self.feide_name = self.text("eduPersonPrincipalName").lower()
        self.user_name, _, self.realm = self.feide_name.partition("@")
        self.affiliations = [text.lower() for text in self.texts("eduPersonAffiliation")]
        self.verdict = self._judged()
        self.verdict_code = self.verdict.code if self.verdict else None
        self._entitlements: Entitlements | None = None

    def _decoded(self, name: str, values: tuple[bytes, ...]) -> list[str]:
        try:
            texts = [value.decode() for value in values]
        except UnicodeDecodeError:
            self.undecodable.append(name)
            texts = [value.decode(errors="replace") for value in values]
        kept = [text for text in texts if text and not text.isspace()]
        if len(kept) < len(texts):
            self.empty.append(name)
        return kept

    def _judged(self) -> Verdict | None:
        """The verdict on norEduPersonNIN; None without one."""
        text = self.entry.text(NUMBER_ATTRIBUTE)
        if text is None:
            return None
        return judge_number(
            text, birth_date=recorded_birth_date(self.entry), on=self.context.on, policy=self.context.numbers
        )

    def texts(self, attribute: str) -> list[str]:
        """The values of an attribute, without those that are empty."""
        return self._texts.get(attribute_key(attribute), _NONE)

    def text(self, attribute: str) -> str:
        """The first value; empty when there is none."""
        held = self.texts(attribute)
        return held[0] if held else ""

    def has(self, attribute: str) -> bool:
        """Does the attribute have a value, even an empty one?"""
        return bool(self.entry.values(attribute))

    @property
    def shown_name(self) -> str | None:
        """The Feide name as it may be shown; None when there is none."""
        return shown(self.feide_name) or None

    @property
    def shown_dn(self) -> str:
        return shown(str(self.entry.dn))

    @property
    def closed(self) -> bool:
        """Was the user closed with this tool?"""
        return self.context.known_users.is_closed(self.feide_name, self.entry.dn)

    @property
    def is_pending(self) -> bool:
        """No number, or a DUF number in its place."""
        verdict = self.verdict
        if verdict is None:
            return True
        return verdict.kind is NumberKind.DUF and verdict.decision is Decision.ACCEPT

    @property
    def since(self) -> date | None:
        """Since when the user waits for a number: from the journal, or else the day the entry was created."""
        return self.context.known_users.waiting_since(self.feide_name) or created_on(self.entry)

    @property
    def source_ids(self) -> list[str]:
        """The municipality's own keys; an identity number in their place is left out."""
        return [text for text in self.texts(self.context.source_id_attribute) if not key_is_number(text)]

    @property
    def is_student(self) -> bool:
        return "student" in self.affiliations

    @property
    def is_in_class(self) -> bool:
        """A pupil or a teacher: Feide expects groups."""
        return self.is_student or "faculty" in self.affiliations

    @property
    def entitlements(self) -> Entitlements:
        if self._entitlements is None:
            self._entitlements = Entitlements(self.texts("eduPersonEntitlement"))
        return self._entitlements


class Entitlements:
    """The values of eduPersonEntitlement that Feide defines for schools."""

    def __init__(self, texts: list[str]) -> None:
        self.unread: list[str] = []
        """The values that begin like one of Feide's and cannot be read."""
        self.greps: list[Grep] = []
        self.groups: list[GroupMembership] = []
        self.group_ids: list[GroupId] = []
        self.of_groups: set[GroupId] = set()
        """The group-IDs that the groups should have, in canonical form."""
        self.canonical: set[GroupId] = set()
        """The group-IDs that are there, in canonical form."""
        for text in texts:
            value, group_id = _read(text)
            if isinstance(value, GroupMembership) and group_id:
                self.groups.append(value)
                self.of_groups.add(group_id)
            elif isinstance(value, GroupId) and group_id:
                self.group_ids.append(value)
                self.canonical.add(group_id)
            elif isinstance(value, Grep):
                self.greps.append(value)
            elif value is False:
                self.unread.append(text)

    def unread_of(self, beginning: str) -> int:
        """How many values begin like this and cannot be read."""
        return sum(text.startswith(beginning) for text in self.unread)


@lru_cache(maxsize=4096)  # all pupils of a class have the same values
def _read(text: str) -> tuple[Grep | GroupMembership | GroupId | bool | None, GroupId | None]:
    """A value and its canonical group-ID; False for a value that cannot be read."""
    try:
        value = read_entitlement(text)
    except InputError:
        return False, None
    if isinstance(value, GroupMembership):
        return value, value.group_id
    if isinstance(value, GroupId):
        return value, value.canonical()
    return value, None
