"""Commands about services: who needs the number, whom to ask, whom to tell."""
