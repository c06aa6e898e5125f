"""The stored forms of first passwords, made before the writes that need them."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Self

from feideprov.directory.protocol import Directory
from feideprov.provision.plan.changes import Create

AHEAD = 64
"""How many are made at a time: as many as there are writes without a response."""

Stored = tuple[str, bytes]
"""An attribute and its value."""


class StoredPasswords:
    """Makes hashes in as many threads as there are processors: argon2 takes some 20 ms for each, and releases Python's
    global lock meanwhile. Use as a context manager."""

    def __init__(self, directory: Directory, creates: Iterable[Create]) -> None:
        self._directory = directory
        self._left = iter(creates)
        self._ahead: deque[tuple[Create, Future[Stored]]] = deque()
        self._threads = ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="first-passwords")

    def now(self, create: Create) -> Stored | None:
        """The stored form of a new user's first password, made now; None when the user has none."""
        return self._made(create) if create.initial_password else None

    def of(self, create: Create) -> Stored | None:
        """The same, made in advance. The creations must come in their order; some may be left out."""
        if create.initial_password is None:
            return None
        while self._ahead and self._ahead[0][0] is not create:
            self._ahead.popleft()[1].cancel()
        if not self._ahead:
            while next(self._left, create) is not create:
                pass
            self._start(create)
        made = self._ahead.popleft()[1]
        while len(self._ahead) < AHEAD and (following := next(self._left, None)) is not None:
            self._start(following)
        return made.result()

    def _start(self, create: Create) -> None:
        self._ahead.append((create, self._threads.submit(self._made, create)))

    def _made(self, create: Create) -> Stored:
        assert create.initial_password is not None  # noqa: S101 - only creations with a password get here
        return self._directory.stored_password(create.initial_password.reveal())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._threads.shutdown(cancel_futures=True)
