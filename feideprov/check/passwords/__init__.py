"""What the server does with passwords: which ones it accepts, and when it locks users. Nothing is written."""

from __future__ import annotations

from collections.abc import Iterator

from feideprov.check.examination import Check, good, note, noted, unknown, warning, wrong
from feideprov.check.server import delete_nobodys_number
from feideprov.directory.entry import Entry, Modification, Modify
from feideprov.directory.ldap.directory import LdapDirectory
from feideprov.directory.ldap.server_config import password_rules
from feideprov.directory.refusals import is_refusal_of_new_passwords
from feideprov.directory.result_code import ResultCode
from feideprov.feide.first_password.style import YOUNGEST
from feideprov.feide.initial_password import InitialPassword
from feideprov.installation import page
from feideprov.issues import code
from feideprov.messages import Sentence, joined

PASSWORD_POLICY = code(
    "D-PASSWORD-POLICY",
    Sentence("Warning: the server's password policy refuses passwords that this program writes."),
    Sentence(
        "Change the setting of the policy that the sentence names ({page}).",
        page=page("doctor.md", "Password policies"),
    ),
)
LOCKOUT = code(
    "D-LOCKOUT",
    Sentence("Note: the server does not show that it locks a user after a few wrong passwords."),
    Sentence(
        "If young children are to have shorter first passwords, switch on the lock in the password policy, and give "
        "the bind account the right to read it ({page}).",
        page=page("doctor.md", "Wrong passwords"),
    ),
)
MUST_CHANGE = code(
    "D-MUST-CHANGE",
    Sentence(
        "Warning: the server demands that users change a first password at once. A login with Feide then fails, "
        "because Feide cannot change passwords."
    ),
    Sentence(
        "Switch it off in the password policy (pwdMustChange in OpenLDAP, passwordMustChange in 389 DS). To tell users "
        "where they change the password, set change_password_url in [login]."
    ),
)
LOCKS = "wrong passwords"
"""The name of the check that is good where the server locks users."""


def password_policy(directory: LdapDirectory, user: Entry, password: InitialPassword) -> Check:
    """Does the server's password policy accept passwords as this program writes them, such as this one?

    The server is asked to delete a number that the user does not have and then, in the same request, to add a password
    that nobody knows. It checks its policy first; and a request is carried out as a whole or not at all (RFC 4511,
    4.6). Use it only where `write_rights` has shown that the server refuses the deletion.
    """
    attribute, value = directory.stored_password(password.reveal())
    steps = (delete_nobodys_number(), Modification("add", attribute, (value,)))
    [written] = directory.write([Modify(user.dn, steps)])
    result = written.error.code if written.error else None
    if result == ResultCode.NO_SUCH_ATTRIBUTE:
        return good("password policy", Sentence("The server accepts passwords as this program writes them."))
    if written.error is not None and is_refusal_of_new_passwords(written.error):
        return wrong("password policy", warning(PASSWORD_POLICY, written.error.sentence))
    not_known = Sentence("The response does not show whether the server accepts passwords as this program writes them.")
    return unknown("password policy", joined([not_known, written.error.sentence if written.error else ""]))


def rules_of_passwords(directory: LdapDirectory, first_password: str) -> Iterator[Check]:
    """Does the server lock users after wrong passwords, which lets young children have short ones? Must users change a
    first password at once? With Feide's login they cannot."""
    rules = password_rules(directory)
    if first_password == "words" and rules.tries is not None:
        sentence = Sentence(
            "The server locks a user after {count} wrong password. First passwords up to grade {grade} have three "
            "words.",
            plural="The server locks a user after {count} wrong passwords. First passwords up to grade {grade} have "
            "three words.",
            count=rules.tries,
            grade=YOUNGEST,
        )
        yield good(LOCKS, sentence)
    elif first_password == "words":
        sentence = Sentence(
            "The server does not show that it locks a user after a few wrong passwords, so all first passwords have "
            "six words."
        )
        yield noted(LOCKS, note(LOCKOUT, sentence))
    if rules.must_change:
        sentence = Sentence("The server demands that a user changes a password that an administrator has set.")
        yield wrong("change at first login", warning(MUST_CHANGE, sentence))
