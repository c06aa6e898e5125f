"""The collector of garbage rests while a plan is made, and goes on afterwards."""

from __future__ import annotations

import gc

import pytest

from feideprov.programs.gc_paused import gc_paused


def test_the_collector_rests_and_goes_on() -> None:
    with gc_paused():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_it_goes_on_after_an_error() -> None:
    with pytest.raises(ValueError, match="no such row"), gc_paused():
        raise ValueError("no such row")
    assert gc.isenabled()


def test_a_collector_that_was_at_rest_stays_so() -> None:
    gc.disable()
    try:
        with gc_paused():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
