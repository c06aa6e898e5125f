"""The configuration as a whole: read from its file and the environment.

The form is checked here. Whether the values fit together (a DN outside the base, a wrong check digit of an organization
number) is checked when the Client is made.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, Self

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError, model_validator
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from feideprov.errors import ConfigurationError, scrub, scrub_path
from feideprov.messages import Sentence, joined
from feideprov.programs.models import GivenModel
from feideprov.settings.apart import require_nir_apart
from feideprov.settings.daily import NightlySection, SlipsSection
from feideprov.settings.errors import block_of_school, describe_validation, key_at
from feideprov.settings.nir import NirSection
from feideprov.settings.secrets import read_secret
from feideprov.settings.sections import (
    CapsSection,
    ChecklistSection,
    CheckSection,
    ClosingSection,
    DirectorySection,
    FeideSection,
    JournalSection,
    LoginSection,
    MfaSection,
    NamesSection,
    NumbersSection,
    OrganizationSection,
    OutputSection,
    ProtectionSection,
    SchoolSection,
    ServicesSection,
    SmtpSection,
    SourceSection,
    WebhookSection,
)
from feideprov.settings.toml import damaged_values, read_toml, values_with_nul

_LEAST_SECRET: Final = 16
"""Octets of the webhook's secret: who has a signed notice can try shorter ones out."""


class _Environment(EnvSettingsSource):
    """The environment. Errors do not quote a value, because passwords are in the environment too."""

    def prepare_field_value(self, field_name: str, field: FieldInfo, value: Any, value_is_complex: bool) -> Any:
        with suppress(
            ValueError, RecursionError
        ):  # raised below, so that the error that names the value is not its context
            return super().prepare_field_value(field_name, field, value, value_is_complex)
        name = f"FEIDEPROV_{field_name.upper()}"
        raise ConfigurationError(
            Sentence(
                "The environment variable {name} is not valid JSON. Correct it, or set each key in a variable of "
                "its own ({name}__KEY).",
                name=name,
            )
        )


class _Called(GivenModel):
    """A call of the class with wrong sections is a ConfigurationError."""

    def refused(self, error: ValidationError, values: Mapping[str, Any]) -> ConfigurationError:
        return ConfigurationError(describe_validation(error, Settings, values.get("schools")))


