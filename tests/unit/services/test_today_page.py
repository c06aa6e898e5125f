"""The page of today: tasks with commands, who has waited longest, the schools; in three languages."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from norwegian import english_words

from feideprov import Client
from feideprov.journal.events import Event
from feideprov.services.register.service import Answer, Dependency

from .conftest import D_NUMBER, ON, SEEN, service


def text_of(page: str) -> str:
    return unescape(page.partition("</style>")[2])


def prose_of(page: str) -> str:
    """The page without its elements and commands."""
    return re.sub(r"<code>.*?</code>|<[^>]*>", " ", text_of(page))


@pytest.fixture
def busy(client, user_of):
    """The organization with a number that has arrived, and providers in several states."""
    asked = Answer(state=Dependency.ASKED, on=ON - timedelta(days=60))
    client.services.register.put(
        [
            service("feide:1", Dependency.CAN_SERVE),
            service("feide:2", answer=asked, asked_on=ON - timedelta(days=60)),
            service("feide:3", unsettled_since=f"{ON - timedelta(days=9)}T08:00:00+00:00"),
        ]
    )
    client.attach(user_of("p3"), D_NUMBER, evidence=SEEN)
    return Client(
        client.settings,
        directory=client.directory,
        journal=client._context.journal,
        keys=client._context.journal.key,
        on=ON + timedelta(days=3),
    )


def test_each_task_says_its_command_and_how_long_it_has_waited(busy):
    found = busy.today()
    days = {task.kind: task.days for task in found.tasks}
    assert (days["silent"], days["unasked"]) == (63, 12)
    page = text_of(found.page("en"))
    for task in found.tasks:
        assert str(task.sentence) in page
        assert f"<code>{task.command}</code>" in page
    assert "63 days" in page


def test_schools_have_their_names_and_each_user_is_counted_there(busy, user_of):
    page = text_of(busy.today().page("nb"))
    assert '<th scope="row"><bdi>Hylla skole</bdi></th><td class="number">2</td>' in page
    assert "hylla<" not in page
    assert f"<bdi>{user_of('p1')}</bdi></th><td><bdi>Hylla skole</bdi></td>" in page


def test_a_protected_user_is_counted_and_neither_named_nor_counted_at_a_school(busy, journal, user_of):
    name = user_of("p1")
    journal.note(Event("protect", name, "uid=x,dc=no", protected=True))
    page = text_of(busy.today().page("en"))
    assert name not in page
    assert "1 user is protected, or may be, and is not named here." in page
    assert '<bdi>Hylla skole</bdi></th><td class="number">1</td>' in page
    assert '<th scope="row">Protected users (counted only here)</th><td class="number">1</td>' in page
    assert '<th scope="row">In all</th><td class="number">2</td>' in page


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_in_norwegian_it_has_no_english_words(busy, language):
    found = busy.today()
    assert f'<html lang="{language}"' in found.page(language)
    assert english_words(prose_of(found.page(language))) == []
    text = found.text(language)
    assert english_words(f"{text.subject}\n{text.body}") == []
    assert english_words(prose_of(found.page("en"))) != []


def test_a_day_without_anything_to_do_says_so_on_the_page(busy):
    assert "Ingenting å gjøre i dag." in text_of(replace(busy.today(), tasks=()).page("nb"))


def test_a_command_is_shown_as_it_is_typed(busy):
    found = busy.today()
    [first, *_] = found.tasks
    command = "feideprov --config '/srv/<20261130 01>/a&b.toml' pending"
    page = replace(found, tasks=(replace(first, command=command),)).page("nb")
    assert "/srv/&lt;20261130 01&gt;/a&amp;b.toml" in page
