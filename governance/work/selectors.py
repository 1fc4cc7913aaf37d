"""What waits, what moves, and who is alive."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Max, Min

from governance.work.models import Heartbeat, Job
from governance.work.rules import OPEN, WAITING, JobState, is_stuck


def queues() -> list[str]:
    """Return the queues of all kinds of jobs, in order of name."""
    return sorted({entry["queue"] for entry in settings.JOBS.values()})


def rung(queue: str, *, most: int) -> int:
    """Return how many jobs of `queue` have rung and are not done, counted up to `most`."""
    return len(Job.objects.filter(queue=queue, state__in=OPEN, published_at__isnull=False).values_list("id")[:most])


def waiting(queue: str) -> int:
    """Return how many jobs of `queue` nobody has taken yet."""
    return Job.objects.filter(queue=queue, state__in=WAITING).count()


def stuck(names: Sequence[str], at: datetime) -> bool:
    """Tell whether jobs of the queues `names` are due although no worker takes any."""
    jobs = Job.objects.filter(queue__in=names)
    oldest = jobs.filter(state__in=WAITING, next_at__lte=at).aggregate(at=Min("next_at"))["at"]
    if oldest is None or jobs.filter(state=JobState.LEASED, lease_until__gt=at).exists():
        return False
    return is_stuck(at, oldest, jobs.aggregate(at=Max("leased_at"))["at"])


def fresh(kind: str, at: datetime, within_s: float) -> bool:
    """Tell whether a process of `kind` gave a sign of life in the last `within_s` seconds."""
    return Heartbeat.objects.filter(kind=kind, at__gt=at - timedelta(seconds=within_s)).exists()


def alive(kind: str, at: datetime, within_s: float) -> list[str]:
    """Return the names of the processes of `kind` that gave a sign of life in the last `within_s` seconds, in order."""
    beats = Heartbeat.objects.filter(kind=kind, at__gt=at - timedelta(seconds=within_s)).order_by("process")
    return list(beats.values_list("process", flat=True))
