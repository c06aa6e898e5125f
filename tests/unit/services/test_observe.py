"""What another hand did to numbers: found once, written down with what is owed, judged as all others."""

from __future__ import annotations

import os
from datetime import date

import pytest
from town import with_checks

from feideprov import DN, Client, ConfigurationError, DirectoryError, InputError, NumberPolicy
from feideprov.directory import ldif
from feideprov.directory.entry import Entry
from feideprov.journal.events import Event, State
from feideprov.observe.scan import Criteria
from feideprov.services.register.service import Dependency, Provider
from feideprov.testing import example_directory, example_settings

from .conftest import D_NUMBER, FOLLOWS, ON, REALM, SEEN, service

NIN, NAME = "norEduPersonNIN", "eduPersonPrincipalName"
REFUSED = "15108695077"  # published as wrong
DUF = "201017238203"  # published
CAN, CANNOT = Dependency.CAN_SERVE, Dependency.CANNOT_SERVE


@pytest.fixture
def pupil(user_of) -> str:
    return user_of("p1")


@pytest.fixture
def edit(client):
    """Another hand: puts values in the place of those of an attribute, past the program."""

    def by_another_hand(user: str, *values: str, attribute: str = NIN) -> None:
        directory = client.directory
        [entry] = [e for e in directory.entries() if (e.text(NAME) or "").lower() == user]
        attributes = {name: held for name, held in entry.items() if name.lower() != attribute.lower()}
        directory._entries[entry.dn.key] = Entry(entry.dn, attributes | ({attribute: values} if values else {}))

    return by_another_hand


@pytest.fixture
def exported(client, tmp_path):
    """An LDIF export of the directory, of these attributes, with every Feide name in a realm."""

    def export(*, without: str = "", realm: str = REALM, minutes: int = 1) -> str:
        path = tmp_path / "export.ldif"
        entries = [
            Entry(
                e.dn,
                {n: [v.replace(REALM.encode(), realm.encode()) for v in vs] for n, vs in e.items() if n != without},
            )
            for e in client.directory.entries()
        ]
        path.write_text("".join(map(ldif.dump, entries)), encoding="utf-8")
        moment = path.stat().st_mtime + 60 * minutes
        os.utime(path, (moment, moment))
        return str(path)

    return export


def kinds(journal, user) -> list[str]:
    return [event.kind for event in journal.events(user)]


def test_a_number_that_another_hand_wrote_is_found_once_and_its_notice_is_owed(client, journal, pupil, edit, owed):
    client.services.register.put([service("feide:1", CAN), service("feide:2", CANNOT), service("feide:3")])
    assert client.observe().counts == dict.fromkeys(("arrived", "changed", "gone", "refused", "held"), 0)
    edit(pupil, D_NUMBER)
    found = client.observe()
    assert (found.counts["arrived"], found.first, found.users, found.owed) == (1, False, 3, 1)
    assert found.changes[0].sentence == f"the number of {pupil} was added outside this tool"
    assert owed() == [("seen-attach", "feide:1")]
    assert client.observe().changes == ()
    assert pupil not in {user.user for user in client.pending()}
    assert kinds(journal, pupil) == ["create", "seen-attach"]


def test_an_observation_counts_the_notices_that_notify_shows_and_today_counts(client, pupil, edit, user_of):
    other = Provider(id="8", name="Annen leverandør AS")
    one, two = (
        [service(f"feide:{n}", CAN) for n in (1, 2)],
        [service(f"feide:{n}", CAN, provider=other) for n in (3, 4)],
    )
    client.services.register.put([*one, *two, service("feide:5", CANNOT, provider=Provider(id="9", name="Tredje AS"))])
    client.observe()
    edit(pupil, D_NUMBER)
    edit(user_of("p2"), "57912075186")
    found = client.observe()
    shown = client.services.notify()
    assert (len(found.changes), found.owed) == (2, 2)
    assert len(shown.attempts) == sum(shown.counts.values()) == client.today().counts["notices"] == found.owed
    assert [client.observe().owed, len(client.services.notices())] == [0, 2]


def test_an_observation_counts_only_notices_about_what_it_found(client, pupil, edit):
    client.services.register.put([service("feide:1", CAN), service("feide:2", CAN)])
    client.observe()
    edit(pupil, D_NUMBER)
    client.observe()
    client.services._notices.gather()  # a run of notify that was interrupted
    edit(pupil, FOLLOWS)
    assert (client.observe().owed, len(client.services.notices())) == (1, 2)


