"""An account that may not read an entry, or a number: nobody is created twice, no provider is told, and nobody who has
a number is looked for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from veiled import NAME, NIN, VeiledDirectory

from feideprov import Client, DirectoryError, Evidence, Journal, MarkKey, PersonRecord, Refused
from feideprov.directory import ldif
from feideprov.provision.pending import query_sheet
from feideprov.services.register.service import Dependency
from feideprov.testing import example_settings
from tests.unit.services.conftest import service

ON = date(2026, 11, 22)
SEEN = Evidence("letter", "Kari Nordmann", date(2026, 11, 1))
NUMBERS = {"p1": "52829400197", "p2": "45840375084", "p3": "57912075186"}  # Tenor's
PEOPLE = [
    PersonRecord(
        source_id=f"p{n}",
        given_name="Olena",
        family_name=name,
        birth_date=date(1994, 2, n),
        school="hylla",
        role="pupil",
    )
    for n, name in enumerate(("Kovalenko", "Berg", "Dahl", "Lie", "Vik"), 1)
]


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    key = MarkKey(b"a key for examples and nothing else")
    with closing(
        Journal(f"sqlite:///{tmp_path / 'journal.db'}", "skotthyll.kommune.no", key=key, actor="Kari")
    ) as opened:
        yield opened


@pytest.fixture
def directory() -> VeiledDirectory:
    return VeiledDirectory()


@pytest.fixture
def feide(tmp_path: Path, journal: Journal, directory: VeiledDirectory) -> Client:
    """Five users, of whom three have a number; one service depends on it. The directory was observed."""
    client = Client(example_settings(tmp_path), directory=directory, journal=journal, keys=journal.key, on=ON)
    client.apply(client.plan(PEOPLE))
    for source_id, number in NUMBERS.items():
        client.attach(name_of(directory, source_id), number, evidence=SEEN)
    client.services.register.put([service("feide:1", Dependency.CAN_SERVE)])
    client.observe()
    return client


def name_of(directory: VeiledDirectory, source_id: str) -> str:
    return (directory.user(source_id).text(NAME) or "").lower()


def codes(feide: Client, people: list[PersonRecord] = PEOPLE) -> list[str]:
    outcome = feide.apply(feide.plan(people))
    assert outcome.changes == ()
    return [refusal.code for refusal in outcome.refusals]


def listed(feide: Client) -> set[str | None]:
    """Who waits for a number."""
    return {user.source_id for user in feide.pending()}


# --- entries


def test_a_user_whose_entry_is_hidden_is_not_created_again(feide, directory):
    directory.hidden = {name_of(directory, "p1"), name_of(directory, "p4")}
    outcome = feide.apply(feide.plan(PEOPLE))
    assert [(r.code, r.held, r.origin) for r in outcome.refusals] == [("R-HIDDEN", True, None)] * 2
    for refusal, source_id in zip(outcome.refusals, ("p1", "p4"), strict=True):
        assert f"feideprov resolve {name_of(directory, source_id)} --gone --yes" in refusal.sentence
        assert "right" in refusal.sentence
    directory.hidden = set()
    assert codes(feide) == []
    assert feide.plan(PEOPLE).unchanged == 5


def test_a_user_whose_source_id_is_hidden_is_not_created_again(feide, directory):
    people = [PEOPLE[0].model_copy(update={"given_name": "Another", "family_name": "Name"})]
    user = name_of(directory, "p1")
    directory.veiled = {user: {"employeeNumber"}}
    assert codes(feide, people) == ["R-HIDDEN"]
    feide.users.resolve(user, different="p1")
    assert len(feide.plan(people).creates) == 1


def test_a_linked_user_who_is_hidden_is_not_created(feide, directory, journal):
    user = name_of(directory, "p1")
    feide.users.resolve(user, same_as="other-1")
    directory.hidden = {user}
    assert codes(feide, [PEOPLE[0].model_copy(update={"source_id": "other-1"})]) == ["R-HIDDEN"]


def test_a_closed_user_who_is_hidden_is_not_created_again(feide, directory):
    user = name_of(directory, "p1")
    feide.users.close(user)
    directory.hidden = {user}
    assert codes(feide) == ["R-HIDDEN"]


def test_a_user_with_a_bare_source_id_who_is_hidden_is_not_created_with_the_name_of_the_source(
    feide, directory, tmp_path, journal
):
    confirmed = {"evidence": "register", "confirmed_by": "Kari", "confirmed_on": date(2026, 8, 1)}
    sources = [{"name": name, **confirmed} for name in ("visma", "ist")]
    settings = example_settings(tmp_path, sources=sources)
    two = Client(settings, directory=directory, journal=journal, keys=journal.key, on=ON)
    stranger = PEOPLE[0].model_copy(update={"given_name": "Another", "family_name": "Name"})
    directory.hidden = {name_of(directory, "p1")}
    assert [r.code for r in two.plan([stranger], source="visma").refusals] == ["R-HIDDEN"]


def test_a_hidden_user_is_recognized_by_name_and_birth_date(feide, directory):
    user, new = name_of(directory, "p1"), [PEOPLE[0].model_copy(update={"source_id": "new"})]
    assert codes(feide, new) == ["R-SAME-PERSON"]
    directory.hidden = {user}
    [refusal] = feide.plan(new).refusals
    assert (refusal.code, refusal.user) == ("R-HIDDEN", user)
    assert "--new-person" in refusal.sentence
    assert len(feide.plan(new, only="new", new_person=True).creates) == 1


def test_an_old_plan_does_not_create_a_user_who_was_created_since_and_is_hidden(tmp_path, directory, journal):
    client = Client(example_settings(tmp_path), directory=directory, journal=journal, keys=journal.key, on=ON)
    old = client.plan(PEOPLE[:1])
    client.apply(client.plan(PEOPLE[:2]))
    directory.hidden = {name_of(directory, "p1")}
    outcome = client.apply(old)
    assert ([r.code for r in outcome.refusals], outcome.changes) == (["R-HIDDEN"], ())


def test_what_is_to_be_done_with_a_hidden_user_is_held(feide, directory):
    user = name_of(directory, "p4")
    directory.hidden = {user}
    for job in (
        lambda: feide.attach(user, "45840375084", evidence=SEEN),
        lambda: feide.users.close(user),
        lambda: feide.users.rename(user, to="another"),
        lambda: feide.users.resolve(user, same_as="p9"),
    ):
        with pytest.raises(Refused) as refused:
            job()
        assert refused.value.code == "R-HIDDEN"


def test_a_user_who_was_deleted_on_purpose_is_created_again_under_another_name(feide, directory, journal):
    user = name_of(directory, "p1")
    directory.deleted_by_another_hand(directory.user("p1"))
    assert codes(feide) == ["R-HIDDEN"]
    before = len(journal.events())
    assert "deleted on purpose" in feide.users.plan_resolve(user, gone=True).sentence
    assert len(journal.events()) == before
    assert feide.users.resolve(user, gone=True).startswith("Recorded:")
    assert "already" in feide.users.resolve(user, gone=True)
    assert [event.kind for event in feide.users.history(user)].count("gone") == 1
    [made] = feide.apply(feide.plan(PEOPLE)).changes
    assert made.feide_name != user
    assert feide.plan(PEOPLE).unchanged == 5


def test_who_is_there_is_not_gone_nor_is_who_was_never_there(feide, directory):
    with pytest.raises(Refused) as refused:
        feide.users.resolve(name_of(directory, "p1"), gone=True)
    assert refused.value.code == "R-NOT-GONE"
    with pytest.raises(Refused) as refused:
        feide.users.resolve("nobody@skotthyll.kommune.no", gone=True)
    assert refused.value.code == "R-NO-USER"


# --- numbers


def test_a_number_that_is_hidden_is_a_question_and_not_a_withdrawal(feide, directory, journal):
    owed, user = len(journal.owed()), name_of(directory, "p1")
    directory.veiled = {user: {NIN}}
    for _ in range(2):
        found = feide.observe()
        assert (found.changes, found.counts["gone"], found.counts["held"]) == ((), 0, 1)
        assert [(r.code, r.user) for r in found.refusals] == [("J-HIDDEN", user)]
        assert "--allow-changes 1" in found.refusals[0].sentence
    assert len(journal.owed()) == owed
    directory.veiled = {}
    assert (feide.observe().refusals, feide.observe().changes) == ((), ())


def test_a_question_stays_one_when_the_entry_changes_later(feide, directory, journal):
    directory.veiled = {name_of(directory, "p1"): {NIN}}
    feide.observe()
    directory.by_another_hand(directory.user("p1"), title=["Elev"])
    assert [r.code for r in feide.observe().refusals] == ["J-HIDDEN"]


def test_what_this_tool_changed_is_no_reason_to_believe_that_a_number_was_removed(feide, directory):
    changed = [person.model_copy(update={"given_name": "Anna"}) for person in PEOPLE]
    feide.apply(feide.plan(changed), allow_changes=5)
    directory.veiled = {name_of(directory, "p1"): {NIN}}
    assert [r.code for r in feide.observe().refusals] == ["J-HIDDEN"]


def test_a_number_that_another_hand_removed_from_the_entry_is_gone(feide, directory):
    directory.by_another_hand(directory.user("p1"), norEduPersonNIN=[])
    assert [change.kind for change in feide.observe().changes] == ["seen-withdraw"]
    assert listed(feide) == {"p1", "p4", "p5"}


def test_a_person_says_that_a_hidden_number_was_removed(feide, directory, journal):
    directory.veiled = {name_of(directory, "p1"): {NIN}}
    feide.observe()
    assert [change.kind for change in feide.observe(allow_changes=1).changes] == ["seen-withdraw"]
    assert journal.owed()
    assert listed(feide) == {"p1", "p4", "p5"}


def test_an_export_that_lacks_a_number_is_a_question(feide, directory, tmp_path):
    directory.veiled = {name_of(directory, "p1"): {NIN}}
    path = tmp_path / "export.ldif"
    path.write_text("".join(map(ldif.dump, directory._below_base())), encoding="utf-8")
    assert [r.code for r in feide.observe(ldif=path).refusals] in ([], ["J-HIDDEN"])  # [] in the six hours after attach
    assert feide.observe().changes == ()


def test_who_has_a_number_that_is_hidden_is_not_listed_as_waiting(feide, directory):
    directory.veiled = {name_of(directory, "p1"): {NIN}}
    waiting = feide.pending()
    assert {user.source_id for user in waiting} == {"p4", "p5"}
    assert (waiting.hidden_numbers, waiting.hidden_users) == (1, 0)
    assert name_of(directory, "p1").encode() not in query_sheet(waiting)
    matrix = feide.services.matrix()
    assert ({row.source_id for row in matrix.rows}, matrix.hidden_numbers) == ({"p4", "p5"}, 1)
    assert feide.today().counts["hidden_numbers"] == 1
    assert "1 bruker er ikke talt med" in feide.services.page()


def test_who_is_hidden_is_counted(feide, directory):
    directory.hidden = {name_of(directory, "p4")}
    waiting = feide.pending()
    assert ({user.source_id for user in waiting}, waiting.hidden_users) == ({"p5"}, 1)
    assert (feide.today().counts["hidden_users"], feide.services.matrix().hidden_users) == (1, 1)
    assert "not shown" in feide.observe().notes[0]


@pytest.mark.parametrize("job", ["pending", "today", "matrix", "page"])
def test_numbers_that_are_all_hidden_stop_whoever_lists_users_without_one(feide, directory, job):
    directory.veiled = {name_of(directory, source_id): {NIN} for source_id in NUMBERS}
    jobs = {
        "pending": feide.pending,
        "today": feide.today,
        "matrix": feide.services.matrix,
        "page": feide.services.situation,
    }
    with pytest.raises(DirectoryError, match="Give the bind account the right to read norEduPersonNIN") as raised:
        jobs[job]()
    assert raised.value.exit_code == 2


def test_what_only_the_last_observation_knows_counts_too(tmp_path, feide, directory):
    (tmp_path / "another").mkdir()
    with Client(example_settings(tmp_path / "another"), directory=directory, on=ON) as stranger:
        stranger.observe()
        directory.veiled = {name_of(directory, "p1"): {NIN}}
        assert stranger.pending().hidden_numbers == 1
        assert [r.code for r in stranger.observe().refusals] == ["J-HIDDEN"]
