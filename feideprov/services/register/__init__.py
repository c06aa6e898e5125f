"""The services that the organization's users meet, kept in the journal's database."""
