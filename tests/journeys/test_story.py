"""The main job by commands, as an administrator would give them: on an LDIF file."""

from __future__ import annotations

import io
import re
import stat
import sys
import tempfile
import tomllib
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from feideprov.cli import table
from feideprov.cli.app import run
from feideprov.cli.care import demo
from feideprov.client.client import Client
from feideprov.errors import ConfigurationError
from feideprov.found import NOBODY
from feideprov.settings import Settings
from feideprov.testing.slapd import PrivateSlapd

if TYPE_CHECKING:
    from tests.journeys.conftest import Office

REALM = "skotthyll.kommune.no"


def refugees(office: Office) -> str:
    return str(office.folder / "refugees.csv")


def numbers(office: Office) -> str:
    return str(office.folder / "numbers.csv")


# --- init


def test_init_writes_a_configuration_that_loads(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = tmp_path / "feideprov.toml"
    assert run(["--config", str(config), "init", "--source-id-attribute", "employeeID"]) == 0
    said = capsys.readouterr().out
    assert f"{config} was written." in said
    assert "source_id_attribute" not in said
    assert stat.S_IMODE(config.stat().st_mode) & 0o007 == 0
    settings = Settings.load(config)
    assert settings.numbers.test is False
    assert settings.directory.source_id_attribute == "employeeID"


@pytest.mark.parametrize(("answer", "named"), [("employeeID\n", "employeeID"), ("\n", ""), ("57912075186\n", None)])
def test_init_asks_which_attribute_holds_the_keys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], answer: str, named: str | None
) -> None:
    config, terminal = tmp_path / "feideprov.toml", io.StringIO(answer)
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stdin", terminal)
    monkeypatch.delenv("FEIDEPROV_DIRECTORY__SOURCE_ID_ATTRIBUTE", raising=False)
    assert run(["--config", str(config), "init"]) == (2 if named is None else 0)
    said = capsys.readouterr()
    assert "as employeeNumber does in many municipalities" in " ".join(said.err.split())
    assert config.exists() is (named is not None)
    if named:
        assert Settings.load(config).directory.source_id_attribute == named
    elif named == "":
        assert "source_id_attribute is empty, and must be filled in" in " ".join(said.out.split())
        with pytest.raises(ConfigurationError, match=r"source_id_attribute: no attribute is named.*fødselsnummer"):
            Settings.load(config)
        monkeypatch.setenv("FEIDEPROV_DIRECTORY__SOURCE_ID_ATTRIBUTE", "employeeID")
        assert Settings.load(config).directory.source_id_attribute == "employeeID"


def test_init_never_overwrites(office: Office) -> None:
    before = office.config.read_bytes()
    answer = office("init")
    assert (answer.code, office.config.read_bytes()) == (2, before)
    assert "exists already" in answer.err


def test_init_template_speaks_of_every_section_that_there_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "feideprov.toml"
    run(["--config", str(config), "init"])
    bare = "\n".join(line.removeprefix("# ") for line in config.read_text(encoding="utf-8").splitlines()[3:])
    assert set(tomllib.loads(bare)) == set(Settings.model_fields)


# --- plan


def test_plan_shows_what_would_be_done_and_writes_nothing(office: Office) -> None:
    before = office.state()
    answer = office("plan", refugees(office))
    assert answer.code == 1  # three refused, one held
    assert office.state() == before
    assert answer.out.startswith("This would be done:\n")
    assert f"create olenkova@{REALM} (student at Solbakken læringssenter), without a number" in answer.out
    assert f"create faterahi@{REALM} (student at Solbakken læringssenter), with <Tenor number>" in answer.out
    assert "refugees.csv row 13: The person is protected. Protected people are created one at a time" in answer.out
    assert answer.out.endswith(
        "Of 12 rows: 11 users would be created; 1 row would make no user (1 held).\n"
        "9 of these 11 users would have no number.\n"
        "3 rows would be used only in part: see above.\n"
        "When the list is corrected, use it again: nothing is done twice.\n"
    )


