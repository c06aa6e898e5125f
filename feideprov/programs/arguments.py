"""The arguments of public functions: one of a wrong kind is a WrongKindError that names it and quotes nothing of it."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date, datetime
from functools import wraps
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Final, NamedTuple, TypeVar

from feideprov.errors import InputError
from feideprov.messages import Sentence, either, joined

_F = TypeVar("_F", bound=Callable[..., Any])
_C = TypeVar("_C", bound=type)
_WORDS: Final[Mapping[Any, Sentence]] = {
    str: Sentence("text"),
    Path: Sentence("a path"),
    date: Sentence("a date"),
    bool: Sentence("True or False"),
    int: Sentence("a whole number"),
    float: Sentence("a number"),
    bytes: Sentence("bytes"),
    NoneType: Sentence("None"),
}
_UNIONS: Final = (typing.Union, UnionType)
_ONE_TEXT: Final = (str, bytes, bytearray)
"""They are collections too, of letters and of numbers; who gives one where a list is wanted has made a mistake."""


class WrongKindError(InputError, TypeError):
    """A program gave an argument of a wrong kind. The sentence names the argument, and quotes nothing of it."""


def checked(function: _F, *, any_text: bool = False, any_word: bool = False) -> _F:
    """The function, which looks at its arguments first.

    `any_text`: texts may have characters that cannot be stored. `any_word`: where one of some words is wanted, any text
    may be given, because the function has a sentence of its own for others; and texts may have a NUL, which it encodes.

    Its annotations say what is allowed; a name in them that exists for the type checker alone allows everything. An
    iterator is read to its end, so that nothing is done when its last item is wrong. Raises WrongKindError.
    """
    code = inspect.unwrap(function).__code__
    names = code.co_varnames[: code.co_argcount]
    parameters: dict[str, _Parameter] = {}

    @wraps(function)
    def call(*given: Any, **named: Any) -> Any:
        if not parameters:
            parameters.update(_parameters(function, any_text, any_word))
        said = list(given)
        for place, value in enumerate(given):
            parameter = parameters.get(names[place] if place < len(names) else "*", _ANYTHING)
            if type(value) not in parameter.classes:
                said[place] = _looked_at(function, parameter, value)
        for name, value in named.items():
            parameter = parameters.get(name, _ANYTHING)
            if type(value) not in parameter.classes:
                named[name] = _looked_at(function, parameter, value)
        return function(*said, **named)

    return typing.cast("_F", call)


class _Parameter(NamedTuple):
    name: str
    kind: Any
    classes: frozenset[type]
    """Classes whose own objects are certainly allowed: most arguments need no other look."""
    nul: bool = False
    """Whether a text may have a NUL."""
    text: bool = False
    """Whether any text that can be stored is allowed."""


_ANYTHING: Final = _Parameter("", Any, frozenset())


def checked_class(cls: _C) -> _C:
    """A class of values that programs make: what they are made of is looked at."""
    cls.__init__ = checked(cls.__init__, any_word=True)  # type: ignore[misc]  # of the class, on purpose
    return cls


def _looked_at(function: Callable[..., Any], parameter: _Parameter, value: Any) -> Any:
    name, kind = parameter.name, parameter.kind
    if kind is Any:
        return value
    if isinstance(value, str | Path) and not _can_be_stored(str(value), nul=parameter.nul):
        raise WrongKindError(
            Sentence(
                "The argument {name} of {function} has a character that no file and no database takes (NUL, or half of "
                "a pair of UTF-16). Remove it.",
                name=name,
                function=function.__qualname__.removesuffix(".__init__"),
            )
        )
    if parameter.text and type(value) is str:
        return value
    if isinstance(value, Iterator) and _takes_many(kind):
        value = tuple(value)
    if fits(value, kind):
        return value
    raise WrongKindError(
        Sentence(
            "The argument {name} of {function} must be {wanted}, but {given} was given.",
            name=name,
            function=function.__qualname__.removesuffix(".__init__"),
            wanted=_words(kind),
            given=_given(value),
        )
    )


def _parameters(function: Callable[..., Any], any_text: bool, any_word: bool) -> dict[str, _Parameter]:
    """What each parameter allows, by its name; those that are not named (`*places`) are at `*`."""
    names = {**vars(typing), **getattr(inspect.unwrap(function), "__globals__", {})}
    found = {"": _ANYTHING}
    for name, parameter in inspect.signature(function).parameters.items():
        if parameter.annotation is not parameter.empty and parameter.kind is not parameter.VAR_KEYWORD:
            kind = _kind(parameter.annotation, names)
            if any_word and typing.get_origin(kind) is typing.Literal:
                kind = str
            one_of = typing.get_args(kind) if typing.get_origin(kind) in _UNIONS else (kind,)
            simple = (one for one in one_of if isinstance(one, type) and typing.get_origin(one) is None)
            classes = frozenset(one for one in simple if not getattr(one, "_is_protocol", False))
            text = str in classes
            if not any_text:
                classes -= {str}
            unnamed = parameter.kind is parameter.VAR_POSITIONAL
            found["*" if unnamed else name] = _Parameter(name, kind, classes, any_word, text)
    return found


def _kind(annotation: Any, names: dict[str, Any]) -> Any:
    if not isinstance(annotation, str):
        return annotation
    try:
        return eval(annotation, names)  # noqa: S307 - the text is an annotation of ours
    except NameError:  # imported for the type checker alone
        return Any


def fits(value: Any, kind: Any) -> bool:
    """Whether a value is of the kind that an annotation names."""
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin in _UNIONS:
        return any(fits(value, one) for one in inner)
    if origin is typing.Literal:
        return isinstance(value, str | int | None) and value in inner
    if origin is not None and inspect.isclass(origin) and issubclass(origin, Iterable):
        return _is_collection(value, origin, inner)
    if kind is None or kind is NoneType:
        return value is None
    if isinstance(value, bool) and kind in (int, float):
        return False
    if kind is float:
        return isinstance(value, int | float)
    if kind is date and isinstance(value, datetime):
        return False  # a moment is no day: it cannot be compared with one
    if origin is not None or not inspect.isclass(kind):
        return callable(value) if origin is Callable else True
    if getattr(kind, "_is_protocol", False):
        return _offers(value, kind)
    return isinstance(value, kind)


def _is_collection(value: Any, origin: Any, inner: tuple[Any, ...]) -> bool:
    if isinstance(value, _ONE_TEXT) or hasattr(type(value), "model_fields") or not isinstance(value, origin):
        return False  # a model of pydantic is one thing, though it can be iterated
    if issubclass(origin, Mapping):
        return all(fits(key, inner[0]) and fits(one, inner[1]) for key, one in value.items())
    if origin is tuple and inner[-1:] != (...,):
        return len(value) == len(inner) and all(map(fits, value, inner))
    return not inner or not isinstance(value, Collection) or all(fits(one, inner[0]) for one in value)


def _offers(value: Any, protocol: type) -> bool:
    """Whether a value has what a protocol asks for. No property is read: it could connect to a server."""
    wanted = {name for one in protocol.__mro__ if getattr(one, "_is_protocol", False) for name in vars(one)}
    wanted |= {name for one in protocol.__mro__ for name in vars(one).get("__annotations__", ())}
    return all(
        callable(value) if name == "__call__" else hasattr(type(value), name) or hasattr(value, name)
        for name in wanted
        if not name.startswith("_") or name == "__call__"
    )


def _can_be_stored(text: str, *, nul: bool) -> bool:
    try:
        return b"\0" not in text.encode() or nul
    except UnicodeEncodeError:
        return False


def _takes_many(kind: Any) -> bool:
    kinds = typing.get_args(kind) if typing.get_origin(kind) in _UNIONS else (kind,)
    return any(inspect.isclass(one) and issubclass(one, Iterable) for one in map(typing.get_origin, kinds) if one)


def _words(kind: Any) -> Sentence:
    """What an annotation allows, in words."""
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin in _UNIONS:
        return either(map(_words, inner))
    if origin is typing.Literal:
        return either(Sentence("“{word}”", word=word) for word in inner)
    if inspect.isclass(origin) and issubclass(origin, Mapping):
        return Sentence("a dict from {keys} to {values}", keys=_words(inner[0]), values=_words(inner[1]))
    if origin is not None and inspect.isclass(origin) and issubclass(origin, Iterable) and inner:
        return Sentence("a list of {things}", things=_words(inner[0]))
    if kind in _WORDS:
        return _WORDS[kind]
    name = getattr(kind, "__name__", None)
    return Sentence("{word}", word=name) if name else Sentence("of another kind")


def _given(value: Any) -> Sentence:
    """What was given: its kind, and nothing of it."""
    if isinstance(value, Collection) and not isinstance(value, _ONE_TEXT):
        kind = type(value).__name__
        if isinstance(value, Mapping) and value:
            return Sentence(
                "a {kind} from {keys} to {values}", kind=kind, keys=_kinds(value), values=_kinds(value.values())
            )
        return Sentence("a {kind} of {kinds}", kind=kind, kinds=_kinds(value) or Sentence("nothing"))
    return Sentence("{kind}", kind=type(value).__name__)


def _kinds(values: Iterable[Any]) -> Sentence:
    return joined(sorted({type(one).__name__ for one in values})[:3], ", ")
