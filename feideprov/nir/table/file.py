"""A file of rules: read, and checked row by row. Errors name the file, the row and the key, and quote nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self, TypeVar

from pydantic import BeforeValidator, Field, ValidationError, model_validator

from feideprov.errors import ConfigurationError, scrub_path
from feideprov.messages import NOTHING, Sentence, joined, listed
from feideprov.nir.model import Scheme
from feideprov.nir.table.rows import (
    AnnualRow,
    Availability,
    ChannelRow,
    Completion,
    Day,
    Extended,
    LawRow,
    Length,
    OwnLawRow,
    Row,
    Rule,
    SchemeRow,
    Source,
    is_id,
)
from feideprov.settings.errors import describe_validation, key_at
from feideprov.settings.toml import damaged_values, read_toml, values_with_nul, values_with_number

_SET_BY_THE_LOADER: Final = ("own", "from_")
_IDS: Final = {"rule": "id", "law": "id", "channel": "id", "annual": "year"}
_Row = TypeVar("_Row", LawRow, Rule, OwnLawRow)
_Model = TypeVar("_Model", bound=Row)


def _written(rows: Any) -> Any:
    """Rows as a file has them."""
    if not isinstance(rows, list | tuple) or not all(isinstance(row, Mapping) for row in rows):
        raise ValueError(Sentence("write each row under a heading of its own, in two pairs of square brackets"))
    for place, row in enumerate(rows, 1):
        for key in _SET_BY_THE_LOADER:
            if key in row:
                raise ValueError(Sentence("row {row} has the key {key}, which is not known", row=place, key=key))
    return rows


_ROWS: Final = BeforeValidator(_written)
_Rules = Annotated[tuple[Rule, ...], _ROWS]
_Availabilities = Annotated[tuple[Availability, ...], _ROWS]
_Years = Annotated[tuple[AnnualRow, ...], _ROWS]


class _Table(Row):
    @model_validator(mode="after")
    def _ids_differ(self) -> Self:
        for name, key in _IDS.items():
            counted = Counter(getattr(row, key) for row in getattr(self, name, ()))
            if twice := sorted(one for one, times in counted.items() if times > 1):
                raise ValueError(
                    Sentence(
                        "two rows of [[{section}]] have the same {key}, {value}",
                        section=name,
                        key=key,
                        value=twice[0],
                    )
                )
        return self


class RuleTable(_Table):
    """The table of the package."""

    schema_: Literal[1] = Field(alias="schema")
    compiled: Day
    scope_from: Day
    deadline_default: Length
    scheme: Mapping[Scheme, SchemeRow]
    law: Annotated[tuple[LawRow, ...], _ROWS]
    rule: _Rules
    channel: Annotated[tuple[ChannelRow, ...], _ROWS]
    availability: _Availabilities
    annual: _Years
    completion: Annotated[tuple[Completion, ...], _ROWS]
    extended: Extended
    source: Mapping[str, Source]

    @model_validator(mode="after")
    def _sources_are_known(self) -> Self:
        for name in ("law", "rule", "channel", "availability", "annual", "completion"):
            for place, row in enumerate(getattr(self, name), 1):
                self._require_source(row.source, f"{name}[{place}]", getattr(row, "id", ""))
        for scheme, one in self.scheme.items():
            self._require_source(one.source, f"scheme.{scheme}")
        self._require_source(self.extended.source, "extended")
        return self

    def _require_source(self, source: str, place: str, row: str = "") -> None:
        if not set(source.split(", ")) <= set(self.source):
            named = Sentence(" ({row})", row=row) if row else NOTHING
            raise ValueError(
                Sentence("{place}.source{row}: there is no section [source] with this name", place=place, row=named)
            )


class OwnRules(_Table):
    """A municipality's own rows."""

    law: Annotated[tuple[OwnLawRow, ...], _ROWS] = ()
    rule: _Rules = ()
    availability: _Availabilities = ()
    annual: _Years = ()
    source: Mapping[str, Source] = Field(default_factory=dict)


def shipped_table(content: Mapping[str, Any], path: Path) -> RuleTable:
    """The table of the package, with this content. Raises ConfigurationError when it is wrong."""
    return _checked(RuleTable, content, path)


def own_rules(path: Path) -> OwnRules:
    """The rows of a municipality's own file. Raises ConfigurationError when it cannot be read, or is wrong."""
    missing = Sentence(
        "There is no file {path}, which [nir] rules names. Write it, or remove the key.", path=scrub_path(path)
    )
    content = read_toml(path, missing=missing)
    if others := set(content) - set(OwnRules.model_fields):
        raise ConfigurationError(
            Sentence(
                "{path}: your own rules can have [[rule]], [[law]], [[availability]], [[annual]] and [source.NAME]. "
                "Remove what else there is{others}.",
                path=scrub_path(path),
                others=Sentence(": {names}", names=listed(known))
                if (known := sorted(others & _OF_THE_PACKAGE))
                else "",
            )
        )
    read = _checked(OwnRules, content, path)
    return read.model_copy(update={"law": _own(read.law), "rule": _own(read.rule)})


_OF_THE_PACKAGE: Final = {field.alias or name for name, field in RuleTable.model_fields.items()}


def _own(rows: Iterable[_Row]) -> tuple[_Row, ...]:
    return tuple(row.model_copy(update={"own": True}) for row in rows)


def _checked(model: type[_Model], content: Mapping[str, Any], path: Path) -> _Model:
    for found, problem in (
        (damaged_values, Sentence("damaged letters. Write it again, and save the file as UTF-8")),
        (values_with_nul, Sentence("a NUL character. Remove it")),
        (values_with_number, Sentence("what may be an identity number. Remove it")),
    ):
        if place := next(found(content), None):
            raise ConfigurationError(
                Sentence(
                    "{path}: {key} has {problem}.",
                    path=scrub_path(path),
                    key=scrub_path(key_at(place)),
                    problem=problem,
                )
            )
    try:
        return model.model_validate(content)
    except ValidationError as error:
        problem = joined([describe_validation(error, model), *_rows_named(error, content)])
    raise ConfigurationError(Sentence("{path}: {problem}", path=scrub_path(path), problem=problem))


def _rows_named(error: ValidationError, content: Mapping[str, Any]) -> Iterator[Sentence]:
    """The id of each row with an error, because a place such as `rule[12]` is hard to find."""
    for place in dict.fromkeys(one["loc"][:2] for one in error.errors(include_url=False, include_input=False)):
        match place:
            case (str(section), int(index)):
                written = content[section][index].get("id")
                if isinstance(written, str) and is_id(written):
                    yield Sentence("{place} is the row {row}.", place=key_at(place), row=written)
            case _:
                pass
