"""The person list that NIR lets one download as CSV, beside the own records and the Feide users.

Its columns are not public, so the configuration names them (`[nir.person_list]`), and nothing is assumed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from feideprov.issues import Refusal
from feideprov.messages import Sentence
from feideprov.nir.register.register import Content
from feideprov.numbers import NumberText


@dataclass(frozen=True)
class Difference:
    """What differs about one person. `kind`: `only_in_nir`, `not_in_nir`, `not_a_user`, `not_in_records`,
    `number_differs`, `number_missing`, `ending_without_reason`. `person` is the key, or the row of the list where it
    has none of ours."""

    kind: str
    person: str
    sentence: Sentence


@dataclass(frozen=True)
class Reconciliation:
    """The three lists side by side, by key; numbers by mark."""

    differences: tuple[Difference, ...]
    refusals: tuple[Refusal, ...]
    in_nir: int
    in_records: int
    users: int
    agree: int


def reconcile(
    path: Path,
    columns: Mapping[str, str],
    content: Content,
    users: Mapping[str, NumberText | None],
    mark: Callable[[str], str],
    *,
    encoding: str | None = None,
    sheet: str | None = None,
) -> Reconciliation:
    """Compare the person list with the own records and the Feide users.

    Parameters:
        path: the downloaded list.
        columns: its headings, by name (`key`, `number`, `ended`, `reason`; `[nir.person_list]`).
        content: the own records.
        users: by source id, the number of each Feide user.
        mark: makes the mark of a number.

    Raises:
        ConfigurationError: the columns are not configured.
        InputError: the file cannot be read, or lacks a column.
    """
    raise NotImplementedError
