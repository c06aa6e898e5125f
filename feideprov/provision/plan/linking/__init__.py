"""Users that become ours, and users that are handed to another system."""
