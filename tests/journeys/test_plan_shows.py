"""The plan shows what changes: who, and what each value was and becomes, on the screen, in JSON, and in LDIF."""

from __future__ import annotations

import base64
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from feideprov.directory import ldif
from feideprov.numbers import number_shaped
from tests.journeys.conftest import Office

REALM = "skotthyll.kommune.no"
TENOR, BORN = "45840375084", "2003-04-05"
BEFORE = ("a-1;Anna;Olsen;;hylla;pupil;", "a-2;Олена;Коваленко;;hylla;pupil;", f"a-3;Kari;Vik;{BORN};hylla;student;")
AFTER = (
    f"a-3;Kari;Vik;{BORN};hylla;student;{TENOR}",
    "a-4;Åse;Dal;;hylla;pupil;",
    "a-2;Олена;Гончаренко;;hylla;pupil;",
    "a-1;Anna;Hansen;;solbakken;pupil;",
)


@pytest.fixture
def changing(office: Office) -> Office:
    """An office with a list that changes two users, and brings a user and a number."""
    assert office("apply", office.people(*BEFORE), "--yes").code == 0
    office.people(*AFTER)
    return office


def shown(screen: str) -> list[str]:
    """The lines about changes; an empty line ends them."""
    return [line for line in screen.partition("\n\n")[0].splitlines() if line.startswith("  ")]


SCREEN = """\
  attach <Tenor number> to karivik@skotthyll.kommune.no (Kari Vik, Hylla
      skole, row 2)
  create asedal@skotthyll.kommune.no (pupil at Hylla skole), without a
      number (Åse Dal, row 3)
  update olenkova@skotthyll.kommune.no: cn, displayName,
      norEduPersonLegalName, sn (Олена Коваленко, Hylla skole, row 4)
    cn: Олена Коваленко → Олена Гончаренко
    displayName: Олена Коваленко → Олена Гончаренко
    norEduPersonLegalName: Олена Коваленко → Олена Гончаренко
    sn: Коваленко → Гончаренко
  update annaolse@skotthyll.kommune.no: cn, displayName,
      norEduPersonLegalName, sn, eduPersonOrgUnitDN, eduPersonPrimaryOrgUnitDN
      (Anna Olsen, Hylla skole, row 5)
    cn: Anna Olsen → Anna Hansen
    displayName: Anna Olsen → Anna Hansen
    norEduPersonLegalName: Anna Olsen → Anna Hansen
    sn: Olsen → Hansen
    eduPersonOrgUnitDN: ou=Hylla skole,o=Skotthyll
        kommune,dc=skotthyll,dc=no → ou=Solbakken læringssenter,o=Skotthyll
        kommune,dc=skotthyll,dc=no
    eduPersonPrimaryOrgUnitDN: ou=Hylla skole,o=Skotthyll
        kommune,dc=skotthyll,dc=no → ou=Solbakken læringssenter,o=Skotthyll
        kommune,dc=skotthyll,dc=no
"""


def test_the_screen_shows_who_and_what_in_row_order_and_in_80_columns(changing: Office) -> None:
    people = str(changing.folder / "people.csv")
    assert shown(changing.screen("plan", people)) == SCREEN.splitlines()
    assert shown(changing.screen("apply", people)) == SCREEN.splitlines()
    assert shown(changing.screen("apply", people, "--yes")) == SCREEN.splitlines()


def test_a_saved_plan_shows_the_same(changing: Office) -> None:
    people, plan = str(changing.folder / "people.csv"), str(changing.folder / "plan.json")
    made = changing("plan", people, "-o", plan, "--json").json["changes"]
    assert shown(changing.screen("apply", plan)) == SCREEN.splitlines()
    assert changing("apply", plan, "--json").json["changes"] == made
    assert TENOR not in Path(plan).read_text(encoding="utf-8")


def test_json_says_who_and_what_each_value_was_and_becomes(changing: Office) -> None:
    attach, create, update, _ = changing("plan", str(changing.folder / "people.csv"), "--json").json["changes"]
    assert update == {
        "kind": "update",
        "user": f"olenkova@{REALM}",
        "dn": "uid=olenkova,ou=people,dc=skotthyll,dc=no",
        "sentence": f"update olenkova@{REALM}: cn, displayName, norEduPersonLegalName, sn",
        "name": "Олена Коваленко",
        "school": "Hylla skole",
        "source": "people.csv",
        "row": 4,
        "was": {
            "cn": ["Олена Коваленко"],
            "displayName": ["Олена Коваленко"],
            "norEduPersonLegalName": ["Олена Коваленко"],
            "sn": ["Коваленко"],
        },
        "becomes": {
            "cn": ["Олена Гончаренко"],
            "displayName": ["Олена Гончаренко"],
            "norEduPersonLegalName": ["Олена Гончаренко"],
            "sn": ["Гончаренко"],
        },
    }
    assert (attach["was"], attach["becomes"]) == ({}, {"norEduPersonNIN": ["<Tenor number>"]})
    assert (create["was"], create["name"], create["school"], create["row"]) == ({}, "Åse Dal", "Hylla skole", 3)
    assert create["becomes"]["sn"] == ["Dal"]
    assert "userPassword" not in create["becomes"]


