"""What every detector is. One file or folder each; slow libraries are imported inside."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from .spans import Span
from .views import Kind

Clock = Callable[[], float]


class OutOfTime(Exception):
    """The budget ended before the detector did. The receipt then says timeout, never ok."""


@dataclass(frozen=True, slots=True)
class Budget:
    """A moment on a monotonic clock after which nobody waits for the answer any more."""

    ends: float
    clock: Clock = field(default=time.monotonic, repr=False)

    @classmethod
    def of(cls, seconds: float, clock: Clock = time.monotonic) -> "Budget":
        return cls(clock() + seconds, clock)

    @property
    def left(self) -> float:
        """Seconds left; negative when over."""
        return self.ends - self.clock()

    def check(self) -> None:
        """Raise OutOfTime when nothing is left."""
        if self.left <= 0:
            raise OutOfTime


@dataclass(frozen=True, slots=True)
class Canary:
    """A synthetic text in which the detector must find a `type`, and of it this `subtype` where one is named.

    One that no longer does is broken, whatever it says.
    """

    text: str
    type: str
    subtype: str = ""

    def is_among(self, spans: Sequence[Span]) -> bool:
        return any(span.type == self.type and self.subtype in {"", span.subtype} for span in spans)


Stamp = tuple[int, int, int] | None


@dataclass(frozen=True, slots=True)
class Files:
    """Files a detector was made from, as they were then: inode, size and time of each, None of one that was not there."""

    stamps: Mapping[Path, Stamp] = field(default_factory=dict)

    @classmethod
    def of(cls, *paths: Path) -> "Files":
        return cls({path: _stamp_of(path) for path in paths})

    def are_as_they_were(self) -> bool:
        return all(_stamp_of(path) == stamp for path, stamp in self.stamps.items())


def _stamp_of(path: Path) -> Stamp:
    try:
        told = path.stat()
    except OSError:
        return None
    return told.st_ino, told.st_size, told.st_mtime_ns


NO_FILES = Files()


class Detector(Protocol):
    name: str  # stable across processes: it is written to the log
    version: str
    views: frozenset[Kind]  # the views it reads
    canaries: Sequence[Canary]  # none only where nothing is registered to be found
    files: Files  # which must not change beneath it

    def find(self, texts: Sequence[str], budget: Budget) -> list[list[Span]]:
        """Return one list of spans per text, in order.

        Raises:
            OutOfTime: when the budget ends first. Any other exception also makes the report incomplete.
        """
