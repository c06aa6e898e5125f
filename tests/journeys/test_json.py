"""`--json`: one object on standard output, with the keys that docs/commands.md promises, for every command."""

from __future__ import annotations

import io
import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from feideprov.cli.app import run
from feideprov.cli.screen import json_text

if TYPE_CHECKING:
    from tests.journeys.conftest import Answer, Office

CHANGE = {"kind", "user", "dn", "sentence", "name", "school", "source", "row", "was", "becomes"}
REFUSAL = {"source", "row", "code", "sentence", "held", "user", "name"}
APPLY_COUNTS = ["created", "updated", "unchanged", "refused", "held", "failed"]
ATTACH_COUNTS = ["attached", "unchanged", "refused", "held", "failed"]


@pytest.fixture
def told(office: Office) -> Office:
    """The office after the whole story."""
    office("apply", str(office.folder / "refugees.csv"), "--yes")
    office("attach", str(office.folder / "numbers.csv"), "--yes")
    return office


def the_object(answer: Answer, command: str) -> Any:
    found = answer.json
    assert list(found)[:4] == ["command", "ok", "language", "counts"]
    assert (found["command"], found["ok"]) == (command, answer.code == 0)
    return found


def test_plan_apply_and_attach_tell_changes_and_refusals(office: Office) -> None:
    people, numbers = str(office.folder / "refugees.csv"), str(office.folder / "numbers.csv")
    for words, keys in [
        (("plan", people), ["changes", "refusals", "leavers", "apply_stops", "rows"]),
        (("apply", people), ["changes", "refusals", "leavers", "dry", "rows"]),
        (("apply", people, "--yes"), ["changes", "refusals", "leavers", "dry", "stopped", "rows"]),
        (("attach", numbers), ["changes", "refusals", "dry", "rows"]),
        (("attach", numbers, "--yes"), ["changes", "refusals", "dry", "stopped", "rows"]),
    ]:
        found = the_object(office(*words, "--json"), words[0])
        assert list(found)[4:] == keys
        assert found.get("dry", True) is ("--yes" not in words)
        assert list(found["counts"]) == (ATTACH_COUNTS if words[0] == "attach" else APPLY_COUNTS)
        assert {frozenset(change) for change in found["changes"]} == {frozenset(CHANGE)}
        assert {frozenset(refusal) for refusal in found["refusals"]} == {frozenset(REFUSAL)}
        assert len(found["changes"]) == found["counts"].get("created", 0) + found["counts"].get("attached", 0)


def test_a_change_names_the_user_by_feide_name_and_dn(office: Office) -> None:
    found = office("plan", str(office.folder / "refugees.csv"), "--json").json
    kept = ("kind", "user", "dn", "sentence")
    assert {key: found["changes"][0][key] for key in kept} == {
        "kind": "create",
        "user": "olenkova@skotthyll.kommune.no",
        "dn": "uid=olenkova,ou=people,dc=skotthyll,dc=no",
        "sentence": "create olenkova@skotthyll.kommune.no (student at Solbakken læringssenter), without a number",
    }


def test_rows_count_as_a_spreadsheet_does(office: Office) -> None:
    found = office("plan", str(office.folder / "refugees.csv"), "--json").json
    # refugees.csv: row 1 is the heading, ref-08 stands in row 9, the protected person in row 13
    assert [(r["source"], r["row"], r["held"]) for r in found["refusals"]] == [
        ("refugees.csv", 9, False),
        ("refugees.csv", 10, False),
        ("refugees.csv", 12, False),
        ("refugees.csv", 13, True),
    ]
    assert all(r["code"].startswith("N-") for r in found["refusals"][:3])
    assert found["refusals"][3]["code"] == "R-PROTECTED"


def test_blank_lines_count_as_rows(office: Office) -> None:
    people = office.people("a-1;Anna;Berg;;hylla;pupil;", "", ";;;;;;", "a-2;Åse;Dal;;nowhere;pupil;")
    found = office("plan", people, "--json").json
    assert [(r["source"], r["row"], r["code"]) for r in found["refusals"]] == [("people.csv", 5, "R-SCHOOL")]


def test_ok_is_true_exactly_when_the_exit_code_is_0(office: Office) -> None:
    good = office.people("a-1;Anna;Berg;;hylla;pupil;")
    assert the_object(office("plan", good, "--json"), "plan")["ok"] is True
    assert the_object(office("plan", good, "--json", "--exit-code"), "plan")["ok"] is False
    assert the_object(office("apply", good, "--json", "--yes"), "apply")["ok"] is True
    bad = office.people("a-1;Anna;Berg;;nowhere;pupil;")
    assert the_object(office("plan", bad, "--json"), "plan")["ok"] is False
    assert the_object(office("pending", "--json"), "pending")["ok"] is True