def test_commands_without_a_list_show_who_too(changing: Office) -> None:
    for words in (("close",), ("password",), ("rename", "--to", "anna.x")):
        [change] = changing(words[0], f"annaolse@{REALM}", *words[1:], "--json").json["changes"]
        assert (change["name"], change["school"], change["row"]) == ("Anna Olsen", "Hylla skole", None)
    assert "    uid: annaolse → anna.x" in shown(changing.screen("rename", f"annaolse@{REALM}", "--to", "anna.x"))


def test_names_are_not_in_the_journal_and_not_in_the_sentences(changing: Office) -> None:
    answer = changing("apply", str(changing.folder / "people.csv"), "--yes", "--json")
    assert not re.search("Anna|Hansen|Kari|Олена", " ".join(c["sentence"] for c in answer.json["changes"]))
    assert b"Hansen" not in changing.journal.read_bytes()


def test_of_a_protected_person_only_attributes_are_shown(office: Office) -> None:
    heading, row = "source_id;given_name;family_name;school;role;protected\n", "a-1;Жанна;Olsen;hylla;pupil;yes\n"
    people = office.write("protected.csv", heading + row)
    created = office("apply", people, "--only", "a-1")
    assert "Жанна" not in created.out
    assert office("apply", people, "--only", "a-1", "--yes").code == 0
    office.write("protected.csv", heading + row.replace("Olsen", "Hansen"))
    ldif_file, plan = office.folder / "x.ldif", str(office.folder / "plan.json")
    said = office("plan", people, "--ldif", str(ldif_file), "-o", plan)
    [change] = office("plan", people, "--json").json["changes"]
    assert change["name"] is None
    assert (change["was"]["sn"], change["becomes"]["sn"]) == (["<not shown>"], ["<not shown>"])
    for text in (said.out, office("apply", plan).out, "\n".join(comments(ldif_file.read_text(encoding="utf-8")))):
        assert not re.search("Жанна|Olsen|Hansen|→", text)


# --- as LDIF


def comments(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("#")]


def test_ldif_says_who_and_has_in_clear_what_base64_hides(changing: Office) -> None:
    path = changing.folder / "plan.ldif"
    assert changing("plan", str(changing.folder / "people.csv"), "--ldif", str(path)).code == 0
    text = path.read_text(encoding="utf-8")
    assert "# Олена Коваленко, Hylla skole, row 4\n" in text
    assert "# Åse Dal, row 3\n" in text
    assert "delete: sn\n# sn: Коваленко\nsn:: " in text
    assert "# eduPersonOrgUnitDN: ou=Solbakken læringssenter,o=Skotthyll kommune,dc=skotthyll,dc=no\n" in text
    lines = text.replace("\n ", "").splitlines()
    for at, line in enumerate(lines):
        if hidden := re.fullmatch(r"(\w+):: (.*)", line):
            clear = f"{hidden[1]}: {base64.b64decode(hidden[2]).decode()}"
            assert lines[at - 1] == f"# {clear}"
    assert not any(map(number_shaped, comments(text)))


def test_no_value_leaves_its_comment(changing: Office) -> None:
    """Somebody has written lines of LDIF, signs that turn the text, and a number into a name."""
    evil = f"Æ\n\ndn: uid=x,dc=no\nchangetype: delete\r\n\u202e\x1b[2J {TENOR}"
    name = "displayName: Anna Olsen\n"
    catalogue = changing.catalogue.read_text(encoding="utf-8")
    assert catalogue.count(name) == 1
    for value, in_clear in (
        (evil, "…"),
        (evil.replace(TENOR, ""), "Æ<U+000A><U+000A>dn: uid=x,dc=no<U+000A>changetype:"),
    ):
        written = "\n".join(ldif.folded("displayName", value.encode()))
        changing.catalogue.write_text(catalogue.replace(name, f"{written}\n"), encoding="utf-8")
        path = changing.folder / "plan.ldif"
        said = changing("plan", str(changing.folder / "people.csv"), "--ldif", str(path))
        text = path.read_text(encoding="utf-8")
        assert [line for line in text.splitlines() if line.startswith("dn")] == [
            line for line in text.splitlines() if re.match(r"dn::? (uid=|dWlk)", line)
        ]
        assert sum(line.startswith("changetype: ") for line in text.splitlines()) == 3
        assert any(in_clear in line for line in comments(text))
        for shown_text in (said.out, "\n".join(comments(text))):
            assert not re.search(f"[\\u202e\\x1b\\r]|{TENOR}", shown_text)


def test_ldapmodify_takes_the_ldif_and_the_entries_are_those_of_the_plan(
    on_server: Callable[..., Office],
) -> None:
    office = on_server()
    assert office("apply", office.people(*BEFORE), "--yes").code == 0
    people, path = office.people(*AFTER[1:]), office.folder / "plan.ldif"
    assert office("plan", people, "--ldif", str(path)).code == 0
    assert office.server is not None
    words = ["ldapmodify", "-Q", "-Y", "EXTERNAL", "-H", office.server.ldapi, "-f", str(path)]
    subprocess.run(words, check=True, capture_output=True, timeout=60)
    after = office("plan", people, "--json").json
    assert (after["changes"], after["counts"]["unchanged"]) == ([], 3)
    created = office.entry("a-4")
    assert (created.text("displayName"), created.text("sn")) == ("Åse Dal", "Dal")
