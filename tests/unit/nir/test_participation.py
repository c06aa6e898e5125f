"""Lists of participation records: each cell says what it says, an empty one says nothing, and nothing is invented."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest

from feideprov.errors import ConfigurationError, InputError
from feideprov.nir import (
    Fravaer,
    Fritak,
    Given,
    Klage,
    NumberKind,
    Permisjon,
    Rules,
    Scheme,
    Setting,
    Tiltak,
    Vedtak,
    VedtakKind,
)
from feideprov.nir.lists.columns import layout_of
from feideprov.nir.lists.participation import Participation, read_participation
from feideprov.nir.register.content import Seen
from feideprov.numbers.checks import duf_check
from feideprov.tables.columns import heading_key

ON = date(2026, 11, 23)
FNR, DNR = "57912075186", "69822075096"  # of Tenor
DUF = f"2015993377{duf_check('2015993377')}"
CODES: Mapping[str, Mapping[str, str]] = {
    "avslutningsaarsak": {"Fikk  jobb": "arbeid"},
    "tiltak": {"Språk": "spraaktilbud_annet", "Praksis": "praksis"},
    "decision": {"innvilget": "tildeling"},
    "permit_basis": {"kollektiv beskyttelse": "34"},
    "fritak_proeve": {"b-vedtak": "bokstav b"},
    "klage": {"medhold": "medhold"},
    "fravaer": {"gyldig": "ja"},
}
QUARTER: Final = Permisjon.model_validate({"from": date(2026, 1, 1), "until": date(2026, 3, 31)})
LANGUAGE_OFFER: Final = Tiltak.model_validate({"kind": "spraaktilbud_annet", "from": date(2026, 1, 1)})
Read = Callable[..., Participation]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Reads a list of some columns: the rows of it, each with its cells."""

    def of(columns: str, *rows: str, own: Mapping[str, str] | None = None, **how: Any) -> Participation:
        path = tmp_path / "list.csv"
        path.write_text("\n".join((columns, *rows)) + "\n", encoding="utf-8")
        how.setdefault("scheme", Scheme.INTRODUKSJONSPROGRAM)
        rules = how.pop("rules", Rules.shipped())
        setting = Setting(codes=CODES)
        return read_participation(path, setting, rules, ON, columns=own or {}, test=True, by="Kari", **how)

    return of


def codes(found: Participation) -> list[tuple[str, bool]]:
    return [(one.code, one.held) for one in found.refusals]


def content(found: Participation, field: str) -> Any:
    [listed] = found.records
    return listed.record.values[field].content


def test_an_empty_cell_says_nothing(read: Read) -> None:
    columns = [column.name for column in layout_of(Rules.shipped()).columns if column.name != "scheme"]
    [listed] = read(";".join(columns), "a-1" + ";" * (len(columns) - 1)).records
    assert listed.record.model_dump(exclude_defaults=True) == {
        "person": {"key": "a-1"},
        "scheme": Scheme.INTRODUKSJONSPROGRAM,
    }


def test_no_two_columns_have_a_heading_in_common() -> None:
    meant: dict[str, set[str]] = {}
    for column in layout_of(Rules.shipped()).columns:
        for heading in (column.name, *column.headings):
            meant.setdefault(heading_key(heading), set()).add(column.name)
    assert {heading: names for heading, names in meant.items() if len(names) > 1} == {}


def test_the_columns_are_those_of_the_rules(read: Read) -> None:
    names = {column.name for column in layout_of(Rules.shipped()).columns}
    for rule in Rules.shipped().rules:
        field = rule.field.partition(".")[0]
        assert {field, f"{field}_in_nir", f"{field}_since"} <= names
        assert rule.when == "always" or rule.when in names
    assert not any("." in name for name in names)


