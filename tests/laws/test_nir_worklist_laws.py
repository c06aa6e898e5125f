"""The worklist has every verdict of every record, and no other."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from nir_lives import Stage, stages

from feideprov.nir.model import Record
from feideprov.nir.requirements import verdicts
from feideprov.nir.table.rules import Rules
from feideprov.nir.work_items import ItemKind, worklist

RULES = Rules.shipped()


def _of_another(stage: Stage, number: int) -> Record:
    person = stage.record.person.model_copy(update={"key": f"r-{number}"})
    return stage.record.model_copy(update={"person": person})


@given(st.lists(stages(), min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_the_worklist_is_the_union_of_the_verdicts_of_the_records(several: list[Stage], chance) -> None:
    records = [_of_another(stage, number) for number, stage in enumerate(several)]
    people, on, setting = [record.person for record in records], several[0].on, several[0].setting
    items = worklist(people, records, RULES, setting, on)
    told = {
        (item.person, item.scheme, verdict)
        for item in items
        if item.kind is ItemKind.RECORD
        for verdict in item.verdicts
    }
    expected = {
        (record.person.key, record.scheme, verdict) for record in records for verdict in verdicts(record, RULES, on)
    }
    assert told == expected
    chance.shuffle(records)
    assert sorted(map(repr, worklist(people, records, RULES, setting, on))) == sorted(map(repr, items))
