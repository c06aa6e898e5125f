"""Nothing is written without --yes: every command is tried on a directory that is a file."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from nir_register import NIR as SECTION
from nir_register import record

from feideprov.cli.help.rows import JOURNAL, NIR, SERVICES, names

if TYPE_CHECKING:
    from tests.journeys.conftest import Office

ANNA, ASE, BO = (f"{name}@skotthyll.kommune.no" for name in ("annaberg", "asedal", "bolie"))


@pytest.fixture
def filled(office: Office) -> Office:
    """An office with three users: of ours with a number, of ours without, and of another system; lists that would
    change each; services; a person of the introduction register."""
    assert office("apply", office.people("a-1;Anna;Berg;;hylla;pupil;", "a-2;Åse;Dal;;hylla;pupil;"), "--yes").code == 0
    first = office.write("first.csv", "source_id;national_number;birth_date\na-1;45840375084;2003-04-05\n")
    assert office("attach", first, "--yes").code == 0
    lines = office.catalogue.read_text(encoding="utf-8").split("\n\n")
    [copied] = [part for part in lines if f"eduPersonPrincipalName: {ASE}" in part]
    other = [line for line in copied.splitlines() if not line.startswith("employeeNumber")]
    with office.catalogue.open("a", encoding="utf-8") as file:
        file.write("\n\n" + "\n".join(other).replace("asedal", "bolie") + "\n")
    office.write("services.csv", "id;name;provider;activated\ns-1;Oria;Sikt;yes\n")
    assert office("services", "import", str(office.folder / "services.csv")).code == 0
    with office.config.open("a", encoding="utf-8") as file:
        file.write(f'{SECTION}\n[nir.person_list]\nkey = "Key"\n')
    record(office.config, "k-1")
    scheme = "introduksjonsprogram"
    office.write("records.csv", f"key;scheme;arrived;decision_date\nk-1;{scheme};2026-09-02;2026-09-09\n")
    return office


def every_command(office: Office) -> Iterator[tuple[str, ...]]:
    """Each command without --yes, as it would write."""
    people = office.people("a-1;Anna;Lie;;solbakken;pupil;", "a-3;Nils;Moe;;hylla;pupil;")
    number = office.write("number.csv", "source_id;national_number;birth_date\na-2;12829499914;1994-02-28\n")
    wrong = office.write("wrong.csv", "source_id;national_number\na-1;45840375084\n")
    follow = office.write(
        "follow.csv",
        "source_id;old_number;national_number;evidence;seen_by;seen_on\n"
        "a-1;45840375084;12829499914;letter;Kari;2026-11-01\n",
    )
    yield from (("plan", people), ("apply", people), ("apply", people, "--only", "a-3"))
    yield from (("link", people), ("release", ANNA), ("read", people))
    yield ("sheet", "people", str(office.folder / "sheet.xlsx"))
    yield ("plan", people, "-o", str(office.folder / "plan.json"))
    yield ("apply", str(office.folder / "plan.json"))
    yield from (("attach", number), ("replace", follow), ("withdraw", wrong))
    yield from (("close", ANNA), ("reopen", ANNA), ("password", ANNA), ("rename", ANNA, "--to", "anna.lie"))
    yield from (("slips", str(office.folder / "slips.html")), ("slips", "--done"))
    yield from (("resolve", BO, "--same-as", "b-1"), ("resolve", BO, "--different"))
    yield from (("resolve", BO, "--different", "b-1"), ("resolve", BO, "--second-account-of", ANNA))
    yield from (
        ("protect", "a-1"),
        ("pending",),
        ("history", ANNA),
        ("judge",),
        ("checklist",),
        ("today",),
        ("check",),
        ("doctor",),
    )
    yield from (("setup", "openldap", "--out", str(office.folder / "setup")), ("completion", "bash"))
    yield from (("init", "--directory"), ("demo", "--dir", str(office.folder / "demo")))
    yield from (("services", "list"), ("services", "ask"), ("services", "matrix"), ("notify",), ("observe",))
    yield from (("services", "import", str(office.folder / "services.csv")), ("services", "answer", "s-1", "can-serve"))
    yield from (("journal", "verify"), ("journal", "gone"), ("journal", "begin"))
    yield from (("nir", "channel"), ("nir", "records", str(office.folder / "records.csv")), ("nir", "worklist"))
    yield from (("nir", "seen", "k-1", "--on", "2026-11-20"), ("nir", "today"))
    yield ("nir", "reconcile", office.write("in-nir.csv", "Key\nk-1\nk-2\n"))


WRITING_THE_JOURNAL = {"observe", "services", "notify"}
"""What these are told, or see, they write down at once. It is no change of a user."""


def test_without_yes_nothing_is_written_and_every_object_says_its_language(
    filled: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = set()
    for words in every_command(filled):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"45840375084\n")))
        directory, state = filled.catalogue.read_bytes(), filled.state()
        answer = filled("--lang", "nn", *words, "--json")
        assert filled.catalogue.read_bytes() == directory, words
        assert answer.json["language"] == "nn", words
        if words[0] not in WRITING_THE_JOURNAL:
            assert filled.state() == state, words
        assert answer.code in (0, 1), (words, answer.err)
        tried |= {words[0], " ".join(words[:2])}
    groups = {"services": SERVICES, "journal": JOURNAL, "nir": NIR}
    known = {f"{group} {name}" for group, sections in groups.items() for name in names(sections)}
    assert known | set(names()) <= tried


DOING_AT_ONCE = ("setup", "sheet", "observe", "services import", "slips /")
"""What was done decides their exit code. The others only show something: without that, they have failed."""


def test_every_command_says_that_its_output_cannot_be_written(filled: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    for words in every_command(filled):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"45840375084\n")))
        with pytest.MonkeyPatch.context() as patch, Path("/dev/full").open("w", encoding="utf-8") as full:
            patch.setattr(sys, "stdout", full)
            answer = filled(*words)
        if words[:2] == ("services", "answer"):  # is refused, and shows nothing: the source is missing
            continue
        *_, last = answer.err.splitlines()
        assert last.startswith("Standard output cannot be written: No space left on device. "), words
        assert answer.err.count("Standard output") == 1, words
        assert answer.code in ((0, 1) if " ".join(words).startswith(DOING_AT_ONCE) else (3,)), words


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--same-as", "b-1"), f"{BO} is the person with source id b-1."),
        (("--different",), f"{BO} is another person than those in the next list"),
        (("--different", "b-1"), f"{BO} is not the person with source id b-1."),
        (("--second-account-of", ANNA), f"{BO} and {ANNA} are two accounts of one person."),
    ],
)
def test_resolve_shows_what_would_be_done_and_does_it_with_yes(
    filled: Office, words: tuple[str, ...], said: str
) -> None:
    before = filled.state()
    dry = filled("resolve", BO, *words)
    assert (dry.code, dry.err) == (0, "")
    assert dry.out.startswith("This would be done (add --yes to do it):\n")
    assert said in dry.out
    found = filled("resolve", BO, *words, "--json").json
    assert (found["ok"], found["counts"], found["dry"]) == (True, {"resolved": 1}, True)
    assert filled.state() == before
    done = filled("resolve", BO, *words, "--yes", "--json").json
    assert (done["counts"], done["dry"]) == ({"resolved": 1}, False)
    assert done["sentence"].startswith(f"Recorded: {said}")
    assert len(filled.journaled()) > len(before[2])


def test_a_refusal_is_the_same_in_a_dry_run(filled: Office) -> None:
    for words in (("--same-as", "a-1"), ("--second-account-of", BO), ("--same-as", "45840375084")):
        answers = [filled("resolve", BO, *words, *yes) for yes in ((), ("--yes",))]
        assert answers[0] == answers[1]
        assert answers[0].code in (1, 2)


def test_in_mode_watch_the_dry_run_says_what_stops_it(filled: Office) -> None:
    filled.set('url = "ldif:catalogue.ldif"', 'url = "ldif:catalogue.ldif"\nmode = "watch"')
    before = filled.state()
    answer = filled("resolve", BO, "--same-as", "b-1")
    assert (answer.code, filled.state()) == (2, before)
    assert "is the person with source id b-1" in answer.out
    assert "“watch”" in answer.err


def test_a_resolve_is_taken_back(filled: Office) -> None:
    before = filled.entries()
    assert filled("resolve", BO, "--same-as", "b-1", "--yes").code == 0
    state = filled.state()
    dry = filled("resolve", BO, "--undo")
    assert (dry.code, filled.state()) == (0, state)
    assert dry.out.startswith("This would be done (add --yes to do it):\n")
    done = filled("resolve", BO, "--undo", "b-1", "--yes", "--json")
    assert (done.code, done.json["counts"]) == (0, {"resolved": 1})
    assert filled.entries() == before
    assert "undo-link" in filled("history", BO).out
    again = filled("resolve", BO, "--undo", "--yes")
    assert (again.code, again.out) == (1, "")
    assert "nothing to take back" in again.err
