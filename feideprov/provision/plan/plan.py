"""A plan, and its outcome."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, Self

from feideprov.issues import Refusal
from feideprov.provision.plan.changes import Attach, Change, Create, Update
from feideprov.provision.plan.leavers.leavers import Leavers
from feideprov.provision.plan.login_changes import Close
from feideprov.provision.plan.people.listed_person import Marked
from feideprov.provision.plan.people.open_question import OpenQuestion
from feideprov.provision.plan.unit_changes import CreateUnit

if TYPE_CHECKING:
    from feideprov.provision.plan.file import PlanContext


class PlanOwner(Protocol):
    """What `Plan.save` and `Plan.load` need of a client."""

    @property
    def plan_context(self) -> PlanContext:
        """The key, the configuration and the directory."""


@dataclass(frozen=True)
class ListedRows:
    """The rows of the list that a plan was made from."""

    read: int = 0
    """How many there are, the refused ones included; 0 when the plan comes from no list."""
    empty: int = 0
    """Rows of a number list in which no number was filled in yet."""
    of_users: frozenset[int] = frozenset()
    """The rows of people who were users before, and are kept even when something in the row is refused."""
    of_waiting: frozenset[int] = frozenset()
    """Those of them who had no number."""


@dataclass(frozen=True)
class Plan:
    """What would be changed, and what would not and why. Nothing has been written yet."""

    changes: tuple[Change, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    unchanged: int = 0
    ours: int = 0
    """How many users of ours are in the directory: the cap on updates is a percentage of this."""
    notes: tuple[str, ...] = ()
    """About the list as a whole: columns that were not read, rows without an answer."""
    listed: str = ""
    """The command that shows this list's rows again (`attach /home/kari/numbers.csv`); empty when the plan comes from
    no file."""
    only_rows: frozenset[int] | None = None
    """The rows of the list that the plan is about; None: all of them."""
    people: tuple[tuple[str, Marked], ...] = field(default=(), repr=False)
    """The persons of the rows whose users are there, by Feide name: the journal marks them when the plan is applied."""
    questions: tuple[OpenQuestion, ...] = field(default=(), compare=False, repr=False)
    """What is asked about who is who, of users who are there."""
    source: str | None = None
    """The configured source that a person named for the list."""
    encoding: str | None = None
    """The encoding that a person named for the list."""
    sheet: str | None = None
    """The sheet that a person named for the list."""
    exact: bool = False
    """A plan that was approved: a user name that was taken meanwhile is not replaced with the next free one."""
    rows: ListedRows = field(default=ListedRows(), repr=False)
    """The rows that the plan was made from."""
    leavers: Leavers = field(default=Leavers(), repr=False)
    """Who of the users of the list's source is not in it."""
    last_withdrawal: int = field(default=0, compare=False, repr=False)
    """The id in the journal of the last withdrawal of a number that was known when the plan was made."""
    serials: frozenset[str] = field(default=frozenset(), repr=False)
    """The marks of serials in place of a number, which the journal keeps when the plan is applied."""
    realm: str = field(default="", compare=False, repr=False)
    """The realm of the organization that the plan is for; empty when no client made it."""

    @property
    def creates(self) -> tuple[Create, ...]:
        return tuple(c for c in self.changes if isinstance(c, Create))

    @property
    def updates(self) -> tuple[Update, ...]:
        return tuple(c for c in self.changes if isinstance(c, Update))

    @property
    def attaches(self) -> tuple[Attach, ...]:
        return tuple(c for c in self.changes if isinstance(c, Attach))

    @property
    def closes(self) -> tuple[Close, ...]:
        return tuple(c for c in self.changes if isinstance(c, Close))

    @property
    def counts(self) -> dict[str, int]:
        """As `apply` counts: what would happen to each row."""
        return {
            "created": sum(isinstance(c, Create | CreateUnit) for c in self.changes),
            "updated": len({c.dn for c in self.changes if not isinstance(c, Create | CreateUnit)}),
            "unchanged": self.unchanged,
            "refused": sum(not r.held for r in self.refusals),
            "held": sum(r.held for r in self.refusals),
            "failed": 0,
        }

    def save(self, path: Path | str, *, client: PlanOwner, source: Path | str) -> None:
        """Write the plan to a file (JSON, mode 0600), to be read, approved and applied later as it is.

        No number and no password is in the file. A seal shows whether it was changed.

        Parameters:
            path: the file.
            client: the client that made the plan.
            source: the person list that the plan was made from. It must still be there when the plan is applied.

        Raises:
            InputError: the file cannot be written, the path of the list looks like an identity number, or the plan
                has changes that come from no person list.
        """
        from feideprov.provision.plan import file

        saved = file.SavedPlan(
            self.changes,
            self.refusals,
            self.unchanged,
            self.ours,
            self.people,
            asdict(self.rows),
            self.source,
            self.encoding,
            self.sheet,
            self.only_rows,
            self.last_withdrawal,
            self.serials,
            self.leavers,
        )
        file.save(saved, Path(path), context=client.plan_context, source=Path(source))

    @classmethod
    def load(cls, path: Path | str, *, client: PlanOwner) -> Self | None:
        """The plan in a file. What has changed in the directory since is held (R-MOVED); what was done is unchanged.

        Parameters:
            path: the file.
            client: the client that will apply the plan.

        Returns: the plan, or None when the file is not a plan.

        Raises:
            InputError: the plan was altered, or was made with another key or configuration.
            ConfigurationError, DirectoryError, JournalError: the directory or the journal cannot be read.
        """
        from feideprov.journal.held_rows import shown_by
        from feideprov.provision.plan import file

        context = client.plan_context
        content = file.read(Path(path), context)
        if content is None:
            return None
        saved = file.load(content, context)
        plan = cls(
            saved.changes,
            saved.refusals,
            saved.unchanged,
            saved.ours,
            listed=shown_by("plan", file.input_of(content), saved.source, saved.encoding, saved.sheet),
            only_rows=saved.only_rows,
            people=saved.people,
            source=saved.source,
            encoding=saved.encoding,
            sheet=saved.sheet,
            exact=True,
            leavers=saved.leavers,
            last_withdrawal=saved.last_withdrawal,
            serials=saved.serials,
        )
        return replace(plan, notes=context.notes_for(plan.changes), rows=ListedRows(**saved.rows))


