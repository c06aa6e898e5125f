"""The matrix: who meets trouble where, and how it becomes a sheet."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest

from feideprov import PersonRecord
from feideprov.provision.pending import PendingUser
from feideprov.services.register.service import Audience, Dependency, Provider
from feideprov.services.report.matrix import Cell, matrix_of, matrix_sheet
from feideprov.testing import example_settings
from feideprov.wiring import organization_of
from tests.unit.services.conftest import D_NUMBER, ON, service


@pytest.fixture
def organization(tmp_path):
    return organization_of(example_settings(tmp_path))


def waiting(name="olenkova", days: int | None = 12, *, school="hylla", roles=("student", "member"), **facts):
    since = ON - timedelta(days=days) if days is not None else None
    return PendingUser(
        f"{name}@skotthyll.kommune.no", None, "", since, "journal", days, (school,), tuple(roles), **facts
    )


@pytest.mark.parametrize(
    ("state", "cell"),
    [
        (Dependency.CANNOT_SERVE, Cell.TROUBLE),
        (Dependency.CAN_SERVE, Cell.SERVED),
        (Dependency.INDEPENDENT, Cell.NOT_NEEDED),
        (Dependency.UNKNOWN, Cell.NOT_KNOWN),
        (Dependency.ASKED, Cell.NOT_KNOWN),
        (Dependency.NO_ANSWER, Cell.NOT_KNOWN),
    ],
)
def test_a_cell_says_what_the_providers_answer_means_for_the_user(organization, state, cell):
    found = matrix_of([service(state=state)], [waiting()], organization, ON)
    assert [row.cells for row in found.rows] == [(cell,)]


def test_only_services_that_are_activated_and_there_and_get_the_number_are_columns(organization):
    services = [
        service("here"),
        service("elsewhere", activated=False),
        service("untold", activated=None),
        service("gone", gone_on=ON),
        service("without", ways=()),
    ]
    found = matrix_of(services, [waiting()], organization, ON)
    assert [one.id for one in found.services] == ["here"]


def test_a_user_outside_the_audience_does_not_meet_the_service(organization):
    services = [
        service("a", Dependency.CANNOT_SERVE, audience=Audience(schools=("berg",))),
        service("b", Dependency.CANNOT_SERVE, audience=Audience(roles=("teacher",))),
        service("c", Dependency.CANNOT_SERVE, audience=Audience(schools=("hylla",), roles=("pupil",))),
    ]
    users = [waiting(), waiting("kari", roles=("faculty", "employee", "member")), waiting("ivan", school="berg")]
    found = matrix_of(services, users, organization, ON)
    out, trouble = Cell.OUTSIDE, Cell.TROUBLE
    assert [row.cells for row in found.rows] == [(out, out, trouble), (out, trouble, out), (trouble, out, out)]


def test_services_with_trouble_come_first_then_those_that_nobody_knows_of(organization):
    services = [service(state.value, state) for state in Dependency]
    found = matrix_of(services, [], organization, ON)
    assert [one.id for one in found.services] == [
        *("cannot-serve", "unknown", "asked", "no-answer"),
        *("can-serve", "does-not-depend"),
    ]


def test_protected_users_are_counted_and_nowhere_else(organization):
    users = [waiting(), waiting("hemmelig", days=200, protected=True)]
    found = matrix_of([service(state=Dependency.CANNOT_SERVE)], users, organization, ON)
    assert (found.pending, found.protected, found.in_trouble) == (2, 1, 1)
    assert found.met_at(0) == {Cell.TROUBLE: 1}
    assert "hemmelig" not in repr(found)
    assert b"hemmelig" not in matrix_sheet(found)


def test_a_protected_person_is_not_in_the_matrix_of_a_client(client):
    person = PersonRecord(
        source_id="p9", given_name="Hemmelig", family_name="Person", school="hylla", role="pupil", protected=True
    )
    client.apply(client.plan([person], only="p9"))
    [protected] = [user.user for user in client.pending() if user.protected]
    client.services.register.put([service()])
    found = client.services.matrix()
    assert (found.pending, found.protected, len(found.rows)) == (4, 1, 3)
    assert protected not in {row.user for row in found.rows}


def sheet(found) -> list[list[str]]:
    return list(csv.reader(io.StringIO(matrix_sheet(found).decode("utf-8-sig")), delimiter=";"))


def test_the_sheet_has_a_row_for_each_user_and_a_column_for_each_service(organization):
    found = matrix_of([service("feide:1", names={"nb": "Lexin"})], [waiting(), waiting("ivan", None)], organization, ON)
    assert sheet(found) == [
        ["user", "school", "since", "days", "Lexin [feide:1]"],
        ["olenkova@skotthyll.kommune.no", "hylla", "2026-11-10", "12", "not-known"],
        ["ivan@skotthyll.kommune.no", "hylla", "", "", "not-known"],
    ]


@pytest.mark.parametrize(
    "name",
    [
        "=HYPERLINK(1)",
        "+1",
        "-1",
        "@SUM(1)",
        "\t=1",
        "\r=1",
        "\u202e=1",
        " =1",
        "Lexin,=1",
        "Lexin;=1",
        "a\n=1",
        'a,"=1+1,"',
        'a;"" "@SUM(1)"',
    ],
)
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_no_cell_of_the_sheet_is_a_formula_wherever_a_spreadsheet_splits_it(organization, name, separator):
    hostile = service(name, names={"nb": name}, provider=Provider(id="1", name=name))
    content = matrix_sheet(matrix_of([hostile], [waiting(name)], organization, ON)).decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(content), delimiter=separator) for cell in row]
    assert not [cell for cell in cells if cell.strip().startswith(("=", "+", "-", "@"))]


def test_no_number_in_a_name_comes_into_the_sheet(organization):
    named = service(names={"nb": f"Lexin {D_NUMBER}"})
    assert D_NUMBER.encode() not in matrix_sheet(matrix_of([named], [waiting()], organization, date(2026, 11, 22)))
