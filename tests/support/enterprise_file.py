"""Files of PIFU-IMS SAS and of IMS Enterprise, made of the reader's own model: in the order of the XSD, with its
required parts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

from feideprov.intake.ims.model import Group, Membership, Person, Properties, SourcedId
from feideprov.intake.ims.vocabulary import GroupKind, RoleKind, UserId

NAMESPACES = {
    "1.1": "http://pifu.no/xsd/pifu-ims_sas/pifu-ims_sas-1.1",
    "1.2": "http://pifu.no/xsd/pifu-ims_sas/pifu-ims_sas-1.2",
    "1.3": "http://pifu.no/xsd/pifu-ims_sas/pifu-ims_sas-v1",
    "ims": "",
}
PROPERTIES = Properties("visma-flyt@skotthyll.kommune.no", "full", "2026-11-28T02:00:00")
SOURCE = "visma-flyt"

_USER_IDS = {UserId.NUMBER: "personNIN"}
_ROLES = {
    RoleKind.PUPIL: ("01", "Learner"),
    RoleKind.TEACHER: ("02", "Instructor"),
    RoleKind.STAFF: ("07", "Administrator"),
    RoleKind.MEMBER: ("04", "Member"),
}
GROUP_WORDS = {
    GroupKind.OWNER: ("pifu-ims-go-org", "1", "skoleeier"),
    GroupKind.SCHOOL: ("pifu-ims-go-org", "2", "skole"),
    GroupKind.CLASS: ("pifu-ims-go-grp", "1", "basisgruppe"),
    GroupKind.TEACHING: ("pifu-ims-go-grp", "2", "undervisningsgruppe"),
    GroupKind.OTHER: ("pifu-ims-go-grp", "3", "kontaktlærergruppe"),
    GroupKind.GRADE: ("pifu-ims-go-grp", "4", "trinn"),
    GroupKind.UNUSED: ("pifu-ims-go-grp", "7", "fag"),
    GroupKind.GUARDIANS: ("pifu-ims-go-grp", "8", "foresattegruppe"),
    GroupKind.AFTER_SCHOOL: ("pifu-ims-go-grp", "12", "sfo"),
}


@dataclass(frozen=True)
class EnterpriseFile:
    """What a file is to say. `members` has the memberships of each group, in its order."""

    people: Sequence[Person] = ()
    groups: Sequence[Group] = ()
    members: Mapping[SourcedId, Sequence[tuple[SourcedId, Membership]]] = field(default_factory=dict)
    properties: Properties = PROPERTIES
    version: str = "1.3"
    contacts: Sequence[SourcedId] = ()
    """Guardians of the first person."""

    def text(self, order: str = "pgm") -> str:
        return "".join(self.parts(order))

    def parts(self, order: str = "pgm") -> Iterator[str]:
        """The file in parts. `order` says in which order people, groups and memberships stand."""
        namespace = NAMESPACES[self.version]
        yield '<?xml version="1.0" encoding="UTF-8"?>\n'
        yield f"<enterprise xmlns={quoteattr(namespace)}>\n" if namespace else "<enterprise>\n"
        said = self.properties
        yield f'<properties lang="nb">{_leaf("datasource", said.datasource)}{_leaf("type", said.type)}'
        yield f"{_leaf('datetime', said.datetime)}</properties>\n"
        for letter in order:
            if letter == "p":
                for place, person in enumerate(self.people):
                    yield "".join(_person(person, self, () if place else self.contacts))
            elif letter == "g":
                for group in self.groups:
                    yield "".join(_group(group))
            else:
                for group_id, members in self.members.items():
                    yield "".join(_membership(group_id, members, is_pifu=bool(namespace)))
        yield "</enterprise>\n"


def _leaf(name: str, text: str, **attributes: str) -> str:
    given = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    return f"<{name}{given}>{escape(text)}</{name}>"


def _sourcedid(one: SourcedId, kind: str = "") -> str:
    given = f' sourcedidtype="{kind}"' if kind else ""
    return f"<sourcedid{given}>{_leaf('source', one.source)}{_leaf('id', one.id)}</sourcedid>"


def _person(person: Person, file: EnterpriseFile, contacts: Iterable[SourcedId]) -> Iterator[str]:
    yield '<person recstatus="3">' if person.is_deleted else "<person>"
    yield from (_sourcedid(one, "Old") for one in person.former)
    yield _sourcedid(person.id, "New" if person.former else "")
    yield from (_sourcedid(one, "Duplicate") for one in person.also)
    for kind, text in person.userids:
        yield _leaf("userid", text, useridtype=_USER_IDS.get(kind) or str(kind.value))
    yield f"<name>{_leaf('fn', person.formatted)}<n>{_leaf('family', person.family)}{_leaf('given', person.given)}</n>"
    yield "</name>"
    if person.birth_date:
        yield f"<demographics>{_leaf('gender', '0')}{_leaf('bday', person.birth_date)}</demographics>"
    if person.mail:
        yield _leaf("email", person.mail)
    if person.mobile:
        yield _leaf("tel", person.mobile, teltype="3")
    yield f"<adr>{_leaf('street', 'Storgata 1')}{_leaf('locality', 'Skotthyll')}</adr>"
    extension = [
        *(_leaf("pifu_status", "inaktiv", type="activeInactive") for _ in range(person.is_inactive)),
        *(_leaf("pifu_status", "voksen", type="pupilStatus") for _ in range(person.is_adult)),
        *(_leaf("pifu_status", "privatist", type="pupilStatus") for _ in range(person.is_external)),
        *([_leaf("pifu_preferredLanguage", person.language, source="ISO 639-1")] if person.language else ()),
        *(f'<pifu_hasContactPerson type="guardian">{_sourcedid(one)}</pifu_hasContactPerson>' for one in contacts),
    ]
    if extension:
        yield f"<extension>{''.join(extension)}</extension>"
    yield "</person>\n"


def _group(group: Group) -> Iterator[str]:
    yield '<group recstatus="3">' if group.is_deleted else "<group>"
    yield _sourcedid(group.id)
    if words := GROUP_WORDS.get(group.kind):
        scheme, level, word = words
        yield f"<grouptype>{_leaf('scheme', scheme)}{_leaf('typevalue', word, level=level)}</grouptype>"
    long = _leaf("long", group.long) if group.long else ""
    yield f"<description>{_leaf('short', group.short)}{long}</description>"
    yield _timeframe(group.begins, group.ends)
    for parent in group.parents:
        yield f'<relationship relation="1">{_sourcedid(parent)}{_leaf("label", "parent")}</relationship>'
    ids = [("organizationNumber", group.number)] if group.number else []
    ids += [("grepCodeShortForm", code) for code in group.codes]
    if ids:
        yield "<extension>"
        for kind, value in ids:
            inside = f"{_leaf('pifu_value', value)}{_leaf('pifu_scope', 'x')}{_leaf('pifu_unique', '1')}"
            yield f'<pifu_id type="{kind}">{inside}</pifu_id>'
        yield "</extension>"
    yield "</group>\n"


def _timeframe(begins: object, ends: object) -> str:
    if not begins and not ends:
        return ""
    first = _leaf("begin", str(begins)) if begins else ""
    return f"<timeframe>{first}{_leaf('end', str(ends)) if ends else ''}</timeframe>"


def _membership(group: SourcedId, members: Iterable[tuple[SourcedId, Membership]], *, is_pifu: bool) -> Iterator[str]:
    yield f"<membership>{_sourcedid(group)}"
    for person, one in members:
        primary = "<extension><pifu_primaryRelation>1</pifu_primaryRelation></extension>" if one.is_primary else ""
        role = _ROLES[one.role][0 if is_pifu else 1]
        yield f"<member>{_sourcedid(person)}<idtype>1</idtype><role roletype={quoteattr(role)}>"
        yield f"<status>{int(one.is_active)}</status>{_timeframe(one.begins, one.ends)}{primary}</role></member>"
    yield "</membership>\n"
