"""Notices that a text itself carries: classification banners, "internal only" notices, canary tokens."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from .detector import NO_FILES, Budget, Canary
from .likely import Likely
from .spans import Span
from .views import OF_ONE_TEXT_OR_A_SEAM

_HIGH = r"(?:TOP[ \t]+SECRET|STRICTLY[ \t]+CONFIDENTIAL|HIGHLY[ \t]+(?:CONFIDENTIAL|RESTRICTED)|RESTRICTED|SECRET//[A-Z/]+|EYES[ \t]+ONLY)"
_MIDDLE = (
    r"(?:CONFIDENTIAL|COMPANY[ \t]+CONFIDENTIAL|COMMERCIAL(?:LY)?[ \t]+(?:IN[ \t]+CONFIDENCE|SENSITIVE)|PROPRIETARY)"
)
_LOW = r"(?:INTERNAL(?:[ \t]+USE)?(?:[ \t]+ONLY)?|FOR[ \t]+INTERNAL[ \t]+USE(?:[ \t]+ONLY)?|NOT[ \t]+FOR[ \t]+(?:EXTERNAL[ \t]+)?DISTRIBUTION)"
_LEVELS = (("restricted", _HIGH), ("confidential", _MIDDLE), ("internal", _LOW))
_DECORATION = r"[ \t*_#=\-|\[\]()<>/:.!]*"


def _banner(words: str) -> str:
    """A line of its own that says nothing else, but for who is marked and decoration; or `Classification: ...`."""
    label = r"(?i:(?:data[ \t]+|document[ \t]+|security[ \t]+|information[ \t]+)?(?:classification|sensitivity)(?:[ \t]+level)?)[ \t]*[:=][ \t]*"
    owner = r"(?:[A-Z][\w&]*[ \t]+){0,3}"
    tail = r"(?:[ \t]*[-/|,:][ \t]*[A-Z][A-Z \t/]{2,40})?"
    return rf"^{_DECORATION}(?:{label}[\"'*_\[]*(?i:{words})|{owner}{words}{tail}){_DECORATION}$"


_NOTICES = (
    ("confidential", r"\bstrictly (?:private and )?confidential\b"),
    ("confidential", r"\b(?:must|may|shall) not (?:be (?:shared|disclosed|distributed|sent)|leave)\b[^.\n]{0,60}\b(?:outside|third part(?:y|ies)|the (?:company|organi[sz]ation|group|premises))"),
    ("confidential", r"\b(?:contains?|is|are|includes?|constitutes?) (?:company |commercially |highly |legally )?(?:confidential|proprietary)(?: and (?:proprietary|privileged))? (?:information|material|data)\b"),
    ("confidential", r"\battorney[- ]client privilege[d]?\b"),
    ("internal", r"\bfor (?:internal|company|staff) use only\b|\binternal use only\b|\bnot for (?:external )?(?:distribution|circulation|publication)\b"),
)  # fmt: skip


class Markings:
    name = "markings"
    version = "2"
    views = OF_ONE_TEXT_OR_A_SEAM
    canaries = (
        Canary("CLASSIFICATION: RESTRICTED\nSynthetic text of the scanner's own canary.", "MARKING", "restricted"),
        Canary("COMPANY CONFIDENTIAL", "MARKING", "confidential"),
        Canary("For internal use only.", "MARKING", "internal"),
    )
    files = NO_FILES

    def __init__(self, *, notices: Sequence[str], canaries: Sequence[str]) -> None:
        own = [("restricted", rf"\b{re.escape(phrase)}\b") for phrase in notices]
        banners = [(level, _banner(words)) for level, words in _LEVELS]
        self._patterns = [(level, re.compile(pattern, re.MULTILINE)) for level, pattern in banners]
        self._patterns += [(level, re.compile(pattern, re.IGNORECASE)) for level, pattern in (*_NOTICES, *own)]
        self._likely = Likely(pattern for _, pattern in self._patterns)
        self._canaries = tuple(canaries)

    def find(self, texts: Sequence[str], budget: Budget) -> list[list[Span]]:
        found = []
        for text in texts:
            budget.check()
            found.append([*self._marked(text), *self._planted(text)])
        return found

    def _marked(self, text: str) -> list[Span]:
        """Return what is marked. Words that can be read at two levels have the higher: the milder rule must not be the one that counts."""
        likely = self._likely.of(text)
        found = [
            Span("MARKING", m.start(), m.end(), 0.9, level)
            for level, pattern in self._patterns
            for m in (pattern.finditer(text) if pattern in likely else ())
            if m.group().strip()
        ]
        return _highest(found, size=len(text)) if found else found

    def _planted(self, text: str) -> list[Span]:
        return [
            Span("MARKING", m.start(), m.end(), 1.0, "canary")
            for token in self._canaries
            for m in re.finditer(re.escape(token), text)
        ]


def _highest(found: Sequence[Span], *, size: int) -> list[Span]:
    """Return the spans that touch none of a higher level, in time linear in the text."""
    taken, kept = bytearray(size), []
    for level, _ in _LEVELS:
        at_level = [span for span in found if span.subtype == level and taken.find(1, span.start, span.end) < 0]
        for span in at_level:
            taken[span.start : span.end] = b"\x01" * (span.end - span.start)
        kept += at_level
    return kept


def load(options: Mapping[str, Any], *, key: bytes, models: Path | None) -> Markings:  # noqa: ARG001 - one signature for all detectors
    """Return the detector. Options: `notices` (phrases of the organisation), `canaries` (bait tokens); both lists of text."""
    return Markings(notices=options.get("notices", ()), canaries=options.get("canaries", ()))
