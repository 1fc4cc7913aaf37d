"""Personal data: identifiers by pattern and checksum (patterns), persons and places by a language model (names)."""
