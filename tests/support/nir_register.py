"""People of the introduction register for tests: recorded as a list records them, with numbers of every kind."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pydantic import SecretStr

from feideprov import Client
from feideprov.nir.contents import Permisjon, Vedtak
from feideprov.nir.model import Number, NumberKind, Permit, Person, Record, Scheme, Value
from feideprov.nir.register.recorded import with_records

KEY = "nir-canary-key"
"""A person that only the introduction register has."""
RECIPIENT = "introduksjon@skotthyll.example"
NIR = f'\n[nir]\nmunicipality = "1899"\nretention = "P5Y"\nrecipient = "{RECIPIENT}"\n'
"""The section of the configuration."""
REASON = "a reason of leave that nobody may read"
NUMBERS = {
    NumberKind.FNR: "45840375084",
    NumberKind.DNR: "52829400197",
    NumberKind.DUF: "202212345608",
    NumberKind.MOTTAK: "MOTTAK-CANARY",
    NumberKind.PASS: "PASS-CANARY",
}
DAY = date(2026, 9, 1)


def records(*keys: str) -> list[Record]:
    """A record of a programme for each key: a decision, leave, and no measure."""
    numbers = tuple(Number(kind=kind, value=SecretStr(text), source="letter") for kind, text in NUMBERS.items())
    return [
        Record(
            person=Person(
                key=key,
                numbers=numbers,
                permit=Permit(basis="28", granted=DAY),
                arrived=DAY,
                settled=DAY,
            ),
            scheme=Scheme.INTRODUKSJONSPROGRAM,
            values={
                "vedtak": Value(content=Vedtak(date=DAY, start=DAY, reason=REASON), available_on=DAY),
                "permisjon": Value(content=Permisjon(from_=DAY, kind=REASON), available_on=DAY),
            },
            facts={"in_programme": DAY},
            start=DAY,
        )
        for key in keys
    ]


def record(config: Path, *keys: str) -> None:
    """Record these people in the register of a configuration, which has the section `NIR`."""
    with Client.open(config) as feide:
        register = feide.nir.register
        register.change(
            lambda content: with_records(content, records(*keys), register.key, keep=frozenset(), rules=feide.nir.rules)
        )
