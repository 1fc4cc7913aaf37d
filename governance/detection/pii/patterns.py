"""Identifiers by pattern, checksum and context: Presidio's recognisers for cards, accounts and national numbers, our own for contacts and births."""

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from governance.detection.detector import NO_FILES, Budget
from governance.detection.expressions import Expressions
from governance.detection.places import models_folder
from governance.detection.spans import Span
from governance.detection.views import OF_ONE_TEXT_OR_A_SEAM

from .births import births
from .canaries import canaries_above
from .contacts import addresses, emails, phones, streets
from .context import LEAST, context_pattern, has_context, lifted
from .introductions import announced
from .labelled import labelled
from .national import national_recognisers
from .numbers import is_all_there_is, is_whole
from .presidio import Hit, hits
from .recognisers import Choice, presidio_recognisers
from .records import recorded
from .stretches import stretches_of, whole

_CONTACTS = (emails, phones, streets, addresses, announced, recorded, labelled, births)
_MANY = 4  # digits that are all the same stand for no number
_FILLED_IN = re.compile(rf"(?<!\w)(\d)\1{{{_MANY - 1},}}(?!\w)")
_UNPROVEN_BARE = 0.3  # the most a number is worth that neither its shape nor a word near it speaks for


@dataclass(frozen=True, slots=True)
class _Identifier:
    """`alone`: believed because it is all there is, for no word or form of its own."""

    span: Span
    alone: bool


class Patterns:
    name = "patterns"
    version = "13"
    views = OF_ONE_TEXT_OR_A_SEAM
    files = NO_FILES

    def __init__(self, *, threshold: float, kept_in: Path | None = None) -> None:
        self.canaries = canaries_above(threshold)
        # Recognisers log the values they could not validate.
        logging.getLogger("presidio-analyzer").setLevel(logging.CRITICAL)
        self._threshold = threshold
        self._recognisers = [
            (choice, recogniser, context_pattern([*(recogniser.context or ()), *choice.words]))
            for choice, recogniser in presidio_recognisers()
        ]
        self._recognisers += [
            (
                Choice(form.type, bare=form.bare, alone=form.alone or ("any" if form.bare else "shaped")),
                recogniser,
                context_pattern(recogniser.context or ()),
            )
            for form, recogniser in national_recognisers()
        ]

        self._owners = [
            place for place, (_, recogniser, _) in enumerate(self._recognisers) for _ in recogniser.patterns
        ]
        self._patterns = [pattern for _, recogniser, _ in self._recognisers for pattern in recogniser.patterns]
        # Presidio compiles with these flags; what Hyperscan cannot decide it nominates too often, never too seldom.
        self._expressions = Expressions.of(
            [f"(?ims){pattern.regex}" for pattern in self._patterns], prefilter=True, kept_in=kept_in
        )

    def find(self, texts: Sequence[str], budget: Budget) -> list[list[Span]]:
        found = []
        for text in texts:
            budget.check()
            contacts = [span for look in _CONTACTS for span in look(text)]
            identifiers = [each for each in self._identifiers(text, budget) if each.span.score >= self._threshold]
            if _holds_more(text, [each.span for each in identifiers]):
                identifiers = [each for each in identifiers if not each.alone]
            spans = [
                *(span for span in contacts if span.score >= self._threshold),
                *(each.span for each in identifiers),
            ]
            found.append(best_readings(spans))
        return found

    def _identifiers(self, text: str, budget: Budget) -> Iterator[_Identifier]:
        alone = is_all_there_is(text)
        near = whole(text) if alone else stretches_of(text)
        if not near.text:
            return
        capitals = near.text.upper()
        shouted = capitals if len(capitals) == len(near.text) else near.text
        nominated = self._nominated(near.text)
        for (choice, recogniser, words), patterns in zip(self._recognisers, nominated, strict=True):
            if not patterns:
                continue
            # People type an IBAN in small letters, and the next word onto it; its checksum makes both safe to read.
            is_iban = choice.recogniser == "IbanRecognizer"
            reading = shouted if is_iban else near.text
            for hit in hits(recogniser, reading, budget, patterns):
                start = near.origin(hit.span.start)
                end = start + hit.span.end - hit.span.start
                whole_end = _word_end(text, end) if is_iban else end
                if not is_whole(text, start, whole_end) or not _can_be(choice, text[start:end]):
                    continue
                said = has_context(text, start, end, words)
                score = _worth(choice, hit, said=said, alone=alone, digits=text[start:end].isdigit())
                by_itself = said or (choice.bare and hit.span.score >= LEAST)
                yield _Identifier(Span(hit.span.type, start, end, score, hit.span.subtype), alone=not by_itself)

    def _nominated(self, text: str) -> list[list[Any]]:
        """Return, for each recogniser, those of its patterns that may match: one pass over the text for all of them."""
        found: set[int] = set()

        def note(number: int, _end: int) -> None:
            found.add(number)

        self._expressions.scan(text.encode("utf-8", "surrogatepass"), note)
        nominated: list[list[Any]] = [[] for _ in self._recognisers]
        for number in sorted(found):
            nominated[self._owners[number]].append(self._patterns[number])
        return nominated


def _word_end(text: str, end: int) -> int:
    while end < len(text) and text[end].isalnum():
        end += 1
    return end


def _holds_more(text: str, spans: Sequence[Span]) -> bool:
    """Return whether numbers stand beside the spans: of "M123 A4567" no part is a number of its own."""
    rest = list(text)
    for span in spans:
        rest[span.start : span.end] = " " * (span.end - span.start)
    return any(map(str.isdigit, _FILLED_IN.sub("", "".join(rest))))


def _can_be(choice: Choice, value: str) -> bool:
    digits = [sign for sign in value if sign.isdigit()]
    if len(digits) >= _MANY and len(set(digits)) == 1:
        return False
    return choice.check is None or choice.check("".join(filter(str.isalnum, value)))


def _worth(choice: Choice, hit: Hit, *, said: bool, alone: bool, digits: bool) -> float:
    """Return how far the number is believed: by a word near it, by its own form, or because it is all there is."""
    if said:
        return lifted(hit.span.score)
    if choice.bare and hit.span.score >= LEAST:
        return hit.span.score
    # A number that is all there is, in a cell or a field, has no words around it to speak for it.
    allowed = choice.alone == "any" if digits else choice.alone != "never"
    if alone and allowed and (hit.proven or choice.checked or not digits):
        return lifted(hit.span.score)
    return min(hit.span.score, _UNPROVEN_BARE)


def best_readings(spans: Sequence[Span]) -> list[Span]:
    """Return the spans in order, without those that a surer (then longer) reading of the same digits overlaps.

    One number passes the checks of several countries; telling people all of them helps nobody.
    """
    kept: list[Span] = []
    taken = bytearray(max((span.end for span in spans), default=0))
    for span in sorted(spans, key=lambda s: (-s.score, s.start - s.end, s.start, s.type)):
        if taken.find(1, span.start, span.end) < 0:
            taken[span.start : span.end] = b"\x01" * (span.end - span.start)
            kept.append(span)
    return sorted(kept, key=lambda span: span.start)


def load(options: Mapping[str, Any], *, key: bytes, models: Path | None) -> Patterns:  # noqa: ARG001 - one signature for all detectors
    """Return the detector. Options: `threshold`, 0..1, the least score that is a finding."""
    return Patterns(threshold=float(options.get("threshold", 0.4)), kept_in=models_folder(models))
