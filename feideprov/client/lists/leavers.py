"""Who has left, as far as lists tell: what a plan says and closes, and what is written down when it is applied."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import replace
from datetime import date

from feideprov.client.context import Context
from feideprov.client.lists.listed_people import ListedPeople
from feideprov.directory.dn import same_key
from feideprov.errors import ConfigurationError
from feideprov.intake.file_facts import Extent
from feideprov.issues import Refusal
from feideprov.journal.full_files import FullFile, keep_full_file, last_full_file, missing_users
from feideprov.messages import Sentence
from feideprov.provision.plan.builder import PlanBuilder
from feideprov.provision.plan.changes import Change
from feideprov.provision.plan.leavers.leavers import R_LEAVER, leaver_notes, not_alone
from feideprov.provision.plan.leavers.missing_users import ListContents, MissingUsers
from feideprov.provision.plan.linking.link_changes import Link
from feideprov.provision.plan.login_changes import Close
from feideprov.provision.plan.plan import Plan
from feideprov.settings.sections import SourceSection
from feideprov.wiring import source_section


def with_leavers(
    context: Context,
    builder: PlanBuilder,
    plan: Plan,
    listed: ListedPeople,
    *,
    close: bool,
) -> Plan:
    """The plan for a list, with who is not in it. With `close`, or if the settings of the source say so, who may be
    closed is closed.
    """
    section, journal = source_section(context.settings, listed.source), context.journal
    last = last_full_file(journal, _source(section))
    contents = _contents(context, listed, section, last)
    asked = {refusal.user for refusal in plan.refusals if refusal.user}
    asked |= {question.user for question in plan.questions}
    asked |= {change.feide_name for change in plan.changes if isinstance(change, Link)}
    leavers = MissingUsers(
        builder,
        context.organization,
        contents,
        asked,
        _source(section),
        missing_users(journal),
        last=last if contents.full else None,
        summer=_is_summer(context, contents.full),
    ).found()
    close = close or (section is not None and section.leavers)
    notes = tuple(leaver_notes(leavers, asked=close))
    if close and leavers.may_close:
        from feideprov.provision.plan.logins import LoginPlanner

        closing = LoginPlanner(
            PlanBuilder(builder.state, builder.known_users, builder.on, organization=context.organization),
            context.settings.login.by == "directory",
        ).close(leavers.may_close)
        leavers = replace(leavers, closed=frozenset(change.feide_name for change in closing.closes))
        changes = (*plan.changes, *closing.changes)
        plan = replace(plan, changes=changes, refusals=(*closing.refusals, *plan.refusals))
    return replace(plan, leavers=leavers, notes=(*plan.notes, *notes))


def _source(section: SourceSection | None) -> str:
    return section.name if section is not None else ""


def _contents(
    context: Context, listed: ListedPeople, section: SourceSection | None, last: FullFile | None
) -> ListContents:
    file, people, with_prefix = listed.file, listed.people, listed.keys.with_prefix
    read = {record.origin for record in people if record.origin}
    refused = {refusal.source_id for refusal in listed.refusals if refusal.source_id}
    unread = {one.origin for one in listed.refusals if not one.source_id and one.origin not in read}
    others = (*refused, *file.elsewhere, *file.former_keys, *file.former_keys.values())
    source_ids = [*(record.source_id for record in people), *map(with_prefix, others)]
    folded = frozenset(map(same_key, source_ids))
    schools, full = file.schools, None
    if not file.format.is_table and file.extent is Extent.FULL:
        full = FullFile(_source(section), _day_of(context, file.made_on, folded, last), file.people)
    else:
        schools |= frozenset(school for record in people for school in record.schools)
    return ListContents(
        listed.name,
        folded,
        schools,
        listed.keys.has,
        unread=len(unread),
        deleted=frozenset(same_key(with_prefix(one)) for one in file.deleted),
        full=full,
        is_part=file.extent is not None and file.extent.is_part,
    )


def _day_of(context: Context, made_on: date | None, source_ids: Set[str], last: FullFile | None) -> date:
    """The day of a full file. One that does not say when it was made, or names a day to come, is of today; but it is
    the last full file once more when it has the same people, so that an export that stands still closes nobody."""
    if made_on is not None and made_on <= context.on:
        return made_on
    if last is not None and last.keys == tuple(sorted(map(context.journal.key.of_listed_key, source_ids))):
        return last.day
    return context.on


def _is_summer(context: Context, full: FullFile | None) -> bool:
    closing = context.settings.closing
    return closing.is_summer(context.on) or (full is not None and closing.is_summer(full.day))


def check_enough(context: Context, plan: Plan, allow_fewer: int | None) -> None:
    """Raises ConfigurationError when a full file has far fewer people than the last one of its source."""
    full = plan.leavers.full
    if full is None or _is_summer(context, full):
        return
    last = last_full_file(context.journal, full.source)
    if last is None or full.people * 100 >= context.settings.caps.fewest_percent * last.people:
        return
    if allow_fewer is None or full.people < allow_fewer:
        raise ConfigurationError(
            Sentence(
                "{file} is a full file with {count} person, and the last one, of {day}, had {before}: that is fewer "
                "than [caps] fewest_percent allows. Check the export. If the file is right, carry it out with "
                "--allow-fewer {count}.",
                plural="{file} is a full file with {count} people, and the last one, of {day}, had {before}: that is "
                "fewer than [caps] fewest_percent allows. Check the export. If the file is right, carry it out with "
                "--allow-fewer {count}.",
                file=plan.leavers.file,
                count=full.people,
                day=last.day,
                before=last.people,
            )
        )


def without_returned(context: Context, plan: Plan) -> Plan:
    """The plan, without closing users whom it may no longer close as leavers, who are held (R-LEAVER): it was saved,
    and since then the user was in a file or became protected, or is now the only one who is missing at a school,
    another full file was applied, or the summer has begun."""
    leavers, full = plan.leavers, plan.leavers.full
    if full is None or not leavers.decides:
        return plan
    last = last_full_file(context.journal, full.source)
    is_next = (last.mark if last else "") in (leavers.after, (leavers.marked(context.journal.key) or full).mark)
    known = context.known_users()
    since = missing_users(context.journal).get(full.source, {})
    names = {known.name_today(name) for name, day in since.items() if day < full.day}
    missing = [one for one in leavers.missing if one.user in names and not known.is_protected(one.user)]
    left = [one for one in leavers.missing if one.user in known.closed]
    may_close = not_alone((*missing, *left)) if is_next and not _is_summer(context, full) else set[str]()
    kept, held = list[Change](), list[Refusal]()
    for change in plan.changes:
        user = change.feide_name
        if not isinstance(change, Close) or user not in leavers.closed or user in may_close - known.closed.keys():
            kept.append(change)
        elif user not in known.closed:
            held.append(Refusal(R_LEAVER, _returned(user), True, None, user))
    leavers = replace(
        leavers,
        decides=is_next,
        closed=leavers.closed - {refusal.user for refusal in held},
        missing=tuple(one for one in leavers.missing if one not in left and not known.is_protected(one.user)),
    )
    return replace(
        plan,
        changes=tuple(kept),
        refusals=(*held, *plan.refusals),
        unchanged=plan.unchanged + len(plan.changes) - len(kept) - len(held),
        leavers=leavers,
    )


def _returned(user: str) -> Sentence:
    return Sentence(
        "{user} is not closed: since the plan was made, the user was in a file again or became protected, is now the "
        "only one who is missing at a school, another full file was applied, or the summer has begun. Make the plan "
        "again with the newest file.",
        user=user,
    )


def keep_leavers(context: Context, plan: Plan, closed: Iterable[str]) -> None:
    """Write down who was missing in a list that was applied, and who is no longer missing. `closed` are the users who
    were closed now: when one of them is opened again, files count anew."""
    leavers = plan.leavers
    forget = {*leavers.back, *(set(closed) & leavers.closed)}
    if not forget and not leavers.decides:
        return
    missing = [one.user for one in leavers.missing if one.user not in forget]
    full = leavers.marked(context.sealing_key()) if leavers.decides else None
    keep_full_file(context.journal, full, missing=missing, forget=sorted(forget))
