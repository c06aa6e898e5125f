"""What is said of a journal in PostgreSQL that cannot be opened."""

from __future__ import annotations

from pathlib import Path

import pytest

from feideprov import Client, FeideProvError
from feideprov.testing import example_settings


def test_a_journal_that_cannot_be_opened_shows_no_password(tmp_path: Path) -> None:
    for url in (
        "postgresql+psycopg://kari:hunter2%2FSommer@127.0.0.1:1/db",
        "postgresql+psycopg://kari@127.0.0.1:1/db?password=hunter2/Sommer",
        "postgresql+psycopg://kari:hunter2/Sommer",
        "postgresql+psycopg:/kari:hunter2/Sommer@127.0.0.1:1/db",
        "postgres://kari:hunter2/Sommer@127.0.0.1:1/db",
        "postgresql+psycopg://kari:hunter2/Sommer@127.0.0.1:port/db",
        "postgresql+psycopg://kari@127.0.0.1:1/db?passwort=hunter2/Sommer",
        "hunter2/Sommer",
    ):
        settings = example_settings(tmp_path, journal={"url": url})
        with pytest.raises(FeideProvError) as told:
            Client(settings).pending()
        assert "hunter2" not in str(told.value)
