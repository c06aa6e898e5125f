"""Many writes at a time on a real slapd: order, lost connections, and servers that are busy, silent or elsewhere."""

from __future__ import annotations

import gc
import random
import threading
from collections.abc import Callable, Iterable, Iterator
from itertools import count, islice

import pytest
from proxy import BUSY, REFERRAL, UNAVAILABLE, Proxy
from size import size

from feideprov.directory.dn import DN
from feideprov.directory.entry import (
    Add,
    Delete,
    Entry,
    Modification,
    Modify,
    Precondition,
    Rename,
    SetPassword,
    Write,
)
from feideprov.directory.ldap import requests
from feideprov.directory.ldap.directory import LdapDirectory
from feideprov.directory.second_look import carried_out
from feideprov.errors import ConfigurationError, DirectoryError
from feideprov.testing.slapd import PrivateSlapd

CLASSES = ["inetOrgPerson", "eduPerson", "norEduPerson"]
WAYS = ["ldaps", "starttls", "ldapi", "loopback", "one at a time"]

Opened = Callable[..., LdapDirectory]


@pytest.fixture
def opened(slapd: PrivateSlapd) -> Iterator[Opened]:
    """Opens directories on the slapd, and takes away what a test leaves in it."""
    made: list[LdapDirectory] = []

    def open_(url: str = slapd.url, *, tls: bool = False, window: int = 64, **options: object) -> LdapDirectory:
        account = {} if url == slapd.ldapi else {"bind_dn": slapd.service_dn, "password": slapd.service_password}
        made.append(
            LdapDirectory(url, base=slapd.people_dn, ca_file=str(slapd.ca_file), tls=tls, **account, **options)  # type: ignore[arg-type]
        )
        made[-1].window = window
        return made[-1]

    yield open_
    with open_(slapd.ldapi, tls=True) as directory:
        names = sorted((e.dn for e in directory.having(["uid", "ou"], ["1.1"])), key=lambda dn: -len(dn.rdns))
        left = [Delete(dn) for dn in names if dn != directory.base]
        assert all(written.error is None for written in directory.write(left))
    for directory in made:
        directory.close()
    gc.collect()


@pytest.fixture
def proxy(slapd: PrivateSlapd) -> Iterator[Proxy]:
    with Proxy.before(slapd.url) as proxy:
        yield proxy


def person(base: DN, uid: str, **values: list[str | bytes]) -> Entry:
    return Entry(base.child("uid", uid), {"objectClass": CLASSES, "uid": [uid], "cn": [uid], "sn": ["K"], **values})


def description(dn: DN, operation: str, value: str) -> Modify:
    return Modify(dn, (Modification(operation, "description", (value.encode(),)),))  # type: ignore[arg-type]


def codes(directory: LdapDirectory, writes: Iterable[Write]) -> list[int | None]:
    """The LDAP result code of each write, in order; None when it was done."""
    return [None if w.error is None else w.error.code for w in directory.write(writes)]


def found(directory: LdapDirectory, *attributes: str) -> dict[str, Entry]:
    return {e.texts("uid")[0]: e for e in directory.having(["uid"], ["uid", *attributes])}


def take(outcomes: Iterable[object], given: list, after: int, then: Callable[[], object]) -> None:
    """Take outcomes into a list; after so many of them something happens."""
    for outcome in outcomes:
        given.append(outcome)
        if len(given) == after:
            then()


@pytest.mark.parametrize("way", WAYS)
def test_a_thousand_writes_in_one_go(slapd: PrivateSlapd, opened: Opened, way: str) -> None:
    directory = {
        "ldaps": lambda: opened(slapd.ldaps, tls=True),
        "starttls": lambda: opened(tls=True),
        "ldapi": lambda: opened(slapd.ldapi, tls=True),
        "loopback": opened,
        "one at a time": lambda: opened(window=1),
    }[way]()
    people = [person(directory.base, f"u{n}", displayName=[f"{n}"]) for n in range(1000)]
    assert codes(directory, map(Add, people)) == [None] * 1000
    assert codes(directory, map(Add, people[:100])) == [68] * 100
    assert {uid: e.text("displayName") for uid, e in found(directory, "displayName").items()} == {
        f"u{n}": f"{n}" for n in range(1000)
    }
    assert {e.dn for e in directory.matching("uid", (f"u{n}" for n in range(1500)), ["uid"])} == {e.dn for e in people}
    assert codes(directory, (Delete(e.dn) for e in people)) == [None] * 1000


