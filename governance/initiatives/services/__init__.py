"""Every write about initiatives, their builders, and who says they own them."""

from governance.initiatives.services.claims import assert_claim, withdraw_claim
from governance.initiatives.services.initiatives import (
    InitiativeChanges,
    add_member,
    edit_initiative,
    move_initiative,
    propose_initiative,
    remove_member,
    resume_initiative,
    retire_initiative,
    suspend_initiative,
)

__all__ = [
    "InitiativeChanges",
    "add_member",
    "assert_claim",
    "edit_initiative",
    "move_initiative",
    "propose_initiative",
    "remove_member",
    "resume_initiative",
    "retire_initiative",
    "suspend_initiative",
    "withdraw_claim",
]
