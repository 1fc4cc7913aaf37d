"""Working hours: when a unit works, and how much of that lies between two moments. Pure.

A day's hours are half-open, [opens, closes), on the local clock; they are turned into UTC before anything is counted, so
that a day on which the clocks change counts the hours that really passed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import holidays

from governance.core.errors import Invalid

WEEK = range(1, 8)  # ISO weekdays, Monday is 1
MIDNIGHT = time(0)  # as the end of a day's hours: the end of the day
LOOK_AHEAD_DAYS = 366
Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """The hours of a unit. `country` is ISO 3166-1, or 3166-2 with the part ("CH-ZH"); "" knows no public holiday.

    `closed` are further days on which the unit does not work.
    """

    time_zone: str = "UTC"
    days: frozenset[int] = frozenset({1, 2, 3, 4, 5})
    opens: time = time(9)
    closes: time = time(17)
    country: str = ""
    closed: frozenset[date] = frozenset()

    def works_on(self, day: date) -> bool:
        return day.isoweekday() in self.days and day not in self.closed and day not in self._holidays(day.year)

    def _holidays(self, year: int) -> frozenset[date]:
        return public_holidays(self.country, year)

    def hours_of(self, day: date) -> Span | None:
        """Return the working hours of `day` in UTC; None when it has none."""
        if not self.works_on(day):
            return None
        zone = ZoneInfo(self.time_zone)
        last = day + timedelta(days=1) if self.closes == MIDNIGHT else day
        begin = datetime.combine(day, self.opens, tzinfo=zone).astimezone(UTC)
        end = datetime.combine(last, self.closes, tzinfo=zone).astimezone(UTC)
        return (begin, end) if begin < end else None


def calendar_fault(days: frozenset[int], opens: time, closes: time, country: str) -> tuple[str, str] | None:
    """Return (field, what is wrong with it), None when somebody can work by it."""
    if not days:
        return "days", "A unit works on at least one day of the week; without one, nothing it owes would ever be due."
    if not days <= set(WEEK):
        return "days", "Days are numbers from 1, Monday, to 7, Sunday."
    if closes != MIDNIGHT and closes <= opens:
        return "closes", "The hours end later than they begin, on the same day; 00:00 means the end of the day."
    if country and not _known(country):
        return "country", "No public holidays are known for this code. Write it as in CH or CH-ZH."
    return None


@lru_cache(maxsize=512)
def _known(country: str) -> bool:
    nation, _, part = country.partition("-")
    parts = holidays.list_supported_countries(include_aliases=False)
    return nation in parts and (not part or part in parts[nation])


@lru_cache(maxsize=512)
def public_holidays(country: str, year: int) -> frozenset[date]:
    """Return the public holidays of a country ("CH", or of a part, "CH-ZH"). Source: the package `holidays`."""
    if not country:
        return frozenset()
    nation, _, part = country.partition("-")
    found: Any = holidays.country_holidays(nation, subdiv=part or None, years=year)
    return frozenset(found)


def due_after(start: datetime, hours: float, calendar: WorkingCalendar) -> datetime:
    """Return the moment at which `hours` of working time have passed since `start`, in UTC.

    What ends exactly with the day is due at its end, not at the next day's begin; no hours are due at `start`.

    Raises:
        Invalid: "never_open" when the calendar has no working hour for a year.
    """
    left, due = timedelta(hours=hours), start.astimezone(UTC)
    if left <= timedelta(0):
        return due
    for begin, end in _spans_from(due, calendar):
        if end - begin >= left:
            return begin + left
        left -= end - begin
    raise Invalid("never_open", f"This calendar has too few working hours: none within {LOOK_AHEAD_DAYS} days.")


def working_hours_between(start: datetime, end: datetime, calendar: WorkingCalendar) -> timedelta:
    """Return how much working time lies in [start, end); none when `end` is not later."""
    worked = timedelta(0)
    for begin, close in _spans_from(start.astimezone(UTC), calendar):
        if begin >= end:
            break
        worked += min(close, end.astimezone(UTC)) - begin
    return worked


def _spans_from(start: datetime, calendar: WorkingCalendar) -> Iterator[Span]:
    """Yield working hours from `start` on, cut at `start`, until a year has none."""
    day = start.astimezone(ZoneInfo(calendar.time_zone)).date() - timedelta(days=1)
    idle = 0
    while idle < LOOK_AHEAD_DAYS:
        hours = calendar.hours_of(day)
        day, idle = day + timedelta(days=1), idle + 1
        if hours and hours[1] > start:
            idle = 0
            yield max(hours[0], start), hours[1]
