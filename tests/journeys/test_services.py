"""The whole path of services with real parts: a list of 300, a mail server and a webhook that fail, kill -9, slapd."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from feide_api import FeideApi, feide_api
from post_office import PostOffice
from receiver import SECRET, Receiver

if TYPE_CHECKING:
    from tests.journeys.conftest import Answer, Office, OpenOffice

# Tenor's: D-numbers with the birth dates in them, and a fødselsnummer that follows one
D_NUMBERS = {
    "p-1": ("57912075186", "2020-11-17"),
    "p-2": ("69822075096", "2020-02-29"),
    "p-3": ("45840375084", "2003-04-05"),
    "p-4": ("52829400197", "1994-02-12"),
}
FOLLOWING, BY_HAND = "03851598730", "50846202355"
CANARIES = (*(number for number, _ in D_NUMBERS.values()), FOLLOWING, BY_HAND)
PEOPLE = (
    "p-1;Olena;Kovalenko;2020-11-17;hylla;pupil;",
    "p-2;Semhar;Tesfay;2020-02-29;hylla;pupil;",
    "p-3;Mohammad;Alahmad;2003-04-05;solbakken;student;",
    "p-4;Iryna;Shevchenko;1994-02-12;solbakken;student;",
    "p-5;Fatemeh;Rahimi;1962-04-10;solbakken;student;",
    "p-6;Selam;Kidane;1990-01-01;solbakken;student;",
)
USER, PASSWORD = "feide", "a password for examples"
ANSWERS = ("does-not-depend", "can-serve", "cannot-serve")
ONLY_HYLLA, WITH_NAMES, LATE, UNREACHED = "feide:4001", "feide:4004", "feide:4028", "feide:4029"
CHANNEL = "a folder that we share with you"


@dataclass
class Town:
    """A municipality, and the servers that its messages go to."""

    office: Office
    post: PostOffice
    receiver: Receiver
    api: FeideApi
    printed: list[str] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    """By service: what its provider answered."""

    def __call__(self, *words: str) -> Answer:
        answer = self.office(*words)
        self.printed += [answer.out, answer.err]
        assert "Something unexpected" not in answer.err, answer.err
        return answer

    def done(self, *words: str) -> Any:
        """What a command says with --json; it goes as it should."""
        answer = self(*words, "--json")
        assert answer.code == 0, answer
        return answer.json

    def address(self, provider: int) -> str:
        return f"support@leverandor{provider}.example.org"

    def address_of(self, service: str) -> str:
        [found] = [one for one in self.api.asked if f"feide:{one['id']}" == service]
        return self.api.address(found) or ""

    def told(self, *states: str) -> set[str]:
        """Where providers of services in these states are written to."""
        return {self.address_of(service) for service, state in self.answers.items() if state in states}

    def let_time_pass(self) -> None:
        """As if everything that waits had waited long enough."""
        with sqlite3.connect(self.office.journal) as database:
            database.execute("update delivery set next_at = '2026-01-01T00:00:00+00:00' where state = 'due'")
        database.close()

    def number_list(self, name: str, *rows: str) -> str:
        heading = "source_id;old_number;national_number;birth_date;evidence;seen_by;seen_on"
        return self.office.write(name, "\n".join((heading, *rows)) + "\n")

    def send(self) -> None:
        """Run `notify --send`, again and again, until nothing is due."""
        for _ in range(12):
            self.let_time_pass()
            if self("notify", "--send").code == 0:
                return
        raise AssertionError(self("notify").out)

    def send_and_be_killed(self, server: PostOffice | Receiver, event: str, after: int) -> None:
        """Run `notify --send`, and kill it at such an event of that server, before it answers: at the recipient of a
        message (`on_recipient`), or when it has taken one (`on_taken`)."""
        self.let_time_pass()
        words = [sys.executable, "-m", "feideprov", "--config", str(self.office.config), "notify", "--send"]
        process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        left = after

        def kill() -> None:
            nonlocal left
            left -= 1
            if left == 0:
                process.kill()

        setattr(server, event, kill)
        out, err = process.communicate(timeout=300)
        setattr(server, event, lambda: None)
        self.printed += [out, err]
        assert process.returncode == -9, err


@dataclass
class Since:
    """What came to both servers since this was made."""

    town: Town

    def __post_init__(self) -> None:
        self._mails, self._posts = len(self.town.post.taken), len(self.town.receiver.taken)

    @property
    def mails(self) -> list[tuple[str, str, str]]:
        """Address, Message-ID and text of each."""
        letters = self.town.post.messages[self._mails :]
        return [(str(one["To"]), str(one["Message-ID"]), one.get_content()) for one in letters]

    @property
    def ids(self) -> dict[str, set[str]]:
        """By address: the ids of its mails."""
        found: dict[str, set[str]] = {}
        for to, message_id, _ in self.mails:
            found.setdefault(to, set()).add(message_id.strip("<>").partition("@")[0])
        return found

    @property
    def posted(self) -> list[str]:
        return self.town.receiver.ids[self._posts :]

    def text_to(self, address: str) -> str:
        texts = {text for to, _, text in self.mails if to == address}
        assert len(texts) == 1, "a repeat says what the first one said"
        return texts.pop()

    def each_was_told_once(self, addresses: set[str]) -> None:
        """Each of them at least once, always by the same id, and nobody else; the webhook of the same."""
        assert set(self.ids) == addresses
        assert all(len(ids) == 1 for ids in self.ids.values())
        assert set(self.posted) == {one for ids in self.ids.values() for one in ids}


@pytest.fixture
def town(on_server: OpenOffice, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The organization on a real slapd, with six people who have no number."""
    office = on_server(log_stats=True)
    mail, web = tmp_path_factory.mktemp("mail"), tmp_path_factory.mktemp("web")
    with (
        PostOffice(mail, security="starttls", login=(USER, PASSWORD)) as post,
        Receiver(web) as receiver,
    ):
        office.write("smtp-password", PASSWORD + "\n")
        office.write("webhook-secret", SECRET + "\n")
        sections = f"""
[services]
language = "nb"
channel = "{CHANNEL}"

[smtp]
host = "127.0.0.1"
port = {post.port}
user = "{USER}"
password_file = "smtp-password"
ca_file = "{post.ca_file}"
per_minute = 6000
timeout = 2

[webhook]
url = "{receiver.url}"
secret_file = "webhook-secret"
ca_file = "{receiver.ca_file}"
"""
        office.config.write_text(office.config.read_text(encoding="utf-8") + sections, encoding="utf-8")
        town = Town(office, post, receiver, feide_api())
        assert town("apply", office.people(*PEOPLE), "--yes").code == 0
        yield town


