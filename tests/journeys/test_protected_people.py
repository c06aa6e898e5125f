"""A protected person stays protected, whatever another program does to the entry: on every sheet, page and screen that
lists people, and in notices."""

from __future__ import annotations

import csv
from email import policy
from email.parser import BytesParser
from typing import TYPE_CHECKING

import pytest
from size import size

from feideprov import Client
from feideprov.directory import ldif
from feideprov.directory.dn import DN
from feideprov.directory.entry import Entry
from feideprov.services.register.service import Answer, Basis, Contact, Dependency, FactSource, Provider, Service, Way

if TYPE_CHECKING:
    from tests.journeys.conftest import Office

HEADING = "source_id;given_name;family_name;birth_date;school;role;protected\n"
REALM = "skotthyll.kommune.no"
REAL = ("sofie", "ekstrand", "geheim-7", "other-77")
"""What only the protected person has: names and source ids, in small letters."""
OLENA = f"olenkova@{REALM}"
NAME, PRIOR, KEY = "eduPersonPrincipalName", "eduPersonPrincipalNamePrior", "employeeNumber"
BORN = "norEduPersonBirthDate"
D_NUMBER = "52829400197"  # Tenor's
NEW = f"sofie.ekstrand@{REALM}"
MOVED = {"moved": "sofie.ekstrand"}


def by_hand(old: str) -> dict[str, dict[str, object]]:
    """What another program makes of the entry, by what is left of the person."""
    return {
        "name in capitals": {NAME: [old.upper()], KEY: [], **MOVED},
        "name with a space": {NAME: [f"{old} "], KEY: [], **MOVED},
        "two names": {NAME: [NEW, old], KEY: [], **MOVED},
        "former name": {NAME: [NEW], PRIOR: [f" {old.upper()}"], KEY: [], **MOVED},
        "DN": {NAME: [NEW], KEY: []},
        "source id": {NAME: [NEW], **MOVED},
        "source id in capitals": {NAME: [NEW], KEY: ["GEHEIM-7 "], **MOVED},
        "name and birth date": {NAME: [NEW], KEY: ["other-77"], BORN: ["20120304"], **MOVED},
        "nothing": {NAME: [NEW], KEY: ["other-77"], **MOVED},
    }


LEFT = list(by_hand(""))


@pytest.fixture
def hidden(office: Office) -> Office:
    """The office with two pupils: Olena, and Sofie, who is protected. A service that names people knows both."""
    listed = office.write(
        "hidden.csv",
        f"{HEADING}geheim-7;Sofie;Ekstrand;2012-03-04;hylla;pupil;yes\nref-1;Olena;Kovalenko;;hylla;pupil;\n",
    )
    assert office("apply", listed, "--yes").code == 1
    assert office("apply", listed, "--yes", "--only", "geheim-7").code == 0
    with Client.open(office.config) as feide:
        answer = Answer(state=Dependency.CAN_SERVE, on=feide.on, source="mail")
        known = {
            **{"provider": Provider(id="1", name="Lexin"), "activated": True, "ways": (Way.FEIDE,), "answer": answer},
            "contacts": (Contact(mail="hjelp@lexin.example"),),
        }
        named = {"basis_for_names": Basis(text="databehandleravtale", on=feide.on)}
        said = {"names": FactSource(source="Feide API", on=feide.on)}
        feide.services.register.put([Service(id="feide:1", names={"nb": "Lexin"}, said=said, **known, **named)])
    return office


def edit(office: Office, values: dict[str, object]) -> str:
    """Another program writes these values to Sofie's entry, and renames it if told so. Returns the new Feide name."""
    entries = [record.entry for record in ldif.records(office.catalogue.read_bytes()) if record.entry]
    [sofie] = [one for one in entries if one.text("sn") == "Ekstrand"]
    changed = {name.lower() for name in values}
    kept = {name: list(texts) for name, texts in sofie.items() if name.lower() not in changed}
    if moved := values.get("moved"):
        kept["uid"] = [str(moved).encode()]
    kept |= {
        name: [text.encode() for text in texts] for name, texts in values.items() if isinstance(texts, list) and texts
    }
    dn = DN((((sofie.dn.rdns[0][0][0], kept["uid"][0].decode()),), *sofie.dn.rdns[1:]))
    others = [one for one in entries if one is not sofie]
    office.catalogue.write_text("\n".join(map(ldif.dump, [*others, Entry(dn, kept)])), encoding="utf-8")
    return kept[NAME][0].decode().strip().lower()


def sofies_name(office: Office) -> str:
    return office.entry("geheim-7").text(NAME) or ""


def listings(office: Office) -> dict[str, str]:
    """Everything that lists those who wait, in small letters."""
    files = ("query.csv", "pending.csv", "matrix.csv", "page.html", "today.html", "check.csv")
    made = {name: office.folder / name for name in files}
    said = {
        "pending": office("pending", "--query-sheet", str(made["query.csv"]), "--csv", str(made["pending.csv"])).out,
        "matrix": office("services", "matrix", "--csv", str(made["matrix.csv"]), "--html", str(made["page.html"])).out,
        "matrix --json": office("services", "matrix", "--json").out,
        "today": office("today", "--html", str(made["today.html"])).out,
        "today --json": office("today", "--json").out,
        "check": office("check", "--csv", str(made["check.csv"])).out,
    }
    del said["pending"], said["check"]  # the screen of the one who must act shows the Feide name
    return {name: text.lower() for name, text in (said | {n: p.read_text("utf-8") for n, p in made.items()}).items()}


