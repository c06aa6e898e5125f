"""The wall between Feide and the introduction register: nothing of one is in the other, but the day of a number."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from nir_register import KEY, NIR, NUMBERS, REASON, RECIPIENT, record
from post_office import PostOffice

from feideprov import Client, Journal
from feideprov.nir.contents import Vedtak
from feideprov.nir.table.rules import Rules

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.journeys.conftest import Office

OLENA, SELAM = "olenkova@skotthyll.kommune.no", "selamtes@skotthyll.kommune.no"
D_NUMBER = NUMBERS[next(kind for kind in NUMBERS if kind.value == "dnr")]
OF_NIR = re.compile(
    "|".join(
        [
            r"(?<![A-Za-z])nir(?![A-Za-z])",
            r"introduksjon|integreringsloven|kap6a|norsk_og_samfunnskunnskap|mottak_|ws4",
            *(re.escape(text) for text in (KEY, RECIPIENT, REASON)),
            *sorted({re.escape(rule.field) for rule in Rules.shipped().rules if len(rule.field) > 6}),
        ]
    ),
    re.IGNORECASE,
)
"""What only the introduction register has: its name, laws, schemes, fields, keys and recipient."""
OF_FEIDE = re.compile("|".join(map(re.escape, ("Olena", "Kovalenko", "Selam", OLENA, OLENA.partition("@")[0]))))
"""What only Feide has of the same people."""


@pytest.fixture
def post(tmp_path: Path) -> Iterator[PostOffice]:
    with PostOffice(tmp_path) as opened:
        yield opened


@pytest.fixture
def both(office: Office, post: PostOffice) -> Office:
    """An office with two users, of whom one got a number today, services with an answer, and the same two people and
    another in the introduction register."""
    smtp = (
        f'\n[smtp]\nhost = "localhost"\nport = {post.port}\nsecurity = "off"\ntimeout = 5\n'
        'sender = "it@skotthyll.example"\n'
    )
    with office.config.open("a", encoding="utf-8") as file:
        file.write(
            NIR.replace("[nir]", '[nir]\nfile = "apart/records.json"\nfolder = "apart"\nkey_file = "apart/key"') + smtp
        )
    people = office.people("k-1;Olena;Kovalenko;1994-02-12;hylla;pupil;", "k-2;Selam;Tesfay;1990-01-01;hylla;pupil;")
    assert office("apply", people, "--yes").code == 0
    services = "id;name;provider;mail;gets_number;activated\ns-1;Lexin;Ordbok AS;hjelp@ordbok.example;yes;yes\n"
    assert office("services", "import", office.write("services.csv", services)).code == 0
    assert office("services", "answer", "s-1", "can-serve", "--source", "mail").code == 0
    numbers = office.write("n.csv", f"user;national_number;birth_date\n{OLENA};{D_NUMBER};1994-02-12\n")
    assert office("attach", numbers, "--yes").code == 0
    record(office.config, "k-1", "k-2", KEY)
    return office


FEIDE_COMMANDS = (
    ("today",),
    ("today", "--json"),
    ("today", "--questions", "out/questions.csv"),
    ("--lang", "nb", "today", "--mail", "feide@skotthyll.example"),
    ("pending", "--json", "--query-sheet", "out/query.csv"),
    ("pending", "--csv", "out/pending.csv"),
    ("checklist", "--json"),
    ("history", OLENA, "--json"),
    ("check", "--json"),
    ("observe", "--json"),
    ("services", "list", "--json"),
    ("services", "matrix", "--html", "out/matrix.html", "--csv", "out/matrix.csv"),
    ("services", "ask", "--drafts", "out/questions"),
    ("notify", "--send"),
    ("plan", "people.csv", "--ldif", "out/plan.ldif", "-o", "out/plan.json"),
    ("apply", "people.csv", "--yes"),
    ("journal", "verify", "--json"),
    ("read", "people.csv", "--json"),
    ("plan", "people.csv", "--json"),
    ("apply", "people.csv", "--json"),
    ("link", "people.csv", "--json"),
    ("doctor", "--json"),
    ("notify", "--json"),
    ("services", "ask", "--json"),
    ("services", "matrix", "--json"),
    ("close", SELAM, "--json"),
    ("protect", SELAM, "--json"),
    ("password", SELAM, "--json"),
    ("rename", SELAM, "--to", "selam", "--json"),
    ("release", SELAM, "--json"),
    ("journal", "gone", "--json"),
    ("setup", "openldap", "--out", "out/server", "--json"),
    ("init", "--directory", "--json"),
)


def test_nothing_of_the_introduction_register_is_in_feide(both: Office, post: PostOffice) -> None:
    (both.folder / "out").mkdir()
    for words in FEIDE_COMMANDS:
        answer = both(*(str(both.folder / word) if "/" in word or word == "people.csv" else word for word in words))
        assert answer.code in (0, 1), (words, answer.err)
        said = (answer.out + answer.err).replace(str(both.folder), "")
        assert not OF_NIR.search(said), (words, OF_NIR.search(said))
    assert len(post.messages) > 1
    for message in post.messages:
        assert not OF_NIR.search(message.as_string() + message.get_content())
    written = [path for path in both.folder.rglob("*") if path.is_file() and "apart" not in path.parts]
    assert {"catalogue.ldif", "feideprov.db", "matrix.html", "query.csv", "plan.ldif"} <= {one.name for one in written}
    for path in written:
        if path != both.config:
            text = path.read_bytes().decode("utf-8", "replace").replace(str(both.folder), "")
            assert not OF_NIR.search(text), (path.name, OF_NIR.search(text))


NIR_COMMANDS = (
    ("seen", KEY, "vedtak", "--on", "2026-11-20", "--yes"),
    ("seen", "k-1", "number", "settled", "--on", "2026-11-20", "--json"),
    ("channel", "--json"),
    ("records", "--json"),
    ("worklist",),
    ("worklist", "--json"),
    ("worklist", "--html", "list.html"),
    ("worklist", "--sheet", "list.csv"),
    ("today",),
    ("today", "--json"),
    ("today", "--mail"),
)


def test_no_number_and_no_name_is_in_the_introduction_register_and_the_journal_is_only_read(
    both: Office, post: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise AssertionError("the journal was opened to be written")

    monkeypatch.setattr(Journal, "_to_write", refused)
    before, sent = both.journal.read_bytes(), len(post.messages)
    secrets = re.compile("|".join(map(re.escape, (*NUMBERS.values(), REASON))))
    for words in NIR_COMMANDS:
        answer = both("nir", *words)
        assert answer.code in (0, 1), (words, answer.err)
        for wrong in (secrets, OF_FEIDE):
            assert not wrong.search(answer.out + answer.err), words
    assert both.journal.read_bytes() == before
    texts = [one.as_string() + one.get_content() for one in post.messages[sent:]]
    texts += [path.read_bytes().decode("utf-8", "replace") for path in (both.folder / "apart").rglob("*")]
    assert any(KEY in text for text in texts)
    for text in texts:
        assert not secrets.search(text)
        assert not OF_FEIDE.search(text)


def test_only_the_day_of_a_number_comes_from_feide(both: Office) -> None:
    with Client.open(both.config) as feide:
        content = feide.nir.register.read()
        assert feide.nir._days_of_numbers(content) == {"k-1": feide.on}
        [*_, record_of] = content.records.values()
        assert isinstance(record_of.values["vedtak"].content, Vedtak)
    assert both("nir", "seen", "k-1", "number", "--on", "2026-11-24", "--yes").code == 0
    with Client.open(both.config) as feide:
        assert feide.nir._days_of_numbers(feide.nir.register.read()) == {}


def test_the_introduction_register_begins_no_journal_and_needs_none(office: Office) -> None:
    with office.config.open("a", encoding="utf-8") as file:
        file.write(NIR)
    record(office.config, KEY)
    assert office("nir", "seen", KEY, "--on", "2026-11-20", "--yes").code == 0
    with Client.open(office.config) as feide:
        assert feide.nir._days_of_numbers(feide.nir.register.read()) == {}
    assert not office.journal.exists()
    assert not (office.folder / "feideprov.key").exists()
