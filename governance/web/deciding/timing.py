"""Time limits in the words of a page: "Due Wednesday 10:00. Reminded Tuesday 10:00; goes to Hugo Berg on Friday 10:00"."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from governance.approvals.selectors.ladder import NextStep, TakenStep
from governance.approvals.selectors.stages import StageRow
from governance.approvals.timing import ReminderKind
from governance.core.clock import now
from governance.web.frame import times, words


def timing_of(stage: StageRow) -> str:
    """Return what silence has led to in a live stage and what it leads to next; "" when nothing is due by time."""
    if stage.following is None or stage.due_at is None:
        return ""
    late = stage.due_at <= now()
    due = f"{'Was due' if late else 'Due'} {said_at(stage.due_at)}."
    events = [_taken(step, known=_named(stage.taken[:i])) for i, step in enumerate(stage.taken)]
    events.append(_following(stage.following, known=_named(stage.taken)))
    return f"{due} {words.sentence('; '.join(events))}."


def _named(steps: Sequence[TakenStep]) -> frozenset[str]:
    return frozenset(step.to for step in steps)


def _taken(step: TakenStep, *, known: frozenset[str]) -> str:
    moment = said_at(step.at)
    match step.kind:
        case ReminderKind.REMINDED:
            return f"reminded {moment}"
        case ReminderKind.ESCALATED | ReminderKind.TO_HEAD:
            if not step.to:
                return f"looked for somebody above in vain {moment}"
            return f"{step.to} was asked again {moment}" if step.to in known else f"went to {step.to} {moment}"
        case ReminderKind.WARNED:
            return f"warned {moment}"


def _following(step: NextStep, *, known: frozenset[str]) -> str:
    moment = said_at(step.at)
    if step.kind is ReminderKind.REMINDED:
        return f"a reminder goes out {moment}"
    if not step.to:
        return f"goes higher {moment}"
    if known.issuperset(step.to):
        return f"{words.joined(list(step.to))} {'is' if len(step.to) == 1 else 'are'} asked again {moment}"
    return f"goes to {words.joined(list(step.to))} {moment}"


def said_at(at: datetime) -> str:
    """Return a moment as people say it, in the reader's zone."""
    return times.spoken(at, now=now(), zone=timezone.get_current_timezone())
