"""Services that pupils and teachers log in to: who needs the number, who has been asked, who must be told.

Steps 2, 3 and 5 of what Feide advises about refugees (feide.no, 2022-03-30): see which services use the number, ask
their providers whether they depend on it and can serve users without, and tell those that must know when it has come.
"""
