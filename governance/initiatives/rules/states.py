"""States, vocabularies and codes of an initiative."""

from collections.abc import Collection
from enum import StrEnum

from governance.core.verdict import Allowed, Denied, Verdict
from governance.core.wording import says_nothing

LONGEST_TITLE = 200


class InitiativeState(StrEnum):
    IDEA = "idea"
    PROPOSED = "proposed"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    RETIRED = "retired"
    REJECTED = "rejected"


MOVES: dict[InitiativeState, frozenset[InitiativeState]] = {
    InitiativeState.IDEA: frozenset({InitiativeState.PROPOSED, InitiativeState.REJECTED}),
    InitiativeState.PROPOSED: frozenset({InitiativeState.ACTIVE, InitiativeState.REJECTED}),
    InitiativeState.ACTIVE: frozenset({InitiativeState.SUSPENDED, InitiativeState.RETIRED}),
    InitiativeState.SUSPENDED: frozenset({InitiativeState.ACTIVE, InitiativeState.RETIRED}),
    InitiativeState.RETIRED: frozenset(),
    InitiativeState.REJECTED: frozenset(),
}

# A proposed initiative already has its sandbox key, so its grants count.
RUNNING = frozenset({InitiativeState.PROPOSED, InitiativeState.ACTIVE})
ENDED = frozenset({InitiativeState.RETIRED, InitiativeState.REJECTED})


class Tier(StrEnum):
    """How much harm a mistake could do, least first."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"

    @property
    def height(self) -> int:
        return list(Tier).index(self)


class AiActClass(StrEnum):
    """Risk classes of Regulation (EU) 2024/1689, least first."""

    MINIMAL = "minimal"
    LIMITED = "limited"
    HIGH = "high"
    PROHIBITED = "prohibited"


# Addresses of pages that a code must not take.
RESERVED_CODES = frozenset({"new", "claims", "overlaps"})


def may_move(state: InitiativeState, to: InitiativeState) -> Verdict:
    if to in MOVES[state]:
        return Allowed()
    return Denied("wrong_state", f"An initiative that is {state} cannot become {to}.")


def may_describe(*, title: str, purpose_text: str, tier: str, ai_act_class: str) -> Verdict:
    """The AI Act forbids some practices outright; Remit keeps no such initiative, not even as an idea."""
    if says_nothing(title) or len(title) > LONGEST_TITLE:
        return Denied("bad_title", f"Give the initiative a title of at most {LONGEST_TITLE} characters.")
    if says_nothing(purpose_text):
        return Denied("no_purpose", "Say in a sentence or two what the initiative is for.")
    if tier not in list(Tier):
        return Denied("unknown_tier", f"Choose one of: {', '.join(Tier)}.")
    if ai_act_class not in list(AiActClass):
        return Denied("unknown_ai_act_class", f"Choose one of: {', '.join(AiActClass)}.")
    return _may_class(Tier(tier), AiActClass(ai_act_class))


def _may_class(tier: Tier, ai_act_class: AiActClass) -> Verdict:
    if ai_act_class == AiActClass.PROHIBITED:
        return Denied(
            "prohibited",
            "A practice that the AI Act prohibits cannot be an initiative.",
            remedy="Ask the legal department whether the class is right.",
        )
    if ai_act_class == AiActClass.HIGH and tier != Tier.HIGH:
        return Denied("tier_too_low", "A high-risk system under the AI Act is of the high tier here.")
    return Allowed()


def may_edit(state: InitiativeState) -> Verdict:
    if state in ENDED:
        return Denied("ended", f"This initiative is {state}; its record stays as it is.")
    return Allowed()


def free_code(stem: str, taken: Collection[str]) -> str:
    """Return `stem`, or `stem-2`, `stem-3` ..., whichever is the first not in `taken` nor reserved."""
    occupied = RESERVED_CODES | set(taken)
    number, code = 1, stem
    while code in occupied:
        number += 1
        code = f"{stem}-{number}"
    return code
