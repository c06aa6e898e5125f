"""The table of rules: it loads, rows of ones own replace or add, and what is wrong is told by row and key."""

from __future__ import annotations

import re
import textwrap
from contextlib import nullcontext
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from feideprov.errors import ConfigurationError
from feideprov.installation import folder_of_pages
from feideprov.nir.model import Law, Permit, Person, Scheme
from feideprov.nir.table import rules as rules_module
from feideprov.nir.table.rules import Effect, Rules, rows_of_a_year_ago
from feideprov.settings.toml import read_toml

PAGE = folder_of_pages(Path(rules_module.__file__).parents[2]) / "nir-rules.md"
SHIPPED = Rules.shipped()
RULE = {
    "id": "Own-ferie",
    "scheme": "introduksjonsprogram",
    "law": "integreringsloven",
    "field": "ferie",
    "effect": "allowed",
    "source": "seed",
    "source_date": date(2027, 1, 1),
}
LAW = {
    "id": "Own-34",
    "law": "integreringsloven",
    "basis": "§ 34",
    "permit_from": date(2022, 3, 11),
    "from": date(2026, 7, 1),
    "source": "Letter of 2027",
    "seen_by": "Kari",
    "seen_on": date(2027, 1, 2),
}
AVAILABLE = {
    "law": "kap6a",
    "fields": ["ferie"],
    "not_before": date(2027, 1, 1),
    "known_by": date(2027, 2, 1),
    "source": "seed",
}
YEAR = {"year": 2025, "last_day": date(2026, 2, 28), "source": "Letter of 2026"}


def toml(section: str, row: dict[str, Any]) -> str:
    """One row as a file has it."""
    return f"[[{section}]]\n" + "".join(f"{key} = {_written(value)}\n" for key, value in row.items())