def test_plan_exits_1_where_something_would_change_only_when_asked(office: Office) -> None:
    people = office.people("a-1;Anna;Berg;2010-01-01;hylla;pupil;")
    assert office("plan", people).code == 0
    assert office("plan", people, "--exit-code").code == 1
    assert office("apply", people, "--yes").code == 0
    assert office("plan", people, "--exit-code").code == 0


def test_plan_as_ldif_has_a_comment_in_place_of_a_number_and_no_password(office: Office) -> None:
    path = office.folder / "plan.ldif"
    assert office("plan", refugees(office), "--ldif", str(path)).code == 1
    text = path.read_text(encoding="utf-8")
    records = [part for part in text.split("\n\n") if part]
    assert len(records) == 11
    assert all(re.search(r"^dn: .*\n(?: .*\n)*changetype: add\nobjectClass: ", r, re.MULTILINE) for r in records)
    assert text.count("dn: uid=") == 11
    assert text.count("# <Tenor number> is written here: norEduPersonNIN\n") == 2
    assert "norEduPersonNIN:" not in text
    assert "userPassword" not in text
    assert "50846202355" not in text


def test_plan_as_ldif_shows_an_update_as_a_change(office: Office) -> None:
    assert office("apply", office.people("a-1;Anna;Berg;;hylla;pupil;"), "--yes").code == 0
    path = office.folder / "plan.ldif"
    assert office("plan", office.people("a-1;Anna;Vik;;hylla;pupil;"), "--ldif", str(path)).code == 0
    text = path.read_text(encoding="utf-8")
    assert text.startswith(f"# update annaberg@{REALM}: ")
    assert "changetype: modify\n" in text
    assert "add: sn\nsn: Vik\n-\n" in text
    assert "delete: sn\nsn: Berg\n-\n" in text


def test_plan_as_ldif_holds_change_records_alone_and_a_number_that_arrives_is_a_comment(office: Office) -> None:
    assert office("apply", office.people("a-1;Anna;Berg;2003-04-05;hylla;student;"), "--yes").code == 0
    path = office.folder / "plan.ldif"
    both = office.people("a-1;Anna;Berg;2003-04-05;hylla;student;45840375084", "a-2;Åse;Dal;;hylla;pupil;")
    assert office("plan", both, "--ldif", str(path)).code == 0
    text = path.read_text(encoding="utf-8")
    for record in filter(None, text.split("\n\n")):
        lines = [line for line in record.split("\n") if not line.startswith("#")]
        assert not lines or re.search(r"^changetype: (add|modify)\n\S", record, re.MULTILINE)
    assert f"# attach <Tenor number> to annaberg@{REALM}\n" in text
    assert "# <Tenor number> is written here: norEduPersonNIN\n# dn: uid=annaberg,ou=people" in text
    assert "\ndn: uid=annaberg" not in text
    assert text.count("changetype: ") == 1


def test_saved_plan_is_applied_as_it_stands(office: Office) -> None:
    plan = str(office.folder / "plan.json")
    office("plan", refugees(office), "-o", plan)
    assert stat.S_IMODE(Path(plan).stat().st_mode) == 0o600
    assert "50846202355" not in Path(plan).read_text(encoding="utf-8")
    dry = office("apply", plan)
    assert (dry.code, office.passwords.exists()) == (1, False)
    answer = office("apply", plan, "--yes")
    assert answer.code == 1
    assert answer.out.startswith("Done:\n")
    assert len(office.handed_over()) == 11
    assert office.entry("ref-06").text("norEduPersonNIN") == "50846202355"
    assert office("plan", refugees(office), "--json").json["counts"]["unchanged"] == 8


def test_saved_plan_takes_no_only(office: Office, one_sentence) -> None:
    plan = str(office.folder / "plan.json")
    office("plan", refugees(office), "-o", plan)
    answer = office("apply", plan, "--only", "ref-01", "--yes")
    assert answer.code == 2
    assert "--replace, --new-keys and --leavers cannot be used with a saved plan" in one_sentence(answer)


