"""`services matrix`: at the terminal, as a sheet, as a page and as an object."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from feideprov import Client
from feideprov.found import NOBODY
from feideprov.services.register.service import Answer, Dependency, FactSource, Provider, Service, Way

if TYPE_CHECKING:
    from tests.journeys.conftest import Office


@pytest.fixture
def known(office: Office) -> Office:
    """The office after its list of refugees, one of them protected, with two services in the register."""
    office("apply", str(office.folder / "refugees.csv"), "--yes")
    office("apply", str(office.folder / "refugees.csv"), "--only", "ref-12", "--yes")
    with Client.open(office.config) as feide:
        given = {"provider": Provider(id="1", name="=Lexin, AS <b>"), "activated": True, "ways": (Way.FEIDE,)}
        said = {"names": FactSource(source="Feide API", on=feide.on)}
        trouble = Answer(state=Dependency.CANNOT_SERVE, on=feide.on, source="mail")
        feide.services.register.put(
            [
                Service(id="feide:1", names={"nb": "=Lexin\u202e <b>"}, said=said, answer=trouble, **given),
                Service(id="feide:2", names={"nb": "Salaby", "en": "Sally"}, said=said, **given),
            ]
        )
    return office


def protected(office: Office) -> str:
    with Client.open(office.config) as feide:
        [user] = [user.user for user in feide.pending() if user.protected]
    return user.partition("@")[0]


def test_each_user_is_told_with_the_services_that_mean_trouble(known) -> None:
    answer = known("services", "matrix")
    assert answer.code == 0
    heading, *rows = answer.out.splitlines()
    assert heading == "user\tdays\ttrouble\tnot known\tserved without a number"
    assert "olenkova@skotthyll.kommune.no\t0\t=Lexin <b>\tSalaby" in rows
    assert rows[-1] == (
        "For some services it is not known whether they depend on the number. Ask the providers: feideprov services ask"
    )
    assert "1 of them is protected and not listed." in rows[-2]
    assert protected(known) not in answer.out


def test_the_object_holds_every_cell_and_the_counts(known) -> None:
    found = known("services", "matrix", "--json").json
    listed = found["counts"]["pending"] - 1
    assert found["counts"] == {
        **{"pending": listed + 1, "protected": 1, "services": 2},
        **{"trouble": listed, "not-known": listed, "served": 0, "not-needed": 0},
    }
    assert [one["id"] for one in found["services"]] == ["feide:1", "feide:2"]
    assert found["services"][0]["meets"] == {
        **{"trouble": listed, "not-known": 0, "served": 0, "not-needed": 0, "outside": 0},
    }
    [user] = [one for one in found["users"] if one["source_id"] == "ref-01"]
    assert user["user"] == "olenkova@skotthyll.kommune.no"
    assert user["cells"] == {"feide:1": "trouble", "feide:2": "not-known"}
    assert set(user) == {"user", "source_id", "since", "since_source", "days", "schools", "cells"}


def test_the_sheet_and_the_page_are_files_that_nobody_else_may_read(known) -> None:
    sheet, html = known.folder / "matrix.csv", known.folder / "page.html"
    answer = known("--lang", "nb", "services", "matrix", "--csv", str(sheet), "--html", str(html))
    assert answer.code == 0
    assert answer.out.endswith(f"\nSiden er i {html}.\n")
    assert [path.stat().st_mode & 0o777 for path in (sheet, html)] == [0o600, 0o600]
    first = sheet.read_text(encoding="utf-8-sig").splitlines()[0]
    assert first == "user;school;since;days;'=Lexin <b> [feide:1];Salaby [feide:2]"
    text = html.read_text(encoding="utf-8")
    assert '<html lang="nb"' in text
    assert "=Lexin &lt;b&gt;" in text
    assert "<b>" not in text
    for path in (sheet, html):
        assert protected(known) not in path.read_text(encoding="utf-8")


def test_the_page_is_in_the_language_that_was_asked_for(known) -> None:
    html = known.folder / "page.html"
    for words, title, name in (
        ((), "Users without a number", "Sally"),
        (("--lang", "nb"), "Brukere uten nummer", "Salaby"),
        (("--lang", "nn"), "Brukarar utan nummer", "Salaby"),
    ):
        known(*words, "services", "matrix", "--html", str(html))
        text = html.read_text(encoding="utf-8")
        assert f"<h1>{title}</h1>" in text
        assert name in text


def test_nothing_is_written_but_the_files_that_were_asked_for(known) -> None:
    before = known.state()
    known("services", "matrix", "--html", str(known.folder / "page.html"))
    assert known.state() == before


def test_a_file_that_cannot_be_written_is_one_sentence(known, one_sentence) -> None:
    answer = known("services", "matrix", "--html", str(known.folder / "nowhere" / "page.html"))
    assert answer.code == 2
    assert "cannot be written" in one_sentence(answer)


def test_before_there_are_users_or_services_it_says_what_comes_first(office) -> None:
    assert office("services", "matrix").out.splitlines() == [NOBODY]
    office("apply", str(office.folder / "refugees.csv"), "--yes")
    assert office("services", "matrix").out.splitlines()[-1].endswith("feideprov services import FILE")
