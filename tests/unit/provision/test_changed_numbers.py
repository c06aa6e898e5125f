"""Numbers that follow others, and numbers that were wrong: every case, by program and by list."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import date

import pytest

from feideprov import Client, ConfigurationError, Entry, Evidence, NumberText, Refused
from feideprov.directory.entry import Add, Modification, Modify
from feideprov.intake.number_list import NumberRow
from feideprov.issues import Origin
from feideprov.numbers.checks import duf_check
from feideprov.provision.plan.changes import Replace, Withdraw
from feideprov.testing import example_settings

OLD, NEW, THIRD = "57912075186", "69822075096", "45840375084"  # Tenor's
NEW_BORN = date(2020, 2, 29)
DUF = "202212345608"  # fails its check digits: nobody has it
SEEN = Evidence("letter", "Kari Nordmann", date(2026, 11, 1))
NIN = "norEduPersonNIN"
ANNA, OMAR = "anna@skotthyll.kommune.no", "omar@skotthyll.kommune.no"


@pytest.fixture
def somebody(client):
    """Makes a user that this tool knows nothing about: what is done here is not for ours alone."""

    def make(uid: str, number: str | None = None, **attributes: list[str]) -> Entry:
        values = {
            "objectClass": ["inetOrgPerson", "eduPerson", "norEduPerson"],
            **{name: [uid] for name in ("uid", "cn", "sn")},
            "eduPersonPrincipalName": [f"{uid}@skotthyll.kommune.no"],
            **({NIN: [number]} if number else {}),
        }
        entry = Entry(client.organization.people.child("uid", uid), values | attributes)
        [written] = client.directory.write([Add(entry)])
        assert written.error is None
        return entry

    return make


def row(number: str, user: str = ANNA, old: str | None = OLD, at: int = 2, **fields: object) -> NumberRow:
    before = NumberText(old) if old else None
    given = {"user": user, "old_number": before, "evidence": SEEN} | fields
    return NumberRow(NumberText(number), Origin("changed.csv", at), **given)


def held(client: Client, *users: Entry) -> list[list[str]]:
    return [client.directory.read(user.dn).texts(NIN) for user in users]


def replaced(client: Client, *rows: NumberRow) -> list[str]:
    """The codes of what was not done."""
    return [refusal.code for refusal in client.apply(client.numbers.plan_replace(rows)).refusals]


def test_a_number_is_replaced_in_one_modify_that_presumes_no_number_by_filter(client, somebody):
    anna = somebody("anna", OLD)
    [change] = client.numbers.plan_replace([row(NEW)]).changes
    assert isinstance(change, Replace)
    assert change.sentence == f"replace the number of {ANNA} with <Tenor number>"
    steps = [(step.operation, step.attribute, step.values) for step in change.write().modifications]
    assert steps == [("delete", NIN, (OLD.encode(),)), ("add", NIN, (NEW.encode(),))]
    assert not [p for c in (change.write(), change.take_back()) for p in c.presumes if p.attribute == NIN and p.value]
    outcome = client.replace(ANNA, OLD, NEW, evidence=SEEN)
    assert outcome.counts_as("replaced") == {"replaced": 1, "unchanged": 0, "refused": 0, "held": 0, "failed": 0}
    assert held(client, anna) == [[NEW]]
    assert client.replace(ANNA, OLD, NEW, evidence=SEEN).counts_as("replaced")["unchanged"] == 1


def test_the_old_number_is_compared_as_people_write_it_and_not_judged(client, somebody):
    anna = somebody("anna", "invented 123")  # nobody would accept it, and it has to go all the same
    client.replace(ANNA, "INVENTED-1 2 3", NEW, birth_date=NEW_BORN)
    assert held(client, anna) == [[NEW]]
    client.replace(ANNA, " 698220 75096", OLD, evidence=SEEN)
    assert held(client, anna) == [[OLD]]


def test_the_new_number_is_judged_as_one_that_arrives(client, somebody):
    anna = somebody("anna", OLD)
    [invented] = client.numbers.plan_replace([row("15108695077")]).refusals
    assert (invented.code[:2], invented.held) == ("N-", False)
    assert replaced(client, row(NEW, evidence=None)) == ["R-EVIDENCE"]
    assert replaced(client, row(NEW, evidence=None, birth_date=date(2019, 1, 1))) == ["N-DATE"]
    assert held(client, anna) == [[OLD]]
    assert replaced(client, row(NEW, evidence=None, birth_date=NEW_BORN)) == []
    assert held(client, anna) == [[NEW]]


@pytest.mark.parametrize(
    ("number", "code"), [(None, "R-NO-NUMBER"), (THIRD, "R-OLD-NUMBER"), ("not a number", "R-OLD-NUMBER")]
)
def test_a_user_who_does_not_hold_the_old_number_is_held(client, somebody, number, code):
    anna = somebody("anna", number)
    with pytest.raises(Refused) as refused:
        client.replace(ANNA, OLD, NEW, evidence=SEEN)
    assert (refused.value.code, refused.value.held) == (code, True)
    assert "attach" in str(refused.value) or "Find out which number is right" in str(refused.value)
    assert held(client, anna) == [[number] if number else []]


def test_a_number_that_somebody_else_holds_is_never_moved(client, somebody):
    anna, omar = somebody("anna", OLD), somebody("omar", NEW)
    assert replaced(client, row(NEW)) == ["R-HELD-BY-ANOTHER"]
    assert held(client, anna, omar) == [[OLD], [NEW]]
    client.users.resolve(ANNA, second_account_of=OMAR)
    assert replaced(client, row(NEW)) == []


def test_two_who_swap_numbers_are_held_and_a_chain_goes_one_step_a_run(client, somebody):
    anna, omar = somebody("anna", OLD), somebody("omar", NEW)
    assert replaced(client, row(NEW), row(OLD, OMAR, NEW, 3)) == ["R-HELD-BY-ANOTHER"] * 2
    assert held(client, anna, omar) == [[OLD], [NEW]]
    chain = row(NEW), row(THIRD, OMAR, NEW, 3)
    assert replaced(client, *chain) == ["R-HELD-BY-ANOTHER"]
    assert held(client, anna, omar) == [[OLD], [THIRD]]
    assert replaced(client, *chain) == []
    assert held(client, anna, omar) == [[NEW], [THIRD]]


def test_a_list_that_contradicts_itself_is_held(client, somebody):
    anna, omar = somebody("anna", OLD), somebody("omar", THIRD)
    assert replaced(client, row(NEW), row(NEW, OMAR, THIRD, 3)) == ["R-NUMBER-TWICE"] * 2
    assert held(client, anna, omar) == [[OLD], [THIRD]]
    born = {"evidence": None, "birth_date": date(2003, 4, 5)}
    client.withdraw(OMAR, THIRD)
    assert replaced(client, row(NEW), row(THIRD, at=3, **born)) == ["R-TWO-NUMBERS"] * 2
    assert held(client, anna, omar) == [[OLD], []]
    outcome = client.apply(client.numbers.plan_replace([row(NEW), row(NEW, at=3)]))
    assert (outcome.counts["updated"], outcome.counts["unchanged"], outcome.refusals) == (1, 1, ())


def test_a_national_number_after_a_duf_number_is_attached_not_replaced(client, somebody):
    anna = somebody("anna", DUF)
    with pytest.raises(
        Refused, match=r"only a DUF number\. To add the new number .* run: feideprov attach LIST"
    ) as refused:
        client.replace(ANNA, DUF, NEW, evidence=SEEN)
    assert refused.value.code == "R-NO-NUMBER"
    client.attach(ANNA, NEW, evidence=SEEN)
    assert held(client, anna) == [[NEW]]


def test_a_duf_number_replaces_only_a_duf_number(tmp_path, client, somebody, journal, key):
    anna, omar = somebody("anna", DUF), somebody("omar", OLD)
    settings = example_settings(tmp_path, numbers={"duf": "nin", "test": True})
    writing = Client(settings, directory=client.directory, journal=journal, keys=key, on=client.on)
    right = f"2022900000{duf_check('2022900000')}"
    assert writing.replace(ANNA, DUF, right).counts["updated"] == 1
    with pytest.raises(Refused, match="a DUF number must not replace it") as refused:
        writing.replace(OMAR, OLD, f"2022900001{duf_check('2022900001')}")
    assert refused.value.code == "R-OTHER-NUMBER"
    assert held(client, anna, omar) == [[right], [OLD]]


def test_a_row_without_the_old_number_is_refused(client, somebody):
    somebody("anna", OLD)
    assert replaced(client, row(NEW, old=None)) == ["R-NUMBER-MISSING"]


def test_a_wrong_number_goes_and_the_user_waits_again(client, person, somebody):
    client.apply(client.plan([person(national_number=OLD, birth_date=date(2020, 11, 17))]))
    olena = "olenkova@skotthyll.kommune.no"
    assert [user.user for user in client.pending()] == []
    [change] = client.numbers.plan_withdraw([row("579120 75186", olena, None)]).changes
    assert isinstance(change, Withdraw)
    assert change.number is None
    assert change.sentence == f"withdraw the number of {olena}: the user stays, and waits for the right number"
    assert client.withdraw(olena, "579120 75186", evidence=SEEN).counts_as("withdrawn")["withdrawn"] == 1
    [user] = client.pending()
    assert (user.user, user.since_source) == (olena, "journal")
    event = client.users.history(olena)[-1]
    assert (event.kind, event.evidence, event.number_mark) == ("withdraw", SEEN, None)
    assert client.journal.is_about(event, OLD)
    assert client.withdraw(olena, OLD).counts_as("withdrawn")["unchanged"] == 1
    assert client.attach(olena, NEW, evidence=SEEN).attach_counts["attached"] == 1
    assert client.pending() == []


def test_only_the_very_number_is_withdrawn(client, somebody):
    anna = somebody("anna", OLD)
    with pytest.raises(Refused) as refused:
        client.withdraw(ANNA, NEW)
    assert (refused.value.code, refused.value.held) == ("R-OLD-NUMBER", True)
    assert held(client, anna) == [[OLD]]
    rows = [row(OLD, old=None), row(OLD, old=None, at=3), row(NEW, old=None, at=4)]
    outcome = client.apply(client.numbers.plan_withdraw(rows))
    assert (outcome.counts["updated"], outcome.counts["unchanged"]) == (1, 1)
    assert [(r.code, r.origin.row) for r in outcome.refusals] == [("R-OLD-NUMBER", 4)]
    assert held(client, anna) == [[]]


def test_a_user_waits_since_the_withdrawal_and_not_since_it_was_made(client, person, tmp_path):
    client.apply(client.plan([person(national_number=OLD, birth_date=date(2020, 11, 17))]))
    client.withdraw("olenkova@skotthyll.kommune.no", OLD)
    with sqlite3.connect(tmp_path / "journal.db") as database:
        database.execute("UPDATE change SET at = '2026-01-02T10:00:00+00:00' WHERE kind = 'create'")
        database.execute("UPDATE change SET at = '2026-11-12T10:00:00+00:00' WHERE kind = 'withdraw'")
    database.close()
    [user] = client.pending()
    assert (user.since, user.days, user.since_source) == (date(2026, 11, 12), 10, "journal")
    client.users.rename("olenkova@skotthyll.kommune.no", to="olena.k")
    assert [user.since for user in client.pending()] == [date(2026, 11, 12)]
    client.attach("olena.k@skotthyll.kommune.no", OLD, evidence=replace(SEEN, seen_on=date(2026, 11, 12)))
    [entry] = [e for e in client.directory.entries() if e.values(NIN)]
    gone = Modify(entry.dn, (Modification("delete", NIN, (OLD.encode(),)),))
    assert not next(client.directory.write([gone])).error  # by another program, or it is only not shown
    assert (list(client.pending()), client.pending().hidden_numbers) == ([], 1)
    assert client.observe(allow_changes=1).counts["gone"] == 1
    assert [user.user for user in client.pending()] == ["olena.k@skotthyll.kommune.no"]


def test_a_configured_source_says_that_numbers_are_right_and_lifts_nothing_from_a_withdrawal(
    tmp_path, client, somebody, journal, key
):
    somebody("anna", OLD, employeeNumber=["p1"])
    source = {"name": "visma", "evidence": "register", "confirmed_by": "Rektor", "confirmed_on": date(2026, 8, 1)}
    settings = example_settings(tmp_path, sources=[source])
    client = Client(settings, directory=client.directory, journal=journal, keys=key, on=client.on)
    wrong = row(OLD, "", None, source_id="p1", evidence=None)
    assert [c.evidence for c in client.numbers.plan_withdraw([wrong], source="visma").changes] == [None]
    assert [c.evidence for c in client.numbers.plan_withdraw([wrong], evidence=SEEN).changes] == [SEEN]
    changed = row(NEW, "", source_id="p1", evidence=None)
    assert [c.evidence.note for c in client.numbers.plan_replace([changed], source="visma").changes] == ["source visma"]


def test_an_entry_that_moved_since_the_plan_is_held_by_the_server_itself(client, somebody):
    anna, omar = somebody("anna", OLD), somebody("omar", THIRD)
    replace = client.numbers.plan_replace([row(NEW)])
    withdraw = client.numbers.plan_withdraw([row(THIRD, OMAR, None)])
    for user, before, after in ((anna, OLD, "x"), (omar, THIRD, "y")):
        step = Modification("delete", NIN, (before.encode(),)), Modification("add", NIN, (after.encode(),))
        assert not next(client.directory.write([Modify(user.dn, step)])).error
    assert [r.code for r in client.apply(replace).held] == ["R-MOVED"]
    assert client.apply(withdraw).counts["unchanged"] == 1  # the number is gone, and that is all that was wanted
    assert held(client, anna, omar) == [["x"], ["y"]]


def test_neither_has_a_cap(client, somebody):
    users = [somebody(f"user{n}", f"number {n}") for n in range(30)]
    rows = [row(f"number {n}", f"user{n}@skotthyll.kommune.no", None, n + 2) for n in range(30)]
    assert client.apply(client.numbers.plan_withdraw(rows)).counts["updated"] == 30
    assert held(client, *users) == [[]] * 30


def test_no_digit_is_shown_of_either_number(client, somebody):
    somebody("anna", OLD)
    shown = [
        repr(client.numbers.plan_replace([row(NEW)])),
        repr(client.numbers.plan_withdraw([row(OLD, old=None)])),
        repr(row(NEW)),
    ]
    for number in (OLD, NEW):
        assert not [text for text in shown if number in text or number[-5:] in text]


def test_mode_watch_neither_replaces_nor_withdraws(tmp_path, client, somebody, journal, key):
    somebody("anna", OLD)
    watching = Client(
        example_settings(tmp_path, directory={"mode": "watch"}), directory=client.directory, journal=journal, keys=key
    )
    for write in (lambda: watching.replace(ANNA, OLD, NEW, evidence=SEEN), lambda: watching.withdraw(ANNA, OLD)):
        with pytest.raises(ConfigurationError, match="watch"):
            write()


def test_an_entry_that_is_gone_fails_and_is_told(client, somebody):
    anna = somebody("anna", OLD)
    plan = client.numbers.plan_withdraw([row(OLD, old=None)])
    client.directory._entries.pop(anna.dn.key)
    outcome = client.apply(plan)
    assert [f.code for f in outcome.failures] == ["R-FAILED"]
