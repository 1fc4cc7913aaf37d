"""Who may do what, where: the one question every door asks. Pure, and it denies by default."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from governance.core.verdict import Allowed, Denied, Verdict
from governance.organisation.roles import MATRIX, Anyone, Holders, Role

ROOT_SLASHES = 2  # around the one id in the path of the root
EVERYWHERE = "/"  # every unit's path begins with it


class UnknownPermissionError(LookupError):
    """A name that no row of the matrix has: a typo of ours, never an answer about a person."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person is here. Paths are Unit.path: ids from the root down, "/" around each."""

    person: UUID
    active: bool
    roles: frozenset[tuple[Role, str]]
    member_of: frozenset[str] = frozenset()

    @property
    def belongs_to(self) -> frozenset[str]:
        """The paths of the units that the person is a member of, or holds a role on."""
        return self.member_of | {path for _, path in self.roles}

    def has(self, role: Role, unit_path: str) -> bool:
        return any(held is role and unit_path.startswith(path) for held, path in self.roles)


def holders_of(permission: str) -> Holders:
    """Return the roles that have `permission`, or Anyone.SIGNED_IN.

    Raises:
        UnknownPermissionError: when the matrix has no such row.
    """
    if permission not in MATRIX:
        raise UnknownPermissionError(permission)
    return MATRIX[permission]


def paths_for(standing: Standing, permission: str) -> list[str]:
    """Return the paths of the subtrees where `permission` holds, none inside another, sorted.

    [] is nowhere; [EVERYWHERE] is the whole organisation, things without a unit included.
    """
    holders = holders_of(permission)
    if not standing.active:
        return []
    if isinstance(holders, Anyone):
        return [EVERYWHERE]
    paths = sorted({path for role, path in standing.roles if role in holders})
    return [path for path in paths if not any(path != wider and path.startswith(wider) for wider in paths)]


def covers_all(paths: Sequence[str]) -> bool:
    """Say whether these subtrees hold every unit, as that of the one root does: what always has a unit needs no condition then."""
    return any(path.count("/") <= ROOT_SLASHES for path in paths)


def may(standing: Standing, permission: str, unit_path: str | None) -> Verdict:
    """Say whether `permission` holds on the unit at `unit_path`; None asks whether it holds anywhere.

    Raises:
        UnknownPermissionError: when the matrix has no such row.
    """
    paths = paths_for(standing, permission)
    if not standing.active:
        return Denied("not_active", "This account is no longer active.")
    held = bool(paths) if unit_path is None else any(unit_path.startswith(path) for path in paths)
    return Allowed() if held else Denied("not_permitted", "You do not have the permission for this.")
