"""A page as PDF, by WeasyPrint (the extra `slips`). Nothing is fetched."""

from __future__ import annotations

from typing import Any

from feideprov.errors import ConfigurationError
from feideprov.installation import missing_extra
from feideprov.messages import Sentence
from feideprov.slips.fonts import require_fonts


def require_printing(words: str) -> None:
    """Check that a PDF with these words can be made.

    Raises:
        ConfigurationError: the extra `slips`, Pango or a font is not installed; it says how to install it.
        InputError: no font has one of the letters.
    """
    _weasyprint()
    require_fonts(words)


def pdf_of(page: str) -> bytes:
    """The PDF of an HTML page, whose letters are looked for in the fonts first. Raises as `require_printing`."""
    weasyprint = _weasyprint()
    require_fonts(page)
    nothing = weasyprint.urls.URLFetcher(allowed_protocols=(), fail_on_errors=True)
    made: bytes = weasyprint.HTML(string=page, base_url=None, url_fetcher=nothing).write_pdf()
    return made


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
