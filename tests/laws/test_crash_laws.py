"""A run that is cut off anywhere, and one more run: nobody lost, nobody twice, everybody can log in."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from size import size

from feideprov import (
    DN,
    DirectoryError,
    Entry,
    Event,
    Evidence,
    Journal,
    JournalError,
    MemoryDirectory,
    NumberPolicy,
    NumberText,
    Outcome,
    PersonRecord,
    Plan,
    Refused,
    judge_number,
)
from feideprov.directory.entry import Add, Delete, Modification, Modify, Write, WriteResult
from feideprov.journal.journal import OPEN, State
from feideprov.journal.users import KnownUsers
from feideprov.provision.plan.changes import Attach, Replace, Withdraw
from feideprov.provision.plan.logins import plan_rename
from feideprov.provision.run.executor import Executor
from feideprov.provision.run.handover import HandoverFile
from feideprov.testing import example_directory, example_entries
from feideprov.testing.strategies import d_numbers, invented_numbers, person_lists, with_birth_date

SCHOOLS = ("hylla", "berg")
NIN = "norEduPersonNIN"
NAME = "eduPersonPrincipalName"
BORN = date(2020, 11, 17)
TENOR = "57912075186"
SEEN = Evidence("letter", "Kari Nordmann", date(2026, 11, 1))

lawful = settings(deadline=None, max_examples=size(6, 30))
few = settings(deadline=None, max_examples=size(5, 10))
two_lists = st.tuples(person_lists(SCHOOLS, max_size=4, numbers=st.none()), person_lists(SCHOOLS, max_size=4))


@pytest.fixture(autouse=True, scope="module")
def small_batches() -> Iterator[None]:
    """So small that also a run of four users has several."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("feideprov.provision.run.writer.BATCH", 2)
        yield


class BreakingDirectory(MemoryDirectory):
    """Takes writes ahead of the outcomes that it gives, as a server does, and breaks off at one of them, before it is
    done or after. What became of those that were under way then is never heard."""

    window = 3
    breaks_at = 0
    done_first = False

    def write(self, writes: Iterable[Write]) -> Iterator[WriteResult]:
        left, under_way = iter(writes), deque[WriteResult]()
        while True:
            while len(under_way) < self.window and (write := next(left, None)) is not None:
                self.breaks_at -= 1
                if self.breaks_at == 0 and not self.done_first:
                    raise DirectoryError("The connection broke off.", code=52)
                under_way += super().write([write])
                if self.breaks_at == 0:
                    raise DirectoryError("The connection broke off.", code=52)
            if not under_way:
                return
            yield under_way.popleft()


class BreakingJournal(Journal):
    """Breaks off at one use of its database, before what it did is on disk or after."""

    breaks_at = 0
    done_first = False

    def __init__(self, *arguments: object, **named: object) -> None:
        super().__init__(*arguments, **named)
        self._whole = self._database.connection
        self._database.connection = self._breaking

    @contextmanager
    def _breaking(self) -> Iterator:
        self.breaks_at -= 1
        breaks = self.breaks_at == 0
        with self._whole() as connection:
            yield connection
            if breaks and not self.done_first:
                raise JournalError("The disk is full.")
        if breaks:
            raise JournalError("The disk is full.")


def breaking_directory() -> BreakingDirectory:
    directory = example_directory()
    return BreakingDirectory(directory.base, example_entries())


def numbered(people: list[PersonRecord], made: list) -> list[PersonRecord]:
    """The same people later, some of them with a number, usable or not."""
    return [
        PersonRecord(**(dict(p) | {"national_number": NumberText(m[0]), "birth_date": m[1], "mail": "ny@example.no"}))
        if m
        else p
        for p, m in zip(people, made, strict=True)
    ]


@st.composite
def stories(draw):
    """People who are there, and a later list with numbers for some of them and more people."""
    before, more = draw(two_lists)
    taken = {p.source_id for p in more} | {p.national_number for p in more}
    bad = st.tuples(invented_numbers(), st.just(BORN))
    good = with_birth_date(d_numbers).filter(lambda made: NumberText(made[0]) not in taken)
    made = draw(st.lists(st.none() | good | bad, min_size=len(before), max_size=len(before), unique_by=_number_of))
    before = [PersonRecord(**(dict(p) | {"source_id": f"b{p.source_id}"})) for p in before]
    invented = draw(st.none() | invented_numbers())
    if invented and more:
        more[0] = PersonRecord(**(dict(more[0]) | {"national_number": NumberText(invented)}))
    later = [*numbered(before, made), *more]
    return before, draw(st.permutations(later))


