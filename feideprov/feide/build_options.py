"""What one organization does its own way when users are made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from feideprov.directory.layout import USUAL, Layout
from feideprov.feide.first_password.style import SYLLABLES, PasswordStyle
from feideprov.feide.mfa import SecondFactor
from feideprov.feide.name_policy import USUAL_NAMES, NamePolicy
from feideprov.numbers import NumberPolicy


@dataclass(frozen=True)
class BuildOptions:
    """What one organization does its own way.

    `source_id_attribute` is the attribute that holds the source id. `birth_date` writes norEduPersonBirthDate as
    YYYYMMDD (the attribute is an integer: DDMMYY would lose its leading zero). `numbers` is the number policy; `names`
    says how user names are made. `keep_local_numbers` moves a refused local number to norEduPersonLIN.
    `scoped_affiliation`, `home_organization` and `unique_id` write eduPersonScopedAffiliation, schacHomeOrganization
    and eduPersonUniqueId. `second_factor` says who logs in with one. `entra`: users log in at Entra, so they have
    no password; Feide finds them by `entra_match`: `upn` (the Feide name), `mail` or `either`. `layout` is that of the
    directory. `first_password`: what first passwords are made of.
    """

    source_id_attribute: str | None = None
    birth_date: bool = False
    numbers: NumberPolicy = NumberPolicy()
    names: NamePolicy = USUAL_NAMES
    keep_local_numbers: bool = False
    scoped_affiliation: bool = True
    home_organization: bool = False
    unique_id: bool = False
    second_factor: SecondFactor | None = None
    entra: bool = False
    layout: Layout = USUAL
    entra_match: Literal["upn", "mail", "either"] = "either"
    first_password: PasswordStyle = SYLLABLES
