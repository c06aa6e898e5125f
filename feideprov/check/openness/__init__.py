"""What others can find out in the directory: without logging in, and as a user."""
