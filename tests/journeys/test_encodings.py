"""Encodings, from end to end: lists, standard input, the configuration, and the files beside it."""

from __future__ import annotations

import codecs
import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from feideprov import ConfigurationError, MarkKey, Settings

if TYPE_CHECKING:
    from tests.journeys.conftest import Office

CASES = Path(__file__).parents[1] / "data" / "cases"
TENOR = "57912075186"  # born 2020-11-17
LIST = (
    "source_id;given_name;family_name;birth_date;school;role;national_number\n"
    f"n1;Bjørn;Håkonsen;2020-11-17;hylla;elev;{TENOR}\nn2;Åse;Næss;;hylla;elev;\n"
)


def put(office: Office, name: str, content: bytes) -> str:
    path = office.folder / name
    path.write_bytes(content)
    return str(path)


@pytest.mark.parametrize("words", [("plan",), ("apply", "--yes")])
@pytest.mark.parametrize(("case", "likely"), [("cp1251", "Windows-1251"), ("cp850", "--encoding cp850")])
def test_a_file_in_another_encoding_is_refused(
    office: Office, one_sentence: Any, words: tuple[str, ...], case: str, likely: str
) -> None:
    before = office.state()
    answer = office(*words, str(CASES / f"encoding-{case}.csv"))
    assert (answer.code, answer.out, office.state()) == (2, "", before)
    assert likely in one_sentence(answer)


def test_an_old_list_is_read_on_request(office: Office) -> None:
    answer = office("apply", str(CASES / "encoding-cp850.csv"), "--encoding", "cp850", "--yes", "--json")
    assert (answer.code, answer.json["counts"]["created"]) == (0, 2)
    assert office.entry("n1").text("displayName") == "Bjørn Håkonsen"


@pytest.mark.parametrize("command", ["plan", "apply", "attach", "replace", "withdraw"])
def test_another_encoding_cannot_be_chosen(office: Office, one_sentence: Any, command: str) -> None:
    answer = office(command, put(office, "list.csv", LIST.encode()), "--encoding", "latin-2")
    assert answer.code == 2
    assert "utf-8, cp1252, cp850 or cp865" in one_sentence(answer)


def test_a_saved_plan_reads_its_list_in_the_same_encoding(office: Office) -> None:
    path, plan = put(office, "people.csv", LIST.encode("cp850")), str(office.folder / "plan.json")
    assert office("plan", path, "--encoding", "cp850", "-o", plan).code == 0
    answer = office("apply", plan, "--yes", "--json")
    assert (answer.code, answer.json["counts"]["created"]) == (0, 2)
    assert office.entry("n1").text("norEduPersonNIN") == TENOR


def test_encoding_is_not_for_a_saved_plan(office: Office, one_sentence: Any) -> None:
    path, plan = put(office, "people.csv", LIST.encode()), str(office.folder / "plan.json")
    assert office("plan", path, "-o", plan).code == 0
    answer = office("apply", plan, "--encoding", "cp850")
    assert answer.code == 2
    assert "saved plan" in one_sentence(answer)


def test_a_number_list_is_read_on_request(office: Office) -> None:
    assert office("apply", office.people("n1;Bjørn;Lie;2020-11-17;hylla;elev;"), "--yes").code == 0
    text = f"kilde-id;fødselsnummer;grunnlag;sett av;sett dato\nn1;{TENOR};brev;Bjørn Ås;2026-10-05\n"
    answer = office("attach", put(office, "numbers.csv", text.encode("cp865")), "--encoding", "cp865", "--yes")
    assert answer.code == 0
    assert office.entry("n1").text("norEduPersonNIN") == TENOR


def test_the_command_to_run_again_has_the_encoding(office: Office) -> None:
    text = LIST.replace("Næss", "Næss 12345")
    path = put(office, "people.csv", text.encode("cp850"))
    assert office("apply", path, "--encoding", "cp850", "--yes").code == 1
    held = office(
        "apply", put(office, "two.csv", LIST.replace("n1", "n9").encode("cp850")), "--encoding", "cp850", "--yes"
    )
    assert held.code == 1
    assert "two.csv --encoding cp850" in office("today").out


def test_a_name_is_never_overwritten_with_rubbish(office: Office) -> None:
    assert office("apply", office.people("n1;Bjørn;Lie;2020-11-17;hylla;elev;"), "--yes").code == 0
    before = office.entries()
    for name in ("BjÃ¸rn", "Bj›rn", "Bj?rn", "Îëåíà"):
        answer = office("apply", office.people(f"n1;{name};Lie;2020-11-17;hylla;elev;"), "--yes", "--json")
        assert (answer.code, [one["code"] for one in answer.json["refusals"]]) == (1, ["R-NAME"])
        assert office.entries() == before


