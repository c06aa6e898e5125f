"""A machine of its own for the commands of a page: folders, network and processes that only it has.

The pages on setting up a server name the folders and ports of a real machine. Linux gives a process tree its own view
of them (namespaces), so that the commands run word for word, and the folders of the real machine stay as they are (a
folder that is missing is made, empty). It needs root. There is no systemd: `systemctl` is a script of the test, which
starts the same programs.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self


@dataclass(kw_only=True, eq=False)
class PrivateMachine:
    """One machine, from `start` or `with` to `stop`.

    `folders` are those that the machine has for itself: each one begins as a copy of the real one, or empty if it is
    in `empty`. `programs` are scripts that are found before those of the real machine, by name.
    """

    folders: Sequence[str] = ()
    empty: Sequence[str] = ()
    programs: Mapping[str, str] = field(default_factory=dict)
    home: Path = field(init=False)
    _process: subprocess.Popen[str] | None = field(init=False, repr=False, default=None)

    def start(self) -> Self:
        """Make its folders, and wait until it is ready."""
        self.home = Path(tempfile.mkdtemp(prefix="feideprov-machine-"))
        bin_folder = self.home / "bin"
        bin_folder.mkdir()
        for name, text in self.programs.items():
            (bin_folder / name).write_text(text)
            (bin_folder / name).chmod(0o755)
        script = ["set -e", "ip link set lo up", *self._mounts(), "echo ready", "exec sleep infinity"]
        apart = ["unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"]
        self._process = subprocess.Popen(
            [*apart, "sh", "-c", "\n".join(script)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "ready\n", "root, unshare (util-linux) and ip (iproute2) are needed"
        return self

    def stop(self) -> None:
        """End everything that runs on it, and remove its folders."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
        shutil.rmtree(self.home, ignore_errors=True)

    def run(self, command: str, cwd: Path, *, typed: str = "") -> str:
        """What a command line of `sh` prints, errors included. It must end with exit code 0."""
        done = self.ended(command, cwd, typed=typed)
        assert done.returncode == 0, f"{command}\n{done.stdout}"
        return done.stdout

    def ended(self, command: str, cwd: Path, *, typed: str = "") -> subprocess.CompletedProcess[str]:
        """A command line of `sh`, after it has ended. Its errors are in its output."""
        return subprocess.run(
            [*self._inside(cwd), "sh", "-c", command],
            input=typed,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )

    def begun(self, program: Sequence[str], cwd: Path, environment: Mapping[str, str]) -> subprocess.Popen[str]:
        """A program that goes on, with pipes to its standard input and output."""
        return subprocess.Popen(
            [*self._inside(cwd), *program],
            env={**self._environment, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *exc: object) -> None:
        self.stop()

    # --- inside

    def _inside(self, cwd: Path) -> list[str]:
        return ["nsenter", "--target", str(self._first_process), "--mount", "--net", "--pid", f"--wd={cwd}"]

    @property
    def _environment(self) -> dict[str, str]:
        path = f"{self.home / 'bin'}:{os.environ['PATH']}:/usr/sbin:/sbin"
        return {"PATH": path, "LANG": "C.UTF-8", "HOME": str(self.home)}

    @property
    def _first_process(self) -> int:
        assert self._process is not None
        number = self._process.pid
        return int(Path(f"/proc/{number}/task/{number}/children").read_text().split()[0])

    def _mounts(self) -> list[str]:
        memory = self.home / "memory"  # nothing waits for a disk
        lines = [f"mkdir {memory}", f"mount -t tmpfs -o mode=755 tmpfs {memory}"]
        for number, folder in enumerate((*self.folders, *self.empty)):
            own = memory / f"folder-{number}"
            lines.append(f"mkdir -p {folder} {own}")
            if folder in self.folders:
                lines.append(f"cp -a {folder}/. {own}")
            else:
                lines.append(f"chown --reference={folder} {own}; chmod --reference={folder} {own}")
            lines.append(f"mount --bind {own} {folder}")
        return lines
