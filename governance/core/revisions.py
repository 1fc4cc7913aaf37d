"""Two people edit the same thing: the second one is told, not overruled."""

from governance.core.errors import Conflict


def require_fresh(*, held: int, seen: int) -> None:
    """Do nothing when the row is still at the revision the editor has seen.

    Raises:
        Conflict: `stale_revision`.
    """
    if held != seen:
        raise Conflict(
            "stale_revision",
            "Somebody changed this after you opened it.",
            field="revision",
            remedy="Look at what it is now, then make your change again.",
        )
