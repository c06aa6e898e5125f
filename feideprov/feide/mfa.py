"""A second factor: norEduPersonAuthnMethod and norEduPersonServiceAuthnLevel.

Forms: docs.feide.no, info_go 2018-03, Mandatory – person.

    urn:mace:feide.no:auth:method:sms +4712345678 label=Mobil
    urn:mace:feide.no:auth:method:azuread -
    urn:mace:feide.no:spid:all urn:mace:feide.no:auth:level:fad08:3

`parse` and `str` of each type are each other's inverses. That of Entra is not in info_go: it is what universities
write (Cerebrum, OrgLDIF.py). Feide has further methods, ID-porten among them, whose form is not published.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import ClassVar, Final, Self
from urllib.parse import quote, unquote

from feideprov.errors import InputError
from feideprov.feide.person import Role
from feideprov.messages import Sentence
from feideprov.programs.arguments import checked_class

METHOD_ATTRIBUTE: Final = "norEduPersonAuthnMethod"
LEVEL_ATTRIBUTE: Final = "norEduPersonServiceAuthnLevel"

_METHOD: Final = "urn:mace:feide.no:auth:method:"
_NAME: Final = re.compile(rf"{re.escape(_METHOD)}([A-Za-z][A-Za-z0-9_-]*)(?: |$)")
_SERVICE: Final = "urn:mace:feide.no:spid:"
_LEVEL: Final = "urn:mace:feide.no:auth:level:fad08:"
_SMS_LABEL: Final = "Mobil"
"""What the person reads when choosing a method."""


@dataclass(frozen=True, slots=True)
class _Method:
    """A method has a name, a key (never in a `repr`), and a label, percent-encoded in the value."""

    name: ClassVar[str]
    form: ClassVar[re.Pattern[str]]
    wrong: ClassVar[Sentence]

    key: str = field(repr=False)
    label: str = ""

    def __post_init__(self) -> None:
        if not self.form.fullmatch(self.key):
            raise InputError(self.wrong)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the method from a value of norEduPersonAuthnMethod.

        Parameters:
            text: the value.

        Returns: the method.

        Raises:
            InputError: the value is not this method. The error does not quote the value.
        """
        beginning, *rest = text.split(" ")
        if beginning != f"{_METHOD}{cls.name}" or len(rest) not in (1, 2):
            raise InputError(
                Sentence(
                    "The value must be {method}, a space and the key of the method.", method=f"{_METHOD}{cls.name}"
                )
            )
        label = rest[1] if len(rest) == 2 else "label="
        if not label.startswith("label="):
            raise InputError(Sentence("After the key the value must have “label=” and a percent-encoded label."))
        try:
            return cls(rest[0], unquote(label.removeprefix("label="), errors="strict"))
        except UnicodeDecodeError:
            raise InputError(Sentence("The percent-encoded label must be UTF-8.")) from None

    def __str__(self) -> str:
        label = f" label={quote(self.label, safe='')}" if self.label else ""
        return f"{_METHOD}{self.name} {self.key}{label}"


@checked_class
class SmsMethod(_Method):
    """A code in a text message. `key` is the mobile number, `+` and the country in front (E.164)."""

    __slots__ = ()
    name = "sms"
    form = re.compile(r"\+[1-9][0-9]{6,14}")
    wrong = Sentence("The mobile number for SMS must be “+”, the country code and digits, without spaces.")


@checked_class
class AppMethod(_Method):
    """A code from an app, such as Google Authenticator. `key` is the secret that Feide and the app share."""

    __slots__ = ()
    name = "ga"
    form = re.compile(r"[!-~]+")
    wrong = Sentence("The secret of the app method is missing.")


@checked_class
class EntraMethod(_Method):
    """The second factor of Microsoft Entra. `key` is always `-`: Entra knows the person's factors."""

    __slots__ = ()
    name = "azuread"
    form = re.compile("-")
    wrong = Sentence("After the Entra method the value must have “-”.")


METHODS: Final = (SmsMethod, AppMethod, EntraMethod)
"""The methods whose form is known."""


def is_of_unknown_method(text: str) -> bool:
    """Whether a value of norEduPersonAuthnMethod is a method of Feide's whose form is not known here.

    >>> is_of_unknown_method("urn:mace:feide.no:auth:method:idporten -")
    True
    >>> is_of_unknown_method("urn:mace:feide.no:auth:method:sms -")
    False
    """
    found = _NAME.match(text)
    return found is not None and found[1].lower() not in {method.name for method in METHODS}


@checked_class
@dataclass(frozen=True, slots=True)
class ServiceLevel:
    """The level that a service asks for: `service` is `all` or a service's id, `level` 1 to 4."""

    service: str
    level: int

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[!-9;-~]+", self.service):
            raise InputError(Sentence("A service must be “all” or the id of the service at Feide."))
        if self.level not in range(1, 5):
            raise InputError(Sentence("A level must be 1, 2, 3 or 4."))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a level from a value of norEduPersonServiceAuthnLevel.

        Parameters:
            text: the value.

        Returns: the service and its level.

        Raises:
            InputError: the value is no level; it says what is wrong.
        """
        service, _, level = text.partition(" ")
        digits = level.removeprefix(_LEVEL)
        if not service.startswith(_SERVICE) or digits == level or digits not in ("1", "2", "3", "4"):
            raise InputError(
                Sentence(
                    "The value must have the form “{service}SERVICE {level}LEVEL”, with a level from 1 to 4.",
                    service=_SERVICE,
                    level=_LEVEL,
                )
            )
        return cls(service.removeprefix(_SERVICE), int(digits))

    def __str__(self) -> str:
        return f"{_SERVICE}{self.service} {_LEVEL}{self.level}"


@checked_class
@dataclass(frozen=True)
class SecondFactor:
    """Who gets an SMS method, and which services ask for it at which level."""

    roles: frozenset[Role]
    services: tuple[str, ...] = ("all",)
    level: int = 3

    def values(self, role: Role, mobile: str) -> dict[str, tuple[str, ...]]:
        """The values of both attributes for a person.

        Parameters:
            role: the person's role.
            mobile: the mobile number, `+` and the country in front (E.164).

        Returns: the values by attribute; empty for another role, and without a mobile number.

        Raises:
            InputError: the mobile number, a service or the level is not valid.
        """
        if role not in self.roles or not mobile:
            return {}
        return {
            METHOD_ATTRIBUTE: (str(SmsMethod(mobile, _SMS_LABEL)),),
            LEVEL_ATTRIBUTE: tuple(str(ServiceLevel(service, self.level)) for service in self.services),
        }
