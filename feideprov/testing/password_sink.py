"""A sink for first passwords that keeps them in memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from feideprov.provision.run.password_sink import FirstPassword


class MemoryPasswordSink:
    """A sink for `Client(handover=…)` that a test can read.

    `rows` are the first passwords by Feide name.
    """

    def __init__(self) -> None:
        self.rows: dict[str, FirstPassword] = {}

    def add(self, passwords: Iterable[FirstPassword]) -> None:
        self.rows |= {password.user: password for password in passwords}

    def remove(self, users: Iterable[str]) -> None:
        for user in users:
            self.rows.pop(user, None)

    def rename(self, names: Mapping[str, str]) -> None:
        for user, name in names.items():
            if user in self.rows:
                self.rows[name] = replace(self.rows.pop(user), user=name)
