"""Fixtures for every folder of tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from private_389 import Private389
from private_postgres import PrivatePostgres
from private_samba import PrivateSamba

from feideprov.testing.slapd import PrivateSlapd


@pytest.fixture(scope="session")
def slapd() -> Iterator[PrivateSlapd]:
    """One real slapd for the session, with its `stats` log on. A test cleans up the entries that it adds.

    A missing slapd fails the tests that ask for it: an LDAP client that was not tested against a server is
    not tested.
    """
    with PrivateSlapd(log_stats=True) as server:
        yield server


@pytest.fixture(scope="session")
def ds389() -> Iterator[Private389]:
    """One real 389 Directory Server for the session, with its access log on. A test cleans up as with slapd."""
    with Private389() as server:
        yield server


@pytest.fixture(scope="session")
def samba() -> Iterator[PrivateSamba]:
    """One real Samba, which stands in for Active Directory, for the session. A test cleans up as with slapd."""
    with PrivateSamba() as server:
        yield server


@pytest.fixture(scope="session")
def postgres() -> Iterator[PrivatePostgres]:
    """One real PostgreSQL for the session. Each test makes a database of its own."""
    with PrivatePostgres() as server:
        yield server
