"""What a server's refusal of a password means, by its code and its text. The texts are the servers' own."""

from __future__ import annotations

import pytest

from feideprov.directory.ldap.server import server_error


@pytest.mark.parametrize(
    ("code", "text", "words"),
    [
        # slapo-ppolicy of 2.5 and 2.6 (servers/slapd/overlays/ppolicy.c); 2.3 has 53 for the old password
        (19, "Password fails quality checking policy", ("already hashed", "pwdCheckQuality")),
        (50, "Must supply old password to be changed as well as new one", ("old password", "pwdSafeModify")),
        (53, "Must supply old password to be changed as well as new one", ("old password", "pwdSafeModify")),
        (19, "Password is too young to change", ("so soon", "pwdMinAge")),
        (
            50,
            "Operations are restricted to bind/unbind/abandon/StartTLS/modify password",
            ("the bind account must change its own password", "pwdReset"),
        ),
        # 389 DS 2.3.1 (ldap/servers/slapd/pw.c)
        (
            19,
            "invalid password syntax - passwords with storage scheme are not allowed\n",
            ("hashes passwords itself", "kind"),
        ),
        (
            19,
            "invalid password syntax - password must contain at least 4 special characters",
            ("password must contain at least 4 special characters", "passwordCheckSyntax", "passwordAdminDN"),
        ),
    ],
)
def test_sentence_names_the_cause_and_the_setting(code: int, text: str, words: tuple[str, ...]) -> None:
    error = server_error(code, text, hashed=True)
    assert all(word in error.sentence for word in words)
    assert f"({code})" in error.sentence
    assert error.code == code


def test_password_in_clear_text_is_not_called_hashed() -> None:
    said = server_error(19, "Password fails quality checking policy", hashed=False).sentence
    assert "hashed" not in said
    assert "pwdCheckQuality" not in said
    assert "password policy" in said


def test_other_refusals_of_the_same_code_are_as_before() -> None:
    said = server_error(19, "some attributes not unique", hashed=True).sentence
    assert said == "The directory responded constraintViolation (19): some attributes not unique."
    said = server_error(50, "no write access to parent", hashed=True).sentence
    assert said.endswith("insufficientAccessRights (50): the bind account has no right to do that.")


def test_number_in_the_text_of_a_policy_is_not_shown() -> None:
    text = "invalid password syntax - password is 57912075186"
    assert "57912" not in server_error(19, text, hashed=True).sentence
