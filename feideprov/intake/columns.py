"""The columns of both lists as data: the canonical name, and the headings that mean it.

Headings are English, bokmål and nynorsk. They are compared by `heading_key`, so capitals, spaces, hyphens,
underscores and a mark such as `*` make no difference.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import Final

_BETWEEN_WORDS: Final = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Column:
    """One column. `headings` are further headings that mean it, beside its own name."""

    name: str
    headings: tuple[str, ...] = ()
    holds_number: bool = False
    """A person's number belongs here, and nothing of the column is ever looked at but by the judge."""
    holds_name: bool = False
    """A person's name, which may begin with an apostrophe (’t Hooft, ’Abd): it is not taken for a spreadsheet's."""


@dataclass(frozen=True)
class Layout:
    """The columns of one kind of list. `required`: of each group at least one column must be there."""

    what: str
    columns: tuple[Column, ...]
    required: tuple[tuple[str, ...], ...]

    def column(self, name: str) -> Column:
        """The column of that canonical name. Raises KeyError."""
        return {column.name: column for column in self.columns}[name]


def heading_key(text: str) -> str:
    """What two headings that mean the same have in common.

    >>> heading_key(" E-Post ") == heading_key("e_post*")
    True
    """
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
    return _BETWEEN_WORDS.sub(" ", folded).strip()


_SOURCE_ID: Final = Column(
    "source_id",
    ("source", "id", "kilde-id", "kjelde-id", "kildeid", "kjeldeid", "elev-id", "elevid", "person-id", "personid"),
)
_BIRTH_DATE: Final = Column(
    "birth_date",
    ("date of birth", "birthdate", "born", "fødselsdato", "fødselsdag", "født", "fødd", "født dato"),
)
_NATIONAL_NUMBER: Final = Column(
    "national_number",
    (
        "fødselsnummer",
        "d-nummer",
        "fødselsnummer/d-nummer",
        "fødselsnummer eller d-nummer",
        "fnr",
        "d-nr",
        "dnr",
        "dnummer",
        "fnr/dnr",
        "fnr/d-nr",
        "personnummer",
        "nin",
        "national identity number",
        "d-number",
    ),
    holds_number=True,
)

PERSON_LIST: Final = Layout(
    "person list",
    (
        _SOURCE_ID,
        Column("given_name", ("first name", "fornavn", "førenamn", "fornamn"), holds_name=True),
        Column("family_name", ("last name", "surname", "etternavn", "etternamn", "slektsnavn"), holds_name=True),
        Column("legal_name", ("juridisk navn", "juridisk namn", "folkeregistrert navn"), holds_name=True),
        _BIRTH_DATE,
        Column("school", ("schools", "skole", "skule", "skoler", "skular", "enhet", "eining")),
        Column("role", ("rolle",)),
        Column("grade", ("trinn", "klassetrinn", "klassesteg", "årstrinn", "årssteg")),
        Column("groups", ("group", "grupper", "gruppe", "gruppene")),
        Column(
            "mobile", ("mobile phone", "mobile number", "mobil", "mobilnummer", "mobilnr", "mobiltelefon", "mobiltlf")
        ),
        Column("mail", ("email", "e-mail", "e-post", "epost", "e-postadresse", "epostadresse")),
        Column("language", ("språk", "målform")),
        _NATIONAL_NUMBER,
        Column("duf_number", ("duf", "duf no", "duf-nummer", "dufnummer", "duf-nr", "dufnr"), holds_number=True),
        Column("protected", ("beskyttet", "verna", "skjermet", "skjerma", "adressesperre", "adressesperra")),
    ),
    required=(("source_id",), ("given_name", "family_name"), ("school",), ("role",)),
)

NUMBER_LIST: Final = Layout(
    "number list",
    (
        _SOURCE_ID,
        Column("user", ("feide name", "bruker", "brukar", "feide-navn", "feide-namn", "feidenavn", "feidenamn")),
        _NATIONAL_NUMBER,
        Column(
            "old_number",
            ("gammelt nummer", "gammalt nummer", "tidligere nummer", "tidlegare nummer"),
            holds_number=True,
        ),
        _BIRTH_DATE,
        Column("evidence", ("grunnlag",)),
        Column("seen_by", ("sett av", "kontrollert av"), holds_name=True),
        Column("seen_on", ("sett dato", "kontrollert dato", "dato")),
    ),
    required=(("source_id", "user"), ("national_number",)),
)
REPLACEMENT_LIST: Final = replace(
    NUMBER_LIST, what="list of replacements", required=(*NUMBER_LIST.required, ("old_number",))
)
WITHDRAWAL_LIST: Final = replace(
    NUMBER_LIST,
    what="list of withdrawals",
    required=(("source_id", "user"), ("old_number", "national_number")),
)
"""The number that goes stands in `old_number`, or in `national_number` where that is empty."""

KNOWN_NAMES: Final = tuple(
    dict.fromkeys(column.name for layout in (PERSON_LIST, NUMBER_LIST) for column in layout.columns)
)
"""Every canonical name: what `[columns]` of the configuration may map."""
