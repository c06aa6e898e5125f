"""Files of services taken into the register."""

from __future__ import annotations

import json
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from feideprov import InputError
from feideprov.services.register.service import Dependency, Way
from tests.unit.services.conftest import D_NUMBER, SEEN
from tests.unit.services.saved import OTHERS, OURS, PROVIDER, SELF, organization_object, save_in, service_object


@pytest.fixture
def save(tmp_path):
    return save_in(tmp_path)


@pytest.fixture
def services(client):
    return client.services


def ids(found):
    return [one.id for one in found]


def test_an_import_shows_what_is_new(services, save):
    done = services.import_(save("sp.json", [service_object(1), service_object(2, nin=False)]))
    assert ids(done.new) == ["feide:1", "feide:2"]
    assert done.counts == {
        "read": 2,
        "organizations": 0,
        "new": 2,
        "changed": 0,
        "gone": 0,
        "newly": 0,
        "unchanged": 0,
        "refused": 0,
    }


def test_importing_twice_changes_nothing(services, save):
    files = [
        save("sp.json", [service_object(1)]),
        save("org.json", [PROVIDER, SELF]),
        save("tjenester.csv", "id;aktivert;e-post\n1;nei;egen@x.no\n"),
    ]
    services.import_(*files)
    before = services.all()
    done = services.import_(*files)
    assert (done.new, done.changed, done.gone, done.newly, done.unchanged) == ((), (), (), (), 1)
    assert [one.model_dump(exclude={"unsettled_since"}) for one in services.all()] == [
        one.model_dump(exclude={"unsettled_since"}) for one in before
    ]


def test_what_is_gone_and_what_newly_gets_the_number_is_shown(services, save):
    services.import_(save("sp.json", [service_object(1), service_object(2, nin=False)]))
    done = services.import_(save("sp.json", [service_object(2)]))
    assert (ids(done.gone), ids(done.newly)) == (["feide:1"], ["feide:2"])


def test_nothing_is_gone_because_a_part_lacks_it(services, save):
    services.import_(save("sp.json", [service_object(1), service_object(2)]))
    for content, options in (([service_object(2)], {"part": True}), (service_object(2), {})):
        assert services.import_(save("some.json", content), **options).gone == ()


def test_two_files_of_one_source_are_one_list(services, save):
    files = save("a.json", [service_object(1)]), save("b.json", [service_object(2)])
    services.import_(*files)
    assert services.import_(*files).gone == ()


def test_answers_are_kept(services, save):
    path = save("sp.json", [service_object(1), service_object(2)])
    services.import_(path, org_id=OURS)
    services.answer("feide:1", "can-serve", source="mail")
    services.import_(save("sp.json", [service_object(1, name="Nytt navn"), service_object(2)]))
    found = services.register.get("feide:1")
    assert (found.name(), found.answer.state, found.activated) == ("Nytt navn", Dependency.CAN_SERVE, True)


FILES = {
    "sp.json": [service_object(1), service_object(2, subscribers=(OTHERS,)), service_object(3, subscribers=None)],
    "org.json": [organization_object(OTHERS, "other.no"), PROVIDER, SELF],
    "table.csv": "tjeneste;aktivert;begrunnelse\nTjeneste 3;ja;prøver\n",
}


@pytest.mark.parametrize("together", [True, False], ids=["at once", "one by one"])
@pytest.mark.parametrize("order", list(permutations(["sp.json", "org.json"])), ids=" ".join)
def test_services_and_organizations_come_in_any_order(services, save, order, together):
    files = [save(name, FILES[name]) for name in (*order, "table.csv")]
    for some in [files] if together else [[file] for file in files]:
        services.import_(*some)
    found = {one.id: one for one in services.all()}
    assert {one: found[one].activated for one in found} == {"feide:1": True, "feide:2": False, "feide:3": True}
    assert {contact.mail for one in found.values() for contact in one.contacts} == {"hjelp@leverandor.no"}
    assert found["feide:3"].reason == "prøver"
    assert all("subscribers" not in one.other for one in found.values())
    assert [one.id for one in found.values() if one.concerns_us] == ["feide:1", "feide:3"]


@pytest.mark.parametrize("order", list(permutations(FILES)), ids=" ".join)
def test_a_table_may_stand_before_what_it_names(services, save, order):
    services.import_(*(save(name, FILES[name]) for name in order))
    assert [one.id for one in services.all() if one.concerns_us] == ["feide:1", "feide:3"]


