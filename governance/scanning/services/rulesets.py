"""Rulesets, and which of them is enforced."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.core.canonical import digest
from governance.core.errors import NotFound, Unavailable
from governance.detection.default_policy import DEFAULT_POLICY
from governance.detection.policy import Policy
from governance.detection.ruleset import DEFAULT_RULESET
from governance.detection.ruleset import Ruleset as Detectors
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
def keep_version(*, body: dict[str, Any], by: Actor, at: datetime) -> Ruleset:
    """Keep a new version. It is not enforced yet; the same content gives the version there is.

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
        maker_id=by.person,
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
    changed = Detectors.of(row.body["detection"]).with_options(detector, **options)
    made = keep_version(body=row.body | {"detection": dict(changed.document)}, by=by, at=at)
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
