"""How messages name the organization and its schools: by name, id and DN."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Any, Protocol

from feideprov.encodings import is_damaged
from feideprov.errors import scrub, scrub_path
from feideprov.messages import Sentence, listed


class NamedUnit(Protocol):
    """The organization or a school, in the configuration. A school has an `id` too."""

    @property
    def name(self) -> str: ...

    @property
    def dn(self) -> Any: ...


def unit_name(unit: NamedUnit) -> Sentence:
    """“Hylla skole (id hylla)”; of the organization, only the name."""
    return _name_and_id(unit.name, getattr(unit, "id", ""))


def unit_at(dn: object, *units: NamedUnit) -> Sentence:
    """A DN, and the name and id of the unit that has it: “ou=… (Hylla skole, id hylla)”; the DN alone if none has."""
    shown = scrub(str(dn))
    unit = next((unit for unit in units if unit.dn == dn), None)
    if unit is None:
        return Sentence("{dn}", dn=shown)
    if its_id := getattr(unit, "id", ""):
        return Sentence("{dn} ({name}, id {id})", dn=shown, name=_one_line(unit.name), id=_one_line(its_id))
    return Sentence("{dn} ({name})", dn=shown, name=_one_line(unit.name))


def school_block(number: int, values: object) -> Sentence | None:
    """Which school a block of [[schools]] is, by what is written in it; None if it has neither id nor name."""
    written = ((key, _value(values, key)) for key in ("name", "id"))
    texts = {key: text for key, text in written if isinstance(text, str) and text.strip() and not is_damaged(text)}
    if not texts:
        return None
    return Sentence(
        "Block {number} of [[schools]] is {school}",
        number=number,
        school=_name_and_id(texts.get("name", ""), texts.get("id", "")),
    )


def require_different(units: Iterable[NamedUnit], key: Callable[[Any], Hashable]) -> None:
    """Raises ValueError when two schools have the same value of what must be different."""
    seen: dict[Hashable, NamedUnit] = {}
    for unit in units:
        if (other := seen.setdefault(key(unit), unit)) is not unit:
            raise ValueError(
                Sentence(
                    "two schools have the same id or the same dn: {schools}. Each school must have its own",
                    schools=listed(unit_at(one.dn, one) for one in (other, unit)),
                )
            )


def _name_and_id(name: str, its_id: str) -> Sentence:
    if not name.strip():
        return Sentence("the one with id {id}", id=_one_line(its_id))
    if not its_id:
        return Sentence("{name}", name=_one_line(name))
    return Sentence("{name} (id {id})", name=_one_line(name), id=_one_line(its_id))


def _one_line(text: str) -> str:
    return scrub_path(" ".join(text.split()))


def _value(values: object, key: str) -> object:
    return values.get(key) if isinstance(values, dict) else getattr(values, key, None)