def test_pending_tells_users_since_when(told: Office) -> None:
    found = the_object(told("pending", "--json"), "pending")
    assert list(found)[4:] == ["users"]
    today = datetime.now(UTC).date()
    for user in found["users"]:
        assert list(user) == ["user", "source_id", "since", "since_source", "days"]
        assert user["since_source"] == "journal"
        assert abs((date.fromisoformat(user["since"]) - today).days) <= 1
        assert user["days"] in (0, 1)


def test_history_tells_events_with_evidence(told: Office) -> None:
    found = the_object(told("history", "sofikova@skotthyll.kommune.no", "--json"), "history")
    assert list(found)[4:] == ["events"]
    assert found["counts"] == {"events": 2}
    made, attached = found["events"]
    assert list(made) == ["at", "by", "kind", "other", "outcome", "evidence", "lifted", "altered", "input", "row"]
    assert (made["kind"], made["outcome"], made["evidence"]) == ("create", "done", None)
    assert (attached["kind"], attached["outcome"]) == ("attach", "done")
    assert attached["evidence"] == "letter, seen by Kari Nordmann on 2026-10-05"
    assert (attached["input"], attached["row"]) == ("numbers.csv", 4)
    assert datetime.fromisoformat(attached["at"]).tzinfo is not None


def test_resolve_init_and_demo_have_their_objects(
    told: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = the_object(told("resolve", "sofikova@skotthyll.kommune.no", "--different", "--yes", "--json"), "resolve")
    assert list(said)[4:] == ["user", "sentence", "dry"]
    config = tmp_path / "new.toml"
    capsys.readouterr()
    assert run(["--config", str(config), "init", "--json"]) == 0
    written = json.loads(capsys.readouterr().out)
    assert written == {"command": "init", "ok": True, "language": "en", "counts": {"written": 1}, "file": str(config)}
    demo = the_object(told("demo", "--json"), "demo")
    assert demo["counts"] == {"created": 12, "refused": 3, "attached": 4, "held": 1}


def test_judge_tells_verdicts_by_line(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"45840375084,2003-04-05\n\n15108695077\n")))
    answer = office("judge", "--json")
    found = the_object(answer, "judge")
    assert answer.code == 1
    assert found["counts"] == {"accept": 1, "needs-evidence": 0, "refuse": 1}
    assert [list(v) for v in found["verdicts"]] == [["line", "decision", "kind", "code", "sentence"]] * 2
    assert [(v["line"], v["decision"]) for v in found["verdicts"]] == [(1, "accept"), (3, "refuse")]


@pytest.mark.parametrize(
    ("words", "command", "code"),
    [
        (("plan", "nowhere.csv"), "plan", 2),
        (("attach", "nowhere.csv"), "attach", 2),
        (("apply", "nowhere.csv", "--yes"), "apply", 2),
        (("resolve", "nobody@skotthyll.kommune.no", "--different"), "resolve", 1),
        (("pending", "--school", "nowhere"), "pending", 2),
        (("pending", "--no-such-option"), "pending", 2),
        (("history",), "history", 2),
        (("init",), "init", 2),
    ],
)
def test_an_error_is_an_object_too(office: Office, words: tuple[str, ...], command: str, code: int) -> None:
    answer = office(*words, "--json")
    assert answer.code == code
    spoken = {"command": command, "ok": False, "language": "en", "counts": {}, "error": answer.err.strip()}
    assert answer.json == spoken


def test_failures_stand_among_the_refusals(office: Office, on_server: Any) -> None:
    on_server(extra_access=['access to dn.regex="^uid=annaberg," by * none'])
    people = office.people("a-1;Anna;Berg;;hylla;pupil;", "a-2;Åse;Dal;;hylla;pupil;")
    answer = office("apply", people, "--yes", "--json")
    found = the_object(answer, "apply")
    assert (answer.code, found["counts"]["failed"], found["counts"]["created"]) == (3, 1, 1)
    assert [(r["code"], r["row"], r["user"]) for r in found["refusals"]] == [
        ("R-FAILED", 2, "annaberg@skotthyll.kommune.no")
    ]


FORMAT = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\ufeff\u2028\u0085\U000e0041"


def test_the_object_holds_no_raw_format_character_and_the_same_text(office: Office) -> None:
    """A terminal turns the direction of what follows, so that a sentence says something else than what is there."""
    listed = office.write(
        f"people{FORMAT[0]}.csv", f"source_id;given_name;school;role\nref-1;O{FORMAT}lena;nowhere;pupil\n"
    )
    answers = [
        office("plan", listed, "--json"),
        office(f"pla{FORMAT}n", "--json"),
        office("history", f"ol{FORMAT}ena@x.no", "--json"),
    ]
    answers += [office("check", "--only", f"P-{FORMAT}", "--json"), office("pending", "--school", FORMAT, "--json")]
    for answer in answers:
        assert not [c for c in answer.out if c != "\n" and not c.isprintable()], answer.out
    assert json.loads(json_text({FORMAT: f"a{FORMAT}\nå"})) == {FORMAT: f"a{FORMAT}\nå"}
    assert "å" in json_text({FORMAT: f"a{FORMAT}\nå"})
