"""What each row of the table of channels rests on, and what to do about it.

The rows follow imdi.no, “Overføring mellom kommunale fagsystem og NIR”, 2022-04-11; the sentences are our own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from feideprov.messages import Sentence, Template, filled

TEXTS: Final[Mapping[str, Sentence | Template]] = {
    "C0": Template(
        "{on} is before {scope_from}. Until then another service (WS2) transferred to NIR, and the table of channels "
        "does not cover it."
    ),
    "C-NOT-KNOWN": Sentence(
        "It is not known which law applies, so there is no channel either. If the day of the permit or of the arrival "
        "is missing, add it. Else look for the law at Lovdata and in IMDi's guide to integreringsloven, and add a row "
        "[[law]] to your own rules."
    ),
    "C-NOT-KNOWN source": Template(
        "From {since} on, the sources do not say which law applies, so there is no channel either. The last source is "
        "{source}: look for a newer one at Lovdata and IMDi, and add a row [[law]] to your own rules."
    ),
    "C-BLOCKED settled": Template(
        "No settlement day up to {on} is known, and before that NIR does not show this scheme of the person to the "
        "municipality. Register the settlement day in IMDinett first."
    ),
    "C-BLOCKED moved": Template(
        "Folkeregisteret has the person's address in municipality {register}, and yours is {own}: the address decides "
        "who sees a person in NIR. If the address is wrong, help the person report the move."
    ),
    "C1 hold": Template(
        "NIR cannot take {field} before {not_before}. Keep it in your own system, and register it in NIR when NIR can "
        "take it."
    ),
    "C1 try": Template(
        "It is only certain from {known_by} on that NIR takes {field}. Try NIR web, and keep the record in your own "
        "system until you have seen it in NIR."
    ),
    "C2": Template(
        "IMDi has closed transfer for the municipality from {since} (told by {who}). {opens} Until then, register in "
        "NIR web."
    ),
    "C3": Sentence(
        "The municipality does not transfer from a case system to NIR. Register in NIR web: that meets the duty just "
        "as well."
    ),
    "C4": Template("Under introduksjonsloven, a municipality that transfers must use WS4. {ready}"),
    "C5": Template(
        "Register in NIR web until the case system can use WS4 for introduksjonsloven. IMDi gives this advice to "
        "all who wait for their vendor, and does not name this law. {ready}"
    ),
    "C5 warning": Template(
        "Since {scope_from}, WS4 is the only service for transfer. Ask the vendor when the case system will use it, "
        "and write the answer in [nir.ready]."
    ),
    "C6": Template("The case system transfers by WS4 under this law, so WS4 is the channel that must be used. {ready}"),
    "C7": Template("Register in NIR web until the vendor has adapted the case system to the law. {ready}"),
    "C7 warning": Sentence(
        "Begin to use WS4 as soon as the vendor delivers it for this law, and write the day in [nir.ready]."
    ),
    "ready": Template("For {law}, the case system can do so from {day} (told by {who})."),
    "ready not set": Template("For {law}, [nir.ready] has no day."),
    "opens": Template("It opens again on {day}."),
    "opens some day": Sentence("No day is set for opening it again."),
    "nobody": Sentence("nobody named"),
}
"""By row of the table: a row of several cases, or a part of a sentence, has a key with a second word."""


def say(text: str, **values: Any) -> Sentence:
    """The sentence of a key of the table, with its values."""
    return filled(TEXTS[text], **values)