@pytest.mark.parametrize("window", [64, 1])
def test_parents_come_before_their_children_and_go_after_them(opened: Opened, window: int) -> None:
    directory = opened(window=window)
    writes: list[Write] = []
    places = []
    for n in range(40):
        place = directory.base.child("ou", f"place {n}")
        inner = place.child("OU", "inner")
        writes += [Add(Entry(dn, {"objectClass": ["organizationalUnit"]} | {"ou": [dn.rdns[0][0][1]]}))
                   for dn in (place, inner)]  # fmt: skip
        writes += [Add(person(inner, f"u{n}-{m}")) for m in range(3)]
        places.append((place, inner, n))
    assert codes(directory, writes) == [None] * len(writes)
    gone: list[Write] = []
    for place, inner, n in places:
        gone += [Delete(inner.child("uid", f"u{n}-{m}")) for m in range(3)] + [Delete(inner), Delete(place)]
    assert codes(directory, gone) == [None] * len(gone)


@pytest.mark.parametrize("window", [64, 1])
def test_writes_of_one_entry_keep_their_order(opened: Opened, window: int) -> None:
    directory = opened(window=window)
    writes: list[Write] = []
    for n in range(50):
        old, new = directory.base.child("uid", f"u{n}"), directory.base.child("uid", f"v{n}")
        writes += [
            Add(person(directory.base, f"u{n}")),
            description(old, "add", "one"),
            Modify(old, description(old, "delete", "ONE").modifications, (Precondition("description", "one"),)),
            Modify(old, description(old, "add", "two").modifications, (Precondition("description", None),)),
            Rename(old, new),
            SetPassword(new, "a long enough password"),
            description(new, "add", "three"),
        ]
    assert codes(directory, writes) == [None] * len(writes)
    after = found(directory, "description")
    assert {uid: set(e.texts("description")) for uid, e in after.items()} == {
        f"v{n}": {"two", "three"} for n in range(50)
    }
    assert directory.accepts_login(directory.base.child("uid", "v49"), "a long enough password")


def test_a_refusal_is_that_of_its_own_write(opened: Opened) -> None:
    directory = opened()
    writes: list[Write] = []
    for n in range(100):
        dn = directory.base.child("uid", f"u{n}")
        writes += [description(dn, "add", "x"), Add(person(directory.base, f"u{n}")), description(dn, "delete", "x")]
    outcomes = list(directory.write(writes))
    assert [o.write for o in outcomes] == writes
    assert [o.error.code if o.error else None for o in outcomes] == [32, None, 16] * 100


def test_writes_are_taken_a_window_ahead_and_not_more(opened: Opened) -> None:
    directory = opened()
    taken = 0

    def endless() -> Iterator[Write]:
        nonlocal taken
        for taken in count(1):
            yield Add(person(directory.base, f"u{taken}"))

    outcomes = directory.write(endless())
    for given, _ in enumerate(islice(outcomes, 300), 1):
        assert taken - given <= directory.window
    outcomes.close()  # type: ignore[attr-defined]
    assert len(found(directory)) == taken  # and nothing is under way any more


def test_reading_and_writing_may_take_turns_in_the_midst_of_both(opened: Opened) -> None:
    directory = opened()
    people = [person(directory.base, f"u{n}") for n in range(1200)]
    for written in directory.write(map(Add, people)):
        assert written.error is None
        assert directory.read(written.write.dn, ["uid"]) is not None
    seen = 0
    for entry in directory.having(["uid"], ["uid"]):
        seen += 1
        if seen % 100 == 0:
            assert codes(directory, [description(entry.dn, "add", "seen")]) == [None]
            assert [e.dn for e in directory.matching("uid", entry.texts("uid"), ["uid"])] == [entry.dn]
    assert seen == 1200


