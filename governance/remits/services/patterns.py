"""Patterns: proposed, approved by people like any request, looked at afterwards, retired."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from governance.approvals.locks import hold_subject, person_of
from governance.approvals.selectors import request_of
from governance.approvals.services import open_request, revise
from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.core.canonical import digest
from governance.core.errors import Conflict, Invalid, NotAllowed, NotFound
from governance.core.verdict import require
from governance.core.wording import says_nothing
from governance.organisation.selectors import authorize, unit
from governance.remits.locks import told_pattern
from governance.remits.models import Pattern, Sample
from governance.remits.patterns import parse_pattern
from governance.remits.rules import PatternState, SampleOutcome, may_move_pattern
from governance.remits.selectors.patterns import deciders_of
from governance.remits.selectors.world import named_in_pattern

LONGEST_NAME, LONGEST_COMMENT = 80, 4000


@transaction.atomic
def propose_pattern(
    *,
    name: str,
    body: Mapping[str, Any],
    owner_unit_id: UUID,
    ends_at: datetime,
    sampling_rate: float,
    by: Actor,
    at: datetime,
    sandbox: bool = False,
) -> Pattern:
    """Ask for a pattern to be approved. The same name again is its next version.

    Raises:
        NotAllowed: the permission.
        Invalid: names the field of the body at fault, or an end or a rate out of bounds.
    """
    owner = unit(owner_unit_id)
    authorize(by, "remits:pattern:propose", owner.path)
    hold_subject("pattern_name", name)
    _check(name, ends_at, sampling_rate, at)
    bounds = parse_pattern(body, sandbox=sandbox)
    named_in_pattern(bounds, owner, at=at)
    written = bounds.to_json()
    newest = Pattern.objects.filter(name=name).order_by("-version").first()
    pattern = Pattern.objects.create(
        name=name,
        version=newest.version + 1 if newest else 1,
        body=written,
        digest=digest(written),
        state=PatternState.SUBMITTED,
        sandbox=sandbox,
        sampling_rate=sampling_rate,
        owner_unit=owner,
        made_by_id=person_of(by),
        made_at=at,
        ends_at=ends_at,
    )
    record(EventKind.PATTERN_PROPOSED, by=by, at=at, sampling_rate=str(sampling_rate), **told_pattern(pattern))
    open_request(subject_kind="pattern", subject_id=pattern.pk, by=by, at=at)
    return pattern


def _check(name: str, ends_at: datetime, sampling_rate: float, at: datetime) -> None:
    if says_nothing(name) or len(name) > LONGEST_NAME:
        raise Invalid("bad_name", f"Give the pattern a name of at most {LONGEST_NAME} characters.", field="name")
    if ends_at <= at:
        raise Invalid("ends_in_the_past", "A pattern ends in the future.", field="ends_at")
    if not 0 <= sampling_rate <= 1:
        raise Invalid("bad_rate", "The sampling rate is a share from 0 to 1.", field="sampling_rate")


@transaction.atomic
def revise_pattern(*, pattern_id: UUID, body: Mapping[str, Any], by: Actor, at: datetime) -> Pattern:
    """Send a pattern again after changes were requested.

    Raises:
        NotFound, NotAllowed: the pattern, the permission.
        Conflict: when it is not open for changes.
    """
    pattern = _locked(pattern_id)
    authorize(by, "remits:pattern:propose", pattern.owner_unit.path)
    asked = request_of("pattern", pattern.pk)
    if pattern.state != PatternState.DRAFT or asked is None:
        raise Conflict("not_open_for_changes", f"The pattern is {pattern.state}.")
    bounds = parse_pattern(body, sandbox=pattern.sandbox)
    named_in_pattern(bounds, pattern.owner_unit, at=at)
    pattern.body, pattern.state, pattern.made_by_id = bounds.to_json(), PatternState.SUBMITTED, person_of(by)
    pattern.digest = digest(pattern.body)
    pattern.save(update_fields=["body", "state", "digest", "made_by"])
    record(EventKind.PATTERN_PROPOSED, by=by, at=at, **told_pattern(pattern))
    revise(request_id=asked.id, by=by, at=at)
    return pattern


@transaction.atomic
def approve_pattern(*, pattern_id: UUID, by: Actor, at: datetime) -> Pattern:
    """Put a pattern in force; the version before it retires in the same moment."""
    pattern = _locked(pattern_id)
    for before in Pattern.objects.filter(name=pattern.name, state=PatternState.APPROVED).select_related("owner_unit"):
        _move(before, PatternState.RETIRED)
        record(EventKind.PATTERN_RETIRED, by=by, at=at, **told_pattern(before))
    _move(pattern, PatternState.APPROVED)
    record(EventKind.PATTERN_APPROVED, by=by, at=at, **told_pattern(pattern))
    return pattern


@transaction.atomic
def reject_pattern(*, pattern_id: UUID, by: Actor, at: datetime) -> Pattern:
    """Close a pattern that was refused or taken back."""
    pattern = _locked(pattern_id)
    _move(pattern, PatternState.REJECTED)
    record(EventKind.PATTERN_REJECTED, by=by, at=at, **told_pattern(pattern))
    return pattern


@transaction.atomic
def return_pattern(*, pattern_id: UUID, by: Actor, at: datetime) -> Pattern:
    """Open a pattern for editing: changes were requested, or what it names has moved."""
    pattern = _locked(pattern_id)
    _move(pattern, PatternState.DRAFT)
    record(EventKind.PATTERN_RETURNED, by=by, at=at, **told_pattern(pattern))
    return pattern


@transaction.atomic
def retire_pattern(*, pattern_id: UUID, by: Actor, at: datetime) -> Pattern:
    """End a pattern now: it decides nothing more. What it decided stays as it is.

    Raises:
        NotFound, NotAllowed: the pattern, the permission.
        Conflict: when it is not in force.
    """
    pattern = _locked(pattern_id)
    authorize(by, "remits:pattern:propose", pattern.owner_unit.path)
    _move(pattern, PatternState.RETIRED)
    record(EventKind.PATTERN_RETIRED, by=by, at=at, **told_pattern(pattern))
    return pattern


@transaction.atomic
def review_sample(*, sample_id: UUID, outcome: SampleOutcome, comment: str, by: Actor, at: datetime) -> Sample:
    """Say whether a remit that a pattern decided was fine.

    Raises:
        NotFound: no such sample.
        NotAllowed: the permission, or one's own request or pattern.
        Conflict: when somebody was first.
        Invalid: a concern without a word about it.
    """
    sample = Sample.objects.select_for_update(of=("self",)).select_related("pattern__owner_unit").filter(pk=sample_id)
    found = sample.select_related("remit__initiative__accountable_unit", "pattern__owner_unit").first()
    if found is None:
        raise NotFound("sample_not_found", "There is no such sample.")
    authorize(by, "remits:pattern:review_sample", found.remit.initiative.accountable_unit.path)
    reviewer = person_of(by)
    if reviewer == found.remit.drafted_by_id or reviewer in deciders_of(found.pattern):
        raise NotAllowed("own_sample", "You asked for this or approved its pattern; somebody else looks at it.")
    if found.outcome is not None:
        raise Conflict("reviewed_already", "Somebody has looked at this sample already.")
    if (outcome == SampleOutcome.CONCERN and says_nothing(comment)) or len(comment) > LONGEST_COMMENT:
        raise Invalid(
            "reason_missing", f"Say what concerns you, in at most {LONGEST_COMMENT} characters.", field="comment"
        )
    found.outcome, found.reviewed_by_id, found.reviewed_at, found.comment = outcome, reviewer, at, comment.strip()
    found.save(update_fields=["outcome", "reviewed_by", "reviewed_at", "comment"])
    record(EventKind.SAMPLE_REVIEWED, by=by, at=at, outcome=str(outcome), **told_pattern(found.pattern))
    return found


def _move(pattern: Pattern, state: PatternState) -> None:
    require(may_move_pattern(PatternState(pattern.state), state), Conflict)
    pattern.state = state
    pattern.save(update_fields=["state"])


def _locked(pattern_id: UUID) -> Pattern:
    hold_subject("pattern", pattern_id)
    locked = Pattern.objects.select_for_update(of=("self",)).select_related("owner_unit")
    pattern = locked.filter(pk=pattern_id).first()
    if pattern is None:
        raise NotFound("pattern_not_found", "There is no such pattern.")
    return pattern
