"""One number for one user: for programs that have a directory layer of their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from feideprov.directory.protocol import Directory
from feideprov.errors import ConfigurationError, DirectoryError, Refused
from feideprov.feide.user import FeideUser
from feideprov.issues import Origin
from feideprov.journal.events import Debts
from feideprov.journal.journal import Journal
from feideprov.journal.keys import MarkKey
from feideprov.journal.presence import Presence
from feideprov.journal.users import KnownUsers
from feideprov.messages import Sentence
from feideprov.numbers import Evidence, NumberPolicy, NumberText
from feideprov.programs.arguments import checked
from feideprov.provision.plan.builder import PlanBuilder
from feideprov.provision.plan.directory_state import DirectoryState
from feideprov.provision.plan.numbers import plan_attaches
from feideprov.provision.plan.plan import Outcome
from feideprov.provision.run.executor import Executor
from feideprov.text import shown


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


@checked
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
    """Write the number of a user without a number, or with a DUF number, to the user's entry.

    One attribute of one entry is changed. Before and after, every number in the directory is read and compared, so a
    second holder is found.

    Parameters:
        directory: the directory.
        user: a Feide user, or a Feide name.
        number_text: the number, as text.
        evidence: where the number was seen.
        birth_date: the person's birth date; one that equals the number's replaces evidence.
        journal: where the intention, the outcome and the evidence are recorded; without it, nowhere.
        policy: how the organization has set the judge.
        on: the day that counts as today; without it, the day where the program runs.
        debts: which services are owed a notice (`Client.services.debts()`); needs `journal`.

    Returns: the outcome; unchanged when the user has the number already.

    Raises:
        ConfigurationError: the journal is that of another organization than the user's.
        Refused: the number is refused, needs evidence, or another user holds it; it has the code.
        DirectoryError: the directory cannot be used, or refuses the write.
        JournalError: the journal cannot be used.
    """
    feide_name = user if isinstance(user, str) else user.feide_name
    one = OneNumber(feide_name.strip().lower(), NumberText(number_text), birth_date, evidence)
    realm = one.user.rpartition("@")[2]
    if journal is not None and realm and journal.realm != realm:
        raise ConfigurationError(
            Sentence(
                "{user} is not a user of {realm}, whose journal was given. Nothing was written. Give the journal of "
                "the user's own organization.",
                user=shown(one.user),
                realm=journal.realm,
            )
        )
    own = journal or Journal("sqlite://", "-", key=MarkKey.fresh(), actor="attach_d_number")
    try:
        known_users = KnownUsers.read(own)
        day = on or date.today()  # noqa: DTZ011 - a day in Norway
        state = DirectoryState.of_names(directory)
        Presence.of(known_users, state.entries).check()
        builder = PlanBuilder(state, known_users, day, one.user.partition("@")[2] or None)
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
        cause = failure.cause
        raise DirectoryError(
            failure.sentence, code=cause.code if cause else None, server=cause.server if cause else None
        )
    return outcome
