"""Answers of providers: what is written down, and which notices they make owed."""

from __future__ import annotations

import re
from datetime import date

import pytest

from feideprov import Refused
from feideprov.services.answers import NewAnswer, state_of
from feideprov.services.outbox.templates import TEMPLATES
from feideprov.services.register.service import Dependency, Provider
from tests.unit.services.conftest import D_NUMBER, FOLLOWS, ON, SEEN, service

ASKED_FROM = {"source": "mail from the provider"}


def test_an_answer_is_kept_with_its_date_and_source_and_who_wrote_it_down(client):
    client.services.register.put([service()])
    answered = client.services.answer("feide:1", "can-serve", source=" mail  of 20 November ", on=date(2026, 11, 20))
    answer = client.services.register.get("feide:1").answer
    assert answered.service.answer == answer
    assert (answer.state, answer.on, answer.source) == (
        Dependency.CAN_SERVE,
        date(2026, 11, 20),
        "mail of 20 November",
    )
    assert answer.by == "Kari"


def test_what_was_answered_before_is_kept(client):
    client.services.register.put([service()])
    for state in ("no-answer", "can-serve", "cannot-serve"):
        client.services.answer("feide:1", state, **ASKED_FROM)
    found = client.services.register.get("feide:1")
    assert found.answer.state is Dependency.CANNOT_SERVE
    assert [one.state for one in found.earlier] == [Dependency.NO_ANSWER, Dependency.CAN_SERVE]


def test_the_same_answer_twice_is_one(client):
    client.services.register.put([service()])
    for _ in range(2):
        client.services.answer("feide:1", "can-serve", **ASKED_FROM)
    assert client.services.register.get("feide:1").earlier == ()


def test_a_service_is_found_by_a_name_that_no_other_one_has(client):
    client.services.register.put([service("a", names={"nb": "Lexin", "en": "The Lexin"}), service("b")])
    assert client.services.answer("  the lexin ", "can-serve", **ASKED_FROM).service.id == "a"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (NewAnswer("c", Dependency.CAN_SERVE, ON, "mail"), "S-NO-SERVICE"),
        (NewAnswer("Lexin", Dependency.CAN_SERVE, ON, "mail"), "S-TWO-SERVICES"),
        (NewAnswer("a", Dependency.CAN_SERVE, ON, " "), "S-SOURCE"),
        (NewAnswer("a", Dependency.CAN_SERVE, ON, f"mail about {D_NUMBER}"), "S-SOURCE"),
        (NewAnswer("a", Dependency.CAN_SERVE, date(2026, 11, 23), "mail"), "S-DATE"),
    ],
    ids=["no-service", "two-services", "no-source", "number-in-source", "tomorrow"],
)
def test_an_answer_that_cannot_be_written_down_is_refused_with_the_others(client, answer, code):
    client.services.register.put([service(one, names={"nb": "Lexin"}) for one in ("a", "b")])
    before = client.services.all()
    with pytest.raises(Refused) as refused:
        client.services.book.write([NewAnswer("b", Dependency.CAN_SERVE, ON, "mail"), answer])
    assert refused.value.code == code
    assert D_NUMBER not in str(refused.value)
    assert client.services.all() == before


def test_a_word_that_is_no_answer_is_refused_with_those_that_are(client):
    assert state_of(" Kan_ikke betjene") is Dependency.CANNOT_SERVE
    with pytest.raises(Refused, match="does-not-depend, can-serve") as refused:
        state_of("perhaps")
    assert refused.value.code == "S-ANSWER"


LETTERS = {"A": Dependency.INDEPENDENT, "B": Dependency.CAN_SERVE, "C": Dependency.CANNOT_SERVE}


@pytest.mark.parametrize("form", ["{}", " {} ", "{})", "({})", "{}.", "{}:", "«{}»", '"{}"'])
def test_the_letters_of_the_question_are_answers(form):
    for letter, state in LETTERS.items():
        assert state_of(form.format(letter)) is state_of(form.format(letter.lower())) is state


@pytest.mark.parametrize("form", ["{}\u200b", "\ufeff{})", "*{}*"])
def test_a_letter_that_was_copied_with_what_is_not_seen_is_an_answer(form):
    for letter, state in LETTERS.items():
        assert state_of(form.format(letter)) is state


@pytest.mark.parametrize("letter", ["\u0410", "\u0412", "\u0421"])  # А, В and С as in Ukrainian
def test_a_letter_of_another_alphabet_is_told_apart(letter):
    with pytest.raises(Refused, match=r"known answers \(character 1 is U\+04.. CYRILLIC CAPITAL LETTER"):
        state_of(letter)
    with pytest.raises(Refused, match=r"known answers\. Write"):
        state_of("perhaps")


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_each_line_that_a_question_offers_is_an_answer(language):
    text = (TEMPLATES / f"question.{language}.txt.j2").read_text(encoding="utf-8")
    offered = re.findall(r"^  ([A-Z])  (.+)$", text, re.MULTILINE)
    assert [letter for letter, _ in offered] == list(LETTERS)
    for letter, words in offered:
        for answer in (words, f"{letter}  {words}", f"{letter}) {words}.", f"{letter}: {words.upper()}"):
            assert state_of(answer) is LETTERS[letter]


@pytest.mark.parametrize(
    "text", ["D", "AB", "A/B", "A eller B", "ja", "A  trenger nummeret, og kan ikke brukes uten", "B den 3. mai", "()"]
)
def test_what_is_not_one_letter_is_no_answer(text):
    with pytest.raises(Refused) as refused:
        state_of(text)
    assert refused.value.code == "S-ANSWER"


def test_whoever_writes_something_else_is_told_of_the_letters():
    with pytest.raises(Refused, match="A, B or C"):
        state_of("perhaps")


