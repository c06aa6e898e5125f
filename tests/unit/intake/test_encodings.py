"""Encodings of lists, and names whose letters were changed by a wrong one."""

from __future__ import annotations

from pathlib import Path

import pytest

from feideprov import PersonRecord
from feideprov.errors import InputError
from feideprov.intake import read_number_list, read_person_list

from .conftest import ON, TENOR

CASES = Path(__file__).parents[2] / "data" / "cases"
HEAD = "source_id;given_name;family_name;school;role"
UKRAINIAN = f"{HEAD}\nm2;Олена;Коваленко;hylla;pupil\nm3;Ганна;Дяченко;hylla;pupil\n"
NORWEGIAN = f"{HEAD}\nn1;Bjørn;Håkonsen;hylla;teacher\nn2;Åse;Næss;hylla;ansatt\nn3;Ærlig;Ødegård;hylla;elev\n"
POLISH = f"{HEAD}\nk1;Paweł;Wiśniewski;hylla;elev\nk2;Łucja;Żak;hylla;elev\n"
FRENCH = f"{HEAD}\nf1;André;Lefèvre;hylla;elev\nf2;José;Muñoz;hylla;elev\n"

KEPT = [
    *("Bjørn", "Åse", "Ærøe", "ÆØÅ", "Æøå", "Øyvåg", "Håkonsen-Bråten", "O'Brien", "O’Brien", "O‘ktam", "Kalaniʻōpuʻu"),
    *("Gal·la", "Mª José", "D´Angelo", "D`Angelo", "Þórður", "Þórný", "Þór", "Ýr", "Æðey", "Zoë", "Léïa", "Conceição"),
    *("Ćirić", "Đorđe", "Ŋáŋŋá", "Áŧŧe", "Lávrâš", "Łukasz", "Şükrü", "İpek", "Ðorđe", "Nguyễn Thị Ánh", "Đặng"),
    *(
        "Олена",
        "Дар'я",
        "Мар’яна",
        "عبد الله",
        "می\u200cترا",
        "ኣብርሃም",
        "ሰላም",
        "李小龍",
        "阿卜杜拉·穆罕默德",
        "अ\u094dका",
        "བཀྲ་ཤིས",
    ),
    *(
        "Jean-Luc",
        "Ola Nordmann Jr.",
        "Martin Luther King, Jr.",
        "Henrik II",
        "Henrik Ⅱ",
        "Nils (Nisse)",
        "Ola «Nisse»",
    ),
    *("Ola “Nisse”", 'Ola "Nisse"', "Kari & Ola", "Anne/Ane", "Ola 2", "Weiß–Lie", "Weiß’", "André–Marie", "d'Été"),
    *(
        "Ola [test]",
        "Ó Súilleabháin",
        "MacÁdhaimh",
        "McÉil",
        "ÓSúilleabháin",
        "Nuñez",
        "Ünsü",
        "Öz",
        "JOÃO",
        "MAGALHÃES",
    ),
    *("Ãngela", "Bœuf", "ŒUVRE", "Ştefăniţă", "Ƒiti", "Kǝlbajar", "ʿAlī", "ʾAḥmad", "Åsa-Mårta", "Gàidhlig", "Íñigo"),
    *("Ɓoye", "Nǃxau", "Sœur", "Èze", "Ève", "Ásdís", "Ólöf", "Úlfhéðinn", "Ísól", "Jürgen", "Löwe", "Åäö", "Strauß"),
]
"""Names that people have, or that a person wrote with a legible sign."""
KEPT += ["Oлена", "Hеkonsen", "Anna-Олена", "Olena/Олена", "M.ª Carmen", "Akyerε", "Ƒoƒo", "Anne—Marie"]
"""A letter of another alphabet that looks the same, a name in two alphabets, an abbreviation, a letter of Ewe."""

