"""How many calls rested on an approval."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count

from governance.gateway.models import Exchange
from governance.gateway.rules import ExchangeState

LOOK_BACK = timedelta(days=180)
LEFT = (ExchangeState.INTENDED, ExchangeState.SENT, ExchangeState.COMPLETED)  # one without an outcome may have left


def calls_of_each(remit_ids: Sequence[UUID], *, at: datetime) -> dict[UUID, int]:
    """Return how many calls left under each remit in the last 180 days; a remit without any is absent."""
    left = Exchange.objects.filter(remit_id__in=remit_ids, at__gt=at - LOOK_BACK, at__lte=at, state__in=LEFT)
    counted = left.order_by().values("remit_id").annotate(calls=Count("pk"))
    return {row["remit_id"]: row["calls"] for row in counted}
