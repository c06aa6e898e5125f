"""What the verdicts on a record are made of: one idea in each module."""
