"""NIR's person list beside the records and the users: what differs, by key, and never a number."""

from __future__ import annotations

from datetime import date

import pytest

from feideprov.errors import ConfigurationError, InputError
from feideprov.nir.lists.nir_person_list import KINDS, reconcile
from feideprov.nir.model import NumberKind, Person, Record, Scheme
from feideprov.nir.register.content import Content, NumberMark
from feideprov.numbers import NumberText

D_NUMBER, FNR, OTHER, DUF = "45840375084", "57912075186", "03851598730", "201017238203"
BOTH = {"key": "Kommunens id", "number": "Fnr"}
ON = date(2026, 11, 24)


@pytest.fixture
def mark(key):
    return key.of_number


@pytest.fixture
def listed(tmp_path, mark):
    """Reconciles a list of these lines with people in the records and users."""

    def compare(*lines, columns=BOTH, recorded=(), marks=None, users=None, encoding="utf-8", name="nir.csv"):
        path = tmp_path / name
        path.write_bytes("".join(f"{line}\n" for line in lines).encode(encoding))
        held = {
            key: {kind: NumberMark(mark(number)) for kind, number in some.items()}
            for key, some in (marks or {}).items()
        }
        content = Content(people={key: Person(key=key) for key in recorded}, marks=held)
        known = {key: NumberText(number) if number else None for key, number in (users or {}).items()}
        return reconcile(path, columns, content, known, mark, on=ON)

    return compare


def kinds(found):
    return [(one.kind, one.person) for one in found.differences]


HEADING = "Kommunens id;Navn;Fnr"


def test_who_is_everywhere_with_the_same_number_agrees(listed):
    found = listed(
        HEADING,
        f"a-1;X;{FNR[:6]} {FNR[6:]}",
        recorded=["a-1"],
        marks={"a-1": {NumberKind.FNR: FNR}},
        users={"a-1": FNR},
    )
    assert (found.differences, found.refusals) == ((), ())
    assert (found.in_nir, found.in_records, found.users, found.agree) == (1, 1, 1, 1)


def test_who_is_in_one_and_not_in_the_other(listed):
    found = listed(
        HEADING, "a-1;;", "a-2;;", "a-3;;", "a-9;;", recorded=["a-1", "a-2", "a-4", "a-5"],
        users={"a-1": None, "a-3": None, "a-5": None, "a-8": None},
    )  # fmt: skip
    assert kinds(found) == [
        ("only_in_nir", "row 5"),
        ("not_in_nir", "a-4"),
        ("not_in_nir", "a-5"),
        ("not_a_user", "a-2"),
        ("not_a_user", "a-4"),
        ("not_in_records", "a-3"),
    ]
    assert (found.in_nir, found.in_records, found.users, found.agree) == (4, 4, 4, 1)


def test_a_person_of_a_record_alone_counts_as_recorded(tmp_path, mark):
    path = tmp_path / "nir.csv"
    path.write_text("Id\nother\n")
    person = Person(key="a-1")
    content = Content(records={("a-1", Scheme.NORSK): Record(person=person, scheme=Scheme.NORSK)})
    found = reconcile(path, {"key": "Id"}, content, {}, mark)
    assert kinds(found) == [("only_in_nir", "row 2"), ("not_in_nir", "a-1"), ("not_a_user", "a-1")]


def test_a_person_is_found_by_number_alone(listed):
    found = listed(
        "Fnr", DUF, FNR, OTHER, columns={"number": "Fnr"}, recorded=["a-1", "a-2"],
        marks={"a-1": {NumberKind.DUF: DUF}}, users={"a-1": None, "a-2": FNR},
    )  # fmt: skip
    assert kinds(found) == [("only_in_nir", "row 4")]


def test_a_key_that_is_written_otherwise_is_the_same_key(listed):
    found = listed(HEADING, " A-1 ;;", recorded=["a-1"], users={"A-1": None})
    assert found.differences == ()