def test_a_changed_number_and_one_that_went_are_owed_to_all_who_depend(client, pupil, edit, owed, user_of):
    client.services.register.put([service("feide:1", CAN), service("feide:2", CANNOT)])
    client.attach(pupil, D_NUMBER, evidence=SEEN)
    other = user_of("p2")
    edit(other, "57912075186")
    client.observe()
    edit(pupil, FOLLOWS)
    edit(other)
    assert {(c.kind, c.feide_name) for c in client.observe(allow_changes=1).changes} == {
        ("seen-withdraw", other),
        ("seen-replace", pupil),
    }
    assert owed() == [
        ("attach", "feide:1"),
        ("seen-attach", "feide:1"),
        *[("seen-replace", f"feide:{n}") for n in (1, 2)],
        *[("seen-withdraw", f"feide:{n}") for n in (1, 2)],
    ]


def test_the_first_look_takes_what_the_journal_knows_for_the_last_one(client, pupil, edit):
    edit(pupil, D_NUMBER)
    found = client.observe()
    assert found.first
    assert [change.feide_name for change in found.changes] == [pupil]


def test_the_first_look_says_nothing_of_numbers_that_the_journal_does_not_know(tmp_path, journal, client, pupil, edit):
    edit(pupil, D_NUMBER)
    anew = example_settings(tmp_path / "another")
    (tmp_path / "another").mkdir()
    stranger = Client(anew, directory=client.directory, on=ON)
    with stranger:
        assert stranger.observe().changes == ()
        edit(pupil, FOLLOWS)
        assert stranger.observe().counts["changed"] == 1
        assert stranger.users.history(pupil)[0].by == stranger.actor


def test_what_we_do_ourselves_is_no_news(client, journal, pupil):
    client.observe()
    client.attach(pupil, D_NUMBER, evidence=SEEN)
    assert client.observe().changes == ()
    client.replace(pupil, D_NUMBER, FOLLOWS, evidence=SEEN)
    client.withdraw(pupil, FOLLOWS)
    assert client.observe().changes == ()
    assert kinds(journal, pupil) == ["create", "attach", "replace", "withdraw"]


def test_a_change_of_ours_that_another_hand_takes_back_is_news(client, pupil, edit):
    edit(pupil, D_NUMBER)
    client.observe()
    client.replace(pupil, D_NUMBER, FOLLOWS, evidence=SEEN)
    edit(pupil, D_NUMBER)
    assert client.observe().counts["changed"] == 1


@pytest.mark.parametrize(("number", "code"), [(REFUSED, "N-"), (DUF, "N-DUF-NOT-WRITTEN")], ids=["invented", "DUF"])
def test_a_number_that_may_not_be_used_is_told_by_code_once_and_nobody_is_told_of_it(
    client, journal, pupil, edit, owed, number, code
):
    client.services.register.put([service("feide:1", CAN)])
    client.observe()
    edit(pupil, number)
    found = client.observe()
    assert (found.changes, found.counts["refused"]) == ((), 1)
    [refusal] = found.refusals
    assert refusal.code.startswith(code)
    assert refusal.user == pupil
    assert number not in repr(found)
    assert client.observe().refusals == ()
    edit(pupil, D_NUMBER)
    assert client.observe().counts["arrived"] == 1
    assert owed() == [("seen-attach", "feide:1")]


def test_an_invented_number_in_place_of_a_right_one_means_that_the_right_one_has_gone(client, pupil, edit):
    client.attach(pupil, D_NUMBER, evidence=SEEN)
    client.observe()
    edit(pupil, REFUSED)
    found = client.observe()
    assert (found.counts["gone"], found.counts["refused"]) == (1, 1)
    assert client.observe().counts == dict.fromkeys(found.counts, 0)


def test_a_number_in_doubt_is_held_until_somebody_has_seen_evidence(client, pupil, edit):
    client.observe()
    edit(pupil, "20010101", attribute="norEduPersonBirthDate")
    edit(pupil, D_NUMBER)
    found = client.observe()
    assert (found.changes, found.counts["held"]) == ((), 1)
    assert found.refusals[0].code == "N-DATE"
    assert client.observe(evidence=SEEN).counts["arrived"] == 1
    [event] = [event for event in client.users.history(pupil) if event.kind == "seen-attach"]
    assert (event.evidence, event.lifted, event.altered) == (SEEN, "N-DATE", False)


