"""Pictures of slips and of teacher's sheets, with invented people and passwords: `make slips-pictures`.

python tests/slips/pictures.py docs/pictures/slips
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

from feideprov.services.report.matrix import Cell
from feideprov.slips.card import Card
from feideprov.slips.card_page import LoginFacts, slips_page
from feideprov.slips.languages import EVERY
from feideprov.slips.pdf import pdf_of
from feideprov.slips.roster import SchoolClass
from feideprov.slips.teacher import ClassSheet, Listed, TeacherSheets
from feideprov.slips.teacher_page import teacher_page

NAMES = {
    "nb": "Ola Nordmann",
    "nn": "Kari Nordmann",
    "en": "Mary Example",
    "uk": "Олена Коваленко",
    "ru": "Анна Иванова",
    "ar": "ليلى حسن",
    "ti": "ሰላም ተስፋይ",
    "fa": "رضا احمدی",
    "so": "Asha Warsame",
}
PASSWORDS = ("Bako-rime-tulo-fasi-neda-4", "Lite-sabu-mono-jare-pidu-7", "Fisk-sol-bok-7")
FACTS = LoginFacts(
    "Skotthyll kommune", "https://skole.skotthyll.kommune.no", "https://passord.skotthyll.kommune.no/bytt"
)
CLASS_6A, CLASS_2B = SchoolClass("hylla", "6A"), SchoolClass("hylla", "2B")


def card(user: str, password: str, name: str, languages: tuple[str, ...], *, large: bool = False) -> Card:
    school_class = CLASS_2B if large else CLASS_6A
    user = f"{user}@skotthyll.kommune.no"
    return Card(user, password, name, "Hylla skole", school_class, "IKT-hjelpen, tlf. 75 00 00 00", languages, large)


CARDS = (
    *(card(f"{language}ordmann", PASSWORDS[0], NAMES[language], (language,)) for language in EVERY),
    card("lilloran", PASSWORDS[2], "Li Lloran", ("nb",), large=True),
    card("annadal", PASSWORDS[1], "Anna Dal", ("nb", "en")),
    card("siriberg", PASSWORDS[2], "Siri Berg", ("nb", "en"), large=True),
    card("langtnavn." * 3, "bok-fisk-sol-hest-bil-stol-regn-lampe-7", "Langtnavnesen " * 14, ("nb", "en"), large=True),
)
PEOPLE = (
    Listed("annadal@skotthyll.kommune.no", "Anna Dal", new=True, waits=False),
    Listed("ukordmann@skotthyll.kommune.no", "Олена Коваленко", new=True, waits=True),
)
SERVICES = {
    Cell.TROUBLE: ("Salto",),
    Cell.SERVED: ("Lexin",),
    Cell.NOT_NEEDED: ("Kart",),
    Cell.NOT_KNOWN: ("Regneark",),
}


def sheets(since: date | None) -> str:
    people = PEOPLE if since is None else PEOPLE[1:]
    sheet = ClassSheet(CLASS_6A, "Hylla skole", people, SERVICES)
    return teacher_page(TeacherSheets(date(2026, 11, 23), (sheet,), since), "Skotthyll kommune", "IKT-hjelpen", "nb")


PAGES = {
    "four": (slips_page(CARDS, FACTS, 4), 52),
    "one": (slips_page(CARDS, FACTS, 1), 40),
    "teacher": (sheets(None), 50),
    "teacher-arrived": (sheets(date(2026, 11, 16)), 50),
}
"""The pages by the name of their pictures, and how many dots per inch these have."""


def write(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, (page, dots) in PAGES.items():
        with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
            file.write(pdf_of([page], [[page]]))
            file.flush()
            command = ["pdftoppm", "-r", str(dots), "-gray", "-png", file.name, str(folder / name)]
            subprocess.run(command, check=True)


if __name__ == "__main__":
    write(Path(sys.argv[1]))
