"""Which column is which."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import re

import pytest

import feideprov.intake
import feideprov.tables
from feideprov.errors import ConfigurationError, InputError
from feideprov.intake import read_number_list, read_person_list
from feideprov.intake.columns import KNOWN_NAMES, NUMBER_LIST, PERSON_LIST
from feideprov.tables.columns import heading_key
from feideprov.tables.heading import quoted

from .conftest import HEAD, OLENA, TENOR, WRONG

PACKAGES = (feideprov.intake, feideprov.tables)
MODULES = [m.name for p in PACKAGES for m in pkgutil.iter_modules(p.__path__, f"{p.__name__}.")]
BOKMAAL = (
    "Elev-ID;Fornavn;Etternavn;Juridisk navn;Fødselsdato;Skole;Rolle;Trinn;Grupper;Mobil;E-post;Språk;Fnr;DUF;Skjermet"
)
NYNORSK = (
    "Kjelde-ID;Førenamn;Etternamn;Juridisk namn;Fødd;Skule;Rolle;Klassesteg;Gruppe;Mobilnummer;Epost;Målform;"
    "Fødselsnummer / D-nummer;DUF-nr;Verna"
)
ROW = f"p1;Olena;Kovalenko;Olena K;14.3.2009;hylla;elev;9;b:9a:9A;+4712345678;o@x.no;uk;{TENOR};;nei"


@pytest.mark.parametrize("module", MODULES)
def test_the_examples_are_true(module):
    assert doctest.testmod(importlib.import_module(module)).failed == 0


@pytest.mark.parametrize("layout", [PERSON_LIST, NUMBER_LIST], ids=["people", "numbers"])
def test_no_heading_means_two_columns(layout):
    keys = [key for c in layout.columns for key in {heading_key(h) for h in (c.name, *c.headings)}]
    assert len(keys) == len(set(keys))


def test_the_columns_of_the_design():
    assert " ".join(c.name for c in PERSON_LIST.columns) == (
        "source_id given_name family_name legal_name nickname birth_date school role grade groups mobile mail "
        "language national_number duf_number protected"
    )
    assert {"user", "old_number", "evidence", "seen_by", "seen_on"} < set(KNOWN_NAMES)


@pytest.mark.parametrize("heading", [BOKMAAL, NYNORSK], ids=["bokmål", "nynorsk"])
@pytest.mark.parametrize("change", [str, str.upper, lambda h: h.replace("-", " _ ")], ids=["as-is", "upper", "spaces"])
def test_norwegian_headings(write, heading, change):
    listed = read_person_list(write(f"{change(heading)}\n{ROW}\n"))
    (record,) = listed.records
    assert (record.source_id, record.full_name, record.mail) == ("p1", "Olena Kovalenko", "o@x.no")
    assert record.national_number.reveal() == TENOR
    assert listed.ignored_columns == ()


def test_a_heading_in_two_unicode_forms(write):
    assert (
        read_person_list(write("id;fornavn;skole;rolle;spra\N{COMBINING RING ABOVE}k\n1;A;h;elev;uk"))
        .records[0]
        .language
        == "uk"
    )


def test_unknown_columns_are_reported_not_read(write):
    listed = read_person_list(write(f"{HEAD};Karakter;;Merknad {WRONG}\n{OLENA};{WRONG};;x\n"))
    assert len(listed.records) == 1
    assert listed.ignored_columns == ("Karakter", "Merknad …")


@pytest.mark.parametrize(
    ("heading", "missing"),
    [
        ("fornavn;skole;rolle", ["source_id (known headings:"]),
        ("id;skole;rolle", ["given_name (known headings:", "or family_name (known headings:"]),
        ("id;etternavn;rolle", ["school (known headings:"]),
        ("id;etternavn;skole", ["role (known headings: “rolle”)"]),
        ("id", ["given_name", "school", "role"]),
    ],
    ids=["id", "name", "school", "role", "three"],
)
def test_missing_columns_are_named(write, heading, missing):
    with pytest.raises(InputError) as caught:
        read_person_list(write(f"{heading}\n1;2;3\n"))
    assert all(words in str(caught.value) for words in missing)


@pytest.mark.parametrize("heading", ["user", "national_number"], ids=str)
def test_missing_columns_of_a_number_list(write, heading):
    with pytest.raises(InputError, match="lacks a column that every number list must have"):
        read_number_list(write(f"{heading}\nx\n"))


def test_a_file_without_a_heading_is_not_quoted(write):
    with pytest.raises(InputError, match="no known headings") as caught:
        read_person_list(write(f"{OLENA};{WRONG}\n"))
    assert "Olena" not in str(caught.value)


def test_the_same_column_twice(write):
    with pytest.raises(InputError, match=r"“Fornavn” \(column 2\) and “given name” \(column 4\) both mean given_name"):
        read_person_list(write("id;Fornavn;skole;given name;rolle\n"))


def test_the_configuration_maps_own_headings(write):
    path = write("Nr;Fornavn (pass);Fornavn;Skole;Rolle\np1;Olena;Lena;hylla;elev\n")
    listed = read_person_list(path, columns={"source_id": "nr", "given_name": "fornavn (pass)", "mail": "not here"})
    assert [(r.source_id, r.given_name) for r in listed.records] == [("p1", "Olena")]
    assert listed.ignored_columns == ("Fornavn",)


def test_a_mapped_heading_counts_for_its_column_only(write):
    path = write("ID;Bruker;fornavn;skole;rolle\np1;p2;Olena;hylla;elev\n")
    assert read_person_list(path, columns={"source_id": "Bruker"}).records[0].source_id == "p2"
    path = write("Dato;ID;Fnr\n1.2.2009;p1;x\n")
    row = read_number_list(path, columns={"birth_date": "Dato"}).rows[0]
    assert row.birth_date is not None


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"given_nam": "x"}, "Did you mean given_name"),
        ({"zzz": "x"}, "Known columns: source_id"),
        ({WRONG: "x"}, "“…” is not a column"),
        ({"mail": " - "}, "empty heading"),
        ({"mail": "E-post", "mobile": "e post"}, "mail and mobile have the same heading"),
    ],
    ids=["near", "far", "number", "empty", "twice"],
)
def test_a_mapping_that_cannot_be_used(write, columns, words):
    with pytest.raises(ConfigurationError, match=words):
        read_person_list(write(f"{HEAD}\n{OLENA}\n"), columns=columns)


def test_headings_are_quoted_short_on_one_line_without_numbers():
    assert quoted("a\n b") == "a b"
    assert len(quoted("x" * 99)) == 40
    for text in (WRONG, "x" * 37 + WRONG, f"{WRONG[:6]}–{WRONG[6:]}", f"{WRONG[:4]}/{WRONG[4:8]}/{WRONG[8:]}"):
        assert re.search(r"\d", quoted(text)) is None
