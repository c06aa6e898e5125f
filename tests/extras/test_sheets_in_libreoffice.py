"""What LibreOffice makes of a sheet of ours that is filled in: XLSX, ODS and CSV are all read as the same."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from filled_in import converted, fill_in

from feideprov import Client
from feideprov.forms.keys import is_fresh_key
from feideprov.intake.number_list import NumberRow, read_number_list
from feideprov.intake.person_list import read_person_list
from feideprov.nir import Rules, Scheme, Setting
from feideprov.nir.lists.participation import read_participation
from feideprov.nir.lists.participation_form import participation_forms
from feideprov.services.sources.table import read_service_table
from feideprov.testing import example_directory, example_settings

if TYPE_CHECKING:
    from collections.abc import Mapping

ON: Final = date(2026, 11, 22)
NUMBER: Final = "57912075186"  # of Tenor

RECORD: Final[Mapping[str, str | date]] = {
    "Nøkkel": "0042",
    "Fødselsnummer eller D-nummer": NUMBER,
    "Ankomst": date(2026, 1, 5),
    "Type vedtak": "tildeling",
    "Vedtaksdato": date(2026, 2, 1),
    "Startdato": date(2027, 1, 11),
    "Tiltak": "2026-02-01/2026-03-31 | 1.5.2026",
    "Livsmestring gjennomført": "nei",
    "Sluttmål i NIR": date(2026, 3, 1),
    "Klage i NIR": "fjern",
    "Integreringskontrakt": "fjern",
    "I permisjon": "ja",
}

pytestmark = pytest.mark.xdist_group("libreoffice")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """The sheets, filled in, by kind and format."""
    folder = tmp_path_factory.mktemp("sheets")
    profile = folder / "profile"
    feide = Client(example_settings(folder), directory=example_directory())
    made = [folder / f"{kind}.xlsx" for kind in ("people", "numbers", "services", "nir")]
    for path in made:
        path.write_bytes(feide.sheet(path.stem, language="nb", keys=5))  # type: ignore[arg-type]
    people, numbers, services, records = opened = converted(made, "ods", folder / "ods", profile)
    school = feide.organization.schools[0].name
    fill_in(
        people,
        {
            **{(3, 2): "’Abd Allāh", (3, 3): "Ås", (3, 4): date(2009, 2, 1), (3, 5): school, (3, 6): "elev"},
            **{(3, 7): "6", (3, 8): "6A", (3, 9): "+4790123456", (3, 12): NUMBER, (3, 14): "nei"},
            **{(4, 2): "Олена", (4, 4): "31.12.2008", (4, 5): school, (4, 6): "lærer", (4, 12): "har ikke nummer ennå"},
            **{(4, 13): "har ikke nummer ennå"},
        },
    )
    fill_in(
        numbers,
        {
            **{(3, 1): "0042", (3, 5): date(2020, 11, 17), (3, 6): NUMBER, (3, 8): "asylsøkerbevis"},
            **{(3, 9): "Kari Nordmann", (3, 10): date(2026, 11, 20), (4, 1): "1e5", (4, 6): "har ikke nummer ennå"},
            **{(900, 2): "a@skotthyll.kommune.no", (900, 6): NUMBER},
        },
    )
    fill_in(services, {(3, 1): "0711", (3, 2): "Leksebanken", (3, 5): "ja", (3, 6): "ja", (3, 8): "elev | lærer"})
    [programme, *_] = participation_forms("nb", Rules.shipped(), {})
    places = {column.heading: place for place, column in enumerate(programme.columns, 1)}
    fill_in(records, {(3, places[heading]): cell for heading, cell in RECORD.items()})
    again = converted(opened, "xlsx", folder / "xlsx", profile)
    found = [*opened, *again, *converted(again, "csv", folder / "csv", profile)]
    return {f"{path.stem}.{path.suffix[1:]}": path for path in found}


@pytest.mark.parametrize("form", ["ods", "xlsx", "csv"])
def test_people_are_read_as_they_were_written(files: Mapping[str, Path], form: str) -> None:
    found = read_person_list(files[f"people.{form}"], on=ON)
    assert (found.refusals, found.ignored_columns, found.notes) == ((), (), ())  # three rows have a key and nobody
    first, second = found.records
    assert is_fresh_key(first.source_id)
    assert (first.given_name, first.family_name, first.birth_date) == ("’Abd Allāh", "Ås", date(2009, 2, 1))
    assert (first.role, first.grade, first.mobile, first.protected) == ("pupil", "6", "+4790123456", False)
    assert first.national_number
    assert first.national_number.reveal() == NUMBER
    assert (second.given_name, second.birth_date, second.role) == ("Олена", date(2008, 12, 31), "teacher")
    assert (second.national_number, second.duf_number) == (None, None)


@pytest.mark.parametrize("form", ["ods", "xlsx", "csv"])
def test_numbers_are_read_as_they_were_written(files: Mapping[str, Path], form: str) -> None:
    found = read_number_list(files[f"numbers.{form}"], on=ON)
    assert (found.refusals, found.unanswered) == ((), 1)
    first, far_below = found.rows
    assert isinstance(first, NumberRow)
    assert (first.source_id, first.national_number.reveal()) == ("0042", NUMBER)
    assert first.evidence
    assert (first.evidence.source, first.evidence.seen_on) == ("card", date(2026, 11, 20))
    assert first.birth_date == date(2020, 11, 17)
    assert (far_below.user, far_below.national_number.reveal()) == ("a@skotthyll.kommune.no", NUMBER)


@pytest.mark.parametrize("form", ["ods", "xlsx", "csv"])
def test_services_are_read_as_they_were_written(files: Mapping[str, Path], form: str, tmp_path: Path) -> None:
    feide = Client(example_settings(tmp_path), directory=example_directory())
    path = files[f"services.{form}"]
    found = read_service_table(path, organization=feide.organization, on=ON, known={})
    assert (found.refusals, found.ignored) == ((), ())
    [service] = found.services
    assert (service.id, service.name(), service.activated) == ("feide:0711", "Leksebanken", True)
    assert service.audience.roles == ("pupil", "teacher")


@pytest.mark.parametrize("form", ["ods", "xlsx", "csv"])
def test_participation_records_are_read_as_they_were_written(files: Mapping[str, Path], form: str) -> None:
    scheme = Scheme.INTRODUKSJONSPROGRAM if form == "csv" else None  # CSV has the first sheet, and not its name
    found = read_participation(
        files[f"nir.{form}"], Setting(), Rules.shipped(), ON, columns={}, scheme=scheme, test=True
    )
    assert (found.refusals, found.ignored_columns, found.notes) == ((), (), ())
    [listed] = found.records
    person, values = listed.record.person, listed.record.values
    assert (person.key, person.arrived, len(person.numbers)) == ("0042", date(2026, 1, 5), 1)
    assert listed.record.scheme is Scheme.INTRODUKSJONSPROGRAM
    assert (listed.record.start, listed.record.facts) == (date(2027, 1, 11), {"leave": None})
    assert set(values) == {"vedtak", "tiltak", "livsmestring_gjennomfoert", "sluttmaal"}
    assert values["livsmestring_gjennomfoert"].content is False
    assert isinstance(values["tiltak"].content, tuple)
    assert listed.record.removed == {"klage_in_nir", "integreringskontrakt"}
