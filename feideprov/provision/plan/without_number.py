"""What changes that carry no number have in common."""

from __future__ import annotations

from typing import ClassVar


class WithoutNumber:
    """A change that carries no number."""

    number: ClassVar[None] = None
    evidence: ClassVar[None] = None
    lifted: ClassVar[None] = None
    basis: ClassVar[None] = None
