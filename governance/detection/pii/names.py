"""Persons and places: a gate and a sieve pick what is worth reading, the names model reads it, and what cannot be a name is taken out again."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from governance.detection.detector import NO_FILES, Budget, Canary, Files
from governance.detection.languages import language_of
from governance.detection.spans import Span
from governance.detection.views import Kind

from .codelike import EDGES, is_address, is_name, trimmed
from .contacts import is_telephone
from .credits import is_credit
from .english import spacy_names
from .gate import Gate
from .introductions import addressee, announced_people
from .model import load_model
from .numbers import is_whole
from .organisations import is_company
from .people import with_lists
from .readings import COUNTRIES, full_names, is_part_of_name, named_around, reread
from .records import recorded
from .sieve import Sieve
from .tagger import GATE, MODEL, SIEVE, VOCABULARY, WEIGHTS, Tag, Tagger

_TYPES = {"PERSON": "PERSON", "PLACE": "LOCATION", "PHONE": "PHONE_NUMBER"}
THRESHOLDS = {"PERSON": 0.3, "PLACE": 0.4, "ORG": 0.4, "PHONE": 0.6, "ID": 0.6}
CUT = -2.0  # lets 99 % of names through and three in ten lines of code; training/gate.py prints the table
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_BETWEEN = re.compile(r"[\s,>]{1,12}")
_NO_PHONE = re.compile(r"\b(?:npi|ssn|dea|mrn|iban|account|acct|card|order|invoice|passport|licen[sc]e)\b[^.\n]{0,12}$", re.IGNORECASE)  # fmt: skip
_LOOKS_BACK = 24
_LABELLED = re.compile(r"\s*[^\W\d_]+[ \t]\d{1,4}\s*")
_SURE = 0.8  # of a word and a number that are all there is; streets that end like one are found by their pattern
_ASKS = re.compile(r", (?:can|could|would|will|please|did|do|are|have|thanks|thank|I|we)\b")
_WILL = re.compile(r" just (?:has|had|wants?|wanted|needs?|needed|loves?|loved|hates?|hated) ")
_LEAST_DIGITS = 7  # of a telephone number that only the model sees


@dataclass(frozen=True, slots=True)
class _Block:
    """`text` begins at `start` of text number `of`."""

    of: int
    start: int
    text: str


class Names:
    name = "names"
    version = "15"
    views = frozenset({Kind.RAW, Kind.FOLDED, Kind.DECODED})
    canaries = (Canary("Synthetic canary: Maria Kowalski met John Smith in Berlin on Tuesday.", "PERSON"),)

    def __init__(
        self, *, tagger: Tagger, gate: Gate, sieve: Sieve, english: Any = None, files: Files = NO_FILES
    ) -> None:
        self.files = files
        self._tagger = tagger
        self._gate = gate
        self._sieve = sieve
        self._english = english

    def find(self, texts: Sequence[str], budget: Budget) -> list[list[Span]]:
        found: list[list[Span]] = [[] for _ in texts]
        gated = [
            _Block(index, start, part)
            for index, text in enumerate(texts)
            for start, part in self._gate.blocks(text)
            if is_read(part)
        ]
        read = [(part, foreign) for block in gated for part, foreign in self._sifted(block)]
        blocks, foreign = [block for block, _ in read], [tag for _, tag in read]
        parts = [block.text for block in blocks]
        for block, tags in zip(
            blocks, self._tagger.tags(parts, budget, foreign, [block.of for block in blocks]), strict=True
        ):
            found[block.of] += _placed(block, spans_of(block.text, list(addresses_joined(block.text, tags))))
        if self._english is not None:
            for block, spans in zip(blocks, spacy_names(self._english, parts, budget), strict=True):
                found[block.of] += _placed(block, spans)
        return [
            list(_judged(text, [*with_lists(text, spans), *_listed(text)]))
            for text, spans in zip(texts, found, strict=True)
        ]

    def _sifted(self, block: _Block) -> Iterator[tuple[_Block, bool]]:
        """Yield what is read of a block, and whether it is in another language than English.

        In one, all of it is read, for the sieve learnt English; and in strict mode, whose second model finds what the first does not.
        """
        foreign = bool(language_of(block.text))
        if foreign or self._english is not None:
            yield block, foreign
        else:
            for start, part in self._sieve.parts(block.text):
                yield _Block(block.of, block.start + start, part), False


def is_read(part: str) -> bool:
    """Return whether the model knows the letters. What it does not is reported as another language (languages.py), and read it would be letter by letter."""
    return part.isascii() or _LATIN.search(part) is not None or not any(map(str.isalpha, part))


def _listed(text: str) -> Iterator[Span]:
    found = (*full_names(text), *named_around(text))
    return (span for span in found if is_name(text, span))


def _judged(text: str, spans: Sequence[Span]) -> Iterator[Span]:
    """Yield the spans without credits of code; a place that the words around it announce as somebody is a person."""
    places = any(span.type == "LOCATION" for span in spans)
    written = list(recorded(text)) if spans else []
    said = [*(announced_people(text) if places else ()), *(span for span in written if span.type == "PERSON")]
    people = [(span.start, span.end) for span in said]
    towns = [(span.start, span.end) for span in written if span.type == "LOCATION"]
    named = {edge for span in spans if span.type == "PERSON" for edge in (span.start, span.end)} if places else set()
    for span in filter(None, (reread(text, span) for span in spans)):
        if span.type == "LOCATION" and any(map(str.isdigit, text[span.start : span.end])):
            yield from filter(None, [addressee(text, span.start)])
        if span.type == "LOCATION" and (_is_somebody(text, span, people) or is_part_of_name(text, span, named)):
            yield replace(span, type="PERSON")
        elif span.type == "PERSON" and any(start <= span.start and span.end <= end for start, end in towns):
            yield replace(span, type="LOCATION")
        elif span.type != "PERSON" or not is_credit(text, span.start):
            yield span


def _is_somebody(text: str, span: Span, people: Sequence[tuple[int, int]]) -> bool:
    last = text[max(0, span.start - 2) : span.start] == ", " and text[span.end : span.end + 1] == "!"
    first = _ASKS.match(text, span.end) is not None and text[max(0, span.start - 1) : span.start] in ("", "\n")
    wills = _WILL.match(text, span.end) is not None and text[span.start : span.end].title() not in COUNTRIES
    return last or first or wills or any(start <= span.start and span.end <= end for start, end in people)


def addresses_joined(text: str, tags: Sequence[Tag]) -> Iterator[Tag]:
    """Yield the tags; places with nothing but a line's end between them are one when either has a number, as an address has."""
    last: Tag | None = None
    for tag in tags:
        if last and last.label == tag.label == "PLACE" and _is_one_address(text, last, tag):
            last = Tag("PLACE", last.start, tag.end, max(last.probability, tag.probability))
            continue
        if last:
            yield last
        last = tag
    if last:
        yield last


