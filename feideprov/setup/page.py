"""The page of a set-up, as Markdown: each step with its commands, to be read, copied and run in this order."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from feideprov.messages import Sentence
from feideprov.setup.step import Commands, Setup, SetupFile

PAGE = "setup.md"


def page(setup: Setup, say: Callable[[Sentence], str]) -> SetupFile:
    """The page. `say` gives a sentence in the reader's language."""
    return SetupFile(PAGE, "\n".join(_lines(setup, say)))


def _lines(setup: Setup, say: Callable[[Sentence], str]) -> Iterator[str]:
    yield from (f"# {say(setup.title)}", "")
    for paragraph in setup.introduction:
        yield from (say(paragraph), "")
    for number, step in enumerate(setup.steps, 1):
        yield from (f"## {number}. {say(step.title)}", "")
        for part in step.content:
            if isinstance(part, Commands):
                yield from (say(part.where), "", f"```{part.language}", *part.lines, "```", "")
            else:
                yield from (say(part), "")
