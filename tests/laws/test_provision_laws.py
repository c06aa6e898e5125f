"""Laws of plan, apply and attach. Each name is the law; people and numbers are synthetic."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from datetime import date
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from size import size

from feideprov import (
    DN,
    Client,
    Evidence,
    LdifDirectory,
    NumberKind,
    NumberText,
    PersonRecord,
    Refused,
    Role,
)
from feideprov.directory import ldif, rules
from feideprov.directory.entry import Modification, Modify
from feideprov.provision.plan.plan import Plan
from feideprov.testing import example_entries, example_settings
from feideprov.testing.strategies import invented_numbers, look_alikes, person_lists, with_birth_date

SCHOOLS = ("hylla", "berg")
SEEN = Evidence("letter", "Kari Nordmann", date(2026, 11, 1))
NIN = "norEduPersonNIN"

lawful = settings(deadline=None, max_examples=size(8, 25))
few = settings(deadline=None, max_examples=size(6, 15))
people_lists = person_lists(SCHOOLS, max_size=5)
some_people = person_lists(SCHOOLS, min_size=1, max_size=5)
pending_people = person_lists(SCHOOLS, min_size=1, max_size=4, numbers=st.none())
born_numbers = with_birth_date()


def ldif_directory(folder: Path) -> LdifDirectory:
    path = folder / "catalogue.ldif"
    path.write_text("version: 1\n\n" + "".join(map(ldif.dump, example_entries())))
    return LdifDirectory(path, password_scheme="ssha")


def changed(people: list[PersonRecord], **fields: object) -> list[PersonRecord]:
    return [PersonRecord(**(dict(person) | fields)) for person in people]


@lawful
@given(people_lists, people_lists)
def test_applying_twice_equals_applying_once(house, before, people):
    with house() as h:
        h.apply(before)
        first = h.apply(people)
        once, passwords = h.state(), h.passwords()
        second = h.apply(people)
        assert h.state() == once
        assert h.passwords() == passwords
        assert not second.changes
        assert not second.failures
        counts = second.counts
        assert counts["unchanged"] + counts["refused"] + counts["held"] >= len(people)
        assert counts["refused"] + counts["held"] == len(first.refusals)


@few
@given(some_people)
def test_applying_twice_equals_applying_once_in_an_ldif_file(house, people):
    with house(ldif_directory) as h:
        h.apply(people)
        once = (h.folder / "catalogue.ldif").read_bytes()
        assert not h.apply(people).changes
        assert (h.folder / "catalogue.ldif").read_bytes() == once


@few
@given(some_people)
def test_applying_the_same_plan_again_changes_nothing(house, people):
    with house() as h:
        plan = h.client.plan(people)
        h.client.apply(plan)
        once, passwords = h.state(), h.passwords()
        again = h.client.apply(plan)
        assert h.state() == once
        assert h.passwords() == passwords
        assert not again.changes
        assert again.unchanged == plan.unchanged + len(plan.changes)


@lawful
@given(people_lists, people_lists)
def test_a_plan_after_its_apply_is_empty(house, before, people):
    with house() as h:
        h.apply(before)
        h.apply(people)
        assert h.client.plan(people).changes == ()


EVERYTHING = {
    "feide": {"birth_date": True, "scoped_affiliation": True, "home_organization": True, "unique_id": True},
    "mfa": {"sms_roles": ["pupil", "teacher", "staff"], "services": ["all", "4711"]},
    "numbers": {"test": True, "keep_local_numbers": True},
}
local_numbers = st.tuples(look_alikes(NumberKind.H_NUMBER), st.just(date(2010, 1, 1)))
some_local_people = person_lists(SCHOOLS, min_size=1, max_size=4, numbers=st.none() | local_numbers | born_numbers)


@lawful
@given(some_local_people, st.data())
def test_a_plan_after_its_apply_is_empty_with_every_setting_on(house, people, data):
    """Also when the role, the mobile number or the groups of somebody change, and when a number arrives."""
    roles, mobiles = st.sampled_from(Role), st.sampled_from(["", "+4741234567"])
    later = [
        PersonRecord(**(dict(person) | {"role": data.draw(roles), "mobile": data.draw(mobiles), "grade": ""}))
        for person in people
    ]
    later = changed(later, groups=()) if data.draw(st.booleans()) else later
    number, born = data.draw(born_numbers)
    later[0] = changed(later[:1], national_number=NumberText(number), birth_date=born)[0]
    with house() as h:
        if data.draw(st.booleans()):
            h.apply(people)
        client = Client(
            example_settings(h.folder, **EVERYTHING),
            directory=h.directory,
            journal=h.journal,
            keys=h.journal.key,
            on=h.on,
        )
        for listed in (people, later):
            assert not client.apply(client.plan(listed), allow_changes=1000).failures
            assert client.plan(listed).changes == ()
            for entry in h.users():
                rules.check_entry(entry)
                assert len(entry.values(NIN)) + len(entry.values("norEduPersonLIN")) <= 1


@lawful
@given(some_people)
def test_a_plan_writes_nothing(house, people):
    with house() as h:
        h.apply(people[: len(people) // 2])
        before, events, passwords = h.state(), h.journal.events(), h.passwords()
        plan = h.client.plan(people)
        plan.save(h.folder / "plan.json", client=h.client, source=h.folder / "people.csv")
        assert (h.state(), h.journal.events(), h.passwords()) == (before, events, passwords)


@lawful
@given(pending_people, st.data(), st.sampled_from([None, SEEN]))
def test_an_attach_touches_one_attribute_of_one_entry(house, people, data, seen):
    number, born = data.draw(born_numbers)
    with house() as h:
        h.apply(people)
        before = {entry.dn: entry for entry in h.directory.entries()}
        chosen = data.draw(st.sampled_from(sorted(h.passwords())))
        outcome = h.client.attach(chosen, number, evidence=seen, birth_date=born)
        assert outcome.attach_counts == {"attached": 1, "unchanged": 0, "refused": 0, "held": 0, "failed": 0}
        touched = [entry for entry in h.directory.entries() if list(entry.items()) != list(before[entry.dn].items())]
        assert [entry.text("eduPersonPrincipalName") for entry in touched] == [chosen]
        after, was = dict(touched[0].items()), dict(before[touched[0].dn].items())
        assert after.pop(NIN) == (number.encode(),)
        assert after == was


@lawful
@given(some_people, st.data(), st.booleans())
def test_no_refused_or_held_number_ever_reaches_an_entry(house, people, data, test):
    """Inventions are refused everywhere, Tenor numbers outside a test directory; no evidence: held."""
    bad = invented_numbers() if test else invented_numbers() | born_numbers.map(lambda made: made[0])
    texts = data.draw(st.lists(bad, min_size=len(people), max_size=len(people)))
    column = st.sampled_from(["national_number", "duf_number"])
    listed = [
        PersonRecord(**(dict(person) | {"national_number": None, data.draw(column): text}))
        for person, text in zip(people, texts, strict=True)
    ]
    with house(numbers={"test": test, "duf": data.draw(st.sampled_from(["leave-out", "nin"]))}) as h:
        first, second = h.apply(listed), h.apply(listed)
        assert len(h.users()) == len(listed)
        for text, user in zip(texts, sorted(h.passwords()), strict=True):
            with pytest.raises(Refused):
                h.client.attach(user, text, evidence=SEEN)
        assert {refusal.code[0] for refusal in (*first.refusals, *second.refusals)} <= {"N", "R"}
        held = [value for entry in h.users() for name, values in entry.items() for value in values]
        assert not any(entry.values(NIN) for entry in h.users())
        assert not [text for text in texts if len(text) > 8 for value in held if text.encode() in value]


@lawful
@given(some_people, st.data())
def test_a_number_without_evidence_or_its_birth_date_is_held(house, people, data):
    number, born = data.draw(born_numbers)
    other = data.draw(st.none() | st.dates(date(1990, 1, 1), date(2020, 1, 1)).filter(lambda day: day != born))
    [person] = changed(people[:1], national_number=NumberText(number), birth_date=other)
    with house() as h:
        outcome = h.apply([person])
        assert (outcome.counts["created"], outcome.counts["held"]) == (1, 1)
        assert not h.users()[0].values(NIN)


@lawful
@given(people_lists, st.data())
def test_user_names_are_unique_lower_case_ascii_and_stable(house, people, data):
    shuffled = data.draw(st.permutations(people))
    more = data.draw(person_lists(SCHOOLS, max_size=3))
    with house() as h:
        h.apply(people)
        given_out = {e.text("employeeNumber"): e.text("uid") for e in h.users()}
        h.apply(shuffled)
        h.apply([*more, *reversed(shuffled)])
        users = h.users()
        uids = [e.text("uid") for e in users]
        assert len(set(uids)) == len(uids)
        for entry in users:
            assert re.fullmatch("[a-z][a-z0-9]*", entry.text("uid"))
            assert entry.texts("eduPersonPrincipalName") == [f"{entry.text('uid')}@skotthyll.kommune.no"]
            assert entry.dn == DN.parse(f"uid={entry.text('uid')},ou=people,dc=skotthyll,dc=no")
        now = {e.text("employeeNumber"): e.text("uid") for e in users}
        assert {source_id: now[source_id] for source_id in given_out} == given_out


@lawful
@given(some_people)
def test_every_user_made_is_complete(house, people):
    mandatory = (
        *("cn", "displayName", "norEduPersonLegalName", "givenName", "sn", "eduPersonPrincipalName", "uid"),
        *("userPassword", "eduPersonOrgDN", "eduPersonOrgUnitDN", "eduPersonPrimaryOrgUnitDN", "eduPersonAffiliation"),
    )
    by_id = {person.source_id: person for person in people}
    with house() as h:
        h.apply(people)
        users = h.users()
        assert {e.text("employeeNumber") for e in users} == set(by_id)
        for entry in users:
            person = by_id[entry.text("employeeNumber")]
            assert [name for name in mandatory if not entry.values(name)] == []
            assert all(value for _, values in entry.items() for value in values)
            units = [DN.parse(text) for text in entry.texts("eduPersonOrgUnitDN")]
            assert DN.parse(entry.text("eduPersonPrimaryOrgUnitDN")) in units
            assert all(h.directory.read(dn) for dn in [*units, DN.parse(entry.text("eduPersonOrgDN"))])
            affiliations = set(entry.texts("eduPersonAffiliation"))
            assert "member" in affiliations
            assert affiliations & {"student", "faculty", "staff", "employee"}
            assert set(entry.texts("eduPersonPrimaryAffiliation")) <= affiliations
            for attribute in ("cn", "displayName", "norEduPersonLegalName", "givenName", "sn"):
                for name in entry.texts(attribute):
                    assert name == " ".join(unicodedata.normalize("NFC", name).split())
            if person.groups or (person.grade and affiliations & {"student"}):
                assert entry.values("eduPersonEntitlement")
            assert (NIN.lower() in {n.lower() for n, _ in entry.items()}) is (person.national_number is not None)


@lawful
@given(some_people)
def test_groups_and_group_ids_come_in_pairs_in_canonical_form(house, people):
    with house() as h:
        h.apply(people)
        for entry in h.users():
            pairs = Counter()
            for value in (v for v in entry.texts("eduPersonEntitlement") if ":go:group" in v):
                part = value.split(":")
                assert all(re.fullmatch(r"([A-Za-z0-9._~-]|%[0-9A-F]{2})*", p) for p in part)
                if part[4] == "group":
                    assert len(part) == 13
                    kind, code, org, local_id, begins, ends, role, name = part[5:]
                    assert name
                    assert (kind == "u") is bool(code)
                    assert role in {"student", "faculty", "staff", "employee", "member"}
                    pairs[kind, org, unquote(local_id).lower(), begins, ends] += 1
                else:
                    assert part[4] == "groupid"
                    assert len(part) == 10
                    kind, org, local_id, begins, ends = part[5:]
                    assert unquote(local_id) == unquote(local_id).lower()
                    pairs[kind, org, unquote(local_id), begins, ends] -= 1
                assert re.fullmatch(r"NO\d{9}", org)
                assert date.fromisoformat(begins) <= date.fromisoformat(ends)
            assert set(pairs.values()) <= {0}


OURS = "urn:mace:feide.no:go:"
FOREIGN = {
    "description": (b"Kj\xc3\xb8rer buss 12",),
    "eduPersonEntitlement": (b"urn:mace:example.no:bus:12", b"urn:mace:feide.no:spid:all"),
    "cn": (b"a name of its own",),
}
COLUMN_OF = {
    "given_name": "givenName",
    "family_name": "sn",
    "legal_name": "norEduPersonLegalName",
    "mobile": "mobile",
    "mail": "mail",
    "language": "preferredLanguage",
}


@settings(deadline=None, max_examples=size(10, 60))
@given(some_people, st.data())
def test_what_a_row_does_not_speak_about_stays(house, people, data):
    """An empty column removes nothing, a person list never removes a number, and only Feide's entitlements are ours."""
    empty = data.draw(st.sets(st.sampled_from([*COLUMN_OF, "grade", "groups", "birth_date"])))
    if {"given_name", "family_name"} <= empty:
        empty.remove("given_name")
    later = []
    for person in people:
        fields = dict(person) | {name: PersonRecord.model_fields[name].default for name in empty}
        fields |= {"national_number": None}
        if not fields["given_name"] and not fields["family_name"]:
            fields["family_name"] = person.family_name or person.given_name
        if "mail" not in empty:
            fields["mail"] = "new@example.no"
        later.append(PersonRecord(**fields))
    with house() as h:
        h.apply(people)
        foreign = tuple(Modification("add", name, values) for name, values in FOREIGN.items())
        assert not [w for w in h.directory.write([Modify(e.dn, foreign) for e in h.users()]) if w.error]
        before = {e.text("employeeNumber"): e for e in h.users()}
        h.apply(later)
        for entry in h.users():
            was = before[entry.text("employeeNumber")]
            assert entry.values(NIN) == was.values(NIN)
            assert entry.values("userPassword") == was.values("userPassword")
            for name, values in FOREIGN.items():
                assert set(values) <= set(entry.values(name))
            for column in empty & set(COLUMN_OF):
                assert entry.values(COLUMN_OF[column]) == was.values(COLUMN_OF[column]), column
            for column, beginning in (("grade", f"{OURS}grep:"), ("groups", f"{OURS}group")):
                if column in empty:
                    kept = {v for v in was.texts("eduPersonEntitlement") if v.startswith(beginning)}
                    assert kept <= set(entry.texts("eduPersonEntitlement")), column


