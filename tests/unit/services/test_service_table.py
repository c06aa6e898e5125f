"""Tables of services that a person typed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from feideprov import InputError
from feideprov.services.register.service import Audience, FactSource, Provider, Way
from feideprov.services.sources import read_services
from feideprov.services.sources.table import SERVICE_LIST
from feideprov.tables.columns import heading_key
from feideprov.testing import example_settings
from feideprov.wiring import organization_of
from tests.unit.services.conftest import ON, service
from tests.unit.services.saved import save_in

NUMBER = "57912075186"


@pytest.fixture
def read(tmp_path):
    organization = organization_of(example_settings(tmp_path))
    save = save_in(tmp_path)

    def _read(content, *known, name="tjenester.csv"):
        return read_services(
            save(name, content), organization=organization, on=ON, known={one.id: one for one in known}
        )

    return _read


ALL = (
    "id;name;provider;mail;gets_number;activated;schools;roles;reason\n"
    "feide:1;Lexin;Språk AS;hjelp@x.no | drift@x.no;yes;yes;hylla;elev|lærer;resultater fra prøver\n"
)


def test_every_column_is_read(read):
    listed = read(ALL)
    [found] = listed.services
    assert (listed.kind, listed.complete, listed.refusals) == ("csv", False, ())
    assert (found.id, found.names, found.provider) == (
        "feide:1",
        {"": "Lexin"},
        Provider(id="name:språk as", name="Språk AS"),
    )
    assert [one.mail for one in found.contacts] == ["hjelp@x.no", "drift@x.no"]
    assert (found.ways, found.activated, found.reason) == ((Way.STATED,), True, "resultater fra prøver")
    assert found.audience == Audience(schools=("hylla",), roles=("pupil", "teacher"))
    assert {one.source for one in found.said.values()} == {"table tjenester.csv"}


@pytest.mark.parametrize("heading", ["Tjeneste;Aktivert;E-post", "teneste,AKTIVERT,epost", "Navn\taktiv\tE-mail"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["unix", "windows"])
def test_tables_as_excel_saves_them(read, heading, encoding, end):
    separator = next(c for c in ";,\t" if c in heading)
    rows = (heading, separator.join(("Lær mer", "Ja", "hjelp@x.no")), separator * 2)
    listed = read(end.join(rows).encode(encoding))
    [found] = listed.services
    assert (found.name(), found.activated, found.contacts[0].mail) == ("Lær mer", True, "hjelp@x.no")
    assert listed.notes == ()


def test_an_instruction_for_excel_is_no_row(read):
    assert len(read("sep=;\r\nid;activated\r\nfeide:1;nei\r\n").services) == 1


def test_an_empty_cell_says_nothing(read):
    [found] = read("id;activated;gets_number;mail;reason\nfeide:1;;;;\n").services
    assert found.said == {}


def test_digits_alone_are_feides_own_id(read):
    assert [one.id for one in read("id;activated\n4711;ja\nsaml:https://x.no/sp;nei\n").services] == [
        "feide:4711",
        "saml:https://x.no/sp",
    ]


def test_a_name_means_the_one_service_that_has_it(read):
    known = service("feide:4711", names={"nb": "Lærer i  ord", "en": "Words"})
    for name in ("lærer I ord", "WORDS"):
        [found] = read(f"tjeneste;aktivert\n{name};ja\n", known).services
        assert (found.id, found.provider) == ("feide:4711", known.provider)
        assert set(found.said) == {"activated"}


def test_a_name_that_is_not_known_is_a_service_of_the_tables_own(read):
    [found] = read("tjeneste;aktivert;fødselsnummer\nLexin  pluss;ja;ja\n").services
    assert (found.id, found.name(), found.ways) == ("name:lexin pluss", "Lexin pluss", (Way.STATED,))


def test_a_name_that_two_have_is_told_apart_by_the_provider(read):
    one = service("feide:1", names={"nb": "Ord"}, provider=Provider(id="1", name="En AS"))
    two = service("feide:2", names={"nb": "Ord"}, provider=Provider(id="2", name="To AS"))
    assert read("tjeneste;aktivert;leverandør\nOrd;ja;to as\n", one, two).services[0].id == "feide:2"
    listed = read("tjeneste;aktivert\nOrd;ja\n", one, two)
    assert (listed.services, [refusal.code for refusal in listed.refusals]) == ((), ["S-SERVICE"])


def test_what_another_source_tells_of_itself_is_not_overruled(read):
    said = dict.fromkeys(("names", "provider", "ways"), FactSource(source="Feide API", on=ON))
    known = service("feide:1", said=said)
    [found] = read("id;name;provider;gets_number;activated\nfeide:1;Annet;Annen;nei;nei\n", known).services
    assert set(found.said) == {"activated"}
    assert found.provider == known.provider


def test_a_table_may_correct_what_a_table_said(read):
    known = service("a", ways=(), said={"ways": FactSource(source="table before.csv", on=ON)})
    assert read("id;gets_number;activated\na;ja;ja\n", known).services[0].ways == (Way.STATED,)


WRONG = {
    "neither yes nor no": ("feide:1;Ord;;kanskje;;", "S-CELL", "activated (“Aktivert”): write yes or no (ja, nei)."),
    "no address": ("feide:1;Ord;x;ja;;", "S-CELL", "mail (“E-post”): this is not a mail address."),
    "a header behind an address": ('feide:1;Ord;"a@b.no\nBcc: c@d.no";ja;;', "S-CELL", "mail (“E-post”): this is no"),
    "no school": ("feide:1;Ord;;ja;Ukjent;", "S-CELL", "schools (“Skoler”): this is not a school"),
    "no role": ("feide:1;Ord;;ja;;rektor", "S-CELL", "roles (“Rolle”): this is not a role."),
    "no name and no id": (";;;ja;;", "S-SERVICE", "name (“Tjeneste”): the service is missing"),
    "a number as id": (f"{NUMBER};Ord;;ja;;", "S-NUMBER-MISPLACED", "id: this looks like an identity number"),
    "a number as name": (f"feide:1;{NUMBER};;ja;;", "S-NUMBER-MISPLACED", "name (“Tjeneste”): this looks like"),
    "a number in an address": (f"feide:1;Ord;{NUMBER}@x.no;ja;;", "S-NUMBER-MISPLACED", "mail (“E-post”): this looks"),
    "a long name": (f"feide:1;{'x' * 501};;ja;;", "S-CELL", "name (“Tjeneste”): this is longer than 500"),
    "shifted": ("feide:1;Ord;;ja;;;;x", "R-COLUMNS", "The row has more cells"),
}


@pytest.mark.parametrize(("row", "code", "words"), WRONG.values(), ids=WRONG)
def test_a_wrong_row_is_refused_and_the_others_go_on(read, row, code, words):
    listed = read(f"id;Tjeneste;E-post;Aktivert;Skoler;Rolle\n{row}\nfeide:9;Annet;;ja;;\n")
    [refusal] = listed.refusals
    assert [one.id for one in listed.services] == ["feide:9"]
    assert (refusal.code, refusal.origin.row) == (code, 2)
    assert words in refusal.sentence
    assert NUMBER not in refusal.sentence


def test_a_service_twice_is_refused_the_second_time(read):
    listed = read("id;activated\n4711;ja\nfeide:4711;nei\n")
    assert [one.activated for one in listed.services] == [True]
    assert [(one.code, one.origin.row) for one in listed.refusals] == [("S-SERVICE", 3)]


def test_columns_that_are_not_known_are_told(read):
    assert read("id;activated;Farge\na;ja;blå\n").notes == ("These columns were not read: Farge.",)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (
            "id;name\nfeide:1;x\n",
            "lacks a column that every table of services must have: activated (known headings: “aktivert”",
        ),
        ("aktivert\nja\n", "every table of services must have: id (known headings: “service id”"),
        ("x;y\n1;2\n", "no known headings. Write these headings there: id or name, activated."),
        (b"PK\x03\x04xl/workbook.bin", "is a binary spreadsheet (XLSB)"),
        ("<!DOCTYPE html><html></html>", "is a web page (HTML)"),
        ("", "is empty"),
    ],
    ids=["no activated", "no service", "no heading", "xlsb", "html", "empty"],
)
def test_what_is_no_table_is_refused(read, content, words):
    with pytest.raises(InputError) as caught:
        read(content)
    assert words in str(caught.value)
    assert "[columns]" not in str(caught.value)  # that is for lists of people


def test_no_heading_means_two_columns():
    keys = [key for c in SERVICE_LIST.columns for key in {heading_key(h) for h in (c.name, *c.headings)}]
    assert len(keys) == len(set(keys))


PAGE = (Path(__file__).parents[3] / "docs" / "files.md").read_text(encoding="utf-8")
PART = PAGE.partition("## Table of services\n")[2].partition("\n## ")[0]


def test_the_page_tells_every_column_with_every_heading():
    told = re.findall(r"^\| `(\w+)` \| (.*?) \|", PART, re.MULTILINE)
    assert told == [(column.name, ", ".join(column.headings)) for column in SERVICE_LIST.columns]


def test_the_example_of_the_page_is_read(read):
    listed = read("\n".join(re.findall(r"^    (.*)$", PART, re.MULTILINE)))
    assert (len(listed.services), listed.refusals, listed.notes) == (2, (), ())
