"""Requests follow their subject when another unit comes to answer for it."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from governance.approvals.models import Request
from governance.approvals.rules import OPEN_REQUEST
from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.organisation.selectors import unit


@transaction.atomic
def move_requests(*, subject_kind: str, subject_ids: Iterable[UUID], unit_id: UUID, by: Actor, at: datetime) -> int:
    """Let the open requests about these subjects be those of another unit; return how many.

    They go on: what was decided stays decided, and seats that are taken or asked stay so.
    """
    to = unit(unit_id)
    about = Request.objects.filter(subject_kind=subject_kind, subject_id__in=list(subject_ids), state__in=OPEN_REQUEST)
    moved = list(about.exclude(unit=to).select_for_update(of=("self",)).order_by("pk"))
    for request in moved:
        request.unit = to
        request.save(update_fields=["unit"])
        record(EventKind.REQUEST_MOVED, subject=f"request:{request.pk}", by=by, at=at, unit_path=to.path)
    return len(moved)
