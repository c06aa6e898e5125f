"""Notices are sent by real processes to a real mail server and a webhook: killed, refused, dropped, two at a time."""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from commands import here, in_a_process
from notice_scene import KEY, REALM, Scene, a_service, configuration, smtp, webhook, with_names
from post_office import PostOffice
from receiver import SECRET, Receiver

from feideprov.cli.care import demo
from feideprov.journal.tables import delivery
from feideprov.services.outbox.deliveries import DeliveryState
from feideprov.services.register.service import Contact, Dependency, Provider

if TYPE_CHECKING:
    from private_postgres import PrivatePostgres

KILLS = int(os.environ.get("KILLS", "3"))  # `make torture` takes 100
PROVIDERS = [f"{name} AS" for name in ("Alfa", "Beta", "Gamma", "Delta", "Epsilon")][:KILLS]
NEED_NOT_KNOW = ["Rask AS", "Sen AS", "Borte AS"]


def address(provider: str) -> str:
    return f"hjelp@{provider.split()[0].lower()}.example"


class Site:
    """An organization in a folder, whose services are owed notices, a mail server and a webhook."""

    def __init__(self, folder: Path, url: str, post: PostOffice, receiver: Receiver) -> None:
        self.folder, self.post, self.receiver = folder, post, receiver
        journal = ["[journal]", f'url = "{url}"', 'key_env = "KEY_OF_THE_TEST"']
        configuration(folder, *journal, *smtp(post.port), *webhook(folder, receiver.url, SECRET))
        self.scene = Scene(url)
        owed = [a_service(f"{one} læring", one) for one in PROVIDERS]
        rest = [a_service(f"{one} læring", one) for one in NEED_NOT_KNOW]
        self.scene.put(*owed, *rest)
        for user in ("olenkova", "tesfaase"):
            self.scene.change("attach", user, *(service.name() for service in (*owed, *rest)))
        # and meanwhile, before anything was sent:
        changes: list[dict[str, Any]] = [{"state": Dependency.INDEPENDENT}, {"activated": False}, {"ways": ()}]
        self.scene.put(
            *(a_service(f"{one} læring", one, **fields) for one, fields in zip(NEED_NOT_KNOW, changes, strict=True))
        )

    def start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "feideprov", "notify", "--send"],
            cwd=self.folder,
            env={**os.environ, "KEY_OF_THE_TEST": KEY.hex()},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def send(self) -> int:
        """One run to its end, in this process; gives the exit code."""
        code, out, errors = here(self.folder, "notify", "--send", environment={"KEY_OF_THE_TEST": KEY.hex()})
        assert "unexpected" not in errors, errors
        assert code in (0, 3), out + errors
        return code

    def send_and_kill(self, at: int) -> bool:
        """A run that is killed in the moment in which the servers have taken so many messages, and have not said so
        yet. Gives whether that moment came."""
        taken, killed = 0, threading.Event()
        process = self.start()

        def on_taken() -> None:
            nonlocal taken
            taken += 1
            if taken == at:
                killed.set()
                process.kill()
                process.wait()

        self.post.on_taken = self.receiver.on_taken = on_taken
        try:
            process.communicate(timeout=300)
        finally:
            self.post.on_taken = self.receiver.on_taken = lambda: None
        return killed.is_set()

    def let_time_pass(self) -> None:
        """What waits for its next turn is due."""
        with self.scene.journal.writing() as connection:
            waiting = delivery.c.state == DeliveryState.DUE.value
            connection.execute(delivery.update().where(waiting).values(next_at="2026-01-01T00:00:00+00:00"))

    def assert_all_were_told(self) -> None:
        """Each at least once, always under the same id, and nobody else."""
        ids: dict[str, set[str]] = {}
        for (to, _), message in zip(self.post.taken, self.post.messages, strict=True):
            ids.setdefault(to, set()).add(str(message["Message-ID"]))
        assert set(ids) == {address(one) for one in PROVIDERS}
        by_hook: dict[str, set[str]] = {}
        for content in self.receiver.contents:
            by_hook.setdefault(content["provider"]["name"], set()).add(f"<{content['id']}@{REALM}>")
        assert {address(provider): known for provider, known in by_hook.items()} == ids
        assert {len(known) for known in ids.values()} == {1}
        assert self.scene.notices.unfinished() == []


@pytest.fixture
def post(tmp_path: Path) -> Iterator[PostOffice]:
    with PostOffice(tmp_path) as office:
        yield office


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgres"])
def site(request: pytest.FixtureRequest, tmp_path: Path, post: PostOffice, receiver: Receiver) -> Iterator[Site]:
    url = f"sqlite:///{tmp_path / 'feideprov.db'}"
    if request.param == "postgres":
        server: PrivatePostgres = request.getfixturevalue("postgres")
        url = server.database()
    made = Site(tmp_path, url, post, receiver)
    with closing(made.scene.journal):
        yield made


def test_killed_while_sending_each_notice_arrives_and_repeats_have_its_id(site: Site) -> None:
    """Killed between the receiver's having it and our knowing so, at each second message: the worst moment."""
    kills = 0
    while site.send_and_kill(2):
        kills += 1
    assert kills >= len(PROVIDERS)
    assert site.send() == 0
    site.assert_all_were_told()
    assert len(site.post.taken) + len(site.receiver.taken) > 2 * len(PROVIDERS), "nothing was repeated"


