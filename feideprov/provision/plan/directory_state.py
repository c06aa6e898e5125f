"""What was found in the directory, in the order that a plan asks for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from feideprov.directory.dn import DN, fold
from feideprov.directory.entry import Entry
from feideprov.directory.layout import ACCOUNT_ATTRIBUTES
from feideprov.directory.protocol import NUMBER_ATTRIBUTE, Directory
from feideprov.errors import ConfigurationError, Refused, scrub
from feideprov.feide.attributes import MANAGED
from feideprov.feide.lin import LIN_ATTRIBUTE
from feideprov.numbers import NumberKind, NumberPolicy, judge_number, number_shaped
from feideprov.numbers.compare import same_number
from feideprov.text import shown

IDENTIFYING = (
    "uid",
    "eduPersonPrincipalName",
    "eduPersonPrincipalNamePrior",
    NUMBER_ATTRIBUTE,
    "schacDateOfBirth",
    *ACCOUNT_ATTRIBUTES,
)


@dataclass(frozen=True)
class Holder:
    """An entry that holds a number. `feide_name` as it may be shown."""

    dn: DN
    feide_name: str


NumberKey = bytes | str
"""What two spellings of a number have in common: no digit of it."""


def numbers_held(directory: Directory, key: Callable[[str], NumberKey] = same_number) -> dict[NumberKey, list[Holder]]:
    """Who holds which number, read from the server and compared in memory: no filter ever carries a number.

    `key` makes of a number what it is compared by.
    """
    holders: dict[NumberKey, list[Holder]] = defaultdict(list)
    for entry in directory.having([NUMBER_ATTRIBUTE], [NUMBER_ATTRIBUTE, "eduPersonPrincipalName"]):
        for text in entry.texts(NUMBER_ATTRIBUTE):
            holders[key(text)].append(Holder(entry.dn, shown_name(entry)))
    return dict(holders)


def shown_name(entry: Entry) -> str:
    """The Feide name of an entry, in lower case, as it may be shown: some directories make names of numbers."""
    feide_name = (entry.text("eduPersonPrincipalName") or "").lower()
    return shown(feide_name)


def stands_in(text: str | None, on: date) -> bool:
    """Is this a DUF number, which only stands in until the national number comes?"""
    return text is not None and judge_number(text, on=on, policy=_DUF).kind is NumberKind.DUF


_DUF = NumberPolicy(duf="nin")
_EITHER = (NumberPolicy(), NumberPolicy(test=True))


@dataclass(repr=False)
class DirectoryState:
    """The people of a directory, read once."""

    source_id_attribute: str
    entries: list[Entry] = field(default_factory=list)
    by_source_id: dict[str, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    by_feide_name: dict[str, Entry] = field(default_factory=dict)
    by_former_name: dict[str, Entry] = field(default_factory=dict)
    doubled: set[str] = field(default_factory=set)
    """Feide names that more than one entry has."""
    user_names: set[str] = field(default_factory=set)
    holders: dict[NumberKey, list[Holder]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def read(cls, directory: Directory, source_id_attribute: str) -> DirectoryState:
        """All people, with the attributes that a plan compares.

        Raises ConfigurationError when the source-id attribute is in use for identity numbers: in many
        municipalities employeeNumber is.
        """
        found = cls(source_id_attribute)
        present = ("uid", "eduPersonPrincipalName", NUMBER_ATTRIBUTE, source_id_attribute)
        accounts = tuple(directory.layout.names(""))
        holding_numbers = 0
        for entry in directory.having((*present, *accounts), (*IDENTIFYING, *MANAGED, source_id_attribute)):
            if any(entry.values(name) for name in present):
                holding_numbers += found._take(entry)
            found._take_names(entry, accounts)
        if holding_numbers:
            raise ConfigurationError(
                f"The attribute {source_id_attribute} (source_id_attribute) holds what looks like identity numbers on "
                f"{holding_numbers} entries. Name another attribute in the configuration: nothing is written there."
            )
        return found

    @classmethod
    def of_names(cls, directory: Directory) -> DirectoryState:
        """The same without source ids: for a number that is brought to a user by its Feide name."""
        found = cls("")
        for entry in directory.having(("eduPersonPrincipalName", NUMBER_ATTRIBUTE), (*IDENTIFYING, LIN_ATTRIBUTE)):
            found._take(entry)
        return found

    def _take_names(self, entry: Entry, attributes: Sequence[str]) -> None:
        """An account that is nobody's at Feide has its name too."""
        self.user_names.update(text.partition("@")[0].lower() for name in attributes for text in entry.texts(name))

    def _take(self, entry: Entry) -> bool:
        self.entries.append(entry)
        source_ids = entry.texts(self.source_id_attribute)
        usable = [source_id for source_id in source_ids if not number_shaped(source_id)]
        for source_id in usable:
            self.by_source_id[fold(source_id)].append(entry)
        feide_name = (entry.text("eduPersonPrincipalName") or "").lower()
        if feide_name in self.by_feide_name:
            self.doubled.add(feide_name)
        if feide_name:
            self.by_feide_name[feide_name] = entry
        former_names = entry.texts("eduPersonPrincipalNamePrior")
        self.by_former_name.update((name.lower(), entry) for name in former_names)
        names = [feide_name, *former_names, *entry.texts("uid")]
        self.user_names.update(name.partition("@")[0].lower() for name in names)
        for text in entry.texts(NUMBER_ATTRIBUTE):
            self.holders[same_number(text)].append(Holder(entry.dn, shown_name(entry)))
        return len(usable) < len(source_ids)

    def user(self, feide_name: str) -> Entry:
        """The one user of this Feide name today.

        Raises Refused when there is none (R-NO-USER), with the new name where it is a former one, or more than one
        (R-TWO-USERS).
        """
        entry = self.by_feide_name.get(feide_name)
        if entry is None:
            former = self.by_former_name.get(feide_name)
            now = shown_name(former) if former else ""
            renamed = f" It is the former name of {now}: use that one." if now else ""
            raise Refused(f"There is no user {scrub(feide_name)}.{renamed}", code="R-NO-USER")
        if feide_name in self.doubled:
            raise Refused(
                "More than one entry has that Feide name: correct the directory.", code="R-TWO-USERS", held=True
            )
        return entry

    def named(self, feide_name: str) -> Entry | None:
        """The user of this Feide name, today or, when nobody has it, formerly."""
        return self.by_feide_name.get(feide_name) or self.by_former_name.get(feide_name)

    def alike(self, full_name: str, birth_date: date) -> list[Entry]:
        """Users with the same name and birth date: a question for a person, never an answer."""
        return self._by_name().get((fold(full_name), birth_date), [])

    def _by_name(self) -> dict[tuple[str, date], list[Entry]]:
        if self._names is None:
            self._names = defaultdict(list)
            for entry in self.entries:
                name = entry.text("displayName") or entry.text("cn") or ""
                for day in _birth_dates(entry):
                    self._names[(fold(name), day)].append(entry)
        return self._names

    _names: dict[tuple[str, date], list[Entry]] | None = None


def _birth_dates(entry: Entry) -> set[date]:
    """The birth dates that an entry tells of: its own attribute, or else those its number can mean."""
    days = set()
    for attribute in ("norEduPersonBirthDate", "schacDateOfBirth"):
        for text in entry.texts(attribute):
            try:
                days.add(date(int(text[:4]), int(text[4:6]), int(text[6:])))
            except ValueError:
                continue  # other forms are in use (DDMMYY without its leading zero): they tell no date surely
    if days:
        return days
    texts = entry.texts(NUMBER_ATTRIBUTE)
    return {day for text in texts for policy in _EITHER for day in judge_number(text, policy=policy).birth_dates}
