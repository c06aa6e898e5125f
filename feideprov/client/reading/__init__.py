"""What is understood of a file, before anything is planned."""
