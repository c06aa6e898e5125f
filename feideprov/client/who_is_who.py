"""Who is who: what a person says about a user, as a plan, and as it is written down."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar, Final

from feideprov.client.context import Context
from feideprov.directory.dn import DN, same_key
from feideprov.directory.entry import Entry, Modification, Modify, Precondition, octets
from feideprov.directory.protocol import NAME_ATTRIBUTE, name_of
from feideprov.directory.result_code import is_unclear
from feideprov.directory.second_look import carried_out
from feideprov.errors import DirectoryError, InputError, Refused, scrub
from feideprov.issues import code
from feideprov.journal.answers import ANSWERS, UNDOING, standing
from feideprov.journal.events import Event, Fact, Kind, State
from feideprov.look_alikes import visible
from feideprov.messages import NOTHING, Sentence, joined, listed
from feideprov.numbers import key_is_number
from feideprov.provision.plan.builder import PlanBuilder
from feideprov.provision.plan.directory_state import R_NO_USER, R_TWO_USERS, DirectoryState, usable_name_of
from feideprov.provision.plan.people.hidden import entry_shown

R_NO_ANSWER: Final = code(
    "R-NO-ANSWER",
    Sentence("There is no answer about the user that can be taken back."),
    Sentence("To see what was said, run: feideprov history USER"),
)
R_NOT_GONE: Final = code(
    "R-NOT-GONE",
    Sentence("`resolve --gone`: the directory shows the user, so the entry was not deleted."),
    Sentence("If the person has left, run: feideprov close USER --yes"),
)


@dataclass(frozen=True)
class PlannedAnswer:
    """What `resolve` would write down about a user. Nothing has been written yet."""

    kind: ClassVar[str] = "resolve"

    feide_name: str
    dn: DN
    said: Sentence
    """What is so when it is written down."""
    events: tuple[Event, ...] = field(repr=False)
    """What the journal gets, open until the entry was changed; empty when all of it stands there already."""
    write: Modify | None = field(default=None, repr=False)
    """What is changed in the user's entry, if anything is."""
    of_entry: Sentence = NOTHING
    """The same in words."""
    written: tuple[Event, ...] = field(default=(), repr=False)
    """What the journal gets besides when the entry was changed."""

    @property
    def sentence(self) -> Sentence:
        """What would be written down, and what would change in the user's entry."""
        again = NOTHING if self.events or self.write else Sentence("This is written down already.")
        return joined([self.said, self.of_entry, again])

    @property
    def recorded(self) -> Sentence:
        """The sentence when it is done."""
        return Sentence("Recorded: {answer}", answer=self.sentence)


def plan_same_as(builder: PlanBuilder, entry: Entry, source_id: str) -> PlannedAnswer:
    """The user is the person with a source id, which is written to the entry when that has none.

    Raises InputError for a source id that cannot be one, and Refused when another user has it.
    """
    state, known, user = builder.state, builder.known_users, name_of(entry)
    source_id = _usable_source_id(source_id)
    if entry.dn in state.with_number_as_source_id:
        raise state.number_as_source_id(entry.dn)
    others = {name_of(e) for e in state.by_source_id.get(same_key(source_id), [])} - {user}
    others |= {known.linked.get(same_key(source_id), user)} - {user}
    if others:
        sentence = Sentence(
            "{users} has this source id already. Find out whose source id it is.",
            plural="{users} have this source id already. Find out whose source id it is.",
            count=len(others),
            users=listed(sorted(others)),
        )
        raise Refused(sentence, code=R_TWO_USERS, held=True)
    said = Sentence(
        "{user} is the person with source id {source_id}. From now on, this tool updates the user.",
        user=user,
        source_id=source_id,
    )
    link = Event(Kind.LINK, user, str(entry.dn), source_id=source_id)
    if entry.values(state.source_id_attribute):
        is_linked = user in known.ours and known.linked.get(same_key(source_id)) == user
        return PlannedAnswer(user, entry.dn, said, () if is_linked else (link, *_protections(builder, entry)))
    return PlannedAnswer(
        user,
        entry.dn,
        said,
        (link, *_protections(builder, entry)),
        Modify(
            entry.dn,
            (Modification("add", state.source_id_attribute, (octets(source_id),)),),
            (Precondition(NAME_ATTRIBUTE, user),),
        ),
        Sentence("The source id is written to the entry."),
        (replace(link, kind=Kind.SOURCE_ID),),
    )


