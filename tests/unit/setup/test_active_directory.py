"""The set-up of Active Directory: what is refused, and that commands and files keep every name as it is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from feideprov.errors import ConfigurationError, InputError
from feideprov.settings import Settings
from feideprov.setup.servers import server_setup
from feideprov.setup.step import Commands, Setup, SetupFile
from feideprov.testing import example_settings

DOMAIN = "dc=skotthyll,dc=no"
HYLLA = {
    "id": "hylla",
    "name": "Hylla skole",
    "number": "NO912345688",
    "mail": "hylla@skotthyll.kommune.no",
    "dn": f"ou=Hylla skole,o=Skotthyll kommune,{DOMAIN}",
    "kind": "primary",
}


def setup_of(settings: Settings, tmp_path: Path) -> Setup:
    return server_setup(settings, "ad", tmp_path / "out")


def file(setup: Setup, name: str) -> SetupFile:
    [found] = [one for one in setup.files if one.name == name]
    return found


def lines(setup: Setup, language: str) -> list[str]:
    parts = [part for step in setup.steps for part in step.content]
    return [line for part in parts if isinstance(part, Commands) and part.language == language for line in part.lines]


@pytest.mark.parametrize(
    ("sections", "problem"),
    [
        ({"directory": {"users_dn": "ou=people,o=Skotthyll,c=NO", "base_dn": "c=NO"}}, "must be a domain"),
        ({"directory": {"users_dn": DOMAIN}}, "own accounts"),
        ({"directory": {"users_dn": f"cn=Users,{DOMAIN}"}}, "own accounts"),
        ({"directory": {"bind_dn": f"uid=feideprov,{DOMAIN}"}}, "must be named by cn"),
        ({"directory": {"bind_dn": f'cn="\\,,{DOMAIN}'}}, "must be named by cn"),
        ({"directory": {"bind_dn": f"cn=Feide,cn=users,{DOMAIN}"}}, "the name of Feide's account"),
        ({"directory": {"bind_dn": "cn=feideprov,dc=other,dc=no"}}, f"bind_dn must be below base_dn ({DOMAIN})"),
        ({"organization": {"dn": DOMAIN}}, "begins with “o=”"),
        ({"organization": {"dn": f"ou=Skotthyll,{DOMAIN}"}}, "begins with “o=”"),
        ({"organization": {"dn": f"o=Skotthyll,ou=Nord,{DOMAIN}"}}, f"directly below {DOMAIN}"),
        ({"organization": {"dn": f"dc=kommune,{DOMAIN}"}}, "begins with “o=”"),
        ({"organization": {"dn": "o=Skotthyll,dc=other,dc=no"}}, "base_dn"),
        ({"schools": [HYLLA | {"dn": f"o=Hylla,{DOMAIN}"}]}, "begins with “ou=”"),
        ({"schools": [HYLLA | {"dn": f"ou=Hylla,dc=skoler,{DOMAIN}"}]}, "begins with “ou=”"),
        ({"schools": [HYLLA | {"dn": f"ou=Hylla+l=Nord,{DOMAIN}"}]}, "begins with “ou=”"),
    ],
)
def test_names_that_a_domain_does_not_take_are_refused(tmp_path: Path, sections: dict, problem: str) -> None:
    with pytest.raises(ConfigurationError, match=re.escape(problem)):
        setup_of(example_settings(tmp_path, **sections), tmp_path)


def test_what_a_server_has_is_not_asked_for(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no option --server"):
        server_setup(example_settings(tmp_path), "ad", tmp_path, b"dn: cn=config\n")


def test_accounts_are_in_the_domain_also_if_the_base_is_below_it(tmp_path: Path) -> None:
    organization = f"o=Skotthyll kommune,{DOMAIN}"
    directory = {"base_dn": organization, "users_dn": f"ou=people,{organization}"}
    records = file(setup_of(example_settings(tmp_path, directory=directory), tmp_path), "05-accounts.ldif")
    assert re.findall("(?m)^dn: .*", records.text) == [
        f"dn: cn=feideprov,cn=users,{DOMAIN}",
        f"dn: cn=feide,cn=users,{DOMAIN}",
    ]


def test_passwords_are_in_private_files_only(tmp_path: Path) -> None:
    made = setup_of(example_settings(tmp_path), tmp_path)
    passwords = [one.text.strip() for one in made.files if one.name.endswith("-password")]
    assert len(passwords) == 2
    public = [one.text for one in made.files if not one.secret] + lines(made, "sh") + lines(made, "powershell")
    assert not any(password in text for password in passwords for text in public)
    assert "unicodePwd" not in "".join(public)
    assert file(made, "05-accounts.ldif").secret


def test_windows_and_samba_give_the_same_rights(tmp_path: Path) -> None:
    made = setup_of(example_settings(tmp_path), tmp_path)
    samba = re.findall(r"(?m)^\((?:A|OA);(\w*);(\w+);([^;]*);([^;]*);\$sid\)$", file(made, "06-rights.sh").text)
    windows = [
        (option, *right)
        for option, rest in re.findall(r"(?m)'(?: /I:(\w))? /G (.*)$", file(made, "06-rights.ps1").text)
        for right in re.findall(r"'\w+@skotthyll\.no:(\w+)(;[^;']*)?(;[^']*)?'", rest)
    ]
    letters = {"": "", "CI": "T", "CIIO": "S"}
    of_samba = sorted((letters[flags], rights.replace("CR", "CA"), bool(only)) for flags, rights, only, _ in samba)
    assert of_samba == sorted((option, rights, len(only) > 1) for option, rights, only, _ in windows)
    assert len(samba) > 20


def test_names_are_one_word_each(tmp_path: Path) -> None:
    users = f"""ou=IT's \\"test\\" $(id),{DOMAIN}"""
    made = setup_of(example_settings(tmp_path, directory={"users_dn": users}), tmp_path)
    escaped = f"""ou=IT's \\22test\\22 $(id),{DOMAIN}"""
    in_powershell = escaped.replace("'", "''")
    assert f"dsacls '{in_powershell}' /I:T" in file(made, "06-rights.ps1").text
    in_sh = escaped.replace("'", "'\"'\"'")
    assert f"--objectdn='{in_sh}' " in file(made, "06-rights.sh").text


