"""Is a text Norwegian? It is searched for frequent English words that Norwegian does not have."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final

_WORDS: Final = """
about account accounts active add added address after again allow allowed already also always an and another answer
answered answers any anybody anything arrived ask asked assigned attached attribute attributes authority because been
before begin begins belong belongs below between birth blocked both but call came can cannot cause certificate
certificates change changed changes channel channels characters class clock closed code column columns come comes
command compare complete connection contain contains copied copies correct could count created damaged date day days
decide decided decides delete deleted delivery did differs digits directly directory does done each earlier else email
empty encoding ended entries entry error every everybody everything evidence example exist exists expected
extended failed few fewer field fields file files fill filled find finding findings finds first folder follow forbidden
found from fully gave get gets give gives grade grades grant granted group groups guardians had handed has have history
how identity if in inactive indexes institution into invented is it its itself just keep key keys know known lacks
language languages least leave leavers left letter letters linked looked looks made make makes many may meaning measure
measures members memberships missing month months more most municipality must name named names needed needs neither new
newer next nobody none not note nothing notice notices number numbers of older on once only or organization other others
otherwise our out overdue own owner page password passwords people perhaps place possible probably protected providers
pupil pupils question questions read reads reason record recorded records refusal refused registered released remove
removed renamed renewed reopened replaced reports resolved responded responds restart restore right rights role roles
row rows rules run saved say says scheme schemes school schools secondary see seen services several severity sheet
should shown shows since skipped some somebody something soon source spreadsheet step stopped stops such
taken teacher than that the their them then there these they this those through today together too tried unchanged
unexpected uniqueness unknown until updated upper use used user users uses value values very wait waiting waits warning
was were what when where whether which who whom whose why will with withdrawn within without words would write written
wrong year years yes yet you your
"""
"""Frequent English words: none that these texts could have in Norwegian, and no command of the program."""

_ENGLISH: Final = frozenset(_WORDS.split())

_NO_PROSE: Final = re.compile(
    r"""
      \x1b\[[\d;]*m                             # colours
    | ^[ ]*```.*?^[ ]*```[ ]*$                  # a block of code
    | `[^`]*`                                   # code
    | “[^”]*”                                   # quoted: an input, or a text of somebody else
    | \{\w+[^}]*\}                             # a placeholder
    | https?://\S+ | urn:\S+
    | Active[ ]Directory | Directory[ ](?:Server|Manager)
    | feideprov(?:[ ][a-z][\w-]*){1,2}          # a command of ours
    | (?<!\w)-[-\w]+(?:[ =](?:[A-Z_]{2,}\b|'[^']*'))?   # an option, and what it stands before
    | \b\w+[ ]=[ ]                              # the name of a setting
    | \[\[?[\w. -]+\]?\]                        # a section of the configuration, a code after a sentence
    | [^\s(]*[/@=_\\][^\s)]*                    # paths, addresses, DNs, names of settings
    | [^\s(]*\w[.:][^\s.,;:)][^\s)]*            # files, domains, qualified names
    | \b\w*[a-zæøå][A-ZÆØÅ]\w*\b                # attributes and classes of LDAP
    | \b[A-ZÆØÅ\d-]*[A-ZÆØÅ][A-ZÆØÅ\d-]+\b      # codes, acronyms, what a person fills in
    """,
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)
_NAMES: Final = ("command", "name", "title")
"""The keys of JSON whose values are codes, names and Feide's own titles."""
_WORD: Final = re.compile(r"(?<![-\w])[^\W\d_]+(?![-\w])")


def english_words(text: str) -> list[str]:
    """The English words in the prose of a text: what a screen, a page, a sheet or a JSON object says. Commands,
    options, paths, codes, attributes and what stands in quotation marks are no prose; of JSON, values of several words
    are.

    >>> english_words("Kjør: feideprov check --only CODE. Brukeren finnes ikke i katalogen.")
    []
    >>> english_words("Brukeren er ukjent. Run the command again.")
    ['Run', 'the', 'command', 'again']
    """
    prose = _NO_PROSE.sub(" ", "\n".join(_texts(text)))
    return [word for word in _WORD.findall(prose) if word.lower() in _ENGLISH]


def comments(text: str, mark: str = "#") -> str:
    """What the comments of a file say: the lines that begin with the mark."""
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line.removeprefix(mark).strip() for line in lines if line.startswith(mark))


def _texts(text: str) -> Iterator[str]:
    try:
        yield from _sentences(json.loads(text))
    except ValueError:
        yield text


def _sentences(found: Any) -> Iterator[str]:
    match found:
        case str() if " " in found:
            yield found
        case dict():
            yield from (text for key, one in found.items() if key not in _NAMES for text in _sentences(one))
        case list():
            yield from (text for one in found for text in _sentences(one))
