"""From the elements of a file to its people, groups and memberships."""

from __future__ import annotations

from collections.abc import Iterator
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
_NOBODY: Final = SourcedId("", "")
_DELETED: Final = "3"
_MAILS: Final = ("pifu_email personEmailAtOrg", "email")
_MOBILES: Final = ("tel", "pifu_tel personMobileAtOrg", "pifu_tel personMobilePrivate")


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
        self._known: dict[Membership, Membership] = {}
        """Each membership once: the pupils of a class share theirs."""
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
        self.whole.people.append(_person(found, self._line))
        self.whole.lines.append(self._line)
        self.whole.contacts.update(one for _, one in _ids(found, "pifu_hasContactPerson/sourcedid"))
        _require_fewer(len(self.whole.people), MOST_PEOPLE, Sentence("people"))

    def _add_group(self, found: Found) -> None:
        for group in _groups(found):
            self.whole.groups[group.id] = group
        _require_fewer(len(self.whole.groups), MOST_GROUPS, Sentence("groups"))

    def _add_member(self, found: Found) -> None:
        if ("idtype", "2") in found:  # a group in a group, of which PIFU has none
            return
        for _, person in _ids(found):
            roles = [self._known.setdefault(one, one) for one in _memberships(found, self._group)]
            self._members.append((person, roles))
            self._count += len(roles)
            _require_fewer(self._count, MOST_MEMBERSHIPS, Sentence("memberships"))

    def _add_membership(self, found: Found) -> None:
        after = next((one for _, one in _ids(found)), None)  # where the group stands after its members
        for person, roles in self._members:
            of_group = roles if after is None else [one._replace(group=after) for one in roles]
            self.whole.members.setdefault(person, []).extend(of_group)
        self._members.clear()


def _require_fewer(count: int, most: int, what: Sentence) -> None:
    if count > most:
        raise NotEnterpriseError(Sentence("it has more than {most:,} {what}", most=most, what=what))


def _ids(found: Found, path: str = "sourcedid") -> list[tuple[str, SourcedId]]:
    """The ids at a path, each with its sourcedidtype."""
    ids: list[tuple[str, SourcedId]] = []
    kind = source = text = ""
    of_kind, of_source, of_id = f"{path}@sourcedidtype", f"{path}/source", f"{path}/id"
    for name, value in found:
        if name == of_id:
            text = value or ""
        elif name == of_source:
            source = _shared(value or "")
        elif name == of_kind:
            kind = (value or "").lower()
        elif name == path:
            if text:
                ids.append((kind, SourcedId(source, text)))
            kind = source = text = ""
    return ids


def _person(found: Found, line: int) -> Person:
    texts: dict[str, str] = {}
    userids: list[tuple[UserId, str]] = []
    statuses: set[str] = set()
    kind: str | None = None
    for path, value in found:
        if "@" in path:
            kind = value
        elif not value:
            continue
        elif path == "userid":
            if (which := vocabulary.user_id(kind)) is not None:
                userids.append((which, value))
        elif path == "tel":
            if vocabulary.is_mobile(kind):
                texts.setdefault(path, value)
        elif path in ("pifu_email", "pifu_tel"):
            texts.setdefault(f"{path} {kind}", value)
        elif path == "pifu_status":
            statuses.add(value.lower())
        else:
            texts.setdefault(path, value)
    ids = _ids(found)
    return Person(
        _main_id(ids, line),
        tuple(one for kind, one in ids if kind == "old"),
        tuple(one for kind, one in ids if kind == "duplicate"),
        tuple(userids),
        *(texts.get(path, "") for path in ("name/n/family", "name/n/given", "name/fn", "demographics/bday")),
        next((texts[path] for path in _MAILS if path in texts), ""),
        next((texts[path] for path in _MOBILES if path in texts), ""),
        _shared(texts.get("pifu_preferredLanguage", "")),
        "inaktiv" in statuses,
        "voksen" in statuses,
        "privatist" in statuses,
        ("person@recstatus", _DELETED) in found,
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
        _day(texts.get("timeframe/begin")),
        _day(texts.get("timeframe/end")),
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


def _memberships(found: Found, group: SourcedId) -> Iterator[Membership]:
    texts: dict[str, str | None] = {}
    for path, value in found:
        if path != "role":
            texts[path] = value
            continue
        begins, ends = _day(texts.get("role/timeframe/begin")), _day(texts.get("role/timeframe/end"))
        if begins and ends and begins > ends:
            begins = ends = None
        yield Membership(
            group,
            vocabulary.role(texts.get("role@roletype"), texts.get("role/subrole") or ""),
            vocabulary.is_yes(texts.get("role/status") or "", otherwise=True)
            and texts.get("role@recstatus") != _DELETED,
            begins,
            ends,
            vocabulary.is_yes(texts.get("pifu_primaryRelation") or "", otherwise=False),
        )
        texts = {}


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