# --- standard input of judge


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-8-sig-twice"],
)
def test_judge_reads_what_powershell_sends(office: Office, monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
    text = f"{TENOR},2020-11-17\r\n{TENOR}\r\n"
    content = codecs.BOM_UTF8 + text.encode("utf-8-sig") if encoding.endswith("twice") else text.encode(encoding)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    answer = office("judge", "--json")
    assert (answer.code, [one["line"] for one in answer.json["verdicts"]]) == (0, [1, 2])


def test_judge_of_octets_that_are_no_text(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    for content in (b"\xff\xfe1", b"\xff\xfe\x00\xd8", b"\x00", b"\xff", b"5\x00"):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
        assert office("judge", "--json").code in (0, 1)


# --- the configuration and the files beside it


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le"])
def test_a_configuration_that_a_windows_editor_saved(office: Office, encoding: str) -> None:
    office.config.write_bytes(office.config.read_text(encoding="utf-8").replace("\n", "\r\n").encode(encoding))
    assert office("check").code in (0, 1)


@pytest.mark.parametrize("content", ["# blå".encode("cp1252"), b"\xff\xfe#", codecs.BOM_UTF8 + b"\xe5"])
def test_a_configuration_that_is_not_utf_8(office: Office, one_sentence: Any, content: bytes) -> None:
    office.config.write_bytes(content)
    answer = office("check")
    assert answer.code == 2
    said = one_sentence(answer)
    assert "UTF-8" in said
    assert "codec" not in said


@pytest.mark.parametrize("name", ["Hylla skole pÃ¥ Ã…s", "Hylla sk\ufffdle", "Hylla sk\x9bole"])
def test_damaged_text_in_the_configuration(office: Office, one_sentence: Any, name: str) -> None:
    office.set('name = "Hylla skole"', f'name = "{name}"')
    answer = office("check")
    assert answer.code == 2
    assert "schools" in one_sentence(answer)
    assert name not in answer.err


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_password_file_that_a_windows_editor_saved(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "password").write_bytes("hemmelig ø\r\n".encode(encoding))
    assert _with_password(tmp_path).bind_password() == "hemmelig ø"


def test_a_password_file_that_is_not_utf_8(tmp_path: Path) -> None:
    (tmp_path / "password").write_bytes("hemmelig ø\r\n".encode("cp1252"))
    with pytest.raises(ConfigurationError, match="is not UTF-8"):
        _with_password(tmp_path).bind_password()


def _with_password(folder: Path) -> Settings:
    path = folder / "feideprov.toml"
    template = Path(__file__).parents[2] / "feideprov" / "cli" / "care" / "story" / "feideprov.toml"
    directory = 'url = "ldaps://localhost"\nbind_dn = "cn=x,dc=skotthyll,dc=no"\npassword_file = "password"'
    path.write_text(template.read_text(encoding="utf-8").format(directory=directory), encoding="utf-8")
    return Settings.load(path)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_key_file_that_a_windows_editor_saved(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "feideprov.key"
    key = MarkKey.from_file(path, make=True)
    path.write_bytes((path.read_text(encoding="ascii") + "\r\n").encode(encoding))
    assert MarkKey.from_file(path, make=False).fingerprint == key.fingerprint


@pytest.mark.parametrize(
    "encoding",
    ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"],
)
def test_an_export_that_a_windows_editor_saved(office: Office, encoding: str) -> None:
    office("apply", office.people("n1;Bjørn;Lie;2020-11-17;hylla;elev;"), "--yes")
    path = put(office, "export.ldif", office.catalogue.read_text(encoding="utf-8").encode(encoding))
    answer = office("check", "--ldif", path)
    assert answer.code in ((0, 1) if encoding == "utf-8-sig" else (2, 3))
    assert encoding == "utf-8-sig" or "UTF-16" in answer.err


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le"])
def test_services_that_powershell_saved(office: Office, encoding: str) -> None:
    text = '[{"id": 4001, "name": "Leksebanken på nett", "attribute_groups": [], "scopes": ["profile"]}]'
    answer = office("services", "import", put(office, "services.json", text.encode(encoding)), "--kind", "feide")
    assert "UTF-8" not in answer.err
    assert "JSON" not in answer.err


def test_a_damaged_name_in_a_table_of_services(office: Office) -> None:
    answer = office(
        "services", "import", office.write("services.csv", "name;activated\nBÃ¸ker;ja\nLekser ½™;ja\n"), "--json"
    )
    assert [one["row"] for one in answer.json["refusals"]] == [2]
