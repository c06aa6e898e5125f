"""The command line."""

from __future__ import annotations

import gc
import io
import sys


def main() -> None:
    """The entry point `feideprov`. Ends with the exit codes of docs/commands.md."""
    try:
        sys.exit(_run())
    except KeyboardInterrupt:  # while the modules are imported: nothing was done
        sys.exit(3)


def _run() -> int:
    from feideprov.cli.streams import guarded_output, take_free_places

    take_free_places()
    try:
        import typer  # noqa: F401
    except ModuleNotFoundError:
        from feideprov.installation import missing_extra
        from feideprov.messages import Sentence

        with guarded_output():
            print(missing_extra("cli", Sentence("The command line")), file=sys.stderr)  # noqa: T201
        return 2
    from feideprov.cli.app import run

    gc.disable()  # until all is imported: modules are no garbage, and looking for it took a tenth of the time

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal without æøå still shows every sentence
    return run(sys.argv[1:])
