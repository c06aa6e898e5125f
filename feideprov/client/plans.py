"""Plans for lists of people, and applying plans."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from feideprov.client.context import Context
from feideprov.client.one_organization import require_plan_of
from feideprov.directory.dn import same_key
from feideprov.errors import ConfigurationError, InputError
from feideprov.feide.person import PersonRecord
from feideprov.intake.file_facts import Extent, FileFacts
from feideprov.intake.people import read_people
from feideprov.issues import Listed, Refusal
from feideprov.journal.full_files import last_full_file
from feideprov.journal.held_rows import keep_held, shown_by
from feideprov.messages import Sentence, joined
from feideprov.numbers import Evidence
from feideprov.provision.plan.builder import PlanBuilder
from feideprov.provision.plan.linking.link_changes import Release
from feideprov.provision.plan.linking.new_keys import KeysOfFile
from feideprov.provision.plan.linking.source_keys import SourceKeys
from feideprov.provision.plan.people.belonging_notes import grades_of_other_schools
from feideprov.provision.plan.people.planner import Answer, PersonPlanner
from feideprov.provision.plan.plan import Outcome, Plan
from feideprov.provision.plan.units import unusable_for
from feideprov.tables.text_file import shown_name
from feideprov.wiring import is_full, keys_of, source_of

if TYPE_CHECKING:
    from feideprov.provision.run.writer import Progress, Stop


@dataclass(frozen=True)
class ListedPeople:
    """The people of a list or a program, with the source ids that they have as users."""

    people: list[PersonRecord]
    keys: SourceKeys
    source: str | None
    """The configured source, which a person or the file has named."""
    refusals: tuple[Refusal, ...] = ()
    notes: tuple[str, ...] = ()
    file: FileFacts = field(default_factory=FileFacts)
    name: str = ""
    """Of the file, as it may be shown."""

    @property
    def former_keys(self) -> Mapping[str, str]:
        """By source id: the one that the person had before, as the file says."""
        with_prefix = self.keys.with_prefix
        return {with_prefix(new): with_prefix(old) for new, old in self.file.former_keys.items()}


def people_of(
    context: Context,
    records: Iterable[PersonRecord] | Path | str,
    source: str | None,
    encoding: str | None,
    sheet: str | None,
) -> ListedPeople:
    """Read a list of people, if it is one. Raises as `Client.plan`."""
    named, refusals, notes, file, name = source, tuple[Refusal, ...](), tuple[str, ...](), FileFacts(), ""
    if isinstance(records, Path | str):
        path = Path(records)
        listed = read_people(path, context.reading(source, encoding, sheet))
        records, refusals, file, name = listed.records, listed.refusals, listed.file, shown_name(path)
        source = source or file.source
        notes = (*ignored_columns(listed.ignored_columns), *listed.notes)
    keys, people = keys_of(context.settings, source, named), list(records)
    if keys.prefix is not None:
        people = [one.model_copy(update={"source_id": keys.with_prefix(one.source_id)}) for one in people]
    return ListedPeople(people, keys, source, refusals, notes, file, name)


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
    new_keys: bool = False,
) -> Plan:
    """The plan for these people; see `Client.plan`."""
    given, named = records, source
    listed = people_of(context, records, source, encoding, sheet)
    people, keys, source = listed.people, listed.keys, listed.source
    of_source, _ = source_of(context.settings, source)
    if answer is not None and only is None:
        raise InputError(
            Sentence("--new-person and --same-person are about one row. Give its source id with --only SOURCE_ID.")
        )
    only = keys.with_prefix(keys.without_prefix(only)) if only is not None else None
    if only is not None and same_key(only) not in {same_key(person.source_id) for person in people}:
        raise InputError(Sentence("No row has the source id that you gave with --only. Correct the source id."))
    chosen = people if only is None else [one for one in people if same_key(one.source_id) == same_key(only)]
    notes = (*listed.notes, *_ids_with_slash(people), *grades_of_other_schools(chosen, context.organization))
    builder, full = context.builder(), is_full(context.settings, source)
    if only is None and not new_keys and (full or listed.file.extent is Extent.FULL):
        _require_known_keys(context, builder, listed)
    planner = PersonPlanner(
        context.organization,
        builder,
        replace(context.build_options, layout=context.directory.layout),
        context.journal.key,
        evidence=evidence or of_source,
        keys=keys,
        read_people=context.known_people,
        full=full,
        former_keys=listed.former_keys,
        unusable_units=unusable_for(people, context.organization, context.directory),
    )
    plan = planner.plan(people, only=only, answer=answer, refused=listed.refusals if only is None else ())
    read = 1
    plan = replace(plan, listed=shown_by("plan", given, named, encoding, sheet))
    if only is None:
        read = rows_read(people, listed.refusals)
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
    progress: Progress | None = None,
    stop: Stop | None = None,
) -> Outcome:
    """Carry out a plan; see `Client.apply`."""
    from feideprov.provision.plan.user_names import NextNames
    from feideprov.provision.run.executor import Executor

    check_allowed(context, plan, allow_changes)
    possible, held = context.without_unusable_units(plan.changes)
    plan = replace(plan, changes=possible, refusals=(*plan.refusals, *held))
    with context.journal.run():  # until the end, nobody else writes down what a person or a provider decided
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
        return outcome


def apply_to_one(context: Context, plan: Plan) -> Outcome:
    """Carry out a plan for one user. Raises Refused or DirectoryError when it was not done."""
    from feideprov.provision.attach import certain

    return certain(apply(context, plan))


def check_allowed(context: Context, plan: Plan, allow_changes: int | None) -> None:
    """Raise what `apply` would raise for this plan before it writes; see `Client.check_allowed`."""
    context.require_write_mode()
    require_plan_of(context.organization, plan)
    context.journal.require_current()
    released = sum(isinstance(change, Release) for change in plan.changes)
    caps, count = context.settings.caps, len(plan.updates) + len(plan.closes) + released
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
