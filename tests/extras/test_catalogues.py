"""The catalogues: complete, fresh, and with everything in them that is not a word as the English text has it.

The lists are in tests/data: `as-in-english.nb.txt` and `as-in-english.nn.txt` name the texts that are the same as in
English, `same-in-nb-and-nn.txt` those that are the same in bokmål and nynorsk.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import write_po
from translations import HOLE, NORWEGIAN, Entry, entries, has_words, listed_in

from feideprov.cli.help.rows import COMMANDS as OF_THE_PROGRAM
from feideprov.cli.help.rows import GROUPS
from feideprov.messages import Sentence
from feideprov.reference import catalogues
from feideprov.reference.catalogues import PACKAGE, SOURCES, catalogue_of, path_of, unusable, up_to_date
from feideprov.tables.columns import in_words

DOCS = PACKAGE.parent / "docs"
COMMANDS = {
    row.name for sections in (OF_THE_PROGRAM, *GROUPS.values()) for section in sections for row in section.rows
} | {*GROUPS}
ARGUMENT = re.compile(
    r"--?\w[\w-]*|[A-ZÆØÅ][A-ZÆØÅ0-9_…]+|\{\w+\}(?:\{\w+\})*|'[^']*'|[\w.-]*\.(?:csv|html|json|ldif|toml|xlsx)"
)
"""What follows the names in a command: options, values to fill in, and files."""


@pytest.fixture(params=NORWEGIAN)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_a_catalogue_has_what_the_code_says_and_is_compiled(language: str) -> None:
    fresh = up_to_date(catalogue_of(language), [message for source in SOURCES for message in source()])
    text, compiled = io.BytesIO(), io.BytesIO()
    write_po(text, fresh, width=120, include_lineno=False)
    write_mo(compiled, fresh)
    path = path_of(language)
    assert path.read_bytes() == text.getvalue(), "python -m feideprov.reference catalogues"
    assert path.with_suffix(".mo").read_bytes() == compiled.getvalue(), "python -m feideprov.reference catalogues"


def test_nothing_is_left_without_a_translation(language: str) -> None:
    assert [entry.name for entry in entries(language) if not entry.said] == []


def test_no_translation_is_a_guess(language: str) -> None:
    assert "#, fuzzy" not in path_of(language).read_text(encoding="utf-8")


def test_only_what_is_listed_is_the_same_as_in_english(language: str) -> None:
    same = {
        entry.name
        for entry in entries(language)
        if any(map(has_words, entry.english)) and set(entry.english) & set(entry.said)
    }
    assert same == listed_in(f"as-in-english.{language}.txt")


def test_only_what_is_listed_is_the_same_in_bokmål_and_nynorsk() -> None:
    nynorsk = {entry.english: entry.said for entry in entries("nn")}
    same = {
        entry.name
        for entry in entries("nb")
        if any(map(has_words, entry.said)) and entry.said == nynorsk[entry.english] and entry.said != entry.english
    }
    assert same == listed_in("same-in-nb-and-nn.txt")


def test_a_plural_has_both_its_forms(language: str) -> None:
    assert [entry.name for entry in entries(language) if entry.said and len(entry.said) != len(entry.english)] == []


def holes(text: str) -> list[str]:
    return sorted(HOLE.findall(text))


def test_the_placeholders_are_those_of_the_english_text(language: str) -> None:
    """Of a plural, one form may leave a placeholder out where the English one does."""
    for entry in entries(language):
        if len(entry.english) == 1:
            assert [holes(text) for text in entry.said or entry.english] == [holes(entry.english[0])]
        else:
            known = set().union(*map(holes, entry.english))
            assert set().union(*map(holes, entry.said or entry.english)) == known, entry.name


@pytest.mark.parametrize(
    ("translation", "wrong"),
    [
        ("Det er {count} rader i {fil}.", "{fil}, {file}"),
        ("Det er {count} rader.", "{file}"),
        ("Det er {count} rader i {file.", "must both have"),
        ("Det er {count:,} rader i {file}.", "{count:,}"),
        ("Det er {count} rader i {file}.", ""),
        ("", ""),
    ],
)
def test_a_translation_that_could_not_be_said_is_told_with_its_line(translation: str, wrong: str) -> None:
    catalogue = Catalog("nb")
    catalogue.add("There are {count} rows in {file}.", translation, lineno=7)
    told = list(unusable(catalogue, Path("nb.po")))
    assert bool(told) == bool(wrong)
    assert all(line.startswith("nb.po, line 7: ") and wrong in line for line in told)


@pytest.mark.parametrize("line", ['msgstr "en tekst', 'msgstr en tekst"', 'msgstr "en "tekst""', "msgstr", "en tekst"])
def test_a_line_of_another_form_is_told_with_its_number(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "x.po").write_text(f'msgid "a text"\n{line}\n', encoding="utf-8")
    monkeypatch.setattr(catalogues, "path_of", lambda language: tmp_path / "x.po")
    with pytest.raises(ValueError, match=r"x\.po, line 2: this is not as msgstr"):
        catalogue_of("nb")


def edges(text: str) -> tuple[str, str, int]:
    inside = text.strip()
    before, _, after = text.partition(inside)
    return before, after, inside.count("\n")


def commands_in(text: str) -> list[str]:
    """The commands that a person can type, each without the word “feideprov”."""
    found = []
    for rest in text.split("feideprov ")[1:]:
        words: list[str] = []
        for word in rest.split():
            bare = word.rstrip(".,;:)”")
            is_name = bare in COMMANDS and len(COMMANDS & set(words)) < 2  # of a group, and in it
            if not is_name and not ARGUMENT.fullmatch(bare):
                break
            words.append(bare)
            if bare != word:
                break
        found += [in_one_form(" ".join(words))] if COMMANDS & set(words) else []
    return sorted(found)


def in_one_form(text: str) -> str:
    """A text in which all words that a person must replace are the same: each language has its own for them."""
    return re.sub(r"(?<![\w-])[A-ZÆØÅ][A-ZÆØÅ_\d]+(?![\w-])", "…", text)


def of_a_kind(pattern: str) -> Callable[[str], list[str]]:
    return lambda text: sorted(set(re.findall(pattern, text)))


def settings(text: str) -> list[str]:
    """The settings and sections in a text; not columns, which have Norwegian headings, and no word of the help."""
    found = of_a_kind(r"\[\[?[a-z_]+(?:\.[\w.…]+)?\]\]?|\b[a-z]+(?:_[a-z]+)+\b")(in_one_form(text))
    return [name for name in found if not isinstance(in_words(name), Sentence) and name != "[required]"]


UNCHANGED: dict[str, Callable[[str], object]] = {
    "spaces and line breaks": edges,
    "commands": commands_in,
    "options": of_a_kind(r"(?<![\w-])--[a-z][a-z-]+"),
    "settings": settings,
    "codes": of_a_kind(r"\b[A-Z]-[A-Z]+(?:-[A-Z0-9]+)*\b"),
    "code": of_a_kind(r"`[^`]+`"),
    # A text that is the name of a page alone leads to the page in Norwegian.
    "files": of_a_kind(r"(?!^[\w-]+\.md$)(?<!^nb/)\b(?![A-ZÆØÅ]+\.)[\w-]+\.(?:csv|html|json|ldif|md|toml|xlsx)\b"),
    "addresses": lambda text: [in_one_form(one) for one in of_a_kind(r"https?://[^\s)]+")(text)],
    "attributes": of_a_kind(r"\b(?:norEdu|eduPerson|feide)[A-Z]\w+"),
}


@pytest.mark.parametrize("what", UNCHANGED)
def test_what_is_no_word_stands_unchanged_in_a_translation(language: str, what: str) -> None:
    assert list(changed(entries(language), UNCHANGED[what])) == []


def test_a_word_to_replace_is_that_of_the_help_in_the_same_language(language: str) -> None:
    words = {
        one.english[0]: one.said[0] for one in entries(language) if re.fullmatch(r"[A-Z]+(?:_[A-Z]+)*", one.english[0])
    }
    in_help = {english for english, said in words.items() if english != said and english not in {"WRONG", "N"}}
    assert {"LIST", "USER", "SOURCE_ID"} <= in_help
    kept = {
        said
        for one in entries(language)
        for said in one.said
        if in_help & set(re.findall(r"(?<![\w-])[A-Z_]+(?![\w-])", said))
    }
    assert kept == set()


def changed(found: tuple[Entry, ...], part: Callable[[str], object]) -> Iterator[tuple[str, object, object]]:
    """The texts whose translation has another such part."""
    for entry in found:
        for english, said in zip(entry.english, entry.said, strict=False):
            if part(english) != part(said):
                yield said, part(english), part(said)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Run: feideprov nir records LIST --yes. Then go on.", ["nir records … --yes"]),
        ("Run feideprov check, and then feideprov doctor --user USER", ["check", "doctor --user …"]),
        ("Then feideprov journal gone records it.", ["journal gone"]),
        ("Another version of feideprov wrote it.", []),
    ],
)
def test_a_command_ends_where_the_sentence_goes_on(text: str, found: list[str]) -> None:
    assert commands_in(text) == found


def glossary() -> Iterator[tuple[str, dict[str, str]]]:
    """Each word of the glossary, and what it is called in the two languages."""
    for line in (DOCS / "glossary.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.split(" | ")]
        if len(cells) == 5 and not cells[0].startswith(("| English", "|--")):
            yield cells[0].removeprefix("| "), {"nb": cells[1], "nn": cells[2]}


def is_said(words: str, text: str) -> bool:
    """Whether a text has a word, or several, with any endings; one of several words that commas part is enough."""
    return any(all(word[: max(3, len(word) - 2)] in text for word in one.split()) for one in words.split(", "))


def test_the_glossary_is_in_order_and_has_all_words_in_each_language() -> None:
    rows = list(glossary())
    assert len(rows) > 80
    names = [name for name, _ in rows]
    assert names == sorted(names, key=lambda name: name.casefold().replace("ø", "o"))
    assert [name for name, said in rows if not all(said.values())] == []


def test_what_the_glossary_calls_a_thing_a_translation_calls_it_too(language: str) -> None:
    """Of the words that several English texts have, each is said somewhere as the glossary has it."""
    found = [(" ".join(one.english).casefold(), " ".join(one.said).casefold()) for one in entries(language)]
    found = [(english, text) for english, text in found if "feideprov " not in english]  # commands keep their names
    missing = []
    for name, said in glossary():
        texts = [text for english, text in found if re.search(rf"\b{name.casefold()}(?:s|ed|d)?\b", english)]
        if len(texts) >= 5 and not any(is_said(said[language].casefold(), text) for text in texts):
            missing.append(f"{name}: {said[language]}")
    assert missing == []
