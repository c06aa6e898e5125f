"""`feide.nir`: the introduction register, with what it may know of the Feide users."""

from __future__ import annotations

from collections.abc import Mapping

from feideprov.client.context import Context
from feideprov.nir.facade import IntroductionRegister
from feideprov.numbers import NumberText


def introduction_register(context: Context) -> IntroductionRegister:
    """The introduction register of a client. Neither journal nor directory is opened before it is needed."""

    def users() -> Mapping[str, NumberText | None]:
        raise NotImplementedError

    return IntroductionRegister(
        context.settings, context.on, context.actor, lambda: context.existing_journal, users, context.calls
    )
