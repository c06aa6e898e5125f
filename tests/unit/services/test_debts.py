"""Who must be told of a change of a number, and who is warned of before."""

from __future__ import annotations

from datetime import timedelta

import pytest

from feideprov import Event, NumberPolicy, NumberText, PersonRecord, attach_d_number
from feideprov.intake.number_list import NumberRow
from feideprov.issues import Origin
from feideprov.journal.events import State
from feideprov.services.audience import AudienceFilter, Belonging
from feideprov.services.debts import debts_of, warning
from feideprov.services.register.service import Audience, Dependency, Provider
from tests.unit.services.conftest import D_NUMBER, FOLLOWS, ON, SEEN, service

STATES = list(Dependency)


def event(kind: str, user: str = "olenkova@skotthyll.kommune.no") -> Event:
    return Event(kind, user, "uid=olenkova,dc=skotthyll,dc=no")


def never() -> dict[str, Belonging]:
    raise AssertionError("the directory was read")


@pytest.mark.parametrize("by", ["", "seen-"], ids=["our-hand", "another-hand"])
@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("attach", ["can-serve"]),
        ("replace", ["can-serve", "cannot-serve"]),
        ("withdraw", ["can-serve", "cannot-serve"]),
        ("update", []),
    ],
)
def test_a_change_is_told_to_those_that_it_concerns(client, kind, told, by):
    debts = debts_of([service(state.value, state) for state in STATES], client.organization, never)
    assert debts is not None
    assert list(debts(event(by + kind))) == told
    assert list(debts(event(by + kind, user=""))) == []  # forgotten since


@pytest.mark.parametrize("fields", [{"activated": None}, {"activated": False}, {"ways": ()}, {"gone_on": "2026-11-01"}])
def test_a_service_that_does_not_concern_us_is_owed_nothing(client, fields):
    assert debts_of([service(state=Dependency.CAN_SERVE, **fields)], client.organization, never) is None


def test_the_directory_is_read_only_where_a_service_is_for_some_users(client):
    depends = Dependency.CAN_SERVE
    for_all, for_some = service(state=depends), service("b", depends, audience={"roles": ("teacher",)})
    assert debts_of([for_all, service("c", audience={"roles": ("teacher",)})], client.organization, never)
    with pytest.raises(AssertionError, match="the directory was read"):
        debts_of([for_all, for_some], client.organization, never)


HYLLA, BERG = (f"ou={name},o=Skotthyll kommune,dc=skotthyll,dc=no" for name in ("Hylla skole", "Berg voksenopplæring"))


@pytest.mark.parametrize(
    ("audience", "user", "inside"),
    [
        ({}, Belonging((HYLLA,), ("student", "member")), True),
        ({"schools": ("hylla",)}, Belonging((BERG, HYLLA.upper()), ("student",)), True),
        ({"schools": ("hylla",)}, Belonging((BERG,), ("student",)), False),
        ({"schools": ("hylla",)}, Belonging((), ("student",)), True),
        ({"schools": ("hylla",)}, Belonging(("ou=Closed,dc=no",), ("student",)), True),
        ({"schools": ("hylla", "closed")}, Belonging((BERG,), ("student",)), True),
        ({"schools": ("hylla",)}, None, True),
        ({"roles": ("teacher",)}, Belonging((HYLLA,), ("Faculty", "employee", "member")), True),
        ({"roles": ("teacher",)}, Belonging((HYLLA,), ("staff", "employee", "member")), False),
        ({"roles": ("teacher",)}, Belonging((HYLLA,), ("employee", "member")), True),
        ({"roles": ("pupil",)}, Belonging((BERG,), ("student",)), True),
        ({"roles": ("pupil", "janitor")}, Belonging((HYLLA,), ("staff",)), True),
        ({"schools": ("hylla",), "roles": ("pupil",)}, Belonging((HYLLA,), ("staff",)), False),
    ],
)
def test_whoever_is_not_known_to_be_outside_is_inside(client, audience, user, inside):
    assert AudienceFilter(Audience(**audience), client.organization).includes(user) is inside


def rows(user: str, new: str, old: str | None = None) -> list[NumberRow]:
    old_number = NumberText(old) if old else None
    return [NumberRow(NumberText(new), Origin("numbers.csv", 2), user=user, old_number=old_number, evidence=SEEN)]


