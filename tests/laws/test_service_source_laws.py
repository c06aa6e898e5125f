"""Whatever a file of services holds, it is read or refused in one sentence, and no person's number goes further."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from size import size

from feideprov import Client, Journal, MarkKey
from feideprov.errors import InputError
from feideprov.services.register.service import Service
from feideprov.services.sources import ServiceFile, read_services
from feideprov.testing import example_directory, example_settings
from feideprov.testing.strategies import d_numbers
from feideprov.wiring import organization_of

ON = date(2026, 11, 22)
ORGANIZATION = organization_of(example_settings(Path()))
KEY = MarkKey(b"a key for examples and nothing else")

TEXTS = st.text(max_size=30) | st.sampled_from(["", "4711", "userid-nin", "norEduPersonNIN", "openid userid-nin"])
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | TEXTS
KEYS = st.sampled_from(
    [
        *("id", "name", "provider", "attributes", "subscribers", "realm", "support_email", "contacts_admin", "email"),
        *("client_id", "client_name", "client_name#nb", "scope", "scopes", "organization", "contacts", "activated"),
        *("nb", "nn", "en", "type", "other"),
    ]
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS | st.text(max_size=8), inner, max_size=6),
    max_leaves=30,
)
KINDS = st.sampled_from([None, "feide", "oidc"])


def services_of(count: int, texts: st.SearchStrategy[str]) -> st.SearchStrategy[list[Any]]:
    """Objects as `/2/sp/` gives them, by unlike ids."""
    one = st.fixed_dictionaries(
        {
            "name": st.dictionaries(st.sampled_from(["nb", "nn", "en"]), texts, max_size=3),
            "provider": st.fixed_dictionaries({"id": st.sampled_from(["100", "101"]), "name": texts}),
            "attributes": st.lists(st.sampled_from(["mail", "norEduPersonNIN"]), max_size=3),
            "subscribers": st.lists(st.sampled_from(["7", "8", "9"]).map(lambda i: {"id": i}), max_size=3),
        },
        optional={"notes": texts, "deep": st.lists(st.dictionaries(texts, texts, max_size=2), max_size=2)},
    )
    return st.lists(one, min_size=1, max_size=count).map(
        lambda found: [{"id": str(number)} | service for number, service in enumerate(found, 1)]
    )


def read(content: bytes, **options: Any) -> ServiceFile:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file.json"
        path.write_bytes(content)
        return read_services(path, organization=ORGANIZATION, on=ON, **options)


def services_or_a_sentence(content: bytes, **options: Any) -> None:
    listed, refused = None, None
    try:
        listed = read(content, **options)
    except InputError as error:
        refused = error
    if listed is not None:
        assert all(Service.model_validate_json(one.model_dump_json()) == one for one in listed.services)
        return
    sentence = str(refused)
    assert "file.json" in sentence
    assert "\n" not in sentence
    assert len(sentence) < 600
    assert refused.__context__ is None or refused.__suppress_context__  # the inner error may hold the content


@settings(deadline=None)
@given(JSON, KINDS)
@example([{"id": "1", "x": float("nan")}], "feide")
@example({"id": "\ud800"}, "oidc")
def test_any_json_is_services_or_one_sentence(value: Any, kind: Any) -> None:
    services_or_a_sentence(json.dumps(value).encode(), kind=kind)


@settings(deadline=None)
@given(services_of(3, TEXTS), st.data())
def test_a_list_of_services_with_anything_in_any_place_is_services_or_one_sentence(
    services: list[Any], data: st.DataObject
) -> None:
    spoilt = data.draw(st.sampled_from(services))
    spoilt[data.draw(KEYS)] = data.draw(JSON)
    services_or_a_sentence(json.dumps(services).encode(), kind=data.draw(KINDS))


@settings(deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
@example(b"\xff\xfe[")
@example(b"{}")
def test_any_octets_are_services_or_one_sentence(content: bytes) -> None:
    services_or_a_sentence(content)
    services_or_a_sentence(b"[" + content)
    services_or_a_sentence(content, kind="csv")


@settings(deadline=None)
@given(st.lists(st.lists(st.text(max_size=12), max_size=9), max_size=5), st.sampled_from(";,\t"))
def test_any_cells_are_services_or_refused_rows(rows: list[list[str]], separator: str) -> None:
    heading = separator.join(
        ("id", "name", "provider", "mail", "gets_number", "activated", "schools", "roles", "reason")
    )
    content = "\n".join((heading, *(separator.join(row) for row in rows))).encode("utf-8", "replace")
    services_or_a_sentence(content, kind="csv")


def with_number_in(texts: st.SearchStrategy[str], number: str) -> st.SearchStrategy[str]:
    written = st.sampled_from([number, f"{number[:6]} {number[6:]}", f"{number[:6]}-{number[6:]}", f"x{number}y"])
    return texts | written


@settings(deadline=None)
@given(st.data(), d_numbers())
def test_no_number_of_a_person_is_kept_or_told(data: st.DataObject, number: str) -> None:
    words = st.sampled_from(["Lexin", "Ærlig AS", "x@y.no"])
    services = data.draw(services_of(3, with_number_in(words, number)))
    try:
        listed = read(json.dumps(services).encode())
    except InputError as error:
        told = str(error)
    else:
        told = "".join((*listed.notes, *(one.model_dump_json() for one in listed.services)))
    assert number not in told
    assert number[6:] not in told


@contextmanager
def registers(count: int) -> Iterator[tuple[Callable[[str, Any], Path], list[Client]]]:
    """Clients of one organization, each with a register of its own, and a function that saves a file."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)

        def save(file: str, value: Any) -> Path:
            (folder / file).write_text(json.dumps(value), encoding="utf-8")
            return folder / file

        clients = []
        for number in range(count):
            journal = Journal(f"sqlite:///{folder / f'{number}.db'}", "skotthyll.kommune.no", key=KEY, actor="laws")
            settings = example_settings(folder)
            clients.append(Client(settings, directory=example_directory(), journal=journal, keys=KEY, on=ON))
        yield save, clients
        for client in clients:
            client._context.journal.close()


