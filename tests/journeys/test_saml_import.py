"""`services import` of SAML metadata: a federation's aggregate, verified or not, and what of it is refused."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from federation import HEAD, NUMBER, TAIL, Federation, SigningKey

if TYPE_CHECKING:
    from tests.journeys.conftest import Office

FEDERATION = Federation(100)
NOT_VERIFIED = (
    "feide.xml: The signature was not verified, so the file could be forged. Give the federation's "
    "certificate with --certificate FILE."
)


@pytest.fixture(scope="module")
def key() -> SigningKey:
    return SigningKey()


def aggregate(*, leave_out: str = "", ask_no_more: str = "") -> bytes:
    """The federation's metadata, without an entity, or with one that requests the number no longer."""
    entities = [one for one in FEDERATION.descriptors() if not leave_out or f'"{leave_out}"' not in one]
    changed = [one.replace(NUMBER, "urn:oid:2.5.4.3") if f'"{ask_no_more}"' in one else one for one in entities]
    return "".join((HEAD, *changed, TAIL)).encode()


@pytest.fixture
def feide(office: Office) -> Path:
    """Where metadata is saved; at first not signed."""
    path: Path = office.folder / "feide.xml"
    path.write_bytes(aggregate())
    return path


def test_a_federation_is_imported_and_a_table_tells_what_is_activated(office: Office, feide: Path) -> None:
    first = office("services", "import", str(feide), "--json")
    assert first.code == 0
    assert first.json["counts"]["new"] == 2
    assert [one["id"] for one in first.json["services"]] == sorted(f"saml:{one}" for one in FEDERATION.asking)
    assert first.json["notes"][:2] == [
        NOT_VERIFIED,
        "feide.xml: 100 entities, 60 of them service providers. Imported: 2 that ask for the number, "
        "and 0 that do not ask for it but were already in the register.",
    ]
    assert "activated" in first.json["notes"][2]
    assert office("services", "list", "--json").json["services"] == []

    table = office.folder / "aktivert.csv"
    table.write_text(f"id;activated\nsaml:{FEDERATION.asking[0]};ja\n")
    assert office("services", "import", str(table)).code == 0
    [service] = office("services", "list", "--json").json["services"]
    assert service["id"] == f"saml:{FEDERATION.asking[0]}"
    assert service["required"] is True
    assert service["facts"]["ways"]["source"] == "SAML metadata https://federation.example/"
    assert {"technical@www-7.example", "support@www-7.example"} <= {one["mail"] for one in service["contacts"]}

    again = office("services", "import", str(feide), "--json")
    assert again.json["counts"]["unchanged"] == 2
    assert [one["activated"] for one in office("services", "list", "--json").json["services"]] == [True]


def test_one_that_asks_no_more_is_changed_and_one_that_is_not_listed_is_gone(office: Office, feide: Path) -> None:
    office("services", "import", str(feide))
    first, second = FEDERATION.asking
    feide.write_bytes(aggregate(leave_out=first, ask_no_more=second))
    told = office("services", "import", str(feide), "--json").json["services"]
    assert {(one["what"], one["id"]) for one in told} == {("gone", f"saml:{first}"), ("changed", f"saml:{second}")}
    feide.write_bytes(aggregate(leave_out=first))
    told = office("services", "import", str(feide), "--json").json["services"]
    assert [(one["what"], one["id"], one["state"]) for one in told] == [("newly", f"saml:{second}", "unknown")]


def test_another_aggregate_ends_nothing(office: Office, feide: Path) -> None:
    office("services", "import", str(feide))
    other = aggregate(leave_out=FEDERATION.asking[0]).replace(b'Name="https://federation.', b'Name="https://other.')
    feide.write_bytes(other)
    assert office("services", "import", str(feide), "--json").json["counts"]["gone"] == 0


def test_a_signed_federation_is_imported_with_its_certificate(office: Office, feide: Path, key: SigningKey) -> None:
    feide.write_bytes(key.sign(aggregate()))
    certificate = key.write_certificate(office.folder / "federation.pem")
    done = office("services", "import", str(feide), "--certificate", str(certificate), "--json")
    assert (done.code, done.json["counts"]["new"]) == (0, 2)
    assert NOT_VERIFIED not in done.json["notes"]


def test_what_is_not_signed_so_is_refused_and_nothing_is_written(office: Office, feide: Path, key: SigningKey) -> None:
    certificate = str(key.write_certificate(office.folder / "federation.pem"))
    signed = key.sign(aggregate())
    for content, words in (
        (aggregate(), "has no signature of the whole file"),
        (signed.replace(b"sp-7.example", b"sp-8.example"), "was changed after it was signed"),
        (SigningKey().sign(aggregate()), "is not signed with the key of federation.pem"),
    ):
        feide.write_bytes(content)
        done = office("services", "import", str(feide), "--certificate", certificate)
        assert (done.code, done.out) == (2, "")
        assert re.fullmatch(rf"feide\.xml {words}[^\n]*\n", done.err), done.err
    assert office("services", "list", "--all", "--json").json["services"] == []


def test_a_bomb_is_refused_in_one_sentence(office: Office, feide: Path) -> None:
    feide.write_text(f'<!DOCTYPE a [<!ENTITY a "{"ha" * 1000}"><!ENTITY b "{"&a;" * 1000}">]>{HEAD}&b;{TAIL}')
    done = office("services", "import", str(feide))
    assert (done.code, done.out) == (2, "")
    assert "document type (DOCTYPE)" in done.err
    assert done.err.count("\n") == 1
