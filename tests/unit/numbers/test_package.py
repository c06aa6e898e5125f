"""The tables agree with each other, the package is light, its examples are true."""

from __future__ import annotations

import copy
import doctest
import importlib
import pickle
import pkgutil
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

import feideprov.numbers as package
from feideprov import messages
from feideprov.errors import InputError
from feideprov.numbers import KINDS, SENTENCES, NumberKind, NumberPolicy, judge_number

MODULES = [m.name for m in pkgutil.iter_modules(package.__path__)]


def test_all_is_what_there_is():
    assert package.__all__ == sorted(package.__all__, key=lambda n: (not n.isupper(), n[0].islower(), n))
    assert all(hasattr(package, name) for name in package.__all__)


@pytest.mark.parametrize("module", MODULES)
def test_the_examples_are_true(module):
    assert doctest.testmod(importlib.import_module(f"feideprov.numbers.{module}")).failed == 0


def test_every_kind_has_one_row_and_every_code_a_kind():
    assert [row.kind for row in KINDS] == list(NumberKind)
    assert {code for row in KINDS for code in row.codes} == set(SENTENCES)


@pytest.mark.parametrize("code", SENTENCES)
def test_sentences_are_sentences_in_three_languages(code):
    said = SENTENCES[code].in_every_language()
    for sentence in said:
        assert sentence.endswith(".")
        assert sentence[0].isupper()
        assert "  " not in sentence
        assert not re.search(r"\d{5}", sentence)
    assert len(said) == 3
    assert "{" not in "".join(said), "nothing is put into them"


def test_a_verdict_speaks_three_languages():
    verdict = judge_number("", on=date(2026, 11, 22))
    assert verdict.sentence == verdict.say("en")
    said = SENTENCES["N-EMPTY"].in_every_language()
    assert tuple(map(verdict.say, messages.LANGUAGES)) == verdict.sentence.in_every_language() == said
    for again in (copy.deepcopy(verdict.sentence), pickle.loads(pickle.dumps(verdict.sentence))):
        assert again.in_every_language() == said
    with pytest.raises(InputError, match="en, nb or nn"):
        verdict.say("de")


def test_a_policy_knows_two_ways_with_duf_numbers():
    with pytest.raises(InputError, match="leave-out"):
        NumberPolicy(duf="yes")


def test_the_import_is_light():
    # A bare stand-in for the package above, so that only this package's own imports are seen.
    program = (
        "import sys, types; top = types.ModuleType('feideprov'); top.__path__ = [sys.argv[1]];"
        "sys.modules['feideprov'] = top; import feideprov.numbers;"
        "sys.exit(any(m in sys.modules for m in ('pydantic', 'pydantic_core', 'ldap3', 'sqlalchemy')))"
    )
    top = str(Path(package.__file__).parents[1])
    assert subprocess.run([sys.executable, "-P", "-c", program, top], check=False).returncode == 0
