"""A sentence as the journal keeps it, so that it can be said in another language later: its template and its values."""

from __future__ import annotations

import json

from feideprov.errors import scrub
from feideprov.messages import Sentence, as_saved, from_saved


def as_kept(said: str) -> str:
    """The text to keep, scrubbed: JSON for a sentence, a plain text as it is.

    >>> as_kept(Sentence("{server} did not respond.", server="a"))
    '{"template": "{server} did not respond.", "plural": null, "values": {"server": "a"}}'
    """
    said = _scrubbed(said)
    text = scrub(said)
    if not isinstance(said, Sentence) or text != said:  # what looks like a number is in several of its values
        return text
    return json.dumps(as_saved(said), ensure_ascii=False)


def as_said(kept: str) -> str:
    """What was kept, as a sentence if it was one. Earlier versions kept the English text alone."""
    try:
        found = from_saved(json.loads(kept))
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return kept
    return found if isinstance(found, Sentence) else kept


def _scrubbed(said: str) -> str:
    if not isinstance(said, Sentence):
        return scrub(said)
    return said.with_values(
        **{name: _scrubbed(value) if isinstance(value, str) else value for name, value in said.values.items()}
    )
