"""What is wrong in a configuration, in sentences for people."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from feideprov.errors import scrub
from feideprov.look_alikes import told_apart
from feideprov.messages import NOTHING, Sentence, joined
from feideprov.programs.problems import problem_of
from feideprov.unit_names import school_block

_KEY: Final = re.compile(r"[a-z]+(?:_[a-z]+)*")


def describe_validation(error: ValidationError, model: type[BaseModel], schools: object = ()) -> Sentence:
    """What is wrong, without quoting a value. For an unknown key, the nearest known one is named.

    `schools`: the blocks of [[schools]] as they are written, so that a school with a wrong block is named.
    """
    problems = error.errors(include_url=False, include_input=False)
    wrong = {tuple(problem["loc"][:2]): None for problem in problems}
    blocks = (block_of_school(place, schools) for place in wrong)
    return joined([*(_describe(problem, model) for problem in problems), *blocks])


def key_at(place: Sequence[int | str]) -> str:
    """A place in the configuration as a person reads it: `schools[2].name`."""
    return ".".join(f"[{part + 1}]" if isinstance(part, int) else part for part in place).replace(".[", "[")


def block_of_school(place: Sequence[int | str], schools: object) -> Sentence:
    """A sentence that says which school a place in the configuration is about; empty if it is about none."""
    match tuple(place[:2]), schools:
        case ("schools", int(index)), list(blocks) if index < len(blocks):
            block = school_block(index + 1, blocks[index])
            return Sentence("{block}.", block=block) if block else NOTHING
        case _:
            return NOTHING


def _describe(problem: Any, model: type[BaseModel]) -> Sentence:
    place = [part for part in problem["loc"] if part != "function-wrap"]
    key = scrub(key_at(place))
    if problem["type"] == "extra_forbidden" and not _usual_key(place, model):
        return _unusual_key(place)
    if problem["type"] == "extra_forbidden":
        if nearest := _nearest(place, model):
            return Sentence(
                "The key {key}{apart} is not known. The nearest known key is {nearest}.",
                key=key,
                apart=told_apart(str(place[-1]), [nearest]),
                nearest=nearest,
            )
        return Sentence("The key {key} is not known.", key=key)
    if problem["type"] == "missing":
        return Sentence("The key {key} is missing.", key=key)
    message = problem_of(problem)
    return Sentence("{key}: {message}.", key=key, message=message) if key else Sentence("{message}.", message=message)


def _usual_key(place: list[Any], model: type[BaseModel]) -> bool:
    """Whether an unknown key has the form of a key. Another one, unless it is like a key that is known, may be a secret
    in the wrong place."""
    key = str(place[-1])
    return _KEY.fullmatch(key) is not None or _nearest(place, model, cutoff=0.6) is not None


def _unusual_key(place: list[Any]) -> Sentence:
    if len(place) == 1:
        return Sentence(
            "There is a section that is not known. Its name is not shown, because it may be a secret. Remove it."
        )
    return Sentence(
        "[{section}] has a key that is not known. It is not shown, because it may be a secret. Remove it.",
        section=scrub(key_at(place[:-1])),
    )


def _nearest(place: list[Any], model: type[BaseModel], cutoff: float = 0.0) -> str | None:
    known: Any = model
    for part in place[:-1]:
        if isinstance(part, str) and isinstance(known, type) and issubclass(known, BaseModel):
            field = known.model_fields.get(part)
            known = _model_in(field.annotation) if field else None
    fields = known.model_fields if isinstance(known, type) and issubclass(known, BaseModel) else {}
    names = [field.alias or name for name, field in fields.items()]
    near = difflib.get_close_matches(str(place[-1]), names, n=1, cutoff=cutoff)
    return near[0] if near else None


def _model_in(annotation: Any) -> Any:
    for candidate in (annotation, *getattr(annotation, "__args__", ())):
        if isinstance(candidate, type) and issubclass(candidate, BaseModel):
            return candidate
    return None
