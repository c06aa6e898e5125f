"""`feide.nir`: the introduction register, with what it may know of the Feide users."""

from __future__ import annotations

from collections.abc import Mapping

from feideprov.client.context import Context
from feideprov.directory.protocol import NAME_ATTRIBUTE, NUMBER_ATTRIBUTE, name_of
from feideprov.messages import Language
from feideprov.nir.facade import IntroductionRegister
from feideprov.nir.lists.participation_form import participation_forms
from feideprov.nir.table.rules import Rules
from feideprov.numbers import NumberKind, NumberText, judge_number, key_is_number
from feideprov.provision.plan.linking.source_keys import ONLY_SOURCE, SourceKeys
from feideprov.settings import Settings
from feideprov.sheets.form import Form
from feideprov.wiring import keys_of


def introduction_register(context: Context) -> IntroductionRegister:
    """The introduction register of a client. Neither journal nor directory is opened before it is needed."""

    def source() -> SourceKeys:
        section = context.settings.nir
        name = section.source if section is not None else ""
        return keys_of(context.settings, name, name) if name else ONLY_SOURCE

    def users() -> Mapping[str, NumberText | None]:
        return _numbers(context, source())

    return IntroductionRegister(
        context.settings,
        context.on,
        context.actor,
        lambda: context.existing_journal,
        users,
        context.calls,
        lambda key: source().with_prefix(key),
    )


def participation_sheets(settings: Settings, language: Language) -> list[Form]:
    """The sheets of participation records to fill in. Without a section `[nir]` they have no words of its own."""
    section = settings.nir
    rules = Rules.shipped()
    if section is not None and section.rules is not None:
        rules = rules.with_own(settings.path(section.rules))
    return participation_forms(language, rules, section.codes if section is not None else {})


def _numbers(context: Context, source: SourceKeys) -> dict[str, NumberText | None]:
    """By source id, as the lists of the source have it, the national number of each user of this organization. Users of
    other sources are left out, and keys that are numbers."""
    attribute = context.settings.directory.source_id_attribute
    found: dict[str, NumberText | None] = {}
    for entry in context.directory.having([NAME_ATTRIBUTE], (NAME_ATTRIBUTE, attribute, NUMBER_ATTRIBUTE)):
        key = entry.text(attribute)
        if not key or key_is_number(key) or not source.has(key):
            continue
        if name_of(entry).rpartition("@")[2] == context.organization.realm:
            found[source.without_prefix(key)] = _national_number(entry.text(NUMBER_ATTRIBUTE))
    return found


def _national_number(text: str | None) -> NumberText | None:
    """The number, if it is one; a DUF number is none."""
    if text is None or judge_number(text).kind is NumberKind.DUF:
        return None
    return NumberText(text)
