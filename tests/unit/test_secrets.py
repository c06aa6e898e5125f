"""A secret is not shown, wherever it stands: in a wrong key of the configuration, in an address, in a server's text."""

from __future__ import annotations

import base64
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feideprov import ConfigurationError, Settings, errors
from feideprov.directory.ldap import server, write_operations
from feideprov.directory.ldap.connection import bind_refused
from feideprov.directory.ldap.responses import Response
from feideprov.directory.ldap.server import LdapAddress
from feideprov.services.outbox.smtp import Smtp
from feideprov.services.outbox.webhook import Webhook
from feideprov.testing import example_settings
from feideprov.wiring import key_of

SECRETS = ["Sommer2026", "hunter2-Sommer!", "hunter2/Sommer!", "/hunter2", "hun.ter2", "Påske og jul", "HUNTER"]


def load(folder: Path, section: str, **keys: str) -> Settings:
    """The example's settings with these keys in one section."""
    settings = example_settings(folder, **{section: keys})
    settings._folder = folder
    return settings


USES = {
    "directory": lambda settings: settings.bind_password(),
    "smtp": lambda settings: settings.smtp_password(),
    "webhook": lambda settings: settings.webhook_secret(),
    "journal": key_of,
}
NEEDS = {"directory": {"bind_dn": "cn=feideprov"}, "smtp": {"user": "kari"}, "webhook": {"url": "https://h"}}


@pytest.mark.parametrize("secret", SECRETS, ids=str.__len__)
@pytest.mark.parametrize(
    ("section", "key"),
    [
        ("directory", "password_env"),
        ("directory", "password_file"),
        ("smtp", "password_env"),
        ("smtp", "password_file"),
        ("webhook", "secret_env"),
        ("webhook", "secret_file"),
        ("journal", "key_env"),
    ],
)
def test_a_secret_in_the_place_of_its_file_or_variable_is_not_shown(tmp_path, section, key, secret):
    settings = load(tmp_path, section, **NEEDS.get(section, {}), **{key: secret})
    with pytest.raises(ConfigurationError) as told:
        USES[section](settings)
    assert secret not in str(told.value) + repr(told.value)
    assert f"[{section}] {key}" in str(told.value)
    assert secret not in repr(settings) + str(settings)
    assert told.value.__cause__ is None
    assert told.value.__suppress_context__ or told.value.__context__ is None


def test_a_name_that_can_only_be_that_of_a_variable_or_a_file_is_told(tmp_path):
    with pytest.raises(ConfigurationError, match=r"variable FEIDE_PASSWORD \(password_env\) is missing"):
        load(tmp_path, "directory", bind_dn="cn=x", password_env="FEIDE_PASSWORD").bind_password()
    (tmp_path / "secrets").mkdir()
    with pytest.raises(ConfigurationError, match=r"file secrets/password \(password_file\) cannot be read"):
        load(tmp_path, "directory", bind_dn="cn=x", password_file="secrets/password").bind_password()


@pytest.mark.parametrize("url", ["{}", "ldapx://{}", "https://{}", "ldap:/{}", "ldap://{}:99999", "ldaps://{}:0"])
def test_a_password_in_an_address_of_the_directory_is_not_shown(url):
    with pytest.raises(ConfigurationError) as told:
        LdapAddress(url.format("cn=a,dc=b:hunter2/Som@mer!@ldap.skotthyll.no"))
    assert "hunter2" not in str(told.value)
    assert "mer!" not in str(told.value)


def test_addresses_are_not_in_the_repr_of_the_settings(tmp_path):
    settings = load(tmp_path, "webhook", url="https://kari:hunter2@x/hunter2", secret_env="A")
    directory = settings.directory.model_copy(update={"url": "ldaps://a:hunter2@x"})
    smtp = settings.smtp.model_copy(update={"host": "a:hunter2@x"})
    settings = settings.model_copy(update={"directory": directory, "smtp": smtp})
    assert "hunter2" not in repr(settings)
    with pytest.raises(ConfigurationError) as told:
        Webhook(settings.model_copy(update={"webhook": settings.webhook.model_copy(update={"secret_env": "A B"})}))
    assert "hunter2" not in str(told.value)


