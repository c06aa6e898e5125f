"""What changed in the directory since last time, whoever changed it."""