def test_a_doubt_that_the_configuration_accepts_holds_nothing_up(client, pupil, edit):
    accepted = [{"code": "P-NIN-DATE", "user": pupil, "reason": "seen the letter", "on": date(2026, 11, 1)}]
    client.observe()
    edit(pupil, "20010101", attribute="norEduPersonBirthDate")
    edit(pupil, D_NUMBER)
    check = client.settings.check.model_validate({"ignore": accepted})
    client._context.settings = client.settings.model_copy(update={"check": check})
    assert client.observe().counts["arrived"] == 1


def test_the_evidence_of_a_configured_source_holds_for_what_its_system_wrote(client, pupil, edit):
    source = {"name": "visma", "evidence": "register", "confirmed_by": "Kari", "confirmed_on": date(2026, 8, 1)}
    settings = example_settings(client.settings.folder, sources=[source])
    client._context.settings = client.settings.model_copy(update={"sources": settings.sources})
    client.observe()
    edit(pupil, "20010101", attribute="norEduPersonBirthDate")
    edit(pupil, D_NUMBER)
    assert client.observe(source="visma").counts["arrived"] == 1


def test_a_number_that_another_user_holds_has_not_arrived_until_it_is_the_only_one(client, pupil, user_of, edit):
    client.attach(pupil, D_NUMBER, evidence=SEEN)
    other = user_of("p2")
    client.observe()
    edit(other, D_NUMBER)
    found = client.observe()
    assert [(r.code, r.user, r.held) for r in found.refusals] == [("R-HELD-BY-ANOTHER", other, True)]
    assert pupil in found.refusals[0].sentence
    assert found.changes == ()
    edit(pupil)
    assert {c.kind for c in client.observe(allow_changes=1).changes} == {"seen-attach", "seen-withdraw"}


def test_two_accounts_of_one_person_may_hold_one_number(client, pupil, user_of, edit):
    other = user_of("p2")
    client.attach(pupil, D_NUMBER, evidence=SEEN)
    client.observe()
    client.users.resolve(other, second_account_of=pupil)
    edit(other, D_NUMBER)
    assert client.observe().counts["arrived"] == 1


def test_a_renamed_user_is_followed(client, journal, pupil, edit):
    edit(pupil, D_NUMBER)
    client.observe()
    client.users.rename(pupil, to=f"ny.navn@{REALM}")
    assert client.observe().changes == ()
    edit(f"ny.navn@{REALM}", FOLLOWS)
    assert client.observe().counts["changed"] == 1
    assert kinds(journal, pupil) == ["create", "seen-attach", "rename", "seen-replace"]


def test_a_user_whom_another_hand_renamed_is_followed_by_the_former_name(tmp_path, client, pupil, edit):
    (tmp_path / "another").mkdir()
    with Client(example_settings(tmp_path / "another"), directory=client.directory, on=ON) as stranger:
        stranger.observe()
        edit(pupil, f"ny.navn@{REALM}", attribute=NAME)
        edit(f"ny.navn@{REALM}", pupil, attribute="eduPersonPrincipalNamePrior")
        edit(f"ny.navn@{REALM}", D_NUMBER)
        assert stranger.observe().counts["arrived"] == 1
        assert stranger.observe().changes == ()


def test_new_users_and_those_who_vanish_are_no_news_about_numbers(client, pupil, edit):
    client.attach(pupil, D_NUMBER, evidence=SEEN)
    client.observe()
    directory = client.directory
    [entry] = [e for e in directory.entries() if e.text(NAME) == pupil]
    del directory._entries[entry.dn.key]
    new = Entry(directory.base.child("uid", "ny"), {"uid": ["ny"], NAME: [f"ny@{REALM}"], NIN: [FOLLOWS]})
    directory._entries[new.dn.key] = new
    assert client.observe().counts == dict.fromkeys(("arrived", "changed", "gone", "refused", "held"), 0)
    directory._entries[entry.dn.key] = entry
    edit(pupil, "57912075186")
    assert client.observe().counts["changed"] == 1