def test_large_values_both_ways_at_once_stop_nobody(slapd: PrivateSlapd, opened: Opened) -> None:
    for directory in (opened(slapd.ldaps, tls=True), opened(slapd.ldapi, tls=True)):
        photo = bytes(range(256)) * 2000
        assert codes(directory, [Add(person(directory.base, "big", jpegPhoto=[photo]))]) == [None]
        big = str(directory.base.child("uid", "big"))
        transport = directory._connection.transport()
        sent = []
        for n in range(80):  # 40 MB each way, and nobody reads before all is sent
            sent.append(transport.submit(requests.search(big, requests.BASE, requests.present("uid"), ["jpegPhoto"])))
            small = str(directory.base.child("uid", f"u{n}"))
            sent.append(
                transport.submit(requests.add(small, person(directory.base, f"u{n}", jpegPhoto=[photo]).items()))
            )
            transport.flush()
        transport.drain()
        assert [exchange.response.code for exchange in sent if exchange.response] == [0] * 160
        assert codes(directory, (Delete(e.dn) for e in found(directory).values())) == [None] * 81


TENOR = [b"57912075186", b"69822075096"]


def _story(base: DN, n: int) -> list[Write]:
    """What happens to one user: every kind of write, with what it presumes."""
    old, new = base.child("uid", f"u{n}"), base.child("uid", f"v{n}")
    number = {0: [TENOR[0]], 1: [TENOR[1]]}.get(n, [])
    attach = [
        Modify(old, (Modification("add", "norEduPersonNIN", tuple(number)),), (Precondition("norEduPersonNIN", None),))
    ]
    return [
        Add(person(base, f"u{n}", employeeNumber=[f"e{n}"])),
        description(old, "add", "one"),
        *(attach if number else []),
        Modify(
            old,
            (*description(old, "delete", "one").modifications, *description(old, "add", "two").modifications),
            (Precondition("employeeNumber", f"E{n}"),),
        ),
        *([Rename(old, new)] if n % 3 == 0 else []),
        *([Add(person(base, f"w{n}")), Delete(base.child("uid", f"w{n}"))] if n % 4 == 0 else []),
    ]  # fmt: skip


@pytest.mark.parametrize("seed", range(size(4, 12)))
def test_a_connection_that_is_cut_loses_nothing_and_doubles_nothing(
    slapd: PrivateSlapd, opened: Opened, proxy: Proxy, seed: int
) -> None:
    chance = random.Random(seed)
    before = slapd.log_file.stat().st_size  # other tests of the session may have made the server log what they like
    directory = opened(proxy.url)
    writes = [write for n in range(60) for write in _story(directory.base, n)]
    proxy.reset = seed % 2 == 0
    outcomes = []
    for outcome in directory.write(writes):
        outcomes.append(outcome)
        if proxy.octets_left is None and chance.random() < 0.03:
            proxy.octets_left = chance.randrange(20_000)
    proxy.octets_left = None
    assert [o.write for o in outcomes] == writes
    assert {o.error and str(o.error) for o in outcomes} == {None}
    with opened(slapd.ldapi, tls=True) as look:
        after = found(look, "description", "norEduPersonNIN")
    assert set(after) == {f"v{n}" if n % 3 == 0 else f"u{n}" for n in range(60)}
    assert {tuple(e.texts("description")) for e in after.values()} == {("two",)}
    assert after["v0"].values("norEduPersonNIN") == (TENOR[0],)
    assert after["u1"].values("norEduPersonNIN") == (TENOR[1],)
    logged = slapd.log_file.read_bytes()[before:]
    assert not any(number in logged for number in TENOR)


def test_a_slapd_that_is_killed_and_comes_back_is_gone_on_with() -> None:
    with PrivateSlapd() as server, LdapDirectory(server.ldapi, base=server.people_dn) as directory:
        outcomes = []
        for outcome in directory.write(Add(person(directory.base, f"u{n}")) for n in range(600)):
            outcomes.append(outcome)
            if len(outcomes) in (50, 300):
                server.kill()
                server.restart()
        assert [o.error for o in outcomes] == [None] * 600
        assert len(found(directory)) == 600


def test_a_server_that_stays_away_ends_the_run_in_place_of_what_is_unknown() -> None:
    with PrivateSlapd() as server, LdapDirectory(server.ldapi, base=server.people_dn, patience=0.5) as directory:
        outcomes: list = []
        with pytest.raises(DirectoryError, match=r"does not respond.*Run the same command again") as raised:
            take(directory.write(Add(person(directory.base, f"u{n}")) for n in range(600)), outcomes, 50, server.kill)
        assert raised.value.exit_code == 3
        assert [o.error for o in outcomes] == [None] * len(outcomes)
        server.restart()
        assert {f"u{n}" for n in range(len(outcomes))} <= set(found(directory))