# --- apply


def test_apply_without_yes_writes_nothing(office: Office) -> None:
    before = office.state()
    answer = office("apply", refugees(office))
    assert (answer.code, office.state()) == (1, before)
    assert not office.passwords.exists()
    assert answer.out.startswith("This would be done (add --yes to do it):\n")


def test_dry_run_and_real_run_say_the_same_sentences(office: Office) -> None:
    dry, done = office("apply", refugees(office)), office("apply", refugees(office), "--yes")
    said = [[line for line in answer.out.splitlines() if line.startswith("  ")] for answer in (dry, done)]
    assert said[0] == said[1] != []
    assert dry.code == done.code == 1


def test_apply_twice_equals_apply_once(office: Office) -> None:
    first = office("apply", refugees(office), "--yes")
    assert first.out.endswith(
        f"The first passwords are in {office.passwords}. Give them to the users, then note that they are given: "
        "feideprov slips --done\n"
    )
    catalogue, handed_over = office.catalogue.read_bytes(), office.passwords.read_bytes()
    second = office("apply", refugees(office), "--yes", "--json")
    assert second.json["counts"] == {
        "created": 0,
        "updated": 0,
        "unchanged": 8,  # the other three are named again, because their numbers still are refused
        "refused": 3,
        "held": 1,
        "failed": 0,
    }
    assert second.json["changes"] == []
    assert office.catalogue.read_bytes() == catalogue
    assert office.passwords.read_bytes() == handed_over


def test_update_changes_what_the_row_speaks_about_and_nothing_else(office: Office) -> None:
    office("apply", office.people("a-1;Anna;Berg;2010-01-01;hylla;pupil;"), "--yes")
    before = office.entry("a-1")
    answer = office("apply", office.people("a-1;Anna;Berg;2010-01-01;solbakken;student;"), "--yes", "--json")
    assert answer.json["counts"]["updated"] == 1
    after = office.entry("a-1")
    changed = {name for name, values in after.items() if before.values(name) != values}
    assert changed == {"eduPersonOrgUnitDN", "eduPersonPrimaryOrgUnitDN"}


def test_protected_person_is_made_alone_with_a_name_that_says_nothing(office: Office) -> None:
    bulk = office("apply", refugees(office), "--yes", "--json").json
    assert [r["row"] for r in bulk["refusals"] if r["code"] == "R-PROTECTED"] == [13]
    alone = office("apply", refugees(office), "--only", "ref-12", "--yes", "--json")
    assert alone.code == 0
    [change] = alone.json["changes"]
    name = change["user"].partition("@")[0]
    assert not {"anna", "shev", "anns"} & {name[i : i + 4] for i in range(len(name))}
    assert name not in ("annashev", "bruker")
    assert alone.json["refusals"] == []


def test_only_makes_the_one_person(office: Office) -> None:
    answer = office("apply", refugees(office), "--only", "ref-03", "--yes", "--json")
    assert [change["user"] for change in answer.json["changes"]] == [f"sofikova@{REALM}"]
    assert list(office.handed_over()) == [f"sofikova@{REALM}"]


def test_only_with_a_source_id_that_no_row_has(office: Office, one_sentence) -> None:
    before = office.state()
    answer = office("apply", refugees(office), "--only", "nobody", "--yes")
    assert (answer.code, office.state()) == (2, before)
    assert "--only" in one_sentence(answer)


# --- pending


@pytest.fixture
def waiting(office: Office) -> Office:
    """The office after the story's arrival: eleven users, nine without a number, and the protected one."""
    office("apply", refugees(office), "--yes")
    office("apply", refugees(office), "--only", "ref-12", "--yes")
    return office


def ids(office: Office, *words: str) -> set[str]:
    answer = office("pending", *words, "--json")
    assert answer.code == 0
    found = {user["source_id"] for user in answer.json["users"]}
    assert answer.json["counts"]["pending"] == len(found)
    return found


