"""The person record: what a municipality's own system says about a person."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Any, Final, Self, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    ValidationError,
    model_validator,
)
from pydantic_core import PydanticCustomError

from feideprov.directory.dn import same_key
from feideprov.encodings import is_damaged_name
from feideprov.errors import InputError, scrub
from feideprov.feide.entitlement import GroupRole, grade_number
from feideprov.feide.group import Group
from feideprov.feide.phone import mobile_number
from feideprov.issues import Origin
from feideprov.language import language_tag
from feideprov.look_alikes import visible
from feideprov.mail import is_address, with_ascii_domain
from feideprov.messages import Sentence
from feideprov.numbers import NumberText, key_is_number, number_shaped
from feideprov.programs.models import GivenModel
from feideprov.programs.problems import problem_of
from feideprov.text import normal_name, shown

_T = TypeVar("_T")
_FIVE_DIGITS: Final = re.compile(r"\d(?:[\s.-]*\d){4}")

AFFILIATIONS: Final = frozenset(
    {"faculty", "student", "staff", "employee", "member", "affiliate", "alum", "library-walk-in"}
)
_MEMBERS: Final = frozenset({"faculty", "student", "staff", "employee"})


class Role(StrEnum):
    """What a person is to the school."""

    PUPIL = "pupil"
    STUDENT = "student"
    TEACHER = "teacher"
    STAFF = "staff"

    @property
    def affiliations(self) -> tuple[str, ...]:
        """eduPersonAffiliation, the primary one first; `member` goes with all of them (info_go 2018-03)."""
        return _AFFILIATIONS[self]

    @property
    def said(self) -> Sentence:
        """The word for people, which `role_of` knows in every language."""
        return _SAID[self]

    @property
    def in_group(self) -> GroupRole:
        """The role in groups."""
        return _AFFILIATIONS[self][0]


_AFFILIATIONS: dict[Role, tuple[GroupRole, ...]] = {
    Role.PUPIL: ("student", "member"),
    Role.STUDENT: ("student", "member"),
    Role.TEACHER: ("faculty", "employee", "member"),
    Role.STAFF: ("staff", "employee", "member"),
}
_SAID: Final[Mapping[Role, Sentence]] = {
    Role.PUPIL: Sentence("pupil"),
    Role.STUDENT: Sentence("student"),
    Role.TEACHER: Sentence("teacher"),
    Role.STAFF: Sentence("staff"),
}
ROLE_WORDS = {
    "elev": Role.PUPIL,
    "deltaker": Role.STUDENT,
    "deltakar": Role.STUDENT,
    "voksen": Role.STUDENT,
    "faculty": Role.TEACHER,
    "lærer": Role.TEACHER,
    "lærar": Role.TEACHER,
    "employee": Role.STAFF,
    "ansatt": Role.STAFF,
    "tilsett": Role.STAFF,
} | {role.value: role for role in Role}


def implied_affiliations(values: Iterable[str]) -> frozenset[str]:
    """What these affiliations imply: `member` goes with student, faculty, staff and employee.

    >>> sorted(implied_affiliations(["Student"])), sorted(implied_affiliations(["alum"]))
    (['member'], [])
    """
    return frozenset({"member"} if any(value.lower() in _MEMBERS for value in values) else ())


def scoped(affiliations: Iterable[str], realm: str) -> tuple[str, ...]:
    """The values of eduPersonScopedAffiliation."""
    return tuple(f"{affiliation}@{realm}" for affiliation in affiliations)


def role_of(word: str) -> Role | None:
    """The role that a word means, in English or Norwegian; None for another word."""
    return ROLE_WORDS.get(same_key(word))


def _name(text: str) -> str:
    text = normal_name(text)
    if _FIVE_DIGITS.search(text):
        raise ValueError(Sentence("a name must not contain a number"))
    return text


def _person_name(text: str) -> str:
    if is_damaged_name(text):
        raise ValueError(Sentence("letters of a name are lost or damaged"))
    text = _name(text)
    if text and not any(map(str.isalpha, text)):
        raise ValueError(Sentence("a name must have a letter"))
    return text


def _without_number(text: str) -> str:
    text = text.strip()
    if number_shaped(text):
        raise ValueError(Sentence("this looks like an identity number, but the column is not for numbers"))
    return text


def _key(text: str) -> str:
    text = visible(text).strip()
    if key_is_number(text):
        raise ValueError(Sentence("this looks like an identity number, but the column is not for numbers"))
    return text


def _role(value: object) -> object:
    if isinstance(value, str) and not isinstance(value, Role):
        return ROLE_WORDS.get(same_key(value), value)
    return value


def _grade(value: object) -> str:
    text = "" if value is None else str(value).strip()
    try:
        if text:
            grade_number(text)
    except InputError as error:
        raise ValueError(error.sentence) from None
    return text


def _mobile(text: str) -> str:
    text = text.strip()
    # With the country in front, a mobile number may have as many digits as an identity number.
    return _read(mobile_number, text if text.startswith(("+", "00")) else _without_number(text))


def _language(text: str) -> str:
    return _read(language_tag, _without_number(text))


def _read(reader: Callable[[str], str], text: str) -> str:
    try:
        return reader(text) if text else ""
    except InputError as error:
        raise ValueError(error.sentence) from None


def _mail(text: str) -> str:
    text = with_ascii_domain(text)
    if text and not is_address(text):
        raise ValueError(Sentence("a mail address must look like “olena@example.no”, with letters a to z only"))
    return text


def _groups(value: object) -> object:
    if isinstance(value, str):
        try:
            return listed_groups(value)
        except InputError as error:
            raise ValueError(error.sentence) from None
    return value


@lru_cache(maxsize=4096)  # a class shares its groups; a text with a number raises, so it is not kept
def listed_groups(text: str) -> tuple[Group, ...]:
    """The groups in a cell. Raises InputError for a wrong one, ValueError for an identity number in one."""
    return _groups_without_number(tuple(Group.parse(part) for part in text.split("|") if part.strip()))


def _groups_without_number(groups: tuple[Group, ...]) -> tuple[Group, ...]:
    for group in groups:
        _require_group_without_number(group)
    return groups


@lru_cache(maxsize=4096)  # a class shares its groups; one with a number raises, so it is not kept
def _require_group_without_number(group: Group) -> None:
    _key(group.id)
    _name(group.name)


def _silenced(function: Callable[..., _T], *arguments: Any, **options: Any) -> _T:
    """The result of the function; its ValidationError is raised again with places, kinds and messages, but no input."""
    try:
        return function(*arguments, **options)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        title = error.title
    # Raised here, it has no context: the first error contains the input.
    raise ValidationError.from_exception_data(
        title,
        [
            {
                "type": PydanticCustomError(one["type"], one["msg"], {"said": problem_of(one)}),
                "loc": tuple(scrub(part) if isinstance(part, str) else part for part in one["loc"]),
                "input": "…",
            }
            for one in found
        ],
        hide_input=True,
    )


PersonName = Annotated[str, AfterValidator(_person_name)]
PlainText = Annotated[str, AfterValidator(_without_number)]
Key = Annotated[str, AfterValidator(_key)]


class PersonRecord(BaseModel, metaclass=GivenModel):
    """One person, as a school administration system or a person list describes them.

    An empty field says nothing about the person. Which attribute a field is stored in is said in
    `feideprov.feide.attributes`. No `repr`, message or dump of a record shows a digit of a number.

    Parameters:
        source_id: the municipality's own key of the person, never an identity number.
        given_name, family_name: the person's names; one of them is enough.
        legal_name: the name in the population register, when it differs.
        nickname: the name that the person is called by.
        birth_date: the birth date.
        school: one or more schools by id, number, name or DN, with `|` between them; the first is the primary one.
        role: a `Role`, or a word for it as in person lists.
        grade: 1 to 10, or vg1 to vg3.
        groups: groups as in person lists, or `Group` values.
        all_groups: the groups are all that the person has. If not, an update takes no other group away.
        mobile: the mobile number, which becomes E.164; eight digits alone are Norwegian.
        mail: the mail address; its domain becomes ASCII (punycode).
        language: a BCP 47 tag, such as `uk` or `nb`.
        national_number, duf_number: the numbers, not judged.
        protected: a protected person gets a user name that says nothing about the person.
        origin: the file and the row that the record was read from.

    Raises:
        InputError: a field is wrong. `model_validate` and `model_validate_json` raise pydantic's ValidationError, which
            has an entry for each field in `errors()`. Neither contains what was given.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    source_id: Annotated[Key, Field(min_length=1)]
    given_name: PersonName = ""
    family_name: PersonName = ""
    legal_name: PersonName = ""
    nickname: PersonName = ""
    birth_date: date | None = None
    school: str | tuple[str, ...] = ""
    role: Annotated[Role, BeforeValidator(_role)]
    grade: Annotated[str, BeforeValidator(_grade)] = ""
    groups: Annotated[tuple[Group, ...], BeforeValidator(_groups), AfterValidator(_groups_without_number)] = ()
    all_groups: bool = True
    mobile: Annotated[str, AfterValidator(_mobile)] = ""
    mail: Annotated[PlainText, AfterValidator(_mail)] = ""
    language: Annotated[str, AfterValidator(_language)] = ""
    national_number: NumberText | None = None
    duf_number: NumberText | None = None
    protected: bool = False
    origin: Origin | None = None

    @model_validator(mode="after")
    def _has_a_name(self) -> Self:
        if not self.given_name and not self.family_name:
            raise ValueError(Sentence("a person must have at least one name"))
        return self

    @model_validator(mode="wrap")  # the last of the validators, so that it wraps them all
    @classmethod
    def _silent_in_errors(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        return _silenced(handler, data)

    @classmethod
    def model_validate_json(cls, json_data: str | bytes | bytearray, **options: Any) -> Self:
        """Read a record from JSON, as pydantic does.

        Parameters:
            json_data: the record as a JSON object.
            options: as for pydantic's method.

        Returns: the record.

        Raises:
            ValidationError: the text is not JSON, or a field is wrong. This error of pydantic does not have the text.
        """
        return _silenced(super().model_validate_json, json_data, **options)

    def __setattr__(self, name: str, value: object) -> None:
        """Refuses: a record is frozen."""
        _silenced(super().__setattr__, name, value)

    @property
    def schools(self) -> tuple[str, ...]:
        """The schools as given, the primary one first."""
        parts = self.school.split("|") if isinstance(self.school, str) else self.school
        return tuple(part.strip() for part in parts if part.strip())

    @property
    def full_name(self) -> str:
        """Given name and family name; the only one for people with one name."""
        return f"{self.given_name} {self.family_name}".strip()

    def __repr__(self) -> str:
        return f"PersonRecord(source_id={shown(self.source_id)!r})"

    __str__ = __repr__
