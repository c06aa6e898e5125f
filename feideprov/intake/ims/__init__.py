"""PIFU-IMS SAS and IMS Enterprise: what school administration systems export, read to person records.

    is_enterprise(head) -> bool              whether a file is one, by how it begins
    read_enterprise(path, reading) -> PersonList

The file is read once, in parts. Of each person only what a Feide user needs is kept: no grades, absence, mother tongue,
addresses, gender or passwords.
"""

from __future__ import annotations

from feideprov.intake.ims.reader import read_enterprise
from feideprov.intake.ims.recognition import is_enterprise

__all__ = ["is_enterprise", "read_enterprise"]
