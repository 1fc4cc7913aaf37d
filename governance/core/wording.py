"""What a person wrote, before anybody asks what it means, and how a number of things is said."""

import unicodedata

_SEEN = frozenset("LNPS")  # letters, numbers, punctuation and symbols; Unicode Standard, section 4.5
_BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800")  # letters and a symbol by their kind, and empty by their form


def several(number: int, noun: str) -> str:
    """Return "1 call", "2,000 calls": a noun whose plural ends in s."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def says_nothing(text: str) -> bool:
    """Return whether there is nothing to be read: only spaces, marks alone and characters without a form."""
    return not any(unicodedata.category(letter)[0] in _SEEN and letter not in _BLANK for letter in text)


def length_as_read(text: str) -> int:
    """Return how many characters of a text a reader meets, spaces within it counted; 0 when it says nothing."""
    if says_nothing(text):
        return 0
    met = (letter for letter in text if unicodedata.category(letter) != "Cf" and letter not in _BLANK)
    return len("".join(met).strip())