def test_until_our_id_is_known_nothing_counts_as_activated_and_that_is_told(services, save):
    path = save("sp.json", [service_object(1)])
    done = services.import_(path)
    assert services.all()[0].activated is None
    assert done.notes == (
        "It is not known whether 1 service that gets the number is activated here. The file names "
        "organizations by id, and the id of skotthyll.kommune.no is not known. Import the list of organizations of the "
        "Feide API (/2/org/) too, or give the id of skotthyll.kommune.no with --org-id. Until then, the service counts "
        "as not activated.",
    )
    done = services.import_(path, org_id=OURS)
    assert (done.notes, services.all()[0].activated) == ((), True)
    services.import_(save("more.json", [service_object(2)]), part=True)  # our id is remembered
    assert [one.activated for one in services.all()] == [True, True]


def test_our_realm_is_found_in_any_case(services, save):
    org = organization_object(OURS, "Skotthyll.KOMMUNE.no")
    services.import_(save("sp.json", [service_object(1)]), save("org.json", [org]))
    assert services.all()[0].activated is True


def test_an_id_that_is_known_to_be_another_organizations_is_refused(services, save):
    files = save("sp.json", [service_object(1)]), save("org.json", [PROVIDER, SELF])
    services.import_(*files)
    before = services.all()
    with pytest.raises(
        InputError, match=r"--org-id is the id of an organization with the realm leverandor\.no, not skott"
    ):
        services.import_(*files, org_id="100")
    assert services.all() == before


def test_without_subscribers_a_table_says_what_is_activated(services, save):
    path = save("sp.json", [service_object(1, subscribers=None), service_object(2, nin=False, subscribers=None)])
    done = services.import_(path)
    assert done.notes == (
        (
            "No source says whether 1 service that gets the number is activated here. Write the service into a "
            "table with the columns id and activated, and import the table. Until then the service counts as not "
            "activated."
        ),
    )
    done = services.import_(save("tjenester.csv", "tjeneste;aktivert\nTjeneste 1;ja\n"))
    assert (done.notes, ids(done.changed)) == ((), ["feide:1"])
    assert [one.id for one in services.all() if one.concerns_us] == ["feide:1"]
    services.import_(path)
    assert [one.id for one in services.all() if one.concerns_us] == ["feide:1"]


def test_an_address_that_a_person_typed_stays(services, save):
    files = save("sp.json", [service_object(1)]), save("org.json", [PROVIDER, SELF])
    services.import_(*files)
    services.import_(save("tjenester.csv", "id;aktivert;e-post\n1;ja;avtale@leverandor.no\n"))
    for _ in range(2):
        services.import_(*files)
        services.import_(files[1])
        assert [one.mail for one in services.all()[0].contacts] == ["avtale@leverandor.no"]


def test_a_new_support_address_follows(services, save):
    services.import_(save("sp.json", [service_object(1)]), save("org.json", [PROVIDER, SELF]))
    done = services.import_(save("org.json", [organization_object("100", "leverandor.no", "ny@leverandor.no")]))
    assert (ids(done.changed), done.organizations) == (["feide:1"], 1)
    assert [one.mail for one in services.all()[0].contacts] == ["ny@leverandor.no"]


def test_nothing_is_written_when_one_file_cannot_be_read(services, save):
    good, bad = save("sp.json", [service_object(1)]), save("bad.json", "[")
    for files in ((good, bad), (bad, good), (good, save("bad.csv", "x;y\n"))):
        with pytest.raises(InputError, match="bad"):
            services.import_(*files)
    assert services.all() == []
    with pytest.raises(InputError, match="Leave out --certificate: it is only for SAML metadata"):
        services.import_(good, certificate=bad)
    assert services.all() == []


def test_a_wrong_row_of_a_table_is_told_and_the_others_are_taken(services, save):
    done = services.import_(save("tjenester.csv", "id;aktivert;får fødselsnummer\na;ja;ja\nb;kanskje;ja\n"))
    assert (ids(done.new), [one.code for one in done.refusals], done.counts["refused"]) == (["a"], ["S-CELL"], 1)
    assert services.register.get("a").ways == (Way.STATED,)


