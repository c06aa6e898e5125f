"""A configuration that is written to harm, or by a broken program, is refused; no number switches a cap off."""

from __future__ import annotations

from importlib.resources import files

import pytest

from feideprov import ConfigurationError
from feideprov.settings import Settings

TEMPLATE = (
    files("feideprov.settings")
    .joinpath("feideprov.toml")
    .read_text(encoding="utf-8")
    .replace('source_id_attribute = ""', 'source_id_attribute = "employeeNumber"')
)
LONG = "9" * 5_000

CONTENTS = {
    "nested lists": f"\nx = {'[' * 5_000}{']' * 5_000}\n",
    "nested tables": f"\nx = {'{a=' * 3_000}1{'}' * 3_000}\n",
    "a key with many parts": f"\n{'.'.join(['a'] * 3_000)} = 1\n",
    "a table with many parts": f"\n[{'.'.join(['a'] * 3_000)}]\n",
    "a key with many quoted parts": "\n" + ".".join(['"="'] * 3_000) + " = 1\n",
    "5,000 digits": f"\n[caps]\nchanges = {LONG}\n",
}
WRONG_VALUES = {
    "caps.percent": ("nan", "inf", "-inf", "-1", "100.5", "1e400"),
    "caps.changes": ("-1", "9" * 40, "0x" + "f" * 400),
    "smtp.timeout": ("nan", "inf", "1e300", "0", "-1"),
    "webhook.timeout": ("nan", "inf", "1e300"),
    "smtp.port": ("0", "-1", "65536"),
    "smtp.per_minute": ("0", "9" * 40),
    "services.answer_days": ("0", "999999999999"),
    "check.pending_days": ("0", "999999999999"),
}
RIGHT_VALUES = {
    "caps.percent": ("0", "100", "2.5"),
    "caps.changes": ("0", "1000000"),
    "smtp.timeout": ("0.1", "3600"),
    "smtp.port": ("1", "65535"),
    "services.answer_days": ("1", "3650"),
}
IN_ENVIRONMENT = {
    "FEIDEPROV_CAPS": ("[" * 100_000, '{"percent": NaN}', f'{{"changes": {LONG}}}', '{"percent": 1e999}'),
    "FEIDEPROV_CAPS__PERCENT": ("nan", "inf", "-1"),
    "FEIDEPROV_CAPS__CHANGES": (LONG, "-1"),
    "FEIDEPROV_SMTP__TIMEOUT": ("Infinity",),
}


@pytest.fixture
def load(tmp_path):
    def made(content: str) -> Settings:
        path = tmp_path / "feideprov.toml"
        path.write_text(content, encoding="utf-8")
        return Settings.load(path)

    return made


def _with(key: str, value: str) -> str:
    section, _, name = key.partition(".")
    return f"{TEMPLATE}\n[{section}]\n{name} = {value}\n"


def _pairs(values):
    return [(key, value) for key, many in values.items() for value in many]


def _shown(value):
    return value[:12] if isinstance(value, str) else None


@pytest.mark.parametrize("what", CONTENTS)
def test_a_depth_or_a_length_that_no_configuration_has(load, what):
    with pytest.raises(ConfigurationError, match=r"feideprov\.toml"):
        load(TEMPLATE + CONTENTS[what])


@pytest.mark.parametrize(("key", "value"), _pairs(WRONG_VALUES), ids=_shown)
def test_a_number_outside_its_range_is_refused_by_its_key(load, key, value):
    with pytest.raises(ConfigurationError, match=key):
        load(_with(key, value))


@pytest.mark.parametrize(("key", "value"), _pairs(RIGHT_VALUES), ids=_shown)
def test_the_ends_of_each_range_are_right(load, key, value):
    section, _, name = key.partition(".")
    assert getattr(getattr(load(_with(key, value)), section), name) == float(value)


@pytest.mark.parametrize(("name", "value"), _pairs(IN_ENVIRONMENT), ids=_shown)
def test_the_environment_is_no_way_around_a_range(load, monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError, match=r"FEIDEPROV_CAPS|caps\.|smtp\."):
        load(TEMPLATE)


def test_dots_in_values_and_comments_are_no_depth(load):
    dots = "." * 500
    assert load(TEMPLATE + f'\n[services]\nsignature = "{dots}" # {dots}\n').services.signature == dots
