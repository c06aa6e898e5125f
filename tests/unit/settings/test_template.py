"""The configuration that `feideprov init` writes: in each language the same values, and every key explained."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator

import pytest
from every_setting import every_setting
from norwegian import english_words
from pydantic import BaseModel

from feideprov import Settings
from feideprov.messages import LANGUAGES, Language, catalogue_in
from feideprov.settings.template import TEMPLATE, comments, is_template, template_in


def test_in_english_it_is_the_file() -> None:
    assert template_in("en") == TEMPLATE.read_bytes()
    assert all(is_template(template_in(language, "x"), "x") for language in LANGUAGES)
    assert not is_template(template_in("nb", "x"), "y")


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_it_has_the_same_values_in_each_language_and_lines_of_at_most_120_columns(language: Language) -> None:
    english, text = (template_in(one, "x").decode() for one in ("en", language))
    assert tomllib.loads(text) == tomllib.loads(english)
    assert every_setting(text) == every_setting(english)
    assert max(map(len, text.splitlines())) <= 120


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_every_comment_is_translated(language: Language) -> None:
    for comment in comments():
        said = catalogue_in(language).gettext(comment)
        assert english_words(re.sub(r'"[^"]*"', "", said)) == [], said
        assert values(said) == values(comment), said


def values(comment: str) -> list[str]:
    """The values that a comment gives, without the words that a person must replace: each language has its own."""
    return sorted(one for one in re.findall(r'"[^"]*"', comment) if not one.isupper())


def test_it_can_be_used_when_everything_is_every_setting() -> None:
    content = every_setting(template_in("nb", "x").decode())
    content["directory"]["url"] = "ldaps://ldap.skotthyll.no"
    assert Settings.of(content).nir is not None


def keys_of(model: type[BaseModel], place: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, field in model.model_fields.items():
        here = (*place, field.alias or name)
        annotations = [field.annotation, *getattr(field.annotation, "__args__", ())]
        sections = [one for one in annotations if isinstance(one, type) and issubclass(one, BaseModel)]
        for section in sections:
            yield from keys_of(section, here)
        if not sections:
            yield here


@pytest.mark.parametrize("key", list(keys_of(Settings)), ids=".".join)
def test_every_key_has_its_line_or_is_named_in_a_comment_of_its_section(key: tuple[str, ...]) -> None:
    parts = re.split(r"^(?:# )?\[{1,2}([\w.]+)\]{1,2}", template_in("en").decode(), flags=re.MULTILINE)
    sections = dict(zip(parts[1::2], parts[2::2], strict=True))
    name = ".".join(key[:-1])
    assert any(re.search(rf"\b{key[-1]}\b", f"{one} {text}") for one, text in sections.items() if one.startswith(name))
