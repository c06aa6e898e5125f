"""A municipality's office on one day: every command, in bokmål, as a terminal of some width shows it.

`make.py` keeps the screens for the pages (docs/screens/nb), `test_kept_screens.py` compares them. The people, the
numbers (Tenor's) and the services are those of the story in tests/goldens. What is different at every run (folders,
ids, names that say nothing) is replaced by something fixed before the lines are broken.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from unittest import mock

from story import DMYTRO, HERE, OLENA, SELAM, stage

from feideprov.cli import language
from feideprov.cli.app import run
from feideprov.installation import FOLDER

WIDTHS: Final = (80, 60)
SCREENS: Final = Path(__file__).parents[2] / "docs" / "screens" / "nb"
NIR: Final = """
[nir]
municipality = "1899"
retention = "P5Y"
[nir.person_list]
key = "Klientnr"
number = "Personnummer"
ended = "Avsluttet"
reason = "Avslutningsårsak"
"""
FILES: Final = {
    "flyktninger.csv": """Kilde-ID;Fornavn;Etternavn;Fødselsdato;Skole;Rolle;Trinn;Gruppe;Språk;\
Fødselsnummer eller D-nummer;Skjermet
ref-01;Олена;Коваленко;12.02.1994;solbakken;deltaker;;b:norsk1:Norsk 1;uk;;
ref-02;Дмитро;Коваленко;29.02.2020;hylla;elev;1;b:1a:Klasse 1A;uk;;
ref-03;Софія;Коваленко;17.11.2020;hylla;elev;1;b:1a:Klasse 1A;uk;;
ref-04;محمد;الأحمد;05.04.2003;solbakken;deltaker;;b:norsk1:Norsk 1;ar;;
ref-05;ሰላም;ተስፋይ;01.01.1990;solbakken;deltaker;;b:norsk1:Norsk 1;ti;;
ref-07;Åse-Mårit;Østgård Tesfay;03.05.2015;hylla;elev;6;b:6a:Klasse 6A;nb;03851598730;
ref-08;Ahmad;Nazari;01.09.2012;hylla;elev;8;b:8b:Klasse 8B;fa;01091212345;
ref-12;Anna;Shevchenko;21.07.2014;hylla;elev;7;b:7a:Klasse 7A;uk;;ja
""",
    "nummer.csv": """Kilde-ID;Fødselsnummer eller D-nummer;Fødselsdato;Dokumentasjon;Sett av;Sett dato
ref-01;52829400197;12.02.1994;;;
ref-02;69822075096;29.02.2020;;;
ref-03;57912075186;17.11.2020;brev;Kari Nordmann;05.10.2026
ref-05;41819077302;;;;
ref-08;01091254321;01.09.2012;;;
""",
    "byttet.csv": f"""Feide-navn;Gammelt nummer;Fødselsnummer eller D-nummer;Dokumentasjon;Sett av;Sett dato
{DMYTRO};69822075096;41819077302;brev;Kari Nordmann;02.11.2026
""",
    "feil.csv": "Kilde-ID;Fødselsnummer eller D-nummer\nref-03;57912075186\n",
    "tjenester.csv": """Tjeneste-ID;Navn;Leverandør;Får fødselsnummer;Aktivert;E-post
4711;Lexin;Ordbok AS;ja;ja;hjelp@ordbok.example
4712;Salto;Forlaget AS;ja;ja;support@forlaget.example
4713;Regneark;Forlaget AS;ja;ja;support@forlaget.example
4714;Kart;Kartverk AS;ja;ja;
""",
    "svar.csv": """tjeneste;svar;dato;kilde
feide:4711;can-serve;18.11.2026;e-post fra support
Salto;does-not-depend;18.11.2026;telefon
feide:4713;;;
""",
    "deltakelser.csv": """Nøkkel;Ordning;Grunnlag for opphold;Oppholdstillatelse gitt;Ankomst;Bosatt;Vedtaksdato;\
