"""Recognising copied text by fingerprints of it: winnowed hashes of runs of tokens.

Any shared run of GRAM + WINDOW - 1 = 20 tokens shares a fingerprint; nothing shorter than GRAM tokens matches.
Source: Schleimer, Wilkerson, Aiken, "Winnowing: Local Algorithms for Document Fingerprinting", SIGMOD 2003.
"""
