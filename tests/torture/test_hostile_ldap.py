"""Whatever an LDAP server answers, it ends as a documented error, in time, and in little memory.

Each shape of `hostile_ldap` at each stage of a connection, in the library; and in the commands that connect. In
`make torture` each command gets each shape, with figures for docs/reliability.md.
"""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack
from multiprocessing import get_context
from pathlib import Path

import pytest
from commands import here
from hostile_ldap import (
    ADD,
    AFTER_START_TLS,
    AT_SEARCHES,
    BASE,
    EVERYWHERE,
    STAGES,
    Act,
    Asked,
    Conversation,
    HostileLdap,
    clear_text_later,
    peak_of_reading,
    polite,
    result,
    says,
)
from size import FULL, size

from feideprov import FeideProvError
from feideprov.cli.care import demo
from feideprov.directory.dn import DN
from feideprov.directory.entry import Add, Delete, Entry, Modification, Modify, Rename, SetPassword
from feideprov.directory.ldap import connection
from feideprov.directory.ldap.directory import LdapDirectory
from feideprov.errors import DirectoryError
from feideprov.numbers import number_shaped
from feideprov.testing.certificates import make_certificates

DEADLINE = 30.0  # seconds; far above what any of them takes, for a machine that is busy
LONGEST = 1000  # characters of a sentence
MOST_MEMORY = 200_000  # KB
WHERE = DN.parse(BASE)
PERSON = WHERE.child("uid", "p1")