def test_organizations_are_kept_apart_by_realm(tmp_path, journal, save):
    from feideprov import Journal
    from feideprov.services.register.organizations import Organizations

    other = Journal(f"sqlite:///{tmp_path / 'journal.db'}", "other.no", key=journal.key, actor="x")
    from feideprov.services.sources.entry import Entry
    from feideprov.services.sources.feide_api import organization
    from tests.unit.services.conftest import ON

    Organizations(journal).put([organization(Entry("x", PROVIDER), ON)])
    assert list(Organizations(journal).all()) == ["100"]
    assert Organizations(other).all() == {}
    other.close()


def test_saml_metadata_is_taken_too(services, save):
    metadata = (
        '<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://sp.example.no">'
        '<md:SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">'
        '<md:AssertionConsumerService index="0" isDefault="true" '
        'Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://sp.example.no/acs"/>'
        '<md:AttributeConsumingService index="0"><md:ServiceName xml:lang="nb">Tjenesten</md:ServiceName>'
        '<md:RequestedAttribute Name="urn:oid:1.3.6.1.4.1.2428.90.1.5" '
        'NameFormat="urn:oasis:names:tc:SAML:2.0:attrname-format:uri"/>'
        "</md:AttributeConsumingService></md:SPSSODescriptor></md:EntityDescriptor>"
    )
    done = services.import_(save("sp.xml", metadata), save("t.csv", "id;aktivert\nsaml:https://sp.example.no;ja\n"))
    [found] = services.all()
    assert (found.id, found.ways, found.activated) == ("saml:https://sp.example.no", (Way.SAML,), True)
    assert found.said["ways"].source == "SAML metadata"
    assert ids(done.new) == [found.id]
    asks_no_more = metadata.replace("2428.90.1.5", "2428.90.1.6")
    services.import_(save("sp.xml", asks_no_more))
    assert services.all()[0].ways == ()


def test_a_service_that_a_table_knew_by_name_goes_over_into_the_one_that_is_listed(services, save):
    table = save("tjenester.csv", "tjeneste;aktivert;fødselsnummer;e-post\nTJENESTE 1;ja;ja;avtale@x.no\n")
    services.import_(table)
    services.answer("Tjeneste 1", "can-serve", source="mail")
    done = services.import_(save("sp.json", [service_object(1, subscribers=None)]), save("org.json", [PROVIDER, SELF]))
    assert (ids(done.new), ids(done.gone)) == (["feide:1"], ["name:tjeneste 1"])
    for _ in range(2):
        [found] = [one for one in services.all() if one.concerns_us]
        assert (found.id, found.answer.state, found.ways) == ("feide:1", Dependency.CAN_SERVE, (Way.FEIDE,))
        assert [one.mail for one in found.contacts] == ["avtale@x.no"]
        assert services.import_(table).refusals == ()


def test_a_table_does_not_bring_back_what_its_source_lists_no_more(services, save):
    table = save("t.csv", "id;aktivert\n1;ja\n2;ja\n")
    services.import_(save("sp.json", [service_object(1), service_object(2)]), table)
    done = services.import_(save("sp.json", [service_object(2)]), table)
    assert ids(done.gone) == ["feide:1"]
    assert not services.register.get("feide:1").concerns_us


def test_what_a_service_of_a_table_is_owed_goes_over_with_it_and_is_owed_once(client, user_of, owed, save):
    client.services.import_(save("tjenester.csv", "tjeneste;aktivert;fødselsnummer\nTjeneste 1;ja;ja\n"))
    client.services.answer("Tjeneste 1", "can-serve", source="mail")
    client.attach(user_of("p1"), D_NUMBER, evidence=SEEN)
    assert owed() == [("attach", "name:tjeneste 1")]
    client.services.import_(save("sp.json", [service_object(1)]), save("org.json", [PROVIDER, SELF]))
    assert owed() == [("attach", "feide:1")]
    [notice] = client.services.notices()
    assert [one.service.id for one in notice.lines] == ["feide:1"]
    client.services.answer("feide:1", "can-serve", source="a call")
    assert owed() == [("attach", "feide:1")]


def test_a_service_of_a_table_stays_where_two_are_called_so(services, save):
    services.import_(save("tjenester.csv", "tjeneste;aktivert\nTjeneste 1;ja\n"))
    done = services.import_(save("sp.json", [service_object(1), service_object(2, name="Tjeneste 1")]))
    assert done.gone == ()


