"""Servers that are down, refuse, or show a certificate that is not to be trusted: told in one sentence."""

from __future__ import annotations

import gc
import time
from typing import TYPE_CHECKING, Any

import pytest

from feideprov.testing.slapd import PrivateSlapd

if TYPE_CHECKING:
    from tests.journeys.conftest import Office

GOOD = "a-1;Anna;Berg;2010-01-01;hylla;pupil;"


def refused(office: Office, one_sentence: Any, code: int, *words: str) -> str:
    """What is said when people are to be made; nothing was written."""
    before = office.state()
    answer = office(*(words or ("apply", office.people(GOOD), "--yes")))
    gc.collect()
    assert (answer.code, answer.out) == (code, "")
    assert office.state() == before
    assert not office.passwords.exists()
    return str(one_sentence(answer))


def test_server_that_is_down(office: Office, on_server: Any, one_sentence: Any) -> None:
    on_server()
    assert office.server
    office.server.kill()
    begun = time.monotonic()
    said = refused(office, one_sentence, 3)
    assert said == "The directory ldaps://localhost does not respond. Is it running, and is the address correct?"
    assert time.monotonic() - begun < 120  # it does not try for ever


def test_server_that_no_name_leads_to(office: Office, on_server: Any, one_sentence: Any) -> None:
    on_server(url="ldaps://ldap.invalid")
    assert "ldaps://ldap.invalid does not respond" in refused(office, one_sentence, 3)


def test_socket_that_is_not_there(office: Office, one_sentence: Any) -> None:
    office.set('url = "ldif:catalogue.ldif"', f'url = "ldapi://{office.folder}/ldapi"')
    assert "does not respond" in refused(office, one_sentence, 3)


def test_one_sentence_in_a_real_process_too(office: Office, on_server: Any, one_sentence: Any) -> None:
    on_server()
    assert office.server
    office.server.kill()
    answer = office.process("pending")
    assert (answer.code, answer.out) == (3, "")
    one_sentence(answer)  # the library that tries again tells of each try; nobody needs to read that


def test_wrong_password(office: Office, on_server: Any, one_sentence: Any) -> None:
    on_server()
    office.write("bind-password", "wrong\n")
    assert refused(office, one_sentence, 2) == (
        "The directory refused the password of cn=feideprov,dc=skotthyll,dc=no. "
        "Correct the password (password_file or password_env) or bind_dn."
    )


def test_bind_dn_that_is_no_dn(office: Office, on_server: Any, one_sentence: Any) -> None:
    on_server()
    office.set('bind_dn = "cn=feideprov,dc=skotthyll,dc=no"', 'bind_dn = "feideprov"')
    assert refused(office, one_sentence, 2).startswith("Binding as feideprov failed.")


@pytest.mark.parametrize("scheme", ["ldaps", "ldap"])
@pytest.mark.parametrize(
    ("certificate", "words"),
    [
        ("expired", "has expired. Renew the certificate on the server."),
        (
            "foreign",
            "comes from a certificate authority that is not trusted here. "
            "Set ca_file to the certificate of that authority.",
        ),
    ],
)
def test_certificate_that_is_not_to_be_trusted(
    office: Office, one_sentence: Any, certificate: Any, words: str, scheme: str
) -> None:
    with PrivateSlapd(certificate=certificate) as slapd:
        office.write("bind-password", slapd.service_password)
        url = slapd.ldaps if scheme == "ldaps" else slapd.url
        office.set(
            'url = "ldif:catalogue.ldif"',
            f'url = "{url}"\nca_file = "{slapd.ca_file}"\nbind_dn = "{slapd.service_dn}"\n'
            'password_file = "bind-password"',
        )
        said = refused(office, one_sentence, 2)
    assert said.startswith(f"The certificate of {scheme}://")
    assert said.endswith(words)


