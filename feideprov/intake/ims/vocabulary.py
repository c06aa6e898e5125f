"""The words of PIFU-IMS SAS 1.0 to 1.3 and of IMS Enterprise 1.1, in small letters, and what they mean here."""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import Final


class UserId(Enum):
    """The kinds of `userid` that are kept. The others are not: user names, addresses, encrypted numbers."""

    NUMBER = auto()
    UNTYPED = auto()
    """Without useridtype, which IMS Enterprise allows."""
    STUDENT = "studentID"
    WORKFORCE = "workforceID"
    FIN = "personFIN"
    LIN = "personLIN"
    SIS = "sisID"


class RoleKind(Enum):
    """What a role makes of somebody."""

    PUPIL = auto()
    TEACHER = auto()
    STAFF = auto()
    MEMBER = auto()
    """Another member: staff in a school itself, and nothing in a group of it."""
    GUARDIAN = auto()
    EXTERNAL = auto()


class GroupKind(Enum):
    """What a group is."""

    OWNER = auto()
    SCHOOL = auto()
    CLASS = auto()
    TEACHING = auto()
    OTHER = auto()
    """A group of contact teachers, of language training, or of several groups."""
    GRADE = auto()
    UNUSED = auto()
    """Programmes, subjects, councils, exams."""
    GUARDIANS = auto()
    AFTER_SCHOOL = auto()
    KINDERGARTEN = auto()
    UNTYPED = auto()
    """Without a type that is known, as in most files of IMS Enterprise."""


_NO_LETTER: Final = re.compile(r"[\W\d_]+")

_USER_IDS: Final = {
    **dict.fromkeys(("personnin", "nin", "fnr", "fodselsnummer", "fødselsnummer", "personnummer"), UserId.NUMBER),
    **dict.fromkeys(("fødselsnr", "fodselsnr", "ssn", "nationalid", "nationalidnumber"), UserId.NUMBER),
    **dict.fromkeys(("dnr", "dnummer", "duf", "dufnr", "dufnummer"), UserId.NUMBER),
    "studentid": UserId.STUDENT,
    "workforceid": UserId.WORKFORCE,
    "personfin": UserId.FIN,
    "personlin": UserId.LIN,
    "sisid": UserId.SIS,
}
_ROLES: Final = {
    **dict.fromkeys(("1", "learner", "student"), RoleKind.PUPIL),
    **dict.fromkeys(("2", "instructor", "faculty", "teacher"), RoleKind.TEACHER),
    **dict.fromkeys(("3", "contentdeveloper"), RoleKind.STAFF),
    **dict.fromkeys(("4", "member"), RoleKind.MEMBER),
    **dict.fromkeys(("5", "manager"), RoleKind.TEACHER),
    **dict.fromkeys(("6", "mentor"), RoleKind.TEACHER),
    **dict.fromkeys(("7", "administrator"), RoleKind.STAFF),
    **dict.fromkeys(("8", "teachingassistant"), RoleKind.STAFF),
}
_SUBROLES: Final = {
    "foresattrepresentant": RoleKind.GUARDIAN,
    "foresatt": RoleKind.GUARDIAN,
    "guardian": RoleKind.GUARDIAN,
    **dict.fromkeys(("sensor", "privatist", "pptansatt", "skolehelsetjeneste"), RoleKind.EXTERNAL),
}
_GROUPS: Final = {
    "skoleeier": GroupKind.OWNER,
    "skole": GroupKind.SCHOOL,
    "school": GroupKind.SCHOOL,
    **dict.fromkeys(("basisgruppe", "klasse", "class"), GroupKind.CLASS),
    "undervisningsgruppe": GroupKind.TEACHING,
    **dict.fromkeys(("kontaktlærergruppe", "språkopplæring", "sammensattgruppe"), GroupKind.OTHER),
    "trinn": GroupKind.GRADE,
    **dict.fromkeys(("utdanningsprogram", "programområde", "fag", "elevråd", "eksamensgruppe"), GroupKind.UNUSED),
    **dict.fromkeys(("foresattegruppe", "fau", "skoleutvalg", "skolemiljøutvalg"), GroupKind.GUARDIANS),
    "sfo": GroupKind.AFTER_SCHOOL,
    "barnehage": GroupKind.KINDERGARTEN,
}


def user_id(kind: str | None) -> UserId | None:
    """What a useridtype means; None for one that is not kept."""
    return UserId.UNTYPED if not kind else _USER_IDS.get(_NO_LETTER.sub("", kind).lower())


def role(kind: str | None, subrole: str) -> RoleKind:
    """What roletype and subrole mean. An unknown role is another member."""
    if special := _SUBROLES.get("".join(subrole.split()).lower()):
        return special
    word = "".join((kind or "").split()).lower()
    return _ROLES.get(word.lstrip("0"), RoleKind.MEMBER)


def group(kinds: list[str], school_types: list[str]) -> GroupKind:
    """What the values of typevalue mean, and those of pifu_schoolType."""
    kind = next((_GROUPS[word] for one in kinds if (word := one.lower()) in _GROUPS), GroupKind.UNTYPED)
    if kind is GroupKind.SCHOOL and school_types:
        of_school = {_GROUPS.get(one.lower(), GroupKind.SCHOOL) for one in school_types}
        if GroupKind.SCHOOL not in of_school:
            return of_school.pop()
    return kind


def is_mobile(kind: str | None) -> bool:
    """Whether a teltype is that of mobile telephones."""
    return (kind or "").strip().lower() in ("3", "mobile")


def is_yes(text: str, *, otherwise: bool) -> bool:
    """What a status means: 1 or 0, or the words of IMS Enterprise 1.01."""
    word = text.lower()
    if word in ("1", "active", "aktiv", "yes"):
        return True
    return False if word in ("0", "inactive", "inaktiv", "no") else otherwise
