"""The configuration: feideprov.toml, and every key of it as FEIDEPROV_SECTION__KEY in the environment.

What the file says is checked here by form; whether it fits together (a DN outside the base, a wrong check digit of an
organization number) is checked where the words mean something, when the Client is made.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError, model_validator
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from feideprov.errors import ConfigurationError, scrub, scrub_path


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class OrganizationSection(_Section):
    """The host organization. `number` is `NO` and nine digits, `dn` its entry in the directory. `postal_address` has
    `$` between its lines."""

    realm: str
    name: str
    number: str
    mail: str
    dn: str
    phone: str = ""
    postal_address: str = ""


class SchoolSection(_Section):
    """One school. `id` is what the `school` column of person lists says."""

    id: str
    name: str
    number: str
    mail: str
    dn: str
    phone: str = ""
    postal_address: str = ""
    kind: Literal["primary", "secondary", "upper-secondary", "adult-education"] = "primary"


class DirectorySection(_Section):
    """The directory. `source_id_attribute` holds the municipality's own key of each person; it has no default,
    because in many municipalities employeeNumber holds the fødselsnummer."""

    url: str
    kind: Literal["openldap", "389", "ad"] | None = None
    users_dn: str
    base_dn: str | None = None
    source_id_attribute: str
    bind_dn: str | None = None
    password_file: Path | None = None
    password_env: str | None = None
    ca_file: Path | None = None
    tls: Literal["on", "off"] = "on"
    mode: Literal["write", "watch"] = "write"


class NumbersSection(_Section):
    """Which numbers may be written. `duf`: `nin` writes DUF numbers to norEduPersonNIN until the national number
    comes. `test`: a test directory, where Tenor numbers are accepted and real ones are not. `keep_local_numbers`: a
    local number that was refused goes to norEduPersonLIN; with `drop_local_numbers` it leaves when the national number
    comes."""

    duf: Literal["leave-out", "nin"] = "leave-out"
    test: bool = False
    keep_local_numbers: bool = False
    drop_local_numbers: bool = True


class LoginSection(_Section):
    """How users log in: `directory` makes first passwords, `entra` makes none. `password_hash`: how a first password
    is stored on OpenLDAP and in LDIF; `auto` is argon2, or {SSHA} where the server does not verify it."""

    by: Literal["directory", "entra"] = "directory"
    password_hash: Literal["auto", "argon2", "ssha"] = "auto"


class SourceSection(_Section):
    """A system whose numbers are all confirmed: the evidence for each, and who says so since when."""

    name: str
    evidence: Literal["register", "letter", "card", "authority"]
    confirmed_by: str
    confirmed_on: date


class FeideSection(_Section):
    """Attributes that an organization writes or leaves out. `birth_date`: norEduPersonBirthDate as YYYYMMDD.
    `scoped_affiliation`: eduPersonScopedAffiliation. `home_organization`: schacHomeOrganization, which needs the schac
    schema on the server. `unique_id`: eduPersonUniqueId, made once and never changed."""

    birth_date: bool = False
    scoped_affiliation: bool = True
    home_organization: bool = False
    unique_id: bool = False


class MfaSection(_Section):
    """Who logs in with a second factor: for these roles the mobile number is written as an SMS method, and `services`
    (`all`, or ids of services) ask for it at `level` (info_go 2018-03, Mandatory – person)."""

    sms_roles: tuple[Literal["pupil", "student", "teacher", "staff"], ...] = ()
    services: tuple[str, ...] = ("all",)
    level: int = Field(default=3, ge=1, le=4)


class NamesSection(_Section):
    """How user names are made. `pattern`: parts of the names, such as `{given:3}{family:3}` or `{given}.{family}`; a
    number follows where it is taken. `letters`: æ, ø and å as `short` (ae, o, a) or `double` (ae, oe, aa).
    `max_length` counts the number too. `reserved`: words that no name may hold, beside the built-in ones; with `=` in
    front, that none may be."""

    pattern: str = "{given:4}{family:4}"
    letters: Literal["short", "double"] = "short"
    max_length: int = Field(default=20, ge=6, le=64)
    reserved: tuple[str, ...] = ()


class IgnoreSection(_Section):
    """A finding that is known and accepted: for one user or, without `user`, for all. `on` is the day it was decided;
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


class CheckSection(_Section):
    """What a check of the directory takes for granted. Users without a number are reported as waiting too long after
    `pending_days`."""

    ignore: tuple[IgnoreSection, ...] = ()
    pending_days: int = Field(default=180, ge=1)


class CapsSection(_Section):
    """A plan that updates more than `changes` users of ours and more than `percent` of them stops and asks."""

    changes: int = 25
    percent: float = 5.0


class JournalSection(_Section):
    """The change log, the organization's key, and where first passwords go. The URL may hold a password, so it is in
    no `repr`."""

    url: str = Field(default="sqlite:///feideprov.db", repr=False)
    key_file: Path = Path("feideprov.key")
    key_env: str | None = None
    handover: Path = Path("passwords.csv")