def test_certificate_for_another_name(office: Office, on_server: Any, one_sentence: Any) -> None:
    on_server()
    office.set("ldaps://localhost:", "ldaps://127.1:")  # the same address, by a name that is not in the certificate
    assert refused(office, one_sentence, 2) == (
        "The certificate of ldaps://127.1 is not for the name 127.1. In url, use a name that is in "
        "the certificate (subjectAltName)."
    )


def test_without_a_ca_file_the_private_authority_is_not_trusted(
    office: Office, on_server: Any, one_sentence: Any
) -> None:
    on_server()
    assert office.server
    office.set(f'ca_file = "{office.server.ca_file}"\n', "")
    assert "Set ca_file" in refused(office, one_sentence, 2)


def test_ca_file_that_is_not_there(office: Office, on_server: Any, one_sentence: Any) -> None:
    on_server()
    assert office.server
    office.set(f'ca_file = "{office.server.ca_file}"', 'ca_file = "nowhere.pem"')
    said = f"The file {office.folder}/nowhere.pem (ca_file) cannot be read. Check the path, and that it contains "
    assert refused(office, one_sentence, 2) == said + "certificates."


def test_tls_off_is_for_loopback(office: Office, on_server: Any) -> None:
    on_server()
    assert office.server
    office.set(f'url = "{office.server.ldaps}"', f'url = "{office.server.url}"\ntls = "off"')
    assert office("apply", office.people(GOOD), "--yes").code == 0


def test_directory_without_the_schema(office: Office, on_server: Any, one_sentence: Any) -> None:
    on_server(noredu=False, filled=False)
    said = refused(office, one_sentence, 2)
    assert said.startswith("The directory's schema lacks norEduPersonNIN, ")
    assert "docs/schema.md" in said


def test_base_that_does_not_exist(office: Office, on_server: Any, one_sentence: Any) -> None:
    on_server()
    office.set('base_dn = "dc=skotthyll,dc=no"', 'base_dn = "dc=annet,dc=no"')
    assert (
        "The directory has no entry dc=annet,dc=no, or the bind account has no right to read it. Create the entry"
        in refused(office, one_sentence, 2)
    )


def test_place_of_users_that_does_not_exist(office: Office, on_server: Any, one_sentence: Any) -> None:
    on_server()
    office.set('users_dn = "ou=people,', 'users_dn = "ou=nobody,')
    assert "below which users are created" in refused(office, one_sentence, 2)


def test_source_id_attribute_in_use_for_numbers(office: Office, on_server: Any, one_sentence: Any) -> None:
    on_server()
    assert office("apply", office.people(GOOD), "--yes").code == 0
    office.passwords.unlink()
    office.set('source_id_attribute = "employeeNumber"', 'source_id_attribute = "departmentNumber"')
    with_numbers(office, "departmentNumber", "57912075186", "12829499914", "17912099997", "29822099635")
    said = refused(office, one_sentence, 2)
    assert said.startswith("In 1 entry, the value of departmentNumber looks like an identity number")
    assert "12075" not in said


def with_numbers(office: Office, name: str, *values: str) -> None:
    """Another system's entry."""
    from feideprov.directory.dn import DN
    from feideprov.directory.entry import Add, Entry
    from feideprov.directory.ldap.directory import LdapDirectory

    slapd = office.server
    assert slapd
    entry = Entry(
        DN.parse(f"uid=old,{slapd.people_dn}"),
        {"objectClass": ["inetOrgPerson"], "uid": ["old"], "cn": ["Old"], "sn": ["Old"], name: list(values)},
    )
    with LdapDirectory(
        slapd.ldaps, bind_dn=slapd.service_dn, password=slapd.service_password, ca_file=str(slapd.ca_file)
    ) as directory:
        assert [written.error for written in directory.write([Add(entry)])] == [None]


# --- rights and limits


def as_reader(office: Office) -> None:
    slapd = office.server
    assert slapd
    office.write("bind-password", slapd.reader_password)
    office.set(f'bind_dn = "{slapd.service_dn}"', f'bind_dn = "{slapd.reader_dn}"')


