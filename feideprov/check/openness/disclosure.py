"""What one visitor found out about others, and the finding that says so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from feideprov.check.examination import Check, error, good, unknown, wrong
from feideprov.check.openness.sensitive import Kind
from feideprov.directory.dn import DN
from feideprov.errors import InputError
from feideprov.installation import page
from feideprov.issues import REGISTERED, code
from feideprov.messages import NOTHING, Sentence, joined, listed

_NAMES_SHOWN: Final = 5

NUMBERS_OPEN = code(
    "D-NUMBERS-OPEN",
    Sentence(
        "Anybody, or every user who has logged in, can read or find out numbers, birth dates or password hashes of "
        "others."
    ),
    Sentence(
        "Close them by access rules before those of the server, as feideprov setup writes them ({page}).",
        page=page("doctor.md", "What others can read"),
    ),
)


class Way(StrEnum):
    """How a value is found out."""

    READ = "read"
    SEARCH = "search"
    COMPARE = "compare"


@dataclass
class Disclosure:
    """What one visitor found out: the entries, by way, kind and attribute.

    `own` is the visitor's entry, which does not count; None for a visitor who has not logged in. `returned` are the DNs
    that searches returned. `hidden`: how many users no search returned; `read_one_by_one`: how many of them were read
    by their names. `is_cut`: a search ended early. `is_restricted`: the server refused everything to a user who had
    logged in. `failure`: why the visit itself ended early.
    """

    own: DN | None
    open: dict[tuple[Way, Kind, str], set[bytes]] = field(default_factory=dict, repr=False)
    returned: set[bytes] = field(default_factory=set, repr=False)
    hidden: int = 0
    read_one_by_one: int = 0
    is_cut: bool = False
    is_restricted: bool = False
    failure: Sentence = NOTHING

    def note(self, way: Way, dn: bytes, things: Iterable[tuple[Kind, str]]) -> None:
        """The visitor found this out about an entry."""
        for kind, name in things:
            if not self._is_own(dn):
                self.open.setdefault((way, kind, name), set()).add(dn.lower())

    def check(self, name: str) -> Check:
        """The result."""
        if self.open:
            return wrong(name, error(NUMBERS_OPEN, self._finding(), self._action()))
        if self.is_restricted:
            return unknown(
                name,
                Sentence(
                    "It is not known what users can read of others. The server refuses everything to this user, who "
                    "perhaps must first change the password. Run the doctor with another user."
                ),
            )
        if self.failure or (self.is_cut and self.read_one_by_one < self.hidden):
            reason = self.failure or Sentence("The server ended a search early.")
            what = Sentence("It is not known what users can read of others.")
            if self.own is None:
                what = Sentence("It is not known what can be read without logging in.")
            return unknown(name, joined([what, reason]))
        return good(name, joined([self._good(), self._sample()]))

    def _good(self) -> Sentence:
        if self.own is None:
            return Sentence("Without logging in nobody can read numbers, birth dates or password hashes.")
        return Sentence("The user can read no numbers, birth dates or password hashes of others.")

    def _sample(self) -> Sentence:
        if self.read_one_by_one >= self.hidden:
            return NOTHING
        return Sentence(
            "{read:,} of {hidden:,} users whom no search returns were read one by one.",
            read=self.read_one_by_one,
            hidden=self.hidden,
        )

    def _finding(self) -> Sentence:
        who = Sentence("Anybody, without logging in,") if self.own is None else Sentence("A user who has logged in")
        parts = [_told(who, way, self._things(way)) for way in Way if self._things(way)]
        if self.failure or self.is_cut:
            parts.append(Sentence("The server ended a search early, so there may be more."))
        return joined(parts)

    def _action(self) -> Sentence:
        permitted = Sentence("If this user is permitted to read them, run the doctor with an ordinary pupil.")
        return joined([REGISTERED[NUMBERS_OPEN].action, NOTHING if self.own is None else permitted])

    def _things(self, way: Way) -> Sentence | None:
        """“numbers in 2 entries (norEduPersonNIN) and birth dates in 1 entry (norEduPersonBirthDate)”."""
        said = []
        for kind in Kind:
            found = {key[2]: dns for key, dns in self.open.items() if key[:2] == (way, kind)}
            if found:
                names = listed(sorted(found), most=_NAMES_SHOWN)
                said.append(_counted(kind, len(set[bytes]().union(*found.values())), names))
        return listed(said) if said else None

    def _is_own(self, dn: bytes) -> bool:
        if self.own is None:
            return False
        try:
            return DN.parse(dn.decode(errors="replace")) == self.own
        except InputError:
            return False


def _told(who: Sentence, way: Way, things: Sentence | None) -> Sentence:
    match way:
        case Way.READ:
            return Sentence("{who} can read {things} of others.", who=who, things=things)
        case Way.SEARCH:
            return Sentence(
                "{who} can search by {things} of others, and find the values digit by digit.", who=who, things=things
            )
        case Way.COMPARE:
            return Sentence(
                "{who} can let the server compare {things} of others, and guess the values.", who=who, things=things
            )


def _counted(kind: Kind, count: int, names: Sentence) -> Sentence:
    match kind:
        case Kind.NUMBER:
            return Sentence(
                "numbers in {count:,} entry ({names})",
                plural="numbers in {count:,} entries ({names})",
                count=count,
                names=names,
            )
        case Kind.BIRTH_DATE:
            return Sentence(
                "birth dates in {count:,} entry ({names})",
                plural="birth dates in {count:,} entries ({names})",
                count=count,
                names=names,
            )
        case Kind.HASH:
            return Sentence(
                "password hashes in {count:,} entry ({names})",
                plural="password hashes in {count:,} entries ({names})",
                count=count,
                names=names,
            )
