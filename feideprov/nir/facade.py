"""The introduction register of one organization: the methods of `Client.nir`. Each uses a module of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Literal

from feideprov.errors import ConfigurationError
from feideprov.journal.journal import Journal
from feideprov.messages import Sentence
from feideprov.nir.channels import ChannelDecision, channel
from feideprov.nir.lists.seen_list import SeenList, read_seen_list
from feideprov.nir.model import Law, Setting
from feideprov.nir.register.key_file import KeyFile
from feideprov.nir.register.number_days import number_days, of_keys
from feideprov.nir.register.register import Content, Register, Seen
from feideprov.nir.register.retention import kept_too_long
from feideprov.nir.register.seen import SeenInRegister, recorded_seen
from feideprov.nir.rules import Rules
from feideprov.numbers import NumberText
from feideprov.programs.calls import Calls, public
from feideprov.settings import Settings
from feideprov.settings.apart import require_nir_apart
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
    source_id: Callable[[str], str] = str
    """The source id that a Feide user has, from the key of a person here."""

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
        require_nir_apart(self.settings)
        key_file = KeyFile(self.settings.path(self.section.key_file))
        return Register(self.settings.path(self.section.file), lambda: key_file.key, key_file.keep)

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

    def read_seen(self, path: Path | str, *, encoding: str | None = None, sheet: str | None = None) -> SeenList:
        """Read a list that came back with the days on which something was seen in NIR, such as the worklist's sheet.

        Nothing is recorded. Rows without a day say nothing.

        Parameters:
            path: the list, with the columns key, scheme, field, seen_on and seen_by.
            encoding: the encoding of a CSV file; without it, UTF-8 or Windows-1252.
            sheet: the name of the sheet, where a spreadsheet has several.

        Returns: what was seen, and the rows that were refused.

        Raises:
            InputError: the file cannot be read as such a list.
        """
        return read_seen_list(Path(path), self.on, by=self.actor, encoding=encoding, sheet=sheet)

    def seen(self, seen: Iterable[Seen], *, dry_run: bool = False) -> SeenInRegister:
        """Record what somebody saw in NIR. Only this closes a line of the worklist; what was seen later counts.

        What cannot have been seen is refused (R-NIR-SEEN), and the rest is recorded.

        Parameters:
            seen: what was seen, by whom and when.
            dry_run: nothing is written, and it is told what would be.

        Returns: what was recorded, what was known before, and what was refused.

        Raises:
            ConfigurationError: there is no section `[nir]`, or its key is another one.
            InputError: the file of the register is damaged.
            JournalError: the file of the register cannot be read or written.
        """
        found, told = SeenInRegister(), list(seen)

        def changed(content: Content) -> Content:
            nonlocal found
            found, after = recorded_seen(content, told, self.rules, self.on)
            return after

        if dry_run:
            changed(self.register.read())
        else:
            self.register.change(changed)
        return found

    def kept_too_long(self) -> tuple[str, ...]:
        """The people whose records have all ended, the last one longer ago than `[nir] retention`.

        Returns: their keys.

        Raises:
            ConfigurationError: there is no section `[nir]`, or its key is another one.
            InputError: the file of the register is damaged.
            JournalError: the file of the register cannot be read.
        """
        return kept_too_long(self.register.read(), self.section.retention, self.on)

    def _days_of_numbers(self, content: Content) -> Mapping[str, date]:
        """By key, the day on which a number came or changed in Feide, where nobody has seen it in NIR since. This day
        is all that is taken from the Feide journal."""
        journal = self.journal()
        if journal is None:
            return {}
        days = of_keys(number_days(journal), {key: self.source_id(key) for key in content.people})
        seen = {key: fields["number"].on for key, fields in content.seen_of_person.items() if "number" in fields}
        return {key: day for key, day in days.items() if key not in seen or seen[key] < day}
