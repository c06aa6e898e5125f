"""Writes that are lost, cut off or late, in any order: a number has one holder, and the journal knows who it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from hypothesis import example, given, settings
from hypothesis import strategies as st
from size import size

from feideprov import DirectoryError, MemoryDirectory, PersonRecord, Refused
from feideprov.directory.entry import Write, WriteResult
from feideprov.journal.journal import OPEN, State
from feideprov.testing import example_directory, example_entries

from .test_crash_laws import NAME, NIN, NUMBERS, SEEN

PEOPLE = [PersonRecord(source_id=f"p{n}", given_name="Ola", family_name="Berg", school="hylla", role="pupil")
          for n in range(3)]  # fmt: skip


class Slow(MemoryDirectory):
    """The next writes meet a fate, one each: they are carried out, or the response is lost or not clear; then they were
    carried out (`done`), are carried out later (`late`), or never (`never`)."""

    def __init__(self) -> None:
        super().__init__(example_directory().base, example_entries())
        self.fates: list[tuple[str, str]] = []
        self.late: list[Write] = []

    def write(self, writes: Iterable[Write]) -> Iterator[WriteResult]:
        for write in writes:
            response, fate = self.fates.pop(0) if self.fates else ("clear", "done")
            if fate == "late":
                self.late.append(write)
            written = next(super().write([write])) if fate == "done" else None
            if response == "lost":
                raise DirectoryError("The connection broke off.", code=52)
            yield written if response == "clear" and written else WriteResult(write, DirectoryError("?", code=51))

    def arrive(self) -> None:
        late, self.late = self.late, []
        list(super().write(late))


FATE = st.tuples(st.sampled_from(["lost", "unclear"]), st.sampled_from(["done", "late", "never"])) | st.just(
    ("clear", "done")
)
STEP = st.one_of(
    st.tuples(st.just("attach"), st.integers(0, 2), st.integers(0, 1)),
    st.tuples(st.just("withdraw"), st.integers(0, 2), st.integers(0, 1)),
    st.tuples(st.just("create"), st.just(0), st.just(0)),
    st.tuples(st.just("arrive"), st.just(0), st.just(0)),
)


def take(h, step: str, user: int, number: int) -> None:
    names = {e.text("employeeNumber"): e.text(NAME) for e in h.users()}
    try:
        match step:
            case "arrive":
                h.directory.arrive()
            case "create":
                h.apply(PEOPLE)
            case "attach" if f"p{user}" in names:
                h.client.attach(names[f"p{user}"], NUMBERS[number], evidence=SEEN)
            case "withdraw" if f"p{user}" in names:
                h.client.withdraw(names[f"p{user}"], NUMBERS[number])
    except (DirectoryError, Refused):
        pass


def assert_one_holder_who_is_known(h) -> None:
    """When all has arrived, and two runs have ended: a number has one holder, and everybody is there once."""
    h.directory.arrive()
    h.apply(PEOPLE)
    h.apply(PEOPLE)
    held = Counter(number for entry in h.users() for number in entry.texts(NIN))
    assert not [number for number, count in held.items() if count > 1]
    assert sorted(e.text("employeeNumber") for e in h.users()) == ["p0", "p1", "p2"]
    passwords = h.passwords()
    assert set(passwords) == {e.text(NAME) for e in h.users()}
    assert all(h.directory.accepts_login(e.dn, passwords[e.text(NAME)]) for e in h.users())
    assert h.journal.events(state=OPEN) == []
    assert list(h.client.journal.verify()) == []
    created = [e.feide_name for e in h.journal.events(state=[State.DONE]) if e.kind == "create"]
    assert sorted(created) == sorted(passwords)


@settings(max_examples=size(10, 400))
@example([(("create", 0, 0), [("lost", "late")])] * 2)
@given(st.lists(st.tuples(STEP, st.lists(FATE, max_size=3)), max_size=10))
def test_a_late_write_leaves_one_holder_and_a_journal_that_knows_it(house, steps) -> None:
    with house(lambda _: Slow()) as h:
        for step, fates in steps:
            h.directory.fates = list(fates)
            take(h, *step)
        h.directory.fates = []
        assert_one_holder_who_is_known(h)
