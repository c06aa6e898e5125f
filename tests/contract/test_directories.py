"""One contract for every directory: in memory, in an LDIF file, and on each kind of server."""

from __future__ import annotations

import pytest
from size import size

from feideprov.directory.dn import DN
from feideprov.directory.entry import Add, Delete, Entry, Modification, Modify, Precondition, Rename, SetPassword
from feideprov.directory.ldap import search
from feideprov.directory.protocol import Directory
from feideprov.errors import DirectoryError
from feideprov.numbers import NationalNumber, NumberPolicy, NumberText, judge_number
from feideprov.provision.plan.changes import Attach, Replace, Withdraw

from .conftest import OTHER_TENOR, TENOR, Answers, Person, bound, code, usual_layout


def test_an_entry_comes_back_as_it_was_added(directory: Directory, person: Person) -> None:
    entry = person("olenkova", norEduPersonNIN=[TENOR], description=["to linjer\nher", " space in front", "æøå"])
    assert code(directory, Add(entry)) == 0
    assert directory.read(entry.dn, [name for name, _ in entry.items()]) == entry


def test_an_absent_entry_is_none(directory: Directory, person: Person) -> None:
    assert directory.read(person("nobody").dn) is None


def test_names_with_special_characters_are_names(directory: Directory, person: Person, people: DN) -> None:
    for uid in ('a,b+c"d\\e<f>g;h=i', "#hash", "æøå ÆØÅ", "a*(b)", "trailing\\"):
        entry = person(uid)
        assert code(directory, Add(entry)) == 0, uid
        found = directory.read(person(uid).dn)
        assert found is not None
        assert found.texts("uid") == [uid]
        assert [e.dn for e in directory.matching("uid", [uid], ["uid"])] == [entry.dn]
        assert code(directory, Delete(entry.dn)) == 0


def test_adding_twice_is_refused(directory: Directory, person: Person) -> None:
    assert code(directory, Add(person("olenkova"))) == 0
    assert code(directory, Add(person("OLENKOVA"))) == 68


def test_a_delete_without_values_takes_all_of_them(directory: Directory, person: Person) -> None:
    entry = person("olenkova", eduPersonAffiliation=["student", "member"])
    assert code(directory, Add(entry)) == 0
    all_of_them = Modify(entry.dn, (Modification("delete", "eduPersonAffiliation", ()),))
    assert code(directory, all_of_them) == 0
    found = directory.read(entry.dn)
    assert found is not None
    assert found.values("eduPersonAffiliation") == ()
    assert code(directory, all_of_them) == 16


def test_an_entry_needs_a_parent(directory: Directory, person: Person, people: DN) -> None:
    entry = person("a")
    assert (
        code(directory, Add(Entry(people.child("ou", "nowhere").child(*entry.dn.rdns[0][0]), dict(entry.items()))))
        == 32
    )


def test_an_entry_needs_what_its_classes_demand(directory: Directory, person: Person, answers: Answers) -> None:
    entry = person("a")
    without = {name: values for name, values in entry.items() if name != "sn"}
    assert code(directory, Add(Entry(entry.dn, without))) == answers("no surname")


def test_an_entry_may_not_hold_what_its_classes_do_not_allow(directory: Directory, person: Person) -> None:
    assert code(directory, Add(person("a", objectClass=[*directory.layout.classes], norEduPersonNIN=[TENOR]))) == 65


def test_a_change_may_not_add_what_the_classes_do_not_allow(directory: Directory, person: Person) -> None:
    entry = person("a", objectClass=[*directory.layout.classes, "eduPerson"])
    assert code(directory, Add(entry)) == 0
    number = Modification("add", "norEduPersonNIN", (TENOR,))
    assert code(directory, Modify(entry.dn, (number,))) == 65
    assert code(directory, Modify(entry.dn, (Modification("add", "objectClass", (b"norEduPerson",)), number))) == 0
    assert code(directory, Modify(entry.dn, (Modification("delete", "objectClass", (b"norEduPerson",)),))) == 65


