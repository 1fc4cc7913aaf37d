"""Limits: how many calls a minute, how many tokens and how much money in a period; and what one call may take of them. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from governance.core.errors import NotAllowed, SlowDown
from governance.core.verdict import Allowed, Denied, Verdict

BYTES_PER_TOKEN = 4  # of English prose, roughly; what the provider counts is what is written down in the end
USUAL_ANSWER_TOKENS = 1000  # set aside when a call does not say how long its answer may be
MICRO = 1_000_000
MOST_CALLS, MOST = 10_000, 10**15
WARN_AT, SPENT_AT = 80, 100  # per cent


class LimitScope(StrEnum):
    """Whose calls count together. A unit's are those of all units below it, too."""

    KEY = "key"
    INITIATIVE = "initiative"
    UNIT = "unit"


class LimitKind(StrEnum):
    """What is counted: calls, tokens sent and answered, micro-euro."""

    CALLS = "calls"
    TOKENS = "tokens"
    COST = "cost"


class Period(StrEnum):
    """A minute is any sixty seconds; days and months are those of UTC."""

    MINUTE = "minute"
    DAY = "day"
    MONTH = "month"


WHOSE = {LimitScope.KEY: "this key", LimitScope.INITIATIVE: "this initiative", LimitScope.UNIT: "this unit"}


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit in force, as the gateway reads it. `set_by` is the name of who set it, for who is refused by it."""

    id: UUID
    scope: LimitScope
    kind: LimitKind
    period: Period
    amount: int
    set_by: str


@dataclass(frozen=True, slots=True)
class Price:
    """Micro-euro per million tokens."""

    sent: int
    answered: int

    def of(self, tokens_in: int, tokens_out: int) -> int:
        """Return the cost in micro-euro."""
        return (self.sent * tokens_in + self.answered * tokens_out) // MICRO


@dataclass(frozen=True, slots=True)
class Taking:
    """What a call sets aside of one limit before it is sent, and gives back or tops up when its use is known."""

    limit: Limit
    since: datetime
    amount: int


@dataclass(frozen=True, slots=True)
class Use:
    """Tokens of one call: as its provider counted them, or as near as can be told."""

    tokens_in: int
    tokens_out: int

    def of(self, kind: LimitKind, price: Price | None) -> int:
        """Return how much of a limit of `kind` it takes. A cost without a price is 0: it was refused before it was sent."""
        match kind:
            case LimitKind.CALLS:
                return 1
            case LimitKind.TOKENS:
                return self.tokens_in + self.tokens_out
            case LimitKind.COST:
                return price.of(self.tokens_in, self.tokens_out) if price else 0


def may_limit(kind: LimitKind, period: Period, amount: int) -> Verdict:
    if (kind is LimitKind.CALLS) != (period is Period.MINUTE):
        return Denied("wrong_period", "Calls are limited for a minute, tokens and money for a day or a month.")
    most = MOST_CALLS if kind is LimitKind.CALLS else MOST
    if not 1 <= amount <= most:
        return Denied("wrong_amount", f"A limit is 1 to {most:,}.", "To stop it altogether, place a stop.")
    return Allowed()


def period_start(period: Period, at: datetime) -> datetime:
    """Return when the day or month of `at` began. `at` is in UTC."""
    day = at.replace(hour=0, minute=0, second=0, microsecond=0)
    return day.replace(day=1) if period is Period.MONTH else day


def period_end(period: Period, since: datetime) -> datetime:
    if period is Period.MONTH:
        return (since + timedelta(days=32)).replace(day=1)
    return since + timedelta(days=1)


def rates_of(limits: Sequence[Limit]) -> list[Limit]:
    return [limit for limit in limits if limit.kind is LimitKind.CALLS]


def takings(limits: Sequence[Limit], use: Use, price: Price | None, at: datetime) -> tuple[Taking, ...]:
    """Return what a call that may use so much sets aside, always in the same order, so that no two calls wait for one another.

    Raises:
        NotAllowed: `price_unknown`, when a budget of money would be spent at a price that nobody has written down.
    """
    budgets = sorted((limit for limit in limits if limit.kind is not LimitKind.CALLS), key=lambda limit: str(limit.id))
    if price is None and any(limit.kind is LimitKind.COST for limit in budgets):
        remedy = "A policy admin writes the price down on the page of the destination."
        raise NotAllowed("price_unknown", "There is a budget here, and this model has no price yet.", remedy=remedy)
    return tuple(Taking(limit, period_start(limit.period, at), max(use.of(limit.kind, price), 1)) for limit in budgets)


def likely_use(tree: Mapping[str, Any], size: int) -> Use:
    """Return what a request of `size` bytes may use: its answer is taken to be as long as it says it may be, each of a batch."""
    records = tree.get("requests")
    inner = [each.get("params", each.get("body")) for each in records] if isinstance(records, list) else []
    calls = [each for each in inner if isinstance(each, Mapping)]
    return Use(tokens_of(size), sum(map(_most_answered, calls or [tree])))


def tokens_of(size: int) -> int:
    """Return about how many tokens so many bytes are."""
    return -(-size // BYTES_PER_TOKEN)


def _most_answered(tree: Mapping[str, Any]) -> int:
    inner = [tree.get(name) for name in ("generationConfig", "generation_config", "options")]
    places = [tree, *(place for place in inner if isinstance(place, Mapping))]
    names = ("max_completion_tokens", "max_tokens", "max_output_tokens", "maxOutputTokens", "num_predict")
    told = [place[name] for place in places for name in names if name in place]
    most = max((each for each in told if isinstance(each, int) and each > 0), default=USUAL_ANSWER_TOKENS)
    choices = tree.get("n")
    return most * choices if isinstance(choices, int) and choices > 1 else most


def too_fast(limit: Limit, wait_s: float) -> SlowDown:
    return SlowDown(
        "too_many_calls",
        f"The calls of {WHOSE[limit.scope]} are limited to {limit.amount:,} a minute.",
        remedy=f"Nothing was sent. Send it again in {max(1, round(wait_s))} seconds, or ask {limit.set_by} for more.",
        retry_after_s=wait_s,
    )


def budget_spent(taking: Taking) -> NotAllowed:
    limit = taking.limit
    until = period_end(limit.period, taking.since)
    what = "tokens" if limit.kind is LimitKind.TOKENS else "money"
    return NotAllowed(
        "budget_spent",
        f"What is left of the {limit.period}'s budget of {what} of {WHOSE[limit.scope]} does not cover this call.",
        remedy=f"Sending it again does not help before {until:%Y-%m-%d} (UTC). {limit.set_by} set the budget and can raise it.",
    )
