"""Laws of the register of services, and of whom a change of a number is told. Each name is the law."""

from __future__ import annotations

from collections import Counter
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st
from size import size

from feideprov import Evidence, PersonRecord
from feideprov.services.register.merging import Imported, merge
from feideprov.services.register.service import (
    DEPENDS,
    Answer,
    Audience,
    Contact,
    Dependency,
    FactSource,
    Provider,
    Service,
    Way,
)

ON, LATER = date(2026, 11, 22), date(2026, 12, 1)
SEEN = Evidence("letter", "Kari Nordmann", date(2026, 11, 1))
D_NUMBER, FOLLOWS = "52829400197", "45840375084"  # Tenor's
API = "Feide API"
lawful = settings(deadline=None, max_examples=size(15, 40))
few = settings(deadline=None, max_examples=size(6, 15))

texts = st.text(max_size=8)
said = st.just({"names": FactSource(source=API, on=ON)})
audiences = st.builds(
    Audience,
    schools=st.sets(st.sampled_from(["hylla", "berg", "closed"])).map(sorted).map(tuple),
    roles=st.sets(st.sampled_from(["pupil", "student", "teacher", "staff", "janitor"])).map(sorted).map(tuple),
)
services = st.builds(
    Service,
    id=st.sampled_from(["feide:1", "feide:2", "oidc:a", "saml:https://b", "t"]),
    names=st.dictionaries(st.sampled_from(["nb", "nn", "en", ""]), texts, min_size=1),
    provider=st.builds(Provider, id=st.sampled_from(["7", "8"]), name=texts),
    ways=st.sets(st.sampled_from(Way)).map(sorted).map(tuple),
    required=st.none() | st.booleans(),
    activated=st.none() | st.booleans(),
    contacts=st.lists(st.builds(Contact, mail=st.just("support@example.no")), max_size=2).map(tuple),
    audience=audiences,
    reason=texts,
    said=said,
)
lists = st.lists(services, max_size=5)
answers = st.builds(Answer, state=st.sampled_from(Dependency), on=st.just(ON), source=texts)
depending = st.lists(
    st.builds(
        Service,
        id=st.integers(1, 9).map("feide:{}".format),
        provider=st.builds(Provider, id=st.just("7"), name=st.just("Leverandør AS")),
        ways=st.sampled_from([(), (Way.FEIDE,)]),
        activated=st.sampled_from([True, True, False, None]),
        answer=answers,
    ),
    max_size=6,
    unique_by=lambda service: service.id,
)


def imported(h, listed, *, on: date = ON, complete: bool = True, source: str = API) -> Imported:
    return merge(h.client.services.register, listed, source=source, on=on, complete=complete)


def register(h) -> list[Service]:
    return h.client.services.all()


@lawful
@given(lists, lists)
def test_importing_twice_equals_importing_once(house, before, listed):
    with house() as h:
        imported(h, before)
        imported(h, listed)
        once = register(h)
        again = imported(h, listed)
        assert register(h) == once
        assert {name for name, count in again.counts.items() if count} <= {"unchanged"}


@lawful
@given(lists, st.data())
def test_an_import_never_changes_an_answer_of_a_service_that_got_the_number_before(house, before, data):
    with house() as h:
        imported(h, before)
        given_ = {one.id: data.draw(answers) for one in register(h)}
        h.client.services.register.revise(given_, lambda one: one.answered(given_[one.id]))
        known = {one.id: one for one in register(h)}
        told = imported(h, data.draw(lists), on=LATER, complete=data.draw(st.booleans()))
        newly = {one.id for one in told.newly}
        for now in register(h):
            was = known.get(now.id)
            if was is None:
                assert now.answer == Answer()
            elif was.gets_number or not now.gets_number:
                assert now.answer == was.answer
                assert now.earlier == was.earlier
            else:
                assert now.answer.state is Dependency.UNKNOWN
                assert now.id in newly


