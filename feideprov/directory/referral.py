"""References of a server to other servers, and to other parts of the directory (RFC 4511, 4.1.10)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from urllib.parse import unquote, urlsplit

_OWN_PARTITIONS: Final = ("cn=configuration,", "cn=schema,", "dc=domaindnszones,", "dc=forestdnszones,")


def may_hold_people(referral: Iterable[str]) -> bool:
    """Do the URIs of a referral name a part of the directory that may have users? Active Directory adds its own
    partitions to every search from the root of a domain, and they have none."""
    places = [unquote(urlsplit(url).path).lstrip("/").lower() for url in referral]
    return not places or not all(place.startswith(_OWN_PARTITIONS) for place in places)
