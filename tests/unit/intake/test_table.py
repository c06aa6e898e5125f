"""Separators, line ends, row numbers, cells."""

from __future__ import annotations

import pytest

from feideprov.errors import InputError
from feideprov.intake import read_person_list
from feideprov.intake.columns import PERSON_LIST
from feideprov.tables.table import read_table

from .conftest import HEAD, OLENA, WRONG


def rows(path):
    return [(record.source_id, record.origin.row) for record in read_person_list(path).records]


def two(heading=HEAD):
    return f"{heading}\n{OLENA}\n{OLENA.replace('p1', 'p2')}\n"


@pytest.mark.parametrize("separator", [";", ",", "\t"], ids=["semicolon", "comma", "tab"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["unix", "windows", "old-mac"])
@pytest.mark.parametrize("quoted", [False, True], ids=["bare", "quoted"])
def test_separators_and_line_ends(write, separator, end, quoted):
    text = two()
    if quoted:
        text = "".join('"' + line.replace(";", '";"') + '"\n' for line in text.splitlines())
    assert rows(write(text.replace(";", separator).replace("\n", end))) == [("p1", 2), ("p2", 3)]


def test_the_separator_is_the_one_that_makes_known_headings(write):
    heading = '"Skole; navn, sted",Elev-ID,Fornavn,Skole,Rolle'
    assert rows(write(f"{heading}\n;;;,p1,Olena,hylla,elev\n")) == [("p1", 2)]


def test_excels_own_line_about_the_separator_is_no_row(write):
    assert rows(write("sep=;\r\n" + two())) == [("p1", 2), ("p2", 3)]
    assert rows(write('"sep=,"\n' + two().replace(";", ","))) == [("p1", 2), ("p2", 3)]


def test_rows_count_as_a_spreadsheet_does(write):
    text = f'{HEAD}\n{OLENA}\n\np3;"Olena\nMaria\r\nSofia";K;;hylla;elev\n;;;;;\np6;Ola;N;;hylla;elev\n\n;;\n \n'
    listed = read_person_list(write(text))
    assert [(r.source_id, r.origin.row) for r in listed.records] == [("p1", 2), ("p3", 4), ("p6", 6)]
    assert listed.records[1].given_name == "Olena Maria Sofia"
    assert {r.origin.file for r in listed.records} == {"people.csv"}
    assert listed.refusals == ()


def test_blank_lines_before_the_heading_are_counted(write):
    assert rows(write("\n;;\n" + two())) == [("p1", 4), ("p2", 5)]


def test_a_heading_alone_is_an_empty_list(write):
    listed = read_person_list(write(HEAD))
    assert (listed.records, listed.refusals) == ((), ())


def test_a_row_with_more_cells_than_headings_is_refused(write):
    listed = read_person_list(write(f"{HEAD};;\n{OLENA};;;\n{OLENA};x\n{OLENA}\n"))
    assert [r.origin.row for r in listed.records] == [2, 4]
    assert [(r.code, r.origin.row) for r in listed.refusals] == [("R-COLUMNS", 3)]


def test_a_row_with_fewer_cells_is_empty_at_the_end(write):
    listed = read_person_list(write("id;fornavn;skole;rolle;mobil;e-post\np1;Ola;hylla;elev\n"))
    assert listed.records[0].mail == ""


def test_a_row_that_swallowed_others_is_refused(write):
    text = f'{HEAD}\np1;"Olena;K;;hylla;elev\np2;Ola";N;;hylla;elev\n{OLENA}\n'
    listed = read_person_list(write(text))
    assert [(r.code, r.origin.row) for r in listed.refusals] == [("R-COLUMNS", 2)]
    assert [r.origin.row for r in listed.records] == [3]


@pytest.mark.parametrize(
    ("line", "row"),
    [('p2;"Ola;N;;hylla;elev', 3), ('p2;"Ola"x;N;;hylla;elev', 3), ("p2;" + "x" * 140_000, 3)],
    ids=["never-closed", "text-behind", "too-long"],
)
def test_quotation_marks_that_do_not_match_stop_the_file(write, line, row):
    with pytest.raises(InputError, match=f"row {row} ") as caught:
        read_person_list(write(f"{HEAD}\n{OLENA}\n{line}\n{OLENA}\n"))
    assert caught.value.__context__ is None


def test_quotation_marks_that_do_not_match_in_the_heading(write):
    with pytest.raises(InputError, match="row 1 has a quotation mark too few or too many"):
        read_person_list(write(f'"{HEAD}\n{OLENA}\n'))


def test_quotation_marks_inside_a_bare_cell_are_letters(write):
    assert read_person_list(write(f'{HEAD}\np1;Olena "Lena";K;;hylla;elev\n')).records[0].given_name == 'Olena "Lena"'


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('="0123"', "0123"),
        ('"=""0123"""', "0123"),
        ("'0123", "0123"),
        ("'p-7", "p-7"),
        ("  p \N{NO-BREAK SPACE} 7 ", "p 7"),
        ("\ufeffp7\u200b", "p7"),
    ],
    ids=["formula", "quoted-formula", "apostrophe", "apostrophe-text", "spaces", "invisible"],
)
def test_what_spreadsheets_put_around_a_cell_goes(write, cell, value):
    assert read_person_list(write(f"{HEAD}\n{cell};Ola;N;;hylla;elev\n")).records[0].source_id == value


def test_an_apostrophe_in_front_of_a_name_stays(write):
    assert read_person_list(write(f"{HEAD}\np1;'Abd;'t Hooft;;hylla;elev\n")).records[0].full_name == "'Abd 't Hooft"


def test_a_row_shows_no_cell(write):
    table = read_table(write(f"{HEAD};fnr\n{OLENA};{WRONG}\n"), PERSON_LIST, mapped={})
    assert table.rows[0]["national_number"] == WRONG
    assert WRONG not in repr(table)
