"""The command plan: what apply would do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from feideprov.cli.call import Tone, again, without
from feideprov.cli.changes import noted, report_of, save_changes, what_stops
from feideprov.cli.evidence import Seen, SeenBy, SeenOn, Source, evidence_of
from feideprov.cli.language import said
from feideprov.cli.report import exit_code, save, warn
from feideprov.cli.session import Csv, Encoding, Json, Leavers, NewKeys, ReplaceNumbers, Session, Sheet, for_people
from feideprov.cli.shown_change import whom
from feideprov.directory import ldif
from feideprov.directory.entry import Entry
from feideprov.directory.protocol import NUMBER_ATTRIBUTE, holds_numbers
from feideprov.errors import scrub
from feideprov.feide.lin import LIN_ATTRIBUTE
from feideprov.issues import in_row_order
from feideprov.messages import Sentence
from feideprov.provision.plan.changes import Change, Create, Noted, Update
from feideprov.provision.plan.shown_values import NOT_SHOWN, shown_value

_OF_PLAN: Final = ("--ldif", "--leavers-list", "--csv")
"""Options with a value that apply does not have, or that were served already."""


def plan(
    context: typer.Context,
    input_file: Annotated[Path, typer.Argument(metavar="LIST", help="A person list: spreadsheet, CSV, PIFU or IMS.")],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="Save the plan, for apply.")
    ] = None,
    ldif_file: Annotated[
        Path | None, typer.Option("--ldif", metavar="FILE", help="Save what would be written, as LDIF.")
    ] = None,
    would_change: Annotated[bool, typer.Option("--exit-code", help="Exit 1 if anything would change.")] = False,
    replace: ReplaceNumbers = False,
    leavers: Leavers = False,
    leavers_list: Annotated[
        Path | None,
        typer.Option(
            "--leavers-list",
            metavar="FILE",
            callback=for_people,
            help="Save who is not in the list, to be looked at: XLSX if the name ends with .xlsx, otherwise CSV.",
        ),
    ] = None,
    source: Source = None,
    seen: Seen = None,
    seen_by: SeenBy = None,
    seen_on: SeenOn = None,
    encoding: Encoding = None,
    sheet: Sheet = None,
    new_keys: NewKeys = False,
    csv_file: Csv = None,
    as_json: Json = False,
) -> None:
    """Show what apply would do. Nothing is written to the directory."""
    session: Session = context.obj
    lines = list[Sentence]()
    with session.client() as feide:
        evidence = evidence_of(seen, seen_by, seen_on, feide.on)
        options: dict[str, Any] = {"replace": replace, "new_keys": new_keys, "leavers": leavers}
        made = feide.plan(input_file, source=source, evidence=evidence, encoding=encoding, sheet=sheet, **options)
        noted(made)
        if output is not None:
            made.save(output, client=feide, source=input_file)
        if leavers_list is not None:
            from feideprov.cli.people.leavers_list import about_leavers, save_leavers

            save_leavers(leavers_list, made.leavers, session)
            lines.append(about_leavers(leavers_list, made.leavers))
        if ldif_file is not None:
            save(ldif_file, _as_change_records(made.changes))
        stop = what_stops(feide, made)
    stops = Sentence("apply would stop and change nothing: {reason}", reason=stop.sentence) if stop else None
    warn(filter(None, [stops]), Tone.STOPS)
    headline = Sentence("This would be done:") if made.changes else ""
    code = exit_code(made.counts) or int(would_change and bool(made.changes))
    report = report_of("plan", session, made)
    report.next = _to_apply(output) if made.changes and not stop else ()
    report.more["apply_stops"] = stops
    save_changes(csv_file, session, made.changes, made.refusals)
    report.show(as_json=as_json, code=code, headline=headline, lines=lines)


def _to_apply(saved: Path | None) -> Sequence[str]:
    """The words of the command that carries out this plan."""
    if saved is not None:
        return "apply", str(saved), "--yes"
    return "apply", *without(again()[1:], _OF_PLAN, ("--exit-code",)), "--yes"


def _as_change_records(changes: Iterable[Change]) -> bytes:
    written = (change for change in in_row_order(changes) if not isinstance(change, Noted))
    return "".join(map(_change_as_ldif, written)).encode()


def _change_as_ldif(change: Change) -> str:
    """What would be written, as change records (RFC 2849: a file has either these or entries). In place of a number,
    and of the values of a protected person, there is a comment. No password is made."""
    lines = [f"# {scrub(said(change.sentence))}", *_comment(said(whom(change)))]
    if change.number:
        number = Sentence(
            "{number} is written here: {attribute}", number=str(change.number), attribute=NUMBER_ATTRIBUTE
        )
        lines += _comment(said(number))
    dn = str(change.dn).encode()
    if isinstance(change, Create):
        lines += [*_in_clear(change, "dn", dn), "changetype: add"]
        for name, values in Entry(change.dn, change.user.values).items():
            lines += _as_ldif(change, name, values)
    elif isinstance(change, Update) and not change.name_to_show:
        lines += _comment(said(Sentence("values of a protected person are written here")))
    elif isinstance(change, Update) and (steps := [s for s in change.modifications if s.attribute != LIN_ATTRIBUTE]):
        lines += [*_in_clear(change, "dn", dn), "changetype: modify"]
        for step in steps:
            lines += [f"{step.operation}: {step.attribute}", *_as_ldif(change, step.attribute, step.values), "-"]
    else:
        lines += _comment(f"dn: {said(shown_value(change, 'dn', dn))}")
    return "\n".join(lines) + "\n\n"


def _as_ldif(change: Change, attribute: str, values: Sequence[bytes]) -> list[str]:
    if holds_numbers(attribute):
        return _comment(said(Sentence("a number is written here: {attribute}", attribute=attribute))) * len(values)
    if attribute == LIN_ATTRIBUTE:  # a local number can be a national one too
        return _comment(said(Sentence("a local number is written here: {attribute}", attribute=attribute))) * len(
            values
        )
    return [line for value in values for line in _in_clear(change, attribute, value)]


def _in_clear(change: Change, attribute: str, value: bytes) -> list[str]:
    """The lines of a value. What base64 hides is in a comment above it, unless it must not be shown."""
    lines = ldif.folded(attribute, value)
    if not lines[0].startswith(f"{attribute}:: "):
        return lines
    clear = shown_value(change, attribute, value)
    return [*(() if clear == NOT_SHOWN else _comment(f"{attribute}: {said(clear)}")), *lines]


def _comment(text: str) -> list[str]:
    """A text, which is one line, as a comment. It is not folded, because not every program reads folded comments."""
    return [f"# {text}"] if text else []
