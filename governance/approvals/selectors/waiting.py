"""How long people wait, from what has really happened."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from governance.approvals.models import Stage
from governance.approvals.rules import StageState

LOOK_BACK = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Waited:
    """The median time from a stage's opening to its end, in hours, over `stages` stages."""

    hours: float
    stages: int


def waiting_stats(*, at: datetime) -> dict[str, Waited]:
    """Return the wait by name of stage over the last 180 days. A stage that never ended is absent: no data yet."""
    ended = Stage.objects.filter(
        state__in=[StageState.SATISFIED, StageState.REJECTED],
        closed_at__gt=at - LOOK_BACK,
        closed_at__lte=at,
    ).values_list("name", "opened_at", "closed_at")
    hours: dict[str, list[float]] = defaultdict(list)
    for name, opened_at, closed_at in ended:
        if opened_at and closed_at:
            hours[name].append((closed_at - opened_at) / timedelta(hours=1))
    return {name: Waited(median(values), len(values)) for name, values in hours.items()}
