"""From what is wanted and what the directory holds to a plan. Nothing is written here."""
