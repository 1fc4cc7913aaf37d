"""How long people wait, from what has really happened."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Aggregate, Count, DurationField, ExpressionWrapper, F

from governance.approvals.models import Stage
from governance.approvals.rules import StageState

LOOK_BACK = timedelta(days=180)


class Median(Aggregate):
    """The middle value. Source: Postgres, ordered-set aggregate percentile_cont."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


@dataclass(frozen=True, slots=True)
class Waited:
    """The median time from a stage's opening to its end, in hours, over `stages` stages."""

    hours: float
    stages: int


def waiting_stats(*, at: datetime) -> dict[str, Waited]:
    """Return the wait by name of stage over the last 180 days. A stage that never ended is absent: no data yet."""
    ended = Stage.objects.filter(
        state__in=[StageState.SATISFIED, StageState.REJECTED],
        opened_at__isnull=False,
        closed_at__gt=at - LOOK_BACK,
        closed_at__lte=at,
    )
    wait = ExpressionWrapper(F("closed_at") - F("opened_at"), output_field=DurationField())
    found = ended.order_by().values("name").annotate(middle=Median(wait), stages=Count("pk"))
    return {row["name"]: Waited(row["middle"] / timedelta(hours=1), row["stages"]) for row in found}
