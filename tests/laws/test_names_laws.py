"""Laws of user names. Each name is the law."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st
from size import size

from feideprov import ConfigurationError, NamePolicy, UserNames
from feideprov.feide import words
from feideprov.feide.name_policy import FALLBACK
from feideprov.numbers import number_shaped
from feideprov.provision.plan.logins import plan_rename
from feideprov.testing.strategies import names, person_lists

REALM = "skotthyll.kommune.no"

lawful = settings(deadline=None, max_examples=size(15, 150))
few = settings(deadline=None, max_examples=size(8, 20))

LITERALS = st.text("ab9._-", max_size=3)
FIELDS = st.sampled_from(["given", "family"]).flatmap(
    lambda name: st.sampled_from(["", ":1", ":3", ":4", ":9"]).map(lambda length: f"{{{name}{length}}}")
)
PATTERNS = st.builds(
    lambda first, more, last: first + "".join(a + b for a, b in more) + last,
    LITERALS,
    st.lists(st.tuples(FIELDS, LITERALS), min_size=1, max_size=3),
    LITERALS,
)
ANY_NAME = st.just("") | names() | st.text(max_size=15) | st.sampled_from(["Nazi", "Root", "Anal Fuck", "Li", "—"])


@st.composite
def policies(draw) -> NamePolicy:
    for _ in range(20):
        try:
            return NamePolicy.parse(
                draw(PATTERNS),
                letters=draw(st.sampled_from(["short", "double"])),
                max_length=draw(st.integers(6, 30)),
                reserved=draw(st.lists(st.sampled_from(["olen", "=a", "kov", "elev"]), max_size=2)),
            )
        except ConfigurationError:
            continue
    return NamePolicy.parse()


PEOPLE = st.tuples(ANY_NAME, ANY_NAME, ANY_NAME)


@lawful
@given(policies(), st.lists(PEOPLE, min_size=1, max_size=6), st.data())
def test_a_user_name_is_one_whatever_the_names(policy, people, data):
    stems = [policy.stem(*person) for person in people]
    near = st.sampled_from([policy.numbered(stem, number) for stem in stems for number in (1, 2, 3, 5)])
    taken = data.draw(st.sets(near))
    made = UserNames(taken, policy)
    claimed = [made.claim(stem) for stem in stems]
    assert len(set(claimed)) == len(claimed)
    for name in claimed:
        assert re.fullmatch(r"[a-z0-9][a-z0-9._-]*", name)
        assert len(name) <= policy.max_length
        assert name == name.lower()
        assert not name.endswith((".", "-", "_"))
        assert not set("()*\\") & set(name)
        assert not number_shaped(name)
        assert name not in taken
        assert not policy.reserved.matches(name)
        assert policy.chosen(name) == name
    again = UserNames(taken, policy)
    assert [again.claim(policy.stem(*person)) for person in people] == claimed


@lawful
@given(policies(), PEOPLE)
def test_no_stem_makes_an_unfortunate_word_out_of_parts(policy, person):
    stem = policy.stem(*person)
    own = [policy.latin(name) for text in person for name in (text, *text.split())]
    assert stem == FALLBACK or not words.unfortunate().matches(stem, own=own)


@lawful
@given(policies(), PEOPLE, st.integers(1, 3000))
def test_a_numbered_name_is_told_as_its_stems(policy, person, number):
    stem = policy.stem(*person)
    assert policy.is_of(stem, policy.numbered(stem, number))


@lawful
@given(st.text("{}givenfamily:34!r._-* A1", max_size=25))
def test_any_text_is_a_pattern_or_a_mistake_in_the_configuration(text):
    try:
        policy = NamePolicy.parse(text)
    except ConfigurationError:
        return
    assert policy.chosen(policy.stem("Olena", "Kovalenko"))


@lawful
@given(ANY_NAME, ANY_NAME)
def test_the_usual_names_are_four_letters_of_each(given_name, family_name):
    """As before there were policies, but for words that nobody wants to be called by."""
    policy = NamePolicy.parse()
    given, family = policy.latin(given_name), policy.latin(family_name)
    expected = given[:4] + family[:4] if given and family else (given or family)[:8] or FALLBACK
    if policy.allows(expected) and not words.unfortunate().matches(expected):
        assert policy.stem(given_name, family_name) == expected


@few
@given(person_lists(("hylla", "berg"), min_size=1, max_size=5), st.data())
def test_a_name_is_never_given_to_a_second_person(house, people, data):
    """Neither after a rename, nor after the entry is gone, nor after the user was forgotten."""
    with house() as h:
        h.apply(people)
        had = {entry.text("uid") for entry in h.users()}
        renamed = data.draw(st.sampled_from(sorted(had)))
        feide_name = f"{renamed}@{REALM}"
        client = h.client
        client.apply(
            plan_rename(client._context.builder(), client._context.build_options.names, REALM, feide_name, to="xyzzy")
        )
        for entry in h.users():
            del h.directory._entries[entry.dn.key]
        for name in had:
            h.journal.forget(f"{name}@{REALM}")
        assert not any(event.feide_name for event in h.journal.events())
        h.apply(people)
        now = {entry.text("uid") for entry in h.users()}
        assert len(now) == len(people)
        assert not now & (had | {"xyzzy"})
