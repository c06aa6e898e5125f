"""Who may register what: the right decides, not the person (imdi.no, 2022-04-11)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from feideprov.issues import Refusal, code
from feideprov.messages import Sentence
from feideprov.nir.model import Record, Scheme, named
from feideprov.nir.table.rules import Rules
from feideprov.programs.arguments import checked

R_NIR_ROLE: Final = code(
    "R-NIR-ROLE",
    Sentence("Whoever hands over a record does not have the role in NIR that may register its scheme."),
    Sentence("Let someone with the role do it. If the person has the role in NIR, write that in [nir.roles]."),
)

_YOUR_NAME: Final = Sentence("the name under which you run this")


@checked
def role_for(scheme: Scheme | str, rules: Rules) -> str:
    """The role that may register a scheme.

    Parameters:
        scheme: the scheme.
        rules: the rules.

    Returns: `kommunenorskbruker` or `kommuneintrobruker`.

    Raises:
        InputError: there is no such scheme, or an argument is of a wrong kind.
    """
    return rules.schemes[named(Scheme, scheme)].role


@checked
def refused_for_role(record: Record, roles: Collection[str], rules: Rules, *, actor: str = "") -> Refusal | None:
    """Why someone with these roles may not hand over a record.

    Parameters:
        record: the record.
        roles: the roles in NIR of the person who hands it over.
        rules: the rules.
        actor: the name under which the person runs this program, which is the name to write in `[nir.roles]`.

    Returns: the refusal, which names the role that is needed, and the actor; None where they may.

    Raises:
        InputError: an argument is of a wrong kind; one role is given in a list, too.
    """
    needed = role_for(record.scheme, rules)
    if needed in roles:
        return None
    return Refusal(
        R_NIR_ROLE,
        Sentence(
            "The record of {person} in {scheme} needs the role {role}, in a case system as in NIR web. Let someone "
            "with that role do it; if you have it in NIR, write {name} in [nir.roles].",
            person=record.person.key,
            scheme=record.scheme.value,
            role=needed,
            name=Sentence("“{actor}”, the name under which you run this,", actor=actor) if actor else _YOUR_NAME,
        ),
    )
