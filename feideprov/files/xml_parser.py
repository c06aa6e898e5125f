"""The standard library's XML parser, without what only an attack needs.

A document type is refused where it begins, before it has any effect, and with it entities of the file's own, their
expansion, and external files (CWE-611, CWE-776). No format that is read here has one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn, Protocol
from xml.parsers.expat import ParserCreate, XMLParserType


class XMLTarget(Protocol):
    """Receives what the parser reads. A name with a namespace is `{namespace}name`."""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None: ...
    def end(self, tag: str) -> None: ...
    def data(self, text: str) -> None: ...
    def comment(self, text: str, /) -> None: ...
    def pi(self, target: str, data: str, /) -> None: ...


class DocumentTypeError(Exception):
    """The file has a document type, an entity of its own, or a reference to an external file."""


def xml_parser(target: XMLTarget) -> XMLParserType:
    """A parser that gives `target` what it reads, and raises DocumentTypeError at a document type.

    It also raises ExpatError for what is not XML, LookupError or ValueError for an encoding that cannot be read, and
    what `target` raises.
    """
    parser = refusing_parser()
    parser.buffer_text = True
    names: dict[str, str] = {}

    def name(read: str) -> str:
        if (known := names.get(read)) is None:
            known = names[read] = "{" + read if "}" in read else read
        return known

    def start(tag: str, attributes: dict[str, str]) -> None:
        target.start(name(tag), {name(key): value for key, value in attributes.items()})

    parser.StartElementHandler = start
    parser.EndElementHandler = lambda tag: target.end(name(tag))
    parser.CharacterDataHandler = target.data
    parser.CommentHandler = target.comment
    parser.ProcessingInstructionHandler = target.pi
    return parser


def refusing_parser() -> XMLParserType:
    """A parser without handlers of elements, which raises DocumentTypeError at a document type. A name with a namespace
    is `namespace}name`."""
    parser = ParserCreate(namespace_separator="}")
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    parser.UnparsedEntityDeclHandler = _refuse
    parser.ExternalEntityRefHandler = _refuse
    return parser


def _refuse(*_declaration: Any) -> NoReturn:
    raise DocumentTypeError
