"""Feide users for people without a Norwegian identity number, and their number later.

The public names are those of `__init__.pyi`; everything else may change between versions. A name is imported when it is
first used, so `import feideprov` alone loads no LDAP and no database.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