def test_a_silent_server_is_left_after_the_time_out(opened: Opened, proxy: Proxy) -> None:
    directory = opened(proxy.url, receive_timeout=1, patience=0.5)
    outcomes: list = []
    with pytest.raises(DirectoryError, match="Run the same command again") as raised:
        take(directory.write(Add(person(directory.base, f"u{n}")) for n in range(300)), outcomes, 20, proxy.stall)
    assert raised.value.exit_code == 3
    assert len(outcomes) >= 20
    proxy.flow()


@pytest.mark.parametrize("code", [BUSY, UNAVAILABLE])
@pytest.mark.parametrize("window", [64, 1])
def test_what_the_server_is_too_busy_for_is_asked_again(opened: Opened, proxy: Proxy, code: int, window: int) -> None:
    directory = opened(proxy.url, window=window)
    proxy.answer("add", code, skip=5, times=7 if window > 1 else 2)
    assert codes(directory, (Add(person(directory.base, f"u{n}")) for n in range(100))) == [None] * 100
    assert len(found(directory)) == 100


@pytest.mark.parametrize("code", [BUSY, UNAVAILABLE])
def test_what_a_busy_server_carried_out_all_the_same_is_done(opened: Opened, proxy: Proxy, code: int) -> None:
    directory = opened(proxy.url)
    proxy.answer("add", code, skip=5, times=7, done=True)
    assert codes(directory, (Add(person(directory.base, f"u{n}")) for n in range(20))) == [None] * 20
    assert len(found(directory)) == 20


def test_what_the_server_carried_out_in_spite_of_another_error_is_found(opened: Opened, proxy: Proxy) -> None:
    directory = opened(proxy.url)
    proxy.answer("add", 80, skip=5, times=7, done=True)
    written = list(carried_out(directory, (Add(person(directory.base, f"u{n}")) for n in range(20))))
    assert [one.error for one in written] == [None] * 20
    proxy.answer("add", 80, times=1)
    [refused] = carried_out(directory, [Add(person(directory.base, "v"))])
    assert refused.error is not None
    assert refused.error.code == 80


@pytest.mark.parametrize("code", [BUSY, UNAVAILABLE])
def test_a_search_that_the_server_is_too_busy_for_is_made_again(opened: Opened, proxy: Proxy, code: int) -> None:
    directory = opened(proxy.url)
    assert codes(directory, [Add(person(directory.base, "olena"))]) == [None]
    for search in (
        lambda: directory.read(directory.base.child("uid", "olena")),
        lambda: list(directory.having(["uid"], ["uid"])),
        lambda: list(directory.matching("uid", ["olena"], ["uid"])),
    ):
        proxy.answer("search", code, times=2)
        assert search()


def test_a_search_that_the_server_stays_too_busy_for_is_an_error(opened: Opened, proxy: Proxy) -> None:
    directory = opened(proxy.url, patience=0.3)
    assert directory.read(directory.base) is not None
    proxy.answer("search", BUSY)
    with pytest.raises(DirectoryError, match="the server is busy"):
        directory.read(directory.base)


def test_a_server_that_is_away_between_two_searches_is_waited_for() -> None:
    with PrivateSlapd() as server, LdapDirectory(server.ldapi, base=server.people_dn) as directory:
        assert directory.read(directory.base) is not None
        server.kill()
        back = threading.Timer(2, server.restart)
        back.start()
        assert directory.read(directory.base) is not None
        back.join()


def test_a_server_that_says_nothing_of_itself_is_asked_again_and_then_told_of(opened: Opened, proxy: Proxy) -> None:
    proxy.answer("search", BUSY, times=1)
    assert codes(opened(proxy.url), []) == []
    proxy.answer("search", BUSY)
    with pytest.raises(DirectoryError, match="rootDSE") as raised:
        codes(opened(proxy.url), [])
    assert raised.value.exit_code == 3
    proxy.answer_no_more()


def test_a_login_that_the_server_is_too_busy_for_changes_no_password(opened: Opened, proxy: Proxy) -> None:
    directory = opened(proxy.url)
    dn = directory.base.child("uid", "olena")
    writes = [Add(person(directory.base, "olena")), SetPassword(dn, "a long enough password")]
    assert codes(directory, writes) == [None] * 2
    before = directory.read(dn)
    proxy.answer("bind", BUSY)
    assert not directory.confirm_login(dn, "a long enough password")
    assert directory.read(dn) == before
    proxy.answer_no_more()
    assert directory.confirm_login(dn, "a long enough password")


