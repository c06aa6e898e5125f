"""The texts of messages: templates in bokmål, nynorsk and English, each of which the organization may replace.

A template is Jinja2 in a sandbox: `question.nb.txt.j2` and so on. Its first line is `Subject: …`, then comes an empty
line, then the message. A file of the same name in the folder `[services] templates` replaces a built-in one. Each value
that a template inserts becomes one line, without control characters and without what looks like an identity number:
names and reasons come from others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, Literal

from feideprov.errors import ConfigurationError, scrub, scrub_path
from feideprov.files import Largest, require_file
from feideprov.messages import Sentence
from feideprov.numbers import number_shaped
from feideprov.pages.days import day_in_words
from feideprov.pages.templating import environment
from feideprov.services.wording import names_in_words
from feideprov.settings import Settings
from feideprov.system_errors import reason_of
from feideprov.text import shown

Language = Literal["nb", "nn", "en"]
TEMPLATES: Final = Path(__file__).parent / "texts"
_LONGEST: Final = 200
_LONGEST_VALUE: Final = 2_000
"""`[services] channel` may be several sentences, and all of them are needed."""
_SUBJECT: Final = re.compile(r"Subject:[ \t]*(\S[^\n]*)\n[ \t]*\n")


@dataclass(frozen=True)
class Text:
    """The text of a message. `subject` is one line; `body` ends with a line break."""

    subject: str
    body: str


class Templates:
    """The templates of one organization. Raises ConfigurationError when Jinja2 is not installed, or there is no such
    folder."""

    def __init__(self, folder: Path | None = None) -> None:
        if folder is not None and not folder.is_dir():
            raise ConfigurationError(
                Sentence(
                    "The folder {folder} ([services] templates) does not exist. Create the folder, or delete the key.",
                    folder=scrub_path(folder),
                )
            )
        for path in filter(Path.is_file, folder.iterdir() if folder is not None else ()):
            _require_readable(path)
        self._environment = environment([TEMPLATES] if folder is None else [folder, TEMPLATES], finalize=_clean)

        from jinja2 import pass_context  # an extra, which `environment` has missed if it is not installed

        self._environment.filters |= {"day": pass_context(_day), "listed": pass_context(_listed)}

    @classmethod
    def of(cls, settings: Settings) -> Templates:
        """The templates of the settings."""
        folder = settings.services.templates
        return cls(settings.path(folder) if folder is not None else None)

    def render(self, name: str, language: Language, **facts: Any) -> Text:
        """The text of the message `name` (question, reminder, notice, today) in a language.

        `facts` are the values that the template may insert; `language` is added to them. Raises ConfigurationError,
        with the file and the line, when an organization's own template cannot be used.
        """
        file = f"{name}.{language}.txt.j2"
        return _split(file, self._rendered(file, facts | {"language": language}))

    def _rendered(self, file: str, facts: dict[str, Any]) -> str:
        from jinja2 import TemplateError, TemplateNotFound, TemplateSyntaxError

        try:
            return self._environment.get_template(file).render(facts)
        except TemplateNotFound as missing:
            reason = Sentence("there is no template {name}", name=_plain_reason(missing.name))
        except TemplateSyntaxError as wrong:
            reason = Sentence("line {line}: {text}", line=wrong.lineno, text=_plain_reason(wrong.message))
        except TemplateError as wrong:
            reason = Sentence("{text}", text=_plain_reason(wrong.message or type(wrong).__name__))
        except UnicodeDecodeError:
            reason = Sentence("the file is not UTF-8")
        except (
            *(ArithmeticError, AttributeError, LookupError, MemoryError, RuntimeError, TypeError, ValueError),
        ) as wrong:
            reason = Sentence("{error}", error=type(wrong).__name__)  # its text may quote a value
        raise _unusable(file, reason)


def _require_readable(path: Path) -> None:
    """Raise ConfigurationError for a template that the template engine must not read."""
    try:
        require_file(path, Largest.CONFIGURATION)
    except OSError as error:
        raise _unusable(scrub_path(path.name), reason_of(error)) from None


def _unusable(file: str, reason: str) -> ConfigurationError:
    return ConfigurationError(
        Sentence("The template {file} cannot be used: {reason}. Correct the template.", file=file, reason=reason)
    )


def single_line(text: str, longest: int = _LONGEST) -> str:
    """A foreign text as one line of at most so many characters.

    It has nothing that ends a line, turns its direction, is hidden, or would be decoded to something else in a mail's
    header (RFC 2047), and no digits of what looks like an identity number.

    >>> single_line("Kikora\\r\\nBcc: all@example.no"), single_line("=?utf-8?q?=0D=0A?=")
    ('Kikora Bcc: all@example.no', '= ?utf-8?q?=0D=0A?=')
    """
    line = shown(text).replace("=?", "= ?")
    return shown(line, longest)


def _clean(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    return single_line(value, _LONGEST_VALUE) if isinstance(value, str) else value


def _day(context: Any, value: date) -> str:
    return day_in_words(value, context["language"])


def _listed(context: Any, values: Iterable[str]) -> str:
    return names_in_words(map(single_line, values), context["language"])


def _plain_reason(text: object) -> str:
    return single_line(scrub(str(text or "not Jinja2"))).rstrip(".")


def _split(file: str, rendered: str) -> Text:
    heading = _SUBJECT.match(rendered.lstrip())
    if heading is None:
        raise ConfigurationError(
            Sentence(
                "The template {file} cannot be used: the first line must be “Subject: …”, and the second line must "
                "be empty. Correct the template.",
                file=file,
            )
        )
    lines = rendered.lstrip()[heading.end() :].strip("\n").split("\n")
    # the template's own text is cleaned too: somebody may have written an example into it
    safe = [scrub(line) if number_shaped(line) else line.rstrip() for line in lines]
    return Text(single_line(heading[1]), "\n".join(safe) + "\n")
