"""Slips: a card with the Feide name and the first password for each user, and the sheets for the teachers."""
