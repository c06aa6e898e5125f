"""What typer knows about an option or an argument. Newer versions of typer keep it elsewhere than older ones do."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from pathlib import Path
from typing import Any, get_args


def is_argument(parameter: Any) -> bool:
    """Whether it has a place on the command line, and no name."""
    return bool(parameter.param_type_name == "argument")


def takes_value(parameter: Any) -> bool:
    """Whether something follows it: it is no switch."""
    return is_argument(parameter) or not (parameter.is_flag or parameter.count)


def placeholder(parameter: Any) -> str:
    """The word that stands for its value in the help, in English."""
    return str(parameter.metavar or "|".join(choices(parameter)) or parameter.name.upper())


def called(parameter: Any) -> str:
    """What a sentence calls it: the option, or the word that stands for the argument."""
    return placeholder(parameter) if is_argument(parameter) else max(parameter.opts, key=len)


def choices(parameter: Any) -> Sequence[str]:
    """The values that it can have, where there are only some."""
    kind = _kind(parameter)
    found = kind.choices if kind is not None else getattr(parameter.type, "choices", None)
    return [str(one.value if isinstance(one, Enum) else one) for one in found or ()]


def is_number(parameter: Any) -> bool:
    """Whether its value is a whole number."""
    kind = _kind(parameter)
    return kind.annotation is int if kind is not None else parameter.type.name.startswith("integer")


def limits(parameter: Any) -> tuple[int, int] | None:
    """The smallest and the largest number that it can be."""
    of = parameter if _kind(parameter) is not None else parameter.type
    least, most = getattr(of, "min", None), getattr(of, "max", None)
    return None if least is None or most is None else (least, most)


def is_file(parameter: Any) -> bool:
    """Whether its value is the name of a file or folder."""
    kind = _kind(parameter)
    if kind is None:
        return "path" in type(parameter.type).__name__.lower()
    return kind.annotation is Path or Path in get_args(kind.annotation)


def default(parameter: Any) -> str | None:
    """What its value is when it is not given, where the help says so."""
    value = parameter.default
    return (
        str(value)
        if parameter.show_default and type(value) is not bool and value and isinstance(value, str | int | Path)
        else None
    )


def _kind(parameter: Any) -> Any:
    return getattr(parameter, "type_descriptor", None)
