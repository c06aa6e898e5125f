"""Users who are there become ours: by key or number, where names agree; everything else is a question."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pytest

from feideprov import Client, ConfigurationError, Entry, InputError, MarkKey, NumberText, Plan
from feideprov.directory.entry import Add, Delete
from feideprov.intake.file_facts import Extent, FileFacts, Format
from feideprov.intake.person_list import PersonList
from feideprov.issues import Origin
from feideprov.journal.full_files import FullFile, keep_full_file
from feideprov.journal.journal import Journal
from feideprov.testing import example_directory, example_settings

LISTS = "feideprov.client.lists.listed_people"
ON = date(2026, 11, 22)
REALM = "skotthyll.kommune.no"
TENOR, BORN = "57912075186", date(2020, 11, 17)
NIN, KEY = "norEduPersonNIN", "employeeNumber"


def somebody(client: Client, uid: str, given: str, family: str, realm: str = REALM, **attributes: list[str]) -> Entry:
    values = {
        "objectClass": ["inetOrgPerson", "eduPerson", "norEduPerson"],
        "uid": [uid],
        "cn": [f"{given} {family}"],
        "displayName": [f"{given} {family}"],
        "givenName": [given],
        "sn": [family],
        "eduPersonPrincipalName": [f"{uid}@{realm}"],
    }
    entry = Entry(client.organization.people.child("uid", uid), values | attributes)
    [written] = client.directory.write([Add(entry)])
    assert written.error is None
    return entry


def entry_of(client: Client, uid: str) -> Entry:
    [entry] = [one for one in client.directory.entries() if one.texts("uid") == [uid]]
    return entry


def sara(person, source_id: str = "17", **fields: object):
    return person(source_id, **({"given_name": "Sara", "family_name": "Haddad"} | fields))


def codes(plan) -> list[str]:
    return [refusal.code for refusal in plan.refusals]


def kinds(plan) -> list[str]:
    return [change.kind for change in plan.changes]


def several(tmp_path, client, **of: dict[str, object]) -> Client:
    """The same with several sources, with these settings of their own."""
    confirmed = {"evidence": "register", "confirmed_by": "Kari", "confirmed_on": "2026-08-01"}
    settings = example_settings(tmp_path, sources=[{"name": name, **confirmed, **own} for name, own in of.items()])
    context = client._context
    return Client(settings, directory=client.directory, journal=context.journal, keys=context.journal.key, on=ON)


# --- link


def test_a_user_with_the_key_and_the_name_becomes_ours_and_is_updated_by_the_next_list(client, person):
    somebody(client, "sara", "Sara", "Haddad", **{KEY: ["17"]})
    assert codes(client.plan([sara(person)])) == ["R-NOT-OURS"]
    plan = client.users.plan_link([sara(person)])
    assert (kinds(plan), codes(plan), plan.counts["updated"]) == (["link"], [], 1)
    before = list(client.directory.entries())
    client.apply(plan)
    assert list(client.directory.entries()) == before
    assert client.apply(client.plan([sara(person)])).counts["updated"] == 1
    assert entry_of(client, "sara").texts("eduPersonPrimaryAffiliation") == ["student"]


def test_linking_twice_is_linking_once(client, person):
    somebody(client, "sara", "Sara", "Haddad", **{KEY: ["17"]})
    first, again = client.users.link([sara(person)]), client.users.plan_link([sara(person)])
    assert (first.counts["updated"], again.changes, again.unchanged) == (1, (), 1)


def test_the_number_finds_a_user_without_a_key_who_gets_it(client, person):
    somebody(client, "sara", "Sara", "Haddad", **{NIN: [TENOR]})
    record = sara(person, national_number=NumberText(TENOR))
    outcome = client.users.link([record])
    assert [change.kind for change in outcome.changes] == ["source-id", "link"]
    assert outcome.counts_as("linked")["linked"] == 1
    assert entry_of(client, "sara").texts(KEY) == ["17"]
    assert client.users.plan_link([record]).changes == ()
    client.users.resolve(f"sara@{REALM}", undo=True)
    assert entry_of(client, "sara").texts(KEY) == []


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"given_name": "Ali"}, "the names do not agree"),
        ({"birth_date": date(2011, 1, 1)}, "the birth date is another"),
        ({"national_number": NumberText("13097248032")}, "the number is another"),
    ],
)
def test_a_doubt_is_a_question_and_its_answer_links(client, person, row, reason):
    born = {"norEduPersonBirthDate": ["20201117"]} if "birth_date" in row else {NIN: [TENOR]}
    somebody(client, "sara", "Sara", "Haddad", **{KEY: ["17"], **born})
    record = sara(person, **row)
    plan = client.users.plan_link([record])
    assert (plan.changes, codes(plan)) == ((), ["R-LINK-DOUBT"])
    assert reason in plan.refusals[0].sentence
    assert [one.user for one in plan.questions] == [f"sara@{REALM}"]
    client.users.resolve(f"sara@{REALM}", same_as="17")
    assert client.plan([sara(person)]).counts["updated"] == 1


def test_who_was_said_to_be_somebody_else_is_not_linked(client, person):
    somebody(client, "sara", "Sara", "Haddad", **{KEY: ["17"]})
    client.users.resolve(f"sara@{REALM}", different="17")
    [refusal] = client.users.plan_link([sara(person)]).refusals
    assert "a person has said that it is somebody else" in refusal.sentence


def test_twins_whose_keys_were_exchanged_are_held(client, person):
    somebody(client, "sara", "Sara Maria", "Haddad", **{KEY: ["17"]})
    somebody(client, "lea", "Sara Lea", "Haddad", **{KEY: ["18"]})
    rows = [sara(person, given_name="Sara Lea"), sara(person, "18", given_name="Sara Maria")]
    plan = client.users.plan_link(rows)
    assert (plan.changes, codes(plan)) == ((), ["R-LINK-DOUBT"] * 2)


def test_two_rows_of_one_user_that_differ_are_held(client, person):
    somebody(client, "sara", "Sara", "Haddad", **{KEY: ["17"], NIN: [TENOR]})
    rows = [sara(person), sara(person, "99", national_number=NumberText(TENOR), role="teacher")]
    plan = client.users.plan_link(rows)
    assert (plan.changes, codes(plan)) == ((), ["R-TWO-ROWS"] * 2)


def test_key_and_number_of_two_users_are_held(client, person):
    somebody(client, "sara", "Sara", "Haddad", **{KEY: ["17"]})
    somebody(client, "sara2", "Sara", "Haddad", **{NIN: [TENOR]})
    assert codes(client.users.plan_link([sara(person, national_number=NumberText(TENOR))])) == ["R-TWO-USERS"]


def test_a_name_and_a_birth_date_alone_are_a_question(client, person):
    somebody(client, "sara", "Sara", "Haddad", norEduPersonBirthDate=["20201117"])
    plan = client.users.plan_link([sara(person, birth_date=BORN)])
    assert (plan.changes, codes(plan), len(plan.questions)) == ((), ["R-SAME-PERSON"], 1)


def test_a_second_row_of_a_person_whose_birth_date_only_the_list_has_is_a_question(client, person):
    somebody(client, "sara", "Sara", "Haddad", **{KEY: ["17"]})
    plan = client.users.plan_link([sara(person, "99", birth_date=BORN), sara(person, birth_date=BORN)])
    assert (kinds(plan), codes(plan)) == (["link"], ["R-SAME-PERSON"])


def test_rows_without_a_user_are_counted_and_nothing_is_held(client, person):
    plan = client.users.plan_link([sara(person)])
    assert (plan.changes, plan.refusals) == ((), ())
    assert plan.notes == ("1 row is about a person who has no user. To create the user, run: feideprov apply LIST",)


def test_users_of_another_realm_and_closed_users_are_not_linked(client, person):
    client.apply(client.plan([person("p1")]))
    somebody(client, "sara", "Sara", "Haddad", realm="berg.kommune.no", **{KEY: ["17"]})
    [olena] = [user.user for user in client.pending() if user.ours]
    client.users.close(olena)
    assert codes(client.users.plan_link([sara(person), person("p1")])) == ["R-OTHER-REALM", "R-CLOSED"]
    assert client.users.plan_link([sara(person)]).refusals[0].held is False


def test_a_protected_person_is_linked_and_not_named(client, person):
    somebody(client, "sara", "Sara", "Haddad", **{KEY: ["17"]})
    somebody(client, "lea", "Lea", "Haddad", **{KEY: ["18"]})
    rows = [sara(person, protected=True), sara(person, "18", given_name="Ali", protected=True)]
    plan = client.users.plan_link(rows)
    assert kinds(plan) == ["link", "protect"]
    assert "Haddad" not in str(plan.changes) + str(plan.refusals)
    assert client.users.questions(plan).questions == ()


def test_the_same_key_in_two_rows_is_refused(client, person):
    somebody(client, "sara", "Sara", "Haddad", **{KEY: ["17"]})
    assert codes(client.users.plan_link([sara(person), sara(person)])) == ["R-DUPLICATE"] * 2


def test_a_key_that_looks_like_a_number_is_never_shown(client, person):
    somebody(client, "sara", "Sara", "Haddad", **{KEY: [TENOR], NIN: ["13097248032"]})
    plan = client.users.plan_link([sara(person, national_number=NumberText("13097248032"))])
    assert codes(plan) == ["R-SOURCE-ID-NUMBER"]
    assert TENOR not in str(plan.refusals)


def test_a_source_alone_links_its_users_and_says_that_names_are_not_compared(tmp_path, client):
    for uid, key in (("a", "visma:1"), ("b", "sheet:1"), ("c", "3")):
        somebody(client, uid, "Sara", "Haddad", **{KEY: [key]})
    two = several(tmp_path, client, visma={}, sheet={})
    plan = two.users.plan_link(source="visma")
    assert [change.source_id for change in plan.changes] == ["visma:1"]
    assert "names are not compared" in plan.notes[0]
    bare = several(tmp_path, client, visma={"prefix": ""}, sheet={})
    assert [change.source_id for change in bare.users.plan_link(source="visma").changes] == ["visma:1", "3"]
    with pytest.raises(InputError, match="--source"):
        client.users.plan_link()


def test_with_a_prefix_the_bare_key_of_another_tool_is_found(tmp_path, client, person):
    somebody(client, "sara", "Sara", "Haddad", **{KEY: ["17"]})
    two = several(tmp_path, client, visma={}, sheet={})
    two.users.link([sara(person)], source="visma")
    assert entry_of(client, "sara").texts(KEY) == ["17"]
    assert two.plan([sara(person)], source="visma").counts["updated"] == 1


# --- two sources


def test_bare_keys_of_one_source_hold_no_rows_of_another(tmp_path, client, person):
    both = several(tmp_path, client, visma={"prefix": ""}, sheet={})
    both.apply(both.plan([sara(person)], source="visma"))
    other = person("17", given_name="Ali", family_name="Berg")
    assert both.plan([other], source="sheet").counts["created"] == 1


def test_a_person_of_a_spreadsheet_who_comes_in_another_file_is_a_question(tmp_path, client, person):
    both = several(tmp_path, client, visma={"prefix": ""}, sheet={})
    both.apply(both.plan([sara(person, "ref-1", birth_date=BORN)], source="sheet"))
    plan = both.plan([sara(person, given_name="SARA", birth_date=BORN)], source="visma")
    assert (plan.changes, codes(plan)) == ((), ["R-SAME-PERSON"])
    assert "--only 17 --source visma --new-person" in plan.refusals[0].sentence
    both.users.resolve(plan.questions[0].user, same_as="17")
    assert both.plan([sara(person, birth_date=BORN)], source="visma").counts["created"] == 0


def test_a_command_names_the_source_by_its_name_and_the_key_without_prefix(tmp_path, client, person):
    both = several(tmp_path, client, visma={"prefix": "v"}, sheet={})
    both.apply(both.plan([sara(person, "ref-1", birth_date=BORN)], source="sheet"))
    [refusal] = both.plan([sara(person, birth_date=BORN)], source="visma").refusals
    assert "apply LIST --only 17 --source visma --new-person --yes" in refusal.sentence
    for only in ("17", "v:17"):
        plan = both.plan([sara(person, birth_date=BORN)], source="visma", only=only, new_person=True)
        assert plan.counts["created"] == 1


def test_a_full_file_with_bare_keys_takes_no_user_of_another_source_for_one_whose_key_is_gone(tmp_path, client, person):
    both = several(tmp_path, client, visma={"prefix": "", "full": True}, sheet={})
    both.apply(both.plan([sara(person, "ref-1", birth_date=BORN)], source="sheet"))
    assert codes(both.plan([sara(person, birth_date=BORN)], source="visma")) == ["R-SAME-PERSON"]


# --- a key that follows another


def listed(monkeypatch, records, **facts: object) -> str:
    """The path of a file in XML that says this."""
    file = FileFacts(Format.PIFU, **facts)
    records = [one.model_copy(update={"origin": Origin("pifu.xml", 2 + n)}) for n, one in enumerate(records)]
    monkeypatch.setattr(f"{LISTS}.read_people", lambda *_: PersonList(tuple(records), (), (), file=file))
    return "pifu.xml"


@pytest.mark.parametrize("spelled", ["Sara", "Sarah Amina"])
def test_a_key_that_follows_another_in_the_file_is_linked_without_a_question(client, person, monkeypatch, spelled):
    client.apply(client.plan([sara(person, birth_date=BORN)]))
    file = listed(monkeypatch, [sara(person, "n1", given_name=spelled, birth_date=BORN)], former_keys={"n1": "17"})
    plan = client.plan(file)
    assert (kinds(plan)[0], codes(plan)) == ("link", [])
    client.apply(plan)
    assert client.plan(file).changes == ()


def test_a_key_that_follows_that_of_another_person_is_held(client, person, monkeypatch):
    client.apply(client.plan([sara(person, birth_date=BORN)]))
    other = person("n1", given_name="Ali", family_name="Berg", birth_date=date(2011, 1, 1))
    plan = client.plan(listed(monkeypatch, [other], former_keys={"n1": "17"}))
    assert (plan.changes, codes(plan)) == ((), ["R-OTHER-PERSON"])


def test_a_key_that_follows_that_of_a_user_who_is_not_ours_is_a_question(client, person, monkeypatch):
    somebody(client, "sara", "Sara", "Haddad", **{KEY: ["17"]})
    plan = client.plan(listed(monkeypatch, [sara(person, "n1")], former_keys={"n1": "17"}))
    assert (plan.changes, codes(plan)) == ((), ["R-NOT-OURS"])


def test_a_person_with_a_user_by_each_key_is_told(client, person, monkeypatch):
    client.apply(client.plan([sara(person), sara(person, "n1", given_name="Sahra")]))
    file = listed(monkeypatch, [sara(person, "n1", given_name="Sahra")], former_keys={"n1": "17"})
    assert any("two users of one person" in note for note in client.plan(file).notes)


def test_a_former_key_carries_the_prefix_of_its_source(tmp_path, client, person, monkeypatch):
    both = several(tmp_path, client, visma={}, sheet={})
    both.apply(both.plan([sara(person)], source="visma"))
    plan = both.plan(listed(monkeypatch, [sara(person, "n1")], former_keys={"n1": "17"}), source="visma")
    assert [(change.kind, change.source_id) for change in plan.changes] == [("link", "visma:n1")]


# --- a full file of new keys


def full_file(client: Client, monkeypatch, records, **facts: object) -> str:
    return listed(monkeypatch, records, extent=Extent.FULL, **facts)


def test_a_full_file_of_new_keys_is_one_question_about_the_file(client, person, monkeypatch):
    people = [sara(person, str(n), given_name=f"Sara{'abcdefgh'[n]}", birth_date=BORN) for n in range(6)]
    client.apply(client.plan(people, new_keys=True))
    mark = client._context.journal.key.of_listed_key
    keep_full_file(client._context.journal, FullFile("", ON, 6, tuple(mark(one.source_id) for one in people)))
    again = [one.model_copy(update={"source_id": f"n{one.source_id}"}) for one in people]
    with pytest.raises(ConfigurationError, match=r"pifu\.xml: 6 of 6 keys are new"):
        client.plan(full_file(client, monkeypatch, again))
    assert len(client.plan(full_file(client, monkeypatch, again), new_keys=True).refusals) == 6
    assert client.plan(full_file(client, monkeypatch, [*people, *again[:5]])).unchanged == 6
    follow = {one.source_id: one.source_id[1:] for one in again}
    assert len(client.plan(full_file(client, monkeypatch, again, former_keys=follow)).changes) == 6
    client.users.link([one.model_copy(update={"national_number": None}) for one in people])
    assert client.plan(listed(monkeypatch, again, extent=Extent.DELTA)).changes == ()


# --- release


def test_a_released_user_is_changed_by_no_list_and_can_be_taken_back(client, person):
    client.apply(client.plan([sara(person)]))
    [user] = [one.user for one in client.pending()]
    outcome = client.users.release([user])
    assert [change.kind for change in outcome.changes] == ["release"]
    before = list(client.directory.entries())
    changed = sara(person, role="teacher", national_number=NumberText(TENOR), birth_date=BORN)
    plan = client.plan([changed])
    assert (plan.changes, codes(plan)) == ((), ["R-NOT-OURS"])
    assert codes(client.plan([sara(person, national_number=NumberText(TENOR), birth_date=BORN)])) == ["R-NOT-OURS"]
    assert "was released to another system" in plan.refusals[0].sentence
    for made in (client.users.plan_close([user]), client.users.plan_password([user])):
        assert (made.changes, codes(made)) == ((), ["R-NOT-OURS"])
    client.apply(plan)
    assert list(client.directory.entries()) == before
    assert client.users.plan_release([user]).unchanged == 1
    assert [one.ours for one in client.pending()] == [False]
    assert [str(event.kind) for event in client.users.history(user)] == ["create", "release"]
    client.users.link([sara(person)])
    assert client.plan([sara(person, role="teacher")]).counts["updated"] == 1


def test_resolve_takes_a_released_user_back(client, person):
    client.apply(client.plan([sara(person)]))
    [user] = [one.user for one in client.pending()]
    client.users.resolve(user, same_as="17")
    client.users.release([user])
    client.users.resolve(user, same_as="17")
    assert client.plan([sara(person, role="teacher")]).counts["updated"] == 1


def test_all_users_are_released_within_the_caps(tmp_path, client, person):
    client.apply(client.plan([sara(person, str(n), given_name=f"Sara{chr(97 + n)}") for n in range(26)]))
    plan = client.users.plan_release(None)
    assert len(plan.changes) == 26
    with pytest.raises(ConfigurationError, match="--allow-changes 26"):
        client.apply(plan)
    assert client.apply(plan, allow_changes=26).counts["updated"] == 26
    assert client.users.plan_release(None).changes == ()


def test_the_name_of_a_released_user_who_was_deleted_is_never_given_again(client, person):
    somebody(client, "sarahadd", "Sara", "Haddad", **{KEY: ["17"]})
    client.users.link([sara(person)])
    client.users.release([f"sarahadd@{REALM}"])
    client.directory.write([Delete(entry_of(client, "sarahadd").dn)])
    [create] = client.plan([sara(person, "new", birth_date=BORN)]).changes
    assert create.feide_name != f"sarahadd@{REALM}"
    assert client.journal.verify() == []


def test_a_plan_that_is_older_than_the_release_changes_nothing(client, person):
    client.apply(client.plan([sara(person)]))
    [user] = [one.user for one in client.pending()]
    plan = client.plan([sara(person, role="teacher")])
    client.users.release([user])
    outcome = client.apply(plan)
    assert (outcome.changes, [one.code for one in outcome.held]) == ((), ["R-NOT-OURS"])


def test_a_released_user_is_not_released_again_by_somebody_else_s_name(client, person):
    somebody(client, "sara", "Sara", "Haddad")
    assert codes(client.users.plan_release([f"sara@{REALM}", "nobody"])) == ["R-NOT-OURS", "R-NO-USER"]


def test_a_new_journal_takes_all_users_over_again(tmp_path, client, person):
    rows = [sara(person, str(n), given_name=f"Sara{chr(97 + n)}", birth_date=BORN) for n in range(5)]
    client.apply(client.plan(rows))
    key = MarkKey(b"another key for examples and nothing else")
    new = Journal("sqlite://", REALM, key=key, actor="Kari")
    lost = Client(client.settings, directory=client.directory, journal=new, keys=key, on=ON)
    changed = [one.model_copy(update={"mail": f"{one.source_id}@{REALM}"}) for one in rows]
    assert codes(lost.plan(changed)) == ["R-NOT-OURS"] * 5
    assert lost.users.link(rows).counts["updated"] == 5
    assert lost.plan(changed).counts["updated"] == 5


def test_the_example_directory_has_nobody_to_link(tmp_path, person):
    alone = Client(example_settings(tmp_path), directory=example_directory(), on=ON)
    assert alone.users.plan_link([sara(person)]).changes == ()
    alone.close()


@pytest.mark.parametrize("sent", [True, False])
def test_a_run_that_was_cut_off_is_finished_by_the_next(client, person, monkeypatch, sent):
    somebody(client, "sara", "Sara", "Haddad", **{NIN: [TENOR]})
    record = sara(person, national_number=NumberText(TENOR))

    def cut_off(given: Iterable[object], *_: object) -> None:
        list(given)  # the intentions are written down before the first write is sent
        raise KeyboardInterrupt

    where = (client._context.journal, "advance") if sent else (client.directory, "write")
    with monkeypatch.context() as patch:
        patch.setattr(*where, cut_off)
        with pytest.raises(KeyboardInterrupt):
            client.users.link([record])
    [sentence] = client.apply(Plan()).recovered
    assert "write the source id of sara@" in sentence
    assert ("not done" in sentence) is not sent
    client.users.link([record])
    assert entry_of(client, "sara").texts(KEY) == ["17"]
    assert client.users.plan_link([record]).changes == ()
