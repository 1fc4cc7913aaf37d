"""Who may begin. As many calls as can be done in good time, in fair shares; one more is turned away before anything of it is read.

What is bounded is, first, how many calls are under way in this process, open streams among them, by key and by unit; second, how many
of them are at work at once: where they wait for this process, the database and the scan workers, and not for a client or a provider; third, the bytes of all their bodies (bodies.py). The second bound is found by room.py: a burst is let in, of a crowd no more
than are worked at side by side, so that what is let in waits about as long at ten times the load as at once.
"""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

from governance.core.errors import Busy
from governance.core.turns import Turns
from governance.gateway.admitting.bodies import Bodies
from governance.gateway.admitting.room import LEAST_AT_WORK, Room

__all__ = ["LEAST_AT_WORK", "Admission", "Bounds", "Caller", "Place"]


@dataclass(frozen=True, slots=True)
class Bounds:
    """Calls under way at once in one process, of all keys, of one unit and of one; bytes of all bodies; how long one let in may wait."""

    process: int
    unit: int
    key: int
    body_bytes: int
    longest_wait_s: float


class Caller(NamedTuple):
    """The beginning of a key, which nobody has checked yet; `unit` is that of its initiative where the key was seen here before."""

    key: str
    unit: UUID | None = None

    @property
    def sharer(self) -> str:
        """Whose share it takes: that of its key, or that of all strangers together, however many keys somebody invents."""
        return self.key if self.unit else STRANGERS


STRANGERS = ""


@dataclass(slots=True)
class Place:
    """A call that was let in. It is at work until `rest`, but for the time in which its client still sends, or its provider is asked."""

    admission: "Admission"
    caller: Caller
    at_work: bool = False
    body_bytes: int = 0
    _began: float = 0.0
    _worked_s: float = 0.0

    def work(self) -> None:
        if not self.at_work:
            self.at_work, self._began = True, time.monotonic()
            self.admission.begin(self.caller.sharer)

    def rest(self, *, done: bool) -> None:
        """`done`: it went through all stages of the work, so that the time it took counts."""
        if self.at_work:
            self.at_work = False
            took_s = self._worked_s + time.monotonic() - self._began
            self.admission.end(self.caller.sharer, took_s, done=done)

    def pause(self) -> None:
        """Give the place at work to others while somebody else has something to do, until `work`."""
        if self.at_work:
            self.at_work = False
            self._worked_s += time.monotonic() - self._began
            self.admission.pause(self.caller.sharer)

    def hold(self, size: int) -> None:
        """Count bytes of its body that have arrived, until the call ends. Raises Busy."""
        self.admission.bodies.take(self.caller.sharer, size)
        self.body_bytes += size

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Give the place at work to others while the client still sends."""
        was_at_work = self.at_work
        self.pause()
        try:
            yield
        finally:
            if was_at_work:
                self.work()


@dataclass(slots=True)
class Admission:
    bounds: Bounds
    bodies: Bodies
    room: Room
    shed: int = 0  # turned away since the process began
    _under_way: Counter[str] = field(default_factory=Counter)  # by key
    _of_units: Counter[UUID] = field(default_factory=Counter)
    _at_work: Counter[str] = field(default_factory=Counter)  # by whose share they take
    _turns: Turns = field(default_factory=Turns)
    _total: int = 0

    @classmethod
    def of(cls, bounds: Bounds) -> "Admission":
        return cls(bounds, Bodies(bounds.body_bytes), Room(bounds.longest_wait_s))

    @contextmanager
    def place_for(self, caller: Caller) -> Iterator[Place]:
        """Count one call in.

        Raises:
            Busy: `busy`, when as many as may be are under way, or at work; one more is refused instead of waiting.
        """
        self.require_room(caller)
        place = Place(self, caller)
        self._count(caller, 1)
        self._turns.take(caller.sharer, at=time.monotonic())
        place.work()
        try:
            yield place
        except Busy:
            self.shed += 1
            raise
        finally:
            place.rest(done=False)
            self.bodies.give_back(caller.sharer, place.body_bytes)
            self._count(caller, -1)

    def require_room(self, caller: Caller) -> None:
        """Do nothing when one more may begin; what is refused here is counted. Raises Busy."""
        if self.turns_away(caller):
            raise busy()

    def turns_away(self, caller: Caller) -> bool:
        """Say whether there is no room for one more; then it is counted as turned away."""
        if self._is_full(caller):
            self.shed += 1
            return True
        if not self._has_work_for(caller):
            self.shed += 1
            self.room.turn_away(at=time.monotonic())
            return True
        return False

    def begin(self, sharer: str) -> None:
        _add(self._at_work, sharer, 1)
        self.room.begin(at=time.monotonic())

    def pause(self, sharer: str) -> None:
        _add(self._at_work, sharer, -1)
        self.room.pause(at=time.monotonic())

    def end(self, sharer: str, took_s: float, *, done: bool) -> None:
        _add(self._at_work, sharer, -1)
        self.room.end(took_s, at=time.monotonic(), done=done)

    @property
    def is_pressed(self) -> bool:
        """Say whether one more might be turned away, whoever it is of."""
        at_work, bounds = self.room.pace.under_way, self.bounds
        return self._total >= min(bounds.process, bounds.unit, bounds.key) or at_work >= self.room.size(
            at=time.monotonic()
        )

    def _is_full(self, caller: Caller) -> bool:
        bounds = self.bounds
        return (
            self._total >= bounds.process
            or self._under_way[caller.key] >= bounds.key
            or (caller.unit is not None and self._of_units[caller.unit] >= bounds.unit)
        )

    def _has_work_for(self, caller: Caller) -> bool:
        """Say whether one more is likely to be done in time. When not, who has less than their share of the work still may."""
        at, at_work = time.monotonic(), self.room.pace.under_way
        room, own = self.room.size(at=at), self._at_work[caller.sharer]
        if at_work < room or self._is_alone(caller.sharer, at_work):
            return True
        if self.room.is_crowded(at=at):
            # Of so few places a share is less than one, so what counts is what each had of them lately. Whoever has nothing at work
            # need not wait until what came before the crowd was known as one is worked off.
            bound = room if own else self.room.burst
            return at_work < 2 * bound and self._turns.is_behind(caller.sharer, self._at_work)
        share = room / (len(self._at_work) + (not own))
        return own < share and at_work < 2 * room

    def _is_alone(self, sharer: str, at_work: float) -> bool:
        """Say whether nobody else has anything at work, and a burst has room for one more.

        An agent that keeps many calls open is no crowd as long as it makes nobody wait but itself: better late than an error.
        Whoever comes beside it has less, and is let in (Turns.is_behind); from then on it has a share as any other.
        """
        return at_work < self.room.burst and self._at_work.keys() <= {sharer}

    def _count(self, caller: Caller, step: int) -> None:
        self._total += step
        _add(self._under_way, caller.key, step)
        if caller.unit is not None:
            _add(self._of_units, caller.unit, step)


def _add(counter: Counter[Any], name: object, step: int) -> None:
    counter[name] += step
    if not counter[name]:
        del counter[name]  # else every key that ever called would stay


def busy() -> Busy:
    """Return what is told to one for whom there is no room."""
    return Busy("busy", "Too many requests are under way.", remedy="Nothing was sent. Try again in a moment.")
