"""States, vocabularies and rules of initiatives and of who owns them. Pure."""

from governance.initiatives.rules.claims import Basis, ClaimState, is_contested, may_claim, may_withdraw
from governance.initiatives.rules.states import (
    ENDED,
    LONGEST_TITLE,
    MOVES,
    RESERVED_CODES,
    RUNNING,
    AiActClass,
    InitiativeState,
    Tier,
    free_code,
    may_describe,
    may_edit,
    may_move,
)

__all__ = [
    "ENDED",
    "LONGEST_TITLE",
    "MOVES",
    "RESERVED_CODES",
    "RUNNING",
    "AiActClass",
    "Basis",
    "ClaimState",
    "InitiativeState",
    "Tier",
    "free_code",
    "is_contested",
    "may_claim",
    "may_describe",
    "may_edit",
    "may_move",
    "may_withdraw",
]
