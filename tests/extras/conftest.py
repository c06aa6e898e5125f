"""The fixtures of the unit tests."""

from tests.unit.conftest import client, journal, key, person

__all__ = ["client", "journal", "key", "person"]
