"""Sentences as data: what they say, in which language, and that every one of the program is one."""

from __future__ import annotations

import ast
import copy
import gettext
import pickle
import re
import string
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest
from sources import PACKAGE, Trees

from feideprov import Refused, messages
from feideprov.messages import Sentence, joined, listed


class Norwegian(gettext.NullTranslations):
    """A catalogue of three sentences."""

    KNOWN: ClassVar = {
        "There is no user {user}.": "Det finnes ingen bruker {user}.",
        "{names} and {last}": "{names} og {last}",
        "{part0} {part1}": "{part0} {part1}",
    }

    def gettext(self, message: str) -> str:
        return self.KNOWN.get(message, message)

    def ngettext(self, one: str, many: str, count: int) -> str:
        return "{count} bruker" if count == 1 else "{count} brukere"


@pytest.fixture
def in_norwegian(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "catalogue_in", lambda language: Norwegian() if language == "nb" else gettext)


def test_a_sentence_is_its_english_text() -> None:
    said = Sentence("There is no user {user}.", user="kari")
    assert said == "There is no user kari."
    assert (said.template, said.values) == ("There is no user {user}.", {"user": "kari"})
    assert said.in_language("nb") == "There is no user kari."


def test_it_is_said_in_the_language_of_a_catalogue(in_norwegian: None) -> None:
    assert Sentence("There is no user {user}.", user="kari").in_language("nb") == "Det finnes ingen bruker kari."


def test_a_sentence_within_a_sentence_is_said_in_the_same_language(in_norwegian: None) -> None:
    said = joined([Sentence("There is no user {user}.", user=listed(["a", "b", "c"])), "", "Olé {}."])
    assert said == "There is no user a, b and c. Olé {}."
    assert said.in_language("nb") == "Det finnes ingen bruker a, b og c. Olé {}."


@pytest.mark.parametrize(("count", "en", "nb"), [(1, "1 user", "1 bruker"), (2, "2 users", "2 brukere")])
def test_a_count_chooses_singular_or_plural(in_norwegian: None, count: int, en: str, nb: str) -> None:
    said = Sentence("{count} user", plural="{count} users", count=count)
    assert (said, said.in_language("nb")) == (en, nb)


def test_a_word_that_is_also_counted_is_found_alone_where_gettext_looks_for_the_text_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As the gettext of Python 3.11.2 does."""
    monkeypatch.setattr(
        gettext.GNUTranslations, "gettext", lambda catalogue, text: vars(catalogue)["_catalog"].get(text, text)
    )
    assert Sentence("organization").in_language("nb") == "vertsorganisasjon"
    assert Sentence("not known").in_language("nb") == "ikke kjent"
    assert Sentence("error").in_language("nb") == "feil"


def test_a_sentence_survives_copies_and_pickles() -> None:
    said = Sentence("{count} user {name}", plural="{count} users {name}", count=3, name="ø")
    for again in (copy.copy(said), copy.deepcopy(said), pickle.loads(pickle.dumps(said))):
        assert (again, again.template, again.plural, again.values) == (said, said.template, said.plural, said.values)


def test_an_error_carries_its_sentence() -> None:
    error = Refused(Sentence("There is no user {user}.", user="kari"), code="R-NO-USER")
    assert (str(error), error.sentence.template) == ("There is no user kari.", "There is no user {user}.")
    assert Refused("{as it stands}", code="R-NO-USER").sentence == "{as it stands}"


def calls_of_sentence(trees: Trees) -> Iterator[tuple[str, ast.Call]]:
    """Where each call is, and the call."""
    for path, tree in trees.items():
        for node in ast.walk(tree) if path != Path(messages.__file__) else ():
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Sentence":
                yield f"{path.relative_to(PACKAGE)}, line {node.lineno}", node


def test_every_template_is_a_constant_whose_placeholders_are_given(trees: Trees) -> None:
    for where, call in calls_of_sentence(trees):
        given = {keyword.arg for keyword in call.keywords} - {"plural"}
        templates = [call.args[0], *(k.value for k in call.keywords if k.arg == "plural")]
        for template in templates:
            assert isinstance(template, ast.Constant), f"{where}: the template is not a constant"
            wanted = {
                name.split(".")[0].split("[")[0] for _, name, _, _ in string.Formatter().parse(template.value) if name
            }
            assert wanted <= given, f"{where}: {wanted} and {given}"
        assert None not in given, f"{where}: values are named"


def test_what_is_counted_has_a_singular_and_a_plural(trees: Trees) -> None:
    """A number is called `count` when a word of the sentence depends on it, and only then."""
    wrong = []
    for where, call in calls_of_sentence(trees):
        counted = re.search(r"\{count[}:]", call.args[0].value) is not None
        if counted and not any(keyword.arg == "plural" for keyword in call.keywords):
            wrong.append(f"{where}: no plural")
        if re.search(r"\w\(s\)", call.args[0].value):
            wrong.append(f"{where}: (s)")
    assert wrong == []


SENTENCE_OF = {
    "ConfigurationError": 0,
    "InputError": 0,
    "DirectoryError": 0,
    "JournalError": 0,
    "Refused": 0,
    "NotSent": 0,
    "Refusal": 1,
    "refuse": 1,
    "held": 2,
    "Finding": 2,
    "error": 1,
    "warning": 1,
    "note": 1,
    "good": 1,
    "unknown": 1,
    "skipped": 1,
}
"""What takes a sentence, and which of its arguments that is."""


def test_what_is_said_to_a_person_is_a_sentence_and_no_other_text(trees: Trees) -> None:
    for path, node in ((path, node) for path, tree in trees.items() for node in ast.walk(tree)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", None) or getattr(node.func, "attr", "")
            place = SENTENCE_OF.get(name)
            said = [k.value for k in node.keywords if k.arg == "sentence"]
            said += node.args[place : place + 1] if place is not None else []
        elif isinstance(node, ast.FunctionDef) and node.name == "sentence":
            said = [n.value for n in ast.walk(node) if isinstance(n, ast.Return)]
        else:
            continue
        for one in said:
            where = f"{path.relative_to(PACKAGE)}, line {one.lineno}"
            assert not isinstance(one, ast.JoinedStr), f"{where}: an f-string, not a Sentence"
            is_text = isinstance(one, ast.Constant) and isinstance(one.value, str) and one.value
            assert not is_text, f"{where}: a text, not a Sentence"
