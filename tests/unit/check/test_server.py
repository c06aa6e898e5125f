"""What a server tells of itself, read and judged. The entries of 389 DS are as version 2.3.1 has them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from feideprov.check import server, server_settings
from feideprov.check.examination import State
from feideprov.directory.dn import DN
from feideprov.directory.entry import Entry
from feideprov.directory.ldap.server_config import server_config, server_time
from feideprov.directory.ldap.server_schema import schema_gap
from feideprov.errors import DirectoryError
from feideprov.schema.files import schema_files
from feideprov.testing import example_settings

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
BASE = DN.parse("dc=skotthyll,dc=no")


@dataclass
class Told:
    """The parts of a server's configuration that an account may read."""

    kind: str
    entries: list[Entry] = field(default_factory=list)
    base: DN = BASE

    def read(self, dn: DN, attributes: Sequence[str] = ("*",)) -> Entry | None:
        return next((entry for entry in self.entries if entry.dn == dn), None)

    def below(self, dn: DN, attributes: Sequence[str]) -> Iterator[Entry]:
        found = [entry for entry in self.entries if entry.dn.is_within(dn)]
        if not found:
            raise DirectoryError("There is no such entry.", code=32)
        yield from found


def entry(dn: str, **values: list[str]) -> Entry:
    return Entry(DN.parse(dn), {name.replace("_", "-"): held for name, held in values.items()})


def told_by_389(*, log: str = "on", enabled: str = "on", subtree: str = str(BASE)) -> Any:
    database = "cn=userRoot,cn=ldbm database,cn=plugins,cn=config"
    return Told(
        "389",
        [
            entry("cn=config", nsslapd_accesslog_logging_enabled=[log], nsslapd_sizelimit=["2000"]),
            entry("cn=plugins,cn=config"),
            entry("cn=ldbm database,cn=plugins,cn=config"),
            entry(database, nsslapd_suffix=[str(BASE)]),
            entry(f"cn=uid,cn=index,{database}", cn=["uid"], nsIndexType=["eq", "pres"]),
            entry(
                "cn=attribute uniqueness,cn=plugins,cn=config",
                uniqueness_attribute_name=["uid"],
                uniqueness_subtrees=[subtree],
                nsslapd_pluginEnabled=[enabled],
            ),
        ],
    )


def told_by_openldap(level: str = "0", **database: list[str]) -> Any:
    name = "olcDatabase={1}mdb,cn=config"
    unique = database.pop("olcUniqueURI", [])
    return Told(
        "openldap",
        [
            entry("cn=config", olcLogLevel=level.split()),
            entry("olcDatabase={-1}frontend,cn=config"),
            entry(name, olcSuffix=[str(BASE)], **database),
            entry(f"olcOverlay={{0}}unique,{name}", olcUniqueURI=unique),
        ],
    )


def test_389_directory_server() -> None:
    config = server_config(told_by_389())
    assert config is not None
    assert config.indexes == {"uid": {"eq", "pres"}}
    assert config.unique == {"uid"}
    assert config.logs_filters
    assert config.limits == ("nsslapd-sizelimit 2000",)


@pytest.mark.parametrize("changes", [{"enabled": "off"}, {"subtree": "ou=people,dc=skotthyll,dc=no"}])
def test_389_keeps_unique_what_its_plugin_is_switched_on_for(changes: dict[str, str]) -> None:
    config = server_config(told_by_389(**changes))
    assert config is not None
    assert config.unique == set()


def test_389_without_an_access_log() -> None:
    config = server_config(told_by_389(log="off"))
    assert config is not None
    assert not config.logs_filters


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        *[
            (level, True)
            for level in ("stats", "Stats", "256", "0x100", "any", "-1", "{0}stats", "sync stats", "filter")
        ],
        *[(level, False) for level in ("0", "none", "sync", "stats2", "16384", "")],
    ],
)
def test_openldaps_log_levels(level: str, expected: bool) -> None:
    config = server_config(told_by_openldap(level))
    assert config is not None
    assert config.logs_filters is expected


