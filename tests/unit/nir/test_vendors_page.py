"""The adapter on the page for vendors works as it stands there, and the page says what the file adapter writes."""

from __future__ import annotations

import importlib
import json
import re
import sqlite3
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hand_over import CONTENTS, D_NUMBER, ROOT, hand_over, install, record

from feideprov.nir import Outbox, OutboxContext, Tiltak
from feideprov.nir.outbox.adapters import adapter_named
from feideprov.nir.outbox.file_adapter import FORMAT, VERSION, FileOutbox
from feideprov.nir.outbox.outbox import GROUP
from feideprov.nir.outbox.sending import send

PAGE = ROOT.joinpath("docs", "nir-vendors.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


ADAPTER, TEST = blocks("python")
[PROJECT] = blocks("toml")
[FILE] = blocks("json")


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Outbox:
    """The adapter of the page, found as a municipality's configuration finds it."""
    [(name, place)] = tomllib.loads(PROJECT)["project"]["entry-points"][GROUP].items()
    assert f'outbox = "{name}"' in PAGE
    install(tmp_path, monkeypatch, name, place, {"example_queue": ADAPTER})
    return adapter_named(name, OutboxContext(tmp_path / "nir" / "outbox", "3999"))


def rows(folder: Path) -> list[Any]:
    connection = sqlite3.connect(folder / "nir" / "outbox" / "queue.db")
    try:
        return connection.execute("select field, number, content from queue order by field").fetchall()
    finally:
        connection.close()


MEASURE = Tiltak(kind="a measure", from_=date(2022, 5, 16), extent="half of the week")


def test_the_adapter_takes_records_and_the_same_ones_once(tmp_path: Path, installed: Outbox) -> None:
    for _ in range(2):
        sending = send([record(contents=CONTENTS | {"tiltak": (MEASURE,)})], hand_over(installed))
        assert (sending.counts["handed_over"], sending.counts["held"]) == (2, len(CONTENTS) - 2)
    assert [(field, number) for field, number, _ in rows(tmp_path)] == [("tiltak", D_NUMBER), ("vedtak", D_NUMBER)]
    assert json.loads(rows(tmp_path)[1][2])["reason"] == "a reason"


def test_it_refuses_what_its_case_system_does_not_take(tmp_path: Path, installed: Outbox) -> None:
    sending = send([record()], hand_over(installed))
    assert (sending.counts["handed_over"], sending.counts["refused"]) == (1, 1)
    assert "has no extent" in sending.refusals[0].sentence
    assert [field for field, _, _ in rows(tmp_path)] == ["vedtak"]


def test_its_own_test_on_the_page_passes(tmp_path: Path, installed: Outbox) -> None:
    namespace: dict[str, Any] = {}
    exec(compile(TEST, "nir-vendors.md", "exec"), namespace)
    [test] = [one for name, one in namespace.items() if name.startswith("test_")]
    test(tmp_path / "own")


def test_its_project_says_which_module_is_installed() -> None:
    """A folder with a second file, such as the test, is refused by setuptools where nothing says it."""
    project = tomllib.loads(PROJECT)
    [place] = project["project"]["entry-points"][GROUP].values()
    assert project["tool"]["setuptools"]["py-modules"] == [place.partition(":")[0]]
    assert project["build-system"]["build-backend"] == "setuptools.build_meta"


def test_it_is_about_forty_lines() -> None:
    assert len(ADAPTER.splitlines()) <= 40


def test_the_page_shows_the_file_that_is_written(tmp_path: Path) -> None:
    send([record()], hand_over(FileOutbox(OutboxContext(tmp_path, "3999"))))
    [path] = tmp_path.iterdir()
    written, shown = json.loads(path.read_text(encoding="utf-8")), json.loads(FILE)
    assert written.keys() == shown.keys()
    assert (shown["format"], shown["version"]) == (FORMAT, VERSION)
    assert written["records"][0].keys() == shown["records"][0].keys()
    assert len(shown["records"][0]["id"]) == len(written["records"][0]["id"])


def test_every_name_that_the_page_imports_is_public() -> None:
    names = re.search(r"from feideprov\.nir import (.*)", ADAPTER)
    assert names
    public = importlib.import_module("feideprov.nir").__all__
    assert set(names[1].split(", ")) <= set(public)
