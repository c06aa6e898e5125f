"""Models that a program makes: a wrong field is an InputError."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from feideprov.errors import FeideProvError, InputError, scrub
from feideprov.messages import Sentence, joined
from feideprov.programs.arguments import WrongKindError
from feideprov.programs.problems import problem_of

if TYPE_CHECKING:
    from pydantic._internal._model_construction import ModelMetaclass
else:
    ModelMetaclass = type(BaseModel)  # it has no public name


class GivenModel(ModelMetaclass):
    """The metaclass of models that programs make by calling the class: a field that is wrong is an InputError, which
    names the field and quotes nothing. `model_validate` raises pydantic's error, as every model of pydantic does."""

    def __call__(self, *args: Any, **values: Any) -> Any:
        refused: FeideProvError
        if args:
            raise WrongKindError(
                Sentence("{model} takes values by name alone. Write name=value for each.", model=self.__name__)
            )
        try:
            return super().__call__(*args, **values)
        except ValidationError as error:
            refused = self.refused(error, values)
        except UnicodeEncodeError:
            refused = InputError(
                Sentence("{model}: a text has half of a pair of UTF-16, which is no character.", model=self.__name__)
            )
        raise refused  # without pydantic's error as its context, which quotes

    def refused(self, error: ValidationError, values: Mapping[str, Any]) -> FeideProvError:  # noqa: ARG002 - for others
        """The error that is raised in place of pydantic's."""
        problems = error.errors(include_url=False, include_input=False)
        return InputError(
            Sentence("{model}: {problems}", model=self.__name__, problems=joined(map(_problem, problems)))
        )


def _problem(problem: Any) -> Sentence:
    place = ".".join(scrub(str(part)) for part in problem["loc"] if part != "function-wrap")
    message = problem_of(problem)
    return (
        Sentence("{field}: {message}.", field=place, message=message)
        if place
        else Sentence("{message}.", message=message)
    )
