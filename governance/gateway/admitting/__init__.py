"""Who may begin: how much is at work at once, in which shares, and how the rest is turned away."""
