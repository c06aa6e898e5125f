"""The phrases of the page, by key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from feideprov.messages import Sentence, Template

PHRASES: Final[Mapping[str, Sentence | Template]] = {
    "title": Sentence("Users without a number"),
    "lead": Template(
        "Who waits for a Norwegian identity number in {organization}, which services this affects, and "
        "who must be told. Status on {day}."
    ),
    "skip": Sentence("Skip to the content"),
    "contents": Sentence("On this page"),
    "figures": Sentence("In short"),
    "steps": Sentence("The five steps"),
    "ages": Sentence("How long users have waited"),
    "services": Sentence("The services"),
    "notices": Sentence("Notices due"),
    "matrix": Sentence("Who has problems with which services"),
    "figure.pending": Template("user without a number", "users without a number"),
    "figure.protected": Template("{count} of them protected, not listed"),
    "figure.listed": Sentence("none of them protected"),
    "figure.trouble": Template("service cannot serve them", "services cannot serve them"),
    "figure.in-trouble": Template("{count} user has problems", "{count} users have problems"),
    "figure.unsettled": Template("service without an answer", "services without an answer"),
    "figure.of": Template("of {count} activated services that get the number"),
    "figure.due": Template("notice due", "notices due"),
    "figure.told": Template("{count} sent in the last 30 days"),
    "steps.about": Sentence("Feide's advice about people without a Norwegian identity number, step by step."),
    "next": Sentence("Next:"),
    "progress.not-begun": Sentence("Not begun"),
    "progress.under-way": Sentence("Under way"),
    "progress.in-order": Sentence("In order"),
    "step.1": Sentence("Leave the number empty"),
    "step.1.says": Template(
        "{count} user is in the directory without a number until it comes. Nobody gets an invented one.",
        "{count} users are in the directory without a number until theirs comes. Nobody gets an invented one.",
    ),
    "step.1.doubtful": Template(
        "{count} number in the directory must not be used, or only after somebody has seen evidence.",
        "{count} numbers in the directory must not be used, or only after somebody has seen evidence.",
    ),
    "step.1.hidden": Template(
        "{count} user is not counted, because the directory does not show the user or the number.",
        "{count} users are not counted, because the directory does not show them or their numbers.",
    ),
    "step.2": Sentence("See which services use the number"),
    "step.2.command": Sentence("feideprov services import FILE"),
    "step.2.none": Sentence("No services have been imported yet."),
    "step.2.says": Template(
        "{count} activated service gets the number, of {known} known services. Last import: {day}.",
        "{count} activated services get the number, of {known} known services. Last import: {day}.",
    ),
    "step.2.untold": Template("For {count} more services, no source says whether they are activated here."),
    "step.2.stale": Sentence("That is more than 180 days ago. Import the services again."),
    "step.3": Sentence("Ask their providers"),
    "step.3.says": Template(
        "Providers have answered for {count} of {of} services. Not asked: {unknown}. Waiting for an "
        "answer: {asked}. Did not answer: {silent}."
    ),
    "step.4": Sentence("Enter the number as soon as it is assigned"),
    "step.4.command": Sentence("feideprov attach LIST"),
    "step.4.says": Template("{count} wait. {arrived} numbers were registered or changed in the last 30 days."),
    "step.4.longest": Template("The longest wait is {count} day.", "The longest wait is {count} days."),
    "step.5": Sentence("Tell the providers when it has come"),
    "step.5.says": Template(
        "{count} notice is due. {told} were sent in the last 30 days.",
        "{count} notices are due. {told} were sent in the last 30 days.",
    ),
    "ages.caption": Sentence("Users without a number, by how long they have waited"),
    "ages.head": Sentence("Waiting"),
    "users": Sentence("Users"),
    "age.under-a-week": Sentence("Under a week"),
    "age.under-a-month": Sentence("1 week to 1 month"),
    "age.under-3-months": Sentence("1 to 3 months"),
    "age.under-6-months": Sentence("3 to 6 months"),
    "age.longer": Sentence("Over 6 months"),
    "age.not-known": Sentence("Not known"),
    "ages.protected": Sentence("Protected users (counted only here)"),
    "ages.total": Sentence("In all"),
    "services.about": Sentence("Services activated here that get the number at login."),
    "services.caption": Sentence("Services by answer"),
    "services.none": Sentence("No service that is activated here and gets the number is in the register."),
    "services.list": Sentence("The services, one by one"),
    "answer": Sentence("The provider's answer"),
    "count": Sentence("Count"),
    "state.cannot-serve": Sentence("Depends on the number, cannot serve users without"),
    "state.unknown": Sentence("Not asked"),
    "state.asked": Sentence("Asked, waiting for an answer"),
    "state.no-answer": Sentence("Did not answer"),
    "state.can-serve": Sentence("Depends on the number, can serve users without"),
    "state.does-not-depend": Sentence("Does not depend on the number"),
    "service": Sentence("Service"),
    "provider": Sentence("Provider"),
    "ways": Sentence("Gets the number through"),
    "way.feide": Sentence("Feide"),
    "way.oidc": Sentence("OIDC (userid-nin)"),
    "way.saml": Sentence("SAML metadata"),
    "way.stated": Sentence("the customer portal"),
    "asked": Sentence("Asked"),
    "reminded": Template("reminded {day}"),
    "asked.never": Sentence("no"),
    "meet": Sentence("Users affected"),
    "to-tell": Sentence("Changes to report"),
    "notices.caption": Sentence("Notices due, by service"),
    "notices.none": Sentence("No notice is due."),
    "notices.about": Sentence(
        "Each provider gets one notice at a time, about all its services. It says what happened, on "
        "which day, and to how many users, but never the number."
    ),
    "kind.registered": Sentence("Registered"),
    "kind.changed": Sentence("Changed"),
    "kind.withdrawn": Sentence("Withdrawn"),
    "waiting-since": Sentence("Waiting since"),
    "delivery": Sentence("Delivery"),
    "delivery.due": Sentence("not sent"),
    "delivery.failed": Sentence("tried, did not arrive"),
    "matrix.nobody": Sentence("No user who can be listed here waits for a number."),
    "matrix.about": Template(
        "One row for each user, those who have waited longest first. Feide names are without @{realm}."
    ),
    "matrix.protected": Template(
        "{count} protected user is counted above, but not listed here.",
        "{count} protected users are counted above, but not listed here.",
    ),
    "matrix.caption": Sentence("Users without a number, and services"),
    "matrix.part": Template("services {first}–{last} of {of}"),
    "matrix.scroll": Sentence("The table scrolls in both directions, with the arrow keys too."),
    "legend": Sentence("What the signs mean"),
    "cell.trouble": Sentence("has problems"),
    "cell.not-known": Sentence("not clarified"),
    "cell.served": Sentence("served without a number"),
    "cell.not-needed": Sentence("needs no number"),
    "cell.outside": Sentence("does not use the service"),
    "user": Sentence("User"),
    "school": Sentence("School"),
    "days": Sentence("Days"),
    "not-known": Sentence("unknown"),
    "footer": Template(
        "Made with feideprov {version} on {day}. This page holds Feide names: protect it like other "
        "personal data, and delete it when it is not needed any more."
    ),
}
