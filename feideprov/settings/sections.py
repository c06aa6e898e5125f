"""The sections of the configuration, one class for each."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from feideprov.look_alikes import visible
from feideprov.messages import Sentence

Hidden = Field(repr=False)
"""A setting that `repr` does not show: somebody may have written a secret there, or an address with one."""
_PREFIX: Final = re.compile(r"(?!.*\d{5})[\w.-]{1,32}")
"""Five digits in a row could be a part of an identity number."""
_MONTH_AND_DAY: Final = re.compile(r"[0-9]{2}-[0-9]{2}")
_LEAP_YEAR: Final = 2024
_TWO_DAYS: Final = Sentence(
    "this must be the first and the last day, each as month and day, such as “06-15/08-31”, or “” for no summer"
)
LONGEST_DAYS: Final = 3_650
"""Ten years: the largest number of days that a setting can have."""


def _named_attribute(name: str) -> str:
    if not (name := visible(name).strip()):
        raise ValueError(
            Sentence(
                "no attribute is named. Write the name of the attribute that holds, or is to hold, the municipality's "
                "own key of each person. In many municipalities employeeNumber holds the fødselsnummer: such an "
                "attribute cannot be used"
            )
        )
    return name


def _usable_prefix(prefix: str | None) -> str | None:
    if prefix and not _PREFIX.fullmatch(prefix):
        raise ValueError(
            Sentence(
                "a prefix has at most 32 letters, digits, hyphens, dots and underscores, and at most four digits in a "
                'row. With an empty one (""), nothing stands before the source ids'
            )
        )
    return prefix


class Section(BaseModel):
    """A section of the configuration."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class OrganizationSection(Section):
    """The host organization. `number` is `NO` and nine digits, `dn` its entry in the directory. `postal_address` has
    `$` between its lines."""

    realm: str
    name: str
    number: str
    mail: str
    dn: str
    phone: str = ""
    postal_address: str = ""


class SchoolSection(Section):
    """One school. `id` is what person lists have in the column `school`."""

    id: str
    name: str
    number: str
    mail: str
    dn: str
    phone: str = ""
    postal_address: str = ""
    kind: Literal["primary", "secondary", "upper-secondary", "adult-education"] = "primary"


class DirectorySection(Section):
    """The directory. `source_id_attribute` holds the municipality's own key of each person; it has no default,
    because in many municipalities employeeNumber holds the fødselsnummer. `timeout`: after so many seconds without a
    whole response the connection counts as lost. `max_entries`: a search that finds more is an error."""

    url: Annotated[str, Hidden]
    kind: Literal["openldap", "389", "ad"] | None = None
    users_dn: str
    base_dn: str | None = None
    source_id_attribute: Annotated[str, AfterValidator(_named_attribute)]
    bind_dn: str | None = None
    password_file: Annotated[Path | None, Hidden] = None
    password_env: Annotated[str | None, Hidden] = None
    ca_file: Path | None = None
    tls: Literal["on", "off"] = "on"
    mode: Literal["write", "watch"] = "write"
    timeout: float = Field(default=60.0, gt=0, le=3600)
    max_entries: int = Field(default=1_000_000, ge=1)


class NumbersSection(Section):
    """Which numbers may be written. `duf`: `nin` writes DUF numbers to norEduPersonNIN until the national number
    arrives. `test`: a test directory, where Tenor numbers are accepted and real ones are not. `keep_local_numbers`: a
    local number that was refused goes to norEduPersonLIN; with `drop_local_numbers` it is removed when the national
    number arrives."""

    duf: Literal["leave-out", "nin"] = "leave-out"
    test: bool = False
    keep_local_numbers: bool = False
    drop_local_numbers: bool = True


class LoginSection(Section):
    """How users log in: `directory` makes first passwords, `entra` makes none. `entra_match`: by what Feide finds a
    user who logs in at Entra, `upn` (eduPersonPrincipalName is the user's name in Entra), `mail`, or `either`.
    `password_hash`: how a first password is stored on OpenLDAP and in LDIF; `auto` is argon2, or {SSHA} where the
    server does not verify it. `first_password`: what first passwords are made of. `change_password_url`: the page on
    which users change their password; a user is never made to change it at the next login, which Feide cannot do."""

    by: Literal["directory", "entra"] = "directory"
    first_password: Literal["syllables", "words"] = "syllables"
    change_password_url: str = ""
    entra_match: Literal["upn", "mail", "either"] = "either"
    password_hash: Literal["auto", "argon2", "ssha"] = "auto"


