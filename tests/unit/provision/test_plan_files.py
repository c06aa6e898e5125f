"""Plans in files: applied as they stand, held where the directory has moved, refused when anything was altered."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from feideprov import Client, ConfigurationError, InputError, MarkKey, NumberText, Plan
from feideprov.directory.entry import Delete, Modification, Modify
from feideprov.intake.number_list import NumberRow
from feideprov.issues import Origin
from feideprov.provision.plan.file import _sealed
from feideprov.testing import example_settings

TENOR, OTHER = "57912075186", "69822075096"
HEADING = "source_id;given_name;family_name;birth_date;school;role;mail;mobile;national_number\n"
OLENA, YUSUF, AMINA = (f"{name}@skotthyll.kommune.no" for name in ("olenkova", "yusudemi", "aminali"))
NIN, LIN = "norEduPersonNIN", "norEduPersonLIN"
BEFORE = ("p1;Olena;Kovalenko;;hylla;pupil;;;", "p2;Yusuf;Demir;;hylla;pupil;;;")
WANTED = (
    f"p1;Olena;Kovalenko;2020-11-17;hylla;pupil;ny@example.no;;{TENOR}",
    "p2;Yusuf;Demir;;hylla;teacher;;;",
    "p3;Amina;Ali;;hylla;pupil;;;",
)


class Desk:
    """A client, a list and a plan of it."""

    def __init__(self, client: Client, folder: Path) -> None:
        self.client, self.folder = client, folder
        self.people, self.path = folder / "people.csv", folder / "plan.json"

    def list(self, *rows: str) -> Path:
        self.people.write_text(HEADING + "".join(f"{row}\n" for row in rows))
        return self.people

    def apply(self, *rows: str) -> None:
        assert not self.client.apply(self.client.plan(self.list(*rows))).failures

    def save(self, *rows: str) -> Plan:
        plan = self.client.plan(self.list(*rows))
        plan.save(self.path, client=self.client, source=self.people)
        return plan

    def load(self) -> Plan:
        plan = Plan.load(self.path, client=self.client)
        assert plan is not None
        return plan

    def change(self, user: str, *steps: tuple[str, str, str]) -> None:
        """Somebody else's hand."""
        modifications = tuple(Modification(do, name, (value.encode(),)) for do, name, value in steps)
        dn = self.client.organization.people.child("uid", user.partition("@")[0])
        [written] = self.client.directory.write([Modify(dn, modifications)])
        assert written.error is None

    def state(self) -> dict[str, dict[str, list[bytes]]]:
        entries = self.client.directory.entries()
        return {str(e.dn): {name: sorted(v) for name, v in e.items() if name != "userPassword"} for e in entries}


@pytest.fixture
def desk(client, tmp_path) -> Desk:
    made = Desk(client, tmp_path)
    made.apply(*BEFORE)
    return made


def moved(plan: Plan) -> list[tuple[str, str | None]]:
    return [(refusal.code, refusal.user) for refusal in plan.refusals if refusal.held]


def test_a_plan_is_applied_as_it_stands_and_once(desk):
    plan = desk.save(*WANTED)
    assert [change.sentence for change in desk.load().changes] == [change.sentence for change in plan.changes]
    assert desk.client.apply(desk.load()).counts == plan.counts
    once = desk.state()
    again = desk.client.apply(desk.load())
    assert (again.changes, again.refusals, again.failures) == ((), (), ())
    assert again.counts["unchanged"] == len(plan.changes)
    assert desk.state() == once


@pytest.mark.parametrize("done", [1, 2, 3])
def test_a_plan_that_was_half_applied_is_finished(desk, done):
    plan = desk.save(*WANTED)
    desk.client.apply(Plan(plan.changes[:done], ours=2))
    rest = desk.client.apply(desk.load())
    assert (rest.refusals, rest.failures, len(rest.changes)) == ((), (), len(plan.changes) - done)
    assert desk.client.plan(desk.people).changes == ()


