"""A user's entry as the rules look at it: every part is read once."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from feideprov.check.context import CheckContext
from feideprov.directory.entry import Entry
from feideprov.directory.protocol import NUMBER_ATTRIBUTE, NUMBER_ATTRIBUTES
from feideprov.errors import InputError
from feideprov.feide.attributes import STORED
from feideprov.feide.entitlement import Grep, GroupId, GroupMembership, read_entitlement
from feideprov.numbers import Decision, NumberKind, Verdict, judge_number
from feideprov.tables.day import day_of
from feideprov.text import holds_number, shown

NAMES = ("cn", "displayName", "norEduPersonLegalName", "givenName", "sn")
"""The five names, all mandatory (info_go 2018-03, Mandatory – person)."""
PRESENT = (
    "eduPersonPrincipalName",
    "eduPersonAffiliation",
    "eduPersonOrgDN",
    "norEduPersonLegalName",
    NUMBER_ATTRIBUTE,
)
"""An entry that has one of these is a user; a service account that has only uid is none."""
READ = (
    *STORED,
    *NUMBER_ATTRIBUTES,
    *("uid", "eduPersonPrincipalName", "eduPersonPrincipalNamePrior", "userPassword", "createTimestamp"),
)
"""What is read of a user, beside the source id. Of userPassword only whether it is there is looked at."""

_NONE: list[str] = []


class Person:
    """One user. Texts are as they stand in the directory; `feide_name` is in lower case."""

    def __init__(self, entry: Entry, around: CheckContext) -> None:
        self.entry = entry
        self.around = around
        self.empty: list[str] = []
        """Attributes with an empty value."""
        self.undecodable: list[str] = []
        """Attributes with a value that is no UTF-8."""
        self._texts = {name.lower(): self._decoded(name, values) for name, values in entry.items()}
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
        return judge_number(text, birth_date=self.birth_date, on=self.around.on, policy=self.around.numbers)

    def texts(self, attribute: str) -> list[str]:
        """The values of an attribute, without those that are empty."""
        return self._texts.get(attribute.lower(), _NONE)

    def text(self, attribute: str) -> str:
        """The first value; empty when there is none."""
        held = self.texts(attribute)
        return held[0] if held else ""

    def has(self, attribute: str) -> bool:
        """Does the attribute have a value, be it an empty one?"""
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
        return bool(self.around.answers.closed) and self.around.answers.closed_user_at(self.entry.dn) is not None

    @property
    def is_pending(self) -> bool:
        """No number, or a DUF number that stands in for it."""
        verdict = self.verdict
        if verdict is None:
            return True
        return verdict.kind is NumberKind.DUF and verdict.decision is Decision.ACCEPT

    @property
    def birth_date(self) -> date | None:
        """By norEduPersonBirthDate where that is written YYYYMMDD; other forms tell no date surely."""
        text = self.text("norEduPersonBirthDate")
        return day_of(text) if len(text) == 8 else None

    @property
    def since(self) -> date | None:
        """Since when the user waits for a number: by the journal, or else since the directory has the entry."""
        return self.around.answers.waiting_since(self.feide_name) or day_of(self.text("createTimestamp"))

    @property
    def source_ids(self) -> list[str]:
        """The municipality's own keys; a number in their place is none."""
        return [text for text in self.texts(self.around.source_id_attribute) if not holds_number(text)]

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
    """What the values of eduPersonEntitlement say that are Feide's for schools. `broken`: some cannot be read."""

    def __init__(self, texts: list[str]) -> None:
        self.broken = False
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
                self.broken = True


@lru_cache(maxsize=4096)  # a class shares its values
def _read(text: str) -> tuple[Grep | GroupMembership | GroupId | bool | None, GroupId | None]:
    """A value and the canonical group-ID that it means; False for one that cannot be read."""
    try:
        value = read_entitlement(text)
    except InputError:
        return False, None
    if isinstance(value, GroupMembership):
        return value, value.group_id
    if isinstance(value, GroupId):
        return value, value.canonical()
    return value, None
