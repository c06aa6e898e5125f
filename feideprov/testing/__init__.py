"""For the tests of programs that use feideprov: an example organization, and Hypothesis strategies.

    from feideprov import Client
    from feideprov.testing import example_directory, example_settings
    from feideprov.testing.strategies import d_numbers, person_lists, with_birth_date

    @given(person_lists(["hylla", "berg"], numbers=with_birth_date(d_numbers)))
    def test_everybody_in_the_list_gets_a_user(people):
        with tempfile.TemporaryDirectory() as folder:
            with Client(example_settings(Path(folder)), directory=example_directory()) as client:
                outcome = client.apply(client.plan(people))
        assert outcome.counts["created"] == len(people)

`feideprov.testing.strategies` has strategies for numbers, texts that only look like one, people, and lists of people
and of numbers. People and numbers are synthetic by default: the numbers have the form of Skatteetaten's Tenor test data
(month + 80), and nobody has them. The strategies need Hypothesis (`pip install hypothesis`); the example does not.
"""

from __future__ import annotations

from feideprov.testing.example import example_directory, example_entries, example_settings
from feideprov.testing.password_sink import MemoryPasswordSink

__all__ = ["MemoryPasswordSink", "example_directory", "example_entries", "example_settings"]
