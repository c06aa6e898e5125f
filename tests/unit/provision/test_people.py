"""Questions about people: who is who, who is protected, whose name cannot be shown."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest
from size import size

from feideprov import Client, ConfigurationError, DirectoryError, Entry, InputError, MemoryDirectory, Refused
from feideprov.directory.entry import Add
from feideprov.journal.journal import State
from feideprov.provision.pending import query_sheet
from feideprov.provision.plan.directory_state import DirectoryState
from feideprov.testing import example_directory, example_settings

TENOR, BORN = "57912075186", date(2020, 11, 17)
WRONG = "13097248032"  # its check digits fail
NIN = "norEduPersonNIN"
OLENA = "olenkova@skotthyll.kommune.no"


def somebody(client: Client, uid: str, **attributes: list[str]) -> Entry:
    values = {
        "objectClass": ["inetOrgPerson", "eduPerson", "norEduPerson"],
        **{name: [uid] for name in ("uid", "cn", "sn")},
        "eduPersonPrincipalName": [f"{uid}@skotthyll.kommune.no"],
    }
    entry = Entry(client.organization.people.child("uid", uid), values | attributes)
    [written] = client.directory.write([Add(entry)])
    assert written.error is None
    return entry


# --- protected


def test_once_protected_always_protected_also_after_a_link(client, person):
    client.apply(client.plan([person(protected=True)], only="p1"))
    [user] = client.pending()
    client.users.resolve(user.user, same_as="p9")
    [user] = client.pending()
    assert user.protected
    assert b"p1" not in query_sheet([user])


def test_a_list_that_protects_a_user_who_is_there_is_written_down(client, person):
    client.apply(client.plan([person()]))
    before = list(client.directory.entries())
    plan = client.plan([person(protected=True)])
    outcome = client.apply(plan)
    assert [change.sentence for change in outcome.changes] == [
        f"protect {OLENA}: from now on, lists do not show the name"
    ]
    assert list(client.directory.entries()) == before
    assert [user.protected for user in client.pending()] == [True]
    assert [(event.kind, event.state) for event in client.users.history(OLENA)][1:] == [("protect", State.DONE)]
    assert client.apply(client.plan([person(protected=True)])).changes == ()
    assert client.apply(plan).changes == ()


def test_a_protected_user_is_handed_over_without_the_name(client, person, tmp_path):
    client.apply(client.plan([person(protected=True)], only="p1"))
    text = (tmp_path / "passwords.csv").read_text(encoding="utf-8-sig")
    assert "Коваленко" not in text
    assert "@skotthyll.kommune.no;;;;;;" in text


# --- names that are numbers


def test_a_user_whose_name_is_a_number_is_held_and_never_shown(client, person):
    somebody(client, WRONG, employeeNumber=["p1"])
    somebody(client, "b", employeeNumber=["p2"])
    plan = client.plan([person(mail="ny@example.no")])
    assert [(r.code, r.held) for r in plan.refusals] == [("R-NUMBER-AS-NAME", True)]
    with pytest.raises(Refused) as raised:
        client.attach(f"{WRONG}@skotthyll.kommune.no", TENOR, birth_date=BORN)
    assert raised.value.code == "R-NUMBER-AS-NAME"
    pending = client.pending()
    shown = repr((plan, raised.value, pending, client._context.journal.events()))
    assert WRONG[-5:] not in shown
    assert WRONG[-5:].encode() not in query_sheet(pending)


def test_a_holder_whose_name_is_a_number_is_named_without_it(client, person):
    somebody(client, WRONG, norEduPersonNIN=[TENOR])
    plan = client.plan([person(national_number=TENOR, birth_date=BORN)])
    [refusal] = plan.refusals
    assert refusal.code == "R-HELD-BY-ANOTHER"
    assert WRONG[-5:] not in refusal.sentence


def test_nothing_that_a_plan_is_made_from_shows_a_number(client, person):
    somebody(client, "a", norEduPersonNIN=[TENOR])
    found = DirectoryState.read(client.directory, "employeeNumber")
    assert TENOR[-5:] not in repr((found, found.holders, found.entries, client))


# --- one number, several rows


def test_one_users_number_that_stands_twice_is_written_once(client, person, tmp_path):
    client.apply(client.plan([person()]))
    row = f"p1;{TENOR};2020-11-17\n"
    (tmp_path / "numbers.csv").write_text(f"source_id;national_number;birth_date\n{row}{row}")
    outcome = client.apply(client.numbers.plan_attach(tmp_path / "numbers.csv"))
    assert outcome.attach_counts == {"attached": 1, "unchanged": 1, "refused": 0, "held": 0, "failed": 0}


def test_two_accounts_of_one_person_may_get_the_number_from_one_list(client, person, tmp_path):
    client.apply(client.plan([person(), person("p2")]))
    client.users.resolve(OLENA, second_account_of="olenkova2@skotthyll.kommune.no")
    rows = "".join(f"p{n};{TENOR};2020-11-17\n" for n in (1, 2))
    (tmp_path / "numbers.csv").write_text(f"source_id;national_number;birth_date\n{rows}")
    assert client.apply(client.numbers.plan_attach(tmp_path / "numbers.csv")).attach_counts["attached"] == 2


class Unreadable(MemoryDirectory):
    """A server whose bind account may write numbers but not read them."""

    def having(self, present, attributes):
        return iter(()) if tuple(present) == (NIN,) else super().having(present, attributes)


def test_numbers_that_cannot_be_read_back_stop_the_run(tmp_path, journal, key, person):
    example = example_directory()
    blind = Unreadable(example.base, example.entries())
    with Client(example_settings(tmp_path), directory=blind, journal=journal, keys=key) as client:
        plan = client.plan([person(national_number=TENOR, birth_date=BORN)])
        with pytest.raises(DirectoryError, match="the right to read norEduPersonNIN") as raised:
            client.apply(plan)
    assert raised.value.exit_code == 3


# --- resolve


def test_a_source_id_is_linked_to_one_user_only(client):
    somebody(client, "a")
    somebody(client, "b")
    client.users.resolve("a@skotthyll.kommune.no", same_as="p1")
    with pytest.raises(Refused, match=r"a@skotthyll\.kommune\.no has this source id already"):
        client.users.resolve("b@skotthyll.kommune.no", same_as="p1")


def test_a_link_is_never_written_where_numbers_stand(client):
    somebody(client, "a")
    for number in (TENOR, "12829499914", "17912099997", "29822099635"):
        somebody(client, f"b{number[:2]}", employeeNumber=[number])
    with pytest.raises(ConfigurationError, match="Nothing was written"):
        client.users.resolve("a@skotthyll.kommune.no", same_as="p1")


@pytest.mark.parametrize("source_id", ["", TENOR], ids=["empty", "a-number"])
def test_a_source_id_that_is_none(client, source_id):
    somebody(client, "a")
    with pytest.raises(InputError, match="looks like an identity number"):
        client.users.resolve("a@skotthyll.kommune.no", same_as=source_id)


def test_a_link_is_in_the_journal_before_it_is_written(client, monkeypatch):
    somebody(client, "a")

    def cut(writes):
        raise DirectoryError("cut off")

    monkeypatch.setattr(client.directory, "write", cut)
    with pytest.raises(DirectoryError):
        client.users.resolve("a@skotthyll.kommune.no", same_as="p1")
    [event] = client.users.history("a@skotthyll.kommune.no")
    assert (event.kind, event.state) == ("link", State.INTENDED)


@pytest.mark.parametrize("attribute", ["norEduPersonNIN", "uid", "userPassword", "MAIL", "displayName"])
def test_a_source_id_is_not_written_where_something_else_stands(tmp_path, attribute):
    with pytest.raises(ConfigurationError, match="used for something else"):
        Client(example_settings(tmp_path, directory={"source_id_attribute": attribute}))


# --- a second source


def test_users_from_before_there_was_a_second_source_are_not_made_again(tmp_path, client, journal, key, person):
    client.apply(client.plan([person()]))
    confirmed = {"evidence": "register", "confirmed_by": "Kari", "confirmed_on": "2026-08-01"}
    sources = [{"name": "visma", **confirmed}, {"name": "ims", **confirmed}]
    settings = example_settings(tmp_path, sources=sources)
    two = Client(settings, directory=client.directory, journal=journal, keys=key)
    plan = two.plan([person()], source="visma")
    assert [(r.code, r.held) for r in plan.refusals] == [("R-SOURCE-PREFIX", True)]
    assert plan.changes == ()
    two.users.resolve(OLENA, same_as="visma:p1")
    assert two.plan([person()], source="visma").counts["unchanged"] == 1
    with pytest.raises(ConfigurationError, match="--source: visma or ims"):
        two.plan([person()])


# --- the journal and its key


def test_workers_may_begin_one_journal_at_the_same_moment(tmp_path):
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from feideprov import Journal, MarkKey\n"
        "folder = Path(sys.argv[1])\n"
        "key = MarkKey.from_file(folder / 'key', make=True)\n"
        "journal = Journal(f'sqlite:///{folder}/journal.db', 'skotthyll.kommune.no', key=key, actor='test')\n"
        "print(key.fingerprint, len(journal.events()))\n"
    )
    for round_ in range(size(1, 3)):
        folder = tmp_path / str(round_)
        folder.mkdir()
        command = [sys.executable, "-c", program, str(folder)]
        workers = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in "abcd"]
        answers = [worker.communicate() for worker in workers]
        assert {errors for _, errors in answers} == {""}
        assert len({said for said, _ in answers}) == 1


def test_the_journal_is_for_its_owner_alone(journal, tmp_path, client, person):
    client.apply(client.plan([person()]))
    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.glob("journal.db*")}
    assert set(modes.values()) == {0o600}, modes


# --- names


def test_a_row_with_one_name_that_is_then_twice_the_same_changes_nothing_more(client, person):
    client.apply(client.plan([person(given_name="Bo", family_name="Lie")]))
    half = [person(given_name="", family_name="Bo")]
    assert client.apply(client.plan(half)).counts["updated"] == 1
    assert client.plan(half).changes == ()
