"""Plans through the Client: what is counted, what is stopped, what a person decides."""

from __future__ import annotations

import threading
from contextlib import closing, contextmanager
from datetime import date

import pytest

from feideprov import Client, ConfigurationError, Entry, Event, Evidence, InputError, Journal, Refused
from feideprov.directory.entry import Add, Modification, Modify
from feideprov.provision.plan.plan import Plan
from feideprov.testing import example_settings

TENOR, BORN = "57912075186", date(2020, 11, 17)
SEEN = Evidence("letter", "Kari Nordmann", date(2026, 11, 1))
NIN = "norEduPersonNIN"
OLENA = "olenkova@skotthyll.kommune.no"


def somebody(client, uid: str, **attributes: list[str]) -> Entry:
    values = {
        "objectClass": ["inetOrgPerson", "eduPerson", "norEduPerson"],
        **{name: [uid] for name in ("uid", "cn", "sn")},
        "eduPersonPrincipalName": [f"{uid}@skotthyll.kommune.no"],
    }
    entry = Entry(client.organization.people.child("uid", uid), values | attributes)
    [written] = client.directory.write([Add(entry)])
    assert written.error is None
    return entry


def test_the_counts_of_a_plan_are_those_of_its_apply(client, person):
    client.apply(client.plan([person("p1"), person("p2")]))
    people = [
        person("p1"),
        person("p2", mail="ny@example.no"),
        person("p3", national_number="mangler"),
        person("p4", school="nowhere"),
        person("p5", protected=True),
        person("p6"),
        person("p6"),
    ]
    plan = client.plan(people)
    expected = {"created": 1, "updated": 1, "unchanged": 1, "refused": 2, "held": 3, "failed": 0}
    assert plan.counts == expected
    assert client.apply(plan).counts == expected


def test_a_number_in_a_person_list_becomes_an_attach_for_a_pending_user(client, person):
    client.apply(client.plan([person()]))
    [change] = client.plan([person(national_number=TENOR, birth_date=BORN)]).changes
    assert (change.kind, change.feide_name) == ("attach", OLENA)
    assert change.sentence == f"attach <Tenor number> to {OLENA}"


def test_more_updates_than_the_caps_allow_stop_with_nothing_written(client, person):
    people = [person(f"p{n}") for n in range(26)]
    client.apply(client.plan(people))
    before = list(client.directory.entries())
    plan = client.plan([person(f"p{n}", mail="ny@example.no") for n in range(26)])
    with pytest.raises(ConfigurationError, match=r"changes 26 of 26 users.*--allow-changes 26"):
        client.apply(plan)
    with pytest.raises(ConfigurationError):
        client.apply(plan, allow_changes=25)
    assert list(client.directory.entries()) == before
    assert client.apply(plan, allow_changes=26).counts["updated"] == 26


def test_creations_and_attaches_have_no_cap(client, person):
    people = [person(f"p{n}") for n in range(60)]
    assert client.apply(client.plan(people)).counts["created"] == 60


def test_few_updates_of_few_users_pass(client, person):
    people = [person(f"p{n}") for n in range(25)]
    client.apply(client.plan(people))
    plan = client.plan([person(f"p{n}", mail="ny@example.no") for n in range(25)])
    assert client.apply(plan).counts["updated"] == 25


def test_mode_watch_never_writes(tmp_path, client, person, journal, key):
    settings = example_settings(tmp_path, directory={"mode": "watch"})
    watching = Client(settings, directory=client.directory, journal=journal, keys=key)
    plan = watching.plan([person()])
    for write in (
        lambda: watching.apply(plan),
        lambda: watching.attach(OLENA, TENOR),
        lambda: watching.users.resolve(OLENA),
    ):
        with pytest.raises(ConfigurationError, match="watch"):
            write()


def test_a_user_that_is_not_ours_is_not_updated_until_a_person_says_who_it_is(client, person):
    entry = somebody(client, "stranger", employeeNumber=["p1"])
    assert [r.code for r in client.plan([person()]).refusals] == ["R-NOT-OURS"]
    client.users.resolve("stranger@skotthyll.kommune.no", same_as="p1")
    assert client.apply(client.plan([person()])).counts["updated"] == 1
    assert client.directory.read(entry.dn).text("displayName") == "Олена Коваленко"


