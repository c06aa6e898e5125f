"""The register keeps no contents that no rule reads; so what it keeps is judged as what was written down."""

from __future__ import annotations

from hypothesis import given
from nir_lives import LAWS, Stage, stages

from feideprov.journal.keys import MarkKey
from feideprov.nir.channels import channel
from feideprov.nir.model import Law
from feideprov.nir.register.content import Content
from feideprov.nir.register.recorded import with_records
from feideprov.nir.register.stored import of_text, to_text
from feideprov.nir.requirements import verdicts
from feideprov.nir.table.rules import Rules
from feideprov.nir.training import training_limit

KEY = MarkKey(b"a key for laws and nothing else")
RULES = Rules.shipped()


@given(stages())
def test_what_the_register_keeps_is_judged_as_what_was_written_down(stage: Stage) -> None:
    record, on = stage.record, stage.on
    content, _ = of_text(to_text(with_records(Content(), [record], KEY, keep=frozenset()), "a key"))
    kept = content.records[record.person.key, record.scheme]
    assert verdicts(kept, RULES, on) == verdicts(record, RULES, on)
    for name in map(Law, LAWS):
        assert training_limit(kept, name, RULES) == training_limit(record, name, RULES)
        for field in stage.fields:
            once, again = (
                channel(stage.setting, name, field, on, RULES, person=one.person, scheme=one.scheme)
                for one in (record, kept)
            )
            assert once == again


@given(stages())
def test_the_text_of_the_file_is_read_as_it_was_written(stage: Stage) -> None:
    content = with_records(Content(), [stage.record], KEY, keep=frozenset({"*"}))
    assert of_text(to_text(content, "a key")) == (content, "a key")
