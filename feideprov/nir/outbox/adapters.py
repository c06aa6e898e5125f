"""Finds the outbox adapter that the configuration names, among the entry points of what is installed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from contextlib import contextmanager
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from feideprov.errors import ConfigurationError
from feideprov.installation import page
from feideprov.messages import Sentence, listed
from feideprov.nir.model import NumberKind
from feideprov.nir.outbox.outbox import GROUP, Outbox, OutboxContext
from feideprov.programs.arguments import fits
from feideprov.system_errors import reason_of
from feideprov.text import shown


class AdapterError(Exception):
    """What an adapter raised, in words: how it is called in its own program, or what the system said."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@contextmanager
def code_of_others() -> Iterator[None]:
    """A time in which the code of an adapter runs. Whatever exception it raises becomes an AdapterError, which quotes
    nothing of it: it may have a number in it. An adapter does not end the program either."""
    try:
        yield
    except BaseException as error:
        if not isinstance(error, Exception | SystemExit):
            raise  # the person who stops the program
        system = reason_of(error) if isinstance(error, OSError) and isinstance(error.strerror, str) else ""
        why = system if isinstance(system, Sentence) else shown(system or type(error).__name__, 100)
        raise AdapterError(why) from None


def adapter_named(name: str, context: OutboxContext, *, among: Iterable[EntryPoint] | None = None) -> Outbox:
    """The adapter with a name.

    Parameters:
        name: its name, as `[nir] outbox` has it.
        context: what it is made with.
        among: the entry points; without them, those of all installed packages.

    Raises:
        ConfigurationError: there is none with that name, it cannot be loaded, or it lacks something.
    """
    found = list(entry_points(group=GROUP) if among is None else among)
    places = {one.value: one for one in found if one.name == name}
    if len(places) != 1:
        raise ConfigurationError(_not_one(name, {one.name for one in found}, len(places)))
    [entry_point] = places.values()
    try:
        with code_of_others():
            outbox = entry_point.load()(context)
            lacking = list(lacking_in(outbox))
    except AdapterError as error:
        raise ConfigurationError(
            Sentence(
                "The outbox adapter “{name}” ([nir] outbox) cannot be loaded ({why}). Ask its vendor, or choose "
                "another one.",
                name=shown(name, 100),
                why=error.why,
            )
        ) from None
    if lacking:
        raise ConfigurationError(
            Sentence(
                "The outbox adapter “{name}” ([nir] outbox) cannot be used: {lacking}. Ask its vendor: {page}.",
                name=shown(name, 100),
                lacking=listed(lacking),
                page=page("nir-vendors.md"),
            )
        )
    return outbox  # type: ignore[no-any-return]  # looked at above


def _not_one(name: str, names: Iterable[str], found: int) -> Sentence:
    if not name:
        said = Sentence("No outbox adapter is chosen, so nothing can be handed over.")
    elif found:
        said = Sentence("Several packages have an outbox adapter “{name}”.", name=shown(name, 100))
    else:
        said = Sentence("There is no outbox adapter “{name}”.", name=shown(name, 100))
    there = sorted(names)
    if not there:
        return Sentence("{said} None is installed: see {page}.", said=said, page=page("nir-vendors.md"))
    if found:
        return Sentence("{said} Uninstall all but one of them.", said=said)
    return Sentence(
        "{said} Write the name of an installed one into the configuration ([nir] outbox): {names}.",
        said=said,
        names=listed(there),
    )


def lacking_in(outbox: Any) -> Iterator[Sentence]:
    """What an adapter does not have, or has in another kind than the protocol says."""
    wanted = {
        "name": (str, Sentence("a text")),
        "fields": (Set[str], Sentence("a frozenset of texts")),
        "numbers": (tuple[NumberKind, ...], Sentence("a tuple of kinds of numbers")),
    }
    for attribute, (kind, words) in wanted.items():
        if not fits(getattr(outbox, attribute, None), kind):
            yield Sentence("its attribute {attribute} is not {words}", attribute=attribute, words=words)
    if not callable(getattr(outbox, "send", None)):
        yield Sentence("it has no method send")
