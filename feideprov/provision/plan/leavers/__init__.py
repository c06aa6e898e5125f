"""Who is not in a list any more, and whom a full file closes."""
