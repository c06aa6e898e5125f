"""A file of SAML metadata, read one entity at a time, which refuses what only an attack has.

Metadata is XML from others. A document type is refused before it has any effect, and with it all XML entities, entity
expansion and external files (xml_parser; CWE-611, CWE-776). The limits below follow. Real metadata is far below them:
the specification nests some seven levels deep, and the aggregate of tests/bench/metadata.py, 10,000 entities, has 1.3
million elements and attributes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO, Final
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers.expat import ExpatError

from feideprov.errors import InputError
from feideprov.files.xml_parser import DocumentTypeError, xml_parser
from feideprov.messages import Sentence
from feideprov.system_errors import reason_of

MD: Final = "{urn:oasis:names:tc:SAML:2.0:metadata}"
MDUI: Final = "{urn:oasis:names:tc:SAML:metadata:ui}"
MDRPI: Final = "{urn:oasis:names:tc:SAML:metadata:rpi}"

AGGREGATE: Final = f"{MD}EntitiesDescriptor"
ENTITY: Final = f"{MD}EntityDescriptor"

LONGEST_ID: Final = 1024  # SAML 2.0 Metadata 2.2.1
LEVELS: Final = 64
ATTRIBUTES: Final = 64 * 1024
"""The most characters in the names and values of one element's attributes."""
PIECE: Final = 1024 * 1024
"""The most bytes of one tag or comment."""
PART: Final = 8 * 1024 * 1024
"""The most characters that are kept of one entity."""
NAMES: Final = 10_000
"""The most different names of elements and attributes in a file; the parser keeps each."""
NODES: Final = 10_000_000
"""The most elements, attributes, comments and instructions in a file: each costs memory when it is verified."""
_CHUNK: Final = 64 * 1024
_ELEMENT_COSTS: Final = 100  # what an empty element counts as, in characters

_KEPT: Final = frozenset(
    {f"{MD}Extensions", f"{MD}SPSSODescriptor", f"{MDRPI}RegistrationInfo", f"{MDUI}UIInfo"}
    | {f"{MDUI}DisplayName", f"{MD}AttributeConsumingService", f"{MD}ServiceName", f"{MD}RequestedAttribute"}
    | {f"{MD}Organization", f"{MD}OrganizationName", f"{MD}OrganizationDisplayName", f"{MD}OrganizationURL"}
    | {f"{MD}ContactPerson", f"{MD}GivenName", f"{MD}SurName", f"{MD}EmailAddress"}
)


@dataclass(frozen=True)
class Root:
    """The outermost element; attributes that it does not have are empty. `name` is that of an aggregate."""

    tag: str
    name: str
    valid_until: str


@dataclass(frozen=True)
class Entity:
    """One EntityDescriptor, with only what is read of it. `valid_until`: its own, and those of the elements around
    it."""

    id: str
    """The entityID: at most 1,024 characters, all printable."""
    element: Element
    valid_until: tuple[str, ...]