def _is_one_address(text: str, one: Tag, other: Tag) -> bool:
    numbered = any(map(str.isdigit, text[one.start : one.end] + text[other.start : other.end]))
    return numbered and not _BETWEEN.sub("", text[one.end : other.start])


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
    if span.type == "PHONE_NUMBER":
        return span if _is_telephone(text, span, value) else None
    if span.type == "LOCATION" and span.score < _SURE and _LABELLED.fullmatch(text):
        return None  # "Räume 2": a room, a part, a ticket
    if span.type == "LOCATION" and is_address(value):
        address = _at_edges(span, value)
        return None if is_company(text, address.start, address.end) else address
    name = trimmed(text, span)
    if name is None or not is_name(text, name):
        return None
    value = text[name.start : name.end]
    country = value in COUNTRIES or (text.islower() and value.title() in COUNTRIES)
    return replace(name, type="LOCATION") if country else name


def _is_telephone(text: str, span: Span, value: str) -> bool:
    said = _NO_PHONE.search(text, max(0, span.start - _LOOKS_BACK), span.start)
    return is_telephone(value) and is_whole(text, span.start, span.end) and not said


def _at_edges(span: Span, value: str) -> Span:
    """Return an address without the signs of quoting and punctuation at its ends."""
    lead, tail = len(value) - len(value.lstrip(EDGES)), len(value) - len(value.rstrip(EDGES))
    return replace(span, start=span.start + lead, end=span.end - tail)


def load(options: Mapping[str, Any], *, key: bytes, models: Path | None) -> Names:  # noqa: ARG001 - one signature for all detectors
    """Return the detector. Options: `strict`, true to read with spaCy's English pipeline as well.

    Raises:
        Unavailable: `model_changed` when the weights are not those of this version, `models_missing` when spaCy's are wanted and not there.
    """
    english = load_model(models) if options.get("strict") else None
    # Looked at before they are read, so that no change after their digests were checked goes unseen.
    files = Files.of(*(WEIGHTS / name for name in (MODEL, VOCABULARY, GATE, SIEVE)))
    tagger = Tagger.load(THRESHOLDS)
    sieve = Sieve.load(WEIGHTS / SIEVE, tagger.vocabulary)
    return Names(tagger=tagger, gate=Gate.load(WEIGHTS / GATE, CUT), sieve=sieve, english=english, files=files)
