"""What a person must know or do after a night, and which of it was told before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, field, replace

from feideprov.messages import Sentence


@dataclass(frozen=True)
class Matter:
    """One kind of thing to know or to do, in one place where it is looked for.

    `place`: a source, `check`, `today` or `nights`. `kind`: a code, or the kind of a task of `today`. `about`: the
    marks of the rows, users, providers or runs that it is about; a mark is the same each night and says nothing.
    `command`: the next command; empty where there is none.
    """

    place: str
    kind: str
    about: frozenset[str] = field(repr=False)
    sentence_for: Callable[[int], Sentence] = field(repr=False, compare=False)
    """What is said of so many of them."""
    command: str = ""

    @property
    def count(self) -> int:
        """How many it is about."""
        return len(self.about)

    @property
    def sentence(self) -> Sentence:
        """What there is to know or to do, without the command. It names no user."""
        return self.sentence_for(len(self.about))


Told = Mapping[str, Set[str]]
"""The marks that a person was told, by place."""


@dataclass(frozen=True)
class Compared:
    """What was found, apart: what is new, and what a person was told before."""

    new: tuple[Matter, ...]
    remaining: tuple[Matter, ...]


def compared(found: Iterable[Matter], told: Told) -> Compared:
    """Which of what was found is new: nobody was told its mark, or it was gone since then.

    >>> one = Matter("check", "P-UID", frozenset({"a", "b"}), lambda count: Sentence("{count} of them", count=count))
    >>> [str(new.sentence) for new in compared([one], {"check": {"a"}}).new]
    ['1 of them']
    """
    new, remaining = list[Matter](), list[Matter]()
    for matter in found:
        known = matter.about & told.get(matter.place, frozenset())
        for marks, where in ((matter.about - known, new), (known, remaining)):
            if marks:
                where.append(replace(matter, about=frozenset(marks)))
    return Compared(tuple(new), tuple(remaining))


def to_be_kept(found: Iterable[Matter], places: Iterable[str]) -> dict[str, frozenset[str]]:
    """What a person has been told when this is told: the marks of each of these places. What is not found there any
    more is forgotten, so that it is new when it comes back."""
    kept = {place: frozenset[str]() for place in places}
    for matter in found:
        kept[matter.place] |= matter.about
    return kept
