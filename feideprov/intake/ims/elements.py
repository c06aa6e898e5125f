"""Which elements are read, and which of their attributes: all others are passed over, with everything inside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from feideprov.intake.ims.recognition import is_ours


class Element:
    """An element that is read, in one file. `path` is its place inside the object that it describes, such as
    `sourcedid/id`."""

    __slots__ = ("above", "attributes", "has_text", "inside", "is_object", "is_part", "path")

    def __init__(self, written: str, inside: Mapping[str, Any], path: str = "", above: Element | None = None) -> None:
        name, *attributes = written.split("@")
        self.path = name if name in _OBJECTS else f"{path}{name}"
        self.above = above or self
        """The element that it stands in; of the outermost one, itself."""
        self.attributes = tuple((attribute, f"{self.path}@{attribute}") for attribute in attributes)
        """The name of each attribute that is read, and the path of its value."""
        self.has_text = not inside
        self.is_part = name in _PARTS
        """What is found inside belongs together, until the path itself is found."""
        self.is_object = name in _OBJECTS
        """A whole person, group, membership or member, or the properties: what is found inside belongs together."""
        deeper = "" if name in ("enterprise", "extension", *_OBJECTS) else f"{self.path}/"
        self.inside = _Inside(
            {child.split("@")[0].lower(): Element(child, more, deeper, self) for child, more in inside.items()}
        )


class _Inside(dict[str, "Element | None"]):
    """The elements inside one, by the name that the parser gives: found once for each name, in any namespace of the
    formats. None is for one that is passed over."""

    def __init__(self, by_name: Mapping[str, Element]) -> None:
        super().__init__()
        self._by_name = by_name

    def __missing__(self, read: str) -> Element | None:
        namespace, _, name = read.rpartition("}")
        found = self._by_name.get(name.lower()) if is_ours(namespace) else None
        self[read] = found
        return found


_PARTS: Final = ("sourcedid", "role", "pifu_id")
_OBJECTS: Final = ("properties", "person", "group", "membership", "member")


_ID: Final[dict[str, Any]] = {"source": {}, "id": {}}
_DATES: Final[dict[str, Any]] = {"begin": {}, "end": {}}
_ENTERPRISE: Final[dict[str, Any]] = {
    "properties": {"datasource": {}, "type": {}, "datetime": {}},
    "person@recstatus": {
        "sourcedid@sourcedidtype": _ID,
        "userid@useridtype": {},
        "name": {"fn": {}, "n": {"family": {}, "given": {}}},
        "demographics": {"bday": {}},
        "email": {},
        "tel@teltype": {},
        "extension": {
            "pifu_email@type": {},
            "pifu_tel@type": {},
            "pifu_status@type": {},
            "pifu_preferredLanguage": {},
            "pifu_hasContactPerson": {"sourcedid": _ID},
        },
    },
    "group@recstatus": {
        "sourcedid@sourcedidtype": _ID,
        "grouptype": {"typevalue": {}},
        "description": {"short": {}, "long": {}},
        "org": {"orgname": {}, "id": {}},
        "timeframe": _DATES,
        "relationship@relation": {"sourcedid": _ID},
        "extension": {"pifu_id@type": {"pifu_value": {}}, "pifu_schoolType": {}},
    },
    "membership": {
        "sourcedid": _ID,
        "member": {
            "sourcedid": _ID,
            "idtype": {},
            "role@roletype@recstatus": {
                "subrole": {},
                "status": {},
                "timeframe": _DATES,
                "extension": {"pifu_primaryRelation": {}},
            },
        },
    },
}


def enterprise() -> Element:
    """The outermost element, with those that are read inside it, for one file."""
    return Element("enterprise", _ENTERPRISE)
