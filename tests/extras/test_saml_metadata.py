"""What SAML metadata tells of services."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import pytest
from federation import Federation

from feideprov.errors import ConfigurationError, InputError
from feideprov.services.register.service import Contact, Provider, Service, Way
from feideprov.services.sources.saml import Metadata, read_metadata

ON = date(2026, 11, 23)
NAMESPACES = """xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:mdui="urn:oasis:names:tc:SAML:metadata:ui"
  xmlns:mdrpi="urn:oasis:names:tc:SAML:metadata:rpi\""""
NUMBER = '<md:RequestedAttribute Name="urn:oid:1.3.6.1.4.1.2428.90.1.5" isRequired="true"/>'
OTHER = '<md:RequestedAttribute Name="urn:oid:1.3.6.1.4.1.2428.90.1.4" isRequired="true"/>'


def sp(
    *,
    entity_id: str = "https://sp.example/saml2",
    requested: str = NUMBER,
    ui: str = "",
    more: str = "",
    names: str = "",
    until: str = "",
) -> str:
    valid = f' validUntil="{until}"' if until else ""
    return f"""<md:EntityDescriptor {NAMESPACES} entityID="{entity_id}"{valid}>
      <md:SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
        <md:Extensions><mdui:UIInfo>{ui}</mdui:UIInfo></md:Extensions>
        <md:AttributeConsumingService index="0">{names}{requested}</md:AttributeConsumingService>
      </md:SPSSODescriptor>{more}
    </md:EntityDescriptor>"""


def aggregate(*entities: str, attributes: str = "") -> str:
    return f"<md:EntitiesDescriptor {NAMESPACES} {attributes}>{''.join(entities)}</md:EntitiesDescriptor>"


def read(tmp_path: Path, content: str | bytes, known: frozenset[str] = frozenset()) -> tuple[list[Service], Metadata]:
    path = tmp_path / "feide.xml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    metadata = read_metadata(path, on=ON, known=known)
    return list(metadata), metadata


def only(tmp_path: Path, content: str) -> Service:
    [service], _ = read(tmp_path, content)
    return service


def refusal(tmp_path: Path, content: str | bytes) -> str:
    with pytest.raises(InputError) as caught:
        read(tmp_path, content)
    return str(caught.value)


def test_one_service_provider_is_read_with_all_that_metadata_tells(tmp_path: Path) -> None:
    service = only(
        tmp_path,
        sp(
            ui='<mdui:DisplayName xml:lang="nb">Ordbanken</mdui:DisplayName>',
            names='<md:ServiceName xml:lang="nb">x</md:ServiceName>'
            '<md:ServiceName xml:lang="en">Words</md:ServiceName>',
            more="""<md:Organization>
                <md:OrganizationName xml:lang="en">ordbanken-as</md:OrganizationName>
                <md:OrganizationDisplayName xml:lang="no">Ordbanken AS</md:OrganizationDisplayName>
                <md:OrganizationURL xml:lang="en">https://ordbanken.example/</md:OrganizationURL></md:Organization>
              <md:ContactPerson contactType="support"><md:GivenName>Brukerstøtte</md:GivenName>
                <md:EmailAddress>mailto:hjelp@ordbanken.example</md:EmailAddress></md:ContactPerson>""",
        ),
    )
    assert service.id == "saml:https://sp.example/saml2"
    assert service.names == {"nb": "Ordbanken", "en": "Words"}
    assert service.provider == Provider(id="saml:Ordbanken AS (sp.example)", name="Ordbanken AS")
    assert (service.ways, service.required, service.activated) == ((Way.SAML,), True, None)
    assert service.contacts == (Contact(mail="hjelp@ordbanken.example", kind="support", name="Brukerstøtte"),)
    assert service.other == {"OrganizationURL": "https://ordbanken.example/"}
    assert {said.source for said in service.said.values()} == {"SAML metadata"}
    assert {said.on for said in service.said.values()} == {ON}
    assert {"names", "provider", "ways", "required", "contacts"} <= service.said.keys()


@pytest.mark.parametrize(
    ("name", "gets_number"),
    [
        ("urn:oid:1.3.6.1.4.1.2428.90.1.5", True),
        (" URN:OID:1.3.6.1.4.1.2428.90.1.5 ", True),
        ("norEduPersonNIN", True),
        ("urn:mace:dir:attribute-def:norEduPersonNIN", True),
        ("urn:oid:1.3.6.1.4.1.2428.90.1.50", False),
        ("urn:oid:1.3.6.1.4.1.2428.90.1.4", False),
    ],
)
def test_the_number_is_known_by_each_name_that_it_has_gone_by(tmp_path: Path, name: str, gets_number: bool) -> None:
    requested = f'<md:RequestedAttribute Name="{name}"/>'
    services, _ = read(tmp_path, sp(requested=requested))
    assert [service.ways for service in services] == [(Way.SAML,)] * gets_number


