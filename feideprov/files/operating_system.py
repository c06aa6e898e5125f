"""Whether this system has what writing needs."""

from __future__ import annotations

from feideprov.errors import ConfigurationError
from feideprov.installation import page
from feideprov.messages import Sentence


def require_locks() -> None:
    """Raise ConfigurationError where the system has no locks that end with their process, nor folders that can be
    flushed to disk: on Windows. What only reads and shows works there too."""
    try:
        import fcntl  # noqa: F401 - POSIX only
    except ImportError:
        raise ConfigurationError(
            Sentence(
                "feideprov does not write anything on Windows, which lacks the locks that keep two runs apart. Run it "
                "on Linux: on a small Debian machine, in WSL2 or in a container, as the page {page} says.",
                page=page("nb/windows.md"),
            )
        ) from None
