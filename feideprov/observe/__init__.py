"""What changed in the directory since the last observation, whoever changed it."""