def test_the_whole_path_from_a_list_of_services_to_notices(town: Town) -> None:
    services_are_imported(town)
    providers_are_asked_although_mail_fails(town)
    answers_are_written_down(town)
    it_is_seen_who_meets_trouble(town)
    d_numbers_arrive_and_notices_survive_kills(town)
    a_late_answer_is_owed_what_came_before_it(town)
    a_fodselsnummer_follows_and_all_that_depend_are_told(town)
    a_number_by_another_hand_is_seen_and_told(town)
    the_other_places_are_ticked(town)
    what_is_next_is_told(town)
    no_number_is_anywhere(town)


def services_are_imported(town: Town) -> None:
    """300, of which 40 are activated here, and 30 get the number too; importing again changes nothing."""
    with_numbers = town.api.services[3]
    with_numbers["name"]["nb"] += f" {CANARIES[0]}"
    with_numbers["a_key_of_tomorrow"] = {CANARIES[1]: f"call {CANARIES[2]}"}
    services, organizations = town.api.write(town.office.folder)
    files = [str(services), str(organizations)]
    counts = town.done("services", "import", *files)["counts"]
    assert (counts["read"], counts["new"]) == (300, 300)
    every = town.done("services", "list", "--all")["services"]
    assert sum(bool(one["activated"]) for one in every) == 40
    listed = town.done("services", "list")["services"]
    assert {one["id"] for one in listed} == {f"feide:{one['id']}" for one in town.api.asked}
    rows = ("id;activated;schools;reason", "4001;ja;hylla;", f"4002;ja;;for {CANARIES[3]}")
    table = town("services", "import", town.office.write("portal.csv", "\n".join(rows)), "--json")
    assert (table.code, table.json["counts"]["changed"], table.json["counts"]["refused"]) == (1, 1, 1)
    assert town.done("services", "import", *files)["counts"]["unchanged"] == 300


def providers_are_asked_although_mail_fails(town: Town) -> None:
    """One message each, about all its services; what was refused, hung up on or not answered is sent again."""
    post, waits = town.post, [3, 4, 5, 7]
    post.at_rcpt[town.address(3)] = ["450 4.2.0 later, please"]
    post.at_data[town.address(4)] = ["drop"]
    post.at_data[town.address(5)] = ["take and drop"]
    post.at_rcpt[town.address(6)] = ["550 5.1.1 nobody is here"]
    post.at_data[town.address(7)] = ["silence"]
    first = town("services", "ask", "--send", "--json").json["counts"]
    assert (first["sent"], first["waiting"], first["failed"], first["unaddressed"]) == (14, len(waits), 1, 1)
    town.let_time_pass()
    assert town("services", "ask", "--send", "--json").json["counts"]["sent"] == len(waits)
    assert town("services", "ask", "--send", "--provider", "Leverandør 6 AS", "--json").json["counts"]["sent"] == 1
    came = Counter(to for to, _ in post.taken)
    addresses = {town.api.address(one) for one in town.api.asked} - {None}
    assert came == dict.fromkeys(addresses, 1) | {town.address(5): 2}
    assert len({str(one["Message-ID"]) for one in post.messages if one["To"] == town.address(5)}) == 1
    [text] = {one.get_content() for one in post.messages if one["To"] == town.address(0)}
    assert "feide:4000" in text
    assert "feide:4001" in text
    states = Counter(one["state"] for one in town.done("services", "list")["services"])
    assert states == {"asked": 29, "unknown": 1}
    assert town("services", "ask", "--json").json["counts"]["due"] == 0


