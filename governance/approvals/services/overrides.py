"""Two people set a decision aside for at most a day; afterwards a third says whether that was right."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from governance.approvals.locks import lock_request, person_of
from governance.approvals.models import Override, Request
from governance.approvals.overriding import (
    CONFIRM_WITHIN,
    LONGEST_OVERRIDE_HOURS,
    OverrideVerdict,
    may_confirm,
    may_override,
    may_review,
)
from governance.approvals.rules import LONGEST_COMMENT, RequestState, may_take_part
from governance.approvals.selectors.access import require_readable
from governance.approvals.selectors.overrides import state_of, taking_part
from governance.approvals.selectors.seats import authors_of, close_to, latest_revision
from governance.approvals.subjects import Overridable, subject_of
from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.core.errors import Conflict, Invalid, NotAllowed, NotFound
from governance.core.verdict import Denied, Verdict, require
from governance.core.wording import says_nothing
from governance.notices.services import notify
from governance.organisation.selectors import authorize, who_may
from governance.work.batches import each_row

# The request or the override moved under the reader's hands: not a question of permission.
MOVED = frozenset({"nothing_to_override", "overridden_before", "not_asked_for", "nothing_to_review"})
MAKE, REVIEW = "approvals:override:make", "approvals:override:review"


@transaction.atomic
def ask_override(*, request_id: UUID, reason: str, hours: int, by: Actor, at: datetime) -> Override:
    """Ask to let through for `hours` (1 to 24) what is not approved. Nothing happens before a second person confirms.

    Raises:
        NotFound: no such request, or one the person may not read.
        NotAllowed: the permission on the request's unit; own request or edit.
        Conflict: decided otherwise, overridden before, or an override that waits already.
        Invalid: the reason or the hours.
    """
    request = _readable(request_id, by, at)
    authorize(by, MAKE, request.unit.path)
    _require_text(reason, "reason")
    if not 1 <= hours <= LONGEST_OVERRIDE_HOURS:
        limit = f"An override lasts 1 to {LONGEST_OVERRIDE_HOURS} hours."
        raise Invalid("wrong_hours", limit, field="hours", remedy="Choose a number in between.")
    _require_may(request, person_of(by), at)
    revision = latest_revision(request)
    waiting = Override.objects.filter(revision=revision, confirmed_by=None, asked_at__gt=at - CONFIRM_WITHIN)
    if waiting.exists():
        raise Conflict("already_asked", "An override waits for a second person already.", remedy="Confirm that one.")
    override = Override.objects.create(
        request=request, revision=revision, reason=reason.strip(), hours=hours, asked_by_id=person_of(by), asked_at=at
    )
    _record(EventKind.OVERRIDE_ASKED, override, by=by, at=at, hours=hours, reason_characters=len(reason))
    others = {each.id for each in who_may(MAKE, request.unit.path)} - {request.requester_id, *authors_of(request)}
    text = f"An override of request {request.number} waits for a second person."
    notify(people=others, kind="approvals.override_asked", text=text, link=_link(request), by=by, at=at)
    return override


@transaction.atomic
def confirm_override(*, override_id: UUID, by: Actor, at: datetime) -> Override:
    """Be the second of the two: from now on it holds, and ends by itself.

    Raises:
        NotFound: no such override, or a request the person may not read.
        NotAllowed: the permission; the one who asked; own request or edit.
        Conflict: nothing waits any more, the request was decided, or what it names has moved.
    """
    override = _locked(override_id, by, at)
    request = override.request
    authorize(by, MAKE, request.unit.path)
    _demand(may_confirm(state=state_of(override, at=at), asked_by=override.asked_by_id, person=person_of(by)))
    _require_may(request, person_of(by), at)
    if override.revision_id != latest_revision(request).pk:
        raise Conflict("request_moved", "What is asked has changed since.", remedy="Ask for an override of that.")
    override.confirmed_by_id, override.starts_at = person_of(by), at
    override.ends_at = at + timedelta(hours=override.hours)
    override.save(update_fields=["confirmed_by", "starts_at", "ends_at"])
    _overridable(request).on_overridden(request.subject_id, until=override.ends_at, by=by, at=at)
    two = {"first": str(override.asked_by_id), "second": str(override.confirmed_by_id)}
    _record(EventKind.OVERRIDDEN, override, by=by, at=at, ends_at=override.ends_at.isoformat(), **two)
    concerned = {request.requester_id, override.asked_by_id, *_asked(request)}
    text = f"Request {request.number} is let through by an override, for a time."
    notify(people=concerned, kind="approvals.overridden", text=text, link=_link(request), by=by, at=at)
    return override


def end_overrides(*, by: Actor, at: datetime) -> list[UUID]:
    """End every override whose time is over, and ask for its review. Return those ended."""
    over = Override.objects.filter(ends_at__lte=at, ended_at=None).order_by("pk").values_list("pk", "request_id")
    ended: list[UUID] = []
    each_row("end_overrides", over, lambda row: _end_one(*row, ended, by=by, at=at))
    return ended


@transaction.atomic
def _end_one(override_id: UUID, request_id: UUID, ended: list[UUID], *, by: Actor, at: datetime) -> bool:
    request = lock_request(request_id)
    override = Override.objects.select_for_update().get(pk=override_id)
    if override.ended_at is not None:
        return False
    _end(override, request, by=by, at=at)
    ended.append(override_id)
    return True


def _end_early(request: Request, *, by: Actor, at: datetime) -> None:
    """End what holds by an override, because the request came to a decision or was sent anew."""
    for override in Override.objects.select_for_update().filter(request=request, ends_at__gt=at, ended_at=None):
        override.ends_at = max(at, override.starts_at or at)
        override.save(update_fields=["ends_at"])
        _end(override, request, by=by, at=at)


def _end(override: Override, request: Request, *, by: Actor, at: datetime) -> None:
    override.ended_at = at
    override.save(update_fields=["ended_at"])
    _overridable(request).on_override_ended(request.subject_id, by=by, at=at)
    _record(EventKind.OVERRIDE_ENDED, override, by=by, at=at)
    reviewers = {each.id for each in who_may(REVIEW, request.unit.path)} - taking_part(override)
    text = f"An override of request {request.number} is over and waits for its review."
    notify(people=reviewers, kind="approvals.override_to_review", text=text, link="/overrides/", by=by, at=at)


@transaction.atomic
def review_override(*, override_id: UUID, verdict: OverrideVerdict, finding: str, by: Actor, at: datetime) -> Override:
    """Say afterwards whether an override was right.

    Raises:
        NotFound: no such override, or a request the person may not read.
        NotAllowed: the permission; anybody who took part.
        Conflict: not over yet, or reviewed already.
        Invalid: no finding, or one that is too long.
    """
    override = _locked(override_id, by, at)
    authorize(by, REVIEW, override.request.unit.path)
    _require_text(finding, "finding")
    _demand(may_review(state=state_of(override, at=at), apart=taking_part(override), person=person_of(by)))
    override.verdict, override.finding = OverrideVerdict(verdict), finding.strip()
    override.reviewed_by_id, override.reviewed_at = person_of(by), at
    override.save(update_fields=["verdict", "finding", "reviewed_by", "reviewed_at"])
    _record(EventKind.OVERRIDE_REVIEWED, override, by=by, at=at, verdict=override.verdict)
    two = [person for person in (override.asked_by_id, override.confirmed_by_id) if person]
    text = f"The override of request {override.request.number} was reviewed."
    notify(people=two, kind="approvals.override_reviewed", text=text, link=_link(override.request), by=by, at=at)
    return override


def _readable(request_id: UUID, by: Actor, at: datetime) -> Request:
    request = lock_request(request_id)
    require_readable(request, person_of(by), at=at)
    return request


def _locked(override_id: UUID, by: Actor, at: datetime) -> Override:
    found = Override.objects.filter(pk=override_id).first()
    if found is None:
        raise NotFound("override_not_found", "There is no such override.")
    request = _readable(found.request_id, by, at)
    override = Override.objects.select_for_update().get(pk=override_id)
    override.request = request
    return override


def _require_may(request: Request, person: UUID, at: datetime) -> None:
    authors = authors_of(request)
    apart = may_take_part(request.requester_id, authors, person, close_to(request, authors, at=at))
    before = Override.objects.filter(revision=latest_revision(request)).exclude(confirmed_by=None).exists()
    _demand(may_override(state=RequestState(request.state), apart=apart, overridden_before=before))
    _overridable(request)


def _overridable(request: Request) -> Overridable:
    subject = subject_of(request.subject_kind)
    if not isinstance(subject, Overridable):
        raise Conflict("not_overridable", "Nothing of this request can be let through for a day.")
    return subject


def _demand(verdict: Verdict) -> None:
    require(verdict, Conflict if isinstance(verdict, Denied) and verdict.code in MOVED else NotAllowed)


def _require_text(text: str, field: str) -> None:
    if says_nothing(text):
        raise Invalid(f"{field}_missing", "Say why: it is reviewed afterwards.", field=field)
    if len(text) > LONGEST_COMMENT:
        raise Invalid(f"{field}_too_long", f"At most {LONGEST_COMMENT} characters.", field=field)


def _asked(request: Request) -> set[UUID]:
    """Return who is asked to decide the request as it stands."""
    named = latest_revision(request).stages.values_list("slots__candidates__person_id", flat=True)
    return {person for person in named if person}


def _link(request: Request) -> str:
    return f"/inbox/{request.pk}/"


def _record(kind: EventKind, override: Override, *, by: Actor, at: datetime, **detail: Any) -> None:
    request = override.request
    named = {"override": str(override.pk), "revision": str(override.revision_id), **detail}
    record(kind, subject=f"request:{request.pk}", by=by, at=at, unit_path=request.unit.path, **named)
