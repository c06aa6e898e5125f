"""Who is no longer in a file: what is told of every list, and whom a full file closes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from feideprov import Client, ConfigurationError
from feideprov.client.lists import listed_people
from feideprov.intake.file_facts import Extent, FileFacts, Format
from feideprov.intake.person_list import PersonList
from feideprov.issues import Refusal
from feideprov.journal.full_files import last_full_file, missing_users
from feideprov.provision.plan.leavers.leavers import Leavers, Reason
from feideprov.provision.plan.plan import Outcome, Plan
from feideprov.settings import Settings
from feideprov.testing import example_directory, example_settings
from tests.unit.conftest import ON

FIRST = date(2026, 11, 2)
VISMA = {"name": "visma", "evidence": "register", "confirmed_by": "Kari", "confirmed_on": date(2026, 8, 1)}
FULL = FileFacts(Format.PIFU, extent=Extent.FULL, schools=frozenset({"hylla", "berg"}))


class Nights:
    """The files of one source, each made one day after the one before."""

    def __init__(self, client: Client, person: Callable, patch: pytest.MonkeyPatch, source: str | None = None) -> None:
        self.client, self.person, self.patch, self.source = client, person, patch, source
        self.day = FIRST

    def plan(
        self, keys: Iterable[str], facts: FileFacts = FULL, refused: tuple[Refusal, ...] = (), **options: object
    ) -> Plan:
        keys = list(keys)
        records = tuple(
            self.person(key, given_name=f"Person{chr(ord('a') + n)}", school=key.partition("-")[0] or "hylla")
            for n, key in enumerate(keys)
        )
        facts = replace(facts, people=facts.people or len(records), made_on=facts.made_on or self.day)
        listed = PersonList(records, refused, (), file=facts)
        self.patch.setattr(listed_people, "read_people", lambda path, reading: listed)
        return self.client.plan("night.xml", source=self.source, **options)

    def apply(self, keys: Iterable[str], facts: FileFacts = FULL) -> Outcome:
        outcome = self.client.apply(self.plan(keys, facts, leavers=True), allow_changes=1000, allow_fewer=0)
        self.day += timedelta(days=1)
        return outcome


@pytest.fixture
def client(tmp_path, journal, key) -> Client:
    """A client of an organization that has answered who is protected."""
    return Client(settings_of(tmp_path), directory=example_directory(), journal=journal, keys=key, on=ON)


def settings_of(folder: Path, **sections: object) -> Settings:
    return example_settings(folder, protection={"people": "none"}, **sections)


@pytest.fixture
def nights(client, person, monkeypatch) -> Nights:
    return Nights(client, person, monkeypatch)


def people(*numbers: int, school: str = "hylla") -> list[str]:
    return [f"{school}-{number}" for number in numbers]


def closed(outcome: Outcome | Plan) -> list[str]:
    return [change.source_id or "" for change in outcome.changes if change.kind == "close"]


def test_every_list_tells_who_of_its_source_and_schools_is_not_in_it(nights, tmp_path, client):
    nights.apply(people(1, 2, 3, 4) + people(1, school="berg"), FileFacts())
    plan = nights.plan(people(1, 2), FileFacts())
    assert any("2 of the 4 users of this source and these schools are not in it" in note for note in plan.notes)
    assert {name: plan.leavers.counts[name] for name in ("users", "missing", "closed")} == {
        "users": 4,
        "missing": 2,
        "closed": 0,
    }
    assert [one.source_id for one in plan.leavers.missing] == people(3, 4)
    assert not any("not in it" in note for note in nights.plan(people(1, 2, 3, 4), FileFacts()).notes)


@pytest.mark.parametrize(
    "facts",
    [
        FileFacts(Format.CSV),
        FileFacts(Format.XLSX),
        FileFacts(Format.PIFU, extent=Extent.DELTA),
        FileFacts(Format.IMS, extent=Extent.EVENT),
        FileFacts(Format.PIFU),
        replace(FULL, schools=frozenset({"berg"})),
        replace(FULL, schools=frozenset()),
    ],
    ids=lambda facts: f"{facts.format}-{facts.extent}-{len(facts.schools)}",
)
def test_no_other_file_than_a_full_one_with_pupils_of_the_school_closes_anybody(nights, facts):
    nights.apply(people(1, 2, 3, 4))
    for _ in range(3):
        assert closed(nights.apply(people(1, 2), facts)) == []


def test_users_who_are_missing_in_two_full_files_of_different_days_are_closed(nights, client, journal):
    nights.apply(people(1, 2, 3, 4))
    assert closed(nights.plan(people(1, 2), leavers=True)) == []
    assert closed(nights.apply(people(1, 2))) == []
    assert closed(nights.plan(people(1, 2))) == []
    assert any("To close them, run again with --leavers" in note for note in nights.plan(people(1, 2)).notes)
    outcome = nights.apply(people(1, 2))
    assert sorted(closed(outcome)) == people(3, 4)
    assert outcome.counts["failed"] == 0
    assert nights.plan(people(1, 2)).leavers.counts["missing"] == 0
    assert missing_users(journal) == {}
    assert [refusal.code for refusal in nights.plan(people(1, 2, 3, 4)).refusals] == ["R-CLOSED"] * 2


def test_two_full_files_of_one_day_are_one(nights):
    nights.apply(people(1, 2, 3, 4))
    nights.apply(people(1, 2))
    again = replace(FULL, made_on=nights.day - timedelta(days=1))
    assert closed(nights.apply(people(1, 2), again)) == []
    assert sorted(closed(nights.apply(people(1, 2)))) == people(3, 4)


def test_a_plan_that_is_not_applied_counts_for_nothing(nights):
    nights.apply(people(1, 2, 3, 4))
    nights.plan(people(1, 2), leavers=True)
    nights.day += timedelta(days=1)
    assert closed(nights.apply(people(1, 2))) == []


@pytest.mark.parametrize("facts", [FULL, FileFacts(), FileFacts(Format.PIFU, extent=Extent.DELTA)])
def test_who_is_in_any_list_again_counts_as_missing_no_longer(nights, facts):
    nights.apply(people(1, 2, 3, 4))
    nights.apply(people(1, 2))
    nights.apply(people(1, 2, 3, 4), facts)
    assert closed(nights.apply(people(1, 2))) == []


def test_the_only_one_of_a_school_is_told_and_never_closed(nights):
    everybody = people(1, 2, 3) + people(1, 2, 3, school="berg")
    nights.apply(everybody)
    each_night = [sorted(closed(nights.apply(everybody[1:4]))) for _ in range(3)]
    assert each_night == [[], people(2, 3, school="berg"), []]
    plan = nights.plan(everybody[1:4])
    assert plan.leavers.counts["alone"] == 1
    assert any("may be a shielded pupil" in note and "Ask the school" in note for note in plan.notes)


def test_who_went_missing_alone_is_not_closed_together_with_others_later(nights):
    nights.apply(people(1, 2, 3, 4, 5))
    nights.apply(people(2, 3, 4, 5))
    nights.apply(people(2, 3))
    assert sorted(closed(nights.apply(people(2, 3)))) == people(4, 5)


def test_a_protected_user_is_neither_closed_nor_listed(nights, client, person):
    nights.apply(people(1, 2, 3, 4))
    client.apply(client.plan([person("hylla-4", given_name="Persond", protected=True)], only="hylla-4"))
    nights.apply(people(1))
    plan = nights.plan(people(1), leavers=True)
    assert [one.source_id for one in plan.leavers.listed] == people(2, 3)
    assert (plan.leavers.protected, plan.leavers.counts["missing"]) == (1, 3)
    assert sorted(closed(plan)) == people(2, 3)


def test_a_row_that_was_refused_is_in_the_file(nights):
    nights.apply(people(1, 2, 3, 4))
    refused = (Refusal("R-NAME", "…", source_id="hylla-3"),)
    nights.client.apply(nights.plan(people(1), refused=refused), allow_fewer=0)
    nights.day += timedelta(days=1)
    assert sorted(closed(nights.plan(people(1), refused=refused, leavers=True))) == people(2, 4)


def test_a_row_whose_person_cannot_be_told_closes_nobody(nights):
    nights.apply(people(1, 2, 3, 4))
    nights.apply(people(1, 2))
    plan = nights.plan(people(1, 2), refused=(Refusal("R-SOURCE-ID", "…"),), leavers=True)
    assert closed(plan) == []
    assert any("the file closes nobody" in note for note in plan.notes)


def test_who_may_have_got_another_source_id_is_not_missing(nights, person):
    """The row of the new key is held, because it is perhaps the same person."""
    born = {"birth_date": date(2012, 5, 6)}
    plain = nights.person
    nights.person = lambda key, **fields: plain(key, **fields | (born if key.endswith("3") else {}))
    nights.apply(people(1, 2, 3, 4))
    nights.person = lambda key, **fields: plain(
        key, **fields | ({**born, "given_name": "Personc"} if key.endswith("9") else {})
    )
    plan = nights.plan(people(1, 2, 9))
    assert [refusal.code for refusal in plan.refusals] == ["R-SAME-PERSON"]
    assert [one.source_id for one in plan.leavers.missing] == people(4)


def test_who_is_at_a_school_that_is_not_configured_is_in_the_file(nights):
    nights.apply(people(1, 2, 3, 4))
    plan = nights.plan(people(1, 2), replace(FULL, elsewhere=("hylla-3",)))
    assert [one.source_id for one in plan.leavers.missing] == people(4)


def test_a_former_source_id_in_the_file_is_that_of_somebody_in_it(nights):
    nights.apply(people(1, 2, 3, 4))
    plan = nights.plan(people(1, 2), replace(FULL, former_keys={"hylla-3": "new-3"}))
    assert [one.source_id for one in plan.leavers.missing] == people(4)


def test_in_summer_it_is_told_and_nobody_is_closed(tmp_path, client, journal, key, person, monkeypatch):
    summer = Client(settings_of(tmp_path), directory=client.directory, journal=journal, keys=key, on=date(2027, 8, 31))
    nights = Nights(summer, person, monkeypatch)
    nights.day = date(2027, 8, 1)
    nights.apply(people(1, 2, 3, 4))
    for _ in range(3):
        assert closed(nights.apply(people(1, 2))) == []
    assert any("It is summer" in note for note in nights.plan(people(1, 2)).notes)
    autumn = Client(settings_of(tmp_path), directory=client.directory, journal=journal, keys=key, on=date(2027, 9, 1))
    nights.client, nights.day = autumn, date(2027, 9, 1)
    assert sorted(closed(nights.apply(people(1, 2)))) == people(3, 4)


def test_far_fewer_people_than_in_the_last_full_file_stop_the_run(nights, client, journal):
    nights.apply(people(*range(10)))
    plan = nights.plan(people(1, 2, 3, 4))
    with pytest.raises(ConfigurationError, match=r"4 people.*had 10.*--allow-fewer 4"):
        client.check_allowed(plan)
    with pytest.raises(ConfigurationError):
        client.apply(plan, allow_fewer=5)
    client.apply(plan, allow_fewer=4)
    assert last_full_file(journal, "").people == 4
    client.apply(nights.plan(people(1, 2)))
    assert last_full_file(journal, "").people == 2


def test_an_empty_full_file_stops_the_run_and_is_never_the_last_one(nights, client, journal):
    nights.apply(people(1, 2))
    empty = nights.plan([], replace(FULL, schools=frozenset()))
    with pytest.raises(ConfigurationError, match="0 people"):
        client.apply(empty)
    client.apply(empty, allow_fewer=0)
    assert last_full_file(journal, "").people == 2


def test_an_older_full_file_decides_nothing(nights, client, journal):
    nights.apply(people(1, 2, 3, 4))
    nights.apply(people(1, 2))
    older = nights.plan(people(1, 2), replace(FULL, made_on=FIRST - timedelta(days=1)), leavers=True)
    assert any("is older than the last full file" in note for note in older.notes)
    client.apply(older)
    assert last_full_file(journal, "").day == FIRST + timedelta(days=1)
    assert closed(older) == []


def test_a_saved_plan_closes_nobody_who_was_in_a_file_since(nights, client, tmp_path, journal):
    nights.apply(people(1, 2, 3, 4, 5))
    nights.apply(people(1, 2))
    path = tmp_path / "plan.json"
    plan = nights.plan(people(1, 2), leavers=True)
    plan.save(path, client=client, source=tmp_path / "night.xml")
    loaded = Plan.load(path, client=client)
    assert loaded.leavers.counts == plan.leavers.counts
    nights.apply(people(3), FileFacts())
    outcome = client.apply(Plan.load(path, client=client), allow_changes=10)
    assert sorted(closed(outcome)) == people(4, 5)
    assert [refusal.code for refusal in outcome.held] == ["R-LEAVER"]
    assert last_full_file(journal, "").keys == tuple(sorted(map(journal.key.of_listed_key, people(1, 2))))


def test_a_saved_plan_closes_nobody_after_another_full_file(nights, client, tmp_path, journal):
    nights.apply(people(1, 2, 3, 4))
    nights.apply(people(1, 2))
    path = tmp_path / "plan.json"
    nights.plan(people(1, 2), leavers=True).save(path, client=client, source=tmp_path / "night.xml")
    nights.apply(people(1, 2, 3), FULL)
    before = missing_users(journal), last_full_file(journal, "")
    outcome = client.apply(Plan.load(path, client=client), allow_changes=10)
    assert closed(outcome) == []
    assert (missing_users(journal), last_full_file(journal, "")) == before


@pytest.mark.parametrize(("gone", "wanted"), [((3, 4, 5), (4, 5)), ((3, 4), ())])
@pytest.mark.parametrize("how", ["protect", "list"])
def test_a_saved_plan_closes_nobody_who_is_protected_or_alone_since(nights, client, tmp_path, gone, wanted, how):
    nights.apply(people(1, 2, *gone))
    nights.apply(people(1, 2))
    path = tmp_path / "plan.json"
    nights.plan(people(1, 2), leavers=True).save(path, client=client, source=tmp_path / "night.xml")
    if how == "protect":
        client.users.protect(["hylla-3"])
    else:
        nights.apply(people(3), FileFacts())
    outcome = client.apply(Plan.load(path, client=client), allow_changes=10)
    assert sorted(closed(outcome)) == people(*wanted)
    assert {refusal.code for refusal in outcome.held} == {"R-LEAVER"}
    assert len(outcome.held) == len(gone) - len(wanted)


def test_a_saved_plan_closes_the_rest_when_one_was_closed_by_hand(nights, client, tmp_path):
    nights.apply(people(1, 2, 3, 4))
    nights.apply(people(1, 2))
    path = tmp_path / "plan.json"
    plan = nights.plan(people(1, 2), leavers=True)
    plan.save(path, client=client, source=tmp_path / "night.xml")
    client.users.close(plan.changes[0].feide_name)
    outcome = client.apply(Plan.load(path, client=client), allow_changes=10)
    assert (sorted(closed(outcome)), outcome.held) == ([plan.changes[1].source_id], ())


def test_a_user_who_was_opened_again_is_not_closed_by_the_next_file(nights, client):
    nights.apply(people(1, 2, 3, 4))
    nights.apply(people(1, 2))
    outcome = nights.apply(people(1, 2))
    for change in outcome.changes:
        client.users.reopen(change.feide_name)
    assert closed(nights.apply(people(1, 2))) == []
    assert sorted(closed(nights.apply(people(1, 2)))) == people(3, 4)


def test_who_is_deleted_in_a_file_with_changes_is_told(nights):
    nights.apply(people(1, 2, 3))
    plan = nights.plan(people(1), FileFacts(Format.PIFU, extent=Extent.DELTA, deleted=("hylla-2",)), leavers=True)
    assert closed(plan) == []
    assert [one.source_id for one in plan.leavers.listed] == ["hylla-2"]
    assert any("is deleted in night.xml (recstatus 3)" in note for note in plan.notes)


def test_the_end_of_a_school_is_one_thing(nights):
    nights.apply(people(1, 2) + people(1, 2, 3, school="berg"))
    nights.apply(people(1, 2), replace(FULL, schools=frozenset({"hylla"})))
    plan = nights.plan(people(1, 2), replace(FULL, schools=frozenset({"hylla"})), leavers=True)
    [note] = [note for note in plan.notes if "has no pupils" in note]
    assert "3 users of this source are there" in note
    assert (plan.leavers.counts["missing"], closed(plan)) == (0, [])
    assert len(plan.leavers.listed) == 3


def test_a_school_that_left_the_configuration_is_one_thing(nights, tmp_path, client, journal, key, person, monkeypatch):
    nights.apply(people(1, 2) + people(1, 2, 3, school="berg"))
    schools = [one for one in settings_of(tmp_path).model_dump()["schools"] if one["id"] == "hylla"]
    other = Client(
        settings_of(tmp_path, schools=schools),
        directory=client.directory,
        journal=journal,
        keys=key,
        on=ON,
    )
    plan = Nights(other, person, monkeypatch).plan(people(1, 2), FileFacts())
    [note] = [note for note in plan.notes if "no school in the configuration" in note]
    assert note.startswith("3 users of this source belong to ou=")
    assert plan.leavers.counts["missing"] == 0
    assert [(one.reason, one.may_close) for one in plan.leavers.listed] == [(Reason.LEFT, False)] * 3


def test_a_file_is_about_the_users_of_its_own_source(tmp_path, client, journal, key, person, monkeypatch):
    sources = [VISMA, {**VISMA, "name": "flyvo"}, {**VISMA, "name": "ist", "prefix": ""}]
    many = Client(settings_of(tmp_path, sources=sources), directory=client.directory, journal=journal, keys=key, on=ON)
    everybody = Nights(many, person, monkeypatch)
    for source in ("visma", "flyvo", "ist"):
        everybody.source = source
        everybody.person = lambda key, given=source, **fields: person(key, **fields | {"family_name": given})
        everybody.apply(people(1, 2, 3))
    for source in ("visma", "flyvo", "ist"):
        everybody.source = source
        everybody.person = lambda key, given=source, **fields: person(key, **fields | {"family_name": given})
        everybody.apply(people(1))
        leavers = everybody.plan(people(1)).leavers
        assert (leavers.users, len(leavers.missing)) == (3, 2)
    everybody.source = "visma"
    everybody.person = lambda key, **fields: person(key, **fields | {"family_name": "visma"})
    everybody.day += timedelta(days=1)
    assert sorted(closed(everybody.apply(people(1)))) == ["visma:hylla-2", "visma:hylla-3"]


def test_the_settings_of_the_source_close_too_and_the_caps_hold(tmp_path, client, journal, key, person, monkeypatch):
    settings = settings_of(tmp_path, sources=[{**VISMA, "leavers": True}], caps={"changes": 1, "percent": 0})
    own = Client(settings, directory=client.directory, journal=journal, keys=key, on=ON)
    nights = Nights(own, person, monkeypatch, "visma")
    nights.apply(people(1, 2, 3))
    nights.apply(people(1))
    plan = nights.plan(people(1))
    assert sorted(closed(plan)) == people(2, 3)
    with pytest.raises(ConfigurationError, match="changes 2 of 3 users"):
        own.apply(plan)


@pytest.mark.parametrize("summer", ["06-15", "06-15/08-32", "13-01/13-02", "6-15/8-31", "summer", "06-15/08-31/09-01"])
def test_a_summer_that_is_no_time_of_the_year_is_refused(tmp_path, summer):
    with pytest.raises(ConfigurationError, match=r"closing\.summer: this must be the first and the last day"):
        settings_of(tmp_path, closing={"summer": summer})


@pytest.mark.parametrize(
    ("summer", "day", "is_in"),
    [
        ("06-15/08-31", date(2027, 6, 15), True),
        ("06-15/08-31", date(2027, 8, 31), True),
        ("06-15/08-31", date(2027, 6, 14), False),
        ("12-20/01-05", date(2027, 1, 5), True),
        ("12-20/01-05", date(2027, 6, 5), False),
        ("", date(2027, 7, 1), False),
        ("02-29/03-01", date(2028, 2, 29), True),
    ],
)
def test_the_days_of_summer(tmp_path, summer, day, is_in):
    assert settings_of(tmp_path, closing={"summer": summer}).closing.is_summer(day) is is_in


def test_a_plan_of_records_tells_nothing(client, person):
    client.apply(client.plan([person("hylla-1"), person("hylla-2", given_name="Anna")]))
    assert client.plan([person("hylla-1")]).leavers == Leavers()