@usual_layout
def test_attributes_of_the_standard_classes_are_allowed(directory: Directory, person: Person) -> None:
    values: dict[str, list[str | bytes]] = {
        "roomNumber": ["12"],
        "initials": ["OK"],
        "st": ["Innlandet"],
        "seeAlso": [str(directory.base)],
        "secretary": [str(directory.base)],
        "physicalDeliveryOfficeName": ["Hylla"],
        "businessCategory": ["school"],
        "carLicense": ["AB"],
        "pager": ["+47 12 34 56 78"],
        "destinationIndicator": ["NO"],
        "internationaliSDNNumber": ["12"],
        "x121Address": ["12"],
    }
    assert code(directory, Add(person("a", **values))) == 0
    for name in ("roomNumber", "initials", "st", "seeAlso", "secretary", "pager", "carLicense", "businessCategory"):
        step = Modification("add", name, tuple(v.upper().encode() for v in values[name] if isinstance(v, str)))
        assert code(directory, Modify(person("a").dn, (step,))) == 20, name
    unit = Entry(
        directory.base.child("ou", "people").child("ou", "unit"),
        {"objectClass": ["organizationalUnit"], "ou": ["unit"], "st": ["I"], "businessCategory": ["b"]},
    )
    assert code(directory, Add(unit)) == 0
    assert code(directory, Delete(unit.dn)) == 0


@pytest.mark.parametrize("base", ["ou=nowhere", ""])
def test_a_search_below_a_base_that_is_not_there_is_an_error(directory: Directory, base: str) -> None:
    real, directory.base = directory.base, directory.base.child("ou", "nowhere") if base else DN(())
    try:
        for search in (lambda: directory.having(["uid"], ["uid"]), lambda: directory.matching("uid", ["a"], ["uid"])):
            with pytest.raises(DirectoryError, match="base_dn") as raised:
                list(search())
            assert raised.value.code == 32
            assert raised.value.exit_code == 2
    finally:
        directory.base = real


def test_two_numbers_on_one_entry_are_refused(directory: Directory, person: Person, answers: Answers) -> None:
    assert code(directory, Add(person("a", norEduPersonNIN=[TENOR, OTHER_TENOR]))) == answers("two numbers")
    assert code(directory, Add(person("a", norEduPersonNIN=[TENOR]))) == 0
    second = Modification("add", "norEduPersonNIN", (OTHER_TENOR,))
    assert code(directory, Modify(person("a").dn, (second,))) == answers("second number")


def test_whether_a_number_or_a_name_is_given_twice_is_a_matter_of_the_server(
    directory: Directory, person: Person, answers: Answers
) -> None:
    assert code(directory, Add(person("a", norEduPersonNIN=[TENOR]))) == 0
    assert code(directory, Add(person("b", norEduPersonNIN=[TENOR]))) == answers("number of another")
    name = person("a").texts("eduPersonPrincipalName")
    assert code(directory, Add(person("c", eduPersonPrincipalName=[*name]))) == answers("name of another")
    assert code(directory, Add(person("d"))) == 0
    number = Modification("add", "norEduPersonNIN", (TENOR,))
    assert code(directory, Modify(person("d").dn, (number,))) == answers("number of another")


def test_a_number_is_replaced_and_withdrawn_only_where_it_is_the_one_that_is_held(
    directory: Directory, person: Person
) -> None:
    old, new = (accepted_number(number.decode()) for number in (TENOR, OTHER_TENOR))
    dn, spelled = person("a").dn, NumberText(TENOR.decode())
    change, withdrawal = Replace("a@x.no", dn, new, spelled), Withdraw("a@x.no", dn, spelled)
    assert code(directory, Add(person("a"))) == 0
    assert [code(directory, write) for write in (change.write(), withdrawal.write())] == [16, 16]
    assert code(directory, Attach("a@x.no", dn, old).write()) == 0
    assert code(directory, change.write()) == 0
    assert held_by(directory, dn) == [OTHER_TENOR]
    assert [code(directory, write) for write in (change.write(), withdrawal.write())] == [16, 16]
    assert code(directory, change.take_back()) == 0
    assert held_by(directory, dn) == [TENOR]
    assert code(directory, withdrawal.write()) == 0
    assert held_by(directory, dn) == []
    assert code(directory, withdrawal.take_back()) == 0
    assert held_by(directory, dn) == [TENOR]


