"""Slips as an administrator makes them: print, hand out, note as given; new passwords with slips; the teachers."""

from __future__ import annotations

import re
import shlex
import sqlite3
import stat
import subprocess
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from feideprov import Client
from feideprov.journal.events import Event, Kind

if TYPE_CHECKING:
    from tests.journeys.conftest import Office

HEADING = "source_id;given_name;family_name;birth_date;school;role;grade;groups;language;protected\n"
ANNA, ASE, NILS = (f"{name}@skotthyll.kommune.no" for name in ("annaberg", "asedal", "nilsmoe"))
ROWS = (
    "a-1;Anna;Berg;2012-03-04;hylla;pupil;8;8A;uk;\n"
    "a-2;Åse;Dal;2012-03-05;hylla;pupil;8;8B;;\n"
    "a-3;Nils;Moe;2018-03-05;solbakken;pupil;2;2A;nn;\n"
)


@pytest.fixture
def school(office: Office) -> Office:
    """An office with three new pupils in three classes, and a protected one."""
    rows = ROWS + "a-4;Siri;Skjult;2012-04-04;hylla;pupil;8;8A;;yes\n"
    people = office.write("people.csv", HEADING + rows)
    assert office("apply", people, "--yes").code in (0, 1)
    assert office("apply", people, "--only", "a-4", "--yes").code == 0
    return office


def hidden(office: Office) -> tuple[str, str]:
    """The Feide name and the password of the protected pupil."""
    [one] = [(u, p) for u, p in office.handed_over().items() if u not in (ANNA, ASE, NILS)]
    return one