@pytest.mark.parametrize(
    ("number", "of_records", "of_user", "expected"),
    [
        (D_NUMBER, {NumberKind.DNR: D_NUMBER}, FNR, ["number_differs"]),  # the new one has not reached NIR
        (FNR, {NumberKind.DNR: D_NUMBER}, FNR, ["number_differs"]),  # the records have the old one
        (FNR, {NumberKind.FNR: FNR, NumberKind.DNR: D_NUMBER}, FNR, []),
        (FNR, {}, D_NUMBER, ["number_differs"]),
        (DUF, {NumberKind.DNR: D_NUMBER}, FNR, []),  # a DUF number says nothing about the others
        (FNR, {NumberKind.DUF: DUF}, None, ["number_missing"]),  # it has come to NIR, and not to the user
        ("", {NumberKind.DNR: D_NUMBER}, None, ["number_missing"]),
        ("", {}, FNR, ["number_missing"]),
        ("", {}, None, []),
        ("Har ikke nummer ennå", {}, None, []),
        ("AB12345", {NumberKind.PASS: "ab 12345"}, None, []),
    ],
    ids=map(str, range(11)),
)
def test_numbers_are_compared_with_those_of_their_group(listed, number, of_records, of_user, expected):
    found = listed(HEADING, f"a-1;;{number}", recorded=["a-1"], marks={"a-1": of_records}, users={"a-1": of_user})
    assert [one.kind for one in found.differences] == expected
    assert found.refusals == ()


def test_a_number_of_somebody_else_is_told_with_the_key_of_that_person(listed):
    found = listed(HEADING, f"a-1;;{FNR}", recorded=["a-1"], users={"a-1": None, "a-2": FNR})
    assert [one.kind for one in found.differences] == ["number_differs", "number_missing"]
    assert "a-2" in found.differences[0].sentence


def test_two_accounts_of_one_person_have_the_same_number(listed):
    users = {"a-1": FNR, "a-2": FNR}
    assert listed(HEADING, f"a-1;;{FNR}", recorded=["a-1"], users=users).differences == ()
    by_number = listed("Fnr", FNR, columns={"number": "Fnr"}, recorded=["a-1"], users=users)
    assert [one.code for one in by_number.refusals] == ["R-NIR-LISTED-NUMBER"]
    assert kinds(by_number) == [("not_in_nir", "a-1")]
    unknown_key = listed(HEADING, f"x-9;;{FNR}", recorded=["a-1"], users=users)
    assert [one.code for one in unknown_key.refusals] == ["R-NIR-LISTED-NUMBER"]
    assert kinds(unknown_key) == [("only_in_nir", "row 2"), ("not_in_nir", "a-1")]


@pytest.mark.parametrize(
    "wrong",
    [FNR[:-1], FNR[:-1] + "0", f"{DUF}9", "AB12345", "1,2E+10", "#I/T", f"{FNR}.0"],
    ids=["short", "check digit", "long", "letters", "rounded", "formula", "decimal"],
)
def test_a_malformed_number_is_told_by_row_and_not_shown(listed, wrong):
    found = listed("Fnr;Navn", f"{wrong};X", columns={"number": "Fnr"})
    [refused] = found.refusals
    assert (refused.code, refused.origin.row) == ("R-NIR-LISTED-NUMBER", 2)
    assert wrong not in refused.sentence
    assert found.differences == ()
    assert found.in_nir == 0


def test_a_row_with_a_known_key_and_a_malformed_number_is_compared_by_key(listed):
    found = listed(HEADING, f"a-1;;{FNR[:-1]}", recorded=["a-1"], users={"a-1": FNR})
    assert [one.code for one in found.refusals] == ["R-NIR-LISTED-NUMBER"]
    assert kinds(found) == []


def test_a_number_in_the_column_of_keys_is_refused_and_not_shown(listed):
    found = listed(HEADING, f"{FNR};;", f"Anna;{FNR};", ";Kari;")
    assert [(one.code, one.origin.row) for one in found.refusals] == [("R-SOURCE-ID", 2), ("R-NIR-LISTED-NOBODY", 4)]
    assert all(FNR not in str(one) for one in (*found.refusals, *found.differences))


