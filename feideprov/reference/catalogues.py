"""The gettext catalogues: what the code says, and the translations that stand in text files.

`python -m feideprov.reference catalogues` adds what is new to each catalogue without a translation, takes out what the
code no longer says, and compiles it. A translation is never changed: people write them.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from feideprov.messages import LANGUAGES, LOCALE, Sentence, Template
from feideprov.settings import template

PACKAGE: Final = LOCALE.parent
_SAID_BY: Final = (Sentence.__name__, Template.__name__)
_WIDTH: Final = 120
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
    """The catalogue of a language as it stands in its file."""
    with path_of(language).open("rb") as file:
        return read_po(file, locale=language)


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


def write_catalogues() -> None:
    """Bring each catalogue up to date with the code, and compile it."""
    said = [message for source in SOURCES for message in source()]
    for language in LANGUAGES[1:]:
        path = path_of(language)
        catalogue = up_to_date(catalogue_of(language), said)
        with path.open("wb") as file:
            write_po(file, catalogue, width=_WIDTH, include_lineno=False)
        with path.with_suffix(".mo").open("wb") as file:
            write_mo(file, catalogue)