def accepted_number(text: str) -> NationalNumber:
    number = judge_number(text, policy=NumberPolicy(test=True)).number
    assert number is not None
    return number


def held_by(directory: Directory, dn: DN) -> list[bytes]:
    entry = directory.read(dn, ("norEduPersonNIN",))
    assert entry is not None
    return list(entry.values("norEduPersonNIN"))


def test_an_empty_number_is_refused(directory: Directory, person: Person) -> None:
    assert code(directory, Add(person("a", norEduPersonNIN=[""]))) == 21


def test_a_birth_date_with_a_leading_zero_is_refused(directory: Directory, person: Person, answers: Answers) -> None:
    assert code(directory, Add(person("a", norEduPersonBirthDate=["01022003"]))) == answers("zero before a date")


def test_adding_a_value_that_is_there_is_refused(directory: Directory, person: Person, answers: Answers) -> None:
    directory_entry = person("a", eduPersonAffiliation=["student"])
    assert code(directory, Add(directory_entry)) == 0
    for value, expected in ((b"student", 20), (b"STUDENT", answers("in other letters"))):
        step = Modification("add", "eduPersonAffiliation", (value,))
        assert code(directory, Modify(directory_entry.dn, (step,))) == expected


def test_deleting_a_value_that_is_not_there_is_refused(directory: Directory, person: Person) -> None:
    assert code(directory, Add(person("a"))) == 0
    step = Modification("delete", "norEduPersonNIN", (TENOR,))
    assert code(directory, Modify(person("a").dn, (step,))) == 16


def test_a_modify_is_done_whole_or_not_at_all(directory: Directory, person: Person) -> None:
    entry = person("a", eduPersonAffiliation=["student"])
    assert code(directory, Add(entry)) == 0
    steps = (
        Modification("add", "eduPersonAffiliation", (b"member",)),
        Modification("delete", "norEduPersonNIN", (TENOR,)),
    )
    assert code(directory, Modify(entry.dn, steps)) == 16
    found = directory.read(entry.dn)
    assert found is not None
    assert found.texts("eduPersonAffiliation") == ["student"]


def test_an_exchange_of_a_single_value(directory: Directory, person: Person) -> None:
    entry = person("a", norEduPersonNIN=[TENOR])
    assert code(directory, Add(entry)) == 0
    steps = (
        Modification("delete", "norEduPersonNIN", (TENOR,)),
        Modification("add", "norEduPersonNIN", (OTHER_TENOR,)),
    )
    assert code(directory, Modify(entry.dn, steps)) == 0
    found = directory.read(entry.dn)
    assert found is not None
    assert found.values("norEduPersonNIN") == (OTHER_TENOR,)


def test_an_attribute_without_values_is_gone(directory: Directory, person: Person) -> None:
    entry = person("a", norEduPersonNIN=[TENOR])
    assert code(directory, Add(entry)) == 0
    assert code(directory, Modify(entry.dn, (Modification("delete", "norEduPersonNIN", (TENOR,)),))) == 0
    found = directory.read(entry.dn)
    assert found is not None
    assert "noredupersonnin" not in [name.lower() for name, _ in found.items()]
    assert list(directory.having(["norEduPersonNIN"], ["uid"])) == []


def test_the_name_of_an_entry_stays(directory: Directory, person: Person, answers: Answers) -> None:
    assert code(directory, Add(person("a"))) == 0
    away = Modify(person("a").dn, (Modification("delete", directory.layout.named_by, (b"a",)),))
    assert code(directory, away) == answers("own name away")


