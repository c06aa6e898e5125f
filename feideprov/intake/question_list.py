"""The sheet of questions about who is who, as it comes back with answers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final

from feideprov.issues import Refusal, code
from feideprov.messages import Sentence
from feideprov.tables.columns import Column, Layout, heading_key
from feideprov.tables.table import Row, read_table

R_ANSWER: Final = code(
    "R-ANSWER",
    Sentence("The answer in a sheet of questions is none of the words that are known."),
    Sentence("Write one of these: same, new, don't know."),
)
CHOICES: Final = "same / new / don't know"
QUESTION_LIST: Final = Layout(
    Sentence("sheet of questions"),
    (
        Column("question_id", ("spørsmål-id",)),
        Column("code", ("kode",)),
        Column("list", ("liste",)),
        Column("row", ("rad",)),
        Column("source_id", ("kilde-id", "kjelde-id")),
        Column("name", ("navn", "namn"), holds_name=True),
        Column("birth_date", ("fødselsdato",), holds_date=True),
        Column("school", ("skole", "skule")),
        Column("user", ("feide name", "feide-navn", "feide-namn")),
        Column("user_name", ("brukerens navn", "namnet til brukaren"), holds_name=True),
        Column("user_school", ("brukerens skole", "skulen til brukaren")),
        Column("user_since", ("bruker siden", "brukar sidan"), holds_date=True),
        Column("answers"),
        Column("answer", ("svar",)),
    ),
    required=(("question_id",), ("answer",)),
)


class SheetAnswer(Enum):
    """What a line says."""

    SAME = "same"
    NEW = "new"
    OPEN = "open"


_WORDS: Final = {
    **dict.fromkeys(("same", "samme", "the same", "den samme", "same person", "samme person"), SheetAnswer.SAME),
    **dict.fromkeys(("new", "ny", "new person", "ny person"), SheetAnswer.NEW),
    **dict.fromkeys(("", "don't know", "dont know", "do not know", "i don't know"), SheetAnswer.OPEN),
    **dict.fromkeys(("vet ikke", "vetikke", "vet ikkje", "veit ikkje", "veit ikke"), SheetAnswer.OPEN),
    **dict.fromkeys(("usikker", "ukjent", "unsure", "not sure", "unknown"), SheetAnswer.OPEN),
}
_ANSWERS: Final = {heading_key(word): answer for word, answer in _WORDS.items()}


@dataclass(frozen=True)
class AnsweredLine:
    """A line of a sheet, and its answer."""

    row: Row
    answer: SheetAnswer


def read_question_list(path: Path) -> tuple[list[AnsweredLine], list[Refusal]]:
    """The lines of a sheet that came back. An unknown word is a refusal (R-ANSWER). Raises InputError when the file
    cannot be read."""
    table = read_table(path, QUESTION_LIST, mapped=None, sheet_can_be_told=False)
    lines, refusals = list[AnsweredLine](), list(table.refusals)
    for row in table.rows:
        answer = _ANSWERS.get(heading_key(row["answer"]))
        if answer is None:
            sentence = Sentence(
                "{column}: this answer is not known. Write one of these: {choices}.",
                column=table.heading.where("answer"),
                choices=Sentence("same, new, don't know"),
            )
            refusals.append(Refusal(R_ANSWER, sentence, origin=row.origin))
        else:
            lines.append(AnsweredLine(row, answer))
    return lines, refusals
