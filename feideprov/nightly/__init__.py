"""What a night needs, unattended: files, looks at the directory, notices, and one mail about what is new."""