def reveals(text: str) -> list[str]:
    return [word for word in REAL if word in text]


@pytest.mark.parametrize("left", size(list(LEFT)[::3], list(LEFT)))
def test_an_entry_that_another_program_renamed_is_on_no_sheet_and_no_page(hidden: Office, left: str) -> None:
    edit(hidden, by_hand(sofies_name(hidden))[left])
    found = listings(hidden)
    assert not {name: words for name, text in found.items() if (words := reveals(text))}
    assert {name for name, text in found.items() if "olenkova" not in text} <= {"page.html", "check.csv"}
    assert "1 of them is protected and not listed" in found["matrix"]
    assert "1 user is protected, or may be, and is not named here" in found["today"]
    assert ("feideprov journal gone" in found["today"]) is (left == "nothing")


@pytest.mark.parametrize(
    ("left", "hand"),
    [
        ("two names", "ours"),
        ("former name", "ours"),
        ("former name", "theirs"),
        ("nothing", "ours"),
        ("nothing", "theirs"),
    ],
)
def test_a_notice_names_no_protected_person_whose_number_came_after_a_rename(
    hidden: Office, left: str, hand: str
) -> None:
    name = edit(hidden, by_hand(sofies_name(hidden))[left])
    hidden("observe")
    rows = f"user;national_number;evidence;seen_by;seen_on\n{OLENA};45840375084;letter;Kari;2026-11-01\n"
    if hand == "ours":
        rows += f"{name};{D_NUMBER};letter;Kari;2026-11-01\n"
    assert hidden("attach", hidden.write("numbers.csv", rows), "--yes").code == int(
        left == "name with a space" and hand == "ours"
    )
    if hand == "theirs":
        edit(hidden, {"norEduPersonNIN": [D_NUMBER]})
        assert not reveals(hidden("observe", "--json").out.lower())
    assert not reveals(hidden("checklist", "--json").out.lower())
    hidden("notify", "--drafts", str(hidden.folder / "drafts"))
    [draft] = (hidden.folder / "drafts").glob("*.eml")
    told = BytesParser(policy=policy.default).parsebytes(draft.read_bytes()).get_content()
    assert (OLENA in told, reveals(told.lower())) == (True, [])


def test_a_person_who_is_linked_to_a_new_entry_is_protected_there(hidden: Office) -> None:
    edit(hidden, {NAME: [NEW], KEY: [], "moved": "sofie.ekstrand"})
    assert hidden("resolve", NEW, "--same-as", "geheim-7", "--yes").code in (0, 1)
    edit(hidden, {NAME: [NEW], KEY: ["other-77"]})
    found = listings(hidden)
    assert not {name: words for name, text in found.items() if (words := reveals(text))}


def test_the_second_account_of_a_protected_person_is_protected(hidden: Office) -> None:
    people = hidden.people("other-77;Sofie;Ekstrand;;hylla;pupil;")
    assert hidden("apply", people, "--yes").code == 0
    [second] = [n for _, _, n in hidden.journaled() if n and n not in (OLENA, sofies_name(hidden))]
    assert hidden("resolve", second, "--second-account-of", sofies_name(hidden), "--yes").code == 0
    found = listings(hidden)
    assert not {name: words for name, text in found.items() if (words := reveals(text))}


def test_the_sheet_of_check_has_no_finding_about_a_protected_person(hidden: Office) -> None:
    name = sofies_name(hidden)
    edit(hidden, {"mail": ["olena@example.no"], "eduPersonAffiliation": ["nonsense"]})
    text = hidden.catalogue.read_text(encoding="utf-8")
    hidden.catalogue.write_text(text.replace("sn: Kovalenko", "sn: Kovalenko\nmail: olena@example.no"), "utf-8")
    sheet = hidden.folder / "check.csv"
    said = hidden("check", "--csv", str(sheet))
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    assert rows
    assert not any(name in value or "uid=" + name.partition("@")[0] in value for row in rows for value in row.values())
    shown = hidden("check", "--json").json["findings"]
    assert {one["user"] for one in shown} == {name, OLENA}
    left_out = sum(one["user"] == name or name in one["sentence"] for one in shown)
    assert len(rows) == len(shown) - left_out
    assert f"{left_out} findings about protected users are not in the sheet." in said.out
    assert [one["protected"] for one in shown] == [one["user"] == name or name in one["sentence"] for one in shown]


def test_the_sheet_of_journal_verify_has_no_finding_about_a_protected_person(hidden: Office) -> None:
    name = sofies_name(hidden)
    edit(hidden, {KEY: ["other-77"]})
    sheet = hidden.folder / "verify.csv"
    said = hidden("journal", "verify", "--csv", str(sheet))
    assert name in said.out
    assert name not in sheet.read_text("utf-8")
    assert "1 finding about a protected user is not in the sheet." in said.out
