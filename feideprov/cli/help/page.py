"""The page of help of a command: plain text, in the language of the call, as wide as the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from feideprov.cli.help import layout, parameters
from feideprov.cli.help.examples import examples_of
from feideprov.cli.help.rows import LISTED, Section
from feideprov.cli.help.texts import HELP_OPTION, meaning, paragraphs, translated
from feideprov.cli.language import said
from feideprov.installation import FOLDER
from feideprov.messages import Sentence


def help_of(command: Any, context: Any) -> str:
    """The page of a command."""
    path = context.command_path.partition(" ")[2]
    blocks = [_usage(command, context), *(layout.paragraph(translated(one)) for one in paragraphs(command.help))]
    blocks += [*_tables(command, context)]
    sections = getattr(command, "sections", None)
    if sections is not None:
        blocks += _commands(LISTED if not path else sections, with_group=not path)
    if not path:
        blocks += _end()
    elif sections is None:
        blocks += _examples(path)
    return "\n\n".join("\n".join(block) for block in blocks if block)


def _usage(command: Any, context: Any) -> list[str]:
    words = [said(Sentence("[OPTIONS]"))]
    for one in command.params:
        if parameters.is_argument(one):
            name = translated(parameters.placeholder(one))
            words.append(name if one.required else f"[{name}]")
    if hasattr(command, "sections"):
        words.append(said(Sentence("COMMAND …")))
    begun = f"{said(Sentence('Usage:'))} {context.command_path} "
    return layout.broken(" ".join(words), begun, " " * (layout.INDENT * 2))


def _tables(command: Any, context: Any) -> Iterator[list[str]]:
    parted: tuple[list[tuple[str, str]], list[tuple[str, str]]] = [], []
    for one in command.get_params(context):
        parted[not parameters.is_argument(one)].append((_name(one), _meaning(one)))
    for title, rows in zip((Sentence("Arguments:"), Sentence("Options:")), parted, strict=True):
        if rows:
            yield [said(title), *layout.definitions(rows)]


def _name(parameter: Any) -> str:
    word = translated(parameters.placeholder(parameter)) if parameters.takes_value(parameter) else ""
    if parameters.is_argument(parameter):
        return word
    return f"{', '.join(sorted(parameter.opts, key=len))} {word}".rstrip()


def _meaning(parameter: Any) -> str:
    if HELP_OPTION in parameter.opts:
        return said(Sentence("Show this help."))
    more: list[Sentence] = []
    value, limits = parameters.default(parameter), parameters.limits(parameter)
    if value is not None:
        more.append(Sentence("[default: {value}]", value=value))
    if limits is not None:
        more.append(Sentence("[{least} to {most}]", least=limits[0], most=limits[1]))
    if parameter.required:
        more.append(Sentence("[required]"))
    return " ".join((translated(meaning(parameter)), *(said(one).replace(" ", layout.TOGETHER) for one in more)))


def _commands(sections: Sequence[Section], *, with_group: bool) -> Iterator[list[str]]:
    listed = [
        (section, [(row.path if with_group else row.name, translated(row.summary)) for row in section.rows])
        for section in sections
    ]
    names = [name for _, rows in listed for name, _ in rows]
    for section, rows in listed:
        if section.title:
            yield [f"{translated(section.title)}:", *layout.definitions(rows, names)]


def _examples(path: str) -> Iterator[list[str]]:
    lines = []
    for example in examples_of(path):
        lines += layout.command(f"feideprov {example.line}", layout.INDENT)
        lines += layout.paragraph(translated(example.meaning), 3 * layout.INDENT)
    if lines:
        yield [said(Sentence("Examples:")), *lines]


def _end() -> Iterator[list[str]]:
    codes = Sentence(
        "Exit codes: 0 all done, 1 something was refused, held or found, 2 the set-up or the input is wrong and "
        "nothing was written, 3 the directory or the journal failed."
    )
    more = Sentence("More about a command, with examples: feideprov COMMAND --help")
    pages = Sentence("The pages of the documentation are in: {folder}", folder=FOLDER)
    for sentence in (more, codes, pages):
        yield layout.paragraph(said(sentence))
