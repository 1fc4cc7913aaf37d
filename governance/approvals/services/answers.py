"""An asker who owes an answer is warned twice; then the request lapses. Nobody else's silence ends one."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from governance.approvals.locks import lock_request
from governance.approvals.models import Reminder, Request
from governance.approvals.rules import REVISABLE, RequestState
from governance.approvals.selectors.seats import latest_revision
from governance.approvals.services.moving import _move, _tell_requester
from governance.approvals.services.reminders import BATCH
from governance.approvals.subjects import subject_of
from governance.approvals.timing import WARNED_BEFORE_END, ReminderKind, answer_due_after, warning_moment
from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.core.wording import several
from governance.notices.services import notify
from governance.work.batches import each_row

WARNINGS = len(WARNED_BEFORE_END)


def chase_askers(*, by: Actor, at: datetime) -> int:
    """Warn every asker who owes an answer, and let lapse what was warned of in vain; return how many requests."""
    due = Request.objects.filter(state__in=REVISABLE, next_reminder_at__lte=at).order_by("next_reminder_at", "pk")
    found = due.values_list("pk", flat=True)[:BATCH]
    return each_row("chase_askers", found, lambda request: chase_asker(request_id=request, by=by, at=at))


@transaction.atomic
def chase_asker(*, request_id: UUID, by: Actor, at: datetime) -> bool:
    """Warn one asker, or let the request lapse after both warnings; return False when nothing is due any more.

    However late the clock comes, an asker has had both warnings, and the time between them, before anything ends.
    """
    request = lock_request(request_id)
    owed = request.next_reminder_at is not None and request.next_reminder_at <= at
    if request.state not in REVISABLE or request.answer_due_at is None or not owed:
        return False
    warned = Reminder.objects.filter(revision=latest_revision(request), slot=None).count()
    if warned < WARNINGS:
        _warn(request, warned, request.answer_due_at, by=by, at=at)
    else:
        _lapse(request, by=by, at=at)
    return True


def _warn(request: Request, number: int, answer_due_at: datetime, *, by: Actor, at: datetime) -> None:
    length = timedelta(days=settings.APPROVALS_ANSWER_DAYS)
    due_at = answer_due_after(number, warned_at=at, answer_due_at=answer_due_at, length=length)
    Reminder.objects.create(
        revision=latest_revision(request),
        step=number,
        kind=ReminderKind.WARNED,
        person_id=request.requester_id,
        reason="An answer is owed.",
        at=at,
    )
    request.answer_due_at = due_at
    request.next_reminder_at = warning_moment(1, due_at, length) if number + 1 < WARNINGS else due_at
    request.save(update_fields=["answer_due_at", "next_reminder_at"])
    said = {"warning": number + 1, "lapses_at": due_at.isoformat()}
    record(
        EventKind.REQUESTER_WARNED, subject=f"request:{request.pk}", by=by, at=at, unit_path=request.unit.path, **said
    )
    text = f"Request {request.number} waits for your answer and lapses in {several((due_at - at).days, 'day')} without one."
    kind = f"approvals.warned_{number + 1}"
    notify(people=[request.requester_id], kind=kind, text=text, link=f"/inbox/{request.pk}/", by=by, at=at)


def _lapse(request: Request, *, by: Actor, at: datetime) -> None:
    _move(request, RequestState.LAPSED, at=at)
    named = {"subject_kind": request.subject_kind, "subject_id": str(request.subject_id)}
    record(
        EventKind.REQUEST_LAPSED, subject=f"request:{request.pk}", by=by, at=at, unit_path=request.unit.path, **named
    )
    subject_of(request.subject_kind).on_lapsed(request.subject_id, by=by, at=at)
    _tell_requester(request, by=by, at=at)
