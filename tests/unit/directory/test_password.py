"""Stored passwords: each scheme verifies its own, and nothing else verifies."""

from __future__ import annotations

import base64
import hashlib

import pytest

from feideprov.directory.password import stored, verify


@pytest.mark.parametrize("scheme", ["ssha", "argon2"])
def test_a_scheme_verifies_what_it_stored_and_no_other_password(scheme):
    value = stored("Bako-rime-tulo-fasi-neda-4", scheme)
    assert value.startswith(b"{" + scheme.upper().encode() + b"}")
    assert verify("Bako-rime-tulo-fasi-neda-4", value)
    assert not verify("bako-rime-tulo-fasi-neda-4", value)
    assert not verify("", value)


@pytest.mark.parametrize("scheme", ["ssha", "argon2"])
def test_no_two_stored_values_of_one_password_are_equal(scheme):
    assert stored("secret", scheme) != stored("secret", scheme)


def test_ssha_is_as_openldap_reads_it():
    raw = base64.b64decode(stored("secret", "ssha").removeprefix(b"{SSHA}"))
    assert raw[:20] == hashlib.sha1(b"secret" + raw[20:], usedforsecurity=False).digest()


def test_argon2_is_argon2id():
    assert stored("secret", "argon2").startswith(b"{ARGON2}$argon2id$")


def test_a_scheme_is_known_in_any_case():
    assert verify("secret", stored("secret", "ssha").replace(b"SSHA", b"ssha"))


@pytest.mark.parametrize(
    "value",
    [b"", b"secret", b"{CLEARTEXT}secret", b"{SSHA}", b"{SSHA}x", b"{ARGON2}x", b"{ARGON2}\xff", b"{SSHA}\xff", b"}"],
    ids=repr,
)
def test_what_nobody_stored_never_verifies_and_never_raises(value):
    assert not verify("secret", value)
