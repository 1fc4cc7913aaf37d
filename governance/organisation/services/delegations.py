"""Somebody goes away and lets another decide in their place."""

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.core.errors import Conflict, Invalid, NotAllowed, NotFound
from governance.core.verdict import require
from governance.core.wording import says_nothing
from governance.organisation.away import overlapping, possible_deputies
from governance.organisation.delegation import LONGEST_REASON, HandedOn, Scope, may_hand_on, would_loop
from governance.organisation.models import Delegation
from governance.organisation.permissions import EVERYWHERE
from governance.organisation.roles import Role
from governance.organisation.selectors import authorize, unit
from governance.work.consequences import follow

PERMISSION = "organisation:delegation:make"


@transaction.atomic
def delegate(
    *,
    deputy_id: UUID,
    starts_at: datetime,
    ends_at: datetime,
    reason: str,
    role: Role | None = None,
    unit_id: UUID | None = None,
    subject_kind: str = "",
    by: Actor,
    at: datetime,
) -> Delegation:
    """Let `deputy_id` decide for the actor over [starts_at, ends_at): all of it, or one role, subtree or subject kind.

    Nobody hands on for somebody else. What the deputy may do is looked up at each decision, so it ends with the role.

    Raises:
        NotAllowed: "not_permitted"; "cannot_decide" for a deputy who decides no requests themselves.
        Invalid: the window, the scope or the reason.
        Conflict: "delegation_loop", when it would lead back to the giver.
        NotFound: "no_such_unit".
    """
    authorize(by, PERMISSION, None)
    if by.person is None:
        raise NotAllowed("no_person", "Only a person can do this.")
    path = unit(unit_id).path if unit_id else EVERYWHERE
    wanted = HandedOn(by.person, deputy_id, Scope(role, path, subject_kind))
    require(may_hand_on(wanted=wanted, starts_at=starts_at, ends_at=ends_at, at=at), Invalid)
    _require_reason(reason)
    # One at a time: two people who hand on to each other at the same moment would close a loop unseen.
    _hold_delegations()
    if deputy_id not in {person for person, _ in possible_deputies(by.person, at=at)}:
        raise NotAllowed("cannot_decide", "That person decides no requests.", remedy="Choose somebody who does.")
    if would_loop(wanted, overlapping(starts_at, ends_at)):
        raise Conflict("delegation_loop", "That person hands on to you.", remedy="Choose somebody who is there.")
    made = Delegation.objects.create(
        giver_id=by.person,
        deputy_id=deputy_id,
        role=role or "",
        unit_id=unit_id,
        subject_kind=subject_kind,
        reason=reason.strip(),
        starts_at=starts_at,
        ends_at=ends_at,
        made_at=at,
    )
    _record(EventKind.DELEGATED, made, by=by, at=at)
    follow("organisation.delegated", delegation_id=made.pk, by=by, at=at)
    return made


@transaction.atomic
def end_delegation(*, delegation_id: UUID, by: Actor, at: datetime) -> Delegation:
    """Take a delegation back, from `at` on. The giver can, and the deputy can lay it down.

    Raises:
        NotFound: "no_such_delegation", for anybody else too.
        Conflict: "over" when it has ended already.
    """
    found = Delegation.objects.select_for_update().filter(pk=delegation_id).first()
    if found is None or by.person not in {found.giver_id, found.deputy_id}:
        raise NotFound("no_such_delegation", "There is no such delegation.")
    if found.ended_at is not None or found.ends_at <= at:
        raise Conflict("over", "This delegation is over.")
    found.ended_at = at
    found.save(update_fields=["ended_at"])
    _record(EventKind.DELEGATION_ENDED, found, by=by, at=at)
    return found


def _require_reason(reason: str) -> None:
    if says_nothing(reason):
        raise Invalid("reason_missing", "Say why, for example: on leave.", field="reason")
    if len(reason) > LONGEST_REASON:
        raise Invalid("reason_too_long", f"A reason has at most {LONGEST_REASON} characters.", field="reason")


def _hold_delegations() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('organisation:delegations', 0))")


def _record(kind: EventKind, row: Delegation, *, by: Actor, at: datetime) -> None:
    # The reason stays out of the log: an illness is nobody's business there.
    record(
        kind,
        subject=f"delegation:{row.pk}",
        by=by,
        at=at,
        giver=str(row.giver_id),
        deputy=str(row.deputy_id),
        role=row.role,
        unit=str(row.unit_id or ""),
        subject_kind=row.subject_kind,
        starts_at=row.starts_at.isoformat(),
        ends_at=row.ends_at.isoformat(),
    )
