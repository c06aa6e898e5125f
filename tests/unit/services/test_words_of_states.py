"""The words that screens use for states are words that are read back; sentences that are kept are said again."""

from __future__ import annotations

from decimal import Decimal

import pytest

from feideprov.messages import LANGUAGES, Sentence, joined
from feideprov.services.answers import state_of
from feideprov.services.outbox.kept_sentence import as_kept, as_said
from feideprov.services.register.service import STATES, Dependency


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_word_for_each_state_is_one_word_and_is_read_back(language):
    for state in Dependency:
        word = STATES[state].in_language(language)
        assert " " not in word
        assert state_of(word) is state
    assert [str(STATES[state]) for state in Dependency] == [state.value for state in Dependency]


def test_a_sentence_that_is_kept_is_said_in_each_language_later():
    said = joined(
        [
            Sentence(
                "{server} did not respond within {seconds:g} s.",
                server=Sentence("The mail server {host}", host="a"),
                seconds=5.0,
            ),
            Sentence("{count} notice is due.", plural="{count} notices are due.", count=2),
        ]
    )
    again = as_said(as_kept(said))
    assert again == said
    assert again.in_language("nb") == "E-postserveren a svarte ikke innen 5 s. 2 varsler gjenstår."


@pytest.mark.parametrize(
    "kept",
    ["", "An earlier version wrote this.", "{}", "[1]", '{"template": 1}', "{", '{"template": "{a}", "values": {}}'],
)
def test_what_an_earlier_version_kept_is_the_text_itself(kept):
    assert as_said(kept) == kept


def test_a_number_in_a_sentence_is_not_kept():
    said = Sentence(
        "{server} refused the message to {to} ({response}).", server="a", to="b@c.no", response="52829400197"
    )
    assert "52829400197" not in as_kept(said)
    assert as_said(as_kept(said)).in_language("nb") == "a avviste meldingen til b@c.no (…)."


def test_a_number_that_several_values_are_together_is_not_kept():
    said = Sentence("{first}{second}{third}", first="5282", second="9400", third="197")
    assert as_kept(said) == "…"


def test_a_value_that_json_does_not_have_is_kept_as_text():
    assert as_said(as_kept(Sentence("{days}", days=Decimal("1.5")))) == "1.5"
