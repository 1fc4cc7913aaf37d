"""How many bytes of bodies this process holds, and in whose share. Pure."""

from dataclasses import dataclass, field

from governance.core.errors import Busy
from governance.core.shares import Shares


@dataclass(slots=True)
class Bodies:
    """`most` is the bound in bytes, which is never passed, whatever the bytes are of and however slowly they come."""

    most: int
    shares: Shares = field(default_factory=Shares)

    def take(self, sharer: str, size: int) -> None:
        """Count in bytes that have arrived.

        Raises:
            Busy: `bodies_full`; then nothing of them is counted.
        """
        if not self.shares.has_room(sharer, size, bound=self.most):
            reason, remedy = "Too many large requests are under way.", "Nothing was sent. Try again in a moment."
            raise Busy("bodies_full", reason, remedy=remedy)
        self.shares.take(sharer, size)

    def give_back(self, sharer: str, size: int) -> None:
        self.shares.give_back(sharer, size)
