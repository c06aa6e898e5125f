"""Two runs take one name at the same time: one gets the next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from feideprov import Add, Client, Delete, Entry, MemoryDirectory, WriteResult
from feideprov.directory.entry import Write
from feideprov.journal.journal import OPEN, State
from feideprov.provision.plan.plan import Plan
from feideprov.provision.run.handover import HandoverFile
from feideprov.testing import example_directory, example_entries, example_settings

REALM = "skotthyll.kommune.no"
NAME, PRIOR = "eduPersonPrincipalName", "eduPersonPrincipalNamePrior"


class RacedDirectory(MemoryDirectory):
    """Somebody else writes an entry just before each of our next writes of users."""

    def __init__(self) -> None:
        super().__init__(example_directory().base, example_entries())
        self.theirs: list[Entry] = []
        self.they_go = False

    def write(self, writes: Iterable[Write]) -> Iterator[WriteResult]:
        writes = list(writes)
        if not self.theirs or not any(isinstance(write, Add) for write in writes):
            return super().write(writes)
        theirs = self.theirs.pop(0)
        assert next(super().write([Add(theirs)])).error is None
        written = list(super().write(writes))
        if self.they_go:
            assert next(super().write([Delete(theirs.dn)])).error is None
        return iter(written)


def somebody(uid: str, **attributes: list[str]) -> Entry:
    values = {
        "objectClass": ["inetOrgPerson", "eduPerson", "norEduPerson"],
        "uid": [uid],
        "cn": ["Somebody Else"],
        "sn": ["Else"],
        NAME: [f"{uid}@{REALM}"],
    }
    return Entry(example_directory().base.child("ou", "people").child("uid", uid), values | attributes)


@pytest.fixture
def raced(tmp_path, journal, key) -> Client:
    return Client(example_settings(tmp_path), directory=RacedDirectory(), journal=journal, keys=key)


def passwords(client: Client) -> dict[str, str]:
    return HandoverFile(client.settings.path(client.settings.journal.handover)).passwords()


def assert_made(client: Client, *names: str) -> None:
    """These users of ours are there, with a hand-over row that lets them in, and nothing is open."""
    rows = passwords(client)
    assert set(rows) == {f"{name}@{REALM}" for name in names}
    for feide_name, password in rows.items():
        [entry] = client.directory.matching(NAME, [feide_name], ["*"])
        assert entry.texts("uid") == [feide_name.partition("@")[0]]
        assert client.directory.accepts_login(entry.dn, password)
    assert client._context.journal.events(state=OPEN) == []
    done = [e.feide_name for e in client._context.journal.events(state=[State.DONE]) if e.kind == "create"]
    assert sorted(done) == sorted(rows)


@pytest.mark.parametrize("attributes", [{}, {NAME: ["x@other.no"]}], ids=["uid-and-name", "uid-alone"])
def test_a_name_taken_after_the_plan_is_replaced_by_the_next(raced, person, attributes):
    plan = raced.plan([person()])
    next(raced.directory.write([Add(somebody("olenkova", **attributes))]))
    outcome = raced.apply(plan)
    assert [c.feide_name for c in outcome.changes] == [f"olenkova2@{REALM}"]
    assert outcome.refusals == ()
    assert_made(raced, "olenkova2")


def test_the_others_of_the_plan_keep_the_names_they_were_to_get(raced, person):
    plan = raced.plan([person("p1"), person("p2")])
    next(raced.directory.write([Add(somebody("olenkova"))]))
    made = {c.source_id: c.feide_name for c in raced.apply(plan).changes}
    assert made == {"p1": f"olenkova3@{REALM}", "p2": f"olenkova2@{REALM}"}
    assert_made(raced, "olenkova2", "olenkova3")


def test_a_name_taken_at_the_moment_of_our_write_is_replaced_by_the_next(raced, person):
    raced.directory.theirs = [somebody("olenkova")]
    outcome = raced.apply(raced.plan([person()]))
    assert [c.sentence for c in outcome.changes] == [
        f"create olenkova2@{REALM} (pupil at Hylla skole), without a number"
    ]
    assert_made(raced, "olenkova2")
    states = [(e.feide_name.partition("@")[0], e.state) for e in raced._context.journal.events()]
    assert states == [("olenkova", State.REFUSED), ("olenkova2", State.DONE)]


def test_the_next_name_is_one_that_nobody_in_the_plan_has_and_nobody_had(raced, person):
    next(raced.directory.write([Add(somebody("x", **{PRIOR: [f"olenkova3@{REALM}"]}))]))
    raced.directory.theirs = [somebody("olenkova")]
    outcome = raced.apply(raced.plan([person("p1"), person("p2")]))
    assert sorted(c.feide_name for c in outcome.changes) == [f"olenkova2@{REALM}", f"olenkova4@{REALM}"]
    assert_made(raced, "olenkova2", "olenkova4")
    assert {c.source_id: c.feide_name for c in outcome.changes}["p2"] == f"olenkova2@{REALM}"


def test_somebody_who_takes_every_name_is_given_in_to(raced, person):
    raced.directory.theirs = [somebody("olenkova"), *(somebody(f"olenkova{n}") for n in range(2, 40))]
    outcome = raced.apply(raced.plan([person()]))
    assert outcome.changes == ()
    assert [r.code for r in outcome.held] == ["R-NAME-TAKEN"]
    assert passwords(raced) == {}
    assert len(raced.directory.theirs) == 39 - 21
    assert_made(raced)


def test_a_name_that_is_free_again_when_we_look_is_ours_with_its_row(raced, person):
    raced.directory.theirs, raced.directory.they_go = [somebody("olenkova")], True
    raced.apply(raced.plan([person()]))
    assert_made(raced, "olenkova")


def test_a_person_with_one_name_gets_the_next_of_the_same(raced, person):
    raced.directory.theirs = [somebody("selam")]
    raced.apply(raced.plan([person(given_name="ሰላም", family_name="")]))
    assert_made(raced, "selam2")


def test_the_same_person_made_by_another_run_is_not_made_again(raced, person):
    raced.directory.theirs = [somebody("olenkova", employeeNumber=["p1"])]
    outcome = raced.apply(raced.plan([person()]))
    assert outcome.changes == ()
    assert outcome.unchanged == 1
    assert_made(raced)


def test_the_same_person_under_another_name_is_held(raced, person):
    raced.directory.theirs = [somebody("olenkova"), somebody("other", employeeNumber=["p1"])]
    outcome = raced.apply(raced.plan([person()]))
    assert [r.code for r in outcome.held] == ["R-MADE-MEANWHILE"]
    assert_made(raced)


def test_a_plan_that_was_signed_off_is_applied_exactly_or_held(raced, person):
    exact = replace(raced.plan([person()]), exact=True)
    raced.directory.theirs = [somebody("olenkova")]
    assert [r.code for r in raced.apply(exact).held] == ["R-NAME-TAKEN"]
    assert [r.code for r in raced.apply(exact).held] == ["R-NAME-TAKEN"]
    assert_made(raced)


def test_a_saved_plan_is_exact(raced, person, tmp_path: Path):
    plan, path = raced.plan([person()]), tmp_path / "plan.json"
    plan.save(path, client=raced, source=tmp_path / "people.csv")
    loaded = Plan.load(path, client=raced)
    assert loaded.exact
    assert not plan.exact


def test_a_protected_person_gets_another_name_that_says_nothing(raced, person):
    plan = raced.plan([person(protected=True)], only="p1")
    [create] = plan.changes
    raced.directory.theirs = [somebody(create.user.user_name)]
    [made] = raced.apply(plan).changes
    assert made.feide_name != create.feide_name
    assert made.feide_name[0] == "u"
    assert len(made.feide_name) == len(create.feide_name)
    assert made.protected
    [event] = raced._context.journal.events(state=[State.DONE])
    assert event.protected


def test_no_row_for_another_users_name_is_left_when_the_run_breaks_off_after_it(raced, person, monkeypatch):
    """The name is somebody else's: a password beside it would be handed to the wrong person."""
    raced.directory.theirs = [somebody("olenkova")]

    def broken(change: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("feideprov.provision.plan.user_names.NextNames.another", lambda self, change: broken(change))
    with pytest.raises(KeyboardInterrupt):
        raced.apply(raced.plan([person()]))
    assert passwords(raced) == {}
    assert raced._context.journal.events(state=OPEN) == []