def _written(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
        case list():
            return f"[{', '.join(map(_written, value))}]"
        case _:
            return str(value)


@pytest.fixture
def own(tmp_path):
    def made(*texts: str) -> Rules:
        path = tmp_path / "own.toml"
        path.write_text("\n".join(texts), encoding="utf-8")
        return SHIPPED.with_own(path)

    return made


def refused(own, *texts: str) -> str:
    """What is said of a file, without quoting a value."""
    with pytest.raises(ConfigurationError) as error:
        own(*texts)
    assert "own.toml" in str(error.value)
    assert error.value.__cause__ is None
    return str(error.value)


def row(rules: Rules, name: str) -> Any:
    return next(one for one in (*rules.rules, *rules.laws) if one.id == name)


def test_the_table_of_the_package_loads():
    assert SHIPPED is Rules.shipped()
    assert not any(one.own for one in (*SHIPPED.rules, *SHIPPED.laws))
    assert all(isinstance(one.scheme, Scheme) or one.scheme == "*" for one in SHIPPED.rules)
    assert set(SHIPPED.schemes) == set(Scheme)


def test_the_day_of_each_row_is_that_of_its_source():
    for one in (*SHIPPED.rules, *SHIPPED.laws):
        assert one.source_date == SHIPPED.sources[one.source].updated, one.id


def test_no_two_rows_of_the_package_are_about_the_same_on_one_day():
    """In another way than the table does it: on each day on which something begins or ends, and the day before."""
    bounds = {day for one in SHIPPED.rules for day in (one.from_, one.until) if day} | {date(2020, 1, 1)}
    for day in (near for bound in bounds for near in (bound - timedelta(1), bound)):
        for scheme in Scheme:
            keys = [
                (one.law, one.field, one.when)
                for one in SHIPPED.rules
                if one.scheme in (scheme, "*") and one.in_force(day)
            ]
            assert len(keys) == len(set(keys)), (day, scheme)


def test_rows_of_ones_own_replace_and_add(own):
    made = own(toml("rule", RULE), toml("rule", RULE | {"id": "P20-vedtak", "field": "vedtak", "effect": "allowed"}))
    assert [one.id for one in made.rules] == [*(one.id for one in SHIPPED.rules), "Own-ferie"]
    assert {one.id for one in made.rules if one.own} == {"Own-ferie", "P20-vedtak"}
    replaced = row(made, "P20-vedtak")
    assert (replaced.effect, replaced.deadline, replaced.from_) == (Effect.ALLOWED, None, None), "it is replaced whole"
    assert row(SHIPPED, "P20-vedtak").effect is Effect.REQUIRED


def test_other_rows_of_ones_own(own):
    of_2023 = YEAR | {"year": 2023, "last_day": date(2024, 3, 15)}
    made = own(toml("annual", YEAR), toml("annual", of_2023), toml("availability", AVAILABLE))
    assert {one.year: one.last_day for one in made.annual if one.year > 2022} == {
        2023: date(2024, 3, 15),
        2025: date(2026, 2, 28),
    }
    assert made.availability[-1].fields == ("ferie",)
    later = AVAILABLE | {"fields": ["*"], "known_by": date(2027, 3, 1)}
    replaced = own(toml("availability", later)).availability
    assert len(replaced) == len(SHIPPED.availability)
    assert [one.known_by for one in replaced if one.fields == ("*",)] == [date(2027, 3, 1)]


def test_an_empty_file_changes_nothing(own):
    assert own("") == SHIPPED


def test_the_example_of_the_page_is_such_a_file(own):
    text = PAGE.read_text(encoding="utf-8").partition("An example.")[2].partition("A row that nobody")[0]
    made = own(textwrap.dedent("\n".join(line for line in text.splitlines() if line.startswith("    ") or not line)))
    assert (row(made, "P20-fravaer").deadline, row(made, "Skotthyll-ferie").own) == ("P1M", True)
    assert made.source_of("rundskriv-2027") == ("IMDi, a circular of our example, 2027-01-15", "https://www.imdi.no/")
    assert row(made, "Skotthyll-34").law is Law.INTEGRERINGSLOVEN


WRONG_RULES = {
    "scheme": "hemmelig",
    "law": "hemmelig",
    "field": "Hemmelig ord",
    "effect": "hemmelig",
    "when": "hemmelig",
    "from": "2027-01-01",
    "until": 20270101,
    "deadline": "2M",
    "dated_by": "hemmelig",
    "source": "",
    "source_date": "2027-01-01",
    "confidence": "hemmelig",
    "note": 7,
    "seen_on": True,
    "hemelig": "hemmelig",
}


@pytest.mark.parametrize("key", WRONG_RULES)
def test_a_wrong_rule_is_told_by_row_and_key(own, key):
    told = refused(
        own, toml("rule", RULE | {"id": "Own-first", "field": "first"}), toml("rule", RULE | {key: WRONG_RULES[key]})
    )
    assert re.search(rf"\brule\[2\]\.{key}\b", told)
    assert "rule[2] is the row Own-ferie." in told
    assert "hemmelig" not in told.lower()


@pytest.mark.parametrize("length", ["P101Y", "P9999M", "P٢M", "P2D", "", "two months"])
def test_a_length_of_time_that_is_none_or_too_long(own, length):
    assert "rule[1].deadline" in refused(own, toml("rule", RULE | {"deadline": length}))
    assert row(own(toml("rule", RULE | {"deadline": "P100Y"})), "Own-ferie").deadline == "P100Y"


@pytest.mark.parametrize("key", ["id", "scheme", "law", "field", "effect", "source", "source_date"])
def test_a_rule_without_a_key_that_it_needs(own, key):
    told = refused(own, toml("rule", {name: value for name, value in RULE.items() if name != key}))
    assert f"The key rule[1].{key} is missing." in told
    assert ("Own-ferie" in told) == (key != "id")


def test_the_nearest_key_is_named_as_a_file_has_it(own):
    told = refused(own, toml("rule", RULE | {"form": date(2027, 1, 1)}))
    assert "The key rule[1].form is not known. The nearest known key is from." in told


@pytest.mark.parametrize("key", ["source", "seen_by", "seen_on"])
def test_a_row_on_the_law_without_what_it_rests_on(own, key):
    told = refused(own, toml("law", {name: value for name, value in LAW.items() if name != key}))
    assert f"law[1].{key}" in told
    assert "Own-34" in told


@pytest.mark.parametrize(
    ("section", "row"),
    [
        ("rule", RULE | {"from": date(2027, 1, 1), "until": date(2027, 1, 1)}),
        ("law", LAW | {"until": date(2026, 6, 30)}),
        ("law", LAW | {"permit_until": date(2022, 3, 11)}),
        ("law", LAW | {"arrived_from": date(2024, 1, 2), "arrived_until": date(2024, 1, 1)}),
        ("availability", AVAILABLE | {"known_by": date(2026, 12, 31)}),
        ("annual", YEAR | {"last_day": date(2025, 12, 31)}),
    ],
)
def test_days_in_the_wrong_order(own, section, row):
    assert f"{section}[1]" in refused(own, toml(section, row))


@pytest.mark.parametrize(
    ("section", "change"),
    [
        ("rule", {"law": "not_known"}),
        ("rule", {"id": "Own ferie"}),
        ("rule", {"id": ""}),
        ("rule", {"own": True}),
        ("rule", {"own": False}),
        ("rule", {"from_": date(2027, 1, 1)}),
        ("rule", {"from": datetime(2027, 1, 1)}),
        ("rule", {"scheme": ["introduksjonsprogram"]}),
        ("law", {"schemes": ["hemmelig"]}),
        ("law", {"schemes": "mottak_opplaering"}),
        ("law", {"seen_by": ""}),
        ("availability", {"fields": []}),
        ("availability", {"fields": " , "}),
        ("availability", {"fields": 5}),
        ("annual", {"year": "2025"}),
        ("annual", {"year": 99999}),
        ("annual", {"last_day": "hemmelig"}),
    ],
)
def test_other_wrong_rows(own, section, change):
    full = {"rule": RULE, "law": LAW, "availability": AVAILABLE, "annual": YEAR}[section]
    told = refused(own, toml(section, full | change))
    assert section in told
    assert next(iter(change)) in told
    assert "hemmelig" not in told


@pytest.mark.parametrize(
    ("source", "key"),
    [
        ("updated = 2027-01-01", ": a source needs a title"),
        ('title = "x"', ".updated"),
        ('title = "x"\nupdated = 2027-01-01\nurl = "javascript:x"', ".url"),
    ],
)
def test_a_wrong_source(own, source, key):
    assert f"source.rundskriv{key}" in refused(own, f"[source.rundskriv]\n{source}\n")


@pytest.mark.parametrize(
    "text", ["rule = 5", 'rule = ["hemmelig"]', "[rule]\nid = 'x'", "source = 5", "[[source]]\ntitle='x'"]
)
def test_a_section_that_is_not_rows(own, text):
    assert re.search(r"\b(rule|source)\b", refused(own, text))


@pytest.mark.parametrize("name", ["channel", "completion", "extended", "scheme", "compiled", "schema"])
def test_sections_of_the_package_are_not_for_own_files(own, name):
    told = refused(own, f"[{name}]\nx = 1\n")
    assert told.endswith(f"Remove what else there is: {name}.")


def test_a_section_that_may_be_a_secret_is_not_named(own):
    assert "hemmelig" not in refused(own, "hemmelig = 'x'")


def test_an_id_that_stands_twice(own):
    assert "Own-ferie" in refused(own, toml("rule", RULE), toml("rule", RULE | {"field": "fri"}))
    assert "2025" in refused(own, toml("annual", YEAR), toml("annual", YEAR))


@pytest.mark.parametrize(
    "text",
    [
        toml("rule", RULE | {"note": "se 57912075186"}),
        toml("rule", RULE | {"id": "57912075186"}),
        toml("rule", RULE | {"source": "579120 75186"}),
        '[source.57912075186]\ntitle = "x"\n',
    ],
)
def test_what_may_be_an_identity_number_is_refused_and_not_shown(own, text):
    told = refused(own, text)
    assert "identity number" in told
    assert "75186" not in told


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\xff\xfe\xff", "UTF-8"),
        (b"[[rule]\nx", "not valid TOML"),
        (b'[[rule]]\nid = "a\\u0000b"', "NUL"),
        ('[[rule]]\nid = "bl�b"'.encode(), "damaged"),
        (b"[[rule]]\n" + b"#" * 1_100_000, "cannot be read"),
        (b"x = " + b"[" * 5_000 + b"]" * 5_000, "nested too deeply"),
    ],
)
def test_a_file_that_cannot_be_read(tmp_path, content, told):
    path = tmp_path / "own.toml"
    path.write_bytes(content)
    with pytest.raises(ConfigurationError, match=told) as error:
        SHIPPED.with_own(path)
    assert "own.toml" in str(error.value)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(ConfigurationError, match=r"There is no file .*own\.toml, which \[nir\] rules names"):
        SHIPPED.with_own(tmp_path / "own.toml")
    with pytest.raises(ConfigurationError, match="cannot be read"):
        SHIPPED.with_own(tmp_path)


