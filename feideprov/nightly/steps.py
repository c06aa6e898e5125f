"""The steps of a night, each with its result in one line and with what a person must know or do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final, Protocol

from feideprov.check.finding import Finding
from feideprov.errors import scrub_path
from feideprov.found import NOBODY, Found
from feideprov.journal.held_rows import absolute
from feideprov.messages import Sentence, Template, joined
from feideprov.nightly.matter import Matter
from feideprov.nightly.matters import CHECK, TODAY, Mark, matters_of_findings, matters_of_rows, matters_of_tasks
from feideprov.nightly.night import Step
from feideprov.observe.observe import Observation
from feideprov.programs.command_line import command_line
from feideprov.provision.plan.plan import Outcome, Plan
from feideprov.provision.run.handover_row import erased_in_time
from feideprov.services.facade import Services
from feideprov.services.outbox.deliveries import SendResult
from feideprov.services.today import Today
from feideprov.settings import Settings


class FirstPasswords(Protocol):
    """What a night does with first passwords."""

    def erase_old(self) -> Sequence[str]: ...


class Worker(Protocol):
    """What a night needs of a client."""

    @property
    def settings(self) -> Settings: ...

    @property
    def services(self) -> Services: ...

    @property
    def passwords(self) -> FirstPasswords: ...

    def plan(self, records: Path, *, source: str) -> Plan: ...

    def apply(self, plan: Plan) -> Outcome: ...

    def observe(self) -> Observation: ...

    def check(self) -> Found[Finding]: ...

    def today(self) -> Today: ...


@dataclass(frozen=True)
class Done:
    """What a step did. `place` is where it looked for something to tell; empty: nowhere."""

    step: Step | None = None
    place: str = ""
    matters: tuple[Matter, ...] = ()


NamedStep = tuple[Sentence, Callable[[], Done]]
"""A step, and what it is called when it fails."""

_OF_FILE: Final[Mapping[str, Template]] = {
    "created": Template("{count} created", "{count} created"),
    "updated": Template("{count} updated", "{count} updated"),
    "unchanged": Template("{count} unchanged", "{count} unchanged"),
    "refused": Template("{count} refused", "{count} refused"),
    "held": Template("{count} held", "{count} held"),
    "failed": Template("{count} failed", "{count} failed"),
}
_OBSERVED: Final[Mapping[str, Template]] = {
    "arrived": Template("{count} number was added outside this tool", "{count} numbers were added outside this tool"),
    "changed": Template(
        "{count} number was changed outside this tool", "{count} numbers were changed outside this tool"
    ),
    "gone": Template("{count} number was removed outside this tool", "{count} numbers were removed outside this tool"),
    "refused": Template("{count} refused", "{count} refused"),
    "held": Template("{count} held", "{count} held"),
}
_SENT: Final[Mapping[str, Template]] = {
    SendResult.SENT: Template("{count} sent", "{count} sent"),
    SendResult.WAITING: Template(
        "{count} not sent; the next run tries again", "{count} not sent; the next run tries again"
    ),
    SendResult.LATER: Template(
        "{count} not sent; a later run tries again", "{count} not sent; a later run tries again"
    ),
    SendResult.FAILED: Template("{count} given up", "{count} given up"),
    SendResult.BOUNCED: Template("{count} came back", "{count} came back"),
    SendResult.UNADDRESSED: Template("{count} without a mail address", "{count} without a mail address"),
}


class Steps:
    """The steps of one night. `sources` are the files, each with the name of its source; `mark` makes marks."""

    def __init__(self, worker: Worker, sources: Sequence[tuple[str, Path]], mark: Mark) -> None:
        self._worker = worker
        self._sources = sources
        self._mark = mark

    def __iter__(self) -> Iterator[NamedStep]:
        for name, path in self._sources:
            title = Sentence("{source} ({file})", source=name, file=scrub_path(path))
            yield title, partial(self._file, name, path, title)
        yield OBSERVE, self._observe
        yield CHECK_NAME, self._check
        yield NOTIFY, self._notify
        yield PASSWORDS, self._passwords
        yield TASKS, self._today

    def _command(self, *words: str) -> str:
        return command_line(self._worker.settings.file, *words)

    def _plan_command(self, name: str, path: Path) -> str:
        return self._command("plan", scrub_path(absolute(path)), "--source", name)

    def _file(self, name: str, path: Path, title: Sentence) -> Done:
        """Plan and apply a file. Raises what stops it: it cannot be read, the caps, far fewer people."""
        plan = self._worker.plan(path, source=name)
        outcome = self._worker.apply(plan)
        counts = outcome.counts
        step = Step(
            title,
            _counted(counts, _OF_FILE, Sentence("No changes.")),
            exit_code=3 if counts["failed"] else 0,
            counts=counts,
            written=bool(outcome.changes),
            notes=(*plan.notes, *outcome.recovered, *outcome.warnings, *(one.sentence for one in outcome.failures)),
        )
        matters = tuple(matters_of_rows(name, outcome.refusals, self._plan_command(name, path), self._mark))
        return Done(step, f"source {name}", matters)

    def _observe(self) -> Done:
        found = self._worker.observe()
        if found.first:
            said = Sentence(
                "The first observation: {count} user was recorded.",
                plural="The first observation: {count} users were recorded.",
                count=found.users,
            )
        else:
            unchanged = Sentence("No number was changed outside this tool since the last observation.")
            said = _counted(found.counts, _OBSERVED, unchanged)
        return Done(Step(OBSERVE, said, counts=found.counts, written=bool(found.changes), notes=found.notes))

    def _check(self) -> Done:
        findings = self._worker.check()
        unexpected = sum(not one.expected for one in findings)
        said = Sentence("Nothing unexpected was found.") if findings.users else NOBODY
        if unexpected:
            said = Sentence("{count} unexpected finding.", plural="{count} unexpected findings.", count=unexpected)
        step = Step(CHECK_NAME, said, counts={"unexpected": unexpected})
        matters = matters_of_findings(findings, lambda code: self._command("check", "--only", code), self._mark)
        return Done(step, CHECK, tuple(matters))

    def _notify(self) -> Done:
        """Send what is due. Without a mail server and a webhook nothing can be sent: `today` says what is due."""
        settings = self._worker.settings
        if not settings.smtp.host and not settings.webhook.url:
            return Done(Step(NOTIFY, Sentence("Nothing is sent, as there is no mail server in the configuration.")))
        report = self._worker.services.notify(send=True)
        said = _counted(report.counts, _SENT, Sentence("No notice is due."))
        codes = [error.exit_code for error in report.stopped.values()]
        return Done(
            Step(
                NOTIFY,
                joined([said, *(error.sentence for error in report.stopped.values())]),
                exit_code=max(codes, default=0),
                counts=report.counts,
                written=bool(report.counts[SendResult.SENT]),
            )
        )

    def _passwords(self) -> Done:
        """Erase the first passwords that nobody took. `today` asks for new ones."""
        users = self._worker.passwords.erase_old()
        if not users:
            return Done()
        days = self._worker.settings.journal.handover_days
        counts = {"erased": len(users)}
        return Done(Step(PASSWORDS, erased_in_time(len(users), days), counts=counts, written=True))

    def _today(self) -> Done:
        """What there is to do, without the held rows of tonight's files."""
        leave_out = {self._plan_command(name, path) for name, path in self._sources}
        leave_out |= {self._command("today", "--solved", scrub_path(absolute(path))) for _, path in self._sources}
        return Done(None, TODAY, tuple(matters_of_tasks(self._worker.today().tasks, leave_out, self._mark)))


OBSERVE: Final = Sentence("Numbers (observe)")
CHECK_NAME: Final = Sentence("Directory (check)")
NOTIFY: Final = Sentence("Notices (notify)")
PASSWORDS: Final = Sentence("First passwords")
TASKS: Final = Sentence("Tasks (today)")
MAIL: Final = Sentence("Mail")
JOURNAL: Final = Sentence("Journal")
RUN: Final = Sentence("The run")


def _counted(counts: Mapping[Any, int], words: Mapping[str, Template], nothing: Sentence) -> Sentence:
    """Counts in one sentence, those that are not 0."""
    parts = [template.filled(count=counts[name]) for name, template in words.items() if counts.get(name)]
    return Sentence("{counts}.", counts=joined(parts, ", ")) if parts else nothing
