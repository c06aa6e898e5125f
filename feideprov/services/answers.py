"""Writes down what providers answer: whether a service depends on the number, and can serve users without it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from feideprov.errors import Refused
from feideprov.feide.organization import HostOrganization
from feideprov.issues import code
from feideprov.journal.events import Debts
from feideprov.journal.journal import Journal
from feideprov.look_alikes import told_apart, visible
from feideprov.messages import Sentence, joined
from feideprov.numbers import number_shaped
from feideprov.services.debts import Belongings, debts_of
from feideprov.services.owed import must_be_told, read_owed
from feideprov.services.register.register import Register
from feideprov.services.register.service import STATES, Answer, Basis, Dependency, Service

ANSWER: Final = code(
    "S-ANSWER",
    Sentence("This is not one of the known answers."),
    Sentence("Write A, B or C, as in the question, or a state that “feideprov services list” shows."),
)
SOURCE: Final = code(
    "S-SOURCE",
    Sentence("The text about where the answer comes from is missing, or it looks like an identity number."),
    Sentence("Write where the answer comes from (a mail, a letter, a call), without a number."),
)
DATE: Final = code(
    "S-DATE",
    Sentence("The day of the answer cannot be read, or is in the future."),
    Sentence("Correct the day."),
)
_WORDS: Mapping[str, Dependency] = {
    **{state.value: state for state in Dependency},
    "avhenger-ikke": Dependency.INDEPENDENT,
    "kan-betjene": Dependency.CAN_SERVE,
    "kan-ikke-betjene": Dependency.CANNOT_SERVE,
    "kan-ikkje-betene": Dependency.CANNOT_SERVE,
    "kan-betene": Dependency.CAN_SERVE,
    "avheng-ikkje": Dependency.INDEPENDENT,
    "ikke-svar": Dependency.NO_ANSWER,
    "ikkje-svar": Dependency.NO_ANSWER,
    "spurt": Dependency.ASKED,
    "ukjent": Dependency.UNKNOWN,
    # what the question offers
    "a": Dependency.INDEPENDENT,
    "trenger-ikke-nummeret": Dependency.INDEPENDENT,
    "treng-ikkje-nummeret": Dependency.INDEPENDENT,
    "does-not-need-the-number": Dependency.INDEPENDENT,
    "b": Dependency.CAN_SERVE,
    "trenger-nummeret-men-kan-brukes-uten-mens-eleven-venter": Dependency.CAN_SERVE,
    "treng-nummeret-men-kan-brukast-utan-medan-eleven-ventar": Dependency.CAN_SERVE,
    "needs-the-number-but-can-be-used-without-it-while-the-pupil-waits": Dependency.CAN_SERVE,
    "c": Dependency.CANNOT_SERVE,
    "trenger-nummeret-og-kan-ikke-brukes-uten": Dependency.CANNOT_SERVE,
    "treng-nummeret-og-kan-ikkje-brukast-utan": Dependency.CANNOT_SERVE,
    "needs-the-number-and-cannot-be-used-without-it": Dependency.CANNOT_SERVE,
}


@cache
def _words() -> Mapping[str, Dependency]:
    """All words for answers: those above, and those of the catalogues, which the screens show."""
    return {
        _folded(word): state
        for words in (_WORDS, {w: s for s, said in STATES.items() for w in said.in_every_language()})
        for word, state in words.items()
    }


_AROUND: Final = ".,:;()[]*\"'«»“”–—"
"""Characters that may stand around a word of an answer."""


@dataclass(frozen=True)
class NewAnswer:
    """An answer to be written down. `service` is an id, or a name that no other service has. `source` says where the
    answer comes from: a mail, a letter, a call. What changed since the day `since` (UTC) is owed; None: since the state
    became unknown."""

    service: str
    state: Dependency
    on: date
    source: str
    since: date | None = None


@dataclass(frozen=True)
class RecordedAnswer:
    """An answer that was written down: the service as it is now, and how many changes it is owed and has not been
    told."""

    service: Service
    owed: int


def state_of(text: str) -> Dependency:
    """The state that an answer means: as in `Dependency`, in Norwegian, or as the question offers it (a letter, its
    words, or both). Raises Refused (S-ANSWER).

    >>> state_of("Can serve"), state_of("a)")
    (<Dependency.CAN_SERVE: 'can-serve'>, <Dependency.INDEPENDENT: 'does-not-depend'>)
    """
    answer, words = _folded(text), _words()
    letter, _, meaning = answer.partition("-")
    found = words.get(answer)
    if found is None and words.get(letter) is words.get(meaning):
        found = words.get(letter)
    if found is None:
        raise Refused(
            Sentence(
                "This is not one of the known answers{apart}. Write one of these: {answers}; or A, B or C, as in the "
                "question.",
                apart=told_apart(text.strip(f"{_AROUND} "), (*"ABC", *words)),
                answers=joined(STATES.values(), ", "),
            ),
            code=ANSWER,
        )
    return found


def _folded(text: str) -> str:
    words = visible(text).casefold().replace("_", " ").replace("-", " ").split()
    return "-".join(filter(None, (word.strip(_AROUND) for word in words)))


def basis_of(text: str, on: date) -> Basis | None:
    """The agreement that allows Feide names in notices; None for an empty text. Raises Refused (S-SOURCE)."""
    if number_shaped(text):
        raise Refused(
            Sentence(
                "The text after --allow-names looks like an identity number. Write which agreement allows Feide names "
                "in notices, without a number."
            ),
            code=SOURCE,
        )
    return Basis(text=text, on=on) if text.strip() else None


@dataclass(frozen=True)
class AnswerRecorder:
    """Writes answers down, and what is owed because of them."""

    register: Register
    organization: HostOrganization
    on: date
    belongings: Belongings

    @property
    def journal(self) -> Journal:
        return self.register.journal

    def service_of(self, answer: NewAnswer) -> Service:
        """The service that an answer is about, if the answer can be written down.

        Raises Refused: S-SOURCE without a source, S-DATE for a day in the future, and as `Register.called`.
        """
        if not answer.source.strip():
            raise Refused(
                Sentence("The source is missing. Write where the answer comes from: a mail, a letter or a call."),
                code=SOURCE,
            )
        if number_shaped(answer.source):
            raise Refused(
                Sentence(
                    "The text about where the answer comes from looks like an identity number. Write "
                    "it without the number."
                ),
                code=SOURCE,
            )
        if answer.on > self.on:
            raise Refused(Sentence("The day of the answer is in the future. Correct the day."), code=DATE)
        return self.register.called(answer.service)

    def write(self, answers: Sequence[NewAnswer]) -> list[RecordedAnswer]:
        """Write answers down, all or none, and with them the changes that are owed because of them.

        A service that depends on the number is owed what changed since it became unknown whether it does. Of several
        answers about one service the last one counts. What was owed because of an earlier answer stays written down,
        but is not due while the provider need not know (`owed`). Runs that change numbers wait meanwhile, so no change
        is missed.

        Raises Refused as `service_of`, DirectoryError if a service is for some users only.
        """
        with self.journal.run():
            new = {self.service_of(one).id: one for one in answers}
            owing = self._owing(new)  # reads the directory, so it comes before the transaction
            with self.journal.writing() as connection:
                services = [
                    _answered(one, new[one.id], self.journal.actor) for one in self.register.read(connection, new)
                ]
                self.register.write(connection, services)
                for since, debts in owing:
                    self.journal.owe(connection, debts, since=since)
                waiting = read_owed(connection, self.journal.realm, ())
        by_id = {service.id: service for service in services}
        due = Counter(
            one.service for one in waiting if one.service in by_id and must_be_told(by_id[one.service], one.kind)
        )
        return [RecordedAnswer(service, due[service.id]) for service in services]

    def _owing(self, answers: Mapping[str, NewAnswer]) -> list[tuple[str, Debts]]:
        """What is owed because of the answers, by the time since which changes count."""
        belongings, by_time = cache(self.belongings), defaultdict[str, list[Service]](list)
        for service_id, one in answers.items():
            service = _answered(self.register.get(service_id), one, self.journal.actor)
            by_time[one.since.isoformat() if one.since else service.unsettled_since].append(service)
        owing = ((since, debts_of(some, self.organization, belongings)) for since, some in by_time.items())
        return [(since, debts) for since, debts in owing if debts is not None]


def _answered(service: Service, new: NewAnswer, by: str) -> Service:
    answer = Answer(state=new.state, on=new.on, source=" ".join(new.source.split()), by=by)
    if service.answer == answer:
        return service
    asked = {"asked_on": new.on, "reminded_on": None} if new.state is Dependency.ASKED else {}
    return service.answered(answer).model_copy(update=asked)
