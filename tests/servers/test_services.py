"""Services with a journal in PostgreSQL, where a run writes over the one connection that holds its lock."""

from __future__ import annotations

from feideprov import Client, Journal, MarkKey, PersonRecord
from feideprov.testing import example_directory, example_settings
from tests.unit.services.conftest import D_NUMBER, ON, REALM, SEEN
from tests.unit.services.saved import PROVIDER, SELF, save_in, service_object


def test_the_path_from_a_table_to_a_notice_goes_in_postgresql_too(postgres, tmp_path):
    key, save = MarkKey(b"a key for examples and nothing else"), save_in(tmp_path)
    journal = Journal(postgres.database(), REALM, key=key, actor="Kari")
    client = Client(example_settings(tmp_path), directory=example_directory(), journal=journal, keys=key, on=ON)
    names = {"given_name": "Olena", "family_name": "Demir"}
    client.apply(client.plan([PersonRecord(source_id="p1", **names, school="hylla", role="pupil")]))
    [pupil] = client.pending()
    client.services.import_(save("t.csv", "tjeneste;aktivert;fødselsnummer;e-post\nTjeneste 1;ja;ja;a@x.no\n"))
    [asked] = client.services.ask(drafts=tmp_path).questions
    assert asked.file is not None
    client.observe()
    client.attach(pupil.user, D_NUMBER, evidence=SEEN)
    assert client.services.answer("Tjeneste 1", "can-serve", source="mail").owed == 1
    client.services.import_(save("sp.json", [service_object(1)]), save("org.json", [PROVIDER, SELF]))
    assert [one.service for one in journal.owed()] == ["feide:1"]
    assert client.observe().changes == ()
    assert [item.open for item in client.checklist.tick("all")] == [()]
    client.services.notify(drafts=tmp_path)
    [notice] = client.services.notices()
    assert (notice.state, [line.registered for line in notice.lines]) == ("drafted", [1])
    assert client.today().counts == {"unmarked": 1}  # the list has no birth date
    client.close()
    journal.close()
