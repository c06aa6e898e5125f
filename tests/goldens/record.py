"""Writes down what the story of `story.py` says today: `python tests/goldens/record.py`.

To be run when a sentence was changed on purpose; the difference of `transcript.txt` is then what a reviewer reads. What
version 0.1.0 left behind (`0.1.0/`) is never made again.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from signatures import signatures
from story import HERE, tell, transcript


def main() -> None:
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE
    with tempfile.TemporaryDirectory() as folder:
        told = tell(Path(folder))
    (target / "transcript.txt").write_text(transcript(told), encoding="utf-8")
    (target / "signatures.txt").write_text(signatures(), encoding="utf-8")


if __name__ == "__main__":
    main()
