"""What readers see of initiatives and of who says they own them."""

from governance.initiatives.selectors.initiatives import (
    SORTS,
    ClaimRow,
    InitiativePage,
    InitiativeRow,
    MemberRow,
    initiative,
    initiative_named,
    initiatives,
    initiatives_of,
    is_contested_now,
    is_member,
    visible_ids,
)

__all__ = [
    "SORTS",
    "ClaimRow",
    "InitiativePage",
    "InitiativeRow",
    "MemberRow",
    "initiative",
    "initiative_named",
    "initiatives",
    "initiatives_of",
    "is_contested_now",
    "is_member",
    "visible_ids",
]
