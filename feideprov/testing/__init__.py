"""For the tests of programs that use feideprov: an example organization, and Hypothesis strategies.

    from feideprov.testing import example_directory, example_settings
    from feideprov.testing.strategies import person_lists, tenor_d_numbers

All people and numbers are synthetic: numbers are of the series that Skatteetaten's Tenor test data uses (month + 80),
which nobody has. The strategies need Hypothesis (`pip install hypothesis`); the example does not.
"""

from __future__ import annotations

from feideprov.testing.example import example_directory, example_entries, example_settings

__all__ = ["example_directory", "example_entries", "example_settings"]
