"""The entries of the organization and its schools: made, and kept as the configuration says."""

from __future__ import annotations

from itertools import islice

import pytest

from feideprov import DN, Client, ConfigurationError, Entry, MemoryDirectory, Modification
from feideprov.directory.entry import Add, Modify
from feideprov.journal.journal import OPEN, Event, State
from feideprov.journal.users import KnownUsers
from feideprov.provision.run.executor import Executor
from feideprov.testing import example_directory, example_settings
from tests.unit.conftest import ON

HYLLA = "ou=Hylla skole,o=Skotthyll kommune,dc=skotthyll,dc=no"
BERG = "ou=Berg voksenopplæring,o=Skotthyll kommune,dc=skotthyll,dc=no"
SKOTTHYLL = "o=Skotthyll kommune,dc=skotthyll,dc=no"


def client_of(tmp_path, journal, found=None, **sections) -> Client:
    settings = example_settings(tmp_path, **sections)
    return Client(settings, directory=found or example_directory(), journal=journal, on=ON)


def changed(tmp_path, dn: str, **values: str) -> dict:
    """The sections of the example's configuration, with other values for one unit."""
    settings = example_settings(tmp_path)
    organization, schools = settings.organization.model_dump(), [s.model_dump() for s in settings.schools]
    for unit in (organization, *schools):
        if unit["dn"] == dn:
            unit.update(values)
    return {"organization": organization, "schools": schools}


def test_what_stands_as_the_configuration_says_is_unchanged(tmp_path, journal):
    plan = client_of(tmp_path, journal).plan_units()
    assert (plan.changes, plan.refusals, plan.unchanged) == ((), (), 5)


def test_an_empty_directory_is_furnished_from_the_base_down(tmp_path, journal):
    directory = MemoryDirectory("dc=skotthyll,dc=no")
    client = client_of(tmp_path, journal, directory)
    plan = client.plan_units()
    assert [c.kind for c in plan.changes] == ["furnish"] * 5
    assert list(directory.entries()) == []
    assert client.furnish().counts["created"] == 5
    assert {e.dn for e in directory.entries()} == {e.dn for e in example_directory().entries()}
    assert client.plan_units().unchanged == 5
    assert {e.kind for e in journal.events()} == {"furnish"}
    assert {e.state for e in journal.events()} == {State.DONE}


def test_a_single_value_is_replaced_and_a_second_one_of_somebody_stays(tmp_path, journal):
    directory = example_directory()
    step = Modification("add", "mail", (b"kontor@skotthyll.kommune.no",))
    assert all(w.error is None for w in directory.write([Modify(DN.parse(SKOTTHYLL), (step,))]))
    sections = changed(tmp_path, SKOTTHYLL, mail="ny@skotthyll.kommune.no")
    client_of(tmp_path, journal, directory, **sections).furnish()
    mails = directory.read(DN.parse(SKOTTHYLL)).texts("mail")
    assert mails == ["post@skotthyll.kommune.no", "kontor@skotthyll.kommune.no", "ny@skotthyll.kommune.no"]
    sections = changed(tmp_path, HYLLA, mail="ny@skotthyll.kommune.no", phone="+47 75 00 00 00", postal_address="A$1 B")
    outcome = client_of(tmp_path, journal, directory, **sections).furnish()
    assert [c.sentence for c in outcome.changes] == [f"update {HYLLA}: mail, telephoneNumber, postalAddress"]
    hylla = directory.read(DN.parse(HYLLA))
    assert hylla.texts("mail") == ["ny@skotthyll.kommune.no"]
    assert hylla.texts("telephoneNumber") == ["+47 75 00 00 00"]
    assert hylla.texts("postalAddress") == ["A$1 B"]


def test_a_number_is_replaced_and_a_new_name_stands_beside_that_of_the_entry(tmp_path, journal):
    directory = example_directory()
    sections = changed(tmp_path, HYLLA, number="NO987654321", name="Hylla barne- og ungdomsskole")
    with pytest.raises(ConfigurationError, match="check digit"):
        client_of(tmp_path, journal, directory, **sections)
    sections = changed(tmp_path, HYLLA, number="NO987654325", name="Hylla barne- og ungdomsskole")
    client_of(tmp_path, journal, directory, **sections).furnish()
    hylla = directory.read(DN.parse(HYLLA))
    assert hylla.texts("norEduOrgUnitUniqueIdentifier") == ["NO987654325"]
    assert hylla.texts("ou") == ["Hylla skole", "Hylla barne- og ungdomsskole"]


