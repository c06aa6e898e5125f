"""Participation records from a list: one row is one person in one scheme."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from feideprov.issues import Origin, Refusal
from feideprov.messages import Sentence
from feideprov.nir.model import Record, Scheme, Setting
from feideprov.nir.rules import Rules


@dataclass(frozen=True)
class ListedRecord:
    """A record, and the row that it was read from."""

    record: Record
    origin: Origin


@dataclass(frozen=True)
class Participation:
    """A list as it was read. Refused rows are in no record; a question (`held`) is about one cell, and the rest of its
    row is a record."""

    records: tuple[ListedRecord, ...]
    refusals: tuple[Refusal, ...]
    notes: tuple[Sentence, ...] = ()


def read_participation(
    path: Path,
    setting: Setting,
    rules: Rules,
    on: date,
    *,
    columns: Mapping[str, str],
    scheme: Scheme | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
    test: bool = False,
    sources: Sequence[str] = (),
) -> Participation:
    """Read a list of participation records, in any format that lists have (CSV, XLSX, XLS, ODS).

    Parameters:
        path: the list. Of a workbook, each sheet with known headings is read; its name says the scheme.
        setting: the municipality's own settings: what its code values stand for.
        rules: the rules: which fields a scheme has.
        on: the day that counts as today: nothing happened after it.
        columns: the list's own headings, by canonical name (`[nir.columns]`).
        scheme: the scheme of a list that does not say it.
        encoding, sheet: as for other lists.
        test: numbers of test persons are accepted, and real ones are not.
        sources: prefixes that keys may have.

    Returns: the records, and what was refused or is asked.

    Raises:
        InputError: the file cannot be read as such a list.
    """
    raise NotImplementedError
