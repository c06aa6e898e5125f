"""With `--lang nb` and `--lang nn`, the commands about people and their numbers show no English; codes stay."""

from __future__ import annotations

import io
import json
import re
import sys
from typing import TYPE_CHECKING

import pytest
from norwegian import english_words

if TYPE_CHECKING:
    from tests.journeys.conftest import Office

ANNA, ASE, BO = (f"{name}@skotthyll.kommune.no" for name in ("annaberg", "asedal", "bolie"))
TENOR, OTHER = "45840375084", "57912075186"  # synthetic, Tenor's
LANGUAGES = ("nb", "nn")
NUMBERS = "source_id;national_number;birth_date;evidence;seen_by;seen_on\n"


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def places(office: Office) -> Office:
    """An office with two other places in which a number must be changed."""
    with office.config.open("a", encoding="utf-8") as file:
        file.write('\n[checklist]\nplaces = ["Visma Flyt Skole", "Helsestasjonen"]\n')
    return office


def every_screen(office: Office) -> list[tuple[str, ...]]:
    """Commands about people in an order that makes each of them show as much as it can."""
    people = office.people(
        "a-1;Anna;Berg;2003-04-05;hylla;pupil;",
        "a-2;Åse;Dal;;hylla;student;",
        "a-3;Bo;Lie;;solbakken;teacher;",
        f"a-4;Ida;Ås;2020-11-17;hylla;staff;{OTHER[:-1]}",
        "a-5;Per;By;;hylla;pupil;",
        "a-5;Per;By;;hylla;pupil;",
    )
    changed = office.write(
        "changed.csv", HEADING + "a-1;Anna;Lie;;solbakken;pupil;\na-9;Anna;Berg;2003-04-05;hylla;pupil;\n"
    )
    numbers = office.write(
        "numbers.csv", NUMBERS + f"a-1;{TENOR};;brev;Kari Nordmann;2026-11-02\na-4;{OTHER[:-1]};;;;\n"
    )
    follow = office.write(
        "follow.csv",
        "source_id;old_number;national_number;evidence;seen_by;seen_on\n"
        f"a-1;{TENOR};{OTHER};folkeregisteret;Kari Nordmann;2026-11-01\na-2;{TENOR};{OTHER};kort;Kari;1.11.2026\n",
    )
    wrong = office.write("wrong.csv", f"source_id;national_number\na-1;{OTHER}\n")
    plan, sheet = str(office.folder / "plan.json"), str(office.folder / "sheet.csv")
    return [
        ("plan", people, "-o", plan, "--leavers-list", str(office.folder / "leavers.csv")),
        ("apply", people),
        ("apply", plan, "--yes"),
        ("plan", changed),
        ("apply", changed, "--only", "a-7"),
        ("link", people, "--questions", sheet),
        ("pending",),
        ("pending", "--school", "hyla"),
        ("pending", "--role", "rektor"),
        ("pending", "--query-sheet", sheet, "--from", people),
        ("attach", numbers),
        ("attach", numbers, "--yes"),
        ("checklist",),
        ("checklist", "--done", "Visma"),
        ("checklist", "--done", "Visma Flyt Skole"),
        ("observe",),
        ("observe",),
        ("replace", follow),
        ("replace", follow, "--yes"),
        ("withdraw", wrong),
        ("withdraw", wrong, "--yes"),
        ("close", ASE),
        ("close", ASE, "--yes"),
        ("reopen", ASE, "--yes"),
        ("password", ASE, "--yes"),
        ("rename", ASE, "--to", "ase.moe"),
        ("release", BO),
        ("release", BO, "--yes"),
        ("resolve", BO, "--same-as", "a-3"),
        ("resolve", BO, "--same-as", "a-3", "--yes"),
        ("resolve", BO, "--undo", "--yes"),
        ("resolve", ASE, "--second-account-of", ANNA, "--yes"),
        ("resolve", BO),
        ("protect", "x-1", "--yes"),
        ("history", ANNA),
        ("history", ASE),
        ("history", "ingen@skotthyll.kommune.no"),
        ("judge",),
        ("sheet", "people", str(office.folder / "people.xlsx")),
        ("sheet", "people", str(office.folder / "people.xlsx")),
    ]


HEADING = "source_id;given_name;family_name;birth_date;school;role;national_number\n"


