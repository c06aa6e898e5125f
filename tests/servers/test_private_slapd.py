"""The private slapd does what its docstring says: identities, limits, TLS, crashes, and no trace afterwards."""

from __future__ import annotations

import os
import socket
import ssl
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import ldap3
import pytest
from argon2 import PasswordHasher
from ldap3.core.exceptions import LDAPExceptionError

import feideprov.testing.slapd as module
from feideprov.directory.password import stored
from feideprov.errors import ConfigurationError, DirectoryError
from feideprov.testing import local_server
from feideprov.testing.slapd import PrivateSlapd

SIZE_LIMIT, CONSTRAINT_VIOLATION, INSUFFICIENT_ACCESS = 4, 19, 50
PAGED_RESULTS = "1.2.840.113556.1.4.319"


@pytest.fixture(scope="module")
def small() -> Iterator[PrivateSlapd]:
    """A server that lets ordinary users read ten entries at a time."""
    with PrivateSlapd(size_limit=10) as server:
        yield server


@contextmanager
def connected(
    server: PrivateSlapd, dn: str | None = None, password: str | None = None, *, get_info: str = ldap3.NONE
) -> Iterator[ldap3.Connection]:
    """A bound connection; as the service unless told otherwise.

    Leaving ldap3's own `with` does not close a connection that was bound when it was entered.
    """
    dn, password = (dn, password) if dn else (server.service_dn, server.service_password)
    connection = ldap3.Connection(ldap3.Server(server.url, get_info=get_info), dn, password)
    try:
        assert connection.bind()
        yield connection
    finally:
        connection.unbind()


def may_log_in(server: PrivateSlapd, dn: str | None = None, password: str | None = None) -> bool:
    dn, password = (dn, password) if dn else (server.service_dn, server.service_password)
    connection = ldap3.Connection(ldap3.Server(server.url, get_info=ldap3.NONE), dn, password)
    try:
        return bool(connection.bind())
    finally:
        connection.unbind()


@contextmanager
def over_tls(server: PrivateSlapd, url: str) -> Iterator[ldap3.Connection]:
    """A verified connection: from the first byte for ldaps, by StartTLS for ldap."""
    tls = ldap3.Tls(validate=ssl.CERT_REQUIRED, ca_certs_file=str(server.ca_file))
    place = ldap3.Server(url, tls=tls, get_info=ldap3.NONE)
    connection = ldap3.Connection(place, server.service_dn, server.service_password)
    try:
        connection.open()
        if url.startswith("ldap:"):
            connection.start_tls()
        connection.bind()
        yield connection
    finally:
        if connection.socket is not None:
            connection.socket.close()  # ldap3 leaves it open after a handshake that failed


def add_person(connection: ldap3.Connection, server: PrivateSlapd, uid: str, **more: str) -> int:
    attributes = {"cn": uid, "sn": uid, **more}
    classes = ["inetOrgPerson", "eduPerson", "norEduPerson"] if server.noredu else ["inetOrgPerson"]
    connection.add(f"uid={uid},{server.people_dn}", classes, attributes)
    return int(connection.result["result"])


# --- identities and rights


def test_service_account_writes_and_is_no_rootdn(small: PrivateSlapd) -> None:
    with connected(small) as service:
        assert add_person(service, small, "writer") == 0
        assert service.modify(f"uid=writer,{small.people_dn}", {"sn": [(ldap3.MODIFY_REPLACE, ["New"])]})
        assert service.delete(f"uid=writer,{small.people_dn}")
    assert small.service_dn != small.admin_dn


def test_reader_reads_everything_but_passwords_and_writes_nothing(small: PrivateSlapd) -> None:
    with connected(small) as service:
        add_person(service, small, "kept", userPassword="{SSHA}irrelevant", norEduPersonLIN="x:y:z")
    with connected(small, small.reader_dn, small.reader_password) as reader:
        assert reader.search(f"uid=kept,{small.people_dn}", "(objectClass=*)", attributes=["*"])
        found = reader.response[0]["attributes"]
        assert "norEduPersonLIN" in found
        assert "userPassword" not in found
        assert add_person(reader, small, "never") == INSUFFICIENT_ACCESS


def test_nobody_else_sees_an_entry(small: PrivateSlapd) -> None:
    with connected(small) as service:
        add_person(service, small, "alone", userPassword="open sesame")
        add_person(service, small, "other")
    with ldap3.Connection(ldap3.Server(small.url, get_info=ldap3.NONE)) as anonymous:
        assert not anonymous.search(small.suffix, "(uid=alone)")
    with connected(small, f"uid=alone,{small.people_dn}", "open sesame") as user:
        assert user.search(f"uid=alone,{small.people_dn}", "(objectClass=*)", ldap3.BASE, attributes=["uid"])
        assert not user.search(f"uid=other,{small.people_dn}", "(objectClass=*)", ldap3.BASE)


