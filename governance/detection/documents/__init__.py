"""Documents in other forms than text: what kind they are, their words, and what of them nobody can read."""