class SourceSection(Section):
    """A system whose numbers are all confirmed: by which evidence, by whom, and since when. `full`: each of its files
    has everybody, so that a source id that is gone from a file is gone from the system.

    `datasource`: what its PIFU and IMS files say in `properties/datasource`. `prefix`: what stands in front of its
    source ids; without it, the name, where there are several sources. `key`: which id of a person in its PIFU files is
    the source id, where `sourcedid` is the fødselsnummer. `follow`: a D-number whose person has got a fødselsnummer is
    replaced. `leavers`: who is no longer in its full files is closed."""

    name: Annotated[str, AfterValidator(lambda name: visible(name).strip())]
    evidence: Literal["register", "letter", "card", "authority"]
    confirmed_by: str
    confirmed_on: date
    full: bool = False
    datasource: Annotated[str, AfterValidator(lambda datasource: visible(datasource).strip())] = ""
    prefix: Annotated[str | None, AfterValidator(_usable_prefix)] = None
    key: Literal["sourcedid", "studentID", "workforceID", "personFIN", "personLIN", "sisID"] = "sourcedid"
    follow: bool = False
    leavers: bool = False

    @property
    def prefix_among_others(self) -> str:
        """What stands in front of its source ids where there are several sources; empty: nothing."""
        return self.name if self.prefix is None else self.prefix


class FeideSection(Section):
    """Attributes that an organization writes or leaves out. `birth_date`: norEduPersonBirthDate as YYYYMMDD.
    `scoped_affiliation`: eduPersonScopedAffiliation. `home_organization`: schacHomeOrganization, which needs the schac
    schema on the server. `unique_id`: eduPersonUniqueId, made once and never changed."""

    birth_date: bool = False
    scoped_affiliation: bool = True
    home_organization: bool = False
    unique_id: bool = False


class MfaSection(Section):
    """Who logs in with a second factor: for these roles the mobile number is written as an SMS method, and `services`
    (`all`, or ids of services) ask for it at `level` (info_go 2018-03, Mandatory – person)."""

    sms_roles: tuple[Literal["pupil", "student", "teacher", "staff"], ...] = ()
    services: tuple[str, ...] = ("all",)
    level: int = Field(default=3, ge=1, le=4)


class NamesSection(Section):
    """How user names are made. `pattern`: parts of the names, such as `{given:3}{family:3}` or `{given}.{family}`; a
    number is added if the name is taken. `letters`: æ, ø and å as `short` (ae, o, a) or `double` (ae, oe, aa).
    `max_length` counts the number too. `reserved`: words that no name may hold, beside the built-in ones; with `=` in
    front, that none may be."""

    pattern: str = "{given:4}{family:4}"
    letters: Literal["short", "double"] = "short"
    max_length: int = Field(default=20, ge=6, le=64)
    reserved: tuple[str, ...] = ()


class IgnoreSection(Section):
    """A finding that is known and accepted: for one user or, without `user`, for all. `on` is the day of the decision;
    after `until` it is reported again."""

    code: str
    user: str | None = None
    reason: str = Field(min_length=1)
    on: date
    until: date | None = None

    def accepts(self, code: str, user: str | None, on: date) -> bool:
        """Is this finding about this user (a Feide name in lower case) accepted on that day?"""
        in_force = self.until is None or on <= self.until
        return in_force and self.code == code and (self.user is None or self.user.lower() == user)


class CheckSection(Section):
    """Settings of `check` and `doctor`. Users without a number are reported as waiting too long after
    `pending_days`."""

    ignore: tuple[IgnoreSection, ...] = ()
    pending_days: int = Field(default=180, ge=1, le=LONGEST_DAYS)


class CapsSection(Section):
    """A plan that changes more than `changes` users of ours and more than `percent` of them needs --allow-changes. A
    full file with fewer than `fewest_percent` of the people of the last one stops the run."""

    changes: int = Field(default=25, ge=0, le=1_000_000)
    percent: float = Field(default=5.0, ge=0, le=100, allow_inf_nan=False)
    fewest_percent: float = Field(default=50.0, ge=0, le=100, allow_inf_nan=False)


