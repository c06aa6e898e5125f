"""Writes to a real slapd that are lost, cut off or late: a number has one holder, and the journal knows who it is."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from proxy import BUSY, Fate, Proxy
from size import size

from feideprov import Entry, Journal
from feideprov.directory.ldap.directory import LdapDirectory
from feideprov.testing.slapd import PrivateSlapd
from tests.laws.conftest import KEY, House
from tests.laws.test_late_write_laws import STEP, assert_one_holder_who_is_known, take

from .conftest import furnished

FATE = st.none() | st.builds(
    Fate, st.sampled_from([BUSY, 80, "cut", "refused"]), st.sampled_from(["done", "late", "never"])
)


class Slow(LdapDirectory):
    """A directory behind a proxy."""

    proxy: Proxy

    def arrive(self) -> None:
        self.proxy.arrive()

    def entries(self) -> Iterator[Entry]:
        return self.having(["uid"], ["*"])


@pytest.fixture(scope="module")
def directory(slapd: PrivateSlapd) -> Iterator[Slow]:
    account = {"bind_dn": slapd.service_dn, "password": slapd.service_password}
    with (
        Proxy.before(slapd.url) as proxy,
        Slow(proxy.url, base=slapd.suffix, tls=False, patience=0.3, **account) as directory,
    ):
        directory.proxy = proxy
        yield directory


@settings(max_examples=size(3, 200), suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(STEP, st.lists(FATE, max_size=3)), min_size=2, max_size=8))
def test_a_late_write_leaves_one_holder_and_a_journal_that_knows_it(
    slapd: PrivateSlapd, directory: Slow, steps: list[tuple[tuple[str, int, int], list[Fate | None]]]
) -> None:
    proxy = directory.proxy
    with TemporaryDirectory() as folder, furnished(slapd, Path(folder)):
        journal = Journal("sqlite://", "skotthyll.kommune.no", key=KEY, actor="laws")
        house = House(Path(folder), directory, journal)
        try:
            for step, fates in steps:
                proxy.fates = deque(fates)
                take(house, *step)
                proxy.accept()
            proxy.fates.clear()
            assert_one_holder_who_is_known(house)
        finally:
            journal.close()
