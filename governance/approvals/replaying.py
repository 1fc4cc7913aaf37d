"""What other rules would have made of real requests. Pure: two verdicts in, a difference out."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from governance.approvals.conditions import Facts
from governance.approvals.definitions import WorkflowDefinition
from governance.approvals.policy import Route, SlotPlan, route
from governance.core.errors import Invalid
from governance.core.verdict import Denied

MOST_SHOWN = 200


class Change(StrEnum):
    """What would be different for one request, worst first."""

    UNKNOWN = "unknown"  # one of the two cannot be answered: a fact was not stated then
    ALLOWED = "allowed"  # nobody could approve it; now people could
    DENIED = "denied"  # people could approve it; now nobody could
    FEWER = "fewer"  # fewer people are asked
    DIFFERENT = "different"  # as many, but others
    MORE = "more"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Difference:
    change: Change
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Past:
    """A request as it was: what it stated, and the rules it was decided by. `calls` rested on its approval."""

    id: str
    number: int
    title: str
    facts: Facts
    rules: WorkflowDefinition
    calls: int = 0


@dataclass(slots=True)
class Report:
    """How many requests each change concerns, and the first MOST_SHOWN that would be different, worst first."""

    counts: Counter[str] = field(default_factory=Counter)
    calls: Counter[str] = field(default_factory=Counter)
    rows: list[dict[str, Any]] = field(default_factory=list)

    def add(self, past: Past, found: Difference) -> None:
        self.counts[found.change] += 1
        self.calls[found.change] += past.calls
        if found.change is not Change.SAME:
            self.rows.append(
                {
                    "id": past.id,
                    "number": past.number,
                    "title": past.title,
                    "change": str(found.change),
                    "reasons": list(found.reasons),
                    "calls": past.calls,
                }
            )

    def to_json(self) -> dict[str, Any]:
        worst = list(Change)
        rows = sorted(self.rows, key=lambda row: (worst.index(Change(row["change"])), -row["calls"], -row["number"]))
        return {"counts": dict(self.counts), "calls": dict(self.calls), "rows": rows[:MOST_SHOWN]}


def judged(rules: WorkflowDefinition, facts: Facts) -> Route | Denied | Invalid:
    """Return what `rules` make of `facts`; a question that cannot be answered is an answer here."""
    try:
        return route(rules, facts)
    except Invalid as unanswered:
        return unanswered


def compared(was: Route | Denied | Invalid, now: Route | Denied | Invalid) -> Difference:
    """Return what is different between two verdicts, with the reasons of the newer one."""
    if isinstance(was, Invalid) or isinstance(now, Invalid):
        unanswered = [each.reason for each in (was, now) if isinstance(each, Invalid)]
        return Difference(Change.UNKNOWN, tuple(unanswered[:1]))
    if isinstance(now, Denied):
        return Difference(Change.SAME if isinstance(was, Denied) else Change.DENIED, (now.reason,))
    if isinstance(was, Denied):
        return Difference(Change.ALLOWED, tuple(stage.reason for stage in now.asked))
    return _routes(was, now)


def _routes(was: Route, now: Route) -> Difference:
    before, after = _seats(was), _seats(now)
    gone, new = before - after, after - before
    reasons = [*_said(now, new, "Also asked"), *_said(was, gone, "No longer asked")]
    tied = [each.because for each in now.attached if each not in was.attached]
    reasons += [f"Conditions: {because}" for because in tied]
    if not gone and not new:
        return Difference(Change.MORE if tied else Change.SAME, tuple(reasons))
    if gone and not new:
        return Difference(Change.FEWER, tuple(reasons))
    if new and not gone:
        return Difference(Change.MORE, tuple(reasons))
    many = sum(new.values()) - sum(gone.values())
    change = Change.MORE if many > 0 else Change.FEWER if many < 0 else Change.DIFFERENT
    return Difference(change, tuple(reasons))


def _seats(found: Route) -> Counter[tuple[str, ...]]:
    return Counter(slot.who for stage in found.asked for slot in stage.slots)


def _said(found: Route, seats: Mapping[tuple[str, ...], int], how: str) -> Iterable[str]:
    for stage in found.asked:
        labels = [slot.label for slot in stage.slots if _is_in(slot, seats)]
        if labels:
            yield f"{how}: {', '.join(labels)}. {stage.reason}"


def _is_in(slot: SlotPlan, seats: Mapping[tuple[str, ...], int]) -> bool:
    return slot.who in seats


def replayed(draft: WorkflowDefinition, past: Iterable[Past], report: Report) -> int:
    """Ask the draft about each request of the past and add what it would have changed; return how many."""
    done = 0
    for each in past:
        report.add(each, compared(judged(each.rules, each.facts), judged(draft, each.facts)))
        done += 1
    return done
