"""What check, doctor, setup and the journal's commands say is wholly Norwegian with `--lang nb` and `--lang nn`."""

from __future__ import annotations

import ast
import io
import sys
from collections.abc import Iterator
from inspect import getsource
from typing import TYPE_CHECKING

import pytest
from norwegian import comments, english_words

from feideprov.check import doctor, files, rehearsal, server, server_settings
from feideprov.check.catalogue import CATALOGUE
from feideprov.check.examination import NAMES
from feideprov.issues import REGISTERED
from feideprov.journal.events import KINDS, Kind
from feideprov.messages import Sentence, said_in
from tests.journeys.test_check import CLASS, add, user

if TYPE_CHECKING:
    from tests.journeys.conftest import Office

NUMBER = "50846202355"  # Tenor's
OLENA = "olenkova@skotthyll.kommune.no"


@pytest.fixture(params=["nb", "nn"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def faulty(office: Office) -> Office:
    """One user of ours, with a number, and others in which much is wrong."""
    assert office("apply", office.people(f"a-1;Olena;Kovalenko;1962-04-10;hylla;pupil;{NUMBER}"), "--yes").code == 0
    add(
        office,
        user("olena", displayName=["Olena  Kovalenko"], mail=["nobody"], mobile=["12"]),
        user("twin", eduPersonOrgUnitDN=["ou=Gone,dc=skotthyll,dc=no"], preferredLanguage=["norsk språk"]),
        user("petro", norEduPersonNIN=["12129455555"], eduPersonAffiliation=["student", "pupil"]),
        user("ida", norEduPersonNIN=[], schacHomeOrganization=["oslo.no"], norEduPersonLIN=["x"]),
        user("Teo", eduPersonEntitlement=CLASS[:2], userPassword=[]),
    )
    return office


def test_every_finding_is_said_in_norwegian(language: str) -> None:
    ours = [row for row in REGISTERED.values() if row.code[:2] in ("D-", "J-")]
    registered = [sentence for row in ours for sentence in (row.meaning, row.action)]
    rules = [text for rule in CATALOGUE for text in (rule.sentence, rule.action, rule.expected_when)]
    for sentence in (*registered, *rules, *NAMES.values()):
        if sentence:
            said = said_in(sentence, language)
            assert not english_words(said), said
            assert said[0].isupper() == sentence[0].isupper() or said.startswith("feideprov"), said


def test_every_check_of_doctor_has_a_name_in_words() -> None:
    def names() -> Iterator[str]:
        for module in (doctor, files, rehearsal, server, server_settings):
            for node in ast.walk(ast.parse(getsource(module))):
                match node:
                    case ast.Call(
                        ast.Name("good" | "wrong" | "unknown" | "skipped" | "noted"), [ast.Constant(name), *_]
                    ):
                        yield name

    assert not set(names()) - NAMES.keys()


def test_every_change_of_the_journal_has_a_name_in_words(language: str) -> None:
    about_nobody = {Kind.LOCKOUT, Kind.NO_LOCKOUT}
    assert KINDS.keys() == set(Kind) - about_nobody
    for kind, words in KINDS.items():
        assert words.in_language(language) != kind or kind == Kind.TAKE_BACK, kind


def test_screen_of_check(faulty: Office, language: str) -> None:
    answer = faulty("--lang", language, "check")
    assert answer.code == 1
    assert not english_words(answer.out)
    assert answer.out.startswith({"nb": "alvor\tkode\tbruker\t", "nn": "alvor\tkode\tbrukar\t"}[language])
    assert not english_words(faulty("--lang", language, "check", "--only", "P-PENDING").out)
    assert not english_words(faulty("--lang", language, "check", "--only", "P-PENDIN").err)


def test_json_of_check_has_codes_in_english_and_sentences_in_the_language(faulty: Office, language: str) -> None:
    said = faulty("--lang", language, "check", "--json")
    assert not english_words(said.out)
    assert {one["severity"] for one in said.json["findings"]} == {"error", "warning", "note"}


def test_sheet_of_check(faulty: Office, language: str) -> None:
    path = faulty.folder / "findings.csv"
    faulty("--lang", language, "check", "--csv", str(path))
    sheet = path.read_text(encoding="utf-8-sig")
    rows = [row.split(";") for row in sheet.splitlines()]
    assert not english_words("\n".join(" ".join(row[:6] + row[7:]) for row in rows))  # without Feide's titles
    assert rows[0][:2] == ["kode", "alvor"]


def test_screens_of_doctor(faulty: Office, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    faulty.catalogue.chmod(0o644)
    for password in ("wrong\n", "\n", f"{faulty.handed_over()[OLENA]}\n"):
        monkeypatch.setattr(sys, "stdin", io.StringIO(password))
        answer = faulty("--lang", language, "doctor", "--user", OLENA)
        assert not english_words(answer.out + answer.err), answer.out
    assert not english_words(faulty("--lang", language, "doctor", "--json").out)
    faulty.catalogue.rename(faulty.folder / "elsewhere.ldif")
    answer = faulty("--lang", language, "doctor")
    assert answer.code == 2
    assert not english_words(answer.out)


def test_screens_of_the_journal(faulty: Office, language: str) -> None:
    assert not english_words(faulty("--lang", language, "journal", "verify").out)
    text = faulty.catalogue.read_text(encoding="utf-8")
    faulty.catalogue.write_text(text.replace("employeeNumber: a-1", "employeeNumber: a-2"), encoding="utf-8")
    assert faulty("journal", "verify").code == 1
    for words in (("verify",), ("verify", "--json"), ("gone",), ("begin",)):
        answer = faulty("--lang", language, "journal", *words)
        assert not english_words(answer.out + answer.err), answer.out


@pytest.mark.parametrize("kind", ["openldap", "389", "ad"])
def test_page_of_setup(office: Office, language: str, kind: str) -> None:
    folder = office.folder / kind
    answer = office("--lang", language, "setup", kind, "--out", str(folder))
    assert answer.code == 0
    assert not english_words(answer.out + (folder / "setup.md").read_text(encoding="utf-8"))
    for path in folder.iterdir():
        if "schema" not in path.name:  # the files of the standards are what they are
            assert not english_words(comments(path.read_text(encoding="utf-8-sig"))) or path.name == "setup.md"
    assert not english_words(office("--lang", language, "setup", kind, "--out", str(folder)).err)


def test_untranslated_sentence_is_noticed() -> None:
    assert english_words(Sentence("The user's account is locked or closed. The directory refuses every password."))
    assert english_words("Brukeren er ukjent. Run: feideprov check")
    assert english_words('{"sentence": "Alt er i orden, but not here."}')
    assert not english_words("Kjør: feideprov resolve USER --same-as SOURCE_ID --yes. Se [directory] og ca_file.")
