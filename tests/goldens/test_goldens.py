"""What version 0.1.0 left behind is read as it was meant, and what the program says changes only on purpose.

`0.1.0/` was made by version 0.1.0: journals (SQLite, a dump of PostgreSQL) with their key and directory, a saved plan
with its input, a hand-over file (its passwords taken out), a configuration's fingerprint, the public signatures, and
what every command said. It is never made again.
"""

from __future__ import annotations

import csv
import json
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from signatures import signatures
from story import AFTERWARDS, HERE, Said, Step, say, stage, tell, transcript

from feideprov.settings import Settings
from feideprov.wiring import fingerprint_of

if TYPE_CHECKING:
    from private_postgres import PrivatePostgres

LEFT = HERE / "0.1.0"
PLANNED_IN = Path("/tmp/feideprov-golden")
"""Where the saved plan's input lay: its path is under the plan's seal."""
WORDS = ("sentence", "error", "text", "evidence", "action", "because")
"""Keys of the JSON whose values are sentences: a sentence may be worded better, everything else stays."""
SINCE = ("unmarked", "rows", "apply_stops", "leavers", "numbers", "language")
"""What came after 0.1.0: tasks of `today` for users without marks (in a journal of 0.1.0, all users), the counts of the
rows of a list, what stops `apply`, who is not in a list, how many numbers arrived or changed, and the language."""

LOOKING = ("check", "observe", "pending", "journal verify")
"""Commands that count the users they looked at, which they did not in 0.1.0."""

SAID_OF_CHANGES = ("name", "school", "source", "row", "was", "becomes")
"""What the JSON says of a change since 0.1.0."""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> list[Said]:
    return tell(tmp_path_factory.mktemp("story"))


def sections(text: str) -> dict[str, list[str]]:
    """The sections of a transcript by their title, in order: a command may come more than once."""
    found: dict[str, list[str]] = {}
    for section in re.split(r"\n\n(?=\$ feideprov)", text.rstrip("\n")):
        found.setdefault(section.partition("\n")[0], []).append(section)
    return found


def without_words(value: Any) -> Any:
    """A JSON value whose sentences are taken out, and what 0.1.0 did not count. The commands of tasks work from any
    folder since, so they are taken out too; so is the evidence of events, which had no word for the birth date."""
    if isinstance(value, dict):
        if "count" in value and "days" in value:
            value = value | {"command": "…"}
        since = (*SINCE, "protected") if "severity" in value or "tasks" in value else SINCE
        kept = {name: part for name, part in value.items() if name not in since}
        return {
            name: "…" if name in WORDS and (part or name == "evidence") else without_words(part)
            for name, part in kept.items()
        }
    if not isinstance(value, list):
        return value
    return [without_words(part) for part in value if not (isinstance(part, dict) and part.get("kind") in SINCE)]


def meaning(section: str) -> Any:
    """What a program reads of a section: the exit code, and the JSON but for its sentences."""
    code = section.splitlines()[1]
    out = section.partition("--- out\n")[2].partition("\n--- err\n")[0]
    if not section.partition("\n")[0].endswith("--json"):
        return code, None
    found = json.loads(out)
    if found["command"] in LOOKING:
        found["counts"].pop("users", None)
    for change in found.get("changes", ()):
        for key in SAID_OF_CHANGES:
            change.pop(key, None)
    for refusal in found.get("refusals", ()):
        refusal.pop("name", None)
    found.get("refusals", []).sort(key=lambda refusal: refusal["row"] or 0)  # 0.1.0 did not tell them in this order
    if found["command"] == "resolve":
        found.pop("dry", None)
    if "error" in found:  # 0.1.0 named the group alone
        found["command"] = found["command"].partition(" ")[0]
    for task in found.get("tasks", ()):
        if task["kind"] != "waiting":  # 0.1.0 told no days of the others
            task["days"] = None
    if found["command"] == "today":  # 0.1.0 went on to count a row that `apply --only` had solved
        found["counts"].pop("held", None)
        found["tasks"] = [task for task in found["tasks"] if task["kind"] != "held"]
    return code, without_words(found)


