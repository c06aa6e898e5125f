"""Active Directory, for which a real Samba stands in: what is made there, who can log in, and what is kept apart."""

from __future__ import annotations

from private_samba import PrivateSamba


def test_it_answers(samba: PrivateSamba) -> None:
    assert samba.running
