"""`feideprov nir channel`: through which channel something is registered, and why."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from feideprov.nir.model import Law
from feideprov.nir.table.rules import Rules
from feideprov.settings import Settings

if TYPE_CHECKING:
    from tests.journeys.conftest import Office

NIR = '\n[nir]\nmunicipality = "1899"\nretention = "P5Y"\n'
READY = 'transfers = true\n[nir.ready.integreringsloven]\non = 2026-06-01\nwho = "letter of the vendor"\n'
LAWS = ["introduksjonsloven", "integreringsloven", "kap6a"]


@pytest.fixture
def with_nir(office: Office) -> Office:
    with office.config.open("a", encoding="utf-8") as file:
        file.write(NIR + READY)
    return office


def ids(office: Office, *words: str) -> dict[str, str]:
    answer = office("nir", "channel", "--json", *words)
    assert answer.code == 0
    return {one["law"]: one["id"] for one in answer.json["channels"]}


def test_each_law_has_its_channel_with_what_it_rests_on(with_nir: Office) -> None:
    before = with_nir.state()
    answer = with_nir("nir", "channel", "--json")
    assert (answer.code, answer.json["command"], answer.json["ok"]) == (0, "nir channel", True)
    assert answer.json["counts"] == {"channels": 3}
    channels = answer.json["channels"]
    assert [(one["law"], one["id"], one["channel"]) for one in channels] == [
        ("introduksjonsloven", "C5", "nir_web"),
        ("integreringsloven", "C6", "ws4"),
        ("kap6a", "C7", "nir_web"),
    ]
    for one in channels:
        assert set(one) == {"law", "field", "id", "channel", "sentence", "warning", "source", "url"}
        assert one["field"] == "vedtak"
        assert one["sentence"]
        assert one["url"].startswith("https://")
    assert with_nir.state() == before
    assert not (with_nir.folder / "nir").exists()


def test_the_day_decides_and_may_be_one_to_come(with_nir: Office) -> None:
    assert ids(with_nir, "--law", "integreringsloven", "--on", "2026-05-31") == {"integreringsloven": "C7"}
    assert ids(with_nir, "--law", "integreringsloven", "--on", "1.6.2026") == {"integreringsloven": "C6"}
    assert ids(with_nir, "--on", "2021-06-10") == dict.fromkeys(LAWS, "C0")
    assert ids(with_nir, "--law", "integreringsloven", "--on", "2030-01-01") == {"integreringsloven": "C6"}


def test_a_municipality_that_does_not_transfer_types_in_nir_web(with_nir: Office) -> None:
    with_nir.set("transfers = true", "transfers = false")
    assert ids(with_nir) == dict.fromkeys(LAWS, "C3")


def test_the_screen_says_the_same_in_three_languages(with_nir: Office) -> None:
    said = {}
    for language in ("en", "nb", "nn"):
        answer = with_nir("--lang", language, "nir", "channel", "--law", "kap6a")
        assert (answer.code, answer.err) == (0, "")
        said[language] = answer.out
        assert "[C7]" in answer.out
        assert "https://" in answer.out
    assert len(set(said.values())) == 3
    assert "NIR web" in said["nb"]
    assert all(len(line) <= 80 or "https://" in line for line in with_nir.screen("nir", "channel").splitlines())


def test_the_help_says_that_the_format_of_ws4_is_not_public(office: Office) -> None:
    assert "format of WS4 is not public" in " ".join(office("nir", "channel", "--help").out.split())


@pytest.mark.parametrize(
    "words",
    [("--law", "kapittel6a"), ("--law", "not_known"), ("--field", "sluttmål"), ("--field", ""), ("--on", "5/6/2026")],
)
def test_what_is_not_known_is_one_sentence(with_nir: Office, one_sentence, words: tuple[str, str]) -> None:
    answer = with_nir("nir", "channel", *words)
    assert answer.code == 2
    assert words[0] in one_sentence(answer)


@pytest.mark.parametrize("until", ["2026-12-01", "2026-11-20"])
def test_a_closing_that_ends_before_it_begins_is_one_sentence(with_nir: Office, one_sentence, until: str) -> None:
    with with_nir.config.open("a", encoding="utf-8") as file:
        file.write(f'[[nir.closed]]\nfrom = 2026-12-01\nuntil = {until}\nwho = "a mail of IMDi"\n')
    answer = with_nir("nir", "channel")
    assert answer.code == 2
    assert "nir.closed[1]: until must be after from" in one_sentence(answer)


def test_without_a_section_the_sentence_says_which(office: Office, one_sentence) -> None:
    answer = office("nir", "channel")
    assert answer.code == 2
    assert "[nir]" in one_sentence(answer)


def test_every_field_of_the_rules_has_a_channel(with_nir: Office) -> None:
    with Settings_client(with_nir) as feide:
        for field in {rule.field for rule in Rules.shipped().rules}:
            for law in Law:
                assert feide.nir.channel(law, field).sentence


def Settings_client(office: Office):  # noqa: N802
    from feideprov.client.client import Client

    return Client(Settings.load(office.config))


def blocks() -> list[str]:
    page = (Path(__file__).parents[2] / "docs" / "nir.md").read_text(encoding="utf-8")
    return re.findall(r"^```toml\n(.*?)^```", page, re.MULTILINE | re.DOTALL)


def test_the_configuration_on_the_page_can_be_used_as_it_stands(office: Office) -> None:
    configuration, own_rules = blocks()
    office.write("nir-regler.toml", own_rules)
    with office.config.open("a", encoding="utf-8") as file:
        file.write("\n" + configuration)
    assert ids(office, "--on", "2026-11-20")["integreringsloven"] == "C6"
    assert ids(office, "--on", "2026-12-05")["integreringsloven"] == "C2"
    records = office.write(
        "liste.csv", "Klientnr;Ordning;Sluttdato;Hvorfor sluttet\nk-1;Introduksjonsprogram;2026-10-30;Fått jobb\n"
    )
    read = office("nir", "records", records, "--json")
    assert (read.code, read.json["counts"]["new"], read.json["counts"]["held"]) == (0, 1, 0)
    listed = office.write("personer.csv", "Klientnr;Personnummer;Avsluttet dato;Avslutningsårsak\nk-1;;;\n")
    assert office("nir", "reconcile", listed, "--json").json["counts"]["only_in_nir"] == 1


def test_the_template_of_init_has_a_section_that_can_be_used(office: Office) -> None:
    template = Path(__file__).parents[2] / "feideprov" / "settings" / "feideprov.toml"
    lines = template.read_text(encoding="utf-8").splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith("# [nir]"))
    end = next((n for n in range(start, len(lines)) if not lines[n].startswith("#") and lines[n]), len(lines))
    text = "\n".join(line.removeprefix("# ") for line in lines[start:end] if line.strip())
    assert set(tomllib.loads(text)) == {"nir"}
    office.write("nir-regler.toml", "")
    with office.config.open("a", encoding="utf-8") as file:
        file.write("\n" + text + "\n")
    assert set(ids(office)) == set(LAWS)