@pytest.fixture(scope="module")
def worker() -> Iterator[ProcessPoolExecutor]:
    """A process of its own, whose memory is not that of the servers."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        yield pool


@pytest.fixture(autouse=True)
def one_attempt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "_FIRST_ATTEMPTS", 1)


def directory_on(url: str, **options: object) -> LdapDirectory:
    """A directory whose patience is short."""
    impatient = {"base": BASE, "tls": False, "receive_timeout": 0.15, "patience": 0.2, "max_entries": 2000}
    return LdapDirectory(url, **{**impatient, **options})  # type: ignore[arg-type]


def read_base(directory: LdapDirectory) -> object:
    return directory.read(WHERE)


def read_all(directory: LdapDirectory) -> object:
    return sum(1 for _ in directory.having(["uid"], ["uid"]))


READS: dict[str, Callable[[LdapDirectory], object]] = {
    "one entry": read_base,
    "all entries": read_all,
    "entries by name": lambda directory: list(directory.matching("uid", map(str, range(250)), ["uid"])),
    "the first entry": lambda directory: directory.first("uid", "p1", ["uid"]),
    "the schema": LdapDirectory.check,
}
WRITES = {
    "add": Add(Entry(PERSON, {"objectClass": ["person"], "norEduPersonNIN": ["x"]})),
    "modify": Modify(PERSON, (Modification("add", "cn", (b"x",)),)),
    "delete": Delete(PERSON),
    "rename": Rename(PERSON, WHERE.child("uid", "p2")),
    "password": SetPassword(PERSON, "Fjell-Sol-52"),
}


def write(kind: str) -> Callable[[LdapDirectory], object]:
    return lambda directory: list(directory.write([WRITES[kind]] * 3))


def what_is_wrong(server: HostileLdap, work: Callable[[], object]) -> str:
    """What is wrong with how it ended; empty if it was a result, or an error as documented. A server that is still
    asked at the deadline is closed."""
    late = threading.Timer(DEADLINE, server.__exit__)
    late.start()
    began = time.monotonic()
    try:
        work()
    except DirectoryError as error:
        if problem := wrong_sentence(error):
            return problem
    except Exception as error:  # noqa: BLE001 - what else it was is the result
        return f"{type(error).__name__}: {str(error)[:100]}"
    finally:
        late.cancel()
    return "over the deadline" if time.monotonic() - began > DEADLINE else ""


def wrong_sentence(error: FeideProvError) -> str:
    text = str(error)
    if error.exit_code not in (2, 3):
        return f"exit code {error.exit_code}"
    if len(text) > LONGEST:
        return f"{len(text)} characters"
    if not text.isprintable() or number_shaped(text):
        return "a sentence that must not be shown"
    return "" if text.rstrip("”)").endswith((".", "?", "feideprov doctor")) else f"no sentence: {text}"


def problems(
    cases: Iterator[tuple[str, Act]], stage: str, work: Callable[[LdapDirectory], object], **options: object
) -> dict[str, str]:
    def problem(case: tuple[str, Act]) -> str:
        with HostileLdap(case[1], stage) as server:

            def attempt() -> None:
                with directory_on(server.url, **options) as directory:
                    work(directory)

            return what_is_wrong(server, attempt)

    each = list(cases)
    with ThreadPoolExecutor(8) as pool:  # most of them wait
        return {name: told for (name, _), told in zip(each, pool.map(problem, each), strict=True) if told}


def shapes(stage: str) -> Iterator[tuple[str, Act]]:
    """In `make test` each shape at one stage of a connection, and at searches."""
    others = STAGES.index(stage) if stage in STAGES else 0
    yield from list(EVERYWHERE.items())[size(slice(others, None, len(STAGES)), slice(None))]
    if stage in ("root", "search"):
        yield from AT_SEARCHES.items()


@pytest.mark.parametrize("stage", ["connect", "bind", "root"])
def test_every_shape_while_connecting(stage: str) -> None:
    assert problems(shapes(stage), stage, LdapDirectory.check) == {}


@pytest.mark.parametrize("read", size(["all entries"], list(READS)))
def test_every_shape_of_an_answer_to_a_search(read: str) -> None:
    assert problems(shapes("search"), "search", READS[read]) == {}


def test_every_reading_of_some_shapes() -> None:
    names = ("a DN that is none", "values that are no DNs", "values that are not UTF-8", "an entry that is none")
    more = ("a name with NUL", "an answer of another kind", "a control that is broken", "a second end")
    for read in READS.values():
        assert problems(((n, AT_SEARCHES.get(n) or EVERYWHERE[n]) for n in names + more), "search", read) == {}


@pytest.mark.parametrize("kind", size(["add"], list(WRITES)))
def test_every_shape_of_an_answer_to_a_write(kind: str) -> None:
    assert problems(shapes("write"), "write", write(kind)) == {}


def test_every_shape_of_start_tls(tmp_path: Path) -> None:
    make_certificates(tmp_path, "good")
    cases = {**AFTER_START_TLS, "clear text in the handshake": clear_text_later}
    options = {"tls": True, "ca_file": str(tmp_path / "ca.pem")}
    assert problems(iter(cases.items()), "start_tls", read_base, **options) == {}


def test_clear_text_behind_start_tls_ends_at_once_and_is_not_read() -> None:
    with HostileLdap(AFTER_START_TLS["accepted, with clear text behind"], "start_tls") as server:
        with (
            pytest.raises(DirectoryError, match="clear text") as raised,
            directory_on(server.url, tls=True) as directory,
        ):
            read_base(directory)
        assert len(server.asked) == 1  # it is not tried again
    assert raised.value.exit_code == 2


def test_memory_stays_small(worker: ProcessPoolExecutor) -> None:
    names = size(["the same entry without end"] * 2, list(AT_SEARCHES))
    cases = [(AT_SEARCHES[name], "search") for name in names]
    cases += [(EVERYWHERE["a long text with signs for a terminal"], "bind")]
    with ExitStack() as stack:
        urls = [stack.enter_context(HostileLdap(act, stage)).url for act, stage in cases]
        peak = worker.submit(peak_of_reading, urls).result()
        assert peak < MOST_MEMORY


def test_a_search_has_a_most_of_entries() -> None:
    with (
        HostileLdap(AT_SEARCHES["new pages without end"], "search") as server,
        directory_on(server.url) as directory,
        pytest.raises(DirectoryError, match="max_entries") as raised,
    ):
        read_all(directory)
    assert raised.value.exit_code == 3


# --- whole commands

COMMANDS = {
    "doctor": ["doctor"],
    "check": ["check"],
    "plan": ["plan", "people.csv"],
    "apply": ["apply", "people.csv", "--yes"],
    "attach": ["attach", "numbers.csv", "--yes"],
    "pending": ["pending"],
    "observe": ["observe"],
    "today": ["today"],
    "close": ["close", "anna@skotthyll.kommune.no", "--yes"],
    "journal verify": ["journal", "verify"],
    "init": ["init", "--directory", "--yes"],
}
WRITERS = ("apply", "init")  # with a polite server the others have nothing to write
FEW = {
    "doctor": [("search", "an answer of another kind")],
    "check": [("search", "values that are no DNs")],
    "apply": [("bind", "a web server"), ("write", "half a message")],
    "observe": [("root", "a web server")],
}
AT_ONCE = size(1, 6)


def office(folder: Path, url: str) -> Path:
    """A folder with a configuration for this server."""
    folder.mkdir()
    lines = (
        f'url = "{url}"\ntls = "off"\ntimeout = 0.2\nmax_entries = 2000\nbind_dn = "cn=x,{BASE}"\npassword_env = "P"'
    )
    (folder / "feideprov.toml").write_text(demo.configuration(lines), encoding="utf-8")
    (folder / "people.csv").write_text(
        "source_id;given_name;family_name;birth_date;school;role\na-1;Anna;Berg;2010-01-01;hylla;pupil\n"
    )
    (folder / "numbers.csv").write_text("source_id;national_number;birth_date\n")
    return folder


def ended(folder: Path, words: list[str]) -> tuple[str, int]:
    """What is wrong with how the command ended, and the greatest memory of this process so far, in KB."""
    code, out, errors = here(folder, *words, environment={"P": "secret"})
    wrong = ""
    if "report" in errors or "Traceback" in out + errors or code not in (0, 1, 2, 3):
        wrong = f"{code}: {errors[-300:]}"
    elif not (out + errors).replace("\n", "").replace("\t", "").isprintable():
        wrong = "signs for a terminal"
    elif code > 1 and words[0] != "doctor" and len(errors.strip().splitlines()) > 12:
        wrong = f"long: {errors[:300]}"
    return wrong, peak_of_reading([])


def command_cases() -> Iterator[tuple[str, str, str]]:
    """Which command meets which shape, and at which stage."""
    if not FULL:
        yield from ((command, stage, shape) for command, few in FEW.items() for stage, shape in few)
        return
    for command, stage in itertools.product(COMMANDS, STAGES):
        if stage != "write" or command in WRITERS:
            shapes = {**EVERYWHERE, **(AT_SEARCHES if stage in ("root", "search") else {})}
            yield from ((command, stage, shape) for shape in shapes)


def test_commands_end_with_one_sentence(tmp_path: Path) -> None:
    every = EVERYWHERE | AT_SEARCHES

    def run(case: tuple[str, str, str]) -> tuple[str, float, int]:
        command, stage, shape = case
        with HostileLdap(every[shape], stage) as server:
            late = threading.Timer(DEADLINE * 3, server.__exit__)
            late.start()
            folder = office(tmp_path / "-".join(case).replace(" ", "-"), server.url)
            began = time.monotonic()
            wrong, peak = workers.submit(ended, folder, COMMANDS[command]).result()
            late.cancel()
        seconds = time.monotonic() - began
        return "over the deadline" if seconds > DEADLINE * 3 else wrong, seconds, peak

    cases = list(command_cases())
    with (
        ProcessPoolExecutor(AT_ONCE, mp_context=get_context("spawn")) as workers,
        ThreadPoolExecutor(AT_ONCE) as threads,
    ):
        results = list(threads.map(run, cases))
    by_case = dict(zip(cases, results, strict=True))
    peak = max(peak for _, _, peak in results)
    slowest = max(cases, key=lambda case: by_case[case][1])
    print(f"\n{len(cases)} cases, slowest {slowest} {by_case[slowest][1]:.1f} s, peak {peak // 1000} MB")
    assert {case: wrong for case, (wrong, _, _) in by_case.items() if wrong} == {}
    assert peak < MOST_MEMORY


def turns_bad(after: Act) -> Act:
    """Polite until the first entry was written; then the connection ends, and a new one gets this answer."""
    written: list[Asked] = []

    def act(conversation: Conversation, asked: Asked) -> None:
        if written:
            return after(conversation, asked)
        conversation.send(polite(asked))
        for one in conversation.requests():
            conversation.send(polite(one))
            if one.tag == ADD:
                return written.append(one)
        return None

    return act


@pytest.mark.parametrize("code", [b"\x31", b"\x30", b"\x32", b"\x08"], ids=["password", "method", "rights", "strength"])
def test_an_account_that_is_refused_in_the_middle_of_a_run_gives_exit_code_3(tmp_path: Path, code: bytes) -> None:
    with HostileLdap(turns_bad(says(lambda asked: asked.answer(result(code)))), "bind") as server:
        ended_with, _, errors = here(
            office(tmp_path / "office", server.url), *COMMANDS["apply"], environment={"P": "secret"}
        )
    assert ended_with == 3
    assert "Traceback" not in errors