@lawful
@given(some_people, st.data())
def test_a_number_that_is_there_stays_whatever_a_person_list_says(house, people, data):
    other, born = data.draw(born_numbers)
    with house() as h:
        h.apply(people)
        before = {e.dn: e.values(NIN) for e in h.users()}
        numbered = {e.text("employeeNumber") for e in h.users() if e.values(NIN)}
        assume(other.encode() not in {v for values in before.values() for v in values})
        for person in people:
            if person.source_id in numbered:
                outcome = h.apply(changed([person], national_number=NumberText(other), birth_date=born))
                assert [r.code for r in outcome.refusals] == ["R-OTHER-NUMBER"]
        assert {e.dn: e.values(NIN) for e in h.users()} == before


@lawful
@given(some_people, st.data())
def test_a_protected_person_is_never_made_from_a_list(house, people, data):
    chosen = data.draw(st.sets(st.sampled_from([person.source_id for person in people])))
    listed = [PersonRecord(**(dict(p) | {"protected": p.source_id in chosen})) for p in people]
    with house() as h:
        outcome = h.apply(listed)
        made = {e.text("employeeNumber") for e in h.users()}
        assert made == {p.source_id for p in people} - chosen
        assert sorted(r.code for r in outcome.held) == ["R-PROTECTED"] * len(chosen)
        for source_id in chosen:
            alone = h.client.apply(h.client.plan(listed, only=source_id))
            assert alone.counts["created"] == 1
            stem = alone.changes[0].feide_name.partition("@")[0]
            assert re.fullmatch("u[bcdfghjkmnpqrstvwxz]{7}", stem)
            assert [e.text("uid") for e in h.users() if e.text("employeeNumber") == source_id] == [stem]