def test_pending_names_who_has_no_number(waiting: Office) -> None:
    everybody = {f"ref-{n:02}" for n in range(1, 13)}
    assert ids(waiting) == everybody - {"ref-06", "ref-07"}
    assert f"yohakida@{REALM}" in waiting("pending").out
    assert "protected" in waiting("pending").out


LONG = "navn" * 25
ODD_USER = f"""
dn: uid={LONG},ou=people,dc=skotthyll,dc=no
objectClass: top
objectClass: person
objectClass: inetOrgPerson
objectClass: eduPerson
objectClass: norEduPerson
cn: Old
sn: Old
uid: {LONG}
eduPersonPrincipalName: {LONG}@skotthyll.kommune.no
employeeNumber: [red]x[/red]
"""


@pytest.fixture
def odd(office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    """A user with a name that is wider than the terminal, and with markup for a source id."""
    monkeypatch.setenv("COLUMNS", "80")
    with office.catalogue.open("a") as file:
        file.write(ODD_USER)
    return office


def test_pending_is_whole_and_plain_when_piped(odd: Office) -> None:
    heading, row, *_counts = odd("pending").out.splitlines()
    assert heading.split("\t") == ["user", "source id", "since", "days"]
    assert row.split("\t")[:2] == [f"{LONG}@{REALM}", "[red]x[/red]"]
    assert row.split("\t")[-1] == "not ours"


def test_pending_in_a_terminal_cuts_nothing_and_takes_no_markup(odd: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "_terminal", partial(Console, force_terminal=True, color_system=None))
    shown = odd("pending").out
    assert "…" not in shown
    cells = [line.strip("│").split("│") for line in shown.splitlines() if line.startswith("│")]
    assert "".join(cell[0].strip() for cell in cells) == f"{LONG}@{REALM}"
    assert "".join(cell[1].strip() for cell in cells) == "[red]x[/red]"


def test_pending_by_school_and_role(waiting: Office) -> None:
    at_hylla = {"ref-02", "ref-03", "ref-08", "ref-09", "ref-11", "ref-12"}
    assert ids(waiting, "--school", "hylla") == at_hylla
    assert ids(waiting, "--school", "NO912345688") == at_hylla
    assert ids(waiting, "--school", "Solbakken læringssenter") == {"ref-01", "ref-04", "ref-05", "ref-10"}
    assert ids(waiting, "--role", "teacher") == set()
    assert len(ids(waiting, "--role", "pupil")) == 10


def test_pending_by_age(waiting: Office) -> None:
    assert ids(waiting, "--older-than", "1") == set()
    assert len(ids(waiting, "--older-than", "0")) == 10


def test_pending_ours_leaves_out_who_was_there_before(waiting: Office) -> None:
    with waiting.catalogue.open("ab") as file:
        file.write(
            b"\ndn: uid=old,ou=people,dc=skotthyll,dc=no\nobjectClass: top\nobjectClass: person\n"
            b"objectClass: inetOrgPerson\nobjectClass: eduPerson\nobjectClass: norEduPerson\ncn: Old\nsn: Old\n"
            b"uid: old\neduPersonPrincipalName: old@skotthyll.kommune.no\n"
        )
    assert None in ids(waiting)
    assert len(ids(waiting, "--ours")) == 10
    assert "not ours" in waiting("pending").out


def test_pending_with_nobody_is_no_success(office: Office) -> None:
    answer = office("pending")
    assert (answer.code, answer.out) == (0, f"{NOBODY}\n")


@pytest.mark.parametrize(("option", "value"), [("--school", "nowhere"), ("--role", "pope")])
def test_pending_with_a_wrong_filter_is_told_even_when_nobody_waits(
    office: Office, one_sentence, option: str, value: str
) -> None:
    answer = office("pending", option, value)
    assert answer.code == 2
    one_sentence(answer)


def test_query_sheet_comes_back_filled_as_a_number_list(waiting: Office) -> None:
    sheet = waiting.folder / "sheet.csv"
    assert waiting("pending", "--query-sheet", str(sheet)).code == 0
    lines = sheet.read_text(encoding="utf-8-sig").splitlines()
    heading = lines[0].split(";")
    rows = [dict(zip(heading, line.split(";"), strict=True)) for line in lines[1:]]
    assert "ref-12" not in {row["source_id"] for row in rows}  # a protected person is in no sheet
    assert len(rows) == 9
    for row in rows:
        if row["source_id"] == "ref-03":
            row |= {"national_number": "57912075186", "evidence": "brev", "seen_by": "Kari", "seen_on": "05.10.2026"}
    sheet.write_text("\n".join(";".join(r) for r in [heading, *[list(r.values()) for r in rows]]), encoding="cp1252",
                     errors="replace")  # fmt: skip
    answer = waiting("attach", str(sheet), "--yes", "--json")
    assert (answer.code, answer.json["counts"]["attached"]) == (0, 1)
    assert "8 rows have no number yet." in answer.err
    assert waiting.entry("ref-03").text("norEduPersonNIN") == "57912075186"


# --- attach


def test_attach_without_yes_writes_nothing(waiting: Office) -> None:
    before = waiting.state()
    answer = waiting("attach", numbers(waiting))
    assert (answer.code, waiting.state()) == (1, before)
    assert f"attach <Tenor number> to dmitkova@{REALM}" in answer.out


def test_attach_writes_the_number_and_nothing_else(waiting: Office) -> None:
    before = waiting.entries()
    answer = waiting("attach", numbers(waiting), "--yes", "--json")
    assert answer.json["counts"] == {"attached": 4, "unchanged": 0, "refused": 1, "held": 1, "failed": 0}
    assert answer.code == 1
    after = waiting.entries()
    for dn, entry in after.items():
        gone = {name for name in before[dn] if name not in entry}
        changed = {name for name, values in entry.items() if before[dn].get(name) != values}
        assert (gone, changed) in [(set(), set()), (set(), {"norEduPersonNIN"})]
    assert sum(before[dn] != after[dn] for dn in after) == 4
    assert len(ids(waiting)) == 6


def test_attach_twice_equals_attach_once(waiting: Office) -> None:
    waiting("attach", numbers(waiting), "--yes")
    before = waiting.catalogue.read_bytes()
    answer = waiting("attach", numbers(waiting), "--yes", "--json")
    assert answer.json["counts"] == {"attached": 0, "unchanged": 4, "refused": 1, "held": 1, "failed": 0}
    assert waiting.catalogue.read_bytes() == before


def test_person_list_that_brings_the_number_later_attaches_it(office: Office) -> None:
    office("apply", office.people("a-1;Anna;Berg;2003-04-05;hylla;pupil;"), "--yes")
    answer = office("apply", office.people("a-1;Anna;Berg;2003-04-05;hylla;pupil;45840375084"), "--yes", "--json")
    assert [change["kind"] for change in answer.json["changes"]] == ["attach"]
    assert office("apply", office.people("a-1;Anna;Berg;2003-04-05;hylla;pupil;"), "--yes").code == 0
    assert office.entry("a-1").text("norEduPersonNIN") == "45840375084"  # an empty column takes nothing away


def test_number_of_somebody_else_is_held_for_a_person_and_second_account_lets_it_through(office: Office) -> None:
    people = office.people("a-1;Anna;Berg;2003-04-05;hylla;pupil;45840375084", "a-2;Åse;Dal;2003-04-05;hylla;pupil;")
    assert office("apply", people, "--yes").code == 0
    arrived = office.write("arrived.csv", "source_id;national_number;birth_date\na-2;45840375084;2003-04-05\n")
    held = office("attach", arrived, "--yes", "--json")
    assert (held.code, held.json["counts"]["held"]) == (1, 1)
    [row] = held.json["refusals"]
    assert row["code"] == "R-HELD-BY-ANOTHER"
    assert f"resolve asedal@{REALM} --second-account-of annaberg@{REALM}" in row["sentence"]
    said = office("resolve", f"asedal@{REALM}", "--second-account-of", f"annaberg@{REALM}", "--yes")
    assert (said.code, said.out) == (
        0,
        f"Recorded: asedal@{REALM} and annaberg@{REALM} are two accounts of one person.\n",
    )
    assert office("attach", arrived, "--yes").code == 0
    assert office.entry("a-2").text("norEduPersonNIN") == "45840375084"


# --- resolve


ELSEWHERE = """
dn: uid=anna,ou=people,dc=skotthyll,dc=no
objectClass: top
objectClass: person
objectClass: organizationalPerson
objectClass: inetOrgPerson
objectClass: eduPerson
objectClass: norEduPerson
cn: Anna Berg
displayName: Anna Berg
sn: Berg
uid: anna
eduPersonPrincipalName: anna@skotthyll.kommune.no
norEduPersonBirthDate: 20100101
"""


@pytest.fixture
def double(office: Office) -> tuple[Office, str]:
    """An Anna Berg whom another system made, and a person list with an Anna Berg of the same day."""
    with office.catalogue.open("a") as file:
        file.write(ELSEWHERE)
    people = office.people("a-1;Anna;Berg;2010-01-01;hylla;pupil;")
    held = office("apply", people, "--yes", "--json")
    assert [(r["code"], r["row"], r["held"]) for r in held.json["refusals"]] == [("R-SAME-PERSON", 2, True)]
    assert f"run: feideprov resolve anna@{REALM} --same-as a-1" in held.json["refusals"][0]["sentence"]
    assert held.json["counts"]["created"] == 0
    return office, people


def test_same_person_is_updated_instead_of_made_again(double: tuple[Office, str]) -> None:
    office, people = double
    answer = office("resolve", f"anna@{REALM}", "--same-as", "a-1", "--json", "--yes")
    assert (answer.code, answer.json["ok"], answer.json["user"]) == (0, True, f"anna@{REALM}")
    assert office.entry("a-1").text("uid") == "anna"
    done = office("apply", people, "--yes", "--json")
    assert (done.code, [c["kind"] for c in done.json["changes"]]) == (0, ["update"])
    assert office("plan", people, "--exit-code").code == 0


def test_another_person_is_made(double: tuple[Office, str]) -> None:
    office, people = double
    assert office("resolve", f"anna@{REALM}", "--different", "--yes").code == 0
    done = office("apply", people, "--yes", "--json")
    assert [c["user"] for c in done.json["changes"]] == [f"annaberg@{REALM}"]


@pytest.mark.parametrize("words", [(), ("--different", "--same-as", "a-1")], ids=["none", "two"])
def test_resolve_takes_one_answer(office: Office, one_sentence, words: tuple[str, ...]) -> None:
    answer = office("resolve", f"anna@{REALM}", *words)
    assert (answer.code, one_sentence(answer)) == (
        2,
        ("Give exactly one of these options: --same-as, --different, --second-account-of, --undo, --gone"),
    )


def test_resolve_of_nobody_says_so(office: Office, one_sentence) -> None:
    answer = office("resolve", f"nobody@{REALM}", "--different", "--yes")
    assert (answer.code, one_sentence(answer)) == (1, f"There is no user nobody@{REALM}.")


def test_source_id_of_a_same_person_is_no_number(double: tuple[Office, str], one_sentence) -> None:
    office, _ = double
    before = office.state()
    answer = office("resolve", f"anna@{REALM}", "--same-as", "45840375084", "--yes")
    assert (answer.code, office.state()) == (2, before)
    assert "45840375084" not in one_sentence(answer)


# --- history


def test_history_tells_what_was_done_when_by_whom_and_on_which_evidence(waiting: Office) -> None:
    waiting("attach", numbers(waiting), "--yes")
    answer = waiting("history", f"Sofikova@{REALM}")
    assert answer.code == 0
    made, attached = answer.out.splitlines()
    assert "create: done, by " in made
    assert ", from refugees.csv row 4" in made
    assert "attach: done, by " in attached
    assert attached.endswith(", from numbers.csv row 4; evidence: letter, seen by Kari Nordmann on 2026-10-05")


def test_history_of_nobody_says_so(office: Office) -> None:
    answer = office("history", f"nobody@{REALM}")
    assert (answer.code, answer.out) == (0, "The journal has nothing about this user.\n")


# --- language, version, help


def test_sentences_about_numbers_come_in_norwegian(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    english = office("plan", refugees(office)).out
    capsys.readouterr()
    assert run(["--config", str(office.config), "--lang", "nb", "plan", refugees(office)]) == 1
    norwegian = capsys.readouterr().out
    sentence = {text: next(line for line in text.splitlines() if "[N-" in line) for text in (english, norwegian)}
    assert sentence[english] != sentence[norwegian]
    assert sentence[english].rpartition("[")[2] == sentence[norwegian].rpartition("[")[2]
    assert " nummer" in norwegian


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert capsys.readouterr().out.startswith("feideprov 0.")


def test_no_command_shows_the_help_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([]) == 2
    said = capsys.readouterr()
    assert "Usage: feideprov" in said.out + said.err
    assert "See:" not in said.err


# --- a directory to begin with


def test_init_directory_begins_an_ldif_directory_that_users_can_be_made_in(office: Office) -> None:
    before = office.entries()
    office.catalogue.unlink()
    assert "There is no LDIF directory" in office("pending").err
    dry = office("init", "--directory", "--json")
    assert (dry.code, dry.json["dry"], dry.json["counts"]["created"]) == (0, True, 5)
    assert not office.catalogue.exists()
    done = office("init", "--directory", "--yes")
    assert (done.code, office.catalogue.stat().st_mode & 0o777) == (0, 0o600)
    assert office.entries().keys() == before.keys()
    assert office("init", "--directory", "--yes").out == "\n5 unchanged.\n"
    assert office("apply", office.people("a-1;Anna;Berg;;hylla;pupil;"), "--yes").code == 0


def test_init_directory_makes_what_an_ldap_directory_lacks() -> None:
    with PrivateSlapd() as server, tempfile.TemporaryDirectory() as folder:
        config = Path(folder, "feideprov.toml")
        Path(folder, "password").write_text(server.service_password)
        lines = f'url = "{server.ldaps}"\nca_file = "{server.ca_file}"\nbind_dn = "{server.service_dn}"'
        config.write_text(demo.configuration(f'{lines}\npassword_file = "password"'), encoding="utf-8")
        assert run(["--config", str(config), "init", "--directory", "--yes"]) == 0
        with Client.open(config) as feide:
            assert feide.organization_units.plan().changes == ()
            assert feide.pending() == []


def test_no_local_number_stands_in_the_ldif_of_a_plan(office: Office) -> None:
    """Neither of a user to be made nor of one who is there: a comment stands in its place."""
    office.set("test = true\n", "test = true\nkeep_local_numbers = true\n")
    local = "17432012345"  # fails its check digits: nobody has it
    with_number = office.people(f"a-1;Anna;Berg;;hylla;pupil;{local}")
    created = office.write("created.ldif", "")
    office("plan", with_number, "--ldif", created)
    office("apply", office.people("a-1;Anna;Berg;;hylla;pupil;"), "--yes")
    updated = office.write("updated.ldif", "")
    office("plan", office.people(f"a-1;Anna;Berg;;hylla;staff;{local}"), "--ldif", updated)
    alone = office.write("alone.ldif", "")
    office("plan", office.people(f"a-1;Anna;Berg;;hylla;pupil;{local}"), "--ldif", alone)
    for path in (created, updated, alone):
        text = Path(path).read_text(encoding="utf-8")
        assert "norEduPersonLIN" in text
        assert local not in text
        assert "norEduPersonLIN:" not in text
    assert "changetype: modify" in Path(updated).read_text(encoding="utf-8")
    assert "changetype" not in Path(alone).read_text(encoding="utf-8")