def _number_of(made):
    return made[0] if made else object()


def ends_as_if_undisturbed(house, story, breaks):
    before, later = story
    with house(lambda _: breaking_directory(), BreakingJournal) as calm:
        calm.apply(before)
        calm.apply(later)
        expected = calm.state(without=("userPassword",))
    with house(lambda _: breaking_directory(), BreakingJournal) as h:
        h.apply(before)
        broke = breaks(h)
        if broke:
            with pytest.raises((DirectoryError, JournalError)):
                h.apply(later)
        h.directory.breaks_at = h.journal.breaks_at = 0
        h.apply(later)
        assert h.state(without=("userPassword",)) == expected
        passwords = h.passwords()
        assert set(passwords) == {e.text(NAME) for e in h.users()}
        for entry in h.users():
            assert h.directory.accepts_login(entry.dn, passwords[entry.text(NAME)])
        assert h.journal.events(state=OPEN) == []
        made = [e.feide_name for e in h.journal.events(state=[State.DONE]) if e.kind == "create"]
        assert sorted(made) == sorted(passwords)
        assert h.client.plan(later).changes == ()


def writes_of(house, story) -> int:
    """How many writes an undisturbed run of the later list sends."""
    with house(lambda _: breaking_directory()) as h:
        h.apply(story[0])
        h.directory.breaks_at = 0
        h.apply(story[1])
        return -h.directory.breaks_at


@lawful
@given(stories(), st.data(), st.booleans())
def test_a_crash_of_the_directory_at_any_write_and_one_more_run_end_as_if_nothing_had_been(
    house, story, data, done_first
):
    writes = writes_of(house, story)
    at = data.draw(st.integers(1, writes)) if writes else 0

    def breaks(h):
        h.directory.breaks_at, h.directory.done_first = at, done_first
        return bool(at)

    ends_as_if_undisturbed(house, story, breaks)


@lawful
@given(stories(), st.data(), st.booleans())
def test_a_crash_of_the_journal_at_any_commit_and_one_more_run_end_as_if_nothing_had_been(
    house, story, data, done_first
):
    with house(lambda _: breaking_directory(), BreakingJournal) as h:
        h.apply(story[0])
        h.journal.breaks_at = 0
        h.apply(story[1])
        uses = -h.journal.breaks_at

    def breaks(h):
        h.journal.breaks_at, h.journal.done_first = data.draw(st.integers(1, uses)), done_first
        return True

    ends_as_if_undisturbed(house, story, breaks)


@few
@given(stories(), st.data(), st.booleans(), st.booleans())
def test_a_crash_in_the_run_after_a_crash_is_no_worse(house, story, data, done_first, in_the_journal):
    writes = writes_of(house, story)
    at = data.draw(st.integers(1, writes)) if writes else 0
    later = data.draw(st.integers(1, 6))

    def breaks(h):
        if not at:
            return False
        h.directory.breaks_at, h.directory.done_first = at, done_first
        with pytest.raises(DirectoryError):
            h.apply(story[1])
        (h.journal if in_the_journal else h.directory).breaks_at = later
        with suppress(DirectoryError, JournalError):
            h.apply(story[1])
        return False

    ends_as_if_undisturbed(house, story, breaks)


class StopAfter:
    """Says stop after it was asked so often."""

    def __init__(self, times: int) -> None:
        self.times = times

    def is_set(self) -> bool:
        self.times -= 1
        return self.times < 0


@lawful
@given(stories(), st.integers(0, 12))
def test_a_stopped_run_leaves_nothing_half_done_and_the_next_one_finishes(house, story, times):
    before, later = story
    with house(lambda _: breaking_directory()) as calm:
        calm.apply(before)
        calm.apply(later)
        expected = calm.state(without=("userPassword",))
    with house(lambda _: breaking_directory()) as h:
        h.apply(before)
        plan, told = h.client.plan(later), []
        stop = StopAfter(times)
        outcome = h.client.apply(plan, allow_changes=1000, progress=lambda *told_: told.append(told_), stop=stop)
        assert h.journal.events(state=OPEN) == []
        passwords = h.passwords()
        assert set(passwords) == {e.text(NAME) for e in h.users()}
        assert all(h.directory.accepts_login(e.dn, passwords[e.text(NAME)]) for e in h.users())
        if told:
            done, total = told[-1]
            assert bool(outcome.stopped) is (done < total)
            assert len(outcome.changes) <= done
        assert not outcome.stopped or "Run the same command again" in outcome.stopped
        assert h.apply(later).recovered == ()
        assert h.state(without=("userPassword",)) == expected


