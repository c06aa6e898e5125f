"""What it means that a server refuses a request: by its result code and, where that is more precise, by its text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from feideprov.directory.result_code import ResultCode
from feideprov.errors import DirectoryError
from feideprov.installation import page
from feideprov.messages import NOTHING, Sentence

_BY_WINDOWS_CODE: Final = {
    "0000052D": Sentence("the password policy of the domain does not accept the password"),
    "0000001F": Sentence("the server accepts passwords only over TLS"),
    "000020B5": Sentence("an attribute points to an entry that does not exist (perhaps the organization or a school)"),
}
"""The code at the start of Active Directory's diagnostic messages ([MS-ERREF] 2.2), more precise than LDAP's code."""
_BY_CODE: Final[Mapping[int, Sentence]] = {
    ResultCode.REFERRAL: Sentence(
        "this server does not accept changes, but refers to another server. Set url to the server that accepts changes"
    ),
    ResultCode.NO_SUCH_ATTRIBUTE: Sentence("the value to be deleted is no longer there"),
    ResultCode.ATTRIBUTE_OR_VALUE_EXISTS: Sentence("the entry already has the value"),
    ResultCode.INSUFFICIENT_ACCESS_RIGHTS: Sentence("the bind account has no right to do that"),
    ResultCode.BUSY: Sentence("the server is busy"),
    ResultCode.UNAVAILABLE: Sentence("the server is unavailable"),
    ResultCode.UNWILLING_TO_PERFORM: Sentence("the server refuses to do that (is it read-only?)"),
    ResultCode.ENTRY_ALREADY_EXISTS: Sentence("an entry with that name already exists"),
    ResultCode.ASSERTION_FAILED: Sentence("the entry is no longer as expected"),
}

_LOW_QUALITY: Final = "Password fails quality checking policy"
_TOO_YOUNG: Final = "Password is too young to change"
_BY_POLICY: Final = {
    _LOW_QUALITY: Sentence(
        "the server's password policy refuses a password that is already hashed, because it cannot check the quality "
        "of a hash, or a hash is longer than pwdMaxLength. Set pwdCheckQuality to 1 and delete pwdMaxLength in the "
        "policy, or give the bind account the right “manage” for userPassword"
    ),
    "Must supply old password to be changed as well as new one": Sentence(
        "the server's password policy demands the old password with the new one. Set pwdSafeModify to FALSE in the "
        "policy, or give the bind account the right “manage” for userPassword"
    ),
    _TOO_YOUNG: Sentence(
        "the server's password policy does not allow that a password is changed again so soon. Wait, set pwdMinAge to "
        "0 in the policy, or give the bind account the right “manage” for userPassword"
    ),
    "Operations are restricted to bind/unbind/abandon/StartTLS/modify password": Sentence(
        "the bind account must change its own password first. Change it, or delete pwdReset from the account's entry"
    ),
    "invalid password syntax - passwords with storage scheme are not allowed": Sentence(
        "the server hashes passwords itself, and accepts none that is hashed. Set kind to “389” in [directory]"
    ),
}
"""OpenLDAP's overlay (slapd 2.5 and 2.6, servers/slapd/overlays/ppolicy.c) and 389 DS (2.3.1, ldap/servers/slapd/pw.c)
say only in their text that a policy refuses a password. OpenLDAP exempts who may “manage” the password."""
_CLEAR_TEXT_REFUSED: Final = Sentence("the server's password policy does not accept the password")
_SYNTAX_OF_389: Final = "invalid password syntax - "
_LOW_QUALITY_ON_389: Final = Sentence(
    "the server's password policy does not accept the password ({reason}). Change this limit (passwordCheckSyntax in "
    "the policy, {page}), or make the bind account a password administrator (passwordAdminDN)",
    reason="…",
    page=page("doctor.md", "Password policies"),
)


def reason_of(code: int, text: str, *, windows_code: str = "", hashed: bool = False) -> str:
    """Why the server refused, for a sentence; empty if it does not say so.

    `text` is the server's own, without numbers. `hashed`: the request had a password that was hashed here.
    """
    return _BY_WINDOWS_CODE.get(windows_code) or _by_policy(text, hashed=hashed) or _BY_CODE.get(code) or text


def _by_policy(text: str, *, hashed: bool) -> Sentence:
    """What the text says of a password policy; nothing if it is about something else."""
    if text == _LOW_QUALITY and not hashed:
        return _CLEAR_TEXT_REFUSED
    if text in _BY_POLICY:
        return _BY_POLICY[text]
    if text.startswith(_SYNTAX_OF_389):
        return _LOW_QUALITY_ON_389.with_values(reason=text.removeprefix(_SYNTAX_OF_389))
    return NOTHING


def is_refusal_of_new_passwords(error: DirectoryError) -> bool:
    """Whether a password policy refuses every password that this program writes, and not only one that is too new."""
    reason = error.sentence.values.get("reason")
    of_policy = {sentence.template for text, sentence in _BY_POLICY.items() if text != _TOO_YOUNG}
    of_policy |= {_CLEAR_TEXT_REFUSED.template, _LOW_QUALITY_ON_389.template}
    return isinstance(reason, Sentence) and reason.template in of_policy
