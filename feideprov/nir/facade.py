"""The introduction register of one organization: the methods of `Client.nir`. Each uses a module of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

from feideprov.errors import ConfigurationError
from feideprov.journal.journal import Journal
from feideprov.journal.keys import MarkKey
from feideprov.messages import Sentence
from feideprov.nir.channels import ChannelDecision, channel
from feideprov.nir.model import Law, Record, Setting
from feideprov.nir.outbox.adapters import adapter_named
from feideprov.nir.outbox.completed import completed
from feideprov.nir.outbox.outbox import Outbox, OutboxContext
from feideprov.nir.outbox.selection import HandOver
from feideprov.nir.outbox.sending import Sending
from feideprov.nir.outbox.sending import send as hand_over
from feideprov.nir.register.register import Content, Register, with_receipts, with_records
from feideprov.nir.rules import Rules
from feideprov.numbers import NumberText
from feideprov.programs.calls import Calls, public
from feideprov.settings import Settings
from feideprov.settings.nir import NirSection

Language = Literal["en", "nb", "nn"]


@public
@dataclass
class IntroductionRegister:
    """What the municipality registers in NIR: by when, in which channel, who may, and what is missing.

    The wire format of WS4 is not public, so nothing is sent to NIR by this tool itself. A program gets this object from
    `Client.nir`.
    """

    settings: Settings
    on: date
    actor: str
    journal: Callable[[], Journal | None]
    users: Callable[[], Mapping[str, NumberText | None]]
    calls: Calls

    @property
    def section(self) -> NirSection:
        """The section `[nir]` of the configuration. Raises ConfigurationError when there is none."""
        if self.settings.nir is None:
            raise ConfigurationError(
                Sentence(
                    "The configuration has no section [nir]. Add it, with municipality and retention at least: see "
                    "docs/nir.md."
                )
            )
        return self.settings.nir

    @property
    def setting(self) -> Setting:
        """What decides the channel: the municipality's own settings."""
        section = self.section
        return Setting.model_validate(
            {
                "transfers": section.transfers,
                "ready": {law: {"on": one.on, "who": one.who} for law, one in section.ready.items()},
                "closed": [{"from": one.from_, "until": one.until, "who": one.who} for one in section.closed],
                "municipality": section.municipality,
                "codes": section.codes,
                "retention": section.retention,
            }
        )

    @cached_property
    def rules(self) -> Rules:
        """The rules of the package, with the rows of the municipality's own file (`[nir] rules`)."""
        shipped, own = Rules.shipped(), self.section.rules
        return shipped.with_own(self.settings.path(own)) if own else shipped

    @cached_property
    def register(self) -> Register:
        """The file of people and records."""
        return Register(self.settings.path(self.section.file), self._key)

    def _key(self) -> MarkKey:
        return MarkKey.from_file(self.settings.path(self.section.key_file), make=True)

    @cached_property
    def _outbox(self) -> Outbox:
        """The adapter that `[nir] outbox` names. Raises ConfigurationError when there is none."""
        section = self.section
        folder = self.settings.path(section.folder) / "outbox"
        return adapter_named(section.outbox, OutboxContext(folder, section.municipality))

    @property
    def _declared(self) -> frozenset[str]:
        """The fields whose contents are kept for an adapter; none where none is chosen."""
        return frozenset(self._outbox.fields) if self.section.outbox else frozenset()

    @property
    def _roles(self) -> frozenset[str]:
        """The roles in NIR of the person who runs this, in `[nir.roles]`."""
        return frozenset(role for role, people in self.section.roles.items() if _name(self.actor) in map(_name, people))

    def channel(self, law: Law | str, field: str = "vedtak", *, on: date | None = None) -> ChannelDecision:
        """Through which channel a field is registered.

        Parameters:
            law: the law: `introduksjonsloven`, `integreringsloven` or `kap6a`.
            field: the field.
            on: the day of registering; without it, today.

        Returns: the decision, with the sentence that it rests on.

        Raises:
            ConfigurationError: there is no section `[nir]`.
        """
        return channel(self.setting, Law(law), field, on or self.on, self.rules)

    def send(self, records: Iterable[Record], *, dry_run: bool = False) -> Sending:
        """Hand records over to the outbox adapter that the configuration names (`[nir] outbox`).

        The records are recorded first. Only fields that are registered by WS4 today are handed over, and only where the
        actor has the role (`[nir.roles]`). What was handed over is not registered yet: the worklist shows it until
        somebody has seen it in NIR (`seen`).

        Parameters:
            records: records as a list has them, with numbers and contents (`read`): the file keeps neither.
            dry_run: nothing is written or handed over, and it is told what would be.

        Returns: what became of each field: receipts, refusals, what is held, and failures of the adapter.

        Raises:
            ConfigurationError: there is no section `[nir]`, or its adapter is not installed or cannot be used.
            InputError: the file of the register is damaged.
            JournalError: the file of the register cannot be read or written.
        """
        outbox, register = self._outbox, self.register

        def with_them(before: Content) -> Content:
            return with_records(before, records, register.key, keep=self._declared, rules=self.rules)

        content = with_them(register.read()) if dry_run else register.change(with_them)
        whole = completed(records, content)
        given = HandOver(
            adapter=outbox,
            setting=self.setting,
            rules=self.rules,
            roles=self._roles,
            key=register.key,
            on=self.on,
            before={(one.person, one.scheme, one.field): one.hash for one in content.handed_over},
            parts=whole.parts,
        )
        sending = hand_over(whole.records, given, dry_run=dry_run)
        if not dry_run:
            register.change(lambda before: with_receipts(before, sending.handed_over))
        return sending


def _name(name: str) -> str:
    return " ".join(name.casefold().split())
