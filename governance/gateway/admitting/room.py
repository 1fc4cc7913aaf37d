"""How many calls may be at work at once in this process. Pure: moments come in, in seconds of any one clock.

A burst and a crowd look the same when they begin. A burst is let in and worked off; a crowd is one that does not become smaller for as
long as one of a burst may wait. Beside a crowd no more are let in than are worked at side by side, and as many again that wait:
whatever more waited would only be later, and not one more would be done (CoDel, RFC 8289, 3.2: a standing queue is delay without any
gain).
"""

from dataclasses import dataclass, field
from math import inf

from governance.core.pace import Pace

GUESS_S = 0.005
LEAST_AT_WORK, MOST_AT_WORK = 32, 512  # a burst of one agent is let in, however long its texts are
STAGES = 3  # beside the workers: this process, the database, and what is on its way between them
# How long one takes that waits for nobody is the shortest seen lately; when all become slower, it is forgotten by so much a second. Not
# beside a crowd, whose calls wait: there the room would grow with their waiting, and their waiting with the room.
FLOOR_GROWS = 1.02
FORGOTTEN_S = 600.0  # by then it has grown a hundred thousand times; a power of more seconds soon is no number any more


@dataclass(slots=True)
class Room:
    """`longest_wait_s`: how long one of a burst may wait. `workers` scan at once, as far as is known."""

    longest_wait_s: float
    pace: Pace = field(default_factory=lambda: Pace(GUESS_S))
    workers: int = 1
    _low_at: float = -inf  # when there were last so few at work that somebody was idle, and nobody was turned away
    _turned_at: float = -inf  # when one was turned away last
    _floor_s: float = inf
    _floor_at: float = 0.0

    def begin(self, *, at: float) -> None:
        self._look(at)
        self.pace.begin(1, at=at)

    def pause(self, *, at: float) -> None:
        self.pace.pause(1, at=at)
        self._look(at)

    def end(self, took_s: float, *, at: float, done: bool) -> None:
        self.pace.end(1, at=at, done=done)
        if done:
            faded = 1.0 if self.is_crowded(at=at) else FLOOR_GROWS ** min(at - self._floor_at, FORGOTTEN_S)
            self._floor_s, self._floor_at = min(took_s, self._floor_s * faded), at
        self._look(at)

    def turn_away(self, *, at: float) -> None:
        """Note that one more wanted to be at work, and was not let in."""
        self._turned_at = at

    def is_crowded(self, *, at: float) -> bool:
        """Say whether there have been too many for too long."""
        self._look(at)
        return at - self._low_at > self.longest_wait_s

    def size(self, *, at: float) -> float:
        """Return how many may be at work."""
        crowd = self._look(at)
        return crowd if at - self._low_at > self.longest_wait_s else self.burst

    @property
    def burst(self) -> float:
        """Return how many may be at work of a burst."""
        return min(MOST_AT_WORK, max(LEAST_AT_WORK, self._in_time, 2 * (STAGES + self.workers)))

    @property
    def crowd(self) -> float:
        """Return how many may be at work of a crowd: as many as keep every stage busy, and as many again where they are in time."""
        side_by_side = self._side_by_side
        return min(MOST_AT_WORK, max(side_by_side, min(self._in_time, 2 * side_by_side)))

    @property
    def _in_time(self) -> float:
        return self.pace.done_in(self.longest_wait_s)

    @property
    def _side_by_side(self) -> float:
        """Return how many keep every stage busy: by Little's law, as are done in the time that one takes alone."""
        alone = 0.0 if self._floor_s == inf else self.pace.done_in(self._floor_s)
        return max(STAGES + self.workers, alone)

    def _look(self, at: float) -> float:
        """Note whether somebody is idle; return how many of a crowd may be at work."""
        crowd = self.crowd
        # While others are turned away an idle moment is a gap in a crowd and not its end. (When it was taken for the end, a burst was
        # let in after each: a hundred at work, then none for as long as it took to work them off, and then a hundred again.)
        if self.pace.under_way <= crowd / 2 and at - self._turned_at > self.longest_wait_s:
            self._low_at = at
        return crowd
