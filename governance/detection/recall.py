"""What the cache knows of a document, for a process that holds no detectors: all of it, or how much would have to be scanned."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

from .cache import SegmentFindings
from .document import Document, size_of
from .receipt import Receipt, Run, State
from .report import Report
from .ruleset import Ruleset
from .scan import ENGINE_VERSION, VIEWS, key_of, placed
from .units import Unit, units_of

CACHED = "cached"  # in the place of a version: the cache keeps findings of whole runs of every required detector only


@dataclass(frozen=True, slots=True)
class Recall:
    """`keys` are what to ask a FindingsCache for; `units` what they stand for, in the same order."""

    ruleset: Ruleset
    units: tuple[Unit, ...]
    keys: tuple[bytes, ...]

    @classmethod
    def of(cls, document: Document, *, ruleset: Ruleset, key: bytes) -> Self:
        """Return the questions to the cache. `key` is the one the engines use, or nothing is ever found."""
        units = tuple(units_of(document, ruleset))
        return cls(ruleset, units, tuple(key_of(unit, ruleset, key) for unit in units))

    def fresh(self, entries: Sequence[SegmentFindings | None]) -> int:
        """Return the bytes of segments that would have to be scanned; the seams between them are not counted."""
        pairs = zip(self.units, entries, strict=True)
        return sum(size_of(unit.text) for unit, entry in pairs if entry is None and not unit.joined)

    def report(self, entries: Sequence[SegmentFindings | None]) -> Report | None:
        """Return the report as a worker would give it, None when any part is missing. `entries` are the cache's answers."""
        known = {unit.identity: entry for unit, entry in zip(self.units, entries, strict=True) if entry is not None}
        if any(unit.identity not in known for unit in self.units):
            return None
        segments = [unit for unit in self.units if not unit.joined]
        size = sum(size_of(unit.text) for unit in segments)
        required = (VIEWS, *self.ruleset.required)
        receipt = Receipt(
            ruleset=self.ruleset.digest,
            engine=ENGINE_VERSION,
            segments=len(segments),
            bytes_given=size,
            bytes_seen=size,
            bytes_cached=size,
            runs=_cached_runs(required),
            required=required,
            milliseconds=0.0,
        )
        return Report.of_places(placed(self.units, known), receipt)


@lru_cache(maxsize=8)
def _cached_runs(required: tuple[str, ...]) -> tuple[Run, ...]:
    """Return the same runs for every text that was seen before: there are two rulesets at a time, and thousands of texts."""
    return tuple(Run(name, CACHED, State.OK, 0.0) for name in required)
