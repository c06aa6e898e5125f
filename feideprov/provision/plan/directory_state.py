"""The people of a directory, read once, by the keys that a plan looks them up by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Final

from feideprov.directory.dn import DN, same_key
from feideprov.directory.entry import Entry
from feideprov.directory.layout import ACCOUNT_ATTRIBUTES, CREATED
from feideprov.directory.protocol import (
    NAME_ATTRIBUTE,
    NUMBER_ATTRIBUTE,
    PRIOR_NAME_ATTRIBUTE,
    Directory,
    former_names_of,
    name_of,
)
from feideprov.errors import ConfigurationError, Refused, scrub
from feideprov.feide.attributes import MANAGED
from feideprov.feide.lin import LIN_ATTRIBUTE
from feideprov.issues import code
from feideprov.look_alikes import look, told_apart
from feideprov.messages import NOTHING, Sentence
from feideprov.numbers import NumberKind, NumberPolicy, judge_number, key_is_number, number_shaped
from feideprov.numbers.compare import same_number
from feideprov.progress import READING_DIRECTORY, steps
from feideprov.provision.plan.holders import Holder, NumberKey, shown_name
from feideprov.provision.plan.people.listed_person import born

R_NO_USER: Final = code(
    "R-NO-USER",
    Sentence("No user has this Feide name or source id."),
    Sentence("Correct the Feide name or the source id."),
)
R_TWO_USERS: Final = code(
    "R-TWO-USERS",
    Sentence(
        "More than one user fits: the Feide name and the source id belong to different users, or several "
        "entries have the same Feide name or source id."
    ),
    Sentence("Correct the list or the directory."),
)
R_SOURCE_ID_NUMBER: Final = code(
    "R-SOURCE-ID-NUMBER",
    Sentence("Held: the user's source id in the directory looks like an identity number. It is not used."),
    Sentence("In the directory, write the key that the person has in your own system in its place."),
)
R_NO_NAME: Final = code(
    "R-NO-NAME",
    Sentence("Held: the user's entry has no Feide name."),
    Sentence("Add eduPersonPrincipalName to the entry."),
)
R_NUMBER_AS_NAME: Final = code(
    "R-NUMBER-AS-NAME",
    Sentence("Held: the user's Feide name or DN looks like an identity number."),
    Sentence("Change the Feide name or the DN in the directory, then run again."),
)
_FEW: Final = 3
"""So many values, or one in a hundred, may be numbers by mistake or by chance: their users are held. If there are more,
the attribute is in use for numbers."""
IDENTIFYING = (
    "uid",
    NAME_ATTRIBUTE,
    PRIOR_NAME_ATTRIBUTE,
    NUMBER_ATTRIBUTE,
    "schacDateOfBirth",
    *ACCOUNT_ATTRIBUTES,
)


def is_provisional(text: str | None, on: date) -> bool:
    """Is this a DUF number, which is used only until the national number arrives?"""
    if text is None or (len(text) == _NATIONAL_DIGITS and text.isdecimal()):
        return False
    return judge_number(text, on=on, policy=_DUF).kind is NumberKind.DUF


_DUF = NumberPolicy(duf="nin")
_NATIONAL_DIGITS: Final = 11
"""A DUF number has twelve."""


@dataclass(repr=False)
class DirectoryState:
    """The people of a directory, read once. Feide names are keys in lower case, source ids as `dn.same_key`."""

    source_id_attribute: str
    entries: list[Entry] = field(default_factory=list)
    by_source_id: dict[str, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    by_feide_name: dict[str, Entry] = field(default_factory=dict)
    by_former_name: dict[str, Entry] = field(default_factory=dict)
    duplicate_names: set[str] = field(default_factory=set)
    """Feide names that more than one entry has."""
    user_names: set[str] = field(default_factory=set)
    """The user names that are in use, also by accounts that are not of people in Feide."""
    holders: dict[NumberKey, list[Holder]] = field(default_factory=lambda: defaultdict(list))
    with_number_as_source_id: dict[DN, str] = field(default_factory=dict)
    """The users whose source id looks like an identity number, by DN, and how they are shown."""

    @classmethod
    def read(cls, directory: Directory, source_id_attribute: str, *, expected: int | None = None) -> DirectoryState:
        """All people, with the attributes that a plan compares, but without source ids that look like identity numbers.

        `expected` is about how many there are, to say how far the reading has come.

        Raises ConfigurationError when the source-id attribute is in use for identity numbers: in many
        municipalities employeeNumber is.
        """
        state = cls(source_id_attribute)
        present = ("uid", NAME_ATTRIBUTE, NUMBER_ATTRIBUTE, source_id_attribute)
        accounts = tuple(directory.layout.names(""))
        source_ids = numbers = 0
        wanted = (*IDENTIFYING, *MANAGED, *CREATED, source_id_attribute)
        for entry in steps(directory.having((*present, *accounts), wanted), READING_DIRECTORY, total=expected):
            if any(entry.values(name) for name in present):
                kept = state._without_numbers(entry)
                source_ids += len(entry.values(source_id_attribute))
                numbers += len(entry.values(source_id_attribute)) - len(kept.values(source_id_attribute))
                state._add(kept)
            state._add_names(entry, accounts)
        if numbers > max(_FEW, source_ids // 100):
            raise ConfigurationError(
                Sentence(
                    "In {count} entry, the value of {attribute} looks like an identity number. Choose another "
                    "attribute as source_id_attribute in the configuration. Nothing was written.",
                    plural="In {count} entries, the value of {attribute} looks like an identity number. Choose another "
                    "attribute as source_id_attribute in the configuration. Nothing was written.",
                    attribute=source_id_attribute,
                    count=len(state.with_number_as_source_id),
                )
            )
        return state

    @classmethod
    def of_names(cls, directory: Directory) -> DirectoryState:
        """The same without source ids: enough for a number that comes with a Feide name."""
        state = cls("")
        for entry in directory.having((NAME_ATTRIBUTE, NUMBER_ATTRIBUTE), ("objectClass", *IDENTIFYING, LIN_ATTRIBUTE)):
            state._add(entry)
        return state

    def _add_names(self, entry: Entry, attributes: Sequence[str]) -> None:
        """Accounts that are not of people in Feide have user names too."""
        self.user_names.update(text.partition("@")[0].lower() for name in attributes for text in entry.texts(name))

    def _without_numbers(self, entry: Entry) -> Entry:
        """The entry, without source ids that look like identity numbers."""
        attribute = self.source_id_attribute
        values = entry.values(attribute)
        usable = [value for value in values if not key_is_number(value.decode(errors="replace"))]
        if len(usable) == len(values):
            return entry
        self.with_number_as_source_id[entry.dn] = shown_name(entry)
        others = {name: held for name, held in entry.items() if name.lower() != attribute.lower()}
        return Entry(entry.dn, others | ({attribute: usable} if usable else {}))

    def number_as_source_id(self, dn: DN) -> Refused:
        """The reason why a user is held whose source id looks like an identity number."""
        sentence = Sentence(
            "The source id of {user} in the directory ({attribute}) looks like an identity number, so it is not used, "
            "and the user is not changed. Write the key that the person has in your own system in its place.",
            user=self.with_number_as_source_id[dn],
            attribute=self.source_id_attribute,
        )
        return Refused(sentence, code=R_SOURCE_ID_NUMBER, held=True)

    def _add(self, entry: Entry) -> None:
        self.entries.append(entry)
        for source_id in entry.texts(self.source_id_attribute):
            self.by_source_id[same_key(source_id)].append(entry)
        feide_name = name_of(entry)
        if feide_name in self.by_feide_name:
            self.duplicate_names.add(feide_name)
        if feide_name:
            self.by_feide_name[feide_name] = entry
        former_names = former_names_of(entry)
        self.by_former_name.update((name, entry) for name in former_names)
        names = [feide_name, *former_names, *entry.texts("uid")]
        self.user_names.update(name.partition("@")[0].strip().lower() for name in names)
        for text in entry.texts(NUMBER_ATTRIBUTE):
            self.holders[same_number(text)].append(Holder(entry.dn, shown_name(entry)))

    def user(self, feide_name: str) -> Entry:
        """The one user of this Feide name today.

        Raises Refused when there is none (R-NO-USER), with the new name where it is a former one, or more than one
        (R-TWO-USERS).
        """
        entry = self.by_feide_name.get(feide_name)
        if entry is None:
            raise self._no_user(feide_name)
        self.check_unique(feide_name)
        return entry

    def check_unique(self, feide_name: str) -> None:
        """Raises Refused (R-TWO-USERS) when more than one entry has this Feide name."""
        if feide_name in self.duplicate_names:
            raise Refused(
                Sentence("More than one entry has this Feide name. Correct the entries. See: feideprov check"),
                code=R_TWO_USERS,
                held=True,
            )

    def _no_user(self, feide_name: str) -> Refused:
        former = self.by_former_name.get(feide_name)
        user = scrub(feide_name)
        if former and (now := shown_name(former)):
            sentence = Sentence("{user} is the former name of {now}. Use the new name.", user=user, now=now)
        else:
            sentence = Sentence("There is no user {user}{apart}.", user=user, apart=self.told_apart(feide_name))
        return Refused(sentence, code=R_NO_USER)

    @cached_property
    def by_dn(self) -> dict[DN, Entry]:
        """The entries, by DN."""
        return {entry.dn: entry for entry in self.entries}

    def told_apart(self, text: str) -> Sentence:
        """Where a Feide name or source id that nobody has differs from one that looks the same. Nothing for a text in
        ASCII: a list may have many that nobody has."""
        return NOTHING if text.isascii() else told_apart(text, self._by_look.get(look(text), ()))

    @cached_property
    def _by_look(self) -> dict[str, list[str]]:
        found = defaultdict[str, list[str]](list)
        for text in (*self.by_feide_name, *self.by_source_id):
            found[look(text)].append(text)
        return found

    def named(self, feide_name: str) -> Entry | None:
        """The user of this Feide name, today or, when nobody has it, formerly."""
        return self.by_feide_name.get(feide_name) or self.by_former_name.get(feide_name)


def birth_dates_of(entry: Entry, on: date) -> set[date]:
    """The birth dates of an entry: from its attributes, or else those that its number can mean on a day."""
    days = set()
    for attribute in ("norEduPersonBirthDate", "schacDateOfBirth"):
        for text in entry.texts(attribute):
            try:
                days.add(date(int(text[:4]), int(text[4:6]), int(text[6:])))
            except ValueError:
                continue  # other forms are in use (DDMMYY without its leading zero), and are ambiguous
    if days:
        return days
    return {day for text in entry.texts(NUMBER_ATTRIBUTE) for day in born(text, on)}


def usable_name_of(entry: Entry) -> str:
    """The same, for an entry that is to be changed: its name is written to the journal and shown.

    Raises Refused (R-NO-NAME, R-NUMBER-AS-NAME) when it cannot be.
    """
    feide_name = name_of(entry)
    if not feide_name:
        raise Refused(
            Sentence("The user's entry has no Feide name. Add eduPersonPrincipalName to the entry."),
            code=R_NO_NAME,
            held=True,
        )
    if number_shaped(feide_name) or number_shaped(str(entry.dn)):
        sentence = Sentence(
            "The user's Feide name or DN looks like an identity number. Change it in the directory, then run again."
        )
        raise Refused(sentence, code=R_NUMBER_AS_NAME, held=True)
    return feide_name