@pytest.mark.parametrize(
    ("flag", "required"),
    [('isRequired="true"', True), ('isRequired="1"', True), ('isRequired="false"', False), ("", False)],
)
def test_it_is_told_whether_the_number_is_required(tmp_path: Path, flag: str, required: bool) -> None:
    requested = f'<md:RequestedAttribute Name="norEduPersonNIN" {flag}/>{OTHER}'
    assert only(tmp_path, sp(requested=requested)).required is required


def test_a_friendly_name_alone_asks_for_nothing_but_is_told(tmp_path: Path) -> None:
    requested = '<md:RequestedAttribute Name="urn:oid:1.3.6.1.4.1.2428.90.1.4" FriendlyName="norEduPersonNIN"/>'
    services, metadata = read(tmp_path, sp(requested=requested))
    assert services == []
    assert "uses the name norEduPersonNIN (FriendlyName) for another attribute" in metadata.notes[-1]
    assert "https://sp.example/saml2" in metadata.notes[-1]


def test_names_are_kept_in_our_languages_or_else_one_in_any(tmp_path: Path) -> None:
    ui = "".join(
        f'<mdui:DisplayName xml:lang="{language}">{text}</mdui:DisplayName>'
        for language, text in [("sv", "Orden"), ("nn-NO", "Orda"), ("no", "Ordene"), ("nb", "Ordene to")]
    )
    assert only(tmp_path, sp(ui=ui)).names == {"nb": "Ordene", "nn": "Orda"}
    assert only(tmp_path, sp(ui='<mdui:DisplayName xml:lang="sv">Orden</mdui:DisplayName>')).names == {"": "Orden"}
    assert only(tmp_path, sp()).names == {"": "sp.example"}


def test_a_name_is_one_line_without_what_cannot_be_seen(tmp_path: Path) -> None:
    name = "Ord\r\n  Bcc: alle@skole.example&#13;&#10;\u202eneknab " + "x" * 300
    service = only(tmp_path, sp(ui=f'<mdui:DisplayName xml:lang="nb">{name}</mdui:DisplayName>'))
    assert service.name().startswith("Ord Bcc: alle@skole.example neknab xxx")
    assert len(service.name()) == 200
    assert service.name().isprintable()


def test_without_an_organization_the_host_stands_for_the_provider(tmp_path: Path) -> None:
    assert only(tmp_path, sp()).provider == Provider(id="saml:sp.example", name="sp.example")
    assert only(tmp_path, sp(entity_id="urn:x:ordbanken")).provider.name == "urn:x:ordbanken"
    assert only(tmp_path, sp(entity_id="https://[broken")).provider.name == "https://[broken"


def test_contacts_are_those_who_can_answer_and_addresses_that_are_one_address(tmp_path: Path) -> None:
    people = [
        ("technical", "MAILTO:drift@ord.example?subject=Hei"),
        ("administrative", "avtale%40ord.example"),
        ("administrative", "mailto:avtale%40ord.example"),
        ("support", "a@ord.example, b@ord.example"),
        ("support", "a@ord.example\nBcc: b@ord.example"),
        ("support", "mailto:a@ord.example%0ABcc:b@ord.example"),
        ("other", "sikkerhet@ord.example"),
        ("billing", "faktura@ord.example"),
        ("technical", "drift@ord.example"),
    ]
    more = "".join(
        f'<md:ContactPerson contactType="{kind}"><md:EmailAddress>{mail}</md:EmailAddress></md:ContactPerson>'
        for kind, mail in people
    )
    assert only(tmp_path, sp(more=more)).contacts == (
        Contact(mail="drift@ord.example", kind="technical"),
        Contact(mail="avtale@ord.example", kind="administrative"),
    )


def test_of_an_aggregate_only_those_that_ask_for_the_number_are_taken(tmp_path: Path) -> None:
    federation = Federation(200)
    path = federation.write(tmp_path / "federation.xml")
    metadata = read_metadata(path, on=ON)
    assert [service.id for service in metadata] == [f"saml:{one}" for one in federation.asking]
    assert metadata.complete
    assert metadata.source == "SAML metadata https://federation.example/"
    assert metadata.notes[-1] == (
        "federation.xml: 200 entities, 120 of them service providers. Imported: 4 that ask for the number, "
        "and 0 that do not ask for it but were already in the register."
    )


