"""People without a number in an IMS file: a serial stands in its place, night after night, until the number comes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from one_day import MORNING, one_day

if TYPE_CHECKING:
    from tests.journeys.conftest import Office

NUMBER = "57912075186"
Night = Callable[..., dict[str, int]]
PRIVATE = ("Hemmelig-passord", "Hjemmeveien 17", "tigrinja-morsmål", "karakter-6", "fravær-12", "Verge Vergesen")
"""What no output, plan, journal or directory may have."""
CONFIGURED = """
[protection]
people = "none"

[[sources]]
name = "flyvo"
datasource = "FlyVO"
evidence = "register"
confirmed_by = "Kari Nordmann"
confirmed_on = 2026-11-01
"""


def export(key: str) -> str:
    """FlyVO's file with one person, whose id is this key, and her guardian."""
    userid = f'<userid useridtype="username" password="{PRIVATE[0]}">olena</userid>'
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<enterprise><properties><datasource>FlyVO</datasource><type>full</type><datetime>TONIGHT</datetime></properties>
<person><sourcedid><source>FlyVO</source><id>{key}</id></sourcedid>{userid}
<name><fn>Olena Kovalenko</fn><n><family>Kovalenko</family><given>Olena</given></n></name>
<demographics><gender>1</gender><bday>2020-11-17</bday></demographics><adr><street>{PRIVATE[1]}</street></adr>
<extension><pifu_nativeTongue>{PRIVATE[2]}</pifu_nativeTongue><pifu_absence>{PRIVATE[4]}</pifu_absence>
<pifu_hasContactPerson type="guardian"><sourcedid><source>FlyVO</source><id>v1</id></sourcedid></pifu_hasContactPerson>
</extension></person>
<person><sourcedid><source>FlyVO</source><id>v1</id></sourcedid><name><fn>{PRIVATE[5]}</fn></name></person>
<group><sourcedid><source>FlyVO</source><id>s1</id></sourcedid><description><short>Hylla skole</short></description>
<org><id>912345688</id></org></group>
<membership><sourcedid><source>FlyVO</source><id>s1</id></sourcedid><member><sourcedid><source>Eksport</source>
<id>{key}</id></sourcedid><idtype>1</idtype><role roletype="Learner"><status>1</status>
<finalresult><result>{PRIVATE[3]}</result></finalresult></role></member></membership></enterprise>"""


@pytest.fixture
def night(office: Office) -> Iterator[Night]:
    """Applies FlyVO's file of a night, and gives what the program said."""
    office.config.write_text(office.config.read_text(encoding="utf-8") + CONFIGURED, encoding="utf-8")
    said: list[str] = []

    def applied(number: int, text: str) -> dict[str, int]:
        morning = MORNING + timedelta(days=number)
        path = office.write("Eksport.xml", text.replace("TONIGHT", f"{morning:%Y-%m-%d}T02:00:00"))
        with one_day(morning):
            shown = [office(*which, path) for which in (["read"], ["read", "--json"], ["plan"], ["plan", "--json"])]
            saved = office("plan", path, "-o", str(office.folder / f"plan-{number}.json"))
            assert (office.folder / f"plan-{number}.json").exists(), saved.err
            done = office("apply", path, "--yes", "--json")
        said.extend(one.out + one.err for one in (*shown, saved, done))
        return done.json["counts"] | done.json.get("numbers", {})

    yield applied
    kept = "".join(said).encode() + b"".join(
        one.read_bytes() for one in Path(office.folder).rglob("*") if one.is_file() and one.name != "Eksport.xml"
    )
    assert [word for word in PRIVATE if word.encode() in kept] == []
    assert NUMBER not in "".join(said)


def test_the_number_takes_the_place_of_the_serial(office: Office, night: Night) -> None:
    assert night(0, export("4711"))["created"] == 0
    assert night(1, export("4711"))["created"] == 1
    name = office.entry("4711").values("uid")
    counts = night(2, export(NUMBER))
    assert (counts["created"], counts["attached"]) == (0, 1)
    [user] = [one for one in office.entries().values() if one.get("norEduPersonNIN") == [NUMBER.encode()]]
    assert user["uid"] == list(name)
    assert night(3, export(NUMBER))["unchanged"] == 1
