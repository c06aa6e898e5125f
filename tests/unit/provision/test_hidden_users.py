"""Users whom the directory does not show, and numbers on them; and Feide names with spaces around them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
import sqlalchemy as sa
from veiled import NAME, NIN, VeiledDirectory

from feideprov import Client, Evidence, Journal, MarkKey, PersonRecord, Refused
from feideprov.directory.entry import Add, Write, WriteResult
from feideprov.journal.events import State
from feideprov.journal.tables import change
from feideprov.testing import example_settings

SEEN = Evidence("letter", "Kari Nordmann", date(2026, 11, 1))
TENOR = "52829400197"
ON = date(2026, 11, 22)


class Killed(BaseException):
    """The program ends at this moment."""


class Interrupting(VeiledDirectory):
    """It creates a user, and the program is killed before it has the response (`kill` is set)."""

    kill = False

    def write(self, writes: Iterator[Write]) -> Iterator[WriteResult]:
        for write in writes:
            result = self._carry_out(write)
            if self.kill and isinstance(write, Add):
                raise Killed
            yield result


def person(source_id: str, given_name: str = "Olena", **more: object) -> PersonRecord:
    return PersonRecord(
        source_id=source_id, given_name=given_name, family_name="Demir", school="hylla", role="pupil", **more
    )


@pytest.fixture
def directory() -> Interrupting:
    return Interrupting()


@pytest.fixture
def client(tmp_path, directory) -> Iterator[Client]:
    key = MarkKey(b"a key for examples and nothing else")
    journal = Journal(f"sqlite:///{tmp_path / 'j.db'}", "skotthyll.kommune.no", key=key, actor="test")
    yield Client(example_settings(tmp_path), directory=directory, journal=journal, keys=key, on=ON)
    journal.close()


def user(directory: Interrupting, source_id: str) -> str:
    return directory.user(source_id).text(NAME) or ""


@pytest.mark.parametrize("confirmed", [False, True])
def test_a_user_whose_creation_was_interrupted_and_who_is_hidden_is_not_created_again(client, directory, confirmed):
    client.apply(client.plan([person("p0", "Kari")]))
    directory.kill = True
    with pytest.raises(Killed):
        client.apply(client.plan([person("p1")]))
    directory.kill = False
    directory.hidden.add(user(directory, "p1"))
    journal = client.journal._context.journal
    if confirmed:
        journal.advance([event.id for event in journal.events(state=[State.INTENDED])], State.WRITTEN)
    for _ in range(2):
        outcome = client.apply(client.plan([person("p1")]))
        assert [refusal.code for refusal in outcome.refusals] == ["R-HIDDEN"]
        assert len(directory.with_source_id("p1")) == 1
    directory.hidden.clear()
    assert client.apply(client.plan([person("p1")])).refusals == ()
    assert len(directory.with_source_id("p1")) == 1


@pytest.mark.parametrize("hide", ["entry", "number"])
def test_a_number_on_a_user_who_is_hidden_goes_to_nobody_else(client, directory, hide):
    people = [person("p1"), person("p2", "Kari"), person("p3", "Ivan")]
    client.apply(client.plan(people))
    one, other = user(directory, "p1"), user(directory, "p2")
    client.attach(one, TENOR, evidence=SEEN)
    if hide == "entry":
        directory.hidden.add(one)
    else:
        directory.veiled[one] = {NIN}
    with pytest.raises(Refused, match=f"In the journal, {one} has the number for {other}") as refused:
        client.attach(other, TENOR, evidence=SEEN)
    assert refused.value.held
    assert not directory.user("p2").values(NIN)


def test_a_number_of_a_user_who_was_deleted_on_purpose_goes_to_somebody_else(client, directory):
    client.apply(client.plan([person("p1"), person("p2", "Kari"), person("p3", "Ivan")]))
    one, other = user(directory, "p1"), user(directory, "p2")
    client.attach(one, TENOR, evidence=SEEN)
    directory.deleted_by_another_hand(directory.user("p1"))
    client.users.resolve(one, gone=True)
    client.attach(other, TENOR, evidence=SEEN)
    assert directory.user("p2").texts(NIN) == [TENOR]


@pytest.mark.parametrize("name", ["{} ", " {}", "{}  "])
def test_a_user_is_found_by_a_feide_name_with_spaces_around_it(client, directory, name):
    client.apply(client.plan([person("p1")]))
    one = user(directory, "p1")
    directory.by_another_hand(directory.user("p1"), **{NAME: [name.format(one)]})
    client.attach(one, TENOR, evidence=SEEN)
    assert directory.user("p1").texts(NIN) == [TENOR]
    assert len(client.users.close(one).changes) == 1


@pytest.mark.parametrize("at", [None, "2098-01-01T00:00:00+00:00", "9998-12-31T23:59:59+00:00"])
def test_a_protected_user_who_was_closed_and_then_lost_is_in_doubt_and_not_listed(client, directory, at):
    """Also when the clock was ahead on the day of the creation."""
    client.apply(client.plan([person("p1", protected=True)], only="p1"))
    client.users.close(user(directory, "p1"))
    if at:
        with client.journal._context.journal.writing() as connection:
            connection.execute(sa.update(change).values(at=at, ended_at=at))
    entry = directory.user("p1")
    directory.deleted_by_another_hand(entry)
    moved = entry.dn.parent.child("uid", "elsewhere")
    kept = dict(entry.items()) | {"uid": ["elsewhere"], NAME: ["elsewhere@skotthyll.kommune.no"]}
    if at:
        kept["createTimestamp"] = ["20261122100000Z"]
    kept.pop("employeeNumber")
    kept.pop("eduPersonPrincipalNamePrior", None)
    directory._entries[moved.key] = type(entry)(moved, kept)
    assert [(one.protected, one.doubtful, one.in_sheets) for one in client.pending()] == [(True, True, False)]