class ServicesSection(_Section):
    """How providers are asked and told. `language` of messages; `templates`: a folder whose files take the place of
    the built-in ones; `answer_days` after which an unanswered question is a reminder's turn; `channel`: by which agreed
    way providers get lists of users, in words; `signature`: who writes."""

    language: Literal["nb", "nn", "en"] = "nb"
    templates: Path | None = None
    answer_days: int = Field(default=14, ge=1)
    channel: str = ""
    signature: str = ""


class SmtpSection(_Section):
    """The mail server. `security`: `starttls` or `tls`, both with a certificate that is verified; `off` only on this
    machine. `per_minute` messages at most; `sender` is also who gets the answers."""

    host: str = ""
    port: int | None = None
    security: Literal["starttls", "tls", "off"] = "starttls"
    user: str | None = None
    password_file: Path | None = None
    password_env: str | None = None
    ca_file: Path | None = None
    sender: str = ""
    per_minute: int = Field(default=30, ge=1)
    timeout: float = Field(default=30.0, gt=0)


class WebhookSection(_Section):
    """A system of the organization's that is told of every notice too. What is sent is signed with the secret
    (HMAC-SHA-256)."""

    url: str | None = None
    secret_file: Path | None = None
    secret_env: str | None = None
    ca_file: Path | None = None
    timeout: float = Field(default=10.0, gt=0)


class ChecklistSection(_Section):
    """The other places in which a number must be changed on the day it changes in the directory: the organization's own
    list."""

    places: tuple[str, ...] = ("school administration system", "identity system", "AD attribute", "NIR")


class _Environment(EnvSettingsSource):
    """The environment, without quoting a value in an error: passwords stand beside."""

    def prepare_field_value(self, field_name: str, field: FieldInfo, value: Any, value_is_complex: bool) -> Any:
        with suppress(ValueError):  # and raise after it: the error that names the value is not to be the context
            return super().prepare_field_value(field_name, field, value, value_is_complex)
        name = f"FEIDEPROV_{field_name.upper()}"
        raise ConfigurationError(
            f"The environment variable {name} holds no JSON: correct it, or set single keys as {name}__KEY."
        )


