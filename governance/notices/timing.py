"""When a person is written to: at once, after their quiet hours, or in a digest in their own morning. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from governance.notices.kinds import Group

MORNING: Final = time(8, 0)
MONDAY: Final = 0
DAYS_AHEAD: Final = 9  # a week, and a day on either side of it for a clock that is set meanwhile
# After the n-th failed try. Source: the schedule that the Standard Webhooks specification recommends; about three days.
BACK_OFF_S: Final = (5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400)
MOST_TRIES: Final = len(BACK_OFF_S) + 1
JITTER: Final = 0.2


class MailWish(StrEnum):
    """How somebody wants to hear of a group by e-mail."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    WEEKLY = "weekly"
    NEVER = "never"


USUAL: Final[Mapping[Group, MailWish]] = MappingProxyType(
    {
        Group.DECISIONS: MailWish.AT_ONCE,
        Group.REQUESTS: MailWish.AT_ONCE,
        Group.OWNERSHIP: MailWish.AT_ONCE,
        Group.REFUSALS: MailWish.DAILY,
        Group.SECURITY: MailWish.AT_ONCE,
        Group.DIGESTS: MailWish.WEEKLY,
    }
)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """[start, end) on the clock of the person's wall; they may go over midnight, and are never the whole day."""

    start: time
    end: time

    def holds(self, local: datetime) -> bool:
        if self.start < self.end:
            return self.start <= local.time() < self.end
        return local.time() >= self.start or local.time() < self.end


def mail_due(
    wish: MailWish, *, urgent: bool, quiet: QuietHours | None, zone: ZoneInfo, at: datetime
) -> datetime | None:
    """Return when the e-mail about something that was told `at` may leave; None: never. Times are aware, the result is UTC.

    What is urgent leaves at once, through quiet hours and instead of a digest, for all but those who want no e-mail of it.
    """
    match wish:
        case MailWish.NEVER:
            return None
        case MailWish.AT_ONCE:
            due = at
        case MailWish.DAILY:
            due = at if urgent else _next(MORNING, zone=zone, after=at)
        case MailWish.WEEKLY:
            due = at if urgent else _next(MORNING, zone=zone, after=at, weekday=MONDAY)
    return due if urgent else after_quiet(due, quiet=quiet, zone=zone)


def after_quiet(due: datetime, *, quiet: QuietHours | None, zone: ZoneInfo) -> datetime:
    """Return `due`, or the end of the quiet hours in which it falls."""
    if quiet is None or not quiet.holds(due.astimezone(zone)):
        return due
    return _next(quiet.end, zone=zone, after=due)


def back_off(tries: int, jitter: float) -> timedelta | None:
    """Return how long to wait after the `tries`-th failed try; None: that was the last. `jitter` is in [0, 1)."""
    if tries >= MOST_TRIES:
        return None
    return timedelta(seconds=BACK_OFF_S[max(tries, 1) - 1] * (1 + JITTER * jitter))


def _next(clock: time, *, zone: ZoneInfo, after: datetime, weekday: int | None = None) -> datetime:
    """Return the first moment after `after` at which the clock in `zone` shows `clock`.

    A time that the clock skips in spring is taken as what it would have been; one that it shows twice in autumn counts twice.
    """
    first = after.astimezone(zone).date()
    for day in (first + timedelta(days=ahead) for ahead in range(DAYS_AHEAD)):
        if weekday is not None and day.weekday() != weekday:
            continue
        for fold in (0, 1):
            moment = datetime.combine(day, clock, zone).replace(fold=fold).astimezone(UTC)
            if moment > after:
                return moment
    raise AssertionError("Every clock shows every time within a week.")
