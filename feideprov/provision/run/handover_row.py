"""One row of the hand-over file."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class HandoverRow:
    """A user whose first password is to be handed over, or was.

    Parameters:
        user: the Feide name.
        name: the name to show; empty for a protected person.
        school: the id of the school in the configuration; empty for a protected person.
        group: the name of the class, such as “6A”; empty when it is not known.
        grade: the grade, such as “6” or “vg1”; empty when it is not known.
        language: the language of the person (BCP 47), such as “uk”; empty when it is not known.
        password: the first password; empty when it was given, or erased.
        made_on: the day on which the password was made.
        given_on: the day on which it was noted as given; None when it was not.
    """

    user: str
    name: str
    school: str
    group: str = ""
    grade: str = ""
    language: str = ""
    password: str = field(default="", repr=False)
    made_on: date | None = None
    given_on: date | None = None
