"""A bound that many draw on: one alone may fill half of it, the rest is for those who hold less than their share. Pure."""

from collections import Counter
from dataclasses import dataclass, field

ALONE = 0.5


@dataclass(slots=True)
class Shares:
    """`held` is in any unit, such as bytes; so is a bound."""

    held: int = 0
    _of: Counter[str] = field(default_factory=Counter)

    def has_room(self, sharer: str, amount: int, *, bound: float) -> bool:
        together, room = self.held + amount, bound * ALONE
        if together <= room:
            return True
        own = self._of[sharer]
        share = room / (len(self._of) + (not own))
        return own + amount <= share and together <= bound

    def take(self, sharer: str, amount: int) -> None:
        self.held += amount
        self._of[sharer] += amount

    def give_back(self, sharer: str, amount: int) -> None:
        self.held -= amount
        self._of[sharer] -= amount
        if not self._of[sharer]:
            del self._of[sharer]  # else everybody who ever held something would stay
