"""The sandbox every initiative gets at its first submission: an ordinary remit, decided by a pattern made beforehand."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from governance.approvals.locks import person_of
from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.core.canonical import digest
from governance.core.errors import Invalid
from governance.core.verdict import Allowed, Denied, Verdict
from governance.organisation.services import make_key
from governance.remits.body import RemitBody
from governance.remits.locks import told
from governance.remits.models import Pattern, Remit
from governance.remits.patterns import PatternBody, parse_pattern, sandbox_body
from governance.remits.rules import RemitState, covers, may_ask, may_use_pattern
from governance.remits.selectors.patterns import deciders_of, patterns_in_force
from governance.remits.selectors.world import Named, named_in_pattern
from governance.remits.services.activation import decide_by_pattern
from governance.remits.services.granting import _lay_grants


@dataclass(frozen=True, slots=True)
class Sandbox:
    """`secret` is the text of the key, told this once and kept nowhere; "" when none was made, for `reason`."""

    secret: str
    ends_at: datetime | None
    reason: str


@transaction.atomic
def open_sandbox(*, remit: Remit, body: RemitBody, by: Actor, at: datetime) -> Sandbox | None:
    """Open the sandbox of the initiative that `remit` is submitted for; None when it has had one.

    A sandbox that cannot be opened (no pattern in force, its terms moved) does not hold up the submission: the reason is
    recorded and told.
    """
    if Remit.objects.filter(initiative=remit.initiative, sandbox=True).exists():
        return None
    pattern = next(iter(patterns_in_force(at=at, sandbox=True)), None)
    if pattern is None:
        return _not_opened(remit, Denied("no_sandbox_pattern", "No sandbox pattern is in force."), by, at)
    bounds = parse_pattern(pattern.body, sandbox=True)
    try:
        named = named_in_pattern(bounds, remit.initiative.accountable_unit, at=at)
    except Invalid as unknown:
        return _not_opened(remit, Denied(unknown.code, unknown.reason), by, at)
    within = sandbox_body(bounds, body, named.world.on)
    verdict = _may_open(pattern, bounds, within, named, by)
    if isinstance(verdict, Denied):
        return _not_opened(remit, verdict, by, at)
    opened = _open(remit, within, pattern, named, by=by, at=at)
    ends_at = opened.ends_at or at
    title = f"Sandbox of {remit.initiative.title}"
    _, secret = make_key(title=title, scope=f"initiative:{remit.initiative_id}", expires_at=ends_at, by=by, at=at)
    record(EventKind.SANDBOX_OPENED, by=by, at=at, **told(opened))
    return Sandbox(secret, ends_at, "")


def _may_open(pattern: Pattern, bounds: PatternBody, body: RemitBody, named: Named, by: Actor) -> Verdict:
    verdicts = (
        may_use_pattern(person_of(by), deciders_of(pattern)),
        may_ask(body, named.world),
        covers(bounds, body, named.world),
    )
    return next((verdict for verdict in verdicts if isinstance(verdict, Denied)), Allowed())


def _not_opened(remit: Remit, verdict: Denied, by: Actor, at: datetime) -> Sandbox:
    record(EventKind.SANDBOX_NOT_OPENED, by=by, at=at, code=verdict.code, **told(remit))
    return Sandbox("", None, verdict.reason)


def _open(remit: Remit, body: RemitBody, pattern: Pattern, named: Named, *, by: Actor, at: datetime) -> Remit:
    written = body.to_json()
    sandbox = Remit.objects.create(
        initiative=remit.initiative,
        version=1,
        body=written,
        digest=digest(written),
        state=RemitState.SUBMITTED,
        sandbox=True,
        drafted_by_id=person_of(by),
        drafted_at=at,
        submitted_at=at,
    )
    sandbox.ends_at = _lay_grants(sandbox, body, named)
    sandbox.save(update_fields=["ends_at"])
    record(EventKind.REMIT_SUBMITTED, by=by, at=at, grants=len(body.grants), **told(sandbox))
    return decide_by_pattern(remit=sandbox, pattern=pattern, by=by, at=at)