def visible_text(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", re.sub(r"(?s)<head>.*?</head>", "", html)).split())


def test_each_user_gets_one_slip_and_no_protected_user_does(school: Office) -> None:
    out = school.folder / "slips.html"
    answer = school("slips", str(out))
    assert answer.code == 0, answer.err
    assert answer.out.startswith(f"3 slips are in {out}.\n1 slip is in bokmål and English, because nobody has reviewed")
    assert "1 user is protected, or may be, and gets no slip." in answer.out
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    text, passwords = visible_text(out.read_text(encoding="utf-8")), school.handed_over()
    for user in (ANNA, ASE, NILS):
        assert (text.count(user), text.count(passwords[user])) == (1, 1)
    assert not any(one in text for one in (*hidden(school), "Skjult"))
    assert (text.count("Passord · Password"), text.count("Byt passord"), text.count("Vel: Skotthyll")) == (2, 0, 1)
    assert 'class="card large"' in out.read_text(encoding="utf-8")  # Nils, who is in grade 2 and reads nynorsk


def test_the_page_about_slips_is_the_one_of_the_language(school: Office) -> None:
    out = str(school.folder / "slips.html")
    for language, page in (("en", "docs/slips.md"), ("nb", "docs/nb/lapper.md"), ("nn", "docs/nb/lapper.md")):
        assert f"{page}." in school("--lang", language, "slips", out).out


def test_slips_can_be_made_again_and_the_name_says_what_a_file_is(school: Office) -> None:
    out = school.folder / "slips.html"
    first = school("slips", str(out)), out.read_bytes()
    assert (school("slips", str(out)), out.read_bytes()) == first
    answer = school("slips", str(school.folder / "slips.docx"))
    assert (answer.code, answer.err.count("ends neither with .pdf nor with .html")) == (2, 1)
    assert not (school.folder / "slips.docx").exists()
    assert school("slips", str(school.folder / "slips"), "--html").code == 0
    assert (school.folder / "slips").read_bytes() == out.read_bytes()


@pytest.mark.parametrize(
    ("words", "users"),
    [
        (("--school", "hylla"), [ANNA, ASE]),
        (("--school", "Hylla skole", "--class", "8b"), [ASE]),
        (("--class", "2A"), [NILS]),
        (("--user", ANNA.upper()), [ANNA]),
        (("--class", "9Z"), []),
    ],
)
def test_slips_are_for_a_school_a_class_or_a_user(school: Office, words: tuple[str, ...], users: list[str]) -> None:
    found = school("slips", str(school.folder / "slips.html"), *words, "--json").json
    assert (found["users"], found["counts"]["slips"]) == (users, len(users))
    assert (school.folder / "slips.html").exists() is bool(users)


def test_what_was_handed_out_is_erased_and_only_with_yes(school: Office) -> None:
    before, passwords = school.state(), school.handed_over()
    dry = school("slips", "--done", "--school", "hylla")
    assert (dry.code, dry.err) == (0, "")
    assert dry.out.startswith("This would be done (add --yes to do it):\n")
    assert school.state() == before
    done = school("slips", "--done", "--school", "hylla", "--yes", "--json").json
    assert (done["counts"], done["users"], done["dry"]) == ({"given": 2}, [ANNA, ASE], False)
    left = school.handed_over()
    assert left == {ANNA: "", ASE: "", NILS: passwords[NILS]} | dict([hidden(school)])
    assert school("slips", str(school.folder / "slips.html"), "--json").json["users"] == [NILS]
    again = school("slips", "--done", "--school", "hylla", "--yes")
    assert (again.code, again.out) == (0, "No first password of these users is to be noted as given.\n")
    nothing = school("slips", str(school.folder / "none.html"), "--class", "8A")
    assert "The first password of 1 user was given, or erased. To make a new one" in nothing.out


def test_a_password_of_a_run_that_was_interrupted_stays(school: Office) -> None:
    password = school.handed_over()[ANNA]
    with Client.open(school.config) as feide:
        feide._context.journal.intend([Event(Kind.PASSWORD, ANNA, str(school.entry("a-1").dn))])
    done = school("slips", "--done", "--school", "hylla", "--yes")
    assert (done.code, "The first password of 1 user stays, because the run" in done.out) == (1, True)
    assert (school.handed_over()[ANNA], school.handed_over()[ASE]) == (password, "")


def test_the_password_of_a_protected_user_is_noted_as_given_by_name_alone(school: Office) -> None:
    user, password = hidden(school)
    assert school("slips", str(school.folder / "slips.html"), "--user", user, "--json").json["counts"]["slips"] == 0
    school("slips", "--done", "--yes")
    assert school.handed_over()[user] == password
    assert school("slips", "--done", "--user", user, "--yes").code == 0
    assert school.handed_over()[user] == ""


def test_new_passwords_come_with_their_slips(school: Office) -> None:
    before, out = school.handed_over(), school.folder / "slips.html"
    listed = school.write("lost.csv", "source_id\na-1\na-3\nnobody\n")
    assert school("password", listed, "--slips", str(out)).code == 1
    assert (school.handed_over(), out.exists()) == (before, False)
    answer = school("password", listed, "--slips", str(out), "--yes")
    assert answer.code == 1, answer.err
    assert f"2 slips are in {out}." in answer.out
    text, after = visible_text(out.read_text(encoding="utf-8")), school.handed_over()
    assert [user for user in before if before[user] != after[user]] == [ANNA, NILS]
    assert all(text.count(after[user]) == 1 for user in (ANNA, NILS))
    assert ASE not in text
    wrong = school("password", ASE, "--slips", str(school.folder / "slips.docx"), "--yes")
    assert (wrong.code, "ends neither with" in wrong.err) == (2, True)
    assert school.handed_over() == after


def test_the_teacher_learns_who_is_new_who_waits_and_what_works(school: Office) -> None:
    school.write(
        "services.csv",
        "id;name;provider;activated;gets_number\ns-1;Oria;Sikt;yes;yes\ns-2;Salto;F;yes;yes\ns-3;Kart;K;yes;yes\n",
    )
    assert school("services", "import", str(school.folder / "services.csv")).code == 0
    for service, said in (("s-1", "can-serve"), ("s-2", "cannot-serve")):
        assert school("services", "answer", service, said, "--source", "mail").code == 0
    out = school.folder / "teacher.html"
    answer = school("--lang", "nb", "slips", "--teacher", str(out))
    assert answer.code == 0, answer.err
    page = out.read_text(encoding="utf-8")
    text = visible_text(page)
    assert page.count("<section") == 3
    assert "Lærerark 8A , Hylla skole" in text
    assert not any(one in text for one in (*hidden(school), "Skjult", *school.handed_over().values()))
    assert text.index("virker ikke for dem før nummeret har kommet: Salto") < text.index("Oria") < text.index("Kart")
    assert (text.count("Ja Ja"), text.count("Ja –")) == (3, 0)
    number = school.write(
        "numbers.csv", "source_id;national_number;evidence;seen_by;seen_on\na-2;12829499914;letter;Kari;2026-11-01\n"
    )
    attached = school("attach", number, "--yes")
    assert attached.code == 0, attached.out
    out.unlink()
    assert school("slips", "--teacher", str(out), "--since", "2026-01-01", "--class", "8B").code == 0
    text = visible_text(out.read_text(encoding="utf-8"))
    assert "These services did not work before, and should work now: Salto" in text
    assert (ASE in text, ANNA in text, "12829499914" in text) == (True, False, False)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "Say where the slips are to be written"),
        (("slips", "--pdf", "--html"), "Give only one of --pdf and --html."),
        (("slips.html", "--teacher", "./slips.html"), "The slips and the teacher's sheets need two files."),
        (("slips.html", "--per-page", "3"), "There can be 1 or 4 slips on a page"),
        (("slips.html", "--done"), "--done writes no file."),
        (("slips.html", "--since", "2026-01-01"), "--since is about the teacher's sheet."),
        (("slips.html", "--printed", "2026-01-01"), "--printed is about --done."),
        (("slips.html", "--school", "nowhere"), "There is no school “nowhere”. The schools are hylla, solbakken."),
    ],
)
def test_words_that_do_not_go_together_are_told(school: Office, words: tuple[str, ...], said: str) -> None:
    answer = school("slips", *words)
    assert answer.code == 2
    assert answer.err.startswith(said)


