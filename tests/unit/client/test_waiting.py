"""How long a client waits for another run, and where its key comes from."""

from __future__ import annotations

import time
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

import feideprov
from feideprov import Client, ConfigurationError, InputError, Journal, JournalError, MarkKey, PersonRecord, files
from feideprov.errors import DirectoryError
from feideprov.testing import example_directory, example_settings

REALM = "skotthyll.kommune.no"
KEY = b"a key for examples and nothing else"


def olena() -> PersonRecord:
    return PersonRecord(source_id="p1", given_name="Olena", family_name="Kovalenko", school="hylla", role="pupil")


def client(folder: Path, **given: Any) -> Client:
    return Client(example_settings(folder), directory=example_directory(), **given)


@pytest.mark.parametrize("kind", ["its own journal", "a journal that was given", "a journal of another program"])
def test_another_run_is_not_waited_for(tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feideprov.journal.journal.WAIT", 600.0)
    theirs = Journal(f"sqlite:///{tmp_path / 'feideprov.db'}", REALM, key=MarkKey(KEY), actor="Kari")
    given = {"journal": theirs} if kind == "a journal that was given" else {}
    feide = client(tmp_path, keys=KEY, wait=0, **given)
    plan = feide.plan([olena()])
    running: AbstractContextManager[Any] = theirs.run()
    if kind == "a journal of another program":
        running = files.exclusive(tmp_path / "feideprov.db", wait=0, holder="Kari")
    with running:
        for call in (
            lambda: feide.apply(plan),
            feide.observe,
            feide.organization_units.apply,
            lambda: feide.users.resolve(f"olenkova@{REALM}", gone=True),
        ):
            if kind == "a journal that was given":
                from concurrent.futures import ThreadPoolExecutor

                with ThreadPoolExecutor(1) as other, pytest.raises(JournalError, match="in use by Kari"):
                    other.submit(call).result()
            else:
                with pytest.raises(JournalError, match="in use by Kari"):
                    call()
    assert feide.apply(plan).counts["created"] == 1
    assert feide.users.close(f"olenkova@{REALM}").counts["updated"] == 1


@pytest.mark.parametrize("name", ["catalogue.ldif", "passwords.csv", "feideprov.db.sending"])
def test_a_file_that_another_run_writes_is_not_waited_for(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for usual in ("directory.ldif_file.LOCK_WAIT", "provision.run.handover.WAIT", "journal.journal.WAIT"):
        monkeypatch.setattr(f"feideprov.{usual}", 600.0)
    with Client(example_settings(tmp_path), keys=KEY, wait=0) as feide:
        feide.organization_units.apply()
        plan, sending = feide.plan([olena()]), name.endswith("sending")
        with (
            files.exclusive(tmp_path / name, wait=0, holder="Kari"),
            pytest.raises((JournalError, DirectoryError), match="Kari"),
        ):
            feide.services.notify(drafts=tmp_path / "drafts") if sending else feide.apply(plan)


def test_a_run_that_ends_meanwhile_is_waited_for(tmp_path: Path) -> None:
    import threading

    theirs = Journal(f"sqlite:///{tmp_path / 'feideprov.db'}", REALM, key=MarkKey(KEY), actor="Kari")
    feide, begun, end = client(tmp_path, keys=KEY, wait=300), threading.Event(), threading.Event()
    plan = feide.plan([olena()])

    def run() -> None:
        with theirs.run():
            begun.set()
            end.wait()
            time.sleep(0.05)

    other = threading.Thread(target=run)
    other.start()
    begun.wait()
    end.set()
    assert feide.apply(plan).counts["created"] == 1
    other.join()


@pytest.mark.parametrize("wrong", [-1, -0.1, float("nan"), float("inf"), 1e300, "1", True, None])
def test_a_wait_that_is_none_is_refused(tmp_path: Path, wrong: Any) -> None:
    if wrong is None:
        client(tmp_path, wait=None)
        return
    with pytest.raises(InputError, match="argument wait"):
        client(tmp_path, wait=wrong)


class Safe:
    """A provider that counts."""

    asked = 0

    def __call__(self) -> bytes:
        self.asked += 1
        return KEY


def test_a_key_provider_is_public_and_asked_when_the_key_is_needed(tmp_path: Path) -> None:
    assert "KeyProvider" in feideprov.__all__
    safe = Safe()
    feide = client(tmp_path, keys=safe)
    assert safe.asked == 0
    feide.apply(feide.plan([olena()]))
    assert feide._context.journal.key.fingerprint == MarkKey(KEY).fingerprint
    assert not (tmp_path / "feideprov.key").exists()
    with pytest.raises(ConfigurationError, match="too short"):
        MarkKey(lambda: b"short")
    with pytest.raises(InputError, match="argument keys of ClientParts must be MarkKey or bytes or KeyProvider"):
        client(tmp_path, keys=object())
