"""Services that a table knows only by name, and the listed services that replace them when another source has them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Final

from feideprov.journal.owed import move_owed
from feideprov.services.register.merging import Imported
from feideprov.services.register.register import Register
from feideprov.services.register.service import Answer, Service
from feideprov.services.sources.table import BY_NAME, folded, is_typed

_TYPED: Final = ("ways", "activated", "contacts", "audience", "reason")
_ASKED: Final = ("answer", "earlier", "asked_on", "reminded_on", "basis_for_names", "unsettled_since")


def merge_typed_services(register: Register, on: date) -> Imported:
    """Replace each service that only a table knows by the listed service of the same name. The listed service gets what
    was typed, what the provider answered, and what was owed and told.

    If several services have the name, a person has to say which one is meant, by an id in the table.
    """
    with register.journal.run():  # no answer is written down meanwhile, and no number changes
        successors = _successors(service for service in register if service.gone_on is None)
        predecessors = {successor: typed for typed, successor in successors.items()}
        with register.journal.writing() as connection:
            known = {one.id: one for one in register.read(connection, [*successors, *predecessors])}
            changed = [_merged(known[successor], known[typed]) for successor, typed in predecessors.items()]
            gone = [known[typed].model_copy(update={"gone_on": on}) for typed in successors]
            register.write(connection, [*changed, *gone])
            move_owed(connection, register.journal.realm, successors)
    return Imported(changed=tuple(changed), gone=tuple(gone))


def _successors(services: Iterable[Service]) -> dict[str, str]:
    """For each service that only tables know: its id, and the id of the one service of the same name elsewhere."""
    by_name: defaultdict[str, set[str]] = defaultdict(set)
    of_tables = []
    for service in services:
        if service.id.startswith(BY_NAME):
            of_tables.append(service)
        else:
            for name in service.names.values():
                by_name[folded(name)].add(service.id)
    namesakes = ((service, by_name.get(service.id.removeprefix(BY_NAME), set())) for service in of_tables)
    return {service.id: next(iter(same)) for service, same in namesakes if len(same) == 1}


def _merged(service: Service, typed: Service) -> Service:
    """The listed service with what was typed. Its own facts count, but a typed address replaces the listed one."""
    facts = [
        fact
        for fact in _TYPED
        if is_typed(typed.said.get(fact))
        and (fact not in service.said or (fact == "contacts" and not is_typed(service.said[fact])))
    ]
    update = {fact: getattr(typed, fact) for fact in facts}
    update["said"] = {**service.said, **{fact: typed.said[fact] for fact in facts}}
    if service.answer == Answer() and service.asked_on is None:
        update |= {name: getattr(typed, name) for name in _ASKED}
    return service.model_copy(update=update)