def test_of_a_user_whose_change_was_cut_off_nothing_is_said(client, journal, pupil, edit):
    client.observe()
    journal.intend([Event("attach", pupil, "uid=x,dc=no", number_mark=journal.key.of_number(D_NUMBER))])
    edit(pupil, D_NUMBER)
    found = client.observe()
    assert found.changes == ()
    assert "interrupted" in found.notes[0]


def test_protected_users_are_told_of_without_their_names(client, journal, pupil, edit):
    client.observe()
    journal.note(Event("protect", pupil, "uid=x,dc=no", protected=True))
    edit(pupil, REFUSED)
    [refusal] = client.observe().refusals
    assert refusal.user is None
    assert pupil not in refusal.sentence
    edit(pupil, D_NUMBER)
    [change] = client.observe().changes
    assert change.protected


def test_watching_writes_nothing_to_the_directory(client, journal, pupil, edit):
    watch = client.settings.directory.model_copy(update={"mode": "watch"})
    client._context.settings = client.settings.model_copy(update={"directory": watch})
    client.observe()
    edit(pupil, D_NUMBER)
    before = {str(e.dn): dict(e.items()) for e in client.directory.entries()}
    client.directory.write = None  # who calls it fails
    assert client.observe().counts["arrived"] == 1
    assert {str(e.dn): dict(e.items()) for e in client.directory.entries()} == before
    with pytest.raises(ConfigurationError, match="watch"):
        client.attach(pupil, FOLLOWS)


def test_numbers_that_nobody_shows_any_more_are_not_numbers_that_went(client, pupil, user_of, edit):
    users = [pupil, user_of("p2")]
    for user, number in zip(users, (D_NUMBER, FOLLOWS), strict=True):
        client.attach(user, number, evidence=SEEN)
    client.observe()
    for user in users:
        edit(user)
    with pytest.raises(DirectoryError, match="Give the bind account the right to read") as raised:
        client.observe()
    assert raised.value.exit_code == 2
    assert client.observe(allow_changes=2).counts["gone"] == 2


def test_many_users_none_of_whom_shows_a_number_are_not_kept_in_mind(tmp_path):
    directory = example_directory()
    for n in range(100):
        entry = Entry(directory.base.child("uid", f"u{n}"), {"uid": [f"u{n}"], NAME: [f"u{n}@{REALM}"]})
        directory._entries[entry.dn.key] = entry
    expected = pytest.raises(DirectoryError, match="Give the bind account the right to read norEduPersonNIN")
    with Client(example_settings(tmp_path), directory=directory, on=ON) as client, expected:
        client.observe()


def test_more_numbers_than_the_caps_allow_have_not_gone_before_somebody_says_so(client, pupil, user_of, edit):
    caps = client.settings.caps.model_copy(update={"changes": 0})
    client._context.settings = client.settings.model_copy(update={"caps": caps})
    client.attach(pupil, D_NUMBER, evidence=SEEN)
    client.attach(user_of("p2"), FOLLOWS, evidence=SEEN)
    client.observe()
    edit(pupil)
    with pytest.raises(ConfigurationError, match="--allow-changes 1"):
        client.observe()
    assert client.observe(allow_changes=1).counts["gone"] == 1


def test_an_export_is_compared_like_the_directory(client, pupil, edit, exported):
    assert client.observe(ldif=exported()).first
    edit(pupil, D_NUMBER)
    assert client.observe(ldif=exported(minutes=2)).counts["arrived"] == 1


def test_an_export_of_somebody_else_is_refused(client, exported):
    with pytest.raises(InputError, match=r"no user of skotthyll\.kommune\.no\. Most of its users belong to andre\.no"):
        client.observe(ldif=exported(realm="andre.no"))
    with pytest.raises(InputError, match="No entry in it has a Feide name"):
        client.observe(ldif=exported(without=NAME))
    with pytest.raises(InputError, match="There is no"):
        client.observe(ldif="nowhere.ldif")


def test_an_export_without_numbers_is_refused(client, pupil, exported):
    client.attach(pupil, D_NUMBER, evidence=SEEN)
    client.observe()
    with pytest.raises(InputError, match="with an account that has the right to read"):
        client.observe(ldif=exported(without=NIN))


def test_an_old_export_is_refused(client, exported):
    client.observe(ldif=exported())
    with pytest.raises(InputError, match="before the last observation"):
        client.observe(ldif=exported(minutes=-5))