def test_what_a_row_says_of_the_person(read: Read) -> None:
    found = read(
        "Nøkkel;Fødselsnummer eller D-nummer;DUF-nummer;Passnummer;Kilde for nummer;Nummer sett dato;"
        "Grunnlag for opphold;Oppholdstillatelse gitt;Ankomst;Bosatt;Søkt ut;Kommune i Folkeregisteret;"
        "Bosatt i NIR;Nummer i NIR",
        f"a-1;{DNR};{DUF};ua 12-34 56;asylsøkerbevis;2026-11-20;§ 34;1.2.2026;2026-01-05;2026-02-20;2026-02-10;301;"
        "2026-02-28;2026-11-21",
    )
    assert found.refusals == ()
    [listed] = found.records
    person = listed.record.person
    assert [(one.kind, one.source, one.seen_on) for one in person.numbers] == [
        (kind, "asylsøkerbevis", date(2026, 11, 20)) for kind in (NumberKind.DNR, NumberKind.DUF, NumberKind.PASS)
    ]
    assert [one.value.get_secret_value() for one in person.numbers] == [DNR, DUF, "UA123456"]
    assert person.permit is not None
    assert (person.permit.basis, person.permit.granted) == ("34", date(2026, 2, 1))
    assert (person.arrived, person.settled) == (date(2026, 1, 5), date(2026, 2, 20))
    assert (person.search_out, person.register_municipality) == (date(2026, 2, 10), "0301")
    assert found.seen == (
        Seen("a-1", date(2026, 2, 28), "Kari", fields=("settled",)),
        Seen("a-1", date(2026, 11, 21), "Kari", fields=("number",)),
    )


@pytest.mark.parametrize(
    ("field", "cell", "expected"),
    [
        ("tilbud_eller_krav_dato", "2026-02-01", date(2026, 2, 1)),
        ("utdanningsbakgrunn", "nei", False),
        ("livsmestring_gjennomfoert", "X", True),
        ("timer_norsk", "37,5", Decimal("37.5")),
        ("timer_norsk", "0", Decimal(0)),
        ("avslutningsaarsak", "fikk jobb", "arbeid"),
        ("avslutningsaarsak", "Arbeid", "arbeid"),
        ("morsmaal", "ukrainsk", "ukrainsk"),
        ("permisjon", "2026-01-01/2026-03-31", QUARTER),
        ("permisjon", "1.1.2026 - 31.3.2026", QUARTER),
        ("permisjon", "ja", Given()),
        ("fravaer", "gyldig 2026-01-01", Fravaer.model_validate({"from": date(2026, 1, 1), "allowed": True})),
        (
            "tiltak",
            "SPRÅK 2026-01-01/ | 2026-05-01/2027-05-01",
            (
                LANGUAGE_OFFER,
                Tiltak.model_validate({"kind": "", "from": date(2026, 5, 1), "until": date(2027, 5, 1)}),
            ),
        ),
        ("tiltak", "spraaktilbud_annet 2026-01-01", LANGUAGE_OFFER),
        ("fritak_proeve", "B-vedtak 2026-01-01", Fritak(rettsgrunnlag="bokstav b", date=date(2026, 1, 1))),
        ("klage", "medhold 2026-01-01", Klage(date=date(2026, 1, 1), outcome="medhold")),
        (
            "vedtak_utvidet_norskopplaering",
            "2026-01-01 2026-02-01/2026-07-31",
            Vedtak(kind=VedtakKind.EXTENDED, date=date(2026, 1, 1), start=date(2026, 2, 1), end=date(2026, 7, 31)),
        ),
        ("vedtak", "avslag 2026-01-01", Vedtak(kind=VedtakKind.REFUSAL, date=date(2026, 1, 1))),
    ],
)  # fmt: skip
def test_what_a_cell_of_a_field_says(read: Read, field: str, cell: str, expected: Any) -> None:
    found = read(f"key;{field}", f"a-1;{cell}")
    assert (found.refusals, content(found, field)) == ((), expected)


