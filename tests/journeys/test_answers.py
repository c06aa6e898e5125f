"""Services on the command line: from a table of the portal to an answer, and to the notices that are then owed."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest

from feideprov import Client
from feideprov.services.register.service import Dependency

if TYPE_CHECKING:
    from tests.journeys.conftest import Office

D_NUMBER = "52829400197"  # Tenor's
USER = "olenkova@skotthyll.kommune.no"
TABLE = """id;name;provider;gets_number;activated;schools
4711;Lexin;Ordbok AS;yes;yes;
4712;Salto;Forlaget AS;yes;yes;solbakken
4713;Regneark;Forlaget AS;yes;yes;
4714;Kart;Kartverk AS;no;yes;
4715;Ikke i bruk;Kartverk AS;yes;no;
"""


@pytest.fixture
def informed(office: Office) -> Office:
    """An office with one pupil at Hylla who waits for a number, and five services in the register."""
    assert office("apply", office.people("ref-1;Olena;Kovalenko;1994-02-12;hylla;pupil;"), "--yes").code == 0
    assert office("services", "import", office.write("portal.csv", TABLE)).code == 0
    return office


def attached(office: Office) -> str:
    listed = f"user;national_number;evidence;seen_by;seen_on\n{USER};{D_NUMBER};letter;Kari Nordmann;2026-11-02\n"
    answer = office("attach", office.write("numbers.csv", listed), "--yes")
    assert answer.code == 0
    return answer.err


def owed(office: Office) -> list[str]:
    with Client.open(office.config) as feide:
        return sorted(one.service for one in feide._context.journal.owed())


def test_the_list_shows_the_services_that_concern_us_and_counts_the_others(informed: Office) -> None:
    shown = informed("services", "list")
    assert shown.code == 0
    heading, *lines = shown.out.splitlines()
    assert heading.split("\t")[:4] == ["service", "name", "provider", "state"]
    assert [line.split("\t")[:4] for line in lines[:3]] == [
        ["feide:4711", "Lexin", "Ordbok AS", "unknown"],
        ["feide:4712", "Salto", "Forlaget AS", "unknown"],
        ["feide:4713", "Regneark", "Forlaget AS", "unknown"],
    ]
    assert lines[3:] == [
        "3 services, 3 without an answer.",
        (
            "2 more services are not shown. With --all, services that are not activated here or do not get the "
            "number are shown too."
        ),
    ]
    assert [one["id"] for one in informed("services", "list", "--all", "--json").json["services"]] == [
        f"feide:{n}" for n in range(4711, 4716)
    ]


def test_a_number_that_arrives_before_the_answer_is_warned_of_and_owed_with_it(informed: Office) -> None:
    warned = attached(informed)
    assert ": Lexin (Ordbok AS) and Regneark (Forlaget AS). Ask their providers" in warned
    assert "Salto" not in warned  # it is for Solbakken alone, and the pupil goes to Hylla
    assert owed(informed) == []
    said = informed("services", "answer", "Lexin", "can-serve", "--source", "mail from support", "--on", "20.11.2025")
    assert said.code == 0
    assert said.out.splitlines() == [
        (
            "Lexin (Ordbok AS) depends on the number, but can serve users without it; the provider must be told "
            "about 1 changed number."
        ),
        "See: feideprov notify",
    ]
    assert owed(informed) == ["feide:4711"]
    [lexin] = informed("services", "list", "--state", "can-serve", "--json").json["services"]
    assert {key: lexin[key] for key in ("id", "state", "answered_on", "source", "gets_number", "activated")} == {
        "id": "feide:4711",
        "state": "can-serve",
        "answered_on": "2025-11-20",
        "source": "mail from support",
        "gets_number": True,
        "activated": True,
    }


def test_one_answer_of_a_provider_is_about_all_its_services_and_each_concerns_its_own_users(informed: Office) -> None:
    attached(informed)
    said = informed("services", "answer", "--provider", "forlaget as", "can-serve", "--source", "a call", "--json")
    assert said.json["counts"] == {"answered": 2, "owed": 1, "refused": 0}
    assert {one["id"]: one["owed"] for one in said.json["services"]} == {"feide:4712": 0, "feide:4713": 1}
    assert owed(informed) == ["feide:4713"]  # Salto is for Solbakken alone, and the pupil goes to Hylla
    assert "Lexin" in informed("services", "list", "--state", "unknown").out


def test_answers_come_from_the_sheet_that_was_filled_in(informed: Office) -> None:
    sheet = informed.folder / "answers.csv"
    assert informed("services", "list", "--answer-sheet", str(sheet)).code == 0
    rows = list(csv.DictReader(io.StringIO(sheet.read_text("utf-8-sig")), delimiter=";"))
    assert [row["service"] for row in rows] == ["feide:4711", "feide:4712", "feide:4713"]
    rows[0] |= {"answer": "kan betjene", "on": "1.9.2025", "source": "brev"}
    rows[1] |= {"answer": "perhaps"}
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), delimiter=";")
    writer.writeheader()
    writer.writerows([*rows, {"service": "nobody's", "answer": "asked"}])
    said = informed("services", "answer", "--csv", informed.write("back.csv", text.getvalue()), "--source", "mail")
    assert said.code == 1
    assert said.out.splitlines() == [
        "Lexin (Ordbok AS) depends on the number, but can serve users without it.",
        "1 row has no answer yet.",
        (
            "back.csv row 3: This is not one of the known answers. Write one of these: unknown, asked, "
            "does-not-depend, can-serve, cannot-serve, no-answer; or A, B or C, as in the question. [S-ANSWER]"
        ),
        "back.csv row 5: No service has the id or name nobody's. See: feideprov services list --all [S-NO-SERVICE]",
    ]
    states = {one["id"]: one["state"] for one in informed("services", "list", "--json").json["services"]}
    assert states == {"feide:4711": "can-serve", "feide:4712": "unknown", "feide:4713": "unknown"}


def test_the_letters_of_the_question_are_written_down_as_answers(informed: Office) -> None:
    for letter, words in (("A", "does not depend"), ("b", "but can serve"), ("C)", "and cannot serve")):
        assert words in informed("services", "answer", "Lexin", letter, "--source", "mail").out
    said = informed("services", "answer", "--provider", "Forlaget AS", "B.", "--source", "mail", "--json").json
    assert [one["state"] for one in said["services"]] == ["can-serve", "can-serve"]
    assert "Salto" in informed("services", "list", "--state", "B").out


def test_whom_it_is_time_to_remind_is_listed(informed: Office) -> None:
    for service, day in (("Lexin", "2025-01-01"), ("Salto", "2025-01-02")):
        assert informed("services", "answer", service, "asked", "--source", "a call", "--on", day).code == 0
    informed("services", "answer", "Salto", "no-answer", "--source", "nobody picks up the phone")
    [due] = informed("services", "list", "--due", "--json").json["services"]
    assert (due["id"], due["asked_on"], due["reminder_due_on"]) == ("feide:4711", "2025-01-01", "2025-01-15")


def test_names_are_allowed_on_a_basis_and_forbidden_again(informed: Office) -> None:
    said = informed("services", "answer", "Lexin", "--allow-names", "agreement, section 4", "--on", "2025-08-01")
    assert said.out == "Recorded: Feide names are allowed in notices to Lexin. Basis: agreement, section 4.\n"
    assert (
        informed("services", "answer", "Lexin", "--allow-names", "").out
        == "Recorded: Feide names are not allowed in notices to Lexin.\n"
    )


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["answer"], 2, "Give one of these: a service, --provider NAME, or --csv FILE"),
        (
            ["answer", "Lexin", "asked", "--csv", "x.csv"],
            2,
            ("Give one of these: a service, --provider NAME, or --csv FILE"),
        ),
        (["answer", "Lexin"], 2, "Give the answer. It must be one of these: unknown, asked, does-not-depend"),
        (["answer", "Lexin", "maybe"], 1, "This is not one of the known answers. Write one of these: unknown, asked"),
        (["answer", "Lexin", "asked"], 1, "Write where the answer comes from"),
        (
            ["answer", "Lexin", "asked", "--on", "12/11/2025"],
            2,
            "--on: this is not a date, or it can be read in",
        ),
        (
            ["answer", "--provider", "Ukjent AS", "asked", "--source", "a call"],
            1,
            "No provider with the id or name",
        ),
        (["answer", "--provider", "Ordbok AS", "--allow-names", "x"], 2, "--allow-names is for one service"),
        (["answer", "--csv", "nowhere.csv"], 2, "nowhere.csv"),
        (
            ["list", "--state", "maybe"],
            2,
            ("--state: This is not one of the known answers. Write one of these: unknown, asked"),
        ),
    ],
)
def test_what_cannot_be_is_said_in_one_sentence(informed: Office, words: list[str], code: int, sentence: str) -> None:
    said = informed("services", *words)
    assert (said.code, said.out) == (code, "")
    assert sentence in said.err
    assert said.err.count("\n") == 1
    with_json = informed("services", *words, "--json")
    assert with_json.json["command"] == f"services {words[0]}"
    assert with_json.json["error"] == said.err.strip()


def test_a_saved_plan_warns_when_it_is_applied(informed: Office) -> None:
    people = informed.people(f"ref-1;Olena;Kovalenko;1994-02-12;hylla;pupil;{D_NUMBER}")
    plan = str(informed.folder / "plan.json")
    evidence = ("--evidence", "letter", "--seen-by", "Kari", "--seen-on", "2025-11-02")
    assert "It is not known whether" in informed("plan", people, "-o", plan, *evidence).err
    informed("services", "answer", "Lexin", "cannot-serve", "--source", "mail")
    warned = informed("apply", plan, "--yes").err
    assert "Regneark" in warned
    assert "Lexin" not in warned


def test_every_state_has_its_words(informed: Office) -> None:
    for state in Dependency:
        assert informed("services", "answer", "Lexin", state.value, "--source", "a call").out.startswith("Lexin (")


def test_a_hostile_name_neither_moves_the_cursor_nor_starts_a_formula(informed: Office) -> None:
    with Client.open(informed.config) as feide:
        hostile = {"nb": "=HYPERLINK(1)\x1b[2J\r\n128294 99914"}
        feide.services.register.revise(["feide:4711"], lambda one: one.model_copy(update={"names": hostile}))
    sheet = informed.folder / "answers.csv"
    shown = informed("services", "list", "--answer-sheet", str(sheet)).out
    assert "\x1b" not in shown
    assert ";'=HYPERLINK(1)" in sheet.read_text("utf-8-sig")
    said = informed("services", "answer", "feide:4711", "asked", "--source", "a call").out
    assert "\x1b" not in said
    assert said.count("\n") == 1


@pytest.mark.parametrize(
    "words",
    [
        ("--provider", "forlaget as", "can-serve", "--source", "a call", "--allow-names", "agreement"),
        ("--csv", "FILE", "--allow-names", "agreement"),
        ("--csv", "FILE", "--since", "2025-08-01"),
        ("--csv", "FILE", "--on", "2025-08-01"),
    ],
    ids=["names-of-a-provider", "names-in-a-list", "since-in-a-list", "day-in-a-list"],
)
def test_options_that_do_not_go_together_are_refused_before_anything_is_written(informed: Office, words) -> None:
    listed = informed.write("answers.csv", "service;answer;source\nLexin;can-serve;mail\n")
    said = informed("services", "answer", *(listed if word == "FILE" else word for word in words))
    assert said.code == 2
    assert informed("services", "list", "--state", "can-serve", "--json").json["services"] == []
