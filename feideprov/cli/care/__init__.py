"""Commands about the installation: set-up, checks, journal, what to do today, the demonstration."""

from pathlib import Path
from typing import Final

TEMPLATE: Final = Path(__file__).with_name("feideprov.toml")
"""The configuration before it is filled in."""