NUMBERS = ("57912075186", "69822075096", "45840375084", "52829400197", "50846202355")


def with_numbers(h) -> dict[str, DN]:
    """Three users: two with a number, one without."""
    people = [PersonRecord(**OLENA | {"source_id": f"p{n}"}) for n in range(3)]
    h.apply(people)
    dns = {e.text("employeeNumber"): e.dn for e in h.users()}
    steps = [Modify(dns[f"p{n}"], (Modification("add", NIN, (NUMBERS[n].encode(),)),)) for n in range(2)]
    assert not [w for w in h.directory.write(steps) if w.error]
    return dns


def of_numbers(h, dns: dict[str, DN]) -> Plan:
    """One number that is replaced, one that is withdrawn and one that comes; what is so already is left out."""
    names = {dn: h.directory.read(dn).text(NAME) for dn in dns.values()}
    held = {dn: h.directory.read(dn).text(NIN) for dn in dns.values()}
    first, second, third = (dns[f"p{n}"] for n in range(3))
    new, other = (
        judge_number(NUMBERS[n], policy=NumberPolicy(test=True), evidence=SEEN, on=date(2026, 11, 22)).number
        for n in (2, 3)
    )
    changes = []
    if held[first] == NUMBERS[0]:
        changes.append(Replace(names[first], first, new, NumberText(NUMBERS[0]), SEEN))
    if held[second] == NUMBERS[1]:
        changes.append(Withdraw(names[second], second, NumberText(NUMBERS[1]), SEEN))
    if held[third] is None:
        changes.append(Attach(names[third], third, other, SEEN))
    return Plan(tuple(changes))


def carried_out(h, plan: Plan, **more: object) -> Outcome:
    handover = HandoverFile(h.folder / "passwords.csv")
    executor = Executor(h.directory, h.journal, KnownUsers.read(h.journal), "employeeNumber", handover, **more)
    return executor.apply(plan)


def told_of(event: Event) -> list[str]:
    return ["library", "timetable"] if event.kind in ("attach", "replace", "withdraw") else ["wrong"]


@pytest.mark.parametrize("in_the_journal", [False, True], ids=["directory", "journal"])
@pytest.mark.parametrize("done_first", [False, True], ids=["before", "after"])
def test_an_owed_notice_is_neither_lost_nor_doubled_by_a_crash(house, in_the_journal, done_first):
    """And a number that comes, changes or goes is there once, changed once, gone once."""
    with house(lambda _: breaking_directory(), BreakingJournal) as calm:
        dns = with_numbers(calm)
        calm.directory.breaks_at = calm.journal.breaks_at = 0
        carried_out(calm, of_numbers(calm, dns), debts=told_of)
        steps = -(calm.journal if in_the_journal else calm.directory).breaks_at
        expected = calm.state(without=("userPassword",))
    assert steps >= 3
    for at in range(1, steps + 1):
        with house(lambda _: breaking_directory(), BreakingJournal) as h:
            dns = with_numbers(h)
            broken = h.journal if in_the_journal else h.directory
            broken.breaks_at, broken.done_first = at, done_first
            with pytest.raises((DirectoryError, JournalError)):
                carried_out(h, of_numbers(h, dns), debts=told_of)
            broken.breaks_at = 0
            again = carried_out(h, of_numbers(h, dns), debts=told_of)
            again = carried_out(h, of_numbers(h, dns), debts=told_of) if again.recovered else again
            assert h.state(without=("userPassword",)) == expected
            assert h.journal.events(state=OPEN) == []
            done = {e.id: e for e in h.journal.events(state=[State.DONE])}
            owed = Counter((done[one.change].kind, one.service) for one in h.journal.owed())
            assert owed == {(k, s): 1 for k in ("attach", "replace", "withdraw") for s in ("library", "timetable")}


