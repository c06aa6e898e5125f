"""norEduPersonGuardianNIN holds numbers of other people: they are judged, and nothing shows a digit of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from feideprov import Client, Entry, FeideUser, MemoryDirectory, NumberPolicy
from feideprov.check.received import _shown
from feideprov.cli.app import app
from feideprov.cli.care import demo
from feideprov.cli.people import plan
from feideprov.directory import ldif
from feideprov.directory.dn import DN
from feideprov.directory.entry import Modification, Modify
from feideprov.directory.protocol import NUMBER_ATTRIBUTES, holds_numbers
from feideprov.feide.attributes import ATTRIBUTES, MANAGED
from feideprov.provision.plan.changes import Protect
from feideprov.testing import example_directory, example_settings
from tests.unit.conftest import ON

TENOR = "57912075186"
WRONG = "15108695077"  # published as wrong
GUARDIAN = "norEduPersonGuardianNIN"
DIGITS = [TENOR[place : place + 5] for place in range(7)] + [WRONG[place : place + 5] for place in range(7)]


@pytest.fixture
def client(tmp_path, journal, key, person) -> Client:
    """One user, with numbers of guardians that another program wrote."""
    client = Client(example_settings(tmp_path), directory=example_directory(), journal=journal, keys=key, on=ON)
    client.apply(client.plan([person()]))
    step = Modification("add", GUARDIAN, (TENOR.encode(), WRONG.encode()))
    assert not [done for done in client.directory.write([Modify(user(client).dn, (step,))]) if done.error]
    return client


def user(client: Client) -> Entry:
    [entry] = [entry for entry in client.directory.entries() if entry.values("uid")]
    return entry


def hides(*said: object) -> bool:
    return not any(digits in str(one) + repr(one) for one in said for digits in DIGITS)


def test_the_list_of_attributes_that_hold_numbers_is_one() -> None:
    assert {row.attribute for row in ATTRIBUTES if row.holds_numbers} == set(NUMBER_ATTRIBUTES)
    assert holds_numbers(GUARDIAN.upper())
    assert not set(NUMBER_ATTRIBUTES) & set(MANAGED)


def test_each_value_is_judged_and_none_is_shown(client: Client) -> None:
    found = list(client.check())
    [finding] = [one for one in found if one.code == "P-GUARDIAN-NIN"]
    assert finding.sentence.endswith("(code N-CHECK).")
    assert hides(*found)


def test_an_observation_counts_the_users_and_shows_nothing(client: Client) -> None:
    observed = client.observe()
    assert any(note.startswith("1 user has a value in norEduPersonGuardianNIN") for note in observed.notes)
    assert observed.changes == observed.refusals == ()
    assert hides(observed)


def test_an_update_of_the_user_neither_reads_nor_writes_it(client: Client, person) -> None:
    plan = client.plan([person(family_name="Kovalenko-Berg")])
    client.apply(plan)
    assert hides(plan, *plan.changes)
    assert sorted(user(client).texts(GUARDIAN)) == sorted([TENOR, WRONG])


def test_a_user_read_from_the_entry_gives_it_back_and_does_not_show_it(client: Client) -> None:
    read = FeideUser.from_entry(user(client))
    assert read.to_entry() == user(client)
    assert hides(read, read.values, read.attributes())


def test_it_is_never_in_a_filter(client: Client) -> None:
    with pytest.raises(ValueError, match="must not be in a search filter") as caught:
        list(client.directory.matching(GUARDIAN, [TENOR], ["uid"]))
    assert hides(caught.value)


def test_no_listing_shows_it() -> None:
    assert _shown(GUARDIAN, TENOR, NumberPolicy()) == "<Tenor number>"
    assert hides(demo._ldif_line(GUARDIAN, TENOR.encode()))
    assert hides(*plan._as_ldif(Protect("kari@x.no", DN.parse("uid=kari,dc=x")), GUARDIAN, [TENOR.encode()]))


def test_the_commands_show_no_digit_of_it(client: Client, tmp_path: Path) -> None:
    export = tmp_path / "export.ldif"
    export.write_text("".join(map(ldif.dump, client.directory.entries())), encoding="utf-8")
    runner, said = CliRunner(), []
    runner.invoke(app, ["demo", "--dir", str(tmp_path / "demo")])
    configuration = str(tmp_path / "demo" / "feideprov.toml")
    part = ["--ldif", str(export), "--part"]
    for command in (["check", *part], ["observe", *part], ["doctor"], ["today"]):
        for as_json in ([], ["--json"]):
            done = runner.invoke(app, ["--config", configuration, *command, *as_json])
            said += [done.output, done.stderr, done.exception]
            if as_json and done.stdout:
                json.loads(done.stdout)
    assert "P-GUARDIAN-NIN" in "".join(map(str, said))
    assert hides(*said)


def test_an_entry_shows_no_value() -> None:
    entry = Entry(example_directory().base, {GUARDIAN: [TENOR]})
    assert hides(entry, MemoryDirectory(entry.dn, [entry]), Modification("add", GUARDIAN, (TENOR.encode(),)))
