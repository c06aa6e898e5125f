"""What a file is that is no table: told by its beginning, never by its name, and with what to do about it."""

from __future__ import annotations

import codecs
import json
import re
from enum import StrEnum
from typing import Final, NamedTuple

from feideprov.messages import Sentence


class FileKind(StrEnum):
    """What a file is that other readers than those of tables know, or none."""

    ENTERPRISE = "enterprise"
    """PIFU-IMS or IMS Enterprise."""
    SAML = "saml"
    WEB_PAGE = "web page"
    SHEET_XML = "spreadsheet in xml"
    XML = "xml"
    PLAN = "plan"
    PIFU_JSON = "pifu as json"
    JSON = "json"
    LDIF = "ldif"
    CONTACTS = "contacts"
    CALENDAR = "calendar"
    CERTIFICATE = "certificate"
    LINK = "link"
    DOCUMENT = "document"
    PICTURE = "picture"
    COMPRESSED = "compressed"
    DATABASE = "database"


class Known(NamedTuple):
    """A kind of file, how it begins, and what is said where a list is expected."""

    kind: FileKind
    beginning: re.Pattern[bytes]
    """What the first octets match; of a text they are in lower case, without a byte order mark and blanks in front."""
    sentence: Sentence


_LEAD: Final = rb"(?:<!--.*?-->|<\?[^>]*>|\s)*+"
"""What may stand before the first element in XML."""
_ELEMENT: Final = _LEAD + rb"<(?:[\w.-]+:)?"
_COMMENTS: Final = rb"(?:#[^\n]*\n|\s)*+"
_PICTURE: Final = Sentence(
    "this is a picture. Ask for the list as a spreadsheet or a CSV file: numbers cannot be read from a picture."
)
_OF_OCTETS: Final = (
    Known(
        FileKind.PICTURE,
        re.compile(
            rb"\x89PNG\r|\xff\xd8\xff|GIF8[79]a|II\*\0|MM\0\*|RIFF....WEBP|BM....\0\0\0\0|....ftyp(?:hei|m[is]f|avi)",
            re.DOTALL,
        ),
        _PICTURE,
    ),
    Known(
        FileKind.DOCUMENT,
        re.compile(rb"%PDF"),
        Sentence("this is a PDF. Ask for the list as a spreadsheet or a CSV file."),
    ),
    Known(
        FileKind.DOCUMENT,
        re.compile(rb"\{\\rtf"),
        Sentence(
            "this is a text document (RTF). Copy the list to a spreadsheet and save it as “CSV UTF-8”. Then run again."
        ),
    ),
    Known(
        FileKind.COMPRESSED,
        re.compile(rb"\x1f\x8b"),
        Sentence("this is a compressed file (gzip). Unpack it, then run again."),
    ),
    Known(
        FileKind.COMPRESSED,
        re.compile(rb"7z\xbc\xaf\x27\x1c|Rar!\x1a\x07|\xfd7zXZ\0|BZh[1-9]1AY&SY|\x28\xb5\x2f\xfd"),
        Sentence("this is a compressed file (7z, RAR, xz, bzip2 or zstd). Unpack it, then run again."),
    ),
    Known(
        FileKind.DATABASE,
        re.compile(rb"SQLite format 3\0|....Standard (?:Jet|ACE) DB", re.DOTALL),
        Sentence("this is a database, not a list. Export the list from it as a spreadsheet or CSV. Then run again."),
    ),
)
_OF_TEXT: Final = (
    Known(
        FileKind.WEB_PAGE,
        re.compile(_LEAD + rb"<(?:!doctype\s+html|(?:html|table|meta|head|body)\b)", re.DOTALL),
        Sentence("this is a web page (HTML), not a table. Export the list as CSV. Then run again."),
    ),
    Known(
        FileKind.ENTERPRISE,
        re.compile(_LEAD + rb"<(?:!doctype\s+)?(?:[\w.-]+:)?enterprise[\s/>\[]", re.DOTALL),
        Sentence(
            "this is a file of people and groups in XML (PIFU-IMS or IMS Enterprise), not a table. As a file, and not "
            "through a pipe, it can be given to these commands: read, plan, apply, attach, replace, link and "
            "pending --from."
        ),
    ),
    Known(
        FileKind.SAML,
        re.compile(_ELEMENT + rb"entit(?:y|ies)descriptor[\s/>]", re.DOTALL),
        Sentence(
            "this is SAML metadata, which describes services. To import them, run: feideprov services import FILE"
        ),
    ),
    Known(
        FileKind.SHEET_XML,
        re.compile(rb"<.*?(?:urn:schemas-microsoft-com:office:spreadsheet|<office:document\s)", re.DOTALL),
        Sentence("this is a spreadsheet in XML. Open it in Excel or LibreOffice, save it as XLSX, then run again."),
    ),
    Known(
        FileKind.XML,
        re.compile(rb"<"),
        Sentence("this is XML, not a table. Export the list as CSV. Then run again."),
    ),
    Known(
        FileKind.LINK,
        re.compile(rb'\{.*?(?:docs\.google\.com/|"doc_id")', re.DOTALL),
        Sentence("this is only a link to a spreadsheet at Google. Open it there, download it as XLSX, then run again."),
    ),
    Known(
        FileKind.PLAN,
        re.compile(rb'\{\s*"feideprov_plan"'),
        Sentence("this is a saved plan. To carry it out, run: feideprov apply PLAN --yes"),
    ),
    Known(
        FileKind.PIFU_JSON,
        re.compile(rb'[\[{].*?"@?(?:\w+:)?(?:enterprise|sourcedid|useridtype)"', re.DOTALL),
        Sentence(
            "this is PIFU that was converted to JSON, in which numbers have lost their zeros. Export the file as "
            "PIFU-IMS in XML. Then run again."
        ),
    ),
    Known(
        FileKind.JSON,
        re.compile(rb'\{\s*(?:"[^"\n]*"\s*:|\}\s*\Z)|\[\s*(?:\{|\[|"[^"\n]*"\s*[,\]]|\]\s*\Z)'),
        Sentence("this is JSON, not a table. Export the list as CSV or a spreadsheet. Then run again."),
    ),
    Known(
        FileKind.LDIF,
        re.compile(_COMMENTS + rb"(?:version:[ \t]*\d+\s" + _COMMENTS + rb")?dn::?\s"),
        Sentence(
            "this is LDIF, the entries of a directory. To find what is wrong in it, run: feideprov check --ldif FILE"
        ),
    ),
    Known(
        FileKind.CONTACTS,
        re.compile(rb"begin:vcard\s"),
        Sentence("this is a file of contacts (vCard). Export the list as CSV or a spreadsheet. Then run again."),
    ),
    Known(
        FileKind.CALENDAR,
        re.compile(rb"begin:vcalendar\s"),
        Sentence("this is a calendar, not a list. Check the path."),
    ),
    Known(
        FileKind.CERTIFICATE,
        re.compile(rb"-----begin [a-z ]+-----"),
        Sentence("this is a certificate or a key, not a list. Check the path."),
    ),
)
_MOST: Final = 4_096


def known_file(data: bytes) -> Known | None:
    """What a file is that begins so; None when it may be a table."""
    for one in _OF_OCTETS:
        if one.beginning.match(data):
            return one
    text = _as_utf_8(data[:_MOST]).lstrip().lower()
    return next((one for one in _OF_TEXT if one.beginning.match(text)), None)


def _as_utf_8(data: bytes) -> bytes:
    """The beginning of a text. XML and JSON may be in UTF-16 too."""
    encoding = json.detect_encoding(data)
    if not encoding.startswith("utf-8"):
        data = data.decode(encoding, "ignore").encode()
    return data.removeprefix(codecs.BOM_UTF8)
