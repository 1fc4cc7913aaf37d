"""Grants by which nothing was sent for long."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, Func, JSONField, OuterRef, Q

from governance.core.vocabulary import Mode
from governance.gateway.models import Exchange
from governance.remits.models import Grant, Recertification
from governance.remits.rules import GrantState

ON_THE_WIRE = (Mode.PROMPT, Mode.RETRIEVAL, Mode.EVALUATE)  # training data leaves by releases, not by exchanges
BATCH = 200


def unused_grants(*, at: datetime) -> list[UUID]:
    """Return active grants older than GRANT_UNUSED_DAYS by which no call was made since, the oldest first.

    A call that named no dataset counts for every grant of its initiative toward the destination: it may have used any.
    """
    since = at - timedelta(days=settings.GRANT_UNUSED_DAYS)
    named = Func(OuterRef("dataset__ref"), function="jsonb_build_array", output_field=JSONField())
    same = {field: OuterRef(field) for field in ("initiative", "destination", "mode")}
    calls = Exchange.objects.filter(Q(datasets=[]) | Q(datasets__contains=named), at__gt=since, **same)
    asked = Recertification.objects.filter(grant=OuterRef("pk"), asked_at__gt=since)
    old = Grant.objects.filter(state=GrantState.ACTIVE, starts_at__lte=since, mode__in=ON_THE_WIRE)
    unused = old.filter(~Exists(calls), ~Exists(asked), remit__sandbox=False).order_by("starts_at", "pk")
    return list(unused.values_list("pk", flat=True)[:BATCH])
