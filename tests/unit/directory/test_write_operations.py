"""The requests of one write: what is sent first, and what follows from which response."""

from __future__ import annotations

import pytest

from feideprov.directory.dn import DN
from feideprov.directory.entry import Add, Delete, Entry, Modification, Modify, Precondition, Rename, SetPassword, Write
from feideprov.directory.ldap import ber, requests
from feideprov.directory.ldap.requests import Request
from feideprov.directory.ldap.responses import Response
from feideprov.directory.ldap.transport import Exchange
from feideprov.directory.ldap.write_operations import WriteOperation, WriteOperations
from feideprov.errors import DirectoryError

PEOPLE = DN.parse("ou=people,dc=skotthyll,dc=no")
OLENA = PEOPLE.child("uid", "olena")
TENOR, OTHER_TENOR = b"57912075186", b"69822075096"
SEARCH, MODIFY, ADD, DELETE, RENAME = 0x63, 0x66, 0x68, 0x4A, 0x6C
ADD_OLENA = Add(Entry(OLENA, {"uid": ["olena"], "userPassword": ["{SSHA}x"], "description": ["Én"]}))
ATTACH = Modify(OLENA, (Modification("add", "norEduPersonNIN", (TENOR,)),), (Precondition("norEduPersonNIN", None),))


def operations(*, has_assertion: bool = True, has_post_read: bool = True) -> WriteOperations:
    return WriteOperations(has_assertion, has_post_read, lambda password: ("userPassword", password.encode()))


def response(
    code: int, *, diagnostic: str = "", post_read: dict[str, bytes] | None = None, **found: list[bytes]
) -> Exchange:
    exchange = Exchange(
        1, Response(code, diagnostic, {requests.POST_READ: _entry(post_read)} if post_read is not None else {})
    )
    if found:
        attributes = b"".join(_attribute(name, values) for name, values in found.items())
        exchange.entries = [(ber.element(0x64, ber.octets(b"x") + ber.element(ber.SEQUENCE, attributes)), 0)]
    return exchange


def _attribute(name: str, values: list[bytes]) -> bytes:
    held = ber.element(ber.SET, b"".join(map(ber.octets, values)))
    return ber.element(ber.SEQUENCE, ber.octets(name.encode()) + held)


def _entry(attributes: dict[str, bytes]) -> bytes:
    each = b"".join(_attribute(name, [value]) for name, value in attributes.items())
    return ber.element(0x64, ber.octets(b"x") + ber.element(ber.SEQUENCE, each))


def converse(operation: WriteOperation, *responses: Exchange) -> tuple[list[int], DirectoryError | None]:
    """The tags of the requests, and the outcome."""
    sent: list[Request] = []
    try:
        sent.append(next(operation))
        for exchange in responses:
            sent.append(operation.send(exchange))
    except StopIteration as end:
        assert len(sent) == len(responses)
        return [one.octets[0] for one in sent], end.value
    raise AssertionError([one.octets[0] for one in sent])


@pytest.mark.parametrize(
    ("write", "there", "kind"),
    [
        (ADD_OLENA, response(0, uid=[b"OLENA"], description=["én".encode()]), ADD),
        (ATTACH, response(0, norEduPersonNIN=[TENOR]), MODIFY),
        (Delete(OLENA), response(32), DELETE),
    ],
)
def test_what_was_done_before_a_loss_is_not_sent_again(write: Write, there: Exchange, kind: int) -> None:
    assert converse(operations().carry_out_after_loss(write), there) == ([SEARCH], None)


@pytest.mark.parametrize(
    ("write", "there", "kind"),
    [
        (ADD_OLENA, response(32), ADD),
        (ADD_OLENA, response(0, uid=[b"olena"], description=[b"another"]), ADD),
        (ADD_OLENA, response(0, uid=[b"olena"]), ADD),
        (ATTACH, response(32), MODIFY),
        (ATTACH, response(0, norEduPersonNIN=[OTHER_TENOR]), MODIFY),
        (ATTACH, response(0, uid=[b"olena"]), MODIFY),
        (Delete(OLENA), response(0, uid=[b"olena"]), DELETE),
    ],
)
def test_what_was_not_done_before_a_loss_is_read_first_and_then_sent(write: Write, there: Exchange, kind: int) -> None:
    assert converse(operations().carry_out_after_loss(write), there, response(0)) == ([SEARCH, kind], None)


def test_a_rename_was_done_when_only_the_new_name_is_there() -> None:
    write, there, gone = Rename(OLENA, PEOPLE.child("uid", "o")), response(0, uid=[b"o"]), response(32)
    assert converse(operations().carry_out_after_loss(write), gone, there) == ([SEARCH, SEARCH], None)
    assert converse(operations().carry_out_after_loss(write), there, response(0)) == ([SEARCH, RENAME], None)
    sent, error = converse(operations().carry_out_after_loss(write), gone, gone, response(32), gone, gone)
    assert sent == [SEARCH, SEARCH, RENAME, SEARCH, SEARCH]
    assert error is not None
    assert error.code == 32


