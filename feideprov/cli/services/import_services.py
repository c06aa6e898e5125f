"""The command services import: files of services, and what is new, gone or now asks for the number."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal

import typer

from feideprov.cli.report import Report, refusal_as_object, warn
from feideprov.cli.services.service_json import as_object
from feideprov.cli.services.words import counted
from feideprov.cli.session import Json, Session, Sheet
from feideprov.messages import Sentence
from feideprov.services.register.service import STATES, Service
from feideprov.services.sources.importing import Import

_TITLES = {
    "newly": Sentence("Get the number now, and it is not known whether they depend on it"),
    "new": Sentence("New"),
    "gone": Sentence("No longer in the file or API that they came from"),
    "changed": Sentence("Changed"),
}


def import_services(
    context: typer.Context,
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE…", help="JSON, SAML metadata or a table; the kind is seen from the content."),
    ],
    kind: Annotated[
        Literal["feide", "oidc", "saml", "csv"] | None, typer.Option("--kind", help="The kind of all the files.")
    ] = None,
    part: Annotated[
        bool,
        typer.Option(
            "--part", help="The files are only a part of the list: services that are missing from them are kept."
        ),
    ] = False,
    org_id: Annotated[
        str | None,
        typer.Option("--org-id", metavar="ORGANIZATION", help="The id of our organization in the Feide API."),
    ] = None,
    certificate: Annotated[
        Path | None,
        typer.Option("--certificate", metavar="FILE", help="The certificate that the SAML metadata is signed with."),
    ] = None,
    sheet: Sheet = None,
    as_json: Json = False,
) -> None:
    """Import services from files. What they get, and whether they are activated here, goes to the register."""
    session: Session = context.obj
    with session.client() as feide:
        days = feide.settings.services.answer_days
        done = feide.services.import_(*files, kind=kind, part=part, org_id=org_id, certificate=certificate, sheet=sheet)
    warn(done.notes)
    more = {
        "services": [{"what": what} | as_object(one, days) for what in _TITLES for one in getattr(done, what)],
        "refusals": [refusal_as_object(refusal, session) for refusal in done.refusals],
        "notes": list(session.texts(done.notes)),
    }
    refusals = () if as_json else done.refusals
    report = Report("services import", session, done.counts, more=more, refusals=refusals, done=True)
    report.next = ("services", "ask") if done.newly else ("services", "list") if any(done.counts.values()) else ()
    report.show(as_json=as_json, code=int(bool(done.refusals)), lines=list(_lines(done)))


def _lines(done: Import) -> Iterable[str]:
    """Services that concern us by name; the others are counted, there may be hundreds."""
    for what, title in _TITLES.items():
        services: tuple[Service, ...] = getattr(done, what)
        told = [one for one in services if one.activated and one.gets_number]
        if services:
            yield ""
            others = len(services) - len(told)
            if told:
                yield Sentence("{title}:", title=title)
            else:
                yield Sentence(
                    "{title}: {count} that is not activated here, or does not get the number.",
                    plural="{title}: {count} that are not activated here, or do not get the number.",
                    count=others,
                    title=title,
                )
            yield from map(_line, told)
            if told and others:
                yield Sentence(
                    "  and {count} that is not activated here, or does not get the number.",
                    plural="  and {count} that are not activated here, or do not get the number.",
                    count=others,
                )
    yield ""
    yield counted(done.counts) if any(done.counts.values()) else Sentence("No service was read.")


def _line(service: Service) -> Sentence:
    return Sentence(
        "  {id}  {name} ({provider}): {state}",
        id=service.id,
        name=service.name(),
        provider=service.provider.name,
        state=STATES[service.answer.state],
    )
