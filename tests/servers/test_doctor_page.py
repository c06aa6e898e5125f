"""docs/doctor.md: a real slapd accepts what it says to switch on."""

from __future__ import annotations

import re
import subprocess
import textwrap
from pathlib import Path

from feideprov.check.examination import State

from .clinic import NEW_TLS, OLENA, PASSWORD, SERVICE, clinic, codes, look, person

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "doctor.md").read_text(encoding="utf-8")
NUMBER = "50846202355"  # Tenor's
WRITABLE = ("database config", f'access to * by dn.exact="{SERVICE}" write by * none')


def test_what_the_page_says_to_switch_on_cures_what_the_doctor_found(tmp_path: Path) -> None:
    commands = re.findall(r"ldapmodify -Y [^\n]*<<END\n(.*?)^    END", PAGE, re.DOTALL | re.MULTILINE)
    assert len(commands) == 2
    source_id = {"directory": {"source_id_attribute": "departmentNumber"}}
    with clinic(tmp_path, unique=False, extra_config=(*NEW_TLS, *WRITABLE)) as opened:
        before = opened.examine(**source_id)
        for command in commands:
            ldif = textwrap.dedent(command)
            ldif = re.sub(r"olcDbIndex: uid,.*\nolcDbIndex: norEduPersonNIN.*", "olcDbIndex: departmentNumber eq", ldif)
            told = ["ldapmodify", "-Q", "-Y", "EXTERNAL", "-H", opened.server.ldapi]
            assert subprocess.run(told, input=ldif, text=True, capture_output=True, check=False).stderr == ""
        after = opened.examine(**source_id)
    assert {"D-INDEX", "D-UNIQUE"} <= codes(before)
    assert codes(after).isdisjoint({"D-INDEX", "D-UNIQUE"})


def rules_of_the_page() -> list[list[str]]:
    """Each block of access rules on the page, a line for each rule."""
    blocks = re.findall(r"^    access to (?:.*\n    )*.*\n(?=\n)", PAGE, re.MULTILINE)
    return [
        [" ".join(rule.split()) for rule in re.split(r"(?m)^    (?=access)", block) if rule.strip()] for block in blocks
    ]


def test_the_account_that_the_page_describes_makes_users_who_log_in(tmp_path: Path) -> None:
    [access] = [rules for rules in rules_of_the_page() if "break" in rules[-1] and "=w" in rules[0]]
    with clinic(tmp_path, person(), extra_access=access, extra_config=NEW_TLS) as opened:
        found = opened.examine(OLENA, PASSWORD)
        with opened.directory() as directory:
            seen = directory.read(person().dn)
    assert {look(name, found.checks).state for name in ("size limit", "write rights")} == {State.GOOD}
    assert look("login", found.login).state is State.GOOD
    assert seen is not None
    assert not seen.values("userPassword")


def test_the_rules_that_the_page_describes_are_closed(tmp_path: Path) -> None:
    (first, last), [names] = rules_of_the_page()[:2]
    people = person(norEduPersonNIN=[NUMBER]), person("another", norEduPersonBirthDate=["20100517"])
    for access in ([first, last], [first, names, last]):
        with clinic(tmp_path, *people, extra_access=access, extra_config=NEW_TLS) as opened:
            found = opened.examine(OLENA, PASSWORD)
        assert (found.exit_code, codes(found)) == (0, {"D-CERT-PRIVATE"})
        assert {look(name, found.checks).state for name in ("write rights", "open to anybody")} == {State.GOOD}
        assert {step.state for step in found.login} == {State.GOOD}
