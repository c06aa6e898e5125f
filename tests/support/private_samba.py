"""A private Samba: a real Active Directory domain controller on a loopback address of its own, for the tests.

Its ports cannot be chosen (389 and 636), so it takes an address of its own of the loopback net, and only root can start
it. Nothing of it but LDAP runs, and nothing of the machine's own is read or changed but the package's programs.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import re
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from feideprov.errors import ConfigurationError, DirectoryError, scrub
from feideprov.schema.files import schema_text
from feideprov.testing.certificates import make_certificates

_PACKAGES = "samba samba-ad-provision samba-dsdb-modules winbind ldb-tools"
_SETUP = Path(__file__).with_name("samba_setup.py")
_START_SECONDS = 180.0
_STOP_SECONDS = 60.0
_PORTS = (389, 636)


@dataclass(kw_only=True, eq=False)
class PrivateSamba:
    """One domain controller, started by `start` or `with`, gone after `stop`.

    `service_dn` is what feideprov should be run as: an ordinary account that may make, change and delete entries below
    the suffix, give passwords there, and read what is confidential there; it may not change rights. The suffix is the
    domain. As everywhere in Active Directory since 2020, a password is not taken without TLS, which `url` starts and
    `ldaps` has from the beginning. Raises ConfigurationError where Samba is missing, DirectoryError where it does not
    come up.
    """

    suffix: str = "dc=skotthyll,dc=no"
    noredu: bool = True
    address: str = field(init=False, default="")
    service_password: str = field(init=False, repr=False, default_factory=lambda: "Aa1-" + secrets.token_urlsafe(18))
    _home: Path | None = field(init=False, repr=False, default=None)
    _process: subprocess.Popen[bytes] | None = field(init=False, repr=False, default=None)

    @property
    def service_dn(self) -> str:
        return f"cn=feideprov,cn=users,{self.suffix}"

    @property
    def people_dn(self) -> str:
        return f"ou=people,{self.suffix}"

    @property
    def url(self) -> str:
        return f"ldap://{self.address}"

    @property
    def ldaps(self) -> str:
        return f"ldaps://{self.address}"

    @property
    def ca_file(self) -> Path:
        return self._path("ca.pem")

    @property
    def log_file(self) -> Path:
        return self._path("samba.log")

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> Self:
        """Make a domain with the package's schema, and serve it."""
        if self._home is not None:
            raise ConfigurationError("This private Samba was already started. Create another one, or call restart().")
        program = _program("samba")
        self._home = Path(tempfile.mkdtemp(prefix="feideprov-samba-"))
        atexit.register(self.stop)
        try:
            self.address = _free_address()
            make_certificates(self._home, "good", self.address)
            self._set_up()
            self._configure()
            self._launch(program)
        except BaseException:
            self.stop()
            raise
        return self

    def restart(self) -> None:
        """Serve the same domain again, also after `kill`."""
        self._end()
        self._launch(_program("samba"))

    def kill(self) -> None:
        """End it as a lost machine would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(_STOP_SECONDS)

    def stop(self) -> None:
        """End it and take the folder away; without effect when that was done."""
        self._end()
        if self._home is not None:
            shutil.rmtree(self._home, ignore_errors=True)
        atexit.unregister(self.stop)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _path(self, name: str) -> Path:
        if self._home is None:
            raise ConfigurationError("This private Samba has not been started.")
        return self._home / name

    @property
    def _smb_conf(self) -> Path:
        return self._path("etc") / "smb.conf"

    def _set_up(self) -> None:
        """Make the domain. Passwords go in at standard input, so no process list shows one."""
        asked = {
            "folder": str(self._home),
            "address": self.address,
            "realm": ".".join(re.findall(r"dc=([a-z0-9-]+)", self.suffix)).upper(),
            "schema": schema_text("ad") if self.noredu else "",
            "suffix": self.suffix,
            "account": "feideprov",
            "password": self.service_password,
        }
        command = [_program("python3", "/usr/bin"), str(_SETUP)]
        told = json.dumps(asked).encode()
        done = subprocess.run(command, input=told, capture_output=True, check=False, env=_environment())
        if done.returncode:
            raise DirectoryError(f"Samba's domain could not be made: {_last_line(done.stderr)}")

    def _configure(self) -> None:
        """LDAP alone, on the address alone, with the certificate."""
        self._path("server.key").chmod(0o600)
        ours = {
            "interfaces": f"{self.address}/8",
            "bind interfaces only": "yes",
            "server services": "ldap",
            "disable netbios": "yes",
            "tls enabled": "yes",
            "tls keyfile": self._path("server.key"),
            "tls certfile": self._path("server.pem"),
            "tls cafile": self.ca_file,
            "log level": "1",
            "ldb:nosync": "yes",  # like the other private servers, not synced to disk at each write
            "pid directory": self._home,  # otherwise there could be one for each machine
            "ncalrpc dir": self._path("ncalrpc"),
            "old password allowed period": "0",  # otherwise an hour
        }
        kept = [
            line
            for line in self._smb_conf.read_text(encoding="utf-8").splitlines()
            if line.partition("=")[0].strip() not in ours
        ]
        at = kept.index("[global]") + 1
        lines = [*kept[:at], *(f"\t{key} = {value}" for key, value in ours.items()), *kept[at:]]
        self._smb_conf.write_text("\n".join(lines) + "\n", encoding="utf-8")

    def _launch(self, program: str) -> None:
        """It ends by itself when this process does: it then finds its standard input closed."""
        command = [program, "-i", "--no-process-group", "-M", "single", "-s", str(self._smb_conf)]
        with self.log_file.open("ab") as log:
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=log, stderr=log, env=_environment())
        deadline = time.monotonic() + _START_SECONDS
        while not all(_answers(self.address, port) for port in _PORTS):
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise DirectoryError(f"Samba did not start: {_last_line(self.log_file.read_bytes())}")
            time.sleep(0.02)

    def _end(self) -> None:
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
        if self._process.stdin is not None:
            self._process.stdin.close()


def _program(name: str, places: str | None = None) -> str:
    found = shutil.which(name, path=places) or shutil.which(name, path="/usr/sbin:/usr/bin:/usr/local/sbin")
    if found is None:
        raise ConfigurationError(f"There is no {name} on this machine; install: apt-get install {_PACKAGES}")
    return found


def _free_address() -> str:
    """An address of the loopback net where nobody listens: each process that runs tests has one of its own."""
    while True:
        address = f"127.{100 + secrets.randbelow(100)}.{secrets.randbelow(256)}.{1 + secrets.randbelow(254)}"
        with socket.socket() as probe, contextlib.suppress(OSError):
            try:
                probe.bind((address, _PORTS[0]))
            except PermissionError:
                raise ConfigurationError(
                    "Samba's ports cannot be chosen, and below 1024 they are root's: run these tests as root."
                ) from None
            return address


def _answers(address: str, port: int) -> bool:
    try:
        socket.create_connection((address, port), 1).close()
    except OSError:
        return False
    return True


def _environment() -> dict[str, str]:
    """Nothing of this process's environment: no PYTHONPATH either."""
    return {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"}


def _last_line(said: bytes) -> str:
    lines = [line.strip() for line in said.decode(errors="replace").splitlines() if line.strip()]
    return scrub(lines[-1]) if lines else "it said nothing."
