"""Certificates of a private authority, for a private server on this machine."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Literal

from feideprov.errors import ConfigurationError, scrub
from feideprov.messages import Sentence
from feideprov.testing.local_server import find_program

Certificate = Literal["good", "expiring", "expired", "foreign", "common-name"]
"""`expiring`: in a week. `foreign`: signed by another authority than the one in ca.pem. `common-name`: without
subjectAltName."""

_DAYS = "90"
_NEW_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")


def make_certificates(folder: Path, kind: Certificate, address: str = "127.0.0.1") -> None:
    """Create an authority (ca.pem) and a certificate for localhost and a loopback address (server.pem) in a folder.

    Raises ConfigurationError when openssl is missing or fails.
    """
    _make_authority(folder, "ca")
    signer = "ca"
    if kind == "foreign":
        signer = "other"
        _make_authority(folder, signer)
    extensions = folder / "server.ext"
    names = "" if kind == "common-name" else f"subjectAltName=DNS:localhost,IP:{address}\n"
    extensions.write_text(
        f"{names}extendedKeyUsage=serverAuth\nbasicConstraints=critical,CA:FALSE\n",
        encoding="ascii",
    )
    _openssl(folder, "req", *_NEW_KEY, "-subj", "/CN=localhost", "-keyout", "server.key", "-out", "server.csr")
    days = {"expired": "-1", "expiring": "7"}.get(kind, _DAYS)
    signing = ("-CA", f"{signer}.pem", "-CAkey", f"{signer}.key", "-CAcreateserial", "-days", days)
    _openssl(
        folder,
        "x509",
        "-req",
        "-in",
        "server.csr",
        *signing,
        "-extfile",
        extensions.name,
        "-out",
        "server.pem",
    )


def _make_authority(folder: Path, name: str) -> None:
    use = ("-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign,cRLSign")
    files = ("-keyout", f"{name}.key", "-out", f"{name}.pem")
    _openssl(
        folder,
        "req",
        "-x509",
        *_NEW_KEY,
        "-days",
        _DAYS,
        "-subj",
        f"/CN=feideprov private {name}",
        *files,
        *use,
    )


def _openssl(folder: Path, *arguments: str) -> None:
    program = find_program("openssl", "apt-get install openssl")
    done = subprocess.run([program, *arguments], cwd=folder, capture_output=True, check=False)  # noqa: S603
    if done.returncode:
        last = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        reason = scrub("".join(last)) or Sentence("no reason was given.")
        raise ConfigurationError(Sentence("openssl could not create a certificate: {reason}", reason=reason))
