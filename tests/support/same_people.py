"""The same people in every format that lists come in."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from xml.sax.saxutils import escape

from enterprise_file import EnterpriseFile, Group, GroupKind, Membership, Person, RoleKind, SourcedId, UserId
from hypothesis import strategies as st

from feideprov.testing.numbers import birth_dates, with_birth_date
from feideprov.testing.people import names

HEADINGS = (
    *("Elev-ID", "Fornavn", "Etternavn", "Fødselsdato", "Skole", "Rolle", "Trinn"),
    *("Gruppe", "E-post", "Mobil", "Språk", "Fødselsnummer/D-nummer"),
)
NUMBERS_OF_SCHOOLS = {"hylla": "912345688", "berg": "923456783"}
"""Of the example organization; Berg is for adults."""
_ROLES = {"elev": RoleKind.PUPIL, "deltaker": RoleKind.PUPIL, "lærer": RoleKind.TEACHER, "ansatt": RoleKind.STAFF}
_CONTENT = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2">'
    '<office:body><office:spreadsheet><table:table table:name="Elever">{rows}</table:table>'
    "</office:spreadsheet></office:body></office:document-content>"
)
_ODS = "application/vnd.oasis.opendocument.spreadsheet"
_MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_ODS}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)


class Somebody(NamedTuple):
    """A person, in words that every format has."""

    source_id: str
    given: str
    family: str
    birth_date: date | None
    school: str
    role: str
    grade: str
    group: str
    mail: str
    mobile: str
    language: str
    number: str

    def cells(self) -> list[str]:
        """The person as a row."""
        group = f"b:{self.group.lower()}:{self.group}" if self.group else ""
        born = self.birth_date.isoformat() if self.birth_date else ""
        return [*self[:3], born, *self[4:7], group, *self[8:]]

    def __repr__(self) -> str:
        return f"Somebody({self.source_id})"


@st.composite
def somebody(draw: st.DrawFn) -> Somebody:
    """A person of any role, with or without a number."""
    school = draw(st.sampled_from(["hylla", "berg"]))
    role = draw(st.sampled_from(["elev" if school == "hylla" else "deltaker", "lærer", "ansatt"]))
    number, born = draw(st.tuples(st.just(""), st.none() | birth_dates()) | with_birth_date())
    is_pupil = role == "elev"
    return Somebody(
        f"p{draw(st.integers(1, 9999))}",
        draw(names()),
        draw(st.just("") | names()),
        born,
        school,
        role,
        draw(st.sampled_from(["1", "6", "10"])) if is_pupil else "",
        draw(st.sampled_from(["", "6A", "10B"])) if is_pupil else "",
        draw(st.sampled_from(["", "olena@example.no"])),
        draw(st.sampled_from(["", "+4740123456"])),
        draw(st.sampled_from(["", "uk", "nb"])),
        number,
    )


def same_people() -> st.SearchStrategy[list[Somebody]]:
    """A few people, each with a source id and a number of their own."""
    return st.lists(
        somebody(),
        min_size=1,
        max_size=4,
        unique_by=(lambda one: one.source_id, lambda one: one.number or one.source_id),
    )


def as_csv(people: Sequence[Somebody], separator: str = ";", encoding: str = "utf-8", end: str = "\n") -> bytes:
    """A list in CSV. Raises UnicodeEncodeError for an encoding without the letters."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerows([HEADINGS, *(one.cells() for one in people)])
    return text.getvalue().encode(encoding)


def as_xlsx(people: Sequence[Somebody]) -> bytes:
    """A list as Excel's program writes it, every cell as text."""
    import xlsxwriter

    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_numbers": False}) as book:
        sheet = book.add_worksheet("Elever")
        for place, row in enumerate([HEADINGS, *(one.cells() for one in people)]):
            for column, cell in enumerate(row):
                sheet.write_string(place, column, cell)
    return made.getvalue()


def as_ods(people: Sequence[Somebody]) -> bytes:
    """A list in OpenDocument, every cell as text."""
    rows = "".join(
        f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>"
        for row in [HEADINGS, *(one.cells() for one in people)]
    )
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", _ODS, zipfile.ZIP_STORED)
        archive.writestr("content.xml", _CONTENT.format(rows=rows))
        archive.writestr("META-INF/manifest.xml", _MANIFEST)
    return made.getvalue()


def _ods_cell(text: str) -> str:
    if not text:
        return "<table:table-cell/>"
    return f'<table:table-cell office:value-type="string"><text:p>{escape(text)}</text:p></table:table-cell>'


def as_enterprise(people: Sequence[Somebody], version: str = "1.3") -> bytes:
    """A file of PIFU-IMS, or with the version `ims` of IMS Enterprise."""
    groups: dict[SourcedId, Group] = {}
    members: dict[SourcedId, list[tuple[SourcedId, Membership]]] = {}
    for one in people:
        school = _id(one.school)
        groups[school] = Group(school, GroupKind.SCHOOL, one.school, number=NUMBERS_OF_SCHOOLS[one.school])
        below = [Group(_id(f"t{one.grade}"), GroupKind.GRADE, f"{one.grade}. trinn", parents=(school,))] * bool(
            one.grade
        )
        below += [Group(_id(one.group.lower()), GroupKind.CLASS, one.group, parents=(school,))] * bool(one.group)
        groups |= {group.id: group for group in below}
        for group in (school, *(group.id for group in below)):
            members.setdefault(group, []).append((_id(one.source_id), Membership(group, _ROLES[one.role])))
    return (
        EnterpriseFile([_person(one) for one in people], list(groups.values()), members, version=version)
        .text()
        .encode()
    )


def _id(text: str) -> SourcedId:
    return SourcedId("visma-flyt", text)


def _person(one: Somebody) -> Person:
    return Person(
        _id(one.source_id),
        userids=((UserId.NUMBER, one.number),) if one.number else (),
        family=one.family,
        given=one.given,
        formatted=f"{one.given} {one.family}",
        birth_date=one.birth_date.isoformat() if one.birth_date else "",
        mail=one.mail,
        mobile=one.mobile,
        language=one.language,
    )
