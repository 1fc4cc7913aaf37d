"""What the clock does about grants nobody answers for: grace, two warnings, the end; and about stewards, who are reminded."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.core.wording import several
from governance.organisation.calendars import heads_above
from governance.remits.locks import told_grant
from governance.remits.models import Grant, Recertification
from governance.remits.recertifying import (
    GRACE_WARNED_BEFORE,
    OPEN_RECERTIFICATION,
    STEWARD_REMINDED_EVERY,
    RecertificationState,
)
from governance.remits.rules import USABLE_GRANT, GrantState
from governance.remits.selectors.recertifications import owners_of, stewards_of
from governance.remits.services.recertification import BATCH, RELATED, _record, _set_grant, _tell
from governance.work.batches import each_row


def chase_recertifications(*, by: Actor, at: datetime) -> int:
    """Take the step that is due for every open recertification; return how many. Each is a transaction of its own."""
    due = Recertification.objects.filter(state__in=OPEN_RECERTIFICATION, next_reminder_at__lte=at)
    found = due.order_by("next_reminder_at", "pk").values_list("pk", "grant_id")
    return each_row("chase_recertifications", found[:BATCH], lambda row: _chase(*row, by=by, at=at))


@transaction.atomic
def _chase(recertification_id: UUID, grant_id: UUID, *, by: Actor, at: datetime) -> bool:
    grant = Grant.objects.select_for_update(of=("self",)).select_related(*RELATED).get(pk=grant_id)
    asked = Recertification.objects.select_for_update().get(pk=recertification_id)
    asked.grant = grant
    due = asked.next_reminder_at is not None and asked.next_reminder_at <= at
    if asked.state not in OPEN_RECERTIFICATION or not due:
        return False  # another clock was first, or somebody answered
    if grant.state not in USABLE_GRANT:
        _close(asked, RecertificationState.OVERTAKEN, by=by, at=at)
    elif asked.state == RecertificationState.CONFIRMING:
        _remind_stewards(asked, by=by, at=at)
    elif asked.warnings == 0:
        _begin_grace(asked, by=by, at=at)
    elif asked.warnings == 1:
        _warn_again(asked, by=by, at=at)
    else:
        _end(asked, by=by, at=at)
    return True


def _begin_grace(asked: Recertification, *, by: Actor, at: datetime) -> None:
    ends_at = at + timedelta(days=settings.RECERTIFY_GRACE_DAYS)
    _set_grant(asked.grant, GrantState.GRACE)
    record(EventKind.GRANT_IN_GRACE, by=by, at=at, ends_at=ends_at.isoformat(), **told_grant(asked.grant))
    text = (
        f"A grant of yours goes on for {settings.RECERTIFY_GRACE_DAYS} days only: nobody said that it is still needed."
    )
    _warned(asked, ends_at, ends_at - GRACE_WARNED_BEFORE, "grant_in_grace", text, by=by, at=at)


def _warn_again(asked: Recertification, *, by: Actor, at: datetime) -> None:
    ends_at = max(asked.grace_ends_at or at, at + GRACE_WARNED_BEFORE)  # a clock that comes late takes no time away
    _record(EventKind.RECERTIFICATION_REMINDED, asked, by=by, at=at, ends_at=ends_at.isoformat())
    text = (
        f"A grant of yours ends in {several((ends_at - at).days, 'day')} unless somebody says that it is still needed."
    )
    _warned(asked, ends_at, ends_at, "grant_ends_soon", text, by=by, at=at)


def _warned(
    asked: Recertification, ends_at: datetime, following: datetime, kind: str, text: str, *, by: Actor, at: datetime
) -> None:
    asked.warnings, asked.grace_ends_at, asked.next_reminder_at = asked.warnings + 1, ends_at, following
    asked.save(update_fields=["warnings", "grace_ends_at", "next_reminder_at"])
    _tell(owners_of(asked.grant, at=at), kind, text, by=by, at=at)


def _end(asked: Recertification, *, by: Actor, at: datetime) -> None:
    """End a grant that nobody answered for. The gateway refuses from the commit on."""
    grant = asked.grant
    _set_grant(grant, GrantState.EXPIRED)
    record(EventKind.GRANT_EXPIRED, by=by, at=at, because="not_recertified", **told_grant(grant))
    _close(asked, RecertificationState.SILENT, by=by, at=at)
    _tell(owners_of(grant, at=at), "grant_expired", "A grant of yours ended: nobody answered for it.", by=by, at=at)


def _close(asked: Recertification, state: RecertificationState, *, by: Actor, at: datetime) -> None:
    asked.state, asked.next_reminder_at = state, None
    asked.save(update_fields=["state", "next_reminder_at"])
    _record(EventKind.RECERTIFICATION_CLOSED, asked, by=by, at=at, outcome=str(state))


def _remind_stewards(asked: Recertification, *, by: Actor, at: datetime) -> None:
    """Tell the stewards, and the heads above them, again. The grant goes on: its owner was not silent."""
    asked.next_reminder_at = at + STEWARD_REMINDED_EVERY
    asked.save(update_fields=["next_reminder_at"])
    _record(EventKind.RECERTIFICATION_REMINDED, asked, by=by, at=at, steward=True)
    heads = [head for _, head in heads_above([asked.grant.dataset.steward_unit.path], at=at)]
    text = "A grant on your data still waits for its steward's word."
    _tell([*stewards_of(asked.grant, at=at), *heads[:1]], "recertify_confirm", text, by=by, at=at)
