"""Commands about the installation: set-up, checks, journal, what to do today, the demonstration."""

from pathlib import Path
from typing import Final

TEMPLATE: Final = Path(__file__).with_name("feideprov.toml")
"""The configuration before it is filled in. Which attribute holds the source ids is asked: there is no default."""
_UNNAMED: Final = 'source_id_attribute = ""'


def template(source_id_attribute: str = "") -> bytes:
    """The same, with the attribute for source ids named."""
    named = f'source_id_attribute = "{source_id_attribute}"'
    return TEMPLATE.read_bytes().replace(_UNNAMED.encode(), named.encode(), 1)
