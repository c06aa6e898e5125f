"""What is said when files are read, and about settings, has no English in Norwegian."""

from __future__ import annotations

import gzip
import re
import zipfile
from typing import TYPE_CHECKING

import pytest
from enterprise_file import EnterpriseFile, Group, GroupKind, Membership, Person, RoleKind, SourcedId, UserId
from norwegian import english_words

from feideprov.intake.columns import NUMBER_LIST, PERSON_LIST
from feideprov.intake.question_list import QUESTION_LIST
from feideprov.messages import Sentence
from feideprov.nir.lists.seen_list import SEEN_LIST
from feideprov.services.answer_list import ANSWER_LIST
from feideprov.services.sources.table import SERVICE_LIST
from feideprov.settings.template import template_in
from feideprov.tables.columns import Layout, heading_key, in_words

if TYPE_CHECKING:
    from tests.journeys.conftest import Office

HEADING = "kilde-id;fornavn;etternavn;født;skole;rolle;trinn;gruppe;mobil;e-post;språk;skjermet;fnr;duf\n"
ROWS = (
    "a-1;Anna;Berg;2010-01-01;hylla;pupil;4;4A;;;;;;",
    "a-2;Åse;Dal;31.02.2010;nowhere;pope;11;x:1:2;12;å@x;norsk;kanskje;1091212345;12",
    "a-3;;;2999-01-01;;;vg9;b:6a:A|b:6A:B;+99912345678;;;;;",
    "1,2E+10;B1234567890;Li;1;hylla;pupil;;u:1:Gruppe;;;;;;",
    "45840375084;Per\u200b;Li;02/03/2010;hylla;elev;;;+47 (0)91234567;;;ja;;",
    "a-1;Anna;Berg;1850-01-01;hylla;pupil;;;;;;;;;;;",
    "\u00a0;?ge;#I/T;;hylla;elev;;;;;;;;",
    "#N/A;Pål;Li;;hylla;elev;;;;;;;15108695077;",
)
SCHOOL, OTHER = SourcedId("visma-flyt", "hylla"), SourcedId("visma-flyt", "x")


_KEY = re.compile(r"(?<!\S)[\w.\[\]]+:(?=\s)|\b(?:schools|nir)[\w.\[\]]+|Numbers")
"""The name of a setting before what is wrong with it, and of a program."""


def said(office: Office, *words: str, codes: tuple[int, ...] = (0, 1, 2)) -> str:
    """What a command says in both languages, one after the other."""
    answers = [office("--lang", language, *words) for language in ("nb", "nn")]
    assert {answer.code for answer in answers} <= set(codes), answers
    nb, nn = (answer.out + answer.err for answer in answers)
    assert nb != nn
    assert english_words(_KEY.sub("", nb + nn)) == [], nb + nn
    return nb


def test_good_and_wrong_rows_of_a_person_list(office: Office) -> None:
    text = said(office, "read", office.write("people.csv", HEADING + "\n".join(ROWS)), codes=(1,))
    assert "people.csv er en liste over personer: CSV." in text
    assert "Kolonne fødselsdato (“født”): denne datoen finnes ikke. Rett den." in text


@pytest.mark.parametrize(
    ("kind", "rows"),
    [
        ("numbers", ["a-1;;57912075186;;;;", "x;;57912075186;;rykte;Kari 1;2026-10-05", ";;;;;;", "a;;1;;brev;;"]),
        ("replacements", ["a-1;;57912075186;;;;"]),
        ("withdrawals", ["a-1;;;;;;"]),
        ("leavers", ["a-1;;;;;;", ";;;;;;"]),
    ],
)
def test_lists_of_other_kinds(office: Office, kind: str, rows: list[str]) -> None:
    heading = "elev-id;bruker;fnr;født;grunnlag;sett av;dato\n"
    said(office, "read", "--as", kind, office.write("list.csv", heading + "\n".join(rows)))


@pytest.mark.parametrize("layout", [PERSON_LIST, NUMBER_LIST, QUESTION_LIST, SERVICE_LIST, ANSWER_LIST, SEEN_LIST])
def test_a_list_is_called_by_its_name_and_a_column_by_a_heading_of_it(layout: Layout) -> None:
    assert not english_words(layout.what.in_language("nb"))
    for name in (name for group in layout.required for name in group):
        headings = set(map(heading_key, (name, *layout.column(name).headings)))
        said = in_words(name)
        assert isinstance(said, Sentence), name
        assert set(map(heading_key, said.in_every_language())) <= headings, name


