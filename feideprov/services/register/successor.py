"""A service that a table knew by its name alone, until another source lists it: from then on the two are one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Final

from feideprov.journal.owed import hand_over_owed
from feideprov.services.register.merging import Imported
from feideprov.services.register.register import Register
from feideprov.services.register.service import Answer, Service
from feideprov.services.sources.table import BY_NAME, folded, is_typed

_TYPED: Final = ("ways", "activated", "contacts", "audience", "reason")
_ASKED: Final = ("answer", "earlier", "asked_on", "reminded_on", "basis_for_names", "unsettled_since")


def hand_over(register: Register, on: date) -> Imported:
    """Let each service that a table alone knew go over into the one that now has its name: what was typed, what the
    provider answered, and what it is owed and was told. Where two have the name, a person has to say which (an id in
    the table)."""
    with register.journal.run():  # no answer is written down meanwhile, and no number changes
        heirs = _heirs(service for service in register if service.gone_on is None)
        predecessors = {heir: before for before, heir in heirs.items()}
        with register.journal.writing() as connection:
            known = {one.id: one for one in register.read(connection, [*heirs, *predecessors])}
            changed = [_inherit(known[heir], known[before]) for heir, before in predecessors.items()]
            gone = [known[before].model_copy(update={"gone_on": on}) for before in heirs]
            register.write(connection, [*changed, *gone])
            hand_over_owed(connection, register.journal.realm, heirs)
    return Imported(changed=tuple(changed), gone=tuple(gone))


def _heirs(services: Iterable[Service]) -> dict[str, str]:
    """The ids of services of tables alone that have one namesake in another source, and its id."""
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


def _inherit(service: Service, before: Service) -> Service:
    """An address that a person typed goes before another; of all else what the source itself tells."""
    typed = [
        fact
        for fact in _TYPED
        if is_typed(before.said.get(fact))
        and (fact not in service.said or (fact == "contacts" and not is_typed(service.said[fact])))
    ]
    update = {fact: getattr(before, fact) for fact in typed}
    update["said"] = {**service.said, **{fact: before.said[fact] for fact in typed}}
    if service.answer == Answer() and service.asked_on is None:
        update |= {name: getattr(before, name) for name in _ASKED}
    return service.model_copy(update=update)
