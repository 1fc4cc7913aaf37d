"""Overlaps are noted, resolved and, when a purpose changes, opened again."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.core.errors import Conflict, Invalid, NotAllowed, NotFound
from governance.core.verdict import Denied, require
from governance.initiatives.locks import lock_initiative, person_behind, told
from governance.initiatives.models import Initiative, Overlap, PurposeTerms
from governance.initiatives.rules.overlaps import (
    Resemblance,
    Resolution,
    is_another_purpose,
    may_resolve,
)
from governance.initiatives.selectors.overlaps import terms_by_id
from governance.initiatives.services.merging import merge_initiative
from governance.organisation.selectors import authorize

RESOLVE = "initiatives:overlap:resolve"
WRONG_INPUT = {"unknown_resolution", "no_reasons", "no_remaining"}


@transaction.atomic
def note_overlaps(
    *, initiative_id: UUID, terms: Collection[int], found: Mapping[UUID, Resemblance], by: Actor, at: datetime
) -> list[Overlap]:
    """Keep what an initiative seems to overlap with now; return the overlaps that are new or open again.

    What was resolved stays so until a purpose has changed so much that it is another one. What is open and no longer
    found goes away.
    """
    initiative = lock_initiative(initiative_id)
    indexed = {"terms": sorted(terms), "revision": initiative.revision, "compared_at": at}
    PurposeTerms.objects.update_or_create(initiative=initiative, defaults=indexed)
    known = {_other(each, initiative_id): each for each in _overlaps_of(initiative_id)}
    for other, overlap in known.items():
        if other not in found and not overlap.resolution:
            record(EventKind.OVERLAP_GONE, **told(initiative, by, at), overlap=str(overlap.pk), other=str(other))
            overlap.delete()
    noted = (
        _noted(initiative, other, known.get(other), resemblance, by=by, at=at) for other, resemblance in found.items()
    )
    return [overlap for overlap in noted if overlap]


def _noted(
    initiative: Initiative, other: UUID, known: Overlap | None, resemblance: Resemblance, *, by: Actor, at: datetime
) -> Overlap | None:
    if known is None:
        first, second = sorted((initiative.pk, other))
        made, is_new = Overlap.objects.get_or_create(
            first_id=first,
            second_id=second,
            defaults={"score": resemblance.score, "signals": resemblance.signals(), "found_at": at},
        )
        if not is_new:  # the other initiative was compared at the same moment
            return None
        _record(EventKind.OVERLAP_FOUND, initiative, made, other, by=by, at=at)
        return made
    if known.resolution:
        return _reopened(initiative, other, known, resemblance, by=by, at=at)
    if (known.score, known.signals) != (resemblance.score, resemblance.signals()):
        known.score, known.signals = resemblance.score, resemblance.signals()
        known.save(update_fields=["score", "signals"])
        _record(EventKind.OVERLAP_CHANGED, initiative, known, other, by=by, at=at)
    return None


def _reopened(
    initiative: Initiative, other: UUID, known: Overlap, resemblance: Resemblance, *, by: Actor, at: datetime
) -> Overlap | None:
    now = terms_by_id([initiative.pk, other])
    if not any(is_another_purpose(before, now.get(UUID(ref), ())) for ref, before in known.seen_terms.items()):
        return None
    known.score, known.signals, known.found_at = resemblance.score, resemblance.signals(), at
    known.resolution, known.reasons, known.resolved_by, known.resolved_at, known.remains = "", "", None, None, None
    known.save()
    _record(EventKind.OVERLAP_REOPENED, initiative, known, other, by=by, at=at)
    return known


@transaction.atomic
def resolve_overlap(
    *,
    overlap_id: UUID,
    resolution: str,
    reasons: str,
    by: Actor,
    at: datetime,
    remains_id: UUID | None = None,
) -> Overlap:
    """Say what is done about an overlap. A merge ends one of the two; its builders go on in the one that remains.

    Either unit's head may say that the two are distinct, are split or share. Only who may resolve on the unit of the
    initiative that ends may merge it away, so that nobody ends another unit's work.

    Raises:
        NotFound: "no_such_overlap". NotAllowed: the permission. Conflict: "resolved_already", "wrong_state".
        Invalid: "unknown_resolution", "no_reasons", "no_remaining".
    """
    overlap = _locked(overlap_id)
    sides = {side.pk: side for side in (overlap.first, overlap.second)}
    ends = _ending(sides, remains_id) if resolution == Resolution.MERGE else None
    _authorize(by, [ends] if ends else list(sides.values()))
    verdict = may_resolve(
        resolved=overlap.resolution,
        resolution=resolution,
        reasons=reasons,
        remains=remains_id,
        pair=sides.keys(),
    )
    require(verdict, Invalid if isinstance(verdict, Denied) and verdict.code in WRONG_INPUT else Conflict)
    if ends and remains_id:
        merge_initiative(ends_id=ends.pk, remains_id=remains_id, by=by, at=at)
        overlap.remains_id = remains_id
    overlap.resolution, overlap.reasons, overlap.resolved_at = resolution, reasons.strip(), at
    overlap.resolved_by_id = person_behind(by)
    overlap.seen_terms = {str(ref): terms for ref, terms in terms_by_id(sides).items()}
    overlap.save()
    record(
        EventKind.OVERLAP_RESOLVED,
        subject=f"overlap:{overlap.pk}",
        by=by,
        at=at,
        unit_path=overlap.first.accountable_unit.path,
        resolution=resolution,
        initiatives=sorted(map(str, sides)),
        remains=str(remains_id) if overlap.remains_id else "",
    )
    return overlap


def _ending(sides: Mapping[UUID, Initiative], remains_id: UUID | None) -> Initiative | None:
    """Return the one of the two that a merge ends; None when it names neither as the one that remains."""
    return next((side for ref, side in sides.items() if ref != remains_id), None) if remains_id in sides else None


def _authorize(by: Actor, sides: list[Initiative]) -> None:
    refused: NotAllowed | None = None
    for side in sides:
        try:
            return authorize(by, RESOLVE, side.accountable_unit.path)
        except NotAllowed as denied:
            refused = denied
    if refused:
        raise refused
    return None


def _overlaps_of(initiative_id: UUID) -> list[Overlap]:
    found = Overlap.objects.select_for_update().filter(Q(first_id=initiative_id) | Q(second_id=initiative_id))
    return list(found.order_by("pk"))


def _other(overlap: Overlap, initiative_id: UUID) -> UUID:
    return overlap.second_id if overlap.first_id == initiative_id else overlap.first_id


def _locked(overlap_id: UUID) -> Overlap:
    """Return an overlap with its initiatives and itself locked, in the order in which `note_overlaps` locks them."""
    for pair in Overlap.objects.filter(pk=overlap_id).values_list("first_id", "second_id"):
        for initiative_id in pair:
            lock_initiative(initiative_id)
    locked = Overlap.objects.select_for_update(of=("self",)).filter(pk=overlap_id)
    found = locked.select_related("first__accountable_unit", "second__accountable_unit").first()
    if found is None:
        raise NotFound("no_such_overlap", "There is no such overlap.")
    return found


def _record(kind: EventKind, initiative: Initiative, overlap: Overlap, other: UUID, *, by: Actor, at: datetime) -> None:
    what: dict[str, Any] = {"overlap": str(overlap.pk), "other": str(other), "score": str(overlap.score)}
    record(kind, **told(initiative, by, at), **what)