def test_a_user_is_new_when_created_and_not_when_a_password_was_lost(school: Office) -> None:
    out = school.folder / "teacher.html"
    assert school("password", ANNA, "--yes").code == 0
    with closing(sqlite3.connect(school.journal)) as journal, journal:
        journal.execute("UPDATE change SET at = '2025-11-01T08:00:00+00:00' WHERE kind = 'create'")
    assert school("slips", "--teacher", str(out)).code == 0
    text = visible_text(out.read_text(encoding="utf-8"))
    assert (text.count("– Yes"), text.count("Yes Yes")) == (3, 0)


def test_with_entra_there_are_no_slips(office: Office) -> None:
    office.set('password_hash = "ssha"', 'by = "entra"')
    answer = office("slips", str(office.folder / "slips.html"))
    assert (answer.code, answer.err.count("passwords are kept in Entra")) == (2, 1)


def test_contacts_are_of_schools(school: Office) -> None:
    with school.config.open("a", encoding="utf-8") as file:
        file.write('\n[slips]\ncontact = "IKT-hjelpen"\n[slips.contacts]\nnowhere = "x"\n')
    answer = school("slips", str(school.folder / "slips.html"))
    assert (answer.code, "[slips.contacts] has nowhere" in answer.err) == (2, True)
    school.set('nowhere = "x"', 'solbakken = "Kontoret"')
    assert school("slips", str(school.folder / "slips.html")).code == 0
    text = visible_text((school.folder / "slips.html").read_text(encoding="utf-8"))
    assert (text.count("Kontoret"), text.count("IKT-hjelpen")) == (1, 4)


def test_the_pdf_says_each_password_once(school: Office) -> None:
    """And with an empty fontconfig it is not made: one sentence names the fonts."""
    out, passwords = school.folder / "slips.pdf", school.handed_over()
    assert school("slips", str(out)).code == 0
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    done = subprocess.run(["pdftotext", "-raw", str(out), "-"], capture_output=True, check=True)
    text = "".join(done.stdout.decode().split())
    for user in (ANNA, ASE, NILS):
        assert (text.count(user), text.count(passwords[user])) == (1, 1)
    assert not any(one in text for one in hidden(school))
    empty = school.write("fonts.conf", '<?xml version="1.0"?><fontconfig></fontconfig>')
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FONTCONFIG_FILE", empty)
        answer = school("slips", str(school.folder / "again.pdf"))
        assert (answer.code, answer.err.count("apt-get install fonts-noto-core fonts-noto-mono")) == (2, 1)
        before = school.handed_over()
        assert school("password", ANNA, "--slips", str(school.folder / "again.pdf"), "--yes").code == 2
    assert school.handed_over() == before
    assert not (school.folder / "again.pdf").exists()


def test_slips_are_of_all_files_by_class_and_today_asks_for_them(office: Office) -> None:
    """In words, also for a list; what is noted as given has its day; the command that `today` names makes the rest."""
    office.set("[journal]", '[journal]\nhandover = "passwords/{school}-{class}.csv"')
    office.set('password_hash = "ssha"', 'password_hash = "ssha"\nfirst_password = "words"')
    assert office("apply", office.write("people.csv", HEADING + ROWS), "--yes").code == 0
    assert office("password", office.write("lost.csv", "source_id\na-1\n"), "--yes").code == 0
    out, folder = office.folder / "slips.html", office.folder / "passwords"
    assert office("slips", str(out), "--school", "hylla", "--json").json["users"] == [ANNA, ASE]
    text = visible_text(out.read_text(encoding="utf-8"))
    files = {path.stem: path for path in folder.glob("*.csv")}
    rows = {name: path.read_text(encoding="utf-8-sig").splitlines()[1].split(";") for name, path in files.items()}
    assert set(rows) == {"Hylla skole-8A", "Hylla skole-8B", "Solbakken læringssenter-2A"}
    assert [text.count(row[-1]) for row in rows.values()].count(1) == 2
    assert all(row[-1].count("-") == 6 for row in rows.values())
    assert office("slips", "--done", "--school", "hylla", "--yes", "--json").json["users"] == [ANNA, ASE]
    user, *_, made_on, given_on, _, password = files["Hylla skole-8A"].read_text("utf-8-sig").splitlines()[1].split(";")
    assert (user, given_on, password) == (ANNA, made_on, "")
    for path in files.values():
        path.write_text(path.read_text("utf-8-sig").replace(made_on, "2026-01-02"), encoding="utf-8-sig")
    [task] = [one for one in office("today", "--json").json["tasks"] if one["kind"] == "passwords"]
    program, *words = shlex.split(task["command"])
    assert (program, task["count"]) == ("feideprov", 1)
    assert office(*words, "--json").json["users"] == [NILS]