def test_external_over_ldapi_is_the_service(small: PrivateSlapd) -> None:
    # ldap3 2.9.1 asks the socket's address for a port, which a Unix socket lacks, so ldapwhoami it is
    done = subprocess.run(
        ["ldapwhoami", "-Y", "EXTERNAL", "-Q", "-H", small.ldapi], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == f"dn:{small.service_dn}"


def test_size_limit_cuts_the_reader_and_not_the_service(small: PrivateSlapd) -> None:
    with connected(small) as service:
        for number in range(12):
            add_person(service, small, f"many{number}")
        assert service.search(small.people_dn, "(uid=many*)", attributes=["uid"])
        assert len(service.response) == 12
    with connected(small, small.reader_dn, small.reader_password) as reader:
        reader.search(small.people_dn, "(uid=many*)", attributes=["uid"])
        assert (reader.result["result"], len(reader.response)) == (SIZE_LIMIT, 10)
    with connected(small, small.reader_dn, small.reader_password) as reader:
        seen, cookie = 0, None
        while True:  # pages do not get around it
            reader.search(small.people_dn, "(uid=many*)", attributes=["uid"], paged_size=4, paged_cookie=cookie)
            seen += len(reader.response)
            if reader.result["result"] != 0:
                break
            cookie = reader.result["controls"][PAGED_RESULTS]["value"]["cookie"]
        assert (reader.result["result"], seen) == (SIZE_LIMIT, 10)


# --- passwords


@pytest.mark.parametrize("argon2", [True, False])
def test_user_logs_in_with_the_own_password(argon2: bool) -> None:
    with PrivateSlapd(argon2=argon2) as server, connected(server) as service:
        hashes = {"ssha": stored("pass phrase", "ssha").decode()}
        if argon2:
            hasher = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1)
            hashes["argon2"] = "{ARGON2}" + hasher.hash("pass phrase")
        for uid, value in hashes.items():
            assert add_person(service, server, uid, userPassword=value) == 0
            assert may_log_in(server, f"uid={uid},{server.people_dn}", "pass phrase")
            assert not may_log_in(server, f"uid={uid},{server.people_dn}", "another")
        made = service.extend.standard.modify_password(f"uid=ssha,{server.people_dn}", new_password="third")
        assert made
        service.search(f"uid=ssha,{server.people_dn}", "(objectClass=*)", ldap3.BASE, attributes=["userPassword"])
        scheme = b"{ARGON2}" if argon2 else b"{SSHA}"
        assert service.response[0]["raw_attributes"]["userPassword"][0].startswith(scheme)
        assert may_log_in(server, f"uid=ssha,{server.people_dn}", "third")


# --- uniqueness and schema


@pytest.mark.parametrize("attribute", ["eduPersonPrincipalName", "norEduPersonNIN"])
def test_unique_overlay_refuses_a_second_holder(slapd: PrivateSlapd, attribute: str) -> None:
    with connected(slapd) as service:
        assert add_person(service, slapd, "first", **{attribute: "the-one-value"}) == 0
        assert add_person(service, slapd, "second", **{attribute: "THE-ONE-VALUE"}) == CONSTRAINT_VIOLATION
        service.delete(f"uid=first,{slapd.people_dn}")


def test_without_unique_a_second_holder_is_let_in() -> None:
    with PrivateSlapd(unique=False) as server, connected(server) as service:
        assert add_person(service, server, "first", norEduPersonNIN="x") == 0
        assert add_person(service, server, "second", norEduPersonNIN="x") == 0


def test_without_noredu_the_schema_is_absent() -> None:
    with PrivateSlapd(noredu=False) as server, connected(server, get_info=ldap3.SCHEMA) as service:
        assert add_person(service, server, "plain") == 0
        assert "inetOrgPerson" in service.server.schema.object_classes
        assert "norEduPerson" not in service.server.schema.object_classes


# --- TLS


@pytest.mark.filterwarnings("ignore:ssl.match_hostname:DeprecationWarning")  # ldap3 2.9.1 on Python 3.11
def test_tls_with_the_private_authority(slapd: PrivateSlapd) -> None:
    for url in (slapd.url, slapd.ldaps, slapd.ldaps.replace("localhost", "127.0.0.1")):
        with over_tls(slapd, url) as connection:
            assert connection.extend.standard.who_am_i() == f"dn:{slapd.service_dn}"
            assert connection.socket.version() in {"TLSv1.2", "TLSv1.3"}


@pytest.mark.parametrize(("certificate", "cause"), [("expired", "expired"), ("foreign", "unable to get local issuer")])
def test_bad_certificates_are_refused(certificate: module.Certificate, cause: str) -> None:
    with PrivateSlapd(certificate=certificate) as server:
        for url in (server.ldaps, server.url):
            with pytest.raises(LDAPExceptionError, match=cause), over_tls(server, url):
                pass
        assert may_log_in(server)  # the server itself is well


# --- crashes, restarts, logs


