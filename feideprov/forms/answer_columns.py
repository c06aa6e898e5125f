"""The columns of the sheets in which the rows are filled in and a person answers: who may have left, who is who."""

from __future__ import annotations

from typing import Final

from feideprov.forms.columns import SheetColumn
from feideprov.messages import Sentence
from feideprov.sheets.form import Cells

_SOURCE_ID: Final = Sentence("Source id")
_FEIDE_NAME: Final = Sentence("Feide name")
_SCHOOL: Final = Sentence("School")
_ANSWERS: Final = (
    Sentence("same"),
    Sentence("new"),
    Sentence("don't know"),
)

LEAVERS: Final = (
    SheetColumn(
        "source_id",
        _SOURCE_ID,
        Sentence("The key of the person in your own system. Delete the rows of those who have not left."),
        26,
    ),
    SheetColumn(
        "user",
        _FEIDE_NAME,
        Sentence("The user who is closed."),
        36,
    ),
    SheetColumn(
        "reason",
        Sentence("Reason"),
        Sentence("Why the user is in this list."),
        72,
    ),
    SheetColumn(
        "last_day",
        Sentence("Last day"),
        Sentence("The last day at the school. Empty: closed at once."),
        18,
        cells=Cells.ANY_DATE,
    ),
)
LEAVER_REASONS: Final = {
    "missing": Sentence("not in the file; may be a shielded pupil"),
    "alone": Sentence("the only user of the school who went missing in the file; may be a shielded pupil"),
    "deleted": Sentence("deleted in the file"),
    "ended": Sentence("the school has no pupils in the file"),
    "left": Sentence("the school is no longer in the configuration"),
}
"""Why somebody is in the list, by what a plan calls it."""
QUESTIONS: Final = (
    SheetColumn(
        "question_id",
        Sentence("Question id"),
        Sentence("Do not change it."),
        20,
    ),
    SheetColumn("code", Sentence("Code"), Sentence("What is asked."), 18),
    SheetColumn(
        "list",
        Sentence("List"),
        Sentence("The list that has the person."),
        18,
    ),
    SheetColumn("row", Sentence("Row"), Sentence("The row in it."), 8),
    SheetColumn(
        "source_id",
        _SOURCE_ID,
        Sentence("The key in the list."),
        18,
    ),
    SheetColumn(
        "name",
        Sentence("Name"),
        Sentence("Of the person in the list."),
        24,
    ),
    SheetColumn(
        "birth_date",
        Sentence("Birth date"),
        Sentence("As in the list."),
        14,
    ),
    SheetColumn("school", _SCHOOL, Sentence("As in the list."), 24),
    SheetColumn(
        "user",
        _FEIDE_NAME,
        Sentence("The user who may be the same person."),
        30,
    ),
    SheetColumn(
        "user_name",
        Sentence("User name"),
        Sentence("As in the directory."),
        24,
    ),
    SheetColumn(
        "user_school",
        Sentence("User school"),
        Sentence("As in the directory."),
        24,
    ),
    SheetColumn(
        "user_since",
        Sentence("User since"),
        Sentence("When the user was made."),
        14,
    ),
    SheetColumn(
        "answer",
        Sentence("Answer"),
        Sentence("Choose from the list. Same: one person. New: two people. Don't know: the row stays held."),
        26,
        choices=_ANSWERS,
        others=True,
    ),
)
