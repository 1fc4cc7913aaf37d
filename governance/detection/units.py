"""What is scanned at once: one segment, or the seams of neighbouring segments, where a value split in two would hide."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from .document import Document, Segment
from .edits import Piece
from .spans import Finding, Span, keyed_digest, normalised
from .views import Check, Kind, View, views_of

# Code points taken from either side of a seam: longer than every key format but a private key.
SEAM = 160
_LARGEST_BLOCK = 4096
# Only a value whose own shape proves it is believed across a seam: numbers of neighbouring fields make many false phones.
_SEAM_TYPES = frozenset({"SECRET", "CREDIT_CARD", "IBAN_CODE", "EMAIL_ADDRESS", "US_SSN", "MARKING"})
_LAST_KEY = re.compile(r"([A-Za-z][\w\-]*)(?:\[\d+\])?\Z")
_KEY_MATTERS = re.compile(
    r"pass|pwd|secret|token|key|cred|auth|birth|dob|geburt|naissance|nacimiento|nascita|geboorte|nasc|urodz|"
    r"phone|mobile|fax|ssn|licen[cs]e|iban|acc(?:oun)?t_?n|tax_?id|mrn|npi|bsn|pesel|member_?id|patient_?id",
    re.IGNORECASE,
)
_LONGEST_LABELLED = 512

Identity = tuple[str, str, bool]


@dataclass(frozen=True, slots=True)
class Part:
    """Where a stretch of a unit came from: it starts at `start` of the unit and at `offset` of the segment at `path`."""

    start: int
    path: str
    offset: int


@dataclass
class Unit:
    """A text to scan, with its views. `label` is the key under which it stood when that key says what the value is."""

    text: str
    parts: tuple[Part, ...]
    label: str = ""
    views: list[View] = field(default_factory=list)

    @property
    def joined(self) -> bool:
        return len(self.parts) > 1

    @property
    def identity(self) -> Identity:
        """What decides its findings, whatever its path. Seams count: only what crosses one is kept."""
        seams = ",".join(str(part.start) for part in self.parts[1:])
        return (self.text, self.label or seams, self.joined)

    def read(self, check: Check) -> None:
        """Make the views; `check` is called now and then. Raises ViewsTooLarge, ViewsTooDeep, and what `check` does."""
        self.views = views_of(self.text, check)
        if self.label:
            self.views.append(_labelled(self.label, self.views[0]))

    def kind_of(self, view: View) -> Kind:
        return Kind.JOINED if self.joined else view.kind

    def finding(self, view: View, span: Span, detector: str, *, key: bytes) -> Finding | None:
        """Return the finding for a span of one of the views, or None when it is an artefact of the window."""
        if view.is_cut(span.start, span.end) or (self.joined and span.type not in _SEAM_TYPES):
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

    def _crosses(self, start: int, end: int) -> bool:
        return any(start < part.start < end for part in self.parts[1:])

    def placed(self, finding: Finding) -> Iterator[Finding]:
        """Yield the finding in each segment it touches, with that segment's path and places."""
        starts = [part.start for part in self.parts]
        for index in range(bisect_right(starts, finding.start) - 1, bisect_right(starts, finding.end - 1)):
            part = self.parts[index]
            stop = starts[index + 1] if index + 1 < len(starts) else len(self.text)
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


def joined_units(document: Document) -> Iterator[Unit]:
    """Yield texts of neighbouring segments put end to end, long ones by their ends alone."""
    pieces: list[tuple[str, str, int]] = []
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


def _block(pieces: list[tuple[str, str, int]]) -> Iterator[Unit]:
    if len(pieces) < 2:  # noqa: PLR2004 - a seam has two sides
        return
    parts, length = [], 0
    for text, path, offset in pieces:
        parts.append(Part(length, path, offset))
        length += len(text)
    yield Unit("".join(text for text, _, _ in pieces), tuple(parts))
