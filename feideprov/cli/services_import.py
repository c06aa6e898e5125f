"""`services import`: files of services taken into the register, and what is new, gone or newly asks for the number."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from feideprov.cli.session import Json, Report, Session
from feideprov.issues import Refusal
from feideprov.services.register.importing import Import
from feideprov.services.register.service import Service

_TITLES = {
    "newly": "Newly get the number; whether they depend on it is not known",
    "new": "New",
    "gone": "Gone from their source",
    "changed": "Changed",
}


def add_to(group: typer.Typer) -> None:
    """Add the command to the group `services`."""
    group.command("import")(import_)


def import_(
    context: typer.Context,
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE…", help="JSON, SAML metadata or a table; each is seen by its content.")
    ],
    kind: Annotated[
        Literal["feide", "oidc", "saml", "csv"] | None, typer.Option("--kind", help="What all the files are.")
    ] = None,
    part: Annotated[
        bool, typer.Option("--part", help="The files are not the whole list: nothing is gone because it is not there.")
    ] = False,
    org_id: Annotated[
        str | None, typer.Option("--org-id", metavar="ID", help="The id of our organization in the Feide API.")
    ] = None,
    certificate: Annotated[
        Path | None, typer.Option("--certificate", metavar="FILE", help="Certificate of who signs the SAML metadata.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Read services from files: what they get, and whether they are activated here."""
    from feideprov.cli.service_json import as_object  # which adds this command to its own

    session: Session = context.obj
    with session.client() as feide:
        days = feide.settings.services.answer_days
        done = feide.services.import_(*files, kind=kind, part=part, org_id=org_id, certificate=certificate)
    for note in done.notes:
        typer.echo(note, err=True)
    more = {
        "services": [{"what": what} | as_object(one, days) for what in _TITLES for one in getattr(done, what)],
        "refusals": [_refusal_as_json(refusal) for refusal in done.refusals],
        "notes": list(done.notes),
    }
    report = Report("services import", session, done.counts, more=more, refusals=() if as_json else done.refusals)
    report.show(as_json=as_json, code=int(bool(done.refusals)), lines=list(_lines(done)))


def _lines(done: Import) -> Iterable[str]:
    """Services that concern us by name; the others are counted, there may be hundreds."""
    for what, title in _TITLES.items():
        services: tuple[Service, ...] = getattr(done, what)
        told = [one for one in services if one.activated and one.gets_number]
        if services:
            yield ""
            yield f"{title}:" if told else f"{title}: {len(services)} that do not concern us."
            yield from (f"  {_line(service)}" for service in told)
            if told and (others := len(services) - len(told)):
                yield f"  and {others} that do not concern us."
    yield ""
    yield (", ".join(f"{count} {name}" for name, count in done.counts.items() if count) or "nothing read") + "."


def _line(service: Service) -> str:
    return f"{service.id}  {service.name()} ({service.provider.name}): {service.answer.state.value}"


def _refusal_as_json(refusal: Refusal) -> dict[str, Any]:
    return {
        "source": refusal.origin.file if refusal.origin else None,
        "row": refusal.origin.row if refusal.origin else None,
        "code": refusal.code,
        "sentence": refusal.sentence,
        "held": refusal.held,
        "user": refusal.user,
    }
