"""What every detector is. One file or folder each; slow libraries are imported inside."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
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
    """A synthetic text in which the detector must find a `type`; one that no longer does is broken, whatever it says."""

    text: str
    type: str


class Detector(Protocol):
    name: str  # stable across processes: it is written to the log
    version: str
    views: frozenset[Kind]  # the views it reads
    canary: Canary | None  # None only where nothing is registered to be found

    def find(self, texts: Sequence[str], budget: Budget) -> list[list[Span]]:
        """Return one list of spans per text, in order.

        Raises:
            OutOfTime: when the budget ends first. Any other exception also makes the report incomplete.
        """
