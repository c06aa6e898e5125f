"""The attributes that only this program, Feide and the person may read."""

from __future__ import annotations

from typing import Final

CLOSED_ATTRIBUTES: Final = (
    "norEduPersonNIN",
    "norEduPersonLIN",
    "norEduPersonGuardianNIN",
    "norEduPersonBirthDate",
    "schacPersonalUniqueID",
    "schacPersonalUniqueCode",
    "schacDateOfBirth",
    "schacYearOfBirth",
)
"""Identity numbers and birth dates, in the schemas of a Feide directory."""