def test_a_row_about_a_service_that_is_gone_is_refused(services, save):
    services.import_(save("sp.json", [service_object(1), service_object(2)]))
    services.import_(save("sp.json", [service_object(2)]))
    for words in ("id;aktivert\n1;ja\n", "tjeneste;aktivert\nTjeneste 1;ja\n"):
        assert [one.code for one in services.import_(save("t.csv", words)).refusals] == ["S-SERVICE"]
    assert services.register.get("feide:1").gone_on is not None
    again = services.import_(save("sp.json", [service_object(1), service_object(2)]), save("t.csv", words))
    assert (again.refusals, services.register.get("feide:1").gone_on) == ((), None)


def test_what_another_source_calls_subscribers_is_kept_and_not_understood(services, save):
    client = {"client_id": "a", "scope": "userid-nin", "subscribers": [{"id": OURS}]}
    services.import_(save("oidc.json", [client]))
    services.import_(save("org.json", [SELF]))
    [found] = services.import_(save("oidc.json", [client, client | {"client_id": "b"}])).new
    assert (found.id, found.activated, found.other) == ("oidc:b", None, {"subscribers": [{"id": OURS}]})


# --- organizations without a realm are providers, and no services

CASES = Path(__file__).parents[2] / "data" / "cases"
WITH_PROVIDER = (CASES / "organizations-with-provider.json").read_text(encoding="utf-8")
SCHOOL_OWNER, LESEHUSET = json.loads(WITH_PROVIDER)
OF_LESEHUSET = {"provider": {"id": "2001", "name": {"nb": "Lesehuset AS"}, "realm": None}}
LISTED = [service_object(number, subscribers=("42",), **OF_LESEHUSET) for number in (42, 43)]


def without(organization: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in organization.items() if key not in keys}


PROVIDERS = {
    "as saved": WITH_PROVIDER,
    "lines": f"{json.dumps(SCHOOL_OWNER)}\n{json.dumps(LESEHUSET)}\n",
    "with an address": json.dumps([SCHOOL_OWNER, LESEHUSET | {"support_email": "hjelp@lesehuset.no"}]),
    "no address in it": json.dumps([SCHOOL_OWNER, without(LESEHUSET, "support_email")]),
    "no realm in it": json.dumps([SCHOOL_OWNER, without(LESEHUSET, "realm")]),
    "neither": json.dumps([SCHOOL_OWNER, without(LESEHUSET, "realm", "support_email")]),
    "an empty realm": json.dumps([SCHOOL_OWNER, LESEHUSET | {"realm": ""}]),
}
ORDERS = {
    "services first": (["sp"], ["org"]),
    "organizations first": (["org"], ["sp"]),
    "together": (["sp", "org"],),
    "together, organizations first": (["org", "sp"],),
    "twice": (["sp"], ["org"], ["sp"], ["org"]),
    "organizations twice": (["org"], ["org"], ["sp"]),
}


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
@pytest.mark.parametrize("form", [name for name in PROVIDERS if name in ("as saved", "lines", "neither")])
def test_a_provider_is_no_service_in_either_order(services, save, form, order):
    files = {"sp": save("sp.json", LISTED), "org": save("org.json", PROVIDERS[form])}
    done = [services.import_(*(files[name] for name in names)) for names in order]
    assert [one.id for one in services.all()] == ["feide:42", "feide:43"]
    assert all(one.concerns_us and one.provider.name == "Lesehuset AS" for one in services.all())
    for names, one in zip(order, done, strict=True):
        assert (one.gone, one.counts["refused"]) == ((), 0)
        assert (one.counts["read"], one.counts["organizations"]) == (2 * ("sp" in names), 2 * ("org" in names))


@pytest.mark.parametrize(
    "form",
    [
        "with an address",
        "no address in it",
        "no realm in it",
        "an empty realm",
    ],
)
def test_a_provider_is_known_by_what_its_entry_says(services, save, form):
    services.import_(save("sp.json", LISTED))
    done = services.import_(save("org.json", PROVIDERS[form]), kind="feide")
    assert (done.gone, done.new, done.organizations, done.read) == ((), (), 2, 0)


@pytest.mark.parametrize("content", [LESEHUSET, [LESEHUSET], [LESEHUSET, LESEHUSET | {"id": "42"}]])
def test_providers_alone_are_no_services(services, save, content):
    services.import_(save("sp.json", LISTED))
    done = services.import_(save("org.json", content))
    assert (ids(services.all()), done.gone, done.read) == (["feide:42", "feide:43"], (), 0)
    assert done.organizations == (len(content) if isinstance(content, list) else 1)