def test_openldaps_indexes() -> None:
    lines = ["default pres,eq", "{1}uid,mail eq", "norEduPersonNIN", "mail sub", "cn  pres, eq"]
    config = server_config(told_by_openldap(olcDbIndex=lines))
    assert config is not None
    assert config.indexes["uid"] == {"eq"}
    assert config.indexes["mail"] == {"eq", "sub"}
    assert config.indexes["noredupersonnin"] == config.indexes["cn"] == {"pres", "eq"}


@pytest.mark.parametrize(
    ("uris", "expected"),
    [
        (["ldap:///dc=skotthyll,dc=no?uid,mail?sub"], {"uid", "mail"}),
        (["ldap:///?uid?sub"], {"uid"}),
        (["strict ldap:///dc=no?uid?sub?(objectClass=person)"], {"uid"}),
        (["ldap:///dc%3Dskotthyll%2Cdc%3Dno?uid?sub ldap:///dc=no?mail?sub"], {"uid", "mail"}),
        (["ldap:///ou=staff,dc=skotthyll,dc=no?uid?sub"], set()),
        ([], set()),
    ],
    ids=["base", "everywhere", "above", "two", "elsewhere", "none"],
)
def test_openldaps_unique_overlay(uris: list[str], expected: set[str]) -> None:
    config = server_config(told_by_openldap(olcUniqueURI=uris))
    assert config is not None
    assert config.unique == expected


def test_configuration_that_the_account_may_not_read_is_unknown() -> None:
    for kind in ("openldap", "389", "ad"):
        assert server_config(Told(kind)) is None  # type: ignore[arg-type]
    states = {check.name: check.state for check in server_settings.configuration(None, "openldap", "employeeNumber")}
    assert states == {"indexes": State.UNKNOWN, "uniqueness": State.UNKNOWN, "logs": State.UNKNOWN}


def test_active_directory_has_no_uniqueness() -> None:
    [unique] = [c for c in server_settings.configuration(None, "ad", "employeeNumber") if c.name == "uniqueness"]
    assert unique.sentence.startswith("Active Directory cannot prevent duplicates in norEduPersonNIN")


def test_a_server_that_the_settings_do_not_fit_is_told() -> None:
    assert server.configured_kind("389", None, 40).exit_code == 0
    assert (
        server.configured_kind("openldap", "389", 40).sentence == "The server is 389 Directory Server."
    )  # one that does not say so
    assert server.configured_kind("ad", "ad", 20).exit_code == 0
    assert server.configured_kind("ad", "openldap", 20).exit_code == 2
    assert server.configured_kind("openldap", "ad", 20).exit_code == 2
    assert server.configured_kind("ad", None, 21).exit_code == 2


def test_missing_indexes_come_in_the_words_of_the_server() -> None:
    openldap = server_config(told_by_openldap(olcDbIndex=["uid,eduPersonPrincipalName,eduPersonEntitlement,x eq"]))
    [index] = [c.finding for c in server_settings.configuration(openldap, "openldap", "x") if c.name == "indexes"]
    assert index is not None
    assert index.sentence.startswith("There is no index for norEduPersonNIN (eq, pres).")
    assert "“olcDbIndex: norEduPersonNIN eq,pres”" in index.action
    [index] = [c.finding for c in server_settings.configuration(openldap, "389", "x") if c.name == "indexes"]
    assert index is not None
    assert "“--attr norEduPersonNIN --index-type eq --index-type pres”" in index.action


@pytest.mark.parametrize(
    "clock",
    [
        entry("", currentTime=["20261102120000.0Z"]),
        entry("cn=Current,cn=Time,cn=Monitor", monitorTimestamp=["20261102120000Z"]),
        entry("cn=monitor", currenttime=["20261102120000Z"]),
    ],
    ids=["ad", "openldap", "389"],
)
def test_the_servers_clock(clock: Entry) -> None:
    assert server_time(Told("openldap", [clock])) == NOW  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("seconds", "state"), [(0, "good"), (60, "good"), (-60, "good"), (61, "wrong"), (-61, "wrong")]
)
def test_clocks_may_be_a_minute_apart(seconds: int, state: str) -> None:
    assert server.clock(NOW + timedelta(seconds=seconds), NOW).state == state


