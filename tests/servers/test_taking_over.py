"""On slapd: users of another journal become ours with `link`, and the source id is written where there is none."""

from __future__ import annotations

from pathlib import Path

import pytest
from commands import here

from feideprov import Client
from feideprov.directory.entry import Modification, Modify

HEADING = "source_id;given_name;family_name;birth_date;school;role;national_number\n"
OLENA = "p1;Olena;Kovalenko;2020-11-17;hylla;pupil;57912075186\n"  # Tenor's
SARA = "p2;Sara;Haddad;2012-03-04;hylla;pupil;\n"
KEY = "employeeNumber"


@pytest.fixture
def folder(skotthyll: Path) -> Path:
    """Two users without a journal, the first one without a source id."""
    folder = skotthyll.parent
    (folder / "people.csv").write_text(HEADING + OLENA + SARA, encoding="utf-8")
    assert here(folder, "apply", "people.csv", "--yes")[0] == 0
    with Client.open(skotthyll) as feide:
        [entry] = [one for one in feide.directory.having([KEY], [KEY]) if one.text(KEY) == "p1"]
        [done] = feide.directory.write([Modify(entry.dn, (Modification("delete", KEY, (b"p1",)),))])
        assert done.error is None
    for name in ("feideprov.db", "feideprov.key"):
        (folder / name).unlink()
    for mark in folder.glob("feideprov.*mark*"):
        mark.unlink()
    return folder


def test_users_become_ours_by_number_and_key_and_a_part_of_a_name_is_a_question(folder: Path) -> None:
    (folder / "married.csv").write_text(HEADING + OLENA.replace("p1;Olena;Kovalenko", "p9;Olena;Berg"), "utf-8")
    code, out, _ = here(folder, "apply", "married.csv", "--yes")
    assert (code, "[R-SAME-PERSON]" in out, "this number, this birth date and a part" in out) == (1, True, True)
    code, out, _ = here(folder, "link", "people.csv")
    assert (code, out.count("link "), "write the source id p1" in out) == (0, 2, True)
    assert here(folder, "link", "people.csv", "--yes")[0] == 0
    with Client.open(folder / "feideprov.toml") as feide:
        assert sorted(one.text(KEY) or "" for one in feide.directory.having([KEY], [KEY])) == ["p1", "p2"]
        plan = feide.plan(folder / "people.csv")
        assert (plan.counts["unchanged"], plan.refusals) == (2, ())
    assert here(folder, "release", "--all", "--yes")[0] == 0
    (folder / "moved.csv").write_text(HEADING + SARA.replace("Haddad", "Berg"), encoding="utf-8")
    assert "[R-NOT-OURS]" in here(folder, "apply", "moved.csv", "--yes")[1]
