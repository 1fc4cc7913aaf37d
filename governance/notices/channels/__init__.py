"""The ways out: each tries to send one thing once and says how it ended. None of them writes a row."""
