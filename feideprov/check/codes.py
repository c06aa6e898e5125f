"""The codes that a person names: in [[check.ignore]] of the configuration, and as options of `check`."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable
from typing import Final

from feideprov.check.catalogue import CATALOGUE
from feideprov.check.rule import Rule
from feideprov.errors import ConfigurationError, InputError, scrub
from feideprov.issues import REGISTERED
from feideprov.look_alikes import told_apart
from feideprov.messages import Sentence
from feideprov.settings import IgnoreSection

_OF_CHECK: Final = tuple(rule.code for rule in CATALOGUE)
_OTHER_LETTERS: Final = ("R-", "N-", "S-", "J-")


def select_rules(only: Collection[str] = (), ignore: Collection[str] = ()) -> tuple[Rule, ...]:
    """The rules with the codes in `only`, or all; without those in `ignore`. Raises InputError for an unknown code."""
    for code in (*only, *ignore):
        if code in _OF_CHECK:
            continue
        if code in _codes_of_doctor():
            raise InputError(
                Sentence("{code} is a finding of the command doctor, not of the command check.", code=code)
            )
        raise InputError(_unknown(code, _OF_CHECK))
    return tuple(rule for rule in CATALOGUE if (not only or rule.code in only) and rule.code not in ignore)


def require_known(ignored: Iterable[IgnoreSection]) -> None:
    """Raises ConfigurationError when [[check.ignore]] names a code that is not a finding of `check` or `doctor`."""
    for code in (one.code for one in ignored):
        if code in _OF_CHECK or code in _codes_of_doctor():
            continue
        known = (*_OF_CHECK, *_codes_of_doctor())
        if code.strip().upper().startswith(_OTHER_LETTERS):
            wrong = Sentence(
                "{code}{apart} is not a finding of check or doctor, so it cannot be ignored. Codes that can be ignored "
                "begin with P-, O- or D-. The nearest code is {nearest}.",
                code=scrub(code),
                apart=told_apart(code, known),
                nearest=_nearest(code, known),
            )
        else:
            wrong = _unknown(code, known)
        raise ConfigurationError(Sentence("[[check.ignore]]: {problem}", problem=wrong))


def _codes_of_doctor() -> tuple[str, ...]:
    import feideprov.check.doctor  # noqa: F401  # registers its codes; it loads what speaks LDAP, so only when asked

    return tuple(code for code in REGISTERED if code.startswith("D-"))


def _unknown(code: str, known: Collection[str]) -> Sentence:
    return Sentence(
        "There is no finding with the code “{code}”{apart}. The nearest code is {nearest}.",
        code=scrub(code),
        apart=told_apart(code, known),
        nearest=_nearest(code, known),
    )


def _nearest(code: str, known: Collection[str]) -> str:
    return difflib.get_close_matches(code.strip().upper(), known, n=1, cutoff=0.0)[0]
