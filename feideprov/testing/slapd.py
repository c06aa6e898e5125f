"""A private OpenLDAP: a real slapd on loopback, in a folder of its own, for as long as this process needs it.

`feideprov demo --server` and the tests use it. Nothing of the machine's own LDAP is read or changed except
the standard schema files, and it works for an ordinary user as well as for root. Without `sync` the database is not
synced to disk at each write, so it survives a killed slapd but not a lost machine. The configuration file, the
folder and the socket are for this user only, passwords reach slapd as hashes in that file, and nothing goes
to syslog.

AppArmor: a machine whose distribution confines slapd (Ubuntu does, Debian 12 does not) lets it read only its
own folders; there slapd fails at start, and the error says what to do.
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
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from feideprov.directory.password import stored
from feideprov.errors import ConfigurationError, DirectoryError, scrub
from feideprov.schema.files import schema_files
from feideprov.testing.certificates import Certificate, make_certificates

_PROGRAM_FOLDERS = ("/usr/sbin", "/usr/local/sbin", "/usr/libexec", "/usr/local/libexec", "/usr/lib/openldap")
_MODULE_FOLDERS = ("/usr/lib/ldap", "/usr/lib64/openldap", "/usr/lib/openldap", "/usr/libexec/openldap")
_SCHEMA_FOLDERS = ("/etc/ldap/schema", "/etc/openldap/schema", "/usr/local/etc/openldap/schema")
_APPARMOR_PROFILE = Path("/etc/apparmor.d/usr.sbin.slapd")
_SUFFIX = re.compile(r"dc=[a-z0-9-]+(,dc=[a-z0-9-]+)*", re.IGNORECASE)
_LOG_STAMP = re.compile(r"^[0-9a-f]{8}\.[0-9a-f]{8} 0x[0-9a-f]+ ")
_CONFIG_LINE = re.compile(r"slapd\.conf: line \d+: ")
_FAREWELLS = ("slapd stopped", "slapd shutdown", "slapd destroy", "connections_destroy")
_PORT_TAKEN = "Address already in use"
_SOCKET_PATH_MAX = 100  # sun_path holds 108 bytes
_START_SECONDS = 20.0
_STOP_SECONDS = 20.0


@dataclass(kw_only=True, eq=False)
class PrivateSlapd:
    """One slapd, started by `start` or `with`, gone after `stop`.

    Three identities: `admin_dn` is the rootdn, whom no access rule and no limit holds; `service_dn` is what
    feideprov should be run as, with write rights and no size limit; `reader_dn` is like Feide's own system
    user, who may read everything but passwords, at most `size_limit` entries at a time. A user reads the own
    entry. Over `ldapi`, SASL EXTERNAL by the user who runs this process is the service.

    `folder` must be empty or absent, and is left behind; without it a temporary one is made and removed.
    `noredu=False` leaves the package's schema out, and with it everything that speaks of its attributes.
    `certificate` says what the server shows: one that `ca_file` vouches for, one that runs out in a week or
    has run out, or one of an authority that `ca_file` does not know. `extra_access` goes before the access
    rules, `extra_config` at the end of the database's section of slapd.conf. `sync` makes each write wait for the disk,
    as it does on a server in earnest. Raises ConfigurationError where
    slapd or openssl is missing or refuses the configuration, DirectoryError where slapd does not come up.
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
            raise ConfigurationError(f"The suffix of a private slapd is made of dc= parts, not {scrub(self.suffix)!r}.")

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
        """Make the folder, the certificates and the base entries, and start slapd on free ports."""
        if self._home is not None:
            raise ConfigurationError("This private slapd was started before; make another, or use restart.")
        program = _program("slapd", "apt-get install slapd ldap-utils")
        self._home = _own_folder(self.folder)
        atexit.register(self.stop)
        try:
            make_certificates(self._home, self.certificate)
            self._path("db").mkdir()
            _write_private(self._path("slapd.conf"), "\n".join(self._configuration()) + "\n")
            self._load_base(program)
            self._launch_on_free_ports(program)
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """End slapd in good order and remove a temporary folder. Does nothing the second time."""
        atexit.unregister(self.stop)
        self._end()
        if self._home is not None and self.folder is None:
            shutil.rmtree(self._home, ignore_errors=True)

    def kill(self) -> None:
        """End slapd at once, as a crash would (SIGKILL); `restart` brings it back with its data."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def restart(self) -> None:
        """Start slapd again on the same ports and database, after ending it where it still runs."""
        self._end()
        program = _program("slapd", "apt-get install slapd ldap-utils")
        for _attempt in range(20):
            if self._launch(program):
                return
            time.sleep(0.1)
        raise self._failure()

    def load(self, path: Path) -> None:
        """Add the entries of an LDIF file while slapd is down: a hundred times as fast as over LDAP, and without the
        `unique` overlay. Raises DirectoryError when one of them is refused.
        """
        self._end()
        program = _program("slapd", "apt-get install slapd ldap-utils")
        if last := self._add_offline(program, path):
            raise DirectoryError(f"slapadd did not take the entries: {last}")
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
            raise ConfigurationError("This private slapd has not been started.")
        return self._home / name

    @property
    def _socket(self) -> Path:
        return self._path("ldapi")

    def _configuration(self) -> list[str]:
        modules = _first_folder(_MODULE_FOLDERS, "back_mdb.la", "back_mdb.so")
        wanted = ["back_mdb", *(["unique"] if self.unique else []), *(["argon2"] if self.argon2 else [])]
        return [
            *(f"include {_quoted(path)}" for path in self._schema()),
            "loglevel 0",  # that is syslog; standard error has its own level, see _launch
            f"pidfile {_quoted(self._path('slapd.pid'))}",
            f"argsfile {_quoted(self._path('slapd.args'))}",
            # without loadable modules everything is built in
            *([f"modulepath {_quoted(modules)}", *(f"moduleload {name}" for name in wanted)] if modules else []),
            f"TLSCertificateFile {_quoted(self._path('server.pem'))}",
            f"TLSCertificateKeyFile {_quoted(self._path('server.key'))}",
            "TLSProtocolMin 3.3",
            f"password-hash {'{ARGON2}' if self.argon2 else '{SSHA}'}",
            f'authz-regexp "^gidNumber=[0-9]+[+]uidNumber={os.getuid()},cn=peercred,cn=external,cn=auth$"'
            f' "{self.service_dn}"',
            "database mdb",
            f'suffix "{self.suffix}"',
            f'rootdn "{self.admin_dn}"',
            f"rootpw {stored(self.password, 'ssha').decode()}",
            f"directory {_quoted(self._path('db'))}",
            "maxsize 1073741824",
            *([] if self.sync else ["dbnosync"]),
            f"sizelimit {self.size_limit}",
            f'limits dn.exact="{self.service_dn}" size=unlimited time=unlimited',
            *self._indexes(),
            *self._access(),
            *self._unique_overlay(),
            *self.extra_config,
        ]

    def _schema(self) -> list[Path]:
        folder = _first_folder(_SCHEMA_FOLDERS, "inetorgperson.schema")
        if folder is None:
            raise ConfigurationError(
                "OpenLDAP's own schema files are missing; install them with `apt-get install slapd`."
            )
        standard = [folder / f"{name}.schema" for name in ("core", "cosine", "inetorgperson")]
        return [*standard, *(schema_files("openldap") if self.noredu else ())]

    def _indexes(self) -> list[str]:
        lines = ["index objectClass,entryUUID,uid,employeeNumber eq"]
        if self.noredu:
            # presence: numbers never stand in a filter, (norEduPersonNIN=*) is what is asked instead
            lines += ["index eduPersonPrincipalName,eduPersonEntitlement eq", "index norEduPersonNIN pres,eq"]
        return lines

    def _access(self) -> list[str]:
        service, reader = f'by dn.exact="{self.service_dn}" write', f'by dn.exact="{self.reader_dn}" read'
        return [
            *self.extra_access,
            f"access to attrs=userPassword {service} by self auth by anonymous auth by * none",
            f"access to * {service} {reader} by self read by anonymous auth by * none",
        ]

    def _unique_overlay(self) -> list[str]:
        if not self.unique:
            return []
        attributes = ["uid", *(["eduPersonPrincipalName", "norEduPersonNIN"] if self.noredu else [])]
        return ["overlay unique", *(f"unique_uri ldap:///{self.suffix}?{name}?sub" for name in attributes)]

    def _load_base(self, program: str) -> None:
        """The base entries, written offline so that no password is on a command line or on a wire."""
        base = self._path("base.ldif")
        _write_private(base, self._base_ldif())
        try:
            if last := self._add_offline(program, base):
                raise ConfigurationError(f"slapd does not take its configuration: {last}{_apparmor_hint()}")
        finally:
            base.unlink()

    def _add_offline(self, program: str, path: Path) -> str:
        """What slapadd says when it fails."""
        command = [program, "-T", "add", "-q", "-d", "none", "-f", str(self._path("slapd.conf")), "-l", str(path)]
        done = subprocess.run(command, capture_output=True, check=False, env=_environment())  # noqa: S603
        return _last_sentence(done.stderr) if done.returncode else ""

    def _base_ldif(self) -> str:
        name = self.suffix.split(",")[0][3:]
        top = "objectClass: organization\nobjectClass: dcObject"
        accounts = [
            f"dn: {dn}\nobjectClass: organizationalRole\nobjectClass: simpleSecurityObject\n"
            f"cn: {dn.split(',')[0][3:]}\nuserPassword: {stored(password, 'ssha').decode()}\n"
            for dn, password in (
                (self.service_dn, self.service_password),
                (self.reader_dn, self.reader_password),
            )
        ]
        return "\n".join(
            [
                f"dn: {self.suffix}\n{top}\no: {name}\ndc: {name}\n",
                f"dn: {self.people_dn}\nobjectClass: organizationalUnit\nou: people\n",
                *accounts,
            ]
        )

    def _launch_on_free_ports(self, program: str) -> None:
        for _attempt in range(10):
            self._ports = (_free_port(), _free_port())
            if self._launch(program):
                return
        raise self._failure()

    def _launch(self, program: str) -> bool:
        """Start slapd and wait until it answers; False when another process has one of the ports."""
        # the socket is the last to be opened, so once it answers the ports are ours and open too
        listeners = f"{self.url} {self.ldaps.replace('localhost', '127.0.0.1')} {self.ldapi}"
        level = "stats" if self.log_stats else "none"  # "none" still tells what goes wrong
        command = [program, "-h", listeners, "-f", str(self._path("slapd.conf")), "-d", level]
        with self.log_file.open("ab") as log:
            self._log_start = log.tell()
            self._process = subprocess.Popen(  # noqa: S603
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=_environment()
            )
        deadline = time.monotonic() + _START_SECONDS
        while not self._answers():
            if self._process.poll() is not None:
                if _PORT_TAKEN in self._new_log().decode(errors="replace"):
                    return False
                raise self._failure()
            if time.monotonic() > deadline:
                self.kill()
                raise self._failure()
            time.sleep(0.005)
        return True

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe, contextlib.suppress(OSError):
            probe.connect(str(self._socket))
            return True
        return False

    def _end(self) -> None:
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
        return DirectoryError(f"slapd did not start: {_last_sentence(self._new_log())}{_apparmor_hint()}")


def _program(name: str, remedy: str) -> str:
    places = os.pathsep.join([os.environ.get("PATH", os.defpath), *_PROGRAM_FOLDERS])
    found = shutil.which(name, path=places)
    if found is None:
        raise ConfigurationError(f"There is no {name} on this machine; install it with `{remedy}`.")
    return found


def _first_folder(folders: Sequence[str], *files: str) -> Path | None:
    return next((Path(place) for place in folders if any(Path(place, file).exists() for file in files)), None)


def _own_folder(folder: Path | None) -> Path:
    if folder is None:
        return Path(tempfile.mkdtemp(prefix="feideprov-slapd-"))
    folder = folder.absolute()
    if len(os.fsencode(folder / "ldapi")) > _SOCKET_PATH_MAX:
        raise ConfigurationError(f"The folder {folder} has too long a name for a socket in it.")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise ConfigurationError(f"The folder {folder} is not empty; a private slapd needs one of its own.")
    folder.chmod(0o700)
    return folder


def _write_private(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)


def _quoted(path: Path) -> str:
    escaped = str(path).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _free_port() -> int:
    """A port nobody listens on, below those that the system gives to outgoing connections.

    From that range a client that tries again and again while slapd is down would in the end reach itself.
    """
    while True:
        port = 20_000 + secrets.randbelow(12_000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def _environment() -> dict[str, str]:
    """Nothing of this process's environment but the path; and no ldap.conf of the machine."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LANG": "C", "LDAPNOINIT": "1"}


def _last_sentence(log: bytes) -> str:
    """What slapd said last that tells the cause, without stamps and without digits of people."""
    lines = [_LOG_STAMP.sub("", line).strip() for line in log.decode(errors="replace").splitlines()]
    told = [line for line in lines if line and not line.startswith(_FAREWELLS)]
    # a wrong line of slapd.conf is followed by the whole grammar
    causes = [line for line in told if _CONFIG_LINE.search(line)] or told
    return scrub(causes[-1]) if causes else "it said nothing."


def _apparmor_hint() -> str:
    if not _APPARMOR_PROFILE.exists():
        return ""
    return " AppArmor confines slapd here and may be the cause; `aa-complain /usr/sbin/slapd` lifts that."
