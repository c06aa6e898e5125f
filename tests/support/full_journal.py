"""A journal with a row in every table, and everything that reads it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

from feideprov import Client, Evidence, Journal, MarkKey
from feideprov.check import files as check_files
from feideprov.issues import Origin, Refusal
from feideprov.journal.checklist import Checklist
from feideprov.journal.held_rows import held_rows, keep_held
from feideprov.journal.people import users_with_marks
from feideprov.journal.users import KnownUsers
from feideprov.messages import Sentence
from feideprov.nightly.kept import Nights
from feideprov.observe.snapshot import doubtful
from feideprov.services.notices import Notices
from feideprov.services.outbox.deliveries import Channel, Deliveries
from feideprov.services.register.organizations import Organizations
from feideprov.services.register.register import Register
from feideprov.testing import example_directory, example_settings

ON = date(2026, 11, 22)
REALM = "skotthyll.kommune.no"
KEY = MarkKey(b"a key for examples and nothing else")
TENOR, HELD = "57912075186", "69822075096"
"""Of Tenor; the second is of another birth date than its row."""
PEOPLE = f"""source_id;given_name;family_name;birth_date;school;role;national_number
p1;Olena;Kovalenko;2020-11-17;hylla;pupil;{TENOR}
p2;Yusuf;Demir;2020-11-18;hylla;pupil;{HELD}
p3;Amina;Ali;;hylla;pupil;
"""
SERVICE = {
    "id": "1",
    "name": {"nb": "Tjeneste"},
    "provider": {"id": "100", "name": {"nb": "Leverandør"}, "realm": "leverandor.no"},
    "attributes": ["norEduPersonNIN"],
    "subscribers": [{"id": "7"}],
}
ORGANIZATIONS = [
    {"id": "7", "realm": REALM, "type": ["x"], "name": {"nb": REALM}, "support_email": None},
    {"id": "100", "realm": "leverandor.no", "type": ["x"], "name": {"nb": "L"}, "support_email": "hjelp@leverandor.no"},
]


def open_journal(path: Path) -> Journal:
    """The journal in a file."""
    return Journal(f"sqlite:///{path}", REALM, key=KEY, actor="Kari")


def make_journal(folder: Path) -> Path:
    """A journal in a folder, closed. Returns its file."""
    path, people, services = folder / "journal.db", folder / "people.csv", folder / "services.json"
    people.write_text(PEOPLE, encoding="utf-8")
    services.write_text(json.dumps([SERVICE, *ORGANIZATIONS]), encoding="utf-8")
    journal = open_journal(path)
    feide = Client(example_settings(folder), directory=example_directory(), journal=journal, keys=KEY, on=ON)
    feide.services.import_(services)
    feide.services.answer("feide:1", "cannot-serve", source="a mail")
    feide.apply(feide.plan(people, evidence=Evidence("register", "Kari", ON)))
    feide.observe()
    feide.withdraw(f"olenkova@{REALM}", TENOR)
    feide.checklist.tick("identity system")
    held = Refusal("N-DATE", Sentence("Held."), held=True, origin=Origin(people.name, 3))
    keep_held(journal, f"plan {people}", [held])
    notices = Notices(journal, Register(journal), ON)
    notices.gather()
    for notice in notices.all():
        Deliveries(journal).begin(notice.id or "none", Channel.MAIL)
    nights, moment = Nights(journal), datetime(2026, 11, 22, 3, 30, tzinfo=UTC)
    nights.end(nights.begin(moment), moment, 1, {"check": {"a" * 32}})
    journal.close()
    return path


def read_journal(path: Path) -> None:
    """Read everything in a journal, as commands do."""
    settings = example_settings(path.parent)
    settings = settings.model_copy(update={"journal": settings.journal.model_copy(update={"url": f"sqlite:///{path}"})})
    list(check_files.checks(settings, lambda: KEY))
    journal = open_journal(path)
    try:
        KnownUsers.read(journal)
        journal.events()
        journal.owed()
        users_with_marks(journal)
        doubtful(journal)
        held_rows(journal)
        Checklist(journal, ["identity system"]).items()
        list(Register(journal))
        Organizations(journal).all()
        Deliveries(journal).all()
        Notices(journal, Register(journal), ON).all()
        Nights(journal).all()
        Nights(journal).told()
    finally:
        journal.close()
