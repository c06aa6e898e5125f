"""What the program says of itself: the commands, their pages of help, and what a wrong command line is told."""
