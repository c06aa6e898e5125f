"""The set-up of a server as data: steps, each with its files and the commands that load them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from feideprov.messages import Sentence


@dataclass(frozen=True)
class SetupFile:
    """A file that the page names. `secret`: it contains a password, so it is private to its owner."""

    name: str
    text: str = field(repr=False)
    secret: bool = False


@dataclass(frozen=True)
class Commands:
    """Commands that are run one after the other, at one place: `where` says where."""

    where: Sentence
    lines: Sequence[str]
    language: str = "sh"
    """What the lines are: `sh` are commands of a POSIX shell; `toml` are lines of the configuration."""


@dataclass(frozen=True)
class Step:
    """One step: what it does and why, then its commands. `files` are written to the folder of the page."""

    title: Sentence
    content: Sequence[Sentence | Commands]
    files: Sequence[SetupFile] = ()


@dataclass(frozen=True)
class Setup:
    """Everything for one server, in the order in which it is carried out."""

    title: Sentence
    introduction: Sequence[Sentence]
    steps: Sequence[Step]

    @property
    def files(self) -> Iterator[SetupFile]:
        """The files of all steps, in load order."""
        return (file for step in self.steps for file in step.files)
