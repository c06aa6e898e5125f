"""Outbox adapters are found by their entry points, and do what is asked of them."""

from __future__ import annotations

import json
import logging
import stat
import sys
from dataclasses import replace
from datetime import date
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from hand_over import BORN_NUMBER, CONTENTS, D_NUMBER, hand_over, install, our_entry_point, record

from feideprov import ConfigurationError
from feideprov.nir import Batch, NumberKind, Outbox, OutboxContext
from feideprov.nir.outbox.adapters import adapter_named
from feideprov.nir.outbox.file_adapter import FileOutbox
from feideprov.nir.outbox.outbox import GROUP
from feideprov.nir.outbox.selection import selected
from feideprov.testing.outbox_contract import MemoryOutbox, check_outbox


def context(folder: Path) -> OutboxContext:
    return OutboxContext(folder / "nir" / "outbox", "3999")


def entry(name: str, place: str) -> EntryPoint:
    return EntryPoint(name, place, GROUP)


def made_of(**attributes: object) -> type:
    """A factory of adapters that have other attributes than they should."""
    return type("Made", (MemoryOutbox,), {"__init__": lambda self, context: None, **attributes})


GOOD = {"fields": frozenset({"vedtak"}), "numbers": (NumberKind.DNR,)}


def broken(context: OutboxContext) -> Outbox:
    raise KeyError(D_NUMBER)


def ends_the_program(context: OutboxContext) -> Outbox:
    raise SystemExit(0)


def without_a_disk(context: OutboxContext) -> Outbox:
    raise OSError(28, "No space left on device", D_NUMBER)


made_good = made_of(**GOOD)
nameless = made_of(**GOOD, name=None)
with_a_list = made_of(**GOOD | {"fields": ["vedtak"]})
with_one_text = made_of(**GOOD | {"fields": "vedtak"})
with_other_kinds = made_of(**GOOD | {"numbers": ("dnr",)})
mute = made_of(**GOOD, send=None)


def none_at_all(context: OutboxContext) -> None:
    pass


def named(tmp_path: Path, attribute: str) -> Outbox:
    return adapter_named("x", context(tmp_path), among=[entry("x", f"{__name__}:{attribute}")])


def test_the_adapter_with_the_name_is_made_with_its_folder_and_the_municipality(tmp_path: Path) -> None:
    found = adapter_named("file", context(tmp_path), among=[entry(*our_entry_point()), entry("y", "nowhere:Y")])
    assert isinstance(found, FileOutbox)
    assert not (tmp_path / "nir").exists(), "nothing is written before there is something to hand over"


def test_it_is_found_among_what_is_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, monkeypatch, "file-of-a-test", our_entry_point()[1])
    assert isinstance(adapter_named("file-of-a-test", context(tmp_path)), FileOutbox)


def test_a_package_that_is_found_twice_is_one(tmp_path: Path) -> None:
    assert adapter_named("file", context(tmp_path), among=[entry(*our_entry_point())] * 2)


@pytest.mark.parametrize(
    ("name", "among", "said"),
    [
        ("", [], "No outbox adapter is chosen, so nothing can be handed over. None is installed: see "),
        ("", ["file", "b"], "Write the name of an installed one into the configuration ([nir] outbox): b and file."),
        ("fil", ["file"], "There is no outbox adapter “fil”. Write the name of an installed one"),
        (f"x{D_NUMBER}", ["file"], "There is no outbox adapter “x…”."),
    ],
)
def test_a_missing_name_says_which_there_are(tmp_path: Path, name: str, among: list[str], said: str) -> None:
    with pytest.raises(ConfigurationError) as told:
        adapter_named(name, context(tmp_path), among=[entry(one, "nowhere:X") for one in among])
    assert said in str(told.value)


def test_two_packages_with_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="Several packages have an outbox adapter “x”"):
        adapter_named("x", context(tmp_path), among=[entry("x", "one:X"), entry("x", "two:X")])


