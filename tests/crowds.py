"""Who is tried at a door: each role that should open it alone, and the roles that should not by one person who holds them all.

A role only ever adds rights (organisation/permissions.py), so what refuses that person refuses each of the roles. The permission that
decides is one that none of them holds: two that lack different ones might hold both together. What is open to everybody is tried by
somebody without a role, and by one who has them all and sees the most.
"""

from governance.organisation.permissions import holders_of
from governance.organisation.roles import Anyone, Role

ALL: frozenset[Role] = frozenset(Role)
NO_ROLE: frozenset[Role] = frozenset()


def holds(role: Role, permission: str) -> bool:
    holders = holders_of(permission)
    return isinstance(holders, Anyone) or role in holders


def is_for_all(needed: tuple[str, ...]) -> bool:
    return all(isinstance(holders_of(each), Anyone) for each in needed)


def hold(roles: frozenset[Role], needed: tuple[str, ...]) -> bool:
    return is_for_all(needed) or any(all(holds(role, each) for each in needed) for role in roles)


def parted(needed: tuple[str, ...], *, counts: bool) -> list[frozenset[Role]]:
    """Return the sets of roles to be held at one place, each by one person. `counts`: a role that is held there can open the door."""
    if not counts:
        return [ALL]
    if is_for_all(needed):
        return [NO_ROLE, ALL]
    crowds: dict[str, set[Role]] = {}
    alone = []
    for role in Role:
        lacking = next((each for each in needed if not holds(role, each)), None)
        if lacking is None:
            alone.append(frozenset({role}))
        else:
            crowds.setdefault(lacking, set()).add(role)
    return [*alone, *map(frozenset, crowds.values())]


def each_of(crowds: list[frozenset[Role]]) -> list[frozenset[Role]]:
    """Return the roles of the sets, each to be held alone: the long form, which trusts in nothing but the call."""
    return [frozenset({role}) for role in Role if any(role in each for each in crowds)]


def named(roles: frozenset[Role]) -> str:
    if not roles:
        return "somebody without a role"
    return " and ".join(role for role in Role if role in roles) if len(roles) < len(Role) else "every role"
