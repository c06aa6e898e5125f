"""What pydantic finds wrong with a value, as sentences of ours: its own texts are for programmers, in English alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any, Final

from feideprov.messages import Sentence, Template, either

_TEXT: Final = Sentence("this must be text, in quotation marks")
_YES_OR_NO: Final = Sentence("this must be true or false")
_WHOLE_NUMBER: Final = Sentence("this must be a whole number")
_NUMBER: Final = Sentence("this must be a number")
_DAY: Final = Sentence("this must be a day, such as 2026-08-31")
_LIST: Final = Sentence("this must be a list, in square brackets")
_SECTION: Final = Sentence("this must be a section, with keys and values")
_ONE_OF: Final = Template("this must be {expected}")
_SENTENCES: Final[Mapping[str, Sentence | Template]] = {
    "missing": Sentence("this is missing"),
    "extra_forbidden": Sentence("this is not known"),
    "literal_error": _ONE_OF,
    "enum": _ONE_OF,
    "greater_than": Template("this must be more than {gt:,}"),
    "greater_than_equal": Template("this must be at least {ge:,}"),
    "less_than_equal": Template("this must be at most {le:,}"),
    "string_too_short": Sentence("this must not be empty"),
    "too_short": Sentence("this must not be empty"),
    "is_instance_of": Template("this must be of the class {class}"),
    "path_type": Sentence("this must be a path, in quotation marks"),
    "invalid_key": Sentence("its keys must be text"),
    **dict.fromkeys(("string_type", "string_unicode"), _TEXT),
    **dict.fromkeys(("bool_type", "bool_parsing"), _YES_OR_NO),
    **dict.fromkeys(("int_type", "int_parsing", "int_parsing_size", "int_from_float"), _WHOLE_NUMBER),
    **dict.fromkeys(("float_type", "float_parsing", "finite_number"), _NUMBER),
    **dict.fromkeys(
        ("date_type", "date_parsing", "date_from_datetime_parsing", "date_from_datetime_inexact"),
        _DAY,
    ),
    **dict.fromkeys(("list_type", "tuple_type"), _LIST),
    **dict.fromkeys(("dict_type", "mapping_type", "model_type", "model_attributes_type"), _SECTION),
}
"""By the type of pydantic's error. Every length that a field of ours has is at least 1."""
_OTHERWISE: Final = Sentence("this value cannot be used")
_WORD: Final = re.compile(r"'([^']*)'|(\d+)")


def problem_of(error: Mapping[str, Any]) -> Sentence:
    """What is wrong with a value, in words without a full stop; no value is quoted.

    Parameters:
        error: one of the errors of pydantic's ValidationError. What a validator of ours raised is said as it is.
    """
    facts = error.get("ctx", {})
    raised = facts.get("error")
    said = facts.get("said") or (raised.args[0] if isinstance(raised, ValueError) and raised.args else None)
    if isinstance(said, Sentence):
        return said
    sentence = _SENTENCES.get(error["type"], _OTHERWISE)
    return sentence if isinstance(sentence, Sentence) else sentence.filled(**dict(_values(facts)))


def _values(facts: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """What pydantic knows about an error, as values of a sentence: it writes words as text of Python, and limits of
    numbers with a decimal that nobody needs."""
    for name, value in facts.items():
        if name == "expected":
            words = list(filter(None, chain.from_iterable(_WORD.findall(value))))
            yield name, either(Sentence("“{word}”", word=word) for word in words)
        elif isinstance(value, float) and value.is_integer():
            yield name, int(value)
        else:
            yield name, value
