"""What an administrator loads into an empty server: whole files for one configuration, and a page with each command."""
