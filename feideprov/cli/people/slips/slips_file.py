"""The file with slips: whose they are, where they go, and what a person is told of them."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from feideprov.cli.report import save
from feideprov.errors import FeideProvError, InputError, scrub_path
from feideprov.installation import page
from feideprov.messages import Sentence

if TYPE_CHECKING:
    from feideprov.client.client import Client
    from feideprov.slips.facade import FoundSlips

_ENDINGS: Final = {".pdf": True, ".html": False, ".htm": False}


@dataclass(frozen=True)
class Chosen:
    """Whose slips are meant."""

    school: str | None
    group: str | None
    users: list[str] | None

    def find(self, feide: Client, made_until: date | None = None) -> FoundSlips:
        """Their slips."""
        return feide.slips.find(school=self.school, group=self.group, users=self.users, made_until=made_until)

    def done_command(self, on: date) -> str:
        """The command that notes that they were handed out, when they were printed on this day."""
        words = ["feideprov", "slips", "--done", "--printed", on.isoformat()]
        if self.school is not None:
            words += ["--school", self.school]
        if self.group is not None:
            words += ["--class", self.group]
        for user in self.users or ():
            words += ["--user", user]
        return scrub_path(shlex.join(words))


def save_slips(found: FoundSlips, path: Path, per_page: int = 4, *, as_pdf: bool) -> None:
    """Write the file with the slips, if there are any. They can be made again until the passwords are erased."""
    if found.cards:
        four: Literal[1, 4] = 4 if per_page == 4 else 1
        save(path, found.pdf(per_page=four) if as_pdf else found.html(per_page=four).encode())


def slips_as_object(found: FoundSlips, path: Path) -> dict[str, Any]:
    """What `--json` says of slips."""
    return {"file": scrub_path(path) if found.cards else None, "users": [card.user for card in found.cards]}


def about_slips(found: FoundSlips, path: Path, command: str) -> list[Sentence]:
    """What a person is told of slips: where they are, who has none, and what to do next."""
    lines = _where(found, path)
    if found.not_reviewed:
        lines.append(
            Sentence(
                "{count} slip is in bokmål and English, because nobody has reviewed the text in the language of the "
                "user ({languages}). See {page}.",
                plural="{count} slips are in bokmål and English, because nobody has reviewed the text in the language "
                "of the user ({languages}). See {page}.",
                count=sum(found.not_reviewed.values()),
                languages=", ".join(found.not_reviewed),
                page=page(Sentence("slips.md")),
            )
        )
    lines += _without(found)
    if found.cards:
        lines.append(
            Sentence(
                "Print the file, give each user the slip, and delete the file. Then run: {command}", command=command
            )
        )
    return lines


def slips_for(feide: Client, users: list[str], path: Path, *, as_pdf: bool) -> list[Sentence]:
    """Write the file with the slips of users who have just got first passwords. Raises InputError when that cannot
    be done."""
    chosen = Chosen(None, None, users)
    try:
        found = chosen.find(feide)
        save_slips(found, path, as_pdf=as_pdf)
    except FeideProvError as error:
        raise InputError(error.sentence) from None
    return about_slips(found, path, chosen.done_command(feide.on))


def is_pdf(path: Path, *, pdf: bool = False, html: bool = False) -> bool:
    """Whether slips are to be written as PDF: a person said so, or the end of the name does. Raises InputError when
    nothing says it."""
    if pdf or html:
        return pdf
    if (known := _ENDINGS.get(path.suffix.lower())) is None:
        raise InputError(
            Sentence(
                "{path} ends neither with .pdf nor with .html. Give the file such a name.",
                path=scrub_path(path),
            )
        )
    return known


def _where(found: FoundSlips, path: Path) -> list[Sentence]:
    if not found.cards:
        lines = [Sentence("No first password of these users is to be handed out on a slip. No file was written.")]
        if found.given:
            lines.append(
                Sentence(
                    "The first password of {count} user was given, or erased. To make a new one, with its slip, run: "
                    "feideprov password USER --slips FILE",
                    plural="The first passwords of {count} users were given, or erased. To make new ones, with their "
                    "slips, run: feideprov password LIST --slips FILE",
                    count=found.given,
                )
            )
        return lines
    return [
        Sentence(
            "{count} slip is in {file}.",
            plural="{count} slips are in {file}.",
            count=len(found.cards),
            file=scrub_path(path),
        )
    ]


def _without(found: FoundSlips) -> list[Sentence]:
    """Who has no slip."""
    lines = list[Sentence]()
    if found.protected:
        lines.append(
            Sentence(
                "{count} user is protected, or may be, and gets no slip. The password is in the hand-over file. When "
                "you have given it to the user, run: feideprov slips --done --user USER",
                plural="{count} users are protected, or may be, and get no slip. Their passwords are in the hand-over "
                "file. When you have given one to the user, run: feideprov slips --done --user USER",
                count=len(found.protected),
            )
        )
    if found.missing:
        lines.append(
            Sentence(
                "{count} user with a first password is closed, or the directory does not show the user. There is no "
                "slip.",
                plural="{count} users with a first password are closed, or the directory does not show them. There "
                "are no slips.",
                count=found.missing,
            )
        )
    return lines


def counts_of(found: FoundSlips) -> dict[str, int]:
    """How many users have a slip, and how many have none."""
    return {
        "slips": len(found.cards),
        "protected": len(found.protected),
        "given": found.given,
        "missing": found.missing,
    }