@pytest.mark.parametrize("words", [("pending",), ("plan", "refugees.csv"), ("apply", "refugees.csv", "--yes")])
def test_size_limit_is_no_short_answer(
    office: Office, on_server: Any, one_sentence: Any, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    on_server(size_limit=3)
    assert office("apply", str(office.folder / "refugees.csv"), "--yes").code == 1
    office.passwords.unlink()
    as_reader(office)
    monkeypatch.chdir(office.folder)
    said = refused(office, one_sentence, 3, *words)
    assert "ended the search early (a size limit)" in said
    assert "Allow the bind account to search without limits" in said


def test_account_without_write_rights_is_told_in_one_sentence_and_journaled(
    office: Office, on_server: Any, one_sentence: Any
) -> None:
    on_server()
    as_reader(office)
    before = office.entries()
    answer = office("apply", office.people(GOOD, "a-2;Åse;Dal;;hylla;pupil;"), "--yes")
    assert (answer.code, answer.out) == (3, "")
    said = one_sentence(answer)
    assert "the bind account has no right to do that." in said
    assert "2 of 2 changes were not made. The first of them: create annaberg@skotthyll.kommune.no" in said
    assert office.entries() == before
    assert {(kind, state) for kind, state, _ in office.journaled()} == {("create", "refused")}
    assert office.handed_over() == {}  # no password for users who are not there


def test_a_single_change_without_the_right_to_it_fails_with_its_row(office: Office, on_server: Any) -> None:
    on_server()
    as_reader(office)
    answer = office("apply", office.people(GOOD), "--yes")
    assert answer.code == 3
    assert "Failed:\n" in answer.out
    assert "people.csv row 2, annaberg@skotthyll.kommune.no: create annaberg@skotthyll.kommune.no" in answer.out
    assert "the bind account has no right to do that. [R-FAILED]" in answer.out
    assert office.handed_over() == {}


def test_numbers_that_may_not_be_written_are_told_in_one_sentence_and_the_users_stay_as_they_were(
    office: Office, on_server: Any
) -> None:
    on_server()
    office("apply", str(office.folder / "refugees.csv"), "--yes")
    as_reader(office)
    before = office.entries()
    answer = office("attach", str(office.folder / "numbers.csv"), "--yes", "--json")
    assert (answer.code, answer.json["ok"]) == (3, False)
    assert "4 of 4 changes were not made" in answer.json["error"]
    assert office.entries() == before
    assert [state for kind, state, _ in office.journaled() if kind == "attach"] == ["refused"] * 4


def test_server_that_is_read_only(office: Office, on_server: Any) -> None:
    on_server()
    assert office.server
    conf = office.server.log_file.with_name("slapd.conf")
    conf.write_text(conf.read_text() + "readonly on\n")
    office.server.restart()
    answer = office("apply", office.people(GOOD), "--yes")
    assert answer.code == 3
    assert "is it read-only?" in answer.out


# --- and it goes on when the cause is gone


def test_run_again_goes_on_after_the_server_came_back(office: Office, on_server: Any) -> None:
    on_server()
    assert office.server
    people = str(office.folder / "refugees.csv")
    office.server.kill()
    assert office("apply", people, "--yes").code == 3
    office.server.restart()
    answer = office("apply", people, "--yes", "--json")
    assert answer.json["counts"]["created"] == 11
    gc.collect()


def test_over_a_socket_as_the_operating_systems_user(office: Office, on_server: Any) -> None:
    on_server()
    assert office.server
    text = office.config.read_text(encoding="utf-8")
    for line in (
        f'ca_file = "{office.server.ca_file}"\n',
        f'bind_dn = "{office.server.service_dn}"\n',
        'password_file = "bind-password"\n',
    ):
        text = text.replace(line, "")
    office.config.write_text(text.replace(office.server.ldaps, office.server.ldapi), encoding="utf-8")
    assert office("apply", office.people(GOOD), "--yes").code == 0
    assert office.entry("a-1").text("uid") == "annaberg"
