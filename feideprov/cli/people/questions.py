"""What is said of a sheet of questions about who is who."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from feideprov.errors import scrub_path
from feideprov.messages import Sentence

if TYPE_CHECKING:
    from feideprov.client.question_sheet import QuestionSheet


def about_questions(asked: QuestionSheet, path: Path) -> list[str]:
    """How many questions are in a sheet that was saved, and how to give the answers."""
    file = scrub_path(path)
    lines: list[str] = [
        Sentence(
            "{count} question about who is who is in {file}. When it is answered, run: feideprov resolve {argument} "
            "--yes",
            plural="{count} questions about who is who are in {file}. When they are answered, run: feideprov resolve "
            "{argument} --yes",
            count=len(asked.questions),
            file=file,
            argument=shlex.quote(file),
        )
        if asked.questions
        else Sentence("No question about who is who is open. {file} has only the headings.", file=file)
    ]
    if asked.left_out:
        lines.append(
            Sentence(
                "{count} question about a protected person is not in it.",
                plural="{count} questions about protected people are not in it.",
                count=asked.left_out,
            )
        )
    return lines
