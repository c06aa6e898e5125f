"""The page in a real browser: all of it there, nothing asked for, nobody kept out, on paper too."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browser import OpenPage, axe_core, chromium
from nir_worklist import example_worklist

from feideprov import Client
from feideprov.messages import Sentence
from feideprov.nir.report.page import page as nir_page
from feideprov.provision.pending import PendingUser
from feideprov.services.owed import ChangeKind
from feideprov.services.register.service import Answer, Audience, Dependency, FactSource, Provider, Service, Way
from feideprov.services.report.matrix import matrix_of
from feideprov.services.report.page import page
from feideprov.services.report.situation import DueChanges, Situation
from feideprov.services.report.today_page import ShownTask, Waiting, WaitingUser, today_page, waiting_of
from feideprov.testing import example_settings
from feideprov.wiring import organization_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ON = date(2026, 11, 23)
HOSTILE = "<script>document.title='taken'</script><img src=//evil.example/x.png onerror=alert(1)>\u202eSA nixeL"
STATES = tuple(Dependency)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """For this module alone: playwright's event loop is in the way of other tests."""
    with chromium() as one:
        yield one


def situation(folder: Path, users: int, services: int) -> Situation:
    """Users of two schools, of whom every tenth is protected, and services in all states, the first a hostile one."""
    organization = organization_of(example_settings(folder))
    listed = [_service(place) for place in range(services)]
    waiting = [_user(place) for place in range(users)]
    matrix = matrix_of(listed, waiting, organization, ON)
    due = [
        DueChanges(one, {ChangeKind.REGISTERED: 2, ChangeKind.WITHDRAWN: 1}, ON - timedelta(days=2), failed=True)
        for one in matrix.services[:3]
    ]
    return Situation(organization, matrix, 300, 3, ON, tuple(due), 2, sent_recently=7, arrived_recently=5)


def _service(place: int) -> Service:
    state = STATES[place % len(STATES)]
    name = HOSTILE if place == 0 else f"Tjenesten med nummer {place}"
    return Service(
        id=f"feide:{place}",
        names={"nb": name},
        provider=Provider(id="1", name=name),
        ways=(Way.FEIDE, Way.SAML),
        activated=True,
        audience=Audience(schools=("hylla",) if place % 3 == 1 else ()),
        said={"names": FactSource(source="Feide API", on=ON)},
        answer=Answer(state=state, on=ON, source=HOSTILE if place == 0 else "e-post"),
        asked_on=ON,
        reminded_on=ON if place % 2 else None,
    )


