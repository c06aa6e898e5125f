"""Each command that a plan advises about who is who can be run as it stands."""

from __future__ import annotations

import contextlib
import re
import shlex
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.journeys.conftest import Office

ANNA = "a-1;Anna;Berg;2003-04-05;hylla;pupil;"
SCENES = {
    "two rows of one list": ((), (ANNA, "a-2;Anna;Berg;2003-04-05;hylla;pupil;"), "--new-person"),
    "two rows, nearly": (
        (),
        ("a-1;Mohamed;Ali;2003-04-05;hylla;pupil;", "a-2;Mohammed;Ali;2003-04-05;hylla;pupil;"),
        "",
    ),
    "two rows without birth date": ((), ("a-1;Anna;Berg;;hylla;pupil;", "a-2;Anna;Berg;;hylla;pupil;"), ""),
    "a user who is there": ((ANNA,), ("b-1;Anna;Berg;2003-04-05;hylla;pupil;",), "--same-as b-1 --yes"),
    "a user who is there, nearly": ((ANNA,), ("b-1;Anne;Berg;2003-04-05;hylla;pupil;",), "--same-as b-1 --yes"),
    "a user who is there, and no birth date": ((ANNA,), ("b-1;Anna;Berg;;hylla;pupil;",), "--same-as b-1 --yes"),
    "a key with a space": ((ANNA,), ("b 1;Anna;Berg;2003-04-05;hylla;pupil;",), "--same-as 'b 1' --yes"),
    "another person": ((ANNA,), ("a-1;Omar;Saleh;2001-01-01;hylla;pupil;",), "--same-person"),
    "a number of somebody else": (
        ("a-1;Anna;Berg;2003-04-05;hylla;pupil;45840375084",),
        ("b-1;Omar;Saleh;2003-04-05;hylla;pupil;45840375084",),
        "",
    ),
}


def forget_it_ever_ran(office: Office) -> None:
    """As if another system had made the users: there is no journal, and there never was one."""
    office.journal.unlink()
    (office.folder / "feideprov.key.mark").unlink()


def advised(sentence: str) -> list[str]:
    """The commands in a sentence."""
    return [part.split(". ")[0].rstrip(".").strip() for part in sentence.split("feideprov ")[1:]]


def sentences(office: Office, people: str) -> list[str]:
    answer = office("plan", people, "--json")
    return [refusal["sentence"] for refusal in answer.json["refusals"]] + answer.err.splitlines()


def runs(office: Office, said: list[str]) -> list[str]:
    """The commands in these sentences, after each was tried as a dry run."""
    commands = [command for sentence in said for command in advised(sentence)]
    for command in commands:
        words = [word for word in shlex.split(command) if word != "--yes"]
        assert not re.search(r"\b(USER2?|SOURCE_ID|LIST)\b", command), command
        with contextlib.chdir(office.folder):
            answer = office(*words)
        assert answer.code == 0, (command, answer.out, answer.err)
    return commands


@pytest.mark.parametrize("scene", SCENES)
def test_every_advised_command_can_be_run(office: Office, scene: str) -> None:
    before, rows, part = SCENES[scene]
    if before:
        assert office("apply", office.people(*before), "--yes").code == 0
    said = sentences(office, office.people(*rows))
    assert said
    commands = runs(office, said)
    assert any(part in command for command in commands) or not part


def without_name(office: Office) -> None:
    lines = office.catalogue.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith("eduPersonPrincipalName")]
    office.catalogue.write_text("\n".join(kept) + "\n", encoding="utf-8")


@pytest.mark.parametrize(
    "row",
    [
        "b-1;Anna;Berg;2003-04-05;hylla;pupil;",
        "b-1;Anne;Berg;2003-04-05;hylla;pupil;",
        "b-1;Anna;Berg;;hylla;pupil;",
    ],
    ids=["question", "nearly", "no birth date"],
)
def test_a_user_without_a_feide_name_is_named_first(office: Office, row: str) -> None:
    office.config.write_text(office.config.read_text(encoding="utf-8") + "\n[feide]\nbirth_date = true\n", "utf-8")
    assert office("apply", office.people(ANNA), "--yes").code == 0
    without_name(office)
    forget_it_ever_ran(office)
    said = sentences(office, office.people(row))
    assert "eduPersonPrincipalName" in said[0]
    runs(office, said)


def test_a_user_of_another_system_and_a_source_id_without_its_source(office: Office) -> None:
    assert office("apply", office.people(ANNA), "--yes").code == 0
    forget_it_ever_ran(office)
    said = sentences(office, office.people("a-1;Anna;Lie;2003-04-05;hylla;pupil;"))
    assert any("--same-as a-1 --yes" in command for command in runs(office, said))
    sources = '\n[[sources]]\nname = "{}"\nevidence = "register"\nconfirmed_by = "Kari"\nconfirmed_on = 2026-08-01\n'
    text = office.config.read_text(encoding="utf-8")
    office.config.write_text(text + sources.format("visma") + sources.format("oppad"), encoding="utf-8")
    people = office.people("a-1;Omar;Saleh;2001-01-01;hylla;pupil;")
    answer = office("plan", people, "--source", "visma", "--json")
    [refusal] = answer.json["refusals"]
    assert refusal["code"] == "R-SOURCE-PREFIX"
    commands = runs(office, [refusal["sentence"]])
    assert [command.split(" --")[1].split()[0] for command in commands] == ["same-as", "different"]
    assert office(*shlex.split(commands[1])).code == 0
    assert office("plan", people, "--source", "visma", "--json").json["counts"]["created"] == 1


def test_a_closed_user_without_a_name_today_is_reopened(office: Office) -> None:
    office.set("[login]\n", '[login]\nby = "entra"\n')
    assert office("apply", office.people(ANNA), "--yes").code == 0
    assert office("close", "annaberg@skotthyll.kommune.no", "--yes").code == 0
    said = sentences(office, office.people("b-1;Anna;Berg;2003-04-05;hylla;pupil;"))
    assert "reopen annaberg@skotthyll.kommune.no" in runs(office, said)
