"""One number for one user: for programs that have a directory layer of their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from feideprov.directory.protocol import Directory
from feideprov.errors import DirectoryError, Refused
from feideprov.feide.user import FeideUser
from feideprov.issues import Origin
from feideprov.journal.events import Debts
from feideprov.journal.journal import Journal
from feideprov.journal.keys import MarkKey
from feideprov.journal.users import KnownUsers
from feideprov.numbers import Evidence, NumberPolicy, NumberText
from feideprov.provision.plan.builder import PlanBuilder
from feideprov.provision.plan.directory_state import DirectoryState
from feideprov.provision.plan.numbers import plan_attaches
from feideprov.provision.plan.plan import Outcome
from feideprov.provision.run.executor import Executor


@dataclass(frozen=True)
class OneNumber:
    """A number for one user: one that has arrived, or one that is to be removed."""

    user: str
    national_number: NumberText
    birth_date: date | None = None
    evidence: Evidence | None = None
    old_number: NumberText | None = None
    source_id: str = ""
    origin: Origin | None = None


def attach_d_number(
    directory: Directory,
    user: FeideUser | str,
    number_text: str,
    *,
    evidence: Evidence | None = None,
    birth_date: date | None = None,
    journal: Journal | None = None,
    policy: NumberPolicy = NumberPolicy(),
    on: date | None = None,
    debts: Debts | None = None,
) -> Outcome:
    """Write the number of a pending user, without a number or with a DUF number, to its entry.

    `user` is a Feide user or its Feide name. One attribute of one entry is changed; before and after, every number
    in the directory is read and compared, so a second holder is found. The outcome is `unchanged` when the user
    has the number already. With a `journal` the intention, the outcome and the evidence are recorded, and with
    `debts` (`Client.services.debts()`) the notices that services are owed.

    Raises Refused, with the code, when the number is refused, needs evidence, or somebody else has it;
    DirectoryError when the directory refuses the write.
    """
    feide_name = user if isinstance(user, str) else user.feide_name
    one = OneNumber(feide_name.strip().lower(), NumberText(number_text), birth_date, evidence)
    own = journal or Journal("sqlite://", "-", key=MarkKey.fresh(), actor="attach_d_number")
    try:
        known_users = KnownUsers.of(own.events())
        day = on or date.today()  # noqa: DTZ011 - a day in Norway
        builder = PlanBuilder(DirectoryState.of_names(directory), known_users, day, one.user.partition("@")[2] or None)
        outcome = Executor(directory, own, known_users, debts=debts).apply(plan_attaches(builder, [one], policy))
    finally:
        if journal is None:
            own.close()
    return certain(outcome)


def certain(outcome: Outcome) -> Outcome:
    """The outcome of one change, when it was made. Raises Refused or DirectoryError, with the reason, otherwise."""
    for refusal in outcome.refusals:
        raise Refused(refusal.sentence, code=refusal.code, held=refusal.held)
    for failure in outcome.failures:
        raise DirectoryError(failure.sentence)
    return outcome
