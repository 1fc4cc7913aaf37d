"""How fast a stage works off what it is given, learnt from the stage itself. Pure: moments come in, in seconds of any one clock."""

from dataclasses import dataclass
from math import exp, inf

# What is kept of the past with each that is done: about twenty of them count, and where they are quick, those of so many seconds. Work
# that is shared evenly ends in bunches, and the last twenty of a bunch would tell of a pace many times the true one.
MEMORY, MEMORY_S = 0.95, 0.4


@dataclass(slots=True)
class Pace:
    """`amount` is in any unit, such as calls or bytes; `each_s` is a guess of the seconds of one, until something was done.

    Between two that are done while others wait, the stage has done exactly the later one, however many it works at side by side and
    whoever else makes use of it. So the time between them, and not the time each took, says how long a queue will take.
    """

    each_s: float
    under_way: float = 0.0
    _since: float = 0.0
    _before: float = 0.0  # worked at what was paused, since one was done
    _time: float = 0.0
    _done: float = 0.0

    def begin(self, amount: float, *, at: float) -> None:
        if not self.under_way:
            self._since = at
        self.under_way += amount

    def end(self, amount: float, *, at: float, done: bool) -> None:
        """Take out what was begun. What was not `done`, but given up or refused, tells nothing about the pace."""
        self.under_way = max(0.0, self.under_way - amount)
        if done:
            took_s = self._before + at - self._since
            kept = max(MEMORY, exp(-took_s / MEMORY_S))
            self._before = 0.0
            self._time, self._done = self._time * kept + took_s, self._done * kept + amount
            self.each_s = self._time / self._done
        self._since = at

    def pause(self, amount: float, *, at: float) -> None:
        """Take out what waits for somebody else, and is begun again after that. The time it was worked at stays that of the stage."""
        self.under_way = max(0.0, self.under_way - amount)
        if not self.under_way:
            self._before += at - self._since  # what begins next begins anew

    def done_in(self, seconds: float) -> float:
        """Return the amount that is done in so many seconds."""
        return seconds / self.each_s if self.each_s else inf
