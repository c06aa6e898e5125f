"""The Jinja environment of pages and messages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from feideprov.installation import missing_extra
from feideprov.messages import Sentence

if TYPE_CHECKING:
    from jinja2 import Environment


def environment(folders: Sequence[Path], *, finalize: Callable[[Any], Any], html: bool = False) -> Environment:
    """A sandbox for templates, which are searched for in these folders, in this order.

    `finalize` cleans each value that a template inserts; `html` also escapes it. A sentence is said in the language of
    the page or message, its value `language`. Raises ConfigurationError when Jinja2
    is not installed.
    """
    try:
        import jinja2
        from jinja2.sandbox import ImmutableSandboxedEnvironment
    except ImportError:
        raise missing_extra("services", Sentence("Writing messages or the page")) from None
    return ImmutableSandboxedEnvironment(
        loader=jinja2.FileSystemLoader(folders, encoding="utf-8-sig"),  # Windows editors write a byte order mark
        undefined=jinja2.StrictUndefined,
        autoescape=html,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_saying(finalize),
    )


def _saying(finalize: Callable[[Any], Any]) -> Callable[[Any, Any], Any]:
    from jinja2 import pass_context

    @pass_context
    def said(context: Any, value: Any) -> Any:
        return finalize(value.in_language(context["language"]) if isinstance(value, Sentence) else value)

    return said
