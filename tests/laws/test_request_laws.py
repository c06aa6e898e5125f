"""Requests: every octet is the one that ldap3 would send."""

from __future__ import annotations

import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feideprov.directory.ldap import requests

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # ldap3 2.9.1 imports names that pyasn1 renamed
    import ldap3
    from ldap3.operation.add import add_operation
    from ldap3.operation.bind import bind_operation
    from ldap3.operation.compare import compare_operation
    from ldap3.operation.delete import delete_operation
    from ldap3.operation.modify import modify_operation
    from ldap3.operation.modifyDn import modify_dn_operation
    from ldap3.operation.search import compile_filter, parse_filter, search_operation
    from ldap3.protocol.controls import build_control
    from ldap3.protocol.convert import build_controls_list
    from ldap3.protocol.rfc2696 import paged_search_control
    from ldap3.protocol.rfc4511 import LDAPMessage, MessageID, ProtocolOp
    from ldap3.protocol.rfc4527 import post_read_control
    from ldap3.utils.asn1 import encode

SIZES = st.sampled_from([0, 1, 120, 124, 125, 126, 127, 128, 129, 253, 255, 256, 65_535, 65_536, 70_000])
VALUES = st.binary(max_size=20) | SIZES.map(lambda size: b"\x30" * size)
NAMES = st.sampled_from(["cn", "sn;lang-nb", "norEduPersonNIN", "objectClass", "a" * 130, "1.2.3"])
DNS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30) | SIZES.map(lambda size: "ø" * size)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)
ATTRIBUTES = st.dictionaries(NAMES, st.lists(VALUES, max_size=6), max_size=6)
STEPS = st.lists(st.tuples(st.sampled_from([0, 1, 2]), NAMES, st.lists(VALUES, max_size=5)), max_size=5)
IDS = st.integers(0, 2**31 - 1)


def escaped(value: str) -> str:
    """A value in a filter; all of it, since ldap3 takes white space away from its ends."""
    return "".join(f"\\{octet:02x}" for octet in value.encode())


ATTRIBUTE = st.sampled_from(["cn", "uid", "eduPersonPrincipalName", "1.2.3"])
LEAVES = st.one_of(
    st.builds(lambda name: (f"({name}=*)", requests.present(name)), ATTRIBUTE),
    st.builds(lambda n, v: (f"({n}={escaped(v)})", requests.equal(n, v)), ATTRIBUTE, TEXTS),
)


def _joined(inner: st.SearchStrategy) -> st.SearchStrategy:
    several = st.lists(inner, min_size=1, max_size=4)
    return st.one_of(
        several.map(lambda all_: ("(&" + "".join(t for t, _ in all_) + ")", requests.all_of(b for _, b in all_))),
        several.map(lambda any_: ("(|" + "".join(t for t, _ in any_) + ")", requests.any_of(b for _, b in any_))),
        inner.map(lambda one: (f"(!{one[0]})", requests.negated(one[1]))),
    )


FILTERS = st.recursive(LEAVES, _joined, max_leaves=8)
CONTROLS = st.lists(
    st.one_of(
        st.tuples(st.integers(0, 2**31 - 1), st.binary(max_size=200)).map(
            lambda page: (paged_search_control(False, *page), requests.pages(*page))
        ),
        st.lists(ATTRIBUTE, min_size=1, max_size=9).map(
            lambda names: (post_read_control(names, False), requests.post_read(names))
        ),
        st.tuples(st.booleans(), VALUES).map(
            lambda c: (build_control("1.2.3.4", c[0], c[1], encode_control_value=False),
                       requests.control("1.2.3.4", c[1], critical=c[0]))
        ),
    ),
    max_size=3,
)  # fmt: skip


def ldap3_message(number: int, kind: str, operation: object, controls: list | None = None) -> bytes:
    """What ldap3's `BaseStrategy.send` sends."""
    message = LDAPMessage()
    message["messageID"] = MessageID(number)
    message["protocolOp"] = ProtocolOp().setComponentByName(kind, operation)
    if (listed := build_controls_list(controls)) is not None:
        message["controls"] = listed
    return encode(message)


@given(IDS, DNS, ATTRIBUTES, CONTROLS)
def test_an_add_is_the_one_of_ldap3(number: int, dn: str, attributes: dict, controls: list) -> None:
    theirs = ldap3_message(number, "addRequest", add_operation(dn, attributes, False), [c for c, _ in controls] or None)
    ours = requests.add(dn, attributes.items(), requests.controls(*(c for _, c in controls)))
    assert ours.message(number) == theirs