def written_down(people: list[PersonRecord], path: Path) -> Path:
    """The people as a person list."""
    heading = ["source_id", "given_name", "family_name", "legal_name", "birth_date", "school", "role", "grade"]
    lines = [";".join([*heading, "mobile", "mail", "language", "national_number"])]
    for person in people:
        cells = [getattr(person, name) for name in heading]
        cells[4] = str(person.birth_date or "")
        cells[5] = "|".join(person.schools)
        number = person.national_number.reveal() if person.national_number else ""
        lines.append(";".join([*cells, person.mobile, person.mail, person.language, number]))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@lawful
@given(some_people, pending_people, st.data())
def test_a_saved_plan_applied_equals_the_plan_applied_and_holds_no_number(house, people, before, data):
    numbers = [p.national_number.reveal() for p in people if p.national_number]
    with house() as direct, house() as saved:
        for h in (direct, saved):
            h.apply(before)
            listed = written_down(people, h.folder / "people.csv")
            plan = h.client.plan(listed)
            if h is saved:
                plan.save(h.folder / "plan.json", client=h.client, source=listed)
                plan = Plan.load(h.folder / "plan.json", client=h.client)
            assert not h.client.apply(plan, allow_changes=1000).failures
        assert saved.state(without=("userPassword",)) == direct.state(without=("userPassword",))
        assert_everybody_can_log_in(saved)
        text = (saved.folder / "plan.json").read_text()
        content = json.loads(text)
        assert (saved.folder / "plan.json").stat().st_mode & 0o777 == 0o600
    shown = re.sub(r'"[0-9a-f]{64}"', "", text)  # marks and the seal, where five digits may come together
    assert content["feideprov_plan"] == 2
    assert [n for n in numbers if n in text or n[-5:] in shown] == []


