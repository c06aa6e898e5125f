"""Questions to providers: who is asked, when, what is written down, and what is not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from post_office import PostOffice

from feideprov import Client, MarkKey
from feideprov.errors import ConfigurationError, InputError, Refused
from feideprov.services.next_step import NextStep, next_step
from feideprov.services.outbox.deliveries import Channel, Deliveries
from feideprov.services.outbox.smtp import Smtp
from feideprov.services.questions import Questions, QuestionsReport, SendResult
from feideprov.services.register.service import Answer, Contact, Dependency, Provider, Service, Way
from feideprov.testing import example_directory, example_settings

ON = date(2026, 11, 23)
KEY = MarkKey(b"a key for examples and nothing else")
LATER = 14
"""Days after which a reminder is due."""


def service(service_id: str, provider: str = "Fabelskog", **fields: Any) -> Service:
    given = {
        "names": {"nb": f"Tjeneste {service_id}"},
        "provider": Provider(id=provider, name=provider),
        "ways": (Way.FEIDE,),
        "activated": True,
        "contacts": (Contact(mail=f"hjelp@{provider.lower()}.example"),),
    }
    return Service(id=service_id, **(given | fields))


class Town:
    """An organization with a register, and a mail server."""

    def __init__(self, folder: Path, office: PostOffice, **services: Any) -> None:
        self.office = office
        smtp = {"host": "localhost", "port": office.port, "security": "off", "timeout": 5}
        self.settings = example_settings(folder, smtp=smtp, services=services)
        self.clients: list[Client] = []

    def __call__(self, on: date = ON) -> Client:
        self.clients.append(Client(self.settings, directory=example_directory(), keys=KEY, on=on))
        return self.clients[-1]

    def questions(self, on: date = ON, **options: Any) -> Questions:
        client = self(on)
        return Questions(self.settings, client.services.register, client._context.journal, on=on, **options)

    def answers(self) -> dict[str, str]:
        return {one.id: one.answer.state.value for one in self().services.all()}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[PostOffice]:
    with PostOffice(tmp_path) as opened:
        yield opened


@pytest.fixture
def town(tmp_path: Path, office: PostOffice) -> Iterator[Callable[..., Town]]:
    made: list[Town] = []

    def make(*services: Service, **keys: Any) -> Town:
        made.append(Town(tmp_path, office, **keys))
        made[-1]().services.register.put(services)
        return made[-1]

    yield make
    for client in [client for one in made for client in one.clients]:
        client.close()


def results(asked: QuestionsReport) -> list[tuple[str, SendResult]]:
    return [(question.provider.name, question.result) for question in asked.questions]


def test_one_message_for_each_provider_covers_all_its_services(town) -> None:
    skotthyll = town(service("a"), service("b"), service("c", "Blekkhus"))
    asked = skotthyll().services.ask(send=True)
    assert results(asked) == [("Blekkhus", SendResult.SENT), ("Fabelskog", SendResult.SENT)]
    assert [to for to, _ in skotthyll.office.taken] == ["hjelp@blekkhus.example", "hjelp@fabelskog.example"]
    text = skotthyll.office.messages[1].get_content()
    assert "Tjeneste a (a)" in text
    assert "Tjeneste b (b)" in text
    assert "Tjeneste c" not in text
    assert skotthyll.answers() == {"a": "asked", "b": "asked", "c": "asked"}
    [first] = [one for one in skotthyll().services.all() if one.id == "a"]
    assert (first.answer.state, first.answer.on) == (Dependency.ASKED, ON)
    assert first.answer.source == "mail to hjelp@fabelskog.example"
    assert first.answer.by
    assert first.asked_on == ON


def test_without_send_or_drafts_nothing_is_sent_and_nothing_written(town) -> None:
    skotthyll = town(service("a"))
    before = skotthyll().services.all()
    [question] = skotthyll().services.ask().questions
    assert question.result is SendResult.DUE
    assert "Hei!" in question.text.body
    assert (skotthyll.office.taken, skotthyll().services.all()) == ([], before)
    assert Deliveries(skotthyll()._context.journal).all() == []


@pytest.mark.parametrize(
    "fields",
    [{"activated": False}, {"activated": None}, {"ways": ()}, {"gone_on": ON}]
    + [
        {"answer": Answer(state=state, on=ON)}
        for state in ("does-not-depend", "can-serve", "cannot-serve", "no-answer")
    ],
    ids=str,
)
def test_who_does_not_concern_us_or_was_settled_is_not_asked(fields: dict[str, Any], town) -> None:
    assert town(service("a", **fields))().services.ask().questions == ()


def test_asking_twice_on_one_day_does_not_send_twice(town) -> None:
    skotthyll = town(service("a"), service("b"))
    skotthyll().services.ask(send=True)
    assert skotthyll().services.ask(send=True).questions == ()
    assert skotthyll().services.ask(send=True, provider="Fabelskog").questions == ()
    assert len(skotthyll.office.taken) == 1


def test_a_new_service_is_asked_about_alone(town) -> None:
    skotthyll = town(service("a"))
    skotthyll().services.ask(send=True)
    skotthyll().services.register.put([service("b")])
    [question] = skotthyll().services.ask(send=True).questions
    assert [one.id for one in question.services] == ["b"]


def test_who_does_not_answer_is_reminded_once_and_then_has_not_answered(town) -> None:
    skotthyll = town(service("a"))
    days = [ON + timedelta(days=n) for n in range(3 * LATER)]
    kinds = {(day - ON).days: q.kind for day in days for q in skotthyll(day).services.ask(send=True).questions}
    assert kinds == {0: NextStep.ASK, LATER: NextStep.REMIND}
    subjects = [str(message["Subject"]) for message in skotthyll.office.messages]
    assert [subject.startswith("Påminnelse") for subject in subjects] == [False, True]
    assert "Vi skrev til dere 23. november 2026" in skotthyll.office.messages[1].get_content()
    [silent] = skotthyll().services.all()
    assert (silent.answer.state, silent.answer.on) == (Dependency.NO_ANSWER, ON + timedelta(days=2 * LATER))
    assert (silent.asked_on, silent.reminded_on) == (ON, ON + timedelta(days=LATER))


def test_silence_is_only_told_of_in_a_dry_run(town) -> None:
    ago = {"asked_on": ON - timedelta(days=2 * LATER), "reminded_on": ON - timedelta(days=LATER)}
    skotthyll = town(service("a", answer=Answer(state=Dependency.ASKED, on=ago["asked_on"]), **ago))
    assert skotthyll().services.ask().counts["no_answer"] == 1
    assert skotthyll.answers() == {"a": "asked"}


def test_a_provider_that_is_named_is_reminded_before_its_time_and_after_its_silence(town) -> None:
    skotthyll = town(service("a"))
    skotthyll().services.ask(send=True)
    tomorrow = ON + timedelta(days=1)
    assert skotthyll(tomorrow).services.ask(send=True).questions == ()
    assert [q.kind for q in skotthyll(tomorrow).services.ask(send=True, provider="fabelskog").questions] == [
        NextStep.REMIND
    ]
    late = ON + timedelta(days=30)
    skotthyll(late).services.ask(send=True)
    assert skotthyll.answers() == {"a": "no-answer"}
    afterwards = late + timedelta(days=1)
    assert [q.kind for q in skotthyll(afterwards).services.ask(send=True, provider="Fabelskog").questions] == [
        NextStep.REMIND
    ]
    assert skotthyll.answers() == {"a": "asked"}
    assert len({message["Message-ID"] for message in skotthyll.office.messages}) == 3


def test_a_provider_that_nobody_knows_is_refused(town) -> None:
    with pytest.raises(Refused, match="No provider with the id or name Nobody") as told:
        town(service("a"))().services.ask(provider="Nobody")
    assert told.value.code == "S-NO-PROVIDER"


def test_a_provider_without_an_address_is_listed_with_the_next_step(town, tmp_path) -> None:
    skotthyll = town(
        service("a", contacts=()), service("b", "Blekkhus", contacts=(Contact(mail="a@b.example, c@d.no"),))
    )
    for asked in (skotthyll().services.ask(send=True), skotthyll().services.ask(drafts=tmp_path / "drafts")):
        assert [result for _, result in results(asked)] == [SendResult.UNADDRESSED] * 2
        assert "feideprov services import" in asked.questions[0].sentence
    assert skotthyll.answers() == {"a": "unknown", "b": "unknown"}


def test_what_the_server_refuses_for_now_waits_and_goes_later(town, office: PostOffice) -> None:
    skotthyll, now = town(service("a")), [datetime(2026, 11, 23, 13, 0, tzinfo=UTC)]
    office.at_rcpt["hjelp@fabelskog.example"] = ["450 4.2.0 Greylisted"]

    def run() -> SendResult:
        with Smtp(skotthyll.settings) as server:
            [(_, result)] = results(skotthyll.questions(clock=lambda: now[0]).send(server))
        return result

    assert [run(), run()] == [SendResult.WAITING, SendResult.LATER]
    assert office.at_rcpt["hjelp@fabelskog.example"] == []
    assert skotthyll.answers() == {"a": "unknown"}
    now[0] += timedelta(minutes=5)
    assert run() is SendResult.SENT
    assert skotthyll.answers() == {"a": "asked"}


def test_what_the_server_refuses_for_good_is_not_tried_again_unless_a_person_says_so(town, office: PostOffice) -> None:
    skotthyll = town(service("a"))
    office.at_rcpt["hjelp@fabelskog.example"] = ["550 5.1.1 No such user"]
    assert results(skotthyll().services.ask(send=True)) == [("Fabelskog", SendResult.FAILED)]
    [again] = skotthyll().services.ask(send=True).questions
    assert (again.result, office.taken) == (SendResult.FAILED, [])
    assert "--provider Fabelskog" in again.sentence
    assert results(skotthyll().services.ask(send=True, provider="Fabelskog")) == [("Fabelskog", SendResult.SENT)]


def test_another_address_is_another_attempt(town, office: PostOffice) -> None:
    skotthyll = town(service("a"))
    office.at_rcpt["hjelp@fabelskog.example"] = ["550 5.1.1 No such user"]
    skotthyll().services.ask(send=True)
    skotthyll().services.register.put([service("a", contacts=(Contact(mail="ny@fabelskog.example"),))])
    assert results(skotthyll().services.ask(send=True)) == [("Fabelskog", SendResult.SENT)]


def test_a_server_that_is_not_there_is_tried_once(town) -> None:
    skotthyll = town(service("a"), service("b", "Blekkhus"))
    skotthyll.settings = skotthyll.settings.model_copy(
        update={"smtp": skotthyll.settings.smtp.model_copy(update={"port": 1})}
    )
    asked = skotthyll().services.ask(send=True)
    assert results(asked) == [("Blekkhus", SendResult.WAITING), ("Fabelskog", SendResult.DUE)]
    assert "refused the connection" in asked.stopped
    assert results(skotthyll().services.ask()) == [("Blekkhus", SendResult.DUE), ("Fabelskog", SendResult.DUE)]


def test_a_run_cut_off_between_sending_and_writing_down_is_made_good(town, office: PostOffice, monkeypatch) -> None:
    skotthyll = town(service("a"), service("b", "Blekkhus"))

    def cut(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Questions, "_note", cut)
    with pytest.raises(KeyboardInterrupt):
        skotthyll().services.ask(send=True)
    monkeypatch.undo()
    assert skotthyll.answers() == {"a": "unknown", "b": "unknown"}
    assert results(skotthyll().services.ask(send=True)) == [
        ("Blekkhus", SendResult.NOTED),
        ("Fabelskog", SendResult.SENT),
    ]
    assert [to for to, _ in office.taken] == ["hjelp@blekkhus.example", "hjelp@fabelskog.example"]
    assert skotthyll.answers() == {"a": "asked", "b": "asked"}


def test_one_that_the_server_took_without_a_word_comes_again_with_the_same_id(town, office: PostOffice) -> None:
    skotthyll = town(service("a"))
    office.at_data["hjelp@fabelskog.example"] = ["take and drop"]
    assert results(skotthyll().services.ask(send=True)) == [("Fabelskog", SendResult.WAITING)]
    assert results(skotthyll().services.ask(send=True, provider="Fabelskog")) == [("Fabelskog", SendResult.SENT)]
    first, second = office.messages
    assert first["Message-ID"] == second["Message-ID"]


def test_an_answer_that_came_meanwhile_is_kept(town, office: PostOffice) -> None:
    skotthyll = town(service("a"))
    answered = service("a", answer=Answer(state=Dependency.CAN_SERVE, on=ON, source="a call"))
    office.on_taken = lambda: skotthyll().services.register.put([answered])
    skotthyll().services.ask(send=True)
    assert skotthyll.answers() == {"a": "can-serve"}


def test_drafts_are_files_that_a_mail_program_opens_and_count_as_asked(town, tmp_path, office: PostOffice) -> None:
    folder = tmp_path / "to send" / "today"
    skotthyll = town(service("a", "Blåbær / ../../57912075186", contacts=(Contact(mail="hjelp@blåbær.example"),)))
    [question] = skotthyll().services.ask(drafts=folder).questions
    assert question.file is not None
    assert re.fullmatch(r"blabaer-[a-z]{8}\.eml", question.file.name), question.file.name
    assert (question.file.parent, question.file.stat().st_mode & 0o777) == (folder, 0o600)
    message = message_from_bytes(question.file.read_bytes(), policy=policy.default)
    assert message["X-Unsent"] == "1"
    assert message["To"] == "hjelp@xn--blbr-roah.example"
    assert message["Message-ID"] is None
    assert message.get_content().replace("\r\n", "\n") == question.text.body
    [asked] = skotthyll().services.all()
    assert asked.answer.source == "draft to hjelp@xn--blbr-roah.example"
    assert [(one.channel, one.state.value) for one in Deliveries(skotthyll()._context.journal).all()] == [
        (Channel.DRAFT, "drafted")
    ]
    assert skotthyll().services.ask(drafts=folder).questions == ()


def test_a_folder_that_cannot_be_written_is_told(town, tmp_path) -> None:
    tmp_path.joinpath("file").write_text("", encoding="utf-8")
    skotthyll = town(service("a"))
    with pytest.raises(InputError, match="cannot be written"):
        skotthyll().services.ask(drafts=tmp_path / "file")
    assert skotthyll.answers() == {"a": "unknown"}


def test_support_is_asked_before_others_and_what_is_no_address_is_passed_over(town) -> None:
    contacts = (
        Contact(mail="teknisk@fabelskog.example", kind="technical"),
        Contact(mail="“hjelp”@fabelskog.example", kind="support"),
        Contact(mail="mailto:hjelp@fabelskog.example", kind="support"),
    )
    [question] = town(service("a", contacts=contacts))().services.ask().questions
    assert question.to == "hjelp@fabelskog.example"


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
@pytest.mark.parametrize("reminder", [False, True])
def test_every_text_says_all_that_it_must(language: str, reminder: bool, town) -> None:
    asked = {"answer": Answer(state=Dependency.ASKED, on=date(2026, 11, 1)), "asked_on": date(2026, 11, 1)}
    skotthyll = town(
        service(
            "feide:4711", names={"nb": "Salto", "en": "Salto English"}, required=True, **(asked if reminder else {})
        ),
        channel="Digipost",
        signature="Kari Nordmann\nSkotthyll kommune",
    )
    [question] = skotthyll().services.ask(language=language).questions
    text = question.text.body
    for said in (
        *("Skotthyll kommune", "skotthyll.kommune.no", "norEduPersonNIN", "eduPersonPrincipalName", "D-nummer"[:5]),
        *("Salto English" if language == "en" else "Salto", "feide:4711", "Digipost", "Kari Nordmann\nSkotthyll"),
        *("1. ", "2. ", "3. ", "4. ", "  A  ", "  B  ", "  C  ", "7 December" if language == "en" else "7. desember"),
    ):
        assert said in text, said
    assert ("1 November" if language == "en" else "1. november") in text or not reminder
    assert "{" not in text
    assert "  \n" not in text
    assert "\n\n\n" not in text
    assert all(len(line) <= 90 for line in text.splitlines())


def test_a_template_of_the_organization_takes_the_place_of_ours(town, tmp_path) -> None:
    folder = tmp_path / "templates"
    folder.mkdir()
    folder.joinpath("question.nb.txt.j2").write_text("Subject: Hei\n\n{{ services[0].name }}\n", encoding="utf-8")
    [question] = town(service("a"), templates=folder)().services.ask().questions
    assert (question.text.subject, question.text.body) == ("Hei", "Tjeneste a\n")


def test_a_number_that_somebody_wrote_into_a_template_is_not_sent(town, tmp_path) -> None:
    folder = tmp_path / "templates"
    folder.mkdir()
    template = "Subject: 57912075186\n\nFor eksempel 579120 75186, ring 22 11 33 44\n"
    folder.joinpath("question.nb.txt.j2").write_text(template, encoding="utf-8")
    [question] = town(service("a"), templates=folder)().services.ask().questions
    assert (question.text.subject, question.text.body.split(",")[0]) == ("…", "For eksempel …")


@pytest.mark.parametrize(
    ("template", "why"),
    [
        ("Hei", "the first line must be “Subject: …”"),
        ("Subject: a\n\n{{ user }}", "'user' is undefined"),
        ("Subject: a\n\n{% if %}", "line 3: "),
        ("Subject: a\n\n{{ ''.__class__.__mro__ }}", "unsafe"),
        ("Subject: a\n\n{{ 1 / 0 }}", "ZeroDivisionError"),
        ("Subject: a\n\n{% include '../../../etc/passwd' %}", "there is no template"),
        ("Subject: a\n\n{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "RecursionError"),
    ],
)
def test_a_template_that_cannot_be_used_is_told_with_the_reason(template: str, why: str, town, tmp_path) -> None:
    folder = tmp_path / "templates"
    folder.mkdir()
    folder.joinpath("question.nb.txt.j2").write_text(template, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"The template question\.nb\.txt\.j2 cannot be used: ") as told:
        town(service("a"), templates=folder)().services.ask()
    assert why in str(told.value)


def test_a_folder_of_templates_that_is_not_there_is_told(town, tmp_path) -> None:
    with pytest.raises(ConfigurationError, match="does not exist"):
        town(service("a"), templates=tmp_path / "nowhere")().services.ask()


def test_a_service_answered_between_two_turns_has_no_turn() -> None:
    for state in Dependency:
        turn = next_step(service("a", answer=Answer(state=state, on=ON)), ON, LATER)
        assert (turn is NextStep.ASK) == (state is Dependency.UNKNOWN)


def test_two_who_ask_one_provider_at_a_time_ask_it_once(town, office: PostOffice, monkeypatch) -> None:
    skotthyll = town(service("a"))
    seen = Questions.due

    def due(self: Questions) -> QuestionsReport:
        asked = seen(self)
        monkeypatch.undo()  # the other one, who comes between looking and sending
        assert results(skotthyll().services.ask(send=True, provider="Fabelskog")) == [("Fabelskog", SendResult.SENT)]
        return asked

    monkeypatch.setattr(Questions, "due", due)
    assert results(skotthyll().services.ask(send=True, provider="Fabelskog")) == [("Fabelskog", SendResult.NOTED)]
    assert len(office.taken) == 1