@given(IDS, DNS.filter(bool), st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1), CONTROLS)
def test_a_bind_is_the_one_of_ldap3(number: int, dn: str, password: str, controls: list) -> None:
    theirs = ldap3_message(
        number, "bindRequest", bind_operation(3, ldap3.SIMPLE, dn, password), [c for c, _ in controls] or None
    )
    assert requests.bind(dn, password, requests.controls(*(c for _, c in controls))).message(number) == theirs


def test_a_bind_as_the_user_of_the_system_is_the_one_of_ldap3() -> None:
    theirs = ldap3_message(1, "bindRequest", bind_operation(3, ldap3.SASL, "", None, "EXTERNAL", b""))
    assert requests.bind_external().message(1) == theirs


@given(IDS, DNS, STEPS, CONTROLS)
def test_a_modify_is_the_one_of_ldap3(number: int, dn: str, steps: list, controls: list) -> None:
    names = {0: ldap3.MODIFY_ADD, 1: ldap3.MODIFY_DELETE, 2: ldap3.MODIFY_REPLACE}
    changes: dict[str, list] = {}
    for operation, name, values in steps:
        changes.setdefault(name, []).append((names[operation], values))
    in_its_order = [step for name in changes for step in steps if step[1] == name]  # ldap3 puts attributes together
    theirs = ldap3_message(
        number, "modifyRequest", modify_operation(dn, changes, False), [c for c, _ in controls] or None
    )
    ours = requests.modify(dn, in_its_order, requests.controls(*(c for _, c in controls)))
    assert ours.message(number) == theirs


@given(IDS, DNS, CONTROLS)
def test_a_delete_is_the_one_of_ldap3(number: int, dn: str, controls: list) -> None:
    theirs = ldap3_message(number, "delRequest", delete_operation(dn), [c for c, _ in controls] or None)
    assert requests.delete(dn, requests.controls(*(c for _, c in controls))).message(number) == theirs


@given(IDS, DNS, DNS, CONTROLS)
def test_a_rename_is_the_one_of_ldap3(number: int, dn: str, rdn: str, controls: list) -> None:
    operation = modify_dn_operation(dn, rdn, True)
    theirs = ldap3_message(number, "modDNRequest", operation, [c for c, _ in controls] or None)
    assert requests.rename(dn, rdn, requests.controls(*(c for _, c in controls))).message(number) == theirs


@given(IDS, DNS, NAMES, TEXTS.filter(lambda value: "\\" not in value))  # ldap3 takes it for an escape
def test_a_comparison_is_the_one_of_ldap3(number: int, dn: str, name: str, value: str) -> None:
    theirs = ldap3_message(number, "compareRequest", compare_operation(dn, name, value, False))
    assert requests.compare(dn, name, value).message(number) == theirs


@given(IDS, DNS, st.sampled_from([(0, ldap3.BASE), (2, ldap3.SUBTREE)]), FILTERS, st.lists(NAMES, min_size=1), CONTROLS)
def test_a_search_is_the_one_of_ldap3(
    number: int, base: str, scope: tuple, condition: tuple, attributes: list, controls: list
) -> None:
    operation = search_operation(
        base, condition[0], scope[1], ldap3.DEREF_ALWAYS, attributes, number, 0, False, False, False
    )
    theirs = ldap3_message(number, "searchRequest", operation, [c for c, _ in controls] or None)
    ours = requests.search(
        base,
        scope[0],
        condition[1],
        attributes,
        size_limit=number,
        controls=requests.controls(*(c for _, c in controls)),
    )
    assert ours.message(number) == theirs


@given(FILTERS)
def test_an_assertion_asserts_what_ldap3_would_have_sent(condition: tuple) -> None:
    parsed = parse_filter(condition[0], None, False, None, None, False)
    value = encode(compile_filter(parsed.elements[0]))
    theirs = ldap3_message(1, "delRequest", delete_operation("cn=a"), [(requests.ASSERTION, True, value)])
    assert requests.delete("cn=a", requests.controls(requests.assertion(condition[1]))).message(1) == theirs


@given(TEXTS)
def test_no_filter_carries_a_number(value: str) -> None:
    for name in ("norEduPersonNIN", "NOREDUPERSONNIN"):
        with pytest.raises(ValueError, match="must not be in a search filter"):
            requests.equal(name, value)


@given(ATTRIBUTES)
def test_no_request_shows_what_it_carries(attributes: dict) -> None:
    assert repr(requests.add("cn=a", attributes.items())) == "Request()"
