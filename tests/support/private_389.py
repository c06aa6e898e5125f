"""A private 389 Directory Server: a real ns-slapd on loopback, in a folder of its own, for as long as a test needs it.

`dscreate` wants root, systemd and folders of the machine, and takes six seconds. What it does is little: it fills in
the template of the configuration that the package brings, and makes a certificate database. Here that is done for a
temporary folder, so that it works for every user, in half a second, and leaves nothing behind.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from feideprov.directory.entry import Add, Entry
from feideprov.directory.ldap.directory import LdapDirectory
from feideprov.directory.password import stored
from feideprov.errors import ConfigurationError, DirectoryError, scrub
from feideprov.schema.files import schema_files
from feideprov.testing.certificates import make_certificates
from feideprov.testing.local_server import free_port

_TEMPLATES = Path("/usr/share/dirsrv/data")
_INSTALL = "install it with: apt-get install 389-ds-base libnss3-tools"
_PREFIX = "feideprov-389-"
_START_SECONDS = 180.0
_BACKEND = "cn=userRoot,cn=ldbm database,cn=plugins,cn=config"
_FOLDERS = ("db", "run", "log", "tmp")


@dataclass(kw_only=True, eq=False)
class Private389:
    """One 389 DS, started by `start` or `with`, gone after `stop`; the same attributes as PrivateSlapd.

    `service_dn` is what feideprov should be run as, with write rights and no limits; `reader_dn` reads everything but
    passwords, at most `size_limit` entries at a time. The access log is on, and written at once. `unique` is the
    attribute uniqueness plug-in for user name, Feide name and number. Raises ConfigurationError where the
    server is not installed, DirectoryError where it does not come up.
    """

    suffix: str = "dc=skotthyll,dc=no"
    unique: bool = True
    size_limit: int = 500
    password: str = field(init=False, repr=False, default_factory=lambda: secrets.token_urlsafe(18))
    service_password: str = field(init=False, repr=False, default_factory=lambda: secrets.token_urlsafe(18))
    reader_password: str = field(init=False, repr=False, default_factory=lambda: secrets.token_urlsafe(18))
    _home: Path | None = field(init=False, repr=False, default=None)
    _ports: tuple[int, int] = field(init=False, repr=False, default=(0, 0))
    _process: subprocess.Popen[bytes] | None = field(init=False, repr=False, default=None)

    admin_dn = "cn=Directory Manager"

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
    def ca_file(self) -> Path:
        return self._path("ca.pem")

    @property
    def log_file(self) -> Path:
        """The access log: who asked for what."""
        return self._path("log/access")

    @property
    def error_log(self) -> Path:
        return self._path("log/errors")

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> Self:
        """Make the folder, the certificates and the base entries, and start the server on free ports."""
        _clear_what_dead_runs_left()
        self._home = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))
        atexit.register(self.stop)
        try:
            self._furnish()
            self._launch_on_free_ports()
            self._add_base()
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """End the server and remove its folder. Does nothing the second time."""
        atexit.unregister(self.stop)
        self.kill()  # in good order it takes two seconds, for a database that goes anyway
        if self._home is not None:
            _remove(self._home)

    def kill(self) -> None:
        """End the server at once, as a crash would (SIGKILL); `restart` brings it back with its data."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def restart(self) -> None:
        """Start the server again on the same ports and database, after ending it where it still runs."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(_START_SECONDS)
        if not self._launch():
            raise self._failure()

    def directory(self) -> LdapDirectory:
        """The directory, bound as the service account."""
        return self._bound_as(self.service_dn, self.service_password)

    def as_admin(self) -> LdapDirectory:
        """The directory, bound as the account to which no access rule applies."""
        return self._bound_as(self.admin_dn, self.password)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *exc: object) -> None:
        self.stop()

    # --- inside

    def _path(self, name: str) -> Path:
        if self._home is None:
            raise ConfigurationError("This private 389 DS has not been started.")
        return self._home / name

    @property
    def _config(self) -> Path:
        """Its name is the machine's name for a semaphore of this server, so no two may share it."""
        home = self._path("")
        return home / home.name

    def _bound_as(self, dn: str, password: str) -> LdapDirectory:
        return LdapDirectory(
            self.ldaps, base=self.suffix, bind_dn=dn, password=password, ca_file=str(self.ca_file), kind="389"
        )

    def _furnish(self) -> None:
        for name in _FOLDERS:
            self._path(name).mkdir()
        schema = self._config / "schema"
        schema.mkdir(parents=True)
        for path in schema_files("389"):
            shutil.copy(path, schema)
        (self._config / "certmap.conf").write_text("certmap default default\n")
        (self._config / "slapd-collations.conf").touch()  # orders of languages; the machine's is for root only
        make_certificates(self._path(""), "good")
        pair = ("-in", "server.pem", "-inkey", "server.key", "-certfile", "ca.pem", "-name", "Server-Cert")
        self._run("openssl", "pkcs12", "-export", *pair, "-out", "server.p12", "-passout", "pass:")
        folder = str(self._config)
        self._run("certutil", "-N", "-d", folder, "--empty-password")
        self._run("pk12util", "-i", "server.p12", "-d", folder, "-W", "", "-K", "")
        self._run("certutil", "-A", "-d", folder, "-n", "ca", "-t", "CT,,", "-i", "ca.pem")

    def _run(self, *command: str) -> None:
        if shutil.which(command[0]) is None:
            raise ConfigurationError(f"There is no {command[0]} on this machine; {_INSTALL}")
        subprocess.run(command, cwd=self._home, check=True, capture_output=True)

    def _configuration(self) -> str:
        """dse.ldif, as the package's templates make it."""
        try:
            templates = [Path(_TEMPLATES, f"template-{name}.ldif").read_text() for name in ("dse", "suffix-db")]
        except OSError:
            raise ConfigurationError(f"There is no 389 Directory Server on this machine; {_INSTALL}") from None
        values = {
            "fqdn": "localhost",
            "ds_port": self._ports[0],
            "ds_user": pwd.getpwuid(os.getuid()).pw_name,
            "rootdn": self.admin_dn,
            "ds_passwd": stored(self.password, "ssha").decode(),
            "ldapi_enabled": "off",
            "ldapi_autobind": "off",
            "ldapi": self._path("run/ldapi"),
            "ds_suffix": self.suffix,
            "ds_bename": "userRoot",
            "db_lib": "bdb\nnsslapd-db-durable-transaction: off",  # as PrivateSlapd, not synced at each write
            **{f"{name}_dir": self._config for name in ("config", "cert", "inst")},
            **{f"{name}_dir": self._path("db") for name in ("db", "db_home")},
            **{f"{name}_dir": self._path("run") for name in ("run", "lock")},
            **{f"{name}_dir": self._path("tmp") for name in ("tmp", "ldif", "bak")},
            "log_dir": self._path("log"),
            "schema_dir": self._config / "schema",
        }
        # two empty lines in a row are an entry to 389, and it ends without a word
        text = "\n\n".join(re.sub(r"(?m)^#.*\n", "", template).strip() for template in templates)
        text = re.sub(r"%(\w+)%", lambda match: str(values[match[1]]), text)
        text = text.replace("cn: config\n", "cn: config\n" + "".join(f"{line}\n" for line in self._settings()), 1)
        # a plug-in that refuses a user name or an address with a Norwegian letter
        seven_bits = "NS7bitAttr_Init\nnsslapd-plugintype: betxnpreoperation\nnsslapd-pluginenabled: "
        text = text.replace(seven_bits + "on", seven_bits + "off")
        return "\n\n".join([text, *self._indexes(), *(self._uniqueness() if self.unique else [])]) + "\n"

    def _settings(self) -> list[str]:
        return [
            "nsslapd-listenhost: 127.0.0.1",
            "nsslapd-securelistenhost: 127.0.0.1",
            f"nsslapd-securePort: {self._ports[1]}",
            "nsslapd-security: on",
            "nsslapd-accesslog-logbuffering: off",
            "nsslapd-securitylog-logbuffering: off",
            "nsslapd-allow-anonymous-access: rootdse",
            f"nsslapd-sizelimit: {self.size_limit}",
        ]

    def _indexes(self) -> list[str]:
        wanted = dict.fromkeys(("uid", "cn", "mail", "employeeNumber", "eduPersonPrincipalName"), ("eq",))
        # presence: numbers never stand in a filter, (norEduPersonNIN=*) is what is asked instead
        wanted |= {"norEduPersonNIN": ("pres", "eq"), "uid": ("pres", "eq")}
        return [
            f"dn: cn=index,{_BACKEND}\nobjectClass: top\nobjectClass: extensibleObject\ncn: index",
            *(
                f"dn: cn={name},cn=index,{_BACKEND}\nobjectClass: top\nobjectClass: nsIndex\ncn: {name}\n"
                "nsSystemIndex: false\n" + "\n".join(f"nsIndexType: {kind}" for kind in kinds)
                for name, kinds in wanted.items()
            ),
        ]

    def _uniqueness(self) -> list[str]:
        return [
            f"dn: cn={name} uniqueness,cn=plugins,cn=config\nobjectClass: top\nobjectClass: nsSlapdPlugin\n"
            f"objectClass: extensibleObject\ncn: {name} uniqueness\nnsslapd-pluginPath: libattr-unique-plugin\n"
            "nsslapd-pluginInitfunc: NSUniqueAttr_Init\nnsslapd-pluginType: betxnpreoperation\n"
            "nsslapd-pluginEnabled: on\nnsslapd-plugin-depends-on-type: database\nnsslapd-pluginId: NSUniqueAttr\n"
            "nsslapd-pluginVersion: 1\nnsslapd-pluginVendor: 389\nnsslapd-pluginDescription: none\n"
            f"uniqueness-attribute-name: {name}\nuniqueness-subtrees: {self.suffix}\n"
            "uniqueness-across-all-subtrees: on"
            for name in ("uid", "eduPersonPrincipalName", "norEduPersonNIN")
        ]

    def _add_base(self) -> None:
        with self._bound_as(self.admin_dn, self.password) as directory:
            base = directory.base
            rights = (
                f'(target="ldap:///{base}")(targetattr="*")(version 3.0; acl "service"; '
                f'allow (all) userdn="ldap:///{self.service_dn}";)',
                '(targetattr!="userPassword")(version 3.0; acl "reader"; '
                f'allow (read, search, compare) userdn="ldap:///{self.reader_dn}";)',
                '(targetattr!="userPassword")(version 3.0; acl "self"; '
                'allow (read, search, compare) userdn="ldap:///self";)',
            )
            account = ["organizationalRole", "simpleSecurityObject"]
            no_limits = {
                name: ["-1"]
                for name in (
                    *("nsSizeLimit", "nsLookThroughLimit", "nsTimeLimit"),
                    *("nsIDListScanLimit", "nsPagedSizeLimit", "nsPagedLookThroughLimit"),
                )
            }
            name = base.rdns[0][0][1]
            entries = [
                Entry(base, {"objectClass": ["domain", "top"], "dc": [name], "aci": list(rights)}),
                Entry(base.child("ou", "people"), {"objectClass": ["organizationalUnit"], "ou": ["people"]}),
                Entry(
                    base.child("cn", "feideprov"),
                    {"objectClass": account, "cn": ["feideprov"], "userPassword": [self.service_password]} | no_limits,
                ),
                Entry(
                    base.child("cn", "feide"),
                    {"objectClass": account, "cn": ["feide"], "userPassword": [self.reader_password]},
                ),
            ]
            for written in directory.write([Add(entry) for entry in entries]):
                if written.error is not None:
                    raise written.error

    def _launch_on_free_ports(self) -> None:
        for _attempt in range(5):
            self._ports = (free_port(), free_port())
            (self._config / "dse.ldif").write_text(self._configuration())
            if self._launch():
                return
        raise self._failure()

    def _launch(self) -> bool:
        """Start the server and wait until it answers; False when it ends instead."""
        program = shutil.which("ns-slapd", path=os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin"]))
        if program is None:
            raise ConfigurationError(f"There is no ns-slapd on this machine; {_INSTALL}")
        with self._path("log/output").open("ab") as output:
            self._process = subprocess.Popen(
                [program, "-d", "0", "-D", str(self._config), "-i", str(self._path("run/pid"))],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        deadline = time.monotonic() + _START_SECONDS
        while not self._answers():
            if self._process.poll() is not None:
                return False
            if time.monotonic() > deadline:
                self.kill()
                return False
            time.sleep(0.01)
        return True

    def _answers(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self._ports[1]), 5):
            return True
        return False

    def _failure(self) -> DirectoryError:
        told = [p.read_text(errors="replace")[-2000:] for p in (self.error_log, self._path("log/output")) if p.exists()]
        return DirectoryError("389 DS did not start: " + scrub(" ".join(told) or "it said nothing."))


def _clear_what_dead_runs_left() -> None:
    """Servers and folders of test processes that were killed before they could clear up."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        owner = folder.name.removeprefix(_PREFIX).partition("-")[0]
        if Path("/proc", owner).exists():
            continue
        with contextlib.suppress(OSError, ValueError):
            server = int((folder / "run/pid").read_text())
            if str(folder).encode() in Path(f"/proc/{server}/cmdline").read_bytes():
                os.kill(server, signal.SIGKILL)
        _remove(folder)


def _remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    with contextlib.suppress(OSError):
        Path(f"/dev/shm/sem.{folder.name}.stats").unlink()
