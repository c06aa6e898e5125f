"""What there is to do today: counted, each with the next command."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from feideprov import Client
from feideprov.journal.events import Event
from feideprov.journal.full_files import FullFile, keep_full_file
from feideprov.journal.held_rows import held_rows
from feideprov.journal.people import PersonMarks, keep_people
from feideprov.services.register.service import Answer, Contact, Dependency, Provider
from feideprov.services.report.situation import Progress
from feideprov.testing import example_settings

from .conftest import D_NUMBER, FOLLOWS, ON, SEEN, service

NUMBERS = "source_id;national_number;birth_date\n"


def tasks(client) -> dict[str, tuple[int, str]]:
    return {task.kind: (task.count, task.command) for task in client.today().tasks}


def of(provider: str, number: int, state: Dependency = Dependency.UNKNOWN, **fields):
    contact = (Contact(mail=f"{provider}@example.no"),)
    return service(f"feide:{number}", state, provider=Provider(id=provider, name=provider), contacts=contact, **fields)


def test_those_who_wait_are_counted_and_the_longest_named_but_for_the_protected(client, journal, user_of):
    journal.note(Event("protect", user_of("p3"), "uid=x,dc=no", protected=True))
    found = client.today()
    assert found.counts == {"waiting": 3, "unmarked": 3}
    assert found.tasks[0].command == "feideprov pending"
    assert {user.user for user in found.longest} == {user_of("p1"), user_of("p2")}


def test_the_text_names_nobody(client, user_of):
    text = client.today().text("nb")
    assert "3 brukere venter på nummer" in text.body
    assert "    feideprov pending" in text.body
    assert user_of("p1") not in text.body + text.subject
    assert client.today().mail("feide@skotthyll.kommune.no", "nn")["To"] == "feide@skotthyll.kommune.no"


def test_providers_are_counted_once_by_what_comes_next(client):
    asked = Answer(state=Dependency.ASKED, on=ON - timedelta(days=60))
    client.services.register.put(
        [
            of("arkbu", 1),
            of("arkbu", 2),
            of("blekkhus", 3, answer=asked, asked_on=ON - timedelta(days=60)),
            of("fabelskog", 4, Dependency.NO_ANSWER),
            of("lesefro", 5, Dependency.CAN_SERVE),
            of("elsewhere", 6, activated=False),
        ]
    )
    found = [(task.kind, task.count, task.command) for task in client.today().tasks[2:]]
    drafts = client.settings.path(Path("drafts"))
    assert found == [
        ("unasked", 1, f"feideprov services ask --drafts {drafts}"),
        ("silent", 1, f"feideprov services ask --drafts {drafts}"),
        ("silent", 1, "feideprov services list --state no-answer"),
    ]
    assert client.today().counts["silent"] == 2


def test_a_number_that_arrives_makes_a_notice_due_and_places_to_tick(client, user_of):
    client.services.register.put([of("arkbu", 1, Dependency.CAN_SERVE)])
    client.attach(user_of("p1"), D_NUMBER, evidence=SEEN)
    found = tasks(client)
    assert found["notices"] == (1, f"feideprov notify --drafts {client.settings.path(Path('drafts'))}")
    assert found["unticked"] == (3, "feideprov checklist")
    client.checklist.tick("all")
    assert "unticked" not in tasks(client)


HOOK = {"webhook": {"url": "https://x.no/in", "secret_file": "s"}}


@pytest.mark.parametrize(
    ("sections", "command"),
    [
        pytest.param({}, f"feideprov notify --drafts {Path.cwd() / 'drafts'}", id="nothing"),
        pytest.param({"smtp": {"host": "localhost"}}, "feideprov notify --send", id="smtp"),
        pytest.param(HOOK, "feideprov notify --send", id="webhook"),
    ],
)
def test_the_command_for_notices_uses_what_is_configured(client, user_of, tmp_path, sections, command):
    client.services.register.put([of("arkbu", 1, Dependency.CAN_SERVE)])
    client.attach(user_of("p1"), D_NUMBER, evidence=SEEN)
    client._context.settings = example_settings(tmp_path, **sections)
    assert tasks(client)["notices"] == (1, command)


@pytest.mark.parametrize("sections", [{}, {"smtp": {"host": "localhost"}}], ids=["nothing", "smtp"])
def test_notices_that_nobody_can_get_are_only_shown(client, user_of, tmp_path, sections):
    client.services.register.put([of("arkbu", 1, Dependency.CAN_SERVE).model_copy(update={"contacts": ()})])
    client.attach(user_of("p1"), D_NUMBER, evidence=SEEN)
    client._context.settings = example_settings(tmp_path, **sections)
    assert tasks(client)["notices"] == (1, "feideprov notify")
    client.services.register.put([of("blekkhus", 2, Dependency.CAN_SERVE)])
    client.attach(user_of("p2"), FOLLOWS, evidence=SEEN)
    assert tasks(client)["notices"] != (2, "feideprov notify")


def test_changes_that_were_cut_off_and_doubtful_numbers_are_there(client, journal, user_of):
    client.observe()
    [entry] = [e for e in client.directory.entries() if e.text("employeeNumber") == "p2"]
    wrong = dict(entry.items()) | {"norEduPersonNIN": ["15108695077"]}  # published as wrong
    client.directory._entries[entry.dn.key] = type(entry)(entry.dn, wrong)
    client.observe()
    journal.intend([Event("update", user_of("p1"), "uid=x,dc=no")])
    found = tasks(client)
    assert found["doubtful"] == (1, "feideprov check")
    assert found["cut_off"] == (1, "feideprov journal verify")
    assert client.services.situation().steps[0] is Progress.UNDER_WAY
    assert "1 number in the directory must not be used" in client.services.page("en")


@pytest.fixture
def listed(tmp_path):
    path = tmp_path / "my numbers.csv"
    path.write_text(f"{NUMBERS}p1;{D_NUMBER};1994-02-11\np2;;\n", encoding="utf-8")  # another birth date: held
    return path


def test_held_rows_are_there_until_the_list_is_carried_out_without_them(client, journal, listed):
    client.apply(client.numbers.plan_attach(listed))
    assert tasks(client)["held"] == (1, f"feideprov attach '{listed}'")
    client.apply(client.numbers.plan_attach(listed))
    assert [one.count for one in held_rows(journal)] == [1]
    listed.write_text(f"{NUMBERS}p1;{D_NUMBER};1994-02-12\n", encoding="utf-8")
    client.apply(client.numbers.plan_attach(listed))
    assert "held" not in tasks(client)


def test_a_dry_run_keeps_no_held_rows(client, journal, listed):
    assert client.numbers.plan_attach(listed).refusals
    assert held_rows(journal) == []


def test_nothing_of_a_person_is_kept_of_a_held_row(client, journal, listed):
    client.apply(client.numbers.plan_attach(listed))
    with journal.reading() as connection:
        [row] = connection.exec_driver_sql("select * from held_row").mappings().all()
    assert set(row) == {"realm", "listed", "input_row", "code", "at"}
    assert (row["input_row"], row["code"]) == (2, "N-DATE")


def test_where_no_provider_has_an_address_a_look_says_what_to_do(client):
    client.services.register.put([of("a", 1), of("b", 2).model_copy(update={"contacts": ()})])
    assert tasks(client)["unasked"] == (2, f"feideprov services ask --drafts {client.settings.path(Path('drafts'))}")
    client.services.register.put([of("a", 1).model_copy(update={"contacts": ()})])
    assert tasks(client)["unasked"] == (2, "feideprov services ask")


# --- users who were not in the last full file


def test_who_was_not_in_the_last_full_file_is_counted_until_closed(client, journal, user_of):
    assert "missing" not in tasks(client)
    file = FullFile("", ON, 1)
    keep_full_file(journal, file, missing=[user_of("p1"), user_of("p2"), "nobody@skotthyll.kommune.no"])
    client.users.rename(user_of("p1"), to="somebody")
    assert tasks(client)["missing"] == (2, "feideprov plan --help")
    client.users.close(user_of("p2"))
    for language, line in (
        ("nb", "1 bruker var ikke med i den siste fullstendige filen. Har personen sluttet?"),
        ("nn", "1 brukar var ikkje med i den siste fullstendige fila. Har personen slutta?"),
        ("en", "1 user was not in the last full file. Has the person left?"),
    ):
        assert line in client.today().text(language).body


# --- users of whom the journal has no marks


def unmarked(client) -> int:
    return client.today().counts.get("unmarked", 0)


def keep(journal, *users: str) -> None:
    keep_people(journal, [(user, PersonMarks(frozenset({user}), frozenset(), user)) for user in users])


def test_users_of_whom_the_journal_has_no_marks_are_counted_until_it_has(client, journal, user_of):
    assert tasks(client)["unmarked"] == (3, "feideprov apply --help")
    keep(journal, user_of("p1"))
    assert unmarked(client) == 2
    [task] = [task for task in client.today().tasks if task.kind == "unmarked"]
    assert task.sentence == (
        "For 2 users, the journal has no marks of name and birth date yet, so they are not recognized in a list with "
        "another source id. Apply a list that has their birth dates."
    )
    keep(journal, user_of("p2"), user_of("p3"))
    assert "unmarked" not in tasks(client)


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("nb", "For 1 bruker har endringsloggen ingen merker av navn og fødselsdato ennå"),
        ("nn", "For 1 brukar har endringsloggen ingen merke av namn og fødselsdato enno"),
        ("en", "For 1 user, the journal has no marks of name and birth date yet, so this user is not recognized"),
    ],
)
def test_it_is_said_in_every_language(client, journal, user_of, language, line):
    keep(journal, user_of("p1"), user_of("p2"))
    assert line in client.today().text(language).body


def test_a_renamed_user_keeps_the_marks(client, journal, user_of):
    assert unmarked(client) == 3
    keep(journal, *map(user_of, ("p1", "p2", "p3")))
    client.users.rename(user_of("p1"), to="somebody")
    assert unmarked(client) == 0


def test_a_user_that_was_closed_is_not_counted(client, user_of):
    client.users.close(user_of("p1"))
    assert unmarked(client) == 2


def test_a_user_that_is_not_in_the_directory_any_more_is_not_counted(client):
    entry = next(entry for entry in client.directory.entries() if entry.text("employeeNumber") == "p1")
    del client.directory._entries[entry.dn.key]
    assert unmarked(client) == 2


def test_a_user_that_others_made_is_not_counted_before_it_is_linked(client):
    entry = next(entry for entry in client.directory.entries() if entry.text("employeeNumber") == "p1")
    theirs = {name: values for name, values in entry.items() if name != "employeeNumber"}
    dn, name = entry.dn.parent.child("uid", "theirs"), "theirs@skotthyll.kommune.no"
    theirs |= {"uid": [b"theirs"], "eduPersonPrincipalName": [name.encode()]}
    client.directory._entries[dn.key] = type(entry)(dn, theirs)
    assert unmarked(client) == 3
    client.users.resolve(name, same_as="p9")
    assert unmarked(client) == 4


def test_when_all_have_marks_the_directory_is_not_read_for_that(client, journal, user_of, monkeypatch):
    assert unmarked(client) == 3
    keep(journal, *map(user_of, ("p1", "p2", "p3")))
    monkeypatch.setattr("feideprov.services.audience.belongings", lambda _: pytest.fail("read"))
    assert unmarked(client) == 0


@pytest.mark.parametrize(
    ("datasource", "answer", "counted"),
    [("Visma", None, 1), ("Visma", "none", 0), ("Visma", "marked", 0), ("", None, 0)],
)
def test_a_source_of_files_without_protection_is_told_until_it_is_answered(
    client, journal, tmp_path, datasource, answer, counted
):
    sources = [
        {
            "name": "skole",
            "evidence": "register",
            "confirmed_by": "Kari",
            "confirmed_on": "2026-11-02",
            "datasource": datasource,
        }
    ]
    settings = example_settings(tmp_path, sources=sources, protection={"people": answer})
    found = Client(settings, directory=client.directory, journal=journal, keys=journal.key, on=ON).today()
    assert found.counts.get("unanswered", 0) == counted
    assert ("sier ikke hvem som er skjermet" in found.text("nb").body) is bool(counted)
