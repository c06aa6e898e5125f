"""The refugees of the demo in the introduction register: arrival, number, programme, Norwegian, an ending, the year."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from feideprov.cli.app import run
from feideprov.client.client import Client
from feideprov.nir.register.content import Seen
from feideprov.nir.report.worklist import Line
from feideprov.settings import Settings

DAY = date(2027, 1, 15)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder of the demo, and what it said."""
    import contextlib
    import io

    folder = tmp_path_factory.mktemp("demo") / "story"
    with contextlib.redirect_stdout(io.StringIO()) as out:
        assert run(["demo", "--dir", str(folder)]) == 0
    return folder, out.getvalue()


def lines(folder: Path, on: date) -> list[Line]:
    with Client(Settings.load(folder / "feideprov.toml"), on=on) as feide:
        return list(feide.nir.worklist().lines)


def shown(found: list[Line]) -> set[tuple[str, str, tuple[str, ...], date | None]]:
    return {(line.item.person, line.kind, line.fields, line.due) for line in found}


def test_the_demo_shows_the_worklist_in_five_lines(told: tuple[Path, str]) -> None:
    chapter = told[1].partition("7. On 2027-01-15")[2]
    worklist = [line.strip() for line in chapter.splitlines() if line.startswith("     ")]
    assert [re.split(r": (?=ref-)", line)[0] for line in worklist] == [
        "should have been registered already",
        "must be registered soon",
        "must not be registered",
        "the sources do not say which law applies",
        "has a new number: check that NIR shows it",
    ]
    assert "ref-05" in worklist[0]
    assert "The yearly close of 2026 is on 2027-02-28, which is computed." in chapter


def test_months_go_and_each_line_has_its_day(told: tuple[Path, str]) -> None:
    folder, _ = told
    first = shown(lines(folder, DAY))
    assert ("ref-04", "missing", ("tiltak",), date(2027, 2, 1)) in first
    assert ("ref-10", "missing", ("omfang",), date(2027, 2, 2)) in first
    assert ("ref-06", "forbidden", ("utdanningsbakgrunn",), None) in first
    assert ("ref-01", "not_known", (), date(2027, 3, 4)) in first  # the decision was seen: from its start
    assert shown(lines(folder, date(2027, 3, 1))) == first  # days do not move
    late = [line for line in lines(folder, date(2027, 2, 2)) if line.overdue(date(2027, 2, 2))]
    assert {line.item.person for line in late} == {"ref-04"}


def test_the_yearly_close_ends_with_its_last_day(told: tuple[Path, str]) -> None:
    settings = Settings.load(told[0] / "feideprov.toml")
    for day, years in ((date(2027, 2, 28), [2026]), (date(2027, 3, 1), [])):
        with Client(settings, on=day) as feide:
            assert [end.year for end in feide.nir.worklist().year_ends] == years


def test_what_somebody_saw_closes_the_lines_of_one_person(told: tuple[Path, str]) -> None:
    folder, _ = told
    with Client(Settings.load(folder / "feideprov.toml"), on=DAY, actor="Kari") as feide:
        before = feide.nir.worklist().lines
        mine = {(line.item.scheme, line.fields) for line in before if line.item.person == "ref-10"}
        seen = [Seen("ref-10", DAY, "Kari", scheme, fields) for scheme, fields in mine]
        assert feide.nir.seen(seen).refusals == ()
        after = feide.nir.worklist().lines
    assert shown(list(before)) - shown(list(after)) == {one for one in shown(list(before)) if one[0] == "ref-10"}


def test_no_number_and_no_name_is_in_the_folder_of_nir(told: tuple[Path, str]) -> None:
    folder, _ = told
    numbers = re.findall(r"\d{11,12}", (folder / "numbers.csv").read_text(encoding="utf-8-sig"))
    files = [path for path in (folder / "nir").rglob("*") if path.is_file()]
    assert {path.name for path in files} >= {"nir.json", "nir.key"}
    for path in files:
        content = path.read_bytes()
        assert not any(number.encode() in content for number in numbers)
        assert "Коваленко".encode() not in content
        assert path.stat().st_mode & 0o077 == 0
