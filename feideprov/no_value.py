"""Texts that hold no value: errors of spreadsheets, and what programs write where there is nothing.

A look-up in a spreadsheet that finds nothing leaves `#I/T`, a database leaves `NULL`. Read as keys, two such cells
would make one user of two people.

Sources: Microsoft's lists of error values in Excel by language, LibreOffice's error codes (501 to 540), and the
translations of HyperFormula (handsontable/hyperformula, src/i18n/languages).
"""

from __future__ import annotations

import re
from typing import Final

from feideprov.messages import Sentence


def _formula(what: Sentence) -> Sentence:
    return Sentence(
        "this is an error of a spreadsheet: {what}. Correct the formula, or write the value.",
        what=what,
    )


_NOT_FOUND: Final = _formula(Sentence("the look-up found nothing"))
_REFERENCE: Final = _formula(Sentence("a formula refers to a cell that is gone"))
_KIND: Final = _formula(Sentence("a formula got a value of the wrong kind"))
_UNKNOWN: Final = _formula(Sentence("a formula has a name that the spreadsheet does not know"))
_ZERO: Final = _formula(Sentence("a formula divides by zero"))
_NUMBER: Final = _formula(Sentence("a formula gives no number that the spreadsheet can use"))
_INTERSECTION: Final = _formula(Sentence("two areas in a formula have no cell in common"))
_NO_ROOM: Final = _formula(Sentence("there is no room for the result of a formula"))
_NOT_YET: Final = Sentence(
    "this is an error of a spreadsheet: it had not fetched the data when the file was saved. Open the spreadsheet, "
    "wait for the data, and save the file again."
)
NO_RESULT: Final = "#FORMULA?"
"""What is read where a program has written a formula into a spreadsheet and no result."""
_NO_RESULT: Final = Sentence(
    "a formula is here without its result. Open the file in Excel or LibreOffice, save it again, then run again."
)
MADE_DATE: Final = "#DATE?"
"""What is read where a spreadsheet has a date or a time in a column that is not for dates."""
_MADE_DATE: Final = Sentence(
    "the spreadsheet has made a date or a time of this. Format the column as text, and fill in the value again."
)
_OTHER_ERROR: Final = Sentence("this is an error of a spreadsheet. Correct the formula, or write the value.")
_MEANINGS: Final = (
    (_NOT_FOUND, "#I/T #N/A #NV #N/D #N/D! #N/B #Н/Д #SAKNAS! #MANGLER! #PUUTTUU! #YOK #HIÁNYZIK #NENÍ_K_DISPOZICI"),
    (_REFERENCE, "#REF! #REFERENCE! #REFERENS! #BEZUG! #RIF! #VERW! #ADR! #VIITTAUS! #ССЫЛКА! #BAŞV! #HIV! #ODKAZ!"),
    (_KIND, "#VERDI! #VALUE! #VÆRDI! #VÄRDEFEL! #WERT! #VALEUR! #VALOR! #VALORE! #WAARDE! #ARVO! #ARG! #ЗНАЧ! #DEĞER!"),
    (_KIND, "#ÉRTÉK! #HODNOTA!"),
    (_UNKNOWN, "#NAVN? #NAMN? #NAME? #NOM? #NOMBRE? #NOME? #NAAM? #NIMI? #NAZWA? #ИМЯ? #AD? #NÉV? #NÁZEV?"),
    (_ZERO, "#DIV/0! #DIVISION/0! #JAKO/0! #DEEL/0! #DZIEL/0! #ДЕЛ/0! #SAYI/0! #ZÉRÓOSZTÓ! #DĚLENÍ_NULOU!"),
    (_NUMBER, "#NUM! #TALL! #TAL! #ZAHL! #NOMBRE! #NÚM! #GETAL! #OGILTIGT! #LUKU! #LICZBA! #ЧИСЛО! #SAYI! #SZÁM!"),
    (_NUMBER, "#ČÍSLO!"),
    (_INTERSECTION, "#NULL! #NUL! #NULO! #NULLO! #LEEG! #SKÄRNING! #TYHJÄ! #ZERO! #ПУСТО! #BOŞ! #NULLA!"),
    (_NO_ROOM, "#SPILL! #OVERFLYT! #OVERLØP! #OVERLØB! #ÜBERLAUF! #PROPAGATION! #OVERLOOP! #ESPANSIONE! #ПЕРЕНОС!"),
    (_NO_RESULT, NO_RESULT),
    (_MADE_DATE, MADE_DATE),
    (_NOT_YET, "#GETTING_DATA #HENTER_DATA #HENTAR_DATA #BUSY! #OPPTATT! #CONNECT! #BLOCKED!"),
)
"""Norwegian, the languages of Norway's neighbours, and of those who come from far away, as Excel and LibreOffice write
them. An error that is not here is recognized by its form, but not explained."""
_ERRORS: Final = {error.casefold(): meaning for meaning, errors in _MEANINGS for error in errors.split()}
_NARROW: Final = Sentence(
    "the column is too narrow in the spreadsheet, which shows “#” instead of the value. Make the column wider, and "
    "save the file again."
)
NOTHING: Final = Sentence(
    "this is what a program writes where there is no value. Write the value, or leave the cell empty."
)
_NO_NAME: Final = Sentence(
    "this is what a program writes where there is no value. Leave the cell empty. If it is the name of the person, "
    "write it with one capital letter, such as Null."
)

