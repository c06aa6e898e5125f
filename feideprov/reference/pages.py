"""Tables in Markdown, and the marks between which they stand in a page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from feideprov.errors import InputError
from feideprov.installation import FOLDER
from feideprov.messages import Sentence

Blocks = Mapping[str, Callable[[], str]]
"""The tables of a page, by name. A table stands between `<!-- made: NAME -->` and `<!-- end -->`."""


def page_with_tables(page: str, blocks: Blocks) -> str:
    """The page with each of its tables written again. Raises InputError when a mark is missing."""
    for name, made in blocks.items():
        before, mark, rest = page.partition(f"<!-- made: {name} -->\n")
        _, end, after = rest.partition("<!-- end -->")
        if not end:
            raise InputError(Sentence("The page has no marks for the table “{name}”.", name=name))
        page = f"{before}{mark}\n{made()}\n{end}{after}"
    return page


def markdown_table(heading: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A table in Markdown."""
    lines = [heading, ("---",) * len(heading), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def cell(text: str) -> str:
    """A sentence as a cell: signs that Markdown would read are shown as they are, and pages as `docs/…`."""
    return text.replace(FOLDER, "docs").replace("|", "\\|").replace("( ) * \\", "`( ) * \\`")


def moved_to_docs(text: str) -> str:
    """A page that stands beside the folder `docs`, as a page in it: its links lead there from the folder itself."""
    return text.replace("](docs/", "](")