@pytest.mark.parametrize("first", [True, False], ids=["just-before-our-write", "just-after-it"])
def test_the_old_number_stands_again_when_the_new_one_is_somebody_elses_too(house, first):
    with house(lambda _: raced_directory()) as h:
        dns = with_numbers(h)
        plan = of_numbers(h, dns)
        h.directory.first = first
        h.directory.behind_our_back = theirs = somebody(h.directory, "other", **{NIN: [NUMBERS[2]]})
        outcome = carried_out(h, plan, debts=told_of)
        assert [r.code for r in outcome.held] == ["R-HELD-BY-ANOTHER"]
        assert "other@skotthyll.kommune.no" in outcome.held[0].sentence
        held = {dn: h.directory.read(dn).texts(NIN) for dn in (*dns.values(), theirs.dn)}
        assert list(held.values()) == [[NUMBERS[0]], [], [NUMBERS[3]], [NUMBERS[2]]]
        done = {e.id: e.kind for e in h.journal.events(state=[State.DONE])}
        assert {done[one.change] for one in h.journal.owed()} == {"withdraw", "attach"}


class RacedDirectory(MemoryDirectory):
    """Somebody else writes an entry just before our write, or just after it."""

    behind_our_back: Entry | None = None
    first = True

    def write(self, writes: Iterable[Write]) -> Iterator[WriteResult]:
        theirs, self.behind_our_back = self.behind_our_back, None
        if theirs is not None and self.first:
            assert not next(super().write([Add(theirs)])).error
        written = list(super().write(writes))
        if theirs is not None and not self.first:
            assert not next(super().write([Add(theirs)])).error
        return iter(written)


def somebody(directory: MemoryDirectory, uid: str, **attributes: list[str]) -> Entry:
    values = {
        "objectClass": ["inetOrgPerson", "eduPerson", "norEduPerson"],
        "uid": [uid],
        "cn": ["Somebody Else"],
        "sn": ["Else"],
        NAME: [f"{uid}@skotthyll.kommune.no"],
    }
    return Entry(directory.base.child("ou", "people").child("uid", uid), values | attributes)


def raced_directory() -> RacedDirectory:
    return RacedDirectory(example_directory().base, example_entries())


OLENA = {"source_id": "p1", "given_name": "Олена", "family_name": "Коваленко", "school": "hylla", "role": "pupil"}


@pytest.mark.parametrize("first", [True, False], ids=["just-before-our-write", "just-after-it"])
def test_a_second_holder_that_appears_with_our_attach_makes_us_take_the_number_back(house, first):
    with house(lambda _: raced_directory()) as h:
        h.apply([PersonRecord(**OLENA)])
        before = h.state()
        h.directory.first = first
        h.directory.behind_our_back = theirs = somebody(h.directory, "other", **{NIN: [TENOR]})
        with pytest.raises(Refused) as refused:
            h.client.attach("olenkova@skotthyll.kommune.no", TENOR, evidence=SEEN)
        assert (refused.value.code, refused.value.held) == ("R-HELD-BY-ANOTHER", True)
        assert "other@skotthyll.kommune.no" in str(refused.value)
        assert h.directory.read(theirs.dn).text(NIN) == TENOR
        assert {dn: entry for dn, entry in h.state().items() if dn != str(theirs.dn)} == before
        assert [(e.kind, e.state) for e in h.client.users.history("olenkova@skotthyll.kommune.no")] == [
            ("create", State.DONE),
            ("attach", State.TAKEN_BACK),
        ]


@pytest.mark.parametrize("first", [True, False], ids=["just-before-our-write", "just-after-it"])
def test_a_second_holder_that_appears_with_our_creation_leaves_the_user_without_the_number(house, first):
    with house(lambda _: raced_directory()) as h:
        h.directory.first = first
        h.directory.behind_our_back = theirs = somebody(h.directory, "other", **{NIN: [TENOR]})
        outcome = h.apply([PersonRecord(**OLENA, national_number=NumberText(TENOR), birth_date=BORN)])
        assert (outcome.counts["created"], outcome.counts["held"]) == (1, 1)
        assert [r.code for r in outcome.held] == ["R-HELD-BY-ANOTHER"]
        assert outcome.changes[0].number is None
        ours = next(e for e in h.users() if e.text("uid") == "olenkova")
        assert not ours.values(NIN)
        assert h.directory.read(theirs.dn).text(NIN) == TENOR
        assert h.directory.accepts_login(ours.dn, h.passwords()["olenkova@skotthyll.kommune.no"])
        history = h.client.users.history("olenkova@skotthyll.kommune.no")
        assert [(e.kind, e.state) for e in history] == [("create", State.DONE), ("take-back", State.DONE)]


