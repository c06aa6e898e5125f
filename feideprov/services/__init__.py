"""Services that pupils and teachers log in to: which get the number, whom to ask, whom to tell.

Steps 2, 3 and 5 of Feide's advice about refugees (feide.no, 2022-03-30): see which services use the number, ask their
providers whether they depend on it and can serve users without it, and tell those that must know when it has come.
"""