def test_a_link_writes_the_source_id_where_there_is_none(client, person):
    entry = somebody(client, "stranger")
    client.users.resolve("stranger@skotthyll.kommune.no", same_as="p1")
    assert client.directory.read(entry.dn).text("employeeNumber") == "p1"
    with pytest.raises(InputError):
        client.users.resolve("stranger@skotthyll.kommune.no", same_as=TENOR)


def test_somebody_alike_blocks_a_creation_until_a_person_says_different(client, person):
    somebody(client, "alike", displayName=["олена  КОВАЛЕНКО"], norEduPersonBirthDate=["20090314"])
    olena = person(birth_date=date(2009, 3, 14))
    [refusal] = client.plan([olena]).refusals
    assert (refusal.code, refusal.held) == ("R-SAME-PERSON", True)
    assert "resolve alike@skotthyll.kommune.no" in refusal.sentence
    client.users.resolve("alike@skotthyll.kommune.no", different=True)
    assert client.plan([olena]).counts["created"] == 1


def test_another_birth_date_or_none_is_somebody_else(client, person):
    somebody(client, "alike", displayName=["Олена Коваленко"], norEduPersonBirthDate=["20090314"])
    people = [person("p1", birth_date=date(2009, 3, 15)), person("p2")]
    assert client.plan(people).counts["created"] == 2


def test_a_number_that_another_holds_is_held_and_a_second_account_may_share_it(client, person):
    somebody(client, "other", **{NIN: [TENOR]})
    client.apply(client.plan([person()]))
    with pytest.raises(Refused) as refused:
        client.attach(OLENA, TENOR, evidence=SEEN)
    assert refused.value.code == "R-HELD-BY-ANOTHER"
    assert "--second-account-of other@skotthyll.kommune.no" in str(refused.value)
    client.users.resolve(OLENA, second_account_of="other@skotthyll.kommune.no")
    assert client.attach(OLENA, TENOR, evidence=SEEN).attach_counts["attached"] == 1


def test_two_rows_with_one_number_leave_both_without_it(client, person):
    numbers = {"national_number": TENOR, "birth_date": BORN}
    people = [person("p1", **numbers), person("p2", given_name="Omar", **numbers)]
    outcome = client.apply(client.plan(people))
    assert outcome.counts["created"] == 2
    assert [r.code for r in outcome.held] == ["R-NUMBER-TWICE"] * 2
    assert not any(entry.values(NIN) for entry in client.directory.entries())


def test_numbers_as_source_ids_in_the_directory_stop_everything(client, person):
    for number in ("57912075186", "12829499914", "17912099997", "29822099635"):
        somebody(client, f"numbered{number[:2]}", employeeNumber=[number])
    with pytest.raises(
        ConfigurationError, match=r"In 4 entries, the value of .* looks like an identity number"
    ) as refused:
        client.plan([person()])
    assert "75186" not in str(refused.value)


def test_a_source_id_in_another_case_is_the_same_person(client, person):
    client.apply(client.plan([person("P 1")]))
    assert client.plan([person("p  1")]).counts["unchanged"] == 1


def test_a_row_says_nothing_with_an_empty_name_column(client, person):
    client.apply(client.plan([person()]))
    entry = next(e for e in client.directory.entries() if e.values("uid"))
    second = Modification("add", "givenName", ("Оленка".encode(),))
    assert not next(client.directory.write([Modify(entry.dn, (second,))])).error
    client.apply(client.plan([person(given_name="", family_name="Шевченко")]))
    entry = client.directory.read(entry.dn)
    assert entry.texts("givenName") == ["Олена", "Оленка"]
    assert entry.texts("sn") == ["Шевченко"]
    assert entry.text("displayName") == "Олена Шевченко"


def test_the_one_name_of_a_person_changes_in_both_attributes(client, person):
    client.apply(client.plan([person(given_name="", family_name="ሰላም")]))
    client.apply(client.plan([person(given_name="", family_name="ሳምራዊት")]))
    entry = next(e for e in client.directory.entries() if e.values("uid"))
    assert entry.texts("givenName") == entry.texts("sn") == entry.texts("displayName") == ["ሳምራዊት"]


