"""What a change takes from an entry and gives to it, value by value, as it may be shown.

Where a value must not be shown, what it is stands in its place: `<D-number>`, `<local number>`, `<birth date>`,
`<12 octets>` for what is no text, and `<not shown>` for every value of a person whose name is not shown. Passwords are
left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from feideprov.directory.attribute_description import attribute_key
from feideprov.directory.entry import Entry, Modification, octets
from feideprov.directory.layout import ACTIVE_DIRECTORY, USUAL
from feideprov.directory.protocol import holds_numbers
from feideprov.feide.lin import LIN_ATTRIBUTE
from feideprov.feide.user import BIRTH_DATES
from feideprov.look_alikes import INVISIBLE, look
from feideprov.messages import Sentence
from feideprov.numbers import NumberPolicy, NumberText, judge_number
from feideprov.numbers.number import SHOWN
from feideprov.provision.plan.changes import Change, Create, steps_of
from feideprov.provision.plan.login_changes import Rename
from feideprov.provision.plan.unit_changes import CreateUnit
from feideprov.text import holds_number, shown

NOT_SHOWN: Final = Sentence("<not shown>")
_LOCAL_NUMBER: Final = Sentence("<local number>")
_BIRTH_DATE: Final = Sentence("<birth date>")

_EVERY_NUMBER: Final = NumberPolicy(duf="nin", test=True)
_LIN: Final = attribute_key(LIN_ATTRIBUTE)
_BIRTH_DATES: Final = frozenset(map(attribute_key, BIRTH_DATES))
_PASSWORDS: Final = frozenset(attribute_key(layout.password_attribute) for layout in (USUAL, ACTIVE_DIRECTORY))
_JOINERS: Final = "\u200c\u200d"
"""Invisible, but parts of names in Persian and in Indic scripts."""


class ChangedValues(NamedTuple):
    """The values of one attribute that go, and those that come. Values that stay are in neither."""

    attribute: str
    was: tuple[str, ...]
    becomes: tuple[str, ...]


def changed_values(change: Change) -> list[ChangedValues]:
    """What a change does to each attribute, apart from passwords; of a new entry, all its values.

    Texts that differ but look the same have code points in place of the characters that do not tell them apart.
    """
    found = []
    for attribute, going, coming in _difference(change):
        was, becomes = ([shown_value(change, attribute, value) for value in some] for some in (going, coming))
        found.append(ChangedValues(attribute, *_told_apart(was, becomes)))
    return found


def _difference(change: Change) -> Iterator[tuple[str, list[bytes], list[bytes]]]:
    """The attributes that a change changes, each with the values that go and that come."""
    found: dict[str, tuple[str, dict[bytes, None], dict[bytes, None]]] = {}
    for step in _steps(change):
        if (key := attribute_key(step.attribute)) not in _PASSWORDS:
            _, going, coming = found.setdefault(key, (step.attribute, {}, {}))
            (coming if step.operation == "add" else going).update(dict.fromkeys(step.values))
    for attribute, going, coming in found.values():
        if going.keys() != coming.keys():
            yield attribute, [v for v in going if v not in coming], [v for v in coming if v not in going]


def _steps(change: Change) -> Iterator[Modification]:
    if isinstance(change, Create | CreateUnit):
        entry: Entry = change.entry if isinstance(change, CreateUnit) else change.write(None).entry
        yield from (Modification("add", name, values) for name, values in entry.items())
        return
    yield from steps_of(change)
    if isinstance(change, Rename) and change.second_write():
        yield from (Modification("delete", kind, (octets(value),)) for kind, value in change.dn.own)
        yield from (Modification("add", kind, (octets(value),)) for kind, value in change.new_dn.own)


def shown_value(change: Change, attribute: str, value: bytes) -> str:
    """A value that a change takes or gives, as it may be shown."""
    key = attribute_key(attribute.partition(";")[0])
    text = value.decode(errors="replace")
    if holds_numbers(attribute):
        kind = judge_number(text, policy=_EVERY_NUMBER).kind
        return SHOWN.get(kind, str(NumberText(text))) if kind else str(NumberText(text))
    if key == _LIN:
        return _LOCAL_NUMBER
    if key in _BIRTH_DATES:
        return _BIRTH_DATE
    if change.feide_name and not change.name_to_show:
        return NOT_SHOWN
    return shown_exactly(text) if text.encode() == value else Sentence("<{number} octets>", number=len(value))


@lru_cache(maxsize=1 << 12)
def shown_exactly(text: str) -> str:
    """A text as it is, with the code points of characters that cannot be seen; without what looks like a number.

    >>> shown_exactly("Olena\\u202e\\nKovalenko")
    'Olena<U+202E><U+000A>Kovalenko'
    """
    if holds_number(shown(text, hide_numbers=False)):
        return shown(text)
    if text.isascii() and text.isprintable():
        return text  # nearly always
    seen = INVISIBLE.sub(lambda found: found[0] if found[0] in _JOINERS else _code_point(found[0]), text)
    return "".join(c if c.isprintable() or c in _JOINERS else _code_point(c) for c in seen)


def _told_apart(was: Sequence[str], becomes: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The texts, with code points where one that goes looks like one that comes."""
    nothing_to_tell = all(text.isascii() and "  " not in f" {text} " for text in (*was, *becomes))
    if nothing_to_tell or not (was and becomes):
        return tuple(was), tuple(becomes)
    alike = set(map(_seen, was)).intersection(map(_seen, becomes))
    before, after = (tuple(_coded(text) if _seen(text) in alike else text for text in some) for some in (was, becomes))
    return before, after


def _seen(text: str) -> str:
    """What is seen of a text: spaces around it, and more than one between words, are not."""
    return look(" ".join(text.split()))


def _coded(text: str) -> str:
    """A text in which only characters of ASCII stand as they are, and of spaces those between two others."""
    return "".join(
        c
        if c.isascii() and (c != " " or (text[at - 1 : at].strip() and text[at + 1 : at + 2].strip()))
        else _code_point(c)
        for at, c in enumerate(text)
    )


def _code_point(character: str) -> str:
    return f"<U+{ord(character):04X}>"
