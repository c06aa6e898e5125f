"""Files of the introduction register are apart from Feide's, and its keys find Feide's users."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from feideprov import Client, ConfigurationError, InputError, Settings
from feideprov.directory.dn import DN
from feideprov.directory.entry import Entry
from feideprov.testing import example_directory, example_settings

SECTION = {"municipality": "1899", "retention": "P5Y"}


def settings(folder: Path, nir: dict[str, Any], **sections: Any) -> Settings:
    content = example_settings(folder).model_dump(mode="json", exclude_none=True, exclude={"nir"})
    content["journal"]["url"] = example_settings(folder).journal.url
    return Settings.of(content | sections | {"nir": SECTION | nir}, folder=folder)


@pytest.mark.parametrize("name", ["file", "key_file", "folder"])
@pytest.mark.parametrize(
    "path",
    ["feideprov.key", "feideprov.key.mark", "passwords.csv", "./passwords.csv", "nir/../passwords.csv", "link", "out"],
)
def test_a_place_of_feide_is_refused(tmp_path: Path, name: str, path: str) -> None:
    (tmp_path / "nir").mkdir()
    (tmp_path / "link").symlink_to("passwords.csv")
    with pytest.raises(ConfigurationError, match=rf"\[nir\] {name} is the same place as \[\w+\] \w+, or") as raised:
        settings(
            tmp_path,
            {name: path},
            output={"folder": "out"},
            journal={"key_file": "feideprov.key", "handover": "passwords.csv"},
        )
    assert raised.value.exit_code == 2


@pytest.mark.parametrize("path", ["passwords", "passwords/nir.json", "passwords/x/nir.json"])
def test_a_place_among_the_hand_over_files_is_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(ConfigurationError, match=r"\[nir\] file is the same place as \[journal\] handover, or"):
        settings(tmp_path, {"file": path}, journal={"handover": "passwords/{school}.csv"})


@pytest.mark.parametrize(
    ("nir", "sections", "key"),
    [
        ({"file": "feideprov.db"}, {"journal": {"url": "sqlite:///feideprov.db"}}, "[journal] url"),
        ({"key_file": "mark"}, {"journal": {"mark_file": "mark"}}, "[journal] mark_file"),
        ({"key_file": "smtp-password"}, {"smtp": {"password_file": "smtp-password"}}, "[smtp] password_file"),
        ({"key_file": "secret"}, {"webhook": {"secret_file": "secret"}}, "[webhook] secret_file"),
        ({"folder": "templates"}, {"services": {"templates": "templates"}}, "[services] templates"),
        ({"file": "out/nir.json"}, {"output": {"folder": "out"}}, "[output] folder"),
        ({"folder": "people"}, {"output": {"folder": "people/feide"}}, "[output] folder"),
        ({"folder": "people/nir"}, {"output": {"folder": "people"}}, "[output] folder"),
    ],
)
def test_so_are_the_journal_and_the_folder_for_people(
    tmp_path: Path, nir: dict[str, str], sections: dict[str, Any], key: str
) -> None:
    with pytest.raises(ConfigurationError) as raised:
        settings(tmp_path, nir, **sections)
    assert key in str(raised.value)


def test_the_key_is_not_in_the_file_that_it_is_for(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="same path in file and key_file"):
        settings(tmp_path, {"file": "one", "key_file": "one"})


def test_places_of_its_own_are_fine(tmp_path: Path) -> None:
    made = settings(tmp_path, {}, output={"folder": "out"})
    assert made.nir is not None
    assert made.path(made.nir.file) == tmp_path / "nir" / "nir.json"


SOURCES = [
    {"name": name, "evidence": "register", "confirmed_by": "Kari", "confirmed_on": "2026-01-01"}
    for name in ("visma", "oppad")
]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("visma", {"k-1": "12829499914", "k-3": None}),
        ("oppad", {"k-2": None}),
        ("", {"visma:k-1": "12829499914", "oppad:k-2": None, "visma:k-3": None}),
    ],
)
def test_users_have_their_numbers_by_the_keys_of_the_lists(
    tmp_path: Path, journal: Any, key: Any, source: str, found: dict[str, str | None]
) -> None:
    made = settings(tmp_path, {"source": source}, sources=SOURCES)
    directory = example_directory()
    numbers = {"visma:k-1": "12829499914", "oppad:k-2": "", "visma:k-3": "202212345608"}
    for uid, (source_id, number) in enumerate(numbers.items()):
        values = {
            "objectClass": ["inetOrgPerson", "eduPerson", "norEduPerson"],
            "eduPersonPrincipalName": [f"user{uid}@skotthyll.kommune.no"],
            made.directory.source_id_attribute: [source_id],
            "norEduPersonNIN": list(filter(None, [number])),
        }
        entry = Entry(DN.parse(f"uid=user{uid},{made.directory.users_dn}"), values)
        directory._entries[entry.dn.key] = entry
    with Client(made, directory=directory, journal=journal, keys=key) as client:
        users = client.nir.users()
    assert {key: number and number.reveal() for key, number in users.items()} == found
    assert "12829499914" not in repr(users)
    assert client.nir.source_id("k-1") == (f"{source}:k-1" if source else "k-1")


def test_a_source_that_is_not_configured_is_told(tmp_path: Path, journal: Any, key: Any) -> None:
    made = settings(tmp_path, {"source": "moon"}, sources=SOURCES)
    with (
        Client(made, directory=example_directory(), journal=journal, keys=key) as client,
        pytest.raises(ConfigurationError, match="no source “moon”"),
    ):
        client.nir.read("list.csv")  # before anything is read or written


def test_a_file_that_others_can_read_is_told_with_the_worklist(tmp_path: Path, journal: Any, key: Any) -> None:
    made = settings(tmp_path, {})
    with Client(made, directory=example_directory(), journal=journal, keys=key) as client:
        client.nir.register.change(lambda content: replace(content, told=frozenset({"x"})))
        assert client.nir.worklist().notes == ()
        client.nir.settings.path(client.nir.section.key_file).chmod(0o640)
        [note] = client.nir.worklist().notes
    assert re.fullmatch(r"(\S+nir\.key) can be read or changed by others than its owner. Run: chmod 600 \1", note)


def test_a_law_that_there_is_not_is_told(tmp_path: Path, journal: Any, key: Any) -> None:
    with (
        Client(settings(tmp_path, {}), directory=example_directory(), journal=journal, keys=key) as client,
        pytest.raises(InputError, match="Write one of introduksjonsloven, integreringsloven and kap6a"),
    ):
        client.nir.channel("kap7")


def test_settings_that_a_program_made_are_looked_at_before_the_file_is(tmp_path: Path, journal: Any, key: Any) -> None:
    made = example_settings(tmp_path, nir=SECTION | {"file": tmp_path / "passwords.csv"})
    with (
        Client(made, directory=example_directory(), journal=journal, keys=key) as client,
        pytest.raises(ConfigurationError, match=r"\[nir\] file is the same place as \[journal\] handover"),
    ):
        client.nir.kept_too_long()


def test_the_example_settings_have_all_places_in_their_folder(tmp_path: Path) -> None:
    nir = example_settings(tmp_path, nir=SECTION).nir
    assert nir is not None
    assert {path.is_relative_to(tmp_path) for path in (nir.file, nir.folder, nir.key_file)} == {True}


@pytest.mark.parametrize("retention", ["P0Y", "P0Y0M", "P", "P5", "5Y", "P00M"])
def test_records_are_kept_for_a_time_that_is_some_months_at_least(tmp_path: Path, retention: str) -> None:
    with pytest.raises(ConfigurationError, match=r"nir\.retention: this must be a length of time"):
        settings(tmp_path, {"retention": retention})


@pytest.mark.parametrize("retention", ["P5Y", "P10Y", "P18M", "P0Y6M", "P1Y6M"])
def test_such_a_time_is_accepted(tmp_path: Path, retention: str) -> None:
    nir = settings(tmp_path, {"retention": retention}).nir
    assert nir is not None
    assert nir.retention == retention
