"""Sources read again: what they say is taken over, what people wrote down stays."""

from __future__ import annotations

from datetime import date

from feideprov.services.register.merging import merge
from feideprov.services.register.service import Dependency, FactSource, Provider, Way
from tests.unit.services.conftest import D_NUMBER, ON, SEEN, service

LATER = date(2027, 1, 15)
API = "Feide API"


def imported(client, *listed, source=API, on=ON, complete=True):
    return merge(client.services.register, listed, source=source, on=on, complete=complete)


def counts(what):
    return {name: count for name, count in what.counts.items() if count}


def test_what_is_new_changed_gone_and_newly_gets_the_number_is_told_apart(client):
    assert counts(imported(client, service("a"), service("b"), service("c", ways=()), service("d"))) == {"new": 4}
    told = imported(client, service("a"), service("b", names={"nb": "Nytt navn"}), service("c"), service("e"), on=LATER)
    assert counts(told) == {"new": 1, "changed": 1, "gone": 1, "newly": 1, "unchanged": 1}
    assert [one.id for one in (*told.new, *told.changed, *told.gone, *told.newly)] == ["e", "b", "d", "c"]
    assert client.services.register.get("d").gone_on == LATER
    assert client.services.register.get("b").name() == "Nytt navn"


def test_a_service_that_newly_gets_the_number_is_unknown_again(client):
    imported(client, service(ways=()))
    client.services.answer("feide:1", "asked", source="mail", on=date(2026, 10, 1))
    client.services.answer("feide:1", "does-not-depend", source="mail")
    [newly] = imported(client, service(), on=LATER).newly
    assert (newly.answer.state, newly.answer.on) == (Dependency.UNKNOWN, LATER)
    assert newly.answer.source.startswith("Feide API: gets the number now")
    assert newly.earlier[-1].state is Dependency.INDEPENDENT
    assert (newly.asked_on, newly.reminded_on) == (None, None)
    assert newly == client.services.register.get("feide:1")


def test_what_changes_from_then_on_is_owed_when_it_is_answered(client, user_of, owed):
    imported(client, service(ways=()))
    client.services.answer("feide:1", "can-serve", source="mail")
    imported(client, service(), on=LATER)
    client.attach(user_of("p1"), D_NUMBER, evidence=SEEN)
    assert owed() == []
    client.services.answer("feide:1", "can-serve", source="mail")
    assert owed() == [("attach", "feide:1")]


def test_what_people_wrote_down_outlives_an_import(client):
    imported(client, service())
    client.services.answer("feide:1", "can-serve", source="mail")
    client.services.allow_names("feide:1", "agreement", ON)
    before = client.services.register.get("feide:1")
    imported(client, service(provider=Provider(id="7", name="Nytt firma AS")), on=LATER)
    after = client.services.register.get("feide:1")
    kept = ("answer", "earlier", "asked_on", "reminded_on", "basis_for_names", "unsettled_since")
    assert [getattr(after, name) for name in kept] == [getattr(before, name) for name in kept]
    assert after.provider.name == "Nytt firma AS"


def test_a_source_takes_nothing_away_that_it_does_not_tell(client):
    """The table from the portal says what is activated; the API, read again, does not."""
    imported(client, service(activated=None))
    typed = service(names={}, ways=(), said={"activated": FactSource(source="table portal.csv", on=ON)})
    imported(client, typed, source="table portal.csv", complete=False)
    imported(client, service(activated=None), on=LATER)
    found = client.services.register.get("feide:1")
    assert (found.activated, found.ways) == (True, (Way.FEIDE,))
    assert {name: (said.source, said.on) for name, said in found.said.items()} == {
        "names": ("Feide API", ON),
        "activated": ("table portal.csv", ON),
    }


def test_a_source_that_tells_that_there_is_none_takes_it_away(client):
    imported(client, service())
    imported(client, service(ways=(), said={one: FactSource(source=API, on=ON) for one in ("names", "ways")}))
    assert not client.services.register.get("feide:1").gets_number


def test_only_what_the_same_source_named_before_is_gone(client):
    imported(client, service("a"), service("b"))
    imported(client, service("t", said={"names": FactSource(source="table portal.csv", on=ON)}), complete=False)
    assert [one.id for one in imported(client, service("a")).gone] == ["b"]
    assert imported(client, service("a")).gone == ()
    assert imported(client, service("a"), complete=False).gone == ()


def test_a_service_that_comes_back_has_its_answer_still(client):
    imported(client, service("a"), service("b"))
    client.services.answer("b", "can-serve", source="mail")
    imported(client, service("a"))
    assert not client.services.register.get("b").concerns_us
    assert [one.id for one in imported(client, service("a"), service("b"), on=LATER).changed] == ["b"]
    back = client.services.register.get("b")
    assert (back.gone_on, back.answer.state) == (None, Dependency.CAN_SERVE)


def test_a_service_that_is_activated_now_is_owed_nothing_from_before(client, user_of, owed):
    imported(client, service(activated=False, unsettled_since="2020-01-01T00:00:00+00:00"))
    client.services.register.revise(["feide:1"], lambda one: one.model_copy(update={"unsettled_since": "2020"}))
    client.attach(user_of("p1"), D_NUMBER, evidence=SEEN)
    imported(client, service(), on=LATER)
    assert client.services.register.get("feide:1").unsettled_since > "2026"


def test_many_services_are_read_and_written_in_parts(client):
    many = [service(f"feide:{n}") for n in range(1203)]
    assert counts(imported(client, *many)) == {"new": 1203}
    assert counts(imported(client, *many)) == {"unchanged": 1203}
    assert counts(imported(client, *many[:2])) == {"unchanged": 2, "gone": 1201}
    assert len(client.services.register.concerning_us()) == 2


def test_what_changed_before_a_service_went_and_came_back_is_owed_when_it_is_answered(client, user_of, owed):
    imported(client, service("a"), service("b", unsettled_since="2020"))
    client.services.register.revise(["b"], lambda one: one.model_copy(update={"unsettled_since": "2020"}))
    client.attach(user_of("p1"), D_NUMBER, evidence=SEEN)
    imported(client, service("a"))
    imported(client, service("a"), service("b"))
    assert client.services.register.get("b").unsettled_since == "2020"
    client.services.answer("b", "can-serve", source="mail")
    assert owed() == [("attach", "b")]
