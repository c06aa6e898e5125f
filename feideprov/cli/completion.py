"""What a shell can complete: commands, options, and the values that are known."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, NamedTuple

from feideprov.cli.help import parameters
from feideprov.cli.help.rows import COMMANDS, GROUPS
from feideprov.cli.help.texts import meaning, translated
from feideprov.cli.session import DEFAULT_CONFIG

BETWEEN: Final = "\x1f"
"""What stands between two words that a shell gives (`feideprov.cli.app.WORDS`)."""
_QUOTES: Final = frozenset("\"'\\")
FILES: Final = "/files"
"""The line that says that the shell itself completes the names of files."""


class _Typed(NamedTuple):
    """What the words of a command line are, up to the one that is completed."""

    command: Any
    waiting: Any
    """The option whose value comes next."""
    arguments: int
    config: Path


def completions(program: Any, words: Sequence[str]) -> Iterator[str]:
    """The lines for a shell: what the last word can become, a tab, and what it means; or FILES.

    Args:
        program: the whole program, as a command of typer.
        words: what stands after `feideprov`. The last word is the one that is completed, and can be empty.
    """
    *before, begun = map(_without_quotes, words or [""])
    before = [word for word in before if word != "="]  # bash parts them
    begun = "" if begun == "=" else begun
    typed = _read(program, before)
    if typed is None:
        return
    name, assigned, value = begun.partition("=")
    if typed.waiting is not None:
        yield from _values(typed.waiting, begun, typed.config)
    elif begun.startswith("-") and assigned:
        option = _option(typed.command, name)
        found = _values(option, value, typed.config) if option is not None else ()
        yield from (one if one == FILES else f"{name}={one}" for one in found)
    elif begun.startswith("-"):
        yield from _beginning(begun, _options(typed.command))
    elif hasattr(typed.command, "sections"):
        yield from _beginning(begun, _commands(typed.command))
    else:
        yield from _argument(typed, begun)


def _without_quotes(word: str) -> str:
    """What a shell reads a word as, which may have begun with a quotation mark and is not finished."""
    if _QUOTES.isdisjoint(word):
        return word
    for end in ("", '"', "'"):
        with suppress(ValueError):  # a quotation mark is open
            return "".join(shlex.split(word + end))
    return word


def _read(program: Any, words: Iterable[str]) -> _Typed | None:
    """What the words are; None where one of them is no command."""
    typed = _Typed(program, None, 0, DEFAULT_CONFIG)
    for word in words:
        if typed.waiting is not None:
            config = Path(word) if "--config" in typed.waiting.opts else typed.config
            typed = typed._replace(waiting=None, config=config)
        elif word.startswith("-") and word != "-":
            name, assigned, value = word.partition("=")
            option = _option(typed.command, name)
            if assigned and name == "--config":
                typed = typed._replace(config=Path(value))
            elif not assigned and option is not None and parameters.takes_value(option):
                typed = typed._replace(waiting=option)
        elif not hasattr(typed.command, "sections"):
            typed = typed._replace(arguments=typed.arguments + 1)
        elif word in typed.command.commands:
            typed = typed._replace(command=typed.command.commands[word])
        else:
            return None
    return typed


def _option(command: Any, name: str) -> Any:
    return next((one for one in command.params if name in one.opts and not parameters.is_argument(one)), None)


def _options(command: Any) -> Iterator[tuple[str, str]]:
    for one in command.params:
        if not parameters.is_argument(one):
            yield max(one.opts, key=len), translated(meaning(one))
    yield "--help", ""


def _commands(group: Any) -> Iterator[tuple[str, str]]:
    sections = GROUPS.get(group.name, COMMANDS)
    return ((row.name, translated(row.summary)) for section in sections for row in section.rows)


def _beginning(begun: str, known: Iterable[tuple[str, str]]) -> Iterator[str]:
    return (f"{value}\t{told}" for value, told in known if value.startswith(begun))


def _argument(typed: _Typed, begun: str) -> Iterator[str]:
    arguments = [one for one in typed.command.params if parameters.is_argument(one)]
    several = arguments[-1:] if arguments and arguments[-1].nargs == -1 else []
    place = [*arguments[typed.arguments : typed.arguments + 1], *several]
    if place:
        yield from _values(place[0], begun, typed.config)
    elif not begun:
        yield from _beginning(begun, _options(typed.command))


def _values(parameter: Any, begun: str, config: Path) -> Iterator[str]:
    word = parameters.placeholder(parameter)
    known = parameters.choices(parameter) or (_KNOWN[word](config) if word in _KNOWN else ())
    yield from _beginning(begun, ((value, "") for value in known))
    if parameters.is_file(parameter) or word.endswith(("-or-LIST", "-or-SHEET")):
        yield FILES


def _schools(config: Path) -> Iterator[str]:
    from feideprov.settings import Settings

    return (school.id for school in Settings.load(config).schools)


def _sources(config: Path) -> Iterator[str]:
    from feideprov.settings import Settings

    return (source.name for source in Settings.load(config).sources)


def _roles(_config: Path) -> Iterable[str]:
    from feideprov.feide.person import Role

    return map(str, Role)


def _states(_config: Path) -> Iterable[str]:
    from feideprov.services.register.service import Dependency

    return map(str, Dependency)


def _codes(_config: Path) -> Iterable[str]:
    from feideprov.check.catalogue import CATALOGUE

    return sorted(rule.code for rule in CATALOGUE)


def _evidence(_config: Path) -> Iterable[str]:
    from feideprov.numbers.evidence import EvidenceSource

    return map(str, EvidenceSource)


def _laws(_config: Path) -> Iterable[str]:
    from feideprov.nir.model import Law

    return (str(law) for law in Law if law is not Law.NOT_KNOWN)


def _schemes(_config: Path) -> Iterable[str]:
    from feideprov.nir.model import Scheme

    return map(str, Scheme)


_KNOWN: Final[Mapping[str, Callable[[Path], Iterable[str]]]] = {
    "SCHOOL": _schools,
    "SOURCE_NAME": _sources,
    "ROLE": _roles,
    "STATE": _states,
    "CODE": _codes,
    "SOURCE": _evidence,
    "LAW": _laws,
    "SCHEME": _schemes,
}
"""The values that stand for a word of the help, where they are known. The configuration tells some of them."""
