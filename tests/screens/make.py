"""Keeps a screen of every command for the pages: `PYTHONPATH=. .venv/bin/python tests/screens/make.py`.

To be run when a sentence was changed on purpose; the difference is then what a reviewer reads.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "goldens")]

from play import PAGE, SCREENS, WIDTHS, page, play  # noqa: E402 - after the path


def main() -> None:
    SCREENS.mkdir(parents=True, exist_ok=True)
    kept = set()
    for width in WIDTHS:
        with tempfile.TemporaryDirectory() as folder:
            for scene, screen in play(Path(folder).resolve(), width):
                path = SCREENS / f"{scene.name}.{width}.txt"
                path.write_text(screen, encoding="utf-8")
                kept.add(path)
    for path in set(SCREENS.glob("*.txt")) - kept:
        path.unlink()
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
