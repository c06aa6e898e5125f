"""How an organization makes user names: patterns, letters, lengths, words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from feideprov import ConfigurationError, NamePolicy, Refused, UserNames
from feideprov.feide import words
from feideprov.feide.words import Words

DOTTED = "{given}.{family}"


@pytest.mark.parametrize(
    ("pattern", "given", "family", "expected"),
    [
        ("{given:3}{family:3}", "Olena", "Kovalenko", "olekov"),
        (DOTTED, "Olena", "Kovalenko", "olena.kovalenko"),
        ("{given:1}{family}", "Olena", "Kovalenko", "okovalenko"),
        ("{family}-{given:1}", "Olena", "Kovalenko", "kovalenko-o"),
        ("sky_{given:3}{family:3}.x", "Олена", "Коваленко", "sky_olekov.x"),
        ("{given}2026", "Olena", "Kovalenko", "olena2026"),
        ("{family:9}", "Li", "Wu", "wu"),
        # more than one word
        ("{given:4}{family:4}", "Bo Erik", "Berg Hansen", "boerberg"),
        (DOTTED, "Anna Maria", "Lie-Bø", "annamaria.liebo"),
        (DOTTED, "Abdul Rahman", "Al Ali", "abdulrahman.alali"),
        # one name only: as much of it as both would have, and no sign without a neighbour
        (DOTTED, "Selam", "", "selam"),
        (DOTTED, "", "Selam", "selam"),
        ("{given:3}{family:2}", "Mohammed", "", "moham"),
        ("{given:1}{family}", "Mohammed", "", "mohammed"),
        ("el-{given:3}.{family:3}", "Mohammed", "—", "el-mohamm"),
        ("{given:3}", "", "Mohammed", "moh"),
        (DOTTED, "—", "123", "bruker"),
    ],
)
def test_a_pattern_makes_names(pattern, given, family, expected):
    assert NamePolicy.parse(pattern).stem(given, family) == expected


def test_the_examples_of_the_page_are_true():
    page = (Path(__file__).parents[3] / "docs" / "commands.md").read_text(encoding="utf-8")
    heading, _, *rows = re.search(r"^\| person \|(?:.+\n)+", page, re.MULTILINE)[0].splitlines()
    patterns = re.findall(r"`(.+?)`", heading)
    for person, *expected in ([cell.strip() for cell in row.strip("|").split("|")] for row in rows):
        given, _, family = person.removesuffix(" (one name)").rpartition(" ")
        assert [NamePolicy.parse(pattern).stem(given, family) for pattern in patterns] == expected
    assert len(rows) == 3


@pytest.mark.parametrize(
    ("letters", "alphabet", "name"),
    [("short", "aeaeooaa", "ase.bo"), ("double", "aeaeoeoeaaaa", "aase.boe")],
    ids=["short", "double"],
)
def test_norwegian_letters_are_written_as_the_organization_chooses(letters, alphabet, name):
    policy = NamePolicy.parse(DOTTED, letters=letters)
    assert policy.latin("Æ æ Ø ø Å å") == alphabet
    assert policy.stem("A\N{COMBINING RING ABOVE}se", "Bø") == name


def test_the_longest_name_gives_way_where_both_are_too_long():
    policy = NamePolicy.parse(DOTTED, max_length=12)
    assert policy.stem("Maximilianus", "Kovalenko") == "maxim.kovale"
    assert policy.stem("Li", "Papadopoulos-Berg") == "li.papadopou"


def test_the_number_counts_and_no_sign_stands_before_it():
    policy = NamePolicy.parse(DOTTED, max_length=8)
    names = UserNames(policy=policy)
    assert [names.claim("olen.kov") for _ in range(3)] == ["olen.kov", "olen.ko2", "olen.ko3"]
    assert policy.numbered("olen.kov", 100) == "olen100"
    assert NamePolicy.parse(max_length=12).numbered("olenkova", 12345) == "olenkov12345"


class Everything:
    """Every name that can be asked for is taken."""

    def __contains__(self, name: object) -> bool:
        assert len(str(name)) <= 6
        return True


def test_where_no_name_is_left_it_is_told_and_not_looked_for_for_ever():
    with pytest.raises(Refused, match="All user names that can be made") as refused:
        UserNames(Everything(), NamePolicy.parse(max_length=6)).claim("olenko")
    assert refused.value.code == "R-NO-NAME-LEFT"


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("", "it must contain"),
        ("elev", "it must contain"),
        ("{first}", "can be in braces"),
        ("{}", "can be in braces"),
        ("{0}", "can be in braces"),
        ("{given.upper}", "can be in braces"),
        ("{given!r}", "a length must be a number"),
        ("{given:0}", "a length must be a number"),
        ("{given:-3}", "a length must be a number"),
        ("{given:{family}}", "a length must be a number"),
        ("{given:100}", "a length must be a number"),
        ("{given", "{ or } is missing"),
        ("{given}}", "{ or } is missing"),
        ("{{given}}", "in lower case"),
        ("{given}@{family}", "in lower case"),
        ("{given} {family}", "in lower case"),
        ("{given}*", "in lower case"),
        ("Elev{given}", "in lower case"),
        ("ø{given}", "in lower case"),
        (".{given}", "must begin and end with"),
        ("{given}.{family}.", "must begin and end with"),
        ("{given}12345", "more than four digits"),
        ("12{given}345", "more than four digits"),
        ("elever-i-kommunen-{given}", "there is no space"),
    ],
)
def test_a_pattern_that_makes_no_good_name_is_a_mistake_in_the_configuration(pattern, said):
    with pytest.raises(
        ConfigurationError, match=r"^\[names\] pattern “.*”: .*Write a pattern such as \{given:4\}"
    ) as raised:
        NamePolicy.parse(pattern)
    assert said in str(raised.value)
    assert "12345" not in str(raised.value)


@pytest.mark.parametrize("max_length", [6, 20, 64])
def test_the_usual_pattern_fits_every_length(max_length):
    assert len(NamePolicy.parse(max_length=max_length).stem("Olena", "Kovalenko")) == min(max_length, 8)


# --- words


@pytest.mark.parametrize("name", ["root", "admin", "postmaster", "feide", "test", "support", "noreply"])
def test_a_name_of_a_system_is_given_to_nobody(name):
    assert NamePolicy.parse("{given}").stem(name, "") != name
    assert f"{name}2" in UserNames()


def test_a_reserved_word_spoils_no_longer_name():
    assert NamePolicy.parse(DOTTED).stem("Admina", "Testa") == "admina.testa"


def test_words_of_the_organization_are_reserved_too():
    policy = NamePolicy.parse("{given}", reserved=["Skotthyll", "=leder", "abc"])
    assert policy.stem("Skotthylla", "") == "sko"
    assert policy.stem("Leder", "") == "led"
    assert policy.stem("Lederle", "") == "lederle"
    assert policy.stem("Abc", "") == "ab"
    assert policy.stem("Abcd", "") == "abcd"


@pytest.mark.parametrize("word", ["bruker", "=bruker", "bruk"])
def test_the_name_of_those_without_letters_cannot_be_reserved(word):
    with pytest.raises(ConfigurationError, match="must not contain “bruker”"):
        NamePolicy.parse(reserved=[word])


@pytest.mark.parametrize("word", ["a b", "æsj", "@", "=", "x*"])
def test_a_word_that_can_stand_in_no_name_is_a_mistake_in_the_configuration(word):
    with pytest.raises(ConfigurationError, match="cannot be part of a user name"):
        NamePolicy.parse(reserved=[word])


@pytest.mark.parametrize(
    ("given", "family", "expected"),
    [
        ("Ana", "Lisander", "anlisa"),
        ("Analise", "Berg", "anaberg"),
        ("Nazir", "Ahmadi", "nazahma"),
        ("Mor", "Onsager", "moonsa"),
        ("Cun", "Tran", "cutran"),
    ],
)
def test_letters_that_make_an_unfortunate_word_are_put_together_otherwise(given, family, expected):
    assert NamePolicy.parse().stem(given, family) == expected


@pytest.mark.parametrize(
    ("given", "family"),
    [("Dick", "Cumming"), ("Phuc", "Fuk"), ("Nazir", "Analise"), ("Hans", "Thoresen"), ("Olga", "Slutsky")],
)
def test_what_stands_in_a_persons_own_whole_name_is_never_unfortunate(given, family):
    assert NamePolicy.parse(DOTTED).stem(given, family) == f"{given}.{family}".lower()


@pytest.mark.parametrize(
    ("given", "family", "pattern", "expected"),
    [
        ("Sara", "Pedersen", "{given:4}{family:4}", "sarapede"),
        ("Nora", "Evensen", "{given:4}{family:4}", "noraeven"),
        ("Selma", "Larsen", "{family:3}{given:3}", "lasel"),
        ("Yana", "Lysenko", "{given:4}{family:4}", "yanlyse"),
        ("Fartun", "Ali", "{given:4}{family:4}", "farali"),
    ],
)
def test_an_ordinary_name_keeps_its_letters_or_as_many_as_can_stay(given, family, pattern, expected):
    assert NamePolicy.parse(pattern).stem(given, family) == expected


@pytest.mark.parametrize(
    "picture", ["\N{SLIGHTLY SMILING FACE}", "\N{TRADE MARK SIGN}", "\N{VULGAR FRACTION ONE HALF}"]
)
def test_pictures_and_signs_are_no_letters(picture):
    policy = NamePolicy.parse("{given}.{family}")
    assert policy.stem(f"Olena {picture}", "Berg") == "olena.berg"
    assert policy.stem(picture, "") == "bruker"


def test_a_person_whose_letters_make_nothing_else_has_a_name_that_says_nothing():
    policy = NamePolicy.parse(reserved=["olen", "=ole", "=ol", "=o"])
    assert policy.stem("Olena", "") == "bruker"


@pytest.mark.parametrize("path", sorted(words._FOLDER.glob("*.txt")), ids=lambda path: path.stem)
def test_a_list_of_words_is_in_order_and_says_nothing_twice(path):
    listed = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("#")]
    bare = [word.removeprefix("=") for word in listed]
    assert bare == sorted(set(bare))
    parsed = Words.parse(listed)
    assert not [(word, other) for word in parsed.held for other in parsed.held if word != other and word in other]


def test_every_list_is_in_use():
    assert "root" in words.reserved().whole
    for word in ("fuck", "faen", "blyad", "pizda", "sharmut"):
        assert words.unfortunate().matches(f"x{word}x")


# --- chosen by a person


@pytest.mark.parametrize("name", ["olena.kovalenko", "o", "olena2", "2olena", "a_b-c.d", "x" * 20])
def test_a_person_may_choose_a_name(name):
    assert NamePolicy.parse().chosen(name) == name


@pytest.mark.parametrize(
    "name", ["", ".olena", "olena.", "Olena", "olena berg", "øst", "a*", "x" * 21, "57912075186", "u579120-75186"]
)
def test_a_name_that_is_none_is_refused(name):
    with pytest.raises(Refused) as refused:
        NamePolicy.parse().chosen(name)
    assert refused.value.code == "R-NAME-INVALID"
    assert "75186" not in str(refused.value)


def test_a_reserved_name_is_not_chosen_and_an_unfortunate_one_may_be():
    with pytest.raises(Refused) as refused:
        NamePolicy.parse().chosen("postmaster2")
    assert refused.value.code == "R-NAME-RESERVED"
    assert NamePolicy.parse().chosen("dick") == "dick"


def test_a_name_is_of_a_stem_with_and_without_a_number():
    policy = NamePolicy.parse(max_length=9)
    assert all(policy.is_of("olenkova", name) for name in ("olenkova", "olenkova2", "olenkov10"))
    assert not any(policy.is_of("olenkova", name) for name in ("olenkov", "olenkova02", "olenkova1", "x", "", "9" * 30))


MACHINES = (
    *("con", "prn", "aux", "nul", "com1", "com9", "lpt1", "lpt9"),
    *("null", "undefined", "nan", "true", "false", "none", "nil", "void"),
    *("www", "ftp", "usenet", "news", "uucp", "hostmaster", "postmaster", "webmaster", "abuse", "noc", "security"),
    *("localhost", "autodiscover", "krbtgt", "everyone", "self", "adm", "sys", "nobody", "sshd"),
)


def test_a_name_that_a_system_takes_for_its_own_is_given_to_nobody():
    policy = NamePolicy.parse("{given}")
    assert [name for name in MACHINES if policy.allows(name) or name not in UserNames(policy=policy)] == []
    assert [policy.stem(name, "") for name in ("con", "Aux", "NUL", "Nan")] == ["co", "au", "nu", "na"]


@pytest.mark.parametrize("name", ["conrad", "auxilia", "nula", "truelsen", "nando", "comfort", "svoid", "sysla"])
def test_a_name_that_begins_so_is_a_persons(name):
    assert NamePolicy.parse("{given}").stem(name, "") == name


@pytest.mark.parametrize("name", ["con", "lpt1", "undefined"])
def test_nobody_can_choose_it_either(name):
    with pytest.raises(Refused, match="is reserved"):
        NamePolicy.parse().chosen(name)
