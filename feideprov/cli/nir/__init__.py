"""Commands of the introduction register (NIR)."""
