"""Laws of lists of participation records: what is written is read back, and no message quotes a cell."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from size import size

from feideprov.errors import InputError
from feideprov.nir import Fravaer, Fritak, Klage, Permisjon, Rules, Scheme, Setting, Tiltak, Vedtak, VedtakKind
from feideprov.nir.lists.columns import fields_of, layout_of
from feideprov.nir.lists.field_kinds import FACTS, FieldKind, field_row
from feideprov.nir.lists.participation import Participation, read_participation

ON: Final = date(2026, 11, 23)
RULES: Final = Rules.shipped()
COLUMNS: Final = [column.name for column in layout_of(RULES).columns]
WORDS: Final = ("kurs", "arbeid på deltid", "avtalt")
FIELDS: Final = [field for field in fields_of(RULES) if field not in FACTS and field != "vedtak"]
CODES: Final = {field: {word.upper(): word for word in WORDS} for field in FIELDS}
few = settings(
    max_examples=size(25, 500),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

days = st.dates(date(2019, 1, 1), ON)
words = st.sampled_from(WORDS)
spans = st.tuples(days, st.none() | st.dates(ON, date(2030, 1, 1)))


def _days(first: date, last: date | None) -> str:
    return first.isoformat() if last is None else f"{first}/{last.day}.{last.month}.{last.year}"


def _with(word: str | None, text: str) -> str:
    return text if word is None else f"{word.upper()} {text}"


def _of_time(make: Callable[..., Any], *, word: bool) -> st.SearchStrategy[tuple[str, Any]]:
    """The cell of a time, and what it says."""

    def both(span: tuple[date, date | None], kind: str | None) -> tuple[str, Any]:
        return _with(kind, _days(*span)), make(kind, {"from": span[0], "until": span[1]})

    return st.builds(both, spans, st.none() | words if word else st.none())


def _of_day(make: Callable[[str | None, date], Any]) -> st.SearchStrategy[tuple[str, Any]]:
    return st.builds(lambda day, word: (_with(word, day.isoformat()), make(word, day)), days, st.none() | words)


def _decision(day: date, span: tuple[date, date | None] | None) -> tuple[str, Any]:
    start, end = span or (None, None)
    said = Vedtak(kind=VedtakKind.EXTENDED, date=day, start=start, end=end)
    return f"{day} {_days(*span)}" if span else day.isoformat(), said


CELLS: Final[Mapping[FieldKind, st.SearchStrategy[tuple[str, Any]]]] = {
    FieldKind.DAY: days.map(lambda day: (day.isoformat(), day)),
    FieldKind.YES_NO: st.sampled_from([("ja", True), ("nei", False), ("Yes", True), ("0", False)]),
    FieldKind.HOURS: st.decimals(0, 9_999, places=2).map(lambda hours: (str(hours).replace(".", ","), Decimal(hours))),
    FieldKind.CODE: words.map(lambda word: (word.upper(), word)),
    FieldKind.WORDS: words.map(lambda word: (word, word)),
    FieldKind.MEASURES: _of_time(lambda word, of: Tiltak.model_validate({"kind": word or "", **of}), word=True),
    FieldKind.LEAVE: _of_time(lambda word, of: Permisjon.model_validate({"kind": word, **of}), word=True),
    FieldKind.ABSENCE: _of_time(lambda _word, of: Fravaer.model_validate(of), word=False),
    FieldKind.EXEMPTION: _of_day(lambda word, day: Fritak(rettsgrunnlag=word, date=day)),
    FieldKind.COMPLAINT: _of_day(lambda word, day: Klage(outcome=word, date=day)),
    FieldKind.DECISIONS: st.builds(_decision, days, st.none() | spans),
}


@st.composite
def rows(draw: st.DrawFn) -> tuple[dict[str, str], dict[str, Any]]:
    """The cells of a row by column, and what each field must hold: its content, since when, and when it was seen."""
    cells: dict[str, str] = {}
    expected: dict[str, Any] = {}
    for field in draw(st.lists(st.sampled_from(FIELDS), unique=True, max_size=8)):
        kind = field_row(field).kind
        parts = draw(
            st.lists(CELLS[kind], min_size=1, max_size=3 if kind.has_days else 1, unique_by=lambda one: one[0])
        )
        cells[field] = " | ".join(text for text, _ in parts)
        seen, since = draw(st.none() | days), draw(st.none() | days)
        cells |= {f"{field}_in_nir": str(seen or ""), f"{field}_since": str(since or "")}
        expected[field] = (parts[0][1] if len(parts) == 1 else tuple(one for _, one in parts), seen, since)
    return cells, expected


def read(path: Path, cells: list[Mapping[str, str]]) -> Participation:
    with path.open("w", encoding="utf-8", newline="") as file:
        written = csv.DictWriter(file, ["key", *(name for name in COLUMNS if name != "key")], delimiter=";")
        written.writeheader()
        for number, row in enumerate(cells):
            written.writerow({"key": f"a-{number}", "scheme": "mottak_opplaering"} | row)
    return read_participation(path, Setting(codes=CODES), RULES, ON, columns={}, test=True)


@few
@given(st.lists(rows(), min_size=1, max_size=4))
def test_what_is_written_is_read_back(tmp_path: Path, written: list[tuple[dict[str, str], dict[str, Any]]]) -> None:
    found = read(tmp_path / "list.csv", [cells for cells, _ in written])
    assert found.refusals == ()
    assert [one.record.person.key for one in found.records] == [f"a-{number}" for number in range(len(written))]
    for listed, (_, expected) in zip(found.records, written, strict=True):
        values = listed.record.values
        assert {field: value.content for field, value in values.items()} == {f: one[0] for f, one in expected.items()}
        for field, (_content, seen, since) in expected.items():
            assert (values[field].seen_in_nir and values[field].seen_in_nir.on) == seen
            assert since is None or values[field].available_on == since
        assert listed.record.scheme is Scheme.MOTTAK_OPPLAERING


@few
@given(st.dictionaries(st.sampled_from([one for one in COLUMNS if one not in ("key", "scheme")]), st.text(max_size=30)))
def test_whatever_stands_in_a_cell_the_row_is_a_record_and_no_cell_is_quoted(
    tmp_path: Path, cells: dict[str, str]
) -> None:
    marked = {name: f"§§{text.replace('|', '')}§§" for name, text in cells.items()}
    with suppress(InputError):  # a file that is no list at all
        found = read(tmp_path / "list.csv", [marked])
        assert len(found.records) + sum(not one.held for one in found.refusals) >= 1
        assert not any("§§" in one.sentence for one in found.refusals)


@pytest.mark.parametrize("scheme", list(Scheme))
def test_the_order_of_rows_changes_no_record(tmp_path: Path, scheme: Scheme) -> None:
    lines = [f"a-{number};{scheme.value};2026-0{number + 1}-01" for number in range(4)]
    found = []
    for some in (lines, lines[::-1]):
        path = tmp_path / "list.csv"
        path.write_text("\n".join(("key;scheme;arrived", *some)), encoding="utf-8")
        listed = read_participation(path, Setting(), RULES, ON, columns={})
        found.append({one.record.person.key: one.record for one in listed.records})
    assert found[0] == found[1]