def _two_days(text: str) -> str:
    """Two days of a year, as `06-15/08-31`; empty text stands for none."""
    days = text.split("/")
    if text and (len(days) != 2 or not all(_MONTH_AND_DAY.fullmatch(day) for day in days)):
        raise ValueError(_TWO_DAYS)
    for day in filter(None, days):
        month, number = map(int, day.split("-"))
        if not 1 <= month <= 12 or not 1 <= number <= monthrange(_LEAP_YEAR, month)[1]:
            raise ValueError(_TWO_DAYS)
    return text


class ClosingSection(Section):
    """Who has left. `summer`: the first and the last day (month and day) of the weeks in which school administration
    systems move pupils to the next year: who is missing in a file then is told, and not closed. Empty: never."""

    summer: Annotated[str, AfterValidator(_two_days)] = "06-15/08-31"

    def is_summer(self, on: date) -> bool:
        """Is this day in summer?"""
        first, _, last = self.summer.partition("/")
        day = f"{on:%m-%d}"
        return bool(self.summer) and (first <= day <= last if first <= last else day >= first or day <= last)


class ProtectionSection(Section):
    """Protected people (adressesperre), whom PIFU and IMS files do not mark. `people`: `none` says that the
    organization has none, `marked` that their keys were given with the command `protect`. Without an answer, no user is
    created from such a file."""

    people: Literal["none", "marked"] | None = None

    def unanswered(self, sources: Iterable[SourceSection]) -> list[str]:
        """The names of the sources with files that do not say who is protected, while nothing else says it."""
        return [source.name for source in sources if source.datasource and self.people is None]


class OutputSection(Section):
    """Where files for people go. `folder`: for each file that is given without a folder."""

    folder: Path | None = None


class JournalSection(Section):
    """The change log, the organization's key, and where first passwords go. `handover`: a file, or one for each school
    or class where its name has `{school}` or `{class}`. A password that nobody noted as given is erased there after
    `handover_days`. `mark_file`: the high-water mark of the
    journal, beside the key if it is not named. The URL may contain a password, so `repr` does not show it."""

    url: str = Field(default="sqlite:///feideprov.db", repr=False)
    key_file: Annotated[Path, Hidden] = Path("feideprov.key")
    key_env: Annotated[str | None, Hidden] = None
    mark_file: Annotated[Path | None, Hidden] = None
    handover: Path = Path("passwords.csv")
    handover_days: int = Field(default=14, ge=1, le=LONGEST_DAYS)


class ServicesSection(Section):
    """How providers are asked and informed. `language` of messages; `templates`: a folder with files that
    replace the built-in ones; `answer_days`: after so many days without an answer a reminder is due; `channel`: the
    agreed way in which providers get lists of users, in words; `signature`: who the sender is."""

    language: Literal["nb", "nn", "en"] = "nb"
    templates: Path | None = None
    answer_days: int = Field(default=14, ge=1, le=LONGEST_DAYS)
    channel: str = ""
    signature: str = ""


class SmtpSection(Section):
    """The mail server. `security`: `starttls` or `tls`, both with a certificate that is verified; `off` only on this
    machine. `per_minute` messages at most; `sender` also gets the answers."""

    host: Annotated[str, Hidden] = ""
    port: int | None = Field(default=None, ge=1, le=65_535)
    security: Literal["starttls", "tls", "off"] = "starttls"
    user: str | None = None
    password_file: Annotated[Path | None, Hidden] = None
    password_env: Annotated[str | None, Hidden] = None
    ca_file: Path | None = None
    sender: str = ""
    per_minute: int = Field(default=30, ge=1, le=100_000)
    timeout: float = Field(default=30.0, gt=0, le=3_600, allow_inf_nan=False)


class WebhookSection(Section):
    """A system of the organization that also gets every notice, signed with the secret (HMAC-SHA-256)."""

    url: Annotated[str | None, Hidden] = None
    secret_file: Annotated[Path | None, Hidden] = None
    secret_env: Annotated[str | None, Hidden] = None
    ca_file: Path | None = None
    timeout: float = Field(default=10.0, gt=0, le=3_600, allow_inf_nan=False)


class ChecklistSection(Section):
    """The other places in which a number must be changed on the day it changes in the directory: the organization's own
    list."""

    places: tuple[str, ...] = (
        Sentence("school administration system"),
        Sentence("identity system"),
        Sentence("AD attribute"),
    )
