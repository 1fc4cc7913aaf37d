"""Run one of Presidio's recognisers, with its own patterns, checksums and scores, but never silently.

Presidio logs a pattern that ran out of time, skips it and returns as if nothing was there. Here it raises.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from governance.detection.detector import Budget
from governance.detection.spans import Span

# No pattern may take longer on one text, whatever the deadline: a longer one is being attacked.
_LONGEST_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Hit:
    """`proven`: the checksum or format check of the recogniser held; `span.score` is Presidio's own."""

    span: Span
    proven: bool


_SHORTEST_IBAN = 15  # of Norway (ISO 13616)


def hits(recogniser: Any, text: str, budget: Budget, patterns: Sequence[Any] | None = None) -> Iterator[Hit]:
    """Yield what a pattern recogniser finds in `text`, by all of its patterns or by those given.

    Raises:
        TimeoutError: when a pattern ran out of time.
        OutOfTime: when the budget ended.
    """
    for pattern in recogniser.patterns if patterns is None else patterns:
        budget.check()
        compiled = _compiled(pattern, recogniser.global_regex_flags)
        for match in compiled.finditer(text, timeout=min(_LONGEST_SECONDS, max(budget.left, 0.001))):
            hit = _judged(recogniser, pattern.score, match)
            if hit is not None:
                yield hit


def _compiled(pattern: Any, flags: int) -> Any:
    if pattern.compiled_regex is None or pattern.compiled_with_flags != flags:
        import regex

        pattern.compiled_regex, pattern.compiled_with_flags = regex.compile(pattern.regex, flags=flags), flags
    return pattern.compiled_regex


def _judged(recogniser: Any, score: float, match: Any) -> Hit | None:
    for start, end in _extents(recogniser, match):
        value = match.string[start:end]
        valid = recogniser.validate_result(value)
        if not value or valid is False or recogniser.invalidate_result(value):
            continue
        sure = 1.0 if valid else score
        return Hit(Span(recogniser.supported_entities[0], start, end, sure, "identifier"), proven=bool(valid))
    return None


def _extents(recogniser: Any, match: Any) -> list[tuple[int, int]]:
    """The next word may be written onto an IBAN, by who left the space out or set its letters apart: the longest that is one counts.

    Every country has one length, which the recogniser looks at beside the checksum.
    """
    if type(recogniser).__name__ != "IbanRecognizer":
        return [match.span()]
    low, high = match.span()
    return [
        (low, end) for end in range(high, min(high, low + _SHORTEST_IBAN - 1), -1) if match.string[end - 1].isalnum()
    ]
