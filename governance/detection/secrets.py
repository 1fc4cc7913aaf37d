"""Passwords, keys and tokens: Betterleaks for the formats that vendors publish, our own rules for what people write by hand.

Betterleaks runs in this process and validates nothing against any service. It reads a C string, so a NUL would end its text, and
it skips lines that ask it to (`gitleaks:allow`): the text it gets has neither.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from .assignments import assigned, is_placeholder
from .detector import Budget, Canary
from .secret_shapes import shaped
from .spans import Span
from .views import Kind

_SWITCHES = re.compile(r"(gitleaks|betterleaks)(:)(allow)", re.IGNORECASE)
_SCORES = {"high": 1.0, "medium": 0.85, "low": 0.6}
# Go answers a text of a megabyte in well under a tenth of a second; larger ones are cut so that the budget is looked at between.
_LARGEST_PART, _OVERLAP = 1 << 20, 4096

# Made of parts so that this file is not itself a finding. Synthetic: the checksum of the token does not hold.
_CANARY_TOKEN = "ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a"


class Secrets:
    name = "secrets"
    version = "1"
    views = frozenset({Kind.RAW, Kind.FOLDED, Kind.DECODED, Kind.JOINED})
    canary = Canary(f"export GITHUB_TOKEN={_CANARY_TOKEN}\n", "SECRET")

    def __init__(self) -> None:
        import betterleaks

        self._scan = betterleaks.scan_string

    def find(self, texts: Sequence[str], budget: Budget) -> list[list[Span]]:
        found = []
        for text in texts:
            spans = [*self._published(text, budget), *shaped(text), *assigned(text)]
            found.append(_one_per_place(spans))
        return found

    def _published(self, text: str, budget: Budget) -> Iterator[Span]:
        for start in range(0, max(1, len(text)), _LARGEST_PART):
            budget.check()
            part = text[start : start + _LARGEST_PART + _OVERLAP]
            # A lone surrogate cannot be encoded for Go; the raw view holds none, and no other detector's text reaches here.
            for finding in self._scan(_SWITCHES.sub(r"\1-\3", part).replace("\x00", " ")):
                if finding.confidence == "low" and is_placeholder(finding.match.value):
                    continue
                score = _SCORES.get(finding.confidence, 0.6)
                for low, high in _places(part, finding):
                    yield Span("SECRET", start + low, start + high, score, finding.rule_id)


def _places(text: str, finding: Any) -> Iterator[tuple[int, int]]:
    """Yield every place of the value; the whole lines when it was decoded on the way and is not in the text as such."""
    seen = False
    for value in {finding.match.value, *_components(finding.raw.get("component_sets"))} - {""}:
        at = text.find(value)
        while at >= 0:
            seen = True
            yield at, at + len(value)
            at = text.find(value, at + len(value))
    if not seen:
        lines = text.splitlines(keepends=True)
        low = sum(map(len, lines[: max(0, finding.location.start_line - 1)]))
        high = sum(map(len, lines[: max(1, finding.location.end_line)]))
        if low < high:
            yield low, high


def _components(sets: Any) -> Iterator[str]:
    """Yield the values of the other halves of a pair (an access key and its secret)."""
    for group in sets or ():
        for component in group.get("components", ()):
            value = (component.get("match") or {}).get("value")
            if value:
                yield value


def _one_per_place(spans: Sequence[Span]) -> list[Span]:
    best: dict[tuple[int, int], Span] = {}
    for span in spans:
        known = best.get((span.start, span.end))
        if known is None or (span.score, span.subtype) > (known.score, known.subtype):
            best[span.start, span.end] = span
    return sorted(best.values(), key=lambda span: (span.start, span.end))


def load(options: Mapping[str, Any], *, key: bytes, models: Path | None) -> Secrets:  # noqa: ARG001 - one signature for all detectors
    """Return the detector. It has no options."""
    return Secrets()
