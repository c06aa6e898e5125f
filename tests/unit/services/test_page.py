"""The page as text: what it says, in which language, and that nothing that others wrote becomes markup."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from importlib.resources import files

import pytest
from norwegian import english_words

from feideprov.pages.page import phrases
from feideprov.services.owed import ChangeKind
from feideprov.services.register.service import SETTLED, Answer, Audience, Dependency, Provider, Way
from feideprov.services.report.matrix import matrix_of
from feideprov.services.report.page import page, parts_of
from feideprov.services.report.page_words import PHRASES
from feideprov.services.report.situation import Age, DueChanges, Situation
from feideprov.testing import example_settings
from feideprov.wiring import organization_of
from tests.unit.services.conftest import D_NUMBER, ON, service
from tests.unit.services.test_matrix import waiting

STYLE = "\n".join(
    files(package).joinpath(name).read_text(encoding="utf-8")
    for package, name in (("feideprov.pages", "page.css"), ("feideprov.services.report", "templates/page.css"))
)


@pytest.fixture
def situation(tmp_path):
    """Makes a situation of services and users; every service is owed notices."""
    organization = organization_of(example_settings(tmp_path))

    def make(*services, users=(), protected=0):
        matrix = matrix_of(services, users, organization, ON)
        kinds = {ChangeKind.REGISTERED: 2, ChangeKind.CHANGED: 1}
        due = tuple(DueChanges(one, kinds, ON, failed=True) for one in matrix.services)
        return Situation(organization, matrix, len(services), 1, ON, due, len(due), sent_recently=3, arrived_recently=4)

    return make


class Read(HTMLParser):
    """The elements, the texts and the attributes of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.text += data


HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</title></style><iframe src=//evil.example>",
    "{{ 7 * 7 }}{% raw %}",
    "{0.__class__}{n}",
    "&lt;b&gt;",
    "' onmouseover='x",
)


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_what_others_wrote_is_text_and_never_markup(situation, words):
    def made(text):
        answer = Answer(state=Dependency.CAN_SERVE, on=ON, source=text)
        one = service(text, names={"": text}, provider=Provider(id=text, name=text), answer=answer)
        return Read(page(situation(one, users=[waiting(text)])))

    read, harmless = made(words), made("Lexin")
    assert read.elements == harmless.elements
    assert [name for name, _ in read.attributes] == [name for name, _ in harmless.attributes]
    assert read.text.count(words) >= 5


@pytest.mark.parametrize("sign", ["\u202e", "\u202d", "\u2066", "\u2069", "\u200f", "\u200e", "\x1b", "\x00", "\u2028"])
def test_what_turns_the_direction_of_text_around_is_left_out(situation, sign):
    one = service(names={"nb": f"Le{sign}xin"}, provider=Provider(id="1", name=f"{sign}AS"))
    assert sign not in page(situation(one, users=[waiting(f"ole{sign}nkova")]))


def test_names_in_other_scripts_stand_as_they_are_each_with_a_direction_of_its_own(situation):
    assert "<bdi>لکسین</bdi>" in page(situation(service(names={"nb": "لکسین"})))


def test_no_number_in_a_name_comes_into_the_page(situation):
    answer = Answer(state=Dependency.CAN_SERVE, on=ON, source=f"mail {D_NUMBER}")
    one = service(names={"nb": f"Lexin {D_NUMBER[:6]} {D_NUMBER[6:]}"}, answer=answer)
    text = page(situation(one, users=[waiting()]))
    assert D_NUMBER not in text
    assert D_NUMBER[6:] not in text


def test_protected_users_are_counted_never_listed(situation):
    text = page(situation(service(), users=[waiting(), waiting("hemmelig", protected=True)]), "en")
    assert "hemmelig" not in text
    read = Read(text)
    assert "1 of them protected, not listed" in read.text
    assert re.search(r"Protected users \(counted only here\)\s*1\s", read.text)


def test_the_page_says_each_state_of_each_service_in_words(situation):
    text = Read(page(situation(*(service(state.value, state) for state in Dependency), users=[waiting()]), "en")).text
    for state in Dependency:
        assert str(PHRASES[f"state.{state}"]) in text
    for cell in ("has problems", "not clarified", "served without a number", "needs no number"):
        assert text.count(cell) >= 2


@pytest.mark.parametrize("language", ["nb", "en", "nn"])
def test_the_page_tells_steps_ages_services_notices_and_matrix(situation, language):
    text = page(situation(service(names={"nb": "Lexin"}), users=[waiting(), waiting("ivan", None)]), language)
    assert f'<html lang="{language}"' in text
    read, say = Read(text), phrases(PHRASES, language)
    for key in ("steps", "ages", "services", "notices", "matrix", *(f"step.{n}" for n in range(1, 6))):
        assert say(key) in read.text
    for age in Age:
        assert say(f"age.{age}") in read.text
    for said in ("olenkova", "ivan", "Lexin", "feideprov services ask", "feideprov notify"):
        assert said in read.text


