"""The one place that reads the wall clock. Called in views, tasks and commands; everything below takes `at`."""

from datetime import UTC, datetime


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return datetime.now(UTC)
