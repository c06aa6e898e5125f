"""Laws of questions: whatever happens on whichever day, nobody is asked too often, too early, or after an answer."""

from __future__ import annotations

from contextlib import closing
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st
from size import size

from feideprov import Client, Journal, MarkKey
from feideprov.services.questions import QuestionsReport
from feideprov.services.register.service import Answer, Contact, Dependency, Provider, Service, Way
from feideprov.testing import example_directory, example_settings

lawful = settings(deadline=None, max_examples=size(10, 25))
START, ANSWER_DAYS, REALM = date(2026, 11, 1), 14, "skotthyll.kommune.no"
KEY = MarkKey(b"a key for examples and nothing else")
SERVICES = ("a1", "a2", "b1")
"""Two of provider a, one of provider b."""

steps = st.one_of(
    st.integers(0, 20).map(lambda days: ("days", days)),
    st.just(("ask", None)),
    st.sampled_from(SERVICES).map(lambda one: ("answer", one)),
    st.sampled_from(SERVICES).map(lambda one: ("activate", one)),
)


class Organization:
    """A register on a day that moves on, and who was written to when."""

    def __init__(self, folder: Path, journal: Journal) -> None:
        self.folder, self.journal = folder, journal
        self.settings = example_settings(folder, services={"answer_days": ANSWER_DAYS})
        self.on = START
        self.written: dict[str, list[date]] = {one: [] for one in SERVICES}
        self.answered: set[str] = set()
        self.client.services.register.put([service(one, activated=one != "b1") for one in SERVICES])

    @property
    def client(self) -> Client:
        return Client(self.settings, directory=example_directory(), journal=self.journal, keys=KEY, on=self.on)

    def asked(self, *, dry: bool = False) -> QuestionsReport:
        return self.client.services.ask(drafts=None if dry else self.folder / "drafts")

    def step(self, what: str, with_what: object) -> None:
        register = self.client.services.register
        if what == "days":
            self.on += timedelta(days=int(str(with_what)))
        elif what == "activate":
            register.revise([str(with_what)], lambda one: one.model_copy(update={"activated": True}))
        elif what == "answer":
            self.answered.add(str(with_what))
            answer = Answer(state=Dependency.CAN_SERVE, on=self.on, source="a call")
            register.revise([str(with_what)], lambda one: one.answered(answer))
        else:
            self.ask()

    def ask(self) -> None:
        planned = self.asked(dry=True)
        done = self.asked()
        assert [one.id for one in done.questions] == [one.id for one in planned.questions]
        assert len({one.provider.id for one in done.questions}) == len(done.questions)
        for one in (service for question in done.questions for service in question.services):
            assert one.id not in self.answered
            self.written[one.id].append(self.on)
        assert self.asked().questions == ()


def service(name: str, *, activated: bool) -> Service:
    return Service(
        id=name,
        names={"nb": name},
        provider=Provider(id=name[0], name=name[0]),
        ways=(Way.FEIDE,),
        activated=activated,
        contacts=(Contact(mail=f"hjelp@{name[0]}.example"),),
    )


@lawful
@given(st.lists(steps, max_size=12))
def test_nobody_is_written_to_more_than_twice_too_early_or_after_an_answer(what: list[tuple[str, object]]) -> None:
    with TemporaryDirectory() as name, closing(Journal("sqlite://", REALM, key=KEY, actor="Kari")) as journal:
        organization = Organization(Path(name), journal)
        for one in what:
            organization.step(*one)
        for days in organization.written.values():
            assert len(days) <= 2
            assert all((later - earlier).days >= ANSWER_DAYS for earlier, later in pairwise(days))
        for one in organization.client.services.all():
            written = organization.written[one.id]
            silent = one.answer.state is Dependency.NO_ANSWER
            assert (one.answer.state is Dependency.UNKNOWN) == (not written and one.id not in organization.answered)
            assert not silent or len(written) == 2
