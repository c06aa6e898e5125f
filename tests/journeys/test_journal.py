"""The journal by commands: verified, and on a PostgreSQL that several workers share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from feideprov.directory import ldif

if TYPE_CHECKING:
    from private_postgres import PrivatePostgres

    from tests.journeys.conftest import Office


def apply(office: Office) -> None:
    assert office("apply", str(office.folder / "refugees.csv"), "--yes", "--json").json["counts"]["created"] == 11


def delete_olena(office: Office) -> None:
    """By another hand."""
    records = [r.entry for r in ldif.records(office.catalogue.read_bytes()) if r.entry]
    kept = [entry for entry in records if entry.text("uid") != "olenkova"]
    assert len(kept) == len(records) - 1
    office.catalogue.write_text("version: 1\n\n" + "".join(map(ldif.dump, kept)), encoding="utf-8")


def test_before_there_is_a_journal_nothing_differs_and_none_is_begun(office: Office) -> None:
    assert office("journal", "verify").code == 0
    assert not office.journal.exists()


def test_verify_says_what_differs_and_writes_nothing(office: Office) -> None:
    apply(office)
    before = office.state()
    agreed = office("journal", "verify")
    assert (agreed.code, agreed.out) == (0, "Looked at 11 users.\nThe journal and the directory agree.\n")
    assert office.state() == before
    delete_olena(office)
    differs = office("journal", "verify", "--json")
    assert (differs.code, differs.json["command"], differs.json["ok"]) == (1, "journal verify", False)
    [finding] = differs.json["findings"]
    assert {"code", "severity", "user", "dn", "sentence", "expected"} <= set(finding)
    assert (finding["code"], finding["user"]) == ("J-GONE", "olenkova@skotthyll.kommune.no")
    assert differs.json["counts"] == {"error": 1, "warning": 0, "note": 0, "users": 10}
    said = office("journal", "verify").out
    assert "J-GONE" in said
    assert "1 difference." in said


def test_a_failure_names_the_command(office: Office) -> None:
    office.config.unlink()
    assert office("journal", "verify", "--json").json["command"] == "journal verify"


def test_the_whole_job_with_a_journal_in_postgresql(
    office: Office, postgres: PrivatePostgres, monkeypatch: pytest.MonkeyPatch, one_sentence: Any
) -> None:
    url = postgres.database()
    monkeypatch.setenv("FEIDEPROV_JOURNAL__URL", url)
    apply(office)
    assert not office.journal.exists()
    assert office("attach", str(office.folder / "numbers.csv"), "--yes").code in (0, 1)
    assert office("journal", "verify").code == 0
    again = office("apply", str(office.folder / "refugees.csv"), "--yes", "--json").json["counts"]
    assert (again["created"], again["failed"]) == (0, 0)
    history = office("history", "olenkova@skotthyll.kommune.no", "--json").json["events"]
    assert history[0]["kind"] == "create"
    monkeypatch.setenv("FEIDEPROV_JOURNAL__URL", url.replace(f":{postgres.port}/", ":1/"))
    lost = office("apply", str(office.folder / "refugees.csv"), "--yes")
    assert lost.code == 3
    said = one_sentence(lost)
    assert said.startswith("The journal (PostgreSQL, database journal")
    assert "refused" in said
    assert postgres.password not in lost.out + lost.err
