"""`docs/api.md`, made from the docstrings of the public names."""

from __future__ import annotations

import dataclasses
import enum
import inspect
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

import feideprov
import feideprov.nir
from feideprov.client.checklist import SameDayChecklist
from feideprov.client.journal import ChangeLog
from feideprov.client.numbers import Numbers
from feideprov.client.organization_units import OrganizationUnits
from feideprov.client.users import Users

_HEAD: Final = """\
# The API

Made from the docstrings by `make docs`.

Public is what this page lists: the names that `import feideprov` and `import feideprov.nir` offer, and the parts of a
client. Before a public name, method or parameter is removed, it is deprecated for at least one minor version: it works
as before, and a `DeprecationWarning` names what replaces it. Everything else may change between versions.

    from feideprov import Client

    with Client.open("feideprov.toml") as feide:
        plan = feide.plan("refugees.csv")
        feide.apply(plan)

An identity number is never in a message, a `repr` or an exception.
"""
PARTS: Final[tuple[tuple[str, type], ...]] = (
    ("feide.users", Users),
    ("feide.numbers", Numbers),
    ("feide.organization_units", OrganizationUnits),
    ("feide.journal", ChangeLog),
    ("feide.checklist", SameDayChecklist),
    ("feide.services", feideprov.Services),
    ("feide.nir", feideprov.nir.IntroductionRegister),
)
_FIRST: Final = ("Client", "Plan", "Outcome")
PUBLIC: Final[Sequence[str]] = vars(feideprov)["__all__"]  # the stub, which type checkers read, has no such name
PUBLIC_IN_NIR: Final[Sequence[str]] = vars(feideprov.nir)["__all__"]


def page() -> str:
    """The page, in Markdown."""
    lines = [_HEAD]
    for name in _FIRST:
        lines += [f"## {name}\n", *_thing(name, getattr(feideprov, name))]
        if name == "Client":
            for title, part in PARTS:
                lines += [f"## {title}\n", *_thing(title, part, constructor=False)]
    for title, module, names in (
        ("Other names", feideprov, PUBLIC),
        ("Names of feideprov.nir", feideprov.nir, PUBLIC_IN_NIR),
    ):
        lines.append(f"## {title}\n")
        for name in names:
            public = getattr(module, name)
            if name not in _FIRST and public not in (part for _, part in PARTS):
                lines += [f"### {name}\n", *_thing(name, public, level="####")]
    return "\n".join(lines).rstrip() + "\n"


def _thing(name: str, public: Any, *, constructor: bool = True, level: str = "###") -> Iterator[str]:
    if constructor and (text := _signature(name, public)):
        yield text
    yield _docstring(public)
    if inspect.isclass(public) and not issubclass(public, enum.Enum | Exception):
        for member, found in members(public):
            called = f"{name}.{member}" if name.startswith("feide.") else member
            yield f"{level} {member}\n"
            function = getattr(found, "__func__", found)
            if callable(function) and (text := _signature(called, function)):
                yield text
            yield _docstring(found)


def members(public: type) -> list[tuple[str, Any]]:
    """The public methods and properties that a class of ours has a docstring for, in the order of their definition."""
    found: dict[str, Any] = {}
    for base in reversed(public.__mro__):
        if base.__module__.startswith("feideprov"):
            found |= {name: member for name, member in vars(base).items() if _is_member(name, member)}
    return list(found.items())


def _is_member(name: str, member: Any) -> bool:
    function = getattr(member, "__func__", member)
    if inspect.isfunction(function) and not function.__module__.startswith("feideprov"):
        return False  # pydantic puts methods of its own into a class
    return not name.startswith("_") and not inspect.isclass(member) and bool(_own_docstring(member))


def _own_docstring(member: Any) -> str:
    if isinstance(member, property | classmethod | staticmethod) or inspect.isfunction(member):
        return member.__doc__ or ""
    return (member.__doc__ or "") if type(member).__name__ == "cached_property" else ""


def _docstring(public: Any) -> str:
    """A docstring as Markdown: the lists of parameters and errors become lists."""
    text = inspect.cleandoc(public.__doc__ or "")
    lines, section = list[str](), ""
    for line in text.splitlines():
        if re.fullmatch(r"(Parameters|Raises):", line):
            section = line
            lines += [f"**{line}**", ""]
        elif section and (found := re.match(r"    (\w[\w, ]*): (.*)", line)):
            names = ", ".join(f"`{name}`" for name in found[1].split(", "))
            lines.append(f"- {names}: {found[2]}")
        elif section and line.startswith("     "):
            lines.append("  " + line.strip())
        else:
            section = "" if line else section
            lines.append(re.sub(r"^((?:Parameters|Returns|Raises)[\w, ]*):", r"**\1:**", line))
    return "\n".join(lines) + "\n"


def _signature(name: str, public: Any) -> str:
    """A call, as code. Of an exception or an enum there is none."""
    if inspect.isclass(public) and issubclass(public, enum.Enum | Exception):
        return ""
    try:
        signature = inspect.signature(public)
    except (TypeError, ValueError):
        return ""
    given = [one for one in signature.parameters.values() if one.name not in ("self", "cls") and one.name[0] != "_"]
    bare = [one.replace(annotation=one.empty, default=_short(one.default)) for one in given]
    text = str(signature.replace(parameters=bare, return_annotation=signature.empty))
    return f"    {name}{text}\n"


class _Shown:
    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text


def _short(default: Any) -> Any:
    """A default value, without what differs from run to run or machine to machine."""
    plain = default is inspect.Parameter.empty or isinstance(default, str | int | float | bool | None | tuple)
    if isinstance(default, enum.Enum) or not plain or dataclasses.is_dataclass(default):
        return _Shown("…")
    return default if plain and "object at" not in repr(default) else _Shown("…")