def test_what_we_changed_after_an_export_was_made_is_not_undone_by_it(client, pupil, exported):
    made = exported(minutes=-5)
    client.attach(pupil, D_NUMBER, evidence=SEEN)
    found = client.observe(ldif=made)
    assert found.changes == ()
    assert "after this export was made" in found.notes[0]
    assert client.observe().changes == ()


def test_a_part_of_the_directory_says_nothing_of_the_others(client, pupil, user_of, exported, edit, tmp_path):
    client.attach(pupil, D_NUMBER, evidence=SEEN)
    client.attach(user_of("p2"), FOLLOWS, evidence=SEEN)
    client.observe()
    path = tmp_path / "part.ldif"
    path.write_text(
        "".join(ldif.dump(e) for e in client.directory.entries() if e.text(NAME) == pupil), encoding="utf-8"
    )
    assert client.observe(ldif=path).counts["gone"] == 0
    assert client.observe().changes == ()


def test_names_that_look_like_numbers_and_double_names_are_left_out(client, pupil, user_of, edit):
    client.observe()
    others = user_of("p2"), user_of("p3")
    edit(pupil, D_NUMBER, FOLLOWS)
    edit(others[1], f"{REFUSED}@{REALM}", attribute=NAME)
    found = client.observe()
    assert (found.changes, len(found.notes)) == ((), 2)
    edit(pupil, D_NUMBER)
    edit(others[0], pupil, attribute=NAME)
    found = client.observe()
    assert (found.changes, len(found.notes)) == ((), 2)
    assert REFUSED not in "".join(found.notes)


def test_a_cut_between_the_notices_and_the_snapshot_leaves_neither(client, journal, pupil, edit, monkeypatch):
    client.services.register.put([service("feide:1", CAN)])
    client.observe()
    edit(pupil, D_NUMBER)
    with monkeypatch.context() as patch:
        patch.setattr("feideprov.observe.snapshot.Snapshot.write", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            client.observe()
    assert (kinds(journal, pupil), journal.owed()) == (["create"], [])
    assert client.observe().owed == 1


def test_what_was_seen_of_a_user_is_forgotten_with_the_user(client, journal, pupil, edit):
    edit(pupil, D_NUMBER)
    client.observe()
    journal.forget(pupil)
    with journal.reading() as connection:
        assert connection.exec_driver_sql("select count(*) from seen where feide_name = ?", (pupil,)).scalar() == 0
        marks = connection.exec_driver_sql("select number_mark from change where number_mark is not null").all()
    assert marks == []


def test_the_journal_and_the_directory_agree_after_an_observation(client, pupil, edit):
    client.attach(pupil, D_NUMBER, evidence=SEEN)
    edit(pupil, FOLLOWS)
    assert [finding.code for finding in client.journal.verify()] == ["J-OTHER-NUMBER"]
    client.observe()
    assert client.journal.verify() == []
    assert {event.state for event in client.users.history(pupil)} == {State.DONE}


def test_who_lost_a_number_by_another_hand_waits_since_then(client, pupil, edit):
    client.attach(pupil, D_NUMBER, evidence=SEEN)
    edit(pupil)
    client.observe(allow_changes=1)
    [waiting] = [user for user in client.pending() if user.user == pupil]
    assert waiting.since_source == "journal"


def test_an_export_that_was_begun_before_we_attached_does_not_undo_that(client, journal, pupil, user_of, exported):
    """A file tells when it was written to last: by a long export, or by a copy."""
    client.attach(user_of("p2"), FOLLOWS, evidence=SEEN)
    client.observe()
    begun = exported()
    client.attach(pupil, D_NUMBER, evidence=SEEN)
    found = client.observe(ldif=begun)
    assert (found.changes, len(found.notes)) == ((), 1)
    assert kinds(journal, pupil) == ["create", "attach"]


@pytest.mark.parametrize("attribute", ["norEduPersonBirthDate", "schacDateOfBirth"])
def test_the_recorded_birth_date_decides_the_age_of_an_observed_number(attribute):
    number = next(filter(None, (with_checks(f"548309{iii}") for iii in range(300, 400))))
    criteria = Criteria(ON, NumberPolicy(test=True))
    for day, code in (("20090314", "N-OK"), ("19090314", "N-OLD"), ("20090315", "N-DATE")):
        entry = Entry(DN.parse("uid=a,dc=no"), {NIN: (number,), attribute: (day,)})
        assert criteria.verdict(entry).code == code