class Settings(BaseSettings):
    """The whole configuration. Relative paths are relative to `folder`, the folder of the file."""

    model_config = SettingsConfigDict(
        env_prefix="FEIDEPROV_",
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
    )

    organization: OrganizationSection
    schools: tuple[SchoolSection, ...] = Field(min_length=1)
    directory: DirectorySection
    numbers: NumbersSection = NumbersSection()
    login: LoginSection = LoginSection()
    sources: tuple[SourceSection, ...] = ()
    feide: FeideSection = FeideSection()
    mfa: MfaSection = MfaSection()
    names: NamesSection = NamesSection()
    check: CheckSection = CheckSection()
    columns: Mapping[str, str] = Field(default_factory=dict)
    caps: CapsSection = CapsSection()
    journal: JournalSection = JournalSection()
    services: ServicesSection = ServicesSection()
    smtp: SmtpSection = SmtpSection()
    webhook: WebhookSection = WebhookSection()
    checklist: ChecklistSection = ChecklistSection()
    _folder: Path = PrivateAttr(default_factory=Path.cwd)

    @classmethod
    def load(cls, path: Path | str, *, environment: bool = True) -> Settings:
        """The configuration in a file, the environment in front of it (`environment=False` leaves that out).

        Raises ConfigurationError, with the key and what to do, when it cannot be used.
        """
        path = Path(path)
        try:
            content = tomllib.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise ConfigurationError(f"There is no {scrub_path(path)}. Write one with: feideprov init") from None
        except OSError as error:
            raise ConfigurationError(f"{scrub_path(path)} cannot be read: {error.strerror}.") from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise ConfigurationError(f"{scrub_path(path)} is no TOML: {scrub(str(error))}.") from None
        try:
            settings = (cls if environment else _FileAlone)(**content)
        except ValidationError as error:
            raise ConfigurationError(f"{scrub_path(path)}: {describe_validation(error, cls)}") from None
        settings._folder = path.absolute().parent
        return settings

    @classmethod
    def settings_customise_sources(  # type: ignore[override]  # called by keyword; two of the five matter here
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        **_others: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return _Environment(settings_cls), init_settings

    @model_validator(mode="after")
    def _one_place_for_each_secret(self) -> Self:
        for name, section, kind in (
            ("directory", self.directory, "password"),
            ("smtp", self.smtp, "password"),
            ("webhook", self.webhook, "secret"),
        ):
            if getattr(section, f"{kind}_file") and getattr(section, f"{kind}_env"):
                raise ValueError(f"{name}: name {kind}_file or {kind}_env, not both")
        return self

    @property
    def folder(self) -> Path:
        """Where relative paths begin."""
        return self._folder

    @property
    def database(self) -> Path | None:
        """The journal's file; None where it is no file of SQLite's."""
        scheme, slashes, path = self.journal.url.partition(":///")
        is_file = scheme == "sqlite" and slashes and path not in ("", ":memory:")
        return self.path(Path(path)) if is_file else None

    def path(self, path: Path) -> Path:
        """A path of the configuration, from its folder."""
        return self.folder / path

    def bind_password(self) -> str | None:
        """The password of bind_dn, from its file (first line) or its environment variable; None without bind_dn.

        Raises ConfigurationError when it is not there, or empty: servers take a bind without a password for an
        anonymous one (RFC 4513, 5.1.2).
        """
        section = self.directory
        if section.bind_dn is None:
            return None
        password = self._secret(section.password_file, section.password_env, "password", "the password of bind_dn")
        if password is None:
            raise ConfigurationError("[directory] bind_dn needs its password: name password_file or password_env.")
        return password

    def smtp_password(self) -> str | None:
        """The password of the mail server's user; None without a user. Raises ConfigurationError as above."""
        section = self.smtp
        if section.user is None:
            return None
        password = self._secret(section.password_file, section.password_env, "password", "the password of the user")
        if password is None:
            raise ConfigurationError("[smtp] user needs its password: name password_file or password_env.")
        return password

    def webhook_secret(self) -> bytes | None:
        """What notices to the webhook are signed with; None without a webhook. Raises ConfigurationError as above."""
        section = self.webhook
        if section.url is None:
            return None
        secret = self._secret(section.secret_file, section.secret_env, "secret", "the secret")
        if secret is None:
            raise ConfigurationError("[webhook] url needs a secret: name secret_file or secret_env.")
        return secret.encode()

    def _secret(self, file: Path | None, variable: str | None, kind: str, what: str) -> str | None:
        """From the environment or a file's first line; None where neither is named."""
        if variable:
            secret, place = os.environ.get(variable), f"variable {variable} ({kind}_env)"
            if secret is None:
                raise ConfigurationError(f"The environment has no {variable} ({kind}_env).")
        elif file:
            secret, place = self._first_line(file, kind), f"file {scrub_path(file)} ({kind}_file)"
        else:
            return None
        if not secret:
            raise ConfigurationError(f"The {place} holds no {kind}. Put {what} there.")
        return secret

    def _first_line(self, path: Path, kind: str) -> str:
        try:
            return self.path(path).read_text(encoding="utf-8").partition("\n")[0].rstrip("\r")
        except OSError as error:
            raise ConfigurationError(f"The {kind} file {scrub_path(path)} cannot be read: {error.strerror}.") from None
        except UnicodeDecodeError:
            raise ConfigurationError(f"The {kind} file {scrub_path(path)} is no UTF-8 text.") from None


class _FileAlone(Settings):
    """What a file says, whatever the environment holds."""

    @classmethod
    def settings_customise_sources(  # type: ignore[override]  # as above
        cls, _settings_cls: type[BaseSettings], init_settings: PydanticBaseSettingsSource, **_others: Any
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)


def describe_validation(error: ValidationError, model: type[BaseModel]) -> str:
    """What is wrong, without quoting a value; an unknown key comes with the nearest known one."""
    sentences = []
    for problem in error.errors(include_url=False, include_context=False, include_input=False):
        place = [part for part in problem["loc"] if part != "function-wrap"]
        key = ".".join(f"[{part + 1}]" if isinstance(part, int) else str(part) for part in place).replace(".[", "[")
        if problem["type"] == "extra_forbidden":
            sentences.append(f"the key {scrub(key)} is not known{_nearest(place, model)}.")
        elif problem["type"] == "missing":
            sentences.append(f"the key {key} is missing.")
        else:
            message = problem["msg"].removeprefix("Value error, ")
            sentences.append(f"{key}: {message}." if key else f"{message}.")
    return " ".join(sentence[0].upper() + sentence[1:] if i else sentence for i, sentence in enumerate(sentences))


def _nearest(place: list[Any], model: type[BaseModel]) -> str:
    known: Any = model
    for part in place[:-1]:
        if isinstance(part, str) and isinstance(known, type) and issubclass(known, BaseModel):
            field = known.model_fields.get(part)
            known = _model_in(field.annotation) if field else None
    names = list(known.model_fields) if isinstance(known, type) and issubclass(known, BaseModel) else []
    near = difflib.get_close_matches(str(place[-1]), names, n=1, cutoff=0.0)
    return f"; the nearest known one is {near[0]}" if near else ""


def _model_in(annotation: Any) -> Any:
    for candidate in (annotation, *getattr(annotation, "__args__", ())):
        if isinstance(candidate, type) and issubclass(candidate, BaseModel):
            return candidate
    return None
