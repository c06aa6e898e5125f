"""The journal of an organization that has none yet. It is begun when something is written, never by reading."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from feideprov.errors import ConfigurationError
from feideprov.journal.databases.database import Database
from feideprov.journal.high_water import HighWaterMark
from feideprov.journal.journal import Journal
from feideprov.journal.keys import KEY_OCTETS, MarkKey
from feideprov.messages import Sentence


class KeyToKeep(MarkKey):
    """A new key, which is kept when the journal is begun: what is made with it before must be of the same key then."""

    def __init__(self) -> None:
        super().__init__(secrets.token_bytes(KEY_OCTETS))
        self.is_used = False

    def require(self, kept: MarkKey) -> None:
        """Raises ConfigurationError when another key was kept, although something was made with this one."""
        if self.is_used and kept.fingerprint != self.fingerprint:
            raise ConfigurationError(
                Sentence(
                    "Another run made the key of the journal while this one made its plan, so the plan does not belong "
                    "to the journal. Nothing was written. Run again."
                )
            )

    def _digest(self, purpose: bytes, content: bytes) -> str:
        self.is_used = self.is_used or purpose != b"key"  # the fingerprint is of the key itself
        return super()._digest(purpose, content)


class JournalToBegin(Journal):
    """An empty journal in memory, until something is written: then it is the one that `make` gives.

    `key` is the key, or what it is going to be.
    """

    def __init__(
        self,
        realm: str,
        *,
        key: MarkKey,
        actor: str,
        make: Callable[[], Journal],
        mark: HighWaterMark | None,
    ) -> None:
        super().__init__("sqlite://", realm, key=key, actor=actor)
        self.mark = mark
        self.is_begun = False
        self._make = make

    def why_not(self) -> Sentence | None:
        if self.is_begun or self.mark is None:
            return super().why_not()
        return self.mark.why_not(None, self.key)

    def begin(self) -> None:
        self._begun()
        super().begin()

    def _to_write(self) -> Database:
        super()._to_write()
        return self._begun()

    def _begun(self) -> Database:
        if not self.is_begun:
            made = self._make()
            self._database.close()
            self.key, self._database, self.mark, self.is_begun = made.key, made._database, made.mark, True
        return self._database
