"""Whatever people, groups and memberships there are: what is written as PIFU or IMS is read as it was."""

from __future__ import annotations

import io
from datetime import date

from enterprise_file import GROUP_WORDS, NAMESPACES, EnterpriseFile
from hypothesis import given, settings
from hypothesis import strategies as st
from size import size

from feideprov.feide.person import Role
from feideprov.intake.ims.belonging import Belonging
from feideprov.intake.ims.collector import read_model
from feideprov.intake.ims.model import Group, Membership, Person, Properties, SourcedId
from feideprov.intake.ims.parser import read_elements
from feideprov.intake.ims.records import _cells, _plain_record, record_of
from feideprov.intake.ims.vocabulary import GroupKind, RoleKind, UserId
from feideprov.issues import Origin
from feideprov.tables.table import Row

ON = date(2026, 11, 29)
_TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp", "Cn", "Co")), max_size=12).map(
    str.strip
)
_SOME = _TEXT.filter(bool)
_IDS = st.builds(SourcedId, st.sampled_from(["visma", "ist"]), _SOME)
_DAYS = st.none() | st.dates(date(2020, 1, 1), date(2030, 12, 31))
_DATES = st.tuples(_DAYS, _DAYS).filter(lambda days: not (all(days) and days[0] > days[1]))
_USER_IDS = st.sampled_from([one for one in UserId if one is not UserId.UNTYPED])


def _people(ids: st.SearchStrategy[SourcedId]) -> st.SearchStrategy[Person]:
    return st.builds(
        Person,
        ids,
        st.lists(_IDS, max_size=1).map(tuple),
        st.lists(_IDS, max_size=1).map(tuple),
        st.lists(st.tuples(_USER_IDS, _SOME), max_size=3).map(tuple),
        *[_TEXT] * 3,
        st.sampled_from(["", "2014-02-28", "tull"]),
        *[_TEXT] * 3,
        *[st.booleans()] * 4,
    )


def _groups() -> st.SearchStrategy[Group]:
    kinds = st.sampled_from([GroupKind.UNTYPED, *GROUP_WORDS])
    return st.tuples(
        _DATES,
        st.builds(
            Group,
            _IDS,
            kinds,
            _TEXT,
            _TEXT,
            st.lists(_IDS, max_size=2).map(tuple),
            number=_TEXT,
            codes=st.lists(_SOME, max_size=2).map(tuple),
            is_deleted=st.booleans(),
        ),
    ).map(lambda both: both[1]._replace(begins=both[0][0], ends=both[0][1]))


_ROLES = st.sampled_from([RoleKind.PUPIL, RoleKind.TEACHER, RoleKind.STAFF, RoleKind.MEMBER])


@st.composite
def files(draw: st.DrawFn) -> EnterpriseFile:
    """Any valid file: its people and groups have different ids."""
    people = draw(st.lists(_people(_IDS), max_size=4, unique_by=lambda one: one.id))
    groups = draw(st.lists(_groups(), max_size=4, unique_by=lambda one: one.id))
    members: dict[SourcedId, list[tuple[SourcedId, Membership]]] = {}
    for group in draw(st.lists(_IDS, max_size=3, unique=True)):
        members[group] = []
        for person in draw(st.lists(_IDS, min_size=1, max_size=3)):
            begins, ends = draw(_DATES)
            one = Membership(group, draw(_ROLES), draw(st.booleans()), begins, ends, draw(st.booleans()))
            members[group].append((person, one))
    properties = Properties(draw(_TEXT), draw(st.sampled_from(["full", "delta", "event"])), "2026-11-28T02:00:00")
    contacts = draw(st.lists(_IDS, max_size=2, unique=True)) if people else []
    return EnterpriseFile(people, groups, members, properties, draw(st.sampled_from(list(NAMESPACES))), contacts)


@settings(deadline=None, max_examples=size(15, 300))
@given(files(), st.sampled_from(["pgm", "mgp", "gmp"]))
def test_what_was_written_is_read(file, order):
    read = read_model(io.BytesIO(file.text(order).encode()), "x.xml")
    assert read.people == list(file.people)
    assert read.groups == {one.id: one for one in file.groups}
    assert read.properties == file.properties
    assert read.contacts == set(file.contacts)
    assert read.is_pifu == (file.version != "ims")
    wanted: dict[SourcedId, list[Membership]] = {}
    for members in file.members.values():
        for person, one in members:
            wanted.setdefault(person, []).append(one)
    assert {key: ones for key, ones in read.members.items() if ones} == wanted


ORDER = {
    "person": [
        "sourcedid/id",
        "userid",
        "name/fn",
        "name/n/family",
        "name/n/given",
        "demographics/bday",
        "email",
        "tel",
    ],
    "group": ["sourcedid/id", "grouptype/typevalue", "description/short", "description/long", "timeframe/begin"],
    "member": ["sourcedid/id", "idtype", "role/status", "role/timeframe/begin", "pifu_primaryRelation"],
}
"""As the XSD has them."""
REQUIRED = {
    "person": {"sourcedid/id", "name/fn", "name/n/family", "name/n/given"},
    "group": {"sourcedid/id", "description/short"},
    "member": {"sourcedid/id", "idtype", "role/status"},
}


class _Structure:
    def root(self, namespace: str) -> None:
        self.namespace = namespace

    def begun(self, path: str, line: int, found: object) -> None: ...

    def ended(self, path: str, found: list[tuple[str, str | None]]) -> None:
        paths = [name for name, _ in found]
        places = [ORDER[path].index(name) for name in paths if name in ORDER.get(path, ())]
        assert places == sorted(places)
        assert REQUIRED.get(path, set()) <= set(paths)


@settings(deadline=None, max_examples=size(6, 100))
@given(files())
def test_the_files_of_these_tests_have_the_order_of_the_xsd(file):
    structure = _Structure()
    read_elements(io.BytesIO(file.text().encode()), "x.xml", structure)
    assert structure.namespace == NAMESPACES[file.version]


_NAMES = st.sampled_from(
    ["Olena", "olena", "O", "Null", "NULL", "None", "Åse Lie", "Ola 12345", "x x", "", "BjÃ¸rn", "Al-Amin"]
)
_MAILS = st.sampled_from(["", "a@b.no", "A@B.no", "a.@b.no", "128294.99914@b.no", "å@b.no", "a@måne.no", "null"])
_MOBILES = st.sampled_from(["", "+4790123456", "+4722222222", "90123456", "+47 90 12 34 56", "+4612", "x"])
_BORN = st.sampled_from(["", "2014-02-28", "2014-02-30", "2030-01-01", "1890-01-01", "28.02.2014", "x"])


@settings(deadline=None, max_examples=size(50, 2000))
@given(
    _NAMES, _NAMES, _BORN, _MAILS, _MOBILES, st.sampled_from(["", "nb", "NB", "nb_NO", "språk"]), st.sampled_from(Role)
)
def test_an_ordinary_person_is_read_as_any_other(given_name, family, born, mail, mobile, language, role):
    person = Person(
        SourcedId("x", "p1"),
        userids=((UserId.NUMBER, "12829499914"),),
        given=given_name,
        family=family,
        birth_date=born,
        mail=mail,
        mobile=mobile,
        language=language,
    )
    cells, origin = _cells(person, Belonging(("hylla",), role, "", (), True)), Origin("x.xml", 4, unit="line")
    plain = _plain_record(cells, {"origin": origin}, ON)
    if plain is not None:
        assert (plain, []) == record_of(Row(origin, cells), ON)