def plan_second_account(builder: PlanBuilder, entry: Entry, other: str) -> PlannedAnswer:
    """Both users are accounts of one person. Raises Refused when there is no such other user."""
    user, second = name_of(entry), entry_of(builder, other)
    other = name_of(second)
    if other == user:
        raise Refused(Sentence("Both names are the same user. Give two different users."), code=R_NO_USER)
    said = Sentence("{user} and {other} are two accounts of one person.", user=user, other=other)
    event = Event(Kind.SECOND_ACCOUNT, user, str(entry.dn), other=other)
    known = builder.known_users.may_share(user, other)
    return PlannedAnswer(user, entry.dn, said, () if known else (event, *_protections(builder, entry, second)))


def _protections(builder: PlanBuilder, *entries: Entry) -> Iterator[Event]:
    """Who is protected stays so under a Feide name that the journal does not know yet."""
    for entry in entries:
        if builder.is_protected(entry) and not builder.known_users.is_protected(name_of(entry)):
            yield Event(Kind.PROTECT, name_of(entry), str(entry.dn), protected=True)


def plan_different(builder: PlanBuilder, entry: Entry, source_id: str | None) -> PlannedAnswer:
    """The user is not the person with this source id; without one, not a person of the next list."""
    user, known = name_of(entry), builder.known_users.by_name.get(name_of(entry))
    if source_id is None:
        said = Sentence(
            "{user} is another person than those in the next list that is applied, even if name and birth date are "
            "the same.",
            user=user,
        )
        known_already = known is not None and known.different
    else:
        source_id = _usable_source_id(source_id)
        said = Sentence("{user} is not the person with source id {source_id}.", user=user, source_id=source_id)
        known_already = known is not None and not known.different and same_key(source_id) in known.different_from
    event = Event(Kind.DIFFERENT, user, str(entry.dn), source_id=source_id)
    return PlannedAnswer(user, entry.dn, said, () if known_already else (event,))


def plan_gone(context: Context, feide_name: str) -> PlannedAnswer:
    """The user's entry was deleted on purpose. Raises Refused when the journal has no such user, or the directory shows
    the entry."""
    known = context.known_users()
    state = DirectoryState.read(context.directory, context.settings.directory.source_id_attribute)
    user = known.by_name.get(visible(feide_name).strip().lower())
    if user is None or not user.entry:
        raise Refused(
            Sentence("The journal has no user {user}. Correct the Feide name.", user=scrub(feide_name)), code=R_NO_USER
        )
    if entry_shown(state, user) is not None:
        sentence = Sentence(
            "The directory shows {user}, so the entry was not deleted. If the person has left, run: feideprov close "
            "{user} --yes",
            user=user.feide_name,
        )
        raise Refused(sentence, code=R_NOT_GONE)
    said = Sentence(
        "The entry of {user} was deleted on purpose. A list creates the person again, with another Feide name.",
        user=user.feide_name,
    )
    event = Event(Kind.GONE, user.feide_name, user.entry)
    return PlannedAnswer(user.feide_name, user.dn, said, () if user.gone else (event,))


def plan_undo(context: Context, builder: PlanBuilder, entry: Entry, source_id: str | None) -> PlannedAnswer:
    """Take back the last answer about a user, or the last one about a source id. A source id is deleted from the entry
    only when it was written there for the link, and still stands. Raises Refused when there is no such answer."""
    user = name_of(entry)
    by_name = builder.known_users.by_name
    names = {user, *(name for name, state in by_name.items() if state.feide_name == user)}
    said = [
        fact
        for fact in standing(context.journal.facts(ANSWERS | UNDOING))
        if fact.kind in ANSWERS and fact.state == State.DONE
        if fact.feide_name.lower() in names
        or (fact.kind == Kind.SECOND_ACCOUNT and (fact.other or "").lower() in names)
        if source_id is None or same_key(fact.source_id or "") == same_key(source_id.strip())
    ]
    if not said:
        raise Refused(
            Sentence("There is nothing to take back: no answer about {user} stands.", user=user), code=R_NO_ANSWER
        )
    last = said[-1]
    answered = Kind.LINK if last.kind == Kind.SOURCE_ID else last.kind
    same = [fact for fact in said if fact.kind == answered and _about(fact) == _about(last)]
    undone = tuple(_undoing(fact) for fact in same)
    planned = PlannedAnswer(user, entry.dn, _NO_MORE[answered](user, last, names), undone)
    if answered != Kind.LINK:
        return planned
    written = tuple(_undoing(fact) for fact in said if fact.kind == Kind.SOURCE_ID and _about(fact) == _about(last))
    return _with_source_id_deleted(planned, entry, builder.state.source_id_attribute, last.source_id or "", written)


