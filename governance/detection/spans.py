"""What detectors say: a Span about one text, a Finding about a document. Neither ever holds the text it is about."""

import hmac
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

# The type of a stretch in another language: said of the document, and no finding of it.
LANGUAGE = "LANGUAGE"
# Findings of these types name what their text was taken from: two sources at one place are two findings.
_FROM_SOMEWHERE = frozenset({"EVALUATION", "PUBLIC_EVALUATION", "DATASET"})
_SEPARATORS = re.compile(r"[\s\-./()]+")


@dataclass(frozen=True, slots=True)
class Span:
    """A place in one text.

    `start` and `end` are code points, end exclusive, 0 <= start < end <= len(text). `score` is 0..1.
    `type` is Presidio's entity name for personal data, else SECRET, SOURCE or MARKING, and `subtype` says which kind.
    """

    type: str
    start: int
    end: int
    score: float
    subtype: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """A place in a document: `start` and `end` are code points of the segment at `path`, end exclusive.

    `keyed_digest` is an HMAC-SHA-256 (hex) of the normalised value: equal values compare equal, nothing can be read back.
    `view` says through which view the value was seen; `exact` is False when the place is the whole encoded run around it.
    """

    type: str
    detector: str
    path: str
    start: int
    end: int
    score: float
    keyed_digest: str
    subtype: str = ""
    view: str = "raw"
    exact: bool = True

    @property
    def family(self) -> str:
        """What rules name it by, besides its whole subtype: "restricted" of a marking "restricted:blue-heron"."""
        return self.subtype.partition(":")[0]

    def to_dict(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def of_dict(cls, values: dict[str, Any]) -> "Finding":
        return cls(**values)


def normalised(value: str) -> str:
    """Return the form under which two spellings of one value are equal: NFKC, case folded, no separators."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", value).casefold())


def keyed_digest(value: str, *, key: bytes) -> str:
    """Return the HMAC-SHA-256 of the normalised value, 64 hex characters."""
    # surrogatepass: a lone surrogate in hostile text must not turn a finding into an exception.
    return hmac.digest(key, normalised(value).encode("utf-8", "surrogatepass"), "sha256").hex()


def source_of(finding: Finding) -> str:
    """Return what the text of a finding was taken from, where another finding at its place may be taken from something else."""
    return finding.subtype if finding.type in _FROM_SOMEWHERE else ""


def without_overlaps(findings: list[Finding]) -> list[Finding]:
    """Return the findings in document order with one finding per place and type.

    Within one path and type the longer, then the surer one stays, and what lies wholly inside it goes.
    Findings of different types all stay: policy must see every one of them. So do those of different exams and datasets.
    """
    alike: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in findings:
        alike.setdefault((finding.path, finding.type, source_of(finding)), []).append(finding)
    everything = [finding for rivals in alike.values() for finding in _outermost(rivals)]
    order = {path: place for place, path in enumerate(dict.fromkeys(finding.path for finding in findings))}
    return sorted(everything, key=lambda f: (order[f.path], f.start, f.end, f.type, f.subtype, f.detector))


def _outermost(rivals: list[Finding]) -> Iterator[Finding]:
    """Yield those that lie in no other; a place that is not exact drives no exact one out.

    Whatever holds a finding comes before it here, so the furthest end so far tells, and a text full of values takes no longer for each.
    """
    reach = reach_of_exact = -1
    for finding in sorted(rivals, key=lambda f: (f.start, -f.end, *_strongest_first(f))):
        if finding.end > (reach_of_exact if finding.exact else reach):
            yield finding
        reach = max(reach, finding.end)
        if finding.exact:
            reach_of_exact = max(reach_of_exact, finding.end)


def _strongest_first(finding: Finding) -> tuple[Any, ...]:
    length = finding.end - finding.start
    return (
        not finding.exact,
        -length,
        -finding.score,
        finding.start,
        finding.detector,
        finding.subtype,
        finding.keyed_digest,
    )
