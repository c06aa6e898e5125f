"""The command read: what a file is understood as."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Final, Literal

import typer

from feideprov.cli.call import Tone, again, without
from feideprov.cli.evidence import Source
from feideprov.cli.report import Report, refusal_as_object, refusal_line, warn
from feideprov.cli.screen import Toned
from feideprov.cli.session import Encoding, Json, Session, Sheet
from feideprov.client.lists.listed_people import ignored_columns
from feideprov.client.reading.file import ListKind, ReadFile
from feideprov.intake.file_facts import Extent, FileFacts, Format
from feideprov.intake.ims.belonging import LeftOut
from feideprov.intake.ims.notes import REASONS
from feideprov.messages import Language, Sentence, joined, listed
from feideprov.numbers import KINDS
from feideprov.tables.columns import in_words
from feideprov.text import shown

_KINDS: Final = {
    ListKind.PEOPLE: Sentence("list of people"),
    ListKind.NUMBERS: Sentence("list of numbers"),
    ListKind.REPLACEMENTS: Sentence("list of replacements"),
    ListKind.WITHDRAWALS: Sentence("list of withdrawals"),
    ListKind.SERVICES: Sentence("list of services"),
    ListKind.LEAVERS: Sentence("list of leavers"),
    ListKind.NIR: Sentence("list of participation records"),
}
_NEXT: Final = {
    ListKind.PEOPLE: ("plan",),
    ListKind.NUMBERS: ("attach",),
    ListKind.REPLACEMENTS: ("replace",),
    ListKind.WITHDRAWALS: ("withdraw",),
    ListKind.SERVICES: ("services", "import"),
    ListKind.LEAVERS: ("close",),
    ListKind.NIR: ("nir", "records"),
}
"""The command that uses such a list."""
_FORMATS: Final = {
    Format.CSV: Sentence("CSV"),
    Format.XLSX: Sentence("spreadsheet (XLSX)"),
    Format.XLS: Sentence("spreadsheet (XLS)"),
    Format.ODS: Sentence("spreadsheet (ODS)"),
    Format.PIFU: Sentence("PIFU-IMS"),
    Format.IMS: Sentence("IMS Enterprise"),
    Format.JSON: Sentence("JSON"),
    Format.SAML: Sentence("SAML metadata"),
}
_EXTENTS: Final = {
    Extent.FULL: Sentence("everybody of the source (full)"),
    Extent.DELTA: Sentence("changes since the last file (delta)"),
    Extent.EVENT: Sentence("one change (event)"),
}
_ROLES: Final[Mapping[str, Sentence]] = {
    "pupil": Sentence("pupil"),
    "student": Sentence("student"),
    "teacher": Sentence("teacher"),
    "staff": Sentence("staff"),
}
_GROUP_TYPES: Final = {
    "b": Sentence("{count} class", plural="{count} classes", count=2),
    "u": Sentence("{count} teaching group", plural="{count} teaching groups", count=2),
    "a": Sentence("{count} other group", plural="{count} other groups", count=2),
}


def read(
    context: typer.Context,
    path: Annotated[
        Path, typer.Argument(metavar="FILE", help="A list of people, numbers, services or leavers, of any format.")
    ],
    kind: Annotated[
        Literal["people", "numbers", "replacements", "withdrawals", "services", "leavers", "nir"] | None,
        typer.Option(
            "--as",
            metavar="KIND",
            help="What the file is a list of: people, numbers, replacements, withdrawals, "
            "services, leavers or nir. Without it, its content decides.",
        ),
    ] = None,
    source: Source = None,
    encoding: Encoding = None,
    sheet: Sheet = None,
    as_json: Json = False,
) -> None:
    """Show what a file is understood as, before anything is planned. The directory is not read, and nothing is written.

    Exit code 1 when rows will be refused or held.
    """
    session: Session = context.obj
    with session.client() as feide:
        found = feide.read(path, source=source, encoding=encoding, sheet=sheet, kind=kind)
    warn(found.notes)
    more = found.as_dict() | {"refusals": [refusal_as_object(one, session) for one in found.refusals]}
    counts = more.pop("counts")
    report = Report("read", session, counts, more=more)
    if found.rows or found.services:
        given = without(again()[1:], ("--as",), ())
        report.next = (*_NEXT[found.kind], *given)
    lines = [] if as_json else list(_lines(found, more["first"], session))
    report.show(as_json=as_json, code=int(bool(found.refusals)), lines=lines)


def _lines(found: ReadFile, first: Sequence[Mapping[str, str]], session: Session) -> Iterator[str | Toned]:
    yield Sentence(
        "{file} is a {kind}: {format}.", file=found.name, kind=_KINDS[found.kind], format=_FORMATS[found.file.format]
    )
    yield from _of_table(found.file) if found.file.format.is_table else _of_source(found.file)
    yield from ignored_columns(found.ignored_columns)
    yield from _contents(found, session.lang)
    for title, tone, held in (
        (Sentence("Refused, or used only in part:"), Tone.STOPS, False),
        (Sentence("Held (a person must decide):"), Tone.WAITS, True),
    ):
        if some := [one for one in found.refusals if one.held is held]:
            told = (Sentence("  {line}", line=refusal_line(one, session)) for one in some)
            yield ""
            yield from (Toned(line, tone) for line in (title, *told))
    if first:
        yield from ("", Sentence("The first people:"), *map(_person, first))


def _of_table(file: FileFacts) -> Iterator[str]:
    if file.sheet:
        yield Sentence("Sheet: {sheet}.", sheet=shown(file.sheet))
    if file.encoding:
        yield Sentence("Encoding: {encoding}.", encoding=file.encoding)
    if file.columns:
        yield Sentence("The heading is row {row}. These columns were found:", row=file.heading_row)
    for name, own in file.columns.items():
        yield (
            Sentence("  {name} (“{own}”)", name=in_words(name), own=own)
            if own != name
            else Sentence("  {name}", name=name)
        )


def _of_source(file: FileFacts) -> Iterator[str]:
    if file.datasource:
        yield Sentence("It says that it comes from: {datasource}.", datasource=shown(file.datasource))
    if file.source:
        yield Sentence("This is the source {source} of the configuration.", source=file.source)
    if file.extent:
        yield Sentence("It has {extent}.", extent=_EXTENTS[file.extent])
    if file.made_on:
        yield Sentence("It was made on {day}.", day=file.made_on)
    if file.schools:
        yield Sentence("It has pupils of these schools: {schools}.", schools=listed(sorted(file.schools)))
    for one in file.unknown_schools:
        yield Sentence(
            "{number} {name} is not a school in the configuration: {count} person there is left out.",
            plural="{number} {name} is not a school in the configuration: {count} people there are left out.",
            count=one.people,
            number=one.number,
            name=shown(one.name),
        )
    for reason, count in file.left_out.items():
        yield Sentence("Left out: {reason} ({people}).", reason=REASONS[LeftOut(reason)], people=count)
    if file.deleted:
        yield Sentence("It deletes {count} person.", plural="It deletes {count} people.", count=len(file.deleted))


def _contents(found: ReadFile, language: Language) -> Iterator[str]:
    yield ""
    if found.kind is ListKind.SERVICES:
        yield Sentence("{count} service.", plural="{count} services.", count=len(found.services))
        return
    yield Sentence("{count} row was read.", plural="{count} rows were read.", count=found.rows)
    for (school, role), count in sorted(found.people.items()):
        yield Sentence("  {school}, {role}: {people}", school=school, role=_ROLES.get(role, role), people=count)
    if found.protected:
        yield Sentence("{count} person is protected.", plural="{count} people are protected.", count=found.protected)
    if types := [kind for _, kind, _, _ in found.groups]:
        said = (words.with_values(count=types.count(kind)) for kind, words in _GROUP_TYPES.items() if kind in types)
        yield Sentence("Groups: {groups}.", groups=joined(said, ", "))
    if found.numbers:
        yield Sentence("Numbers: {numbers}.", numbers=joined(_numbers(found.numbers, language), ", "))


def _numbers(numbers: Mapping[str, int], language: Language) -> Iterator[Sentence]:
    names = {kind.kind.value: getattr(kind, language) for kind in KINDS}
    for kind, count in numbers.items():
        yield Sentence("{number} {kind}", number=count, kind=names.get(kind, kind))


def _person(person: Mapping[str, str]) -> Sentence:
    parts = (person["name"], person["school"], _ROLES.get(person["role"], person["role"]), person["grade"])
    return Sentence("  {person}", person=joined(filter(None, parts), ", "))
