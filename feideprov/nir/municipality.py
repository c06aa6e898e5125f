"""One municipality in the introduction register: its settings, rules, file, adapter and roles."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from feideprov.errors import ConfigurationError
from feideprov.installation import page
from feideprov.journal.journal import Journal
from feideprov.messages import Sentence
from feideprov.nir.model import Record, Setting
from feideprov.nir.outbox.adapters import adapter_named
from feideprov.nir.outbox.outbox import Outbox, OutboxContext
from feideprov.nir.register.content import Content
from feideprov.nir.register.key_file import KeyFile
from feideprov.nir.register.number_days import number_days, of_keys
from feideprov.nir.register.recorded import of_known_people, with_declared, with_records
from feideprov.nir.register.register import Register
from feideprov.nir.requirements import verdicts
from feideprov.nir.table.rules import Rules
from feideprov.nir.verdict import Verdict
from feideprov.numbers import NumberText
from feideprov.programs.calls import Calls, public
from feideprov.settings import Settings
from feideprov.settings.apart import require_nir_apart
from feideprov.settings.nir import NirSection
from feideprov.text import shown


@public
@dataclass
class Municipality:
    """What the introduction register needs of its organization. `users` gives the Feide users' numbers by source id."""

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
                    "{page}.",
                    page=page("nir.md"),
                )
            )
        return self.settings.nir

    @property
    def setting(self) -> Setting:
        """What decides the channel: the municipality's own settings."""
        said = self.section.model_dump(include=set(Setting.model_fields), by_alias=True)
        for one in (*said["ready"].values(), *said["closed"]):
            one["who"] = shown(one["who"])
        return Setting.model_validate(said)

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

    def _change(self, changed: Callable[[Content], Content], *, dry_run: bool = False) -> Content:
        """Change the file. What it keeps for an adapter that is not installed or chosen any more is deleted."""

        def without_others(before: Content) -> Content:
            after = changed(before)
            return with_declared(after, self._still_declared()) if after.contents else after

        return self.register.change(without_others, dry_run=dry_run)

    def _still_declared(self) -> frozenset[str]:
        """The same, and none where the adapter cannot be used."""
        try:
            return self._declared
        except ConfigurationError:
            return frozenset()

    @property
    def _roles(self) -> frozenset[str]:
        """The roles in NIR of the person who runs this, in `[nir.roles]`."""
        return frozenset(role for role, people in self.section.roles.items() if _name(self.actor) in map(_name, people))

    def _days_of_numbers(self, content: Content) -> Mapping[str, date]:
        """By key, the day on which a number came or changed in Feide, where nobody has seen it in NIR since. This day
        is all that is taken from the Feide journal."""
        journal = self.journal()
        if journal is None:
            return {}
        days = of_keys(number_days(journal), {key: self.source_id(key) for key in content.people})
        seen = {key: fields["number"].on for key, fields in content.seen_of_person.items() if "number" in fields}
        return {key: day for key, day in days.items() if key not in seen or seen[key] < day}

    def _with_records(self, content: Content, records: Iterable[Record]) -> Content:
        """The content of the register with these records, and with what an adapter needs of them."""
        known = of_known_people(content, records)
        return with_records(content, known, self.register.key, keep=self._declared, rules=self.rules)

    def _verdicts(self, record: Record) -> tuple[Verdict, ...]:
        return verdicts(record, self.rules, self.on)


def _name(name: str) -> str:
    return " ".join(name.casefold().split())
