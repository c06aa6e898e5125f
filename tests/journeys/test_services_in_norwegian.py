"""The screens of services, notices, today and the demo in bokmål and nynorsk: no English word is left."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from norwegian import english_words

from feideprov import Client
from feideprov.cli.app import run
from feideprov.services.register.service import Answer, Contact, Dependency, Provider, Service, Way

if TYPE_CHECKING:
    from tests.journeys.conftest import Office

NORWEGIAN = ("nb", "nn")
SCREENS = (
    ("services", "list", "--all"),
    ("services", "list", "--state", "ikke-svar"),
    ("services", "answer", "Kikora", "kan-betjene", "--source", "brev"),
    ("services", "answer", "Kikora", "hva"),
    ("services", "answer", "Kikora"),
    ("services", "answer", "Borte", "a", "--source", "brev"),
    ("services", "ask"),
    ("services", "ask", "--provider", "Kikora", "--lang", "nb"),
    ("services", "ask", "--drafts", "drafts"),
    ("services", "ask", "--send"),
    ("services", "matrix"),
    ("notify",),
    ("notify", "--drafts", "drafts"),
    ("notify", "--again", "abc"),
    ("today",),
    ("today", "--solved", "refugees.csv"),
)


def without_commands(text: str) -> str:
    """What today prints, without the commands."""
    return re.sub(r"^    feideprov .*$", "", text, flags=re.MULTILINE)


@pytest.fixture
def busy(office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    """The office with users, one number that has arrived, services in each state, and rows that are held."""
    monkeypatch.chdir(office.folder)
    (office.folder / "services.csv").write_text(
        "id;navn;leverandør;aktivert;får nummeret\na1;Bokhylla;Lesefro;ja;ja\n;;;;\nb1;Kart;Kartverk;kanskje;ja\n",
        encoding="utf-8",
    )
    with Client.open(office.config) as feide:
        answers = {
            state: Answer(state=state, on=feide.on, source="brev" if state is not Dependency.UNKNOWN else "")
            for state in Dependency
        }
        feide.services.register.put(
            Service(
                id=f"feide:{place}",
                names={"nb": name},
                provider=Provider(id=name.lower(), name=name),
                ways=(Way.FEIDE,),
                activated=True,
                contacts=(Contact(mail=f"{name.lower()}@example.no"),) if place % 2 else (),
                answer=answers[state],
                asked_on=feide.on if state is Dependency.ASKED else None,
            )
            for place, (state, name) in enumerate(
                zip(Dependency, ("Salto", "Kikora", "Creaza", "Lexin", "Rask", "Nynorsk"), strict=True)
            )
        )
    office("apply", "refugees.csv", "--yes")
    office("attach", "numbers.csv", "--yes")
    return office


@pytest.mark.parametrize("language", NORWEGIAN)
def test_no_screen_of_services_or_today_has_an_english_word(busy: Office, language: str) -> None:
    for words in SCREENS:
        said = busy("--lang", language, *words)
        assert said.code in {0, 1, 2}, (words, said.err)
        assert english_words(without_commands(said.out + said.err)) == [], (words, said.out + said.err)
    assert english_words(busy("services", "list").out) != []


@pytest.mark.parametrize("language", NORWEGIAN)
def test_an_import_with_a_wrong_row_has_no_english_word(busy: Office, language: str) -> None:
    for name, code in (("services.csv", 1), ("gone.csv", 2)):
        said = busy("--lang", language, "services", "import", name)
        assert said.code == code
        assert english_words(said.out + said.err) == [], said.out + said.err


@pytest.mark.parametrize("language", NORWEGIAN)
def test_json_says_its_sentences_in_the_language_and_keeps_its_codes(busy: Office, language: str) -> None:
    found = busy("--lang", language, "services", "ask", "--json").json
    assert found["language"] == language
    assert {one["state"] for one in found["messages"]} <= {"due", "unaddressed"}
    told = [one["sentence"] for one in found["messages"] if one["sentence"]]
    assert told
    assert english_words(" ".join(told)) == []


def test_the_language_of_the_messages_is_not_that_of_the_screen(busy: Office) -> None:
    said = busy("--lang", "nb", "services", "ask", "--provider", "salto", "--lang", "en").out
    assert "Til: (ingen adresse)\nEmne: Pupils without a national identity number" in said


def test_the_page_of_today_goes_to_the_folder_for_people_and_is_theirs_alone(busy: Office) -> None:
    text = busy.config.read_text(encoding="utf-8")
    busy.config.write_text(f'{text}\n[output]\nfolder = "people"\n', encoding="utf-8")
    for language, title in (("en", "What there is to do today"), ("nn", "Dette skal gjerast i dag")):
        assert busy("--lang", language, "today", "--html", "today.html").code == 0
        page = busy.folder / "people" / "today.html"
        assert page.stat().st_mode & 0o777 == 0o600
        assert f"<h1>{title}</h1>" in page.read_text(encoding="utf-8")
    assert "Solbakken læringssenter" in page.read_text(encoding="utf-8")


STORY = re.compile(r"^     \w[\w;-]*::? .*$|^     (?:dn|[a-zA-Z]+): .*$", re.MULTILINE)
"""The LDIF that the demo shows."""


@pytest.mark.parametrize("language", NORWEGIAN)
def test_the_demo_tells_its_story_in_norwegian(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--lang", language, "demo"]) == 0
    said = capsys.readouterr().out
    assert re.findall(r"^\d\.", said, re.MULTILINE) == ["1.", "2.", "3.", "4.", "5.", "6.", "7."]
    assert english_words(STORY.sub("", said)) == []
