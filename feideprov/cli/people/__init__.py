"""Commands about users and their numbers."""
