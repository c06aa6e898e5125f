"""What is wrong in a directory, and whether it is known: findings, the rules that make them, a rehearsal of a login."""
