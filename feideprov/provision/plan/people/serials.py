"""Serials that a file has in place of a number, as FlyVO writes them for people without one.

Nobody knows whether the next file has the same serial for the same person. So a serial is a key only when files of two
days had it with the same name and birth date. On the day when the number comes, it stands where the serial stood.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from feideprov.directory.dn import same_key
from feideprov.feide.person import PersonRecord
from feideprov.issues import code
from feideprov.journal.keys import MarkKey
from feideprov.messages import Sentence
from feideprov.provision.plan.linking.source_keys import ONLY_SOURCE, SourceKeys
from feideprov.provision.plan.people.listed_person import ListedPerson

R_SERIAL: Final = code(
    "R-SERIAL",
    Sentence(
        "Held: the file has a serial in place of a number, and no file of an earlier day that was applied had it with "
        "this name and birth date. So it is not known yet whether the serial stays with the person."
    ),
    Sentence(
        "Apply this file, and the next one on another day. If the user is needed now, run: feideprov apply LIST --only "
        "SOURCE_ID --new-person --yes"
    ),
)


@dataclass(frozen=True)
class Serials:
    """The serials of one file, and those that were seen before."""

    key: MarkKey = field(repr=False)
    on: date
    """The day of the file, so that a file that is applied again on another day is no second one."""
    source: str = ""
    keys: SourceKeys = ONLY_SOURCE
    listed: Collection[str] = frozenset()
    """The source ids of the file that are serials, as they stand there."""
    seen: Mapping[str, date] = field(default_factory=dict, repr=False)
    """The day of the first file, by mark."""

    def is_serial(self, record: PersonRecord) -> bool:
        """Whether the source id of a row is a serial."""
        return bool(self.listed) and self._bare(record.source_id) in self.listed

    def is_new(self, record: PersonRecord) -> bool:
        """Whether it is one that no file of an earlier day had with this name and birth date."""
        return self.is_serial(record) and not self._seen_before(self._marks(record, record.source_id))

    def was_serial(self, record: PersonRecord, source_id: str) -> bool:
        """Whether the person of a row had this source id as a serial, in a file of an earlier day."""
        return bool(self.seen) and self._seen_before(self._marks(record, source_id))

    def marks(self, records: Iterable[PersonRecord]) -> frozenset[str]:
        """The marks to be kept when the file is applied."""
        return frozenset(mark for one in records if self.is_serial(one) for mark in self._marks(one, one.source_id))

    def _bare(self, source_id: str) -> str:
        return self.keys.without_prefix(source_id)

    def _marks(self, record: PersonRecord, source_id: str) -> list[str]:
        """One for each pair of names; none without a birth date."""
        if record.birth_date is None:
            return []
        serial, day = same_key(self._bare(source_id)), record.birth_date.isoformat()
        pairs = ListedPerson.of(record, self.on).name.pairs
        return [self.key.of_serial(self.source, serial, pair, day) for pair in pairs]

    def _seen_before(self, marks: Iterable[str]) -> bool:
        return any(self.seen.get(mark, self.on) < self.on for mark in marks)
