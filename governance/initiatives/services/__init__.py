"""Every write about initiatives, their builders, and who says they own them."""

from governance.initiatives.services.capabilities import add_capability
from governance.initiatives.services.claims import assert_claim, confirm_standing, withdraw_claim
from governance.initiatives.services.contests import comment_contest, write_statement
from governance.initiatives.services.dissolution import follow_dissolution
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
from governance.initiatives.services.rulings import appeal_ruling, preview_ruling, rule_on_contest
from governance.initiatives.services.tending import tend_contests
from governance.initiatives.services.transfers import (
    answer_transfer,
    expire_transfers,
    offer_transfer,
    withdraw_transfer,
)

__all__ = [
    "InitiativeChanges",
    "add_capability",
    "add_member",
    "answer_transfer",
    "appeal_ruling",
    "assert_claim",
    "comment_contest",
    "confirm_standing",
    "edit_initiative",
    "expire_transfers",
    "follow_dissolution",
    "move_initiative",
    "offer_transfer",
    "preview_ruling",
    "propose_initiative",
    "remove_member",
    "resume_initiative",
    "retire_initiative",
    "rule_on_contest",
    "suspend_initiative",
    "tend_contests",
    "withdraw_claim",
    "withdraw_transfer",
    "write_statement",
]
