"""The command plan: what apply would do."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from feideprov.cli.changes import noted, report_of
from feideprov.cli.evidence import Seen, SeenBy, SeenOn, Source, evidence_of
from feideprov.cli.report import exit_code, save
from feideprov.cli.session import Encoding, Json, Session
from feideprov.directory import ldif
from feideprov.directory.entry import Entry
from feideprov.directory.protocol import holds_numbers
from feideprov.errors import scrub
from feideprov.feide.lin import LIN_ATTRIBUTE
from feideprov.messages import Sentence
from feideprov.provision.plan.changes import Change, Create, Noted, Update


def plan(
    context: typer.Context,
    input_file: Annotated[Path, typer.Argument(metavar="INPUT", help="A person list (CSV).")],
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Save the plan, for apply.")] = None,
    ldif_file: Annotated[Path | None, typer.Option("--ldif", help="Save what would be written, as LDIF.")] = None,
    would_change: Annotated[bool, typer.Option("--exit-code", help="Exit 1 if anything would change.")] = False,
    source: Source = None,
    seen: Seen = None,
    seen_by: SeenBy = None,
    seen_on: SeenOn = None,
    encoding: Encoding = None,
    as_json: Json = False,
) -> None:
    """Show what apply would do. Nothing is written to the directory."""
    session: Session = context.obj
    with session.client() as feide:
        evidence = evidence_of(seen, seen_by, seen_on, feide.on)
        made = noted(feide.plan(input_file, source=source, evidence=evidence, encoding=encoding))
        if output is not None:
            made.save(output, client=feide, source=input_file)
        if ldif_file is not None:
            save(ldif_file, "".join(_change_as_ldif(c) for c in made.changes if not isinstance(c, Noted)).encode())
    headline = Sentence("This would be done:") if made.changes else ""
    code = exit_code(made.counts) or int(would_change and bool(made.changes))
    report_of("plan", session, made).show(as_json=as_json, code=code, headline=headline)


def _change_as_ldif(change: Change) -> str:
    """What would be written, as change records (RFC 2849: a file has either these or entries). In place of a number
    there is a comment, also for a change that writes nothing else. No password is made."""
    lines = [f"# {scrub(change.sentence)}"]
    if change.number:
        lines.append(f"# {change.number} is written here: norEduPersonNIN")
    dn = str(change.dn).encode()
    if isinstance(change, Create):
        lines += [*ldif.folded("dn", dn), "changetype: add"]
        for name, values in Entry(change.dn, change.user.values).items():
            lines += _as_ldif(name, values)
    elif isinstance(change, Update) and (steps := [s for s in change.modifications if s.attribute != LIN_ATTRIBUTE]):
        lines += [*ldif.folded("dn", dn), "changetype: modify"]
        for step in steps:
            lines += [f"{step.operation}: {step.attribute}", *_as_ldif(step.attribute, step.values), "-"]
    else:
        lines += ldif.folded("# dn", dn)
    return "\n".join(lines) + "\n\n"


def _as_ldif(attribute: str, values: Iterable[bytes]) -> list[str]:
    if holds_numbers(attribute):
        return [f"# a number is written here: {attribute}" for _ in values]
    if attribute == LIN_ATTRIBUTE:  # a local number can be a national one too
        return [f"# a local number is written here: {attribute}" for _ in values]
    return [line for value in values for line in ldif.folded(attribute, value)]