def test_killed_and_restarted_keeps_ports_and_data() -> None:
    with PrivateSlapd() as server:
        with connected(server) as service:
            add_person(service, server, "survivor")
        places = (server.url, server.ldaps, server.ldapi)
        server.kill()
        assert not server.running
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", server._ports[0]))
        server.restart()
        assert (server.url, server.ldaps, server.ldapi) == places
        with connected(server) as service:
            assert service.search(server.people_dn, "(uid=survivor)")
        server.restart()  # also while it runs
        assert may_log_in(server)


def test_stats_log_is_on_only_where_asked(slapd: PrivateSlapd, small: PrivateSlapd) -> None:
    for server, logged in ((slapd, True), (small, False)):
        with connected(server) as service:
            service.search(server.people_dn, "(employeeNumber=looked-for)")
        assert ("looked-for" in server.log_file.read_text()) is logged


def test_taken_ports_are_left_to_their_owner(monkeypatch: pytest.MonkeyPatch) -> None:
    free = module.free_port
    with socket.socket() as owner:
        owner.bind(("127.0.0.1", free()))
        owner.listen()
        taken = owner.getsockname()[1]
        offers = iter([taken, free(), free(), taken])
        monkeypatch.setattr(module, "free_port", lambda: next(offers, None) or free())
        with PrivateSlapd() as server:
            assert str(taken) not in server.url + server.ldaps
            assert may_log_in(server)


# --- failures and traces


def test_missing_slapd_is_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(local_server, "_PROGRAM_FOLDERS", ())
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ConfigurationError, match="apt-get install slapd ldap-utils"):
        PrivateSlapd().start()


def test_refused_configuration_names_the_line_without_long_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigurationError, match=r"line \d+: unknown directive <bogus…>"):
        PrivateSlapd(extra_config=["bogus123456"]).start()


def test_slapd_that_exits_is_a_directory_error_with_its_last_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PrivateSlapd, "_load_base", lambda self, program: None)  # no offline check before it
    with pytest.raises(DirectoryError, match=r"slapd did not start: .*unknown directive <bogus…>"):
        PrivateSlapd(extra_config=["bogus123456"]).start()


@pytest.mark.parametrize("suffix", ["", "o=x", 'dc=a"', "dc=a\nrootpw x"])
def test_odd_suffixes_are_refused(suffix: str) -> None:
    with pytest.raises(ConfigurationError):
        PrivateSlapd(suffix=suffix)


def test_temporary_folder_and_process_are_gone_afterwards() -> None:
    server = PrivateSlapd().start()
    home = server.log_file.parent
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert stat.S_IMODE((home / "slapd.conf").stat().st_mode) == 0o600
    server.stop()
    server.stop()
    assert not home.exists()
    assert not server.running


def test_failed_start_leaves_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(ConfigurationError):
        PrivateSlapd(extra_config=["bogus"]).start()
    assert list(tmp_path.iterdir()) == []


def test_given_folder_stays_and_must_be_empty(tmp_path: Path) -> None:
    with PrivateSlapd(folder=tmp_path / "a b") as server:
        assert may_log_in(server)
    assert (tmp_path / "a b" / "db" / "data.mdb").exists()
    with pytest.raises(ConfigurationError, match="not empty"):
        PrivateSlapd(folder=tmp_path / "a b").start()
    with pytest.raises(ConfigurationError, match="too long"):
        PrivateSlapd(folder=tmp_path / ("x" * 100)).start()


def parts_with_data(path: Path) -> Iterator[bytes]:
    """What stands in a file, without its holes: almost all of a database's gigabyte is one."""
    with path.open("rb") as file:
        end, at = path.stat().st_size, 0
        while at < end:
            try:
                at = os.lseek(file.fileno(), at, os.SEEK_DATA)
            except OSError:  # nothing but a hole is left
                return
            hole = os.lseek(file.fileno(), at, os.SEEK_HOLE)
            yield os.pread(file.fileno(), hole - at, at)
            at = hole


def test_passwords_are_nowhere_in_the_clear(slapd: PrivateSlapd) -> None:
    secrets = [slapd.password, slapd.service_password, slapd.reader_password]
    assert not any(secret in repr(slapd) for secret in secrets)
    files = [path for path in slapd.log_file.parent.rglob("*") if path.is_file()]
    texts = [part for path in files for part in parts_with_data(path)]
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):  # it has ended in between
            texts.append(path.read_bytes())
    assert not any(secret.encode() in text for text in texts for secret in secrets)


@pytest.mark.skipif(os.getuid() != 0, reason="an ordinary user is what the other tests then run as")
def test_works_for_an_ordinary_user() -> None:
    """In a child, since a process that gave its rights up does not get them back."""
    program = (
        "import os\n"
        "from feideprov.testing.slapd import PrivateSlapd\n"
        "with PrivateSlapd(): pass\n"  # loads what is loaded late: this Python may be root's alone
        "os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
        "with PrivateSlapd() as server:\n"
        "    print(os.stat(f'/proc/{server._process.pid}').st_uid)\n"
    )
    # the package may not be installed, and its folder is then not on the child's path
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(module.__file__).parents[2])}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=environment, check=False)
    assert (done.stdout.strip(), done.stderr) == ("65534", "")
