"""What people are told of: every kind of notice, the group in which a person chooses how to hear of it, and its meaning. Pure.

A kind is "area.what_happened". The names of the areas above stand here as text, as the kinds of events do in audit/events.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Group(StrEnum):
    """What a person chooses by. The order is that of the page."""

    DECISIONS = "decisions"
    REQUESTS = "requests"
    OWNERSHIP = "ownership"
    REFUSALS = "refusals"
    SECURITY = "security"
    DIGESTS = "digests"


GROUP_TITLES: Final[Mapping[Group, str]] = MappingProxyType(
    {
        Group.DECISIONS: "Decisions wanted",
        Group.REQUESTS: "What I asked",
        Group.OWNERSHIP: "Who owns what",
        Group.REFUSALS: "Refused or held",
        Group.SECURITY: "Security",
        Group.DIGESTS: "Summaries",
    }
)


@dataclass(frozen=True, slots=True)
class Kind:
    """`says` completes "Told when ...". The e-mail of an `urgent` kind waits neither for quiet hours to end nor for a digest."""

    group: Group
    says: str
    urgent: bool = False


_G = Group
KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "remits.round_closed": Kind(_G.DECISIONS, "a round over scarce data has closed and waits for your award"),
        "remits.round_awarded": Kind(_G.REQUESTS, "scarce data you asked for was awarded"),
        "approvals.decision_wanted": Kind(_G.DECISIONS, "a request waits for a decision"),
        "gateway.call_waits": Kind(
            _G.DECISIONS, "a model wants to call a tool that one of you must confirm", urgent=True
        ),
        "approvals.reminded": Kind(_G.DECISIONS, "a request still waits for a decision"),
        "approvals.escalated": Kind(_G.DECISIONS, "a late request comes to somebody above", urgent=True),
        "approvals.to_head": Kind(_G.DECISIONS, "a long overdue request comes to a head", urgent=True),
        "approvals.approved": Kind(_G.REQUESTS, "a request was approved"),
        "approvals.rejected": Kind(_G.REQUESTS, "a request was rejected"),
        "approvals.changes_requested": Kind(_G.REQUESTS, "a request needs changes before it can be approved"),
        "approvals.stale": Kind(_G.REQUESTS, "what a request names has changed since, and it must be sent again"),
        "approvals.deputy": Kind(_G.DECISIONS, "somebody lets you decide in their place"),
        "approvals.override_asked": Kind(_G.DECISIONS, "an override waits for a second person"),
        "approvals.overridden": Kind(_G.SECURITY, "a request is let through by an override"),
        "approvals.override_to_review": Kind(_G.SECURITY, "an override is over and waits for its review"),
        "approvals.override_reviewed": Kind(_G.SECURITY, "an override of yours was reviewed"),
        "approvals.still_counts": Kind(
            _G.DECISIONS, "a request that you approved was sent again without a change of substance"
        ),
        "approvals.suggestion_declined": Kind(_G.DECISIONS, "a change that you suggested is declined"),
        "approvals.mentioned": Kind(_G.REQUESTS, "somebody mentions you in a request"),
        "remits.recertify": Kind(_G.DECISIONS, "a grant of yours is to be recertified"),
        "remits.recertify_confirm": Kind(_G.DECISIONS, "a grant on your data waits for its steward's word"),
        "remits.recertify_refused": Kind(_G.REQUESTS, "a steward ended a grant of yours"),
        "remits.grant_suspended": Kind(_G.REQUESTS, "a grant of yours rests, for what it was decided on has changed"),
        "remits.grant_in_grace": Kind(_G.REQUESTS, "a grant of yours ends soon unless you say that it is still needed"),
        "remits.pattern_ends": Kind(_G.REQUESTS, "a pattern that you can renew ends within weeks"),
        "remits.pattern_ends_soon": Kind(_G.REQUESTS, "a pattern that you can renew ends within days", urgent=True),
        "remits.grant_ends_soon": Kind(_G.REQUESTS, "a grant of yours ends within days without your word", urgent=True),
        "remits.grant_expired": Kind(_G.REQUESTS, "a grant of yours ended because nobody answered for it"),
        "approvals.commented": Kind(_G.REQUESTS, "somebody commented on a request"),
        "approvals.warned_1": Kind(_G.REQUESTS, "a request of yours waits for your answer"),
        "approvals.warned_2": Kind(_G.REQUESTS, "a request of yours lapses soon without your answer", urgent=True),
        "approvals.lapsed": Kind(_G.REQUESTS, "a request lapsed, for nobody answered what was asked back"),
        "approvals.nobody_above": Kind(_G.REQUESTS, "nobody is left who could decide a request"),
        "initiatives.join_asked": Kind(_G.OWNERSHIP, "somebody asks to join an initiative"),
        "initiatives.join_answered": Kind(_G.OWNERSHIP, "a wish to join an initiative was answered"),
        "initiatives.claimed": Kind(_G.OWNERSHIP, "a claim is made in your name"),
        "initiatives.contested": Kind(_G.OWNERSHIP, "another unit claims what yours owns or claims"),
        "initiatives.rule": Kind(_G.DECISIONS, "a contest waits for your ruling"),
        "initiatives.contest_due": Kind(_G.OWNERSHIP, "half the time to rule on a contest is over"),
        "initiatives.contest_commented": Kind(_G.OWNERSHIP, "somebody comments on a contest of yours"),
        "initiatives.contest_ended": Kind(_G.OWNERSHIP, "a contest of yours ends without a ruling"),
        "initiatives.ruled": Kind(_G.OWNERSHIP, "a contest of yours is ruled on"),
        "initiatives.appealed": Kind(_G.OWNERSHIP, "a ruling on a contest of yours is appealed"),
        "initiatives.review": Kind(_G.DECISIONS, "the day has come to look at a ruling of yours again"),
        "initiatives.owner_changed": Kind(_G.OWNERSHIP, "another unit comes to answer for an initiative of yours"),
        "initiatives.offered": Kind(_G.OWNERSHIP, "an initiative is offered to your unit"),
        "initiatives.answered": Kind(_G.OWNERSHIP, "an offer of yours is answered"),
        "gateway.stopped": Kind(_G.SECURITY, "sending is stopped for something that concerns you", urgent=True),
        "gateway.stop_lift_asked": Kind(_G.SECURITY, "a stop waits for a second person to lift it"),
        "gateway.stop_lifted": Kind(_G.SECURITY, "a stop that concerned you is lifted"),
        "gateway.budget_low": Kind(_G.REFUSALS, "a budget that concerns you is used to four fifths"),
        "gateway.budget_spent": Kind(_G.REFUSALS, "a budget that concerns you is spent", urgent=True),
        "gateway.hold_waits": Kind(_G.DECISIONS, "held requests wait for two people", urgent=True),
        "gateway.hold_released": Kind(_G.REFUSALS, "a held request of a key of yours may be sent once", urgent=True),
        "gateway.hold_discarded": Kind(_G.REFUSALS, "a held request of a key of yours is discarded"),
        "gateway.set_possibly_sent": Kind(_G.REQUESTS, "nobody knows whether a training set reached a provider"),
        "gateway.issuer_changed": Kind(
            _G.SECURITY, "how the end users of an initiative of yours are verified has changed"
        ),
        "gateway.observe_began": Kind(_G.SECURITY, "most rules are only observed for something that concerns you"),
        "gateway.observe_ends_soon": Kind(_G.SECURITY, "rules that are only observed will hold in a few days"),
        "gateway.observe_ended": Kind(_G.SECURITY, "rules that were only observed hold again"),
        "gateway.oversight_short": Kind(
            _G.REQUESTS, "people look at fewer answers than an initiative of yours promised", urgent=True
        ),
        "gateway.oversight_rests": Kind(
            _G.REQUESTS, "an initiative of yours rests, for too few answers were looked at", urgent=True
        ),
        "gateway.oversight_goes_on": Kind(_G.REQUESTS, "an initiative of yours that rested goes on"),
        "notices.webhook_disabled": Kind(_G.SECURITY, "a webhook was switched off after days of failure"),
        "notices.webhook_test": Kind(_G.SECURITY, "somebody sends a test to a webhook"),
    }
)
# A kind that nobody has described yet is still told: by the area that tells it.
GROUP_OF_AREA: Final[Mapping[str, Group]] = MappingProxyType(
    {
        "approvals": Group.REQUESTS,
        "remits": Group.REQUESTS,
        "training": Group.REQUESTS,
        "initiatives": Group.OWNERSHIP,
        "gateway": Group.REFUSALS,
        "scanning": Group.REFUSALS,
        "insights": Group.DIGESTS,
    }
)


def group_of(kind: str) -> Group:
    """Return the group of `kind`; one that is not described goes by its area, and to security when that is unknown too."""
    known = KINDS.get(kind)
    return known.group if known else GROUP_OF_AREA.get(kind.partition(".")[0], Group.SECURITY)


def is_urgent(kind: str) -> bool:
    known = KINDS.get(kind)
    return known is not None and known.urgent


def areas_of(group: Group) -> list[str]:
    """Return the areas whose kinds that nobody has described yet belong to `group`."""
    return [area for area, its in GROUP_OF_AREA.items() if its is group]


def kinds_of(group: Group) -> list[str]:
    """Return the described kinds of `group`."""
    return [name for name, kind in KINDS.items() if kind.group is group]


def meaning_of(kind: str) -> str:
    """Return what completes "Told when ...", "" for a kind that is not described."""
    known = KINDS.get(kind)
    return known.says if known else ""
