"""How rights end: at their date, by revocation, or because what they were decided on has changed."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.core.errors import Conflict, Invalid, NotAllowed, NotFound
from governance.core.verdict import require
from governance.core.wording import says_nothing
from governance.destinations.models import Terms
from governance.notices.services import notify
from governance.organisation.selectors import authorize
from governance.remits.locks import lock_remit, told, told_grant
from governance.remits.models import Grant, Remit
from governance.remits.rules import (
    LIVE_GRANT,
    OVERSIGHT_SHORT,
    GrantState,
    RemitState,
    is_worse,
    may_move_remit,
    states_before,
)
from governance.remits.selectors.grants import terms_facts
from governance.remits.selectors.recertifications import owners_of
from governance.work.batches import each_row

LONGEST_REASON = 4000
SUSPENDED = {  # why grants rest -> what their owners are told
    "terms_changed": "The terms of a destination became worse, so a right of yours rests. Ask again on the new terms.",
    "classification_raised": "Data you use is classified higher now, so a right of yours rests. Ask again.",
}


@transaction.atomic
def revoke_remit(*, remit_id: UUID, reason: str, by: Actor, at: datetime) -> Remit:
    """End a remit in force and all its grants now. The gateway refuses from the commit on.

    Raises:
        NotFound, NotAllowed: the remit, the permission.
        Conflict: when it is not in force.
        Invalid: no reason.
    """
    remit = lock_remit(remit_id)
    authorize(by, "remits:remit:revoke", remit.initiative.accountable_unit.path)
    _require_reason(reason)
    require(may_move_remit(RemitState(remit.state), RemitState.REVOKED), Conflict)
    remit.state = RemitState.REVOKED
    remit.save(update_fields=["state"])
    ended = _grants(remit=remit)
    _end(ended, GrantState.REVOKED)
    record(EventKind.REMIT_REVOKED, by=by, at=at, grants=len(ended), reason_characters=len(reason), **told(remit))
    return remit


@transaction.atomic
def revoke_grant(*, grant_id: UUID, reason: str, by: Actor, at: datetime) -> Grant:
    """End one grant now. Whoever may on the initiative's unit can, and the dataset's steward.

    Raises:
        NotFound, NotAllowed: the grant, the permission.
        Conflict: when it has ended already.
        Invalid: no reason.
    """
    found = next(iter(_grants(states=GrantState, pk=grant_id)), None)
    if found is None:
        raise NotFound("grant_not_found", "There is no such grant.")
    _authorize_grant(by, found)
    _require_reason(reason)
    if found.state not in states_before(GrantState.REVOKED):
        raise Conflict("not_in_force", f"The grant is {found.state}.")
    _end([found], GrantState.REVOKED)
    record(EventKind.GRANT_REVOKED, by=by, at=at, reason_characters=len(reason), **told_grant(found))
    return found


def _authorize_grant(by: Actor, grant: Grant) -> None:
    try:
        authorize(by, "remits:grant:revoke", grant.initiative.accountable_unit.path)
    except NotAllowed:
        authorize(by, "remits:grant:revoke", grant.dataset.steward_unit.path)


def _require_reason(reason: str) -> None:
    if says_nothing(reason) or len(reason) > LONGEST_REASON:
        raise Invalid("reason_missing", f"Say why, in at most {LONGEST_REASON} characters.", field="reason")


def expire_grants(*, by: Actor, at: datetime) -> int:
    """Close the grants whose last day is over, and the remits of which nothing is left; return how many grants.

    The gateway looks at the end itself, so that a clock that stands still lets nothing through.
    """
    live = Grant.objects.filter(remit=OuterRef("pk"), state__in=LIVE_GRANT)
    finished = Q(~Exists(live), state=RemitState.APPROVED, ends_at__lte=at)
    due = Remit.objects.filter(Q(Exists(live.filter(ends_at__lte=at))) | finished).order_by("pk")
    found = list(due.values_list("pk", flat=True))
    return each_row("expire_grants", found, lambda remit_id: _expire(remit_id, by=by, at=at))


@transaction.atomic
def _expire(remit_id: UUID, *, by: Actor, at: datetime) -> int:
    remit = lock_remit(remit_id)
    over = _grants(remit_id=remit_id, ends_at__lte=at)
    _end(over, GrantState.EXPIRED)
    for grant in over:
        record(EventKind.GRANT_EXPIRED, by=by, at=at, ends_at=grant.ends_at.isoformat(), **told_grant(grant))
    is_over = remit.state == RemitState.APPROVED and remit.ends_at is not None and remit.ends_at <= at
    if is_over and not Grant.objects.filter(remit=remit, state__in=LIVE_GRANT).exists():
        remit.state = RemitState.EXPIRED
        remit.save(update_fields=["state"])
        record(EventKind.REMIT_EXPIRED, by=by, at=at, **told(remit))
    return len(over)


@transaction.atomic
def reopen_for_terms(*, destination_id: UUID, terms_id: UUID, by: Actor, at: datetime) -> int:
    """Suspend exactly the grants toward a destination whose new terms promise less than those decided on.

    Returns how many. Better terms touch nothing. A new version of each remit, on the new terms, brings them back.
    """
    new = terms_facts(Terms.objects.get(pk=terms_id))
    dependent = _may_rest(destination_id=destination_id)
    return _suspend([g for g in dependent if is_worse(terms_facts(g.terms), new)], "terms_changed", by=by, at=at)


@transaction.atomic
def follow_classification(*, dataset_id: UUID, by: Actor, at: datetime) -> int:
    """Suspend the grants on a dataset that is classified higher now than when they were decided; return how many."""
    dependent = _may_rest(dataset_id=dataset_id)
    return _suspend(dependent, "classification_raised", by=by, at=at)


@transaction.atomic
def follow_retirement(*, dataset_id: UUID, by: Actor, at: datetime) -> int:
    """Revoke the grants on a dataset that was retired; return how many."""
    ended = _grants(dataset_id=dataset_id)
    _end(ended, GrantState.REVOKED)
    for grant in ended:
        record(EventKind.GRANT_REVOKED, by=by, at=at, because="dataset_retired", **told_grant(grant))
    return len(ended)


def _suspend(grants: list[Grant], because: str, *, by: Actor, at: datetime) -> int:
    _end(grants, GrantState.SUSPENDED)
    for grant in grants:
        grant.rests_because = [*grant.rests_because, because]
        grant.save(update_fields=["rests_because"])
        record(EventKind.GRANT_SUSPENDED, by=by, at=at, because=because, **told_grant(grant))
    for grant in {grant.initiative_id: grant for grant in grants}.values():
        people, link = {person.pk for person in owners_of(grant, at=at)}, f"/initiatives/{grant.initiative.code}/"
        notify(people=people, kind="remits.grant_suspended", text=SUSPENDED[because], link=link, by=by, at=at)
    return len(grants)


def _may_rest(**wanted: object) -> list[Grant]:
    """Return the grants that can be used, and those at rest for want of oversight: what moved meanwhile holds them back as well."""
    usable = states_before(GrantState.SUSPENDED)
    found = _grants(states={*usable, GrantState.SUSPENDED}, **wanted)
    return [grant for grant in found if grant.state in usable or OVERSIGHT_SHORT in grant.rests_because]


def _grants(*, states: Iterable[GrantState] = LIVE_GRANT, **wanted: object) -> list[Grant]:
    """Return grants with their rows locked, in the order of their ids so that nobody waits in a circle."""
    locked = Grant.objects.select_for_update(of=("self",)).filter(state__in=list(states), **wanted)
    related = ("initiative__accountable_unit", "dataset__steward_unit", "terms", "remit__drafted_by")
    return list(locked.select_related(*related).order_by("pk"))


def _end(grants: list[Grant], state: GrantState) -> None:
    Grant.objects.filter(pk__in=[grant.pk for grant in grants]).update(state=state)
    for grant in grants:
        grant.state = state
