"""`feide.nir`: the introduction register, with what it may know of the Feide users."""

from __future__ import annotations

from collections.abc import Mapping

from feideprov.client.context import Context
from feideprov.forms.words import Language
from feideprov.nir.facade import IntroductionRegister
from feideprov.nir.lists.participation_form import participation_forms
from feideprov.nir.rules import Rules
from feideprov.numbers import NumberText
from feideprov.settings import Settings
from feideprov.sheets.form import Form


def introduction_register(context: Context) -> IntroductionRegister:
    """The introduction register of a client. Neither journal nor directory is opened before it is needed."""

    def users() -> Mapping[str, NumberText | None]:
        raise NotImplementedError

    return IntroductionRegister(
        context.settings, context.on, context.actor, lambda: context.existing_journal, users, context.calls
    )


def participation_sheets(settings: Settings, language: Language) -> list[Form]:
    """The sheets of participation records to fill in. Without a section `[nir]` they have no words of its own."""
    section = settings.nir
    rules = Rules.shipped()
    if section is not None and section.rules is not None:
        rules = rules.with_own(settings.path(section.rules))
    return participation_forms(language, rules, section.codes if section is not None else {})