def test_a_page_about_nobody_and_nothing_says_so(situation):
    text = Read(page(situation(), "en")).text
    for key in ("services.none", "notices.none", "matrix.nobody"):
        assert str(PHRASES[key]) in text


def test_each_phrase_is_said_somewhere(situation, monkeypatch):
    said = set[str]()

    def heard(table, language):
        say = phrases(table, language)
        return lambda key, *values, **named: (said.add(key), say(key, *values, **named))[1]

    monkeypatch.setattr("feideprov.pages.page.phrases", heard)
    services = [
        service(state.value, state, ways=tuple(Way), audience=Audience(roles=("pupil",))) for state in Dependency
    ]
    services += [service(f"a{place}", asked_on=ON, reminded_on=ON) for place in range(40)]
    users = [waiting(), waiting("ivan", None, roles=("staff",)), waiting("hemmelig", protected=True)]
    now = situation(*services, users=users)
    long_ago = replace(now, read_on=ON - timedelta(days=200), due=(replace(now.due[0], failed=False),), doubtful=1)
    hiding = replace(now, matrix=replace(now.matrix, hidden_numbers=1))
    for one in (now, long_ago, hiding, situation(), replace(situation(), read_on=None)):
        page(one)
    assert said == set(PHRASES)


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_where_the_answers_of_questions_come_from_is_said_in_the_language(situation, language):
    asked = Answer(state=Dependency.ASKED, on=ON, source="mail to post@lexin.example")
    silent = Answer(state=Dependency.NO_ANSWER, on=ON, source="no answer to a question and a reminder")
    made = page(situation(service("1", answer=asked), service("2", answer=silent)), language)
    text = Read(made.partition("</style>")[2]).text
    assert "e-post til post@lexin.example" in text
    assert english_words(text) == []


def test_the_page_may_do_nothing_but_show_its_own_style(situation):
    text = page(situation(service(), users=[waiting()]))
    [policy] = re.findall(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert not {"script", "iframe", "img", "form", "object", "embed", "base"} & set(Read(text).elements)
    names = {name for name, _ in Read(text).attributes}
    assert not {name for name in names if name.startswith("on")} | ({"style", "src", "srcset", "action"} & names)
    links = [value for name, value in Read(text).attributes if name in ("href", "xlink:href")]
    assert all(link.startswith("#") or link == "data:," for link in links)
    assert "url(" not in STYLE
    assert "@import" not in STYLE


def test_a_wide_matrix_is_parted_so_that_each_part_fits_on_a_sheet(situation):
    found = situation(*(service(f"s{place:03}", Dependency.CAN_SERVE) for place in range(95)), users=[waiting()])
    assert [(part.first, part.last) for part in parts_of(found.matrix)] == [(1, 40), (41, 80), (81, 95)]
    text = page(found)
    assert "tjeneste 41–80 av 95" in text
    assert text.count('<td class="served">') == 95


def test_what_is_settled_counts_each_answer(situation):
    found = situation(*(service(state.value, state) for state in Dependency))
    assert found.settled == len(SETTLED)


def palette(text: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6})", text))


def luminance(colour: str) -> float:
    """Of a colour, as WCAG 2.2 reckons it (relative luminance)."""
    digits = colour[1:] if len(colour) == 7 else "".join(c * 2 for c in colour[1:])
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


LIGHT = palette(STYLE.partition("@media (prefers-color-scheme: dark)")[0])
DARK = LIGHT | palette(STYLE.partition("@media (prefers-color-scheme: dark)")[2].partition("}")[0])
PRINT = LIGHT | palette(STYLE.partition("@media print")[2].partition("}")[0])


@pytest.mark.parametrize("colours", [LIGHT, DARK, PRINT], ids=["light", "dark", "print"])
def test_every_sign_and_text_stands_out_from_what_it_stands_on(colours):
    on = [
        ("ink", "paper"),
        ("ink", "card"),
        ("soft", "paper"),
        ("soft", "card"),
        ("accent", "paper"),
        ("accent", "card"),
    ]
    on += [(name, f"{name}-paper") for name in ("bad", "doubt", "good", "calm")]
    on += [(name, "card") for name in ("bad", "doubt", "good")]
    assert [pair for pair in on if contrast(colours[pair[0]], colours[pair[1]]) < 4.5] == []
    assert contrast(colours["bar"], colours["card"]) >= 3  # a graphical object (WCAG 2.2, 1.4.11)


def test_without_jinja2_one_sentence_names_the_extra():
    program = (
        "import sys; sys.modules['jinja2'] = None\n"
        "from feideprov.errors import ConfigurationError\n"
        "from feideprov.pages.page import SHARED, written\n"
        "try: written(SHARED, 'layout.html.j2', 'nb', {})\n"
        "except ConfigurationError as error: print(error)\n"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert said.startswith("Writing messages or the page needs the extra “services”, which is not installed. In the ")
    assert said.endswith(" -m pip install '.[services]'\n")
