"""A configuration that cannot be used: one sentence that says what is wrong, where, and the next step; exit code 2."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from feideprov import ConfigurationError, Settings

if TYPE_CHECKING:
    from tests.journeys.conftest import Office

GOOD = "a-1;Anna;Berg;2010-01-01;hylla;pupil;"


def refused(office: Office, one_sentence: Any, *words: str, code: int = 2) -> str:
    """What is said when people are to be made; nothing was written."""
    before = office.state()
    answer = office(*(words or ("apply", office.people(GOOD), "--yes")))
    assert (answer.code, answer.out) == (code, "")
    assert office.state() == before
    assert not office.passwords.exists()
    return str(one_sentence(answer))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            'realm = "skotthyll.kommune.no"',
            'realm = "Skotthyll.kommune.no"',
            "realm: a realm must be written in lower case, such as “skotthyll.kommune.no”",
        ),
        ('realm = "skotthyll.kommune.no"', 'realm = "skotthyll"', "realm: a realm must be a domain name"),
        ('"NO987654325"', '"NO987654321"', "number: the check digit of this organization number is wrong"),
        (
            "[numbers]",
            '[names]\npattern = "{first}.{family}"\n\n[numbers]',
            "[names] pattern “{first}.{family}”: only {given} and {family} can be in braces. Write",
        ),
        ("[numbers]", '[names]\nreserved = ["å"]\n\n[numbers]', "[names] reserved: “å” cannot be part of a user name"),
        ('"NO912345688"', '"912345688"', "an organization number must be “NO” and nine digits"),
        ('mail = "post@skotthyll.kommune.no"', 'mail = "post"', "mail: a mail address must look like"),
        ('dn = "o=Skotthyll kommune,dc=skotthyll,dc=no"', 'dn = "Skotthyll"', "is not a distinguished name"),
        (
            'dn = "o=Skotthyll kommune,dc=skotthyll,dc=no"',
            'dn = "o=Skotthyll kommune,dc=annet,dc=no"',
            "organization.dn (o=Skotthyll kommune,dc=annet,dc=no) is not below the directory's base",
        ),
        (
            'dn = "ou=Hylla skole,o=Skotthyll kommune,dc=skotthyll,dc=no"',
            'dn = "ou=Hylla skole,dc=no"',
            "schools.dn of hylla (ou=Hylla skole,dc=no) is not below the directory's base",
        ),
        (
            'users_dn = "ou=people,dc=skotthyll,dc=no"',
            'users_dn = "ou=people,dc=annet,dc=no"',
            "directory.users_dn (ou=people,dc=annet,dc=no) is not below the directory's base",
        ),
        (
            'users_dn = "ou=people,dc=skotthyll,dc=no"',
            'users_dn = "ou=nobody,dc=skotthyll,dc=no"',
            "The entry ou=nobody,dc=skotthyll,dc=no, below which users are created, does not exist",
        ),
        ('base_dn = "dc=skotthyll,dc=no"', 'base_dn = "dc=annet,dc=no"', "The directory has no entry dc=annet,dc=no"),
        ('kind = "primary"', 'kind = "kindergarten"', "schools[1].kind: this must be “primary” or “secondary”"),
        ('id = "solbakken"', 'id = "Hylla"', "two schools have the same id or the same dn"),
        ("test = true", 'test = "sometimes"', "numbers.test: "),
        ("test = true", "tset = true", "The key numbers.tset is not known. The nearest known key is test"),
        ("[numbers]", "[nubmers]", "The key nubmers is not known. The nearest known key is numbers"),
        ('id = "hylla"', 'di = "hylla"', "The key schools[1].di is not known. The nearest known key is id"),
        ('source_id_attribute = "employeeNumber"\n', "", "The key directory.source_id_attribute is missing"),
        (
            'source_id_attribute = "employeeNumber"',
            'source_id_attribute = "norEduPersonNIN"',
            "The attribute in source_id_attribute is used for something else",
        ),
        ('url = "ldif:catalogue.ldif"', 'url = "http://ldap.skotthyll.no"', "is not an LDAP address"),
        ('url = "ldif:catalogue.ldif"', 'url = "ldaps://"', "has no server name, or its port is not valid"),
        (
            'url = "ldif:catalogue.ldif"',
            'url = "ldaps://ldap:99999"',
            "has no server name, or its port is not valid",
        ),
        (
            'url = "ldif:catalogue.ldif"',
            'url = "ldif:nowhere.ldif"',
            "nowhere.ldif. Correct url. Or, to create the directory, run: feideprov init --directory",
        ),
        (
            'url = "ldif:catalogue.ldif"',
            'url = "ldap://ldap.skotthyll.no"\ntls = "off"',
            "With tls = “off”, passwords and numbers are sent to ldap.skotthyll.no in clear text.",
        ),
        (
            'url = "ldif:catalogue.ldif"',
            'url = "ldaps://localhost"\nbind_dn = "cn=x,dc=no"',
            "bind_dn needs a password: add password_file or password_env",
        ),
        (
            'url = "ldif:catalogue.ldif"',
            'url = "ldaps://localhost"\nbind_dn = "cn=x,dc=no"\npassword_file = "nowhere"',
            "[directory] password_file is not the path of a file that exists",
        ),
        (
            'url = "ldif:catalogue.ldif"',
            'url = "ldaps://localhost"\nbind_dn = "cn=x,dc=no"\npassword_env = "NO_SUCH_VARIABLE"',
            "The environment variable NO_SUCH_VARIABLE (password_env) is missing",
        ),
        (
            'url = "ldif:catalogue.ldif"',
            'url = "ldaps://localhost"\nbind_dn = "cn=x,dc=no"\npassword_env = "A"\npassword_file = "b"',
            "[directory] has both password_file and password_env",
        ),
        (
            "[journal]",
            '[journal]\nkey_env = "NO_SUCH_VARIABLE"',
            "variable NO_SUCH_VARIABLE (key_env) is missing, or it",
        ),
        ("[journal]", '[journal]\nkey_file = "nowhere/feideprov.key"', "cannot be used: No such file or directory"),
        ("[numbers]", '[columns]\nfornavn = "Navn"\n\n[numbers]', "[columns] “fornavn” is not a column"),
    ],
)
def test_wrong_setting(office: Office, one_sentence: Any, old: str, new: str, words: str) -> None:
    office.set(old, new)
    assert words in refused(office, one_sentence)


EVERY_KEY = """
[organization]
realm = "skotthyll.kommune.no"
name = "Skotthyll kommune"
number = "NO987654325"
mail = "post@skotthyll.kommune.no"
dn = "o=Skotthyll kommune,dc=skotthyll,dc=no"

