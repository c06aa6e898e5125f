"""Fixtures for every folder of tests, and how Hypothesis runs its laws.

Nothing here is imported before a test asks for it: `pytest tests/unit` needs no server and no driver.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from size import size

if TYPE_CHECKING:
    from private_389 import Private389
    from private_postgres import PrivatePostgres
    from private_samba import PrivateSamba
    from sources import Trees

    from feideprov.testing.slapd import PrivateSlapd

# A machine that is slow makes no law fail: neither an example nor the drawing of one has a time limit.
settings.register_profile(
    "feideprov", deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=size(8, 100)
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "feideprov"))

# The program speaks English in every test that asks for no other language, whatever the developer's own is.
os.environ["LC_ALL"] = "C.UTF-8"
os.environ.pop("FEIDEPROV_LANG", None)


MADE_ONCE = {"samba": {"samba", "active_directory"}, "389": {"ds389", "red_hat"}, "trees": {"trees"}}
"""What takes seconds to make, and the fixtures and parameters of the tests that need it."""
LONGEST_FIRST = (
    "samba",
    "389",
    "trees",
    "torture",
    "faults",
    "servers",
    "laws",
    "contract",
    "sweep",
    "bench",
    "journeys",
)
"""So that no worker has a long file left when the others are done."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """For `-n auto`: one more than there are processors, because tests wait much for servers and disks."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """With `--dist loadgroup`: a file is run by one worker, and so is everything that needs the same of `MADE_ONCE`."""
    ranks = {name: rank for rank, name in enumerate(LONGEST_FIRST)}
    order: dict[str, tuple[int, int]] = {}
    groups = []
    for item in items:
        needs = {*getattr(item, "fixturenames", ()), *_parameters(item)}
        folder = item.path.parent.relative_to(Path(__file__).parent).parts[:1]
        server = next((name for name, asked in MADE_ONCE.items() if needs & asked), None)
        groups.append(group := server or str(item.path))
        order.setdefault(group, (ranks.get(server or "".join(folder), len(ranks)), len(order)))
        item.add_marker(pytest.mark.xdist_group(group))
    at = {id(item): order[group] for item, group in zip(items, groups, strict=True)}
    items.sort(key=lambda item: at[id(item)])


def _parameters(item: pytest.Item) -> Iterator[str]:
    call = getattr(item, "callspec", None)
    return (value for value in call.params.values() if isinstance(value, str)) if call else iter(())


@pytest.fixture(scope="session")
def trees() -> Trees:
    """Every module of the package, parsed."""
    from sources import parsed

    return parsed()


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