@pytest.mark.parametrize(
    ("field", "cell", "code"),
    [
        ("avslutningsaarsak", "flyttet til Ås", "R-NIR-CODE"),
        ("sluttmaal", "arbeid", "R-NIR-CODE"),
        ("norskmaal", "B1", "R-NIR-CODE"),
        ("tiltak", "kurs 2026-01-01", "R-NIR-CODE"),
        ("tiltak", "kurs", "R-NIR-CODE"),
        ("tiltak", "praksis", "R-NIR-CELL"),
        ("tiltak", "kurs 2026-01-01 | kurs 2026-02-01", "R-NIR-CODE"),
        ("vedtak", "avslag", "R-NIR-CELL"),
        ("vedtak", "kanskje", "R-NIR-CODE"),
        ("permisjon", "syk 2026-01-01", "R-NIR-CODE"),
        ("fritak_proeve", "syk 2026-01-01", "R-NIR-CODE"),
    ],
)
def test_a_word_that_is_not_mapped_is_asked_about_and_the_field_is_given(
    read: Read, field: str, cell: str, code: str
) -> None:
    found = read(f"key;Ankomst;{field}", f"a-1;2026-01-01;{cell}")
    [asked] = found.refusals
    assert (asked.code, asked.held, asked.origin and asked.origin.row) == (code, True, 2)
    assert field in asked.sentence
    assert cell.split()[0] not in asked.sentence.replace("tiltak", "")
    assert code != "R-NIR-CODE" or f"[nir.codes.{field}]" in asked.sentence
    assert content(found, field) == Given()
    assert found.records[0].record.person.arrived == date(2026, 1, 1)


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        ("utdanningsbakgrunn", "vet ikke", "R-NIR-CELL"),
        ("utdanningsbakgrunn", "2026-01-01", "R-NIR-CELL"),
        ("timer_norsk", "-1", "R-NIR-CELL"),
        ("timer_norsk", "1e9", "R-NIR-CELL"),
        ("timer_norsk", "NaN", "R-NIR-CELL"),
        ("timer_norsk", "mange", "R-NIR-CELL"),
        ("tilbud_eller_krav_dato", "2026-11-24", "R-DATE"),
        ("vedtak_in_nir", "2027-01-01", "R-DATE"),
        ("permisjon", "2026-03-01/2026-02-01", "R-NIR-ORDER"),
        ("permisjon", "uke 12", "R-NIR-CELL"),
        ("permisjon", "2026-01-01/2999-01-01", "R-DATE"),
        ("klage", "2026-01-01/2026-02-01", "R-NIR-CELL"),
        ("vedtak", "2026-01-01/2026-02-01", "R-NIR-CELL"),
        ("ended", "kanskje", "R-NIR-CELL"),
        ("ended", "31.02.2026", "R-DATE"),
        ("arrived", "2026-02-30", "R-DATE"),
        ("arrived", "#I/T", "R-NIR-CELL"),
        ("start", "9999-12-31", "R-DATE"),
        ("permit_date", "2026-11-24", "R-DATE"),
        ("permit_basis", "asyl", "R-NIR-CODE"),
        ("permit_basis", "28", "R-NIR-PERMIT"),
        ("register_municipality", "Skotthyll", "R-NIR-CELL"),
        ("decision", "kanskje", "R-NIR-CODE"),
        ("passport_number", "ukjent!", "R-NIR-CELL"),
    ],
)
def test_a_cell_that_cannot_be_read_is_a_question_and_counts_as_empty(
    read: Read, column: str, cell: str, code: str
) -> None:
    found = read(f"key;{column};morsmaal", f"a-1;{cell};ukrainsk")
    assert codes(found) == [(code, True)]
    assert cell not in found.refusals[0].sentence
    [listed] = found.records
    values = listed.record.values
    assert set(values) == {"morsmaal"} | ({"vedtak"} if column == "decision" else set())
    assert not listed.record.facts
    assert not listed.record.person.model_dump(exclude_defaults=True, exclude={"key"})


WRONG: Final = {
    "a wrong check digit": ("national_number", "12345678901", "N-CHECK", False),
    "a date that is none": ("national_number", "99999999999", "N-ALIKE", False),
    "letters": ("national_number", "ukjent nummer", "N-LETTERS", False),
    "a DUF number with a wrong check digit": ("duf_number", "200012345679", "N-DUF-CHECK", True),
    "a D-number as DUF number": ("duf_number", DNR, "R-NIR-NUMBER", False),
    "a DUF number as national number": ("national_number", DUF, "R-NIR-NUMBER", False),
    "a national number as passport number": ("passport_number", FNR, "R-NIR-NUMBER", False),
    "a DUF number as number of a centre": ("reception_number", DUF, "R-NIR-NUMBER", False),
    "a number in its source": ("number_source", f"brev {FNR}", "R-NUMBER-MISPLACED", False),
    "a number in a field": ("sluttmaal", FNR, "R-NUMBER-MISPLACED", False),
}