ORGANIZATIONS = [
    {"id": "7", "realm": "skotthyll.kommune.no", "support_email": None},
    {"id": "100", "realm": "leverandor.no", "support_email": "hjelp@leverandor.no"},
]


def register_of(client: Client) -> list[dict[str, Any]]:
    return [one.model_dump(exclude={"unsettled_since"}) for one in client.services.all()]


@settings(deadline=None, max_examples=size(10, 25), suppress_health_check=[HealthCheck.too_slow])
@given(services_of(4, st.text("abcæø", min_size=1, max_size=5)))
def test_services_before_organizations_equals_organizations_before_services(services: list[Any]) -> None:
    with registers(3) as (save, clients):
        files = save("sp.json", services), save("org.json", ORGANIZATIONS)
        clients[0].services.import_(*files)
        for client, order in ((clients[1], files), (clients[2], files[::-1])):
            for file in order:
                client.services.import_(file)
        assert register_of(clients[0]) == register_of(clients[1]) == register_of(clients[2])


@settings(deadline=None, max_examples=size(10, 25), suppress_health_check=[HealthCheck.too_slow])
@given(services_of(4, st.text("abcæø", min_size=1, max_size=5)))
def test_importing_twice_equals_importing_once(services: list[Any]) -> None:
    with registers(1) as (save, [client]):
        files = save("sp.json", services), save("org.json", ORGANIZATIONS)
        first = client.services.import_(*files)
        once = register_of(client)
        second = client.services.import_(*files)
        assert register_of(client) == once
        assert (len(first.new), second.unchanged) == (len(services), len(services))


organizations = st.lists(
    st.fixed_dictionaries(
        {
            "realm": st.sampled_from([None, "", "x.no", "skotthyll.kommune.no"]),
            "support_email": st.sampled_from([None, "a@x.no", "no address"]),
        },
        optional={"type": st.just(["service_provider"]), "name": st.just({"nb": "X"})},
    ),
    max_size=4,
).map(lambda found: [{"id": str(number)} | one for number, one in enumerate(found, 1)])


@settings(deadline=None, max_examples=size(10, 25), suppress_health_check=[HealthCheck.too_slow])
@given(services_of(4, st.text("abcæø", min_size=1, max_size=5)), organizations, st.randoms(), st.booleans())
@example([], [{"id": "1", "realm": None, "support_email": None}], Random(0), False)
def test_counts_are_those_of_the_file(services: list[Any], others: list[Any], order: Random, refused: bool) -> None:
    wrong = [{"id": "57912075186", "name": {}, "provider": None}] * refused  # a published number is no id
    entries = [*services, *others, *wrong]
    order.shuffle(entries)
    with registers(1) as (save, [client]):
        if not entries:
            return
        for attempt in range(2):
            done = client.services.import_(save("both.json", entries), kind="feide")
            assert (done.read, done.organizations, len(done.refusals)) == (len(services), len(others), len(wrong))
            assert sum(done.counts[name] for name in ("new", "changed", "newly", "unchanged")) == done.read
            assert (done.counts["gone"], len(done.new)) == (0, len(services) * (attempt == 0))


@pytest.mark.parametrize("depth", [10, 1_000, 100_000])
def test_nesting_ends_in_a_sentence_however_deep(depth: int) -> None:
    for opening, closing in (("[", "]"), ('{"id":', "}")):
        services_or_a_sentence((opening * depth + "1" + closing * depth).encode(), kind="feide")
        services_or_a_sentence((opening * depth).encode(), kind="feide")
