"""docs/doctor.md: a slapd.conf with the lines of the page is as the doctor wants it, and closed to others."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

from feideprov.check.examination import State

from .clinic import NEW_TLS, OLENA, PASSWORD, TELLING, clinic, codes, look, person

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "doctor.md").read_text(encoding="utf-8")
NUMBER = "50846202355"  # Tenor's


def test_lines_of_the_page_make_a_server_that_is_in_order_and_closed(tmp_path: Path) -> None:
    [block] = re.findall(r"^    index uid,(?:.*\n    )*.*\n(?=\n)", PAGE, re.MULTILINE)
    lines = re.split(r"\n(?! )", textwrap.dedent(block).strip())
    access = [" ".join(line.split()) for line in lines if line.startswith("access")]
    more = [line for line in lines if not line.startswith(("access", "index", "limits"))]
    people = person(norEduPersonNIN=[NUMBER]), person("another", norEduPersonBirthDate=["20100517"])
    with clinic(
        tmp_path,
        *people,
        unique=False,
        extra_access=access,
        extra_config=(*NEW_TLS, "moduleload unique", *more, *TELLING),
    ) as opened:
        found = opened.examine(OLENA, PASSWORD)
        with opened.directory() as directory:
            seen = directory.read(person().dn)
    assert (found.exit_code, codes(found)) == (0, {"D-CERT-PRIVATE"})
    good = ("indexes", "uniqueness", "size limit", "write rights", "open to anybody")
    assert {look(name, found.checks).state for name in good} == {State.GOOD}
    assert {step.state for step in found.login} == {State.GOOD}
    assert seen is not None
    assert not seen.values("userPassword")
