"""The introduction register (NIR): what is registered, by when, in which channel, who may, and what is missing.

The rules are dated data with sources (docs/nir-rules.md). The wire format of WS4 is not public; nothing here knows it.
The public names are those of `__init__.pyi`.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
