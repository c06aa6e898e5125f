"""Lists of users that become ours."""
