"""Laws of letters: whatever a provider calls itself, a message has our headings, one receiver, and no number."""

from __future__ import annotations

from datetime import date
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import example, given, settings
from hypothesis import strategies as st

from feideprov.errors import InputError
from feideprov.numbers import number_shaped
from feideprov.services.address import mail_address
from feideprov.services.outbox.mail import compose, draft
from feideprov.services.outbox.templates import Language, Templates, Text, single_line
from feideprov.testing import example_settings

lawful = settings(deadline=None)
OURS = [
    *("From", "To", "Subject", "Message-ID", "Content-Type", "Content-Transfer-Encoding"),
    *("MIME-Version", "Content-Language"),
]
TO = "hjelp@fabelskog.example"
HOSTILE = (
    "Kikora\r\nBcc: all@example.no",
    "Kikora\nBcc: all@example.no\n\nHello",
    "Kikora\x85Bcc: a@b.no\u2028Bcc: a@b.no\u2029Bcc: a@b.no\x0bX: y\x0cX: y\x1cX: y",
    "=?utf-8?q?=0D=0ABcc=3A_all=40example.no?=",
    "=\u200b?utf-8?b?DQpCY2M6IGFAYi5ubw==?=",
    '"Kikora" <all@example.no>, "',
    "\u202eokram\u202c <b>Kikora</b> {{ 7 * 7 }} {% raw %}",
    "57912075186",
    "579120 75186",
    "5\u200b7912075186",
    "\ud800",
    "æ" * 300 + "\r\nBcc: a@b.no",
    "a" * 75 + " =?" + "b" * 80,
)
PIECES = st.sampled_from(
    [*HOSTILE, "\r\n", "\n", "\r", "=?", "?=", "Bcc: x@y.no", '"', "<", ">", ",", ";", ":", "\\", "(", "æ", " ", "\t"]
)
NAMES = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=8).map("".join))
SETTINGS = example_settings(Path("/nowhere"))
WORDING = Templates()


def letter(service: str, provider: str, language: Language) -> tuple[Text, EmailMessage]:
    facts = {
        "organization": "Skotthyll kommune",
        "realm": "skotthyll.kommune.no",
        "provider": provider,
        "services": [{"id": service, "name": service, "required": True}],
        "reminder": False,
        "answer_by": date(2026, 12, 7),
        "channel": "",
        "signature": ["Kari"],
    }
    text = WORDING.render("question", language, **facts)
    return text, compose(SETTINGS, TO, text, message_id="abc", language=language)


@lawful
@given(NAMES, NAMES, st.sampled_from(["nb", "nn", "en"]))
def test_no_name_adds_a_heading_or_a_receiver(service: str, provider: str, language: Language) -> None:
    text, message = letter(service, provider, language)
    received = message_from_bytes(message.as_bytes(), policy=policy.default)
    assert received.keys() == OURS
    assert received["To"] == TO
    assert [one.addr_spec for one in received["From"].addresses] == ["post@skotthyll.kommune.no"]
    assert received["Subject"] == text.subject
    assert not received.defects
    assert received.get_content().replace("\r\n", "\n") == text.body


@lawful
@given(NAMES, NAMES)
@example("Kikora", "⑤⑦⑨①②⓪⑦⑤①⑧⑥")
@example("Kikora", "579120/75186")
def test_a_draft_has_the_same_headings_and_lies_where_it_should(service: str, provider: str) -> None:
    _, message = letter(service, provider, "nb")
    with TemporaryDirectory() as folder:
        path = draft(message, Path(folder) / "drafts", provider)
        received = message_from_bytes(path.read_bytes(), policy=policy.default)
        assert [path] == list(Path(folder).rglob("*.eml"))
    assert received.keys() == ["X-Unsent", *(name for name in OURS if name != "Message-ID")]
    assert path.name.isascii()
    assert not number_shaped(path.name)


@lawful
@given(NAMES)
@example("579120 75186")
@example("5\u200b7912075186")
def test_a_single_line_is_one_line_without_a_number(text: str) -> None:
    line = single_line(text)
    assert len(line.splitlines()) <= 1
    assert line.replace("\u200c", "").replace("\u200d", "").isprintable()
    assert len(line) <= 200
    assert not number_shaped(line)
    assert "=?" not in line
    assert single_line(line) == line


@lawful
@given(st.one_of(NAMES, st.emails(), st.emails().map(lambda one: f"mailto:{one}")))
@example("a@b.no\r\nBcc: c@d.no")
@example("a@b.no,c@d.no")
@example('"a b"@c.no')
@example("a@b.no\u2028")
@example("<a@b.no>")
@example("57912075186@fabelskog.example")
def test_an_address_is_one_plain_address_or_refused(text: str) -> None:
    try:
        address = mail_address(text)
    except InputError:
        return
    assert address.isascii()
    assert address.count("@") == 1
    assert not set(address) & set(' \r\n\t",;:<>()[]\\')
    assert not number_shaped(address)
    assert mail_address(address) == address