@usual_layout
@pytest.mark.parametrize("kind", ["cn", "sn", "mail"])
def test_a_value_in_the_name_stays_when_another_is_added(
    directory: Directory, person: Person, people: DN, answers: Answers, kind: str
) -> None:
    keeps_the_value_in_its_name(directory, person, people.child(kind, "olena@example.no"), kind, answers)


# 389 DS 2.3 ends at the second of these writes
@pytest.mark.parametrize("directory_name", ["memory", "ldif_file", "openldap"], indirect=True)
def test_a_value_in_the_name_stays_in_every_spelling_of_the_attribute(
    directory: Directory, person: Person, people: DN, answers: Answers
) -> None:
    keeps_the_value_in_its_name(directory, person, people.child("commonName", "olena@example.no"), "cn", answers)


def keeps_the_value_in_its_name(directory: Directory, person: Person, dn: DN, name: str, answers: Answers) -> None:
    old, new = dn.rdns[0][0][1], b"olha@example.no"
    entry = Entry(dn, dict(person("a", **{name: [old]}).items()))
    assert code(directory, Add(entry)) == 0
    away, come = Modification("delete", name, (old.encode(),)), Modification("add", name, (new,))
    assert code(directory, Modify(dn, (away, come))) == answers("own name away")
    assert code(directory, Modify(dn, (come,))) == 0
    in_capitals = Modification("add", name, (old.upper().encode(),))
    assert code(directory, Modify(dn, (away, in_capitals))) == 0
    found = directory.read(dn)
    assert found is not None
    assert set(found.values(name)) == {new, old.upper().encode()}


@usual_layout
def test_a_name_that_has_one_value_gets_no_second(
    directory: Directory, person: Person, people: DN, answers: Answers
) -> None:
    entry = Entry(people.child("displayName", "Olena"), dict(person("a", displayName=["Olena"]).items()))
    assert code(directory, Add(entry)) == 0
    steps = Modification("delete", "displayName", (b"Olena",)), Modification("add", "displayName", (b"Olha",))
    assert code(directory, Modify(entry.dn, steps)) == answers("own name away")
    assert code(directory, Modify(entry.dn, steps[1:])) == answers("second number")


@usual_layout
def test_an_account_has_no_names_of_a_person(directory: Directory, people: DN) -> None:
    name = "a@skotthyll.kommune.no"
    values = {"objectClass": ["account", "eduPerson"], "uid": ["a"], "eduPersonPrincipalName": [name]}
    entry = Entry(people.child("uid", "a"), values)
    assert code(directory, Add(entry)) == 0
    for name in ("cn", "sn", "givenName", "displayName", "mail", "mobile", "employeeNumber", "preferredLanguage"):
        assert code(directory, Modify(entry.dn, (Modification("add", name, (b"nb",)),))) == 65, name
    assert code(directory, Modify(entry.dn, (Modification("add", "description", (b"nb",)),))) == 0


@pytest.mark.parametrize(
    ("presumption", "expected"),
    [
        (Precondition("norEduPersonNIN", None), 0),
        (Precondition("eduPersonPrincipalName", "A@Skotthyll.kommune.no"), 0),
        (Precondition("eduPersonPrincipalName", "b@skotthyll.kommune.no"), 122),
        (Precondition("eduPersonPrincipalName", None), 122),
        (Precondition("eduPersonPrincipalName", "*"), 122),
    ],
    ids=["absent", "equal", "other", "not-absent", "no-wildcard"],
)
@pytest.mark.parametrize("attribute", ["description", "norEduPersonNIN"])
def test_a_modify_is_done_when_what_it_presumes_holds(
    directory: Directory, person: Person, presumption: Precondition, expected: int, attribute: str
) -> None:
    # norEduPersonNIN apart: OpenLDAP's `unique` overlay asks the assertion of the wrong entry
    assert code(directory, Add(person("a"))) == 0
    step = Modification("add", attribute, (TENOR,))
    assert code(directory, Modify(person("a").dn, (step,), (presumption,))) == expected


