"""The rules as dated data: what must, may and must not be registered, under which law, and where each rule comes from.

The table `rules.toml` is part of the package. A municipality replaces rows, or adds rows, in a file of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, cached_property
from itertools import chain, combinations
from pathlib import Path
from typing import Any, Final, Self, TypeVar

from feideprov.errors import ConfigurationError, scrub_path
from feideprov.messages import Sentence, joined
from feideprov.nir.deadlines import months_after
from feideprov.nir.model import Law, Scheme
from feideprov.nir.table.file import own_rules, shipped_table
from feideprov.nir.table.rows import (
    EVERY_SCHEME,
    AnnualRow,
    Availability,
    ChannelRow,
    Completion,
    DatedBy,
    Effect,
    Extended,
    LawRow,
    Rule,
    SchemeRow,
    Source,
)
from feideprov.programs.arguments import checked
from feideprov.settings.toml import read_toml

__all__ = [
    "AnnualRow",
    "Availability",
    "ChannelRow",
    "Completion",
    "DatedBy",
    "Effect",
    "Extended",
    "LawRow",
    "Rule",
    "Rules",
    "SchemeRow",
    "Source",
    "compared_on",
    "rows_of_a_year_ago",
]

SHIPPED: Final = Path(__file__).with_name("rules.toml")
_Row = TypeVar("_Row")


@dataclass(frozen=True)
class Rules:
    """The whole table. `compiled` is the day on which its sources were last looked at."""

    compiled: date
    scope_from: date
    deadline_default: str
    schemes: Mapping[Scheme, SchemeRow]
    laws: tuple[LawRow, ...]
    rules: tuple[Rule, ...]
    channels: Mapping[str, ChannelRow]
    availability: tuple[Availability, ...]
    annual: tuple[AnnualRow, ...]
    completion: tuple[Completion, ...]
    extended: Extended
    sources: Mapping[str, Source]

    @classmethod
    def shipped(cls) -> Rules:
        """The table of the package.

        Returns: the rules.

        Raises:
            ConfigurationError: its file is damaged.
        """
        return _shipped()

    @classmethod
    @checked
    def load(cls, path: str | Path) -> Rules:
        """The rules of a file: a municipality's own rows beside those of the package; or, in a file with `schema`, a
        table in place of the package's, which has what the file does not have.

        Parameters:
            path: the file.

        Returns: the rules.

        Raises:
            ConfigurationError: the file cannot be read, a row is wrong, or two rows of one field overlap.
            InputError: the path is of a wrong kind.
        """
        content = read_toml(Path(path))
        if "schema" not in content:
            return _shipped().with_own(path)
        package = read_toml(SHIPPED)
        sources = content.get("source", {})
        if isinstance(sources, Mapping):
            sources = {**package["source"], **sources}
        return cls.of({**package, **content, "source": sources}, path=Path(path))

    def about(self, scheme: Scheme, law: Law) -> Sequence[Rule]:
        """The rules of a law that are about a scheme, of all days.

        Parameters:
            scheme: the scheme.
            law: the law. What chapter 6A inherits from integreringsloven is not among its own.

        Returns: the rules, in the order of the table.

        Raises: nothing.
        """
        return self._by_law.get((scheme, law), ())

    @cached_property
    def _by_law(self) -> Mapping[tuple[Scheme, Law], Sequence[Rule]]:
        table: dict[tuple[Scheme, Law], list[Rule]] = {}
        for rule in self.rules:
            for scheme in Scheme if rule.scheme == EVERY_SCHEME else (Scheme(rule.scheme),):
                table.setdefault((scheme, rule.law), []).append(rule)
        return table

    @classmethod
    def of(cls, content: Mapping[str, Any], *, path: Path = SHIPPED) -> Self:
        """The table with this content.

        Parameters:
            content: the content, as a TOML file has it.
            path: the file, for errors.

        Returns: the rules.

        Raises:
            ConfigurationError: a row is wrong, or two rows of one field overlap.
        """
        table = shipped_table(content, path)
        made = cls(
            compiled=table.compiled,
            scope_from=table.scope_from,
            deadline_default=table.deadline_default,
            schemes=table.scheme,
            laws=table.law,
            rules=table.rule,
            channels={row.id: row for row in table.channel},
            availability=table.availability,
            annual=table.annual,
            completion=table.completion,
            extended=table.extended,
            sources=table.source,
        )
        _refuse_overlaps(made, path)
        return made

    def with_own(self, path: str | Path) -> Rules:
        """The table with the rows of a municipality's own file: a row with the same id replaces one, others are added.

        Parameters:
            path: the file.

        Returns: the rules.

        Raises:
            ConfigurationError: the file cannot be read, a row is wrong, or two rows of one field overlap.
        """
        path = Path(path)
        own = own_rules(path)
        made = replace(
            self,
            laws=_merged(self.laws, own.law, "id"),
            rules=_merged(self.rules, own.rule, "id"),
            availability=_merged(self.availability, own.availability, "law", "fields"),
            annual=_merged(self.annual, own.annual, "year"),
            sources={**self.sources, **own.source},
        )
        _refuse_overlaps(made, path)
        return made

    def source_of(self, key: str) -> tuple[str, str]:
        """A source in words, and its address.

        Parameters:
            key: the key of the source; or several, separated by commas. A text that is no key is itself.

        Returns: the titles and days of all, and the address of the first; empty where there is none.

        Raises: nothing.
        """
        names = key.split(", ")
        if not all(name in self._pages for name in names):
            return key, ""
        pages = [self._pages[name] for name in names]
        return pages[0] if len(pages) == 1 else (joined([words for words, _ in pages], "; "), pages[0][1])

    @cached_property
    def _pages(self) -> Mapping[str, tuple[str, str]]:
        return {key: (source.words, source.url) for key, source in self.sources.items()}


def rows_of_a_year_ago(rules: Rules, on: date) -> Sequence[Rule | LawRow]:
    """The rows that nobody has compared with their sources for a year.

    A row of a municipality's own was last compared on its day `seen_on`, or else on the day of its source. Those of the
    package were last compared together, on the day `compiled`: they are all here, or none is.
    """
    limit = months_after(on, -12)
    rows: tuple[Rule | LawRow, ...] = (*rules.laws, *rules.rules)
    return tuple(row for row in rows if (compared_on(row, rules) or date.max) < limit)


def compared_on(row: Rule | LawRow, rules: Rules) -> date | None:
    """The day on which somebody last compared a row with its source."""
    return (row.seen_on or row.source_date) if row.own else rules.compiled


def _merged(rows: Iterable[_Row], own: Iterable[_Row], *key: str) -> tuple[_Row, ...]:
    """The rows; one with the same key as an own row is replaced where it stands."""

    def keyed(one: _Row) -> tuple[Any, ...]:
        return tuple(getattr(one, name) for name in key)

    return tuple({**{keyed(one): one for one in rows}, **{keyed(one): one for one in own}}.values())


def _refuse_overlaps(rules: Rules, path: Path) -> None:
    """Raises ConfigurationError for two rows that say something of the same field, or people, on the same day."""
    for one, other in _pairs(rules.rules, lambda row: (row.field, row.law, row.when)):
        if (one.scheme == other.scheme or EVERY_SCHEME in (one.scheme, other.scheme)) and _share_a_day(one, other):
            raise _overlap(one, other, path)
    for law, another in _pairs(rules.laws, lambda row: row.people):
        if law.law is not another.law and Law.NOT_KNOWN not in (law.law, another.law) and _share_a_day(law, another):
            raise _overlap(law, another, path)


def _pairs(rows: Iterable[_Row], key: Callable[[_Row], object]) -> Iterator[tuple[_Row, _Row]]:
    """All pairs of rows with the same key."""
    groups: dict[object, list[_Row]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return chain.from_iterable(combinations(group, 2) for group in groups.values())


def _share_a_day(one: Rule | LawRow, other: Rule | LawRow) -> bool:
    first = max(one.from_ or date.min, other.from_ or date.min)
    return one.in_force(first) and other.in_force(first)


def _overlap(one: Rule | LawRow, other: Rule | LawRow, path: Path) -> ConfigurationError:
    first, second = sorted((one.id, other.id))
    return ConfigurationError(
        Sentence(
            "{path}: the rows {first} and {second} are about the same, and some days are in both. End one of them with "
            "“until”, begin the other with “from”, or give your row the id of the row that it replaces.",
            path=scrub_path(path),
            first=first,
            second=second,
        )
    )


@cache
def _shipped() -> Rules:
    return Rules.of(read_toml(SHIPPED))
