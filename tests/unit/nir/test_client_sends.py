"""`feide.nir.send`: records go from a program to an adapter, and what is kept of them."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hand_over import BORN_NUMBER, CONTENTS, D_NUMBER, DAY, ON, SETTING, install, our_entry_point, person, record

from feideprov import Client, ConfigurationError
from feideprov.nir import Given, Klage, Permit, Scheme, Sending, Value, Vedtak
from feideprov.nir.register.content import Seen
from feideprov.testing import example_directory, example_settings

ACTOR = "Kari  NORDMANN"
PLACE = ("ref-01", Scheme.INTRODUKSJONSPROGRAM)


@pytest.fixture(autouse=True)
def _the_file_adapter_is_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, monkeypatch, "files", our_entry_point()[1])
    install(tmp_path / "other", monkeypatch, "breaks", "breaking:Breaking", {"breaking": BREAKING})


BREAKING = """
class Breaking:
    name, fields, numbers = "breaks", frozenset({"*"}), ()

    def __init__(self, context):
        pass

    def send(self, batch):
        [one] = batch.records
        yield batch.receipt(one, one.fields[0])
        raise RuntimeError("a server that went away")
"""


def client(folder: Path, **nir: Any) -> Client:
    section = {
        "municipality": "3999",
        "retention": "P5Y",
        "file": str(folder / "nir" / "nir.json"),
        "folder": str(folder / "nir"),
        "key_file": str(folder / "nir" / "nir.key"),
        "transfers": True,
        "ready": {law: {"on": ready.on, "who": ready.who} for law, ready in SETTING.ready.items()},
        "outbox": "files",
        "roles": {"kommuneintrobruker": ["Ola Nordmann", "kari nordmann"]},
    }
    settings = example_settings(folder, nir=section | nir)
    return Client(settings, directory=example_directory(), on=ON, actor=ACTOR)


def batches(folder: Path) -> list[Any]:
    return [json.loads(path.read_text()) for path in sorted((folder / "nir" / "outbox").glob("*.json"))]


def counted(sending: Sending) -> dict[str, int]:
    return {name: count for name, count in sending.counts.items() if count}


def test_records_are_recorded_and_handed_over_and_nothing_of_it_is_closed(tmp_path: Path) -> None:
    with client(tmp_path) as feide:
        assert counted(feide.nir.send(iter([record()]))) == {"handed_over": len(CONTENTS)}
        content = feide.nir.register.read()
    [written] = batches(tmp_path)
    assert written["records"][0]["numbers"] == {"dnr": D_NUMBER}
    assert {one.field for one in content.handed_over} == set(CONTENTS)
    assert not any(value.seen_in_nir for value in content.records[PLACE].values.values())
    assert content.contents == {}, "the contents are gone at the receipt"
    kept = (tmp_path / "nir" / "nir.json").read_text()
    assert not [text for text in (D_NUMBER, "a reason", "a measure", "a goal") if text in kept]


def test_sending_the_same_again_changes_nothing(tmp_path: Path) -> None:
    with client(tmp_path) as feide:
        feide.nir.send([record()])
        before = feide.nir.register.read()
        assert counted(feide.nir.send([record()])) == {"unchanged": len(CONTENTS)}
        gone = record(contents=dict.fromkeys(CONTENTS, Given()))
        assert counted(feide.nir.send([gone])) == {"unchanged": len(CONTENTS)}
        assert feide.nir.register.read().handed_over == before.handed_over
    assert len(batches(tmp_path)) == 1


def test_a_forbidden_value_is_taken_back_and_the_rest_is_handed_over(tmp_path: Path) -> None:
    who = person(permit=Permit(basis="28", granted=date(2019, 5, 10)), arrived=date(2019, 6, 1))
    wrong = record(who, {name: CONTENTS[name] for name in ("vedtak", "tiltak", "sluttmaal")})
    right = record(who, {}).model_copy(update={"removed": frozenset({"sluttmaal"})})
    with client(tmp_path) as feide:
        assert counted(feide.nir.send([wrong])) == {"refused": 3}
        assert counted(feide.nir.send([right], dry_run=True)) == {"handed_over": 2}
        assert counted(feide.nir.send([wrong], dry_run=True)) == {"refused": 3}, "a dry run takes nothing back"
        assert counted(feide.nir.send([right])) == {"handed_over": 2}
        before = feide.nir.register.read()
        feide.nir.send([record(who, {}).model_copy(update={"removed": frozenset({"tiltak"})})])
        content = feide.nir.register.read()
    assert set(content.records[PLACE].values) == {"vedtak"}
    assert content.handed_over == before.handed_over, "what was handed over is not forgotten"
    [written] = batches(tmp_path)
    assert "sluttmaal" not in json.dumps(written)


def test_what_waits_is_kept_for_the_adapter_and_is_handed_over_later(tmp_path: Path) -> None:
    with client(tmp_path, transfers=False) as feide:
        assert counted(feide.nir.send([record()])) == {"held": len(CONTENTS)}
    later = record(contents={"livsmestring_gjennomfoert": Value(available_on=DAY)})
    with client(tmp_path) as feide:
        assert counted(feide.nir.send([later])) == {"handed_over": len(CONTENTS)}
    [written] = batches(tmp_path)
    assert written["records"][0]["values"]["vedtak"]["reason"] == "a reason"


@pytest.mark.parametrize("outbox", ["", "nowhere", "narrow"])
def test_what_is_kept_for_an_adapter_goes_at_the_next_change_when_it_is_not_there_any_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, outbox: str
) -> None:
    narrow = BREAKING.replace('"*"', '"sluttmaal"').replace("Breaking", "Narrow").replace('"breaks"', '"narrow"')
    install(tmp_path / "narrow", monkeypatch, "narrow", "narrow:Narrow", {"narrow": narrow})
    with client(tmp_path, transfers=False) as feide:
        feide.nir.send([record()])
        assert len(feide.nir.register.read().contents) > 1
    with client(tmp_path, outbox=outbox) as feide:
        feide.nir.seen([Seen("ref-01", ON, "Kari", fields=("number",))])
        left = {name for *_, name in feide.nir.register.read().contents}
    assert left == ({"sluttmaal"} if outbox == "narrow" else set())
    assert "a reason" not in (tmp_path / "nir" / "nir.json").read_text()


def test_what_was_read_before_there_was_an_adapter_must_be_read_again(tmp_path: Path) -> None:
    with client(tmp_path, outbox="") as feide:
        with pytest.raises(ConfigurationError, match="No outbox adapter is chosen"):
            feide.nir.send([record()])
        from feideprov.nir.register.recorded import with_records

        key = feide.nir.register.key
        feide.nir.register.change(lambda content: with_records(content, [record()], key, keep=frozenset()))
    with client(tmp_path) as feide:
        sending = feide.nir.send([record(contents={})])
    assert {one.code for one in sending.held} == {"R-NIR-READ-AGAIN"}
    assert counted(sending) == {"handed_over": 1, "held": len(CONTENTS) - 1}, "a yes or no is kept as it is"


def test_a_day_is_kept_as_it_is_and_is_handed_over_later(tmp_path: Path) -> None:
    who = person(permit=Permit(basis="28", granted=date(2019, 5, 10)), arrived=date(2019, 6, 1))
    with client(tmp_path, transfers=False) as feide:
        feide.nir.send([record(who, {"tilbud_eller_krav_dato": DAY})])
    with client(tmp_path) as feide:
        sending = feide.nir.send([record(who, {})])
    assert counted(sending) == {"handed_over": 1}
    [written] = batches(tmp_path)
    assert written["records"][0]["values"] == {"tilbud_eller_krav_dato": DAY.isoformat()}


def test_a_decision_without_a_reason_waits_for_the_adapter_too(tmp_path: Path) -> None:
    decision = Vedtak(date=DAY, start=DAY)
    with client(tmp_path, transfers=False) as feide:
        feide.nir.send([record(contents={"vedtak": decision, "klage": Klage(date=DAY)})])
    with client(tmp_path) as feide:
        sending = feide.nir.send([record(contents={})])
        assert feide.nir.register.read().contents == {}
    assert counted(sending) == {"handed_over": 2}


def test_the_actor_needs_the_role(tmp_path: Path) -> None:
    with client(tmp_path, roles={"kommunenorskbruker": ["Kari Nordmann"]}) as feide:
        sending = feide.nir.send([record()])
    assert [one.code for one in sending.refusals] == ["R-NIR-ROLE"]
    assert "kommuneintrobruker" in sending.refusals[0].sentence
    assert batches(tmp_path) == []


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    with client(tmp_path) as feide:
        assert counted(feide.nir.send([record()], dry_run=True)) == {"handed_over": len(CONTENTS)}
    assert not (tmp_path / "nir").exists()


def test_of_an_adapter_that_raises_what_it_had_given_is_recorded(tmp_path: Path) -> None:
    with client(tmp_path, outbox="breaks") as feide:
        sending = feide.nir.send([record()])
        assert [one.field for one in feide.nir.register.read().handed_over] == ["livsmestring_gjennomfoert"]
    assert counted(sending) == {"handed_over": 1, "failed": len(CONTENTS) - 1}
    assert "a server" not in "".join(one.sentence for one in sending.failures)
    with client(tmp_path) as feide:
        again = feide.nir.send([record()])
    assert counted(again) == {"handed_over": len(CONTENTS) - 1, "unchanged": 1}


def test_a_run_that_is_killed_before_it_has_recorded_hands_the_same_over_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from feideprov.nir import facade

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with client(tmp_path) as feide:
        with monkeypatch.context() as patch:
            patch.setattr(facade, "with_receipts", killed)
            with pytest.raises(KeyboardInterrupt):
                feide.nir.send([record()])
        assert counted(feide.nir.send([record()])) == {"handed_over": len(CONTENTS)}
    assert len(batches(tmp_path)) == 1, "the same batch is the same file"


def test_another_number_is_taken_from_the_list(tmp_path: Path) -> None:
    with client(tmp_path) as feide:
        feide.nir.send([record(contents={"sluttmaal": "a goal"})])
        other = person(numbers=({"kind": "fnr", "value": BORN_NUMBER},))
        feide.nir.send([record(other, {"sluttmaal": "another goal"})])
    assert [one["records"][0]["numbers"] for one in batches(tmp_path)] in (
        [{"dnr": D_NUMBER}, {"fnr": BORN_NUMBER}],
        [{"fnr": BORN_NUMBER}, {"dnr": D_NUMBER}],
    )
