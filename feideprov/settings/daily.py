"""The sections about what is done every day: slips with first passwords, and the night's run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from feideprov.settings.sections import Hidden, Section


class SlipsSection(Section):
    """Slips with first passwords. `contact`: whom users ask when they cannot log in, in words, such as “IKT-hjelpen,
    tlf. 75 00 00 00”; `contacts`: the same for single schools, by the id of the school. `login_url`: the page on which
    users begin; without it, the slip names none. `reviewed_by`: who has read the text in a language and answers for it;
    the six languages that are named here are not printed without."""

    contact: str = ""
    contacts: Mapping[str, str] = Field(default_factory=dict)
    login_url: str = ""
    reviewed_by: Mapping[Literal["uk", "ru", "ar", "ti", "fa", "so"], Annotated[str, Field(min_length=1)]] = Field(
        default_factory=dict
    )

    def contact_at(self, school: str) -> str:
        """Whom the users of a school (its id) ask; empty when nobody is named."""
        return self.contacts.get(school) or self.contact


class NightlySection(Section):
    """The night's run. `recipient`: who gets its mail. `alive_file`, `alive_url`: what shows another program that it
    ran: a file whose time is set, or an address of the organization's own."""

    recipient: str = ""
    alive_file: Annotated[Path | None, Hidden] = None
    alive_url: Annotated[str | None, Hidden] = None
