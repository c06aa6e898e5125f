"""The gettext catalogues: what the code says, and the translations that stand in text files.

`python -m feideprov.reference catalogues` adds what is new to each catalogue without a translation, takes out what the
code no longer says, and compiles it. A translation is never changed: people write them.
"""

from __future__ import annotations

import ast
import io
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from string import Formatter
from typing import Final, NamedTuple

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from feideprov.messages import LANGUAGES, LOCALE, Sentence, Template
from feideprov.settings import template

PACKAGE: Final = LOCALE.parent
_SAID_BY: Final = (Sentence.__name__, Template.__name__)
_WIDTH: Final = 120
_LINE: Final = re.compile(r'(#.*|(msg[a-z_]+(\[\d\])? )?"([^"\\]|\\.)*")?')
_HEADER: Final = """\
# What feideprov says. Each msgstr can be corrected in any text editor: what stands in braces, {like this}, must stay as
# it is. Afterwards, `make docs` brings it into use."""


class Message(NamedTuple):
    """A text that the program says, and the file (from the package's folder on) that it stands in."""

    text: str
    plural: str | None
    file: str


def messages_of_code(folder: Path = PACKAGE) -> Iterator[Message]:
    """The templates of the sentences in the modules of a folder. Raises ValueError for a template that is no constant:
    no catalogue could have it."""
    for path in sorted(folder.rglob("*.py")):
        file = path.relative_to(folder.parent).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _SAID_BY:
                yield from _message_of(node, file)


def _message_of(call: ast.Call, file: str) -> Iterator[Message]:
    plural = next((one.value for one in call.keywords if one.arg == "plural"), None) or next(iter(call.args[1:]), None)
    template = call.args[0]
    if not isinstance(template, ast.Constant) or not isinstance(plural, ast.Constant | None):
        if file == "feideprov/messages.py":  # which makes sentences of sentences
            return
        raise ValueError(f"{file}:{call.lineno}: the template of a sentence must be a constant")
    if template.value:
        yield Message(str(template.value), None if plural is None else str(plural.value), file)


def messages_of_help() -> Iterator[Message]:
    """What the help of the command line says."""
    import typer

    from feideprov.cli.app import app
    from feideprov.cli.help.texts import texts_of_help

    for text, file in texts_of_help(typer.main.get_command(app)):
        yield Message(text, None, file)


def messages_of_configuration() -> Iterator[Message]:
    """The comments in the configuration that `feideprov init` writes."""
    file = template.TEMPLATE.relative_to(PACKAGE.parent).as_posix()
    return (Message(comment, None, file) for comment in template.comments())


SOURCES: Final[tuple[Callable[[], Iterable[Message]], ...]] = (
    messages_of_code,
    messages_of_help,
    messages_of_configuration,
)
"""What says something. A text that is said in several places stands once in a catalogue, with each of its places."""


def path_of(language: str) -> Path:
    """The catalogue of a language, as text."""
    return LOCALE / language / "LC_MESSAGES" / "feideprov.po"


def catalogue_of(language: str) -> Catalog:
    """The catalogue of a language as it stands in its file. Raises ValueError for a line that has another form."""
    path = path_of(language)
    text = path.read_text(encoding="utf-8")
    for number, line in enumerate(text.splitlines(), 1):
        if not _LINE.fullmatch(line):  # Babel would lose a letter of it
            raise ValueError(f'{path}, line {number}: this is not as msgstr "text", or "text" alone')
    return read_po(io.StringIO(text), locale=language)


class _Catalogue(Catalog):
    """A catalogue whose header says no day and no version of Babel: the same translations make the same file."""

    @property  # type: ignore[misc]  # nobody sets it
    def mime_headers(self) -> list[tuple[str, str]]:
        """The header of the file."""
        return [
            ("Project-Id-Version", "feideprov"),
            ("Language", str(self.locale)),
            ("Plural-Forms", self.plural_forms),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
        ]


def up_to_date(before: Catalog, said: Iterable[Message]) -> Catalog:
    """A catalogue with what is said now, and the translations and comments that were there before.

    A text that has got a plural, or another one, is not translated any more.
    """
    after = _Catalogue(before.locale, header_comment=_HEADER, fuzzy=False)
    for message in said:
        ids = (message.text, message.plural) if message.plural else message.text
        known = before.get(message.text)
        there = known is not None and known.id == ids
        after.add(
            ids,
            known.string if known and there else None,
            locations=[(message.file, 0)],
            user_comments=known.user_comments if known else (),
        )
    return after


def unusable(catalogue: Catalog, path: Path) -> Iterator[str]:
    """A line for each translation that has other placeholders than the English text: it could not be said."""
    for message in catalogue:
        english = set().union(*map(_placeholders, _forms(message.id)))
        said = [text for text in _forms(message.string) if text]
        wrong = english ^ set().union(*map(_placeholders, said)) if said else set()
        if message.id and wrong:
            names = ", ".join(f"{{{name}}}" for name in sorted(wrong))
            yield f"{path}, line {message.lineno}: the translation and the English text must both have {names}"


def _forms(text: str | Iterable[str] | None) -> tuple[str, ...]:
    """A text, or the two forms of a plural."""
    return (text,) if isinstance(text, str) else tuple(text or ())


def _placeholders(text: str) -> set[str]:
    try:
        return {f"{name}:{form}" if form else name for _, name, form, _ in Formatter().parse(text) if name is not None}
    except ValueError:  # a brace without its partner
        return {text}


def write_catalogues() -> None:
    """Bring each catalogue up to date with the code, and compile it.

    Raises ValueError for a catalogue that a person has made unusable, before anything is written.
    """
    said = [message for source in SOURCES for message in source()]
    known = {language: catalogue_of(language) for language in LANGUAGES[1:]}
    if wrong := [line for language, catalogue in known.items() for line in unusable(catalogue, path_of(language))]:
        raise ValueError("\n".join(wrong))
    for language, before in known.items():
        path = path_of(language)
        catalogue = up_to_date(before, said)
        with path.open("wb") as file:
            write_po(file, catalogue, width=_WIDTH, include_lineno=False)
        with path.with_suffix(".mo").open("wb") as file:
            write_mo(file, catalogue)
