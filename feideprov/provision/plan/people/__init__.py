"""Plans for person lists: who is new, who is there already, and where only a person can say who is who."""
