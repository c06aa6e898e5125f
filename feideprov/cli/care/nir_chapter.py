"""The last chapter of the demo: what must be registered in NIR, months after the people came.

Five of the twelve are grown up, and NIR has a scheme for them: one lives in a reception centre, one is in the programme
and learns Norwegian, one has ended it, one came under the older law, and for one nobody knows which law applies.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, Final, Protocol

from feideprov.client.client import Client
from feideprov.issues import Refusal
from feideprov.messages import Sentence, joined, listed
from feideprov.nir.register.content import Seen
from feideprov.nir.report.worklist import Line, Part, Worklist
from feideprov.nir.words import FIELDS

ON: Final = date(2027, 1, 15)
"""The day of this chapter: the yearly close is near."""
_TITLES: Final = {
    Part.OVERDUE: Sentence("should have been registered already"),
    Part.LATER: Sentence("must be registered soon"),
    Part.FORBIDDEN: Sentence("must not be registered"),
    Part.NOT_KNOWN: Sentence("the sources do not say which law applies"),
    Part.NUMBER: Sentence("has a new number: check that NIR shows it"),
}
"""What is said of a part of the worklist."""


class Teller(Protocol):
    """Who tells the story, and remembers what went otherwise."""

    def say(self, text: str) -> None: ...

    def refusals(self, refusals: tuple[Refusal, ...]) -> None: ...

    def expect(self, what: str, got: Any, wanted: Any) -> None: ...


def nir_chapter(story: Teller, feide: Client, records: Path) -> None:
    """Tell the chapter, and check that it goes as told."""
    with _on_the_day(feide) as later:
        register = later.nir
        read = register.read(records)
        story.say(
            Sentence(
                "7. On {day}, the municipality looks at the introduction register (NIR). Five of the twelve are grown "
                "up, and their training must be registered there within two months. The list has {rows} rows, one for "
                "each scheme of a person.",
                day=ON,
                rows=read.rows,
            )
        )
        story.refusals(read.refusals)
        register.record(read)
        found = register.worklist()
        _show(story, found)
        story.expect(Sentence("lines of the worklist"), len(found.lines), 10)
        [close] = found.year_ends
        story.say(
            Sentence(
                "   The yearly close of {year} is on {day}, which is computed. Ended without a reason: {people}.",
                year=close.year,
                day=close.last_day,
                people=listed(close.without_reason),
            )
        )
        story.say(
            Sentence(
                "   The reason (avslutningsårsak) is registered in NIR web, and somebody sees it there. Only that "
                "closes the line."
            )
        )
        register.seen([Seen("ref-05", ON, "demo", fields=("avslutningsaarsak",))])
        left = register.worklist()
        story.expect(Sentence("lines that are left"), len(left.lines), len(found.lines) - 1)
        story.expect(Sentence("endings without a reason"), len(left.year_ends[0].without_reason), 0)


@contextmanager
def _on_the_day(feide: Client) -> Iterator[Client]:
    """The same organization on the day of the chapter."""
    with Client(feide.settings, actor="demo", on=ON) as later:
        yield later


def _show(story: Teller, found: Worklist) -> None:
    """The worklist, with a line for each part that has something."""
    for part, title in _TITLES.items():
        if lines := [line for line in found.lines if line.part(found.on) is part]:
            story.say(Sentence("     {title}: {people}", title=title, people=joined(_people(lines), "; ")))


def _people(lines: Iterable[Line]) -> Iterator[Sentence]:
    """Each person once, with the fields that it is about, and the first of their days."""
    of_person: dict[str, list[Line]] = {}
    for line in lines:
        of_person.setdefault(line.item.person, []).append(line)
    for person, some in of_person.items():
        fields = [FIELDS.get(name, name) for line in some for name in line.fields if name != "number"]
        days = [Sentence("by {day}", day=day) for day in sorted({line.due for line in some if line.due})[:1]]
        about = joined([*fields, *days], ", ")
        yield (
            Sentence("{person} ({about})", person=person, about=about) if about else Sentence("{person}", person=person)
        )