@pytest.mark.parametrize("code", [19, 20, 68])
def test_after_a_loss_and_a_refusal_the_entry_is_read_again(code: int) -> None:
    ours = response(0, uid=[b"olena"], description=["Én".encode()])
    again = converse(operations().carry_out_after_loss(ADD_OLENA), response(32), response(code), ours)
    assert again == ([SEARCH, ADD, SEARCH], None)
    sent, error = converse(
        operations().carry_out_after_loss(ADD_OLENA), response(32), response(code), response(0, uid=[b"x"])
    )
    assert sent == [SEARCH, ADD, SEARCH]
    assert error is not None
    assert error.code == code


def test_a_password_is_set_again_without_a_read() -> None:
    assert converse(operations().carry_out_after_loss(SetPassword(OLENA, "x")), response(0)) == ([MODIFY], None)
    closing = Modify(OLENA, (Modification("delete", "userPassword", ()),))
    assert converse(operations().carry_out_after_loss(closing), response(0)) == ([MODIFY], None)


OPENED = Modification("delete", "userAccountControl", (b"514",)), Modification("add", "userAccountControl", (b"512",))
CLOSED, OPEN = response(0, userAccountControl=[b"514"]), response(0, userAccountControl=[b"512"])


@pytest.mark.parametrize(
    ("responses", "tags", "of_account"),
    [
        ([CLOSED, response(0)], [SEARCH, MODIFY], True),
        ([OPEN, response(0)], [SEARCH, MODIFY], False),
        ([CLOSED, response(16), OPEN, response(0)], [SEARCH, MODIFY, SEARCH, MODIFY], False),
    ],
)
def test_what_goes_with_a_password_is_not_done_twice_after_a_loss(
    responses: list[Exchange], tags: list[int], of_account: bool
) -> None:
    operation = operations().carry_out_after_loss(SetPassword(OLENA, "x", OPENED))
    sent = [next(operation), *(operation.send(exchange) for exchange in responses[:-1])]
    with pytest.raises(StopIteration) as end:
        operation.send(responses[-1])
    assert end.value.value is None
    assert [one.octets[0] for one in sent] == tags
    assert (b"userAccountControl" in sent[-1].octets) == of_account


def test_an_entry_that_cannot_be_read_after_a_loss_is_not_written() -> None:
    with pytest.raises(DirectoryError, match="no right"):
        converse(operations().carry_out_after_loss(ADD_OLENA), response(50))


def test_preconditions_are_read_first_when_the_server_has_no_assertion_control() -> None:
    without = operations(has_assertion=False)
    assert converse(without.carry_out(ATTACH), response(0, uid=[b"olena"]), response(0)) == ([SEARCH, MODIFY], None)
    sent, error = converse(without.carry_out(ATTACH), response(0, norEduPersonNIN=[OTHER_TENOR]))
    assert sent == [SEARCH]
    assert error is not None
    assert error.code == 122
    assert converse(operations().carry_out(ATTACH), response(0)) == ([MODIFY], None)


def test_a_wrong_assertion_failure_is_followed_by_a_request_without_the_assertion() -> None:
    sent, error = converse(operations().carry_out(ATTACH), response(122), response(0, uid=[b"olena"]), response(0))
    assert (sent, error) == ([MODIFY, SEARCH, MODIFY], None)
    sent, error = converse(operations().carry_out(ATTACH), response(122), response(0, norEduPersonNIN=[OTHER_TENOR]))
    assert error is not None
    assert error.code == 122


def test_a_server_that_returns_another_number_than_the_one_written_is_an_error() -> None:
    assert converse(operations().carry_out(ATTACH), response(0, post_read={"norEduPersonNIN": TENOR})) == (
        [MODIFY],
        None,
    )
    for post_read in ({"norEduPersonNIN": OTHER_TENOR}, {}):
        with pytest.raises(DirectoryError, match="norEduPersonNIN does not show what was written") as told:
            converse(operations().carry_out(ATTACH), response(0, post_read=post_read))
        assert TENOR.decode() not in str(told.value)


def test_a_number_in_the_diagnostic_message_is_not_shown() -> None:
    _, error = converse(
        operations().carry_out(ADD_OLENA), response(19, diagnostic=f"some attributes not unique: {TENOR.decode()}")
    )
    assert error is not None
    assert TENOR.decode() not in str(error)
    assert TENOR.decode() not in repr(response(19, diagnostic=TENOR.decode()))
