"""Fixtures for every folder of tests, and how Hypothesis runs its laws.

Nothing here is imported before a test asks for it: `pytest tests/unit` needs no server and no driver.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from private_389 import Private389
    from private_postgres import PrivatePostgres
    from private_samba import PrivateSamba

    from feideprov.testing.slapd import PrivateSlapd

# A machine that is slow makes no law fail: neither an example nor the drawing of one has a time limit.
settings.register_profile("feideprov", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "feideprov"))


@pytest.fixture(scope="session")
def slapd() -> Iterator[PrivateSlapd]:
    """One real slapd for the session, with its `stats` log on. A test cleans up the entries that it adds.

    A missing slapd fails the tests that ask for it: an LDAP client that was not tested against a server is
    not tested.
    """
    from feideprov.testing.slapd import PrivateSlapd

    with PrivateSlapd(log_stats=True) as server:
        yield server


@pytest.fixture(scope="session")
def ds389() -> Iterator[Private389]:
    """One real 389 Directory Server for the session, with its access log on. A test cleans up as with slapd."""
    from private_389 import Private389

    with Private389() as server:
        yield server


@pytest.fixture(scope="session")
def samba() -> Iterator[PrivateSamba]:
    """One real Samba for the session, as the Active Directory of the tests. A test cleans up as with slapd."""
    from private_samba import PrivateSamba

    with PrivateSamba() as server:
        yield server


@pytest.fixture(scope="session")
def postgres() -> Iterator[PrivatePostgres]:
    """One real PostgreSQL for the session. Each test makes a database of its own."""
    from private_postgres import PrivatePostgres

    with PrivatePostgres() as server:
        yield server