@pytest.mark.parametrize(
    ("place", "why"),
    [
        ("no_such_module:X", "ModuleNotFoundError"),
        ("json:no_such_name", "AttributeError"),
        ("json:__name__", "TypeError"),
        (f"{__name__}:broken", "KeyError"),
        (f"{__name__}:ends_the_program", "SystemExit"),
        (f"{__name__}:without_a_disk", "No space left on device"),
    ],
)
def test_one_that_fails_to_load_is_one_sentence_without_what_it_raised(tmp_path: Path, place: str, why: str) -> None:
    with pytest.raises(ConfigurationError) as told:
        adapter_named("x", context(tmp_path), among=[entry("x", place)])
    assert f"The outbox adapter “x” ([nir] outbox) cannot be loaded ({why})." in str(told.value)
    assert D_NUMBER not in str(told.value)
    assert told.value.__cause__ is None
    assert told.value.__suppress_context__
    assert told.value.__context__ is not None
    assert told.value.__context__.__suppress_context__


@pytest.mark.parametrize(
    ("attribute", "lacking"),
    [
        ("nameless", "its attribute name is not a text"),
        ("with_a_list", "its attribute fields is not a frozenset of texts"),
        ("with_one_text", "its attribute fields is not a frozenset of texts"),
        ("with_other_kinds", "its attribute numbers is not a tuple of kinds of numbers"),
        ("mute", "it has no method send"),
        ("none_at_all", "its attribute name is not a text"),
    ],
)
def test_one_that_lacks_something_is_one_sentence(tmp_path: Path, attribute: str, lacking: str) -> None:
    assert named(tmp_path, "made_good")
    with pytest.raises(ConfigurationError) as told:
        named(tmp_path, attribute)
    assert f"The outbox adapter “x” ([nir] outbox) cannot be used: {lacking}" in str(told.value)


# The file adapter.


def batch(*records: object, on: date = date(2022, 6, 15)) -> Batch:
    given = hand_over(MemoryOutbox(numbers=(NumberKind.DNR,)))
    ready = [selected(one, given).ready for one in records or [record()]]
    assert all(ready)
    return Batch("3999", on, tuple(ready))


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_the_file_adapter_writes_a_batch_into_a_private_file(tmp_path: Path) -> None:
    outbox, one = FileOutbox(context(tmp_path)), batch()
    receipts = list(outbox.send(one))
    folder = context(tmp_path).folder
    [path] = folder.iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    written = json.loads(path.read_text(encoding="utf-8"))
    assert {key: written[key] for key in ("format", "version", "municipality", "on")} == {
        "format": "feideprov-nir-batch",
        "version": 1,
        "municipality": "3999",
        "on": "2022-06-15",
    }
    [only] = written["records"]
    assert only["numbers"] == {"dnr": D_NUMBER}
    assert only["values"]["vedtak"] == {"date": "2022-05-02", "start": "2022-05-16", "reason": "a reason"}
    assert only["values"]["tiltak"] == [{"kind": "a measure", "from": "2022-05-16"}]
    assert only["values"]["livsmestring_gjennomfoert"] is False
    assert sorted(only["values"]) == sorted(CONTENTS) == sorted(receipt.field for receipt in receipts)
    assert only["id"] == one.records[0].id


def test_the_same_batch_is_the_same_file_and_another_one_is_another(tmp_path: Path) -> None:
    outbox, folder = FileOutbox(context(tmp_path)), context(tmp_path).folder
    first = list(outbox.send(batch()))
    before = files_of(folder)
    assert list(FileOutbox(context(tmp_path)).send(batch())) == first
    assert files_of(folder) == before
    outbox.send(batch(on=date(2022, 6, 16)))
    outbox.send(batch(record(contents={"vedtak": CONTENTS["vedtak"]})))
    outbox.send(replace(batch(), municipality="3998"))
    assert len(files_of(folder)) == 4
    assert files_of(folder).items() >= before.items()


def test_it_writes_no_file_over_another(tmp_path: Path) -> None:
    outbox, folder = FileOutbox(context(tmp_path)), context(tmp_path).folder
    outbox.send(batch())
    [path] = folder.iterdir()
    path.write_bytes(b"what somebody else wrote")
    with pytest.raises(FileExistsError):
        outbox.send(batch())
    assert files_of(folder) == {path.name: b"what somebody else wrote"}


