"""What the operating system says when it cannot do something, as a sentence."""

from __future__ import annotations

from typing import Final

from feideprov.messages import Sentence, by_text

_KNOWN: Final = by_text(
    Sentence("No such file or directory"),
    Sentence("Permission denied"),
    Sentence("Operation not permitted"),
    Sentence("Is a directory"),
    Sentence("Not a directory"),
    Sentence("Directory not empty"),
    Sentence("File exists"),
    Sentence("File name too long"),
    Sentence("File too large"),
    Sentence("Too many levels of symbolic links"),
    Sentence("Too many links"),
    Sentence("Too many open files"),
    Sentence("Too many open files in system"),
    Sentence("No space left on device"),
    Sentence("Disk quota exceeded"),
    Sentence("Read-only file system"),
    Sentence("Input/output error"),
    Sentence("Text file busy"),
    Sentence("Device or resource busy"),
    Sentence("No such device"),
    Sentence("No such device or address"),
    Sentence("Invalid cross-device link"),
    Sentence("Invalid argument"),
    Sentence("Bad file descriptor"),
    Sentence("Broken pipe"),
    Sentence("Stale file handle"),
    Sentence("No locks available"),
    Sentence("Cannot allocate memory"),
    Sentence("Resource temporarily unavailable"),
    Sentence("Resource deadlock avoided"),
    Sentence("Interrupted system call"),
    Sentence("Operation not supported"),
    Sentence("Function not implemented"),
    Sentence("Connection refused"),
    Sentence("Connection timed out"),
    Sentence("Connection reset by peer"),
    Sentence("Software caused connection abort"),
    Sentence("Transport endpoint is not connected"),
    Sentence("No route to host"),
    Sentence("Network is unreachable"),
    Sentence("Network is down"),
    Sentence("Host is down"),
    Sentence("Address already in use"),
    Sentence("Cannot assign requested address"),
)
"""By the system's own text and not by its number: other libraries give their own texts with the same numbers."""


def reason_of(error: OSError) -> str:
    """Why the system did not do something: its own text, as a sentence where it is known. It has no full stop.

    >>> reason_of(FileNotFoundError(2, "No such file or directory")).in_language("nn")
    'fila eller mappa finst ikkje'
    """
    said = error.strerror
    if not said:
        return Sentence("input/output error")
    return said if isinstance(said, Sentence) else _KNOWN.get(said, said)
