"""What servers say when they refuse holds values; what we say after them holds none. Each is provoked on the server."""

from __future__ import annotations

from typing import Any

import pytest

from feideprov.directory.dn import DN
from feideprov.directory.entry import Add, Delete, Entry, Modification, Modify, Rename, Write
from feideprov.directory.ldap import server as ldap_server
from feideprov.directory.ldap.directory import LdapDirectory

NUMBER, OTHER = "57912075180", "69822075090"  # nobody's: their checks fail. They get into the logs of servers here
PARTS = (NUMBER, NUMBER[:6], NUMBER[-5:], OTHER, OTHER[:6], OTHER[-5:])
INET = ("inetOrgPerson", "eduPerson", "norEduPerson")
ACTIVE = ("top", "person", "organizationalPerson", "user", "eduPerson", "norEduPerson")


def refused(people: DN, *, active: bool) -> dict[str, Write]:
    """Writes that a server refuses, each with a number where it may quote it. The first entry is written, and stays."""

    def person(name: str, **values: list[str]) -> Entry:
        facts = {"objectClass": list(ACTIVE if active else INET), "sn": ["a"], "cn": [name], **values}
        account = {"sAMAccountName": [name[:20]]} if active else {"uid": [name]}
        return Entry(people.child("cn" if active else "uid", name), account | facts)

    number, holder = "norEduPersonNIN", people.child("cn" if active else "uid", "holder")
    return {
        "holder": Add(person("holder", norEduPersonNIN=[NUMBER])),
        "number of another": Add(person("a", norEduPersonNIN=[NUMBER])),
        "two numbers": Add(person("b", norEduPersonNIN=[NUMBER, OTHER])),
        "a second number": Modify(holder, (Modification("add", number, (OTHER.encode(),)),)),
        "the number once more": Modify(holder, (Modification("add", number, (NUMBER.encode(),)),)),
        "another number away": Modify(holder, (Modification("delete", number, (OTHER.encode(),)),)),
        "no such syntax": Add(person("c", norEduPersonBirthDate=[f"0{NUMBER}"])),
        "no such DN": Add(person("d", eduPersonOrgDN=[NUMBER])),
        "a DN of nobody": Modify(holder, (Modification("add", "eduPersonOrgDN", (f"ou={NUMBER}".encode(),)),)),
        "no such attribute": Modify(holder, (Modification("add", f"x-{NUMBER}", (b"a",)),)),
        "no such class": Add(person("e", objectClass=[*(ACTIVE if active else INET), NUMBER])),
        "nobody by that name": Delete(people.child("cn", NUMBER)),
        "nowhere": Add(Entry(people.child("ou", NUMBER).child("ou", NUMBER), {"objectClass": ["organizationalUnit"]})),
        "no new name": Rename(people.child("cn", NUMBER), people.child("cn", OTHER)),
    }


@pytest.mark.parametrize("machine", ["slapd", "ds389", "samba"])
def test_no_number_that_a_server_quotes_is_passed_on(
    machine: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    server: Any = request.getfixturevalue(machine)
    heard: list[str] = []
    shown = ldap_server.shown

    def listening(text: str, longest: int) -> str:
        heard.append(text)
        return shown(text, longest)

    monkeypatch.setattr(ldap_server, "shown", listening)
    directory = LdapDirectory(
        server.ldaps,
        base=server.suffix,
        bind_dn=server.service_dn,
        password=server.service_password,
        ca_file=str(server.ca_file),
    )
    with directory:
        people = directory.base.child("ou", "people")
        writes = refused(people, active=machine == "samba")
        # one at a time: servers carry out what is sent side by side in any order
        written = {case: one for case, write in writes.items() for one in directory.write([write])}
        try:
            sentences = {case: str(one.error) for case, one in written.items() if one.error is not None}
            assert "holder" not in sentences, sentences
            assert len(sentences) >= 10
            assert any(NUMBER in text for text in heard), "this server quoted nothing, so nothing was tested"
            leaks = [f"{case}: {text}" for case, text in sentences.items() if any(map(text.__contains__, PARTS))]
            assert not leaks, leaks
        finally:
            made = [one.write.entry.dn for one in written.values() if isinstance(one.write, Add) and one.error is None]
            assert [one.error for one in directory.write([Delete(dn) for dn in made])] == [None] * len(made)