FILES = {
    "empty.csv": b"",
    "picture.csv": b"\x89PNG\r\n\x1a\n" + bytes(20),
    "list.pdf": b"%PDF-1.7\n",
    "list.rtf": b"{\\rtf1 a}",
    "list.gz": gzip.compress(b"a"),
    "list.7z": b"7z\xbc\xaf\x27\x1c" + bytes(20),
    "list.db": b"SQLite format 3\0" + bytes(20),
    "page.html": b"<!DOCTYPE html><html></html>",
    "list.xml": b"<?xml version='1.0'?><list><a/></list>",
    "cut.xml": b"<?xml version='1.0'?><enterprise><person>",
    "entities.xml": b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><enterprise>&b;</enterprise>",
    "rss.xml": b"<rss version='2.0'></rss>",
    "list.ldif": b"version: 1\n\ndn: dc=no\nobjectClass: domain\n",
    "card.vcf": b"BEGIN:VCARD\r\n",
    "days.ics": b"BEGIN:VCALENDAR\r\n",
    "key.pem": b"-----BEGIN CERTIFICATE-----\n",
    "unknown.csv": b"a;b\n1;2\n",
    "lacking.csv": b"elev-id;fornavn\na;b\n",
    "twice.csv": b"elev-id;first name;fornavn;skole;rolle\na;b;c;hylla;elev\n",
    "utf16.csv": "elev-id;fornavn".encode("utf-16"),
    "dos.csv": "elev-id;fornavn;etternavn;skole;rolle\na;Bjørn;Ås;hylla;elev\n".encode("cp865"),
    "damaged.csv": "elev-id;fornavn;BjÃ¸rn;skole;rolle\na;B;Å;hylla;elev\n".encode(),
    "quotes.csv": b'elev-id;fornavn;etternavn;skole;rolle\n"a;b;c;hylla;elev\nd;e;f;hylla;elev\n',
    "~$list.xlsx": b"a",
    "broken.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
}


@pytest.mark.parametrize("name", FILES)
def test_files_that_are_no_lists(office: Office, name: str) -> None:
    path = office.folder / name
    path.write_bytes(FILES[name])
    said(office, "read", str(path))
    said(office, "read", "--encoding", "latin-9", "--sheet", "Ark1", str(path))


@pytest.mark.parametrize(
    "member", ["word/document.xml", "xl/workbook.xml", "xl/workbook.bin", "Index/Document.iwa", "a"]
)
def test_archives_that_are_no_lists(office: Office, member: str) -> None:
    path = office.folder / "people.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(member, "x")
    said(office, "read", str(path))


def test_what_cannot_be_read_at_all(office: Office) -> None:
    (office.folder / "mappe").mkdir()
    os_says = said(office, "read", str(office.folder / "mappe" / ("a" * 300)))
    assert "filnavnet er for langt" in os_says
    for name in ("mappe", "nowhere.csv", "nowhere\0.csv"):
        said(office, "read", str(office.folder / name))


def test_a_file_of_people_in_xml(office: Office) -> None:
    people = [
        Person(SourcedId("visma-flyt", f"e{n}"), userids=((UserId.NUMBER, "57912075186"),), family="Berg")
        for n in (1, 2, 3)
    ]
    groups = [
        Group(SCHOOL, GroupKind.SCHOOL, "Hylla skole", number="912345688"),
        Group(OTHER, GroupKind.SCHOOL, "En annen skole", number="999999999"),
    ]
    members = {
        SCHOOL: [(people[0].id, Membership(SCHOOL, RoleKind.PUPIL))],
        OTHER: [(people[1].id, Membership(OTHER, RoleKind.PUPIL))],
    }
    text = said(office, "read", office.write("export.xml", EnterpriseFile(people, groups, members).text()))
    assert "PIFU-IMS" in text


WRONG_SETTINGS = {
    "realm = 12": 'realm = "skotthyll.kommune.no"',
    'number = "NO987654321"': 'number = "NO987654325"',
    'mail = "post"': 'mail = "post@skotthyll.kommune.no"',
    'kind = "kindergarten"': 'kind = "primary"',
    'kind = ["primary"]': 'kind = "primary"',
    'test = "sometimes"': "test = true",
    "tset = true": "test = true",
    "test = ": "test = true",
    "test = true, false": "test = true",
    "test = 2026-13-01": "test = true",
    'test = "a': "test = true",
    "test = [1": "test = true",
    "test true": "test = true",
    "test = true\ntest = true": "test = true",
    "[caps]\nchanges = -1\npercent = 1000\n\n[numbers]": "[numbers]",
    "[caps]\nchanges = 1.5\n\n[numbers]": "[numbers]",
    "[smtp]\nport = 99999\ntimeout = 0\n\n[numbers]": "[numbers]",
    "[closing]\nsummer = 'juni'\n\n[numbers]": "[numbers]",
    "[nir]\nmunicipality = 'x'\nclosed = [{from = 1}]\n\n[numbers]": "[numbers]",
    '[names]\npattern = "{first}"\n\n[numbers]': "[numbers]",
    "[checklist]\nplaces = 'a'\n\n[numbers]": "[numbers]",
}


@pytest.mark.parametrize("new", WRONG_SETTINGS)
def test_settings_that_are_wrong(office: Office, new: str) -> None:
    office.set(WRONG_SETTINGS[new], new)
    said(office, "read", office.write("people.csv", HEADING + ROWS[0]))


def test_a_configuration_that_cannot_be_read(office: Office) -> None:
    office.config.write_bytes("æ".encode("utf-16"))
    said(office, "doctor")
    office.config.unlink()
    said(office, "doctor")
    office.config.mkdir()
    said(office, "doctor")
    said(office, "init")


def test_init(office: Office) -> None:
    office.config.unlink()
    said(office, "init", "--source-id-attribute", "1x")
    for language in ("nb", "nn"):
        answer = office("--lang", language, "init", "--source-id-attribute", "x-1")
        assert answer.code == 0
        assert english_words(answer.out) == []
        assert office.config.read_bytes() == template_in(language, "x-1")  # type: ignore[arg-type]  # both are
        office.config.unlink()
