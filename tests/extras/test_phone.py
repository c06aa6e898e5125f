"""Mobile numbers with the extra “phone”."""

from __future__ import annotations

import pytest

from feideprov import InputError
from feideprov.feide.phone import is_mobile, mobile_number


def test_the_extra_knows_each_country():
    assert mobile_number("+44 (0)7911 123456") == "+447911123456"
    with pytest.raises(InputError, match="another length"):
        mobile_number("+47 9012345")
    with pytest.raises(InputError, match="No country has the code"):
        mobile_number("+999 90123456")


def test_the_extra_knows_which_numbers_are_mobile_numbers():
    assert is_mobile("+46701234567")
    assert not is_mobile("+46812345678")