def test_killed_at_any_moment_while_servers_refuse_and_hang_up(site: Site) -> None:
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    moments = random.Random(seed)
    for provider in PROVIDERS:
        if moments.random() < 0.5:
            site.post.at_rcpt[address(provider)] = ["451 try later"]
        site.post.at_data[address(provider)] = moments.choice([["drop"], ["take and drop"], ["452 full"], []])
    site.receiver.answers = moments.choices([204, 500, 503, "drop"], k=8)  # type: ignore[list-item]
    for _ in range(KILLS):
        process = site.start()
        try:
            process.communicate(timeout=moments.uniform(0.3, 1.5))
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
        site.let_time_pass()
    for _ in range(12):
        if site.send() == 0:
            break
        site.let_time_pass()
    site.assert_all_were_told()


def test_two_at_a_time_send_each_notice_once(site: Site) -> None:
    both = [site.start(), site.start()]
    for process in both:
        out, errors = process.communicate(timeout=300)
        assert process.returncode == 0, out + errors
    site.assert_all_were_told()
    assert set(Counter(to for to, _ in site.post.taken).values()) == {1}
    assert set(Counter(site.receiver.ids).values()) == {1}


HOSTILE = "15108695077"  # published as wrong
LISTS = "".join(demo.STORY.joinpath(name).read_text(encoding="utf-8") for name in ("refugees.csv", "numbers.csv"))
OF_PEOPLE = sorted(set(re.findall(r"\b\d{11,12}\b", LISTS)) - {HOSTILE})


def test_no_number_is_in_a_message_a_heading_a_file_name_or_a_log(tmp_path: Path) -> None:
    """Numbers in everything that a notice is made of, and in what servers say."""
    with PostOffice(tmp_path) as post, Receiver() as receiver:
        hook = webhook(tmp_path, f"{receiver.url}/{HOSTILE}", SECRET)
        configuration(tmp_path, "[services]", f'signature = "Kari {HOSTILE}"', *smtp(post.port), *hook)
        for name in ("refugees.csv", "numbers.csv"):
            (tmp_path / name).write_bytes(demo.STORY.joinpath(name).read_bytes())
        (tmp_path / "catalogue.ldif").write_bytes(demo.STORY.joinpath("base.ldif").read_bytes())
        known = {path.name for path in tmp_path.iterdir()}
        register(tmp_path)
        post.at_rcpt["hjelp@creaza.example"] = [f"550 {HOSTILE} is nobody here"]
        post.at_rcpt["hjelp@lexin.example"] = [f"451 {HOSTILE} later"]
        receiver.answers = [500]
        printed = [
            shown(tmp_path, *words)
            for words in [
                ("apply", "refugees.csv", "--yes"),
                ("attach", "numbers.csv", "--yes"),
                ("notify", "--json"),
                ("notify", "--send", "--json"),
                ("notify", "--send"),
                ("notify",),
                ("notify", "--bounced", HOSTILE),
                ("notify", "--again", HOSTILE),
                ("notify", "--drafts", f"drafts {HOSTILE}"),
            ]
        ]
        assert post.taken
        assert receiver.taken
        sent = [content for _, content in post.taken] + [message.get_content().encode() for message in post.messages]
        told = [f"{headers}".encode() + body for headers, body in receiver.requests]
    ours = [path for path in tmp_path.rglob("*") if path.name not in known and path.is_file()]
    drafts = [path for path in ours if path.suffix == ".eml"]
    assert drafts
    names = [path.name.encode() for path in ours]
    texts = {"sent": sent, "told": told, "names": names, "printed": [one.encode() for one in printed]}
    texts["drafts"] = [path.read_bytes() for path in drafts]
    for kind, some in texts.items():
        for text in some:
            assert not [number for number in (*OF_PEOPLE, HOSTILE) if number.encode() in text], kind
    for path in ours:  # the journal has what a person gave to the register
        assert not [number for number in OF_PEOPLE if number.encode() in path.read_bytes()]


def register(folder: Path) -> None:
    from feideprov import Client

    services = [
        with_names(a_service("Kikora", names={"nb": f"Kikora {HOSTILE}"})),
        a_service("Creaza", "Creaza AS"),
        a_service(
            "Salto",
            "Salto AS",
            provider=Provider(id=f"salto-{HOSTILE}", name=f"Salto {HOSTILE}"),
            contacts=(Contact(mail=f"{HOSTILE}@salto.example"), Contact(mail="hjelp@salto.example")),
        ),
    ]
    with Client.open(folder / "feideprov.toml") as feide:
        feide.services.register.put(services)


def shown(folder: Path, *words: str) -> str:
    """Everything that a command prints; the one that sends is a process of its own, once."""
    code, out, errors = (in_a_process if words == ("notify", "--send", "--json") else here)(folder, *words)
    assert code in (0, 1, 2, 3)
    assert "unexpected" not in errors, errors
    return out + errors
