"""A private OpenLDAP: a real slapd on loopback, in a folder of its own, while this process needs it.

`feideprov demo --server` and the tests use it, as an ordinary user or as root. Of the machine's own LDAP only the
standard schema files are read, and nothing is changed. Without `sync` the database is not synced to disk at each write:
it survives a killed slapd, but not a crash of the machine. The folder, the configuration file in it and the socket are
for this user only, passwords are given to slapd as hashes in that file, and nothing is logged to syslog.

AppArmor: if the distribution confines slapd to its own folders (Ubuntu does, Debian 12 does not), slapd fails at start,
and the error says what to do.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import re
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from feideprov.errors import ConfigurationError, DirectoryError, scrub
from feideprov.messages import Sentence, joined
from feideprov.testing.certificates import Certificate, make_certificates
from feideprov.testing.local_server import find_program, free_port, private_folder, write_private
from feideprov.testing.slapd_config import Account, SlapdConfig

_APPARMOR_PROFILE = Path("/etc/apparmor.d/usr.sbin.slapd")
_SUFFIX = re.compile(r"dc=[a-z0-9-]+(,dc=[a-z0-9-]+)*", re.IGNORECASE)
_TIME_STAMP = re.compile(r"^[0-9a-f]{8}\.[0-9a-f]{8} 0x[0-9a-f]+ ")
_CONFIG_LINE = re.compile(r"slapd\.conf: line \d+: ")
_SHUTDOWN_LINES = ("slapd stopped", "slapd shutdown", "slapd destroy", "connections_destroy")
_PORT_TAKEN = "Address already in use"
_START_SECONDS = 20.0
_STOP_SECONDS = 20.0


@dataclass(kw_only=True, eq=False)
class PrivateSlapd:
    """One slapd, started by `start` or `with`, stopped by `stop`.

    It has three accounts: `admin_dn` is the rootdn, to which no access rule or limit applies; `service_dn` is for
    feideprov, with write rights and no size limit; `reader_dn` is like Feide's own account, which may read everything
    except passwords, at most `size_limit` entries in one search. Users may read their own entry. Over `ldapi`, SASL
    EXTERNAL as the user who runs this process is the service account.

    `folder` must be empty or absent, and is kept; without it a temporary folder is used and removed. `noredu=False`
    leaves out the package's schema and everything that uses its attributes. `certificate` is what the server shows: one
    that `ca_file` trusts, one that expires in a week or has expired, or one from an authority that `ca_file` does not
    have. `extra_access` is added before the access rules, `extra_config` at the end of the database section of
    slapd.conf. With `sync` each write waits for the disk, as on a production server.

    Raises ConfigurationError when slapd or openssl is missing or refuses the configuration, DirectoryError when slapd
    does not start.
    """

    suffix: str = "dc=skotthyll,dc=no"
    folder: Path | None = None
    unique: bool = True
    argon2: bool = True
    noredu: bool = True
    log_stats: bool = False
    size_limit: int = 500
    sync: bool = False
    certificate: Certificate = "good"
    extra_access: Sequence[str] = ()
    extra_config: Sequence[str] = ()
    password: str = field(init=False, repr=False, default_factory=lambda: secrets.token_urlsafe(18))
    service_password: str = field(init=False, repr=False, default_factory=lambda: secrets.token_urlsafe(18))
    reader_password: str = field(init=False, repr=False, default_factory=lambda: secrets.token_urlsafe(18))
    _home: Path | None = field(init=False, repr=False, default=None)
    _ports: tuple[int, int] = field(init=False, repr=False, default=(0, 0))
    _process: subprocess.Popen[bytes] | None = field(init=False, repr=False, default=None)
    _log_start: int = field(init=False, repr=False, default=0)

    def __post_init__(self) -> None:
        if not _SUFFIX.fullmatch(self.suffix):
            raise ConfigurationError(
                Sentence(
                    "The suffix of a private slapd must have only dc= parts, but this suffix is {suffix}.",
                    suffix=scrub(self.suffix),
                )
            )

    @property
    def admin_dn(self) -> str:
        return f"cn=admin,{self.suffix}"

    @property
    def service_dn(self) -> str:
        return f"cn=feideprov,{self.suffix}"

    @property
    def reader_dn(self) -> str:
        return f"cn=feide,{self.suffix}"

    @property
    def people_dn(self) -> str:
        return f"ou=people,{self.suffix}"

    @property
    def url(self) -> str:
        return f"ldap://127.0.0.1:{self._ports[0]}"

    @property
    def ldaps(self) -> str:
        return f"ldaps://localhost:{self._ports[1]}"

    @property
    def ldapi(self) -> str:
        return f"ldapi://{quote(str(self._socket), safe='')}"

    @property
    def ca_file(self) -> Path:
        return self._path("ca.pem")

    @property
    def log_file(self) -> Path:
        return self._path("slapd.log")

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> Self:
        """Create the folder, the certificates and the first entries, and start slapd on free ports."""
        if self._home is not None:
            raise ConfigurationError(
                Sentence("This private slapd was already started. Create another one, or call restart().")
            )
        program = find_program("slapd", "apt-get install slapd ldap-utils")
        self._home = private_folder(self.folder, "feideprov-slapd-")
        atexit.register(self.stop)
        try:
            make_certificates(self._home, self.certificate)
            self._path("db").mkdir()
            write_private(self._path("slapd.conf"), self._config.slapd_conf())
            self._load_base(program)
            self._launch_on_free_ports(program)
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """Terminate slapd and remove a temporary folder. Does nothing the second time."""
        atexit.unregister(self.stop)
        self._terminate()
        if self._home is not None and self.folder is None:
            shutil.rmtree(self._home, ignore_errors=True)

    def kill(self) -> None:
        """Kill slapd, as in a crash (SIGKILL); `restart` starts it again with its data."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def restart(self) -> None:
        """Start slapd again on the same ports and database; terminate it first if it is running."""
        self._terminate()
        program = find_program("slapd", "apt-get install slapd ldap-utils")
        for _attempt in range(20):
            if self._launch(program):
                return
            time.sleep(0.1)
        raise self._failure()

    def load(self, path: Path) -> None:
        """Add the entries of an LDIF file while slapd is stopped: a hundred times as fast as over LDAP, and without the
        `unique` overlay. Raises DirectoryError when one of them is refused.
        """
        self._terminate()
        program = find_program("slapd", "apt-get install slapd ldap-utils")
        if last := self._add_offline(program, path):
            raise DirectoryError(Sentence("slapadd did not accept the entries: {reason}", reason=last))
        self.restart()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    # --- inside

    def _path(self, name: str) -> Path:
        if self._home is None:
            raise ConfigurationError(Sentence("This private slapd has not been started."))
        return self._home / name

    @property
    def _socket(self) -> Path:
        return self._path("ldapi")

    @property
    def _config(self) -> SlapdConfig:
        return SlapdConfig(
            home=self._path(""),
            suffix=self.suffix,
            people_dn=self.people_dn,
            admin=Account(self.admin_dn, self.password),
            service=Account(self.service_dn, self.service_password),
            reader=Account(self.reader_dn, self.reader_password),
            unique=self.unique,
            argon2=self.argon2,
            noredu=self.noredu,
            size_limit=self.size_limit,
            sync=self.sync,
            extra_access=self.extra_access,
            extra_config=self.extra_config,
        )

    def _load_base(self, program: str) -> None:
        """Add the first entries offline, so that no password is in a command line or sent over a connection."""
        base = self._path("base.ldif")
        write_private(base, self._config.base_ldif())
        try:
            if last := self._add_offline(program, base):
                reason = joined([last, _apparmor_hint()])
                raise ConfigurationError(Sentence("slapd does not accept its configuration: {reason}", reason=reason))
        finally:
            base.unlink()

    def _add_offline(self, program: str, path: Path) -> str:
        """Add entries with slapadd. Returns its error, or an empty text."""
        command = [program, "-T", "add", "-q", "-d", "none", "-f", str(self._path("slapd.conf")), "-l", str(path)]
        done = subprocess.run(command, capture_output=True, check=False, env=_environment())  # noqa: S603
        return _last_error(done.stderr) if done.returncode else ""

    def _launch_on_free_ports(self, program: str) -> None:
        for _attempt in range(10):
            self._ports = (free_port(), free_port())
            if self._launch(program):
                return
        raise self._failure()

    def _launch(self, program: str) -> bool:
        """Start slapd and wait until it accepts connections; False if another process uses one of the ports."""
        # the socket is opened last: when it accepts a connection, the ports are open too
        listeners = f"{self.url} {self.ldaps.replace('localhost', '127.0.0.1')} {self.ldapi}"
        level = "stats" if self.log_stats else "none"  # "none" still includes errors
        command = [program, "-h", listeners, "-f", str(self._path("slapd.conf")), "-d", level]
        with self.log_file.open("ab") as log:
            self._log_start = log.tell()
            self._process = subprocess.Popen(  # noqa: S603
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=_environment()
            )
        deadline = time.monotonic() + _START_SECONDS
        while not self._is_listening():
            if self._process.poll() is not None:
                if _PORT_TAKEN in self._new_log().decode(errors="replace"):
                    return False
                raise self._failure()
            if time.monotonic() > deadline:
                self.kill()
                raise self._failure()
            time.sleep(0.005)
        return True

    def _is_listening(self) -> bool:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe, contextlib.suppress(OSError):
            probe.connect(str(self._socket))
            return True
        return False

    def _terminate(self) -> None:
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()

    def _new_log(self) -> bytes:
        return self.log_file.read_bytes()[self._log_start :]

    def _failure(self) -> DirectoryError:
        reason = joined([_last_error(self._new_log()), _apparmor_hint()])
        return DirectoryError(Sentence("slapd did not start: {reason}", reason=reason))


def _environment() -> dict[str, str]:
    """Only the path of this process's environment, and no ldap.conf of the machine."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LANG": "C", "LDAPNOINIT": "1"}


def _last_error(log: bytes) -> str:
    """The last line of slapd's output that says the cause, without time stamps, scrubbed."""
    lines = [_TIME_STAMP.sub("", line).strip() for line in log.decode(errors="replace").splitlines()]
    errors = [line for line in lines if line and not line.startswith(_SHUTDOWN_LINES)]
    # after an error in slapd.conf slapd prints the whole grammar
    causes = [line for line in errors if _CONFIG_LINE.search(line)] or errors
    return scrub(causes[-1]) if causes else Sentence("no reason was given.")


def _apparmor_hint() -> str:
    if not _APPARMOR_PROFILE.exists():
        return ""
    return Sentence(
        "Perhaps AppArmor is the cause, because it restricts slapd. To remove the restriction, run: "
        "aa-complain /usr/sbin/slapd"
    )
