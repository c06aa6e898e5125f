"""The services that the organization's users log in to, kept in the journal's database."""
