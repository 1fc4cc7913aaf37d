"""Looking for initiatives that seem to do the same: when a request is sent, and every night for all."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.core.errors import Conflict
from governance.initiatives.models import Initiative
from governance.initiatives.rules.overlaps import terms_of
from governance.initiatives.selectors.overlaps import running, to_compare
from governance.initiatives.services.overlaps import note_overlaps
from governance.remits.locks import told_grant
from governance.remits.models import Grant, Remit
from governance.remits.rules import LIVE_GRANT, GrantState, RemitState
from governance.remits.selectors.overlaps import likely_overlaps

AT_ONCE = 40  # initiatives compared in one call of the clock, about two seconds
COMPARED_EVERY = timedelta(hours=20)


def look_for_overlaps(*, initiative_id: UUID, by: Actor, at: datetime) -> int:
    """Compare one initiative with the others and keep what is likely; return how many overlaps are new."""
    initiative = next(iter(running([initiative_id]).values()), None)
    return _look(initiative, by=by, at=at) if initiative else 0


def look_at_all(*, by: Actor, at: datetime) -> int:
    """Compare those that were not compared for a day, a few at a time; return how many."""
    due = running(to_compare(before=at - COMPARED_EVERY, most=AT_ONCE))
    for initiative in due.values():
        _look(initiative, by=by, at=at)
    return len(due)


def _look(initiative: Initiative, *, by: Actor, at: datetime) -> int:
    found = likely_overlaps(initiative)
    terms = terms_of(initiative.title, initiative.purpose_text)
    return len(note_overlaps(initiative_id=initiative.pk, terms=terms, found=found, by=by, at=at))


@transaction.atomic
def follow_merge(*, initiative_id: UUID, remains_id: UUID, by: Actor, at: datetime) -> int:
    """End the rights of an initiative that was merged into another; return how many.

    What remains asks for more in a version of its own: people approved these rights for another purpose.

    Raises:
        Conflict: "being_decided" while a version of it is in review.
    """
    if Remit.objects.filter(initiative_id=initiative_id, sandbox=False, state=RemitState.SUBMITTED).exists():
        raise Conflict(
            "being_decided", "A request of the initiative that ends is in review.", remedy="Withdraw it first."
        )
    live = Grant.objects.select_for_update(of=("self",)).filter(initiative_id=initiative_id, state__in=LIVE_GRANT)
    ended = list(live.select_related("initiative__accountable_unit").order_by("pk"))
    Grant.objects.filter(pk__in=[grant.pk for grant in ended]).update(state=GrantState.REVOKED)
    for grant in ended:
        because = {"because": "merged", "remains": str(remains_id)}
        record(EventKind.GRANT_REVOKED, by=by, at=at, **because, **told_grant(grant))
    return len(ended)