class Settings(BaseModel, metaclass=_Called):
    """The whole configuration. Relative paths are relative to `folder`, the folder of the file.

    Only `load` reads the environment.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    organization: OrganizationSection
    schools: tuple[SchoolSection, ...] = Field(min_length=1)
    directory: DirectorySection
    numbers: NumbersSection = NumbersSection()
    login: LoginSection = LoginSection()
    sources: tuple[SourceSection, ...] = ()
    slips: SlipsSection = SlipsSection()
    nightly: NightlySection = NightlySection()
    feide: FeideSection = FeideSection()
    mfa: MfaSection = MfaSection()
    names: NamesSection = NamesSection()
    check: CheckSection = CheckSection()
    columns: Mapping[str, str] = Field(default_factory=dict)
    caps: CapsSection = CapsSection()
    closing: ClosingSection = ClosingSection()
    protection: ProtectionSection = ProtectionSection()
    output: OutputSection = OutputSection()
    journal: JournalSection = JournalSection()
    services: ServicesSection = ServicesSection()
    smtp: SmtpSection = SmtpSection()
    webhook: WebhookSection = WebhookSection()
    checklist: ChecklistSection = ChecklistSection()
    nir: NirSection | None = None
    _folder: Path = PrivateAttr(default_factory=Path.cwd)
    _file: Path | None = PrivateAttr(default=None)

    @classmethod
    def load(cls, path: Path | str, *, environment: bool = True) -> Settings:
        """Read the configuration from a file.

        Parameters:
            path: the file (TOML, UTF-8).
            environment: variables of the environment (`FEIDEPROV_…`) override the file.

        Returns: the configuration.

        Raises:
            ConfigurationError: the file cannot be read, or a key is wrong; it has the key and what to do.
        """
        path = Path(path)
        content = read_toml(path)
        in_environment = environment and any(name.upper().startswith("FEIDEPROV_SCHOOLS") for name in os.environ)
        kind = _WithEnvironment if environment else cls
        settings = kind._made_of(content, scrub_path(path), [] if in_environment else content.get("schools", []))
        settings._file = path.absolute()
        settings._folder = settings._file.parent
        require_nir_apart(settings)
        return settings

    @classmethod
    def of(cls, content: Mapping[str, Any], *, folder: Path | str | None = None) -> Settings:
        """The configuration that a program made, such as one of many organizations. The environment is not read.

        Parameters:
            content: the sections and their keys, as in a configuration file.
            folder: the folder that relative paths start from; without it, the working directory.

        Returns: the configuration.

        Raises:
            ConfigurationError: a key is wrong; it has the key and what to do, and the realm where the content has one.
        """
        if not isinstance(content, Mapping) or not all(isinstance(name, str) for name in content):
            raise ConfigurationError(
                Sentence("The configuration must be a mapping of sections, as a configuration file has them.")
            )
        if not isinstance(folder, Path | str | None) or "\0" in str(folder):
            raise ConfigurationError(Sentence("The folder of a configuration must be a path."))
        try:
            settings = cls._made_of(dict(content), "", content.get("schools", []))
        except RecursionError:
            raise ConfigurationError(Sentence("The configuration is nested too deeply.")) from None
        except ConfigurationError as error:
            section = content.get("organization")
            realm = section.get("realm") if isinstance(section, Mapping) else None
            error.realm = scrub(realm) if isinstance(realm, str) else None
            raise
        settings._folder = Path(folder or "").absolute()
        require_nir_apart(settings)
        return settings

    @classmethod
    def _made_of(cls, content: dict[str, Any], where: str, schools: object) -> Settings:
        """The configuration with these sections; `where` is the file, told before what is wrong."""
        if place := next(damaged_values(content), None):
            damaged = Sentence(
                "letters in {key} are damaged, because the file was read in a wrong encoding. Write the value again, "
                "and save the file as UTF-8.",
                key=key_at(place),
            )
            raise ConfigurationError(joined([_told(where, damaged), block_of_school(place, content.get("schools"))]))
        try:
            made: Settings = type.__call__(cls, **content)
        except ValidationError as error:
            raise ConfigurationError(_told(where, describe_validation(error, cls, schools))) from None
        return made

    @model_validator(mode="before")
    @classmethod
    def _no_nul(cls, content: Any) -> Any:
        if place := next(values_with_nul(content), None):
            raise ValueError(Sentence("the value of {key} has a NUL character. Remove it", key=key_at(place)))
        return content

    @model_validator(mode="after")
    def _one_place_for_each_secret(self) -> Self:
        for name, section, kind in (
            ("directory", self.directory, "password"),
            ("smtp", self.smtp, "password"),
            ("webhook", self.webhook, "secret"),
        ):
            if getattr(section, f"{kind}_file") and getattr(section, f"{kind}_env"):
                raise ValueError(
                    Sentence(
                        "[{section}] has both {kind}_file and {kind}_env. Keep only one of them",
                        section=name,
                        kind=kind,
                    )
                )
        return self

    @model_validator(mode="after")
    def _sources_differ(self) -> Self:
        names = [source.name for source in self.sources]
        if len(set(names)) < len(names):
            raise ValueError(Sentence("two [[sources]] have the same name. Each source must have its own"))
        prefixes = [source.prefix_among_others.casefold() for source in self.sources]
        if len(set(prefixes)) < len(prefixes):
            raise ValueError(
                Sentence(
                    "two [[sources]] have the same prefix (without one, the name is the prefix). Each source must have "
                    "its own, so that the same source id is not two people"
                )
            )
        datasources = [source.datasource.casefold() for source in self.sources if source.datasource]
        if len(set(datasources)) < len(datasources):
            raise ValueError(
                Sentence(
                    "two [[sources]] have the same datasource. Each must have its own, so that a file says which "
                    "source it is from"
                )
            )
        return self

    @property
    def folder(self) -> Path:
        """The folder that relative paths start from."""
        return self._folder

    @property
    def file(self) -> Path | None:
        """The file that the configuration was read from, from the root; None when a program made it."""
        return self._file

    @property
    def database(self) -> Path | None:
        """The journal's SQLite file; None for another database."""
        scheme, slashes, path = self.journal.url.partition(":///")
        is_file = scheme == "sqlite" and slashes and path not in ("", ":memory:")
        return self.path(Path(path)) if is_file else None

    def path(self, path: Path) -> Path:
        """A path of the configuration.

        Parameters:
            path: the path, as it is written; a relative one starts from `folder`.

        Returns: the path.

        Raises: nothing.
        """
        return self.folder / path

    def bind_password(self) -> str | None:
        """The password of bind_dn, from its file (first line) or its environment variable.

        Returns: the password; None without bind_dn.

        Raises:
            ConfigurationError: it is missing or empty, because servers treat a bind without a password as anonymous
                (RFC 4513, 5.1.2); or its file cannot be read.
        """
        section = self.directory
        if section.bind_dn is None:
            return None
        password = read_secret(self.folder, "directory", "password", section.password_file, section.password_env)
        if password is None:
            raise ConfigurationError(
                Sentence("[directory] bind_dn needs a password: add password_file or password_env.")
            )
        return password

    def smtp_password(self) -> str | None:
        """The password of the mail server's user.

        Returns: the password; None without a user: the server is a relay that asks for no login.

        Raises:
            ConfigurationError: it is missing or empty, or its file cannot be read.
        """
        section = self.smtp
        if not section.user:
            return None
        password = read_secret(self.folder, "smtp", "password", section.password_file, section.password_env)
        if password is None:
            raise ConfigurationError(Sentence("[smtp] user needs a password: add password_file or password_env."))
        return password

    def webhook_secret(self) -> bytes | None:
        """What notices to the webhook are signed with.

        Returns: the secret, as octets; None without a webhook.

        Raises:
            ConfigurationError: it is missing, empty or shorter than 16 octets, or its file cannot be read.
        """
        section = self.webhook
        if section.url is None:
            return None
        secret = read_secret(self.folder, "webhook", "secret", section.secret_file, section.secret_env)
        if secret is None:
            raise ConfigurationError(Sentence("[webhook] url needs a secret: add secret_file or secret_env."))
        if len(octets := secret.encode()) < _LEAST_SECRET:
            raise ConfigurationError(
                Sentence(
                    "The secret of [webhook] is too short: it must have at least {least} octets. The command "
                    "openssl rand -hex 32 makes one. The receiver must get the same secret.",
                    least=_LEAST_SECRET,
                )
            )
        return octets


def _told(where: str, problem: Sentence) -> Sentence:
    return Sentence("{path}: {problem}", path=where, problem=problem) if where else problem


class _WithEnvironment(BaseSettings, Settings):
    """The configuration of a file, whose keys the environment overrides."""

    model_config = SettingsConfigDict(
        env_prefix="FEIDEPROV_",
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
    )

    @classmethod
    def settings_customise_sources(  # type: ignore[override]  # called by keyword; two of the five matter here
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        **_others: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return _Environment(settings_cls), init_settings
