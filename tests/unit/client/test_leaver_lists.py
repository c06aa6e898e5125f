"""Lists of leavers: who is closed, and who is not yet."""

from __future__ import annotations

from pathlib import Path

import pytest

from feideprov import Client, InputError
from feideprov.testing import example_settings
from tests.unit.conftest import ON

OLENA, ANNA = "olenkova@skotthyll.kommune.no", "annakova@skotthyll.kommune.no"


@pytest.fixture
def users(client, person) -> Client:
    client.apply(client.plan([person("p1"), person("p2", given_name="Anna"), person("p3", given_name="Per")]))
    return client


def closed(client: Client, path: Path, text: str, **options: object) -> list[str]:
    path.write_text(text, encoding="utf-8")
    plan = client.users.plan_close(path, **options)
    return [change.feide_name for change in client.apply(plan, allow_changes=9).changes]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("user\n" + OLENA, [OLENA]),
        ("source_id\np1\nP2\n", [OLENA, ANNA]),
        ("Bruker;Siste dag\n" + OLENA + ";21.11.2026\n" + ANNA + ";22.11.2026", [OLENA]),
        ("kilde-id;siste dag\np1;2026-12-18\np2;\n", [ANNA]),
        ("source_id;user\np1;" + OLENA + "\np1;\n", [OLENA]),
        ("source_id;user\np1;" + ANNA, []),
    ],
)
def test_the_users_of_a_list_are_closed_after_their_last_day(users, tmp_path, text, wanted):
    assert closed(users, tmp_path / "left.csv", text) == wanted


def test_who_is_not_closed_is_told(users, tmp_path):
    path = tmp_path / "left.csv"
    path.write_text(
        f"source_id;user;last_day\np1;;2026-12-18\np2;;soon\n;;\np9;;\n;{OLENA};2026-12-24\n;nobody@x.no;\n;;2026-01-01\n"
    )
    plan = users.users.plan_close(path)
    assert [(refusal.origin.row, refusal.code) for refusal in plan.refusals] == [
        (3, "R-DATE"),
        (5, "R-NO-USER"),
        (7, "R-NO-USER"),
        (8, "R-SOURCE-ID"),
    ]
    [note] = plan.notes
    assert note.startswith("2 users of the list have a last day that is not over")
    assert "2026-12-18" in note
    assert (plan.changes, plan.rows.read) == ((), 6)


@pytest.mark.parametrize("by", ["directory", "entra"])
def test_a_list_that_is_used_again_changes_nothing(tmp_path, client, journal, key, person, by):
    settings = example_settings(tmp_path, login={"by": by})
    own = Client(settings, directory=client.directory, journal=journal, keys=key, on=ON)
    own.apply(own.plan([person("p1", mail="olena@example.no"), person("p2", given_name="Anna", mail="a@example.no")]))
    path = tmp_path / "left.csv"
    assert closed(own, path, "source_id\np1\np2\n") == [OLENA, ANNA]
    plan = own.users.plan_close(path)
    assert (plan.changes, plan.refusals, plan.unchanged) == ((), (), 2)


def test_a_list_says_who_has_left(users, tmp_path):
    path = tmp_path / "left.csv"
    path.write_text("school;last_day\nhylla;2026-01-01\n")
    with pytest.raises(InputError):
        users.users.plan_close(path)


def test_source_ids_of_a_source_may_stand_without_its_prefix(tmp_path, client, journal, key, person):
    source = {"evidence": "register", "confirmed_by": "Kari", "confirmed_on": "2026-08-01"}
    sources = [{"name": "visma", **source}, {"name": "flyvo", **source}]
    own = Client(
        example_settings(tmp_path, sources=sources), directory=client.directory, journal=journal, keys=key, on=ON
    )
    own.apply(own.plan([person("p1")], source="visma"))
    path = tmp_path / "left.csv"
    path.write_text("source_id\np1\n")
    assert [refusal.code for refusal in own.users.plan_close(path).refusals] == ["R-NO-USER"]
    path.write_text("source_id\nvisma:p1\n")
    assert [change.feide_name for change in own.users.plan_close(path, source="visma").changes] == [OLENA]
    assert closed(own, path, "source_id\np1\n", source="visma") == [OLENA]


def test_a_list_of_people_closes_nobody_before_it_is_made_a_list_of_leavers(tmp_path, users):
    path = tmp_path / "people.csv"
    path.write_text("Kilde-ID;Fornavn;Skole;Rolle\np1;Olena;hylla;elev\n")
    with pytest.raises(InputError, match=r"people\.csv: this is a list of people with their roles"):
        users.users.plan_close(path)
    path.write_text("Kilde-ID;Fornavn;Skole;Rolle;Siste dag\np1;Olena;hylla;elev;\n")
    assert [change.kind for change in users.users.plan_close(path).changes] == ["close"]
