"""What else the worklist says, in three languages: rules that nobody has compared with their sources for a year, and
files that others than their owner can use."""

from __future__ import annotations

import shlex
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any, Final

from feideprov.errors import scrub_path
from feideprov.forms.words import Words
from feideprov.installation import page
from feideprov.messages import Sentence
from feideprov.nir.table.rules import LawRow, Rule, Rules, compared_on, rows_of_a_year_ago

_FOR_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_OWN: Final = Words(
    "Your own row {row} of the rules was last compared with its source on {day}, more than a year ago. Look there: "
    "{source}. Then correct the row, or write the new day into its seen_on.",
    "Raden {row} i deres egne regler ble sist sammenlignet med kilden {day}, for mer enn et år siden. Se etter der: "
    "{source}. Rett så raden, eller skriv den nye dagen i seen_on.",
    "Rada {row} i dei eigne reglane dykkar vart sist samanlikna med kjelda {day}, for meir enn eit år sidan. Sjå etter "
    "der: {source}. Rett så rada, eller skriv den nye dagen i seen_on.",
)
_PACKAGE: Final = Words(
    "The rules of feideprov were last compared with their sources on {day}, more than a year ago. Look for a newer "
    "version of feideprov, and in the sources: {page}.",
    "Reglene i feideprov ble sist sammenlignet med kildene {day}, for mer enn et år siden. Se etter en nyere versjon "
    "av feideprov, og i kildene: {page}.",
    "Reglane i feideprov vart sist samanlikna med kjeldene {day}, for meir enn eit år sidan. Sjå etter ein nyare "
    "versjon av feideprov, og i kjeldene: {page}.",
)
_OPEN: Final = Words(
    "{path} can be read or changed by others than its owner. Run: chmod 600 {quoted}",
    "{path} kan leses eller endres av andre enn eieren. Kjør: chmod 600 {quoted}",
    "{path} kan lesast eller endrast av andre enn eigaren. Køyr: chmod 600 {quoted}",
)
_BY_TEMPLATE: Final = {words.en: words for words in (_OWN, _PACKAGE, _OPEN)}


class Note(Sentence):
    """A sentence of these: it is English, and `in_language` says it in `nb` or `nn`."""

    def in_language(self, language: str) -> str:
        """The sentence in a language (`en`, `nb` or `nn`); in English for any other."""
        words = _BY_TEMPLATE[self.template]
        template: str = getattr(words, language) if language in Words._fields else self.template
        return template.format_map(self.values)


def notes_on_old_rules(rules: Rules, on: date) -> Mapping[str, Note]:
    """A note on each old row of the municipality's own, and one on the rows of the package together.

    The key of a note is what is kept when it was told: the row with the day on which it was last compared. When
    somebody has compared the row again, and another year has passed, that is told again.
    """
    found: dict[str, Note] = {}
    for row in rows_of_a_year_ago(rules, on):
        day = compared_on(row, rules)
        if row.own:
            found[f"{row.id} {day}"] = _on_own(row, rules)
        else:
            found[f"{day}"] = _note(_PACKAGE, day=day, page=page("nir-rules.md", "Sources"))
    return found


def notes_on_open_files(paths: Iterable[Path]) -> Iterator[Note]:
    """A note on each file that others can read or change. `feideprov doctor` does not say it: it is about Feide, and
    for other people."""
    for path in paths:
        with suppress(OSError):
            if path.stat().st_mode & _FOR_OTHERS:
                shown = scrub_path(path)
                yield _note(_OPEN, path=shown, quoted=shlex.quote(shown))


def _on_own(row: Rule | LawRow, rules: Rules) -> Note:
    source, url = rules.source_of(row.source)
    return _note(_OWN, row=row.id, day=compared_on(row, rules), source=f"{source} ({url})" if url else source)


def _note(words: Words, **values: Any) -> Note:
    return Note(words.en, **values)
