"""What belongs to one organization never reaches another's directory or journal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from feideprov import (
    Client,
    ConfigurationError,
    FeideProvError,
    Journal,
    MarkKey,
    PersonRecord,
    Settings,
    attach_d_number,
)
from feideprov.testing import example_directory, example_settings
from feideprov.testing.example import _SECTIONS

OURS, THEIRS = "skotthyll.kommune.no", "annet.kommune.no"
KEY, OTHER_KEY = MarkKey(b"a key for examples and nothing else"), MarkKey(b"another key for examples, not ours")


def sections(realm: str = OURS, **more: Any) -> dict[str, Any]:
    return _SECTIONS | {"organization": _SECTIONS["organization"] | {"realm": realm}} | more


def olena() -> PersonRecord:
    return PersonRecord(source_id="p1", given_name="Olena", family_name="Kovalenko", school="hylla", role="pupil")


@pytest.fixture(autouse=True)
def wrong_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FEIDEPROV_DIRECTORY__URL", "ldap://wrong.example.no")
    monkeypatch.setenv("FEIDEPROV_ORGANIZATION__REALM", "wrong.example.no")
    monkeypatch.setenv("FEIDEPROV_JOURNAL", "{not json")


def test_settings_of_a_mapping_are_those_of_the_mapping(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = Settings.of(sections(), folder="below")
    assert (found.directory.url, found.organization.realm) == ("ldif:catalogue.ldif", OURS)
    assert (found.folder, found.file, found.path(Path("x"))) == (tmp_path / "below", None, tmp_path / "below" / "x")
    assert Settings.of(sections()).folder == tmp_path
    assert Settings(**sections()) == Settings.of(sections())


def test_a_file_is_read_with_the_environment_only_where_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FEIDEPROV_JOURNAL")
    file = tmp_path / "feideprov.toml"
    lines = [f'[organization]\nrealm = "{OURS}"\nname = "S"\nnumber = "NO987654325"\nmail = "a@b.no"\ndn = "o=S,dc=no"']
    lines.append('[[schools]]\nid = "h"\nname = "H"\nnumber = "NO912345688"\nmail = "a@b.no"\ndn = "ou=H,o=S,dc=no"')
    lines.append('[directory]\nurl = "ldif:c.ldif"\nusers_dn = "ou=p,dc=no"\nsource_id_attribute = "employeeNumber"')
    file.write_text("\n".join(lines))
    assert Settings.load(file, environment=False).directory.url == "ldif:c.ldif"
    assert Settings.load(file).directory.url == "ldap://wrong.example.no"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "must be a mapping of sections"),
        ([("organization", {})], "must be a mapping of sections"),
        ({1: {}}, "must be a mapping of sections"),
        ({"organization": {"realm": OURS}}, rf"^{OURS}: The key organization.name is missing"),
        (sections(directry={}), "The key directry is not known. The nearest known key is directory."),
        (sections(directory=None), "directory: "),
        (sections(caps={"changes": "x57912075186"}), "caps.changes: "),
        (sections(journal={"key_file": "a\0b"}), "the value of journal.key_file has a NUL character"),
        (sections(directory={"url": "ldif:a\0b"}), "the value of directory.url has a NUL character"),
    ],
)
def test_wrong_sections_are_refused_as_those_of_a_file(content: Any, told: str) -> None:
    with pytest.raises(ConfigurationError, match=told) as refused:
        Settings.of(content)
    assert "57912075186" not in str(refused.value)
    if isinstance(content, dict) and all(isinstance(name, str) for name in content):
        with pytest.raises(ConfigurationError):
            Settings(**content)


def test_sections_without_end_and_a_folder_with_a_nul_are_refused() -> None:
    section: dict[str, Any] = {}
    section["changes"] = section
    with pytest.raises(ConfigurationError, match="nested too deeply"):
        Settings.of(sections(caps=section))
    with pytest.raises(ConfigurationError, match="must be a path"):
        Settings.of(sections(), folder="a\0b")


def test_the_journal_of_another_organization_is_refused(tmp_path: Path) -> None:
    journal = Journal("sqlite://", THEIRS, key=KEY, actor="Kari")
    with pytest.raises(ConfigurationError, match=f"those of {OURS}, but the journal is that of {THEIRS}"):
        Client(example_settings(tmp_path), directory=example_directory(), journal=journal)
    assert not journal.events()


def test_another_key_than_that_of_the_journal_is_refused(tmp_path: Path) -> None:
    journal = Journal("sqlite://", OURS, key=KEY, actor="Kari")
    settings = example_settings(tmp_path)
    told = f"The key that was given for {OURS} is not the key of its journal"
    with pytest.raises(ConfigurationError, match=told):
        Client(settings, directory=example_directory(), journal=journal, keys=OTHER_KEY)
    Client(settings, directory=example_directory(), journal=journal, keys=KEY)
    MarkKey.from_file(tmp_path / "feideprov.key", make=True)
    with pytest.raises(ConfigurationError, match=told):
        Client(settings, directory=example_directory(), journal=journal)


def test_the_plan_of_another_organization_is_refused(tmp_path: Path) -> None:
    ours = Client(example_settings(tmp_path), directory=example_directory())
    (tmp_path / "b").mkdir()
    their_settings = example_settings(tmp_path / "b", organization={"realm": THEIRS})
    theirs = Client(their_settings, directory=example_directory())
    plan = ours.plan([olena()])
    with pytest.raises(ConfigurationError, match=f"^{THEIRS}: The plan was made for {OURS}, and cannot be applied"):
        theirs.apply(plan)
    with pytest.raises(ConfigurationError, match=f"The plan was made for {OURS}"):
        theirs.apply(ours.organization_units.plan())
    assert not theirs.journal.events()
    assert not theirs.pending()


def test_the_directory_of_another_organization_is_refused(tmp_path: Path) -> None:
    ours = Client(example_settings(tmp_path), directory=example_directory())
    ours.apply(ours.plan([olena()]))
    (tmp_path / "b").mkdir()
    their_settings = example_settings(tmp_path / "b", organization={"realm": THEIRS})
    theirs = Client(their_settings, directory=ours.directory)
    before = list(ours.directory.entries())
    for call in (
        lambda: theirs.plan([olena()]),
        theirs.observe,
        theirs.pending,
        theirs.services.matrix,
        lambda: theirs.attach(f"olenkova@{OURS}", "57912075186"),
        lambda: theirs.users.close(f"olenkova@{OURS}"),
        lambda: theirs.numbers.plan_attach([]),
    ):
        with pytest.raises(ConfigurationError, match=f"no user of {THEIRS}.*users of {OURS}") as refused:
            call()
        assert refused.value.as_dict()["realm"] == THEIRS
    assert list(ours.directory.entries()) == before
    assert not theirs.journal.events()
    assert "P-NAME-REALM" in {finding.code for finding in theirs.check()}  # a check tells it of each user


def test_one_number_is_not_written_down_in_another_journal(tmp_path: Path) -> None:
    ours = Client(example_settings(tmp_path), directory=example_directory())
    ours.apply(ours.plan([olena()]))
    journal = Journal("sqlite://", THEIRS, key=KEY, actor="Kari")
    with pytest.raises(ConfigurationError, match=f"olenkova@{OURS} is not a user of {THEIRS}"):
        attach_d_number(ours.directory, f"olenkova@{OURS}", "57912075186", journal=journal)
    assert not journal.events()


def test_every_error_of_a_client_says_whose_it_is(tmp_path: Path) -> None:
    client = Client(example_settings(tmp_path))
    for call in (client.pending, lambda: client.plan("nothing.csv"), lambda: client.directory, lambda: client.apply(1)):
        with pytest.raises(FeideProvError) as raised:
            call()
        assert raised.value.as_dict()["realm"] == OURS
        assert str(raised.value).startswith(f"{OURS}: ")
