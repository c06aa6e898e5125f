"""No name with signs that no name has is read from a list, and no whole list is refused. `make sweep` takes more."""

from __future__ import annotations

import random

import list_encodings
from size import size

COUNT = size(400, 20_000)


def test_no_rubbish_is_read_and_no_whole_list_is_refused(tmp_path):
    result = list_encodings.examined(COUNT, random.Random(1), tmp_path)
    assert result["rubbish"] == 0
    assert result["whole"] == COUNT // 10
