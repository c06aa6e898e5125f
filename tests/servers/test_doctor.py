"""The doctor on a real slapd: the way to it, and how it is set up. The right sentence each time."""

from __future__ import annotations

import gc
import inspect
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feideprov.check.examination import State
from feideprov.client.client import Client
from feideprov.errors import InputError
from feideprov.testing.example import example_directory, example_settings
from feideprov.testing.slapd import PrivateSlapd

from .clinic import NEW_TLS, OLD_TLS, OLENA, PASSWORD, SERVICE, TELLING, Clinic, clinic, codes, look, person, the

pytestmark = pytest.mark.filterwarnings(  # ldap3 2.9.1 leaves the socket of a failed handshake to the collector
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)
NUMBER = "50846202355"  # Tenor's


@pytest.fixture(scope="module")
def in_order(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    """A server that the doctor has nothing against, and that tells everything."""
    with clinic(
        tmp_path_factory.mktemp("clinic"), person(norEduPersonNIN=[NUMBER]), extra_config=(*NEW_TLS, *TELLING)
    ) as opened:
        yield opened
    gc.collect()


def test_server_in_order(in_order: Clinic) -> None:
    found = in_order.examine()
    assert codes(found) == {"D-CERT-PRIVATE"}  # a note: Feide does not come to a loopback address
    assert found.exit_code == 0
    assert {check.state for check in found.checks if check.name not in ("key", "open to users")} == {State.GOOD}
    names = [check.name for check in found.checks]
    assert {"connection", "TLS version", "old TLS versions", "certificate", "bind", "schema"} <= set(names)
    assert {"indexes", "uniqueness", "logs", "size limit", "read rights", "write rights", "clock"} <= set(names)
    assert look("TLS version", found.checks).sentence == "The server uses TLS 1.3. Feide requires TLS 1.2 or newer."
    assert "1 user was read. Users with a number: 1." in look("read rights", found.checks).sentence
    assert f'olcLimits dn.base="{SERVICE}" size=unlimited' in look("size limit", found.checks).sentence
    assert "so this program also checks" in look("uniqueness", found.checks).sentence


@pytest.mark.parametrize("way", ["ldaps", "starttls"])
@pytest.mark.parametrize(
    ("options", "code", "sentence"),
    [
        (
            {"certificate": "expired"},
            "D-CERT-EXPIRED",
            " expired on {yesterday}, so Feide and this program cannot connect",
        ),
        (
            {"certificate": "foreign"},
            "D-CERT-UNTRUSTED",
            " is from “feideprov private other”. This machine does not trust this certificate authority.",
        ),
        ({"extra_config": OLD_TLS}, "D-TLS-OLD", " supports only TLS 1.1 or older. Feide requires TLS 1.2 or newer."),
    ],
    ids=["expired", "wrong-ca", "tls-1.1-only"],
)
def test_way_that_cannot_be_trusted(tmp_path: Path, way: str, options: dict, code: str, sentence: str) -> None:
    days = [datetime.now(UTC).date()]
    with clinic(tmp_path, person(), **options) as opened:
        url = opened.server.ldaps if way == "ldaps" else opened.server.url
        found = opened.examine("olenkova@skotthyll.kommune.no", "secret", directory={"url": url})
    gc.collect()
    assert found.exit_code == 2
    days.append(datetime.now(UTC).date())  # the next one, at midnight
    assert any(sentence.format(yesterday=day - timedelta(days=1)) in the(code, found).sentence for day in days)
    assert (found.checks[-1].name, found.checks[-1].state) == ("server", State.SKIPPED)
    [step] = found.login  # no password goes over such a connection
    assert (step.name, step.state) == ("search", State.SKIPPED)


def test_certificate_for_another_name(in_order: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    look_up = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *rest, **more: look_up("127.0.0.1", *rest, **more))
    found = in_order.examine(directory={"url": in_order.server.ldaps.replace("localhost", "ldap.skotthyll.no")})
    assert "is not for the name ldap.skotthyll.no" in the("D-CERT-NAME", found).sentence
    assert found.exit_code == 2


def test_certificate_that_soon_expires(tmp_path: Path) -> None:
    with clinic(tmp_path, certificate="expiring", extra_config=NEW_TLS) as opened:
        found = opened.examine()
    assert the("D-CERT-EXPIRES", found).sentence.endswith(", in 6 days.")
    assert found.exit_code == 1


def test_server_that_still_accepts_old_tls(tmp_path: Path) -> None:
    with clinic(tmp_path) as opened:
        found = opened.examine()
    assert the("D-TLS-WEAK", found).sentence.startswith("The server still accepts TLS 1.1")
    assert found.exit_code == 1


def test_port_without_tls(in_order: Clinic) -> None:
    found = in_order.examine(directory={"url": in_order.server.url.replace("ldap:", "ldaps:")})
    gc.collect()
    assert "does not start TLS" in the("D-TLS-NONE", found).sentence
    assert found.exit_code == 2


@pytest.mark.parametrize("url", ["ldaps://localhost:1", "ldap://localhost:1"])
def test_server_that_does_not_answer(in_order: Clinic, url: str) -> None:
    found = in_order.examine(directory={"url": url})
    assert the("D-UNREACHABLE", found).sentence.endswith("does not respond. Is it running, and is the address correct?")
    assert found.exit_code == 3


def test_server_that_goes_down_in_the_middle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from feideprov.check import server_settings as looks
    from feideprov.directory.ldap.directory import LdapDirectory

    monkeypatch.setitem(inspect.unwrap(LdapDirectory.__init__).__kwdefaults__, "patience", 0.5)
    with clinic(tmp_path, extra_config=NEW_TLS) as opened:
        configuration = looks.configuration
        monkeypatch.setattr(looks, "configuration", lambda *a: opened.server.kill() or configuration(*a))
        found = opened.examine()
    gc.collect()
    assert found.checks[-1].finding == the("D-UNREACHABLE", found)
    assert look("schema", found.checks).state is State.GOOD  # what was found before is told
    assert found.exit_code == 3


def test_ca_file_that_is_not_there(in_order: Clinic, tmp_path: Path) -> None:
    found = in_order.examine(directory={"ca_file": tmp_path / "none.pem"})
    assert "(ca_file) contains no certificates" in the("D-CONFIGURATION", found).sentence
    assert found.exit_code == 2


def test_socket_and_clear_text_are_not_what_feide_uses(in_order: Clinic) -> None:
    for section in ({"url": in_order.server.ldapi, "bind_dn": None, "password_file": None, "ca_file": None},):
        found = in_order.examine(directory=section)
        assert the("D-NOT-LDAPS", found).severity == "note"
        assert found.exit_code == 0
    found = in_order.examine(directory={"url": in_order.server.url, "tls": "off", "ca_file": None})
    assert "uses no TLS on ldap://127.0.0.1" in the("D-NOT-LDAPS", found).sentence
    assert found.exit_code == 0
    found = in_order.examine(directory={"url": in_order.server.url})
    assert "uses StartTLS" in the("D-NOT-LDAPS", found).sentence
    assert look("TLS version", found.checks).state is State.GOOD


def test_refused_bind_password_is_told_beside_what_was_found_before(in_order: Clinic, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("wrong")
    found = in_order.examine(directory={"password_file": wrong})
    assert the("D-BIND", found).sentence.startswith("The directory refused the password of cn=feideprov,")
    assert "D-FILE-MODE" in codes(found)
    assert look("certificate", found.checks).state is State.GOOD
    assert found.exit_code == 2
    found = in_order.examine(directory={"password_file": tmp_path / "none"})
    assert "cannot be read" in the("D-CONFIGURATION", found).sentence
    assert found.exit_code == 2


def test_base_and_place_for_users_that_are_not_there(in_order: Clinic) -> None:
    found = in_order.examine(directory={"users_dn": "ou=nobody,dc=skotthyll,dc=no"})
    assert "The entry ou=nobody,dc=skotthyll,dc=no does not exist" in the("D-BASE", found).sentence
    found = in_order.examine(directory={"users_dn": "ou=people,dc=elsewhere,dc=no", "base_dn": None})
    assert "no naming context that contains" in the("D-BASE", found).sentence
    assert found.exit_code == 2


def test_nothing_is_asked_twice_where_the_base_is_out_of_reach(in_order: Clinic) -> None:
    denied = in_order.examine(OLENA, PASSWORD, directory={"bind_dn": None, "password_file": None})
    assert [finding.code for finding in denied.findings] == ["D-CERT-PRIVATE", "D-RIGHTS-READ"]
    assert denied.exit_code == 3
    places = {"base_dn": "dc=elsewhere,dc=no", "users_dn": "ou=people,dc=elsewhere,dc=no"}
    elsewhere = in_order.examine(OLENA, PASSWORD, directory=places)
    assert look("the rest", elsewhere.checks).sentence == "Not checked. First correct base_dn."
    assert elsewhere.exit_code == 2
    for found in (denied, elsewhere):
        assert [(step.name, step.state) for step in found.login] == [("search", State.SKIPPED)]


def test_the_schema_is_looked_at_before_there_is_a_place_for_users(tmp_path: Path) -> None:
    with PrivateSlapd(noredu=False, extra_config=NEW_TLS) as server:
        found = Clinic(server, tmp_path).examine(directory={"users_dn": "ou=nobody,dc=skotthyll,dc=no"})
    assert {"D-BASE", "D-SCHEMA"} <= codes(found)
    assert "give the bind account the right to read" in the("D-BASE", found).action


def test_the_schema_and_the_settings_are_looked_at_before_there_is_a_base(tmp_path: Path) -> None:
    places = {"base_dn": "ou=new,dc=skotthyll,dc=no", "users_dn": "ou=people,ou=new,dc=skotthyll,dc=no"}
    with PrivateSlapd(noredu=False, unique=False, extra_config=(*NEW_TLS, *TELLING)) as server:
        found = Clinic(server, tmp_path).examine(directory=places)
    assert {"D-BASE", "D-SCHEMA", "D-INDEX", "D-UNIQUE"} <= codes(found)
    assert look("the rest", found.checks).sentence == "Not checked. First correct base_dn."
    assert found.exit_code == 2


def test_server_that_takes_no_changes(tmp_path: Path) -> None:
    with clinic(tmp_path, person(), extra_config=NEW_TLS) as opened:
        configuration = opened.server.log_file.parent / "slapd.conf"
        configuration.write_text(configuration.read_text() + "\nreadonly on\n")
        opened.server.restart()
        found = opened.examine()
    assert the("D-RIGHTS-WRITE", found).sentence.startswith("The server accepts no changes. It is read-only")
    assert found.exit_code == 1


def test_schema_that_is_missing_comes_with_the_files_to_load(tmp_path: Path) -> None:
    with PrivateSlapd(noredu=False, extra_config=NEW_TLS) as server:
        found = Clinic(server, tmp_path).examine()
    finding = the("D-SCHEMA", found)
    assert finding.sentence.startswith("These are missing in the schema: eduPersonAffiliation, ")
    assert all(f"{name}.ldif" in finding.action for name in ("eduperson", "eduorg", "noredu"))
    assert "schac" not in finding.action  # only where the configuration writes schacHomeOrganization
    assert found.exit_code == 2


def test_server_that_does_not_tell_is_not_taken_for_good(tmp_path: Path) -> None:
    with clinic(tmp_path, person(), extra_config=NEW_TLS) as opened:
        found = opened.examine()
    states = {check.name: check.state for check in found.checks}
    assert {states[name] for name in ("indexes", "uniqueness", "logs", "clock")} == {State.UNKNOWN}
    assert found.exit_code == 0


def test_without_the_unique_overlay_and_with_a_log_of_filters(tmp_path: Path) -> None:
    config = (*NEW_TLS, "loglevel stats", *TELLING)
    with clinic(tmp_path, person(), unique=False, extra_config=config) as opened:
        found = opened.examine(directory={"source_id_attribute": "departmentNumber"})
    said = the("D-UNIQUE", found).sentence
    assert said == ("The server allows two users with the same value in: uid, eduPersonPrincipalName, norEduPersonNIN.")
    assert the("D-LOGS-FILTERS", found).severity == "note"
    assert "There is no index for departmentNumber (eq)" in the("D-INDEX", found).sentence
    assert "“olcDbIndex: departmentNumber eq”" in the("D-INDEX", found).action
    assert found.exit_code == 1


def as_reader(opened: Clinic) -> dict[str, object]:
    secret = opened.folder / "reader-password"
    secret.write_text(opened.server.reader_password)
    secret.chmod(0o600)
    return {"bind_dn": opened.server.reader_dn, "password_file": secret}


def test_account_that_is_cut_short_and_may_not_write(tmp_path: Path) -> None:
    people = [person(f"p{n}") for n in range(4)]
    with clinic(tmp_path, *people, size_limit=3, extra_config=NEW_TLS) as opened:
        found = opened.examine(directory=as_reader(opened))
    assert "stopped after" in the("D-SIZE-LIMIT", found).sentence
    assert found.exit_code == 1


def test_asking_for_write_rights_changes_nothing(in_order: Clinic) -> None:
    def everything() -> dict[str, object]:
        with in_order.directory() as directory:
            return {str(e.dn): dict(e.items()) for e in directory.below(directory.base, ("*", "+"))}

    before = everything()
    assert look("write rights", in_order.examine().checks).state is State.GOOD
    reader = in_order.examine(directory=as_reader(in_order))
    assert the("D-RIGHTS-WRITE", reader).sentence == "The bind account has no right to write norEduPersonNIN."
    watching = in_order.examine(directory={**as_reader(in_order), "mode": "watch"})
    assert look("write rights", watching.checks).state is State.SKIPPED
    assert everything() == before


@pytest.mark.parametrize(
    ("hidden", "code"), [("eduPersonPrincipalName", "D-RIGHTS-READ"), ("norEduPersonNIN", "D-RIGHTS-NUMBER")]
)
def test_attribute_that_the_account_may_not_read(tmp_path: Path, hidden: str, code: str) -> None:
    access = (f"access to attrs={hidden} by * none",)
    with clinic(tmp_path, extra_access=access, extra_config=NEW_TLS) as opened:
        admin = {"bind_dn": opened.server.admin_dn, "password": opened.server.password}
        from feideprov.directory.entry import Add
        from feideprov.directory.ldap.directory import LdapDirectory

        with LdapDirectory(opened.server.url, base=opened.server.suffix, tls=False, **admin) as directory:
            assert [w.error for w in directory.write([Add(person(norEduPersonNIN=[NUMBER]))])] == [None]
        found = opened.examine()
    assert "or the bind account has no right to read it" in the(code, found).sentence


def test_finding_that_the_configuration_accepts_is_no_failure(tmp_path: Path) -> None:
    accepted = {"code": "D-TLS-WEAK", "reason": "the copiers need it until summer", "on": "2026-11-01"}
    with clinic(tmp_path) as opened:
        found = opened.examine(check={"ignore": [accepted]})
        outdated = opened.examine(check={"ignore": [{**accepted, "until": "2026-11-02"}]})
    assert (the("D-TLS-WEAK", found).expected, the("D-TLS-WEAK", found).because) == (
        True,
        "the copiers need it until summer (decided on 2026-11-01)",
    )
    assert found.exit_code == 0
    assert outdated.exit_code == 1


def test_accepted_finding_of_the_doctor_is_no_error_for_the_check(tmp_path: Path) -> None:
    accepted = {"code": "D-TLS-WEAK", "reason": "the copiers need it until summer", "on": "2026-11-01"}
    settings = example_settings(tmp_path, check={"ignore": [accepted]})
    with Client(settings, directory=example_directory()) as feide:
        assert feide.check() == []


def test_no_name_is_none(in_order: Clinic) -> None:
    with pytest.raises(InputError, match="in the form user@realm"):
        in_order.examine(" ")


def test_number_is_never_asked_for_as_a_name(in_order: Clinic) -> None:
    with pytest.raises(InputError, match="contains an identity number") as raised:
        in_order.examine(f"{NUMBER}@skotthyll.kommune.no")
    assert NUMBER[:6] not in str(raised.value)
