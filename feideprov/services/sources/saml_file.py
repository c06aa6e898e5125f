"""A file of SAML metadata, read in passing: one entity at a time, and nothing that only an attack has.

Metadata is XML that strangers wrote. A document type is refused before any of it is carried out, and with it every
entity, bomb and external file (defusedxml; CWE-611, CWE-776). Then there are the limits below: real metadata is
nowhere near them: what is specified nests some seven levels deep, and the aggregate of tests/bench/metadata.py, 10,000
entities, has 1.3 million elements and attributes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO, Final
from xml.etree.ElementTree import Element, ParseError, TreeBuilder  # of what defusedxml has let through

from feideprov.errors import ConfigurationError, InputError

if TYPE_CHECKING:
    from defusedxml.ElementTree import DefusedXMLParser

MD: Final = "{urn:oasis:names:tc:SAML:2.0:metadata}"
MDUI: Final = "{urn:oasis:names:tc:SAML:metadata:ui}"
MDRPI: Final = "{urn:oasis:names:tc:SAML:metadata:rpi}"

AGGREGATE: Final = f"{MD}EntitiesDescriptor"
ENTITY: Final = f"{MD}EntityDescriptor"

LONGEST_ID: Final = 1024  # SAML 2.0 Metadata 2.2.1
LEVELS: Final = 64
ATTRIBUTES: Final = 64 * 1024
"""Characters in the names and values of one element's attributes."""
PIECE: Final = 1024 * 1024
"""Bytes of one tag or comment."""
PART: Final = 8 * 1024 * 1024
"""Characters kept of one entity."""
NAMES: Final = 10_000
"""Different names of elements and attributes in a file; the parser keeps each."""
NODES: Final = 10_000_000
"""Elements, attributes, comments and instructions in a file, each of which costs memory when it is verified."""
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
    """The outermost element; what it does not say is empty. `name` is that of an aggregate."""

    tag: str
    name: str
    valid_until: str


@dataclass(frozen=True)
class Entity:
    """One EntityDescriptor, with what is read of it alone. `valid_until`: its own and those of what it stands in."""

    id: str
    """The entityID: at most 1,024 characters, and all can be shown."""
    element: Element
    valid_until: tuple[str, ...]


class MetadataFile:
    """What a stream of metadata holds. `name` is what a message calls it. Iterate once.

    Raises InputError, while iterating too, where the content is no SAML metadata or has what only an attack has;
    ConfigurationError where defusedxml is not installed.
    """

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self._stream, self._name = stream, name
        self._target = _Target()
        self._parser = _parser(self._target)
        self._expat = self._parser.parser  # close() takes it away
        while self._target.root is None and self._goes_on():
            pass
        if self._target.root is None:  # an empty file fails in close(), so this is for the type checker
            raise InputError(f"{name} is empty.")
        self.root = self._target.root
        if self.root.tag not in (AGGREGATE, ENTITY):
            raise InputError(
                f"{name} is no SAML metadata: its outermost element is neither EntitiesDescriptor nor EntityDescriptor."
            )

    def __iter__(self) -> Iterator[Entity]:
        """Each entity, in the order of the file; it is held by nobody else."""
        more = True
        while more:
            yield from self._target.entities
            self._target.entities.clear()
            more = self._goes_on()

    def _goes_on(self) -> bool:
        """Read a little more; False at the end."""
        from defusedxml import DefusedXmlException

        try:
            chunk = self._stream.read(_CHUNK)
            if not chunk:
                self._parser.close()
                return False
            self._target.silence += len(chunk)
            self._parser.feed(chunk)
            if self._target.silence > PIECE:
                raise _Foreign(f"a tag or a comment of more than {PIECE // 1024:,} kB")
            if len(self._expat.intern) > NAMES:
                raise _Foreign(f"the {NAMES:,}th name of an element or an attribute")
        except DefusedXmlException:
            raise InputError(
                f"{self._name} was not read: it has a document type (DOCTYPE), with which XML can fill the memory or "
                "open files of this machine. SAML metadata needs none: fetch it again from the federation."
            ) from None
        except _Foreign as error:
            line = self._expat.CurrentLineNumber
            raise InputError(
                f"{self._name} was not read: line {line:,} has {error}, which no SAML metadata has. Fetch it again "
                "from the federation."
            ) from None
        except ParseError as error:
            line, _ = error.position
            raise InputError(f"{self._name} is no XML, or was cut off: see line {line:,}.") from None
        except (LookupError, ValueError):  # an encoding that nobody knows, or that has no single bytes
            raise InputError(f"{self._name} is in an encoding that is not read. Save it as UTF-8.") from None
        except OSError as error:
            raise InputError(f"{self._name} cannot be read: {error.strerror}.") from None
        return True


def _parser(target: _Target) -> DefusedXMLParser:
    try:
        from defusedxml.ElementTree import DefusedXMLParser
    except ImportError:
        raise ConfigurationError(
            "Reading SAML metadata needs the extra “saml”: pip install 'feideprov[saml]'."
        ) from None
    return DefusedXMLParser(target=target, forbid_dtd=True)


class _Foreign(Exception):
    """What no SAML metadata has. The message is a thing that a line has."""


@dataclass
class _Target:
    """What the parser tells of the file, in order. Only what is kept is built, and handed over when it is whole."""

    root: Root | None = None
    entities: list[Entity] = field(default_factory=list)
    silence: int = 0
    """Bytes read since the parser last told something."""
    _nodes: int = 0
    _depth: int = 0
    _until: list[str] = field(default_factory=list)
    _builder: TreeBuilder | None = None
    _began: int = 0  # the depth at which the builder began
    _left_out: int = 0  # levels inside something that is not kept
    _size: int = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._told(1 + len(attributes))
        self._depth += 1
        length = sum(len(key) + len(value) for key, value in attributes.items())
        if self._depth > LEVELS:
            raise _Foreign(f"elements more than {LEVELS} levels deep")
        if length > ATTRIBUTES:
            raise _Foreign(f"attributes of more than {ATTRIBUTES // 1024} kB")
        if self.root is None:
            self.root = Root(tag, *(attributes.get(key, "") for key in ("Name", "validUntil")))
        if self._left_out:
            self._left_out += 1
        elif self._builder is None:
            self._begin(tag, attributes)
        elif tag in _KEPT:
            self._count(length + _ELEMENT_COSTS)
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
        self._told(0)
        self._depth -= 1
        if self._left_out:
            self._left_out -= 1
        elif self._builder is None:
            self._until.pop()
        else:
            self._builder.end(tag)
            if self._depth < self._began:
                self._hand_over(self._builder.close())
                self._builder = None

    def _hand_over(self, whole: Element) -> None:
        entity_id = whole.get("entityID", "").strip()
        if not entity_id or len(entity_id) > LONGEST_ID or not entity_id.isprintable():
            raise _Foreign("an entity without an entityID that can be used")
        self.entities.append(Entity(entity_id, whole, (*self._until, whole.get("validUntil", ""))))

    def data(self, text: str) -> None:
        self._told(0)
        if self._builder is not None and not self._left_out:
            self._count(len(text))
            self._builder.data(text)

    def comment(self, _text: str) -> None:
        self._told(1)

    def pi(self, _target: str, _data: str) -> None:
        self._told(1)

    def _told(self, nodes: int) -> None:
        self.silence = 0
        self._nodes += nodes
        if self._nodes > NODES:
            raise _Foreign(f"the {NODES:,}th element, attribute or comment")

    def _count(self, characters: int) -> None:
        self._size += characters
        if self._size > PART:
            raise _Foreign(f"the end of {PART // 1024 // 1024} MB about one entity")