MOVES = {
    "a value that is to go is another": (("delete", "eduPersonPrimaryAffiliation", "student"),),
    "a value was added beside": (("add", "eduPersonAffiliation", "alum"),),
    "the name of the user is another": (
        ("delete", "eduPersonPrincipalName", YUSUF),
        ("add", "eduPersonPrincipalName", "yusuf@skotthyll.kommune.no"),
    ),
}


@pytest.mark.parametrize("steps", MOVES.values(), ids=MOVES)
def test_an_update_of_an_entry_that_has_moved_is_held_alone(desk, steps):
    desk.save(*WANTED)
    desk.change(YUSUF, *steps)
    plan = desk.load()
    assert moved(plan) == [("R-MOVED", YUSUF)]
    assert plan.refusals[0].origin == Origin("people.csv", 3)
    outcome = desk.client.apply(plan)
    assert sorted((c.kind, c.feide_name) for c in outcome.changes) == [
        ("attach", OLENA),
        ("create", AMINA),
        ("update", OLENA),
    ]


def test_what_a_change_does_not_touch_may_change(desk):
    desk.save(*WANTED)
    desk.change(YUSUF, ("add", "description", "kjører buss 12"))
    assert moved(desk.load()) == []


def test_an_entry_that_is_gone_is_held_alone(desk):
    desk.save(*WANTED)
    dn = desk.client.organization.people.child("uid", "yusudemi")
    [written] = desk.client.directory.write([Delete(dn)])
    assert written.error is None
    assert moved(desk.load()) == [("R-MOVED", YUSUF)]


def test_an_attach_to_a_user_who_has_got_another_number_is_held_alone(desk):
    desk.save(*WANTED)
    desk.change(OLENA, ("add", NIN, OTHER))
    plan = desk.load()
    assert moved(plan) == [("R-MOVED", OLENA)]
    assert {change.kind for change in plan.changes} == {"create", "update"}


def test_a_number_that_somebody_else_has_registered_since_is_unchanged(desk):
    desk.save(*WANTED)
    desk.change(OLENA, ("add", NIN, TENOR))
    plan = desk.load()
    assert (moved(plan), plan.unchanged) == ([], 1)


def test_a_duf_number_that_stood_in_must_still_be_the_same(desk):
    duf, another = "202212345608", "202212345609"  # fail their check digits: nobody has them
    desk.change(OLENA, ("add", NIN, duf))
    plan = desk.save(*WANTED)
    assert [c.instead_of is not None for c in plan.attaches] == [True]
    assert [c.instead_of.reveal() for c in desk.load().attaches] == [duf]
    desk.change(OLENA, ("delete", NIN, duf), ("add", NIN, another))
    assert moved(desk.load()) == [("R-MOVED", OLENA)]
    desk.change(OLENA, ("delete", NIN, another))
    assert moved(desk.load()) == [("R-MOVED", OLENA)]


def test_a_name_that_differs_in_capitals_alone_is_changed_once(desk):
    desk.save("p1;OLENA;Kovalenko;;hylla;pupil;;;")
    assert desk.client.apply(desk.load()).counts["updated"] == 1
    again = desk.load()
    assert (again.changes, again.refusals, again.unchanged) == ((), (), 1)


def test_a_row_that_is_another_persons_by_now_gives_no_number(desk):
    """The list was corrected: the number is Yusuf's."""
    desk.save(*WANTED)
    desk.list(f"p2;Yusuf;Demir;2020-11-17;hylla;teacher;;;{TENOR}", BEFORE[0], WANTED[2])
    plan = desk.load()
    assert moved(plan) == [("R-INPUT-CHANGED", OLENA)]
    assert not plan.attaches


def test_a_row_with_its_source_in_front_is_the_same_persons(tmp_path, client, journal, key):
    sources = [
        {"name": name, "evidence": "register", "confirmed_by": "Rektor", "confirmed_on": date(2026, 8, 1)}
        for name in ("visma", "ist")
    ]
    settings = example_settings(tmp_path, sources=sources)
    desk = Desk(Client(settings, directory=client.directory, journal=journal, keys=key, on=client.on), tmp_path)
    plan = desk.client.plan(desk.list(WANTED[0]), source="visma")
    plan.save(desk.path, client=desk.client, source=desk.people)
    [create] = desk.load().creates
    assert (create.source_id, create.number is not None) == ("visma:p1", True)


