"""Whatever anybody does to a protected person's user, nothing that lists people has a word of the person."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st
from size import size

from feideprov import Evidence, FeideProvError, PersonRecord
from feideprov.check.finding import findings_sheet
from feideprov.directory.dn import DN
from feideprov.directory.entry import Entry
from feideprov.journal.users import KnownUsers
from feideprov.provision.pending import query_sheet
from feideprov.services.register.service import Answer, Basis, Contact, Dependency, Provider, Service, Way
from feideprov.services.report.matrix import matrix_sheet
from feideprov.services.report.page import page

lawful = settings(deadline=None, max_examples=size(12, 2000))

REALM = "skotthyll.kommune.no"
NAME, PRIOR, KEY, BORN = (
    "eduPersonPrincipalName",
    "eduPersonPrincipalNamePrior",
    "employeeNumber",
    "norEduPersonBirthDate",
)
BIRTH_DATE = date(2012, 3, 4)
SOFIE = PersonRecord(
    **{"source_id": "geheim-1", "given_name": "Sofie", "family_name": "Ekstrand", "birth_date": BIRTH_DATE},
    **{"school": "hylla", "role": "pupil", "protected": True},
)
OTHERS = [
    PersonRecord(source_id=f"ref-{n}", given_name=name, family_name="Berg", school="hylla", role="pupil")
    for n, name in enumerate(("Olena", "Yusuf"))
]
SECRET = ("sofie", "ekstrand", "geheim")
ANSWER = Answer(state=Dependency.CAN_SERVE, on=date(2026, 11, 1), source="mail")
SERVICE = Service(
    **{"id": "feide:1", "names": {"nb": "Lexin"}, "provider": Provider(id="1", name="Lexin AS"), "answer": ANSWER},
    **{"ways": (Way.FEIDE,), "activated": True, "contacts": (Contact(mail="hjelp@lexin.example"),)},
    basis_for_names=Basis(text="databehandleravtale", on=date(2026, 11, 1)),
)
D_NUMBER = "52829400197"  # Tenor's


class Story:
    """What happens to Sofie's user, in one house. `entry` is her entry, wherever it stands."""

    def __init__(self, house, data: st.DataObject) -> None:
        self.house, self.data, self.counter = house, data, 0
        self.client = house.client
        self.client.services.register.put([SERVICE])
        house.apply(OTHERS)
        self.create()

    def create(self) -> None:
        """The person gets a user, as a protected person does."""
        self.client.apply(self.client.plan([SOFIE, *OTHERS], only="geheim-1"))

    def entries(self) -> list[Entry]:
        return [entry for entry in self.house.users() if entry.text("sn") == "Ekstrand"]

    def entry(self) -> Entry | None:
        found = self.entries()
        return self.data.draw(st.sampled_from(found)) if found else None

    def by_hand(self) -> None:
        """Another program writes name, former names, user name, source id and birth date as it likes."""
        entry, draw = self.entry(), self.data.draw
        if entry is None:
            return
        self.counter += 1
        old = entry.text(NAME) or ""
        new = f"sofie{self.counter}@{REALM}"
        names = draw(st.sampled_from([[old], [new], [f"{old} "], [old.upper()], [new, old], [old, new]]))
        former = draw(st.sampled_from([entry.texts(PRIOR), [], [old], [f" {old}"]]))
        key = draw(st.sampled_from([entry.texts(KEY), [], ["GEHEIM-1 "], [f"geheim-2{self.counter}"]]))
        born = draw(st.sampled_from([[], ["20120304"]]))
        user_name = draw(st.sampled_from([entry.text("uid") or "", f"sofie{self.counter}"]))
        changed = {NAME: names, PRIOR: former, KEY: key, BORN: born, "uid": [user_name]}
        same = {name: list(values) for name, values in entry.items() if name.lower() not in map(str.lower, changed)}
        moved = DN(((("uid", user_name),), *entry.dn.rdns[1:]))
        self.house.directory._entries.pop(entry.dn.key)
        kept = same | {name: [text.encode() for text in texts] for name, texts in changed.items() if texts}
        self.house.directory._entries[moved.key] = Entry(moved, kept)

    def deleted(self) -> None:
        if entry := self.entry():
            self.house.directory._entries.pop(entry.dn.key)

    def on_user(self, act: Callable[[str], object]) -> None:
        """Something is done to the user by this tool; it may be refused."""
        entry = self.entry()
        if entry is not None and (name := (entry.text(NAME) or "").strip().lower()):
            act(name)

    def step(self) -> None:
        users = self.client.users
        steps = {
            "by hand": self.by_hand,
            "deleted": self.deleted,
            "made again": self.create,
            "list again": lambda: self.house.apply([SOFIE, *OTHERS]),
            "seen": self.client.observe,
            "renamed": lambda: self.on_user(lambda name: self.client.apply(users.plan_rename(name))),
            "same": lambda: self.on_user(lambda name: users.resolve(name, same_as="geheim-3")),
            "same as before": lambda: self.on_user(lambda name: users.resolve(name, same_as="geheim-1")),
            "taken back": lambda: self.on_user(lambda name: users.resolve(name, undo=True)),
            "different": lambda: self.on_user(lambda name: users.resolve(name, different=True)),
            "number": lambda: self.on_user(self.number),
            "second account": self.second_account,
            "closed": lambda: self.on_user(lambda name: self.client.apply(users.plan_close([name]))),
            "reopened": lambda: self.on_former(lambda name: self.client.apply(users.plan_reopen([name]))),
            "gone": lambda: self.on_former(lambda name: users.resolve(name, gone=True)),
        }
        with suppress(FeideProvError):
            steps[self.data.draw(st.sampled_from(sorted(steps)))]()

    def on_former(self, act: Callable[[str], object]) -> None:
        """The same, with any name that the journal has of her: an entry that is closed has only a former one."""
        names = KnownUsers.read(self.house.journal).protected_people.names
        if names:
            act(self.data.draw(st.sampled_from(sorted(names))))

    def second_account(self) -> None:
        """A person says that two of her entries are two accounts of one person."""
        names = [name for entry in self.entries() if (name := (entry.text(NAME) or "").strip().lower())]
        if len(names) > 1:
            self.client.users.resolve(names[0], second_account_of=names[1])

    def number(self, name: str) -> None:
        """The number arrives, and a provider is told."""
        self.client.attach(name, D_NUMBER, evidence=Evidence("letter", "Kari", date(2026, 11, 1)))

    def listings(self) -> Iterator[tuple[str, str]]:
        pending = self.client.pending()
        yield "query sheet", query_sheet(pending).decode()
        situation = self.client.services.situation()
        yield "matrix", matrix_sheet(situation.matrix).decode() + repr(situation.matrix.rows)
        yield "page", page(situation)
        yield "today", repr(self.client.today().longest)
        yield "check", findings_sheet(self.client.check()).decode()
        told = [notice.lines for notice in self.client.services.notices()]
        yield "notices", json.dumps([[dict(line.users) for line in lines] for lines in told])


@lawful
@given(st.data())
def test_nothing_that_lists_people_has_a_word_of_a_protected_person(house, data):
    with house() as h:
        story = Story(h, data)
        for _ in range(data.draw(st.integers(1, 4))):
            story.step()
            try:
                listings = dict(story.listings())
            except FeideProvError:
                continue  # too few of the known users are there
            for place, text in listings.items():
                assert not [word for word in SECRET if word in text.lower()], place
