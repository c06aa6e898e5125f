"""Who meets trouble with which service, as table, sheet and page."""
