"""From the elements of a file to its people, groups and memberships."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import BinaryIO, Final

from feideprov.intake.ims import vocabulary
from feideprov.intake.ims.model import Enterprise, Group, Membership, Person, Properties, SourcedId
from feideprov.intake.ims.parser import Found, NotEnterpriseError, read_elements
from feideprov.intake.ims.recognition import is_pifu
from feideprov.intake.ims.vocabulary import UserId
from feideprov.messages import Sentence

MOST_PEOPLE: Final = 1_000_000
MOST_GROUPS: Final = 200_000
MOST_MEMBERSHIPS: Final = 10_000_000
"""All of Norway has 640,000 pupils."""
_PEOPLE, _GROUPS, _MEMBERSHIPS = Sentence("people"), Sentence("groups"), Sentence("memberships")
_NOBODY: Final = SourcedId("", "")
_DELETED: Final = "3"
_TYPED: Final = frozenset(("userid", "tel", "pifu_email", "pifu_tel", "pifu_status"))
"""Elements that a person has several of, each with a type."""
_TYPES: Final = frozenset(("userid@useridtype", "tel@teltype", "pifu_email@type", "pifu_tel@type", "pifu_status@type"))
_OF_ROLE: Final = (
    *("role@roletype", "role@recstatus", "role/subrole", "role/status"),
    *("role/timeframe/begin", "role/timeframe/end", "pifu_primaryRelation"),
)
_ROLE_ENDS: Final = ("role", None)
_CONTACT_ENDS: Final = ("pifu_hasContactPerson/sourcedid", None)
_MAILS: Final = ("pifu_email personEmailAtOrg", "email")
_MOBILES: Final = ("mobile", "pifu_tel personMobileAtOrg", "pifu_tel personMobilePrivate")


def read_model(stream: BinaryIO, name: str) -> Enterprise:
    """What a file says. `name` is its name in messages. Raises InputError when it cannot be read to its end."""
    collector = _Collector()
    read_elements(stream, name, collector)
    return collector.whole


class _Collector:
    def __init__(self) -> None:
        self.whole = Enterprise()
        self._line = 0
        self._group = _NOBODY
        self._members: list[tuple[SourcedId, list[Membership]]] = []
        self._known: dict[tuple[SourcedId | str | None, ...], Membership] = {}
        self._count = 0

    def root(self, namespace: str) -> None:
        self.whole.is_pifu = is_pifu(namespace)

    def begun(self, path: str, line: int, found: Found) -> None:
        self._line = line
        if path == "membership":
            self._group = _NOBODY
        elif path == "member" and found:  # the group stands before its members
            self._group = next((one for _, one in _ids(found)), _NOBODY)

    def ended(self, path: str, found: Found) -> None:
        match path:
            case "person":
                self._add_person(found)
            case "group":
                self._add_group(found)
            case "member":
                self._add_member(found)
            case "membership":
                self._add_membership(found)
            case "properties":
                texts = dict(found)
                said = (texts.get(name) or "" for name in ("datasource", "type", "datetime"))
                self.whole.properties = Properties(*said)

    def _add_person(self, found: Found) -> None:
        person = _person(found, self._line)
        self.whole.people.append(person)
        self.whole.members.setdefault(person.id, [])
        self.whole.lines.append(self._line)
        if _CONTACT_ENDS in found:
            self.whole.contacts.update(one for _, one in _ids(found, "pifu_hasContactPerson/sourcedid"))
        _require_fewer(len(self.whole.people), MOST_PEOPLE, _PEOPLE)

    def _add_group(self, found: Found) -> None:
        for group in _groups(found):
            self.whole.groups[group.id] = group
        _require_fewer(len(self.whole.groups), MOST_GROUPS, _GROUPS)

    def _add_member(self, found: Found) -> None:
        texts = dict(found)
        if texts.get("idtype") == "2" or "sourcedid/id" not in texts:  # a group in a group, of which PIFU has none
            return
        count = found.count(_ROLE_ENDS)
        roles = [self._membership(texts)] if count == 1 else list(map(self._membership, _parts(found, "role")))
        self._members.append((_id(texts), roles))
        self._count += count
        _require_fewer(self._count, MOST_MEMBERSHIPS, _MEMBERSHIPS)

    def _membership(self, texts: Mapping[str, str | None]) -> Membership:
        """Each membership once: the pupils of a class share theirs."""
        said = (self._group, *map(texts.get, _OF_ROLE))
        if (known := self._known.get(said)) is None:
            known = self._known[said] = _membership(self._group, texts)
        return known

    def _add_membership(self, found: Found) -> None:
        after = next((one for _, one in _ids(found)), None)  # where the group stands after its members
        for person, roles in self._members:
            of_group = roles if after is None else [one._replace(group=after) for one in roles]
            self.whole.members.setdefault(person, []).extend(of_group)
        self._members.clear()


def _require_fewer(count: int, most: int, what: Sentence) -> None:
    if count > most:
        raise NotEnterpriseError(Sentence("it has more than {most:,} {what}", most=most, what=what))


def _id(texts: Mapping[str, str | None], path: str = "sourcedid") -> SourcedId:
    return SourcedId(_shared(texts.get(f"{path}/source") or ""), texts.get(f"{path}/id") or "")


def _ids(found: Found, path: str = "sourcedid") -> list[tuple[str, SourcedId]]:
    """The ids at a path, each with its sourcedidtype."""
    ids = (((part.get(f"{path}@sourcedidtype") or "").lower(), _id(part, path)) for part in _parts(found, path))
    return [(kind, one) for kind, one in ids if one.id]


def _person(found: Found, line: int) -> Person:
    texts = dict(found)
    userids: list[tuple[UserId, str]] = []
    statuses: set[str] = set()
    kind: str | None = None
    for path, value in found:
        if path in _TYPES:
            kind = value
        elif not value or path not in _TYPED:
            continue
        elif path == "userid":
            if (which := vocabulary.user_id(kind)) is not None:
                userids.append((which, value))
        elif path == "pifu_status":
            statuses.add(value.lower())
        elif path == "tel":
            if vocabulary.is_mobile(kind):
                texts.setdefault("mobile", value)
        else:
            texts.setdefault(f"{path} {kind}", value)
    ids = _ids(found)
    return Person(
        _main_id(ids, line),
        tuple(one for kind, one in ids if kind == "old"),
        tuple(one for kind, one in ids if kind == "duplicate"),
        tuple(userids),
        texts.get("name/n/family") or "",
        texts.get("name/n/given") or "",
        texts.get("name/fn") or "",
        texts.get("demographics/bday") or "",
        next((text for path in _MAILS if (text := texts.get(path))), ""),
        next((text for path in _MOBILES if (text := texts.get(path))), ""),
        _shared(texts.get("pifu_preferredLanguage") or ""),
        "inaktiv" in statuses,
        "voksen" in statuses,
        "privatist" in statuses,
        texts.get("person@recstatus") == _DELETED,
    )


def _main_id(ids: list[tuple[str, SourcedId]], line: int) -> SourcedId:
    """The id that the person has now. Without one, the place of the element stands for it, so that no two are one."""
    for wanted in ("new", ""):
        for kind, one in ids:
            if kind == wanted:
                return one
    return next((one for kind, one in ids if kind != "old"), SourcedId(f"line {line}", ""))


def _groups(found: Found) -> Iterator[Group]:
    """The group, once for each of its ids."""
    texts = dict(found)
    number, codes, kind = "", list[str](), None
    for path, value in found:
        if path == "pifu_id@type":
            kind = (value or "").lower()
        elif path == "pifu_id/pifu_value" and value:
            if kind == "organizationnumber":
                number = number or value
            elif kind in ("grepcode", "grepcodeshortform", "grepcodegradelevel"):
                codes.append(value)
    group = Group(
        _NOBODY,
        vocabulary.group(_texts(found, "grouptype/typevalue"), _texts(found, "pifu_schoolType")),
        texts.get("description/short") or texts.get("org/orgname") or "",
        texts.get("description/long") or "",
        tuple(_parents(found)),
        *_timeframe(texts.get("timeframe/begin"), texts.get("timeframe/end")),
        number or texts.get("org/id") or "",
        tuple(codes),
        ("group@recstatus", _DELETED) in found,
    )
    for _, one in _ids(found):
        yield group._replace(id=one)


def _parents(found: Found) -> Iterator[SourcedId]:
    """The groups that the group belongs to: relation 1, or none."""
    relation: str | None = None
    part: Found = []
    for path, value in found:
        if path == "relationship@relation":
            relation = value
        elif path.startswith("relationship/sourcedid"):
            part.append((path, value))
            if path == "relationship/sourcedid":
                if (relation or "1").lower() in ("1", "parent"):
                    yield from (one for _, one in _ids(part, path))
                part = []


def _parts(found: Found, path: str) -> Iterator[dict[str, str | None]]:
    """What was found of each element that has several inside."""
    texts: dict[str, str | None] = {}
    for name, value in found:
        if name == path:
            yield texts
            texts = {}
        else:
            texts[name] = value


def _membership(group: SourcedId, texts: Mapping[str, str | None]) -> Membership:
    begins, ends = _timeframe(texts.get("role/timeframe/begin"), texts.get("role/timeframe/end"))
    is_active = vocabulary.is_yes(texts.get("role/status") or "", otherwise=True)
    return Membership(
        group,
        vocabulary.role(texts.get("role@roletype"), texts.get("role/subrole") or ""),
        is_active and texts.get("role@recstatus") != _DELETED,
        begins,
        ends,
        vocabulary.is_yes(texts.get("pifu_primaryRelation") or "", otherwise=False),
    )


def _timeframe(begin: str | None, end: str | None) -> tuple[date | None, date | None]:
    """The first and last day. A last day before the first is a mistake, and then neither is used."""
    begins, ends = _day(begin), _day(end)
    return (None, None) if begins and ends and begins > ends else (begins, ends)


def _texts(found: Found, path: str) -> list[str]:
    return [value for name, value in found if name == path and value]


@lru_cache(maxsize=4096)
def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat((text or "")[:10])
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def _shared(text: str) -> str:
    """The same object for the same text."""
    return text