def test_every_command_says_what_was_written_down(told: list[Said]) -> None:
    """After a change that was meant: `python tests/goldens/record.py`, and read the difference."""
    recorded = sections((HERE / "transcript.txt").read_text(encoding="utf-8"))
    said = sections(transcript(told))
    assert list(said) == list(recorded)
    for title, found in said.items():
        assert found == recorded[title], title


def test_exit_codes_and_json_are_those_of_0_1_0_but_for_the_wording(told: list[Said]) -> None:
    before = sections((LEFT / "transcript.txt").read_text(encoding="utf-8"))
    after = sections(transcript(told))
    for title, found in before.items():
        said = after.get(title) or after[f"{title} --yes"]  # 0.1.0 had no dry run of `resolve`
        assert [meaning(one) for one in said] == [meaning(one) for one in found], title


def test_the_public_signatures_are_those_that_were_written_down() -> None:
    assert signatures() == (HERE / "signatures.txt").read_text(encoding="utf-8")


def test_the_fingerprint_of_a_configuration_is_that_of_0_1_0(tmp_path: Path) -> None:
    with stage(LEFT / "journal", tmp_path):
        assert fingerprint_of(Settings.load("feideprov.toml")) == (LEFT / "fingerprint.txt").read_text().strip()


def afterwards_as_before(said: list[Said]) -> None:
    before = sections((LEFT / "afterwards.txt").read_text(encoding="utf-8"))
    for title, found in sections(transcript(said)).items():
        assert [meaning(one) for one in found] == [meaning(one) for one in before[title]], title


def test_a_journal_in_sqlite_of_0_1_0_says_what_it_said_then(tmp_path: Path) -> None:
    with stage(LEFT / "journal", tmp_path):
        afterwards_as_before([say(step) for step in AFTERWARDS])
        lines = Path("passwords.csv").read_text(encoding="utf-8-sig").splitlines()
        assert len({line.count(";") for line in lines}) == 1


def test_a_journal_in_postgresql_of_0_1_0_says_what_it_said_then(tmp_path: Path, postgres: PrivatePostgres) -> None:
    url = postgres.database()
    dump = (LEFT / "postgres" / "journal.sql").read_text(encoding="utf-8")
    with postgres.connection(url.rpartition("/")[2]) as connection:
        connection.execute("\n".join(line for line in dump.splitlines() if not line.startswith("\\")).encode())
    with stage(LEFT / "journal", tmp_path):
        shutil.copyfile(LEFT / "postgres" / "catalogue.ldif", "catalogue.ldif")
        config = Path("feideprov.toml")
        config.write_text(config.read_text().replace("sqlite:///feideprov.db", url))
        Path("feideprov.db").unlink()
        said = [say(step) for step in AFTERWARDS]
    [verified] = [one for one in said if one.step.words == ("journal", "verify")]
    assert verified.out == "Looked at 13 users.\nThe journal and the directory agree."
    histories = [one for one in said if one.step.words[0] == "history"]
    afterwards_as_before(histories)


def test_a_plan_that_0_1_0_saved_is_carried_out_as_it_stands(tmp_path: Path) -> None:
    shutil.copytree(LEFT / "plan", PLANNED_IN, dirs_exist_ok=True)
    try:
        with stage(LEFT / "plan", tmp_path):
            done = say(Step(("apply", "plan.json", "--yes", "--json")))
    finally:
        shutil.rmtree(PLANNED_IN)
    before = sections((LEFT / "transcript.txt").read_text(encoding="utf-8"))
    assert meaning(done.section) == meaning(before["$ feideprov apply plan.json --yes --json"][0])


def test_a_hand_over_file_of_0_1_0_keeps_its_rows_and_takes_new_ones(tmp_path: Path) -> None:
    with stage(LEFT / "journal", tmp_path):
        before = Path("passwords.csv").read_text(encoding="utf-8-sig").splitlines()
        assert say(Step(("password", "zarghuna@skotthyll.kommune.no", "--yes"))).code == 0
        after = Path("passwords.csv").read_text(encoding="utf-8-sig").splitlines()
    told = ("user", "name", "school", "password")
    rows = [[tuple(map(row.get, told)) for row in csv.DictReader(text, delimiter=";")] for text in (before, after)]
    kept, now = ([row for row in one if not str(row[0]).startswith("zarghuna@")] for one in rows)
    assert now == kept
    assert len(after) == len(before)
