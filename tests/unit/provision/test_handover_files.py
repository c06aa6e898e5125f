"""Several hand-over files: one for each school or class, with one row for each user in all of them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feideprov import JournalError, files
from feideprov.directory.dn import DN
from feideprov.feide.organization import School
from feideprov.files.names import file_name, same_file
from feideprov.provision.run.handover import FirstPassword, HandoverFile
from feideprov.provision.run.handover_row import HandoverRow

ON = date(2026, 11, 22)
OLENA, OMAR, SELAM = "olenkova@a.no", "mrhsn@a.no", "selatesf@a.no"


def school(school_id: str, name: str) -> School:
    return School(id=school_id, name=name, number="NO912345688", mail="a@a.no", dn=DN.parse(f"ou={school_id},dc=a"))


HYLLA, SOLBAKKEN = school("hylla", "Hylla skole"), school("sol", "Solbakken / Øvre")
SCHOOLS = (HYLLA, SOLBAKKEN)


def password(
    user: str, of: School | None = HYLLA, group: str = "6A", text: str = "Bako-1", **more: str
) -> FirstPassword:
    named = {"name": "Navn", "school": of.name, "school_dn": str(of.dn)} if of else {"name": "", "school": ""}
    return FirstPassword(user, password=text, group=group, **{**named, **more})


def opened(folder: Path, pattern: str = "passwords/{school}-{class}.csv", on: date = ON) -> HandoverFile:
    return HandoverFile(folder / pattern, SCHOOLS, on)


def names(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder / "passwords")) for path in (folder / "passwords").rglob("*.csv"))


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("passwords/{school}.csv", ["Hylla skole.csv", "Solbakken-Øvre.csv", "andre.csv"]),
        ("passwords/{class}.csv", ["6A.csv", "andre.csv"]),
        ("passwords/{school}/{class}.csv", ["Hylla skole/6A.csv", "Solbakken-Øvre/6A.csv", "andre/andre.csv"]),
    ],
)
def test_each_school_or_class_has_a_file_for_its_owner_alone(tmp_path, pattern, expected):
    file = opened(tmp_path, pattern)
    file.add([password(OLENA), password(OMAR, SOLBAKKEN), password(SELAM, None, "")])
    assert names(tmp_path) == expected
    found = [path for path in (tmp_path / "passwords").rglob("*") if path.name != "handover.lock"]
    assert {path.stat().st_mode & 0o777 for path in found} <= {0o600, 0o700}
    assert (tmp_path / "passwords").stat().st_mode & 0o777 == 0o700
    assert sum(1 for _ in (tmp_path / "passwords").rglob("*.lock")) == 1
    assert opened(tmp_path, pattern).passwords().keys() == {OLENA, OMAR, SELAM}


def test_a_row_has_what_a_slip_needs(tmp_path):
    opened(tmp_path).add([password(OLENA, grade="6", language="uk")])
    assert opened(tmp_path).rows() == [HandoverRow(OLENA, "Navn", "hylla", "6A", "6", "uk", "Bako-1", ON)]


def test_a_user_who_moved_to_another_class_has_one_row(tmp_path):
    opened(tmp_path).add([password(OLENA), password(OMAR)])
    opened(tmp_path).add([password(OLENA, SOLBAKKEN, "7B", "Tulo-3")])
    assert names(tmp_path) == ["Hylla skole-6A.csv", "Solbakken-Øvre-7B.csv"]
    assert opened(tmp_path).passwords() == {OLENA: "Tulo-3", OMAR: "Bako-1"}
    assert OLENA not in (tmp_path / "passwords" / "Hylla skole-6A.csv").read_text(encoding="utf-8-sig")


def test_a_row_that_was_replaced_in_another_file_comes_back_and_empty_files_go(tmp_path):
    opened(tmp_path).add([password(OLENA)])
    run = opened(tmp_path)
    run.add([password(OLENA, SOLBAKKEN, "7B", "Tulo-3")])
    assert names(tmp_path) == ["Solbakken-Øvre-7B.csv"]
    run.remove([OLENA])
    assert names(tmp_path) == ["Hylla skole-6A.csv"]
    assert opened(tmp_path).passwords() == {OLENA: "Bako-1"}


def test_a_rename_finds_the_row_in_any_file(tmp_path):
    opened(tmp_path).add([password(OLENA), password(OMAR, SOLBAKKEN)])
    opened(tmp_path).rename({OMAR: "omar@a.no"})
    assert opened(tmp_path).passwords().keys() == {OLENA, "omar@a.no"}


def test_schools_whose_names_become_the_same_have_different_files(tmp_path):
    alike = [
        school("a", "Ås/Vik"),
        school("b", "Ås-Vik"),
        school("c", "ås: vik"),
        school("d", "Andre"),
        school("e", "?"),
    ]
    file = HandoverFile(tmp_path / "passwords" / "{school}.csv", alike, ON)
    file.add([password(f"{one.id}@a.no", one) for one in alike])
    file.add([password("nobody@a.no", None, "")])
    found = names(tmp_path)
    assert len({same_file(name) for name in found}) == len(found) == 6
    assert found == sorted(["Ås-Vik.csv", "b Ås-Vik.csv", "c ås-vik.csv", "d Andre.csv", "e.csv", "andre.csv"])


def test_classes_that_differ_in_case_alone_share_a_file(tmp_path):
    """On a file system that takes both names for one, the second would replace the first."""
    opened(tmp_path).add([password(OLENA, group="6a")])
    opened(tmp_path).add([password(OMAR, group="6A")])
    assert names(tmp_path) == ["Hylla skole-6a.csv"]
    assert [row.group for row in opened(tmp_path).rows()] == ["6a", "6A"]


def test_a_file_of_0_2_0_is_read_and_written_anew(tmp_path):
    path = tmp_path / "passwords.csv"
    path.write_text(
        f"user;name;school;password\r\n{OLENA};'=A;Hylla skole;Bako-1\r\n", encoding="utf-8-sig", newline=""
    )
    file = HandoverFile(path, SCHOOLS, ON)
    assert file.rows() == [HandoverRow(OLENA, "=A", "hylla", password="Bako-1")]
    file.add([password(OMAR)])
    assert file.rows()[0] == HandoverRow(OLENA, "=A", "hylla", password="Bako-1", made_on=ON)


def test_what_was_given_is_erased_and_its_row_stays(tmp_path):
    file = opened(tmp_path)
    file.add([password(OLENA), password(OMAR, SOLBAKKEN)])
    assert file.given([OLENA, "nobody@a.no"], ON + timedelta(1)) == [OLENA]
    assert file.given([OLENA], ON + timedelta(2)) == []
    [olena] = [row for row in file.rows() if row.user == OLENA]
    assert (olena.password, olena.made_on, olena.given_on) == ("", ON, ON + timedelta(1))
    assert file.passwords() == {OMAR: "Bako-1"}
    assert b"Bako-1" not in (tmp_path / "passwords" / "Hylla skole-6A.csv").read_bytes()


@pytest.mark.parametrize(("later", "erased"), [(14, []), (15, [OLENA])])
def test_what_nobody_took_is_erased_after_its_days(tmp_path, later, erased):
    opened(tmp_path).add([password(OLENA), password(OMAR)])
    file = opened(tmp_path, on=ON + timedelta(later))
    assert file.erase_old(14, but=[OMAR]) == erased
    assert file.passwords().keys() == {OLENA, OMAR} - set(erased)
    assert [row.given_on for row in file.rows()] == [None, None]


def test_a_file_of_others_among_them_is_told_and_stays(tmp_path):
    opened(tmp_path).add([password(OLENA)])
    other = tmp_path / "passwords" / "list-of.csv"
    other.write_text("a;b\n1;2\n", encoding="utf-8")
    with pytest.raises(JournalError, match=r"first line of the hand-over file .*list-of\.csv"):
        opened(tmp_path).add([password(OMAR)])
    assert other.read_text(encoding="utf-8") == "a;b\n1;2\n"


class Killed(BaseException):
    """Ends a process at a place, for a test."""


USERS = [OLENA, OMAR, SELAM]
steps = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.sampled_from(USERS), st.sampled_from(SCHOOLS), st.sampled_from(["6A", "7B", ""])),
        st.tuples(st.just("remove"), st.sampled_from(USERS)),
        st.tuples(st.just("given"), st.sampled_from(USERS)),
    ),
    max_size=6,
)


def carry_out(file: HandoverFile, step: tuple, text: str) -> None:
    match step:
        case "add", user, of, group:
            file.add([password(user, of, group, text)])
        case "remove", user:
            file.remove([user])
        case "given", user:
            file.given([user], ON)


@given(steps)
def test_a_user_has_one_row_over_all_files(tmp_path_factory, steps):
    folder = tmp_path_factory.mktemp("rows")
    for number, step in enumerate(steps):
        carry_out(opened(folder), step, f"Tulo-{number}")
        raw = [line for name in names(folder) for line in (folder / "passwords" / name).read_text("utf-8-sig").split()]
        found = [user for line in raw for user in USERS if line.startswith(f"{user};")]
        assert len(found) == len(set(found))
        assert set(found) == {row.user for row in opened(folder).rows()}


def operations(monkeypatch: pytest.MonkeyPatch, at: int) -> Iterator[None]:
    """Counts the operations that change the folder, and ends the process at one of them."""
    done = 0

    def counted(real):
        def operation(*given, **named):
            nonlocal done
            done += 1
            if done == at:
                raise Killed
            return real(*given, **named)

        return operation

    for owner, name in ((Path, "replace"), (Path, "unlink"), (os, "fsync"), (os, "open")):
        monkeypatch.setattr(owner, name, counted(getattr(owner, name)))
    yield


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(st.integers(1, 40), st.sampled_from(["{school}-{class}", "{school}/{class}"]))
def test_a_kill_at_any_file_operation_loses_no_row(tmp_path_factory, at, form):
    folder, pattern = tmp_path_factory.mktemp("killed"), f"passwords/{form}.csv"
    opened(folder, pattern).add([password(OLENA), password(OMAR), password(SELAM, SOLBAKKEN)])
    with pytest.MonkeyPatch.context() as patch:
        next(operations(patch, at))
        try:
            opened(folder, pattern).add(
                [password(OLENA, SOLBAKKEN, "7B", "Tulo-3"), password(OMAR, HYLLA, "1C", "Rime-4")]
            )
            killed = False
        except Killed:
            killed = True
    after = opened(folder, pattern).passwords()
    assert after.keys() == set(USERS)
    assert after[SELAM] == "Bako-1"
    assert after[OLENA] in ({"Bako-1", "Tulo-3"} if killed else {"Tulo-3"})
    opened(folder, pattern).add([password(OLENA, SOLBAKKEN, "7B", "Tulo-3"), password(OMAR, HYLLA, "1C", "Rime-4")])
    assert opened(folder, pattern).passwords() == {OLENA: "Tulo-3", OMAR: "Rime-4", SELAM: "Bako-1"}
    users = [
        line.split(";")[0] for path in folder.rglob("*.csv") for line in path.read_text("utf-8-sig").splitlines()[1:]
    ]
    assert sorted(users) == sorted(USERS)
    assert not list(folder.rglob("*.new"))


def test_of_two_rows_that_a_kill_left_the_later_one_counts(tmp_path):
    opened(tmp_path).add([password(OLENA)])
    earlier = (tmp_path / "passwords" / "Hylla skole-6A.csv").read_bytes()
    opened(tmp_path).add([password(OLENA, SOLBAKKEN, text="Tulo-3")])
    files.replace(tmp_path / "passwords" / "Hylla skole-6A.csv", earlier)
    assert opened(tmp_path).passwords() == {OLENA: "Tulo-3"}
    opened(tmp_path).add([password(OMAR)])
    assert OLENA not in (tmp_path / "passwords" / "Hylla skole-6A.csv").read_text(encoding="utf-8-sig")


@given(st.text(max_size=300))
def test_a_name_is_a_file_on_every_file_system(text):
    name = file_name(text)
    assert not set(name) & set('<>:"/\\|?*')
    assert all(map(str.isprintable, name))
    assert not name.startswith((".", " ", "-"))
    assert not name.endswith((".", " "))
    assert len(name.encode()) <= 81
    assert name.split(".")[0].lower().rstrip() not in {"con", "prn", "aux", "nul", "com1", "lpt9"} or name.endswith("_")
    assert file_name(name) in (name, f"{name}_") or len(name.encode()) > 79
