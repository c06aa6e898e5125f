"""A service, as an organization knows it: what it receives, whom to ask, and what its provider answered.

What a source says of a service is replaced when the source is read again; what a person wrote down (the answer, the
basis for names in notices) stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

NUMBER_ATTRIBUTE_OID = "urn:oid:1.3.6.1.4.1.2428.90.1.5"
"""norEduPersonNIN, as SAML metadata asks for it (docs.feide.no, reference/schema/noredu)."""
NUMBER_SCOPE = "userid-nin"
"""The attribute group of norEduPersonNIN, and the OIDC scope (docs.feide.no, reference/schema/attributegroups)."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Way(StrEnum):
    """How a service gets the number."""

    FEIDE = "feide"  # its list of attributes in the Feide API
    OIDC = "oidc"  # the scope userid-nin
    SAML = "saml"  # a RequestedAttribute in its metadata
    STATED = "stated"  # somebody read it in the customer portal


class Dependency(StrEnum):
    """Does the service need the number, and can it serve users without? The value is what commands and JSON say."""

    UNKNOWN = "unknown"
    ASKED = "asked"
    INDEPENDENT = "does-not-depend"
    CAN_SERVE = "can-serve"
    CANNOT_SERVE = "cannot-serve"
    NO_ANSWER = "no-answer"


SETTLED = (Dependency.INDEPENDENT, Dependency.CAN_SERVE, Dependency.CANNOT_SERVE)
"""What a provider has answered."""
DEPENDS = (Dependency.CAN_SERVE, Dependency.CANNOT_SERVE)


class Provider(_Part):
    """Who runs a service. `id` is the source's own, or the name where it has none."""

    id: str
    name: str
    realm: str = ""

    def is_called(self, text: str) -> bool:
        """Is it the provider that this id or name means?"""
        return text.strip().casefold() in (self.id.casefold(), self.name.casefold())


class Contact(_Part):
    """An address of a provider. `kind`: support, technical, administrative, other (SAML's contact types)."""

    mail: str
    kind: str = "support"
    name: str = ""


class Audience(_Part):
    """Which users of the organization meet the service: school ids and roles of the configuration; empty: all."""

    schools: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()


class Said(_Part):
    """Where a fact comes from, and when that was read or said."""

    source: str
    on: date


class Answer(_Part):
    """The state of the question, since when, and where that comes from: a letter, a mail, a source's new list."""

    state: Dependency = Dependency.UNKNOWN
    on: date | None = None
    source: str = ""
    by: str = ""
    """Who wrote it down."""


class Basis(_Part):
    """What allows Feide names in notices to this service: the agreement in words, and its date."""

    text: str
    on: date


class Service(_Part):
    """One service. `id` begins with its kind of source: `feide:4711`, `saml:<entityID>`, `oidc:<client id>`, or is
    what the organization's own table says."""

    id: str
    names: Mapping[str, str] = Field(default_factory=dict)
    """By language: nb, nn, en; an empty key for a name of no language."""
    provider: Provider
    ways: tuple[Way, ...] = ()
    """How it gets the number; empty when it does not."""
    required: bool | None = None
    """Whether its metadata calls the number required."""
    activated: bool | None = None
    """Activated for this organization; None: the source does not tell, and the service counts as not activated."""
    contacts: tuple[Contact, ...] = ()
    audience: Audience = Audience()
    reason: str = ""
    """Why it needs the number, in the provider's own words."""
    said: Mapping[str, Said] = Field(default_factory=dict)
    """For each fact by field name: where it comes from, and when."""
    other: Mapping[str, Any] = Field(default_factory=dict)
    """What else the source says: kept, not understood."""

    gone_on: date | None = None
    """Since when its source lists it no more."""
    answer: Answer = Answer()
    earlier: tuple[Answer, ...] = ()
    """What the state was before, the oldest first."""
    unsettled_since: str = ""
    """The moment (ISO 8601, UTC) at which it became unknown whether it depends: since it was first listed, activated
    here, or first asked for the number. An answer makes owed what changed since then."""
    asked_on: date | None = None
    reminded_on: date | None = None
    basis_for_names: Basis | None = None

    @property
    def gets_number(self) -> bool:
        return bool(self.ways)

    @property
    def concerns_us(self) -> bool:
        """Activated here, still there, and gets the number: only such a service is asked, shown and told."""
        return bool(self.activated) and self.gone_on is None and self.gets_number

    @property
    def is_settled(self) -> bool:
        """Whether its provider has answered."""
        return self.answer.state in SETTLED

    def reminder_due_on(self, answer_days: int) -> date | None:
        """The day on which a reminder is due, so many days after the question; None where no answer is awaited, or its
        provider was reminded already."""
        asked = self.asked_on or self.answer.on
        waits = self.answer.state is Dependency.ASKED and self.reminded_on is None
        return asked + timedelta(days=answer_days) if waits and asked else None

    def answered(self, answer: Answer) -> Service:
        """The same service in another state. The one before is kept, but for the very first."""
        earlier = self.earlier if self.answer == Answer() else (*self.earlier, self.answer)
        return self.model_copy(update={"answer": answer, "earlier": earlier})

    def name(self, language: str = "nb") -> str:
        """The name in a language, or else in the nearest that there is."""
        order = (language, "nb", "nn", "en", "")
        return next((self.names[one] for one in order if self.names.get(one)), next(iter(self.names.values()), self.id))