@pytest.mark.parametrize("kind", ["create", "attach"])
def test_a_second_holder_found_only_after_a_crash_makes_us_take_the_number_back_too(house, kind):
    """The run breaks off between its write and its look; the next run does the look, and says so."""
    name = "olenkova@skotthyll.kommune.no"
    with house(lambda _: breaking_directory()) as h:
        if kind == "attach":
            h.apply([PersonRecord(**OLENA)])
        h.directory.breaks_at, h.directory.done_first = 1, True
        olena = PersonRecord(**OLENA, national_number=NumberText(TENOR), birth_date=BORN)
        with pytest.raises(DirectoryError):
            h.apply([olena])
        theirs = somebody(h.directory, "other", **{NIN: [TENOR]})
        assert not next(h.directory.write([Add(theirs)])).error
        outcome = h.apply([olena])
        assert not next(e for e in h.users() if e.text("uid") == "olenkova").values(NIN)
        assert h.directory.read(theirs.dn).text(NIN) == TENOR
        assert len(outcome.recovered) == 1
        assert "because another user has" in outcome.recovered[0]
        events = [(e.kind, e.state) for e in h.client.users.history(name)]
        assert events[-1] == (("take-back", State.DONE) if kind == "create" else ("attach", State.TAKEN_BACK))
        assert h.passwords().keys() == {name}
        assert [r.code for r in h.apply([olena]).held] == ["R-HELD-BY-ANOTHER"]


@pytest.mark.parametrize("what", ["source id", "Feide name"])
def test_a_twin_that_appears_with_our_creation_makes_us_take_the_creation_back(house, what):
    with house(lambda _: raced_directory()) as h:
        h.directory.first = False
        twin = {"employeeNumber": ["p1"]} if what == "source id" else {NAME: ["olenkova@skotthyll.kommune.no"]}
        h.directory.behind_our_back = somebody(h.directory, "other", **twin)
        outcome = h.apply([PersonRecord(**OLENA)])
        assert outcome.counts["created"] == 0
        assert [r.code for r in outcome.held] == [{"source id": "R-MADE-MEANWHILE"}.get(what, "R-NAME-TAKEN")]
        assert [e.text("uid") for e in h.users()] == ["other"]
        assert h.passwords() == {}
        assert [(e.kind, e.state) for e in h.journal.events()] == [("create", State.TAKEN_BACK)]


def test_an_update_stands_in_the_journal_when_the_number_of_the_same_user_is_taken_back(house):
    with house(lambda _: raced_directory()) as h:
        h.apply([PersonRecord(**OLENA)])
        h.directory.behind_our_back = somebody(h.directory, "other", **{NIN: [TENOR]})
        h.apply([PersonRecord(**OLENA, mail="o@example.no", national_number=NumberText(TENOR), birth_date=BORN)])
        states = {e.kind: e.state for e in h.journal.events()}
        assert states == {"create": State.DONE, "update": State.DONE, "attach": State.TAKEN_BACK}


def test_a_duf_number_stands_again_when_the_number_is_taken_back(house):
    duf = "202212345608"
    with house(lambda _: raced_directory(), numbers={"duf": "nin"}) as h:
        h.apply([PersonRecord(**OLENA)])
        [user] = h.users()
        step = Modification("add", NIN, (duf.encode(),))
        assert not next(h.directory.write([Modify(user.dn, (step,))])).error
        h.directory.behind_our_back = somebody(h.directory, "other", **{NIN: [TENOR]})
        with pytest.raises(Refused):
            h.client.attach(user.text(NAME), TENOR, evidence=SEEN)
        assert h.directory.read(user.dn).text(NIN) == duf


def rename(h, user: str = "olenkova@skotthyll.kommune.no"):
    client, policy = h.client, h.client._context.build_options.names
    return client.apply(plan_rename(client._context.builder(), policy, "skotthyll.kommune.no", user, to="kova"))


