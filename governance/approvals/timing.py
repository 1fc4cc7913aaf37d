"""When a silent seat is reminded of and goes higher, and when an asker who owes an answer is warned. Pure.

Step 0 of a seat reminds at half its time, step 1 escalates when the time is over, step 2 goes to the head above at twice
the time, and every further step one head higher, each after as long again. Nothing here ever ends a request that people
are asked about: only an asker's own silence does.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from governance.core.errors import Invalid
from governance.organisation.working_time import WorkingCalendar, due_after

ESCALATION, TO_HEAD = 1, 2  # the first step that names somebody else; the first that asks "decide or delegate"
HALF = 0.5
WARNED_BEFORE_END = (0.5, 0.1)  # of the time to answer that is left at the first and the second warning


class ReminderKind(StrEnum):
    REMINDED = "reminded"  # those asked already
    ESCALATED = "escalated"  # the next who can take the seat
    TO_HEAD = "to_head"  # a head above, by name: decide or delegate
    WARNED = "warned"  # the asker, who owes an answer


def kind_of(step: int) -> ReminderKind:
    if step < ESCALATION:
        return ReminderKind.REMINDED
    return ReminderKind.ESCALATED if step < TO_HEAD else ReminderKind.TO_HEAD


def due_moment(start: datetime, hours: float, calendars: Sequence[WorkingCalendar]) -> datetime:
    """Return when `hours` of the working time of those asked are over; the latest, where several calendars count.

    A calendar that closes for a year must not stop the clock of a request: plain hours count instead.
    """
    return max(_due(start, hours, calendar) for calendar in calendars or [WorkingCalendar()])


def _due(start: datetime, hours: float, calendar: WorkingCalendar) -> datetime:
    try:
        return due_after(start, hours, calendar)
    except Invalid:
        return start + timedelta(hours=hours)


def step_due(following: int, *, due_at: datetime, at: datetime) -> int:
    """Return which step to take at `at`: the one that follows, but no reminder any more once the time is over."""
    return max(following, ESCALATION) if due_at <= at else following


def moment_after(
    step: int, *, due_at: datetime, sla_hours: int, at: datetime, calendars: Sequence[WorkingCalendar]
) -> datetime:
    """Return when the step after `step`, taken at `at`, falls due.

    Reckoned from when a step was really taken: after a clock that stood still, everybody named still gets their time.
    """
    return due_at if step < ESCALATION else due_moment(at, sla_hours, calendars)


def warning_moment(number: int, answer_due_at: datetime, length: timedelta) -> datetime:
    """Return when warning `number`, 0 or 1, falls due for an asker who has `length` to answer."""
    return answer_due_at - length * WARNED_BEFORE_END[number]


def answer_due_after(number: int, *, warned_at: datetime, answer_due_at: datetime, length: timedelta) -> datetime:
    """Return the end of the time to answer: later than planned where a warning came too late to be of use."""
    return max(answer_due_at, warned_at + length * WARNED_BEFORE_END[number])
