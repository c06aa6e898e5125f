"""Is a text Norwegian? It is searched for frequent English words that Norwegian does not have."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final

_ENGLISH: Final = frozenset(
    """
    about account accounts active add added address after again allow allowed already also always an and another answer
    answered answers any anybody anything arrived ask asked attribute attributes because been before begin begins
    being belong belongs below between birth both but call came can cannot cause certificate change changed changes
    characters class clock closed code column columns come comes command compare complete contain contains copied
    copies correct count could created damaged date day days decide decided decides delete deleted did differs digits
    directly directory does done each earlier else email empty end ended enter entries entry error every everything
    evidence example exist exists expected failed few fewer field fields file files fill filled find finding findings
    finds first folder follow found from full fully gave get gets give given gives gone had handed has have held how
    identity if in institution into invented is it its itself just keep key keys kind know known lacks least leave left
    letters limit looked looks made make makes many may meaning members missing month months more most must name named
    names needed needs neither never new newer next nobody none not note nothing notice notices number numbers older
    once only or organization other others otherwise our out own owner page password passwords people perhaps place
    possible probably protected providers pupil pupils read reads reason record recorded records refused register
    registered removed replaced reports restore right row rows rules run same say says school schools see seen sent
    several severity sheet should show shown shows since skipped some somebody something soon source spreadsheet staff
    standard step still stopped stops such sure taken teacher than that the their them then there these they this those
    through today together too tried until unchanged unexpected unknown use used user users uses valid value values
    very waits was were what when where whether which who whom whose why will with within without words would write
    written wrong year years yes yet you your
    """.split()
)
"""No word here is a Norwegian one that these texts could have, and none is a command of the program."""

_NO_PROSE: Final = re.compile(
    r"""
      \x1b\[[\d;]*m                             # colours
    | ^[ ]*```.*?^[ ]*```[ ]*$                  # a block of code
    | `[^`]*`                                   # code
    | “[^”]*”                                   # quoted: an input, or a text of somebody else
    | https?://\S+ | urn:\S+
    | feideprov(?:[ ][a-z][\w-]*){1,2}          # a command of ours
    | (?<!\w)-[-\w]+(?:[ =](?:[A-Z_]{2,}\b|'[^']*'))?   # an option, and what it stands before
    | \[\[?[\w. -]+\]?\]                        # a section of the configuration, a code after a sentence
    | [^\s(]*[/@=_\\][^\s)]*                    # paths, addresses, DNs, names of settings
    | [^\s(]*\w[.:][^\s.,;:)][^\s)]*            # files, domains, qualified names
    | \b\w*[a-zæøå][A-ZÆØÅ]\w*\b                # attributes and classes of LDAP
    | \b[A-ZÆØÅ\d-]*[A-ZÆØÅ][A-ZÆØÅ\d-]+\b      # codes, acronyms, what a person fills in
    """,
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)
_WORD: Final = re.compile(r"(?<![-\w])[^\W\d_]+(?![-\w])")


def english_words(text: str) -> list[str]:
    """The English words in the prose of a text: what a screen, a page, a sheet or a JSON object says. Commands, options,
    paths, codes, attributes and what stands in quotation marks are no prose; of JSON only values of several words are.

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
    if isinstance(found, str):
        if " " in found:
            yield found
    elif isinstance(found, dict | list):
        for one in found.values() if isinstance(found, dict) else found:
            yield from _sentences(one)
