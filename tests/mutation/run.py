"""Mutation tests of feideprov/numbers with cosmic-ray: every small change of the code must make a test fail.

    .venv/bin/python tests/mutation/run.py [--workers N] [--folder FOLDER]

Each worker has a copy of the project of its own, because cosmic-ray changes the files that it tests, and a session of
its own, a part of the whole. Prints the mutants that survived; exits 1 when fewer than 95 of 100 were killed. A run
that was broken off goes on where it was, with the copies that it made: delete the folder to begin anew.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sqlite3
import subprocess
import sys
import tomllib
from collections import Counter
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).parents[2]
CONFIG = Path("tests", "mutation", "cosmic-ray.toml")
PROGRAMS = Path(sys.executable).parent
NEEDED = ("feideprov", "tests", "docs", "pyproject.toml")
WANTED = 0.95
SURVIVORS = """
    SELECT module_path, start_pos_row, operator_name, diff
    FROM mutation_specs JOIN work_results USING (job_id)
    WHERE test_outcome = 'SURVIVED' ORDER BY module_path, start_pos_row
"""
OUTCOMES = "SELECT coalesce(test_outcome, worker_outcome), count(*) FROM work_results GROUP BY 1"


def main() -> int:
    """Run what is left, then tell."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    options.add_argument("--folder", type=Path, default=ROOT / "build" / "mutation")
    given = options.parse_args()
    if not given.folder.exists():
        begin(given.folder, given.workers)
    copies = sorted(given.folder.iterdir())
    workers = [start("cosmic-ray", "exec", str(CONFIG), "session.sqlite", copy=copy) for copy in copies]
    codes = [worker.wait() for worker in workers]
    if any(codes):
        raise SystemExit("cosmic-ray broke off.")
    return told([copy / "session.sqlite" for copy in copies])


def begin(folder: Path, workers: int) -> None:
    """The copies, and in each of them its part of the mutants."""
    copies = [folder / f"{number:02d}" for number in range(workers)]
    for copy in copies:
        copy.mkdir(parents=True)
        for name in NEEDED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, copy)
        warm_up(copy)
    start("cosmic-ray", "init", str(CONFIG), "session.sqlite", copy=copies[0]).wait()
    start("cr-filter-operators", "session.sqlite", str(CONFIG), copy=copies[0]).wait()
    for copy in copies[1:]:
        shutil.copy(copies[0] / "session.sqlite", copy)
    for number, copy in enumerate(copies):
        with closing(sqlite3.connect(copy / "session.sqlite")) as database:
            others = "SELECT job_id FROM work_items WHERE rowid % ? != ?"
            for table in ("work_results", "mutation_specs", "work_items"):
                database.execute(f"DELETE FROM {table} WHERE job_id IN ({others})", (workers, number))
            database.commit()


def warm_up(copy: Path) -> None:
    """See the tests pass, and keep everything compiled but the modules that are to be changed."""
    command = tomllib.loads((copy / CONFIG).read_text())["cosmic-ray"]["test-command"]
    environment = {name: value for name, value in surroundings().items() if name != "PYTHONDONTWRITEBYTECODE"}
    if subprocess.run(command.split(), cwd=copy, env=environment, check=False).returncode:
        raise SystemExit("The tests fail before anything is changed.")
    shutil.rmtree(copy / "feideprov" / "numbers" / "__pycache__")


def surroundings() -> dict[str, str]:
    """The environment with this environment's programs first; nothing that was changed is kept compiled."""
    return os.environ | {
        "PYTHONDONTWRITEBYTECODE": "1",
        "PATH": os.pathsep.join([str(PROGRAMS), os.environ["PATH"]]),
    }


def start(name: str, *words: str, copy: Path) -> subprocess.Popen[bytes]:
    """Start a program of this environment in a copy, whose package goes before the installed one."""
    return subprocess.Popen([str(PROGRAMS / name), *words], cwd=copy, env=surroundings())


def told(sessions: list[Path]) -> int:
    """Print survivors and counts."""
    survivors, outcomes = [], Counter[str]()
    for session in sessions:
        with closing(sqlite3.connect(session)) as database:
            survivors += database.execute(SURVIVORS).fetchall()
            outcomes.update(dict(database.execute(OUTCOMES).fetchall()))
    for module, row, operator, diff in sorted(survivors):
        print(f"{module}:{row} {operator.removeprefix('core/')}")
        print("\n".join(line for line in diff.splitlines()[2:] if line[:1] in "+-"))
    filtered = outcomes.pop("SKIPPED", 0)
    killed = 1 - len(survivors) / outcomes.total()
    print(f"{outcomes.total()} mutants, {killed:.1%} killed, {len(survivors)} survived; {filtered} filtered out")
    return 0 if killed >= WANTED else 1


if __name__ == "__main__":
    sys.exit(main())