def test_a_plan_names_the_services_of_which_nobody_knows(client, user_of):
    client.services.register.put(
        [
            service("a", names={"nb": "Lexin\n4711 128294"}),
            service("b", Dependency.NO_ANSWER, names={"nb": "Salto"}),
            service("c", Dependency.CAN_SERVE, names={"nb": "Svarer"}),
            service("d", names={"nb": "Ikke aktivert"}, activated=None),
        ]
    )
    user = user_of("p1")
    [note] = client.numbers.plan_attach(rows(user, D_NUMBER)).notes
    assert note.startswith("It is not known whether these services depend on the number: ")
    assert "Lexin …" in note
    assert "Salto (Leverandør AS)" in note
    assert "Svarer" not in note
    assert "Ikke aktivert" not in note
    assert client.attach(user, D_NUMBER, evidence=SEEN).warnings == (note,)
    assert client.numbers.plan_attach(rows(user, D_NUMBER)).notes == ()  # nothing would change
    assert client.numbers.plan_replace(rows(user, FOLLOWS, D_NUMBER)).notes == (note,)
    assert client.numbers.plan_withdraw(rows(user, D_NUMBER)).notes == (note,)


def test_a_warning_about_many_names_some(client):
    many = warning([service(str(n)) for n in range(40)], ON, 14)
    assert many.count("Leverandør AS") == 12
    assert " and 28 more. Ask their providers" in many
    silent = [in_state(f"Firma {n}", Dependency.NO_ANSWER) for n in range(40)]
    assert " and 28 more have not answered in time." in warning(silent, ON, 14)
    assert warning([service(state=Dependency.INDEPENDENT)], ON, 14) is None


SOME = {
    "hylla": {"schools": ("hylla",)},
    "berg": {"schools": ("berg",)},
    "pupils": {"roles": ("pupil",)},
    "teachers": {"roles": ("teacher",)},
    "berg pupils": {"schools": ("berg",), "roles": ("pupil",)},
    "everybody": {},
}


@pytest.mark.parametrize(
    ("source_ids", "named"),
    [
        (["p1"], {"hylla", "pupils", "everybody"}),
        (["p2"], {"hylla", "teachers", "everybody"}),
        (["p3"], {"berg", "pupils", "berg pupils", "everybody"}),
        (["p1", "p2"], {"hylla", "pupils", "teachers", "everybody"}),
    ],
)
def test_a_warning_names_only_services_that_the_changed_users_use(client, user_of, source_ids, named):
    found = [service(name, names={"nb": f"[{name}]"}, audience=Audience(**some)) for name, some in SOME.items()]
    client.services.register.put(found)
    numbers = dict(zip(("p1", "p2", "p3"), (D_NUMBER, FOLLOWS, "57912075186"), strict=True))
    listed = [row for one in source_ids for row in rows(user_of(one), numbers[one])]
    [note] = client.numbers.plan_attach(listed).notes
    assert {name for name in SOME if f"[{name}]" in note} == named


def test_nobody_is_warned_of_services_that_no_changed_user_uses(client, user_of):
    client.services.register.put([service("berg", audience=Audience(schools=("berg",)))])
    user = user_of("p1")
    assert client.numbers.plan_attach(rows(user, D_NUMBER)).notes == ()
    assert client.attach(user, D_NUMBER, evidence=SEEN).warnings == ()
    assert client.numbers.plan_replace(rows(user, FOLLOWS, D_NUMBER)).notes == ()
    assert client.replace(user, D_NUMBER, FOLLOWS, evidence=SEEN).warnings == ()
    assert client.numbers.plan_withdraw(rows(user, FOLLOWS)).notes == ()
    assert client.withdraw(user, FOLLOWS).warnings == ()


def test_a_warning_is_about_the_school_that_comes_with_the_number(client):
    by_school = [service(one, names={"nb": f"[{one}]"}, audience=Audience(schools=(one,))) for one in ("hylla", "berg")]
    client.services.register.put(by_school)
    names = {"given_name": "Olena", "family_name": "Demir"}
    moves = PersonRecord(source_id="p1", **names, school="berg", role="pupil", national_number=D_NUMBER)
    [note] = client.plan([moves], evidence=SEEN).notes
    assert ("[berg]" in note, "[hylla]" in note) == (True, False)