def test_ids_of_services_and_of_organizations_are_two_series(services, save):
    both = [SCHOOL_OWNER, *LISTED, LESEHUSET | {"id": "43", "support_email": "feil@x.no"}, LESEHUSET]
    done = services.import_(save("both.json", both))
    assert (ids(done.new), done.organizations, done.read) == (["feide:42", "feide:43"], 3, 2)
    assert [one.contacts for one in services.all()] == [(), ()]  # neither is the provider with that id
    services.import_(save("t.csv", "id;aktivert\n43;nei\n"))
    assert {one.id: one.activated for one in services.all()} == {"feide:42": True, "feide:43": False}


def test_our_own_organization_is_no_provider(services, save):
    services.import_(save("org.json", [without(SCHOOL_OWNER, "realm") | {"realm": "x.no"}, LESEHUSET]))
    with pytest.raises(InputError, match="--org-id is the id of a provider"):
        services.import_(save("sp.json", LISTED), org_id="2001")
    assert services.all() == []


# --- answers that were made with ?fields=

FILTERED = {
    "services, id name": [{"id": "1", "name": {"nb": "Lexin"}}],
    "services, id": [{"id": "1"}, {"id": "2"}],
    "services, id subscribers": [{"id": "1", "subscribers": [{"id": "42"}]}],
    "services, id attributes": [{"id": "1", "attributes": ["norEduPersonNIN"]}],
    "services, id name subscribers": [{"id": "1", "name": {"nb": "Lexin"}, "subscribers": []}],
    "services, id provider": [{"id": "42", "provider": {"id": "2001"}}],
    "services, no id": [without(one, "id") for one in LISTED],
    "organizations, id support": [{"id": "42", "support_email": "a@x.no"}, {"id": "2001", "support_email": None}],
    "organizations, id name type": [without(SCHOOL_OWNER, "realm", "support_email")],
    "organizations, no id": [without(SCHOOL_OWNER, "id")],
}


@pytest.mark.parametrize("kind", [None, "feide"])
@pytest.mark.parametrize("content", FILTERED.values(), ids=FILTERED)
def test_what_a_filter_left_out_is_named_with_the_filter_and_nothing_changes(services, save, content, kind):
    services.import_(save("sp.json", LISTED), save("org.json", WITH_PROVIDER))
    before = services.all()
    with pytest.raises(InputError, match=r"^.*some\.json.*\?fields=") as caught:
        services.import_(save("some.json", content), kind=kind)
    assert len(str(caught.value)) < 250
    assert services.all() == before
    assert services.import_(save("sp.json", LISTED)).unchanged == 2  # our own id is known as before


def test_an_answer_without_attributes_or_addresses_is_read_and_the_filter_is_named(services, save):
    services.import_(save("sp.json", LISTED), save("org.json", WITH_PROVIDER))
    before = services.all()
    done = services.import_(save("some.json", [without(one, "attributes") for one in LISTED]))
    [note] = done.notes
    assert "some.json: no service has attributes" in note
    assert "?fields=" in note
    assert (done.gone, [one.concerns_us for one in services.all()]) == ((), [True, True])
    [note] = services.import_(save("some.json", [{"id": "42", "realm": "skotthyll.kommune.no"}])).notes
    assert "some.json: no organization has support_email" in note
    assert "?fields=" in note
    assert [one.concerns_us for one in services.all()] == [one.concerns_us for one in before]


def test_an_address_stays_when_a_list_of_organizations_does_not_say_it(services, save):
    services.import_(save("org.json", [SCHOOL_OWNER, LESEHUSET | {"support_email": "hjelp@lesehuset.no"}]))
    services.import_(save("org.json", [{"id": "42", "realm": "skotthyll.kommune.no"}, {"id": "2001", "realm": None}]))
    services.import_(save("sp.json", LISTED))
    assert {contact.mail for one in services.all() for contact in one.contacts} == {"hjelp@lesehuset.no"}
    services.import_(save("org.json", WITH_PROVIDER))
    services.import_(save("sp.json", [*LISTED, service_object(44, **OF_LESEHUSET)]))
    assert services.register.get("feide:44").contacts == ()


def test_who_has_activated_a_service_stays_known_when_a_later_answer_does_not_say_it(services, save):
    services.import_(save("sp.json", LISTED))
    services.import_(save("some.json", [without(one, "subscribers") for one in LISTED]))
    services.import_(save("org.json", WITH_PROVIDER))
    assert [one.activated for one in services.all()] == [True, True]
