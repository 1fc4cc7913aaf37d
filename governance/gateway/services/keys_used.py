"""When the keys of programs were last used: read from their calls by the clock, so that no call writes a row that all of them share."""

from datetime import datetime, timedelta

from django.db.models import Max

from governance.core.actors import Actor
from governance.gateway.models import Exchange
from governance.organisation.services import note_keys_used

LOOKED_BACK = timedelta(minutes=10)  # a clock that stood still for longer misses what was before


def note_used_keys(*, by: Actor, at: datetime) -> int:
    """Note the last use of each key that called in the last minutes; return how many changed. The clock calls this."""
    calls = Exchange.objects.filter(at__gt=at - LOOKED_BACK, at__lte=at, key__isnull=False)
    return note_keys_used(dict(calls.values_list("key").annotate(Max("at")).order_by()), by=by, at=at)
