"""A private PostgreSQL: a cluster of its own on loopback, in a temporary folder, for as long as the tests need it.

Nothing of the machine's own PostgreSQL is read or changed. The server refuses to run as root, so root lets the
package's own user `postgres` run it; anybody else runs it as oneself. It does not sync to disk, so it survives a
killed server but not a lost machine. Everybody logs in with a password.
"""

from __future__ import annotations

import atexit
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from itertools import count
from pathlib import Path
from typing import Any, Self

import psycopg

_PROGRAMS = Path("/usr/lib/postgresql")
_START_SECONDS = 120.0
_UNSAFE = ("fsync=off", "full_page_writes=off", "unix_socket_directories=", "max_connections=50")


class PrivatePostgres:
    """Started by `with`, gone after it. Raises RuntimeError where PostgreSQL is not installed or does not start."""

    def __init__(self) -> None:
        self.password = secrets.token_urlsafe(18)
        self.port = 0
        self._home = Path()
        self._process: subprocess.Popen[bytes] | None = None
        self._numbers = count(1)
        self._owner: dict[str, Any] = {}
        if os.geteuid() == 0:
            user = pwd.getpwnam("postgres")
            self._owner = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}

    def __enter__(self) -> Self:
        self._home = Path(tempfile.mkdtemp(prefix="private-postgres-"))
        atexit.register(self.stop)
        try:
            self._make_cluster()
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start the server, after `kill` on the same port with what was committed."""
        self.port = self.port or _free_port()
        settings = (*_UNSAFE, "listen_addresses=127.0.0.1", f"port={self.port}")
        options = [word for setting in settings for word in ("-c", setting)]
        with self.log_file.open("ab") as log:
            self._process = subprocess.Popen(
                [_program("postgres"), "-D", self._cluster, *options],
                stdout=log,
                stderr=log,
                cwd=self._home,
                **self._owner,
            )
        self._wait_until_it_answers()

    def kill(self) -> None:
        """End the server at once, as a crash would: nobody is told, nothing is tidied up."""
        self._end(signal.SIGQUIT)

    def stop(self) -> None:
        atexit.unregister(self.stop)
        self._end(signal.SIGQUIT)
        shutil.rmtree(self._home, ignore_errors=True)

    @property
    def log_file(self) -> Path:
        return self._home / "log"

    def database(self) -> str:
        """A new database; gives its URL, with the password."""
        name = f"journal{next(self._numbers)}"
        with self.connection() as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        return f"postgresql+psycopg://feideprov:{self.password}@127.0.0.1:{self.port}/{name}"

    def connection(self, database: str = "postgres") -> psycopg.Connection[Any]:
        """A connection beside those of the program, each statement a transaction."""
        return psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            user="feideprov",
            password=self.password,
            dbname=database,
            autocommit=True,
            connect_timeout=60,
        )

    # --- inside

    @property
    def _cluster(self) -> Path:
        return self._home / "cluster"

    def _make_cluster(self) -> None:
        secret = self._home / "password"
        secret.touch(mode=0o600)
        secret.write_text(self.password)
        if self._owner:
            for path in (self._home, secret):
                os.chown(path, self._owner["user"], self._owner["group"])
        words = ["-U", "feideprov", "-A", "scram-sha-256", f"--pwfile={secret}", "-E", "UTF8", "--locale=C.UTF-8", "-N"]
        made = subprocess.run(
            [_program("initdb"), "-D", self._cluster, *words],
            capture_output=True,
            text=True,
            cwd=self._home,
            check=False,
            **self._owner,
        )
        secret.unlink()
        if made.returncode:
            raise RuntimeError(f"initdb failed: {made.stderr}")

    def _wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while True:
            try:
                self.connection().close()
            except psycopg.OperationalError:
                assert self._process is not None
                if self._process.poll() is not None or time.monotonic() > deadline:
                    said = self.log_file.read_text(errors="replace")
                    raise RuntimeError(f"PostgreSQL did not start: {said}") from None
                time.sleep(0.02)
            else:
                return

    def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(how)
            process.wait(timeout=120)


def _program(name: str) -> str:
    """Of the newest version that is installed."""
    found = sorted(_PROGRAMS.glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    program = str(found[-1]) if found else shutil.which(name)
    if program is None:
        raise RuntimeError("The tests need PostgreSQL. Install it, then run again: apt-get install postgresql")
    return program


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
