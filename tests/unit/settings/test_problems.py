"""What pydantic, the TOML reader and the system say about a wrong value is a sentence of ours, in each language."""

from __future__ import annotations

import errno
import os
import ssl
import tomllib
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from every_setting import every_setting
from norwegian import english_words

from feideprov import ConfigurationError, Settings
from feideprov.feide.person import PersonRecord
from feideprov.messages import Sentence
from feideprov.programs import problems
from feideprov.settings import toml_errors
from feideprov.settings.template import template_in
from feideprov.settings.toml_errors import reason_of_toml
from feideprov.system_errors import reason_of

JUNK: tuple[Any, ...] = (
    *(None, 0, -1, 10**30, 1.5, float("nan"), float("inf"), True, "", "x", "9" * 5_000, "\ud800", b"\xff", [], [1]),
    *({}, {1: 2}, {"x": 1}, [{}], date(2026, 8, 31), datetime(2026, 8, 31, 1, tzinfo=UTC), object(), "3999-99-99"),
)


def content() -> dict[str, Any]:
    read = every_setting(template_in("en", "x").decode())
    read["directory"]["url"] = "ldaps://ldap.skotthyll.no"
    return read


def with_junk(value: Any, depth: int, junk: Any) -> Any:
    """The same content, with this in every place of that depth."""
    if depth == 0:
        return junk
    if isinstance(value, dict):
        return {name: with_junk(inner, depth - 1, junk) for name, inner in value.items()}
    return [with_junk(inner, depth - 1, junk) for inner in value] if isinstance(value, list) else value


def problems_of(junk: Any) -> list[str]:
    """What is said when all places of one depth in the configuration have this in them."""
    said = []
    for depth in range(5):
        try:
            Settings.of(with_junk(content(), depth, junk))
        except ConfigurationError as error:
            said.append(error.sentence)
    return said


@pytest.mark.parametrize("junk", JUNK, ids=range(len(JUNK)))
def test_every_wrong_setting_is_told_in_words_of_ours(junk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    unknown: list[str] = []

    class Otherwise(dict[str, Any]):
        def get(self, kind: str, default: Any = None) -> Any:
            if kind not in self:
                unknown.append(kind)
            return super().get(kind, default)

    monkeypatch.setattr(problems, "_SENTENCES", Otherwise(problems._SENTENCES))
    said = problems_of(junk)
    assert (unknown, [one for one in said if "Input should" in one]) == ([], [])
    assert all(isinstance(one, Sentence) for one in said)


def test_an_error_of_pydantic_that_is_not_known_is_told_without_its_text() -> None:
    said = problems.problem_of({"type": "something_new", "msg": "Input should be", "ctx": {"x": 1}})
    assert (said, said.in_language("nn")) == ("this value cannot be used", "denne verdien kan ikkje brukast")


def test_the_words_that_are_allowed_are_said_in_the_language() -> None:
    said = problems.problem_of({"type": "literal_error", "ctx": {"expected": "'a', 'b' or 'c'"}})
    assert said == "this must be “a” or “b” or “c”"
    assert said.in_language("nb") == "dette må være “a” eller “b” eller “c”"


def test_a_person_that_a_program_makes_wrongly_is_told_in_the_language() -> None:
    with pytest.raises(Exception, match="role: this must be") as told:
        PersonRecord(source_id="a", given_name="1", role="x", school="s")  # type: ignore[arg-type]
    assert english_words(told.value.sentence.in_language("nb").replace("role", "")) == []  # type: ignore[attr-defined]


BROKEN = {
    "a": "=",
    "a =": "no value",
    "a = b": "quotation marks",
    "a = 1 2": "line must end",
    'a = "b': "quotation mark is missing",
    "a = 'b": "quotation mark is missing",
    'a = """b': "quotation mark is missing",
    "a = '''b": "quotation mark is missing",
    'a = "\x01"': "not allowed",
    "a = 1 # \x01": "not allowed",
    'a = "\\q"': "backslash",
    'a = "\\uXYZQ"': "written as a number",
    'a = "\\ud800"': "written as a number",
    "a = [1": "list",
    "a = {b = 1": "brace",
    "a = {b = 1, b = 2}": "already",
    "a = 1\na = 2": "already",
    "a = {}\na.b = 1": "already",
    "[a]\n[a]": "already",
    "[a]\nb = 1\n[a.b]": "already",
    "[a": "“]”",
    "[[a]": "“]]”",
    "[æ]": "a key is missing",
    "a = 2026-02-30": "no day",
    "= 1": "must begin",
}


@pytest.mark.parametrize("text", BROKEN)
def test_what_is_no_toml_is_told_in_words_of_ours(text: str) -> None:
    with pytest.raises(tomllib.TOMLDecodeError) as raised:
        tomllib.loads(text)
    said = reason_of_toml(raised.value)
    assert BROKEN[text] in said
    assert said.values["reason"] != toml_errors._OTHERWISE
    assert english_words(said.in_language("nb") + said.in_language("nn")) == []


@pytest.mark.parametrize(
    "name",
    [
        *("ENOENT", "EACCES", "EISDIR", "ENOTDIR", "ENOSPC", "EROFS", "EEXIST", "EPERM", "ENAMETOOLONG", "ELOOP"),
        *("ECONNREFUSED", "ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH", "ECONNRESET", "EPIPE", "EDQUOT", "EIO"),
        *("ETXTBSY", "EBUSY", "EBADF", "EINVAL", "EMFILE", "ENOMEM", "ENOTEMPTY"),
    ],
)
def test_what_the_system_says_is_a_sentence_that_is_the_same_in_english(name: str) -> None:
    number = getattr(errno, name)
    said = reason_of(OSError(number, os.strerror(number), "path"))
    assert isinstance(said, Sentence)
    assert said == os.strerror(number)
    assert english_words(said.in_language("nb") + " " + said.in_language("nn")) == []


def test_what_a_library_says_with_a_number_of_the_system_stays() -> None:
    assert reason_of(ssl.SSLError(1, "[SSL] wrong version")) == "[SSL] wrong version"
    assert reason_of(OSError("x")) == "input/output error"
    own = Sentence("it is a link. Delete it")
    assert reason_of(OSError(errno.ELOOP, own)) is own


def test_no_sentence_has_the_raw_text_of_the_system() -> None:
    """It would be English on every screen."""
    package = Path(problems.__file__).parents[1]
    raw = [
        f"{path.relative_to(package)}: {line.strip()}"
        for path in sorted(package.rglob("*.py"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if ("=error.strerror" in line or "=str(error)" in line) and path.name != "system_errors.py"
    ]
    assert raw == []
