"""The rules of a check, each with its code."""
