"""Who may register what: the right decides, not the person (imdi.no, 2022-04-11)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from feideprov.issues import Refusal, code
from feideprov.messages import Sentence
from feideprov.nir.model import Record, Scheme
from feideprov.nir.table.rules import Rules

R_NIR_ROLE: Final = code(
    "R-NIR-ROLE",
    Sentence("Whoever hands over a record does not have the role in NIR that may register its scheme."),
    Sentence("Let someone with the role do it. If the person has the role in NIR, write that in [nir.roles]."),
)


def role_for(scheme: Scheme, rules: Rules) -> str:
    """The role that may register a scheme.

    Parameters:
        scheme: the scheme.
        rules: the rules.

    Returns: `kommunenorskbruker` or `kommuneintrobruker`.

    Raises: nothing.
    """
    return rules.schemes[scheme].role


def refused_for_role(record: Record, roles: Collection[str], rules: Rules) -> Refusal | None:
    """Why someone with these roles may not hand over a record.

    Parameters:
        record: the record.
        roles: the roles in NIR of the person who hands it over.
        rules: the rules.

    Returns: the refusal, which names the role that is needed; None where they may.

    Raises: nothing.
    """
    needed = role_for(record.scheme, rules)
    if needed in roles:
        return None
    return Refusal(
        R_NIR_ROLE,
        Sentence(
            "The record of {person} in {scheme} needs the role {role}, in a case system as in NIR web. Let someone "
            "with that role do it; if you have it in NIR, write that in [nir.roles].",
            person=record.person.key,
            scheme=record.scheme.value,
            role=needed,
        ),
    )
