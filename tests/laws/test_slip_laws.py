"""Laws of slips: each says its own user's name and password, once, and nothing of others or of why the user is new."""

from __future__ import annotations

import re
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from feideprov.feide.initial_password import InitialPassword
from feideprov.provision.run.handover_row import HandoverRow
from feideprov.settings.daily import SlipsSection
from feideprov.slips.card import Cards, Choice, cards_of
from feideprov.slips.card_page import LoginFacts, slips_page
from feideprov.slips.languages import EVERY, OTHERS, RIGHT_TO_LEFT
from feideprov.slips.roster import Member, SchoolClass
from feideprov.slips.teacher import sheets_of
from feideprov.slips.teacher_page import teacher_page
from feideprov.slips.texts import TEXTS, texts_in
from feideprov.testing import example_settings
from feideprov.wiring import organization_of

ON = date(2026, 11, 22)
ORGANIZATION = organization_of(example_settings(Path()))
ALL = SlipsSection(contact="IKT-hjelpen", reviewed_by=dict.fromkeys(OTHERS, "Kari"))
FACTS = LoginFacts("Skotthyll kommune", "https://skole.example/", "https://passord.example/bytt?a=1&b=2")
SIGNS = st.sampled_from("<>&'\"=+-@,;\t\r\n{}%\\/\u202e\u2066\u200f\x00\x1b\ufeff٣aÅل 15")
ATTACKS = st.sampled_from(["<img src=x>", "<h2>x</h2>", "</section><script>x</script>", '" dir="rtl', "{{ 7 * 7 }}"])
WORDS = ATTACKS | st.text(SIGNS | st.characters(exclude_categories=["Cs"]), max_size=40)


@st.composite
def members(draw: st.DrawFn) -> list[Member]:
    found = []
    for number in range(draw(st.integers(0, 5))):
        protected, school = draw(st.booleans()), draw(st.sampled_from(["hylla", "berg", ""]))
        classes = draw(st.lists(st.builds(SchoolClass, st.just(school), WORDS), max_size=2, unique=True))
        name = "Skjermet Skjult" if protected else draw(WORDS)
        language, grade = draw(st.sampled_from([*EVERY, "pl", "", "uk-UA"])), draw(st.none() | st.integers(1, 13))
        user = f"bruker{number}@skotthyll.kommune.no"
        found.append(Member(user, name, school, tuple(classes), grade, language, protected=protected))
    return found


def cards(
    people: list[Member], section: SlipsSection = ALL, choice: Choice | None = None
) -> tuple[Cards, list[HandoverRow]]:
    rows = [HandoverRow(one.user, one.name, "", password=InitialPassword.new().reveal()) for one in people]
    return cards_of(rows, {one.user: one for one in people}, ORGANIZATION, section, choice or Choice()), rows


class Parsed(HTMLParser):
    """The elements and the text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, tuple[tuple[str, str | None], ...]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, tuple(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


@settings(deadline=None)
@given(members(), st.sampled_from([1, 4]))
def test_each_slip_says_its_name_and_password_once_and_no_protected_person_has_one(people, per_page):
    found, rows = cards(people)
    text = Parsed(slips_page(found.cards, FACTS, per_page)).text
    passwords = {row.user: row.password for row in rows}
    for one in people:
        times = 0 if one.protected else 1
        assert (text.count(one.user), text.count(passwords[one.user])) == (times, times)
    assert "Skjermet" not in text
    assert sorted(found.protected) == sorted(one.user for one in people if one.protected)


@settings(deadline=None)
@given(members())
def test_what_others_wrote_is_text_and_nothing_is_fetched(people):
    found, _ = cards(people)
    page = Parsed(slips_page(found.cards, FACTS))
    tags = [tag for tag, _ in page.elements]
    assert {"script", "img", "iframe", "object", "form", "a"}.isdisjoint(tags)
    assert [value for tag, attributes in page.elements for name, value in attributes if name in ("src", "href")] == [
        "data:,"
    ]
    assert tags.count("section") == len(found.cards)
    assert tags.count("h2") == len(found.cards)
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200e\u200f\x00\x1b]", page.text)


@settings(deadline=None)
@given(members())
def test_a_card_is_written_in_the_direction_of_its_language_and_its_values_are_not(people):
    found, _ = cards(people)
    page = Parsed(slips_page(found.cards, FACTS))
    sections = [dict(attributes) for tag, attributes in page.elements if tag == "section"]
    for card, attributes in zip(found.cards, sections, strict=True):
        assert attributes["lang"] == card.languages[0]
        assert attributes["dir"] == ("rtl" if card.languages[0] in RIGHT_TO_LEFT else "ltr")
    ltr = [attributes for tag, attributes in page.elements if tag == "bdi" and ("dir", "ltr") in attributes]
    assert len(ltr) >= 2 * len(found.cards)


@settings(deadline=None)
@given(members(), st.sets(st.sampled_from(OTHERS)))
def test_only_texts_that_somebody_has_read_are_printed(people, reviewed):
    found, _ = cards(people, SlipsSection(reviewed_by=dict.fromkeys(reviewed, "Kari")))
    printed = {language for card in found.cards for language in card.languages}
    assert printed <= {"nb", "nn", "en"} | reviewed
    languages = {one.user: one.language.partition("-")[0] for one in people}
    for card in found.cards:
        own = languages[card.user]
        known = own in ("nb", "nn", "en") or own in reviewed
        assert card.languages == ((own,) if known else ("nb", "en"))
    assert set(found.not_reviewed).isdisjoint(reviewed)


@settings(deadline=None)
@given(members(), st.sampled_from(["nb", "nn", "en"]), st.sets(st.integers(0, 5)))
def test_a_teachers_sheet_has_no_protected_person_and_no_password(people, language, new):
    users = frozenset(one.user for one in people)
    found = sheets_of(
        {one.user: one for one in people},
        ORGANIZATION,
        (),
        Choice(),
        affected=users,
        on=ON,
        new=frozenset(f"bruker{number}@skotthyll.kommune.no" for number in new) & users,
    )
    text = Parsed(teacher_page(found, "Skotthyll", "", language)).text
    assert found.protected == sum(one.protected for one in people)
    for one in people:
        assert text.count(one.user) == (0 if one.protected else max(1, len(one.classes)))
    assert "Skjermet" not in text


WHY = re.compile(
    r"flykt|refugee|asyl|asylum|nummer|number|fødsels|duf|venter|pending|introduks|skjerm|protect"
    r"|біжен|номер|бежен|لاجئ|رقم|پناه|شماره|ስደተኛ|ቁጽሪ|qaxoot|lambar",
    re.IGNORECASE,
)


def test_no_text_of_a_card_says_why_somebody_is_new() -> None:
    for language in EVERY:
        assert not WHY.search(" ".join(texts_in(language).values())), language


def test_every_language_has_every_text_with_the_same_placeholders() -> None:
    english = texts_in("en")
    assert list(english) == list(TEXTS)
    for language in EVERY:
        texts = texts_in(language)
        assert list(texts) == list(TEXTS)
        for key, text in texts.items():
            assert re.findall(r"{\w+}", text) == re.findall(r"{\w+}", english[key]), (language, key)
            assert text.strip() == text != ""
            assert language == "en" or text != english[key], (language, key)
