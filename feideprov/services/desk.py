"""The services of one organization: what `Client.services` does, each thing in a module of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from feideprov.feide.organization import HostOrganization
from feideprov.provision.journal import Journal
from feideprov.provision.pending import PendingUser
from feideprov.services.matrix import Matrix, matrix_of
from feideprov.services.register import Register
from feideprov.services.service import Service
from feideprov.services.situation import Situation, situation_of
from feideprov.settings import Settings


@dataclass
class Services:
    """The register of services, what providers were asked and answered, and the notices that they are owed.

    `on` is the day that is reckoned from; `pending` gives the users without a number, those who have waited longest
    first. A program has this from `Client.services`.
    """

    settings: Settings
    organization: HostOrganization
    journal: Journal
    on: date
    pending: Callable[[], list[PendingUser]]

    @cached_property
    def register(self) -> Register:
        """All that is known of services, written down in the journal's database."""
        return Register(self.journal)

    def all(self) -> list[Service]:
        """Every service in the register, in the order of their ids: those too that do not concern us."""
        return list(self.register)

    def matrix(self) -> Matrix:
        """The users without a number and the services that concern us: who meets trouble where."""
        return matrix_of(self.register, self.pending(), self.organization, self.on)

    def situation(self) -> Situation:
        """Where the organization stands with Feide's five steps: what the page tells."""
        services = self.all()
        matrix = matrix_of(services, self.pending(), self.organization, self.on)
        return situation_of(services, matrix, self.organization, self.journal)

    def page(self, language: str = "nb") -> str:
        """The situation as one HTML file that needs nothing beside it, in bokmål (`nb`, and for `nn`) or English.

        Raises ConfigurationError where the extra `services` is not installed.
        """
        from feideprov.services.page import page

        return page(self.situation(), language)