def test_no_screen_has_english_words(places: Office, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for words in every_screen(places):
        judged = f"{TENOR}\n{TENOR},2001-01-01\n{TENOR},i går\n123\n"
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(judged.encode())))
        answer = places("--lang", language, *words)
        shown = answer.out + answer.err
        assert shown, words
        assert english_words(shown) == [], (words, shown)
        assert not re.search(r"\d{4}-\d\d-\d\d(?!\s*[|]|[^\n]*\beller\b)", shown), (words, shown)


@pytest.fixture
def seen(places: Office) -> Office:
    """The office after a number has arrived."""
    people = places.people("a-1;Anna;Berg;2003-04-05;hylla;pupil;", "a-2;Åse;Dal;;solbakken;student;")
    assert places("apply", people, "--yes").code == 0
    numbers = places.write("numbers.csv", NUMBERS + f"a-1;{TENOR};;brev;Kari Nordmann;2026-11-02\n")
    answer = places("--lang", "nb", "attach", numbers, "--yes")
    assert re.search(r"^Av 1 rad: 1 nummer ble registrert, på \d+,\d s\.$", answer.out, re.MULTILINE)
    return places


def test_a_history_has_norwegian_words_days_and_times(seen: Office) -> None:
    *_, nb = seen("--lang", "nb", "history", ANNA).out.splitlines()
    assert re.match(r"\d\d\.\d\d\.\d{4}, \d\d:\d\d  registrere nummer: utført, av ", nb)
    assert nb.endswith("fra numbers.csv rad 2; dokumentasjon: brev, sett av Kari Nordmann 02.11.2026")
    *_, nn = seen("--lang", "nn", "history", ANNA).out.splitlines()
    assert nn.endswith("frå numbers.csv rad 2; dokumentasjon: brev, sett av Kari Nordmann 02.11.2026")
    *_, en = seen("history", ANNA).out.splitlines()
    assert re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[+]0\d:00  attach: done, by ", en)
    assert en.endswith("from numbers.csv row 2; evidence: letter, seen by Kari Nordmann on 2026-11-02")


def test_codes_and_headings_for_programs_are_the_same_in_every_language(seen: Office) -> None:
    saved = seen.folder / "history.csv"
    found = {}
    for language in ("en", *LANGUAGES):
        answer = seen("--lang", language, "history", ANNA, "--csv", str(saved), "--json")
        events = answer.json["events"]
        heading, *_, last = saved.read_text(encoding="utf-8-sig").splitlines()
        found[language] = (heading, [(event["kind"], event["outcome"], event["at"]) for event in events])
        assert events[-1]["evidence"] in last
        assert events[-1]["evidence"].startswith("letter, seen by" if language == "en" else "brev, sett av")
    assert found["nb"] == found["nn"] == found["en"]


def test_a_terminal_has_a_norwegian_table(seen: Office) -> None:
    heading = next(line for line in seen.screen("--lang", "nn", "pending").splitlines() if "kjelde-ID" in line)
    assert [cell.strip() for cell in re.split("[│┃]", heading)[1:5]] == ["brukar", "kjelde-ID", "sidan", "dagar"]


def test_a_plan_that_was_saved_in_english_speaks_norwegian(office: Office) -> None:
    people = office.people("a-1;Anna;Berg;;hylla;pupil;", "a-2;Per;By;;hylla;pupil;", "a-2;Per;By;;hylla;pupil;")
    plan = office.folder / "plan.json"
    assert office("plan", people, "-o", str(plan)).code == 1
    assert (
        "Column source_id: rows 3 and 4 have the same source id."
        in json.loads(plan.read_text())["refusals"][0]["sentence"]
    )
    answer = office("--lang", "nb", "apply", str(plan), "--yes")
    assert f"opprett {ANNA} (elev ved Hylla skole), uten nummer (Anna Berg, rad 2)" in answer.out
    assert "Kolonnen kilde-ID: rad 3 og 4 har samme kilde-ID." in answer.out
    assert english_words(answer.out + answer.err) == []


def test_an_ldif_file_of_a_plan_has_norwegian_comments(office: Office) -> None:
    file = office.folder / "plan.ldif"
    office("--lang", "nb", "plan", office.people(f"a-1;Anna;Berg;2003-04-05;hylla;pupil;{TENOR}"), "--ldif", str(file))
    comments = [line for line in file.read_text(encoding="utf-8").splitlines() if line.startswith("# ")]
    assert comments == [
        f"# opprett {ANNA} (elev ved Hylla skole), med <Tenor-nummer>",
        "# Anna Berg, rad 2",
        "# <Tenor-nummer> blir skrevet her: norEduPersonNIN",
    ]
