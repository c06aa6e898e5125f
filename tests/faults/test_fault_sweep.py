"""A part of the sweep: a few faults of a few commands. `make faults` has all of them."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from fault_commands import ROWS
from fault_state import differences
from fault_sweep import Swept, started

from feideprov.cli.help.rows import COMMANDS, JOURNAL, NIR, SERVICES, names

FEW: Mapping[str, int] = {"init": 8, "setup": 61, "attach": 211, "notify --send": 251}
"""Commands of the part in CI, and which of the faults: each n-th."""
WRITES_NOTHING = {
    "completion",
    "doctor",
    "history",
    "judge",
    "list",
    "read",
    "verify",
    "services",
    "journal",
    "nir",
    "channel",
    "reconcile",
}


@pytest.fixture(scope="module")
def swept() -> Mapping[str, Swept]:
    arguments = [word for name, every in FEW.items() for word in ("--only", f"{name}={every}")]
    return {one.name: one for one in started(1, arguments)}


@pytest.mark.parametrize("name", FEW)
def test_a_command_that_failed_is_run_again_and_nothing_is_missing(swept: Mapping[str, Swept], name: str) -> None:
    assert swept[name].faults > 2
    assert swept[name].wrong == []


def test_every_command_that_writes_is_swept() -> None:
    rows = {word for row in ROWS for word in row.words}
    for name in (*names(COMMANDS), *names(SERVICES), *names(JOURNAL), *names(NIR)):
        assert name in rows or name in WRITES_NOTHING, f"{name} needs a row in fault_commands.py"


def test_a_difference_is_seen() -> None:
    then = {"entry uid=a": {"sn": [b"Haile"]}, "files": ["feideprov.db 600"], "hand-over": [("a", "Selam", "Hylla")]}
    now = {"entry uid=a": {"sn": [b"Hail"]}, "files": ["feideprov.db 600", ".feideprov.db.new 600"]}
    told = list(differences(now, then))
    assert [what.partition(" ")[0].rstrip(":") for what in told] == ["entry", "files", "hand-over"]
    assert list(differences(then, then)) == []