def assert_everybody_can_log_in(h) -> None:
    passwords = h.passwords()
    assert set(passwords) == {e.text("eduPersonPrincipalName") for e in h.users()}
    for entry in h.users():
        assert h.directory.accepts_login(entry.dn, passwords[entry.text("eduPersonPrincipalName")])


@few
@given(some_people)
def test_the_handed_over_password_lets_everybody_in(house, people):
    with house() as h:
        h.apply(people)
        assert_everybody_can_log_in(h)
        assert (h.folder / "passwords.csv").stat().st_mode & 0o777 == 0o600


@few
@given(st.data())
def test_two_rows_with_one_name_and_birth_date_make_one_user_until_a_person_says(house, data):
    """Two source ids of one person, or two people: a question for a person, whichever order the rows have."""
    [person] = data.draw(person_lists(SCHOOLS, min_size=1, max_size=1))
    person = PersonRecord(**(dict(person) | {"birth_date": date(2009, 3, 14), "national_number": None}))
    twin = PersonRecord(**(dict(person) | {"source_id": "q1"}))
    with house(feide={"birth_date": data.draw(st.booleans())}) as h:
        for rows in ([person, twin], [twin, person], [twin, person]):
            assert [r.code for r in h.apply(rows).held] == ["R-SAME-PERSON"]
            assert [e.text("employeeNumber") for e in h.users()] == [person.source_id]
        h.client.users.resolve(h.users()[0].text("eduPersonPrincipalName"), different=True)
        assert h.apply([person, twin]).counts["created"] == 1
