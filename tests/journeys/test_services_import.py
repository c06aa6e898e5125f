"""`services import`: what is shown, in words and as JSON, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.journeys.conftest import Office

NUMBER = "57912075186"
ORGANIZATIONS = [
    {"id": "7", "realm": "skotthyll.kommune.no", "type": ["home_organization"], "support_email": None},
    {"id": "100", "realm": "leverandor.no", "type": ["service_provider"], "support_email": "hjelp@leverandor.no"},
]


def one(number: int, *, nin: bool = True, ours: bool = True) -> dict[str, Any]:
    return {
        "id": str(number),
        "name": {"nb": f"Tjeneste {number}"},
        "provider": {"id": "100", "name": "Leverandør AS", "realm": "leverandor.no"},
        "attributes": ["mail", *(["norEduPersonNIN"] if nin else [])],
        "subscribers": [{"id": "7" if ours else "8"}],
    }


@pytest.fixture
def save(office: Office):
    def _save(name: str, content: Any) -> str:
        path: Path = office.folder / name
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return str(path)

    return _save


def test_the_whole_story_of_a_register(office: Office, save) -> None:
    organizations = save("org.json", ORGANIZATIONS)
    first = office(
        "services", "import", save("sp.json", [one(1), one(2, nin=False), one(3, ours=False)]), organizations
    )
    assert (first.code, first.err) == (0, "")
    assert first.out == (
        "\nNew:\n  feide:1  Tjeneste 1 (Leverandør AS): unknown\n  and 2 that are not activated here, or do not "
        "get the number.\n\n3 read, 2 organizations, 3 new.\n"
    )
    office("services", "answer", "feide:1", "can-serve", "--source", "mail")
    second = office("services", "import", save("sp.json", [one(1), one(2), one(4)]))
    assert second.out == (
        "\nGet the number now, and it is not known whether they depend on it:\n  feide:2  Tjeneste 2 "
        "(Leverandør AS): unknown\n\nNew:\n  feide:4  Tjeneste 4 (Leverandør AS): unknown\n\nNo longer in the "
        "file or API that they came from: 1 that is not activated here, or does not get the number.\n\n3 read, "
        "1 new, 1 gone, 1 gets the number now, 1 unchanged.\n"
    )
    listed = office("services", "list", "--json").json["services"]
    assert [(service["id"], service["state"]) for service in listed] == [
        ("feide:1", "can-serve"),
        ("feide:2", "unknown"),
        ("feide:4", "unknown"),
    ]


def test_json_tells_of_each_service_what_became_of_it(office: Office, save) -> None:
    table = save("aktivert.csv", f"tjeneste;aktivert\nTjeneste 2;kanskje\n{NUMBER};ja\nTjeneste 1;nei\n")
    answer = office("services", "import", table, save("sp.json", [one(1), one(2)]), "--org-id", "7", "--json")
    found = answer.json
    assert (answer.code, found["command"], found["ok"]) == (1, "services import", False)
    assert found["counts"] == {
        "read": 2,
        "organizations": 0,
        "new": 2,
        "changed": 0,
        "gone": 0,
        "newly": 0,
        "unchanged": 0,
        "refused": 2,
    }
    assert [(service["what"], service["id"], service["activated"]) for service in found["services"]] == [
        ("new", "feide:1", False),
        ("new", "feide:2", True),
    ]
    assert [(r["source"], r["row"], r["code"], r["held"]) for r in found["refusals"]] == [
        ("aktivert.csv", 2, "S-CELL", False),
        ("aktivert.csv", 3, "S-NUMBER-MISPLACED", False),
    ]
    assert set(found["refusals"][0]) == {"source", "row", "code", "sentence", "held", "user", "name"}
    assert NUMBER not in answer.out + answer.err


def test_what_only_a_person_can_tell_is_said_on_standard_error(office: Office, save) -> None:
    answer = office("services", "import", save("sp.json", one(1)))
    assert answer.err.startswith("It is not known whether 1 service that gets the number is activated here")
    assert answer.out == "\nNew: 1 that is not activated here, or does not get the number.\n\n1 read, 1 new.\n"
    told = office("services", "import", save("sp.json", one(1)), "--json")
    assert told.json["notes"] == [answer.err.rstrip("\n")]


@pytest.mark.parametrize("words", [(), ("--json",)], ids=["words", "json"])
def test_a_file_that_cannot_be_read_is_one_sentence_and_nothing_is_written(office: Office, save, words) -> None:
    bad = save("bad.json", '[{"id": "", "provider": {}}]')
    answer = office("services", "import", save("sp.json", [one(1)]), bad, *words)
    sentence = "bad.json, entry 1, id: the value is missing. Check the file."
    assert (answer.code, answer.err.strip()) == (2, sentence)
    if words:
        assert (answer.json["command"], answer.json["error"]) == ("services import", sentence)
    assert office("services", "list", "--all", "--json").json["services"] == []


def test_the_screen_counts_what_the_file_of_organizations_has(office: Office, save) -> None:
    case = Path(__file__).parents[1] / "data" / "cases" / "organizations-with-provider.json"
    office("services", "import", save("sp.json", [one(1)]), "--org-id", "42")
    said = office("services", "import", str(case))
    assert (said.code, said.out, said.err) == (0, "\n2 organizations.\n", "")
    assert [one["id"] for one in office("services", "list", "--all", "--json").json["services"]] == ["feide:1"]


def test_one_organization_is_counted_in_the_singular(office: Office, save) -> None:
    path = save("org.json", ORGANIZATIONS[:1])
    assert office("services", "import", save("sp.json", [one(1)]), path).out.endswith(
        "\n1 read, 1 organization, 1 new.\n"
    )


def test_a_name_that_would_move_the_cursor_is_shown_without(office: Office, save) -> None:
    hostile = one(1) | {"name": {"nb": "Ord\u001b[2J\r\nBcc: x@y.no"}}
    answer = office("services", "import", save("sp.json", [hostile]), "--org-id", "7")
    assert "\u001b" not in answer.out
    assert "  feide:1  Ord[2J Bcc: x@y.no (Leverandør AS): unknown\n" in answer.out
