"""The columns of both lists of people as data, and which of them the configuration may map.

A column that is stored in an attribute is a row of `feideprov.feide.attributes`.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from feideprov.errors import ConfigurationError
from feideprov.feide.attributes import COLUMNS
from feideprov.feide.person import PersonRecord
from feideprov.look_alikes import told_apart
from feideprov.messages import Sentence
from feideprov.tables.columns import Column, Layout, heading_key
from feideprov.tables.heading import quoted

_SOURCE_ID: Final = Column(
    "source_id",
    ("source", "id", "kilde-id", "kjelde-id", "kildeid", "kjeldeid", "elev-id", "elevid", "person-id", "personid"),
)
_PROTECTED: Final = Column("protected", ("beskyttet", "verna", "skjermet", "skjerma", "adressesperre", "adressesperra"))
_COLUMNS: Final = {**COLUMNS, "source_id": _SOURCE_ID, "protected": _PROTECTED}

PERSON_LIST: Final = Layout(
    Sentence("person list"),
    tuple(_COLUMNS[name] for name in PersonRecord.model_fields if name in _COLUMNS),
    required=(("source_id",), ("given_name", "family_name"), ("school",), ("role",)),
)
TO_GET_KEYS: Final = Sentence("For a sheet in which keys are filled in, run: feideprov sheet people OUT.xlsx")
_KEY_OR_NUMBER: Final = ("source_id", "duf_number", "national_number")
PERSON_LIST_TO_KEY: Final = replace(
    PERSON_LIST, required=(_KEY_OR_NUMBER, *PERSON_LIST.required[1:]), advice={_KEY_OR_NUMBER: TO_GET_KEYS}
)
"""The same, where a number can stand in place of a key."""

_USER: Final = Column("user", ("feide name", "bruker", "brukar", "feide-navn", "feide-namn", "feidenavn", "feidenamn"))

NUMBER_LIST: Final = Layout(
    Sentence("number list"),
    (
        _SOURCE_ID,
        _USER,
        COLUMNS["duf_number"],
        COLUMNS["national_number"],
        Column(
            "old_number",
            ("gammelt nummer", "gammalt nummer", "tidligere nummer", "tidlegare nummer"),
            holds_number=True,
        ),
        COLUMNS["birth_date"],
        Column("evidence", ("dokumentasjon", "grunnlag")),
        Column("seen_by", ("sett av", "kontrollert av"), holds_name=True),
        Column("seen_on", ("sett dato", "kontrollert dato", "dato"), holds_date=True),
    ),
    required=(("source_id", "user", "duf_number"), ("national_number",)),
)
REPLACEMENT_LIST: Final = replace(
    NUMBER_LIST, what=Sentence("list of replacements"), required=(*NUMBER_LIST.required, ("old_number", "evidence"))
)
FOLLOWING_LIST: Final = replace(REPLACEMENT_LIST, required=NUMBER_LIST.required)
"""A list of replacements with evidence for all of it: a fødselsnummer may follow a D-number that the list does not
name."""
WITHDRAWAL_LIST: Final = replace(
    NUMBER_LIST,
    what=Sentence("list of withdrawals"),
    required=(NUMBER_LIST.required[0], ("old_number", "national_number")),
)
"""The number to withdraw is in `old_number`, or in `national_number` where that is empty."""

LEAVER_LIST: Final = Layout(
    Sentence("list of leavers"),
    (
        _SOURCE_ID,
        _USER,
        Column("last_day", ("siste dag", "sluttdato", "slutta", "sluttet", "end date"), holds_date=True),
        Column("reason", ("årsak", "grunn"), holds_words=True),
    ),
    required=(("source_id", "user"),),
)
"""The reason is what `plan --leavers-list` writes for people to read."""

KNOWN_NAMES: Final = tuple(
    dict.fromkeys(column.name for layout in (PERSON_LIST, NUMBER_LIST, LEAVER_LIST) for column in layout.columns)
)
"""Every canonical name: what `[columns]` of the configuration may map."""


def check_mapping(mapped: Mapping[str, str], known: Sequence[str] = KNOWN_NAMES, section: str = Layout.section) -> None:
    """Check that `[columns]` of the configuration, or another section with headings, can be used.

    Raises ConfigurationError for an unknown canonical name, an empty heading, or a heading mapped twice.
    """
    taken: dict[str, str] = {}
    for name, heading in mapped.items():
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = (
                Sentence("Did you mean {name}?", name=near[0])
                if near
                else Sentence("Known columns: {names}.", names=", ".join(known))
            )
            raise ConfigurationError(
                Sentence(
                    "{section} “{name}”{apart} is not a column. {hint}",
                    section=section,
                    name=quoted(name),
                    apart=told_apart(name, known),
                    hint=hint,
                )
            )
        key = heading_key(heading)
        if not key:
            raise ConfigurationError(
                Sentence(
                    "{section} {name} has an empty heading. Write a heading, or remove the line.",
                    section=section,
                    name=name,
                )
            )
        if key in taken:
            raise ConfigurationError(
                Sentence(
                    "{section} {first} and {second} have the same heading. Give each column its own heading.",
                    section=section,
                    first=taken[key],
                    second=name,
                )
            )
        taken[key] = name