DAMAGED = {
    "UTF-8 as Windows-1252": "BjÃ¸rn",
    "the same, å": "HÃ¥kon",
    "the same, Å": "Ã…se",
    "the same, Ø": "Ã˜deg",
    "the same, in capitals": "BJÃ˜RN",
    "the same, Ú": "Ãšlla",
    "the same, Ö": "Ã–z",
    "the same, í, with a soft hyphen": "MarÃ\xada",
    "the same, à, with a hard space": "VilÃ\xa0",
    "the same, à, with a space": "VilÃ ",
    "the same, š": "NikÅ¡a",
    "the same, Ukrainian": "ÐžÐ»ÐµÐ½Ð°",
    "the same, Arabic": "Ø¹Ø¨Ø¯",
    "the same, Vietnamese": "Nguyá»…n",
    "the same, twice": "BjÃƒÂ¸rn",
    "UTF-8 as Latin-1": "Bj\xc3\xb8rn \xc3\x85s",
    "UTF-8 as cp850": "Bj├©rn",
    "UTF-8 as cp1250": "BjĂ¸rn",
    "the same, å ": "HĂĄkon",
    "UTF-8 as Mac": "Bj√∏rn",
    "cp850 as Windows-1252": "Bj›rn",
    "the same, å  ": "H†kon",
    "the same, é": "Andr‚",
    "the same, ö": "J”rgen",
    "Mac as Windows-1252": "Bj¿rn",
    "the same, å   ": "HŒkon",
    "cp1250 as Windows-1252": "Pawe³",
    "cp1251 as Windows-1252": "Îëåíà",
    "Windows-1252 as cp850": "Bj°rn",
    "Windows-1252 as Mac": "Bj¯rn",
    "Latin-9 as Windows-1252": "¦ofia",
    "a lost letter": "Bj�rn",
    "a question mark": "Bj?rn",
    "question marks only": "?????",
    "a control character": "Bj\x9brn",
    "of private use": "Bj\ue000rn",
    "currency": "Bj€rn",
    "box drawing": "H╔kon",
    "no character": "Bj\ufffern",
    "the same, an apostrophe": "OÂ’Neill",
    "Mac as Windows-1252, ó at the end": "Nicol—",
    "seven bits": "Bj|rn",
    "seven bits, å": "H}kon",
    "seven bits, Å": "]se",
    "HTML": "Bj&oslash;rn",
    "HTML, by number": "Bj&#248;rn",
    "of an address": "Bj%C3%B8rn",
    "of a mail": "Bj=C3=B8rn",
    "of JSON": "Bj\\u00f8rn",
    "of XML in Excel": "Bj_x00F8_rn",
}


OF_TWO_ALPHABETS = ["Mьller", "Bjшrn", "Bjّrn", "LΩwe", "OΓÇÖNeill", "Bj鷨n", "Jцєger"]
OTHER_SIGNS = [
    "Strauº",
    "ªükrü",
    "Gⁿl",
    "DoÄŸan",
    "DoÄźan",
    "Doƒüan",
    "Mƒller",
    "OÔÇÖNeill",
    "Ă–st",
    "—La",
    "кОВАЛЕНКО",
]


@pytest.mark.parametrize("name", OF_TWO_ALPHABETS)
def test_a_word_in_two_alphabets_is_refused(name):
    with pytest.raises(InputError):
        PersonRecord(source_id="p", given_name=name, role="pupil")


@pytest.mark.parametrize("name", OTHER_SIGNS)
def test_signs_that_are_letters_to_unicode_are_refused(name):
    with pytest.raises(InputError):
        PersonRecord(source_id="p", given_name=name, role="pupil")


def people(path, **options):
    return read_person_list(path, on=ON, **options)


def names(path, **options):
    return [record.full_name for record in people(path, **options).records]


# --- names


@pytest.mark.parametrize("name", KEPT)
def test_a_name_that_people_have_is_kept(write, name):
    assert PersonRecord(source_id="p", given_name=name, role="pupil").given_name == name
    listed = people(write(f'{HEAD}\np1;"{name.replace(chr(34), chr(34) * 2)}";Lie;hylla;elev\n'))
    assert (listed.records[0].given_name, listed.refusals) == (name, ())
    try:
        text = f'{HEAD}\np1;"{name.replace(chr(34), chr(34) * 2)}";Lie;hylla;elev\n'.encode("cp1252")
    except UnicodeEncodeError:
        return
    if "ß" not in name:  # with a quotation mark or a dash behind it, its octets are UTF-8 too
        assert people(write(text)).records[0].given_name == name


@pytest.mark.parametrize("name", [name for name in DAMAGED.values() if "?" not in name and "�" not in name])
def test_a_name_with_signs_that_no_name_has_is_refused(write, name):
    listed = people(write(f'{HEAD}\np1;Ola;"{name}";hylla;elev\np2;Olena;Koval;hylla;elev\n'))
    assert [record.source_id for record in listed.records] == ["p2"]
    [refusal] = listed.refusals
    assert (refusal.code, refusal.origin.row) == ("R-NAME", 2)
    assert refusal.sentence.startswith("Column family_name: ")
    assert name not in refusal.sentence


@pytest.mark.parametrize("name", ["Bj�rn", "Bj?rn", "?????"])
def test_a_name_with_lost_letters_is_refused(write, name):
    listed = people(write(f"{HEAD}\np1;Ola;{name};hylla;elev\n"))
    assert (listed.records, [refusal.code for refusal in listed.refusals]) == ((), ["R-NAME"])


