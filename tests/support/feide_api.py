"""What the Feide API would answer, made up: services (`/2/sp/`) and organizations (`/2/org/`) as saved JSON.

The same at every run. Our organization is 1000; providers have ids from 2000 on, services from 4000 on. Every name is
invented. `python tests/support/feide_api.py FOLDER` writes both lists there.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

OURS = "1000"
OTHERS = ("1001", "1002", "1003")
REALM = "skotthyll.kommune.no"
SERVICES, ACTIVATED, PROVIDERS = 300, 40, 75
WITHOUT_NUMBER = 10
"""Services that are activated here and do not get the number."""
WITHOUT_SUPPORT = ("2039",)
"""Providers without an address; this one has a service that concerns us."""

_WORDS = ("Lese", "Regne", "Skrive", "Natur", "Kart", "Tegne", "Musikk", "Språk", "Historie", "Leke")
_ENDINGS = ("huset", "banken", "kilden", "rommet", "stien", "boka", "laben", "øya")
_ATTRIBUTES = ["eduPersonPrincipalName", "displayName", "eduPersonAffiliation", "mail"]


@dataclass(frozen=True)
class FeideApi:
    """Both lists, as Python objects."""

    services: Sequence[dict[str, Any]]
    organizations: Sequence[dict[str, Any]]

    @property
    def asked(self) -> list[dict[str, Any]]:
        """The services that concern our organization: activated here, and they get the number."""
        return [one for one in self.services if _is_ours(one) and gets_number(one)]

    def address(self, service: dict[str, Any]) -> str | None:
        """Where a service's provider wants to be written to."""
        provider = service["provider"]["id"]
        return next(one["support_email"] for one in self.organizations if one["id"] == provider)

    def write(self, folder: Path, *, lines: bool = False) -> tuple[Path, Path]:
        """Save both lists: services.json (with `lines`, an object on each line) and organizations.json."""
        services, organizations = folder / "services.json", folder / "organizations.json"
        texts = [json.dumps(one, ensure_ascii=False) for one in self.services]
        services.write_text("\n".join(texts) if lines else f"[{','.join(texts)}]", encoding="utf-8")
        organizations.write_text(json.dumps(self.organizations, ensure_ascii=False), encoding="utf-8")
        return services, organizations


def feide_api() -> FeideApi:
    """300 services of 75 providers. 40 are activated here; 30 of these get the number, and have 20 providers."""
    return FeideApi(
        services=[_service(number) for number in range(SERVICES)],
        organizations=[_ours(), *map(_other, OTHERS), *(_provider_organization(n) for n in range(PROVIDERS))],
    )


def gets_number(service: dict[str, Any]) -> bool:
    """Whether the number is among what a service receives."""
    return bool({"userid-nin", "norEduPersonNIN"} & set(service["attributes"]))


def _is_ours(service: dict[str, Any]) -> bool:
    return {"id": OURS} in service["subscribers"]


def _service(number: int) -> dict[str, Any]:
    """The first 40 are activated here; of these the last ten do not get the number."""
    here = number < ACTIVATED
    gets = number < ACTIVATED - WITHOUT_NUMBER if here else number % 2 == 0
    name = f"{_WORDS[number % 10]}{_ENDINGS[number // 10 % 8]} {number // 80 + 1}"
    provider = _provider(_provider_of(number))
    wanted = ["norEduPersonNIN" if number % 3 else "userid-nin"] if gets else []
    return {
        "id": str(4000 + number),
        "name": {"nb": name, "en": f"{name} (English)"} | ({"nn": f"{name}, nynorsk"} if number % 4 == 0 else {}),
        "description": {"nb": f"{name} er en tjeneste for skolen."},
        "provider": provider,
        "login_url": f"https://t{number}.example.org/login",
        "about_url": f"https://t{number}.example.org/",
        "areas_of_use": ["undervisning"],
        "audiences": ["grunnskole"],
        "levels": [],
        "subjects": [],
        "payment_model": "free" if number % 2 else "subscription",
        "privacy_policy_urls": {"nb": f"https://t{number}.example.org/personvern"},
        "ordering_information": None,
        "technology_requirements": [],
        "logo": None,
        "demo": None,
        "attributes": [*_ATTRIBUTES, *wanted],
        "subscribers": [{"id": one} for one in (*([OURS] if here else []), *OTHERS[: number % 4])],
        "a_key_of_tomorrow": {"kept": True},
    }


def _provider_of(number: int) -> int:
    """Providers 0–9 have two services each that concern us, 10–18 and 39 one."""
    if number < 20:
        return number // 2
    if number < 29:
        return number - 10
    return 39 if number == 29 else number % PROVIDERS


def _provider(number: int) -> dict[str, Any]:
    return {"id": str(2000 + number), "name": f"Leverandør {number} AS", "realm": f"leverandor{number}.example.org"}


def _provider_organization(number: int) -> dict[str, Any]:
    provider = _provider(number)
    reached = provider["id"] not in WITHOUT_SUPPORT
    return {
        "id": provider["id"],
        "realm": provider["realm"],
        "type": ["service_provider"],
        "name": {"nb": provider["name"]},
        "support_email": f"support@{provider['realm']}" if reached else None,
        "support_phone": None,
        "support_url": f"https://{provider['realm']}/hjelp",
    }


def _ours() -> dict[str, Any]:
    return _school_owner(OURS, REALM, "Skotthyll kommune")


def _other(organization: str) -> dict[str, Any]:
    return _school_owner(organization, f"kommune{organization}.example.org", f"Kommune {organization}")


def _school_owner(organization: str, realm: str, name: str) -> dict[str, Any]:
    return {
        "id": organization,
        "realm": realm,
        "type": ["home_organization", "primary_and_lower_secondary_owner"],
        "name": {"nb": name},
        "support_email": f"brukerstotte@{realm}",
        "support_phone": None,
        "support_url": None,
    }


if __name__ == "__main__":
    for path in feide_api().write(Path(sys.argv[1])):
        print(path)
