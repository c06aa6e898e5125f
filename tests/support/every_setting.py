"""The configuration that `feideprov init` writes, with everything that is switched off switched on."""

from __future__ import annotations

import re
import tomllib
from typing import Any, Final

_SWITCHED_OFF: Final = re.compile(r"""^# (?=\[|"[^"]*" = |[\w.-]+ = )""", re.MULTILINE)


def every_setting(text: str) -> dict[str, Any]:
    """The values in a configuration, also of the keys that are comments."""
    return tomllib.loads(_SWITCHED_OFF.sub("", text))