def test_an_entry_that_another_made_gets_the_classes_it_lacks(tmp_path, journal):
    directory = MemoryDirectory("dc=skotthyll,dc=no", [e for e in example_directory().entries() if str(e.dn) != HYLLA])
    bare = Entry(DN.parse(HYLLA), {"objectClass": ["organizationalUnit"], "ou": ["Hylla skole"], "description": ["x"]})
    assert all(w.error is None for w in directory.write([Add(bare)]))
    client_of(tmp_path, journal, directory).furnish()
    hylla = directory.read(DN.parse(HYLLA))
    assert hylla.texts("objectClass") == ["organizationalUnit", "norEduOrgUnit"]
    assert hylla.texts("description") == ["x"]
    assert hylla.texts("norEduOrgUnitUniqueIdentifier") == ["NO912345688"]


def test_a_school_whose_number_another_entry_has_is_held(tmp_path, journal):
    directory = MemoryDirectory("dc=skotthyll,dc=no", [e for e in example_directory().entries() if str(e.dn) != HYLLA])
    elsewhere = DN.parse("ou=Hylla,dc=skotthyll,dc=no")
    values = {"objectClass": ["organizationalUnit", "norEduOrgUnit"], "ou": ["Hylla"]}
    other = Entry(elsewhere, values | {"norEduOrgUnitUniqueIdentifier": ["NO912345688"]})
    assert all(w.error is None for w in directory.write([Add(other)]))
    outcome = client_of(tmp_path, journal, directory).furnish()
    assert [(r.code, r.held) for r in outcome.refusals] == [("R-SCHOOL-TWICE", True)]
    assert str(elsewhere) in outcome.refusals[0].sentence
    assert directory.read(DN.parse(HYLLA)) is None


def test_a_run_that_is_cut_off_is_found_out_about_by_the_next(tmp_path, journal, monkeypatch):
    directory = MemoryDirectory("dc=skotthyll,dc=no")
    client, write = client_of(tmp_path, journal, directory), directory.write

    def cut_off(writes):
        list(write(islice(writes, 2)))
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(directory, "write", cut_off)
        with pytest.raises(KeyboardInterrupt):
            client.furnish()
    outcome = client.furnish()
    assert [sentence.rpartition("”: ")[2] for sentence in outcome.recovered] == ["done."] * 2 + [
        "not done. Run again."
    ] * 3
    assert (outcome.counts["created"], outcome.counts["unchanged"]) == (3, 2)
    assert journal.events(state=OPEN) == []


def test_a_plan_that_is_carried_out_twice_is_carried_out_once(tmp_path, journal):
    directory = MemoryDirectory("dc=skotthyll,dc=no")
    plan = client_of(tmp_path, journal, directory).plan_units()
    counts = [Executor(directory, journal, KnownUsers()).apply(plan).counts for _ in range(2)]
    assert [(c["created"], c["unchanged"], c["failed"]) for c in counts] == [(5, 0, 0), (0, 5, 0)]


def test_changes_of_users_that_were_cut_off_wait_until_there_is_a_place_for_users(tmp_path, journal):
    event = Event("update", "olenkova@skotthyll.kommune.no", "uid=olenkova,ou=people,dc=skotthyll,dc=no")
    journal.intend([event])
    client = client_of(tmp_path, journal, MemoryDirectory("dc=skotthyll,dc=no"))
    assert client.furnish().counts["created"] == 5
    assert [e.kind for e in journal.events(state=OPEN)] == ["update"]


def test_watching_never_writes(tmp_path, journal):
    client = client_of(tmp_path, journal, MemoryDirectory("dc=skotthyll,dc=no"), directory={"mode": "watch"})
    with pytest.raises(ConfigurationError, match="watch"):
        client.furnish()


@pytest.mark.parametrize("values", [{"phone": "ring oss"}, {"postal_address": "Postboks 1$"}], ids=["phone", "address"])
def test_how_a_unit_is_reached_is_checked(tmp_path, journal, values):
    with pytest.raises(ConfigurationError, match="such as"):
        client_of(tmp_path, journal, **changed(tmp_path, HYLLA, **values))
