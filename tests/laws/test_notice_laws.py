"""Laws of notices: whatever happens in between, who must know is told once, and nobody else."""

from __future__ import annotations

from contextlib import closing
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from notice_scene import Scene, a_service
from size import size

from feideprov.errors import scrub
from feideprov.services.notice import Notice
from feideprov.services.outbox.deliveries import Channel, Deliveries
from feideprov.services.owed import ChangeKind
from feideprov.services.register.service import Dependency, Service

NAMES, FIRMS = ("Alfa", "Beta", "Gamma"), ("Lexin AS", "Creaza AS")

services = st.builds(
    lambda name, firm, state, activated: a_service(name, firm, state, activated=activated),
    st.sampled_from(NAMES),
    st.sampled_from(FIRMS),
    st.sampled_from(Dependency),
    st.booleans(),
)
changes = st.tuples(
    st.just("change"), st.sampled_from(["attach", "replace", "withdraw"]), st.sets(st.sampled_from(NAMES), min_size=1)
)
steps = st.lists(
    changes | st.tuples(st.just("put"), services) | st.just(("gather",)) | st.just(("send",)),
    min_size=3,
    max_size=14,
)
KIND = {ChangeKind.REGISTERED: "attach", ChangeKind.CHANGED: "replace", ChangeKind.WITHDRAWN: "withdraw"}


def carry_out(scene: Scene, step: tuple[Any, ...], told: list[tuple[str, str, str, int]]) -> None:
    """One step. What is sent is added to `told`: id, service, what happened, how often."""
    match step:
        case ("change", kind, owing):
            scene.change(kind, "olenkova", *owing)
        case ("put", service):
            scene.put(service)
        case ("gather",):
            scene.notices.gather()
        case ("send",):
            scene.notices.gather()
            for notice in scene.notices.unfinished():
                Deliveries(scene.journal).sent(notice.id, Channel.MAIL)
                told += said(notice)


def said(notice: Notice) -> list[tuple[str, str, str, int]]:
    return [
        (notice.id, line.service.id, KIND[what], count) for line in notice.lines for what, count in line.counts.items()
    ]


def has_to_know(service: Service, kind: str) -> bool:
    """Who depends, and of a first number only who served the user without."""
    depends = [Dependency.CAN_SERVE] if kind == "attach" else [Dependency.CAN_SERVE, Dependency.CANNOT_SERVE]
    return service.activated is True and service.answer.state in depends


@settings(deadline=None, max_examples=size(20, 60))
@given(steps)
def test_who_must_know_is_told_of_every_change_once_and_nobody_else(some: list[tuple[Any, ...]]) -> None:
    with closing((scene := Scene()).journal):
        scene.put(*(a_service(name, FIRMS[0]) for name in NAMES))
        told: list[tuple[str, str, str, int]] = []
        owed: list[tuple[str, str]] = []
        for step in some:
            before = len(told)
            carry_out(scene, step, told)
            known = {service.id: service for service in scene.register}
            for _, service, kind, _ in told[before:]:
                assert has_to_know(known[service], kind)
            if step[0] == "change":
                owed += [(f"feide:{name.lower()}", step[1]) for name in step[2]]
        scene.put(*(a_service(name, FIRMS[0]) for name in NAMES))  # in the end everybody has to know of everything
        carry_out(scene, ("send",), told)
        counted: dict[tuple[str, str], int] = {}
        for _, service, kind, count in told:
            counted[service, kind] = counted.get((service, kind), 0) + count
        assert counted == {one: owed.count(one) for one in owed}
        assert scene.notices.unfinished() == []


@settings(deadline=None, max_examples=size(15, 40))
@given(steps)
def test_gathering_twice_equals_gathering_once_and_an_id_stays(some: list[tuple[Any, ...]]) -> None:
    with closing((scene := Scene()).journal):
        scene.put(*(a_service(name, FIRMS[0]) for name in NAMES))
        for step in some:
            carry_out(scene, step, [])
        looked = sorted(str((one.provider.id, one.lines)) for one in scene.notices.unfinished())
        before = {one.id for one in scene.notices.all() if one.id}
        scene.notices.gather()
        once = scene.notices.all()
        scene.notices.gather()
        assert scene.notices.all() == once
        assert before <= {one.id for one in once}
        assert sorted(str((one.provider.id, one.lines)) for one in scene.notices.unfinished()) == looked
        assert all(one.id and one.id == scrub(one.id) for one in once)