@pytest.mark.parametrize("scheme", ["introduksjonsprogram", "*"])
def test_rows_that_overlap_are_refused_with_both_ids(own, scheme):
    told = refused(own, toml("rule", RULE | {"field": "sluttmaal", "scheme": scheme}))
    assert "the rows Own-ferie and P20-sluttmaal" in told


def test_every_scheme_overlaps_with_each(own):
    told = refused(own, toml("rule", RULE | {"field": "reservasjon_forskning"}))
    assert "the rows A-reservasjon and Own-ferie" in told


@pytest.mark.parametrize(
    "change",
    [
        {"until": date(2021, 1, 1)},
        {"when": "ended"},
        {"law": "kap6a"},
        {"scheme": "norsk_og_samfunnskunnskap"},
        {"id": "P20-sluttmaal"},
    ],
)
def test_rows_about_something_else_do_not_overlap(own, change):
    assert own(toml("rule", RULE | {"field": "sluttmaal"} | change))


def test_rows_on_the_law_must_not_contradict_one_another(own):
    assert "the rows L-6A and Own-34" in refused(own, toml("law", LAW | {"from": date(2026, 6, 30)}))
    assert own(toml("law", LAW | {"from": date(2026, 6, 30), "law": "kap6a"}))
    assert own(toml("law", LAW | {"from": date(2026, 6, 30), "permit_from": date(2024, 1, 1)}))
    assert "the rows Own-34 and Own-b" in refused(
        own, toml("law", LAW), toml("law", LAW | {"id": "Own-b", "law": "kap6a", "from": date(2030, 1, 1)})
    )


