"""The command nir worklist: what is missing, forbidden or asked, by person key and last day."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from feideprov.cli.nir.scheme import scheme_option
from feideprov.cli.report import Report, is_xlsx, save, warn
from feideprov.cli.session import Json, Session
from feideprov.cli.table import show_rows
from feideprov.errors import InputError, scrub_path
from feideprov.messages import NOTHING, Language, Sentence, Template, filled
from feideprov.nir import words
from feideprov.nir.model import Scheme
from feideprov.nir.report.page import page
from feideprov.nir.report.page_words import PHRASES
from feideprov.nir.report.sheet import worklist_csv, worklist_xlsx
from feideprov.nir.report.today import NirTask
from feideprov.nir.report.worklist import Line, Worklist
from feideprov.nir.verdict import Verdict
from feideprov.nir.work_items import Item, YearEnd
from feideprov.text import shown

_HEADING: Final = (
    Sentence("person"),
    Sentence("scheme"),
    Sentence("what"),
    Sentence("due"),
    Sentence("channel"),
)
_NOTHING: Final = Sentence("There is nothing to register, to check or to decide.")
_MORE_ROWS: Final = Template("{count} more row is not shown here.", "{count} more rows are not shown here.")
_COMPUTED: Final = Template("{day} (computed)")
_MOST_ROWS: Final = 40
"""In a terminal: more are for the sheet and the page."""


def worklist(
    context: typer.Context,
    person: Annotated[
        str | None, typer.Option("--person", metavar="KEY", help="Only what is about the person with this key.")
    ] = None,
    scheme: Annotated[Scheme | None, scheme_option("Only what is about this scheme.")] = None,
    overdue: Annotated[bool, typer.Option("--overdue", help="Only what is overdue.")] = False,
    html: Annotated[
        Path | None,
        typer.Option(
            "--html",
            metavar="FILE",
            help="Save it as a web page; without a folder in its name, in the folder of [nir].",
        ),
    ] = None,
    sheet: Annotated[
        Path | None,
        typer.Option(
            "--sheet",
            metavar="FILE",
            help="Save it as a sheet, XLSX if the name ends with .xlsx, otherwise CSV. With days filled in, nir seen "
            "reads it.",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Show what is missing, forbidden or asked, and by when. It has keys, fields and days, never contents.

    Exit code 1 when there is something to do.
    """
    session: Session = context.obj
    with session.client() as feide:
        whole = feide.nir.worklist()
        found = whole.only(person=person, scheme=scheme, overdue=overdue)
        if person is not None and not found.items and person not in feide.nir.register.read().people:
            raise InputError(_nobody(person))
        html, sheet = (place and session.place_for_nir(place) for place in (html, sheet))
        places = list(_saved(found, session, html, sheet))
        warn(map(session.text, whole.notes))
        if not as_json:
            feide.nir.told(whole)
    more: dict[str, Any] = {
        "on": found.on.isoformat(),
        "items": [item_as_object(item, session) for item in found.items],
        "year_ends": [year_end_as_object(end) for end in found.year_ends],
        "notes": [session.text(note) for note in whole.notes],
    }
    left_out = 0
    if found.items and not as_json:
        heading = tuple(one.in_language(session.lang) for one in _HEADING)
        left_out = show_rows(heading, _rows(found, session), folded=heading[1:3], most=_MOST_ROWS)
    report = Report("nir worklist", session, found.counts, more=more, control=True)
    lines = [*_summary(found, left_out, session.lang), *(places or _next_step(found))]
    report.show(as_json=as_json, code=int(found.to_do), lines=lines)


def _saved(found: Worklist, session: Session, html: Path | None, sheet: Path | None) -> Iterator[Sentence]:
    if html is not None:
        save(html, page(found, session.lang).encode())
        yield Sentence("The page is in {file}.", file=scrub_path(html))
    if sheet is not None:
        save(sheet, worklist_xlsx(found, session.lang) if is_xlsx(sheet) else worklist_csv(found, session.lang))
        yield _about_sheet(scrub_path(sheet))


