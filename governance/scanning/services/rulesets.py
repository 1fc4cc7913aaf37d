"""Rulesets, and which of them is enforced."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.core.canonical import digest
from governance.core.errors import Invalid, NotFound, Unavailable
from governance.detection.default_policy import DEFAULT_POLICY
from governance.detection.policy import Policy
from governance.detection.ruleset import DEFAULT_RULESET
from governance.detection.ruleset import Ruleset as Detectors
from governance.scanning.changing import carried_over, changed
from governance.scanning.models import Ruleset
from governance.scanning.rules import (
    RulesetMode,
)


@transaction.atomic
def make_ruleset(
    *,
    detection: dict[str, Any],
    policy: dict[str, Any],
    replies: dict[str, Any] | None = None,
    by: Actor,
    at: datetime,
) -> Ruleset:
    """Keep a new version of detectors and policy; `replies` is the policy for answers, None for the built-in one. Raises as `keep_version`."""
    body = {"detection": detection, "policy": policy} | ({"replies": replies} if replies is not None else {})
    return keep_version(body=body, by=by, at=at)


@transaction.atomic
def keep_version(*, body: dict[str, Any], maker: UUID | None = None, by: Actor, at: datetime) -> Ruleset:
    """Keep a new version. It is not enforced yet; the same content gives the version there is.

    `maker` is who wanted what it decides, where that is somebody else than the actor: they do not put it in force.

    Raises:
        Invalid: when a part is malformed.
    """
    detectors = Detectors.of(body["detection"])
    for part in ("policy", "replies"):
        if part in body:
            Policy.of(body[part])
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
        maker_id=maker or by.person,
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
def name_fingerprints(*, detector: str, option: str, entry: dict[str, Any], by: Actor, at: datetime) -> Ruleset:
    """Enforce the ruleset in force with one register, set of rows, exam or recogniser more, or renewed: `entry` replaces one of the same id.

    Raises:
        Unavailable: `ruleset_missing`, before the installation has one.
    """
    row, others = _without(detector, option, entry["id"])
    entries = sorted([*others, entry], key=lambda each: str(each["id"]))
    return _enforce_with(row, detector, {option: entries}, by=by, at=at)


@transaction.atomic
def forget_fingerprints(*, detector: str, option: str, name: str, by: Actor, at: datetime) -> Ruleset:
    """Enforce the ruleset in force without the register, set of rows, exam or recogniser called `name`. Raises as `name_fingerprints`."""
    row, others = _without(detector, option, name)
    return _enforce_with(row, detector, {option: others}, by=by, at=at)


def _without(detector: str, option: str, name: str) -> tuple[Ruleset, list[dict[str, Any]]]:
    """Return the ruleset in force, locked, and its entries but the one called `name`."""
    # Whoever waited here finds the row it waited for in force no more; the second look sees the one that is.
    row = _locked_in_force() or _locked_in_force()
    if row is None:
        raise Unavailable("ruleset_missing", "No ruleset is in force.")
    entries = row.body["detection"]["detectors"].get(detector, {}).get(option, [])
    return row, [each for each in entries if each["id"] != name]


def _locked_in_force() -> Ruleset | None:
    return Ruleset.objects.select_for_update().filter(mode=RulesetMode.ENFORCE).first()


def _enforce_with(row: Ruleset, detector: str, options: dict[str, Any], *, by: Actor, at: datetime) -> Ruleset:
    with_entries = Detectors.of(row.body["detection"]).with_options(detector, **options)
    made = keep_version(body=row.body | {"detection": dict(with_entries.document)}, by=by, at=at)
    enforced = activate_ruleset(ruleset_id=made.pk, by=by, at=at)
    _carry_shadow(by=by, at=at)
    return enforced


def _carry_shadow(*, by: Actor, at: datetime) -> None:
    """Let the version in shadow go on with all that is registered now; one that decides the same by now ends."""
    beside = Ruleset.objects.filter(mode=RulesetMode.SHADOW).first()
    if beside is None:
        return
    try:
        carry_over(row=beside, by=by, at=at)
    except Invalid:
        set_shadow(row=None, by=by, at=at)


def carry_over(*, row: Ruleset, by: Actor, at: datetime) -> Ruleset:
    """Keep what a version decides otherwise on top of the one in force; if it ran in shadow, the new one does.

    Raises:
        Invalid: `nothing_changed`, when the one in force decides the same by now.
    """
    in_force = Ruleset.objects.get(mode=RulesetMode.ENFORCE).body
    made = keep_version(body=changed(in_force, carried_over(row.body, in_force)), maker=row.maker_id, by=by, at=at)
    if row.mode == RulesetMode.SHADOW and made.mode != RulesetMode.SHADOW:
        set_shadow(row=made, by=by, at=at)
    return made


def set_shadow(*, row: Ruleset | None, by: Actor, at: datetime) -> None:
    """Have `row`, and no other version, run in shadow; None ends that."""
    for other in Ruleset.objects.filter(mode=RulesetMode.SHADOW):
        other.mode = RulesetMode.DRAFT
        other.save(update_fields=["mode"])
        _record_shadow(other, on=False, by=by, at=at)
    if row is not None:
        row.mode = RulesetMode.SHADOW
        row.save(update_fields=["mode"])
        _record_shadow(row, on=True, by=by, at=at)


def _record_shadow(row: Ruleset, *, on: bool, by: Actor, at: datetime) -> None:
    record(EventKind.RULESET_SHADOWED, subject=f"ruleset:{row.pk}", by=by, at=at, version=row.version, on=on)


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