@pytest.mark.parametrize("in_the_journal", [False, True], ids=["directory", "journal"])
@pytest.mark.parametrize("done_first", [False, True], ids=["before", "after"])
def test_a_crash_anywhere_in_a_rename_and_one_more_run_end_as_if_nothing_had_been(house, in_the_journal, done_first):
    people = [PersonRecord(**OLENA), PersonRecord(**OLENA | {"source_id": "p2"})]
    with house(lambda _: breaking_directory(), BreakingJournal) as calm:
        calm.apply(people)
        calm.directory.breaks_at = calm.journal.breaks_at = 0
        rename(calm)
        steps = -(calm.journal if in_the_journal else calm.directory).breaks_at
        expected = calm.state(without=("userPassword",))
    assert steps >= 2
    for at in range(1, steps + 1):
        with house(lambda _: breaking_directory(), BreakingJournal) as h:
            h.apply(people)
            password = h.passwords()["olenkova@skotthyll.kommune.no"]
            broken = h.journal if in_the_journal else h.directory
            broken.breaks_at, broken.done_first = at, done_first
            with pytest.raises((DirectoryError, JournalError)):
                rename(h)
            # whatever was done, there is one user, who can log in by the name that Feide finds
            [entry] = [e for e in h.users() if e.text("employeeNumber") == "p1"]
            assert len(entry.texts(NAME)) == 1
            assert h.directory.accepts_login(entry.dn, password)
            broken.breaks_at = 0
            assert h.client.plan(people).changes == ()
            rename(h)  # finds out what was done, and does the rest
            assert h.state(without=("userPassword",)) == expected
            assert h.passwords()["kova@skotthyll.kommune.no"] == password
            assert len(h.passwords()) == 2
            assert h.journal.events(state=OPEN) == []
            assert h.client._context.known_users().ours >= {e.text(NAME) for e in h.users()}


def entry_named(h, uid: str) -> list[Entry]:
    return [e for e in h.users() if e.text(NAME) == f"{uid}@skotthyll.kommune.no"]


def test_a_rename_whose_second_write_is_refused_is_taken_back(house):
    with house(lambda _: raced_directory()) as h:
        h.apply([PersonRecord(**OLENA)])
        before = h.state()
        h.directory.behind_our_back = theirs = somebody(h.directory, "kova", **{NAME: ["other@skotthyll.kommune.no"]})
        outcome = rename(h)
        assert [r.code for r in outcome.held] == ["R-NAME-TAKEN"]
        assert {dn: entry for dn, entry in h.state().items() if dn != str(theirs.dn)} == before
        assert [(e.kind, e.state) for e in h.journal.events()][-1] == ("rename", State.REFUSED)


def test_a_name_that_two_got_at_the_same_moment_is_taken_back_from_the_renamed_user(house):
    with house(lambda _: raced_directory()) as h:
        h.apply([PersonRecord(**OLENA)])
        before, passwords = h.state(), h.passwords()
        h.directory.behind_our_back = theirs = somebody(h.directory, "other", **{NAME: ["kova@skotthyll.kommune.no"]})
        outcome = rename(h)
        assert [r.code for r in outcome.held] == ["R-NAME-TAKEN"]
        assert {dn: entry for dn, entry in h.state().items() if dn != str(theirs.dn)} == before
        assert h.passwords() == passwords
        assert [(e.kind, e.state) for e in h.journal.events()][-1] == ("rename", State.TAKEN_BACK)


def test_a_rename_that_can_be_neither_finished_nor_taken_back_stays_open_and_the_user_ours(house):
    with house(lambda _: breaking_directory(), BreakingJournal) as h:
        h.apply([PersonRecord(**OLENA)])
        h.directory.breaks_at = 2
        with pytest.raises(DirectoryError):
            rename(h)
        theirs = somebody(h.directory, "kova", **{NAME: ["other@skotthyll.kommune.no"]})
        assert not next(h.directory.write([Add(theirs)])).error
        for _ in range(2):
            [sentence] = h.apply([PersonRecord(**OLENA)]).recovered
            assert ": half done" in sentence
        assert [c.kind for c in h.client.plan([PersonRecord(**OLENA, mail="o@example.no")]).changes] == ["update"]
        assert not next(h.directory.write([Delete(theirs.dn)])).error
        [sentence] = h.apply([PersonRecord(**OLENA)]).recovered
        assert sentence.endswith(": done.")
        assert entry_named(h, "kova")[0].texts("uid") == ["kova"]


def test_an_answer_that_was_cut_off_renames_no_row_of_first_passwords(house):
    with house(lambda _: breaking_directory(), BreakingJournal) as h:
        h.apply([PersonRecord(**OLENA), PersonRecord(**OLENA | {"source_id": "p2"})])
        before = h.passwords()
        names = sorted(before)
        h.journal.intend([Event("second-account", names[0], f"uid={names[0]}", other=names[1])])
        h.apply([])
        assert h.passwords() == before


