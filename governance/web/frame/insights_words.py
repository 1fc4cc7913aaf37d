"""How figures are said. Pure."""

from datetime import timedelta

from governance.insights.pace import Pace
from governance.insights.waiting import Wait
from governance.web.frame.times import spoken_length

NOTHING_YET = "no data yet"


def lasted(hours: float) -> str:
    """Return a number of hours in its largest fitting unit: "40 minutes", "2.5 days"."""
    return spoken_length(timedelta(hours=hours))


def counted(number: int, noun: str, nouns: str = "") -> str:
    return f"{number:,} {noun if number == 1 else nouns or f'{noun}s'}"


def headline(pace: Pace) -> str:
    """Return the sentence that a page about waiting begins with."""
    if pace.wait is None:
        return "Nothing was decided in this period"
    return f"Half of the requests were decided within {lasted(pace.wait.half)}"


def beneath(pace: Pace) -> str:
    """Return what the headline rests on and how it compares with the period before."""
    if pace.wait is None:
        return "As soon as requests get a yes or no, this page says where they waited."
    number = counted(pace.wait.number, "request")
    return (
        f"Nine in ten within {lasted(pace.wait.most)}. {number} got a yes or no, {pace.approved:,} of them a yes. "
        f"{_compared(pace.wait, pace.before)} Nights and weekends count."
    )


def _compared(now: Wait, before: Wait | None) -> str:
    if before is None:
        return "For the period before there is no data."
    if lasted(now.half) == lasted(before.half):
        return "It was the same in the period before."
    return f"In the period before it was {lasted(before.half)}, over {counted(before.number, 'request')}."


def aged(from_days: int, to_days: int | None) -> str:
    """Return a bucket of ages: "less than a day ago", "3 to 7 days ago", "30 or more days ago"."""
    if to_days is None:
        return f"{from_days} or more days ago"
    return f"{from_days} to {to_days} days ago" if from_days else "less than a day ago"
