"""Who may register what: the right decides, not the person (imdi.no, 2022-04-11)."""

from __future__ import annotations

from collections.abc import Collection

from feideprov.issues import Refusal
from feideprov.nir.model import Record, Scheme
from feideprov.nir.rules import Rules


def role_for(scheme: Scheme, rules: Rules) -> str:
    """The role that may register a scheme: `kommunenorskbruker` or `kommuneintrobruker`."""
    return rules.schemes[scheme].role


def refused_for_role(record: Record, roles: Collection[str], rules: Rules) -> Refusal | None:
    """Why someone with these roles may not hand over a record; None when they may. It names the role that is needed."""
    raise NotImplementedError
