"""What each code says: what it is, and what to do next.

The texts are fixed. Nothing of the number or of the person is ever put into them.
"""

from __future__ import annotations

from typing import Final

from feideprov.messages import Sentence

SENTENCES: Final[dict[str, Sentence]] = {
    # accept
    "N-OK": Sentence("The number has the right form and can be used."),
    "N-OK-EVIDENCE": Sentence(
        "The number alone does not show whether it is right, but the recorded evidence does: it can be used."
    ),
    # needs evidence
    "N-EVIDENCE-FUTURE": Sentence(
        "The evidence has a date in the future. Correct the day on which the number was seen."
    ),
    "N-EVIDENCE-OLD": Sentence(
        "The evidence is older than the number can be: on that day, the number was not issued yet. "
        "Correct the day on which the number was seen, or compare the number with its source again."
    ),
    "N-FILLER-VALID": Sentence(
        "The number ends with digits that are often used to fill the field, but the check digits are "
        "right, so the number can be real. Look the number up in the register or in "
        "the person's letter, and record who saw it."
    ),
    "N-DATE-PARENT": Sentence(
        "According to this number, the person is a generation older than the recorded birth date says: "
        "perhaps it is a parent's number. Compare the number with the person's own letter or card, and "
        "record who saw it."
    ),
    "N-DATE": Sentence(
        "The date in the number differs from the recorded birth date, as it sometimes does in genuine "
        "numbers. Compare the number with the person's letter or card, or the register, and record "
        "who saw it."
    ),
    "N-OLD": Sentence(
        "According to this number, the person is more than 110 years old. Look for a typing mistake. If "
        "the number is right, record who saw it."
    ),
    "N-D-900": Sentence(
        "This can be a real D-number (such numbers are common for children) or one of the county's own "
        "numbers, which look the same. Compare it with the person's letter or the register, and record who "
        "saw it."
    ),
    "N-DUF-SWEDISH": Sentence(
        "This can be a DUF number, but it also looks like a Swedish number (personnummer). Compare it with the "
        "asylum seeker's card or UDI's letter, and record who saw it."
    ),
    "N-DUF-LOCAL": Sentence(
        "This can be a DUF number, or a local number that begins with a birth date. Compare it with the asylum "
        "seeker's card or UDI's letter, and record who saw it."
    ),
    "N-DUF-CHECK": Sentence(
        "This has the form of a DUF number, but the check digits are wrong. Compare the number with the "
        "asylum seeker's card or UDI's letter. If the number is right, record who saw it."
    ),
    # refuse: how it is written
    "N-EMPTY": Sentence("There is no number here. Leave the field empty until the person has a number."),
    "N-LETTERS": Sentence(
        "This contains letters or signs, so it is not a national identity number. Copy the digits from "
        "the person's letter or card."
    ),
    "N-NO-VALUE": Sentence(
        "This is an error of a spreadsheet, such as #I/T or #N/A, or what a program writes where there is no value, "
        "such as NULL. Correct the formula, or leave the field empty until the person has a number."
    ),
    "N-DECIMAL": Sentence(
        "A spreadsheet has changed this to a decimal number, and a zero at the beginning is perhaps "
        "lost. Format the column as text, and enter the number again."
    ),
    "N-TEN-DIGITS": Sentence(
        "This has ten digits: perhaps a spreadsheet has removed a zero at the beginning. Look at the "
        "source, format the column as text, and enter all eleven digits."
    ),
    "N-RNOKPP": Sentence(
        "This looks like a Ukrainian taxpayer number (RNOKPP), which is not a Norwegian number. Leave "
        "the field empty until the person has a D-number or fødselsnummer."
    ),
    "N-SWEDISH": Sentence(
        "This looks like a Swedish number (personnummer or samordningsnummer), which is not a Norwegian "
        "number. Leave the field empty until the person has a D-number or fødselsnummer."
    ),
    "N-DANISH": Sentence(
        "This cannot be used: it looks like a Danish number (CPR), or like a Norwegian number that was "
        "cut. Look at the person's letter or card. If the person has no Norwegian number yet, leave the field empty."
    ),
    "N-LENGTH": Sentence(
        "This has the wrong number of digits: a fødselsnummer or a D-number has eleven, and a DUF number "
        "has twelve. Copy the number again from the person's letter or card."
    ),
    # refuse: something else
    "N-LOCAL-LONG": Sentence(
        "This looks like a birth date and a local serial number that a school system has made. Leave the "
        "field empty, and create the user without a number."
    ),
    "N-ALIKE": Sentence(
        "One repeated digit is not an identity number. Leave the field empty until the person has a number."
    ),
    "N-FILLER": Sentence(
        "This is a birth date followed by digits that only fill the field, because the number was "
        "unknown. Leave the field empty until the person has a number."
    ),
    "N-H": Sentence(
        "This is an auxiliary number of a hospital (H-number), a test number of NAV or a student number, "
        "not a national number. Ask for the person's D-number or fødselsnummer."
    ),
    "N-FH": Sentence(
        "This is an FH-number (felles hjelpenummer) of the health service, not a national number. Ask "
        "for the person's D-number or fødselsnummer."
    ),
    "N-S": Sentence(
        "This is a student number (S-number) from Samordna opptak or FS, not a national number. Ask for "
        "the person's D-number or fødselsnummer."
    ),
    "N-NPID": Sentence(
        "This is NAV's own number (NPID or BOST), not a national number. Ask for the person's D-number "
        "or fødselsnummer."
    ),
    "N-NHN": Sentence(
        "This is a synthetic test number from Norsk helsenett and belongs to nobody. Leave the field empty."
    ),
    "N-TENOR": Sentence(
        "This is a synthetic number from Skatteetaten's test data (Tenor) and belongs to nobody. It can "
        "be used only in a directory that is set up as a test directory."
    ),
    "N-REAL-IN-TEST": Sentence(
        "This can be a real person's number, but this directory is set up as a test directory. Use a "
        "Tenor number instead."
    ),
    "N-DUF-CUT": Sentence(
        "This looks like a DUF number that has lost its last digit, because the field was too short. "
        "Enter all twelve digits from the asylum seeker's card, in a field for DUF numbers."
    ),
    "N-DUF-NOT-WRITTEN": Sentence(
        "This is a DUF number, and with the setting duf in [numbers] it is not written to "
        "norEduPersonNIN. The user has no number there until the person gets a D-number or fødselsnummer."
    ),
    # refuse: no number of its kind can look so
    "N-2032": Sentence(
        "The check digits are right only by the rule for numbers issued from 2032, and no such number "
        "exists yet. Look for a typing mistake."
    ),
    "N-CHECK": Sentence(
        "The check digits are wrong, so the number has a typing mistake or is not a national number. "
        "Copy the number again from the person's letter or card."
    ),
    "N-NO-DATE": Sentence(
        "The number does not begin with a date that exists. Copy the number again from the person's letter or card."
    ),
    "N-CENTURY": Sentence(
        "No number in this series has been issued for this birth year. Copy the number again from the "
        "person's letter or card."
    ),
    "N-FUTURE": Sentence(
        "According to this number, the person is not born yet. Copy the number again from the person's letter or card."
    ),
}
