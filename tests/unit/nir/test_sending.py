"""What is handed over to an adapter, what waits, and what becomes of its receipts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hand_over import (
    BORN_NUMBER,
    CONTENTS,
    D_NUMBER,
    DAY,
    KEY,
    ON,
    SETTING,
    hand_over,
    person,
    record,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from size import size

from feideprov.messages import Sentence
from feideprov.nir import (
    Batch,
    Given,
    Law,
    Number,
    NumberKind,
    Person,
    Receipt,
    ReceiptOutcome,
    Record,
    Scheme,
    SeenInNir,
    Sending,
    Setting,
    Timer,
    Value,
    Vedtak,
    VedtakKind,
)
from feideprov.nir.outbox.sending import send
from feideprov.testing.outbox_contract import MemoryOutbox
from feideprov.text import holds_number

ALL = len(CONTENTS)


def taking(*fields: str) -> MemoryOutbox:
    return MemoryOutbox(fields or ("*",), (NumberKind.DNR, NumberKind.FNR))


def codes(sending: Sending) -> list[str]:
    return [one.code for one in (*sending.refusals, *sending.held, *sending.failures)]


def said(sending: Sending) -> str:
    return "\n".join(one.sentence for one in (*sending.refusals, *sending.held, *sending.failures))


def before(sending: Sending) -> dict[tuple[str, Scheme, str], str]:
    return {(one.person, one.scheme, one.field): one.hash for one in sending.handed_over}


def sums(sending: Sending, **counts: int) -> None:
    assert {name: count for name, count in sending.counts.items() if count} == counts


def test_every_field_of_a_record_that_ws4_takes_is_handed_over() -> None:
    outbox = taking()
    sending = send([record()], hand_over(outbox))
    sums(sending, handed_over=ALL)
    assert codes(sending) == []
    [batch] = outbox.batches
    [one] = batch.records
    assert (batch.municipality, batch.on, one.law) == ("3999", ON, Law.INTEGRERINGSLOVEN)
    assert one.fields == tuple(sorted(CONTENTS))
    assert {name: value.content for name, value in one.record.values.items()} == CONTENTS
    assert {receipt.outcome for receipt in sending.receipts} == {ReceiptOutcome.HANDED_OVER}
    assert {(one.field, one.channel, one.on) for one in sending.handed_over} == {(name, "ws4", ON) for name in CONTENTS}


def test_an_adapter_gets_the_key_one_number_and_the_fields_and_nothing_else_of_a_person() -> None:
    outbox = taking("vedtak")
    send([record()], hand_over(outbox))
    [one] = outbox.batches[0].records
    assert one.record == Record(
        person=Person(key="ref-01", numbers=person().numbers), scheme="introduksjonsprogram", values=one.record.values
    )
    assert set(one.record.values) == {"vedtak"}
    assert D_NUMBER not in repr(outbox.batches)
    assert "a reason" not in repr(outbox.batches)


def test_nothing_to_hand_over_is_no_batch() -> None:
    outbox = taking()
    assert send([], hand_over(outbox)) == Sending(
        counts=dict.fromkeys(("handed_over", "unchanged", "refused", "held", "failed"), 0)
    )
    send([record(contents={"vedtak": Value(available_on=DAY)})], hand_over(outbox))
    assert outbox.batches == []


# What is not handed over.


@pytest.mark.parametrize(
    ("roles", "accepted"),
    [
        (["kommuneintrobruker"], {"introduksjonsprogram", "mottak_kvalifisering"}),
        (["kommunenorskbruker"], {"norsk_og_samfunnskunnskap", "mottak_opplaering"}),
        (["kommuneintrobruker", "kommunenorskbruker"], {str(one) for one in Scheme}),
        ([], set()),
    ],
)
def test_the_role_is_asked_first_and_the_refusal_names_it(roles: list[str], accepted: set[str]) -> None:
    outbox = taking()
    records = [record(contents={"reservasjon_forskning": False}, scheme=scheme) for scheme in Scheme]
    sending = send(records, hand_over(outbox, roles=roles))
    assert {one.code for one in sending.refusals} <= {"R-NIR-ROLE"}
    assert len(sending.refusals) == 4 - len(accepted) == sending.counts["refused"]
    wanted = {"kommuneintrobruker", "kommunenorskbruker"} - set(roles)
    assert all(any(role in one.sentence for role in wanted) for one in sending.refusals)
    handed = {str(one.record.scheme) for batch in outbox.batches for one in batch.records}
    assert handed <= accepted
    assert not {str(one.scheme) for one in sending.receipts} - accepted


def test_a_record_with_a_forbidden_field_is_refused_whole_until_it_is_gone() -> None:
    """Worked by hand: introduksjonsloven, with sluttmaal and integreringskontrakt."""
    who = person(
        permit={"basis": "28", "granted": date(2019, 5, 10)}, arrived=date(2019, 6, 1), settled=date(2019, 7, 1)
    )
    outbox, given = taking(), hand_over(on=date(2021, 9, 15), setting=ready_in_2021())
    given = replace(given, adapter=outbox)
    decision = Vedtak(date=date(2021, 7, 30), start=date(2021, 8, 2))
    fields: dict[str, Any] = {"tilbud_eller_krav_dato": date(2021, 7, 20), "vedtak": decision}
    wrong = send([record(who, fields | {"sluttmaal": "a goal", "integreringskontrakt": True})], given)
    assert outbox.batches == []
    sums(wrong, refused=4)
    assert codes(wrong) == ["R-NIR-FORBIDDEN"] * 2
    for text in ("ref-01", "sluttmaal", "P03-sluttmaal", "integreringskontrakt", "P03-integreringskontrakt"):
        assert text in said(wrong)
    right = send([record(who, fields)], given)
    sums(right, handed_over=2)


def ready_in_2021() -> Setting:
    return Setting(transfers=True, ready={"introduksjonsloven": (date(2021, 3, 1), "the vendor")}, municipality="3999")


def test_a_question_about_a_field_holds_that_field_alone() -> None:
    sending = send([record(contents=CONTENTS | {"a_field_of_ours": True})], hand_over())
    sums(sending, handed_over=ALL, held=1)
    [held] = sending.held
    assert (held.code, held.held) == ("R-NIR-HELD", True)
    assert "a_field_of_ours" in held.sentence
    assert "NO-RULE" in held.sentence


def test_a_question_about_the_settlement_day_holds_no_field() -> None:
    who = person(search_out=date(2022, 3, 2))
    sums(send([record(who)], hand_over()), handed_over=ALL)


@pytest.mark.parametrize("settled", [None, date(2022, 6, 16)])
def test_without_settlement_day_the_whole_record_waits(settled: date | None) -> None:
    outbox = taking()
    sending = send([record(person(settled=settled))], hand_over(outbox))
    sums(sending, held=ALL)
    assert outbox.batches == []
    assert "B-SETTLED" in said(sending)


def test_where_the_law_is_not_known_the_whole_record_waits() -> None:
    sending = send([record(person(permit=None))], hand_over())
    sums(sending, held=ALL)
    assert "L-PERMIT" in said(sending)
    assert len(sending.held) == 1, "one line for the record"


def test_what_is_registered_under_another_scheme_is_asked() -> None:
    sending = send([record(contents={"vedtak": CONTENTS["vedtak"]}, scheme="mottak_opplaering")], hand_over())
    sums(sending, held=1)
    assert "MO-PERMIT" in said(sending)


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        (Setting(municipality="3999"), "C3"),
        (Setting(transfers=True, municipality="3999"), "C7"),
        (SETTING.model_copy(update={"closed": Setting(closed=[(date(2022, 6, 1), None, "IMDi")]).closed}), "C2"),
    ],
)
def test_what_ws4_does_not_take_today_waits_with_the_sentence_of_its_channel(setting: Setting, words: str) -> None:
    from feideprov.nir import channel

    outbox = taking()
    sending = send([record()], hand_over(outbox, setting=setting))
    sums(sending, held=ALL)
    assert outbox.batches == []
    decided = channel(setting, Law.INTEGRERINGSLOVEN, "vedtak", ON)
    assert decided.id == words
    assert {one.code for one in sending.held} == {"R-NIR-CHANNEL"}
    assert str(decided.sentence) in said(sending)


def test_a_person_of_another_municipality_is_not_handed_over() -> None:
    sums(send([record(person(register_municipality="3998"))], hand_over()), held=ALL)


def test_an_adapter_gets_only_the_fields_that_it_declares() -> None:
    outbox = taking("vedtak", "tiltak")
    sending = send([record()], hand_over(outbox))
    sums(sending, handed_over=2, held=ALL - 2)
    assert outbox.batches[0].records[0].fields == ("tiltak", "vedtak")
    assert "The outbox adapter “memory” does not take it: register it in NIR web." in said(sending)


@pytest.mark.parametrize("content", [Given(), (Given(), Given())])
def test_a_content_that_was_not_kept_waits_until_the_list_is_read_again(content: Any) -> None:
    sending = send([record(contents=CONTENTS | {"sluttmaal": content})], hand_over())
    sums(sending, handed_over=ALL - 1, held=1)
    assert codes(sending) == ["R-NIR-READ-AGAIN"]


def test_a_content_of_which_only_a_part_was_kept_waits_too() -> None:
    given = hand_over(parts={("ref-01", Scheme.INTRODUKSJONSPROGRAM, "vedtak")})
    assert codes(send([record()], given)) == ["R-NIR-READ-AGAIN"]


# Numbers.


def numbers(*kinds: str) -> tuple[Number, ...]:
    values = {"dnr": D_NUMBER, "fnr": BORN_NUMBER}
    return tuple(Number(kind=kind, value=values.get(kind, f"EXAMPLE {kind}")) for kind in kinds)


@pytest.mark.parametrize(
    ("prefers", "has", "gets"),
    [
        (("dnr", "fnr"), ("fnr", "dnr"), ["dnr"]),
        (("duf", "fnr"), ("fnr", "dnr"), ["fnr"]),
        (("pass",), ("fnr", "pass"), ["pass"]),
        ((), ("fnr", "dnr"), []),
        ((), (), []),
    ],
)
def test_an_adapter_gets_the_first_kind_of_number_that_the_person_has(prefers: Any, has: Any, gets: list[str]) -> None:
    outbox = MemoryOutbox(numbers=map(NumberKind, prefers))
    sums(send([record(person(numbers=numbers(*has)))], hand_over(outbox)), handed_over=ALL)
    assert [one.kind for one in outbox.batches[0].records[0].record.person.numbers] == gets


def test_of_two_numbers_of_a_kind_the_one_that_was_seen_last_is_taken() -> None:
    two = [Number(kind="fnr", value=BORN_NUMBER, seen_on=DAY), Number(kind="fnr", value=D_NUMBER, seen_on=ON)]
    outbox = MemoryOutbox(numbers=(NumberKind.FNR,))
    send([record(person(numbers=(*two, *numbers("fnr"))))], hand_over(outbox))
    [number] = outbox.batches[0].records[0].record.person.numbers
    assert number == two[1]


def test_a_person_without_such_a_number_is_refused_here_and_only_here() -> None:
    outbox = MemoryOutbox(numbers=(NumberKind.DUF, NumberKind.PASS))
    sending = send([record(), record(person("ref-02", numbers=numbers("duf")))], hand_over(outbox))
    sums(sending, handed_over=ALL, refused=ALL)
    assert codes(sending) == ["R-NIR-NO-NUMBER"]
    assert "duf and pass" in said(sending)
    assert [one.record.person.key for one in outbox.batches[0].records] == ["ref-02"]


# What does not change is not sent again.


def test_what_was_handed_over_is_sent_again_only_when_it_changes() -> None:
    first = send([record()], hand_over())
    outbox = taking()
    same = send([record()], hand_over(outbox, before=before(first)))
    sums(same, unchanged=ALL)
    assert outbox.batches == []
    other = Vedtak(date=DAY, start=date(2022, 5, 16), reason="another reason")
    changed = send([record(contents=CONTENTS | {"vedtak": other})], hand_over(outbox, before=before(first)))
    sums(changed, handed_over=1, unchanged=ALL - 1)
    assert outbox.batches[0].records[0].fields == ("vedtak",)


def test_what_was_handed_over_and_is_not_kept_is_unchanged() -> None:
    first = send([record()], hand_over())
    gone = dict.fromkeys(CONTENTS, Given())
    sums(send([record(contents=gone)], hand_over(before=before(first))), unchanged=ALL)


def test_what_was_seen_in_nir_is_not_sent() -> None:
    seen = Value(content="a goal", seen_in_nir=SeenInNir(on=ON, by="Kari"))
    sums(send([record(contents=CONTENTS | {"sluttmaal": seen})], hand_over()), handed_over=ALL - 1, unchanged=1)


def id_of(one: Record, **fields: Any) -> str:
    outbox = taking()
    send([one], hand_over(outbox, **fields))
    return outbox.batches[0].records[0].id


def test_the_same_contents_have_the_same_id_also_when_a_part_was_handed_over() -> None:
    place = ("ref-01", Scheme.INTRODUKSJONSPROGRAM, "vedtak")
    first = id_of(record())
    assert first == id_of(record(), before={place: before(send([record()], hand_over()))[place]})
    assert first.isalpha()
    others = [
        record(contents=CONTENTS | {"sluttmaal": "another"}),
        record(person("ref-02")),
        record(person(numbers=numbers("fnr"))),
        record(scheme="norsk_og_samfunnskunnskap", contents={"reservasjon_forskning": True}),
    ]
    assert len({first, *map(id_of, others)}) == 5


# Education comes before extended training.


def under_6a(**contents: Any) -> Record:
    who = person(
        permit={"basis": "34", "granted": date(2023, 1, 10)}, arrived=date(2023, 1, 5), settled=date(2023, 2, 1)
    )
    extended = Vedtak(kind=VedtakKind.EXTENDED, date=date(2024, 3, 1), start=date(2024, 3, 4), end=date(2024, 8, 1))
    first = Vedtak(kind=VedtakKind.GRANT, date=date(2023, 3, 1), start=date(2023, 3, 13))
    fields = {"vedtak_utvidet_norskopplaering": (extended,), "vedtak": first} | contents
    return record(who, fields, "norsk_og_samfunnskunnskap")


def test_education_is_handed_over_before_the_decision_on_extended_training() -> None:
    outbox, on = taking(), date(2024, 3, 8)
    sending = send([under_6a(utdanningsbakgrunn=True, reservasjon_forskning=False)], hand_over(outbox, on=on))
    [one] = outbox.batches[0].records
    assert one.fields[0] == "utdanningsbakgrunn"
    assert {"reservasjon_forskning", "vedtak_utvidet_norskopplaering"} <= set(one.fields), said(sending)


def test_without_education_the_decision_on_extended_training_waits() -> None:
    sending = send([under_6a()], hand_over(on=date(2024, 3, 8)))
    assert [one.field for one in sending.handed_over] == ["vedtak"]
    assert "N6A-utdanningsbakgrunn-utvidet" in said(sending)


def test_while_education_waits_the_decision_on_extended_training_waits_too() -> None:
    outbox = taking("vedtak", "vedtak_utvidet_norskopplaering")
    sending = send([under_6a(utdanningsbakgrunn=False)], hand_over(outbox, on=date(2024, 3, 8)))
    assert [one.field for one in sending.handed_over] == ["vedtak"]
    assert "Register utdanningsbakgrunn in NIR before it." in said(sending)


def test_a_dry_run_says_what_would_be_handed_over_and_calls_no_adapter() -> None:
    outbox = taking("vedtak", "tiltak")
    sending = send([record()], hand_over(outbox), dry_run=True)
    sums(sending, handed_over=2, held=ALL - 2)
    assert outbox.batches == []
    assert (sending.receipts, sending.handed_over, sending.failures) == ((), (), ())


# Receipts.


class Answers(MemoryOutbox):
    """Answers with what a function makes of the batch."""

    def __init__(self, made: Any) -> None:
        super().__init__(numbers=(NumberKind.DNR,))
        self.made = made

    def send(self, batch: Batch) -> Any:
        self.batches.append(batch)
        return self.made(batch, list(MemoryOutbox.send(MemoryOutbox(), batch)))


def answered(made: Any) -> Sending:
    return send([record()], hand_over(Answers(made)))


def test_a_field_that_the_adapter_refuses_is_refused_with_its_reason_without_number_and_contents() -> None:
    reason = f"{D_NUMBER} unknown, 128294-99914 too; “a goal” is no code, A Reason neither, but “a goals” is a word"
    sending = answered(
        lambda batch, receipts: [
            batch.receipt(batch.records[0], "sluttmaal", refused=reason),
            *receipts[:1],
            *receipts[2:],
        ]
    )
    sums(sending, handed_over=ALL - 1, refused=1)
    [refusal] = sending.refusals
    assert refusal.code == "R-NIR-REFUSED"
    assert "… unknown, … too; “…” is no code, … neither, but “a goals” is a word" in refusal.sentence
    [refused] = [one for one in sending.receipts if one.outcome is ReceiptOutcome.REFUSED]
    assert str(refused.reason) in refusal.sentence
    assert "sluttmaal" not in [one.field for one in sending.handed_over]


def test_a_number_that_does_not_look_like_one_is_taken_out_of_a_reason_too() -> None:
    outbox = Answers(lambda batch, receipts: [batch.receipt(batch.records[0], "sluttmaal", refused="No example Pass.")])
    outbox.numbers = (NumberKind.PASS,)
    sending = send([record(person(numbers=numbers("pass")), {"sluttmaal": "a goal"})], hand_over(outbox))
    assert "refused it: No …." in said(sending)


NORSK = Scheme.NORSK.value


def test_neither_hours_nor_the_contents_of_another_record_are_in_a_reason() -> None:
    timer = Timer(hours=Decimal("37.5"))
    others = [
        record(person("ref-01"), {"sluttmaal": "a goal"}),
        record(person("ref-02"), {"timer_norsk": timer}, NORSK),
    ]
    outbox = Answers(
        lambda batch, _: [
            batch.receipt(batch.records[0], "sluttmaal", refused="37,5 or 37.5 hours of the other one, 137.55 not")
        ]
    )
    assert "refused it: … or … hours of the other one, 137.55 not" in said(send(others, hand_over(outbox)))


def test_a_refusal_without_a_reason_says_so() -> None:
    sending = answered(lambda batch, receipts: [replace(one, outcome="refused") for one in receipts])
    sums(sending, refused=ALL)
    assert "gave no reason" in said(sending)


@pytest.mark.parametrize(
    ("made", "words", "failed"),
    [
        (lambda batch, receipts: receipts[1:], "There is no receipt", 1),
        (lambda batch, receipts: [], "There is no receipt", ALL),
        (lambda batch, receipts: None, "failed (TypeError) when it had given 0 receipts", ALL),
        (lambda batch, receipts: ["yes", *receipts], "gave 1 answer that does not count: not made as a receipt", 0),
        (lambda batch, receipts: [replace(receipts[0], record="x"), *receipts], "a record or a field that was not", 0),
        (lambda batch, receipts: [replace(receipts[0], field="x"), *receipts], "a record or a field that was not", 0),
        (lambda batch, receipts: [replace(receipts[0], record=[]), *receipts], "not made as a receipt", 0),
        (lambda batch, receipts: [replace(one, outcome="registered") for one in receipts], "another outcome", ALL),
        (lambda batch, receipts: [replace(one, outcome=None) for one in receipts], "4 answers that do not", ALL),
        (lambda batch, receipts: [*receipts, receipts[0]], "for a field that had a receipt before", 1),
    ],
)
def test_what_is_no_receipt_of_the_batch_does_not_count(made: Any, words: str, failed: int) -> None:
    sending = answered(made)
    sums(sending, **{name: n for name, n in (("handed_over", ALL - failed), ("failed", failed)) if n})
    assert words in said(sending)
    assert set(codes(sending)) == {"R-NIR-ADAPTER"}


def test_what_an_adapter_changes_in_its_batch_changes_nothing_here() -> None:
    def changes(batch: Batch, receipts: list[Receipt]) -> list[Receipt]:
        for one in batch.records:
            one.record.values.clear()  # as an adapter may that takes one after the other
            object.__setattr__(one.record.person, "key", "somebody else")
        return [replace(one, outcome="refused", reason=Sentence("not “a goal”")) for one in receipts]

    sending = answered(changes)
    sums(sending, refused=ALL)
    assert "ref-01, introduksjonsprogram, sluttmaal: " in said(sending)
    assert "somebody else" not in said(sending)
    assert "a goal" not in said(sending)


def test_whose_a_receipt_is_and_its_day_are_not_the_adapters_to_say() -> None:
    strange = {"person": "ref-99", "scheme": Scheme.NORSK, "channel": "nir_web", "on": date(2030, 1, 1)}
    assert answered(lambda batch, receipts: [replace(one, **strange) for one in receipts]) == answered(
        lambda batch, receipts: receipts
    )


def test_of_an_adapter_that_raises_what_it_had_given_counts_and_the_rest_is_handed_over_the_next_time() -> None:
    def breaks(batch: Batch, receipts: list[Receipt]) -> Iterator[Receipt]:
        yield receipts[0]
        raise RuntimeError(D_NUMBER)

    broken = Answers(breaks)
    first = send([record()], hand_over(broken))
    sums(first, handed_over=1, failed=ALL - 1)
    assert "The outbox adapter “memory” failed (RuntimeError) when it had given 1 receipt." in said(first)
    assert D_NUMBER not in said(first) + repr(first)
    outbox = taking()
    again = send([record()], hand_over(outbox, before=before(first)))
    sums(again, handed_over=ALL - 1, unchanged=1)
    assert outbox.batches[0].records[0].id == broken.batches[0].records[0].id


def test_a_run_that_is_killed_hands_the_same_over_again() -> None:
    def killed(batch: Batch, receipts: list[Receipt]) -> Iterator[Receipt]:
        yield receipts[0]
        raise KeyboardInterrupt

    first, second = Answers(killed), taking()
    with pytest.raises(KeyboardInterrupt):
        send([record()], hand_over(first))
    send([record()], hand_over(second))
    assert second.batches == first.batches


def test_of_two_records_of_one_person_and_scheme_the_last_one_counts() -> None:
    outbox = taking()
    send([record(contents={"vedtak": CONTENTS["vedtak"]}), record(contents={"sluttmaal": "a goal"})], hand_over(outbox))
    [one] = outbox.batches[0].records
    assert one.fields == ("sluttmaal",)


_HOSTILE = st.one_of(
    st.none(),
    st.text(),
    st.integers(),
    st.sampled_from([D_NUMBER, f"x {D_NUMBER[:6]} {D_NUMBER[6:]}", "registered", "handed_over", "refused", "a goal"]),
)


@settings(max_examples=size(40, 1000), deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries(
            {},
            optional={
                "record": _HOSTILE,
                "field": st.sampled_from(sorted(CONTENTS)) | _HOSTILE,
                "outcome": _HOSTILE,
                "reason": _HOSTILE,
                "person": _HOSTILE,
                "channel": _HOSTILE,
            },
        )
        | _HOSTILE,
        max_size=6,
    ),
    st.sampled_from([None, RuntimeError, OSError, ValueError]),
)
def test_whatever_an_adapter_answers_no_number_is_said_and_nothing_is_closed(answers: list[Any], raised: Any) -> None:
    def made(batch: Batch, receipts: list[Receipt]) -> Iterator[Any]:
        for one in answers:
            yield replace(receipts[0], **one) if isinstance(one, dict) else one
        if raised:
            raise raised(D_NUMBER)

    one = record()
    sending = send([one], hand_over(Answers(made)))
    assert not holds_number(said(sending))
    assert D_NUMBER not in repr(sending) + "".join(str(each.reason) for each in sending.receipts)
    assert sum(sending.counts.values()) == ALL
    assert len(sending.receipts) == ALL - sending.counts["failed"]
    assert {each.outcome for each in sending.receipts} <= set(ReceiptOutcome)
    assert not any(value.seen_in_nir for value in one.values.values())
    assert KEY.fingerprint not in said(sending)
