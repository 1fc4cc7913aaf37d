"""Words near a number that say what it is. Presidio's idea and scores, without its need for a lemmatiser."""

import re
from collections.abc import Iterable

# Presidio's values: what a context word adds, and what it lifts a score to at least.
BOOST, LEAST = 0.35, 0.4
_BEFORE, _AFTER = 80, 40


def context_pattern(words: Iterable[str]) -> re.Pattern[str] | None:
    """Return a pattern for any of the words, whole and in any case; None when there are none."""
    plain = sorted({word.strip().lower() for word in words if word.strip()}, key=lambda word: (-len(word), word))
    return re.compile(r"(?<![^\W_])(?:" + "|".join(map(_whole, plain)) + r")", re.IGNORECASE) if plain else None


def _whole(word: str) -> str:
    # Korean and Japanese put particles right behind a word.
    return re.escape(word) + (r"(?![^\W_])" if word[-1] < "\u2e80" else "")


def has_context(text: str, start: int, end: int, pattern: re.Pattern[str] | None) -> bool:
    """Return whether one of the words stands within 80 characters before or 40 behind [start, end)."""
    if pattern is None:
        return False
    return bool(
        pattern.search(text, max(0, start - _BEFORE), start) or pattern.search(text, end, min(len(text), end + _AFTER))
    )


def lifted(score: float) -> float:
    """Return the score of something with a context word near it."""
    return min(1.0, max(score + BOOST, LEAST))
