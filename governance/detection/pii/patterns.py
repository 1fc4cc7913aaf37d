"""Identifiers by pattern, checksum and context: Presidio's recognisers for cards, accounts and national numbers, our own for contacts."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from governance.detection.detector import Budget, Canary
from governance.detection.spans import Span
from governance.detection.views import Kind

from .contacts import addresses, emails, phones, streets
from .context import context_pattern, has_context, lifted
from .introductions import announced
from .labelled import labelled
from .presidio import hits
from .recognisers import presidio_recognisers
from .stretches import stretches_of

_CONTACTS = (emails, phones, streets, addresses, announced, labelled)
_UNPROVEN_BARE = 0.3  # the most a number is worth that neither its shape nor a word near it speaks for


class Patterns:
    name = "patterns"
    version = "1"
    views = frozenset({Kind.RAW, Kind.FOLDED, Kind.DECODED, Kind.JOINED})
    canary = Canary("Synthetic canary: card 4111 1111 1111 1111, mail jane.roe@example.com.", "CREDIT_CARD")

    def __init__(self, *, threshold: float) -> None:
        # Recognisers log the values they could not validate.
        logging.getLogger("presidio-analyzer").setLevel(logging.CRITICAL)
        self._threshold = threshold
        self._recognisers = [
            (choice, recogniser, context_pattern([*(recogniser.context or ()), *choice.words]))
            for choice, recogniser in presidio_recognisers()
        ]

    def find(self, texts: Sequence[str], budget: Budget) -> list[list[Span]]:
        found = []
        for text in texts:
            budget.check()
            contacts = [span for look in _CONTACTS for span in look(text)]
            identifiers = list(self._identifiers(text, budget))
            spans = [span for span in (*contacts, *identifiers) if span.score >= self._threshold]
            found.append(best_readings(spans))
        return found

    def _identifiers(self, text: str, budget: Budget) -> Iterator[Span]:
        near = stretches_of(text)
        if not near.text:
            return
        capitals = near.text.upper()
        shouted = capitals if len(capitals) == len(near.text) else near.text
        for choice, recogniser, words in self._recognisers:
            # People type an IBAN in small letters; its checksum makes that safe to read.
            reading = shouted if choice.recogniser == "IbanRecognizer" else near.text
            for hit in hits(recogniser, reading, budget):
                start = near.origin(hit.span.start)
                end = start + hit.span.end - hit.span.start
                said = has_context(text, start, end, words) or (hit.proven and _alone(text, start, end))
                score = hit.span.score if choice.bare else min(hit.span.score, _UNPROVEN_BARE)
                score = lifted(hit.span.score) if said else score
                yield Span(hit.span.type, start, end, score, hit.span.subtype)


def _alone(text: str, start: int, end: int) -> bool:
    """A number that is all there is, in a cell or a field, has no words around it to speak for it."""
    return (end - start) * 3 >= len(text) * 2


def best_readings(spans: Sequence[Span]) -> list[Span]:
    """Return the spans in order, without those that a surer (then longer) reading of the same digits overlaps.

    One number passes the checks of several countries; telling people all of them helps nobody.
    """
    kept: list[Span] = []
    for span in sorted(spans, key=lambda s: (-s.score, s.start - s.end, s.start, s.type)):
        if not any(span.start < other.end and other.start < span.end for other in kept):
            kept.append(span)
    return sorted(kept, key=lambda span: span.start)


def load(options: Mapping[str, Any], *, key: bytes, models: Path | None) -> Patterns:  # noqa: ARG001 - one signature for all detectors
    """Return the detector. Options: `threshold`, 0..1, the least score that is a finding."""
    return Patterns(threshold=float(options.get("threshold", 0.4)))