def _about_sheet(path: str) -> Sentence:
    return Sentence(
        "The sheet is in {file}. When days are filled in, run: feideprov nir seen {argument} --yes",
        file=path,
        argument=shlex.quote(path),
    )


def _next_step(found: Worklist) -> Iterator[Sentence]:
    if found.items:
        yield Sentence("To save it as a sheet to fill in, run: feideprov nir worklist --sheet nir.csv")


def _nobody(person: str) -> Sentence:
    return Sentence(
        "No person of the introduction register has the key {key}. Correct the key, or record the person with: "
        "feideprov nir records LIST --yes",
        key=shown(person, 60),
    )


def _rows(found: Worklist, session: Session) -> Iterator[tuple[str, ...]]:
    """A row for each item: what is the matter with which fields."""
    lines: dict[int, list[Line]] = {}
    for line in found.lines:
        lines.setdefault(id(line.item), []).append(line)
    for item in found.items:
        if some := lines.get(id(item)):
            scheme = words.in_words(words.SCHEMES, item.scheme, session.lang) if item.scheme else ""
            way = words.in_words(words.CHANNELS, item.channel.channel, session.lang) if item.channel else ""
            due = Sentence("{day}", day=item.due) if item.due else NOTHING
            yield item.person, scheme, _what(some, session), due, way


def _what(lines: Iterable[Line], session: Session) -> str:
    """“Missing: Decision (vedtak), Measures (tiltak); Question: Final goal (sluttmål)”."""
    fields: dict[str, tuple[str, ...]] = {}
    first = {line.said: line for line in reversed(list(lines))}
    for line in lines:
        fields[line.said] = fields.get(line.said, ()) + line.fields
    return "; ".join(replace(first[said], fields=names).text(session.lang) for said, names in fields.items())


def _summary(found: Worklist, left_out: int, language: Language) -> Iterator[str]:
    if left_out:
        yield _MORE_ROWS.filled(count=left_out).in_language(language)
    if found.items:
        yield NirTask("overdue", found.counts["overdue"], "").text(language)
    else:
        yield _NOTHING.in_language(language)
    for end in found.year_ends:
        yield from _of_year_end(end, language)


def _of_year_end(end: YearEnd, language: Language) -> Iterator[str]:
    day = _COMPUTED.filled(day=end.last_day) if end.computed else end.last_day
    yield filled(PHRASES["year_end.day"], year=end.year, day=day).in_language(language)
    if count := len(end.without_reason):
        without = filled(PHRASES["year_end.without"], count=count, year=end.year).in_language(language)
        yield f"{without} {', '.join(map(shown, end.without_reason))}."


def item_as_object(item: Item, session: Session) -> dict[str, Any]:
    """An item as `--json` shows it."""
    return {
        "person": shown(item.person),
        "kind": item.kind.value,
        "scheme": item.scheme.value if item.scheme else None,
        "law": item.law.value if item.law else None,
        "fields": list(item.fields),
        "verdicts": [_verdict_as_object(verdict, session) for verdict in item.verdicts],
        "channel": item.channel.channel.value if item.channel else None,
        "channel_id": item.channel.id if item.channel else None,
        "role": item.role or None,
        "due": item.due.isoformat() if item.due else None,
        "on": item.on.isoformat() if item.on else None,
        "sentence": session.text(item.sentence),
    }


def _verdict_as_object(verdict: Verdict, session: Session) -> dict[str, Any]:
    return {
        "rule": verdict.rule,
        "law_row": verdict.law_row or None,
        "kind": verdict.kind.value,
        "field": verdict.field,
        "due": verdict.due.isoformat() if verdict.due else None,
        "state": verdict.state.value if verdict.state else None,
        "source": verdict.source,
        "url": verdict.url or None,
        "sentence": session.text(verdict.sentence),
    }


def year_end_as_object(end: YearEnd) -> dict[str, Any]:
    """A yearly close as `--json` shows it."""
    return {
        "year": end.year,
        "last_day": end.last_day.isoformat(),
        "computed": end.computed,
        "source": end.source or None,
        "without_reason": [shown(key) for key in end.without_reason],
    }
