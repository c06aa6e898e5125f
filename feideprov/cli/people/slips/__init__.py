"""Slips on the command line: the command itself, and the file that it and `password` write."""
