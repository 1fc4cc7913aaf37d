"""What the clock does about patterns that end: whoever can renew them is told, so that what they decide goes on at once."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.core.wording import several
from governance.notices.services import notify
from governance.organisation.selectors import who_may
from governance.remits.locks import told_pattern
from governance.remits.models import Pattern
from governance.remits.rules import PatternState
from governance.work.batches import each_row

PROPOSE = "remits:pattern:propose"
FIRST, AGAIN = timedelta(days=30), timedelta(days=7)  # before the end
BATCH = 100  # what is left over is due at the next call


def warn_of_pattern_ends(*, by: Actor, at: datetime) -> int:
    """Tell of every pattern that ends within 30 days, and again within 7; return how many were told of."""
    found = Pattern.objects.filter(_due(at)).order_by("ends_at", "pk").values_list("pk", flat=True)
    return each_row("warn_of_pattern_ends", found[:BATCH], lambda pattern: _warn(pattern, by=by, at=at))


def _due(at: datetime) -> Q:
    first = Q(warned_at=None, ends_at__lte=at + FIRST)
    again = Q(warned_at__lt=F("ends_at") - AGAIN, ends_at__lte=at + AGAIN)
    return Q(first | again, state=PatternState.APPROVED, ends_at__gt=at)


@transaction.atomic
def _warn(pattern_id: UUID, *, by: Actor, at: datetime) -> bool:
    locked = Pattern.objects.select_for_update(of=("self",)).select_related("owner_unit")
    pattern = locked.filter(_due(at), pk=pattern_id).first()
    if pattern is None:
        return False  # another clock was first, or it was renewed or retired
    pattern.warned_at = at
    pattern.save(update_fields=["warned_at"])
    people = {pattern.made_by_id, *(each.id for each in who_may(PROPOSE, pattern.owner_unit.path))}
    days = (pattern.ends_at - at).days
    ids, ends_at = sorted(str(person) for person in people), pattern.ends_at.isoformat()
    record(EventKind.PATTERN_END_TOLD, by=by, at=at, ends_at=ends_at, people=ids, **told_pattern(pattern))
    text = (
        f"The pattern {pattern.name} ends in {several(days, 'day')}. Propose it again, or its requests wait for people."
    )
    kind = "remits.pattern_ends_soon" if pattern.ends_at <= at + AGAIN else "remits.pattern_ends"
    notify(people=people, kind=kind, text=text, link=f"/patterns/{pattern.pk}/", by=by, at=at)
    return True
