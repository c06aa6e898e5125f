"""The introduction register of one organization: the methods of `Client.nir`. Each uses a module of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from feideprov.directory.dn import same_key
from feideprov.errors import ConfigurationError, scrub_path
from feideprov.journal.journal import Journal
from feideprov.journal.keys import MarkKey
from feideprov.messages import Sentence
from feideprov.nir import work_items
from feideprov.nir.channels import ChannelDecision, channel
from feideprov.nir.model import Law, Setting
from feideprov.nir.register.number_days import number_days
from feideprov.nir.register.register import Content, Register
from feideprov.nir.rules import Rules, rows_of_a_year_ago
from feideprov.numbers import NumberText
from feideprov.programs.calls import Calls, public
from feideprov.settings import Settings
from feideprov.settings.nir import NirSection

if TYPE_CHECKING:
    from feideprov.nir.report.today import NirToday
    from feideprov.nir.report.worklist import Worklist

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

    def worklist(self) -> Worklist:
        """What is missing, forbidden or asked, whose number has come, and the yearly close.

        Returns: the worklist of the day. It has keys, fields and days, never contents.

        Raises:
            ConfigurationError: there is no section `[nir]`, or the file was made with another key.
            InputError: the file of the register is damaged.
            JournalError: the journal cannot be read.
        """
        from feideprov.nir.report.worklist import Worklist, about_old_rules, near_year_ends

        content, rules = self.register.read(), self.rules
        people, records = content.people.values(), content.records.values()
        items = work_items.worklist(people, records, rules, self.setting, self.on, numbers=self._number_days(content))
        old = [row for row in rows_of_a_year_ago(rules, self.on) if row.id not in content.told]
        return Worklist(
            self.on,
            self.settings.organization.name,
            tuple(items),
            near_year_ends(rules, records, self.on),
            (about_old_rules(old),) if old else (),
            frozenset(row.id for row in old),
        )

    def _number_days(self, content: Content) -> dict[str, date]:
        """By key, when a number came or changed, where nobody has seen it in NIR since."""
        journal = self.journal()
        days = number_days(journal) if journal is not None else {}
        sources = self.settings.sources
        prefixes = {one.name: one.name if len(sources) > 1 and one.prefix is None else one.prefix for one in sources}
        prefix = prefixes.get(self.section.source)
        found: dict[str, date] = {}
        for key in content.people:
            day = days.get(same_key(f"{prefix}:{key}" if prefix else key))
            seen = content.seen_of_person.get(key, {}).get("number")
            if day is not None and (seen is None or seen.on < day):
                found[key] = day
        return found

    def told(self, worklist: Worklist) -> None:
        """Keep that its notes on old rules were told: they are told once.

        Parameters:
            worklist: the worklist whose notes somebody has read.

        Raises:
            JournalError: the file of the register cannot be written.
        """
        if worklist.old_rules:
            self.register.change(lambda content: replace(content, told=content.told | worklist.old_rules))

    def page(self, language: Language = "nb") -> str:
        """The worklist as a web page for the case workers.

        Parameters:
            language: `nb`, `nn` or `en`.

        Returns: one HTML file that needs no other file.

        Raises:
            ConfigurationError: as `worklist`, or the extra `services` is not installed.
        """
        from feideprov.nir.report.page import page

        return page(self.worklist(), language)

    def worklist_sheet(self, language: Language = "nb") -> bytes:
        """The worklist as a sheet (XLSX) in which a person writes what was seen in NIR.

        Parameters:
            language: `nb`, `nn` or `en`.

        Returns: the workbook. `read_seen` reads it when its days are filled in.

        Raises:
            ConfigurationError: as `worklist`, or the extra `tables` is not installed.
        """
        from feideprov.nir.report.sheet import worklist_xlsx

        return worklist_xlsx(self.worklist(), language)

    def today(self) -> NirToday:
        """What there is to register today: how many lines there are of each kind, with the next command each.

        Returns: what there is to do, as a screen and a mail of its own say it.

        Raises:
            ConfigurationError: as `worklist`.
        """
        from feideprov.nir.report.today import nir_today

        file = self.settings.file
        return nir_today(self.worklist(), scrub_path(file) if file is not None else None)
