"""How long people wait, from what has really happened."""

import statistics
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from governance.approvals.models import Stage
from governance.approvals.rules import DECIDED_STAGE

LOOK_BACK = timedelta(days=180)
MOST_SEEN = 200  # the newest say what is usual as well as all do, and an index has just these at hand


@dataclass(frozen=True, slots=True)
class Waited:
    """The median time from a stage's opening to its end, in hours, over `stages` stages."""

    hours: float
    stages: int


def waiting_stats(names: Iterable[str], *, at: datetime) -> dict[str, Waited]:
    """Return the usual wait by name of stage: over the last that ended, at most 200 of each, none older than 180 days.

    A stage that never ended is absent: no data yet. One query.
    """
    ended = Stage.objects.filter(
        state__in=sorted(DECIDED_STAGE), opened_at__isnull=False, closed_at__gt=at - LOOK_BACK, closed_at__lte=at
    )
    newest = [
        ended.filter(name=name).order_by("-closed_at").values_list("name", "opened_at", "closed_at")[:MOST_SEEN]
        for name in sorted(set(names))
    ]
    hours: dict[str, list[float]] = {}
    for name, opened_at, closed_at in newest[0].union(*newest[1:], all=True) if newest else ():
        if opened_at and closed_at:
            hours.setdefault(name, []).append((closed_at - opened_at) / timedelta(hours=1))
    return {name: Waited(statistics.median(each), len(each)) for name, each in hours.items()}
