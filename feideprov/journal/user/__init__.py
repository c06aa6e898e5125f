"""What the journal knows of one user, and of whose number or person is to be treated with care."""
