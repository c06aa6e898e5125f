"""A page as PDF, by WeasyPrint (the extra `slips`). Nothing is fetched."""

from __future__ import annotations

from collections.abc import Sequence, Sized
from typing import Any, Final, TypeVar

from feideprov.errors import ConfigurationError
from feideprov.installation import missing_extra
from feideprov.messages import Sentence
from feideprov.progress import MAKING_PDF, steps
from feideprov.slips.fonts import require_fonts

_T = TypeVar("_T")
_PART: Final = 20
"""Slips or sheets: whole pages, whether one or four slips are on a page, and a second or two of work."""


def require_printing(words: str) -> None:
    """Check that a PDF with these words can be made.

    Raises:
        ConfigurationError: the extra `slips`, Pango or a font is not installed; it says how to install it.
        InputError: no font has one of the letters.
    """
    _weasyprint()
    require_fonts(words)


def parts_of(things: tuple[_T, ...]) -> list[tuple[_T, ...]]:
    """What goes to a PDF, in parts that are made one after the other; one part, if there is nothing."""
    return [things[first : first + _PART] for first in range(0, max(len(things), 1), _PART)]


def pdf_of(pages: Sequence[str], of: Sequence[Sized]) -> bytes:
    """One PDF of HTML pages, whose letters are looked for in the fonts first.

    Parameters:
        pages: the HTML of each part.
        of: the parts themselves, for whoever watches how far the work has come.

    Raises: as `require_printing`.
    """
    weasyprint = _weasyprint()
    require_fonts("".join(pages))
    nothing = weasyprint.urls.URLFetcher(allowed_protocols=(), fail_on_errors=True)
    parts = steps(zip(pages, of, strict=True), MAKING_PDF, total=sum(map(len, of)), size=lambda part: len(part[1]))
    made = [weasyprint.HTML(string=page, base_url=None, url_fetcher=nothing).render() for page, _ in parts]
    pdf: bytes = made[0].copy([page for document in made for page in document.pages]).write_pdf()
    return pdf


def _weasyprint() -> Any:
    try:
        import weasyprint
    except ImportError:
        raise missing_extra("slips", Sentence("Making slips as PDF")) from None
    except OSError:  # a library that it loads
        raise ConfigurationError(
            Sentence(
                "Slips as PDF need Pango, which is not installed. Install it: apt-get install {packages}",
                packages="libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0",
            )
        ) from None
    return weasyprint
