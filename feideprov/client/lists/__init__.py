"""Lists of people, and who is not in them."""
