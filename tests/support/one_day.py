"""A day that does not end during a test: it is morning, here and in every process that is started from here.

The clock goes on from there. Servers that are not Python keep the real time.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from unittest import mock

import time_machine

MORNING = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
_FOLDER = Path(__file__).with_name("day")


@contextmanager
def one_day(moment: datetime = MORNING) -> Iterator[None]:
    """Whatever asks for the time gets this moment, and goes on from it."""
    path = os.pathsep.join(filter(None, (str(_FOLDER), os.environ.get("PYTHONPATH"))))
    told = {"PYTHONPATH": path, "MOMENT_OF_THE_TEST": moment.isoformat()}
    with mock.patch.dict(os.environ, told), time_machine.travel(moment):
        yield
