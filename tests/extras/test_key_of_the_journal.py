"""The doctor and every other command say the same of a journal in PostgreSQL that does not respond."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from feideprov.client.client import Client
from feideprov.errors import FeideProvError
from feideprov.testing.example import example_settings


def settings(folder: Path) -> Any:
    url = "postgresql+psycopg://feideprov:not-shown@127.0.0.1:1/journal"
    return example_settings(folder, journal={"url": url})


def refusal(folder: Path) -> FeideProvError:
    """What another command says."""
    with pytest.raises(FeideProvError) as raised, Client(settings(folder)) as feide:
        feide.pending()
    return raised.value


def test_postgres_that_does_not_respond(tmp_path: Path) -> None:
    (tmp_path / "feideprov.key").touch(mode=0o600)
    (tmp_path / "feideprov.key").write_text("0f" * 32)
    with Client(settings(tmp_path)) as feide:
        found = feide.doctor()
    said = refusal(tmp_path)
    [finding] = [one for one in found.findings if one.code == "D-JOURNAL"]
    assert (finding.sentence, found.exit_code, said.exit_code) == (said.sentence, 3, 3)
    assert "not-shown" not in finding.sentence + finding.action
    assert "D-KEY" not in [one.code for one in found.findings]


def test_no_key_is_made_while_nobody_knows_whether_there_is_a_journal(tmp_path: Path) -> None:
    """A new key in the place of a lost one would be in the way of the copy that is put back."""
    assert refusal(tmp_path).exit_code == 3
    assert not (tmp_path / "feideprov.key").exists()
