"""Where first passwords go: one file, or one for each school or class (`[journal] handover`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from feideprov.files import is_there
from feideprov.messages import Sentence

SCHOOL, CLASS = "{school}", "{class}"
_PLACEHOLDER: Final = re.compile(r"\{[^{}]*\}")
_LOCK: Final = "handover"


def usable_handover(path: Path) -> Path:
    """The path of `handover`. Raises ValueError for a placeholder that is not known, and for a pattern whose files
    would stand among others."""
    for name in _PLACEHOLDER.findall(str(path)):
        if name not in (SCHOOL, CLASS):
            raise ValueError(
                Sentence(
                    "there is no placeholder {name}. Known are {school} and {group}",
                    name=name,
                    school=SCHOOL,
                    group=CLASS,
                )
            )
    pattern = HandoverPattern(path)
    if not pattern.is_one_file and pattern.folder in (Path(), Path(path.anchor)):
        raise ValueError(
            Sentence(
                "files for each school or class must have a folder of their own. Write a folder before the name, such "
                "as “passwords/{name}”",
                name=path.name,
            )
        )
    return path


@dataclass(frozen=True)
class HandoverPattern:
    """The path of the hand-over file, or of several: with `{school}` or `{class}`, or both, in it."""

    path: Path

    @property
    def is_one_file(self) -> bool:
        """Whether all rows go to one file."""
        return not _PLACEHOLDER.search(str(self.path))

    @cached_property
    def folder(self) -> Path:
        """The folder with all the files, perhaps in folders of their own."""
        fixed = self.path.parent
        while _PLACEHOLDER.search(str(fixed)):
            fixed = fixed.parent
        return fixed

    @property
    def place(self) -> Path:
        """What is shown to people: the file, or the folder of the files."""
        return self.path if self.is_one_file else self.folder

    @property
    def locked(self) -> Path:
        """The path whose lock (`<path>.lock`) holds for all the files."""
        return self.path if self.is_one_file else self.folder / _LOCK

    def of(self, school: str, group: str) -> Path:
        """The file for a school and a class, given by names that are parts of names of files."""
        return Path(str(self.path).replace(SCHOOL, school).replace(CLASS, group))

    def files(self) -> Iterator[Path]:
        """The files that are there, in the order of their names. Raises OSError when a folder cannot be read."""
        if self.is_one_file:
            yield from [self.path] if is_there(self.path) else []
            return
        found = [self.folder] if is_there(self.folder) else []
        for part in self.path.relative_to(self.folder).parts:
            form = re.compile(".+".join(map(re.escape, _PLACEHOLDER.split(part))))
            inner = [one for folder in found if folder.is_dir() for one in folder.iterdir()]
            found = [one for one in inner if form.fullmatch(one.name) and not one.name.startswith(".")]
        yield from sorted(one for one in found if one.name != f"{_LOCK}.lock")