def test_groups_stay_when_only_the_grade_is_given_and_the_other_way_round(client, person):
    client.apply(client.plan([person(grade="6", groups="b:6a:6A")]))

    def entitlements() -> set[str]:
        [entry] = [e for e in client.directory.entries() if e.values("uid")]
        return {text.split(":")[4] for text in entry.texts("eduPersonEntitlement")}

    client.apply(client.plan([person(grade="7")]))
    assert entitlements() == {"grep", "group", "groupid"}
    client.apply(client.plan([person(groups="b:7a:7A")]))
    assert entitlements() == {"grep", "group", "groupid"}
    client.apply(client.plan([person(grade="vg1")]))
    assert entitlements() == {"grep", "group", "groupid"}


def test_pending_are_those_without_a_number_and_those_with_a_duf_number(client, person):
    client.apply(client.plan([person("p1"), person("p2", national_number=TENOR, birth_date=BORN)]))
    somebody(client, "duf", **{NIN: ["202212345608"]})  # fails its check digits: nobody has it
    assert {(user.user, user.ours) for user in client.pending()} == {
        (OLENA, True),
        ("duf@skotthyll.kommune.no", False),
    }


def test_only_a_source_id_of_the_list_can_be_picked(client, person):
    with pytest.raises(InputError, match="--only"):
        client.plan([person("p1")], only="p2")
    assert client.plan([person("p1"), person("p2", protected=True)], only="p2").counts["created"] == 1


def test_a_plan_that_was_altered_is_not_applied(tmp_path, client, person):
    path = tmp_path / "plan.json"
    client.plan([person()]).save(path, client=client, source=tmp_path / "people.csv")
    path.write_text(path.read_text().replace("olenkova", "somebody"))
    with pytest.raises(InputError, match="was changed afterwards"):
        Plan.load(path, client=client)


def test_a_plan_made_with_another_configuration_is_not_applied(tmp_path, client, person, journal, key):
    path = tmp_path / "plan.json"
    client.plan([person()]).save(path, client=client, source=tmp_path / "people.csv")
    settings = example_settings(tmp_path, numbers={"duf": "nin"})
    other = Client(settings, directory=client.directory, journal=journal, keys=key)
    with pytest.raises(InputError, match="another configuration"):
        Plan.load(path, client=other)


def test_a_number_whose_row_has_changed_is_held_alone(tmp_path, client):
    listed, path = tmp_path / "people.csv", tmp_path / "plan.json"
    heading = "source_id;given_name;family_name;birth_date;school;role;national_number\n"
    listed.write_text(f"{heading}p1;Olena;Kovalenko;2020-11-17;hylla;pupil;{TENOR}\n")
    client.plan(listed).save(path, client=client, source=listed)
    listed.write_text(f"{heading}p1;Olena;Kovalenko;2020-02-29;hylla;pupil;69822075096\n")
    outcome = client.apply(Plan.load(path, client=client))
    assert outcome.counts["created"] == 1
    assert [r.code for r in outcome.held] == ["R-INPUT-CHANGED"]
    assert not any(entry.values(NIN) for entry in client.directory.entries())


def test_the_history_tells_what_was_done_on_which_evidence(client, person):
    client.apply(client.plan([person()]))
    client.attach(OLENA, TENOR, evidence=SEEN)
    history = client.users.history(f" {OLENA.upper()} ")
    assert [(event.kind, event.evidence) for event in history] == [("create", None), ("attach", SEEN)]
    assert "75186" not in repr(history)


def test_what_another_run_does_while_ours_waits_for_it_is_known_when_ours_begins(client, person, journal, key):
    """The other run gives the planned name to somebody, who has left the directory again before ours goes on."""
    plan = client.plan([person()])
    begun, waiting = threading.Event(), threading.Event()

    def other_run():
        with closing(Journal(f"sqlite:///{journal.path}", journal.realm, key=key, actor="Per")) as other, other.run():
            begun.set()
            assert waiting.wait(120)
            other.note(Event("create", OLENA, "uid=olenkova,dc=no"))

    class Waiting(type(journal)):
        @contextmanager
        def run(self):
            waiting.set()
            with super().run():
                yield

    journal.__class__ = Waiting
    thread = threading.Thread(target=other_run)
    thread.start()
    assert begun.wait(120)
    outcome = client.apply(plan)
    thread.join()
    assert [change.feide_name for change in outcome.changes] == ["olenkova2@skotthyll.kommune.no"]