def test_letters_are_read_in_a_list_and_for_a_whole_provider(client, tmp_path):
    client.services.register.put([service(letter) for letter in "abc"])
    path = tmp_path / "svar.csv"
    path.write_text("tjeneste;svar;kilde\na;A;brev\nb;b);brev\nc; C.;brev\n", encoding="utf-8")
    done = client.services.answers_from(path)
    assert (done.refusals, [one.service.answer.state for one in done.answered]) == ((), list(LETTERS.values()))
    assert {one.service.answer.state for one in client.services.answer_for("7", "b", **ASKED_FROM)} == {LETTERS["B"]}


@pytest.mark.parametrize(
    ("state", "kinds"),
    [
        ("can-serve", ["attach", "replace", "withdraw"]),
        ("cannot-serve", ["replace", "withdraw"]),
        ("does-not-depend", []),
        ("no-answer", []),
    ],
)
def test_an_answer_makes_owed_what_changed_while_it_was_unknown(client, user_of, owed, state, kinds):
    client.services.register.put([service()])
    user = user_of("p1")
    client.attach(user, D_NUMBER, evidence=SEEN)
    client.replace(user, D_NUMBER, FOLLOWS, evidence=SEEN)
    client.withdraw(user, FOLLOWS)
    assert owed() == []
    assert client.services.answer("feide:1", state, **ASKED_FROM).owed == len(kinds)
    assert owed() == [(kind, "feide:1") for kind in kinds]


def test_an_answer_makes_nothing_owed_from_before_it_became_unknown(client, user_of, owed):
    client.attach(user_of("p1"), D_NUMBER, evidence=SEEN)
    client.services.register.put([service(unsettled_since="2099-01-01T00:00:00+00:00")])
    assert client.services.answer("feide:1", "can-serve", **ASKED_FROM).owed == 0
    assert client.services.answer("feide:1", "can-serve", since=date(2026, 1, 1), **ASKED_FROM).owed == 1
    assert owed() == [("attach", "feide:1")]


def test_a_provider_that_need_not_know_after_all_is_told_nothing_until_it_has_to(client, user_of):
    client.services.register.put([service(state=Dependency.CAN_SERVE), service("feide:2", Dependency.CAN_SERVE)])

    def told() -> list[str]:
        return sorted(line.service.id for notice in client.services.notices() for line in notice.lines)

    client.attach(user_of("p1"), D_NUMBER, evidence=SEEN)
    assert told() == ["feide:1", "feide:2"]
    for state, due in (("does-not-depend", 0), ("cannot-serve", 0), ("can-serve", 1)):
        assert client.services.answer("feide:1", state, **ASKED_FROM).owed == due
        assert told() == ["feide:1", "feide:2"] if due else ["feide:2"]


def test_an_answer_about_a_service_that_is_not_activated_here_makes_nothing_owed(client, user_of, owed):
    client.services.register.put([service(activated=None)])
    client.attach(user_of("p1"), D_NUMBER, evidence=SEEN)
    client.services.answer("feide:1", "can-serve", **ASKED_FROM)
    assert owed() == []


def test_an_answer_concerns_the_users_that_the_service_is_for(client, user_of, owed):
    client.services.register.put(
        [
            service("berg", audience={"schools": ("berg",)}),
            service("hylla", audience={"schools": ("hylla",)}),
            service("teachers", audience={"roles": ("teacher",)}),
            service("elsewhere", audience={"schools": ("a school that is closed",)}),
        ]
    )
    client.attach(user_of("p1"), D_NUMBER, evidence=SEEN)
    for one in ("berg", "hylla", "teachers", "elsewhere"):
        client.services.answer(one, "can-serve", **ASKED_FROM)
    assert owed() == [("attach", "elsewhere"), ("attach", "hylla")]


def test_a_question_that_was_put_by_hand_has_its_day_from_which_a_reminder_is_reckoned(client):
    client.services.register.put([service()])
    client.services.answer("feide:1", "asked", source="a call", on=date(2026, 11, 1))
    found = client.services.register.get("feide:1")
    assert (found.asked_on, found.reminder_due_on(14)) == (date(2026, 11, 1), date(2026, 11, 15))
    client.services.answer("feide:1", "can-serve", **ASKED_FROM)
    assert client.services.register.get("feide:1").reminder_due_on(14) is None


def test_names_in_notices_have_a_basis_with_a_date_and_it_can_be_taken_back(client):
    client.services.register.put([service()])
    allowed = client.services.allow_names("feide:1", "data processing agreement, section 4", date(2026, 8, 1))
    assert allowed.basis_for_names is not None
    assert client.services.register.get("feide:1") == allowed
    assert client.services.allow_names("feide:1", "", ON).basis_for_names is None


def test_what_others_write_meanwhile_is_not_lost(client):
    """The register is read and written in one transaction."""
    register = client.services.register
    register.put([service()])
    client.services.answer("feide:1", "can-serve", **ASKED_FROM)
    renamed = Provider(id="7", name="Ny leverandør AS")
    register.revise(["feide:1", "not there"], lambda one: one.model_copy(update={"provider": renamed}))
    found = register.get("feide:1")
    assert (found.provider, found.answer.state) == (renamed, Dependency.CAN_SERVE)


def test_an_answer_of_a_provider_reaches_as_far_back_as_it_is_told_to(client, user_of, owed):
    client.services.register.put([service(unsettled_since="2999")])
    client.attach(user_of("p1"), D_NUMBER, evidence=SEEN)
    client.services.answer_for("7", "can-serve", source="a call")
    assert owed() == []
    client.services.answer_for("7", "can-serve", source="a call", since=date(2020, 1, 1))
    assert owed() == [("attach", "feide:1")]
