"""An answer about who is who is taken back: afterwards everything is as if it had never been given."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from feideprov.directory.dn import DN
from feideprov.directory.entry import Add, Entry, Modification, Modify
from feideprov.errors import DirectoryError, Refused
from feideprov.journal.users import KnownUsers

BORN = date(2012, 3, 4)
OLENA, ALIKE = "olenkova@skotthyll.kommune.no", "alike@skotthyll.kommune.no"
ANSWERS = [{"same_as": "p9"}, {"different": "p9"}, {"different": True}, {"second_account_of": ALIKE}]


@pytest.fixture
def scene(client, person):
    """A user of ours, and one of another system who is alike: the next row is a question."""
    client.apply(client.plan([person(birth_date=BORN)]))
    values = {
        "objectClass": ["top", "person", "organizationalPerson", "inetOrgPerson", "eduPerson", "norEduPerson"],
        "uid": ["alike"],
        "cn": ["Sara Haddad"],
        "displayName": ["Sara Haddad"],
        "sn": ["Haddad"],
        "givenName": ["Sara"],
        "eduPersonPrincipalName": [ALIKE],
        "norEduPersonBirthDate": ["20120304"],
    }
    dn = DN.parse("uid=alike,ou=people,dc=skotthyll,dc=no")
    [done] = client.directory.write([Add(Entry(dn, values))])
    assert done.error is None
    return client


def everything(client):
    return sorted((str(entry.dn), sorted(entry.items())) for entry in client.directory.entries())


def known(client):
    """What the journal knows, but for the names that nobody gets again: those of linked users stay among them."""
    return replace(KnownUsers.read(client._context.journal), issued=None)


def sara(person):
    return person("p9", given_name="Sara", family_name="Haddad", birth_date=BORN)


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: next(iter(answer)))
@pytest.mark.parametrize("user", [OLENA, ALIKE])
def test_an_answer_that_is_taken_back_leaves_nothing(scene, answer, user):
    if answer.get("second_account_of") == user:
        answer = {"second_account_of": OLENA}
    before, users = everything(scene), known(scene)
    scene.users.resolve(user, **answer)
    assert known(scene) != users
    assert scene.users.resolve(user, undo=True).startswith("Recorded: ")
    assert (everything(scene), known(scene)) == (before, users)
    kinds = [event.kind for event in scene.users.history(user)]
    assert any(kind.startswith("undo-") for kind in kinds)
    with pytest.raises(Refused, match="nothing to take back"):
        scene.users.resolve(user, undo=True)


def test_the_question_is_asked_again(scene, person):
    for answer in ({"different": "p9"}, {"same_as": "p9"}):
        scene.users.resolve(ALIKE, **answer)
        assert scene.plan([sara(person)]).refusals == ()
        scene.users.resolve(ALIKE, undo=True)
        assert [r.code for r in scene.plan([sara(person)]).refusals] == ["R-SAME-PERSON"]


def test_the_last_answer_is_taken_back_or_that_about_a_source_id(scene):
    for source_id in ("p7", "p8", "p9"):
        scene.users.resolve(ALIKE, different=source_id)
    scene.users.resolve(ALIKE, undo="P7")
    assert known(scene).by_name[ALIKE].different_from == {"p8", "p9"}
    scene.users.resolve(ALIKE, undo=True)
    assert known(scene).by_name[ALIKE].different_from == {"p8"}
    with pytest.raises(Refused, match="nothing to take back"):
        scene.users.resolve(ALIKE, undo="p7")


def test_both_accounts_can_be_parted(scene):
    scene.users.resolve(OLENA, second_account_of=ALIKE)
    scene.users.resolve(ALIKE, undo=True)
    assert not known(scene).may_share(OLENA, ALIKE)


def test_only_what_was_written_and_still_stands_is_taken_from_the_entry(scene):
    [entry] = [e for e in scene.directory.entries() if e.text("uid") == "alike"]
    scene.users.resolve(ALIKE, same_as="p9")
    steps = (Modification("delete", "employeeNumber", (b"p9",)), Modification("add", "employeeNumber", (b"p10",)))
    [done] = scene.directory.write([Modify(entry.dn, steps)])
    assert done.error is None
    scene.users.resolve(ALIKE, undo=True)
    assert scene.directory.read(entry.dn).text("employeeNumber") == "p10"
    scene.users.resolve(ALIKE, same_as="p10")  # another system wrote it
    assert "keeps" in scene.users.resolve(ALIKE, undo=True)
    assert scene.directory.read(entry.dn).text("employeeNumber") == "p10"


def test_an_answer_holds_after_a_rename_and_is_taken_back_after_it(scene):
    scene.users.resolve(OLENA, same_as="p9")
    scene.users.rename(OLENA, to="kova")
    scene.users.resolve("kova@skotthyll.kommune.no", undo=True)
    assert known(scene).linked == {}


def test_cut_off_while_it_is_taken_back(scene, monkeypatch):
    scene.users.resolve(ALIKE, same_as="p9")
    before = everything(scene)

    def cut(writes):
        raise DirectoryError("cut off")

    with monkeypatch.context() as broken:
        broken.setattr(scene.directory, "write", cut)
        with pytest.raises(DirectoryError):
            scene.users.resolve(ALIKE, undo=True)
    assert everything(scene) == before
    scene.apply(scene.plan([]))  # finds out what was done
    scene.users.resolve(ALIKE, undo=True)
    [entry] = [e for e in scene.directory.entries() if e.text("uid") == "alike"]
    assert entry.values("employeeNumber") == ()


def test_planning_it_writes_nothing(scene):
    scene.users.resolve(ALIKE, same_as="p9")
    before = everything(scene), known(scene)
    assert "source id" in scene.users.plan_resolve(ALIKE, undo=True).sentence
    assert (everything(scene), known(scene)) == before


def test_two_rows_of_a_list_are_not_one_user(scene, person):
    rows = [person(birth_date=BORN), person("p9", birth_date=BORN, school="berg")]
    scene.users.resolve(OLENA, same_as="p9")
    plan = scene.plan(rows)
    assert (plan.changes, [(one.code, one.held) for one in plan.refusals]) == ((), [("R-TWO-ROWS", True)] * 2)
    assert all(OLENA in one.sentence for one in plan.refusals)
    assert f"resolve {OLENA} --undo p9 --yes" in plan.refusals[1].sentence
    assert "--undo" not in plan.refusals[0].sentence
    assert scene.plan(rows[:1]).refusals == scene.plan([rows[0], person("p9", birth_date=BORN)]).refusals == ()
    assert [change.kind for change in scene.plan(rows[1:]).changes] == ["update"]
    scene.users.resolve(OLENA, undo="p9")
    assert [one.code for one in scene.plan(rows).refusals] == ["R-SAME-PERSON"]
