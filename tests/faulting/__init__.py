"""Faults, put to the real gateway on each of its surfaces: what was sent while one held, and what of it nobody had scanned."""
