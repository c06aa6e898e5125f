"""Which user names are never given again."""

from __future__ import annotations

from dataclasses import dataclass

from feideprov.journal.keys import MarkKey


@dataclass(frozen=True)
class IssuedNames:
    """The user names that were ever given to users. Only their marks are kept, also of users who were forgotten."""

    key: MarkKey
    realm: str
    marks: frozenset[str]

    def __contains__(self, user_name: object) -> bool:
        return bool(self.marks) and self.key.of_name(f"{user_name}@{self.realm}") in self.marks
