"""The file of the introduction register: the same is read back, privately, and damage is told."""

from __future__ import annotations

import json
import stat
from contextlib import suppress
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from size import size

from feideprov import ConfigurationError, InputError, JournalError, MarkKey, files
from feideprov.nir.contents import (
    Avslutning,
    Fravaer,
    Fritak,
    Given,
    Klage,
    Permisjon,
    Tiltak,
    Timer,
    Vedtak,
    VedtakKind,
)
from feideprov.nir.model import FACTS, NumberKind, Permit, Person, Record, Scheme, SeenInNir, Value
from feideprov.nir.register.content import Content, HandedOver, NumberMark, Seen
from feideprov.nir.register.key_file import KeyFile
from feideprov.nir.register.register import Register
from feideprov.nir.register.stored import DAMAGE, AnotherVersionError, of_text, to_text

DAY = date(2026, 3, 2)
KEY = MarkKey(b"a key for examples and nothing else")

days = st.dates(date(1950, 1, 1), date(2100, 12, 31))
some_day = st.none() | days
text = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
some_text = st.none() | text
hours = st.decimals(0, 5000, allow_nan=False, allow_infinity=False)
parts = st.one_of(
    st.builds(Vedtak, kind=st.none() | st.sampled_from(VedtakKind), date=days, start=some_day, reason=some_text),
    st.builds(Tiltak, kind=text, from_=days, until=some_day, extent=some_text),
    st.builds(Timer, from_=some_day, until=some_day, hours=hours),
    st.builds(Fravaer, from_=days, until=some_day, allowed=st.none() | st.booleans()),
    st.builds(Permisjon, from_=days, until=some_day, kind=some_text, decided=some_day),
    st.builds(Fritak, kind=some_text, rettsgrunnlag=some_text, date=days),
    st.builds(Klage, date=days, outcome=some_text),
    st.builds(Avslutning, date=days, code=some_text),
    st.just(Given()),
)
contents = st.one_of(st.booleans(), hours, days, text, parts, st.lists(parts, max_size=3).map(tuple))
values = st.builds(
    Value,
    content=st.none() | contents,
    available_on=some_day,
    entered_by=text,
    seen_in_nir=st.none() | st.builds(SeenInNir, on=days, by=text),
)
keys = st.text("abc-", min_size=1, max_size=3)
persons = st.builds(
    Person,
    key=keys,
    permit=st.none() | st.builds(Permit, basis=text, granted=days),
    arrived=some_day,
    settled=some_day,
    search_out=some_day,
    register_municipality=some_text,
)


@st.composite
def registers(draw: st.DrawFn) -> Content:
    people = {one.key: one for one in draw(st.lists(persons, max_size=3))}
    records = {}
    for person in people.values():
        for scheme in draw(st.sets(st.sampled_from(Scheme))):
            records[person.key, scheme] = Record(
                person=person,
                scheme=scheme,
                values=draw(st.dictionaries(text, values, max_size=3)),
                facts=draw(st.dictionaries(st.sampled_from(FACTS), some_day, max_size=3)),
                start=draw(some_day),
            )
    marks = st.dictionaries(st.sampled_from(NumberKind), st.builds(NumberMark, text, text, some_day), min_size=1)
    seen = {
        person: {name: Seen(person, draw(days), draw(text), fields=(name,)) for name in ("number", "settled")}
        for person in draw(st.sets(keys, max_size=2))
    }
    places = st.tuples(keys, st.sampled_from(Scheme), text)
    return Content(
        people,
        records,
        draw(st.dictionaries(keys, marks, max_size=2)),
        seen,
        tuple(HandedOver(*draw(places), draw(text), draw(days), draw(text)) for _ in range(draw(st.integers(0, 2)))),
        draw(st.dictionaries(places, text, max_size=2)),
        frozenset(draw(st.sets(text, max_size=2))),
    )


@given(registers())
@settings(max_examples=size(25, 500), deadline=None)
def test_what_is_written_is_read_back_exactly(content: Content) -> None:
    found, fingerprint = of_text(to_text(content, "the key"))
    assert (found, fingerprint) == (content, "the key")
    for place, record in content.records.items():
        for name, value in record.values.items():
            again = found.records[place].values[name].content
            assert type(again) is type(value.content)
            assert str(again) == str(value.content)
    assert to_text(found, "the key") == to_text(content, "the key")


def _register(folder: Path, key: MarkKey = KEY) -> Register:
    return Register(folder / "nir" / "nir.json", lambda: key)


def _with(person: str) -> Content:
    return Content(people={person: Person(key=person, settled=DAY)})


def test_nothing_is_made_by_reading(tmp_path: Path) -> None:
    key_file = KeyFile(tmp_path / "keys" / "nir.key")
    register = Register(tmp_path / "nir" / "nir.json", lambda: key_file.key, key_file.keep)
    assert register.read() == Content()
    assert register.key.fingerprint == register.key.fingerprint
    assert register.change(lambda content: content) == Content()
    assert not (tmp_path / "keys").exists()
    assert not (tmp_path / "nir" / "nir.json").exists()


