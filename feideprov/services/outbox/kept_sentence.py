"""A sentence as the journal keeps it, so that it can be said in another language later: its template and its values."""

from __future__ import annotations

import json

from feideprov.errors import scrub
from feideprov.messages import Sentence, as_saved, from_saved


def as_kept(said: str) -> str:
    """The text to keep: JSON for a sentence; a plain text as it is, and so what had to be scrubbed.

    >>> as_kept(Sentence("{server} did not respond.", server="a"))
    '{"template": "{server} did not respond.", "plural": null, "values": {"server": "a"}}'
    """
    text = scrub(said)
    if not isinstance(said, Sentence) or text != said:
        return text
    return json.dumps(as_saved(said), ensure_ascii=False)


def as_said(kept: str) -> str:
    """What was kept, as a sentence if it was one. Earlier versions kept the English text alone."""
    try:
        found = from_saved(json.loads(kept))
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return kept
    return found if isinstance(found, Sentence) else kept