@pytest.mark.parametrize("name", [name for name in DAMAGED.values() if name != "?????"])
@pytest.mark.parametrize("field", ["given_name", "family_name", "legal_name", "nickname"])
def test_a_record_has_no_damaged_name(field, name):
    with pytest.raises(InputError) as caught:
        PersonRecord(source_id="p", role="pupil", **{"given_name": "Ola", field: name})
    assert name not in str(caught.value)


@pytest.mark.parametrize(
    ("column", "code"),
    [("school", "R-SCHOOL"), ("role", "R-ROLE"), ("groups", "R-GROUP"), ("source_id", "R-SOURCE-ID")],
)
def test_damaged_letters_in_other_columns(write, column, code):
    cells = {"source_id": "p1", "given_name": "Ola", "school": "hylla", "role": "elev", "groups": "b:6a:Klasse"}
    cells[column] += " SÃ¸r"
    listed = people(write(";".join(cells) + "\n" + ";".join(cells.values()) + "\n"))
    assert [refusal.code for refusal in listed.refusals] == [code]
    assert "letters" in listed.refusals[0].sentence
    assert [record.groups for record in listed.records] == ([()] if column == "groups" else [])


def test_signs_that_a_group_may_have(write):
    listed = people(write(f"{HEAD};groups\np1;Ola;Lie;hylla;elev;b:6a:100 % – 5° § 2 ½ €\n"))
    assert [group.name for group in listed.records[0].groups] == ["100 % – 5° § 2 ½ €"]


def test_a_damaged_name_in_a_number_list(write):
    text = f"source_id;national_number;evidence;seen_by;seen_on\np1;{TENOR};letter;BjÃ¸rn Lie;2026-10-05\n"
    listed = read_number_list(write(text), on=ON)
    assert (listed.rows, [refusal.code for refusal in listed.refusals]) == ((), ["R-EVIDENCE"])


def test_a_damaged_heading_is_refused(write):
    with pytest.raises(InputError, match="CSV UTF-8"):
        people(write("source_id;fornavn;school;role;FÃ¸dselsdato\np1;Ola;hylla;elev;2010-01-01\n"))


# --- files


def test_the_good_file():
    assert names(CASES / "encoding-good.csv") == ["Bjørn Håkonsen", "Олена Коваленко"]


@pytest.mark.parametrize(
    ("content", "encoding", "likely"),
    [
        (UKRAINIAN, "cp1251", "Windows-1251"),
        (UKRAINIAN, "koi8-u", "KOI8"),
        (NORWEGIAN, "cp850", "cp850"),
        (NORWEGIAN, "cp865", "cp850"),  # the letters of Norwegian are the same in both
        (NORWEGIAN.replace("Åse", "Jon").replace("Ødegård", "Lie").replace("Ærlig", "Per"), "cp850", "cp850"),
        (NORWEGIAN, "mac_roman", "Mac"),
        (POLISH, "cp1250", "Windows-1250"),
        (FRENCH, "cp850", "cp850"),
        (FRENCH, "mac_roman", "Mac"),
    ],
)
def test_a_file_that_makes_no_sense_as_windows_1252(write, content, encoding, likely):
    with pytest.raises(InputError, match=likely) as caught:
        people(write(content, encoding=encoding))
    assert "CSV UTF-8" in str(caught.value)
    assert ("--encoding" in str(caught.value)) == (likely == "cp850")


CZECH = f"{HEAD}\nc1;Jiří;Dvořák;hylla;elev\nc2;Tomáš;Sedláček;hylla;elev\nc3;Šárka;Koláčková;hylla;elev\n"
BOSNIAN = f"{HEAD}\nb1;Marko;Petrović;hylla;elev\nb2;Ana;Kovač;hylla;elev\nb3;Željko;Šarić;hylla;elev\n"
TURKISH = f"{HEAD}\nt1;Barış;Yılmaz;hylla;elev\nt2;İpek;Aydın;hylla;elev\nt3;Şükrü;Çağlar;hylla;elev\n"
LATVIAN = f"{HEAD}\nl1;Inga;Bērziņa;hylla;elev\nl2;Jānis;Kalniņš;hylla;elev\n"