def _with_source_id_deleted(
    planned: PlannedAnswer, entry: Entry, attribute: str, source_id: str, written: tuple[Event, ...]
) -> PlannedAnswer:
    """A link that is taken back, and with it the source id that was written for it."""
    if source_id not in entry.texts(attribute):
        return replace(planned, events=planned.events + written)
    if not written:
        return replace(
            planned, of_entry=Sentence("The entry keeps this source id, because resolve did not write it there.")
        )
    step = Modification("delete", attribute, (octets(source_id),))
    return replace(
        planned,
        events=planned.events + written,
        write=Modify(entry.dn, (step,), (Precondition(NAME_ATTRIBUTE, planned.feide_name),)),
        of_entry=Sentence("The source id is deleted from the entry."),
    )


def _about(fact: Fact) -> tuple[str, ...]:
    return same_key(fact.source_id or ""), (fact.other or "").lower()


def _undoing(fact: Fact) -> Event:
    return Event(Kind(fact.kind).as_undone, fact.feide_name, fact.dn, source_id=fact.source_id, other=fact.other)


def _no_more_different(user: str, said: Fact, _: Collection[str]) -> Sentence:
    if said.source_id is None:
        return Sentence("{user} can be a person in the next list again.", user=user)
    return Sentence("{user} can be the person with source id {source_id} again.", user=user, source_id=said.source_id)


_NO_MORE: Final[Mapping[str, Callable[[str, Fact, Collection[str]], Sentence]]] = {
    Kind.LINK: lambda user, said, _: Sentence(
        "{user} is not the person with source id {source_id} any more.", user=user, source_id=said.source_id
    ),
    Kind.DIFFERENT: _no_more_different,
    Kind.SECOND_ACCOUNT: lambda user, said, names: Sentence(
        "{user} and {other} are not two accounts of one person any more.",
        user=user,
        other=said.feide_name if (said.other or "").lower() in names else said.other,
    ),
}
"""What is so when an answer is taken back, by its kind: made of the user, the answer, and the names of the user."""


def write_down(context: Context, answers: Sequence[PlannedAnswer]) -> list[DirectoryError | None]:
    """Write down what was planned, inside one run. Returns for each answer why the directory refused it, if it did.

    Raises DirectoryError or JournalError when either cannot be used.
    """
    journal, refused = context.journal, dict[int, DirectoryError]()
    writing = {number: answer.write for number, answer in enumerate(answers) if answer.write is not None}
    ids = {number: journal.intend(answers[number].events) for number in writing}
    if writing:
        with context.directory.writing():
            for number, result in zip(writing, carried_out(context.directory, writing.values()), strict=True):
                if result.error is not None:
                    refused[number] = result.error
    for number, answer in enumerate(answers):
        notes = answer.written if number in ids else answer.events
        for event in () if number in refused else notes:
            journal.note(event)
        if number in ids:
            journal.advance(ids[number], _state_after(refused.get(number)))
    return [refused.get(number) for number in range(len(answers))]


def _state_after(error: DirectoryError | None) -> State:
    if error is None:
        return State.DONE
    return State.NOT_DONE if is_unclear(error.code) else State.REFUSED


def entry_of(builder: PlanBuilder, user: str) -> Entry:
    """The entry of a user. Raises Refused when there is none, or its name cannot be written down."""
    entry = builder.user(visible(user).strip().lower())
    usable_name_of(entry)
    return entry


def _usable_source_id(text: str) -> str:
    source_id = visible(text).strip()
    if not source_id or key_is_number(source_id):
        raise InputError(
            Sentence(
                "The source id is empty or looks like an identity number. Use the municipality's own id of the person."
            )
        )
    return source_id
