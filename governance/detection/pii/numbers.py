"""Where a number stands: alone in a cell, or as a piece of a longer one."""

import re

_NUMBERS = re.compile(r"[A-Za-z\-]*\d[\w\-]*(?: ?[A-Z]{1,3}\b| \d[A-Z]{2}\b)?")
_LONGEST_CELL, _FEW_LETTERS = 80, 4


def is_all_there_is(text: str) -> bool:
    """Return whether a text is nothing but numbers: a cell, a field, a list of them."""
    return (
        any(map(str.isdigit, text[:_LONGEST_CELL]))
        and len(text) <= _LONGEST_CELL
        and sum(map(str.isalpha, _NUMBERS.sub("", text))) <= _FEW_LETTERS
    )


def is_whole(text: str, start: int, end: int) -> bool:
    """Return whether a number is no piece of a longer one: "51 824 753 5564" holds no "824 753 5564"."""
    before, after = text[start - 1 : start], text[end : end + 1]
    if (before.isascii() and before.isalnum()) or (after.isascii() and after.isalnum()):
        return False
    separators = set(text[start:end]) & set(" -./")
    return not (
        (before in separators and text[start - 2 : start - 1].isdigit())
        or (after in separators and text[end + 1 : end + 2].isdigit())
    )