def test_one_that_is_known_is_taken_too_when_it_asks_no_more(tmp_path: Path) -> None:
    known = frozenset({"saml:https://sp.example/saml2"})
    [service], metadata = read(tmp_path, aggregate(sp(requested=OTHER), sp(entity_id="b", requested=OTHER)), known)
    assert (service.id, service.ways, service.required) == ("saml:https://sp.example/saml2", (), None)
    assert "ways" in service.said
    assert (
        "0 that ask for the number, and 1 that do not ask for it but were already in the register" in metadata.notes[-1]
    )


def test_an_identity_provider_is_no_service(tmp_path: Path) -> None:
    idp = f'<md:EntityDescriptor entityID="i"><md:IDPSSODescriptor>{NUMBER}</md:IDPSSODescriptor></md:EntityDescriptor>'
    assert read(tmp_path, aggregate(idp, sp()))[0] == [only(tmp_path, sp())]


def test_groups_within_groups_are_read(tmp_path: Path) -> None:
    assert len(read(tmp_path, aggregate(aggregate(sp()), aggregate(aggregate(sp(entity_id="b")))))[0]) == 2


def test_one_entity_says_nothing_of_what_is_gone(tmp_path: Path) -> None:
    _, metadata = read(tmp_path, sp())
    assert not metadata.complete


def test_without_a_certificate_a_note_says_that_nothing_was_verified(tmp_path: Path) -> None:
    _, metadata = read(tmp_path, sp())
    assert metadata.notes[0] == (
        "feide.xml: The signature was not verified, so the file could be forged. Give the federation's "
        "certificate with --certificate FILE."
    )


@pytest.mark.parametrize("until", ["2026-11-22T23:59:59Z", "2026-11-23T00:30:00+02:00", "2025-01-01T00:00:00"])
def test_metadata_that_is_valid_no_more_is_not_read(tmp_path: Path, until: str) -> None:
    said = refusal(tmp_path, aggregate(sp(), attributes=f'validUntil="{until}"'))
    assert said.startswith("feide.xml is no longer valid (it was valid until 202")
    assert said.endswith("Download it again from the federation.")
    assert refusal(tmp_path, sp(until=until)) == said


@pytest.mark.parametrize("until", ["2026-11-23T00:00:00Z", "2026-12-01T12:00:00.000Z", "9999-12-31T23:59:59-14:00"])
def test_metadata_that_is_valid_today_is_read(tmp_path: Path, until: str) -> None:
    assert read(tmp_path, aggregate(sp(until=until), attributes=f'validUntil="{until}"'))[0]


def test_an_entity_that_is_valid_no_more_is_left_out_and_nothing_is_called_gone(tmp_path: Path) -> None:
    old = [sp(entity_id=f"https://sp-{n}.example", until="2026-01-01T00:00:00Z") for n in range(4)]
    inside = aggregate(sp(entity_id="c"), attributes='validUntil="0001-01-01T00:00:00+14:00"')
    services, metadata = read(tmp_path, aggregate(*old, inside, sp()))
    assert [service.id for service in services] == ["saml:https://sp.example/saml2"]
    assert not metadata.complete
    assert metadata.notes[-1] == (
        "feide.xml: 5 entities were left out, because they are no longer valid: https://sp-0.example, "
        "https://sp-1.example, https://sp-2.example and 2 more. Download the metadata again."
    )


def test_a_time_that_is_none_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, sp(until="soon")) == (
        "feide.xml is not SAML metadata: its validUntil is not a time. Download it again from the federation."
    )


def test_an_entity_that_is_described_twice_is_refused(tmp_path: Path) -> None:
    assert "contains https://sp.example/saml2 twice" in refusal(tmp_path, aggregate(sp(), sp()))


@pytest.mark.parametrize("entity_id", ["", " ", "x" * 1025, "a&#10;b"])
def test_an_entity_without_an_id_that_can_be_used_is_refused(tmp_path: Path, entity_id: str) -> None:
    assert "an entity without a usable entityID" in refusal(tmp_path, aggregate(sp(entity_id=entity_id)))


