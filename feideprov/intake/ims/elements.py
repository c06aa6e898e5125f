"""Which elements are read, and which of their attributes: all others are passed over, with everything inside."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from feideprov.intake.ims.recognition import is_ours


@dataclass
class Element:
    """An element that is read. `path` is its place inside the object that it describes, such as `sourcedid/id`.
    `attributes` has the name of each attribute that is read, with the name under which its value is found."""

    path: str
    attributes: tuple[tuple[str, str], ...] = ()
    has_text: bool = False
    is_part: bool = False
    """What is found inside belongs together, until the path itself is found."""
    is_object: bool = False
    """A whole person, group, membership or member, or the properties: what is found inside belongs together."""
    inside: dict[str, Element] = field(default_factory=dict)


class Inside(dict[str, "Element | None"]):
    """The elements inside one, by the name that the parser gives: found once for each name, in any namespace of the
    formats. None is for one that is passed over."""

    def __init__(self, element: Element) -> None:
        super().__init__()
        self._element = element

    def __missing__(self, read: str) -> Element | None:
        namespace, _, name = read.rpartition("}")
        found = self._element.inside.get(name.lower()) if is_ours(namespace) else None
        self[read] = found
        return found


_PARTS: Final = ("sourcedid", "role", "pifu_id")
_OBJECTS: Final = ("properties", "person", "group", "membership", "member")


def _element(written: str, inside: dict[str, Any], above: str = "") -> Element:
    name, *attributes = written.split("@")
    path = name if name in _OBJECTS else f"{above}{name}"
    deeper = "" if name in ("enterprise", "extension", *_OBJECTS) else f"{path}/"
    return Element(
        path,
        tuple((attribute, f"{path}@{attribute}") for attribute in attributes),
        has_text=not inside,
        is_part=name in _PARTS,
        is_object=name in _OBJECTS,
        inside={child.split("@")[0].lower(): _element(child, more, deeper) for child, more in inside.items()},
    )


_ID: Final[dict[str, Any]] = {"source": {}, "id": {}}
_DATES: Final[dict[str, Any]] = {"begin": {}, "end": {}}
ROOT: Final = _element(
    "enterprise",
    {
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
    },
)
