"""The change log: what was intended and what was done; never a number or a password."""
