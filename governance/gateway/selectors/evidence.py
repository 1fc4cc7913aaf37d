"""What the calls of an initiative showed so far, for whoever decides about its remit."""

from datetime import timedelta
from uuid import UUID

from django.db.models import Count, QuerySet

from governance.approvals.subjects import Fact
from governance.core.clock import now
from governance.core.wording import several
from governance.detection.policy import Verdict
from governance.detection.type_names import type_name
from governance.gateway.models import Exchange

LOOK_BACK = timedelta(days=90)
LATELY = 200  # calls whose findings are counted
MOST_TYPES = 3
SAID = {
    Verdict.ALLOW: "sent as they were",
    Verdict.REDACT: "sent with something replaced",
    Verdict.JUSTIFY: "asked for a reason",
    Verdict.HOLD: "held",
    Verdict.BLOCK: "refused",
    Verdict.UNAVAILABLE: "refused because nothing could check them",
}


def calls_so_far(initiative_id: UUID) -> list[Fact]:
    """Return how many calls the initiative made in 90 days and what became of them; [] when it made none."""
    calls = Exchange.objects.filter(initiative_id=initiative_id, at__gt=now() - LOOK_BACK)
    counted = dict(calls.order_by().values_list("verdict").annotate(Count("pk")))
    if not counted:
        return []
    told = [f"{counted[verdict]} {said}" for verdict, said in SAID.items() if verdict in counted]
    return [
        Fact(f"{several(sum(counted.values()), 'call')} in 90 days", "; ".join(told)),
        *_found(calls.order_by("-at", "-id")),
    ]


def _found(calls: QuerySet[Exchange]) -> list[Fact]:
    found: dict[str, int] = {}
    for counts in calls.exclude(counts={}).values_list("counts", flat=True)[:LATELY]:
        for name, number in counts.items():
            found[name] = found.get(name, 0) + number
    most = sorted(found, key=lambda name: (-found[name], name))[:MOST_TYPES]
    said = ", ".join(f"{type_name(name)} ({found[name]})" for name in most)
    return [Fact("Found most", said)] if said else []