def test_the_directory_is_read_for_a_warning_only_where_a_service_is_for_some_users(client, user_of, monkeypatch):
    user = user_of("p1")
    monkeypatch.setattr("feideprov.services.audience.belongings", lambda *_: pytest.fail("read"))
    settled = service("b", Dependency.INDEPENDENT, audience=Audience(schools=("hylla",)))
    client.services.register.put([service("a"), settled])
    assert len(client.numbers.plan_attach(rows(user, D_NUMBER)).notes) == 1


def in_state(name: str, state: Dependency = Dependency.UNKNOWN, **fields: object):
    """A service of a provider of its own."""
    return service(name, state, names={"nb": name}, provider=Provider(id=name, name=f"{name} AS"), **fields)


def asked(name: str, days: int, **fields: object):
    day = ON - timedelta(days=days)
    return in_state(name, Dependency.ASKED, asked_on=day, **fields)


ASK = "feideprov services ask"


def test_a_warning_says_what_comes_next_with_each_provider(client, user_of):
    def note(*services) -> str:
        client.services.register.put([one.model_copy(update={"activated": False}) for one in client.services.all()])
        client.services.register.put(services)
        [found] = client.numbers.plan_attach(rows(user_of("p1"), D_NUMBER)).notes
        return found

    assert f"Ask their providers: {ASK}." in note(in_state("Lexin"), in_state("Salto"))
    mixed, waiting = note(in_state("Lexin"), asked("Salto", 3)), note(asked("Salto", 3), asked("Kart", 5))
    assert f"Ask Lexin AS: {ASK}." in mixed
    assert "Salto AS was last asked on 2026-11-19, and has not answered yet." in mixed
    assert ASK not in waiting
    assert "Kart AS and Salto AS were last asked on 2026-11-17 and 2026-11-19, and have not answered yet." in waiting
    assert f"Salto AS was asked on 2026-11-02, and a reminder is due: {ASK}." in note(asked("Salto", 20))
    reminded = note(asked("Salto", 20, reminded_on=ON - timedelta(days=2)))
    assert "Salto AS was last asked on 2026-11-20, and has not answered yet." in reminded
    for silent in (in_state("Salto", Dependency.NO_ANSWER), asked("Salto", 60, reminded_on=ON - timedelta(days=30))):
        late = note(silent)
        assert "Salto AS has not answered in time. Call the provider." in late
        assert ASK not in late
    for one in (mixed, waiting, reminded, late):
        assert one.endswith("if its service depends on the number.")


@pytest.mark.parametrize("finds_out", ["apply", "furnish"])
def test_what_a_run_that_was_cut_off_had_done_is_owed_when_that_is_found_out(client, journal, user_of, owed, finds_out):
    client.services.register.put([service(state=Dependency.CAN_SERVE)])
    user = user_of("p1")
    client.attach(user, D_NUMBER, evidence=SEEN)
    with journal.writing() as connection:
        connection.exec_driver_sql("DELETE FROM owed")
        connection.exec_driver_sql("UPDATE change SET state = 'written', ended_at = NULL WHERE kind = 'attach'")
    assert owed() == []
    if finds_out == "apply":
        client.apply(client.plan([]))
    else:
        client.organization_units.apply()
        client.organization_units.apply()  # the first one furnishes, and looks at nothing else
    assert [e.state for e in journal.events() if e.kind == "attach"] == [State.DONE]
    assert owed() == [("attach", "feide:1")]


def test_the_building_block_for_one_number_owes_what_it_is_told_to(client, journal, user_of, owed):
    client.services.register.put([service(state=Dependency.CAN_SERVE), service("b", Dependency.CANNOT_SERVE)])
    given = {"evidence": SEEN, "journal": journal, "policy": NumberPolicy(test=True), "on": ON}
    attach_d_number(client.directory, user_of("p1"), D_NUMBER, **given, debts=client.services.debts())
    assert owed() == [("attach", "feide:1")]


def test_a_number_that_comes_with_another_school_is_told_to_that_schools_services(client, owed):
    can = {"state": Dependency.CAN_SERVE}
    left = service("left", **can, audience=Audience(schools=("hylla",)))
    client.services.register.put([left, service("new", **can, audience=Audience(schools=("berg",)))])
    names = {"given_name": "Olena", "family_name": "Demir"}
    moves = PersonRecord(source_id="p1", **names, school="berg", role="pupil", national_number=D_NUMBER)
    client.apply(client.plan([moves], evidence=SEEN))
    assert owed() == [("attach", "new")]
