"""First passwords: what they are made of, and what is told beside them."""
