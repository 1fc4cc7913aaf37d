"""Persons and places: a gate picks what is worth reading, the names model reads it, and what cannot be a name is taken out again."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from governance.detection.detector import Budget, Canary
from governance.detection.spans import Span
from governance.detection.views import Kind

from .codelike import is_address, is_name, trimmed
from .english import spacy_names
from .gate import Gate
from .model import load_model
from .tagger import GATE, WEIGHTS, Tag, Tagger

_TYPES = {"PERSON": "PERSON", "PLACE": "LOCATION", "PHONE": "PHONE_NUMBER"}
THRESHOLDS = {"PERSON": 0.3, "PLACE": 0.4, "ORG": 0.4, "PHONE": 0.6, "ID": 0.6}
CUT = -2.0  # lets 99 % of names through and three in ten lines of code; training/gate.py prints the table
_LEAST_DIGITS = 7  # of a telephone number that only the model sees


@dataclass(frozen=True, slots=True)
class _Block:
    """`text` begins at `start` of text number `of`."""

    of: int
    start: int
    text: str


class Names:
    name = "names"
    version = "3"
    views = frozenset({Kind.RAW, Kind.FOLDED, Kind.DECODED})
    canary = Canary("Synthetic canary: Maria Kowalski met John Smith in Berlin on Tuesday.", "PERSON")

    def __init__(self, *, tagger: Tagger, gate: Gate, english: Any = None) -> None:
        self._tagger = tagger
        self._gate = gate
        self._english = english

    def find(self, texts: Sequence[str], budget: Budget) -> list[list[Span]]:
        found: list[list[Span]] = [[] for _ in texts]
        blocks = [
            _Block(index, start, part) for index, text in enumerate(texts) for start, part in self._gate.blocks(text)
        ]
        parts = [block.text for block in blocks]
        for block, tags in zip(blocks, self._tagger.tags(parts, budget), strict=True):
            found[block.of] += _placed(block, spans_of(block.text, tags))
        if self._english is not None:
            for block, spans in zip(blocks, spacy_names(self._english, parts, budget), strict=True):
                found[block.of] += _placed(block, spans)
        return found


def spans_of(text: str, tags: Sequence[Tag]) -> Iterator[Span]:
    """Yield the tags that are findings: people, places, and telephones with enough digits."""
    for tag in tags:
        kind = _TYPES.get(tag.label)
        if kind and (tag.label != "PHONE" or sum(map(str.isdigit, text[tag.start : tag.end])) >= _LEAST_DIGITS):
            yield Span(kind, tag.start, tag.end, round(tag.probability, 4))


def _placed(block: _Block, spans: Iterable[Span]) -> Iterator[Span]:
    for span in spans:
        name = _whole_name(block.text, span)
        if name is not None:
            yield replace(name, start=block.start + name.start, end=block.start + name.end)


def _whole_name(text: str, span: Span) -> Span | None:
    value = text[span.start : span.end]
    if span.type == "PHONE_NUMBER" or (span.type == "LOCATION" and is_address(value)):
        return span
    name = trimmed(text, span)
    return name if name is not None and is_name(text, name) else None


def load(options: Mapping[str, Any], *, key: bytes, models: Path | None) -> Names:  # noqa: ARG001 - one signature for all detectors
    """Return the detector. Options: `strict`, true to read with spaCy's English pipeline as well.

    Raises:
        Unavailable: `model_changed` when the weights are not those of this version, `models_missing` when spaCy's are wanted and not there.
    """
    english = load_model(models) if options.get("strict") else None
    return Names(tagger=Tagger.load(THRESHOLDS), gate=Gate.load(WEIGHTS / GATE, CUT), english=english)
