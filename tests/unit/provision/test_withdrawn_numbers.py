"""A number that was withdrawn as wrong comes back only with evidence that is newer than the withdrawal."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from feideprov import Client, Evidence, NumberPolicy, NumberText, Plan, Refused, attach_d_number
from feideprov.directory.entry import Add, Delete, Modification, Modify
from feideprov.intake.number_list import NumberRow
from feideprov.issues import Origin
from feideprov.journal.events import Kind, State
from feideprov.settings.sections import SourceSection

WRONG, OTHER = "69822075096", "57912075186"  # Tenor's
BORN = date(2020, 2, 29)  # of WRONG
ON = date(2026, 11, 22)  # of the client
BEFORE = Evidence("letter", "Kari Nordmann", date(2024, 5, 1))
SINCE = replace(BEFORE, seen_on=ON)
NIN = "norEduPersonNIN"
OLENA, YUSUF = "olenkova@skotthyll.kommune.no", "yusudemi@skotthyll.kommune.no"
WITHDRAWN = ["R-WITHDRAWN"]


@pytest.fixture
def office(client, person) -> Client:
    """Olena had a number that was withdrawn; Yusuf has none."""
    client.apply(client.plan([person("p1"), person("p2", given_name="Yusuf", family_name="Demir")]))
    client.attach(OLENA, WRONG, evidence=BEFORE)
    client.withdraw(OLENA, WRONG)
    return client


def row(number: str = WRONG, user: str = OLENA, **fields: object) -> NumberRow:
    return NumberRow(NumberText(number), Origin("numbers.csv", 2), user=user, **fields)


def codes(client: Client, plan: Plan) -> list[str]:
    """Why a plan does not do everything: the same when it is shown as when it is applied."""
    said = [refusal.code for refusal in plan.refusals if refusal.held]
    assert [refusal.code for refusal in client.apply(plan).held] == said
    return said


def number_of(client: Client, user: str = OLENA) -> list[str]:
    entry = client.directory.read(client.organization.people.child("uid", user.partition("@")[0]))
    return entry.texts(NIN) if entry else []


@pytest.mark.parametrize(
    "told",
    [{"evidence": BEFORE}, {"birth_date": BORN}, {"evidence": BEFORE, "birth_date": BORN}],
    ids=["evidence", "birth date", "both"],
)
def test_a_number_list_that_says_nothing_new_is_held(office, told):
    plan = office.numbers.plan_attach([row(**told)])
    assert codes(office, plan) == WITHDRAWN
    [refusal] = plan.refusals
    assert (refusal.user, refusal.origin) == (OLENA, Origin("numbers.csv", 2))
    assert WRONG[:6] not in refusal.sentence
    assert number_of(office) == []


def test_evidence_of_the_day_of_the_withdrawal_brings_it_back_for_good(office):
    assert codes(office, office.numbers.plan_attach([row(evidence=SINCE)])) == []
    assert number_of(office) == [WRONG]
    dn = office.organization.people.child("uid", "olenkova")
    [_] = office.directory.write([Modify(dn, (Modification("delete", NIN, (WRONG.encode(),)),))])
    assert codes(office, office.numbers.plan_attach([row(evidence=BEFORE)])) == []
    assert number_of(office) == [WRONG]


def test_evidence_of_the_day_before_is_too_old(client, person, journal):
    client.apply(client.plan([person("p1")]))
    client.attach(OLENA, WRONG, evidence=BEFORE)
    client.withdraw(OLENA, WRONG)
    on = date.fromisoformat(journal.events()[-1].at[:10]) + timedelta(days=2)
    later = Client(client.settings, directory=client.directory, journal=journal, keys=journal.key, on=on)
    too_old = replace(BEFORE, seen_on=on - timedelta(days=4))
    assert codes(later, later.numbers.plan_attach([row(evidence=too_old)])) == WITHDRAWN
    assert codes(later, later.numbers.plan_attach([row(evidence=replace(BEFORE, seen_on=on))])) == []


def test_the_nightly_list_of_persons_is_held_and_the_user_kept_up_to_date(office, person):
    tonight = person("p1", national_number=NumberText(WRONG), birth_date=BORN, mail="ny@example.no")
    plan = office.plan([tonight])
    assert codes(office, plan) == WITHDRAWN
    assert number_of(office) == []
    assert [change.kind for change in plan.changes] == ["update"]
    assert codes(office, office.plan([tonight], evidence=SINCE)) == []
    assert number_of(office) == [WRONG]


@pytest.mark.parametrize("confirmed_on", [date(2024, 5, 1), ON])
def test_a_source_whose_numbers_are_all_confirmed_is_no_new_evidence(office, journal, person, confirmed_on):
    source = SourceSection(
        name="visma", evidence="register", confirmed_by="Kari Nordmann", confirmed_on=confirmed_on, full=False
    )
    settings = office.settings.model_copy(update={"sources": (source,)})
    of_source = Client(settings, directory=office.directory, journal=journal, keys=journal.key, on=ON)
    assert codes(of_source, of_source.plan([person("p1", national_number=NumberText(WRONG))], source="visma")) == (
        WITHDRAWN
    )
    assert codes(of_source, of_source.numbers.plan_attach([row()], source="visma")) == WITHDRAWN
    assert number_of(office) == []


def test_it_does_not_replace_another_number_either(office):
    office.attach(OLENA, OTHER, evidence=BEFORE)
    old = NumberText(OTHER)
    assert codes(office, office.numbers.plan_replace([row(old_number=old, evidence=BEFORE)])) == WITHDRAWN
    assert number_of(office) == [OTHER]
    assert codes(office, office.numbers.plan_replace([row(old_number=old, evidence=SINCE)])) == []


def test_one_number_for_one_user_is_held_too(office, journal):
    with pytest.raises(Refused) as one:
        office.attach(OLENA, WRONG, evidence=BEFORE)
    with pytest.raises(Refused) as by_program:
        attach_d_number(
            office.directory, OLENA, WRONG, evidence=BEFORE, journal=journal, policy=NumberPolicy(test=True)
        )
    assert [(e.value.code, e.value.held) for e in (one, by_program)] == [("R-WITHDRAWN", True)] * 2
    assert number_of(office) == []
    assert office.attach(OLENA, WRONG, evidence=SINCE).counts["updated"] == 1


def test_a_plan_that_is_older_than_the_withdrawal_is_held_whatever_its_evidence(client, person):
    client.apply(client.plan([person("p1"), person("p2", given_name="Yusuf", family_name="Demir")]))
    old = client.numbers.plan_attach([row(evidence=SINCE)])
    client.attach(OLENA, WRONG, evidence=BEFORE)
    client.withdraw(OLENA, WRONG)
    assert [refusal.code for refusal in client.apply(old).held] == WITHDRAWN
    assert [refusal.code for refusal in client.apply(Plan(old.changes)).held] == WITHDRAWN
    assert number_of(client) == []


HEADING = "source_id;given_name;family_name;birth_date;school;role;national_number\n"


def people(folder: Path, *rows: str) -> Path:
    path = folder / "people.csv"
    path.write_text(HEADING + "".join(f"{row}\n" for row in rows))
    return path


def test_a_saved_plan_from_before_the_withdrawal_is_held_also_in_a_dry_run(client, tmp_path):
    client.apply(client.plan(people(tmp_path, "p1;Olena;Kovalenko;;hylla;pupil;", "p2;Yusuf;Demir;;hylla;pupil;")))
    listed = people(tmp_path, f"p1;Olena;Kovalenko;2020-02-29;hylla;pupil;{WRONG}", "p2;Yusuf;Demir;;hylla;teacher;")
    saved = tmp_path / "plan.json"
    client.plan(listed, evidence=SINCE).save(saved, client=client, source=listed)
    client.attach(OLENA, WRONG, evidence=BEFORE)
    client.withdraw(OLENA, WRONG)
    plan = Plan.load(saved, client=client)
    assert plan is not None
    assert codes(client, plan) == WITHDRAWN
    assert [change.kind for change in plan.changes] == ["update"]
    assert number_of(client) == []
    client.plan(listed, evidence=SINCE).save(saved, client=client, source=listed)
    again = Plan.load(saved, client=client)
    assert again is not None
    assert codes(client, again) == []
    assert number_of(client) == [WRONG]


def test_the_person_is_created_again_without_it(office, person):
    entry = office.organization.people.child("uid", "olenkova")
    [_] = office.directory.write([Delete(entry)])
    office.users.resolve(OLENA, gone=True)
    listed = person("p1", national_number=NumberText(WRONG), birth_date=BORN, given_name="Olha", family_name="Berg")
    old = office.plan([listed])
    assert codes(office, old) == WITHDRAWN
    [created] = [change for change in old.changes if change.kind == "create"]
    assert created.number is None
    assert number_of(office, created.feide_name) == []


def test_a_saved_creation_with_it_makes_the_user_without_it(client, tmp_path):
    client.apply(client.plan(people(tmp_path, "p1;Olena;Kovalenko;;hylla;pupil;", "p2;Yusuf;Demir;;hylla;pupil;")))
    client.attach(OLENA, WRONG, evidence=BEFORE)
    entry = client.directory.read(client.organization.people.child("uid", "olenkova"))
    [_] = client.directory.write([Delete(entry.dn)])
    client.users.resolve(OLENA, gone=True)
    listed = people(tmp_path, f"p1;Olha;Berg;2020-02-29;hylla;pupil;{WRONG}")
    saved = tmp_path / "plan.json"
    client.plan(listed).save(saved, client=client, source=listed)
    [_] = client.directory.write([Add(entry)])
    client.withdraw(OLENA, WRONG)
    [_] = client.directory.write([Delete(entry.dn)])
    client.users.resolve(OLENA, gone=True)
    plan = Plan.load(saved, client=client)
    assert plan is not None
    assert codes(client, plan) == WITHDRAWN
    [created] = plan.changes
    assert number_of(client, created.feide_name) == []


def test_a_renamed_user_and_a_second_account_of_the_person_do_not_get_it(office, journal, person):
    office.users.rename(OLENA, to="olberg")
    renamed = "olberg@skotthyll.kommune.no"
    assert codes(office, office.numbers.plan_attach([row(user=renamed, evidence=BEFORE)])) == WITHDRAWN
    office.users.resolve(YUSUF, second_account_of=renamed)
    assert codes(office, office.numbers.plan_attach([row(user=YUSUF, evidence=BEFORE)])) == WITHDRAWN


def test_the_right_person_gets_it_with_the_usual_evidence(office):
    assert codes(office, office.numbers.plan_attach([row(user=YUSUF, evidence=BEFORE)])) == []
    assert number_of(office, YUSUF) == [WRONG]
    # what is known of the user from whom it was withdrawn stays known
    office.withdraw(YUSUF, WRONG)
    assert codes(office, office.numbers.plan_attach([row(evidence=BEFORE)])) == WITHDRAWN


def test_another_number_arrives_as_ever(office):
    assert codes(office, office.numbers.plan_attach([row(OTHER, evidence=BEFORE)])) == []
    assert number_of(office) == [OTHER]


@pytest.mark.parametrize("state", [State.INTENDED, State.WRITTEN, State.LOOKED])
def test_a_withdrawal_that_was_interrupted_counts(office, journal, state):
    office.attach(OLENA, WRONG, evidence=SINCE)
    intended = replace(journal.events()[-2], kind=Kind.WITHDRAW, state=State.INTENDED)
    [event] = journal.intend([intended])
    journal.advance([event], state)
    dn = office.organization.people.child("uid", "olenkova")
    [_] = office.directory.write([Modify(dn, (Modification("delete", NIN, (WRONG.encode(),)),))])
    assert "R-WITHDRAWN" in [r.code for r in office.numbers.plan_attach([row(evidence=BEFORE)]).refusals]
