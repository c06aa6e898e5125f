"""Plans for lists of people, and applying plans."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from feideprov.client.context import Context
from feideprov.client.lists.leavers import check_enough, keep_leavers, with_leavers, without_returned
from feideprov.client.lists.listed_people import ListedPeople, people_of, rows_read
from feideprov.client.one_organization import require_plan_of
from feideprov.client.passwords import with_old_erased
from feideprov.errors import ConfigurationError, InputError
from feideprov.feide.person import PersonRecord
from feideprov.intake.file_facts import Extent
from feideprov.journal.full_files import last_full_file
from feideprov.journal.held_rows import keep_held, shown_by
from feideprov.journal.user.protected_keys import ProtectedKeys
from feideprov.journal.user.serials import keep_serials, seen_serials
from feideprov.messages import Sentence, joined
from feideprov.numbers import Evidence
from feideprov.provision.plan.builder import PlanBuilder
from feideprov.provision.plan.linking.link_changes import Release
from feideprov.provision.plan.linking.new_keys import KeysOfFile
from feideprov.provision.plan.login_changes import Close
from feideprov.provision.plan.people.belonging_notes import grades_of_other_schools
from feideprov.provision.plan.people.changed_numbers import is_changed_number
from feideprov.provision.plan.people.planner import Answer, PersonPlanner
from feideprov.provision.plan.people.school_year import school_year
from feideprov.provision.plan.people.serials import Serials
from feideprov.provision.plan.plan import Outcome, Plan
from feideprov.provision.plan.units import unusable_for
from feideprov.provision.protect import NOBODY_MARKED, UNANSWERED
from feideprov.wiring import is_followed, source_of

if TYPE_CHECKING:
    from feideprov.provision.run.writer import Progress, Stop


def plan_people(
    context: Context,
    records: Iterable[PersonRecord] | Path | str,
    *,
    source: str | None,
    evidence: Evidence | None = None,
    only: str | None = None,
    answer: Answer | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
    replace_numbers: bool = False,
    new_keys: bool = False,
    leavers: bool = False,
) -> Plan:
    """The plan for these people; see `Client.plan`."""
    given, named = records, source
    listed = people_of(context, records, source, encoding, sheet)
    people, refusals = listed.people, listed.refusals if only is None else ()
    if answer is not None and only is None:
        raise InputError(
            Sentence("--new-person and --same-person are about one row. Give its source id with --only SOURCE_ID.")
        )
    chosen = listed.chosen(only)
    notes = (*listed.notes, *_ids_with_slash(people), *grades_of_other_schools(chosen, context.organization))
    builder, serials = context.builder(), _serials(context, listed)
    if only is None and not new_keys and (listed.full or listed.file.extent is Extent.FULL):
        _require_known_keys(context, builder, listed)
    of_source, _ = source_of(context.settings, listed.source)
    planner = PersonPlanner(
        context.organization,
        builder,
        replace(context.build_options, layout=context.directory.layout, first_password=context.first_passwords),
        context.journal.key,
        evidence=evidence or of_source,
        keys=listed.keys,
        read_people=context.known_people,
        full=listed.full,
        former_keys=listed.former_keys,
        ended=listed.ended,
        replace_numbers=replace_numbers or is_followed(context.settings, listed.source),
        serials=serials,
        unusable_units=unusable_for(people, context.organization, context.directory),
    )
    plan = planner.plan(people, only=None if only is None else chosen[0].source_id, answer=answer, refused=refusals)
    if listed.name and only is None:
        plan = with_leavers(context, builder, plan, listed, close=leavers)
    if plan.creates and not listed.file.format.is_table:
        notes = (*notes, *_who_is_protected(context, listed.marked))
    only_rows = None if only is None else frozenset(one.origin.row for one in chosen if one.origin)
    return replace(
        plan,
        listed=shown_by("plan", given, named, encoding, sheet),
        only_rows=only_rows,
        rows=replace(plan.rows, read=rows_read(people, refusals) if only is None else 1),
        source=named,
        encoding=encoding,
        sheet=sheet,
        serials=serials.marks(chosen),
        notes=(*notes, *plan.notes, *context.notes_for(plan.changes)),
    )


def _serials(context: Context, listed: ListedPeople) -> Serials:
    """The serials of a list, and those that were seen before."""
    seen, day = seen_serials(context.journal), min(listed.file.made_on or context.on, context.on)
    return Serials(context.journal.key, day, listed.source or "", listed.keys, listed.file.serials, seen)


def _who_is_protected(context: Context, marked: ProtectedKeys) -> tuple[Sentence, ...]:
    """A note for a file that creates users and does not say who is protected.

    Raises ConfigurationError when the configuration does not say how that is known.
    """
    answer = context.settings.protection.people
    if answer is None:
        raise ConfigurationError(UNANSWERED)
    return (NOBODY_MARKED,) if answer == "marked" and not marked else ()


def _require_known_keys(context: Context, builder: PlanBuilder, listed: ListedPeople) -> None:
    """Ask of a full file whether its keys are new, before anything is asked of its rows."""
    last = last_full_file(context.journal, listed.source or "")
    if last is not None:
        check = KeysOfFile(builder, context.journal.key, listed.keys, listed.former_keys, frozenset(last.keys))
        check.require_known([one.source_id for one in listed.people], listed.name or Sentence("The people"))


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
            first_passwords=context.first_passwords,
        )
        outcome = executor.apply(plan)
        full = plan.leavers.full
        keep_serials(context.journal, plan.serials, full.day if full else context.on)
        if plan.listed:
            keep_held(context.journal, plan.listed, outcome.refusals, plan.only_rows)
        keep_leavers(context, plan, (change.feide_name for change in outcome.changes if isinstance(change, Close)))
        return with_old_erased(context, outcome)


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
    released = sum(isinstance(change, Release) for change in plan.changes)
    updated = {change.dn for change in plan.updates}
    only_numbers = [change for change in plan.changes if is_changed_number(change) and change.dn not in updated]
    caps, count = context.settings.caps, len(plan.updates) + len(plan.closes) + released + len(only_numbers)
    over = count > caps.changes and count * 100 > caps.percent * plan.ours
    if over and (allow_changes is None or count > allow_changes):
        over_caps = Sentence(
            "The plan changes {changed} of {ours} users, which is more than [caps] allows.",
            changed=count,
            ours=plan.ours,
        )
        allow = Sentence(
            "Read the plan. If the plan is right, carry it out with --allow-changes {changed}.", changed=count
        )
        raise ConfigurationError(joined([over_caps, school_year(plan.updates).sentence, allow]))


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
