"""A closed user waits for nothing: no list, count, sheet or matrix of users without a number has it."""

from __future__ import annotations

from datetime import date

from feideprov import Client
from feideprov.provision.pending import query_sheet

from .conftest import SEEN, service
from .test_today import D_NUMBER


def move(client, user: str, unit: str) -> None:
    """Put the entry of a user below another unit, as an administrator does with those who have left."""
    entry = next(one for one in client.directory.entries() if one.text("eduPersonPrincipalName") == user)
    del client.directory._entries[entry.dn.key]
    kind, value = entry.dn.rdns[0][0]
    dn = entry.dn.parent.parent.child("ou", unit).child(kind, value)
    client.directory._entries[dn.key] = type(entry)(dn, dict(entry.items()))


def test_a_closed_user_is_not_among_those_who_wait_but_is_told_apart(client, user_of):
    closed, waits = user_of("p1"), user_of("p2")
    client.users.close(closed)
    found = client.pending()
    assert {user.user for user in found} == {waits, user_of("p3")}
    assert [user.user for user in found.closed] == [closed]
    assert found.users == 3
    assert closed.encode() not in query_sheet(found)
    client.users.reopen(closed)
    assert [len(client.pending()), client.pending().closed] == [3, ()]


def test_today_and_the_page_do_not_count_closed_users(client, user_of):
    client.services.register.put([service("feide:1")])
    closed = user_of("p1")
    client.users.close(closed)
    today = client.today()
    assert today.counts["waiting"] == 2
    assert closed not in {user.user for user in today.longest}
    matrix = client.services.matrix()
    assert (matrix.pending, closed in {row.user for row in matrix.rows}) == (2, False)
    assert closed.partition("@")[0] not in client.services.page("en")


def test_an_entry_that_was_moved_after_it_was_closed_is_still_closed(client, user_of):
    closed = user_of("p1")
    client.users.close(closed)
    move(client, closed, "left")
    assert [user.user for user in client.pending().closed] == [closed]


def test_whose_closing_was_not_finished_may_still_wait(client, journal, user_of):
    from feideprov.journal.events import Event

    user = user_of("p1")
    journal.intend([Event("close", user, "uid=x,dc=no")])
    assert user in {one.user for one in client.pending()}
    assert client.pending().closed == ()


def test_a_closed_user_with_a_number_is_in_neither(client, user_of):
    user = user_of("p1")
    client.attach(user, D_NUMBER, evidence=SEEN)
    client.users.close(user)
    assert (len(client.pending()), client.pending().closed) == (2, ())


def test_check_accepts_what_is_so_of_a_closed_user_whose_entry_was_moved(client, journal, user_of):
    closed = user_of("p1")
    client.users.close(closed)
    move(client, closed, "left")
    later = Client(client.settings, directory=client.directory, journal=journal, keys=journal.key, on=date(2029, 1, 1))
    [finding] = [one for one in later.check() if (one.code, one.user) == ("P-PENDING-LONG", closed)]
    assert finding.expected
