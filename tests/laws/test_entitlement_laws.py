"""Laws of eduPersonEntitlement. What we write is read back by rules that stand here on their own."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import quote, unquote

from hypothesis import given
from hypothesis import strategies as st

from feideprov import Group
from feideprov.feide.entitlement import Grep, GroupId, GroupMembership, read_entitlement

ROLES = st.sampled_from(["student", "faculty", "member", "employee", "staff"])
ORGANIZATIONS = st.integers(800_000_000, 999_999_999).map(lambda n: f"NO{n}")
DATES = st.tuples(st.dates(), st.dates()).map(sorted)
TYPES = st.sampled_from(["a", "b", "u"])
TEXTS = st.text(min_size=1, max_size=12)
UUIDS = st.uuids().map(lambda uuid: f"uuid:{uuid}")
URLS = st.text("abcdefghijklmnopqrstuvwxyz0123456789/_-", min_size=1).map(lambda t: f"http://psi.udir.no/kl06/{t}")

memberships = st.builds(
    lambda dates, **parts: GroupMembership(begins=dates[0], ends=dates[1], **parts),
    DATES,
    type=TYPES,
    grep_code=st.text(max_size=8),
    organization=ORGANIZATIONS,
    local_id=TEXTS,
    role=ROLES,
    name=st.text(max_size=12),
)
group_ids = memberships.map(lambda membership: membership.group_id)
greps = st.integers(1, 13).map(Grep.of_grade) | st.builds(Grep, UUIDS | URLS)


def feide_2018(values: list[str]) -> tuple[list[dict], set[str]]:
    """The groups of a user, and the group-IDs beside them, by the rules that Feide's own back end published in 2018.

    Every value is split at its colons. A group has thirteen parts; its local id and name are unquoted, its dates are
    ISO dates, and its group-ID is made of the local id in lower case, quoted.
    """
    groups, ids = [], set()
    for value in values:
        parts = value.split(":")
        if parts[:5] == ["urn", "mace", "feide.no", "go", "groupid"]:
            assert len(parts) == 10
            ids.add(value)
        elif parts[:5] == ["urn", "mace", "feide.no", "go", "group"]:
            assert len(parts) == 13
            kind, code, organization, local_id, begins, ends, role, name = parts[5:]
            assert re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", begins)
            quoted = quote(unquote(local_id).lower(), safe="")
            groups.append(
                {
                    "type": kind,
                    "grep_code": unquote(code),
                    "organization": organization,
                    "local_id": unquote(local_id),
                    "begins": date.fromisoformat(begins),
                    "ends": date.fromisoformat(ends),
                    "role": role,
                    "name": unquote(name),
                    "group_id": f"urn:mace:feide.no:go:groupid:{kind}:{organization}:{quoted}:{begins}:{ends}",
                }
            )
    return groups, ids


@given(memberships)
def test_what_we_write_feides_parser_reads_back(membership):
    [read], ids = feide_2018([str(membership), str(membership.group_id)])
    assert ids == {read.pop("group_id")}
    assert GroupMembership(**read) == membership


@given(memberships | group_ids | greps)
def test_every_value_that_is_written_is_read_back(value):
    assert read_entitlement(str(value)) == value
    assert type(value).parse(str(value)) == value


def escaped(octet: int) -> str:
    character = chr(octet)
    return character if character.isascii() and (character.isalnum() or character in "_.-~") else f"%{octet:02X}"


@given(TYPES, ORGANIZATIONS, st.text(min_size=1, max_size=8), DATES, ROLES, st.text(max_size=8))
def test_every_canonical_text_is_written_as_it_was_read(kind, organization, local_id, dates, role, name):
    """The text is made octet by octet here, without the encoder that is tested."""
    local_id, lowered, name = ("".join(map(escaped, t.encode())) for t in (local_id, local_id.lower(), name))
    days = f"{dates[0]}:{dates[1]}"
    group = f"urn:mace:feide.no:go:group:{kind}::{organization}:{local_id}:{days}:{role}:{name}"
    group_id = f"urn:mace:feide.no:go:groupid:{kind}:{organization}:{lowered}:{days}"
    assert str(read_entitlement(group)) == group
    assert str(read_entitlement(group).group_id) == str(read_entitlement(group_id)) == group_id
    assert read_entitlement(group_id).is_canonical


@given(TYPES, ORGANIZATIONS, st.text(min_size=1, max_size=8).filter(lambda t: ":" not in t and "%" not in t), DATES)
def test_the_canonical_group_id_is_canonical_and_stays_so(kind, organization, written, dates):
    read = GroupId(kind, organization, written, *dates)
    assert str(GroupId.parse(str(read))) == str(read)
    canonical = read.canonical()
    assert canonical.is_canonical
    assert canonical.canonical() == canonical
    assert read.is_canonical == (read == canonical)


@given(
    st.builds(
        Group,
        st.sampled_from(["a", "b"]),
        st.text("abcABCæøåÆ0123- ./", min_size=1).filter(str.strip),
        TEXTS.filter(str.strip),
    ),
    ORGANIZATIONS,
    ROLES,
    st.dates(date(1990, 1, 1), date(2090, 1, 1)),
)
def test_a_group_of_a_list_is_the_group_that_is_written(group, organization, role, on):
    written = GroupMembership.parse(str(group.membership(organization, role, on)))
    assert (written.type, written.local_id, written.name) == (group.type, group.id, group.name)
    assert (written.organization, written.role) == (organization, role)
    assert written.begins <= on <= written.ends