[[schools]]
id = "hylla"
name = "Hylla skole"
number = "NO912345688"
mail = "hylla@skotthyll.kommune.no"
dn = "ou=Hylla skole,o=Skotthyll kommune,dc=skotthyll,dc=no"
kind = "adult-education"

[directory]
url = "ldaps://ldap.skotthyll.no"
kind = "openldap"
users_dn = "ou=people,dc=skotthyll,dc=no"
base_dn = "dc=skotthyll,dc=no"
source_id_attribute = "employeeNumber"
bind_dn = "cn=feideprov,dc=skotthyll,dc=no"
password_file = "/run/secrets/feideprov"
ca_file = "ca.pem"
mode = "write"

[numbers]
duf = "leave-out"
test = false
keep_local_numbers = false

[login]
by = "directory"

[[sources]]
name = "visma"
evidence = "register"
confirmed_by = "…"
confirmed_on = 2026-08-01

[journal]
url = "sqlite:///feideprov.db"
key_file = "feideprov.key"
handover = "passwords.csv"
"""


def test_configuration_with_every_key_is_read(office: Office) -> None:
    settings = Settings.load(office.write("every.toml", EVERY_KEY))
    assert settings.numbers.keep_local_numbers is False
    assert settings.schools[0].kind == "adult-education"
    assert settings.sources[0].name == "visma"


def test_several_wrong_settings_are_told_at_once(office: Office, one_sentence: Any) -> None:
    office.set("test = true", "tset = true")
    office.set('source_id_attribute = "employeeNumber"\n', "")
    said = refused(office, one_sentence)
    assert "tset" in said
    assert "source_id_attribute" in said


def test_no_configuration(office: Office, one_sentence: Any) -> None:
    office.config.unlink()
    assert (
        refused(office, one_sentence)
        == f"There is no configuration file {office.config}. To create one, run: feideprov init"
    )


def test_configuration_that_is_no_toml(office: Office, one_sentence: Any) -> None:
    office.set("test = true", "test = ")
    said = refused(office, one_sentence)
    assert "is not valid TOML" in said
    assert re.search(r"line \d+", said)


def test_configuration_that_is_a_folder(office: Office, one_sentence: Any) -> None:
    office.config.unlink()
    office.config.mkdir()
    assert "cannot be read: Is a directory" in refused(office, one_sentence)


def test_directory_that_is_no_ldif(office: Office, one_sentence: Any) -> None:
    office.write("other.ldif", "not an entry\n")
    office.set("catalogue.ldif", "other.ldif")
    said = refused(office, one_sentence)
    assert "The LDIF record that begins at line 1 has a line that is not “attribute: value”" in said


def test_source_id_attribute_in_use_for_numbers(office: Office, one_sentence: Any) -> None:
    with office.catalogue.open("a") as file:
        for number in ("57912075186", "12829499914", "17912099997", "29822099635"):
            file.write(
                f"\ndn: uid=old{number[:2]},ou=people,dc=skotthyll,dc=no\nobjectClass: inetOrgPerson\ncn: Old\n"
                f"sn: Old\nuid: old{number[:2]}\nemployeeNumber: {number}\n"
            )
    said = refused(office, one_sentence)
    assert "In 4 entries, the value of employeeNumber looks like an identity number. Choose another attribute" in said
    assert "12075" not in said


def test_empty_password_is_no_password(office: Office, one_sentence: Any) -> None:
    office.write("bind-password", "\n")
    office.set(
        'url = "ldif:catalogue.ldif"',
        'url = "ldaps://localhost"\nbind_dn = "cn=x,dc=no"\npassword_file = "bind-password"',
    )
    assert refused(office, one_sentence).startswith("The first line of the file bind-password (password_file) is empty")


def test_environment_comes_before_the_file_and_is_checked_as_strictly(
    office: Office, one_sentence: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FEIDEPROV_ORGANIZATION__REALM", "annet.kommune.no")
    answer = office("plan", office.people(GOOD), "--json")
    assert answer.json["changes"][0]["user"] == "annaberg@annet.kommune.no"
    monkeypatch.setenv("FEIDEPROV_DIRECTORY__URLL", "ldaps://localhost")
    assert "The key directory.urll is not known. The nearest known key is url" in refused(office, one_sentence)


def test_value_in_the_environment_is_never_quoted(
    office: Office, one_sentence: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FEIDEPROV_CAPS", "hunter2")
    said = refused(office, one_sentence)
    assert said.startswith("The environment variable FEIDEPROV_CAPS is not valid JSON. ")
    assert "hunter2" not in said
    with pytest.raises(ConfigurationError) as wrong:
        Settings.load(office.config)
    assert (wrong.value.__cause__, wrong.value.__context__) == (None, None)


# --- who may write, and how much


@pytest.mark.parametrize("yes", [True, False], ids=["yes", "dry"])
def test_mode_watch_writes_nothing(office: Office, yes: bool) -> None:
    people = office.people(GOOD)
    office("apply", people, "--yes")
    arrived = office.write("n.csv", "source_id;national_number;birth_date\na-1;45840375084;2003-04-05\n")
    office.set('url = "ldif:catalogue.ldif"', 'url = "ldif:catalogue.ldif"\nmode = "watch"')
    before = office.state()
    for words in (
        ("apply", office.people("a-2;Åse;Dal;;hylla;pupil;")),
        ("attach", arrived),
        ("resolve", "annaberg@skotthyll.kommune.no", "--different"),
    ):
        answer = office(*words, *(["--yes"] if yes else []))
        assert answer.code == 2
        assert answer.err.endswith(
            "[directory] mode is “watch”, so nothing is written: another system maintains the directory. "
            "To write with this tool, set mode to “write”.\n"
        )
    assert office.state() == before
    assert office("pending").code == 0
    assert office("plan", office.people("a-2;Åse;Dal;;hylla;pupil;")).code == 0


@pytest.fixture
def moving(office: Office) -> str:
    """Three users of ours, a list that moves them all, and a configuration that lets one be moved."""
    office.set("[numbers]", "[caps]\nchanges = 1\npercent = 5\n\n[numbers]")
    rows = [f"a-{n};{name};Berg;;{{}};student;" for n, name in enumerate(("Anna", "Berit", "Cecilie"))]
    assert office("apply", office.people(*(row.format("hylla") for row in rows)), "--yes").code == 0
    return office.people(*(row.format("solbakken") for row in rows))


CAPS = (
    "The plan changes 3 of 3 users, which is more than [caps] allows. Read the plan. "
    "If the plan is right, carry it out with --allow-changes 3.\n"
)


def test_plan_above_the_caps_stops_and_writes_nothing(office: Office, moving: str) -> None:
    before = office.state()
    answer = office("apply", moving, "--yes")
    assert (answer.code, answer.err, answer.out) == (2, CAPS, "")
    assert office.state() == before


def test_dry_run_above_the_caps_shows_the_plan_and_says_so(office: Office, moving: str) -> None:
    answer = office("apply", moving)
    assert (answer.code, answer.err) == (2, CAPS)
    assert answer.out.startswith("This would be done, if it were allowed:\n")
    assert "update annaberg@skotthyll.kommune.no" in answer.out
    said = office("apply", moving, "--json").json
    assert (said["ok"], said["error"], said["counts"]["updated"]) == (False, CAPS.strip(), 3)


def test_allow_changes_lets_as_many_through(office: Office, moving: str) -> None:
    assert office("apply", moving, "--yes", "--allow-changes", "2").code == 2
    assert office("apply", moving, "--allow-changes", "3").code == 0
    answer = office("apply", moving, "--yes", "--allow-changes", "3", "--json")
    assert (answer.code, answer.json["counts"]["updated"]) == (0, 3)


def test_creations_are_not_capped(office: Office, moving: str) -> None:
    rows = [f"b-{n};Dina{'abcdefgh'[n]};Dal;;hylla;pupil;" for n in range(8)]
    assert office("apply", office.people(*rows), "--yes", "--json").json["counts"]["created"] == 8


# --- sources


SOURCES = """
[[sources]]
name = "visma"
evidence = "register"
confirmed_by = "Kari Nordmann"
confirmed_on = 2026-08-01
"""


def test_source_brings_its_evidence(office: Office) -> None:
    office.config.write_text(office.config.read_text(encoding="utf-8") + SOURCES, encoding="utf-8")
    people = office.people("a-1;Anna;Berg;;hylla;pupil;45840375084")
    assert office("plan", people, "--json").json["refusals"][0]["code"] == "R-EVIDENCE"
    assert office("apply", people, "--source", "visma", "--yes").code == 0
    [event] = office("history", "annaberg@skotthyll.kommune.no", "--json").json["events"]
    assert event["evidence"] == "register, seen by Kari Nordmann on 2026-08-01 (source visma)"


def test_source_that_is_not_configured(office: Office, one_sentence: Any) -> None:
    said = refused(office, one_sentence, "apply", office.people(GOOD), "--source", "visma", "--yes")
    assert said == "There is no source “visma”: the configuration has no [[sources]]."


def test_with_two_sources_it_is_said_which(office: Office, one_sentence: Any) -> None:
    text = office.config.read_text(encoding="utf-8") + SOURCES + SOURCES.replace("visma", "ist")
    office.config.write_text(text, encoding="utf-8")
    assert (
        refused(office, one_sentence)
        == "There are several sources. Say which one the list comes from, with --source: visma or ist."
    )
    assert office("apply", office.people(GOOD), "--source", "ist", "--yes").code == 0
    assert office.entry("ist:a-1").text("uid") == "annaberg"


# --- key and journal


def test_lost_key_file_is_told_and_no_other_is_made(office: Office, one_sentence: Any) -> None:
    office("apply", office.people(GOOD), "--yes")
    key, people = office.folder / "feideprov.key", office.people("a-2;Åse;Dal;;hylla;pupil;")
    kept = key.read_bytes()
    key.unlink()
    before = office.state()
    answer = office("apply", people, "--yes")
    assert (answer.code, office.state(), key.exists()) == (2, before, False)
    said = one_sentence(answer)
    assert said.startswith(f"The key file {key} of the journal is missing. Restore it from a copy. ")
    key.write_bytes(kept)
    assert office("apply", people, "--yes").code == 0


def test_other_key_is_told(office: Office, one_sentence: Any) -> None:
    office("apply", office.people(GOOD), "--yes")
    (office.folder / "feideprov.key").write_text("ab" * 32)
    before = office.state()
    answer = office("apply", office.people("a-2;Åse;Dal;;hylla;pupil;"), "--yes")
    assert (answer.code, office.state()) == (2, before)
    assert "The journal was created with another key. Put the right key back" in one_sentence(answer)


def test_key_that_is_no_key(office: Office, one_sentence: Any) -> None:
    office.write("feideprov.key", "not hexadecimal")
    assert "does not contain a hexadecimal key" in refused(office, one_sentence)


def test_key_from_the_environment(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THE_KEY", "cd" * 32)
    office.set("[journal]", '[journal]\nkey_env = "THE_KEY"')
    assert office("apply", office.people(GOOD), "--yes").code == 0
    assert not (office.folder / "feideprov.key").exists()
    monkeypatch.setenv("THE_KEY", "ef" * 32)
    assert office("pending").code == 2


def test_key_file_is_for_its_owner_alone(office: Office) -> None:
    office("apply", office.people(GOOD), "--yes")
    assert (office.folder / "feideprov.key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("old", ["NO987654325", "NO912345688"])
@pytest.mark.parametrize(
    ("number", "in_test"),
    [("NO000000000", False), ("NO100000008", False), ("NO999999999", False), ("NO310211036", True)],
)
def test_an_organization_number_is_one_that_is_given_out(
    office: Office, one_sentence: Any, old: str, number: str, in_test: bool
) -> None:
    office.set(f'number = "{old}"', f'number = "{number}"')
    if in_test:
        assert office("pending").code == 0
        office.set("test = true", "test = false")
    said = refused(office, one_sentence)
    assert "number: this is not an organization number" in said
    assert number[2:] not in said


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[numbers]", '[numbers]\n"Hunter-2" = 1'),
        ("[numbers]", '["Hunter-2"]\nx = 1\n[numbers]'),
        ("[numbers]", '[numbers."Hunter-2"]\n[numbers."Hunter-2"]\n[numbers]'),
        ("[numbers]", '[journal]\nurl = "postgresql+psycopg://127.0.0.1:1/d?password=x&Hunter-2=1"\n[numbers]'),
        ('url = "ldif:catalogue.ldif"', 'url = "Hunter-2"'),
        ('url = "ldif:catalogue.ldif"', 'url = "ldaps://ldap:Hunter-2"'),
        ('url = "ldif:catalogue.ldif"', 'url = "ldaps://localhost:1"\nca_file = "Hunter-2"'),
    ],
)
def test_a_secret_in_the_wrong_place_is_not_shown(office: Office, old: str, new: str) -> None:
    office.set(old, new)
    answer = office("check")
    assert answer.code in (2, 3)
    assert "hunter-2" not in (answer.out + answer.err).lower()
