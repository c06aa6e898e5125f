"""What becomes of a list that is written down: new, changed or unchanged."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Final

from feideprov.messages import NOTHING
from feideprov.nir import Law, Person, Record, Scheme, Value, Verdict, VerdictKind
from feideprov.nir.lists.recording import Recorded, recorded, stored
from feideprov.nir.register.content import Content, Seen

RECORD: Final = Record(person=Person(key="a-1"), scheme=Scheme.NORSK, values={"morsmaal": Value(content=True)})
PLACE: Final = ("a-1", Scheme.NORSK)
BEFORE: Final = Content(people={"a-1": RECORD.person}, records={PLACE: RECORD})


def missing(_record: Record) -> tuple[Verdict, ...]:
    one = Verdict("N20-timer", VerdictKind.MISSING, "timer_norsk", None, None, "", "", NOTHING, Law.INTEGRERINGSLOVEN)
    return (one, replace(one, kind=VerdictKind.QUESTION), one)


def test_a_record_is_new_changed_or_unchanged() -> None:
    def counts(before: Content, after: Content) -> tuple[int, int, int]:
        found = recorded(before, after, [RECORD], lambda _: ())
        return found.new, found.changed, found.unchanged

    later = RECORD.model_copy(update={"start": date(2026, 1, 1)})
    assert counts(Content(), BEFORE) == (1, 0, 0)
    assert counts(BEFORE, replace(BEFORE, records={PLACE: later})) == (0, 1, 0)
    assert counts(BEFORE, BEFORE) == (0, 0, 1)
    seen = {"a-1": {"number": Seen("a-1", date(2026, 1, 1), "Kari", fields=("number",))}}
    assert counts(BEFORE, replace(BEFORE, seen_of_person=seen)) == (0, 1, 0)
    others = replace(BEFORE, contents={("a-2", Scheme.NORSK, "morsmaal"): "x"})
    assert counts(BEFORE, others) == (0, 0, 1)


def test_verdicts_are_counted_by_kind() -> None:
    found = recorded(Content(), BEFORE, [RECORD], missing)
    assert found.verdicts == {VerdictKind.MISSING: 2, VerdictKind.QUESTION: 1}
    assert stored(BEFORE, missing) == Recorded(0, 0, 1, found.verdicts)
    assert stored(Content(), missing) == Recorded()
