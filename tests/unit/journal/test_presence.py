"""Which users a reading of the directory shows of those that the journal knows, and when it is too few."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feideprov.directory.dn import DN
from feideprov.directory.entry import Entry
from feideprov.errors import DirectoryError
from feideprov.journal.events import Event, Kind, State
from feideprov.journal.presence import Presence
from feideprov.journal.users import KnownUsers

REALM, PEOPLE = "skotthyll.kommune.no", "ou=people,dc=skotthyll,dc=no"
NAME, PRIOR = "eduPersonPrincipalName", "eduPersonPrincipalNamePrior"


def dn(user: str) -> str:
    return f"uid={user},{PEOPLE}"


def event(user: str, kind: Kind = Kind.CREATE, state: State = State.DONE, **fields: str) -> Event:
    return Event(kind, f"{user}@{REALM}", dn(user), state=state, **fields)


def entry(user: str, **fields: str) -> Entry:
    return Entry(DN.parse(dn(user)), {NAME: [f"{user}@{REALM}"], **{name: [value] for name, value in fields.items()}})


def presence(events: Iterable[Event], entries: Iterable[Entry]) -> Presence:
    return Presence.of(KnownUsers.of(events), entries)


def names(missing: Presence) -> list[str]:
    return [user.feide_name.partition("@")[0] for user in missing.missing]


def is_enough(made: Presence) -> bool:
    try:
        made.check()
    except DirectoryError:
        return False
    return True


@given(known=st.integers(3, 40), data=st.data(), others=st.integers(0, 40))
def test_fewer_than_half_is_too_few_however_many_others_there_are(known: int, data: st.DataObject, others: int):
    shown = data.draw(st.integers(0, known))
    users = [entry(f"u{n}") for n in range(shown)] + [entry(f"other{n}") for n in range(others)]
    made = presence([event(f"u{n}") for n in range(known)], users)
    assert made.users == shown + others
    assert len(made.missing) == known - shown
    assert is_enough(made) is (shown * 2 >= known or (known, shown) == (3, 1))


@pytest.mark.parametrize(
    ("known", "shown", "enough"),
    [(0, 0, True), (1, 0, True), (2, 0, False), (2, 1, True), (3, 0, False), (3, 1, True), (4, 1, False)],
)
def test_of_a_few_users_two_or_the_only_one_may_be_missing(known: int, shown: int, enough: bool):
    made = presence([event(f"u{n}") for n in range(known)], [entry(f"u{n}") for n in range(shown)])
    assert is_enough(made) is enough


@pytest.mark.parametrize(
    "shown",
    [
        entry("olena"),
        entry("olena", uid="another"),
        Entry(DN.parse(dn("moved")), {NAME: [f"OLENA@{REALM}"]}),
        entry("new", **{PRIOR: f"Olena@{REALM}"}),
        Entry(DN.parse(dn("Olena")), {NAME: [f"renamed@{REALM}"]}),
    ],
    ids=["as it was", "uid", "moved", "former name", "renamed in place"],
)
def test_a_user_is_there_by_name_former_name_or_entry(shown: Entry):
    assert names(presence([event("olena"), event("petro")], [shown])) == ["petro"]


def test_an_entry_that_shows_no_feide_name_shows_no_user():
    made = presence([event("olena")], [Entry(DN.parse(dn("olena")), {"uid": ["olena"]})])
    assert (made.users, names(made)) == (0, ["olena"])


@pytest.mark.parametrize(
    "later",
    [
        event("olena", Kind.CLOSE),
        event("olena", Kind.GONE),
        event("olena", Kind.ATTACH, State.WRITTEN, number_mark="m"),
    ],
    ids=["closed", "gone", "open change"],
)
def test_who_may_be_missing(later: Event):
    assert names(presence([event("olena"), event("petro"), later], [])) == ["petro"]


def test_a_renamed_user_is_looked_for_under_the_new_name():
    renamed = event("olena", Kind.RENAME, other=f"olena2@{REALM}")
    assert names(presence([event("olena"), renamed], [])) == ["olena2"]
    assert names(presence([event("olena"), renamed], [entry("olena2")])) == []


@pytest.mark.parametrize("later", [Kind.CREATE, Kind.LINK, Kind.ATTACH, Kind.REOPEN])
def test_a_user_of_whom_something_was_done_since_is_not_gone(later: Kind):
    events = [event("olena"), event("olena", Kind.GONE), event("olena", later, source_id="1", number_mark="m")]
    assert names(presence(events, [])) == ["olena"]


def test_a_user_who_is_gone_and_there_again_counts():
    known = [event(f"u{n}") for n in range(4)] + [event("u0", Kind.GONE), event("u1", Kind.GONE)]
    assert is_enough(presence(known, [entry("u0"), entry("u1")]))
    assert not is_enough(presence(known, []))


def test_a_number_that_this_tool_wrote_makes_a_user_known():
    assert names(presence([event("olena", Kind.ATTACH, number_mark="m")], [])) == ["olena"]


def test_the_sentence_says_how_many_and_what_can_be_the_cause():
    with pytest.raises(DirectoryError) as caught:
        presence([event(f"u{n}") for n in range(412)], [entry("u1")]).check("export.ldif")
    said = str(caught.value)
    for part in ("412", "export.ldif", "only 1", "base_dn", "users_dn", "read rights", "cut off", "server", "--part"):
        assert part in said
