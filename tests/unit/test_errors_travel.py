"""Every error can be copied, sent to another process and written as JSON, and is afterwards what it was."""

from __future__ import annotations

import copy
import importlib
import json
import multiprocessing
import pickle
import pkgutil
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor

import pytest

import feideprov
from feideprov import ConfigurationError, DirectoryError, FeideProvError, Refusal, Refused
from feideprov.messages import Sentence


def tree(root: type[FeideProvError] = FeideProvError) -> Iterator[type[FeideProvError]]:
    yield root
    for below in root.__subclasses__():
        yield from tree(below)


for module in pkgutil.walk_packages(feideprov.__path__, "feideprov."):
    if module.name.split(".")[1] not in ("cli", "reference", "testing", "__main__"):
        try:
            importlib.import_module(module.name)
        except ImportError as missing:  # an extra that is not installed
            if str(missing.name).startswith("feideprov"):
                raise

SENTENCE = Sentence("{user} is {count} thing.", plural="{user} are {count} things.", user="olga@a.no", count=2)


def one_of(kind: type[FeideProvError]) -> FeideProvError:
    """An error of this class, with a code if it has one."""
    code = {"code": 49} if issubclass(kind, DirectoryError) else {"code": "R-NO-USER"}
    for more in ({}, code, {"permanent": True}):
        try:
            error = kind(SENTENCE, **more)
        except TypeError:
            continue
        if more or not issubclass(kind, DirectoryError | Refused):
            error.realm, error.server = "a.no", "ldap.a.no:636"
            return error
    raise AssertionError(kind)


def raised(error: FeideProvError) -> None:
    raise error


WAYS = {"pickle": lambda one: pickle.loads(pickle.dumps(one)), "deepcopy": copy.deepcopy, "copy": copy.copy}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", sorted(set(tree()), key=lambda one: one.__name__), ids=lambda one: one.__name__)
def test_an_error_is_afterwards_what_it_was(kind: type[FeideProvError], way: str) -> None:
    error = one_of(kind)
    again = WAYS[way](error)
    assert type(again) is kind
    assert again.__dict__ == error.__dict__
    assert (str(again), again.args, again.exit_code) == (str(error), error.args, error.exit_code)
    assert (again.sentence.template, again.sentence.values) == (SENTENCE.template, SENTENCE.values)
    assert json.loads(json.dumps(again.as_dict())) == error.as_dict()


def test_json_has_the_code_the_realm_and_the_server() -> None:
    refused = Refused(SENTENCE, code="N-TENOR", held=True)
    assert refused.as_dict() == {
        "error": "Refused",
        "code": "N-TENOR",
        "ldap_code": None,
        "sentence": "olga@a.no are 2 things.",
        "realm": None,
        "server": None,
        "held": True,
        "exit_code": 1,
    }
    down = DirectoryError(SENTENCE, code=52, server="ldap.a.no:636", before_writing=True)
    down.realm = "a.no"
    found = down.as_dict()
    assert (found["code"], found["ldap_code"], found["realm"], found["server"]) == (None, 52, "a.no", "ldap.a.no:636")
    assert (found["error"], found["exit_code"], found["held"]) == ("DirectoryError", 2, False)
    assert str(down) == "a.no: olga@a.no are 2 things."


def test_an_error_comes_out_of_a_pool_of_processes_and_the_pool_works_on() -> None:
    errors = [Refused(SENTENCE, code="N-TENOR", held=True), DirectoryError(SENTENCE, code=52), ConfigurationError("x")]
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("fork")) as pool:
        for error in errors:
            came = pool.submit(raised, error).exception()
            assert isinstance(came, type(error))
            assert came.as_dict() == error.as_dict()


def test_a_refusal_travels_with_its_cause() -> None:
    refusal = Refusal("R-FAILED", SENTENCE, cause=DirectoryError(SENTENCE, code=53, server="a.no:389"))
    again = pickle.loads(pickle.dumps(refusal))
    assert again == refusal
    assert again.cause.as_dict() == refusal.cause.as_dict()
