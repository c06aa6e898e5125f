"""Plan, apply, attach: what is to be changed in the directory, and the one way in which it is done."""
