"""`doctor` as an administrator meets it: lists, exit codes, JSON, a password that is asked for."""

from __future__ import annotations

import gc
import io
import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from feideprov.cli.app import run

if TYPE_CHECKING:
    from tests.journeys.conftest import Office

pytestmark = pytest.mark.filterwarnings(  # ldap3 2.9.1 leaves the socket of a failed handshake to the collector
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)
NUMBER = "50846202355"  # Tenor's
OLENA = "olenkova@skotthyll.kommune.no"


@pytest.fixture
def story(office: Office) -> Office:
    """The office with one user who has a number, and nothing to complain about."""
    assert office("apply", office.people(f"a-1;Olena;Kovalenko;1962-04-10;hylla;pupil;{NUMBER}"), "--yes").code == 0
    return office


def typed(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))


def test_everything_in_order(story: Office) -> None:
    answer = story("doctor")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.endswith("\nNothing is wrong.\n")
    assert "ok        LDIF directory: " in answer.out
    assert "skipped   connection: The directory is not a server" in answer.out


def test_init_leads_to_doctor_and_doctor_to_the_entries(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = str(tmp_path / "our file.toml")
    assert run(["--config", config, "init", "--source-id-attribute", "employeeNumber"]) == 0
    assert (
        capsys.readouterr().out == f"{config} was written. Fill it in, then run: feideprov --config '{config}' doctor\n"
    )
    assert run(["--config", config, "doctor"]) == 2
    said = capsys.readouterr()
    assert "create the entry: feideprov init --directory\n" in said.out
    assert run(["--config", config, "init", "--directory", "--yes"]) == 0
    assert run(["--config", config, "doctor"]) == 0


def test_a_configuration_that_was_not_filled_in_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = tmp_path / "feideprov.toml"
    told = f"{config} is as init wrote it: its organization, schools and directory are an example. Fill it in first.\n"
    run(["--config", str(config), "init", "--source-id-attribute", "employeeID"])
    for as_json in ([], ["--json"]):
        assert run(["--config", str(config), "doctor", *as_json]) == 2
        assert capsys.readouterr().err == told
    config.write_text(config.read_text(encoding="utf-8").replace("hylla@", "post.hylla@"), encoding="utf-8")
    assert run(["--config", str(config), "doctor"]) == 2
    assert capsys.readouterr().err == ""


def test_ldif_file_that_cannot_be_read_is_no_matter_of_tls(story: Office) -> None:
    story.catalogue.write_text("this is no LDIF\n", encoding="utf-8")
    answer = story("doctor", "--json")
    [finding] = [one for one in answer.json["findings"] if one["severity"] == "error"]
    assert (answer.code, finding["code"]) == (2, "D-CONFIGURATION")
    assert "catalogue.ldif" in finding["sentence"]


def test_what_is_wrong_comes_with_its_code_and_what_to_do(story: Office) -> None:
    story.catalogue.chmod(0o644)
    answer = story("doctor")
    assert answer.code == 1
    [line] = [n for n, line in enumerate(answer.out.splitlines()) if line.startswith("warning")]
    assert answer.out.splitlines()[line].endswith("[D-FILE-MODE]")
    assert answer.out.splitlines()[line + 1].strip() == f"Run: chmod 600 {story.catalogue}"
    assert answer.out.endswith("\nFound: warning 1.\n")


def test_login_that_goes_well(story: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    typed(monkeypatch, story.handed_over()[OLENA] + "\n")
    answer = story("doctor", "--user", OLENA)
    assert answer.code == 0
    assert "ok        login: The directory accepts the password." in answer.out
    assert "  userid-nin: norEduPersonNIN = <Tenor number>" in answer.out
    assert NUMBER not in answer.out
    assert story.handed_over()[OLENA] not in answer.out


def test_no_password_no_login(story: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    typed(monkeypatch, "")
    answer = story("doctor", "--user", OLENA)
    assert answer.code == 0
    assert "skipped   login: No password was given" in answer.out


def test_pending_user_sends_no_number(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office("apply", office.people("a-1;Olena;Kovalenko;1962-04-10;hylla;pupil;"), "--yes")
    typed(monkeypatch, "")
    assert "  userid-nin: nothing (pending)\n" in office("doctor", "--user", OLENA).out


def test_no_password_is_asked_for_where_users_log_in_at_entra(story: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    story.set("[login]\n", '[login]\nby = "entra"\n')
    monkeypatch.setattr(sys, "stdin", None)  # whoever reads it fails
    assert "skipped   login: The setting “by” in [login] is “entra”" in story("doctor", "--user", OLENA).out


@pytest.mark.parametrize(
    ("match", "mail", "said"),
    [
        ("upn", "", "by the Feide name, which must be"),
        ("upn", OLENA, "by the Feide name, which must be"),
        ("mail", OLENA, "by the attribute mail."),
        ("either", OLENA, "by the Feide name or by the attribute mail."),
        ("either", "", "by the Feide name, which must be"),
        ("mail", "", "D-LOGIN-MAIL"),
    ],
)
def test_the_rehearsal_says_how_feide_finds_a_user_who_logs_in_at_entra(
    office: Office, match: str, mail: str, said: str
) -> None:
    office.set("[login]\n", f'[login]\nby = "entra"\nentra_match = "{match}"\n')
    heading = "id;given_name;family_name;school;role;mail\n"
    office("apply", office.write("people.csv", f"{heading}a-1;Olena;Kovalenko;hylla;pupil;{mail}\n"), "--yes")
    answer = office("doctor", "--user", OLENA)
    [login] = [line for line in answer.out.splitlines() if " login: " in line]
    assert said in login
    assert (answer.code, login.split()[0]) == ((1, "WRONG") if said == "D-LOGIN-MAIL" else (0, "skipped"))


def test_json(story: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    typed(monkeypatch, "wrong\n")
    answer = story("doctor", "--user", OLENA, "--json")
    found = answer.json
    assert list(found) == ["command", "ok", "language", "counts", "findings", "checks", "login", "received"]
    assert (answer.code, found["ok"], found["counts"]) == (
        1,
        False,
        {"error": 1, "warning": 0, "note": 0, "expected": 0},
    )
    [finding] = found["findings"]
    assert {"code", "severity", "user", "dn", "sentence", "action", "expected"} <= set(finding)
    assert (finding["code"], finding["severity"], finding["user"]) == ("D-LOGIN-PASSWORD", "error", OLENA)
    assert {frozenset(check) for check in (*found["checks"], *found["login"])} == {
        frozenset({"name", "outcome", "sentence"})
    }
    assert found["login"][-1]["outcome"] == "wrong"
    assert found["received"][0] == {
        "group": "userid-nin",
        "confirmed": True,
        "attributes": {"norEduPersonNIN": ["<Tenor number>"]},
    }
    assert NUMBER not in answer.out


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"certificate": "expired"}, "D-CERT-EXPIRED"),
        ({"certificate": "foreign"}, "D-CERT-UNTRUSTED"),
        ({"noredu": False, "filled": False}, "D-SCHEMA"),
    ],
    ids=["expired", "wrong-ca", "no-schema"],
)
def test_set_up_that_cannot_work_ends_with_2(office: Office, on_server: Any, options: Any, code: str) -> None:
    on_server(**{"filled": "certificate" not in options, **options})
    answer = office("doctor", "--json")
    gc.collect()
    assert (answer.code, answer.err) == (2, "")
    assert code in [finding["code"] for finding in answer.json["findings"]]


def test_server_that_is_down_ends_with_3(office: Office, on_server: Any) -> None:
    on_server()
    assert office.server
    office.server.kill()
    answer = office("doctor")
    assert answer.code == 3
    assert "The directory ldaps://localhost does not respond." in answer.out
    assert answer.out.rstrip().splitlines()[-1].startswith("Found: error 1")


def test_wrong_bind_password_ends_with_2(office: Office, on_server: Any) -> None:
    on_server()
    office.write("bind-password", "wrong\n")
    answer = office("doctor")
    assert answer.code == 2
    assert "[D-BIND]" in answer.out
    assert "ok        TLS version" in answer.out


def test_number_in_place_of_a_name(story: Office, one_sentence: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    typed(monkeypatch, "")
    answer = story("doctor", "--user", NUMBER)
    assert answer.code == 2
    assert "contains an identity number" in one_sentence(answer)
    assert not any(NUMBER[i : i + 5] in answer.out + answer.err for i in range(7))


def test_configuration_that_cannot_be_used_is_one_sentence(office: Office, one_sentence: Any) -> None:
    office.set('url = "ldif:catalogue.ldif"', 'url = "ldap://ldap.skotthyll.no"\ntls = "off"')
    answer = office("doctor")
    assert answer.code == 2
    assert "loopback address" in one_sentence(answer)


def test_at_a_terminal_signs_are_shown_and_the_password_is_not(story: Office) -> None:
    password = story.handed_over()[OLENA]
    ours, theirs = pty.openpty()
    program = [sys.executable, "-m", "feideprov", "--config", str(story.config), "doctor", "--user", OLENA]
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8", "TERM": "dumb"}
    with subprocess.Popen(
        program, stdin=theirs, stdout=theirs, stderr=theirs, env=environment, start_new_session=True
    ) as running:
        os.close(theirs)
        said = until(
            ours, "(press Enter to skip the login): "
        )  # the space comes when nothing that is typed is shown any more
        os.write(ours, password.encode() + b"\n")
        said += until(ours, "wrong.")
        assert running.wait(120) == 0
    os.close(ours)
    assert "✓ ok        login: The directory accepts the password." in said
    assert "– skipped   connection" in said
    assert password not in said


def until(terminal: int, end: str) -> str:
    """What is shown, up to these words."""
    shown, deadline = b"", time.monotonic() + 120
    while end.encode() not in shown and time.monotonic() < deadline:
        if select.select([terminal], [], [], 0.1)[0]:
            try:
                shown += os.read(terminal, 1024)
            except OSError:  # so a terminal ends
                break
    text = shown.decode(errors="replace")
    assert end in text, text
    return text
