"""Two types for a number: as somebody wrote it, and as the judge accepted it.

Neither shows a digit. `repr`, `str`, `format`, f-strings, logging, dataclass reprs, pydantic dumps and the
repr of a pickle all give a placeholder, because a number that is never shown cannot end up in a log, a report
or a bug tracker. One method, `reveal`, gives the digits, so that a search for its name finds every use.

>>> f"{NumberText('12829499914')}"
'<number as written>'
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any, Final, NoReturn, final

from feideprov.messages import Sentence
from feideprov.numbers.kinds import NumberKind
from feideprov.programs.arguments import WrongKindError

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema

AS_WRITTEN: Final = Sentence("<number as written>")

SHOWN: Final = {
    NumberKind.FODSELSNUMMER: Sentence("<fødselsnummer>"),
    NumberKind.D_NUMBER: Sentence("<D-number>"),
    NumberKind.DUF: Sentence("<DUF number>"),
    NumberKind.TENOR: Sentence("<Tenor number>"),
}
"""What stands in place of a number: it is said in the language of the sentence around it."""


def _to_letters(text: str) -> str:
    """The text in letters a-p. This is no encryption: it keeps digits out of a pickle that somebody prints."""
    return "".join(chr(97 + (b >> 4)) + chr(97 + (b & 15)) for b in text.encode("utf-8", "surrogatepass"))


def _from_letters(veiled: str) -> str:
    pairs = zip(veiled[::2], veiled[1::2], strict=True)
    return bytes((ord(a) - 97) << 4 | (ord(b) - 97) for a, b in pairs).decode("utf-8", "surrogatepass")


class _HiddenNumber:
    """What both types share: frozen, shown as a placeholder, compared by value."""

    __slots__ = ("_text",)
    _text: str

    def reveal(self) -> str:
        """The digits. The only way to get them: call it where they are written, and nowhere else.

        Returns: the number, as text.

        Raises: nothing.
        """
        return self._text

    def _shown(self) -> str:
        return AS_WRITTEN

    def __repr__(self) -> str:
        return self._shown()

    def __str__(self) -> str:
        return self._shown()

    def __format__(self, spec: str) -> str:
        return format(self._shown(), spec)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} is frozen.")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} is frozen.")

    def __copy__(self) -> _HiddenNumber:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> _HiddenNumber:
        return self

    @classmethod
    def _from_pydantic(cls, value: object) -> object:
        return value if isinstance(value, cls) else _NOT_A_NUMBER

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """A pydantic field type that never shows a digit, in dumps or in errors.

        A pydantic error quotes its input, so a wrong input is first exchanged for an object without content.
        (An error about *another* field may still quote a whole raw `dict`: give models `NumberText` values,
        or set `hide_input_in_errors`.)
        """
        from pydantic_core import core_schema

        return core_schema.chain_schema(
            [
                core_schema.no_info_plain_validator_function(cls._from_pydantic),
                core_schema.is_instance_schema(cls),
            ],
            serialization=core_schema.plain_serializer_function_ser_schema(str),
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "string", "writeOnly": True}


class _NotANumber:
    """Replaces a wrong input, so that an error has nothing to quote."""

    def __repr__(self) -> str:
        return AS_WRITTEN


_NOT_A_NUMBER: Final = _NotANumber()


@final
class NumberText(_HiddenNumber):
    """A number as somebody wrote it, not judged: any text at all.

    Raises an InputError that is a TypeError too, without quoting the value, for anything but a `str`. As a pydantic
    field it takes a `str` or a `NumberText`, and is dumped as the placeholder, so a dump cannot be read back.

    >>> NumberText("12829499914")
    <number as written>
    >>> NumberText("12829499914").reveal() == "12829499914"
    True
    """

    __slots__ = ()

    def __init__(self, text: str) -> None:
        if not isinstance(text, str):
            kind = type(text).__name__
            raise WrongKindError(Sentence("A number as written is a str, not {kind}.", kind=kind))
        object.__setattr__(self, "_text", text)

    def __eq__(self, other: object) -> bool:
        return self._text == other._text if isinstance(other, NumberText) else NotImplemented

    def __hash__(self) -> int:
        return hash((NumberText, self._text))

    def __reduce__(self) -> tuple[Callable[..., NumberText], tuple[str]]:
        return _text_again, (_to_letters(self._text),)

    @classmethod
    def _from_pydantic(cls, value: object) -> object:
        return cls(value) if isinstance(value, str) else super()._from_pydantic(value)


@final
class NationalNumber(_HiddenNumber):
    """A number the judge accepted. Only `judge_number` makes one: parse, don't validate.

    Raises an InputError that is a TypeError too when a program tries to make one itself. `reveal()` gives ASCII digits
    without separators: 11, or 12 for a DUF number.
    """

    __slots__ = ("_dates", "_kind")
    _dates: tuple[date, ...]
    _kind: NumberKind

    def __init__(self, *_: object, **__: object) -> None:
        raise WrongKindError(
            Sentence("A national number comes from judge_number, as the number of an accepting verdict.")
        )

    @property
    def kind(self) -> NumberKind:
        """Fødselsnummer, D-number, DUF number or, in a test directory, Tenor number."""
        return self._kind

    @property
    def possible_birth_dates(self) -> tuple[date, ...]:
        """Every date the digits can mean, sorted; empty for a DUF number, which has none."""
        return self._dates

    def _shown(self) -> str:
        return SHOWN[self._kind]

    def __eq__(self, other: object) -> bool:
        return self._text == other._text if isinstance(other, NationalNumber) else NotImplemented

    def __hash__(self) -> int:
        return hash((NationalNumber, self._text))

    def __reduce__(self) -> tuple[Callable[..., NationalNumber], tuple[str, NumberKind, tuple[date, ...]]]:
        return _number_again, (_to_letters(self._text), self._kind, self._dates)


def judged_number(digits: str, kind: NumberKind, dates: tuple[date, ...]) -> NationalNumber:
    """For the judge alone, which has just found that the digits may be used."""
    number: NationalNumber = object.__new__(NationalNumber)
    object.__setattr__(number, "_text", digits)
    object.__setattr__(number, "_kind", kind)
    object.__setattr__(number, "_dates", dates)
    return number


def _text_again(veiled: str) -> NumberText:
    return NumberText(_from_letters(veiled))


def _number_again(veiled: str, kind: NumberKind, dates: tuple[date, ...]) -> NationalNumber:
    return judged_number(_from_letters(veiled), kind, dates)