@pytest.mark.parametrize("wrong", list(WRONG))
def test_a_wrong_number_is_refused_and_the_row_is_a_record_without_it(read: Read, wrong: str) -> None:
    column, number, code, held = WRONG[wrong]
    found = read(f"key;{column};Ankomst", f"a-1;{number};2026-01-01")
    assert codes(found) == [(code, held)]
    [listed] = found.records
    assert (listed.record.person.numbers, listed.record.values) == ((), {})
    assert listed.record.person.arrived == date(2026, 1, 1)
    assert not any(number in text for text in (repr(found), *(one.sentence for one in found.refusals)))


def test_no_number_is_shown(read: Read) -> None:
    found = read("key;national_number;passport_number", f"a-1;{FNR};UA123456")
    assert len(found.records[0].record.person.numbers) == 2
    assert not any(number in repr(found) for number in (FNR, "UA123456"))
    assert not any(number in str(found.records[0].record.model_dump()) for number in (FNR, "UA123456"))


@pytest.mark.parametrize(
    "key", ["", FNR, f"{FNR[:6]} {FNR[6:]}", "000", "#N/A"], ids=["none", "a number", "in two parts", "zeros", "error"]
)
def test_a_row_without_a_key_is_refused(read: Read, key: str) -> None:
    found = read("key;Ankomst", f"{key};2026-01-01")
    assert (found.records, found.seen, codes(found)) == ((), (), [("R-SOURCE-ID", False)])
    assert FNR not in found.refusals[0].sentence


def test_a_prefix_of_the_source_is_taken_off(read: Read) -> None:
    found = read("key;Ankomst", "f:a-1;2026-01-01", "g:a-2;2026-01-01", sources=["f", ""])
    assert [one.record.person.key for one in found.records] == ["a-1", "g:a-2"]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ("2026-01-01;;", {"ended": date(2026, 1, 1)}),
        ("2027-01-01;;", {"ended": date(2027, 1, 1)}),
        ("2026-01-01;nei;", {}),
        ("2026-01-01;ja;", {"ended": date(2026, 1, 1)}),
        ("2027-01-01;ja;", {"ended": None}),
        ("2026-01-01;2026-02-02;", {"ended": date(2026, 2, 2)}),
        (";ja;2026-03-03", {"ended": None, "leave": date(2026, 3, 3)}),
        (";;no", {}),
    ],
)
def test_facts_have_a_day_or_none(read: Read, cells: str, expected: Mapping[str, date | None]) -> None:
    [listed] = read("key;end;ended;leave", f"a-1;{cells}").records
    assert listed.record.facts == expected


@pytest.mark.parametrize(
    ("cell", "answer", "facts"),
    [
        ("ja", True, {"fulltid_vgo": None}),
        ("nei", False, {}),
        ("2026-01-01", True, {"fulltid_vgo": date(2026, 1, 1)}),
    ],
)
def test_what_is_a_fact_and_a_field_has_one_column(
    read: Read, cell: str, answer: bool, facts: Mapping[str, date | None]
) -> None:
    [listed] = read("key;Fulltid videregående opplæring", f"a-1;{cell}").records
    assert (listed.record.values["fulltid_vgo"].content, listed.record.facts) == (answer, facts)


def test_the_columns_of_the_decision_are_one_decision(read: Read) -> None:
    columns = "key;decision;decision_date;start;end;vedtak;vedtak_in_nir"
    [listed] = read(columns, "a-1;Innvilget;2026-02-01;2026-03-01;2028-02-29;stans 2026-05-05;2026-02-20").records
    value = listed.record.values["vedtak"]
    grant = Vedtak(kind=VedtakKind.GRANT, date=date(2026, 2, 1), start=date(2026, 3, 1), end=date(2028, 2, 29))
    assert value.content == (grant, Vedtak(kind=VedtakKind.STOP, date=date(2026, 5, 5)))
    assert (value.available_on, listed.record.start) == (date(2026, 2, 1), date(2026, 3, 1))
    assert value.seen_in_nir is not None
    assert (value.seen_in_nir.on, value.seen_in_nir.by) == (date(2026, 2, 20), "Kari")


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ("ja;;2026-02-01", None),
        ("ja;2026-01-15;", date(2026, 1, 15)),
        (";2026-01-15;", date(2026, 1, 15)),
        (";;2026-02-01", None),
    ],
)
def test_nobody_invents_since_when_a_value_is_there(read: Read, cells: str, expected: date | None) -> None:
    columns = "key;livsmestring_gjennomfoert;livsmestring_gjennomfoert_since;livsmestring_gjennomfoert_in_nir"
    [listed] = read(columns, f"a-1;{cells}").records
    assert listed.record.values["livsmestring_gjennomfoert"].available_on == expected


