"""`feideprov nir seen`: what somebody saw in NIR closes a line."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest
from nir_register import KEY, NIR, record

from feideprov import Client

if TYPE_CHECKING:
    from collections.abc import Callable

    from feideprov.nir.register.content import Content
    from tests.journeys.conftest import Answer, Office


@pytest.fixture
def recorded(office: Office) -> Office:
    with office.config.open("a", encoding="utf-8") as file:
        file.write(NIR)
    record(office.config, KEY, "k-2")
    return office


def content(office: Office) -> Content:
    with Client.open(office.config) as feide:
        return feide.nir.register.read()


def seen(office: Office, key: str = KEY) -> dict[str, date]:
    [record] = [one for one in content(office).records.values() if one.person.key == key]
    return {name: value.seen_in_nir.on for name, value in record.values.items() if value.seen_in_nir}


def test_all_that_is_there_is_seen_with_yes_and_only_then(recorded: Office) -> None:
    before = (recorded.folder / "nir" / "nir.json").read_bytes()
    dry = recorded("nir", "seen", KEY, "--on", "2026-11-20")
    assert (dry.code, dry.err) == (0, "")
    assert "2 fields would be recorded as seen in NIR. Add --yes to do it." in dry.out
    assert (recorded.folder / "nir" / "nir.json").read_bytes() == before
    done = recorded("nir", "seen", KEY, "--on", "20.11.2026", "--yes", "--by", "Per", "--json")
    assert (done.code, done.json["command"], done.json["ok"], done.json["dry"]) == (0, "nir seen", True, False)
    assert done.json["counts"] == {"seen": 2, "unchanged": 0, "without_day": 0, "refused": 0}
    assert {(one["person"], one["field"], one["on"], one["by"]) for one in done.json["seen"]} == {
        (KEY, name, "2026-11-20", "Per") for name in ("vedtak", "permisjon")
    }
    day = date(2026, 11, 20)
    assert (seen(recorded), seen(recorded, "k-2")) == ({"vedtak": day, "permisjon": day}, {})
    again = recorded("nir", "seen", KEY, "--on", "2026-11-20", "--yes")
    assert (again.code, "2 fields were recorded before." in again.out) == (0, True)


def test_a_field_the_number_and_the_settlement_day_are_seen_by_whoever_runs_it(recorded: Office) -> None:
    scheme = ("--scheme", "introduksjonsprogram")
    answer = recorded("nir", "seen", KEY, "tiltak", "number", "settled", *scheme, "--on", "2026-11-20", "--yes")
    assert (answer.code, answer.err) == (0, "")
    assert set(seen(recorded)) == {"tiltak"}
    assert set(content(recorded).seen_of_person[KEY]) == {"number", "settled"}
    [value] = [one.values["tiltak"] for (key, _), one in content(recorded).records.items() if key == KEY]
    assert value.seen_in_nir is not None
    assert value.seen_in_nir.by


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ((KEY, "--on", "2026-11-25"), "2026-11-25 is in the future."),
        ((KEY, "--on", "2026-08-31"), "No field of nir-canary-key was there on 2026-08-31"),
        ((KEY, "vedtak", "--on", "2026-08-31"), "vedtak of nir-canary-key was there"),
        ((KEY, "moon", "--on", "2026-11-20"), "has the field moon"),
        (("nobody", "--on", "2026-11-20"), "has the key nobody"),
        ((KEY, "--on", "2026-11-20", "--scheme", "mottak_opplaering"), "has no record in the scheme"),
    ],
)
def test_what_cannot_have_been_seen_is_refused(recorded: Office, words: tuple[str, ...], sentence: str) -> None:
    before = (recorded.folder / "nir" / "nir.json").read_bytes()
    for yes in ((), ("--yes",)):
        answer = recorded("nir", "seen", *words, *yes)
        assert (answer.code, answer.err) == (1, "")
        assert sentence in answer.out
        assert "[R-NIR-SEEN]" in answer.out
    assert recorded("nir", "seen", *words, "--json").json["refusals"][0]["code"] == "R-NIR-SEEN"
    assert (recorded.folder / "nir" / "nir.json").read_bytes() == before


@pytest.mark.parametrize(
    "words",
    [
        (KEY, "vedtak"),
        (KEY, "--by", "Kari"),
        (KEY, "--on", "soon"),
        (KEY, "--on", "2026-11-20", "--scheme", "moon"),
        (KEY, "--on", "2026-11-20", "--sheet", "one"),
        ("52829400197", "--on", "2026-11-20"),
        (KEY, "52829400197", "--on", "2026-11-20"),
        ("nowhere.csv",),
    ],
)
def test_what_was_called_wrongly_is_one_sentence(
    recorded: Office, words: tuple[str, ...], one_sentence: Callable[[Answer], str]
) -> None:
    answer = recorded("nir", "seen", *words)
    assert answer.code == 2
    assert "52829400197" not in one_sentence(answer)


def test_a_sheet_comes_back_with_days(recorded: Office) -> None:
    sheet = recorded.write(
        "seen.csv",
        "Nøkkel;Ordning;Felt;Hva;Sett dato;Sett av\n"
        f"{KEY};introduksjonsprogram;vedtak;…;2026-11-20;Per\n"
        f"{KEY};Introduksjonsprogram;tiltak;…;20.11.2026;\n"
        "k-2;introduksjonsprogram;vedtak;…;;\n"
        "k-3;Introduction programme;vedtak;…;2026-11-20;\n"
        f"{KEY};introduksjonsprogram;vedtak;…;2126-11-20;\n",
    )
    dry = recorded("nir", "seen", sheet)
    assert (dry.code, "2 fields would be recorded" in dry.out, "1 row has no day yet." in dry.out) == (1, True, True)
    assert re.findall("seen.csv row ([0-9])", dry.out) == ["5", "6"]
    assert recorded("nir", "seen", sheet, "--yes").code == 1
    assert (set(seen(recorded)), seen(recorded, "k-2")) == ({"vedtak", "tiltak"}, {})


def test_without_the_section_the_next_step_is_told(office: Office, one_sentence: Callable[[Answer], str]) -> None:
    answer = office("nir", "seen", KEY, "--on", "2026-11-20")
    assert answer.code == 2
    assert "[nir]" in one_sentence(answer)


def test_who_was_kept_too_long_is_told_to_a_program(recorded: Office) -> None:
    with Client.open(recorded.config) as feide:
        assert feide.nir.kept_too_long() == ()


def test_a_key_without_a_day_is_told_what_is_missing(recorded: Office, one_sentence: Callable[[Answer], str]) -> None:
    answer = recorded("nir", "seen", KEY)
    assert answer.code == 2
    assert "add --on DATE" in one_sentence(answer)


def test_a_list_without_days_is_not_sent_to_the_columns_of_feide(
    recorded: Office, one_sentence: Callable[[Answer], str]
) -> None:
    answer = recorded("nir", "seen", recorded.write("seen.csv", f"Nøkkel;Ordning\n{KEY};introduksjonsprogram\n"))
    assert answer.code == 2
    assert "seen_on" in one_sentence(answer)
    assert "[columns]" not in one_sentence(answer)