Startdato
ref-01;Norsk og samfunnskunnskap;28;2026-03-10;2026-03-01;2026-08-03;2026-08-20;2026-09-01
ref-04;Introduksjonsprogram;28;2026-01-10;2026-01-20;2026-03-03;2026-04-01;2026-04-14
""",
    "personliste.csv": """Klientnr;Navn;Personnummer;Avsluttet;Avslutningsårsak
ref-01;Kovalenko, Olena;52829400197;;
ny-9;Moe, Nora;;;
""",
    "sluttet.csv": f"Kilde-ID;Feide-navn\nref-02;{DMYTRO}\n",
}
NUMBERS: Final = "52829400197,1994-02-12\n52829400197,1994-02-13\n201017238203\nikke et nummer\n"


PAGES: Final = "/home/kari/feideprov/docs"
"""Where the documentation is, on the machine of the screens."""


class Terminal(io.StringIO):
    """A stream that says that it is a terminal."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


@dataclass(frozen=True)
class Scene:
    """One command line and the name that its screen is kept under. `path`: the command, as it is typed."""

    name: str
    line: str
    stdin: str = ""
    before: Callable[[], None] | None = None
    """What happens in the office before it."""

    @property
    def words(self) -> list[str]:
        return self.line.split()

    def is_of(self, path: str) -> bool:
        """Whether it shows this command (what is typed after `feideprov`)."""
        return f"{self.line} ".startswith(f"{path} ") and "--help" not in self.words


def _new_folder() -> None:
    Path("ny").mkdir()
    os.chdir("ny")


def _back() -> None:
    os.chdir("..")


def _close_files() -> None:
    """What only the owner may read."""
    for name in ("catalogue.ldif", "feideprov.toml"):
        Path(name).chmod(0o600)


def _number_by_hand() -> None:
    """Somebody writes a number into the directory with another tool."""
    path = Path("catalogue.ldif")
    text = path.read_text(encoding="utf-8")
    name = f"eduPersonPrincipalName: {SELAM}\n"
    assert name in text
    path.write_text(text.replace(name, f"{name}norEduPersonNIN: 41819077302\n"), encoding="utf-8")


SCENES: Final = (
    Scene("feideprov", "--help"),
    Scene("help", "apply --help"),
    Scene("wrong-command", "utfør flyktninger.csv"),
    Scene("init", "init --source-id-attribute employeeNumber", before=_new_folder),
    Scene("demo", "demo", before=_back),
    Scene("completion", "completion fish"),
    Scene("setup", "setup openldap"),
    Scene("init-directory", "init --directory"),
    Scene("init-directory-yes", "init --directory --yes", before=_close_files),
    Scene("doctor", "doctor"),
    Scene("sheet", "sheet people nye.xlsx --keys 20"),
    Scene("read", "read flyktninger.csv"),
    Scene("wrong-file", "plan flyktninger.xlsx"),
    Scene("plan", "plan flyktninger.csv"),
    Scene("apply", "apply flyktninger.csv"),
    Scene("apply-yes", "apply flyktninger.csv --yes"),
    Scene("slips", "slips lapper.html"),
    Scene("slips-done", "slips --done"),
    Scene("pending", "pending"),
    Scene("pending-sheet", "pending --query-sheet nummer.xlsx"),
    Scene("protect", "protect ref-21"),
    Scene("resolve", f"resolve {SELAM} --same-as ref-05b"),
    Scene("link", "link flyktninger.csv"),
    Scene("nir-channel", "nir channel"),
    Scene("nir-records", "nir records deltakelser.csv"),
    Scene("nir-records-yes", "nir records deltakelser.csv --yes"),
    Scene("nir-worklist", "nir worklist"),
    Scene("nir-today", "nir today"),
    Scene("nir-seen", "nir seen ref-01 vedtak --on 2026-11-20"),
    Scene("nir-reconcile", "nir reconcile personliste.csv"),
    Scene("services-import", "services import tjenester.csv"),
    Scene("services-list", "services list"),
    Scene("services-matrix", "services matrix"),
    Scene("services-ask", "services ask"),
    Scene("services-answer", "services answer --csv svar.csv"),
    Scene("judge", "judge", stdin=NUMBERS),
    Scene("attach", "attach nummer.csv"),
    Scene("attach-yes", "attach nummer.csv --yes"),
    Scene("notify", "notify"),
    Scene("checklist", "checklist"),
    Scene("replace", "replace byttet.csv"),
    Scene("withdraw", "withdraw feil.csv"),
    Scene("history", f"history {OLENA}"),
    Scene("observe", "observe"),
    Scene("observe-changes", "observe", before=_number_by_hand),
    Scene("check", "check"),
    Scene("journal-verify", "journal verify"),
    Scene("journal-gone", "journal gone"),
    Scene("journal-begin", "journal begin"),
    Scene("close", "close sluttet.csv"),
    Scene("close-yes", "close sluttet.csv --yes"),
    Scene("reopen", f"reopen {DMYTRO}"),
    Scene("password", f"password {OLENA}"),
    Scene("rename", f"rename {OLENA} --to olena.kovalenko"),
    Scene("release", f"release {OLENA}"),
    Scene("today", "today"),
    Scene("nightly", "nightly"),
)