def test_the_reason_of_ending_is_there_from_the_end_on(read: Read) -> None:
    [listed] = read("key;Sluttdato;Avslutningsårsak", "a-1;2026-06-30;fikk jobb").records
    assert listed.record.values["avslutningsaarsak"].available_on == date(2026, 6, 30)


@pytest.mark.parametrize(
    "name", ["norsk_og_samfunnskunnskap", "Norsk og samfunnskunnskap", "NORWEGIAN and social studies"]
)
def test_a_row_says_its_scheme(read: Read, name: str) -> None:
    [listed] = read("key;Ordning", f"a-1;{name}", scheme=None).records
    assert listed.record.scheme is Scheme.NORSK


def test_a_row_without_a_scheme_is_refused(read: Read) -> None:
    found = read("key;scheme", "a-1;", "a-2;norsk kurs", "a-3;mottak_opplaering", scheme=None)
    assert codes(found) == [("R-NIR-SCHEME", False)] * 2
    assert [one.record.person.key for one in found.records] == ["a-3"]
    with pytest.raises(InputError, match="--scheme"):
        read("key;Ankomst", "a-1;2026-01-01", scheme=None)


def test_two_rows_of_one_person_and_scheme(read: Read) -> None:
    found = read("key;morsmaal", "a-1;ukrainsk", "A-1;arabisk", "a-2;dari", "a-2;dari", "a-3;tigrinja")
    assert [one.record.person.key for one in found.records] == ["a-2", "a-3"]
    assert [(one.code, one.held, one.origin and one.origin.row) for one in found.refusals] == [
        ("R-NIR-TWICE", False, 2),
        ("R-NIR-TWICE", False, 3),
    ]


def test_all_rows_of_a_person_say_the_same_of_the_person(read: Read) -> None:
    found = read(
        "key;scheme;Ankomst;Bosatt;national_number",
        f"a-1;introduksjonsprogram;2026-01-01;2026-02-01;{FNR}",
        "a-1;norsk_og_samfunnskunnskap;2026-01-02;;",
        f"a-1;mottak_opplaering;;;{FNR}",
    )
    assert codes(found) == [("R-NIR-PERSON", True)] * 2
    assert all("arrived" in one.sentence for one in found.refusals)
    people = [one.record.person for one in found.records]
    assert [(one.arrived, one.settled, len(one.numbers)) for one in people] == [(None, date(2026, 2, 1), 1)] * 3


def test_days_in_the_wrong_order_are_asked_about(read: Read) -> None:
    found = read("key;arrived;settled;start;end", "a-1;2026-02-01;2026-01-01;2026-04-01;2026-03-01")
    assert codes(found) == [("R-NIR-ORDER", True)] * 2
    [listed] = found.records
    person = listed.record.person
    assert (person.arrived, person.settled, listed.record.start, listed.record.facts) == (None, None, None, {})


def test_own_headings(read: Read) -> None:
    own = {"key": "Klientnr", "arrived": "Kom", "sluttmaal_in_nir": "Mål ført"}
    found = read("Klientnr;Kom;Mål ført;Noe annet", "a-1;2026-01-01;2026-02-01;x", own=own)
    assert [str(heading) for heading in found.ignored_columns] == ["Noe annet"]
    [listed] = found.records
    assert (listed.record.person.arrived, set(listed.record.values)) == (date(2026, 1, 1), {"sluttmaal"})
    with pytest.raises(ConfigurationError, match=r"\[nir.columns\] “sluttmal” is not a column"):
        read("key", "a-1", own={"sluttmal": "x"})
    with pytest.raises(InputError, match=r"\[nir.columns\]"):
        read("Ankomst;Bosatt", "2026-01-01;")


