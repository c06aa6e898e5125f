"""The hand-over of first passwords: `passwords.csv`."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.journeys.conftest import Office

ANNA, ASE = "annaberg@skotthyll.kommune.no", "asedal@skotthyll.kommune.no"


def test_one_row_for_each_user_in_a_file_for_its_owner_alone(office: Office) -> None:
    office("apply", office.people("a-1;Anna;Berg;;hylla;pupil;", "a-2;Åse;Dal;;solbakken;student;"), "--yes")
    assert stat.S_IMODE(office.passwords.stat().st_mode) == 0o600
    heading, *rows = office.passwords.read_text(encoding="utf-8-sig").splitlines()
    assert heading == "user;name;school;class;grade;language;made_on;given_on;password"
    assert [row.split(";")[:3] for row in rows] == [
        [ANNA, "Anna Berg", "Hylla skole"],
        [ASE, "Åse Dal", "Solbakken læringssenter"],
    ]
    passwords = [row.rpartition(";")[2] for row in rows]
    assert len(set(passwords)) == 2
    assert all(len(password) >= 20 for password in passwords)


def test_second_run_adds_rows_and_overwrites_none(office: Office) -> None:
    office("apply", office.people("a-1;Anna;Berg;;hylla;pupil;"), "--yes")
    first = office.handed_over()
    office("apply", office.people("a-1;Anna;Berg;;hylla;pupil;", "a-2;Åse;Dal;;hylla;pupil;"), "--yes")
    second = office.handed_over()
    assert list(second) == [ANNA, ASE]
    assert second[ANNA] == first[ANNA]
    assert stat.S_IMODE(office.passwords.stat().st_mode) == 0o600


def test_rows_that_a_person_took_out_do_not_come_back(office: Office) -> None:
    office("apply", office.people("a-1;Anna;Berg;;hylla;pupil;"), "--yes")
    office.passwords.unlink()
    office("apply", office.people("a-1;Anna;Berg;;hylla;pupil;", "a-2;Åse;Dal;;hylla;pupil;"), "--yes")
    assert list(office.handed_over()) == [ASE]


def test_no_password_is_said_or_journaled(office: Office) -> None:
    answer = office("apply", office.people("a-1;Anna;Berg;;hylla;pupil;"), "--yes")
    [password] = office.handed_over().values()
    assert password not in answer.out + answer.err
    assert password.encode() not in office.journal.read_bytes() + office.catalogue.read_bytes()


def test_hand_over_file_where_the_configuration_says(office: Office) -> None:
    office.set("[journal]", '[journal]\nhandover = "later/first.csv"')
    answer = office("apply", office.people("a-1;Anna;Berg;;hylla;pupil;"), "--yes")
    path = office.folder / "later" / "first.csv"
    assert f"The first passwords are in {path}. Give them to the users, then note that they are" in answer.out
    assert ANNA in path.read_text(encoding="utf-8-sig")


def test_without_passwords_of_ours_there_is_no_file(office: Office) -> None:
    office.set('password_hash = "ssha"', 'by = "entra"')
    heading = "source_id;given_name;family_name;school;role;mail\n"
    listed = office.write("people.csv", f"{heading}a-1;Anna;Berg;hylla;pupil;anna@skotthyll.kommune.no\n")
    answer = office("apply", listed, "--yes")
    assert answer.code == 0
    assert "First passwords" not in answer.out
    assert not office.passwords.exists()
    assert office.entry("a-1").values("userPassword") == ()


def test_name_that_a_spreadsheet_would_take_for_a_formula_is_defused(office: Office) -> None:
    office("apply", office.people("a-1;=HYPERLINK(1);Berg;;hylla;pupil;"), "--yes")
    assert ";'=HYPERLINK(1) Berg;" in office.passwords.read_text(encoding="utf-8-sig")


def test_files_by_school_with_words_and_where_users_change_them(office: Office) -> None:
    office.set("[journal]", '[journal]\nhandover = "passwords/{school}.csv"')
    office.set(
        'password_hash = "ssha"',
        'password_hash = "ssha"\nfirst_password = "words"\nchange_password_url = "https://a.no/pw"',
    )
    listed = office.people("a-1;Anna;Berg;;hylla;pupil;", "a-2;Åse;Dal;;solbakken;student;")
    answer = office("apply", listed, "--yes")
    folder = office.folder / "passwords"
    assert f"The first passwords are in the files in {folder}. Give them to the users, then note" in answer.out
    assert "Users change their passwords at https://a.no/pw" in answer.out
    files = sorted(folder.glob("*.csv"))
    assert [path.name for path in files] == ["Hylla skole.csv", "Solbakken læringssenter.csv"]
    passwords = [path.read_text(encoding="utf-8-sig").splitlines()[1].split(";")[-1] for path in files]
    assert all(len(password.split("-")) == 7 for password in passwords)
    again = office("password", ANNA, "--yes")
    passwords.append(files[0].read_text(encoding="utf-8-sig").splitlines()[1].split(";")[-1])
    elsewhere = [path for path in office.folder.rglob("*") if path.is_file() and path not in files]
    said = answer.out + answer.err + again.out + again.err
    for password in passwords:
        assert password not in said
        assert not [path for path in elsewhere if password.encode() in path.read_bytes()]
    doctor = office("doctor")
    assert f"Only its owner can use {folder}." in doctor.out
    files[0].chmod(0o644)
    folder.chmod(0o755)
    doctor = office("doctor")
    assert f"Run: chmod 700 {folder}" in doctor.out
    assert f"Run: chmod 600 {files[0]}" in doctor.out
