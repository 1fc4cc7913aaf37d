"""Rulesets and which of them is enforced, holds, and mistakes of detectors."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.core.canonical import digest
from governance.core.errors import Conflict, Invalid, NotFound, Unavailable
from governance.core.verdict import require
from governance.detection.default_policy import DEFAULT_POLICY
from governance.detection.policy import Policy
from governance.detection.ruleset import DEFAULT_RULESET
from governance.detection.ruleset import Ruleset as Detectors
from governance.organisation.selectors import authorize
from governance.scanning.models import Finding, Hold, MistakeReport, Ruleset, Suppression
from governance.scanning.rules import (
    HOLD_LIFE,
    MISTAKE_ANSWERED_WITHIN,
    RELEASES_NEEDED,
    HoldAct,
    HoldState,
    RulesetMode,
    is_held,
    may_act_on_hold,
    may_answer_mistake,
    reason_fault,
    suppression_fault,
)


@transaction.atomic
def make_ruleset(*, detection: dict[str, Any], policy: dict[str, Any], by: Actor, at: datetime) -> Ruleset:
    """Keep a new version of detectors and policy. It is not enforced yet; the same content gives the version there is.

    Raises:
        Invalid: when either part is malformed.
    """
    detectors = Detectors.of(detection)
    Policy.of(policy)
    body = {"detection": detection, "policy": policy}
    known = Ruleset.objects.filter(digest=digest(body)).first()
    if known:
        return known
    last = Ruleset.objects.order_by("-version").first()
    made = Ruleset.objects.create(
        version=last.version + 1 if last else 1,
        body=body,
        digest=digest(body),
        detectors=detectors.digest,
        made_at=at,
        made_by=by.name,
    )
    record(EventKind.RULESET_MADE, subject=f"ruleset:{made.pk}", by=by, at=at, version=made.version, digest=made.digest)
    return made


@transaction.atomic
def activate_ruleset(*, ruleset_id: UUID, by: Actor, at: datetime) -> Ruleset:
    """Enforce a ruleset from now on; the one before it is retired."""
    rulesets = {row.pk: row for row in Ruleset.objects.select_for_update().order_by("version")}
    chosen = rulesets.get(ruleset_id)
    if chosen is None:
        raise NotFound("no_such_ruleset", "There is no such ruleset.")
    for row in rulesets.values():
        if row.mode == RulesetMode.ENFORCE and row.pk != chosen.pk:
            row.mode = RulesetMode.RETIRED
            row.save(update_fields=["mode"])
    chosen.mode, chosen.enforced_at, chosen.enforced_by = RulesetMode.ENFORCE, at, by.name
    chosen.save(update_fields=["mode", "enforced_at", "enforced_by"])
    record(EventKind.RULESET_ENFORCED, subject=f"ruleset:{chosen.pk}", by=by, at=at, digest=chosen.digest)
    return chosen


@transaction.atomic
def name_fingerprints(*, detector: str, option: str, entry: dict[str, str], by: Actor, at: datetime) -> Ruleset:
    """Enforce the ruleset in force with one register, set of rows or exam more, or renewed: `entry` replaces one of the same id.

    Raises:
        Unavailable: `ruleset_missing`, before the installation has one.
    """
    row, others = _without(detector, option, entry["id"])
    entries = sorted([*others, entry], key=lambda each: str(each["id"]))
    return _enforce_with(row, detector, {option: entries}, by=by, at=at)


@transaction.atomic
def forget_fingerprints(*, detector: str, option: str, name: str, by: Actor, at: datetime) -> Ruleset:
    """Enforce the ruleset in force without the register, set of rows or exam called `name`. Raises as `name_fingerprints`."""
    row, others = _without(detector, option, name)
    return _enforce_with(row, detector, {option: others}, by=by, at=at)


def _without(detector: str, option: str, name: str) -> tuple[Ruleset, list[dict[str, str]]]:
    """Return the ruleset in force, locked, and its entries but the one called `name`."""
    row = Ruleset.objects.select_for_update().filter(mode=RulesetMode.ENFORCE).first()
    if row is None:
        raise Unavailable("ruleset_missing", "No ruleset is in force.")
    entries = row.body["detection"]["detectors"].get(detector, {}).get(option, [])
    return row, [each for each in entries if each["id"] != name]


def _enforce_with(row: Ruleset, detector: str, options: dict[str, Any], *, by: Actor, at: datetime) -> Ruleset:
    changed = Detectors.of(row.body["detection"]).with_options(detector, **options)
    made = make_ruleset(detection=dict(changed.document), policy=row.body["policy"], by=by, at=at)
    return activate_ruleset(ruleset_id=made.pk, by=by, at=at)


def ensure_default(*, by: Actor, at: datetime) -> Ruleset:
    """Return the ruleset in force; enforce the built-in one when there is none. For the installation."""
    with transaction.atomic():
        enforced = Ruleset.objects.filter(mode=RulesetMode.ENFORCE).first()
        if enforced:
            return enforced
        made = make_ruleset(
            detection=dict(DEFAULT_RULESET.document), policy=dict(DEFAULT_POLICY.document), by=by, at=at
        )
        return activate_ruleset(ruleset_id=made.pk, by=by, at=at)


@transaction.atomic
def hold(*, subject: str, unit_id: UUID, digest: str, storage_ref: str, reason: str, by: Actor, at: datetime) -> Hold:
    """Hold something for two people. Its sealed content lies in storage already, under `storage_ref`."""
    held = Hold.objects.create(
        subject=subject,
        unit_id=unit_id,
        digest=digest,
        storage_ref=storage_ref,
        reason=reason,
        held_at=at,
        expires_at=at + HOLD_LIFE,
    )
    record(EventKind.HELD, subject=subject, by=by, at=at, unit_path=held.unit.path, hold=str(held.pk), reason=reason)
    return held


@transaction.atomic
def act_on_hold(*, subject: str, act: HoldAct, reason: str, sender: UUID | None, by: Actor, at: datetime) -> Hold:
    """Reveal, release or discard something held; `sender` is whoever sent it. Two people's releases release it.

    Raises:
        NotFound: `no_such_hold`.
        NotAllowed: `own_request`, `already_released`, `hold_over`.
        Invalid: `reason_too_short`.
    """
    held = Hold.objects.select_for_update(of=("self",)).select_related("unit").filter(subject=subject).first()
    if held is None or by.person is None:
        raise NotFound("no_such_hold", "There is no such hold.")
    if fault := reason_fault(reason):
        raise Invalid("reason_too_short", fault, field="reason")
    released_by = set(held.acts.filter(kind=HoldAct.RELEASE).values_list("person_id", flat=True))
    waits = is_held(state=held.state, expires_at=held.expires_at, at=at)
    require(may_act_on_hold(person=by.person, sender=sender, released_by=released_by, held=waits, act=act))
    held.acts.create(person_id=by.person, kind=act, reason=reason.strip(), at=at)
    if act is HoldAct.DISCARD:
        held.state = HoldState.DISCARDED
    elif act is HoldAct.RELEASE and len(released_by) + 1 >= RELEASES_NEEDED:
        held.state = HoldState.RELEASED
    held.save(update_fields=["state"])
    record(HOLD_EVENTS[act], subject=subject, by=by, at=at, unit_path=held.unit.path, state=str(held.state))
    return held


HOLD_EVENTS = {
    HoldAct.REVEAL: EventKind.HOLD_REVEALED,
    HoldAct.RELEASE: EventKind.HOLD_RELEASED,
    HoldAct.DISCARD: EventKind.HOLD_DISCARDED,
}


def report_mistake(*, finding_id: UUID, comment: str, by: Actor, at: datetime) -> MistakeReport:
    """Say that a finding is a mistake. An analyst answers within three days.

    Raises:
        Conflict: `already_reported`.
    """
    authorize(by, "scanning:mistake:report", None)
    finding = Finding.objects.select_related("scan__unit").filter(pk=finding_id).first()
    if finding is None or finding.scan.unit is None or by.person is None:
        raise NotFound("no_such_finding", "There is no such finding.")
    try:
        with transaction.atomic():
            report = MistakeReport.objects.create(
                finding=finding,
                reported_by_id=by.person,
                unit=finding.scan.unit,
                comment=comment,
                reported_at=at,
                due_at=at + MISTAKE_ANSWERED_WITHIN,
            )
            _record_mistake(EventKind.MISTAKE_REPORTED, report, finding, by=by, at=at)
            return report
    except IntegrityError as taken:
        raise Conflict("already_reported", "This finding is reported already and waits for an answer.") from taken


@transaction.atomic
def answer_mistake(
    *, report_id: UUID, suppress_until: datetime | None, answer: str, by: Actor, at: datetime
) -> MistakeReport:
    """Answer a report: with `suppress_until` the same value is let pass in that unit until then, owned by who answers.

    Raises:
        NotAllowed: `own_report`, `already_answered` or no permission.
        Invalid: `suppression_end`.
    """
    report = MistakeReport.objects.select_for_update().filter(pk=report_id).first()
    if report is None or by.person is None:
        raise NotFound("no_such_report", "There is no such report.")
    authorize(by, "scanning:mistake:answer", report.unit.path)
    answered = report.answered_at is not None
    require(may_answer_mistake(analyst=by.person, reported_by=report.reported_by_id, answered=answered))
    if suppress_until is not None:
        report.suppression = _suppress(report, until=suppress_until, reason=answer, owner=by.person, at=at)
    report.answered_by_id, report.answered_at, report.answer = by.person, at, answer
    report.save(update_fields=["answered_by", "answered_at", "answer", "suppression"])
    _record_mistake(EventKind.MISTAKE_ANSWERED, report, report.finding, by=by, at=at)
    return report


def _suppress(report: MistakeReport, *, until: datetime, reason: str, owner: UUID, at: datetime) -> Suppression:
    if fault := suppression_fault(at=at, until=until):
        raise Invalid("suppression_end", fault, field="suppress_until")
    return Suppression.objects.create(
        keyed_digest=report.finding.keyed_digest,
        type=report.finding.type,
        reason=reason,
        owner_id=owner,
        unit=report.unit,
        starts_at=at,
        ends_at=until,
    )


def _record_mistake(kind: EventKind, report: MistakeReport, finding: Finding, *, by: Actor, at: datetime) -> None:
    detail = {"finding": str(finding.pk), "type": finding.type, "suppressed": report.suppression_id is not None}
    record(kind, subject=f"mistake_report:{report.pk}", by=by, at=at, unit_path=report.unit.path, **detail)