def test_a_delete_is_done_when_what_it_presumes_holds(directory: Directory, person: Person) -> None:
    entry = person("a")
    assert code(directory, Add(entry)) == 0
    assert code(directory, Delete(entry.dn, (Precondition("eduPersonPrincipalName", "b@skotthyll.kommune.no"),))) == 122
    assert directory.read(entry.dn) is not None
    assert code(directory, Delete(entry.dn, (Precondition("eduPersonPrincipalName", "a@skotthyll.kommune.no"),))) == 0


def test_writing_to_an_entry_that_is_not_there(directory: Directory, person: Person) -> None:
    dn = person("nobody").dn
    assert code(directory, Modify(dn, (Modification("add", "description", (b"x",)),))) == 32
    assert code(directory, Delete(dn)) == 32
    assert code(directory, SetPassword(dn, "secret")) == 32


def test_an_entry_with_entries_below_is_not_deleted(directory: Directory, person: Person, people: DN) -> None:
    assert code(directory, Add(person("a"))) == 0
    assert code(directory, Delete(people)) == 66


def test_a_renamed_entry_is_found_by_its_new_name_alone(directory: Directory, person: Person, people: DN) -> None:
    entry = person("olena", description=["stays"], norEduPersonNIN=[TENOR])
    assert code(directory, Add(entry)) == 0
    assert code(directory, Rename(entry.dn, person("kova").dn)) == 0
    assert directory.read(entry.dn) is None
    names = [name for name, _ in entry.items()]
    assert directory.read(person("kova").dn, names) == Entry(
        person("kova").dn, dict(entry.items()) | {directory.layout.named_by: ["kova"]}
    )


@usual_layout
def test_a_new_name_may_be_a_value_that_the_entry_has_already(directory: Directory, person: Person, people: DN) -> None:
    assert code(directory, Add(person("olena"))) == 0
    more = Modification("add", "uid", (b"KOVA", b"third"))
    assert code(directory, Modify(person("olena").dn, (more,))) == 0
    assert code(directory, Rename(person("olena").dn, person("kova").dn)) == 0
    found = directory.read(person("kova").dn)
    assert found is not None
    assert sorted(text.lower() for text in found.texts("uid")) == ["kova", "third"]


def test_an_entry_is_not_given_the_name_of_another(
    directory: Directory, person: Person, people: DN, answers: Answers
) -> None:
    assert [code(directory, Add(person(uid))) for uid in ("olena", "kova")] == [0, 0]
    onto = Rename(person("olena").dn, person("KOVA").dn)
    assert code(directory, onto) == answers("rename onto another")
    assert code(directory, Rename(person("nobody").dn, person("somebody").dn)) == 32
    assert {e.text("uid") for e in directory.having(["uid"], ["uid"])} == {"olena", "kova"}


def test_a_name_with_special_characters_is_a_new_name(directory: Directory, person: Person, people: DN) -> None:
    assert code(directory, Add(person("a"))) == 0
    to = person('æ,b+c"d\\e#').dn
    assert code(directory, Rename(person("a").dn, to)) == 0
    assert [e.dn for e in directory.having(["uid"], ["uid"])] == [to]


def test_a_user_logs_in_under_the_new_name_with_the_old_password(
    directory: Directory, person: Person, people: DN
) -> None:
    attribute, value = directory.stored_password("Bako-rime-tulo")
    assert code(directory, Add(person("a", **{attribute: [value]}))) == 0
    assert code(directory, Rename(person("a").dn, person("b").dn)) == 0
    assert directory.accepts_login(person("b").dn, "Bako-rime-tulo")
    assert not directory.accepts_login(person("a").dn, "Bako-rime-tulo")


