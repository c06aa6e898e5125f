"""A night in words: one text for the screen and the mail. It names no user."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from email.message import EmailMessage

from feideprov.messages import Language, Sentence, said_in
from feideprov.nightly.matter import Matter
from feideprov.nightly.night import Night
from feideprov.services.outbox.deliveries import new_id
from feideprov.services.outbox.mail import compose
from feideprov.services.outbox.templates import Text, single_line
from feideprov.settings import Settings

_LONGEST = 2_000


def summary(night: Night, language: Language) -> Text:
    """Each step in a line, then what is new and what remains, each with its next command."""
    lines = [_line(step.line, language) for step in night.steps]
    for title, matters in (
        (Sentence("New:"), night.new),
        (Sentence("Remains:"), night.remaining),
    ):
        if matters:
            lines += ["", said_in(title, language), *_told(matters, language)]
    return Text(single_line(said_in(_subject(night), language)), "\n".join(lines) + "\n")


def mail(night: Night, settings: Settings, to: str, language: Language) -> EmailMessage:
    """The same as a mail. Raises InputError and ConfigurationError as `compose`."""
    return compose(settings, to, summary(night, language), message_id=new_id(), language=language)


def _subject(night: Night) -> Sentence:
    new = sum(matter.count for matter in night.new)
    if failed := len(night.failed):
        what = Sentence(
            "{count} step was stopped or failed", plural="{count} steps were stopped or failed", count=failed
        )
    elif new:
        what = Sentence("{count} new", plural="{count} new", count=new)
    else:
        what = Sentence("nothing new")
    return Sentence("{organization}, night of {day}: {what}", organization=night.organization, day=night.on, what=what)


def _told(matters: Iterable[Matter], language: Language) -> Iterator[str]:
    for matter in matters:
        yield f"  {_line(matter.sentence, language)}"
        if matter.command:
            yield f"      {matter.command}"


def _line(sentence: str, language: Language) -> str:
    return single_line(said_in(sentence, language), _LONGEST)
