"""Keys in the directory: UUIDs are keys, a few numbers hold their users, many mean that the attribute is in use."""

from __future__ import annotations

from datetime import date

import pytest

from feideprov import ConfigurationError, Evidence, Refused
from feideprov.directory.entry import Modification, Modify
from feideprov.provision.plan.directory_state import DirectoryState
from tests.unit.client.test_plans import somebody

NUMBERS = ("57912075186", "12829499914", "45840375084", "17912099997")
"""Of the public table, or in other tests already."""
UUID = "56c11669-a4ba-4161-9309-0287a6ea2981"
CASE = "20260012345"
SEEN_AS = "R-SOURCE-ID-NUMBER"


def told(plan):
    return [(one.user, one.held, one.origin) for one in plan.refusals if one.code == SEEN_AS]


@pytest.mark.parametrize("source_id", [UUID, CASE, UUID.upper()])
def test_a_uuid_or_a_case_number_is_a_key_in_the_directory(client, person, source_id):
    client.apply(client.plan([person(source_id)]))
    assert client.plan([person(source_id)]).counts["unchanged"] == 1
    assert client.pending()[0].source_id == source_id
    somebody(client, "second")
    client.users.resolve("second@skotthyll.kommune.no", same_as="2026-0012345")
    assert [one.code for one in client.check() if one.code == "P-SOURCE-ID-NUMBER"] == []


@pytest.mark.parametrize("count", [1, 3])
def test_a_few_numbers_hold_their_users_alone(client, person, count):
    for place in range(count):
        somebody(client, f"numbered{place}", employeeNumber=[NUMBERS[place]])
    plan = client.plan([person()])
    assert plan.counts["created"] == 1
    assert told(plan) == [(f"numbered{place}@skotthyll.kommune.no", True, None) for place in range(count)]
    said = plan.refusals[0].sentence
    assert said.startswith(
        "The source id of numbered0@skotthyll.kommune.no in the directory (employeeNumber) looks like"
    )
    assert not any(number[6:] in str(plan.refusals) for number in NUMBERS)
    assert client.apply(plan).counts["created"] == 1


@pytest.mark.parametrize("before", [0, 250])
def test_more_of_them_mean_that_the_attribute_is_in_use_for_numbers(client, person, before):
    for place in range(before):
        somebody(client, f"other{place}", employeeNumber=[f"k{place}"])
    for place, number in enumerate(NUMBERS):
        somebody(client, f"numbered{place}", employeeNumber=[number])
    with pytest.raises(ConfigurationError, match="In 4 entries, the value of employeeNumber looks like an") as refused:
        client.plan([person()])
    assert not any(number[6:] in str(refused.value) for number in NUMBERS)


def test_of_many_values_one_in_a_hundred_may_be_a_number(client):
    for place in range(396):
        somebody(client, f"other{place}", employeeNumber=[f"k{place}"])
    for place, number in enumerate(NUMBERS):
        somebody(client, f"numbered{place}", employeeNumber=[number])
    state = DirectoryState.read(client.directory, "employeeNumber")
    assert len(state.with_number_as_source_id) == 4
    assert not any(number in state.by_source_id for number in NUMBERS)


def test_the_value_is_absent_wherever_a_key_is_read(client):
    somebody(client, "numbered", employeeNumber=[NUMBERS[0]])
    state = DirectoryState.read(client.directory, "employeeNumber")
    [entry] = [one for one in state.entries if one.text("uid") == "numbered"]
    assert entry.text("employeeNumber") is None


def test_a_user_that_a_row_finds_otherwise_is_held(client, person):
    entry = somebody(client, "numbered")
    client.users.resolve("numbered@skotthyll.kommune.no", same_as="p1")
    steps = (
        Modification("delete", "employeeNumber", (b"p1",)),
        Modification("add", "employeeNumber", (NUMBERS[0].encode(),)),
    )
    assert all(one.error is None for one in client.directory.write([Modify(entry.dn, steps, ())]))
    plan = client.plan([person("p1", given_name="Ola"), person("p2")])
    assert [(one.code, one.held) for one in plan.refusals] == [(SEEN_AS, True)]
    assert (plan.counts["created"], plan.counts["updated"]) == (1, 0)
    assert [one.code for one in client.plan([person("p1")], only="p1").refusals] == [SEEN_AS]


def test_such_a_user_is_linked_to_no_source_id(client):
    somebody(client, "numbered", employeeNumber=[NUMBERS[0]])
    with pytest.raises(Refused, match="looks like an identity number") as refused:
        client.users.resolve("numbered@skotthyll.kommune.no", same_as="p1")
    assert (refused.value.code, refused.value.held) == (SEEN_AS, True)


def test_a_number_may_be_attached_and_the_journal_gets_no_key(client):
    somebody(client, "numbered", employeeNumber=[NUMBERS[0]])
    seen = Evidence("letter", "Kari Nordmann", date(2026, 11, 2))
    client.attach("numbered@skotthyll.kommune.no", "57912075186", evidence=seen)
    [event] = client.users.history("numbered@skotthyll.kommune.no")
    assert event.source_id is None