_FIXED: Final = (
    (re.compile(r"\b\d+,\d s\b"), "0,1 s"),
    (re.compile(r"\bu[b-df-hj-np-tv-xz]{7}\b"), "ubcdfghj"),  # a user name that says nothing
    (re.compile(r"\b(?=[a-z]*[^aeiouyæøå\W]{5})[a-z]{26}\b"), "abcdefghijklmnopqrstuvwxyz"),  # the id of a message
)


PAGE: Final = SCREENS.parents[1] / "nb" / "skjermbilder.md"
_HEAD: Final = """# Skjermbilder

Slik viser en terminal med 80 kolonner hver kommando, på bokmål. Personene og numrene er oppdiktet. Sidene om de fem
stegene forklarer hva du gjør.
"""


def page() -> str:
    """The page with all kept screens of 80 columns."""
    found = _HEAD
    for scene in SCENES:
        _, _, shown = (SCREENS / f"{scene.name}.80.txt").read_text(encoding="utf-8").partition("\n")
        found += f"\n## `feideprov {scene.line}`\n\n```text\n{shown.rstrip()}\n```\n"
    return found


def play(folder: Path, width: int) -> Iterator[tuple[Scene, str]]:
    """Each scene with what the screen shows, the command line at its head."""
    with stage(HERE / "story", folder), _office(folder, width):
        for scene in SCENES:
            if scene.before is not None:
                scene.before()
            yield scene, f"$ feideprov {scene.line}\n{_shown(scene)}"


@contextlib.contextmanager
def _office(folder: Path, width: int) -> Iterator[None]:
    with Path("feideprov.toml").open("a", encoding="utf-8") as config:
        config.write(NIR)
    for name, text in FILES.items():
        Path(name).write_text(text, encoding="utf-8")
    said = language.said

    def fixed(text: str) -> str:
        text = said(text).replace(str(folder), "/home/kari/feide").replace(FOLDER, PAGES)
        for pattern, word in _FIXED:
            text = pattern.sub(word, text)
        return text

    surroundings = {"COLUMNS": str(width), "FEIDEPROV_LANG": "nb"}
    with (
        mock.patch.dict(os.environ, surroundings),
        mock.patch("feideprov.cli.screen.said", fixed),
        mock.patch("feideprov.cli.table.said", fixed),
        mock.patch("feideprov.cli.help.page.FOLDER", PAGES),
        mock.patch("feideprov.cli.progress._PATIENCE", float("inf")),
    ):
        yield


def _shown(scene: Scene) -> str:
    stdin = io.TextIOWrapper(io.BytesIO(scene.stdin.encode()), encoding="utf-8")
    screen = Terminal()
    with (
        mock.patch.object(sys, "stdin", stdin),
        contextlib.redirect_stdout(screen),
        contextlib.redirect_stderr(screen),
    ):
        run(scene.words)
    return "\n".join(line.rstrip() for line in screen.getvalue().strip("\n").split("\n")) + "\n"
