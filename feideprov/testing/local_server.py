"""What a private server on this machine needs: its program, a free port, a folder of its own."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import socket
import tempfile
from pathlib import Path

from feideprov.errors import ConfigurationError, scrub_path
from feideprov.messages import Sentence

_PROGRAM_FOLDERS = ("/usr/sbin", "/usr/local/sbin", "/usr/libexec", "/usr/local/libexec", "/usr/lib/openldap")
_SOCKET_PATH_MAX = 100  # sun_path holds 108 bytes


def find_program(name: str, remedy: str) -> str:
    """The path of a program. Raises ConfigurationError, with the command that installs it, when it is missing."""
    places = os.pathsep.join([os.environ.get("PATH", os.defpath), *_PROGRAM_FOLDERS])
    found = shutil.which(name, path=places)
    if found is None:
        raise ConfigurationError(
            Sentence(
                "The program {program} is not on this machine. To install it, run: {command}",
                program=name,
                command=remedy,
            )
        )
    return found


def private_folder(folder: Path | None, prefix: str) -> Path:
    """The folder, created if necessary, or a new temporary one; only this user may use it. Raises ConfigurationError
    when it is not empty, or its name is too long for a socket in it."""
    if folder is None:
        return Path(tempfile.mkdtemp(prefix=prefix))
    folder = folder.absolute()
    if len(os.fsencode(folder / "ldapi")) > _SOCKET_PATH_MAX:
        raise ConfigurationError(
            Sentence(
                "The path of the folder {folder} is too long for a socket. Give a folder with a shorter path.",
                folder=scrub_path(folder),
            )
        )
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise ConfigurationError(
            Sentence("The folder {folder} is not empty. Give an empty or a new folder.", folder=scrub_path(folder))
        )
    folder.chmod(0o700)
    return folder


def write_private(path: Path, text: str) -> None:
    """Write a new file that only this user may read."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)


def free_port() -> int:
    """A free port, below the range of ports for outgoing connections.

    In that range a client that connects again and again while slapd is down could connect to itself.
    """
    while True:
        port = 20_000 + secrets.randbelow(12_000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
