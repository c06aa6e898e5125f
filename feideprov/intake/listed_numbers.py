"""The person list that a saved plan was made from, read again when the plan is applied."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from feideprov.directory.dn import same_key
from feideprov.feide.build import UsableNumber, judge, kept_local_number
from feideprov.feide.organization import HostOrganization
from feideprov.feide.person import PersonRecord
from feideprov.intake.people import read_people
from feideprov.intake.reading import Reading
from feideprov.issues import Origin
from feideprov.numbers import Evidence, NumberPolicy


@dataclass(repr=False)
class ListedNumbers:
    """The numbers of a person list, by row. The file is read when the first number is asked for; InputError is raised
    when it cannot be read.

    `reading` is how the list was read when the plan was made.
    """

    path: Path
    organization: HostOrganization
    policy: NumberPolicy
    reading: Reading

    def number(self, origin: Origin, source_id: str | None, evidence: Evidence | None) -> UsableNumber | None:
        """The number in a row, judged again; None when the row has none, or now belongs to another person."""
        record = self._row(origin, source_id)
        for text in (record.national_number, record.duf_number) if record else ():
            if text is not None and record is not None:
                judged = judge(text, self.policy, birth_date=record.birth_date, evidence=evidence, on=self.reading.on)
                if isinstance(judged, UsableNumber):
                    return judged
        return None

    def local_number(self, origin: Origin, source_id: str | None) -> str | None:
        """The value of norEduPersonLIN that keeps the number of a row."""
        record = self._row(origin, source_id)
        kept = kept_local_number(record, self.organization, self.reading.on) if record else None
        return str(kept) if kept else None

    def _row(self, origin: Origin, source_id: str | None) -> PersonRecord | None:
        """The row, if it still belongs to this person: rows move when a list is sorted or corrected."""
        record = self._rows.get(origin.row)
        if record is None or source_id is None:
            return None
        prefixes = {source.prefix_among_others for source in self.reading.sources}
        own = {record.source_id, *(f"{prefix}:{record.source_id}" for prefix in prefixes)}
        return record if same_key(source_id) in map(same_key, own) else None

    @cached_property
    def _rows(self) -> dict[int, PersonRecord]:
        people = read_people(self.path, self.reading)
        return {record.origin.row: record for record in people.records if record.origin}
