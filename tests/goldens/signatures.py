"""Every public name with its signature, as text."""

from __future__ import annotations

import dataclasses
import inspect
import re

import feideprov


def signatures() -> str:
    """The public names of feideprov, their public methods, fields and properties, one a line."""
    lines: list[str] = []
    for name in feideprov.__all__:
        public = getattr(feideprov, name)
        lines.append(f"{name}{_signature(public)}")
        if inspect.isclass(public):
            lines += [f"    {line}" for line in _members(public)]
    return "\n".join(lines) + "\n"


def _members(public: type) -> list[str]:
    found = {name: inspect.getattr_static(public, name) for name in dir(public) if not name.startswith("_")}
    if dataclasses.is_dataclass(public):
        found |= {field.name: None for field in dataclasses.fields(public) if not field.name.startswith("_")}
    ours = {
        name: member
        for name, member in found.items()
        if any(name in vars(base) and base.__module__.startswith("feideprov") for base in public.__mro__)
        or name in getattr(public, "__dataclass_fields__", ())
    }
    return [f"{name}{_signature(getattr(public, name, None))}" for name in sorted(ours)]


def _signature(thing: object) -> str:
    if not callable(thing):
        return ""
    try:
        text = str(inspect.signature(thing))
    except (TypeError, ValueError):
        return ""
    text = re.sub(r" at 0x[0-9a-f]+", "", text)
    text = re.sub(r"frozenset\(\{.*?\}\)", "frozenset({…})", text)  # in another order at every run
    return re.sub(r"feideprov(\.\w+)*\.(?=[A-Z])", "", text)  # where a type stands may change, its name not
