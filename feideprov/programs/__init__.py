"""What the calls of programs pass through: their arguments, their threads, and the processes they fork."""
