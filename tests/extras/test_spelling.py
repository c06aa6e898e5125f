"""The language forms of the catalogues: each word is in Debian's dictionaries of bokmål and nynorsk (hunspell), or in a
list of ours.

The lists are in tests/data: `words.nb.txt` and `words.nn.txt` have terms and compounds that the dictionaries lack, and
`words.names.txt` names of programs, settings and values. What may be typed as it stands is not looked at: placeholders,
commands, options, codes, addresses, and what is in quotation marks.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache

import pytest
from translations import HOLE, NORWEGIAN, entries, listed_in

DICTIONARIES = {"nb": "nb_NO", "nn": "nn_NO"}
NO_WORDS = re.compile(
    "|".join(
        (
            HOLE.pattern,
            r"`[^`]*`",
            r"“[^”]*”",
            r"feideprov(?: [a-z]+)+(?= [-A-Z{]|[.,;:)]|$)",
            r"\[+[\w. -]+\]+",
            r"\b\w+_\w+\b",
            r"(?<!\w)--?[a-z][\w-]*",
            r"\b[A-Z]-[A-Z0-9-]+\b",
            r"\b[A-Z][A-Z0-9]+(?:-[a-zæøå]{1,3}\b)?",
            r"\S*[\w)][./@=]\w\S*",
        )
    )
)
OF_THE_OTHER_LANGUAGE = {
    "nb": """
        ikkje kva kven korleis kvifor kvar kvart kvarandre frå noko nokon nokre berre meir vere vart køyr køyre sjå
        sjølv eit ein då desse dykk dykkar dei namn skule skular teneste tenester brukar brukarar eigen eige eigne utan
        saman gong gonger lista fila sida rada mappa linja cella adressa innstillinga meldinga finst manglar gjere
    """,
    "nn": """
        ikke hva hvem hvilken hvilke hvilket hvordan hvorfor hvor hver hvert hverandre fra noe noen bare mer være ble
        kjør kjøre se selv et en nå disse dere deres dem navn skole skoler tjeneste tjenester bruker brukere egen eget
        egne uten sammen ganger gjør gjøre finnes mangler listen siden raden mappen linjen cellen adressen innstillingen
    """,
}
"""Words that only one of the two languages has, and that everybody would see."""


@cache
def words_of(language: str) -> frozenset[str]:
    """The words of the translations to a language."""
    return frozenset(word for entry in entries(language) for text in entry.said for word in words_in(text))


def words_in(text: str) -> Iterator[str]:
    return (word for word in re.findall(r"[^\W\d_]{2,}", NO_WORDS.sub(" ", text)) if not word.isupper())


@cache
def unknown_to_hunspell(language: str) -> frozenset[str]:
    """The words that the dictionary of a language does not have, in small letters."""
    program = shutil.which("hunspell")
    assert program, "tests/install-servers"
    done = subprocess.run(
        [program, "-d", DICTIONARIES[language], "-i", "utf-8", "-l"],
        input="\n".join(sorted(words_of(language))),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stderr == "", "tests/install-servers"
    return frozenset(word.casefold() for word in done.stdout.split())


@pytest.mark.parametrize("language", NORWEGIAN)
def test_each_word_is_in_a_dictionary_or_a_list_of_ours(language: str) -> None:
    known = listed_in(f"words.{language}.txt") | listed_in("words.names.txt")
    assert sorted(unknown_to_hunspell(language) - known) == []


@pytest.mark.parametrize("language", NORWEGIAN)
def test_the_list_of_a_language_has_no_word_that_its_dictionary_has_or_no_text_uses(language: str) -> None:
    assert sorted(listed_in(f"words.{language}.txt") - unknown_to_hunspell(language)) == []


def test_the_list_of_names_has_no_name_that_is_not_needed() -> None:
    needed = set().union(*map(unknown_to_hunspell, NORWEGIAN))
    assert sorted(listed_in("words.names.txt") - needed) == []


@pytest.mark.parametrize("language", NORWEGIAN)
def test_no_word_is_of_the_other_norwegian(language: str) -> None:
    others = set(OF_THE_OTHER_LANGUAGE[language].split())
    assert sorted(others & {word.casefold() for word in words_of(language)}) == []


def test_a_command_is_not_looked_at_and_the_words_around_it_are() -> None:
    text = "Kjør feideprov nir records LIST --yes på nytt ([nir] key_file, “gamle ord”, R-NO-USER, people.csv)."
    assert list(words_in(text)) == ["Kjør", "på", "nytt"]
