"""What is said to a server for one write: what is asked first, and what follows from which answer."""

from __future__ import annotations

import pytest

from feideprov.directory.dn import DN
from feideprov.directory.entry import Add, Delete, Entry, Modification, Modify, Precondition, Rename, SetPassword, Write
from feideprov.directory.ldap import ber
from feideprov.directory.ldap import requests as request
from feideprov.directory.ldap.requests import Request
from feideprov.directory.ldap.responses import Answer
from feideprov.directory.ldap.transport import Exchange
from feideprov.directory.ldap.write_operations import WriteOperation, WriteOperations
from feideprov.errors import DirectoryError

PEOPLE = DN.parse("ou=people,dc=skotthyll,dc=no")
OLENA = PEOPLE.child("uid", "olena")
TENOR, OTHER_TENOR = b"57912075186", b"69822075096"
SEARCH, MODIFY, ADD, DELETE, RENAME = 0x63, 0x66, 0x68, 0x4A, 0x6C
ADD_OLENA = Add(Entry(OLENA, {"uid": ["olena"], "userPassword": ["{SSHA}x"], "description": ["Én"]}))
ATTACH = Modify(OLENA, (Modification("add", "norEduPersonNIN", (TENOR,)),), (Precondition("norEduPersonNIN", None),))


def speech(*, asserts: bool = True, shows: bool = True) -> WriteOperations:
    return WriteOperations(asserts, shows, lambda password: ("userPassword", password.encode()))


def answered(code: int, *, said: str = "", left: dict[str, bytes] | None = None, **found: list[bytes]) -> Exchange:
    exchange = Exchange(1, Answer(code, said, {request.POST_READ: _entry(left)} if left is not None else {}))
    if found:
        attributes = b"".join(_attribute(name, values) for name, values in found.items())
        exchange.found = [(ber.element(0x64, ber.octets(b"x") + ber.element(ber.SEQUENCE, attributes)), 0)]
    return exchange


def _attribute(name: str, values: list[bytes]) -> bytes:
    held = ber.element(ber.SET, b"".join(map(ber.octets, values)))
    return ber.element(ber.SEQUENCE, ber.octets(name.encode()) + held)


def _entry(attributes: dict[str, bytes]) -> bytes:
    each = b"".join(_attribute(name, [value]) for name, value in attributes.items())
    return ber.element(0x64, ber.octets(b"x") + ber.element(ber.SEQUENCE, each))


def talk(conversation: WriteOperation, *answers: Exchange) -> tuple[list[int], DirectoryError | None]:
    """What is asked, by its kind, until the end; and the end."""
    asked: list[Request] = []
    try:
        asked.append(next(conversation))
        for answer in answers:
            asked.append(conversation.send(answer))
    except StopIteration as end:
        assert len(asked) == len(answers)
        return [one.octets[0] for one in asked], end.value
    raise AssertionError([one.octets[0] for one in asked])


@pytest.mark.parametrize(
    ("write", "there", "kind"),
    [
        (ADD_OLENA, answered(0, uid=[b"OLENA"], description=["én".encode()]), ADD),
        (ATTACH, answered(0, norEduPersonNIN=[TENOR]), MODIFY),
        (Delete(OLENA), answered(32), DELETE),
    ],
)
def test_what_stands_after_a_loss_is_not_sent_again(write: Write, there: Exchange, kind: int) -> None:
    assert talk(speech().carry_out_after_loss(write), there) == ([SEARCH], None)


@pytest.mark.parametrize(
    ("write", "there", "kind"),
    [
        (ADD_OLENA, answered(32), ADD),
        (ADD_OLENA, answered(0, uid=[b"olena"], description=[b"another"]), ADD),
        (ADD_OLENA, answered(0, uid=[b"olena"]), ADD),
        (ATTACH, answered(32), MODIFY),
        (ATTACH, answered(0, norEduPersonNIN=[OTHER_TENOR]), MODIFY),
        (ATTACH, answered(0, uid=[b"olena"]), MODIFY),
        (Delete(OLENA), answered(0, uid=[b"olena"]), DELETE),
    ],
)
def test_what_does_not_stand_after_a_loss_is_looked_at_first_and_then_sent(
    write: Write, there: Exchange, kind: int
) -> None:
    assert talk(speech().carry_out_after_loss(write), there, answered(0)) == ([SEARCH, kind], None)


def test_a_rename_stands_when_the_old_name_is_gone_and_the_new_one_there() -> None:
    write, there, gone = Rename(OLENA, PEOPLE.child("uid", "o")), answered(0, uid=[b"o"]), answered(32)
    assert talk(speech().carry_out_after_loss(write), gone, there) == ([SEARCH, SEARCH], None)
    assert talk(speech().carry_out_after_loss(write), there, answered(0)) == ([SEARCH, RENAME], None)
    asked, error = talk(speech().carry_out_after_loss(write), gone, gone, answered(32), gone, gone)
    assert asked == [SEARCH, SEARCH, RENAME, SEARCH, SEARCH]
    assert error is not None
    assert error.code == 32