def test_clock_that_is_not_told() -> None:
    assert server_time(Told("openldap")) is None  # type: ignore[arg-type]
    assert server.clock(None, NOW).state is State.UNKNOWN


def definitions() -> tuple[list[str], list[str]]:
    """The package's own schema, as a server tells it."""
    lines = schema_files("389")[0].read_text(encoding="utf-8").replace("\n ", "").splitlines()
    attributes = [line.partition(": ")[2] for line in lines if line.lower().startswith("attributetypes:")]
    return attributes, [line.partition(": ")[2] for line in lines if line.lower().startswith("objectclasses:")]


def test_the_packages_own_schema_has_no_gap() -> None:
    gap = schema_gap(*definitions())
    assert (gap.missing, gap.differing) == ({}, ())


def test_everything_that_is_taken_out_of_a_schema_is_missed() -> None:
    attributes, classes = definitions()
    left = [c for c in classes if "'eduOrg'" not in c]
    gap = schema_gap([a for a in attributes if "'norEduPersonLIN'" not in a], left)
    assert gap.missing == {"noredu": ("norEduPersonLIN",), "eduorg": ("eduOrg",)}


@pytest.mark.parametrize(
    ("attribute", "old", "new", "said"),
    [
        ("norEduPersonNIN", " SINGLE-VALUE", "", "norEduPersonNIN allows several values"),
        (
            "eduPersonEntitlement",
            "caseExactMatch",
            "caseIgnoreMatch",
            "has the matching rule caseIgnoreMatch instead of caseExactMatch",
        ),
        ("eduPersonPrincipalName", "EQUALITY caseIgnoreMatch ", "", "lacks the matching rule caseIgnoreMatch"),
    ],
)
def test_attribute_that_a_server_defines_in_another_way(attribute: str, old: str, new: str, said: str) -> None:
    attributes, classes = definitions()
    changed = [a.replace(old, new) if f"'{attribute}'" in a else a for a in attributes]
    assert changed != attributes
    [differing] = schema_gap(changed, classes).differing
    assert said in differing


NEEDS = {
    "schacHomeOrganization": {"feide": {"home_organization": True}},
    "norEduPersonBirthDate": {"feide": {"birth_date": True}},
    "eduPersonUniqueId": {"feide": {"unique_id": True}},
    "norEduPersonAuthnMethod": {"mfa": {"sms_roles": ["pupil"]}},
    "norEduPersonServiceAuthnLevel": {"mfa": {"sms_roles": ["staff"]}},
    "norEduPersonLIN": {"numbers": {"keep_local_numbers": True}},
}
WITHOUT_SETTING = (
    *("eduPersonPrincipalName", "norEduPersonNIN", "norEduPersonLegalName", "eduOrgLegalName", "norEduOrgNIN"),
    *("norEduOrgUnitUniqueIdentifier", "eduPersonPrincipalNamePrior", "eduPersonNickname", "eduPersonEntitlement"),
)
NEVER = ("eduPersonOrcid", "eduPersonAssurance", "norEduPersonGuardianNIN", "norEduOrgUniqueNumber", "schacGender")


class Served(Told):
    """A server with the package's schema but for one attribute, or one that it defines otherwise."""

    def __init__(self, name: str, change: Callable[[str], str | None]) -> None:
        super().__init__("openldap")
        attributes, classes = definitions()
        changed = [change(a) if f"'{name}'" in a else a for a in attributes]
        assert changed != attributes
        self._schema = [a for a in changed if a is not None], classes

    def schema(self) -> tuple[list[str], list[str]]:
        return self._schema


def action_of(served: Served, kind: str, folder: Path, **sections: object) -> str:
    settings = example_settings(folder, **sections)
    checks = server_settings.schema(served, kind, settings)  # type: ignore[arg-type]
    return " ".join(check.finding.action for check in checks if check.finding)