def test_a_renamed_entry_stays_where_it_is(people: DN) -> None:
    with pytest.raises(ValueError, match="keeps its parent"):
        Rename(people.child("uid", "a"), people.parent.child("uid", "a"))


def test_outcomes_come_in_order_and_one_refusal_stops_no_other(directory: Directory, person: Person) -> None:
    entries = [person("a"), person("b"), person("a"), person("c")]
    written = list(directory.write([Add(entry) for entry in entries]))
    assert [w.error.code if w.error else 0 for w in written] == [0, 0, 68, 0]
    assert [w.write for w in written] == [Add(entry) for entry in entries]


def test_writes_of_one_entry_are_done_in_their_order(directory: Directory, person: Person) -> None:
    others = [person(f"other{n}") for n in range(100)]
    entry = person("a", description=["0"])
    steps = [
        Modify(
            entry.dn,
            (
                Modification("delete", "description", (str(n).encode(),)),
                Modification("add", "description", (str(n + 1).encode(),)),
            ),
        )
        for n in range(100)
    ]
    between = [write for pair in zip(map(Add, others), steps, strict=True) for write in pair]
    written = list(directory.write([Add(entry), *between, Delete(entry.dn), Add(entry)]))
    assert [w.error for w in written] == [None] * 203
    found = directory.read(entry.dn)
    assert found is not None
    assert found.texts("description") == ["0"]


def test_parents_come_before_their_children_and_go_after_them(directory: Directory, person: Person, people: DN) -> None:
    units = [people]
    for n in range(5):
        units.append(units[-1].child("ou", f"unit{n}"))
    tree = [Entry(dn, {"objectClass": ["organizationalUnit"], "ou": [dn.rdns[0][0][1]]}) for dn in units[1:]]
    leaves = [
        Entry(dn.child("ou", f"leaf{n}"), {"objectClass": ["organizationalUnit"], "ou": [f"leaf{n}"]})
        for dn in units[1:]
        for n in range(20)
    ]
    whole = [*tree, *leaves]
    written = list(directory.write([Add(entry) for entry in whole]))
    assert [w.error for w in written] == [None] * len(whole)
    written = list(directory.write([Delete(entry.dn) for entry in reversed(whole)]))
    assert [w.error for w in written] == [None] * len(whole)


def test_matching_compares_as_the_server_does(directory: Directory, person: Person) -> None:
    directory_entries = [person("a", mail=["Olena@Example.no"]), person("b", employeeNumber=["ref-01"])]
    assert all(w.error is None for w in directory.write([Add(e) for e in directory_entries]))
    assert [e.dn for e in directory.matching("mail", ["olena@example.NO"], ["mail"])] == [directory_entries[0].dn]
    assert [e.dn for e in directory.matching("employeeNumber", ["x", "REF-01"], ["uid"])] == [directory_entries[1].dn]
    assert list(directory.matching("employeeNumber", ["ref-*"], ["uid"])) == []
    assert list(directory.matching("employeeNumber", [], ["uid"])) == []


