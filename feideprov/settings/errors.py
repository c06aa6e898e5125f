"""What is wrong in a configuration, in sentences for people."""

from __future__ import annotations

import difflib
from typing import Any

from pydantic import BaseModel, ValidationError

from feideprov.errors import scrub
from feideprov.look_alikes import told_apart
from feideprov.messages import Sentence, joined


def describe_validation(error: ValidationError, model: type[BaseModel]) -> Sentence:
    """What is wrong, without quoting a value. For an unknown key, the nearest known one is named."""
    return joined(_describe(problem, model) for problem in error.errors(include_url=False, include_input=False))


def _describe(problem: Any, model: type[BaseModel]) -> Sentence:
    place = [part for part in problem["loc"] if part != "function-wrap"]
    key = ".".join(f"[{part + 1}]" if isinstance(part, int) else str(part) for part in place).replace(".[", "[")
    if problem["type"] == "extra_forbidden":
        if nearest := _nearest(place, model):
            return Sentence(
                "The key {key}{apart} is not known. The nearest known key is {nearest}.",
                key=scrub(key),
                apart=told_apart(str(place[-1]), [nearest]),
                nearest=nearest,
            )
        return Sentence("The key {key} is not known.", key=scrub(key))
    if problem["type"] == "missing":
        return Sentence("The key {key} is missing.", key=key)
    raised = problem.get("ctx", {}).get("error")  # what a validator of ours raised
    message = raised.args[0] if isinstance(raised, ValueError) else problem["msg"]
    return Sentence("{key}: {message}.", key=key, message=message) if key else Sentence("{message}.", message=message)


def _nearest(place: list[Any], model: type[BaseModel]) -> str | None:
    known: Any = model
    for part in place[:-1]:
        if isinstance(part, str) and isinstance(known, type) and issubclass(known, BaseModel):
            field = known.model_fields.get(part)
            known = _model_in(field.annotation) if field else None
    names = list(known.model_fields) if isinstance(known, type) and issubclass(known, BaseModel) else []
    near = difflib.get_close_matches(str(place[-1]), names, n=1, cutoff=0.0)
    return near[0] if near else None


def _model_in(annotation: Any) -> Any:
    for candidate in (annotation, *getattr(annotation, "__args__", ())):
        if isinstance(candidate, type) and issubclass(candidate, BaseModel):
            return candidate
    return None