_NO_NUMBER_YET: Final = frozenset(
    (
        *("har ikke nummer ennå", "har ikke nummer", "ikke nummer ennå", "har ikke fått nummer ennå"),
        *("har ikkje nummer enno", "har ikkje nummer", "ikkje nummer enno", "har ikkje fått nummer enno"),
        *("has no number yet", "has no number", "no number yet", "no number"),
    )
)
"""What a person writes, or chooses in a sheet, where there will be a number."""

_PART: Final = re.compile(r"#[^\s#|:;,@]+")
"""A formula that joins texts may leave an error inside another text: `b:#I/T:9A`."""
_SPANISH: Final = str.maketrans("", "", "¡¿")
_OF_ANY_KIND: Final = re.compile(r"#[^\W\d_][\w/]*[!?]")
_LIBREOFFICE: Final = re.compile(
    r"(?:err|feil|fel|fejl|fehler|virhe|erreur|error|errore|fout|błąd|chyba|hiba|hata|ошибка|помилка) ?: ?5\d\d",
    re.IGNORECASE,
)
_BETWEEN_VALUES: Final = re.compile(r" *\| *|:(?! )")

_NO_WORDS: Final = frozenset(
    (
        *("(null)", "[null]", "<null>", "{null}", "$null", "(none)", "<none>", "<nil>", "(nil)", "<na>"),
        *("n/a", "\\n", "dbnull", "-nan", "nan(ind)", "-nan(ind)"),
    )
)
"""In any letters, and never a person's name."""
_WORDS: Final = frozenset(["null", "none", "undefined"])
"""In any letters, but Null and None are names too."""
_SHORT_WORDS: Final = frozenset(["NaN", "nan", "nil", "NaT"])
"""As programs spell them: somebody's initials are NIL, and Nan and Nil are names."""
_AS_PROGRAMS_WRITE: Final = frozenset(["NULL", "null", "None", "undefined"]) | _SHORT_WORDS
_NEVER_A_NAME: Final = frozenset(["undefined", "NaN", "NaT"])


def no_value(text: str) -> Sentence | None:
    """What a cell means that holds no value, as what follows the name of a column; None when it may hold one.

    A cell of several values (`hylla|#I/T`, `b:undefined:9A`) counts when one of them is none.

    >>> no_value("#I/T"), no_value("p1")
    ('this is an error of a spreadsheet: the look-up found nothing. Correct the formula, or write the value.', None)
    """
    if error := _error(text):
        return error
    parts = _BETWEEN_VALUES.split(text) if "|" in text or ":" in text else [text]
    return NOTHING if any(map(_is_word, parts)) else None


def no_name(name: str, beside: str | None = None) -> Sentence | None:
    """The same for a person's name. `beside` is the other one of given name and family name; None: it is neither.

    People are called Null, None, Nil and Nan. As given name or family name, these words are names unless a program
    spelled them: `NULL` beside a name that is not in capitals, `null`, `nil` and `nan` beside one that is not in small
    letters, or the same word twice.

    >>> [bool(no_name(*names)) for names in [("Null", "Jennifer"), ("NULL", "Jennifer"), ("None", "None")]]
    [False, True, True]
    """
    if error := _error(name):
        return error
    if name.casefold() in _NO_WORDS or name in _NEVER_A_NAME:
        return NOTHING
    if name not in _AS_PROGRAMS_WRITE or (name == "None" and beside is not None and beside != name):
        return None
    same_letters = str.isupper if name.isupper() else str.islower
    return None if beside and beside not in _AS_PROGRAMS_WRITE and same_letters(beside) else _NO_NAME


def no_number_yet(text: str) -> bool:
    """Whether a cell for a number says in words that the person has none.

    >>> no_number_yet("Har ikke nummer  ennå."), no_number_yet("12345")
    (True, False)
    """
    return text[:1].isalpha() and " ".join(text.casefold().split()).rstrip(".") in _NO_NUMBER_YET


def _error(text: str) -> Sentence | None:
    if "#" not in text:
        return _OTHER_ERROR if ":" in text and _LIBREOFFICE.fullmatch(text) else None
    plain = text.translate(_SPANISH)
    if meaning := _ERRORS.get(plain.casefold()):
        return meaning
    if len(plain) > 1 and not plain.strip("#"):
        return _NARROW
    for part in _PART.findall(plain):
        if part == part.upper() and (meaning := _ERRORS.get(part.casefold())):
            return meaning
        if part == part.upper() and _OF_ANY_KIND.fullmatch(part):
            return _OTHER_ERROR
    return None


def _is_word(part: str) -> bool:
    text = part.strip()
    return text in _SHORT_WORDS or (word := text.casefold()) in _NO_WORDS or word in _WORDS
