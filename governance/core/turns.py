"""Who had how many turns lately, and who had fewer than others. Pure: moments come in, in seconds of any one clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import exp

MEMORY_S = 10.0  # a turn counts for about a third after so long
FORGOTTEN = 0.02  # less than this of a turn, forty seconds after one, is none any more
# Of what others had: where all want more than there is, they stand within a tenth of one another, and none of them is behind.
BEHIND = 0.9


@dataclass(slots=True)
class Turns:
    """Turns weigh more the later they are, so that those before fade without being touched; sums are in the weight of the latest."""

    _of: dict[str, float] = field(default_factory=dict)
    _began: float = 0.0

    def take(self, sharer: str, *, at: float) -> None:
        if not self._of or at - self._began > 2 * MEMORY_S:
            self._begin_anew(at)
        self._of[sharer] = self._of.get(sharer, 0.0) + self._weight(at)

    def is_behind(self, sharer: str, others: Mapping[str, int]) -> bool:
        """Say whether `sharer` had clearly fewer than the middle one of `others`: whose places are taken now, and how many each.

        If only those are served beside the full house, all who want more than there is come to have the same, and who wants less
        has all of it: a max-min fair share (Bertsekas and Gallager, Data Networks, 6.5.2). The middle one, and not whoever had the
        most: after one had everything all others would be behind alike, and none of them would come first.
        """
        had = sorted((self._of.get(other, 0.0), places) for other, places in others.items())
        left = sum(others.values()) / 2
        for turns, places in had:
            left -= places
            if left < 0:
                return self._of.get(sharer, 0.0) < BEHIND * turns
        return False

    def _begin_anew(self, at: float) -> None:
        weight = self._weight(at) if self._of else 1.0
        kept = {sharer: had / weight for sharer, had in self._of.items()}
        self._of = {sharer: had for sharer, had in kept.items() if had > FORGOTTEN}
        self._began = at

    def _weight(self, at: float) -> float:
        return exp((at - self._began) / MEMORY_S)
