"""A file as a stream of the elements that are read, and what no such file has: it is refused.

A document type is refused before it has any effect (xml_parser). The limits are far above what real files have: they
nest nine levels deep, and their longest text, a description, has 2,048 characters.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import BinaryIO, Final, Protocol
from xml.parsers.expat import ExpatError

from feideprov.errors import InputError
from feideprov.files.xml_parser import DocumentTypeError, refusing_parser
from feideprov.intake.ims.elements import ROOT, Element, Inside
from feideprov.intake.ims.recognition import is_ours, what_it_is
from feideprov.messages import NOTHING, Sentence

Found = list[tuple[str, str | None]]
"""What was found of an object: the path of an element with its text, or of an attribute with its value."""

LEVELS: Final = 100
LONGEST_TEXT: Final = 10_000
PIECE: Final = 1024 * 1024
"""The most bytes of one tag or comment."""
NAMES: Final = 1_000
"""The most different names of elements and attributes in a file; the parser keeps each."""
PARTS: Final = 1_000
"""The most elements of one person, group or member that are read."""
_CHUNK: Final = 64 * 1024
_SHOWN: Final = frozenset(("properties", "person", "group", "membership", "member"))


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
        what = Sentence("it cannot be read ({reason})", reason=error.strerror)
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
    """The place in the file, and what was found of the object there."""

    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver
        self._parser = refusing_parser()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._root
        self._parser.EndElementHandler = self._end
        self._element = ROOT
        self._around: list[Element] = []
        self._inside: dict[int, Inside] = {}
        self._found: Found = []
        self._text: list[str] = []
        self._passed = 0
        """Levels inside an element that is passed over."""

    @property
    def line(self) -> int:
        return self._parser.CurrentLineNumber

    @property
    def inside(self) -> str:
        """The name of the object that the place is in."""
        near = [one.path for one in (*self._around, self._element) if one.path in _SHOWN]
        return near[-1] if near else ""

    def read(self, stream: BinaryIO) -> None:
        given = 0
        while True:
            chunk = stream.read(_CHUNK)
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

    def _root(self, tag: str, _attributes: Mapping[str, str]) -> None:
        namespace, _, name = tag.rpartition("}")
        if name.lower() != "enterprise" or not is_ours(namespace):
            raise NotEnterpriseError(
                Sentence("it is neither PIFU nor IMS Enterprise: {what}", what=what_it_is(name, namespace))
            )
        self._receiver.root(namespace)
        self._parser.StartElementHandler = self._start
        self._around.append(ROOT)

    def _start(self, tag: str, attributes: Mapping[str, str]) -> None:
        inside = self._inside.get(id(self._element))
        if inside is None:
            inside = self._inside[id(self._element)] = Inside(self._element)
        element = inside[tag]
        if element is None:
            self._pass_over()
            return
        self._around.append(self._element)
        self._element = element
        if element.is_object:
            self._receiver.begun(element.path, self._parser.CurrentLineNumber, self._found)
            self._found.clear()
        for attribute, path in element.attributes:
            self._found.append((path, attributes.get(attribute)))
        if element.has_text:
            self._parser.CharacterDataHandler = self._text.append

    def _end(self, _tag: str) -> None:
        element = self._element
        if element.has_text:
            self._parser.CharacterDataHandler = None
            self._found.append((element.path, self._whole_text()))
        elif element.is_part:
            self._found.append((element.path, None))
        elif element.is_object:
            self._receiver.ended(element.path, self._found)
            self._found.clear()
        self._element = self._around.pop()

    def _whole_text(self) -> str:
        text = self._text[0] if len(self._text) == 1 else "".join(self._text)
        self._text.clear()
        if len(text) > LONGEST_TEXT:
            raise NotEnterpriseError(Sentence("it has a text of more than {most:,} characters", most=LONGEST_TEXT))
        if len(self._found) > PARTS:
            raise NotEnterpriseError(
                Sentence("it has more than {most:,} elements about one person or group", most=PARTS)
            )
        return text.strip()

    def _pass_over(self) -> None:
        self._passed = 1
        self._parser.StartElementHandler, self._parser.EndElementHandler = self._deeper, self._higher
        self._parser.CharacterDataHandler = None

    def _deeper(self, _tag: str, _attributes: Mapping[str, str]) -> None:
        self._passed += 1
        if self._passed > LEVELS:
            raise NotEnterpriseError(Sentence("its elements are more than {levels} levels deep", levels=LEVELS))

    def _higher(self, _tag: str) -> None:
        self._passed -= 1
        if not self._passed:
            self._parser.StartElementHandler, self._parser.EndElementHandler = self._start, self._end
            if self._element.has_text:
                self._parser.CharacterDataHandler = self._text.append