def test_what_is_missing_is_added_as_the_kind_of_server_takes_it(tmp_path: Path) -> None:
    gone, mfa = Served("norEduPersonAuthnMethod", lambda _: None), {"mfa": {"sms_roles": ["pupil"]}}
    openldap, ds389, ad = (action_of(gone, kind, tmp_path, **mfa) for kind in ("openldap", "389", "ad"))
    assert "cn=config that defines norEduPerson, add “olcAttributeTypes: ( 1.3.6.1.4.1.2428.90.1.14 NAME" in openldap
    assert "Add these values to cn=schema, where each one replaces" in ds389
    assert "“attributeTypes: ( 1.3.6.1.4.1.2428.90.1.14 NAME" in ds389
    assert "noredu-ad.ldif with the option -k of ldifde" in ad
    assert ad.endswith("Then add norEduPersonAuthnMethod to mayContain of norEduPerson.")
    assert not any(".schema" in action or "noredu.ldif" in action for action in (openldap, ds389))
    several = Served("norEduPersonNIN", lambda text: text.replace(" SINGLE-VALUE", ""))
    assert action_of(several, "ad", tmp_path).startswith("Active Directory cannot change how many values")


def test_a_class_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    served = Served("norEduPersonLIN", lambda text: text + " ")
    attributes, classes = served.schema()
    for change, said in (
        (("AUXILIARY", "STRUCTURAL"), "norEduPerson is not an auxiliary object class"),
        (("AUXILIARY MAY", "AUXILIARY MUST norEduPersonLIN MAY"), "norEduPerson requires noredupersonlin"),
    ):
        changed = [one.replace(*change) if "'norEduPerson'" in one else one for one in classes]
        served._schema = attributes, changed
        [(code, sentence)] = found_in(served, tmp_path)
        assert (code, said in sentence) == ("D-SCHEMA-DIFFERS", True), changed


def found_in(served: Served, folder: Path, **sections: object) -> list[tuple[str, str]]:
    settings = example_settings(folder, **sections)
    checks = server_settings.schema(served, "openldap", settings)  # type: ignore[arg-type]
    return [(check.finding.code, check.finding.sentence) for check in checks if check.finding]


@pytest.mark.parametrize("name", [*NEEDS, *WITHOUT_SETTING, *NEVER])
def test_an_attribute_is_missed_where_the_configuration_writes_it(name: str, tmp_path: Path) -> None:
    gone = Served(name, lambda _: None)
    assert bool(found_in(gone, tmp_path)) is (name in WITHOUT_SETTING)
    assert bool(found_in(gone, tmp_path, **NEEDS.get(name, {}))) is (name not in NEVER)


@pytest.mark.parametrize(
    ("name", "old", "new", "matters"),
    [
        ("eduPersonAssurance", "caseIgnoreMatch", "caseExactMatch", False),
        ("eduPersonTargetedID", "caseIgnoreMatch", "caseExactMatch", False),
        ("eduPersonAffiliation", " SUBSTR caseIgnoreSubstringsMatch", "", False),
        ("eduOrgHomePageURI", "SYNTAX 1.3.6.1.4.1.1466.115.121.1.15", "SYNTAX 1.3.6.1.4.1.1466.115.121.1.26", False),
        ("eduOrgLegalName", "SYNTAX 1.3.6.1.4.1.1466.115.121.1.15", "SYNTAX 1.3.6.1.4.1.1466.115.121.1.26", True),
        ("eduPersonPrincipalName", "caseIgnoreMatch", "caseIgnoreIA5Match", False),
        ("eduPersonPrincipalName", "EQUALITY caseIgnoreMatch ", "", True),
        ("eduPersonPrincipalName", "EQUALITY caseIgnoreMatch ", "SUP name ", False),
        ("eduPersonScopedAffiliation", " X-ORIGIN", " SINGLE-VALUE X-ORIGIN", True),
        ("eduPersonNickname", " X-ORIGIN", " SINGLE-VALUE X-ORIGIN", False),
        ("norEduPersonNIN", " SINGLE-VALUE", "", True),
    ],
)
def test_a_difference_is_told_where_it_matters(name: str, old: str, new: str, matters: bool, tmp_path: Path) -> None:
    found = found_in(Served(name, lambda text: text.replace(old, new)), tmp_path)
    assert [code for code, _ in found] == (["D-SCHEMA-DIFFERS"] if matters else [])