class MetadataFile:
    """The content of a stream of metadata. `name` is its name in messages. Iterate once.

    Raises InputError, also while iterating, when the content is not SAML metadata or has what only an attack has.
    """

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self._stream, self._name = stream, name
        self._target = _Target()
        self._parser = xml_parser(self._target)
        while self._target.root is None and self._read_chunk():
            pass
        if self._target.root is None:  # an empty file fails in close(), so this is for the type checker
            raise InputError(Sentence("{file} is empty. Download it again.", file=name))
        self.root = self._target.root
        if self.root.tag not in (AGGREGATE, ENTITY):
            raise InputError(
                Sentence(
                    "{file} is not SAML metadata: its outermost element must be EntitiesDescriptor or "
                    "EntityDescriptor. Check the file.",
                    file=name,
                )
            )

    def __iter__(self) -> Iterator[Entity]:
        """Each entity, in the order of the file. No reference to it is kept."""
        more = True
        while more:
            yield from self._target.entities
            self._target.entities.clear()
            more = self._read_chunk()

    def _read_chunk(self) -> bool:
        """Read a part of the file; False at its end."""
        try:
            chunk = self._stream.read(_CHUNK)
            self._target.unreported += len(chunk)
            self._parser.Parse(chunk, not chunk)
            if self._target.unreported > PIECE:
                raise _NotMetadata(Sentence("a tag or a comment of more than {size:,} kB", size=PIECE // 1024))
            if len(self._parser.intern) > NAMES:
                raise _NotMetadata(Sentence("more than {most:,} names of elements and attributes", most=NAMES))
        except DocumentTypeError:
            sentence = Sentence(
                "{file} was not read: it has a document type (DOCTYPE), and that can be an attack. SAML metadata "
                "does not need a document type. Download the file again from the federation.",
                file=self._name,
            )
            raise InputError(sentence) from None
        except _NotMetadata as error:
            sentence = Sentence(
                "{file} was not read, because SAML metadata never has this: {found} (line {line:,}). Download the "
                "file again from the federation.",
                file=self._name,
                line=self._parser.CurrentLineNumber,
                found=error.found,
            )
            raise InputError(sentence) from None
        except ExpatError as error:
            sentence = Sentence(
                "{file} is not valid XML, or is incomplete: see line {line:,}. Download it again from the federation.",
                file=self._name,
                line=error.lineno,
            )
            raise InputError(sentence) from None
        except (LookupError, ValueError):  # an unknown encoding, or one that has no single bytes
            sentence = Sentence("{file} has an encoding that cannot be read. Save it as UTF-8.", file=self._name)
            raise InputError(sentence) from None
        except OSError as error:
            sentence = Sentence(
                "{file} cannot be read ({reason}). Check the file.", file=self._name, reason=reason_of(error)
            )
            raise InputError(sentence) from None
        return bool(chunk)


class _NotMetadata(Exception):
    """The file has something that SAML metadata never has: `found`."""

    def __init__(self, found: Sentence) -> None:
        super().__init__(found)
        self.found = found


@dataclass
class _Target:
    """Receives the parser's events. Builds only the elements that are kept, and adds each entity when it is
    complete."""

    root: Root | None = None
    entities: list[Entity] = field(default_factory=list)
    unreported: int = 0
    """Bytes read since the parser's last event."""
    _nodes: int = 0
    _depth: int = 0
    _until: list[str] = field(default_factory=list)
    _builder: TreeBuilder | None = None
    _began: int = 0  # the depth at which the builder began
    _left_out: int = 0  # levels inside something that is not kept
    _size: int = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._count_nodes(1 + len(attributes))
        self._depth += 1
        length = sum(len(key) + len(value) for key, value in attributes.items())
        if self._depth > LEVELS:
            raise _NotMetadata(Sentence("elements more than {levels} levels deep", levels=LEVELS))
        if length > ATTRIBUTES:
            raise _NotMetadata(Sentence("attributes of more than {size} kB", size=ATTRIBUTES // 1024))
        if self.root is None:
            self.root = Root(tag, *(attributes.get(key, "") for key in ("Name", "validUntil")))
        if self._left_out:
            self._left_out += 1
        elif self._builder is None:
            self._begin(tag, attributes)
        elif tag in _KEPT:
            self._count_characters(length + _ELEMENT_COSTS)
            self._builder.start(tag, dict(attributes))
        else:
            self._left_out = 1

    def _begin(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == AGGREGATE:
            self._until.append(attributes.get("validUntil", ""))
        elif tag == ENTITY:
            self._builder, self._began, self._size = TreeBuilder(), self._depth, 0
            self._builder.start(tag, dict(attributes))
        else:
            self._left_out = 1

    def end(self, tag: str) -> None:
        self._count_nodes(0)
        self._depth -= 1
        if self._left_out:
            self._left_out -= 1
        elif self._builder is None:
            self._until.pop()
        else:
            self._builder.end(tag)
            if self._depth < self._began:
                self._add(self._builder.close())
                self._builder = None

    def _add(self, element: Element) -> None:
        entity_id = element.get("entityID", "").strip()
        if not entity_id or len(entity_id) > LONGEST_ID or not entity_id.isprintable():
            raise _NotMetadata(Sentence("an entity without a usable entityID"))
        self.entities.append(Entity(entity_id, element, (*self._until, element.get("validUntil", ""))))

    def data(self, text: str) -> None:
        self._count_nodes(0)
        if self._builder is not None and not self._left_out:
            self._count_characters(len(text))
            self._builder.data(text)

    def comment(self, _text: str) -> None:
        self._count_nodes(1)

    def pi(self, _target: str, _data: str) -> None:
        self._count_nodes(1)

    def _count_nodes(self, nodes: int) -> None:
        self.unreported = 0
        self._nodes += nodes
        if self._nodes > NODES:
            raise _NotMetadata(Sentence("more than {most:,} elements, attributes and comments", most=NODES))

    def _count_characters(self, characters: int) -> None:
        self._size += characters
        if self._size > PART:
            raise _NotMetadata(Sentence("more than {size} MB about one entity", size=PART // 1024 // 1024))