def test_two_rows_of_one_person_are_told_and_both_compared(listed):
    found = listed(
        "Id;Fnr;Sluttet;Grunn", "a-1;;nei;", f"a-1;{FNR};ja;", "x;;nei;", "X;;nei;",
        columns={"key": "Id", "number": "Fnr", "ended": "Sluttet", "reason": "Grunn"}, recorded=["a-1"],
        users={"a-1": FNR},
    )  # fmt: skip
    assert [(one.code, one.held, one.origin.row) for one in found.refusals] == [
        ("R-NIR-LISTED-TWICE", True, 3),
        ("R-NIR-LISTED-TWICE", True, 5),
    ]
    assert "row 2" in found.refusals[0].sentence
    assert kinds(found) == [("only_in_nir", "row 4"), ("number_missing", "a-1"), ("ending_without_reason", "a-1")]
    assert found.in_nir == 2


@pytest.mark.parametrize(
    ("ended", "reason", "told"),
    [
        ("2026-06-30", "", True),
        ("30.06.2026", " Avslutningsårsak  ikke registrert", True),
        ("2026-06-30", "-", True),
        ("2026-06-30", "Arbeid", False),
        ("Ja", "ukjent årsak", True),  # what the configuration says
        ("Nei", "", False),
        ("", "", False),
        ("2026-11-24", "", True),
        ("2026-11-25", "", False),  # it ends tomorrow
        ("", "avslutningsårsak ikke registrert", True),  # NIR writes this only at an end
    ],
)
def test_an_ending_without_a_reason_is_told(listed, ended, reason, told):
    columns = {"key": "Id", "ended": "Slutt", "reason": "Grunn", "no_reason": "Ukjent årsak"}
    found = listed("Id;Slutt;Grunn", f"a-1;{ended};{reason}", columns=columns, recorded=["a-1"], users={"a-1": None})
    assert kinds(found) == ([("ending_without_reason", "a-1")] if told else [])


def test_without_a_column_of_reasons_no_ending_is_told(listed):
    found = listed("Id;Slutt", "a-1;2026-06-30", columns={"key": "Id", "ended": "Slutt"}, recorded=["a-1"])
    assert kinds(found) == [("not_a_user", "a-1")]


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_the_list_is_read_in_each_form_that_lists_have(listed, separator, encoding):
    lines = (separator.join(row) for row in (("Løpenr", "Årsak"), ("a-1", "Flyttet til Ås")))
    found = listed(*lines, columns={"key": "LØPENR", "reason": "årsak"}, recorded=["a-1"], encoding=encoding)
    assert kinds(found) == [("not_a_user", "a-1")]


@pytest.mark.parametrize(
    ("columns", "part"),
    [
        ({}, "[nir.person_list]"),
        ({"ended": "Slutt"}, "key = “…” or number = “…”"),
        ({"key": "Id", "numbr": "Fnr"}, "numbr"),
        ({"key": "Id", "number": " id"}, "same heading"),
        ({"key": ""}, "empty"),
    ],
)
def test_columns_that_are_not_configured_are_told(listed, columns, part):
    with pytest.raises(ConfigurationError) as told:
        listed("Kari Nordmann;Ola", f"a;{FNR}", columns=columns)
    assert part in told.value.sentence
    assert "Kari" not in told.value.sentence


def test_a_file_without_the_headings_is_told_with_the_section_and_shows_nobody(listed):
    with pytest.raises(InputError) as told:
        listed("Kari Nordmann;a-1", "Ola Nordmann;a-2")
    assert "[nir.person_list]" in told.value.sentence
    assert "Nordmann" not in told.value.sentence
    with pytest.raises(InputError) as told:
        listed("Kommunens id;Navn", "a-1;Ola")
    assert "number" in told.value.sentence
    assert "[nir.person_list]" in told.value.sentence


def test_the_order_of_differences_does_not_depend_on_the_order_of_rows(listed):
    rows = [f"a-{n};;" for n in range(9)]
    one, two = (listed(HEADING, *some, recorded=["b", "a-3"], users={"a-1": FNR}) for some in (rows, rows[::-1]))
    assert {kind for kind, _ in kinds(one)} <= set(KINDS)
    assert [a for a in kinds(one) if a[0] != "only_in_nir"] == [a for a in kinds(two) if a[0] != "only_in_nir"]


def test_nothing_that_is_kept_of_a_comparison_shows_a_number(listed):
    found = listed(HEADING, f"a-1;;{FNR}", f";;{OTHER}", f";;{DUF}9", recorded=["a-1"], users={"a-1": D_NUMBER})
    assert all(number not in repr(found) for number in (FNR, OTHER, D_NUMBER, DUF))
