"""A service as an organization knows it: what it receives, whom to ask, and what its provider answered.

What a source says of a service is replaced when the source is read again; what a person wrote down (the answer, the
basis for names in notices) stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field

from feideprov.directory.dn import same_key
from feideprov.messages import Sentence
from feideprov.programs.models import GivenModel

NUMBER_ATTRIBUTE_OID = "urn:oid:1.3.6.1.4.1.2428.90.1.5"
"""The name of norEduPersonNIN in SAML metadata (docs.feide.no, reference/schema/noredu)."""
NUMBER_SCOPE = "userid-nin"
"""The attribute group of norEduPersonNIN, and the OIDC scope (docs.feide.no, reference/schema/attributegroups)."""


class _Part(BaseModel, metaclass=GivenModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Way(StrEnum):
    """How a service gets the number."""

    FEIDE = "feide"  # its list of attributes in the Feide API
    OIDC = "oidc"  # the scope userid-nin
    SAML = "saml"  # a RequestedAttribute in its metadata
    STATED = "stated"  # a person read it in the customer portal


class Dependency(StrEnum):
    """Whether the service needs the number, and can serve users without it. Commands and JSON use the value."""

    UNKNOWN = "unknown"
    ASKED = "asked"
    INDEPENDENT = "does-not-depend"
    CAN_SERVE = "can-serve"
    CANNOT_SERVE = "cannot-serve"
    NO_ANSWER = "no-answer"


STATES: Final[Mapping[Dependency, Sentence]] = {
    Dependency.UNKNOWN: Sentence("unknown"),
    Dependency.ASKED: Sentence("asked"),
    Dependency.INDEPENDENT: Sentence("does-not-depend"),
    Dependency.CAN_SERVE: Sentence("can-serve"),
    Dependency.CANNOT_SERVE: Sentence("cannot-serve"),
    Dependency.NO_ANSWER: Sentence("no-answer"),
}
"""The word for each state of a service, which a person writes in an answer. Each language's word is one word."""
SETTLED = (Dependency.INDEPENDENT, Dependency.CAN_SERVE, Dependency.CANNOT_SERVE)
"""The states in which a provider has answered."""
DEPENDS = (Dependency.CAN_SERVE, Dependency.CANNOT_SERVE)


class Provider(_Part):
    """Who runs a service. `id` is the source's own, or the name where it has none."""

    id: str
    name: str
    realm: str = ""

    def is_called(self, text: str) -> bool:
        """Whether a text is the provider's id or name.

        Parameters:
            text: the text; upper and lower case are the same.

        Returns: True when it is.

        Raises: nothing.
        """
        return same_key(text) in (same_key(self.id), same_key(self.name))


class Contact(_Part):
    """An address of a provider. `kind`: support, technical, administrative, other (SAML's contact types)."""

    mail: str
    kind: str = "support"
    name: str = ""


class Audience(_Part):
    """Which users of the organization use the service: school ids and roles of the configuration; empty: all."""

    schools: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()


class FactSource(_Part):
    """Where a fact comes from, and when it was read."""

    source: str
    on: date


class Answer(_Part):
    """The state of a service, since when, and where it comes from: a letter, a mail, a new list of a source."""

    state: Dependency = Dependency.UNKNOWN
    on: date | None = None
    source: str = ""
    by: str = ""
    """Who wrote it down."""


class Basis(_Part):
    """The agreement that allows Feide names in notices to this service, in words, and its date."""

    text: str
    on: date


class Service(_Part):
    """One service. `id` begins with the kind of source (`feide:4711`, `saml:<entityID>`, `oidc:<client id>`), or is the
    id in the organization's own table."""

    id: str
    names: Mapping[str, str] = Field(default_factory=dict)
    """By language: nb, nn, en; an empty key if the language is unknown."""
    provider: Provider
    ways: tuple[Way, ...] = ()
    """How it gets the number; empty when it does not."""
    required: bool | None = None
    """Whether the number is required, according to its metadata."""
    activated: bool | None = None
    """Activated for this organization. None: the source does not say, and the service counts as not activated."""
    contacts: tuple[Contact, ...] = ()
    audience: Audience = Audience()
    reason: str = ""
    """Why it needs the number, in the provider's own words."""
    said: Mapping[str, FactSource] = Field(default_factory=dict)
    """For each field: where its value comes from, and when it was read."""
    other: Mapping[str, Any] = Field(default_factory=dict)
    """Other values of the source, kept but not used."""

    gone_on: date | None = None
    """The day since which its source does not list it any more."""
    answer: Answer = Answer()
    earlier: tuple[Answer, ...] = ()
    """Earlier answers, the oldest first."""
    unsettled_since: str = ""
    """The time (ISO 8601, UTC) since which it is unknown whether the service depends on the number: when it was first
    listed, was activated here, or first got the number. When an answer comes, changes since then are owed."""
    asked_on: date | None = None
    reminded_on: date | None = None
    basis_for_names: Basis | None = None

    @property
    def gets_number(self) -> bool:
        return bool(self.ways)

    @property
    def concerns_us(self) -> bool:
        """Activated here, still listed, and gets the number. Only such services are asked about, shown and told."""
        return bool(self.activated) and self.gone_on is None and self.gets_number

    @property
    def is_settled(self) -> bool:
        """Whether its provider has answered."""
        return self.answer.state in SETTLED

    def reminder_due_on(self, answer_days: int) -> date | None:
        """The day on which a reminder is due.

        Parameters:
            answer_days: how many days after the question it is due.

        Returns: the day; None when no answer is expected, or the provider was reminded already.

        Raises: nothing.
        """
        asked = self.asked_on or self.answer.on
        waits = self.answer.state is Dependency.ASKED and self.reminded_on is None
        return asked + timedelta(days=answer_days) if waits and asked else None

    def answered(self, answer: Answer) -> Service:
        """The service with a new answer. The previous one is kept, except the default of a new service.

        Parameters:
            answer: the new answer.

        Returns: the service.

        Raises: nothing.
        """
        earlier = self.earlier if self.answer == Answer() else (*self.earlier, self.answer)
        return self.model_copy(update={"answer": answer, "earlier": earlier})

    def name(self, language: str = "nb") -> str:
        """The name of the service in a language.

        Parameters:
            language: `nb`, `nn` or `en`.

        Returns: the name, or else the one in the closest language that it has, or else the id.

        Raises: nothing.
        """
        order = (language, "nb", "nn", "en", "")
        return next((self.names[one] for one in order if self.names.get(one)), next(iter(self.names.values()), self.id))