@pytest.mark.parametrize("host", ["smtp://kari:hunter2@mail.no", "kari:hunter2@mail.no", "mail.no/hunter2"])
@pytest.mark.parametrize("security", ["starttls", "off"])
def test_a_mail_server_is_a_host_name_and_nothing_else(tmp_path, host, security):
    settings = load(tmp_path, "smtp", host=host, security=security, sender="a@skotthyll.kommune.no")
    with pytest.raises(ConfigurationError, match=r"\[smtp\] host is not the name of a server") as told:
        Smtp(settings)
    assert "hunter2" not in str(told.value)


@pytest.mark.parametrize("length", [1, 8, 15])
def test_a_webhook_secret_has_at_least_sixteen_octets(tmp_path, monkeypatch, length):
    secret = "x" * length
    monkeypatch.setenv("HOOK_SECRET", secret)
    settings = load(tmp_path, "webhook", url="https://skotthyll.no/hook", secret_env="HOOK_SECRET")
    with pytest.raises(ConfigurationError, match="at least 16 octets"):
        settings.webhook_secret()
    (tmp_path / "hook").write_text(secret)
    with pytest.raises(ConfigurationError, match="at least 16 octets"):
        load(tmp_path, "webhook", url="https://skotthyll.no/hook", secret_file="hook").webhook_secret()


@pytest.mark.parametrize("secret", ["x" * 16, "å" * 8])
def test_a_webhook_secret_of_sixteen_octets_is_used(tmp_path, monkeypatch, secret):
    monkeypatch.setenv("HOOK_SECRET", secret)
    settings = load(tmp_path, "webhook", url="https://skotthyll.no/hook", secret_env="HOOK_SECRET")
    assert settings.webhook_secret() == secret.encode()


secrets = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=8, max_size=40)


@given(secrets, st.text("abc ", max_size=5), st.binary(max_size=4))
def test_no_spelling_of_a_secret_stays_in_a_servers_text(secret, around, before):
    octets = secret.encode()
    spellings = {
        secret,
        secret.upper() if secret.isascii() else secret,
        quote(secret),
        quote(secret, safe=""),
        base64.b64encode(octets).decode(),
        base64.urlsafe_b64encode(octets).decode(),
        repr(secret)[1:-1],
    }
    for spelling in spellings:
        said = errors.without_secrets(f"535 {around}{spelling}{around}: refused", secret)
        assert spelling not in said
        assert said.startswith("535 ")
        assert said.endswith(": refused")
    inside = base64.b64encode(before + b"\0kari\0" + octets).decode()
    said = errors.without_secrets(f"refused {inside}", secret)
    alone = base64.b64encode(octets[:3] + octets[3:])
    assert inside not in said
    assert alone.decode() not in said
    left = said.removeprefix("refused ").partition("…")[0]
    assert octets[:6] not in base64.b64decode(left[: len(left) // 4 * 4])


def test_a_refused_bind_does_not_quote_its_password():
    said = Response(80, "80090308: password hunter2-Sommer! of cn=x is locked")
    assert "hunter2" not in str(bind_refused(said, "cn=x", "hunter2-Sommer!"))
    assert "is locked" in str(bind_refused(said, "cn=x", "hunter2-Sommer!"))
    assert "hunter2" not in str(server.server_error(80, "weak: hunter2-Sommer!", secrets=("hunter2-Sommer!",)))


@pytest.mark.parametrize("password", [b"hunter2-Sommer!", '"hunter2-Sommer!"'.encode("utf-16-le")])
def test_a_refused_first_password_is_not_quoted(password):
    """As a password policy of the server may do."""
    exchange = SimpleNamespace(response=SimpleNamespace(code=80, diagnostic="hunter2-Sommer! is in a dictionary"))
    error = write_operations._refusal(exchange, passwords=(password,))
    assert "hunter2" not in str(error)
    assert "is in a dictionary" in str(error)