def test_more_than_two_pages_and_more_terms_than_one_filter(
    directory: Directory, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries, page = size((240, 110), (1_040, 500))
    monkeypatch.setattr(search, "_PAGE_SIZE", page)
    names = [f"user{i}" for i in range(entries)]
    assert all(w.error is None for w in directory.write([Add(person(name)) for name in names]))
    assert {e.text("uid") for e in directory.matching("uid", names, ["uid"])} == set(names)
    assert {e.text("uid") for e in directory.having(["uid"], ["uid"])} == set(names)


def test_having_any_of_the_attributes(directory: Directory, person: Person) -> None:
    entries = [person("a", norEduPersonNIN=[TENOR]), person("b", mobile=["+4712345678"]), person("c")]
    assert all(w.error is None for w in directory.write([Add(e) for e in entries]))
    found = directory.having(["norEduPersonNIN", "mobile"], ["uid", "norEduPersonNIN"])
    assert {(e.text("uid"), e.text("norEduPersonNIN")) for e in found} == {("a", TENOR.decode()), ("b", None)}


def test_only_the_attributes_asked_for_are_read(directory: Directory, person: Person) -> None:
    assert code(directory, Add(person("a", norEduPersonNIN=[TENOR]))) == 0
    found = directory.read(person("a").dn, ["UID"])
    assert found is not None
    assert [name.lower() for name, _ in found.items()] == ["uid"]


def test_a_number_is_never_looked_up(directory: Directory) -> None:
    with pytest.raises(ValueError, match="must not be in a search filter"):
        list(directory.matching("noredupersonnin", ["x"], ["uid"]))


def test_a_stored_password_lets_the_user_in(directory: Directory, person: Person) -> None:
    attribute, value = directory.stored_password("Bako-rime-tulo")
    assert code(directory, Add(person("a", **{attribute: [value]}))) == 0
    assert directory.accepts_login(person("a").dn, "Bako-rime-tulo")
    assert directory.confirm_login(person("a").dn, "Bako-rime-tulo")
    assert not directory.accepts_login(person("a").dn, "bako-rime-tulo")


def test_a_new_password_takes_the_place_of_the_old(directory: Directory, person: Person) -> None:
    attribute, value = directory.stored_password("Bako-rime-tulo")
    assert code(directory, Add(person("a", **{attribute: [value]}))) == 0
    assert code(directory, SetPassword(person("a").dn, "Mile-tora-veku")) == 0
    assert directory.accepts_login(person("a").dn, "Mile-tora-veku")
    assert not directory.accepts_login(person("a").dn, "Bako-rime-tulo")


def test_an_empty_password_never_lets_anybody_in(directory: Directory, person: Person) -> None:
    # RFC 4513, 5.1.2: a bind with a name and no password is an anonymous one, and succeeds
    assert code(directory, Add(person("a"))) == 0
    assert not directory.accepts_login(person("a").dn, "")


def test_nothing_shows_a_value(directory: Directory, person: Person) -> None:
    entry = person("a", norEduPersonNIN=[TENOR])
    step = Modification("add", "norEduPersonNIN", (TENOR,))
    shown = repr([entry, Add(entry), step, Modify(entry.dn, (step,)), SetPassword(entry.dn, "secret"), directory])
    assert TENOR.decode()[-5:] not in shown
    assert "secret" not in shown


@pytest.mark.parametrize("server", ["slapd", "ds389"])
def test_an_answer_that_a_limit_cuts_is_an_error_and_never_a_short_answer(
    server: str, request: pytest.FixtureRequest
) -> None:
    machine = request.getfixturevalue(server)
    service = request.getfixturevalue({"slapd": "openldap", "ds389": "red_hat"}[server])
    people = service.base.child("ou", "people")
    units = [
        Entry(people.child("ou", f"u{n}"), {"objectClass": ["organizationalUnit"], "ou": [f"u{n}"]})
        for n in range(machine.size_limit + 1)
    ]
    assert all(w.error is None for w in service.write([Add(unit) for unit in units]))
    try:
        reader = bound(machine, machine.reader_dn, machine.reader_password)
        with reader, pytest.raises(DirectoryError, match="ended the search early") as raised:
            list(reader.having(["ou"], ["ou"]))
        assert raised.value.code in (4, 11)
        assert raised.value.exit_code == 3
        assert len(list(service.having(["ou"], ["ou"]))) > machine.size_limit
    finally:
        assert all(w.error is None for w in service.write([Delete(unit.dn) for unit in units]))


@usual_layout
def test_values_under_an_option_are_values_of_the_attribute(directory: Directory, person: Person) -> None:
    values: dict[str, list[str | bytes]] = {
        "displayName;lang-nb": ["A"],
        "displayName;lang-en": ["B"],
        "norEduPersonNIN;lang-nb": [TENOR],
    }
    entry = person("olenkova", **values)
    assert code(directory, Add(entry)) == 0
    assert code(directory, Add(person("nobody"))) == 0
    asked = ("norEduPersonNIN", "displayName", "uid")
    for found in (
        directory.read(entry.dn),
        directory.read(entry.dn, asked),
        *directory.having(["norEduPersonNIN"], asked),
        *directory.matching("uid", ["olenkova"], asked),
        *directory.matching("displayName", ["b"], asked),
    ):
        assert found is not None
        assert found.dn == entry.dn
        assert sorted(found.texts("displayName")) == ["A", "B"]
        assert found.values("norEduPersonNIN") == (TENOR,)
    assert [e.dn for e in directory.having(["displayName"], ["uid"])] == [entry.dn]


@usual_layout
def test_a_number_under_an_option_is_a_number_that_a_change_presumes_absent(
    directory: Directory, person: Person
) -> None:
    entry = person("olenkova", **{"norEduPersonNIN;lang-nb": [TENOR]})
    assert code(directory, Add(entry)) == 0
    number = (Modification("add", "norEduPersonNIN", (OTHER_TENOR,)),)
    assert code(directory, Modify(entry.dn, number, (Precondition("norEduPersonNIN", None),))) == 122
    name = Precondition("eduPersonPrincipalName", entry.text("eduPersonPrincipalName"))
    step = Modification("delete", "norEduPersonNIN", (TENOR,))
    assert code(directory, Modify(entry.dn, (step, *number), (name,))) == 0
    found = directory.read(entry.dn, ("norEduPersonNIN",))
    assert found is not None
    assert dict(found.items()) == {"norEduPersonNIN": (OTHER_TENOR,)}


@usual_layout
def test_a_value_is_deleted_where_it_stands(directory: Directory, person: Person) -> None:
    values: dict[str, list[str | bytes]] = {"displayName;lang-nb": ["A"], "displayName;lang-en": ["B"]}
    entry = person("olenkova", commonName=["a", "b"], cn=[], **values)
    entry = Entry(entry.dn, {name: held for name, held in entry.items() if held})
    assert code(directory, Add(entry)) == 0
    steps = (
        Modification("delete", "displayName", (b"a", b"B")),
        Modification("add", "displayName", (b"C",)),
        Modification("delete", "cn", (b"A",)),
        Modification("add", "cn", (b"c",)),
    )
    assert code(directory, Modify(entry.dn, steps)) == 0
    found = directory.read(entry.dn, ("displayName", "cn"))
    assert found is not None
    assert found.values("displayName") == (b"C",)
    assert sorted(found.values("cn")) == [b"b", b"c"]
    assert code(directory, Modify(entry.dn, steps[:1])) == 16
    assert code(directory, Modify(entry.dn, (Modification("add", "commonName", (b"C",)),))) == 20


@usual_layout
def test_attributes_by_other_names_and_oids_are_the_same(directory: Directory, person: Person) -> None:
    values: dict[str, list[str | bytes]] = {
        "surname": ["B"],
        "gn": ["A"],
        "rfc822Mailbox": ["a@b.no"],
        "1.3.6.1.4.1.2428.90.1.5": [TENOR],
    }
    entry = person("olenkova", sn=[], **values)
    entry = Entry(entry.dn, {name: held for name, held in entry.items() if held})
    assert code(directory, Add(entry)) == 0
    names = ("sn", "givenName", "mail", "norEduPersonNIN")
    for asked in (names, ("2.5.4.4", "gn", "0.9.2342.19200300.100.1.3", "1.3.6.1.4.1.2428.90.1.5")):
        found = directory.read(entry.dn, asked)
        assert found is not None
        assert [found.values(name) for name in names] == [(b"B",), (b"A",), (b"a@b.no",), (TENOR,)]
    found = directory.read(entry.dn)
    assert found is not None
    assert [found.values(name) for name in names] == [(b"B",), (b"A",), (b"a@b.no",), (TENOR,)]