@dataclass(frozen=True)
class Outcome:
    """What was done. `refused` and `held` say why the rest was not; `failures` are the changes that the directory
    refused.

    `recovered`, `warnings` and `stopped` are sentences.
    """

    changes: tuple[Change, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    failures: tuple[Refusal, ...] = ()
    unchanged: int = 0
    recovered: tuple[str, ...] = ()
    """What an earlier run that was interrupted had done or not done."""
    warnings: tuple[str, ...] = ()
    stopped: str = ""
    """How to go on, when the run was stopped before everything was sent."""

    @property
    def held(self) -> tuple[Refusal, ...]:
        return tuple(r for r in self.refusals if r.held)

    @property
    def refused(self) -> tuple[Refusal, ...]:
        return tuple(r for r in self.refusals if not r.held)

    @property
    def counts(self) -> dict[str, int]:
        done = Plan(self.changes, self.refusals, self.unchanged).counts
        return done | {"failed": len(self.failures)}

    @property
    def attach_counts(self) -> dict[str, int]:
        """As `attach` counts."""
        return self.counts_as("attached")

    def counts_as(self, done: str) -> dict[str, int]:
        """The counts of a command that does one thing only.

        Parameters:
            done: what the command does: `attached`, `closed`, …

        Returns: how many users were changed (under the name `done`), unchanged, refused, held and failed.

        Raises: nothing.
        """
        counts = self.counts
        return {done: counts["updated"]} | {k: counts[k] for k in ("unchanged", "refused", "held", "failed")}
