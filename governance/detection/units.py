"""What is scanned at once: one segment, or the seams of neighbouring segments, where a value split in two would hide."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from .document import Document, Segment
from .edits import Piece
from .folding import one_to_one
from .ruleset import Ruleset
from .spans import Finding, Span, keyed_digest, normalised
from .views import Check, Kind, View, views_of

# Code points taken from either side of a seam: longer than every key format but a private key.
SEAM = 160
_LARGEST_BLOCK = 4096
# Only a value whose own shape proves it is believed across a seam: numbers of neighbouring fields make many false phones.
_SEAM_TYPES = frozenset({"SECRET", "CREDIT_CARD", "IBAN_CODE", "EMAIL_ADDRESS", "US_SSN", "MARKING"})
# What is compared with something registered: a row comes with each cell in a field of its own, a file with each line.
_LINED_TYPES = frozenset({"SOURCE", "DATASET", "EVALUATION", "PUBLIC_EVALUATION"})
# Of a value of the organisation's own that crosses a seam: letters and digits, among them a letter.
_LEAST_OF_OWN = 8
_LAST_KEY = re.compile(r"([A-Za-z][\w\-]*)(?:\[\d+\])?\Z")
_KEY_MATTERS = re.compile(
    r"pass|pwd|secret|token|key|cred|auth|birth|dob|geburt|naissance|nacimiento|nascita|geboorte|nasc|urodz|"
    r"phone|mobile|fax|ssn|licen[cs]e|iban|acc(?:oun)?t_?n|tax_?id|mrn|npi|bsn|pesel|member_?id|patient_?id",
    re.IGNORECASE,
)
_LONGEST_LABELLED = 512

Identity = tuple[str, str, bool]
_Piece = tuple[str, str, int]  # text, path, and where in the segment it begins


@dataclass(frozen=True, slots=True)
class Part:
    """Where a stretch of a unit came from: it starts at `start` of the unit and at `offset` of the segment at `path`."""

    start: int
    path: str
    offset: int


@dataclass
class Unit:
    """A text to scan, with its views. `label` is the key under which it stood when that key says what the value is.

    The parts of a `lined` one are parted by an end of line, which is of none of them.
    """

    text: str
    parts: tuple[Part, ...]
    label: str = ""
    lined: bool = False
    views: list[View] = field(default_factory=list)

    @property
    def joined(self) -> bool:
        return len(self.parts) > 1

    @property
    def identity(self) -> Identity:
        """What decides its findings, whatever its path. Seams count: only what crosses one is kept."""
        seams = ",".join(str(part.start) for part in self.parts[1:])
        return (self.text, self.label or ("lined:" if self.lined else "") + seams, self.joined)

    def read(self, check: Check) -> None:
        """Make the views; `check` is called now and then. Raises ViewsTooLarge, ViewsTooDeep, and what `check` does."""
        # What is encoded is decoded in its own segment; here it only has to be read beside its neighbours.
        self.views = [View(one_to_one(self.text), Kind.RAW)] if self.lined else views_of(self.text, check)
        if self.label:
            self.views.append(_labelled(self.label, self.views[0]))

    def kind_of(self, view: View) -> Kind:
        return Kind.LINED if self.lined else Kind.JOINED if self.joined else view.kind

    def finding(self, view: View, span: Span, detector: str, *, key: bytes) -> Finding | None:
        """Return the finding for a span of one of the views, or None when it is an artefact of the window."""
        if view.is_cut(span.start, span.end) or not self._is_believed(span, view, detector):
            return None
        place = view.place(span.start, span.end)
        if place.end <= place.start or (self.joined and not self._crosses(place.start, place.end)):
            return None
        return Finding(
            type=span.type,
            subtype=span.subtype,
            detector=detector,
            path="",
            start=place.start,
            end=place.end,
            score=round(span.score, 4),
            keyed_digest=keyed_digest(normalised(view.text[span.start : span.end]), key=key),
            view=self.kind_of(view).value,
            exact=place.exact,
        )

    def _is_believed(self, span: Span, view: View, detector: str) -> bool:
        if self.lined:
            return span.type in _LINED_TYPES
        if self.joined and detector == "recognisers":
            own = [sign for sign in view.text[span.start : span.end] if sign.isalnum()]
            return len(own) >= _LEAST_OF_OWN and not all(map(str.isdigit, own))
        return not self.joined or span.type in _SEAM_TYPES

    def _crosses(self, start: int, end: int) -> bool:
        return any(start < part.start < end for part in self.parts[1:])

    def placed(self, finding: Finding) -> Iterator[Finding]:
        """Yield the finding in each segment it touches, with that segment's path and places."""
        starts = [part.start for part in self.parts]
        for index in range(bisect_right(starts, finding.start) - 1, bisect_right(starts, finding.end - 1)):
            part = self.parts[index]
            stop = starts[index + 1] - self.lined if index + 1 < len(starts) else len(self.text)
            low, high = max(finding.start, part.start), min(finding.end, stop)
            if low < high:
                shift = part.offset - part.start
                yield replace(finding, path=part.path, start=low + shift, end=high + shift)


