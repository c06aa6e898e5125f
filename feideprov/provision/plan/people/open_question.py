"""A question about who is who that a person can answer: it holds a row, and is about a user who is there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from feideprov.feide.person import PersonRecord


@dataclass(frozen=True, repr=False)
class OpenQuestion:
    """Is the person of a row the person of a user? `code` is that of the held row."""

    code: str
    record: PersonRecord
    school: str
    """Of the row; the first one."""
    user: str
    """The Feide name."""
    user_name: str
    user_school: str
    user_since: date | None
    """When this tool created the user, if it did."""
    protected: bool
    """One of the two is protected."""

    @property
    def name(self) -> str:
        """The name in the row."""
        record = self.record
        return " ".join(filter(None, (record.given_name, record.family_name))) or record.legal_name