def answers_are_written_down(town: Town) -> None:
    """From the sheet that the program makes, filled in. Two providers have not answered; one cannot be asked."""
    ids = [f"feide:{one['id']}" for one in town.api.asked]
    town.answers = {one: ANSWERS[place % 3] for place, one in enumerate(ids[:27])}
    sheet = town.office.folder / "answers.csv"
    town.done("services", "list", "--answer-sheet", str(sheet))
    heading, *rows = sheet.read_text(encoding="utf-8-sig").splitlines()
    columns = heading.split(";")
    filled = []
    for row in rows:
        cells = dict(zip(columns, row.split(";"), strict=True))
        cells["answer"] = town.answers.get(cells["service"], "")
        filled.append(";".join(cells.values()))
    sheet.write_text("\n".join([heading, *filled]) + "\n", encoding="utf-8")
    assert (
        town.done("services", "answer", "--csv", str(sheet), "--source", "mails of November")["counts"]["answered"]
        == 27
    )
    with_number = town("services", "answer", "feide:4027", "can-serve", "--source", f"a mail about {CANARIES[0]}")
    assert with_number.code == 1
    town("services", "answer", WITH_NAMES, "--allow-names", "databehandleravtale, punkt 4", "--source", "avtale")


def it_is_seen_who_meets_trouble(town: Town) -> None:
    """Six wait; nine services fail them; the sheet and the page are made."""
    folder = town.office.folder
    matrix = town.done("services", "matrix", "--csv", str(folder / "matrix.csv"), "--html", str(folder / "page.html"))
    assert matrix["counts"]["pending"] == 6
    cells = {one["id"]: one["meets"] for one in matrix["services"]}
    assert cells["feide:4002"]["trouble"] == 6
    assert (cells[ONLY_HYLLA]["served"], cells[ONLY_HYLLA]["outside"]) == (2, 4)
    assert (folder / "page.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def d_numbers_arrive_and_notices_survive_kills(town: Town) -> None:
    """Those who served users without are told, however often the sending is killed; nobody else is."""
    since = Since(town)
    rows = [f"{one};;{number};{born};;;" for one, (number, born) in D_NUMBERS.items()]
    numbers = town.number_list("numbers.csv", *rows)
    dry = town("attach", numbers)
    assert "Leverandør 17 AS" in dry.out + dry.err, "a provider that has not answered is warned of"
    assert town.done("attach", numbers, "--yes")["counts"]["attached"] == 4
    post, receiver = town.post, town.receiver
    post.at_rcpt[town.address(3)] = ["451 later"]
    post.at_data[town.address(8)] = ["drop", "take and drop"]
    receiver.answers = [503, "drop", 204, 500]
    town.send_and_be_killed(post, "on_recipient", after=2)
    town.send_and_be_killed(receiver, "on_taken", after=2)
    town.send_and_be_killed(post, "on_taken", after=1)
    town.send()
    since.each_was_told_once(town.told("can-serve"))
    assert len(since.mails) > len(since.ids), "what was cut off came again"
    assert "4 registrert" in since.text_to(town.address_of("feide:4007"))
    assert "2 registrert" in since.text_to(town.address_of(ONLY_HYLLA))
    assert CHANNEL in since.text_to(town.address_of(ONLY_HYLLA))
    names = {one for one in since.ids if "@skotthyll.kommune.no" in since.text_to(one)}
    assert names == {town.address_of(WITH_NAMES)}


def a_late_answer_is_owed_what_came_before_it(town: Town) -> None:
    since = Since(town)
    answered = town.done("services", "answer", LATE, "can-serve", "--source", "a call")
    assert answered["counts"]["owed"] == 4
    town.answers[LATE] = "can-serve"
    town.send()
    since.each_was_told_once({town.address_of(LATE)})
    assert "4 registrert" in since.text_to(town.address_of(LATE))


def a_fodselsnummer_follows_and_all_that_depend_are_told(town: Town) -> None:
    """Those too that could not serve the user without a number: they know the user by the old one now."""
    since = Since(town)
    old = D_NUMBERS["p-1"][0]
    changed = town.number_list("changed.csv", f"p-1;{old};{FOLLOWING};;letter;Kari Nordmann;2026-11-02")
    assert town.done("replace", changed, "--yes")["counts"]["replaced"] == 1
    town.send_and_be_killed(town.post, "on_recipient", after=5)
    town.send()
    since.each_was_told_once(town.told("can-serve", "cannot-serve"))
    assert all("1 endret" in since.text_to(one) for one in town.told("cannot-serve") - town.told("can-serve"))


def a_number_by_another_hand_is_seen_and_told(town: Town) -> None:
    """ldapmodify behind our back; observe finds it, and makes the notices owed."""
    since = Since(town)
    assert town.done("observe")["counts"]["arrived"] == 0
    write_by_hand(town, "p-5", BY_HAND)
    seen = town.done("observe", "--evidence", "letter", "--seen-by", "Kari Nordmann", "--seen-on", "2026-11-02")
    assert seen["counts"]["arrived"] == 1
    told = town.told("can-serve") - {town.address_of(ONLY_HYLLA)}
    assert town.done("today")["counts"]["notices"] == len(told)
    town.send()
    since.each_was_told_once(told)
    assert "1 registrert" in since.text_to(town.address_of(LATE))
    assert town.done("observe")["counts"]["arrived"] == 0
    assert town("notify").out == "No notice is due.\n"


def write_by_hand(town: Town, source_id: str, number: str) -> None:
    server, entries = town.office.server, town.office.entries()
    assert server is not None
    [dn] = [dn for dn, entry in entries.items() if entry.get("employeeNumber") == [source_id.encode()]]
    change = f"dn: {dn}\nchangetype: modify\nadd: norEduPersonNIN\nnorEduPersonNIN: {number}\n"
    words = ["ldapmodify", "-Q", "-Y", "EXTERNAL", "-H", server.ldapi]
    subprocess.run(words, input=change, text=True, capture_output=True, check=True)


def the_other_places_are_ticked(town: Town) -> None:
    """Of everybody whose number came or changed, by whoever's hand."""
    listed = town.done("checklist")
    assert (listed["counts"]["users"], listed["counts"]["places"]) == (5, 15)
    assert Counter(one["kind"] for one in listed["checklist"]) == {"attach": 3, "replace": 1, "seen-attach": 1}
    assert town.done("checklist", "--done", "all")["counts"] == {"users": 0, "places": 0, "ticked": 5}


def what_is_next_is_told(town: Town) -> None:
    """One still waits, and one provider cannot be reached; the mail of that names nobody."""
    assert town.done("today")["counts"] == {"waiting": 1, "unasked": 1}
    since = Since(town)
    assert town("today", "--mail", "feide@skotthyll.kommune.no").code == 0
    [(to, _, text)] = since.mails
    assert to == "feide@skotthyll.kommune.no"
    assert f"feideprov --config {town.office.config} pending" in text.replace("\r\n", "\n")
    assert "@skotthyll.kommune.no" not in text


def no_number_is_anywhere(town: Town) -> None:
    """In nothing that was printed, kept, sent or logged; the lists that we were given are ours."""
    given = {"numbers.csv", "changed.csv", "people.csv", "services.json", "portal.csv", "refugees.csv"}
    server = town.office.server
    assert server is not None
    places = {f"file {path.name}": path.read_bytes().decode("latin-1") for path in files_of(town, given)}
    places |= {f"print {place}": text for place, text in enumerate(town.printed)}
    places |= {f"mail {place}": raw.decode() + to for place, (to, raw) in enumerate(town.post.taken)}
    places |= {f"mail {place}, read": one.get_content() for place, one in enumerate(town.post.messages)}
    requests = enumerate(town.receiver.requests)
    places |= {f"request {place}": repr(headers) + body.decode() for place, (headers, body) in requests}
    places["slapd's log"] = server.log_file.read_text(errors="replace")
    assert {"file feideprov.db", "file matrix.csv", "file page.html", "mail 50", "request 30"} <= places.keys()
    assert "MOD dn=" in places["slapd's log"]
    found = [place for place, text in places.items() if any(shows(text + place, number) for number in CANARIES)]
    assert not found


def files_of(town: Town, but: set[str]) -> list[Path]:
    return [path for path in town.office.folder.rglob("*") if path.is_file() and path.name not in but]


def shows(text: str, number: str) -> bool:
    """Does a text hold a number, also with something between its digits?"""
    return re.search(r"[ .\-_=\r\n]*".join(number), text) is not None