@pytest.mark.parametrize("code", [19, 20, 68])
def test_a_refusal_after_a_loss_is_looked_up_since_the_server_may_have_been_at_work(code: int) -> None:
    ours = answered(0, uid=[b"olena"], description=["Én".encode()])
    again = talk(speech().carry_out_after_loss(ADD_OLENA), answered(32), answered(code), ours)
    assert again == ([SEARCH, ADD, SEARCH], None)
    asked, error = talk(speech().carry_out_after_loss(ADD_OLENA), answered(32), answered(code), answered(0, uid=[b"x"]))
    assert asked == [SEARCH, ADD, SEARCH]
    assert error is not None
    assert error.code == code


def test_a_password_is_set_again_without_a_look() -> None:
    assert talk(speech().carry_out_after_loss(SetPassword(OLENA, "x")), answered(0)) == ([MODIFY], None)
    closing = Modify(OLENA, (Modification("delete", "userPassword", ()),))
    assert talk(speech().carry_out_after_loss(closing), answered(0)) == ([MODIFY], None)


OPENED = Modification("delete", "userAccountControl", (b"514",)), Modification("add", "userAccountControl", (b"512",))
CLOSED, OPEN = answered(0, userAccountControl=[b"514"]), answered(0, userAccountControl=[b"512"])


@pytest.mark.parametrize(
    ("answers", "asked", "of_account"),
    [
        ([CLOSED, answered(0)], [SEARCH, MODIFY], True),
        ([OPEN, answered(0)], [SEARCH, MODIFY], False),
        ([CLOSED, answered(16), OPEN, answered(0)], [SEARCH, MODIFY, SEARCH, MODIFY], False),
    ],
)
def test_what_goes_with_a_password_is_not_done_twice_after_a_loss(
    answers: list[Exchange], asked: list[int], of_account: bool
) -> None:
    conversation = speech().carry_out_after_loss(SetPassword(OLENA, "x", OPENED))
    sent = [next(conversation), *(conversation.send(answer) for answer in answers[:-1])]
    with pytest.raises(StopIteration) as end:
        conversation.send(answers[-1])
    assert end.value.value is None
    assert [one.octets[0] for one in sent] == asked
    assert (b"userAccountControl" in sent[-1].octets) == of_account


def test_an_entry_that_cannot_be_read_after_a_loss_is_not_written() -> None:
    with pytest.raises(DirectoryError, match="no right"):
        talk(speech().carry_out_after_loss(ADD_OLENA), answered(50))


def test_what_is_presumed_is_read_first_where_the_server_cannot_be_asked_to_look() -> None:
    without = speech(asserts=False)
    assert talk(without.carry_out(ATTACH), answered(0, uid=[b"olena"]), answered(0)) == ([SEARCH, MODIFY], None)
    asked, error = talk(without.carry_out(ATTACH), answered(0, norEduPersonNIN=[OTHER_TENOR]))
    assert asked == [SEARCH]
    assert error is not None
    assert error.code == 122
    assert talk(speech().carry_out(ATTACH), answered(0)) == ([MODIFY], None)


def test_a_server_that_denies_what_is_so_is_asked_once_more_without_the_assertion() -> None:
    asked, error = talk(speech().carry_out(ATTACH), answered(122), answered(0, uid=[b"olena"]), answered(0))
    assert (asked, error) == ([MODIFY, SEARCH, MODIFY], None)
    asked, error = talk(speech().carry_out(ATTACH), answered(122), answered(0, norEduPersonNIN=[OTHER_TENOR]))
    assert error is not None
    assert error.code == 122


def test_a_server_that_shows_another_number_than_the_one_written_is_not_believed() -> None:
    assert talk(speech().carry_out(ATTACH), answered(0, left={"norEduPersonNIN": TENOR})) == ([MODIFY], None)
    for left in ({"norEduPersonNIN": OTHER_TENOR}, {}):
        with pytest.raises(DirectoryError, match="does not show in norEduPersonNIN what was written") as told:
            talk(speech().carry_out(ATTACH), answered(0, left=left))
        assert TENOR.decode() not in str(told.value)


def test_a_number_in_the_words_of_the_server_is_not_told() -> None:
    _, error = talk(speech().carry_out(ADD_OLENA), answered(19, said=f"some attributes not unique: {TENOR.decode()}"))
    assert error is not None
    assert TENOR.decode() not in str(error)
    assert TENOR.decode() not in repr(answered(19, said=TENOR.decode()))
