"""The command nir reconcile: NIR's person list beside the records and the Feide users."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from feideprov.cli.report import Report, refusal_as_object, refusal_line, save_rows, warn
from feideprov.cli.session import Encoding, Json, Session, Sheet
from feideprov.cli.table import show_rows
from feideprov.errors import scrub_path
from feideprov.messages import Sentence
from feideprov.nir.lists.nir_person_list import KINDS, Difference, Reconciliation

_HEADING: Final = (Sentence("person"), Sentence("difference"), Sentence("what"))
_COLUMNS: Final = ("kind", "person", "sentence")
"""Of `--csv`."""
_WORDS: Final = {
    "only_in_nir": Sentence("only in NIR"),
    "not_in_nir": Sentence("not in NIR"),
    "not_a_user": Sentence("no Feide user"),
    "not_in_records": Sentence("not in the records"),
    "number_differs": Sentence("number differs"),
    "number_missing": Sentence("number missing"),
    "ending_without_reason": Sentence("ending without a reason"),
}
_Csv = Annotated[
    Path | None,
    typer.Option(
        "--csv",
        metavar="FILE",
        help="Save the differences as a table (CSV); without a folder in its name, in the folder of [nir].",
    ),
]


def reconcile(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The person list, as NIR lets one download it.")],
    encoding: Encoding = None,
    sheet: Sheet = None,
    csv_file: _Csv = None,
    as_json: Json = False,
) -> None:
    """Compare NIR's person list with the records and the users. Nothing is written.

    The columns of the list are not public: the section [nir.person_list] of the configuration names their headings.
    Numbers are compared by mark and never shown. Exit code 1 when something differs, or a row cannot be used.
    """
    session: Session = context.obj
    with session.client() as feide:
        found = feide.nir.reconcile(file, encoding=encoding, sheet=sheet)
        place = csv_file and session.place_for_nir(csv_file)
    warn(found.notes)
    counts = {"in_nir": found.in_nir, "in_records": found.in_records, "users": found.users, "agree": found.agree}
    kinds = Counter(one.kind for one in found.differences)
    counts |= {kind: kinds[kind] for kind in KINDS} | {"refused": len(found.refusals)}
    more: dict[str, Any] = {
        "differences": [_as_object(one, session) for one in found.differences],
        "refusals": [refusal_as_object(one, session) for one in found.refusals],
    }
    report = Report("nir reconcile", session, counts, more=more, control=True)
    save_rows(place, _COLUMNS, more["differences"])
    if found.differences and not as_json:
        heading = tuple(map(session.text, _HEADING))
        show_rows(heading, (_row(one, session) for one in found.differences), folded=heading[1:])
    code = int(bool(found.differences or found.refusals))
    report.show(as_json=as_json, code=code, lines=[*_lines(found, session), *_saved(place)])


def _saved(place: Path | None) -> list[Sentence]:
    return [Sentence("The differences are in {file}.", file=scrub_path(place))] if place is not None else []


def _as_object(one: Difference, session: Session) -> dict[str, str]:
    return {"kind": one.kind, "person": one.person, "sentence": session.text(one.sentence)}


def _row(one: Difference, session: Session) -> tuple[str, ...]:
    return session.text(one.person), session.text(_WORDS[one.kind]), session.text(one.sentence)


def _lines(found: Reconciliation, session: Session) -> list[str]:
    lines: list[str] = []
    if found.refusals:
        lines += [Sentence("Rows to look at:")]
        lines += [Sentence("  {line}", line=refusal_line(one, session)) for one in found.refusals]
    return [
        *lines,
        Sentence(
            "People in NIR's list: {listed}; in the records: {recorded}; Feide users: {users}. Of those in the list, "
            "{agree} agree in everything that is compared.",
            listed=found.in_nir,
            recorded=found.in_records,
            users=found.users,
            agree=found.agree,
        ),
    ]
