"""The databases that a journal can be in: SQLite and PostgreSQL."""