def test_a_server_that_stays_busy_ends_the_run(opened: Opened, proxy: Proxy) -> None:
    directory = opened(proxy.url, patience=0.5)
    proxy.answer("add", BUSY, skip=30)
    outcomes: list = []
    with pytest.raises(DirectoryError, match=r"the server is busy.*Run the same command again") as raised:
        take(directory.write(Add(person(directory.base, f"u{n}")) for n in range(300)), outcomes, 0, proxy.cut)
    assert (raised.value.exit_code, raised.value.code) == (3, BUSY)
    assert [o.error for o in outcomes] == [None] * 30
    assert len(found(directory)) == 30


def test_a_referral_is_refused_with_a_sentence(opened: Opened, proxy: Proxy) -> None:
    directory = opened(proxy.url)
    assert codes(directory, [Add(person(directory.base, "there"))]) == [None]
    there, other = directory.base.child("uid", "there"), directory.base.child("uid", "other")
    for kind in ("add", "modify", "delete", "rename"):
        proxy.answer(kind, REFERRAL)
    writes = [
        Add(person(directory.base, "new")),
        description(there, "add", "x"),
        SetPassword(there, "a password"),
        Rename(there, other),
        Delete(there),
    ]
    outcomes = list(directory.write(writes))
    assert [o.error and o.error.code for o in outcomes] == [10] * 5
    assert all("this server does not accept changes" in str(o.error) for o in outcomes)
    proxy.answer("search", REFERRAL)
    for search in (lambda: directory.read(there), lambda: list(directory.having(["uid"], ["uid"]))):
        with pytest.raises(DirectoryError, match="another server") as raised:
            search()
        assert raised.value.code == 10
    proxy.answer_no_more()


def test_servers_of_a_cluster_are_tried_in_turn(slapd: PrivateSlapd, opened: Opened, proxy: Proxy) -> None:
    proxy.refuse()
    directory = opened(f"{proxy.url} {slapd.url}")
    assert directory.read(directory.base) is not None
    assert directory.address.url == slapd.url
    directory.close()
    first = opened(f"{slapd.url}  {proxy.url}")
    assert first.address.url == slapd.url
    with pytest.raises(ConfigurationError, match="not an LDAP address"):
        opened(f"{slapd.url} https://ldap.skotthyll.no")


def test_a_server_that_goes_is_followed_by_the_next(slapd: PrivateSlapd, opened: Opened, proxy: Proxy) -> None:
    directory = opened(f"{proxy.url} {slapd.url}")
    outcomes = []
    for outcome in directory.write(Add(person(directory.base, f"u{n}")) for n in range(300)):
        outcomes.append(outcome)
        if len(outcomes) == 40:
            proxy.refuse()
    assert [o.error for o in outcomes] == [None] * 300
    assert directory.address.url == slapd.url
    assert len(found(directory)) == 300


def test_a_read_that_breaks_off_in_the_middle_is_an_error(opened: Opened, proxy: Proxy) -> None:
    directory = opened(proxy.url)
    assert codes(directory, (Add(person(directory.base, f"u{n}")) for n in range(1200))) == [None] * 1200
    seen: list = []
    with pytest.raises(DirectoryError, match="was lost"):
        take(directory.having(["uid"], ["uid"]), seen, 1, proxy.cut)
    assert 0 < len(seen) < 1200
    assert len(found(directory)) == 1200


def test_many_look_ups_are_answered_whole_by_a_server_that_gives_few_entries_at_a_time() -> None:
    limits = ['limits dn.exact="cn=feide,dc=skotthyll,dc=no" size.soft=50 size.hard=50 size.prtotal=unlimited']
    with PrivateSlapd(extra_config=limits) as server:
        with LdapDirectory(server.ldapi, base=server.people_dn) as directory:
            people = [person(directory.base, f"u{n}", title=["x"]) for n in range(300)]
            assert codes(directory, map(Add, people)) == [None] * 300
        reader = {"bind_dn": server.reader_dn, "password": server.reader_password, "ca_file": str(server.ca_file)}
        with LdapDirectory(server.ldaps, base=server.people_dn, **reader) as directory:
            assert sum(1 for _ in directory.matching("uid", [f"u{n}" for n in range(300)], ["uid"])) == 300