def test_the_file_and_its_folder_are_private_and_the_key_is_kept_with_the_first_record(tmp_path: Path) -> None:
    key_file = KeyFile(tmp_path / "keys" / "nir.key")
    register = Register(tmp_path / "nir" / "nir.json", lambda: key_file.key, key_file.keep)
    mark = register.mark("12829499914")
    register.change(lambda _: _with("k-1"))
    for path, mode in (("nir", 0o700), ("nir/nir.json", 0o600), ("keys", 0o700), ("keys/nir.key", 0o600)):
        assert stat.S_IMODE((tmp_path / path).stat().st_mode) == mode, path
    other = KeyFile(tmp_path / "keys" / "nir.key")
    again = Register(tmp_path / "nir" / "nir.json", lambda: other.key, other.keep)
    assert again.read() == _with("k-1")
    assert again.mark("128294 99914") == mark != again.key.of_number("12829499914")


def test_two_runs_that_make_a_key_do_not_both_write(tmp_path: Path) -> None:
    one, other = (KeyFile(tmp_path / "nir.key") for _ in range(2))
    assert one.key.fingerprint != other.key.fingerprint
    one.keep()
    with pytest.raises(ConfigurationError, match=r"Another run made the key file .*Run again\.$"):
        other.keep()


def test_what_is_deleted_is_gone_from_the_file(tmp_path: Path) -> None:
    register = _register(tmp_path)
    register.change(lambda _: _with("k-first"))
    register.change(lambda _: _with("k-second"))
    [path] = [one for one in (tmp_path / "nir").iterdir() if not one.name.endswith(".lock")]
    assert "k-first" not in path.read_text()


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"feideprov_nir": 1}',
        b'{"feideprov": 1, "kind": "plan"}',
        b"key;name\n1;Olena\n",
    ],
)
def test_another_file_is_told_and_stays(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "nir" / "nir.json"
    path.parent.mkdir()
    path.write_bytes(damage)
    for use in (_register(tmp_path).read, lambda: _register(tmp_path).change(lambda _: _with("k-1"))):
        with pytest.raises(InputError, match=r"nir\.json is damaged.*Nothing was changed\.$"):
            use()
    assert path.read_bytes() == damage


@given(st.data())
@settings(max_examples=size(40, 1000), deadline=None)
def test_a_file_that_was_cut_or_changed_is_never_a_crash(data: st.DataObject) -> None:
    record = Record(
        person=Person(key="k-1", permit=Permit(granted=DAY)),
        scheme=Scheme.NORSK,
        values={
            "vedtak": Value(content=(Vedtak(date=DAY),), seen_in_nir=(DAY, "Kari"), available_on=DAY),
            "timer": Value(content=Decimal("1.50"), entered_by="Kari"),
        },
        facts={"ended": DAY},
    )
    marks = {"k-1": {NumberKind.DUF: NumberMark("ab", "list", DAY)}}
    handed = (HandedOver("k-1", Scheme.NORSK, "timer", "ws4", DAY, "ab"),)
    content = Content({"k-1": record.person}, {("k-1", Scheme.NORSK): record}, marks, handed_over=handed)
    written = json.loads(to_text(content, KEY.fingerprint))
    written = _changed(written, data)
    whole = json.dumps(written)
    cut = whole[: data.draw(st.integers(0, len(whole)))] if data.draw(st.booleans()) else whole
    with suppress(*DAMAGE, AnotherVersionError):  # any other error is the fault
        found, _ = of_text(cut)
        to_text(found, KEY.fingerprint)  # what was read can be written


def _changed(written: object, data: st.DataObject) -> object:
    """The same, with one value somewhere in it replaced."""
    if isinstance(written, dict) and written:
        name = data.draw(st.sampled_from(sorted(written)))
        return {**written, name: _changed(written[name], data)}
    if isinstance(written, list) and written:
        place = data.draw(st.integers(0, len(written) - 1))
        return [*written[:place], _changed(written[place], data), *written[place + 1 :]]
    return data.draw(st.none() | st.integers() | st.just("x") | st.just([]) | st.just({}) | st.just([1]))


def test_a_newer_version_is_told_and_stays(tmp_path: Path) -> None:
    path = tmp_path / "nir" / "nir.json"
    path.parent.mkdir()
    path.write_text('{"feideprov_nir": 2}')
    with pytest.raises(InputError, match="another version of feideprov"):
        _register(tmp_path).change(lambda _: _with("k-1"))
    assert path.read_text() == '{"feideprov_nir": 2}'


def test_another_key_is_told(tmp_path: Path) -> None:
    _register(tmp_path).change(lambda _: _with("k-1"))
    with pytest.raises(ConfigurationError, match="Put the right key file back"):
        _register(tmp_path, MarkKey(b"another key, of another place")).read()


def test_who_has_the_file_is_waited_for_and_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feideprov.nir.register.register.WAIT", 0.0)
    register = _register(tmp_path)
    register.change(lambda _: _with("k-1"))
    with (
        files.exclusive(tmp_path / "nir" / "nir.json", wait=0, holder="Kari"),
        pytest.raises(JournalError, match="is in use by Kari"),
    ):
        register.change(lambda _: _with("k-2"))
    assert register.read() == _with("k-1")


def test_a_folder_in_which_nothing_can_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "nir").write_text("a file")
    with pytest.raises(JournalError, match=r"nir\.json, the file of the introduction register, cannot be written"):
        _register(tmp_path).change(lambda _: _with("k-1"))