def test_an_empty_batch_is_no_file(tmp_path: Path) -> None:
    assert list(FileOutbox(context(tmp_path)).send(Batch("3999", date(2022, 6, 15), ()))) == []
    assert list(tmp_path.iterdir()) == []


def test_the_name_of_a_file_has_the_day_and_letters(tmp_path: Path) -> None:
    FileOutbox(context(tmp_path)).send(batch())
    [path] = context(tmp_path).folder.iterdir()
    day, letters = path.stem[:10], path.stem[11:]
    assert day == "2022-06-15"
    assert letters.isalpha()


# The contract.


def test_our_adapters_hold_the_contract(tmp_path: Path) -> None:
    check_outbox(FileOutbox(context(tmp_path)))
    check_outbox(MemoryOutbox())
    check_outbox(MemoryOutbox({"vedtak", "a field of its own"}, NumberKind))


class Talks(MemoryOutbox):
    def send(self, batch):
        for one in batch.records:
            logging.getLogger("vendor").debug("sending %s", one.record.person.numbers[0].value.get_secret_value())
        return super().send(batch)


class Prints(MemoryOutbox):
    def send(self, batch):
        for one in batch.records:
            print(one.record.values["vedtak"].content.reason, file=sys.stderr)
        return super().send(batch)


class Greets(MemoryOutbox):
    def send(self, batch):
        print("hello")
        return super().send(batch)


class Forgets(MemoryOutbox):
    def send(self, batch):
        return list(super().send(batch))[1:]


class Registers(MemoryOutbox):
    def send(self, batch):
        return [replace(one, outcome="registered") for one in super().send(batch)]


class SaysTheNumber(MemoryOutbox):
    def send(self, batch):
        return [
            batch.receipt(one, field, refused=f"{one.record.person.numbers[0].value.get_secret_value()} is not known")
            for one in batch.records
            for field in one.fields
        ]


class RefusesTheSecondTime(MemoryOutbox):
    def send(self, batch):
        refused = "had it" if len(self.batches) > 1 else None
        super().send(batch)
        return [batch.receipt(one, field, refused=refused) for one in batch.records for field in one.fields]


class SendsTheEmpty(MemoryOutbox):
    def send(self, batch):
        return super().send(batch) or [None]


class Wrong(MemoryOutbox):
    numbers = "dnr"

    def __init__(self):
        self.fields = frozenset()


@pytest.mark.parametrize(
    ("outbox", "said"),
    [
        (Talks(numbers=(NumberKind.DNR,)), "It writes a number (dnr) into a log"),
        (Prints(), "It writes contents of a record into a log"),
        (Greets(), "It writes to standard output"),
        (Forgets(), "There is no receipt"),
        (Registers(), "with another outcome than “handed_over” and “refused”"),
        (SaysTheNumber(numbers=(NumberKind.FNR,)), "It writes a number (fnr) into a log"),
        (RefusesTheSecondTime(), "It answers another thing when it gets the same batch again"),
        (SendsTheEmpty(), "It gives receipts for an empty batch"),
        (Wrong(), "its attribute numbers is not a tuple of kinds of numbers"),
    ],
    ids=lambda one: type(one).__name__ if isinstance(one, MemoryOutbox) else "",
)
def test_the_contract_finds_what_is_wrong(outbox: MemoryOutbox, said: str) -> None:
    with pytest.raises(AssertionError) as told:
        check_outbox(outbox)
    assert said in str(told.value)
    assert BORN_NUMBER not in str(told.value)


def test_the_contract_leaves_the_log_as_it_was(tmp_path: Path) -> None:
    before = logging.getLogger().level, list(logging.getLogger().handlers)
    check_outbox(FileOutbox(context(tmp_path)))
    assert (logging.getLogger().level, list(logging.getLogger().handlers)) == before


def test_a_file_that_cannot_be_written_is_an_error_of_the_system(tmp_path: Path) -> None:
    tmp_path.joinpath("nir").write_text("a file where a folder should be")
    with pytest.raises(NotADirectoryError):
        FileOutbox(context(tmp_path)).send(batch())