def test_a_field_of_an_own_rule_takes_yes_no_or_words(read: Read) -> None:
    shipped = Rules.shipped()
    own = shipped.rules[0].model_copy(update={"id": "EGEN-1", "field": "kulturkurs"})
    rules = replace(shipped, rules=(*shipped.rules, own))
    assert content(read("key;kulturkurs", "a-1;ja", rules=rules), "kulturkurs") is True
    assert content(read("key;Kulturkurs", "a-1;på fredag", rules=rules), "kulturkurs") == "på fredag"


def test_without_a_basis_it_is_asked_which_law_applies(read: Read) -> None:
    found = read("key;permit_date", "a-1;2023-01-01", "a-2;2021-05-05")
    assert [(one.code, one.held, one.origin and one.origin.row) for one in found.refusals] == [
        ("R-NIR-PERMIT", True, 2)
    ]
    assert all(one.record.person.permit is not None for one in found.records)


@pytest.mark.parametrize(
    ("cell", "basis"),
    [
        *(("34", "34"), ("§ 34", "34"), ("utl. § 28 første ledd", "28"), ("§ 28 a", "28a"), ("28A", "28a")),
        ("Kollektiv  beskyttelse", "34"),
    ],
)
def test_the_basis_of_a_permit(read: Read, cell: str, basis: str) -> None:
    found = read("key;permit_date;permit_basis", f"a-1;2023-01-01;{cell}")
    permit = found.records[0].record.person.permit
    assert (found.refusals, permit and permit.basis) == ((), basis)


@pytest.mark.parametrize("cell", ["asyl", "§ 28 jf. § 34", "familie av § 34"])
def test_a_basis_that_is_not_known_leaves_the_permit_unknown(read: Read, cell: str) -> None:
    found = read("key;permit_date;permit_basis", f"a-1;2023-01-01;{cell}")
    assert codes(found) == [("R-NIR-CODE", True)]
    assert found.records[0].record.person.permit is None


@pytest.mark.parametrize("column", ["morsmaal", "number_source", "omfang", "permit_basis"])
@pytest.mark.parametrize("written", ["N1234567", "n 123-4567", "pass N1234567", "N1234567|2026-01-01"], ids=range(4))
def test_a_number_without_a_form_of_its_own_is_found_by_the_column_of_its_kind(
    read: Read, column: str, written: str
) -> None:
    found = read(f"key;passport_number;{column}", f"a-1;N1234567;{written}")
    assert ("R-NUMBER-MISPLACED", False) in codes(found)
    assert not [one for one in found.refusals if "1234567" in one.sentence]
    [one] = found.records
    assert column not in one.record.values
    assert [number.source for number in one.record.person.numbers] == [""]


@pytest.mark.parametrize("column", ["reception_number", "passport_number", "duf_number"])
def test_a_key_that_is_a_number_of_the_row_is_refused(read: Read, column: str) -> None:
    found = read(f"key;{column}", "2026-12345678;2026 12345678")
    assert "R-SOURCE-ID" in {code for code, _ in codes(found)}
    assert found.records == ()


def test_the_source_of_a_number_is_in_words(read: Read) -> None:
    assert codes(read("key;number_source", "a-1;N1234567")) == [("R-NIR-CELL", True)]
    found = read("key;passport_number;number_source", "a-1;N1234567;letter of 2026-01-31, page 2")
    assert codes(found) == []
    [one] = found.records
    assert one.record.person.numbers[0].source == "letter of 2026-01-31, page 2"


@pytest.mark.parametrize("cell", ["nei", "NEI", "-", "–", "0"])
@pytest.mark.parametrize(
    "field", ["vedtak", "decision", "tiltak", "permisjon", "fravaer", "klage", "fritak_proeve", "avslutningsaarsak"]
)
def test_a_cell_that_says_no_gives_no_value(read: Read, field: str, cell: str) -> None:
    found = read(f"key;{field}", f"a-1;{cell}")
    assert found.records[0].record.values == {}
    assert [one.held for one in found.refusals] == [True]


def test_a_sign_is_no_word(read: Read) -> None:
    found = read("key;morsmaal;omfang", "a-1;-;nei")
    assert list(found.records[0].record.values) == ["omfang"]
    assert [one.held for one in found.refusals] == [True]
