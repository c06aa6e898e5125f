"""The configuration as a whole: read from its file and the environment.

The form is checked here. Whether the values fit together (a DN outside the base, a wrong check digit of an organization
number) is checked when the Client is made.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from pydantic import Field, PrivateAttr, ValidationError, model_validator
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from feideprov.encodings import is_damaged, unicode_text
from feideprov.errors import ConfigurationError, scrub_path
from feideprov.files import Largest, content_of
from feideprov.messages import Sentence, joined
from feideprov.settings.errors import block_of_school, describe_validation, key_at
from feideprov.settings.sections import (
    CapsSection,
    ChecklistSection,
    CheckSection,
    DirectorySection,
    FeideSection,
    JournalSection,
    LoginSection,
    MfaSection,
    NamesSection,
    NumbersSection,
    OrganizationSection,
    SchoolSection,
    ServicesSection,
    SmtpSection,
    SourceSection,
    WebhookSection,
)
from feideprov.settings.toml import read_toml


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
        schools = content.get("schools", [])
        if place := next(_damaged(content), None):
            damaged = Sentence(
                "{path}: letters in {key} are damaged, because the file was read in a wrong encoding. Write the "
                "value again, and save the file as UTF-8.",
                path=scrub_path(path),
                key=key_at(place),
            )
            raise ConfigurationError(joined([damaged, block_of_school(place, schools)]))
        try:
            settings = (cls if environment else _FileAlone)(**content)
        except ValidationError as error:
            in_environment = environment and any(name.upper().startswith("FEIDEPROV_SCHOOLS") for name in os.environ)
            problems = describe_validation(error, cls, [] if in_environment else schools)
            raise ConfigurationError(Sentence("{path}: {problems}", path=scrub_path(path), problems=problems)) from None
        settings._file = path.absolute()
        settings._folder = settings._file.parent
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
        password = self._secret(section.password_file, section.password_env, "password")
        if password is None:
            raise ConfigurationError(
                Sentence("[directory] bind_dn needs a password: add password_file or password_env.")
            )
        return password

    def smtp_password(self) -> str | None:
        """The password of the mail server's user.

        Returns: the password; None without a user.

        Raises:
            ConfigurationError: it is missing or empty, or its file cannot be read.
        """
        section = self.smtp
        if section.user is None:
            return None
        password = self._secret(section.password_file, section.password_env, "password")
        if password is None:
            raise ConfigurationError(Sentence("[smtp] user needs a password: add password_file or password_env."))
        return password

    def webhook_secret(self) -> bytes | None:
        """What notices to the webhook are signed with.

        Returns: the secret, as octets; None without a webhook.

        Raises:
            ConfigurationError: it is missing or empty, or its file cannot be read.
        """
        section = self.webhook
        if section.url is None:
            return None
        secret = self._secret(section.secret_file, section.secret_env, "secret")
        if secret is None:
            raise ConfigurationError(Sentence("[webhook] url needs a secret: add secret_file or secret_env."))
        return secret.encode()

    def _secret(self, file: Path | None, variable: str | None, kind: str) -> str | None:
        """From the environment, or the first line of a file; None if neither is configured."""
        if variable:
            secret = os.environ.get(variable)
            if secret is None:
                raise ConfigurationError(
                    Sentence(
                        "The environment variable {variable} ({kind}_env) is missing. Set it to the {kind}.",
                        variable=variable,
                        kind=kind,
                    )
                )
            if not secret:
                raise ConfigurationError(
                    Sentence(
                        "The environment variable {variable} ({kind}_env) is empty. Set it to the {kind}.",
                        variable=variable,
                        kind=kind,
                    )
                )
            return secret
        if file is None:
            return None
        secret = self._first_line(file, kind)
        if not secret:
            raise ConfigurationError(
                Sentence(
                    "The first line of the file {path} ({kind}_file) is empty. Write the {kind} there.",
                    path=scrub_path(file),
                    kind=kind,
                )
            )
        return secret

    def _first_line(self, path: Path, kind: str) -> str:
        try:
            return unicode_text(content_of(self.path(path), Largest.SECRET)).partition("\n")[0].rstrip("\r")
        except OSError as error:
            raise ConfigurationError(
                Sentence(
                    "The file {path} ({kind}_file) cannot be read: {reason}.",
                    path=scrub_path(path),
                    kind=kind,
                    reason=error.strerror,
                )
            ) from None
        except UnicodeDecodeError:
            raise ConfigurationError(
                Sentence(
                    "The file {path} ({kind}_file) is not UTF-8 text. Save it as UTF-8.",
                    path=scrub_path(path),
                    kind=kind,
                )
            ) from None


def _damaged(value: object, place: tuple[int | str, ...] = ()) -> Iterator[tuple[int | str, ...]]:
    """The places of values with damaged letters."""
    if isinstance(value, str) and is_damaged(value):
        yield place
    elif isinstance(value, dict | list):
        for name, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _damaged(inner, (*place, name))


class _FileAlone(Settings):
    """The configuration of a file, without the environment."""

    @classmethod
    def settings_customise_sources(  # type: ignore[override]  # as above
        cls, _settings_cls: type[BaseSettings], init_settings: PydanticBaseSettingsSource, **_others: Any
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)