DAYS = st.integers(0, 12).map(lambda count: date(2030, 1, 1) + timedelta(count))
BOUNDS = st.tuples(st.none() | DAYS, st.none() | DAYS).filter(lambda two: not all(two) or two[0] < two[1])


@given(BOUNDS, BOUNDS)
@example((None, date(2030, 1, 2)), (date(2030, 1, 2), None))
def test_rows_overlap_if_and_only_if_they_share_a_day(first, second):
    content = read_toml(rules_module.SHIPPED)
    content["rule"] = [
        RULE | {"id": name, **{key: day for key, day in zip(("from", "until"), days, strict=True) if day}}
        for name, days in (("a", first), ("b", second))
    ]
    shared = any(
        all((one is None or one <= day) and (other is None or day < other) for one, other in (first, second))
        for day in (date(2029, 12, 1) + timedelta(count) for count in range(80))
    )
    with pytest.raises(ConfigurationError, match="a and b") if shared else nullcontext():
        Rules.of(content)


@pytest.mark.parametrize("section", ["rule", "law", "channel", "availability", "annual", "completion"])
def test_in_the_table_of_the_package_every_source_is_known(section):
    content = read_toml(rules_module.SHIPPED)
    content[section][1]["source"] = "seed, hemmelig"
    with pytest.raises(ConfigurationError, match=rf"rules\.toml: .*{section}\[2\]\.source") as error:
        Rules.of(content)
    assert "hemmelig" not in str(error.value)


