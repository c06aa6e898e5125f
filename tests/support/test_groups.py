"""Tests that need one server are run by one worker (`tests/conftest.py`)."""

from __future__ import annotations

import pytest


def test_workers_know_the_group_of_a_test(request: pytest.FixtureRequest) -> None:
    if request.config.getoption("loadgroup", False):  # of pytest-xdist, in a worker with --dist loadgroup
        assert request.node.nodeid.endswith(f"@{request.path}")
