"""Merges what a source says about services into the register.

Facts of a source are replaced when it is read again. What people wrote down stays: the answers, when providers were
asked, the basis for names in notices. Only one thing undoes an answer: the service did not get the number before, and
does now. The answer did not consider the number, so the state is unknown again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from feideprov.journal.events import stamp
from feideprov.services.register.register import Register, batches
from feideprov.services.register.service import Answer, Dependency, Service

FACTS = ("names", "provider", "ways", "required", "activated", "contacts", "audience", "reason", "other")
"""The fields of a service that come from sources."""
_DEFAULTS = {name: Service.model_fields[name].get_default(call_default_factory=True) for name in FACTS}


@dataclass(frozen=True)
class Imported:
    """The result of an import: services as they are now in the register.

    `newly`: they get the number and did not before, so it is unknown again whether they depend on it. `gone`: their
    source does not list them any more. Each service is in one of the five groups only.
    """

    new: tuple[Service, ...] = ()
    changed: tuple[Service, ...] = ()
    gone: tuple[Service, ...] = ()
    newly: tuple[Service, ...] = ()
    unchanged: int = 0

    @property
    def counts(self) -> dict[str, int]:
        """How many of each."""
        counts = {name: len(getattr(self, name)) for name in ("new", "changed", "gone", "newly")}
        return {**counts, "unchanged": self.unchanged}


def merge(register: Register, listed: Sequence[Service], *, source: str, on: date, complete: bool) -> Imported:
    """Write down what a source lists, all or nothing.

    A fact is replaced if the source states it: `said` has it, or it is not the default. `source` is the same at every
    import of one source: with `complete`, services that it named before and does not list now are gone. If a service is
    listed twice, the later one counts.
    """
    fresh = {service.id: service for service in listed}
    moment = stamp()
    new, changed, newly, unchanged = list[Service](), list[Service](), list[Service](), 0
    with register.journal.run(), register.journal.writing() as connection:
        for some in batches(list(fresh)):
            known = {service.id: service for service in register.read(connection, some)}
            merged = [_merged(known.get(one), fresh[one], source, on, moment) for one in some]
            for service in merged:
                before = known.get(service.id)
                if before is None:
                    new.append(service)
                elif service.gets_number and not before.gets_number:
                    newly.append(service)
                elif _facts(service) != _facts(before):
                    changed.append(service)
                else:
                    unchanged += 1
            register.write(connection, [service for service in merged if service != known.get(service.id)])
        missed = sorted(register.ids(connection) - fresh.keys()) if complete else []
        gone = [_gone(one, on) for one in register.read(connection, missed) if _was_named(one, source)]
        register.write(connection, gone)
    return Imported(tuple(new), tuple(changed), tuple(gone), tuple(newly), unchanged)


def _was_named(service: Service, source: str) -> bool:
    """Whether the service is still listed, as far as is known, and has its name from this source."""
    named = service.said.get("names")
    return service.gone_on is None and named is not None and named.source == source


def _gone(service: Service, on: date) -> Service:
    return service.model_copy(update={"gone_on": on})


def _facts(service: Service) -> dict[str, Any]:
    return {name: getattr(service, name) for name in (*FACTS, "gone_on")}


def _merged(before: Service | None, fresh: Service, source: str, on: date, moment: str) -> Service:
    """The service as it is from now on."""
    if before is None:
        now = fresh
    else:
        stated = {name: getattr(fresh, name) for name in FACTS if _is_stated(fresh, name)}
        # A source that does not name it, such as a row of a table, does not know whether its own source lists it again.
        gone_on = None if "names" in fresh.said else before.gone_on
        now = before.model_copy(update=stated | {"said": {**before.said, **fresh.said}, "gone_on": gone_on})
    if before is None or _begins_to_concern_us(before, now):
        now = now.model_copy(update={"unsettled_since": moment})
    if before is not None and now.gets_number and not before.gets_number:
        unknown = Answer(state=Dependency.UNKNOWN, on=on, source=f"{source}: gets the number now, and did not before")
        now = now if before.answer.state is Dependency.UNKNOWN else now.answered(unknown)
        now = now.model_copy(update={"unsettled_since": moment, "asked_on": None, "reminded_on": None})
    return now


def _begins_to_concern_us(before: Service, now: Service) -> bool:
    """Coming back into a list does not count: its provider must also be told of changes while it was missing there."""
    return now.concerns_us and not before.model_copy(update={"gone_on": None}).concerns_us


def _is_stated(service: Service, name: str) -> bool:
    return name in service.said or getattr(service, name) != _DEFAULTS[name]