def test_what_looks_like_an_identity_number_is_left_out(tmp_path: Path) -> None:
    number = "12829499914"  # synthetic, from the public table
    ui = f'<mdui:DisplayName xml:lang="nb">Ord {number}</mdui:DisplayName>'
    mail = f"<md:EmailAddress>{number}@ord.example</md:EmailAddress>"
    more = f'<md:ContactPerson contactType="support">{mail}</md:ContactPerson>'
    listed = aggregate(sp(ui=ui, more=more), sp(entity_id=f"https://sp.example/{number}"))
    [service], metadata = read(tmp_path, listed)
    assert service.names == {"": "sp.example"}
    assert service.contacts == ()
    assert number not in repr((service, metadata.notes))
    assert metadata.notes[-1] == "feide.xml: 1 entity was left out, because its entityID looks like an identity number."
    assert not metadata.complete


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1"])
def test_the_encodings_of_xml_are_read(tmp_path: Path, encoding: str) -> None:
    declared = encoding.removesuffix("-sig")
    ui = '<mdui:DisplayName xml:lang="nb">Blåbærsyltetøy</mdui:DisplayName>'
    content = f'<?xml version="1.0" encoding="{declared}"?>{sp(ui=ui)}'.encode(encoding)
    [service], _ = read(tmp_path, content)
    assert service.name() == "Blåbærsyltetøy"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is not valid XML, or is incomplete: see line 1."),
        (b"id,name\n1,x\n", "is not valid XML, or is incomplete: see line 1."),
        (sp().encode()[:-30], "is not valid XML, or is incomplete: see line 6."),
        (b'<?xml version="1.0" encoding="nothing"?><a/>', "has an encoding that cannot be read. Save it as UTF-8."),
        (b'<?xml version="1.0" encoding="big5"?><a/>', "has an encoding that cannot be read. Save it as UTF-8."),
        (b"<rss><channel/></rss>", "is not SAML metadata: its outermost element must be"),
        (b"<EntityDescriptor/>", "is not SAML metadata: its outermost element must be"),
        (b"<a>&nbsp;</a>", "is not valid XML, or is incomplete: see line 1."),
    ],
)
def test_what_is_no_metadata_is_refused_in_one_sentence(tmp_path: Path, content: bytes, words: str) -> None:
    said = refusal(tmp_path, content)
    assert said.startswith(f"feide.xml {words}")
    assert "\n" not in said


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"There is no file away.xml\."):
        read_metadata(tmp_path / "away.xml", on=ON)
    with pytest.raises(InputError, match="cannot be read \\(Is a directory"):
        read_metadata(tmp_path, on=ON)


def test_a_missing_extra_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "signxml"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "signxml", None)
    (tmp_path / "feide.xml").write_text(sp())
    with pytest.raises(ConfigurationError) as caught:
        list(read_metadata(tmp_path / "feide.xml", certificate=Path("key.pem"), on=ON))
    assert "needs the extra “saml”" in str(caught.value)
    assert str(caught.value).endswith("-m pip install '.[saml]'")


def test_who_calls_himself_like_another_is_another_provider(tmp_path: Path) -> None:
    named = """<md:Organization><md:OrganizationName xml:lang="nb">Ordbanken AS</md:OrganizationName>
        <md:OrganizationDisplayName xml:lang="nb">Ordbanken AS</md:OrganizationDisplayName></md:Organization>"""
    hosts = ("https://sp.ordbanken.example", "https://login.ordbanken.example/saml", "https://ordbanken.example.net")
    services, _ = read(tmp_path, aggregate(*(sp(entity_id=host, more=named) for host in hosts)))
    one, same, other = (service.provider.id for service in services)
    assert one == same != other


@pytest.mark.parametrize(
    "until",
    [
        "2026-11-22T24:00:00Z",
        "2026-11-22T24:00:00.000Z",
        "2026-11-22T24:00:00",
        "2026-12-31T24:00:00+14:00",
        "9999-12-31T24:00:00Z",
        "10000-01-01T00:00:00Z",
        "123456-02-29T12:00:00.5-14:00",
    ],
)
def test_the_end_of_a_day_and_far_years_are_times(tmp_path: Path, until: str) -> None:
    assert read(tmp_path, aggregate(sp(until=until), attributes=f'validUntil="{until}"'))[0]


@pytest.mark.parametrize(
    "until", ["2026-11-21T24:00:00Z", "2026-11-22T24:00:00+00:01", "-0044-03-15T12:00:00Z", "0000-01-01T00:00:00Z"]
)
def test_the_end_of_a_day_before_is_over(tmp_path: Path, until: str) -> None:
    assert refusal(tmp_path, sp(until=until)).startswith("feide.xml is no longer valid")


def test_what_no_time_of_xml_is_is_refused(tmp_path: Path) -> None:
    for until in (
        *("2027-01-01", "20270101T000000Z", "2027-W02-1T00:00:00Z", "2027-01-01 00:00:00Z", "2027-01-01T00:00Z"),
        *("2027-01-01T24:00:01Z", "2027-01-01T24:00:00.1Z", "2027-01-01T25:00:00Z", "2027-02-30T00:00:00Z"),
        *("2027-01-01T00:00:60Z", "2027-01-01T00:00:00.Z", "2027-01-01T00:00:00+14:01", "2027-01-01T00:00:00+15:00"),
        *("012027-01-01T00:00:00Z", "+2027-01-01T00:00:00Z", "٢٠٢٧-01-01T00:00:00Z", "10001-02-29T00:00:00Z"),
    ):
        assert "is not a time" in refusal(tmp_path, sp(until=until)), until
