"""Made courses of life: from a seed, what a municipality knows about a person in one scheme, on several days.

Each is given twice: as plain dicts, for the oracle of the tests, and as feideprov's models. For the oracle:

    person:  {"permit": {"basis": "34", "granted": day} or None, "arrived", "settled", "search_out", "municipality"}
    record:  {"person", "scheme", "values": {field: value}, "facts": {fact: day or None}, "start"}
    value:   {"content", "available_on", "seen"}
    content of parts: {"is": "vedtak", "kind", "date", "start", "end"}, or a list of such
    setting: {"transfers", "ready": {law: day}, "closed": [(from, until)], "municipality"}

Many days are at most one day from a day of the table, or about two months after a day of the life: there the answers
change.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from hypothesis import strategies as st
from nir_oracle import Oracle

from feideprov.nir.contents import Avslutning, Fravaer, Fritak, Given, Klage, Permisjon, Tiltak, Timer, Vedtak
from feideprov.nir.model import FACTS, Number, Permit, Person, Record, SeenInNir, Setting, Value
from feideprov.nir.table.rules import SHIPPED

Plain = dict[str, Any]
SCHEMES = ("introduksjonsprogram", "norsk_og_samfunnskunnskap", "mottak_opplaering", "mottak_kvalifisering")
LAWS = ("introduksjonsloven", "integreringsloven", "kap6a")
MODELS = {
    "vedtak": Vedtak,
    "tiltak": Tiltak,
    "timer": Timer,
    "fravaer": Fravaer,
    "permisjon": Permisjon,
    "fritak": Fritak,
    "klage": Klage,
    "avslutning": Avslutning,
    "given": Given,
}
EXTENDED = "vedtak_utvidet_norskopplaering"
UNKNOWN = (
    "hobby",
    "tiltak.spraaktilbud_annet",
    "tiltak.praksis",
    "vedtak.andre",
    "sluttmaal.andre",
    "norskmaal.andre",
    "timer_matematikk",
)
FIRST, LAST = date(2018, 6, 1), date(2028, 12, 31)
DECISIONS = ("tilbud", "tildeling", "tildeling", "avslag", "stans", "permisjon", "utvidet", None)


@dataclass(frozen=True)
class Stage:
    """What is known on a day, plainly and as models. `fields`: those to ask a channel for."""

    on: date
    plain: Plain
    record: Record
    plain_setting: Plain
    setting: Setting
    fields: tuple[str, ...]


@dataclass(frozen=True)
class _Known:
    """Something that the municipality knows from a day on."""

    since: date
    where: tuple[str, ...]
    what: Any


class Lives:
    """Makes courses of life for a table."""

    def __init__(self, oracle: Oracle) -> None:
        rules = oracle.table["rule"]
        self.fields = {
            scheme: sorted({row["field"] for row in rules if row["scheme"] in (scheme, "*")}) for scheme in SCHEMES
        }
        self.all_fields = sorted({row["field"] for row in rules})
        self.scope_from = oracle.table["scope_from"]
        self.corners = sorted(
            {
                day
                for section in ("rule", "law", "availability")
                for row in oracle.table[section]
                for key, day in row.items()
                if key in _DATES
            }
            | {self.scope_from}
        )

    def life(self, seed: int) -> Iterator[Stage]:
        """The stages of one course of life; the same for the same seed."""
        return _Life(self, Random(seed)).stages()


def stages() -> st.SearchStrategy[Stage]:
    """A stage of any course of life, by the table of the package."""
    lives = Lives(Oracle(SHIPPED.read_text(encoding="utf-8")))
    return st.integers(min_value=0, max_value=10**6).flatmap(lambda seed: st.sampled_from(list(lives.life(seed))))


_MIDDLES = {"introduksjonsloven": date(2021, 10, 1), "kap6a": date(2024, 1, 1)}
_DATES = frozenset(
    ("from", "until", "permit_from", "permit_until", "arrived_from", "arrived_until", "not_before", "known_by")
)


class _Life:
    def __init__(self, lives: Lives, chance: Random) -> None:
        self.chance, self.lives = chance, lives
        self.days: list[date] = []
        self.starts: list[date] = []
        self.scheme = chance.choices(SCHEMES, (35, 40, 15, 10))[0]
        self.law = chance.choices((*LAWS, ""), (25, 20, 35, 20))[0]
        self.middle = _MIDDLES.get(self.law) or self.corner()
        self.basis = "34" if self.law == "kap6a" else chance.choice(("34", "28", "28", "38", "60", ""))

    # Chance

    def sometimes(self, percent: int) -> bool:
        return self.chance.randrange(100) < percent

    def corner(self) -> date:
        """A day of the table, or one beside it."""
        return self.chance.choice(self.lives.corners) + timedelta(days=self.chance.choice((-1, 0, 0, 1)))

    def day(self, near: date | None = None, spread: int = 400) -> date:
        """A day of this life, near a day or near a corner of the table."""
        if near is None and self.sometimes(35):
            day = self.corner()
        else:
            day = (near or self.middle) + timedelta(days=round(self.chance.gauss(0, spread / 2)))
        day = min(max(day, FIRST), LAST)
        self.days.append(day)
        return day

    def perhaps(self, percent: int, near: date | None = None) -> date | None:
        return self.day(near) if self.sometimes(percent) else None

    # A life

    def stages(self) -> Iterator[Stage]:
        person, start = self.person(), self.perhaps(60)
        self.starts += [start] if start else []
        known = [*self.facts(), *self.values(), *self.moves()]
        at_once = self.sometimes(40)
        setting = self.setting()
        for on in self.ons():
            plain: Plain = {
                "person": dict(person),
                "scheme": self.scheme,
                "values": {},
                "facts": {},
                "start": start if start and (at_once or start <= on) else None,
            }
            for one in sorted(known, key=lambda one: one.since):
                if at_once or one.since <= on:
                    _put(plain, one)
            some = self.chance.sample([*plain["values"], *self.lives.all_fields], 4)
            fields = (*some, EXTENDED, "timer_norsk", "norskmaal C1")
            yield Stage(on, plain, record_of(plain), setting, setting_of(setting), fields)

    def person(self) -> Plain:
        granted = self.granted()
        permit = None if self.sometimes(8) else {"basis": self.basis, "granted": granted}
        arrived = None if self.sometimes(10) else self.day(granted if self.sometimes(75) else None, 100)
        settled = None if self.sometimes(10) else self.day(granted if self.sometimes(80) else None, 100)
        search_out = self.perhaps(40, settled)
        if settled and self.sometimes(20):
            search_out = settled + timedelta(days=self.chance.choice((-1, 0, 1)))
        municipality = self.chance.choice(("4601", "4601", "0301", None))
        return {
            "permit": permit,
            "arrived": arrived,
            "settled": settled,
            "search_out": search_out,
            "municipality": municipality,
        }

    def granted(self) -> date:
        """The day of the permit: for two of the laws, mostly one that fits."""
        if self.law == "introduksjonsloven" and self.sometimes(80):
            return self.day(date(2020, 3, 1), 300)
        if self.law == "kap6a" and self.sometimes(80):
            return self.day(date(2022, 10, 1), 400)
        return self.day()

    def moves(self) -> Iterator[_Known]:
        """Moves, and permits and settlements that become known, or change."""
        while self.sometimes(30):
            yield _Known(self.day(), ("person", "municipality"), self.chance.choice(("4601", "0301", "1103", None)))
        if self.sometimes(10):
            granted = self.day()
            yield _Known(granted, ("person", "permit"), {"basis": self.chance.choice(("34", "28")), "granted": granted})
        if self.sometimes(15):
            settled = self.day()
            yield _Known(settled, ("person", "settled"), settled)

    def facts(self) -> Iterator[_Known]:
        share = self.chance.choice((0, 25, 25, 60))
        for fact in FACTS:
            if self.sometimes(share):
                day = self.perhaps(75)
                yield _Known(day or self.day(), ("facts", fact), day)

    def values(self) -> Iterator[_Known]:
        share = self.chance.choice((0, 25, 50, 75, 95))
        chosen = [field for field in self.lives.fields[self.scheme] if self.sometimes(share)]
        while self.sometimes(40):
            chosen.append(self.chance.choice((*self.lives.all_fields, *UNKNOWN)))
        if self.basis == "34" and self.sometimes(30):
            chosen += ["vedtak", EXTENDED]
        for field in dict.fromkeys(chosen):
            yield from self.value(field)

    def value(self, field: str) -> Iterator[_Known]:
        """A field: when it could be registered, when it was written down, when somebody saw it in NIR, if ever."""
        available = self.perhaps(70)
        value = {"content": None, "available_on": available, "seen": None}
        at = available or self.day()
        yield _Known(at, ("values", field), dict(value))
        if self.sometimes(75):
            value["content"] = self.content(field)
            at = max(at, self.day(at, 60))
            yield _Known(at, ("values", field), dict(value))
        if self.sometimes(25):
            value["seen"] = max(at, self.day(at, 60))
            if self.sometimes(30):
                value["content"] = None
            yield _Known(value["seen"], ("values", field), dict(value))

    def ons(self) -> Sequence[date]:
        """Days of registering: at the days of the life, two months after them, and at the days of the table."""
        near = sorted(set(self.days))
        found = {self.corner(), self.day()}
        for _ in range(7):
            day = self.chance.choice(near)
            found.add(day + timedelta(days=self.chance.choice((-1, 0, 1))))
            found.add(day + timedelta(days=self.chance.randrange(58, 65)))
        late = [day for day in sorted(found) if day >= self.lives.scope_from or self.sometimes(15)]
        return sorted(self.chance.sample(late, min(6, len(late))))

    # Contents

    def content(self, field: str) -> Any:
        if self.sometimes(4):
            return {"is": "given"}
        several = {
            "vedtak": self.decision,
            EXTENDED: self.extended,
            "tiltak": self.measure,
            "permisjon": self.leave,
            "fravaer": lambda: {"is": "fravaer", "from": self.day(), "until": self.perhaps(50), "allowed": None},
        }
        if field in several:
            parts = [several[field]() for _ in range(self.chance.choice((1, 1, 2, 3, 5)))]
            return parts[0] if len(parts) == 1 and self.sometimes(50) else parts
        if field == "tiltak.spraaktilbud_annet" and self.sometimes(50):
            return self.measure()
        if field == "utdanningsbakgrunn" or field.endswith("_gjennomfoert"):
            return self.sometimes(50)
        if field.startswith("timer"):
            return self.chance.choice(
                (Decimal(0), Decimal("12.5"), {"is": "timer", "from": self.day(), "hours": Decimal(0)})
            )
        one = {
            "klage": "klage",
            "avslutningsaarsak": "avslutning",
            "fritak_opplaering": "fritak",
            "fritak_proeve": "fritak",
        }
        if field in one:
            return {"is": one[field], "date": self.day()}
        return self.chance.choice((True, False, "a code", self.day(), Decimal(0)))

    def decision(self) -> Plain:
        day = self.day()
        start, end = self.perhaps(60, day), self.perhaps(20, day)
        self.starts += [start] if start else []
        kind = self.chance.choice(DECISIONS)
        return {"is": "vedtak", "kind": kind, "date": day, "start": start, "end": end}

    def extended(self) -> Plain:
        """A decision on extended training: about half a year long, and ten or fourteen months after something."""
        distance = self.chance.choice((range(302, 308), range(424, 430), range(300, 450)))
        day = self.chance.choice(self.starts or self.days) + timedelta(days=self.chance.choice(distance))
        start = self.day(day, 20) if self.sometimes(90) else None
        return {
            "is": "vedtak",
            "kind": "utvidet" if self.sometimes(90) else "tildeling",
            "date": day,
            "start": start,
            "end": start + timedelta(days=self.chance.randrange(179, 188)) if start and self.sometimes(90) else None,
        }

    def measure(self) -> Plain:
        kind = self.chance.choice(("spraaktilbud_annet", "spraaktilbud_engelsk", "praksis"))
        return {"is": "tiltak", "kind": kind, "from": self.day(), "until": self.perhaps(50)}

    def leave(self) -> Plain:
        begin = self.day()
        until = begin + timedelta(days=self.chance.randrange(90)) if self.sometimes(80) else None
        return {"is": "permisjon", "from": begin, "until": until}

    def setting(self) -> Plain:
        closed = []
        while self.sometimes(35):
            begin = self.day()
            until = begin + timedelta(days=self.chance.randrange(1, 60)) if self.sometimes(85) else None
            self.days += [until] if until else []
            closed.append((begin, until))
        return {
            "transfers": self.sometimes(70),
            "ready": {law: self.day() for law in LAWS if self.sometimes(60)},
            "closed": closed,
            "municipality": self.chance.choice(("4601", "4601", "4601", None)),
        }


def _put(plain: Plain, known: _Known) -> None:
    part, name = known.where
    plain[part][name] = known.what


# The same as models


def person_of(plain: Plain, key: str = "r-1") -> Person:
    permit = plain["permit"]
    kinds = ["duf", *(["dnr"] if permit else []), *(["fnr"] if permit and plain["settled"] else [])]
    return Person(
        key=key,
        numbers=tuple(Number(kind=kind, value="a number", seen_on=plain["arrived"]) for kind in kinds),
        permit=permit and Permit(basis=permit["basis"] and f"§ {permit['basis']}", granted=permit["granted"]),
        arrived=plain["arrived"],
        settled=plain["settled"],
        search_out=plain["search_out"],
        register_municipality=plain["municipality"],
    )


def _content_of(plain: Any) -> Any:
    if isinstance(plain, list):
        return tuple(map(_content_of, plain))
    if isinstance(plain, dict):
        return MODELS[plain["is"]](**{key: part for key, part in plain.items() if key != "is"})
    return plain


def value_of(plain: Plain) -> Value:
    return Value(
        content=_content_of(plain["content"]),
        available_on=plain["available_on"],
        seen_in_nir=plain["seen"] and SeenInNir(on=plain["seen"], by="kari"),
    )


def record_of(plain: Plain) -> Record:
    return Record(
        person=person_of(plain["person"]),
        scheme=plain["scheme"],
        values={field: value_of(value) for field, value in plain["values"].items()},
        facts=plain["facts"],
        start=plain["start"],
    )


def setting_of(plain: Plain) -> Setting:
    return Setting(
        transfers=plain["transfers"],
        ready={law: (day, "the vendor's letter") for law, day in plain["ready"].items()},
        closed=[(*time, "IMDi") for time in plain["closed"]],
        municipality=plain["municipality"],
    )
