"""Commands about the installation: set-up, checks, journal, what to do today, the demonstration."""
