"""Lists in many encodings, changed at random: no name with signs that no name has is read, and no whole list refused.

    .venv/bin/python tests/sweep/list_encodings.py [--count 100000]

One list in ten is left whole, in UTF-8 or Windows-1252: it must be read with the names as they are.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import tempfile
import unicodedata
from collections import Counter
from datetime import date
from pathlib import Path

from feideprov.errors import InputError
from feideprov.intake import read_person_list

ON = date(2026, 11, 24)
NAMES = {
    "Norwegian": "Bjørn Åse Øyvind Ægir Håkonsen Næss Ødegård Aasen Kjærstad Bråten Sørby Lie Pål Gro Å Ærø",
    "Sami": "Áilu Ánte Máret Lávrâš Ŋáŋŋá Áŧŧe Biret-Elle Čáppa Đorán Ovllá Gárdin Niillas Mikkel Sárá",
    "French, Spanish, Portuguese": "André Zoë Anaïs José Muñoz João Conceição Lefèvre D’Été Nuñez Íñigo Léïa Bœuf",
    "German, Swedish": "Jürgen Strauß Löwe Müller Göran Åkesson Märta Weiß Öst Jäger",
    "Icelandic": "Þórður Þórný Guðrún Æðey Ýr Íris Ólöf Úlfhéðinn Sigríður Ásdís",
    "Polish, Czech": "Paweł Wiśniewski Łucja Żak Zieliński Dvořák Šárka Jiří Świątek Józef Żółć Ździsław",
    "Turkish": "Şükrü Yıldız İpek Çağlar Öztürk Gül Doğan Ünsü Ağa",
    "Vietnamese": "Nguyễn Thị Ánh Đặng Trần Phạm Hương Lê Vũ Bùi",
    "Ukrainian": "Олена Коваленко Дар’я Ганна Дяченко Їжак Євген Мар’яна Щербак Юрій",
    "Greek": "Ελένη Παπαδάκη Γιώργος Νίκος Αθηνά",
    "Arabic": "محمد عبدالله فاطمة می‌ترا علی آمنه",
    "Tigrinya": "ኣብርሃም ሰላም ተስፋይ ገብረ ሓጎስ",
    "Chinese": "李小龍 王芳 阿卜杜拉·穆罕默德",
    "Somali": "Cabdi Xaawo Faadumo Maxamed Cali-Nuur",
    "others": "Gal·la O'Brien O’Neill O‘ktam Kalaniʻi Henrik-II Jr. Anne-Marie ʿAlī De-la-Cruz",
}
ENCODINGS = (
    *("utf-8", "utf-8-sig", "utf-16", "cp1252", "iso8859-1", "iso8859-15", "cp850", "cp865", "cp437", "cp1251"),
    *("cp1250", "cp1253", "cp1254", "cp1256", "mac_roman", "koi8-u", "iso8859-2", "iso8859-5", "iso8859-10"),
)
READ_AS = ("cp1252", "iso8859-1", "cp850", "cp865", "cp1250", "cp1251", "mac_roman", "koi8-u")
"""What UTF-8 is taken for when it is converted a second time."""
ASKED_FOR = (None, None, None, "utf-8", "cp1252", "cp850", "cp865")
_LEGIBLE = frozenset("\u200c\u200d -–´'’‘ʻʼʿʾ·.,")
_MOJIBAKE = re.compile(r"[ÂÃ][^\w\s]|[a-z][ÂÃĂ]")


def is_rubbish(name: str) -> bool:
    """Has a name signs that are in none of `NAMES`, and that nobody types? It does not use the program's code.

    Digits are for another rule, and what Python's Unicode does not know may be a letter.
    """
    return bool(_MOJIBAKE.search(name)) or any(map(_is_sign, name))


def _is_sign(c: str) -> bool:
    if c.isascii():
        return c in "?{|}\\"
    return not (c.isalpha() or c in _LEGIBLE or unicodedata.category(c) in {"Mn", "Mc", "Me", "Nd", "Cn"})


def names_of(rng: random.Random) -> list[tuple[str, str]]:
    """The people of one list: of one language, and some of another."""
    one, other = (NAMES[language].split() for language in rng.sample(list(NAMES), 2))
    return [(rng.choice(one), rng.choice(one if rng.random() < 0.8 else other)) for _ in range(rng.randint(1, 6))]


def text_of(names: list[tuple[str, str]]) -> str:
    rows = (f"p{number};{given};{family};hylla;elev\r\n" for number, (given, family) in enumerate(names))
    return "source_id;fornavn;etternavn;school;role\r\n" + "".join(rows)


def whole(text: str, rng: random.Random) -> bytes:
    """A list as Excel saves it."""
    encoding = rng.choice(["utf-8", "utf-8-sig", "cp1252"])
    try:
        return text.encode(encoding)
    except UnicodeEncodeError:
        return text.encode("utf-8-sig")


def changed(text: str, rng: random.Random) -> bytes:
    """A list in another encoding, in two of them, converted twice, or with octets that are wrong."""
    way, encoding = rng.randrange(5), rng.choice(ENCODINGS)
    if way == 0:
        return text.encode(encoding, "replace" if rng.random() < 0.5 else "ignore")
    if way == 1:
        return text.encode().decode(rng.choice(READ_AS), "replace").encode(rng.choice(["utf-8", "utf-8-sig"]))
    if way == 2:
        return text.encode(encoding, "replace").decode(rng.choice(READ_AS), "replace").encode()
    lines = text.splitlines(keepends=True)
    if way == 3:
        return b"".join(line.encode(rng.choice([encoding, "utf-8"]), "ignore") for line in lines)
    octets = bytearray(text.encode(encoding, "ignore"))
    for _ in range(rng.randint(1, 3)):
        place = rng.randrange(octets.index(b"\n"), len(octets)) if b"\n" in octets else 0
        octets[place : place + rng.randint(0, 1)] = bytes([rng.randrange(128, 256)] * rng.randint(0, 1))
    return bytes(octets)


def examined(count: int, rng: random.Random, folder: Path) -> Counter[str]:
    """How `count` lists were read."""
    path, result = folder / "people.csv", Counter[str]()
    for number in range(count):
        names = names_of(rng)
        text = text_of(names)
        is_whole = number % 10 == 0
        path.write_bytes(whole(text, rng) if is_whole else changed(text, rng))
        try:
            listed = read_person_list(path, on=ON, **({} if is_whole else _asked(rng)))
        except InputError:
            result["whole, but refused" if is_whole else "file refused"] += 1
            continue
        read = [(record.given_name, record.family_name) for record in listed.records]
        if is_whole:
            result["whole" if read == names else "whole, but other names"] += 1
            continue
        result["row refused"] += len(listed.refusals)
        result["rubbish"] += sum(is_rubbish(name) for pair in read for name in pair)
        result["names"] += 2 * len(read)
        result["other letters"] += sum(name not in text for pair in read for name in pair)
    return result


def _asked(rng: random.Random) -> dict[str, str]:
    encoding = rng.choice(ASKED_FOR)
    return {"encoding": encoding} if encoding else {}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=100_000)
    count = parser.parse_args().count
    with tempfile.TemporaryDirectory() as folder:
        result = examined(count, random.Random(20261129), Path(folder))
    for what, times in sorted(result.items()):
        print(f"{what:<24} {times:>9,}")
    return 1 if result["rubbish"] or result["whole"] < (count + 9) // 10 else 0


if __name__ == "__main__":
    sys.exit(main())