def test_powershell_5_reads_the_file_as_utf_8(tmp_path: Path) -> None:
    assert file(setup_of(example_settings(tmp_path), tmp_path), "06-rights.ps1").text.startswith("\ufeff")


def test_schema_is_whole_and_for_this_forest(tmp_path: Path) -> None:
    made = setup_of(example_settings(tmp_path), tmp_path)
    texts = [file(made, f"02-schema-{number}.ldif").text for number in (1, 2)]
    assert [set(re.findall("(?m)^objectClass: (.*)", text)) for text in texts] == [{"attributeSchema"}, {"classSchema"}]
    for text in texts:
        assert text.endswith("dn:\nchangetype: modify\nadd: schemaUpdateNow\nschemaUpdateNow: 1\n-\n")
        assert "DC=X" not in text
        assert set(re.findall("(?m)^dn: .*,CN=Schema,CN=Configuration,(.*)$", text)) == {DOMAIN}


@pytest.mark.parametrize(("attribute", "indexed"), [("employeeID", "Employee-ID"), ("extensionAttribute1", None)])
def test_source_id_gets_an_index_if_its_definition_is_known(
    tmp_path: Path, attribute: str, indexed: str | None
) -> None:
    made = setup_of(example_settings(tmp_path, directory={"source_id_attribute": attribute}), tmp_path)
    names = re.findall("(?m)^dn: CN=([^,]*)", file(made, "03-indexes.ldif").text)
    assert names == (["uid", indexed] if indexed else ["uid"])
    told = [str(part) for step in made.steps for part in step.content if not isinstance(part, Commands)]
    assert any(f"{attribute} has an index" in text for text in told) is (indexed is None)


def test_passwords_of_users_who_log_in_at_entra_may_expire(tmp_path: Path) -> None:
    command = "samba-tool domain passwordsettings set --max-pwd-age=0"
    assert command in lines(setup_of(example_settings(tmp_path), tmp_path), "sh")
    assert command not in lines(setup_of(example_settings(tmp_path, login={"by": "entra"}), tmp_path), "sh")
