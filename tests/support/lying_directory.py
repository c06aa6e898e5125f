"""A directory in memory whose answer to a write says nothing about what becomes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Literal

from feideprov import DirectoryError, MemoryDirectory, WriteResult
from feideprov.directory.entry import Write
from feideprov.testing import example_directory, example_entries

UNCLEAR = (51, 52, 80, 1, 3, 11, 9999)
"""busy, unavailable, other, operationsError, two limits, and a code that nobody knows."""


class LyingDirectory(MemoryDirectory):
    """To the writes that `lies_to` chooses it answers with `code`. It has carried them out (`truth` is "done"), never
    does ("never"), or does at `arrive` ("late")."""

    code = 51
    truth: Literal["done", "never", "late"] = "done"

    def __init__(self, lies_to: Callable[[Write], bool] = lambda _: False) -> None:
        super().__init__(example_directory().base, example_entries())
        self.lies_to = lies_to
        self.late: list[Write] = []

    def write(self, writes: Iterable[Write]) -> Iterator[WriteResult]:
        for write in writes:
            if not self.lies_to(write):
                yield from super().write([write])
                continue
            if self.truth == "done":
                list(super().write([write]))
            elif self.truth == "late":
                self.late.append(write)
            yield WriteResult(write, DirectoryError("The answer is not clear.", code=self.code))

    def arrive(self) -> list[WriteResult]:
        """Carry out what was held back."""
        late, self.late = self.late, []
        return list(super().write(late))
