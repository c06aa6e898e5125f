"""Arguments of a wrong kind are an InputError or a ConfigurationError, wherever a program gives them."""

from __future__ import annotations

import enum
import inspect
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

import feideprov
from feideprov import Client, FeideProvError, InputError, Journal, MemoryDirectory, Refused
from feideprov.directory.entry import WriteResult
from feideprov.errors import DirectoryError
from feideprov.testing import example_directory, example_settings

SECRET = "57912075186"
MOMENT = datetime(2026, 11, 29, 12, 0)
WRONG: list[Any] = [
    None, 7, 1.5, True, SECRET.encode(), "nonsense", "2026-11-29", Path("/nowhere/x"), MOMENT, [1],
    [SECRET.encode()], {"a": 1}, object(), date(2026, 11, 29), "a\0b", "\ud800",
]  # fmt: skip
PARTS = ("users", "numbers", "organization_units", "journal", "checklist", "services")
ORDINARY = {"page", "bounced", "send_again"}


def calls(function: Callable[..., Any]) -> Iterator[dict[str, Any]]:
    """Calls with one argument of a wrong kind each, and with all of them."""
    parameters = [one for one in inspect.signature(function).parameters.values() if one.kind < 4 and one.kind != 2]
    required = [one.name for one in parameters if one.default is one.empty]
    for wrong in WRONG:
        for one in parameters:
            yield dict.fromkeys([*required, one.name], wrong)
        yield {one.name: wrong for one in parameters}


def unexpected(function: Callable[..., Any]) -> set[str]:
    """What came out that is no error of ours."""
    found: set[str] = set()
    for given in calls(function):
        try:
            function(**given)
        except FeideProvError as error:
            if SECRET in str(error):
                found.add("a quoted value")
        except Exception as error:  # noqa: BLE001 - that is what is looked for
            found.add(f"{type(error).__module__}.{type(error).__name__}")
    return found


NOT_LOOKED_AT = {"Event", "Entry", "Rename", "NationalNumber"}
"""Values of which there are very many, and one that nobody makes."""


def is_looked_at(name: str) -> bool:
    public = getattr(feideprov, name)
    of_python = inspect.isclass(public) and (issubclass(public, enum.Enum) or getattr(public, "_is_protocol", False))
    return callable(public) and not of_python and name not in NOT_LOOKED_AT


@pytest.mark.parametrize("name", [name for name in feideprov.__all__ if is_looked_at(name)])
def test_a_public_name_raises_only_errors_of_ours(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert unexpected(getattr(feideprov, name)) == set()


def methods() -> list[str]:
    found = [name for name, one in vars(Client).items() if inspect.isfunction(one) and not name.startswith("_")]
    for part in PARTS:
        kind = (
            type(getattr(Client(example_settings(Path("/nowhere")), directory=MemoryDirectory()), part))
            if part != "services"
            else feideprov.Services
        )
        found += [
            f"{part}.{name}" for name, one in vars(kind).items() if inspect.isfunction(one) and not name.startswith("_")
        ]
    return found


@pytest.mark.parametrize("name", methods())
def test_a_method_raises_only_errors_of_ours(name: str, client: Client) -> None:
    target: Any = client
    for part in name.split("."):
        target = getattr(target, part)
    assert unexpected(target) == set()


@pytest.mark.parametrize(
    "wrong",
    [
        lambda feide: feide.plan([1, None]),
        lambda feide: feide.plan(one for one in [SECRET]),
        lambda feide: feide.attach("olga@a.no", 57912075186),
        lambda feide: feide.attach(None, SECRET),
        lambda feide: feide.attach("olga@a.no", SECRET, birth_date="2020-11-17"),
        lambda feide: feide.attach("olga@a.no", SECRET, birth_date=MOMENT),
        lambda feide: feide.attach("olga@a.no", SECRET, evidence="letter"),
        lambda feide: feide.apply([]),
        lambda feide: feide.check(only="P-NIN"),
        lambda feide: feide.users.plan_close("olga@a.no"),
        lambda feide: feide.users.history(b"olga@a.no"),
        lambda feide: feide.checklist.tick(7),
        lambda feide: feide.services.answer("x", "can-serve", source="mail", since=MOMENT),
        lambda _: Client(None),
        lambda _: Client.open(7),
        lambda _: Journal("sqlite://", None, key=None, actor=None),
    ],
)
def test_the_sentence_names_the_argument_and_quotes_nothing(client: Client, wrong: Callable[[Client], Any]) -> None:
    with pytest.raises(InputError, match=r"The argument \w+ of [\w.]+ must be .+ was given\.$") as refused:
        wrong(client)
    assert SECRET not in str(refused.value)


def test_the_models_of_programs_raise_errors_of_ours(person: Callable[..., Any]) -> None:
    with pytest.raises(InputError, match="PersonRecord: role: "):
        person(role=7)
    with pytest.raises(InputError, match=r"PersonRecord: .*mail") as refused:
        person(mail=SECRET)
    assert SECRET not in str(refused.value)
    assert refused.value.__context__ is None


class Denying(MemoryDirectory):
    """A directory that refuses every write."""

    def write(self, writes: Any) -> Iterator[WriteResult]:
        for one in writes:
            yield WriteResult(one, DirectoryError("No.", code=50, server="ldap.a.no:636"))


def test_methods_for_one_user_keep_the_code(tmp_path: Path, client: Client, person: Callable[..., Any]) -> None:
    client.apply(client.plan([person()]))
    user = "olenkova@skotthyll.kommune.no"
    for call, code in (
        (lambda: client.attach(user, SECRET), "R-EVIDENCE"),
        (lambda: client.attach(user, "57912075187"), "N-"),
        (lambda: client.users.close("nobody@skotthyll.kommune.no"), "R-NO-USER"),
        (lambda: client.users.rename(user, to="x y"), "R-"),
        (lambda: client.users.resolve("nobody@skotthyll.kommune.no", different=True), "R-NO-USER"),
    ):
        with pytest.raises(Refused) as refused:
            call()
        assert refused.value.code.startswith(code[:2])
        assert refused.value.realm == "skotthyll.kommune.no"
    directory = Denying(client.directory.base, client.directory.entries())
    with (
        Client(example_settings(tmp_path), directory=directory, journal=client._context.journal) as denied,
        pytest.raises(DirectoryError) as failed,
    ):
        denied.users.close(user)
    assert (failed.value.code, failed.value.server, failed.value.realm) == (50, "ldap.a.no:636", "skotthyll.kommune.no")


def test_the_example_still_works(tmp_path: Path) -> None:
    with Client(example_settings(tmp_path), directory=example_directory()) as feide:
        assert feide.pending() == []