class RacedAndBreakingDirectory(BreakingDirectory):
    """Somebody else takes a name just before our first creation; later the connection breaks off."""

    theirs: Entry | None = None

    def write(self, writes: Iterable[Write]) -> Iterator[WriteResult]:
        theirs, self.theirs = self.theirs, None
        if theirs is not None:
            self._add(theirs)
        return super().write(writes)


@pytest.mark.parametrize("in_the_journal", [False, True], ids=["directory", "journal"])
@pytest.mark.parametrize("done_first", [False, True], ids=["before", "after"])
def test_a_crash_anywhere_in_a_run_that_lost_a_name_and_one_more_run_leave_everybody_with_a_login(
    house, in_the_journal, done_first
):
    people = [PersonRecord(**OLENA | {"source_id": f"p{n}"}) for n in range(3)]

    def raced(_):
        directory = RacedAndBreakingDirectory(example_directory().base, example_entries())
        directory.theirs = somebody(directory, "olenkova")
        return directory

    with house(raced, BreakingJournal) as calm:
        calm.apply(people)
        steps = -(calm.journal if in_the_journal else calm.directory).breaks_at
    assert steps >= 4
    for at in range(1, steps + 1):
        with house(raced, BreakingJournal) as h:
            broken = h.journal if in_the_journal else h.directory
            broken.breaks_at, broken.done_first = at, done_first
            with suppress(DirectoryError, JournalError):
                h.apply(people)
            broken.breaks_at = 0
            h.apply(people)
            ours = {e.text(NAME): e.dn for e in h.users() if e.values("employeeNumber")}
            assert len(ours) == len(people)
            assert sorted(e.text("employeeNumber") for e in h.users() if e.values("employeeNumber")) == [
                "p0",
                "p1",
                "p2",
            ]
            passwords = h.passwords()
            assert set(passwords) == set(ours)
            assert all(h.directory.accepts_login(dn, passwords[name]) for name, dn in ours.items())
            assert h.journal.events(state=OPEN) == []


def with_an_answer(h, *, given: bool) -> Entry:
    """A user of another system without a source id; with `given`, a person has said whose user it is."""
    entry = somebody(h.directory, "other")
    assert not next(h.directory.write([Add(entry)])).error
    if given:
        h.client.users.resolve("other@skotthyll.kommune.no", same_as="p9")
    h.directory.breaks_at = h.journal.breaks_at = 0
    return entry


def answered(h, *, undo: bool) -> None:
    h.client.users.resolve("other@skotthyll.kommune.no", **({"undo": True} if undo else {"same_as": "p9"}))


@pytest.mark.parametrize("in_the_journal", [False, True], ids=["directory", "journal"])
@pytest.mark.parametrize("done_first", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("undo", [False, True], ids=["same-as", "undo"])
def test_an_answer_that_is_cut_off_is_given_whole_or_not_at_all(house, in_the_journal, done_first, undo):
    """And the journal knows which: what was written to the entry for an answer can be taken back afterwards."""
    with house(lambda _: breaking_directory(), BreakingJournal) as calm:
        with_an_answer(calm, given=undo)
        answered(calm, undo=undo)
        steps = -(calm.journal if in_the_journal else calm.directory).breaks_at
    assert steps >= 1
    for at in range(1, steps + 1):
        with house(lambda _: breaking_directory(), BreakingJournal) as h:
            entry = with_an_answer(h, given=undo)
            broken = h.journal if in_the_journal else h.directory
            broken.breaks_at, broken.done_first = at, done_first
            with suppress(DirectoryError, JournalError):
                answered(h, undo=undo)
            broken.breaks_at = 0
            recovered = h.apply([]).recovered
            assert h.journal.events(state=OPEN) == []
            written = h.directory.read(entry.dn).texts("employeeNumber")
            linked = KnownUsers.read(h.journal).linked
            assert list(linked) == written
            assert not [sentence for sentence in recovered if "undo-" in sentence]
            if undo and written:
                answered(h, undo=True)
            elif not undo:
                if not written:
                    answered(h, undo=False)
                assert h.directory.read(entry.dn).texts("employeeNumber") == ["p9"]
                answered(h, undo=True)
            assert h.directory.read(entry.dn).texts("employeeNumber") == []
            assert KnownUsers.read(h.journal).linked == {}
