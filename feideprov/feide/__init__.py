"""Feide's information model: organization, person record, user, and how one becomes the other."""
