"""How many bytes of bodies this process holds, and in whose share. Pure."""

from collections import Counter
from dataclasses import dataclass, field

from governance.core.errors import Busy

ALONE = 0.5  # of all, which one key alone may fill; the rest is for those who hold less than their share


@dataclass(slots=True)
class Bodies:
    """`most` is the bound in bytes, which is never passed, whatever the bytes are of and however slowly they come."""

    most: int
    held: int = 0
    _shares: Counter[str] = field(default_factory=Counter)

    def take(self, sharer: str, size: int) -> None:
        """Count in bytes that have arrived.

        Raises:
            Busy: `bodies_full`; then nothing of them is counted.
        """
        if not self._has_room(sharer, size):
            raise Busy(
                "bodies_full",
                "Too many large requests are under way.",
                remedy="Nothing was sent. Try again in a moment.",
            )
        self.held += size
        self._shares[sharer] += size

    def give_back(self, sharer: str, size: int) -> None:
        self.held -= size
        self._shares[sharer] -= size
        if not self._shares[sharer]:
            del self._shares[sharer]

    def _has_room(self, sharer: str, size: int) -> bool:
        together, room = self.held + size, self.most * ALONE
        if together <= room:
            return True
        own = self._shares[sharer]
        share = room / (len(self._shares) + (not own))
        return own + size <= share and together <= self.most
