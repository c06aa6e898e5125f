"""The texts of messages: templates in bokmål, nynorsk and English, any of which the organization may replace.

A template is Jinja2 in a sandbox: `question.nb.txt.j2` and so on. Its first line is `Subject: …`, then comes an empty
line, then the message. A file of the same name in the folder `[services] templates` takes the place of a built-in one.
What a template puts in is always one line, without control characters and without what looks like a person's number:
names and reasons come from others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from feideprov.errors import ConfigurationError, scrub, scrub_path
from feideprov.numbers import number_shaped
from feideprov.settings import Settings
from feideprov.sheets import defused
from feideprov.text import shown

if TYPE_CHECKING:
    from jinja2 import Environment

Language = Literal["nb", "nn", "en"]
TEMPLATES: Final = Path(__file__).parent / "texts"
_LONGEST: Final = 200
_LONGEST_PUT_IN: Final = 2_000
"""The agreed way (`[services] channel`) may take some words, and all of them count."""
_SUBJECT: Final = re.compile(r"Subject:[ \t]*(\S[^\n]*)\n[ \t]*\n")
_MONTHS: Final = {
    "nb": (
        *("januar", "februar", "mars", "april", "mai", "juni"),
        *("juli", "august", "september", "oktober", "november", "desember"),
    ),
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
}
_MONTHS["nn"] = _MONTHS["nb"]
_AND: Final = {"nb": "og", "nn": "og", "en": "and"}


@dataclass(frozen=True)
class Text:
    """What a message says. `subject` is one line; `body` ends with a line break."""

    subject: str
    body: str


class Templates:
    """The templates of one organization. Raises ConfigurationError where Jinja2 is not installed, or `templates` is no
    folder."""

    def __init__(self, folder: Path | None = None) -> None:
        if folder is not None and not folder.is_dir():
            raise ConfigurationError(
                f"[services] templates: there is no folder {scrub_path(folder)}. Make it, or leave the key out."
            )
        self._environment = environment(folder)

    @classmethod
    def of(cls, settings: Settings) -> Templates:
        """The templates that the settings name."""
        folder = settings.services.templates
        return cls(settings.path(folder) if folder is not None else None)

    def say(self, name: str, language: Language, **facts: Any) -> Text:
        """The text of the message `name` (question, reminder, notice, today) in a language.

        `facts` are what the template may put in; `language` is among them. Raises ConfigurationError, with the file
        and the line, when an organization's own template cannot be used.
        """
        file = f"{name}.{language}.txt.j2"
        return _split(file, self._rendered(file, facts | {"language": language}))

    def _rendered(self, file: str, facts: dict[str, Any]) -> str:
        from jinja2 import TemplateError, TemplateNotFound, TemplateSyntaxError

        try:
            return self._environment.get_template(file).render(facts)
        except TemplateNotFound as missing:
            why = f"there is no template {scrub(str(missing.name))}"
        except TemplateSyntaxError as wrong:
            why = f"line {wrong.lineno}: {scrub(wrong.message or 'not Jinja2')}"
        except TemplateError as wrong:
            why = scrub(wrong.message or type(wrong).__name__)
        except UnicodeDecodeError:
            why = "it is no UTF-8 text"
        except (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError) as wrong:
            why = type(wrong).__name__  # its words may quote what was put in
        raise ConfigurationError(f"The template {file} cannot be used: {single_line(why).rstrip('.')}. Correct it.")


def environment(folder: Path | None = None, *, html: bool = False) -> Environment:
    """Where templates are found and what they may do: those of `folder` first, in a sandbox.

    `html` escapes what is put in; otherwise it is made one line. Raises ConfigurationError where Jinja2 is not
    installed.
    """
    try:
        import jinja2
        from jinja2.sandbox import ImmutableSandboxedEnvironment
    except ImportError:
        raise ConfigurationError("Messages need the extra “services”: pip install 'feideprov[services]'.") from None
    folders = [TEMPLATES] if folder is None else [folder, TEMPLATES]
    made = ImmutableSandboxedEnvironment(
        loader=jinja2.FileSystemLoader(folders, encoding="utf-8-sig"),  # Windows puts a mark in front
        undefined=jinja2.StrictUndefined,
        autoescape=html,
        trim_blocks=True,
        lstrip_blocks=True,
        **({} if html else {"finalize": _put_in}),
    )
    made.filters["day"] = jinja2.pass_context(lambda context, value: day_in_words(value, context["language"]))
    made.filters["listed"] = jinja2.pass_context(lambda context, values: listed(values, context["language"]))
    return made


def single_line(text: str, longest: int = _LONGEST) -> str:
    """A text of others as one line of at most so many characters: nothing that ends a line, turns its direction, is
    hidden, or would be decoded to something else in a mail's heading (RFC 2047), and no digits of what looks like a
    person's number.

    >>> single_line("Kikora\\r\\nBcc: all@example.no"), single_line("=?utf-8?q?=0D=0A?=")
    ('Kikora Bcc: all@example.no', '= ?utf-8?q?=0D=0A?=')
    """
    line = shown(text).replace("=?", "= ?")
    return shown(line, longest)


def day_in_words(day: date, language: str) -> str:
    """A day as a letter writes it.

    >>> day_in_words(date(2026, 11, 3), "nb"), day_in_words(date(2026, 11, 3), "en")
    ('3. november 2026', '3 November 2026')
    """
    dot = "" if language == "en" else "."
    return f"{day.day}{dot} {_MONTHS[language][day.month - 1]} {day.year}"


def listed(names: Iterable[str], language: str) -> str:
    """Names in one sentence.

    >>> listed(["Kikora", "Salto", "Creaza"], "nb")
    'Kikora, Salto og Creaza'
    """
    *most, last = [single_line(name) for name in names] or [""]
    return f"{', '.join(most)} {_AND[language]} {last}" if most else last


def _put_in(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    return single_line(value, _LONGEST_PUT_IN) if isinstance(value, str) else value


def _split(file: str, rendered: str) -> Text:
    heading = _SUBJECT.match(rendered.lstrip())
    if heading is None:
        raise ConfigurationError(
            f"The template {file} cannot be used: its first line is to be “Subject: …”, and the second one empty."
        )
    lines = rendered.lstrip()[heading.end() :].strip("\n").split("\n")
    # what a template says by itself is looked at too: somebody may have written an example into it
    safe = [scrub(line) if number_shaped(line) else line.rstrip() for line in lines]
    return Text(single_line(heading[1]), "\n".join(safe) + "\n")


_FORMULA_AFTER_SEPARATOR = re.compile(r"([,;\t][\s\"]*)([=+\-@])")


def cell(text: str) -> str:
    """A text as it is shown in a cell of a sheet, which no spreadsheet takes for a formula.

    Neither where it splits the lines at another separator than the one that was written: `,` in English, `;` in
    Norwegian.

    >>> cell("=HYPERLINK(1)"), cell("Lexin,=1+1"), cell("Lexin AS")
    ("'=HYPERLINK(1)", "Lexin,'=1+1", 'Lexin AS')
    """
    return defused(_FORMULA_AFTER_SEPARATOR.sub(r"\1'\2", shown(text)))