@lawful
@given(lists, lists, st.booleans())
def test_what_an_import_tells_adds_up_to_what_is_in_the_register(house, before, listed, complete):
    with house() as h:
        imported(h, before)
        known = {one.id for one in register(h)}
        told = imported(h, listed, on=LATER, complete=complete)
        by_id = {one.id: one for one in register(h)}
        ids = {one.id for one in listed}
        assert by_id.keys() == known | ids
        assert {one.id for one in told.new} == ids - known
        assert {one.id for one in told.gone} == (known - ids if complete else set())
        assert sum(told.counts.values()) == len(ids) + len(told.gone)
        for one in (*told.new, *told.changed, *told.gone, *told.newly):
            assert by_id[one.id] == one


@lawful
@given(lists)
def test_what_concerns_us_is_read_as_it_is_among_all(house, listed):
    with house() as h:
        imported(h, listed)
        concerning = h.client.services.register.concerning_us()
        assert concerning == [one for one in register(h) if one.concerns_us]


def one_user(h, service_list) -> str:
    """The one user of a house whose register holds these services."""
    h.apply([PersonRecord(source_id="p1", given_name="Olena", family_name="Kovalenko", school="hylla", role="pupil")])
    h.client.services.register.put(service_list)
    return h.client.pending()[0].user


def owed(h) -> dict[str, list[str]]:
    kinds = {event.id: event.kind for event in h.journal.events()}
    found: dict[str, list[str]] = {}
    for one in h.journal.owed():
        found.setdefault(kinds[one.change], []).append(one.service)
    return {kind: sorted(services_) for kind, services_ in found.items()}


def those(service_list, *states: Dependency) -> list[str]:
    return sorted(one.id for one in service_list if one.concerns_us and one.answer.state in states)


def without_empty(found: dict[str, list[str]]) -> dict[str, list[str]]:
    return {kind: ids for kind, ids in found.items() if ids}


@few
@given(depending)
def test_an_attach_owes_exactly_the_services_that_depend_and_can_serve(house, service_list):
    with house() as h:
        h.client.attach(one_user(h, service_list), D_NUMBER, evidence=SEEN)
        assert owed(h) == without_empty({"attach": those(service_list, Dependency.CAN_SERVE)})


@few
@given(depending)
def test_a_fodselsnummer_after_a_d_number_owes_all_that_depend_also_those_that_cannot_serve(house, service_list):
    with house() as h:
        user = one_user(h, service_list)
        h.client.attach(user, D_NUMBER, evidence=SEEN)
        h.client.replace(user, D_NUMBER, FOLLOWS, evidence=SEEN)
        assert owed(h).get("replace", []) == those(service_list, *DEPENDS)


@few
@given(depending)
def test_a_withdrawal_owes_all_that_depend(house, service_list):
    with house() as h:
        user = one_user(h, service_list)
        h.client.attach(user, D_NUMBER, evidence=SEEN)
        h.client.withdraw(user, D_NUMBER)
        assert owed(h).get("withdraw", []) == those(service_list, *DEPENDS)


@few
@given(depending, st.sampled_from(Dependency))
def test_answering_before_the_changes_or_after_them_makes_the_same_owed(house, service_list, state):
    """Whatever was unknown when the numbers changed."""
    found = []
    unknown = [one.model_copy(update={"answer": Answer()}) for one in service_list]
    for before in (True, False):
        with house() as h:
            user = one_user(h, unknown)
            steps = [lambda h=h: answered(h, unknown, state), lambda h=h, user=user: changed(h, user)]
            for step in steps if before else reversed(steps):
                step()
            found.append(owed(h))
    assert found[0] == found[1]


def answered(h, service_list, state: Dependency) -> None:
    for one in service_list:
        h.client.services.answer(one.id, state, source="mail")


def changed(h, user: str) -> None:
    h.client.attach(user, D_NUMBER, evidence=SEEN)
    h.client.replace(user, D_NUMBER, FOLLOWS, evidence=SEEN)
    h.client.withdraw(user, FOLLOWS)


@few
@given(depending, st.lists(st.sampled_from(Dependency), max_size=4))
def test_nothing_is_owed_twice_and_a_service_that_does_not_depend_is_told_nothing(house, service_list, states):
    with house() as h:
        user = one_user(h, service_list)
        changed(h, user)
        for state in states:
            answered(h, service_list, state)
        rows = Counter((one.change, one.service) for one in h.journal.owed())
        assert set(rows.values()) <= {1}
        told = {line.service.id for notice in h.client.services.notices() for line in notice.lines}
        assert told <= set(those(register(h), *DEPENDS))
