"""What is asked and told about who is who: first what works today, then the answers, each with its command."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from feideprov.directory.entry import Entry
from feideprov.directory.protocol import name_of
from feideprov.errors import scrub
from feideprov.feide.organization import HostOrganization
from feideprov.feide.person import PersonRecord
from feideprov.issues import code, places
from feideprov.journal.users import KnownUsers
from feideprov.messages import NOTHING, Sentence, joined
from feideprov.provision.plan.linking.source_keys import ONLY_SOURCE, SourceKeys
from feideprov.provision.plan.people.open_question import OpenQuestion
from feideprov.provision.plan.people.same_person import Match
from feideprov.text import shown

R_SAME_PERSON: Final = code(
    "R-SAME-PERSON",
    Sentence(
        "Held: a user has this birth date and a name that agrees with the name in the row; or this birth date, the "
        "number of the row and a part of its name."
    ),
    Sentence(
        "If it is the same person, run: feideprov resolve USER --same-as SOURCE_ID --yes. If it is a new person, run: "
        "feideprov apply LIST --only SOURCE_ID --new-person --yes"
    ),
)
R_OTHER_PERSON: Final = code(
    "R-OTHER-PERSON",
    Sentence(
        "Held: the user with this source id has another name and another birth date (or another number). The source "
        "id may have been given to another person. Nothing in the row is used."
    ),
    Sentence(
        "If it is another person, give that person a source id of their own. If it is the same person, run: feideprov "
        "apply LIST --only SOURCE_ID --same-person --yes"
    ),
)
R_NAMES_SWAPPED: Final = code(
    "R-NAMES-SWAPPED",
    Sentence(
        "Held: the row has the name of a user with another source id, or the name of its user now stands at another "
        "source id. One column may have been sorted without the others. Nothing in the row is used."
    ),
    Sentence(
        "Correct the list. If the names in the row are right, run: feideprov apply LIST --only SOURCE_ID --same-person "
        "--yes"
    ),
)
R_LINK_DOUBT: Final = code(
    "R-LINK-DOUBT",
    Sentence(
        "Held by `link`: a user has the source id or the number of the row, but the names do not agree, or the birth "
        "date or the number is another."
    ),
    Sentence(
        "If it is the same person, run: feideprov resolve USER --same-as SOURCE_ID --yes. If not, run: feideprov "
        "resolve USER --different SOURCE_ID --yes"
    ),
)

_NAMED: Final = 5
"""How many rows are named."""
_BIRTH_DATE_AND_NAME: Final = Sentence("this birth date and a name that agrees")
_NUMBER_AND_NAME: Final = Sentence("this number, this birth date and a part of this name")
_NAMELESS: Final = Sentence("an entry without a Feide name")


@dataclass(frozen=True, repr=False)
class Questions:
    """Makes the sentences about rows and users of one organization."""

    organization: HostOrganization
    known_users: KnownUsers
    is_protected: Callable[[Entry], bool]
    by_password: bool = True
    """Users log in with a password of the directory."""
    keys: SourceKeys = ONLY_SOURCE

    def same_person(self, record: PersonRecord, matches: Sequence[Match]) -> Sentence:
        """The question whether a row is about a user who is there, or created by another row."""
        match = matches[0]
        if match.hidden:
            return self._hidden(record, match)
        answers, alike = self._answers(record, match), _NUMBER_AND_NAME if match.has_number else _BIRTH_DATE_AND_NAME
        if closed := None if match.feide_name else self.known_users.closed_user_at(match.dn):
            return Sentence(
                "{user} exists already, with {alike}. The user is closed. If it is the same person, first reopen the "
                "user, then run again: feideprov reopen {user}. {answers}",
                user=closed,
                alike=alike,
                answers=answers,
            )
        if match.origin is not None:
            return Sentence(
                "This list creates {user} ({place}), with {alike}. {answers}",
                user=match.feide_name,
                place=match.origin.place,
                alike=alike,
                answers=answers,
            )
        if not match.feide_name:
            return Sentence(
                "A user with {alike} exists already, but has no Feide name. Add "
                "eduPersonPrincipalName to the entry, then run again. {answers}",
                alike=alike,
                answers=answers,
            )
        return Sentence(
            "{user} exists already{facts}, with {alike}.{today} {answers}",
            user=match.feide_name,
            facts=self._facts(match),
            today=self._today(match.feide_name),
            alike=alike,
            answers=answers,
        )

    def _hidden(self, record: PersonRecord, match: Match) -> Sentence:
        return Sentence(
            "The journal has {user}, with this birth date and a name that agrees, but the directory does not show the "
            "entry. The bind account may not have the right to read it. Give the account the right to read all users, "
            "then run again. If the entry was deleted on purpose, run: feideprov resolve {user} --gone --yes. If it is "
            "a new person, run: {command}",
            user=match.feide_name,
            command=self._only(record, "--new-person"),
        )

    def about(self, code: str, record: PersonRecord, entry: Entry) -> OpenQuestion:
        """What a person is asked about a row that is held and a user who is there."""
        user, school = name_of(entry), self.organization.school(record.schools[0])
        return OpenQuestion(
            code,
            record,
            school.name if school else "",
            user,
            shown_person(entry),
            self._school(entry),
            self.known_users.made.get(user),
            record.protected or self.is_protected(entry),
        )

    def nearly(self, record: PersonRecord, matches: Sequence[Match]) -> Sentence:
        """The note about users whose given name differs in one letter."""
        return self._note(record, matches, Sentence("nearly the same name and the same birth date"))

    def without_birth_date(self, record: PersonRecord, matches: Sequence[Match]) -> Sentence:
        """The note about users of the same school with an equal name, where a birth date is missing."""
        return self._note(record, matches, Sentence("the same name and school, and a birth date is missing"))

    def _note(self, record: PersonRecord, matches: Sequence[Match], alike: Sentence) -> Sentence:
        """One note for each row, however many are alike. A user who is there comes before one of this list."""
        match = min(matches, key=lambda one: one.entry is None)
        others = NOTHING
        if len(matches) > 1:
            others = Sentence(" (and {count} other)", plural=" (and {count} others)", count=len(matches) - 1)
        if match.entry is None:
            return Sentence(
                "{place}{user} of another row{others} has {alike}. A user is created for each row. If they are the "
                "same person, keep only one of the rows.",
                place=_place(record),
                user=match.feide_name,
                others=others,
                alike=alike,
            )
        if not match.feide_name:
            return Sentence(
                "{place}{user}{facts}{others} has {alike}. A new user is created. If it is the same person, do not "
                "apply the list yet. First add eduPersonPrincipalName to the entry, then run again.",
                place=_place(record),
                user=_NAMELESS,
                facts=self._facts(match),
                others=others,
                alike=alike,
            )
        return Sentence(
            "{place}{user}{facts}{others} has {alike}. A new user is created. If it is the same person, do not apply "
            "the list yet. First run: feideprov resolve {user} --same-as {source_id} --yes",
            place=_place(record),
            user=match.feide_name,
            facts=self._facts(match),
            others=others,
            alike=alike,
            source_id=shlex.quote(record.source_id),
        )

    def other_person(self, record: PersonRecord, feide_name: str) -> Sentence:
        """The sentence for a source id that seems to have been given to somebody else. It shows no former name."""
        return Sentence(
            "{user} has this source id, but another name and another birth date (or another number) than this row. "
            "Nothing in the row is used. If the source id was given to another person, give that person a source id "
            "of their own. If it is the same person, run: {command}",
            user=feide_name,
            command=self._only(record, "--same-person"),
        )

    def swapped(self, record: PersonRecord, feide_name: str) -> Sentence:
        """The sentence for a row whose name belongs to another source id today, or whose own name went to one."""
        return Sentence(
            "The name does not fit the source id: this row has the name of a user with another source id, or the name "
            "of {user} now stands at another source id. Nothing in the row is used. Correct the list. If the name in "
            "this row is right, run: {command}",
            user=feide_name,
            command=self._only(record, "--same-person"),
        )

    def not_ours(self, record: PersonRecord, feide_name: str) -> Sentence:
        """The sentence for a row of a user whom this tool does not change."""
        if feide_name in self.known_users.released:
            return Sentence(
                "{user} has this source id, but was released to another system, so this tool does not update the user. "
                "To take the user back, run: feideprov resolve {user} --same-as {source_id} --yes",
                user=feide_name,
                source_id=shlex.quote(record.source_id),
            )
        return Sentence(
            "{user} has this source id, but this tool did not create the user, and therefore does not update "
            "the user. If it is the same person, run: feideprov resolve {user} --same-as {source_id} --yes",
            user=feide_name,
            source_id=shlex.quote(record.source_id),
        )

    def link_doubt(self, record: PersonRecord, feide_name: str, reason: Sentence) -> Sentence:
        """The sentence for a row whose source id or number a user has who may be another person."""
        return Sentence(
            "{user} has the source id or the number of this row, but {reason}. If it is the same person, run: "
            "feideprov resolve {user} --same-as {source_id} --yes. If not, run: feideprov resolve {user} --different "
            "{source_id} --yes",
            user=feide_name,
            reason=reason,
            source_id=shlex.quote(record.source_id),
        )

    @staticmethod
    def twice(records: Sequence[PersonRecord]) -> Sentence:
        """The sentence for rows of one list that have the same source id."""
        return Sentence(
            "Column source_id: {rows} have the same source id. If they are one person, keep only the right row. If "
            "not, give each person a source id of their own.",
            rows=_rows(records),
        )

    def protected(self, record: PersonRecord) -> Sentence:
        """The sentence for a protected person who is no user yet."""
        return Sentence(
            "The person is protected. Protected people are created one at a time. If the person is to have a user, "
            "run: {command}",
            command=self._only(record),
        )

    def new_serial(self, record: PersonRecord) -> Sentence:
        """The sentence for a person whose serial in place of a number is new."""
        return Sentence(
            "The file has a serial in place of the person's number, and no file of an earlier day that was applied had "
            "it with this name and birth date. Apply this file, and the next one on another day: then the user is "
            "created. If the user is needed now, run: {command}",
            command=self._only(record, "--new-person"),
        )

    def _answers(self, record: PersonRecord, match: Match) -> Sentence:
        same = NOTHING
        if match.origin is not None:
            same = Sentence("If it is the same person, keep only one of the rows.")
        elif match.feide_name:
            same = Sentence(
                "If it is the same person, run: feideprov resolve {user} --same-as {source_id} --yes.",
                user=match.feide_name,
                source_id=shlex.quote(record.source_id),
            )
        new = Sentence("If it is a new person, run: {command}", command=self._only(record, "--new-person"))
        return joined([same, new])

    def _only(self, record: PersonRecord, *answer: str) -> Sentence:
        """The command that applies one row, with a person's answer, if there is one."""
        source_id, named = self.keys.without_prefix(record.source_id), self.keys.named
        file = shlex.quote(scrub(record.origin.file)) if record.origin else Sentence("LIST")
        words = ["--only", source_id, *(("--source", named) if named else ()), *answer]
        return Sentence("feideprov apply {list} {words} --yes", list=file, words=shlex.join(words))

    def _facts(self, match: Match) -> Sentence:
        """Where a user goes to school and since when the user is there, as far as it is known."""
        made = self.known_users.made.get(match.feide_name)
        school = self._school(match.entry) if match.entry is not None else ""
        facts = [school, Sentence("created on {day}", day=made) if made else NOTHING]
        return Sentence(" ({facts})", facts=joined(facts, ", ")) if any(facts) else NOTHING

    def _school(self, entry: Entry) -> str:
        for text in (*entry.texts("eduPersonPrimaryOrgUnitDN"), *entry.texts("eduPersonOrgUnitDN")):
            if (school := self.organization.school(text)) is not None:
                return school.name
        return ""

    def _today(self, user: str) -> Sentence:
        if user in self.known_users.closed:
            return Sentence(" The user is closed. To open it again, run: feideprov reopen {user}.", user=user)
        if not self.by_password:
            return NOTHING
        return Sentence(
            " The user can be used today. If the password is lost, run: feideprov password {user}.", user=user
        )


def shown_person(entry: Entry) -> str:
    """The name of a user's person, as it may be shown."""
    return shown(entry.text("displayName") or " ".join(filter(None, map(entry.text, ("givenName", "sn")))))


def _place(record: PersonRecord) -> Sentence:
    if record.origin is None:
        return NOTHING
    return Sentence("{file} {place}: ", file=scrub(record.origin.file), place=record.origin.place)


def _rows(records: Sequence[PersonRecord]) -> Sentence:
    """The first rows of some; for records that come from no file, how many they are."""
    origins = [record.origin for record in records if record.origin]
    return places(origins, _NAMED) if origins else Sentence("{number} people", number=len(records))
