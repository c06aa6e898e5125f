"""Plans for lists of people, and applying plans."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from feideprov.client.context import Context
from feideprov.client.leavers import check_enough, keep_leavers, with_leavers, without_returned
from feideprov.client.one_organization import require_plan_of
from feideprov.directory.dn import same_key
from feideprov.errors import ConfigurationError, InputError
from feideprov.feide.person import PersonRecord
from feideprov.intake.people import read_people
from feideprov.issues import Listed, Refusal
from feideprov.journal.held_rows import keep_held, shown_by
from feideprov.messages import Sentence, joined
from feideprov.numbers import Evidence
from feideprov.provision.plan.builder import PlanBuilder
from feideprov.provision.plan.login_changes import Close
from feideprov.provision.plan.people.belonging_notes import grades_of_other_schools
from feideprov.provision.plan.people.planner import Answer, PersonPlanner
from feideprov.provision.plan.plan import Outcome, Plan
from feideprov.provision.plan.units import unusable_for
from feideprov.tables.text_file import shown_name
from feideprov.wiring import is_full, source_of

if TYPE_CHECKING:
    from feideprov.provision.run.writer import Progress, Stop


def plan_people(
    context: Context,
    records: Iterable[PersonRecord] | Path | str,
    *,
    source: str | None,
    evidence: Evidence | None,
    only: str | None,
    answer: Answer | None,
    encoding: str | None = None,
    sheet: str | None = None,
    leavers: bool = False,
) -> Plan:
    """The plan for these people; see `Client.plan`."""
    refusals: tuple[Refusal, ...] = ()
    notes: tuple[str, ...] = ()
    listed = None
    given, named = records, source
    if isinstance(records, Path | str):
        listed = read_people(Path(records), context.reading(source, encoding, sheet))
        records, refusals, source = listed.records, listed.refusals, source or listed.file.source
        notes = (*ignored_columns(listed.ignored_columns), *listed.notes)
    of_source, prefix = source_of(context.settings, source)
    if answer is not None and only is None:
        raise InputError(
            Sentence("--new-person and --same-person are about one row. Give its source id with --only SOURCE_ID.")
        )
    people = list(records)
    if prefix:
        people = [person.model_copy(update={"source_id": f"{prefix}:{person.source_id}"}) for person in people]
        only = f"{prefix}:{only}" if only is not None else None
    chosen = people if only is None else _chosen(people, only)
    notes = (*notes, *_ids_with_slash(people), *grades_of_other_schools(chosen, context.organization))
    builder = context.builder()
    planner = _planner(context, builder, people, source, evidence or of_source)
    plan = planner.plan(people, only=only, answer=answer, refused=refusals if only is None else ())
    if listed is not None and only is None:
        name = shown_name(Path(str(given)))
        plan = with_leavers(context, builder, plan, listed, people, name=name, source=source, close=leavers)
    read = 1
    plan = replace(plan, listed=shown_by("plan", given, named, encoding, sheet))
    if only is None:
        read = rows_read(people, refusals)
    else:
        plan = replace(plan, only_rows=frozenset(one.origin.row for one in chosen if one.origin))
    plan = replace(plan, rows=replace(plan.rows, read=read))
    return replace(
        plan,
        source=named,
        encoding=encoding,
        sheet=sheet,
        notes=(*notes, *plan.notes, *context.notes_for(plan.changes)),
    )


def _planner(
    context: Context,
    builder: PlanBuilder,
    people: Iterable[PersonRecord],
    source: str | None,
    evidence: Evidence | None,
) -> PersonPlanner:
    return PersonPlanner(
        context.organization,
        builder,
        replace(context.build_options, layout=context.directory.layout),
        context.journal.key,
        evidence=evidence,
        source=source_of(context.settings, source)[1],
        read_people=context.known_people,
        full=is_full(context.settings, source),
        unusable_units=unusable_for(people, context.organization, context.directory),
    )


def _chosen(people: Iterable[PersonRecord], only: str) -> list[PersonRecord]:
    """The records with the source id of --only. Raises InputError when there is none."""
    chosen = [one for one in people if same_key(one.source_id) == same_key(only)]
    if not chosen:
        raise InputError(Sentence("No row has the source id that you gave with --only. Correct the source id."))
    return chosen


def answer_of(*, new_person: bool, same_person: bool) -> Answer | None:
    """What a person said about a row. Raises InputError for two answers."""
    if new_person and same_person:
        raise InputError(Sentence("Give only one of these options: --new-person, --same-person"))
    if new_person:
        return Answer.NEW_PERSON
    return Answer.SAME_PERSON if same_person else None


def apply(
    context: Context,
    plan: Plan,
    *,
    allow_changes: int | None = None,
    allow_fewer: int | None = None,
    progress: Progress | None = None,
    stop: Stop | None = None,
) -> Outcome:
    """Carry out a plan; see `Client.apply`."""
    from feideprov.provision.plan.user_names import NextNames
    from feideprov.provision.run.executor import Executor

    check_allowed(context, plan, allow_changes, allow_fewer)
    possible, held = context.without_unusable_units(plan.changes)
    plan = replace(plan, changes=possible, refusals=(*plan.refusals, *held))
    with context.journal.run():  # until the end, nobody else writes down what a person or a provider decided
        plan = without_returned(context, plan)
        known = context.known_users()
        names = context.build_options.names
        executor = Executor(
            context.directory,
            context.journal,
            known,
            context.settings.directory.source_id_attribute,
            context.password_sink,
            None if plan.exact else NextNames(plan, names, context.directory, known.issued, context.organization.realm),
            debts=context.services.debts(plan.updates),
            progress=progress,
            stop=stop,
        )
        outcome = executor.apply(plan)
        if plan.listed:
            keep_held(context.journal, plan.listed, outcome.refusals, plan.only_rows)
        keep_leavers(context, plan, (change.feide_name for change in outcome.changes if isinstance(change, Close)))
        return outcome


def apply_to_one(context: Context, plan: Plan) -> Outcome:
    """Carry out a plan for one user. Raises Refused or DirectoryError when it was not done."""
    from feideprov.provision.attach import certain

    return certain(apply(context, plan))


def check_allowed(
    context: Context, plan: Plan, allow_changes: int | None = None, allow_fewer: int | None = None
) -> None:
    """Raise what `apply` would raise for this plan before it writes; see `Client.check_allowed`."""
    context.require_write_mode()
    require_plan_of(context.organization, plan)
    context.journal.require_current()
    check_enough(context, plan, allow_fewer)
    caps, count = context.settings.caps, len(plan.updates) + len(plan.closes)
    over = count > caps.changes and count * 100 > caps.percent * plan.ours
    if over and (allow_changes is None or count > allow_changes):
        raise ConfigurationError(
            Sentence(
                "The plan changes {changed} of {ours} users, which is more than [caps] allows. Read the plan. "
                "If the plan is right, carry it out with --allow-changes {changed}.",
                changed=count,
                ours=plan.ours,
            )
        )


def rows_read(listed: Iterable[Listed], refusals: Iterable[Refusal]) -> int:
    """How many rows a list has: those that were read, and those that were refused as a whole."""
    origins = [row.origin for row in listed]
    return len(origins) + len({refusal.origin for refusal in refusals} - {None, *origins})


def ignored_columns(columns: Sequence[str]) -> tuple[str, ...]:
    """A note about the columns that were not read."""
    if not columns:
        return ()
    return (
        Sentence(
            "The column {names} is not known and was not read.",
            plural="These columns are not known and were not read: {names}.",
            count=len(columns),
            names=joined(columns, ", "),
        ),
    )


def _ids_with_slash(people: Iterable[PersonRecord]) -> tuple[str, ...]:
    """A note about groups whose group-ID another program perhaps writes in another way."""
    ids = {group.id for person in people for group in person.groups if "/" in group.id}
    if not ids:
        return ()
    return (
        Sentence(
            "The id of {count} group contains “/”. It is written as %2F, as Feide requires. A program that writes “/” "
            "makes another group-ID of it: check that all programs that write groups write %2F.",
            plural="The ids of {count} groups contain “/”. It is written as %2F, as Feide requires. A program that "
            "writes “/” makes another group-ID of it: check that all programs that write groups write %2F.",
            count=len(ids),
        ),
    )
