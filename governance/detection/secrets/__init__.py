"""Passwords, keys and tokens: what vendors publish the form of, what its surroundings give away, what its name says it is.

All rules nominate in one pass over the text (`nomination`), and judge only the neighbourhoods that the pass names.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from governance.detection.detector import NO_FILES, Budget
from governance.detection.spans import Span
from governance.detection.views import OF_ONE_TEXT_OR_A_SEAM

from .assignments import ASSIGNMENT_RULES
from .canaries import CANARIES
from .columns import COLUMN_RULES
from .nomination import Nominations
from .published import places_of, published_rules
from .said import SAID_RULES
from .shapes import SHAPE_RULES
from .vendors import VENDOR_RULES

# Hyperscan reads hundreds of megabytes a second; a larger text is read in parts so that the budget is looked at between.
_LARGEST_PART, _OVERLAP = 1 << 20, 1 << 15
# A value once known is looked for in the whole text; with more values than this, each where it was found.
_MOST_EVERYWHERE, _SHORTEST_EVERYWHERE = 32, 8


class Secrets:
    name = "secrets"
    version = "6"
    views = OF_ONE_TEXT_OR_A_SEAM
    canaries = CANARIES
    own_rules = (*VENDOR_RULES, *SHAPE_RULES, *ASSIGNMENT_RULES, *SAID_RULES, *COLUMN_RULES)
    files = NO_FILES

    def __init__(self, *, kept_in: Path | None = None) -> None:
        self._nominations = Nominations((*published_rules(), *self.own_rules), kept_in=kept_in)

    def find(self, texts: Sequence[str], budget: Budget) -> list[list[Span]]:
        return [self._found(text, budget) for text in texts]

    def _found(self, text: str, budget: Budget) -> list[Span]:
        spans = []
        for start in range(0, max(1, len(text)), _LARGEST_PART):
            budget.check()
            part = text if len(text) <= _LARGEST_PART else text[start : start + _LARGEST_PART + _OVERLAP]
            spans += [_moved(span, start) for span in self._nominations.spans(part, budget)]
        return _one_per_place([*spans, *_elsewhere(text, spans)]) if spans else spans


def _moved(span: Span, start: int) -> Span:
    return Span(span.type, span.start + start, span.end + start, span.score, span.subtype) if start else span


def _elsewhere(text: str, spans: Sequence[Span]) -> list[Span]:
    """Return the other places of values found once: a password that is also said in passing is still the password."""
    values = {text[span.start : span.end]: span for span in spans}
    worth_it = {
        value: span for value, span in values.items() if len(value) >= _SHORTEST_EVERYWHERE and not value.isalpha()
    }
    if len(worth_it) > _MOST_EVERYWHERE:
        return []
    return [
        Span(span.type, start, end, span.score, span.subtype)
        for value, span in worth_it.items()
        for start, end in places_of(value, text)
    ]


def _one_per_place(spans: Sequence[Span]) -> list[Span]:
    best: dict[tuple[int, int], Span] = {}
    for span in spans:
        known = best.get((span.start, span.end))
        if known is None or (span.score, span.subtype) > (known.score, known.subtype):
            best[span.start, span.end] = span
    return sorted(best.values(), key=lambda span: (span.start, span.end))


def load(options: Mapping[str, Any], *, key: bytes, models: Path | None) -> Secrets:  # noqa: ARG001 - one signature for all detectors
    """Return the detector. It has no options. Raises Unavailable as `published.read_rules` does."""
    from governance.detection.places import models_folder

    return Secrets(kept_in=models_folder(models))
