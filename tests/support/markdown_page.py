"""What a page in Markdown links to, and what can be linked to in it."""

from __future__ import annotations

import re

LINK = re.compile(r"(?<!`)\]\(([^)#\s]*)(?:#([^)\s]+))?\)")
"""A link: its page, empty where it is the same one, and the heading in it, or nothing."""
_FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def headings(text: str) -> set[str]:
    """The headings of a page, as links name them, at GitHub and on the site alike. A second one with the same name is
    called differently there, so nothing links to it."""
    return {_named(heading) for heading in re.findall(r"^#+ (.+)$", _FENCE.sub("", text), re.MULTILINE)}


def _named(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
