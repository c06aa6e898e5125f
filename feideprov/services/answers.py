"""What providers answer, written down: whether a service depends on the number, and can serve users without."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from feideprov.errors import Refused
from feideprov.feide.organization import HostOrganization
from feideprov.journal.events import Debts
from feideprov.journal.journal import Journal
from feideprov.numbers import number_shaped
from feideprov.services.debts import Belongings, debts_of
from feideprov.services.owed import must_be_told, read_owed
from feideprov.services.register.register import Register
from feideprov.services.register.service import Answer, Dependency, Service

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
}


@dataclass(frozen=True)
class Given:
    """An answer to be written down. `service` is an id, or a name that no other service has. `source` says where it
    comes from: a mail, a letter, a call. `since`: it makes owed what changed since that day (UTC); None: since it
    became unknown."""

    service: str
    state: Dependency
    on: date
    source: str
    since: date | None = None


@dataclass(frozen=True)
class Answered:
    """An answer that was written down: the service as it is now, and how many notices it is owed and not sent."""

    service: Service
    owed: int


def state_of(text: str) -> Dependency:
    """The state that a word means: as in `Dependency`, or in Norwegian. Raises Refused (S-ANSWER).

    >>> state_of("Can serve"), state_of("avhenger ikke")
    (<Dependency.CAN_SERVE: 'can-serve'>, <Dependency.INDEPENDENT: 'does-not-depend'>)
    """
    word = "-".join(text.casefold().replace("_", " ").replace("-", " ").split())
    if word not in _WORDS:
        known = ", ".join(state.value for state in Dependency)
        raise Refused(f"An answer is one of {known}.", code="S-ANSWER")
    return _WORDS[word]


@dataclass(frozen=True)
class AnswerBook:
    """Writes answers down, and what they make owed."""

    register: Register
    organization: HostOrganization
    on: date
    belongings: Belongings

    @property
    def journal(self) -> Journal:
        return self.register.journal

    def service_of(self, given: Given) -> Service:
        """The service that an answer is about, once the answer is known to be one that can be written down.

        Raises Refused: S-SOURCE without a source, S-DATE for a day that has not come, and as `Register.called`.
        """
        if not given.source.strip():
            raise Refused("Say where the answer comes from: a mail, a letter, a call (source).", code="S-SOURCE")
        if number_shaped(given.source):
            raise Refused("The source holds what may be an identity number. Leave it out.", code="S-SOURCE")
        if given.on > self.on:
            raise Refused("The answer is dated later than today. Correct its date.", code="S-DATE")
        return self.register.called(given.service)

    def write(self, answers: Sequence[Given]) -> list[Answered]:
        """Write answers down, all or none, and with them the notices that they make owed.

        A service that depends is owed notices about what changed since it became unknown whether it does; of the
        answers about one service the last one counts. What was owed by an earlier answer rests while the provider need
        not know (`owed`). No run that changes numbers goes on beside this, so none can be missed.

        Raises Refused as `service_of`, DirectoryError where a service is for some users only.
        """
        with self.journal.run():
            given = {self.service_of(one).id: one for one in answers}
            owing = self._owing(given)  # reads the directory, so that comes before the transaction
            with self.journal.writing() as connection:
                services = [
                    _answered(one, given[one.id], self.journal.actor) for one in self.register.read(connection, given)
                ]
                self.register.write(connection, services)
                for since, debts in owing:
                    self.journal.owe(connection, debts, since=since)
                waiting = read_owed(connection, self.journal.realm, ())
        by_id = {service.id: service for service in services}
        due = Counter(
            one.service for one in waiting if one.service in by_id and must_be_told(by_id[one.service], one.happening)
        )
        return [Answered(service, due[service.id]) for service in services]

    def _owing(self, given: Mapping[str, Given]) -> list[tuple[str, Debts]]:
        """What the answers make owed, by the moment since which changes count."""
        belongings, by_moment = cache(self.belongings), defaultdict[str, list[Service]](list)
        for service_id, one in given.items():
            service = _answered(self.register.get(service_id), one, self.journal.actor)
            by_moment[one.since.isoformat() if one.since else service.unsettled_since].append(service)
        owing = ((moment, debts_of(some, self.organization, belongings)) for moment, some in by_moment.items())
        return [(moment, debts) for moment, debts in owing if debts is not None]


def _answered(service: Service, given: Given, by: str) -> Service:
    answer = Answer(state=given.state, on=given.on, source=" ".join(given.source.split()), by=by)
    if service.answer == answer:
        return service
    asked = {"asked_on": given.on, "reminded_on": None} if given.state is Dependency.ASKED else {}
    return service.answered(answer).model_copy(update=asked)
