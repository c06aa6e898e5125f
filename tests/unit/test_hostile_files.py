"""A path that is no file of its kind: a folder, a pipe that nobody writes into, a device, a file of 100 GB.

Each reader says so in a sentence, with bounded memory and without waiting.
"""

from __future__ import annotations

import os
import resource
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from feideprov import Client, FeideProvError, Journal, JournalError, MarkKey, Plan
from feideprov.check import files as check_files
from feideprov.directory.ldif_file import LdifDirectory
from feideprov.intake.question_list import read_question_list
from feideprov.provision.run.handover import HandoverFile
from feideprov.services.outbox.templates import Templates
from feideprov.settings import Settings
from feideprov.testing import example_settings

KEY = MarkKey(b"a key for examples and nothing else")
MOST_MEMORY = 3_000_000_000
STOPS_WAITING = 60


def _password(path: Path) -> object:
    directory = {"url": "ldaps://x", "bind_dn": "cn=x", "password_file": path, "source_id_attribute": "employeeNumber"}
    settings = example_settings(path.parent)
    changed = settings.directory.model_copy(update=directory)
    return settings.model_copy(update={"directory": changed}).bind_password()


def _examined(path: Path) -> None:
    """What doctor says of a journal that is no file."""
    settings = example_settings(path.parent)
    settings = settings.model_copy(update={"journal": settings.journal.model_copy(update={"url": f"sqlite:///{path}"})})
    [found] = [one for one in check_files.checks(settings, lambda: None) if one.name == "journal content"]
    if found.finding:
        raise JournalError(found.finding.sentence)


def _template_folder(path: Path) -> Path:
    """A folder of templates in which this is the text of a question."""
    folder = path.parent / "texts"
    folder.mkdir()
    (folder / "question.nb.txt.j2").symlink_to(path.resolve())
    return folder


READERS: dict[str, Callable[[Client, Path], object]] = {
    "configuration": lambda _, path: Settings.load(path),
    "password": lambda _, path: _password(path),
    "key": lambda _, path: MarkKey.from_file(path, make=False),
    "person list": lambda client, path: client.plan(path),
    "number list": lambda client, path: client.numbers.plan_attach(path),
    "plan": lambda client, path: Plan.load(path, client=client) or client.plan(path),
    "LDIF": lambda _, path: LdifDirectory(path),
    "services": lambda client, path: client.services.import_(path),
    "metadata": lambda client, path: client.services.import_(path, kind="saml"),
    "JSON": lambda client, path: client.services.import_(path, kind="feide"),
    "answers": lambda client, path: client.services.answers_from(path),
    "sheet of questions": lambda _, path: read_question_list(path),
    "hand-over": lambda _, path: HandoverFile(path).passwords(),
    "template": lambda _, path: Templates(_template_folder(path)).render("question", "nb"),
    "journal": lambda _, path: Journal(f"sqlite:///{path}", "skotthyll.kommune.no", key=KEY, actor="Kari"),
    "journal, by doctor": lambda _, path: _examined(path),
}


def _folder(path: Path) -> None:
    path.mkdir()


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def _sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(100_000_000_000)


@pytest.fixture(autouse=True)
def bounded() -> Iterator[None]:
    """A reader that waits, or takes too much memory, is stopped."""

    def stop(*_: object) -> None:
        raise AssertionError("the reader waits for something that does not come")

    before, limits = signal.signal(signal.SIGALRM, stop), resource.getrlimit(resource.RLIMIT_AS)
    signal.alarm(STOPS_WAITING)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, limits[1]))
    yield
    resource.setrlimit(resource.RLIMIT_AS, limits)
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("make", [_folder, _pipe, _device, _sparse])
@pytest.mark.parametrize("kind", READERS)
def test_what_is_no_file_is_refused(client, tmp_path, kind, make):
    path = tmp_path / "file"
    make(path)
    with pytest.raises(FeideProvError):
        READERS[kind](client, path)
