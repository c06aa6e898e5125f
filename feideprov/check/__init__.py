"""What is wrong in a directory and in the set-up: rules, findings, and a rehearsal of a login."""
