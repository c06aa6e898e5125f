"""`docs/reference-configuration.md`, made from the classes of the settings; what each key means stands in
`docs/commands.md`."""

from __future__ import annotations

import json
import re
import types
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from feideprov.reference.pages import markdown_table
from feideprov.settings import Settings

_HEAD: Final = """\
# Configuration reference

Made from the classes of the settings by `make docs`. `feideprov init` writes an example.
[Commands](commands.md#the-configuration-feideprovtoml) has more about each section. A key without a default is
required.

Each key can also be given in the environment. The name is `FEIDEPROV_`, the section, two underscores and the key:
`FEIDEPROV_DIRECTORY__URL`. A section with several blocks, such as `schools`, is one variable with JSON.
"""
_WORDS: Final = {str: "text", int: "whole number", float: "number", bool: "`true` or `false`", Path: "file or folder"}
_ROW: Final = re.compile(r"^\| `(?P<key>[a-z_]+)` \|[^|]*\| (?P<meaning>(?:[^|\\]|\\.)*) \|$", re.MULTILINE)
_LINK: Final = re.compile(r"\[([^\]]+)\]\([^)]+\)")


def page(commands: str) -> str:
    """The page, in Markdown. `commands` is the text of `docs/commands.md`."""
    told = meanings(commands)
    blocks = [_HEAD]
    for name, field in Settings.model_fields.items():
        model, form = _model(field.annotation)
        if model is None:
            blocks += [f"## {name}\n", "A table: your own headings in lists of people.\n"]
        else:
            blocks += list(_section(name, model, told, form))
    return "\n".join(blocks)


def meanings(commands: str) -> Mapping[str, str]:
    """What `docs/commands.md` says of each key, by `section.key`. Links are left out: they lead on from there."""
    _, _, rest = commands.partition("\n## The configuration: `feideprov.toml`\n")
    chapter = re.split(r"^## ", rest, maxsplit=1, flags=re.MULTILINE)[0]
    sections = re.split(r"^### (.+)\n", chapter, flags=re.MULTILINE)[1:]
    return {
        f"{name}.{row['key']}": _LINK.sub(r"\1", row["meaning"])
        for name, text in zip(sections[::2], sections[1::2], strict=True)
        for row in _ROW.finditer(text)
    }


def _section(name: str, model: type[BaseModel], told: Mapping[str, str], form: str) -> Iterator[str]:
    yield f"## {name}\n"
    yield f"Written as `{form.format(name)}`.\n"
    yield _docstring(model)
    rows, below = [], []
    for attribute, field in model.model_fields.items():
        key = field.alias or attribute
        inner, inner_form = _model(field.annotation)
        rows.append((f"`{key}`", _type(field.annotation), _default(field), told.get(f"{name}.{key}", "")))
        if inner is not None:
            below.append((f"{name}.{key}", inner, inner_form))
    yield markdown_table(("key", "value", "default", "meaning"), rows)
    for inner_name, inner, inner_form in below:
        yield from _section(inner_name, inner, told, inner_form)


def _docstring(model: type[BaseModel]) -> str:
    return "\n\n".join(" ".join(part.split()) for part in re.split(r"\n\s*\n", model.__doc__ or "")) + "\n"


def _model(annotation: Any) -> tuple[type[BaseModel] | None, str]:
    """The class of a section, and the form of its heading: one, several blocks, or one for each name."""
    origin = get_origin(annotation)
    form = "[[{}]]" if origin is tuple else "[{}.NAME]" if origin is Mapping else "[{}]"
    for one in (annotation, *get_args(annotation)):
        if isinstance(one, type) and issubclass(one, BaseModel):
            return one, form
    return None, form


def _type(annotation: Any) -> str:
    """A type in words."""
    origin, inner = get_origin(annotation), get_args(annotation)
    if annotation in _WORDS:
        return _WORDS[annotation]
    if origin is Literal:
        return ", ".join(f"`{json.dumps(one)}`" for one in inner)
    if origin is Annotated:
        return _type(inner[0])
    if origin in (types.UnionType, Union):
        return " or ".join(_type(one) for one in inner if one is not type(None))
    if origin is tuple:
        return "blocks" if _model(annotation)[0] else f"list of {_type(inner[0])}"
    return "date" if getattr(annotation, "__name__", "") == "date" else "a table"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return ""
    value = field.default if field.default_factory is None else None
    if value is None or (isinstance(value, tuple) and not value):
        return "none"
    if isinstance(value, BaseModel):
        return ""
    return f"`{json.dumps(value if isinstance(value, bool | int | float | tuple) else str(value), ensure_ascii=False)}`"
