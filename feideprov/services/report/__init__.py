"""Which users have problems with which services, as a table, a sheet and a page."""
