"""A sentence as the journal keeps it, so that it can be said in another language later: its template and its values."""

from __future__ import annotations

import json
from typing import Any, Final

from feideprov.errors import scrub
from feideprov.messages import Sentence

_PLAIN: Final = (str, int, float, type(None))


def as_kept(said: str) -> str:
    """The text to keep: JSON for a sentence; a plain text as it is, and so what had to be scrubbed.

    >>> as_kept(Sentence("{server} did not respond.", server="a"))
    '{"template": "{server} did not respond.", "values": {"server": "a"}}'
    """
    text = scrub(said)
    if not isinstance(said, Sentence) or text != said:
        return text
    try:
        return json.dumps(_parts(said), ensure_ascii=False)
    except TypeError:
        return text


def as_said(kept: str) -> str:
    """What was kept, as a sentence if it was one. Earlier versions kept the English text alone."""
    try:
        return _sentence(json.loads(kept))
    except (ValueError, TypeError, LookupError, AttributeError):
        return kept


def _parts(sentence: Sentence) -> dict[str, Any]:
    values = {
        name: _parts(value) if isinstance(value, Sentence) else _plain(value) for name, value in sentence.values.items()
    }
    plural = {"plural": sentence.plural} if sentence.plural is not None else {}
    return {"template": sentence.template, **plural, "values": values}


def _plain(value: Any) -> Any:
    if not isinstance(value, _PLAIN):
        raise TypeError
    return value


def _sentence(parts: Any) -> Sentence:
    values = {name: _sentence(value) if isinstance(value, dict) else value for name, value in parts["values"].items()}
    # the catalogues have the template since the sentence was made: only here it is no constant
    return Sentence.__new__(Sentence, parts["template"], plural=parts.get("plural"), **values)