def test_what_looks_like_a_number_in_the_directory_is_not_in_the_plan(desk):
    """Some directories have numbers where none belongs; the plan takes them away without telling them."""
    desk.change(OLENA, ("add", "mail", f"{OTHER}@example.no"), ("add", LIN, f"skotthyll.kommune.no:fin:{OTHER}"))
    [update, *_] = desk.save(*WANTED).changes
    assert f"{OTHER}@example.no".encode() in [v for step in update.modifications for v in step.values]
    assert OTHER not in desk.path.read_text()
    loaded = desk.load().updates[0]
    assert loaded.modifications == update.modifications
    desk.client.apply(desk.load())
    [entry] = [e for e in desk.client.directory.entries() if e.text("employeeNumber") == "p1"]
    assert entry.texts("mail") == ["ny@example.no"]


def test_a_mobile_number_is_not_taken_for_one(desk):
    desk.save("p1;Olena;Kovalenko;;hylla;pupil;;+46701234567;")
    assert "+46701234567" in desk.path.read_text()


def test_only_plans_of_person_lists_are_saved(desk):
    desk.client.apply(desk.client.plan(desk.list(*WANTED)))
    rows = [NumberRow(NumberText(TENOR), Origin("numbers.csv", 2), user=OLENA)]
    plan = desk.client.numbers.plan_withdraw(rows)
    assert plan.changes
    with pytest.raises(InputError, match="Only a plan for a person list can be saved"):
        plan.save(desk.path, client=desk.client, source=desk.people)


