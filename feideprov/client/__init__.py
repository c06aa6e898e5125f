"""The client: the one object that programs use, and its parts by subject (`feide.users`, `feide.numbers`, …)."""