def _user(place: int) -> PendingUser:
    name, days = f"{'skjermet' if place % 10 == 9 else 'bruker'}{place}", place * 7 % 400
    school = ("hylla", "berg")[place % 2]
    user = f"{name}@skotthyll.kommune.no"
    since, roles = ON - timedelta(days=days), ("student", "member")
    return PendingUser(user, None, "", since, "journal", days, (school,), roles, protected=place % 10 == 9)


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    """Writes a page and gives its path."""

    def write(users: int = 20, services: int = 8, language: str = "nb") -> Path:
        path = tmp_path / "page.html"
        path.write_text(page(situation(tmp_path, users, services), language), encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_the_page_is_there_asks_for_nothing_and_keeps_nobody_out(browser, written, theme, language) -> None:
    path = written(language=language)
    opened = OpenPage(browser, path, theme)
    assert opened.page.locator("h1").count() == 1
    assert opened.page.locator("table.matrix tbody tr").count() == 18
    assert opened.page.locator("ol.steps > li").count() == 5
    assert "bruker0" in opened.page.inner_text("table.matrix")
    assert "Feide, SAML" in opened.page.inner_text("table.list >> nth=0")
    assert opened.requests == [path.as_uri()]
    assert opened.complaints == []
    assert opened.violations() == []
    assert opened.requests == [path.as_uri()]


def test_a_page_about_nobody_keeps_nobody_out_either(browser, written) -> None:
    opened = OpenPage(browser, written(users=0, services=0))
    assert (opened.complaints, opened.violations()) == ([], [])


@pytest.mark.parametrize(("theme", "width"), [("light", 1280), ("dark", 1280), ("light", 360)])
def test_the_page_of_the_introduction_register_keeps_nobody_out(browser, tmp_path, theme, width) -> None:
    path = tmp_path / "nir.html"
    path.write_text(nir_page(example_worklist(), "nn"), encoding="utf-8")
    opened = OpenPage(browser, path, theme, width=width)
    assert opened.page.evaluate("document.documentElement.lang") == "nn"
    assert opened.page.evaluate("document.documentElement.scrollWidth") == width
    assert opened.page.title() != "taken"
    assert (opened.complaints, opened.violations(), opened.requests) == ([], [], [path.as_uri()])


@pytest.mark.parametrize(
    ("theme", "width", "language"), [("light", 1280, "nb"), ("dark", 360, "nn"), ("light", 320, "en")]
)
def test_the_page_of_today_keeps_nobody_out_at_any_width(browser, tmp_path, theme, width, language) -> None:
    path = tmp_path / "today.html"
    command = f"feideprov --config {'/etc/a-long-folder' * 5}/feideprov.toml services ask --drafts /etc/drafts"
    tasks = [ShownTask(Sentence("{text}", text=HOSTILE), command, 12), ShownTask(Sentence("x"), command, None)]
    waiting = waiting_of([_user(place) for place in range(30)], organization_of(example_settings(tmp_path)), named=5)
    path.write_text(today_page("Skotthyll kommune", ON, tasks, waiting, language), encoding="utf-8")
    opened = OpenPage(browser, path, theme, width=width)
    assert opened.page.evaluate("document.documentElement.lang") == language
    assert opened.page.evaluate("document.documentElement.scrollWidth") == width
    assert opened.page.title() != "taken"
    assert "skjermet9@" not in opened.page.inner_text("main")
    assert (opened.complaints, opened.violations(), opened.requests) == ([], [], [path.as_uri()])


@pytest.mark.parametrize("width", [1280, 360])
def test_a_school_of_any_name_stands_on_the_page_of_today(browser, tmp_path, width) -> None:
    names = ("Opplæringssenteret" * 6, "مدرسة Speil 12", HOSTILE)
    longest = (WaitingUser("bruker1@skotthyll.kommune.no", names, ON, 3),)
    waiting = Waiting(longest, dict.fromkeys(names, 1), 0, 1)
    path = tmp_path / "today.html"
    path.write_text(today_page("Skotthyll kommune", ON, [], waiting, "nb"), encoding="utf-8")
    opened = OpenPage(browser, path, width=width)
    assert opened.page.evaluate("document.documentElement.scrollWidth") == width
    assert opened.page.locator("table.states tbody bdi").all_inner_texts()[:2] == list(names[:2])
    assert opened.page.locator("table.list bdi").count() == 1 + len(names)
    assert (opened.page.title(), opened.complaints) == ("Dette skal gjøres i dag – Skotthyll kommune", [])
    assert (opened.violations(), opened.requests) == ([], [path.as_uri()])


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_the_commands_have_norwegian_words_to_replace(browser, written, language) -> None:
    shown = OpenPage(browser, written(language=language)).page.locator("ol.steps code").all_inner_texts()
    assert [one for one in shown if one.split()[-1].isupper()] == [
        "feideprov services import FIL",
        "feideprov attach LISTE",
    ]


def test_axe_core_would_find_what_is_wrong(browser, written) -> None:
    opened = OpenPage(browser, written())
    opened.page.evaluate("document.querySelector('h1').style.color = '#eee'; document.documentElement.lang = ''")
    rules = {one.partition(":")[0] for one in opened.violations()}
    assert {"color-contrast", "html-has-lang"} <= rules


def test_a_hostile_name_is_shown_as_it_is_written_and_does_nothing(browser, written) -> None:
    opened = OpenPage(browser, written())
    assert opened.page.title() == "Brukere uten nummer – Skotthyll kommune"
    assert "<script>document.title='taken'</script>" in opened.page.inner_text("table.list >> nth=0")
    assert opened.page.locator("img, script").count() == 0
    assert len(opened.requests) == 1


def test_the_policy_lets_nothing_run_or_be_fetched_even_if_something_got_in(browser, written) -> None:
    path = written()
    text = path.read_text(encoding="utf-8")
    got_in = "<script>document.title = 'taken'</script><img src='http://127.0.0.1:9/x.png' alt=''></body>"
    path.write_text(text.replace("</body>", got_in), encoding="utf-8")
    opened = OpenPage(browser, path)
    assert opened.page.title() != "taken"
    assert any("Content Security Policy" in said for said in opened.complaints)
    assert not [one for one in opened.page.context.pages[0].frames if one.url.startswith("http")]


def test_the_first_key_leads_past_the_contents_and_each_table_that_scrolls_is_reached(browser, written) -> None:
    tab = OpenPage(browser, written()).page
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.className") == "skip"
    box = tab.locator(".skip").bounding_box()
    assert box is not None
    assert box["y"] >= 0, "not to be seen"
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.activeElement.id") == "main"
    reached = []
    for _ in range(3):
        tab.keyboard.press("Tab")
        reached.append(tab.evaluate("document.activeElement.className"))
        assert tab.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    assert reached == ["scroll", "scroll", "scroll tall"]


def test_a_wide_matrix_scrolls_in_its_place_and_its_headings_stay(browser, written) -> None:
    tab = OpenPage(browser, written(users=300, services=40)).page
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    region = tab.locator(".tall")
    region.evaluate("one => one.scrollTo(600, 3000)")
    frame, corner = region.bounding_box(), tab.locator("table.matrix thead .user").bounding_box()
    assert frame is not None
    assert corner is not None
    assert abs(corner["x"] - frame["x"]) <= 2
    assert abs(corner["y"] - frame["y"]) <= 2
    row = tab.locator("table.matrix tbody .user >> nth=150").bounding_box()
    assert row is not None
    assert abs(row["x"] - frame["x"]) <= 2
    region.focus()
    before = region.evaluate("one => one.scrollTop")
    for _ in range(300):  # a busy browser can lose a key
        tab.keyboard.press("PageDown")
        tab.wait_for_timeout(100)
        if region.evaluate("one => one.scrollTop") > before:
            break
    assert region.evaluate("one => one.scrollTop") > before


def test_a_narrow_screen_need_not_be_scrolled_sideways(browser, written) -> None:
    opened = OpenPage(browser, written(users=40, services=20), width=320)
    assert opened.page.evaluate("document.documentElement.scrollWidth") == 320
    assert opened.violations() == []


def test_on_paper_the_matrix_lies_across_and_its_headings_are_on_each_sheet(browser, written, tmp_path) -> None:
    opened = OpenPage(browser, written(users=300, services=40))
    printed = opened.page.pdf(path=tmp_path / "page.pdf", prefer_css_page_size=True)
    sheets = [tuple(map(float, found)) for found in re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", printed)]
    upright = [one for one in sheets if one[0] < one[1]]
    across = [one for one in sheets if one[0] > one[1]]
    assert len(upright) >= 2
    assert 5 <= len(across) <= 15
    opened.page.emulate_media(media="print")
    assert opened.page.evaluate("getComputedStyle(document.querySelector('table.matrix thead')).display") == (
        "table-header-group"
    )
    a4_across = 297 / 25.4 * 96 - 2 * 11 / 25.4 * 96
    assert opened.page.evaluate("document.querySelector('table.matrix').offsetWidth") <= a4_across


def test_on_paper_nothing_is_wider_than_the_sheet(browser, written) -> None:
    """Chromium prints the whole page smaller, so that what is too wide has room."""
    upright = round((210 - 2 * 14) / 25.4 * 96)
    tab = OpenPage(browser, written(users=20, services=20), width=upright).page
    tab.emulate_media(media="print")
    tab.evaluate("document.querySelector('.wide').remove()")
    assert tab.evaluate("document.documentElement.scrollWidth") == upright


def test_the_page_of_a_client_is_the_same(browser, tmp_path) -> None:
    """From the directory and the journal, as `services matrix --html` writes it."""
    from feideprov import MarkKey, PersonRecord
    from feideprov.testing import example_directory

    key = MarkKey(b"a key for examples and nothing else")
    with Client(example_settings(tmp_path), directory=example_directory(), keys=key, on=ON) as client:
        people = [PersonRecord(source_id="p1", given_name="Olena", family_name="K", school="hylla", role="pupil")]
        client.apply(client.plan(people))
        client.services.register.put([_service(0), _service(5)])
        path = tmp_path / "page.html"
        path.write_text(client.services.page("en"), encoding="utf-8")
        [user] = client.pending()
    opened = OpenPage(browser, path)
    assert user.user.partition("@")[0] in opened.page.inner_text("table.matrix")
    assert (opened.complaints, opened.violations()) == ([], [])


def test_axe_core_is_of_the_version_that_is_named() -> None:
    assert "axe v4.14.1" in axe_core()[:200]
