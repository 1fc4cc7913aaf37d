"""A remit is sent: hashed, checked, then decided at once by a pattern or asked of people. The sandbox opens meanwhile."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from governance.approvals.locks import person_of
from governance.approvals.rules import REVISABLE
from governance.approvals.selectors import request_of
from governance.approvals.services import open_request, revise
from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.core.canonical import digest
from governance.core.errors import Conflict, Invalid
from governance.core.revisions import require_fresh
from governance.core.verdict import require
from governance.initiatives.rules import InitiativeState
from governance.initiatives.services import move_initiative
from governance.organisation.selectors import authorize
from governance.remits.body import RemitBody, parse_body
from governance.remits.locks import lock_remit, told
from governance.remits.models import Pattern, Remit
from governance.remits.rules import RemitState, may_ask, may_submit
from governance.remits.selectors.patterns import PatternBook
from governance.remits.selectors.promises import is_trusted
from governance.remits.selectors.world import Named, named_in
from governance.remits.services.activation import decide_by_pattern
from governance.remits.services.allocations import enter_rounds
from governance.remits.services.granting import _lay_grants
from governance.remits.services.overlaps import look_for_overlaps
from governance.remits.services.sandbox import Sandbox, open_sandbox


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a submission: people are asked (`request_id`), or `pattern` decided it at once.

    `sandbox` holds the secret of the sandbox key, told this once; None when the initiative has had its sandbox.
    """

    remit: Remit
    request_id: UUID | None
    pattern: Pattern | None
    sandbox: Sandbox | None


@transaction.atomic
def submit(*, remit_id: UUID, revision: int, by: Actor, at: datetime) -> Outcome:
    """Send a draft as it stands. From here on its digest is what people decide on and the gateway enforces.

    Raises:
        NotFound, NotAllowed: the remit, the permission, or a practice that nobody can approve.
        Invalid: what is missing or out of bounds, by field.
        Conflict: a stale form, a version sent already, terms or data that moved.
    """
    remit = lock_remit(remit_id)
    unit = remit.initiative.accountable_unit
    authorize(by, "remits:remit:submit", unit.path)
    require(may_submit(RemitState(remit.state)), Conflict)
    require_fresh(held=remit.revision, seen=revision)
    body = parse_body(remit.body)
    if body.unit != unit.ref:
        raise Invalid("unit_moved", f"The accountable unit is {unit.name}.", field="unit", remedy="Save it again.")
    named = named_in(body, unit, at=at)
    require(may_ask(body, named.world), Conflict)
    _seal(remit, body, named, at)
    record(EventKind.REMIT_SUBMITTED, by=by, at=at, grants=len(body.grants), **told(remit))
    if remit.initiative.state == InitiativeState.IDEA:
        move_initiative(initiative_id=remit.initiative_id, to=InitiativeState.PROPOSED, by=by, at=at)
        remit.initiative.refresh_from_db(fields=["state"])
    look_for_overlaps(initiative_id=remit.initiative_id, by=by, at=at)
    enter_rounds(remit_id=remit.pk, by=by, at=at)
    sandbox = open_sandbox(remit=remit, body=body, by=by, at=at)
    return _decide(remit, body, named, sandbox, by=by, at=at)


def _seal(remit: Remit, body: RemitBody, named: Named, at: datetime) -> None:
    remit.body = body.to_json()
    remit.digest, remit.state, remit.submitted_at = digest(remit.body), RemitState.SUBMITTED, at
    remit.revision += 1
    remit.ends_at = _lay_grants(remit, body, named)
    remit.save(update_fields=["body", "digest", "state", "submitted_at", "revision", "ends_at"])


def _decide(
    remit: Remit, body: RemitBody, named: Named, sandbox: Sandbox | None, *, by: Actor, at: datetime
) -> Outcome:
    asked = request_of("remit", remit.pk)
    if asked and asked.state in REVISABLE:
        # People have looked at it already: from then on people decide, whatever the pattern would say now.
        return Outcome(remit, revise(request_id=asked.id, by=by, at=at).pk, None, sandbox)
    coverage = PatternBook(at=at).coverage(body, named.world, person_of(by))
    if coverage.verdict and coverage.pattern and is_trusted(remit.initiative_id, body.oversight):
        decided = decide_by_pattern(remit=remit, pattern=coverage.pattern, by=by, at=at)
        return Outcome(decided, None, coverage.pattern, sandbox)
    request = open_request(subject_kind="remit", subject_id=remit.pk, by=by, at=at)
    return Outcome(remit, request.pk, None, sandbox)