@pytest.mark.parametrize("section", ["extended", "scheme.mottak_opplaering"])
def test_so_is_the_source_of_a_single_row(section):
    content = read_toml(rules_module.SHIPPED)
    found: Any = content
    for name in section.split("."):
        found = found[name]
    found["source"] = "hemmelig"
    with pytest.raises(ConfigurationError, match=rf"{re.escape(section)}\.source"):
        Rules.of(content)


@pytest.mark.parametrize("key", ["compiled", "scope_from", "deadline_default", "rule", "law", "extended", "source"])
def test_the_table_needs_all_its_parts(key):
    content = read_toml(rules_module.SHIPPED)
    del content[key]
    with pytest.raises(ConfigurationError, match=f"The key {key} is missing"):
        Rules.of(content)


def test_a_source_is_its_title_its_day_and_its_address():
    words, address = SHIPPED.source_of("seed")
    assert words == "IMDi, Overføring mellom kommunale fagsystem og NIR, 2022-04-11"
    assert address.startswith("https://www.imdi.no/")
    assert SHIPPED.source_of("prop-81-l")[0] == "Prop. 81 L (2024–2025), kapittel 11, 2025"
    both, first = SHIPPED.source_of("ks-2023, seed")
    assert both == f"{SHIPPED.source_of('ks-2023')[0]}; {words}"
    assert first == SHIPPED.source_of("ks-2023")[1]
    for text in ("Letter from IMDi, seed", "", "seed,", "hva {som} helst"):
        assert SHIPPED.source_of(text) == (text, "")


def test_the_rows_of_the_package_are_a_year_old_together():
    assert rows_of_a_year_ago(SHIPPED, date(2027, 11, 28)) == ()
    assert len(rows_of_a_year_ago(SHIPPED, date(2027, 11, 29))) == len(SHIPPED.rules) + len(SHIPPED.laws)


def test_rows_of_ones_own_are_a_year_old_by_their_own_day(own):
    made = own(
        toml("rule", RULE),
        toml("rule", RULE | {"id": "Own-b", "field": "b", "seen_on": date(2027, 6, 1)}),
        toml("law", LAW),
    )
    old = {
        day: {one.id for one in rows_of_a_year_ago(made, day) if one.own}
        for day in (date(2028, 1, 1), date(2028, 1, 2), date(2028, 1, 3), date(2028, 6, 2))
    }
    assert list(old.values()) == [set(), {"Own-ferie"}, {"Own-ferie", "Own-34"}, {"Own-ferie", "Own-34", "Own-b"}]


def test_a_year_after_a_leap_day(own):
    made = own(toml("rule", RULE | {"seen_on": date(2028, 2, 29)}))
    assert [one.own for one in rows_of_a_year_ago(made, date(2029, 2, 28)) if one.own] == []
    assert [one.id for one in rows_of_a_year_ago(made, date(2029, 3, 1)) if one.own] == ["Own-ferie"]


def test_a_basis_is_read_with_and_without_its_sign(own):
    assert row(own(toml("law", LAW)), "Own-34").basis == Permit(basis="34 ", granted=date(2024, 1, 1)).basis == "34"
    assert Person(key="a").permit is None
