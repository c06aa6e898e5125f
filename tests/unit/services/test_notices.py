"""Notices: what is gathered for whom, what rests, and whose names are told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from notice_scene import REALM, TODAY, Scene, a_service, with_names

from feideprov import Event, Refused
from feideprov.errors import scrub
from feideprov.services.outbox.deliveries import Channel, Deliveries, DeliveryState
from feideprov.services.owed import ChangeKind
from feideprov.services.register.service import Dependency


@pytest.fixture
def scene() -> Iterator[Scene]:
    made = Scene()
    yield made
    made.journal.close()


def test_what_one_provider_is_owed_is_one_notice_and_each_change_is_counted(scene: Scene) -> None:
    scene.put(a_service("Kikora"), a_service("Salto"), a_service("Creaza", "Creaza AS"))
    scene.change("attach", "olenkova", "Kikora", "Salto")
    scene.change("attach", "tesfaase", "Kikora")
    scene.change("seen-replace", "rahifate", "Kikora", "Creaza")
    scene.change("withdraw", "rahifate", "Salto")
    scene.notices.gather()
    assert sorted(scene.told()) == [
        ("Creaza AS", [("Creaza", 0, 1, 0)]),
        ("Lexin AS", [("Kikora", 2, 1, 0), ("Salto", 1, 0, 1)]),
    ]


def test_looking_gathers_nothing_and_shows_what_would_be(scene: Scene) -> None:
    scene.put(a_service("Kikora"))
    scene.change("attach", "olenkova", "Kikora")
    assert [one.id for one in scene.notices.unfinished()] == [""]
    assert [one.id for one in scene.notices.unfinished()] == [""]
    assert scene.told() == [("Lexin AS", [("Kikora", 1, 0, 0)])]


def test_gathering_again_keeps_the_ids_and_makes_a_notice_of_what_is_new(scene: Scene) -> None:
    scene.put(a_service("Kikora"))
    scene.change("attach", "olenkova", "Kikora")
    scene.notices.gather()
    scene.notices.gather()
    [first] = scene.notices.all()
    scene.change("attach", "tesfaase", "Kikora")
    scene.notices.gather()
    assert first.id in [one.id for one in scene.notices.all()]
    assert len(scene.notices.all()) == 2


def test_an_id_has_no_digits_that_could_be_a_number(scene: Scene) -> None:
    scene.put(*(a_service(f"Tjeneste {n}", f"Firma{n} AS") for n in range(50)))
    scene.change("attach", "olenkova", *(f"Tjeneste {n}" for n in range(50)))
    scene.notices.gather()
    ids = [one.id for one in scene.notices.all()]
    assert len(set(ids)) == 50
    assert all(one == scrub(one) and one.isalnum() for one in ids)


NEED_NOT_KNOW = {
    "not activated any more": {"activated": False},
    "activation not known": {"activated": None},
    "gone": {"gone_on": TODAY},
    "gets no number any more": {"ways": ()},
    "does not depend": {"state": Dependency.INDEPENDENT},
    "not known again": {"state": Dependency.UNKNOWN},
    "cannot serve": {"state": Dependency.CANNOT_SERVE},
}


@pytest.mark.parametrize("gathered", [False, True])
@pytest.mark.parametrize("why", NEED_NOT_KNOW)
def test_who_need_not_know_any_more_is_told_nothing_and_it_is_owed_again_later(
    scene: Scene, why: str, gathered: bool
) -> None:
    scene.put(a_service("Kikora"))
    scene.change("attach", "olenkova", "Kikora")
    if gathered:
        scene.notices.gather()
    scene.put(a_service("Kikora", **NEED_NOT_KNOW[why]))
    assert scene.told() == []
    scene.notices.gather()
    assert scene.told() == []
    assert len(scene.journal.owed()) == 1
    scene.put(a_service("Kikora"))
    assert scene.told() == [("Lexin AS", [("Kikora", 1, 0, 0)])]


def test_who_cannot_serve_is_told_of_other_numbers_and_of_those_that_go(scene: Scene) -> None:
    scene.put(a_service("Kikora", state=Dependency.CANNOT_SERVE))
    for kind in ("attach", "replace", "withdraw"):
        scene.change(kind, "olenkova", "Kikora")
    assert scene.told() == [("Lexin AS", [("Kikora", 0, 1, 1)])]


def test_a_service_that_has_moved_to_another_provider_is_told_there(scene: Scene) -> None:
    scene.put(a_service("Kikora"), a_service("Salto"))
    scene.change("attach", "olenkova", "Kikora", "Salto")
    scene.notices.gather()
    scene.put(a_service("Salto", "Creaza AS"))
    for _ in range(2):
        assert sorted(scene.told()) == [("Creaza AS", [("Salto", 1, 0, 0)]), ("Lexin AS", [("Kikora", 1, 0, 0)])]
        scene.notices.gather()


def test_what_was_sent_stays_as_it_was_sent(scene: Scene) -> None:
    scene.put(a_service("Kikora"), a_service("Salto"))
    scene.change("attach", "olenkova", "Kikora", "Salto")
    scene.notices.gather()
    [notice] = scene.notices.all()
    Deliveries(scene.journal).sent(notice.id, Channel.MAIL)
    scene.put(a_service("Salto", firm="Creaza AS", state=Dependency.INDEPENDENT))
    scene.notices.gather()
    assert scene.told() == [("Lexin AS", [("Kikora", 1, 0, 0), ("Salto", 1, 0, 0)])]
    assert scene.notices.unfinished() == []


def test_names_are_told_where_there_is_a_basis_and_never_those_of_protected_users(scene: Scene) -> None:
    scene.put(with_names(a_service("Kikora")), a_service("Salto"))
    scene.change("attach", "olenkova", "Kikora", "Salto")
    scene.change("attach", "tesfaase", "Kikora", "Salto")
    scene.change("attach", "bruker", "Kikora", "Salto", protected=True)
    scene.change("replace", "olenkova", "Kikora")
    scene.journal.note(Event("protect", f"tesfaase@{REALM}", "uid=tesfaase,dc=skotthyll,dc=no", protected=True))
    [notice] = scene.notices.all()
    kikora, salto = notice.lines
    assert kikora.users == {
        ChangeKind.REGISTERED: [f"olenkova@{REALM}"],
        ChangeKind.CHANGED: [f"olenkova@{REALM}"],
    }
    assert (kikora.registered, kikora.changed, salto.registered) == (3, 1, 3)
    assert salto.users == {}


def test_a_basis_holds_from_its_day_on(scene: Scene) -> None:
    scene.put(with_names(a_service("Kikora"), on=TODAY + timedelta(1)))
    scene.change("attach", "olenkova", "Kikora")
    assert scene.notices.all()[0].lines[0].users == {}


def test_a_protected_user_who_was_renamed_is_not_named(scene: Scene) -> None:
    scene.put(with_names(a_service("Kikora")))
    scene.change("create", "bruker", protected=True)
    renamed = Event("rename", f"bruker@{REALM}", "uid=bruker,dc=skotthyll,dc=no", other=f"anna@{REALM}")
    scene.journal.note(renamed)
    scene.change("attach", "anna", "Kikora")
    assert scene.notices.all()[0].lines[0].users == {}


def test_a_forgotten_user_is_counted(scene: Scene) -> None:
    scene.put(with_names(a_service("Kikora")))
    scene.change("attach", "olenkova", "Kikora")
    scene.journal.forget(f"olenkova@{REALM}")
    [line] = scene.notices.all()[0].lines
    assert (line.registered, line.users) == (1, {})


def test_a_name_that_looks_like_a_number_is_not_told(scene: Scene) -> None:
    scene.put(with_names(a_service("Kikora")))
    scene.change("attach", "15108695077", "Kikora")
    [line] = scene.notices.all()[0].lines
    assert (line.registered, line.users) == (1, {})


def test_a_notice_that_came_back_is_due_again_when_somebody_says_so(scene: Scene) -> None:
    scene.put(a_service("Kikora"))
    scene.change("attach", "olenkova", "Kikora")
    scene.notices.gather()
    [notice] = scene.notices.all()
    with pytest.raises(Refused, match="cannot have come back"):
        scene.notices.bounced(notice.id)
    assert scene.notices.again(notice.id) == notice  # it is due already
    Deliveries(scene.journal).sent(notice.id, Channel.MAIL)
    assert scene.notices.bounced(notice.id).state is DeliveryState.BOUNCED
    scene.notices.gather()
    assert [one.state for one in scene.notices.unfinished()] == [DeliveryState.BOUNCED]
    assert scene.notices.again(notice.id).state is DeliveryState.DUE


def test_a_draft_that_came_back_is_no_draft_any_more(scene: Scene) -> None:
    scene.put(a_service("Kikora"))
    scene.change("attach", "olenkova", "Kikora")
    scene.notices.gather()
    [notice] = scene.notices.all()
    deliveries = Deliveries(scene.journal)
    deliveries.begin(notice.id, Channel.MAIL)
    deliveries.drafted(notice.id)
    assert scene.notices.unfinished() == []
    assert scene.notices.bounced(notice.id).state is DeliveryState.BOUNCED
    assert scene.notices.again(notice.id).state is DeliveryState.DUE


def test_a_notice_that_is_not_there_is_told_without_quoting_digits(scene: Scene) -> None:
    with pytest.raises(Refused, match="No notice has the id …") as error:
        scene.notices.get("15108695077")
    assert error.value.code == "S-NO-NOTICE"


def test_another_organization_in_the_same_database_has_its_own(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'journal.db'}"
    scene, other = Scene(url), Scene(url, realm="berg.kommune.no")
    with closing(scene.journal), closing(other.journal):
        for one in (scene, other):
            one.put(a_service("Kikora"))
        scene.change("attach", "olenkova", "Kikora")
        other.notices.gather()
        scene.notices.gather()
        assert (len(scene.told()), other.told()) == (1, [])
