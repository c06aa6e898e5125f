"""Whether a file is PIFU or IMS Enterprise, and what another file in XML is."""

from __future__ import annotations

import codecs
import re
from typing import Final

from feideprov.messages import Sentence
from feideprov.text import shown

_ENCODINGS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
_PROLOGUE: Final = re.compile(r"\A(?:\s+|<\?.*?\?>|<!--.*?-->)*+", re.DOTALL)
_ROOT: Final = re.compile(r"<(?:!DOCTYPE\s+)?(?:[\w.-]+:)?enterprise(?=[\s/>\[]|\Z)", re.IGNORECASE)
_OURS: Final = re.compile(r"(?i:https?://(?:www\.)?(?:pifu\.no/|imsglobal\.org/|imsproject\.org/|imsenterprise).*)?")
_PIFU: Final = re.compile(r"pifu", re.IGNORECASE)
_OTHERS: Final = {
    "html": Sentence("this is a web page (HTML)"),
    "entitiesdescriptor": Sentence("this is SAML metadata, which is for feideprov services import"),
    "entitydescriptor": Sentence("this is SAML metadata, which is for feideprov services import"),
    "workbook": Sentence("this is a spreadsheet in XML. In Excel, save it as XLSX"),
    "rss": Sentence("this is a news feed"),
    "feed": Sentence("this is a news feed"),
    "schema": Sentence("this is an XML schema (XSD), the description of a format and no export"),
}


def is_enterprise(head: bytes) -> bool:
    """Whether a file that begins so is PIFU or IMS Enterprise. True too when its comments hide what it is.

    >>> is_enterprise(b'<?xml version="1.0"?><enterprise>'), is_enterprise(b"<html>"), is_enterprise(b"source_id;given")
    (True, False, False)
    """
    encoding = next((name for mark, name in _ENCODINGS if head.startswith(mark)), "latin-1")
    text = head.decode(encoding, "replace").removeprefix("\ufeff")
    rest = _PROLOGUE.sub("", text, count=1)
    return bool(_ROOT.match(rest)) or (rest.startswith(("<?", "<!--")) and text.lstrip().startswith("<"))


def is_ours(namespace: str) -> bool:
    """Whether elements of a namespace are those of PIFU or of IMS Enterprise."""
    return _OURS.fullmatch(namespace) is not None


def is_pifu(namespace: str) -> bool:
    """Whether a namespace is that of PIFU."""
    return _PIFU.search(namespace) is not None


def what_it_is(name: str, namespace: str) -> Sentence:
    """What a file in XML is that has another outermost element."""
    if name.lower() == "enterprise":
        return Sentence("its outermost element enterprise has the namespace of another format")
    if known := _OTHERS.get(name.lower()):
        return known
    if "spreadsheet" in namespace:
        return _OTHERS["workbook"]
    return Sentence("its outermost element is “{name}”", name=shown(name, 40))
