"""A file as a stream of the elements that are read, and what no such file has: it is refused.

A document type is refused before it has any effect (xml_parser). The limits are far above what real files have: they
nest nine levels deep, and their longest text, a description, has 2,048 characters.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from itertools import chain
from typing import BinaryIO, Final, Protocol
from xml.parsers.expat import ExpatError, XMLParserType

from feideprov.errors import InputError
from feideprov.files.xml_parser import DocumentTypeError, refusing_parser
from feideprov.intake.ims.elements import Element, enterprise
from feideprov.intake.ims.recognition import is_ours, what_it_is
from feideprov.messages import NOTHING, Sentence
from feideprov.progress import READING_FILE, steps
from feideprov.system_errors import reason_of

Found = list[tuple[str, str | None]]
"""What was found of an object: the path of an element with its text, or of an attribute with its value."""

LEVELS: Final = 100
LONGEST_TEXT: Final = 10_000
PIECE: Final = 1024 * 1024
"""The most bytes of one tag or comment."""
NAMES: Final = 1_000
"""The most different names of elements and attributes in a file; the parser keeps each."""
PARTS: Final = 5_000
"""The most elements of one person, group or member that are read."""
_CHUNK: Final = 64 * 1024


class Receiver(Protocol):
    """Receives each object. `begun` is called where a person, a membership … begins, `ended` with what was found."""

    def root(self, namespace: str) -> None: ...
    def begun(self, path: str, line: int, found: Found) -> None: ...
    def ended(self, path: str, found: Found) -> None: ...


class NotEnterpriseError(Exception):
    """The file has something that no such file has: `found`."""

    def __init__(self, found: Sentence) -> None:
        super().__init__(found)
        self.found = found


def read_elements(stream: BinaryIO, name: str, receiver: Receiver) -> None:
    """Give each object of a file to `receiver`. `name` is the file's name in messages.

    Raises InputError when the file is not PIFU or IMS Enterprise, is cut, or has what only an attack has.
    """
    reading = _Reading(receiver)
    try:
        reading.read(stream)
    except DocumentTypeError:
        what = Sentence(
            "it has a document type (DOCTYPE) or entities of its own, and that can be an attack. Export it without them"
        )
    except NotEnterpriseError as error:
        what = error.found
    except ExpatError:
        what = Sentence("it is cut or is not valid XML, or its letters are not in the encoding that it names")
    except (LookupError, ValueError):  # an encoding that is unknown, or has no single bytes
        what = Sentence("it has an encoding that cannot be read. Export it in UTF-8")
    except OSError as error:
        what = Sentence("it cannot be read ({reason})", reason=reason_of(error))
    else:
        return
    raise InputError(
        Sentence(
            "{file} was not read, and nothing of it is used (line {line:,}{inside}): {what}. Check the export, then "
            "run again.",
            file=name,
            line=reading.line,
            inside=Sentence(", in the element {name}", name=reading.inside) if reading.inside else NOTHING,
            what=what,
        )
    )


class _Reading:
    """The place in the file, and what was found of the object there.

    The handlers are inner functions: half a million people have fifty million elements, and the names of a function are
    found faster than the attributes of an object.
    """

    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver
        self._parser = refusing_parser()
        self._parser.buffer_text = True
        self._place: Callable[[], Element | None] = lambda: None
        self._found: Found = []
        self._text: list[str] = []
        self._parser.StartElementHandler = self._root

    @property
    def line(self) -> int:
        return self._parser.CurrentLineNumber

    @property
    def inside(self) -> str:
        """The name of the object that the place is in."""
        near = self._place()
        while near is not None and not near.is_object:
            near = None if near.above is near else near.above
        return near.path if near is not None else ""

    def read(self, stream: BinaryIO) -> None:
        given = 0
        chunks = chain(iter(partial(stream.read, _CHUNK), b""), [b""])
        for chunk in steps(chunks, READING_FILE, size=lambda chunk: len(chunk) // 1024):
            given += len(chunk)
            self._parser.Parse(chunk, not chunk)
            if not chunk:
                return
            if given - self._parser.CurrentByteIndex > PIECE:
                raise NotEnterpriseError(
                    Sentence("it has a tag or a comment of more than {size:,} kB", size=PIECE // 1024)
                )
            if len(self._parser.intern) > NAMES:
                raise NotEnterpriseError(
                    Sentence("it has more than {most:,} names of elements and attributes", most=NAMES)
                )
            self._require_limits()

    def _require_limits(self) -> None:
        if sum(map(len, self._text)) > LONGEST_TEXT:
            raise NotEnterpriseError(Sentence("it has a text of more than {most:,} characters", most=LONGEST_TEXT))
        if len(self._found) > PARTS:
            raise NotEnterpriseError(Sentence("it has more than {most:,} elements about one thing", most=PARTS))

    def _root(self, tag: str, _attributes: Mapping[str, str]) -> None:
        namespace, _, name = tag.rpartition("}")
        if name.lower() != "enterprise" or not is_ours(namespace):
            raise NotEnterpriseError(
                Sentence("it is neither PIFU nor IMS Enterprise: {what}", what=what_it_is(name, namespace))
            )
        self._receiver.root(namespace)
        self._read_inside(enterprise())

    def _read_inside(self, element: Element) -> None:
        """Read the elements inside the outermost one."""
        parser, receiver, found, text = self._parser, self._receiver, self._found, self._text
        self._place = lambda: element

        def start(tag: str, attributes: Mapping[str, str]) -> None:
            nonlocal element
            inner = element.inside[tag]
            if inner is None:
                pass_over()
                return
            element = inner
            if inner.has_text:
                parser.CharacterDataHandler = text.append
            elif inner.is_object:
                receiver.begun(inner.path, parser.CurrentLineNumber, found)
                found.clear()
            for attribute, path in inner.attributes:
                found.append((path, attributes.get(attribute)))

        def end(_tag: str) -> None:
            nonlocal element
            if element.has_text:
                parser.CharacterDataHandler = None
                whole = "".join(text)
                if len(whole) > LONGEST_TEXT:
                    self._require_limits()
                found.append((element.path, whole.strip()))
                text.clear()
            elif element.is_part:
                found.append((element.path, None))
            elif element.is_object:
                if len(found) > PARTS:
                    self._require_limits()
                receiver.ended(element.path, found)
                found.clear()
            element = element.above

        def go_on() -> None:
            parser.StartElementHandler, parser.EndElementHandler = start, end
            if element.has_text:
                parser.CharacterDataHandler = text.append

        pass_over = _passing_over(parser, go_on)
        go_on()


def _passing_over(parser: XMLParserType, go_on: Callable[[], None]) -> Callable[[], None]:
    """What is called at the start of an element that is passed over, with everything inside; then `go_on` is called."""
    levels = 0

    def pass_over() -> None:
        nonlocal levels
        levels = 1
        parser.StartElementHandler, parser.EndElementHandler = deeper, higher
        parser.CharacterDataHandler = None

    def deeper(_tag: str, _attributes: Mapping[str, str]) -> None:
        nonlocal levels
        levels += 1
        if levels > LEVELS:
            raise NotEnterpriseError(Sentence("its elements are more than {levels} levels deep", levels=LEVELS))

    def higher(_tag: str) -> None:
        nonlocal levels
        levels -= 1
        if not levels:
            go_on()

    return pass_over