def altered(text: str) -> dict[str, str]:
    content = json.loads(text)
    return {
        "another version": text.replace('"feideprov_plan": 2', '"feideprov_plan": 1'),
        "cut short": text[: len(text) // 2],
        "no last line break": text[:-1],
        "written again by another program": json.dumps(content),
        "a key that stands twice": text.replace('"unchanged": 0', '"unchanged": 0,\n  "unchanged": 0'),
        "one space more": text.replace('"ours": ', '"ours":  '),
        "letters written otherwise": text.replace("people.csv", "people\\u002ecsv"),
        "no seal": json.dumps({name: value for name, value in content.items() if name != "seal"}, indent=2) + "\n",
        "a seal that is none": json.dumps({**content, "seal": None}, indent=2) + "\n",
        "another count": text.replace('"ours": 2', '"ours": 2000'),
        "deeply nested": '{"feideprov_plan": ' + "[" * 100_000,
        "a list": '["feideprov_plan"]',
        "a byte order mark": "\ufeff" + text,
    }


@pytest.mark.parametrize("how", altered('{"seal": ""}'))
def test_a_plan_that_was_altered_in_any_way_is_refused(desk, how):
    desk.save(*WANTED)
    before = desk.path.read_text()
    after = altered(before)[how]
    assert after != before
    desk.path.write_text(after)
    with pytest.raises(InputError, match="another version" if how == "another version" else "was changed afterwards"):
        desk.load()


def test_a_plan_made_with_another_key_says_so(desk, tmp_path, client):
    desk.save(*WANTED)
    other = Client(example_settings(tmp_path), directory=client.directory, keys=MarkKey(b"a key of somebody else"))
    with pytest.raises(InputError, match="made with another key"):
        Plan.load(desk.path, client=other)


IRRELEVANT = {
    "journal": {"handover": "elsewhere.csv"},
    "directory": {"bind_dn": "cn=other", "password_file": "secret", "ca_file": "ca.pem"},
    "check": {"pending_days": 30},
    "login": {"entra_match": "mail"},
}
RELEVANT = {
    "organization": {"name": "Skotthyll"},
    "directory": {"users_dn": "ou=users,dc=skotthyll,dc=no"},
    "numbers": {"duf": "nin"},
    "names": {"reserved": ["skotthyll"]},
    "login": {"by": "entra"},
    "feide": {"birth_date": True},
    "caps": {"changes": 1000},
    "columns": {"mail": "E-post"},
}


@pytest.mark.parametrize("section", IRRELEVANT)
def test_a_plan_outlives_a_change_of_what_it_does_not_depend_on(desk, tmp_path, client, journal, key, section):
    desk.save(*WANTED)
    settings = example_settings(tmp_path, **{section: IRRELEVANT[section]})
    assert (
        Plan.load(desk.path, client=Client(settings, directory=client.directory, journal=journal, keys=key)) is not None
    )


@pytest.mark.parametrize("section", RELEVANT)
def test_a_plan_does_not_outlive_a_change_of_what_it_depends_on(desk, tmp_path, client, journal, key, section):
    desk.save(*WANTED)
    settings = example_settings(tmp_path, **{section: RELEVANT[section]})
    other = Client(settings, directory=client.directory, journal=journal, keys=key)
    with pytest.raises(InputError, match="another configuration"):
        Plan.load(desk.path, client=other)


def test_the_order_of_columns_in_the_configuration_says_nothing(desk, tmp_path, client, journal, key):
    made, read = (
        Client(
            example_settings(tmp_path, columns=columns),
            directory=client.directory,
            journal=journal,
            keys=key,
            on=desk.client.on,
        )
        for columns in ({"mail": "E-post", "role": "Rolle"}, {"role": "Rolle", "mail": "E-post"})
    )
    made.plan(desk.list(*WANTED)).save(desk.path, client=made, source=desk.people)
    assert Plan.load(desk.path, client=read) is not None


@pytest.mark.parametrize(
    ("updates", "ours", "stops"), [(25, 25, False), (26, 520, False), (26, 519, True), (27, 520, True)]
)
def test_the_caps_are_so_many_and_so_large_a_part(desk, updates, ours, stops):
    [update] = desk.client.plan(desk.list("p2;Yusuf;Demir;;hylla;teacher;;;")).updates
    plan = Plan((update,) * updates, ours=ours)
    if not stops:
        desk.client.check_allowed(plan)
        return
    with pytest.raises(ConfigurationError, match=f"--allow-changes {updates}"):
        desk.client.check_allowed(plan)


def test_a_plan_keeps_who_its_changes_are_about_unless_they_are_protected_by_then(desk):
    rows = ("p1;Olena;Kovalenko;;hylla;pupil;ny@example.no;;", "p2;Yusuf;Demir;;hylla;teacher;;;")
    assert {(c.name_to_show, c.school) for c in desk.save(*rows).changes} == {
        ("Olena Kovalenko", "Hylla skole"),
        ("Yusuf Demir", "Hylla skole"),
    }
    assert [c.name_to_show for c in desk.load().changes] == ["Olena Kovalenko", "Yusuf Demir"]
    desk.people.rename(desk.folder / "kept.csv")
    marking = desk.folder / "protect.csv"
    marking.write_text("source_id;given_name;family_name;school;role;protected\np1;Olena;Kovalenko;hylla;pupil;yes\n")
    desk.client.apply(desk.client.plan(marking))
    (desk.folder / "kept.csv").rename(desk.people)
    assert [c.name_to_show for c in desk.load().changes] == ["", "Yusuf Demir"]


def test_a_plan_that_was_saved_without_names_is_applied_and_shows_no_name(desk):
    desk.save("p1;Olena;Kovalenko;;hylla;pupil;ny@example.no;;")
    content = json.loads(desk.path.read_text())
    for change in content["changes"]:
        del change["name"], change["school"]
    del content["seal"]
    desk.path.write_bytes(_sealed(content, desk.client.plan_context.key))
    assert [(c.kind, c.name_to_show, c.school) for c in desk.load().changes] == [("update", "", "")]
    assert desk.client.apply(desk.load()).counts["updated"] == 1
