"""What is said of a command line that is wrong: which word, what would be right, and where the help is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Any, Final

from feideprov.cli.help import norwegian, parameters
from feideprov.cli.help.rows import every_row
from feideprov.cli.help.texts import HELP_OPTION, meaning, translated
from feideprov.cli.language import asked_for
from feideprov.errors import scrub
from feideprov.look_alikes import told_apart
from feideprov.messages import Sentence, joined

_FEW: Final = 3
_CLOSE: Final = 0.8
"""How much of an option must be right: all of them begin with two hyphens."""
_HELP: Final = frozenset(("help", "hjelp", "hjelpe"))


def sentence_of(error: Any, arguments: Sequence[str]) -> Sentence:
    """What is wrong with a command line, and the command that shows how it must be.

    `error` is a NoSuchCommand, or what typer raises for a wrong command line.
    """
    context = getattr(error, "ctx", None)
    language = asked_for(arguments)
    program, _, path = (context.command_path if context is not None else "feideprov").partition(" ")
    words = [program, *(("--lang", language) if language else ()), path, HELP_OPTION]
    return Sentence("{reason} See: {command}", reason=_reason(error, context), command=" ".join(filter(None, words)))


def _reason(error: Any, context: Any) -> Sentence:
    message, parameter = getattr(error, "message", ""), getattr(error, "param", None)
    if isinstance(message, Sentence):
        return message
    match type(error).__name__:
        case "NoSuchCommand":
            return _no_such_command(error.words, context)
        case "NoSuchOption":
            return _no_such_option(error.option_name, context)
        case "MissingParameter" if parameter is not None:
            return _missing(parameter)
        case "BadOptionUsage":
            return _bad_option(error.option_name, context)
        case "BadParameter" if parameter is not None:
            return _bad_value(parameter, message)
        case "UsageError" if hasattr(getattr(context, "command", None), "sections"):
            return Sentence("A command is missing.")
        case "UsageError" if found := re.search(r"extra arguments?(?:\(s\))? \((.*)\)", message, re.DOTALL):
            return Sentence("There is an argument too many: “{words}”.", words=scrub(found[1]))
    return Sentence("{reason}", reason=scrub(error.format_message()))


def _no_such_command(words: Sequence[str], context: Any) -> Sentence:
    group = context.command_path.partition(" ")[2]
    told = Sentence("There is no command “{word}”.", word=scrub(words[0]))
    return _with_help(told, words[0], context.command.list_commands(context), suggested(words, group))


def suggested(words: Sequence[str], group: str = "") -> list[str]:
    """The commands that somebody may mean, as they are typed after `feideprov`.

    Args:
        words: what stands in place of a command, and what follows it.
        group: the command whose own commands are meant.
    """
    meant = [" ".join(words[:count]).casefold() for count in (2, 1)]
    if meant[1] in _HELP:
        return [HELP_OPTION]
    paths: dict[str, list[str]] = {}
    for row in every_row():
        for word in (row.name, *norwegian.words_of(row.path)):
            paths.setdefault(word, []).append(row.path)
    found = next((paths[word] for word in meant if word in paths), [])
    if not found:
        found = [path for word in get_close_matches(meant[1], paths, _FEW) for path in paths[word]]
    here = [path for path in found if path.rpartition(" ")[0] == group]
    return list(dict.fromkeys(here or found))[:_FEW]


def _no_such_option(name: str, context: Any) -> Sentence:
    known, meant = _options(context), norwegian.OPTIONS.get(name.casefold(), name)
    if context is not None and meant not in known and meant in _options(context.find_root()):
        return Sentence("{name} is an option of the whole program: write it before the command.", name=meant)
    found = [meant] if meant in known else get_close_matches(name, known, _FEW, _CLOSE)
    return _with_help(Sentence("There is no option “{name}”.", name=scrub(name)), name, known, found)


def _options(context: Any) -> list[str]:
    if context is None:
        return []
    return [name for one in context.command.get_params(context) for name in one.opts if name.startswith("-")]


def _missing(parameter: Any) -> Sentence:
    told = translated(meaning(parameter))
    if known := parameters.choices(parameter):
        return Sentence("Give one of these: {values}. {meaning}", values=joined(known, ", "), meaning=told)
    return Sentence("{what} is missing. {meaning}", what=translated(parameters.called(parameter)), meaning=told)


def _bad_option(name: str, context: Any) -> Sentence:
    params = context.command.get_params(context) if context is not None else ()
    parameter = next((one for one in params if name in one.opts), None)
    if parameter is None or parameters.takes_value(parameter):
        value = translated(parameters.placeholder(parameter)) if parameter is not None else "…"
        return Sentence("The value of {name} is missing: {name} {value}.", name=scrub(name), value=value)
    return Sentence("{name} has no value. Write only {name}.", name=scrub(name))


def _bad_value(parameter: Any, message: str) -> Sentence:
    name = translated(parameters.called(parameter))
    known = parameters.choices(parameter)
    if known:
        found = re.search(r"'(.*?)' is not one of", message, re.DOTALL)
        value, values = found[1] if found else "", joined(known, ", ")
        told = Sentence("{name} must be one of these: {values}.", name=name, values=values)
        if value and parameters.is_argument(parameter):
            told = Sentence("“{value}” is none of these: {values}.", value=scrub(value), values=values)
        return _with_help(told, value, known, get_close_matches(value, known, _FEW))
    if not parameters.is_number(parameter):
        return Sentence("{name}: {reason}", name=name, reason=scrub(message))
    if limits := parameters.limits(parameter):
        least, most = limits
        return Sentence("{name} must be a whole number from {least} to {most}.", name=name, least=least, most=most)
    return Sentence("{name} must be a whole number.", name=name)


def _with_help(told: Sentence, word: str, known: Iterable[str], meant: Sequence[str]) -> Sentence:
    """What is told, with the difference from a word that looks the same, or with words that may be meant."""
    if not word.isascii() and (apart := told_apart(word, [one for one in known if one.isascii()])):
        return Sentence("{told}{apart}", told=told, apart=apart)
    if not meant:
        return told
    words = joined((Sentence("“{word}”", word=one) for one in meant), ", ")
    return joined([told, Sentence("Did you mean {words}?", words=words)])