@pytest.mark.parametrize(
    ("content", "encoding", "likely"),
    [
        (CZECH, "cp1250", "Windows-1250"),
        (BOSNIAN, "cp1250", "Windows-1250"),
        (BOSNIAN, "iso8859-2", "ISO 8859-2"),
        (TURKISH, "cp1254", "Windows-1254"),
        (LATVIAN, "cp1257", "Windows-1257"),
    ],
)
def test_letters_of_other_european_encodings(write, content, encoding, likely):
    with pytest.raises(InputError, match=likely):
        people(write(content, encoding=encoding))


@pytest.mark.parametrize("name", ["Ó hÉimhigh", "Ó hÁinle"])
def test_a_capital_letter_after_a_small_one_in_irish(write, name):
    assert names(write(f"{HEAD}\np1;Conal;{name};hylla;elev\n", encoding="cp1252")) == [f"Conal {name}"]


@pytest.mark.parametrize("name", ["Lýður", "Dionýz", "Èric", "Hòa", "Höie", "Kiær", "Sæþór", "Eyþór", "Salomè", "Võ"])
def test_one_name_that_looks_like_another_encoding(write, name):
    assert names(write(f"{HEAD}\np1;{name};Lie;hylla;elev\n", encoding="cp1252")) == [f"{name} Lie"]


@pytest.mark.parametrize("encoding", ["iso8859-5", "cp1253", "cp1255", "cp1256", "iso8859-7", "iso8859-8"])
def test_other_scripts_are_refused_too(write, encoding):
    letters = {"cp1253": "Ελένη;Παπαδάκη", "iso8859-7": "Ελένη;Παπαδάκη", "cp1255": "שרה;לוי", "iso8859-8": "שרה;לוי"}
    letters |= {"cp1256": "محمد;عبدالله", "iso8859-5": "Олена;Коваленко"}
    with pytest.raises(InputError, match="CSV UTF-8"):
        people(write(f"{HEAD}\np1;{letters[encoding]};hylla;elev\n", encoding=encoding))


@pytest.mark.parametrize(
    "text",
    [
        f"{HEAD};pris;merknad\np1;Ola;Lie;hylla;elev;50€;12m² 5°C § 3 ½\n",
        f"{HEAD};merknad\np1;Ola;Lie;hylla;elev;Office™ Kahoot® “Sær” …\n",
        f"{HEAD}\np1;Ærø;Å;hylla;elev\np2;Þóra;Æðey;hylla;elev\n",
    ],
)
def test_windows_1252_that_makes_sense(write, text):
    assert people(write(text, encoding="cp1252")).records[0].given_name in {"Ola", "Ærø"}


@pytest.mark.parametrize("encoding", ["cp850", "cp865", "utf-8", "cp1252", "CP850", "utf8", "windows-1252"])
def test_an_encoding_on_request(write, encoding):
    assert names(write(NORWEGIAN, encoding=encoding), encoding=encoding) == [
        "Bjørn Håkonsen",
        "Åse Næss",
        "Ærlig Ødegård",
    ]


def test_the_old_file_on_request():
    assert names(CASES / "encoding-cp850.csv", encoding="cp850") == ["Bjørn Håkonsen", "Åse Næss"]


@pytest.mark.parametrize("encoding", ["cp1251", "latin-1", "nonsense", "", "utf-16", "rot13", "base64"])
def test_an_encoding_that_cannot_be_chosen(write, encoding):
    with pytest.raises(InputError, match="utf-8, cp1252, cp850 or cp865"):
        people(write(NORWEGIAN), encoding=encoding)


@pytest.mark.parametrize(
    ("really", "said"), [("cp1252", "cp850"), ("utf-8", "cp850"), ("utf-8", "cp865"), ("cp850", "cp1252")]
)
def test_the_wrong_encoding_on_request(write, really, said):
    try:
        listed = people(write(NORWEGIAN, encoding=really), encoding=said)
    except InputError:
        return
    assert not {record.full_name for record in listed.records} - {"Åse Næss", "Ærlig Ødegård"}


def test_a_byte_that_is_not_of_the_encoding(write):
    with pytest.raises(InputError, match="utf-8"):
        people(write(NORWEGIAN, encoding="cp1252"), encoding="utf-8")


# --- quotation marks


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("space", [" ", "   ", "\N{NO-BREAK SPACE}"])
def test_spaces_between_a_quotation_mark_and_a_separator(write, separator, space):
    heading = HEAD.split(";")
    row = ["p1", f"Ola {separator}x", 'Lie ""L""', "hylla", "elev"]
    text = "".join((space + separator).join(f'"{cell}"' for cell in cells) + f"{space}\n" for cells in (heading, row))
    [record] = people(write(text)).records
    assert (record.given_name, record.family_name) == (f"Ola {separator}x".replace("\t", ""), 'Lie "L"')
