"""A grant is asked about in time, answered by its owner, confirmed by the steward where the data is confidential."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef

from governance.approvals.locks import person_of
from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.core.errors import Conflict, Invalid, NotFound
from governance.core.verdict import require
from governance.core.vocabulary import Classification
from governance.core.wording import says_nothing
from governance.notices.services import notify
from governance.organisation.models import Person
from governance.organisation.selectors import authorize
from governance.remits.locks import told_grant
from governance.remits.models import Grant, Recertification
from governance.remits.recertifying import (
    LONGEST_COMMENT,
    OPEN_RECERTIFICATION,
    STEWARD_REMINDED_EVERY,
    RecertificationReason,
    RecertificationState,
    may_answer_together,
    may_confirm,
    may_move_recertification,
    needs_steward,
    recertify_at,
)
from governance.remits.rules import USABLE_GRANT, GrantState
from governance.remits.selectors.recertifications import ANSWER, CONFIRM, owners_of, shape_of, stewards_of
from governance.work.batches import each_row

BATCH = 200  # what is left over is due at the next call
PAGE = "/recertify/"
RELATED = ("initiative__accountable_unit", "dataset__steward_unit", "remit__drafted_by")


def ask_recertification(*, by: Actor, at: datetime) -> int:
    """Ask the owners of every grant whose time comes within two weeks; return how many grants were asked about."""
    horizon = at + timedelta(days=settings.RECERTIFY_ASKED_BEFORE_DAYS)
    due = Grant.objects.filter(state=GrantState.ACTIVE, recertify_at__lte=horizon, recertify_at__lt=F("ends_at"))
    underway = Recertification.objects.filter(grant=OuterRef("pk"), state__in=OPEN_RECERTIFICATION)
    found = due.filter(~Exists(underway)).order_by("recertify_at", "pk").values_list("pk", "recertify_at")
    reason = RecertificationReason.DUE
    return each_row(
        "ask_recertification", found[:BATCH], lambda row: _ask(row[0], reason, max(row[1] or at, at), by=by, at=at)
    )


def propose_lapse(*, grant_ids: Iterable[UUID], by: Actor, at: datetime) -> int:
    """Ask the owners of grants that nobody uses whether they are still needed; return how many were asked about."""
    due_at = at + timedelta(days=settings.RECERTIFY_ASKED_BEFORE_DAYS)
    reason = RecertificationReason.UNUSED
    return each_row("propose_lapse", grant_ids, lambda grant: _ask(grant, reason, due_at, by=by, at=at))


@transaction.atomic
def _ask(grant_id: UUID, reason: RecertificationReason, due_at: datetime, *, by: Actor, at: datetime) -> bool:
    grant = Grant.objects.select_for_update(of=("self",)).select_related(*RELATED).get(pk=grant_id)
    underway = Recertification.objects.filter(grant=grant, state__in=OPEN_RECERTIFICATION)
    if grant.state != GrantState.ACTIVE or underway.exists():
        return False
    asked = Recertification.objects.create(
        grant=grant, reason=reason, asked_at=at, due_at=due_at, next_reminder_at=due_at
    )
    _record(EventKind.RECERTIFICATION_ASKED, asked, by=by, at=at, reason=str(reason), due_at=due_at.isoformat())
    _tell(owners_of(grant, at=at), "recertify", "A grant of yours waits for a word: is it still needed?", by=by, at=at)
    return True


@transaction.atomic
def answer_recertification(
    *, recertification_id: UUID, needed: bool, comment: str = "", by: Actor, at: datetime
) -> Recertification:
    """Say for the owner that a grant is still needed, unchanged, or no longer. Without need it ends now.

    From confidential data up the steward confirms; until then the grant goes on, for the owner was not silent.

    Raises:
        NotFound, NotAllowed: the recertification, the permission on the accountable unit.
        Conflict: answered already, or the grant has ended. Invalid: a comment that is too long.
    """
    asked = _locked(recertification_id)
    grant = asked.grant
    authorize(by, ANSWER, grant.initiative.accountable_unit.path)
    _require_in_force(grant)
    confirm = needed and needs_steward(Classification(grant.dataset.classification))
    to = RecertificationState.CONFIRMING if confirm else RecertificationState.KEPT
    _move(asked, to if needed else RecertificationState.NOT_NEEDED, comment)
    asked.answered_by_id, asked.answered_at = person_of(by), at
    asked.next_reminder_at = at + STEWARD_REMINDED_EVERY if confirm else None
    asked.save(update_fields=["state", "comment", "answered_by", "answered_at", "next_reminder_at"])
    _record(EventKind.RECERTIFICATION_ANSWERED, asked, by=by, at=at, needed=needed)
    if not needed:
        _revoke(grant, "not_needed", by=by, at=at)
    elif confirm:
        _set_grant(grant, GrantState.ACTIVE)
        text = "An owner says that a grant on your data is still needed. Confirm it, or refuse with a reason."
        _tell(stewards_of(grant, at=at), "recertify_confirm", text, by=by, at=at)
    else:
        _keep(asked, by=by, at=at)
    return asked


@transaction.atomic
def answer_together(*, recertification_ids: Iterable[UUID], by: Actor, at: datetime) -> int:
    """Say of several identical low-risk grants that they are still needed; each is an answer and an event of its own.

    Raises:
        Invalid: none chosen. Conflict: they differ, or one risks more. As answer_recertification otherwise.
    """
    ids = sorted(set(recertification_ids))
    if not ids:
        raise Invalid("none_chosen", "Choose at least one grant.", field="recertifications")
    grants = [_locked(each).grant for each in ids]
    for grant in grants:
        authorize(by, ANSWER, grant.initiative.accountable_unit.path)
    require(may_answer_together(frozenset(map(shape_of, grants))), Conflict)
    return len([answer_recertification(recertification_id=each, needed=True, by=by, at=at) for each in ids])


@transaction.atomic
def confirm_recertification(
    *, recertification_id: UUID, confirmed: bool, comment: str = "", by: Actor, at: datetime
) -> Recertification:
    """Confirm for the dataset's steward what the owner answered, or refuse it with a reason: then the grant ends now.

    Raises:
        NotFound, NotAllowed: the recertification, the permission on the steward's unit, one's own answer.
        Conflict: not waiting for this. Invalid: a refusal without a reason.
    """
    asked = _locked(recertification_id)
    grant = asked.grant
    authorize(by, CONFIRM, grant.dataset.steward_unit.path)
    _require_in_force(grant)
    require(may_confirm(person_of(by), asked.answered_by_id))
    if not confirmed and says_nothing(comment):
        raise Invalid("reason_missing", "Say why, so that the owner knows what to do.", field="comment")
    require(may_move_recertification(RecertificationState(asked.state), RecertificationState.REFUSED), Conflict)
    _move(asked, RecertificationState.KEPT if confirmed else RecertificationState.REFUSED, comment)
    asked.confirmed_by_id, asked.confirmed_at, asked.next_reminder_at = person_of(by), at, None
    asked.save(update_fields=["state", "comment", "confirmed_by", "confirmed_at", "next_reminder_at"])
    _record(EventKind.RECERTIFICATION_CONFIRMED, asked, by=by, at=at, confirmed=confirmed)
    if confirmed:
        _keep(asked, by=by, at=at)
    else:
        _revoke(grant, "recertification_refused", by=by, at=at)
        _tell(owners_of(grant, at=at), "recertify_refused", "A steward ended a grant of yours.", by=by, at=at)
    return asked


def _locked(recertification_id: UUID) -> Recertification:
    """Return the recertification, its grant and itself locked, in this order everywhere.

    Raises:
        NotFound: no such one.
    """
    found = Recertification.objects.filter(pk=recertification_id).values_list("grant_id", flat=True).first()
    if found is None:
        raise NotFound("no_such_recertification", "There is no such recertification.")
    grant = Grant.objects.select_for_update(of=("self",)).select_related(*RELATED).get(pk=found)
    asked = Recertification.objects.select_for_update().get(pk=recertification_id)
    asked.grant = grant
    return asked


def _require_in_force(grant: Grant) -> None:
    if grant.state not in USABLE_GRANT:
        raise Conflict("not_in_force", f"The grant is {grant.state}; nothing is left to recertify.")


def _move(asked: Recertification, to: RecertificationState, comment: str = "") -> None:
    require(may_move_recertification(RecertificationState(asked.state), to), Conflict)
    if len(comment) > LONGEST_COMMENT:
        raise Invalid("comment_too_long", f"A comment has at most {LONGEST_COMMENT} characters.", field="comment")
    asked.state, asked.comment = to, comment.strip() or asked.comment


def _keep(asked: Recertification, *, by: Actor, at: datetime) -> None:
    grant = asked.grant
    classification = Classification(grant.dataset.classification)
    grant.recertify_at = recertify_at(at, classification, settings.RECERTIFY_DAYS, grant.ends_at)
    grant.save(update_fields=["recertify_at"])
    _set_grant(grant, GrantState.ACTIVE)
    following = grant.recertify_at.isoformat() if grant.recertify_at else ""
    _record(EventKind.RECERTIFICATION_CLOSED, asked, by=by, at=at, outcome="kept", next=following)


def _revoke(grant: Grant, because: str, *, by: Actor, at: datetime) -> None:
    _set_grant(grant, GrantState.REVOKED)
    record(EventKind.GRANT_REVOKED, by=by, at=at, because=because, **told_grant(grant))


def _set_grant(grant: Grant, state: GrantState) -> None:
    if grant.state != state:
        grant.state = state
        grant.save(update_fields=["state"])


def _record(kind: EventKind, asked: Recertification, *, by: Actor, at: datetime, **detail: Any) -> None:
    record(kind, by=by, at=at, recertification=str(asked.pk), **detail, **told_grant(asked.grant))


def _tell(people: Iterable[Person], kind: str, text: str, *, by: Actor, at: datetime) -> None:
    notify(people={person.pk for person in people}, kind=f"remits.{kind}", text=text, link=PAGE, by=by, at=at)
