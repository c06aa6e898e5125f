"""`feideprov setup ad`: a fresh Samba, as Debian installs it, becomes a domain by what the page says, word for word."""

from __future__ import annotations

from pathlib import Path

import pytest
from private_machine import PrivateMachine
from setup_page import PROGRAM, carry_out

SYSTEMCTL = """#!/bin/sh
end() { [ ! -e /run/samba/samba.pid ] || { kill $(cat /run/samba/samba.pid); rm /run/samba/samba.pid; }; }
case $1 in
stop) end ;;
restart) end; samba -D; until ss -ltn | grep -q ':636 '; do sleep 0.05; done ;;
esac
"""
FOLDERS = ("/etc/samba", "/var/lib/samba")
EMPTY = ("/run/samba", "/var/log/samba", "/var/cache/samba")


@pytest.fixture
def machine():
    programs = {"systemctl": SYSTEMCTL, "feideprov": PROGRAM}
    with PrivateMachine(folders=FOLDERS, empty=EMPTY, programs=programs) as started:
        yield started


def test_fresh_samba_is_set_up_by_what_the_page_says(machine: PrivateMachine, tmp_path: Path) -> None:
    machine.run("feideprov init", tmp_path)
    config = tmp_path / "feideprov.toml"
    config.write_text(config.read_text().replace('"ldif:catalogue.ldif"', '"ldaps://localhost"'))
    machine.run("feideprov setup ad", tmp_path)
    printed = carry_out(machine, tmp_path, tmp_path / "setup-ad" / "setup.md", leave_out="apt-get")
    print(printed)
    assert "WRONG" not in printed
    with_a_user = printed.partition("$ feideprov doctor --user")[2]
    assert "ok        login: The directory accepts the password." in with_a_user
