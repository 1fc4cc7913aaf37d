"""Times as people say them. Pure: the reader's zone and the present moment are given."""

from datetime import date, datetime, timedelta, tzinfo

_TWO_DAYS_H = 48

WEEK = 6  # days ahead or back that a weekday names without doubt


def _clock(moment: datetime) -> str:
    return f"{moment:%H:%M}"


def _date(day: date, today: date) -> str:
    return f"{day.day} {day:%b}" if day.year == today.year else f"{day.day} {day:%b} {day.year}"


def spoken(moment: datetime, *, now: datetime, zone: tzinfo) -> str:
    """Return `moment` as said by someone in `zone`: "12 minutes ago", "tomorrow 17:00", "last Friday 09:30", "3 Feb 2027".

    Both moments are aware. The clock time is left out beyond a week, where the exact time stands in the title.
    """
    past = now - moment
    if timedelta(0) <= past < timedelta(minutes=1):
        return "just now"
    if timedelta(0) <= past < timedelta(hours=1):
        minutes = int(past.total_seconds() // 60)
        return f"{minutes} minute{'s' if minutes > 1 else ''} ago"
    local, today = moment.astimezone(zone), now.astimezone(zone).date()
    days = (local.date() - today).days
    named = {0: "today", 1: "tomorrow", -1: "yesterday"}.get(days)
    if named is None and abs(days) <= WEEK:
        named = (
            f"last {local:%A}" if days < 0 else f"{local:%A}"
        )  # without "last" a page that shows both could mean either
    return f"{named} {_clock(local)}" if named else _date(local.date(), today)


def exact(moment: datetime, *, zone: tzinfo) -> str:
    """Return "Thursday 3 February 2027, 14:05 CET", as someone in `zone` would write it down."""
    local = moment.astimezone(zone)
    return f"{local:%A} {local.day} {local:%B %Y, %H:%M %Z}"


def spoken_day(day: date) -> str:
    return f"{day.day} {day:%b} {day.year}"


def spoken_length(length: timedelta) -> str:
    """Return a length in its largest fitting unit: "40 seconds", "6 hours", "2.5 days"; "0 seconds" for less than one."""
    seconds = max(length.total_seconds(), 0)
    for unit, size in (("day", 86400), ("hour", 3600), ("minute", 60)):
        if seconds >= size:
            figure = f"{seconds / size:.1f}".removesuffix(".0")
            return f"{figure} {unit}{'' if figure == '1' else 's'}"
    whole = int(seconds)
    return f"{whole} second{'' if whole == 1 else 's'}"


def hours(number: float) -> str:
    """Return a wait as people say it: "within the hour", "5 hours", "2 days"."""
    if number < 1:
        return "within the hour"
    if number < _TWO_DAYS_H:
        return f"{round(number)} hour{'' if round(number) == 1 else 's'}"
    return f"{round(number / 24)} days"