def _labelled(label: str, raw: View) -> View:
    """Show the text behind its key, as an assignment. Places in the key itself map to nothing."""
    head, length = f'{label}="', len(raw.text)
    end = len(head) + length
    pieces = (
        Piece(0, len(head), 0, 0, linear=False),
        Piece(len(head), end, 0, length, linear=True),
        Piece(end, end + 1, length, length, linear=False),
    )
    return View(
        f'{head}{raw.text}"', Kind.DECODED, tuple(piece for piece in pieces if piece.view_start < piece.view_end)
    )


def segment_unit(segment: Segment) -> Unit:
    match = _LAST_KEY.search(segment.path)
    worth_it = match and segment.text and len(segment.text) <= _LONGEST_LABELLED and _KEY_MATTERS.search(match[1])
    return Unit(segment.text, (Part(0, segment.path, 0),), label=match[1] if match and worth_it else "")


def units_of(document: Document, ruleset: Ruleset) -> list[Unit]:
    """Return all that is scanned of a document under a ruleset: its segments in order, then their seams."""
    lined = _lined_units(document) if ruleset.compares else ()
    return [*map(segment_unit, document.segments), *joined_units(document), *lined]


def _lined_units(document: Document) -> Iterator[Unit]:
    """Yield neighbouring segments below one another, long ones by their ends; each block begins with the end of the one before."""
    pieces: list[_Piece] = []
    for segment in document.segments:
        text, path = segment.text, segment.path
        if len(text) <= 2 * SEAM:
            pieces += [(text, path, 0)] if text else []
        else:
            yield from _block([*pieces, (text[:SEAM], path, 0)], between="\n")
            pieces = [(text[-SEAM:], path, len(text) - SEAM)]
        if sum(len(piece) for piece, _, _ in pieces) > _LARGEST_BLOCK:
            yield from _block(pieces, between="\n")
            pieces = _last(pieces)
    yield from _block(pieces, between="\n")


def _last(pieces: list[_Piece]) -> list[_Piece]:
    """Return the last pieces that have SEAM characters together."""
    size, first = 0, len(pieces)
    while first and size < SEAM:
        first -= 1
        size += len(pieces[first][0])
    return pieces[first:]


def joined_units(document: Document) -> Iterator[Unit]:
    """Yield texts of neighbouring segments put end to end, long ones by their ends alone."""
    pieces: list[_Piece] = []
    for segment in document.segments:
        if not segment.text:
            continue
        if len(segment.text) <= 2 * SEAM:
            pieces.append((segment.text, segment.path, 0))
            if sum(len(text) for text, _, _ in pieces) > _LARGEST_BLOCK:
                yield from _block(pieces)
                pieces = pieces[-1:]
            continue
        yield from _block([*pieces, (segment.text[:SEAM], segment.path, 0)])
        pieces = [(segment.text[-SEAM:], segment.path, len(segment.text) - SEAM)]
    yield from _block(pieces)


def _block(pieces: list[_Piece], *, between: str = "") -> Iterator[Unit]:
    if len(pieces) < 2:  # noqa: PLR2004 - a seam has two sides
        return
    parts, length = [], 0
    for text, path, offset in pieces:
        parts.append(Part(length, path, offset))
        length += len(text) + len(between)
    yield Unit(between.join(text for text, _, _ in pieces), tuple(parts), lined=bool(between))
