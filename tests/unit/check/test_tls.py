"""What was seen of TLS and a certificate, held to Feide's requirements."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from feideprov.check.examination import Check, State
from feideprov.check.tls import checks_of_probe
from feideprov.directory.ldap.server import LdapAddress
from feideprov.directory.ldap.tls_probe import Certificate, Distrust, TlsProbe

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
ADDRESS = LdapAddress("ldaps://ldap.skotthyll.no")
CERTIFICATE = Certificate("Buypass Class 2 CA 5", NOW - timedelta(days=10), NOW + timedelta(days=200))


def codes(checks: list[Check]) -> list[str]:
    return [check.finding.code for check in checks if check.finding]


def test_server_as_feide_wants_it() -> None:
    checks = list(checks_of_probe(TlsProbe("TLSv1.2", CERTIFICATE, public=True), ADDRESS, NOW))
    assert codes(checks) == []
    assert {check.state for check in checks} == {State.GOOD}


@pytest.mark.parametrize("distrust", list(Distrust))
def test_certificate_that_is_not_trusted_ends_the_way(distrust: Distrust) -> None:
    checks = list(checks_of_probe(TlsProbe("TLSv1.3", CERTIFICATE, distrust), ADDRESS, NOW))
    [code] = codes(checks)
    assert code.startswith("D-CERT-")
    assert checks[-1].exit_code == 2
    assert "he certificate of ldaps://ldap.skotthyll.no" in checks[-1].sentence
    assert "{" not in checks[-1].sentence + checks[-1].finding.action  # type: ignore[union-attr]


@pytest.mark.parametrize(("days", "expected"), [(29, ["D-CERT-EXPIRES"]), (30, [])])
def test_certificate_is_renewed_a_month_before(days: int, expected: list[str]) -> None:
    certificate = Certificate("CA", NOW - timedelta(days=10), NOW + timedelta(days=days, hours=1))
    assert codes(list(checks_of_probe(TlsProbe("TLSv1.3", certificate, public=True), ADDRESS, NOW))) == expected


def test_private_authority_is_a_warning_where_feide_can_come() -> None:
    look = TlsProbe("TLSv1.3", CERTIFICATE, public=False)
    [warned] = [c.finding for c in checks_of_probe(look, ADDRESS, NOW) if c.finding]
    [noted] = [c.finding for c in checks_of_probe(look, LdapAddress("ldaps://localhost"), NOW) if c.finding]
    assert (warned.code, warned.severity) == ("D-CERT-PRIVATE", "warning")
    assert (noted.code, noted.severity) == ("D-CERT-PRIVATE", "note")


def test_what_this_machine_cannot_know_is_unknown() -> None:
    checks = list(checks_of_probe(TlsProbe("TLSv1.3", CERTIFICATE, public=None, old_known=False), ADDRESS, NOW))
    assert codes(checks) == []
    assert [check.name for check in checks if check.state is State.UNKNOWN] == ["old TLS versions", "public authority"]


@pytest.mark.parametrize(("old", "code"), [("TLSv1", "D-TLS-OLD"), (None, "D-TLS-NONE")])
def test_no_common_version_ends_the_way(old: str | None, code: str) -> None:
    checks = list(checks_of_probe(TlsProbe(None, old=old), ADDRESS, NOW))
    assert codes(checks) == [code]
    assert checks[-1].exit_code == 2
    assert old is None or "TLS 1.0 or older" in checks[-1].sentence
