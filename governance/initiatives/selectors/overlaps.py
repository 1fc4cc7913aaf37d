"""Initiatives that seem to do the same. Of the side a reader may not see, only its title, unit and whom to talk to."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from governance.core.errors import Invalid, NotFound
from governance.core.paging import Page, count_up_to, page_window
from governance.core.verdict import Verdict
from governance.initiatives.models import Initiative, JoinRequest, Member, Overlap, PurposeTerms
from governance.initiatives.rules import ENDED, InitiativeState
from governance.initiatives.rules.overlaps import JoinState, Resolution
from governance.initiatives.selectors.initiatives import visible_ids
from governance.organisation.permissions import Standing, covers_all, may
from governance.organisation.selectors import paths_for, within

RESOLVE, EDIT = "initiatives:overlap:resolve", "initiatives:initiative:edit"
SORTS = {
    "score": ("score", "id"),
    "-score": ("-score", "-id"),
    "found": ("found_at", "id"),
    "-found": ("-found_at", "-id"),
}
NEAREST = """
WITH asked AS (SELECT unnest(%(terms)s::int[]) AS term),
hit AS (SELECT p.initiative_id, a.term FROM asked a JOIN initiatives_purpose_terms p ON p.terms @> ARRAY[a.term]),
weight AS (SELECT term, 1.0 / count(*) AS rarity FROM hit GROUP BY term)
SELECT hit.initiative_id FROM hit JOIN weight USING (term)
GROUP BY hit.initiative_id ORDER BY sum(weight.rarity) DESC, count(*) DESC, hit.initiative_id LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class OverlapSide:
    """One of the two. `code`, `purpose_text` and `state` are "" for a reader who may not see this initiative."""

    id: UUID
    title: str
    unit: str
    owner: str  # whom to talk to: the unit's head, else who proposed it
    code: str
    purpose_text: str
    state: str
    created_at: datetime
    visible: bool


@dataclass(frozen=True, slots=True)
class OverlapRow:
    """`signals` says what both share; its words are left out for who may not read both purposes."""

    id: UUID
    sides: tuple[OverlapSide, OverlapSide]
    score: float
    signals: Mapping[str, list[str]]
    found_at: datetime
    resolution: Resolution | None
    reasons: str
    resolved_by: str
    resolved_at: datetime | None
    remains: UUID | None
    may_resolve: Verdict


@dataclass(frozen=True, slots=True)
class JoinRow:
    id: UUID
    initiative_id: UUID
    code: str
    initiative: str
    person: str
    reason: str
    state: JoinState
    asked_at: datetime


def nearest(terms: Collection[int], *, but: UUID | None = None, limit: int = 50) -> list[UUID]:
    """Return the initiatives that share the rarest of `terms`, nearest first: candidates, which may have ended.

    One statement over the index of terms, however many initiatives there are.
    """
    with connection.cursor() as cursor:
        cursor.execute(NEAREST, {"terms": sorted(terms), "limit": limit + 1})
        found = [row[0] for row in cursor.fetchall()]
    return [initiative_id for initiative_id in found if initiative_id != but][:limit]


def running(ids: Iterable[UUID]) -> dict[UUID, Initiative]:
    """Return the initiatives of `ids` that have not ended, with unit and proposer."""
    found = Initiative.objects.exclude(state__in=ENDED).select_related("accountable_unit__head", "proposed_by")
    return found.in_bulk(list(ids))


def terms_by_id(ids: Iterable[UUID]) -> dict[UUID, list[int]]:
    return dict(PurposeTerms.objects.filter(pk__in=list(ids)).values_list("pk", "terms"))


def to_compare(*, before: datetime, most: int) -> list[UUID]:
    """Return at most `most` initiatives that were not compared since `before`, or have changed since: newest first."""
    fresh = PurposeTerms.objects.filter(pk=OuterRef("pk"), compared_at__gte=before, revision=OuterRef("revision"))
    found = Initiative.objects.filter(~Exists(fresh)).exclude(state__in=ENDED)
    return list(found.order_by("-created_at", "-pk").values_list("pk", flat=True)[:most])


def overlaps(
    *,
    standing: Standing,
    search: str = "",
    resolution: str = "",
    waiting: bool | None = None,
    initiative: UUID | None = None,
    sort: str = "-score",
    page: int = 1,
    size: int = 50,
) -> Page[OverlapRow]:
    """Return one page of the overlaps with at least one initiative that the reader may see.

    `waiting` True: not resolved yet, False: resolved. `initiative`: this one is part of it.

    Raises:
        Invalid: "unknown_sort".
    """
    if sort not in SORTS:
        raise Invalid("unknown_sort", f"Sort by one of: {', '.join(SORTS)}.", field="sort")
    found = _visible(standing)
    if search:
        found = found.filter(Q(first__title__icontains=search) | Q(second__title__icontains=search))
    if waiting is not None:
        found = found.filter(resolution="") if waiting else found.exclude(resolution="")
    if resolution:
        found = found.filter(resolution=resolution)
    if initiative:
        found = found.filter(Q(first=initiative) | Q(second=initiative))
    start, end = page_window(page, size)
    total = count_up_to(found)
    rows = _rows(list(_related(found).order_by(*SORTS[sort])[start:end]), standing)
    return Page(rows, total.number, max(page, 1), end - start, more=total.more)


def overlaps_beside(initiative_id: UUID, *, standing: Standing, most: int) -> list[OverlapRow]:
    """Return the overlaps of an initiative that nobody has resolved yet, the strongest first."""
    found = _visible(standing).filter(Q(first=initiative_id) | Q(second=initiative_id), resolution="")
    return _rows(list(_related(found).order_by(*SORTS["-score"])[:most]), standing)


def overlap(overlap_id: UUID, *, standing: Standing) -> OverlapRow:
    """Return one overlap.

    Raises:
        NotFound: "no_such_overlap", also when the reader may see neither side.
    """
    found = _related(_visible(standing)).filter(pk=overlap_id).first()
    if found is None:
        raise NotFound("no_such_overlap", "There is no such overlap, or you may not see it.")
    return _rows([found], standing)[0]


def overlaps_waiting(standing: Standing) -> int:
    """Return how many overlaps the reader could resolve now."""
    paths = paths_for(standing, RESOLVE)
    mine = within(paths, "first__accountable_unit__path") | within(paths, "second__accountable_unit__path")
    return Overlap.objects.filter(mine, resolution="").count()


def joins_to_answer(standing: Standing, *, initiative_id: UUID | None = None) -> list[JoinRow]:
    """Return who asks to join an initiative whose builders the reader may choose, oldest first."""
    found = JoinRequest.objects.filter(
        within(paths_for(standing, EDIT), "initiative__accountable_unit__path"), state=JoinState.ASKED
    )
    if initiative_id:
        found = found.filter(initiative_id=initiative_id)
    return [join_row(each) for each in found.select_related("initiative", "person").order_by("asked_at", "id")]


def join_row(found: JoinRequest) -> JoinRow:
    return JoinRow(
        id=found.pk,
        initiative_id=found.initiative_id,
        code=found.initiative.code,
        initiative=found.initiative.title,
        person=found.person.name,
        reason=found.reason,
        state=JoinState(found.state),
        asked_at=found.asked_at,
    )


def side_of(found: Initiative, *, visible: bool) -> OverlapSide:
    """Return one initiative as it is shown beside another; `found` comes with unit, its head, and proposer."""
    head = found.accountable_unit.head
    return OverlapSide(
        id=found.pk,
        title=found.title,
        unit=found.accountable_unit.name,
        owner=(head or found.proposed_by).name,
        code=found.code if visible else "",
        purpose_text=found.purpose_text if visible else "",
        state=InitiativeState(found.state) if visible else "",
        created_at=found.created_at,
        visible=visible,
    )


def builders_of(initiative_id: UUID) -> list[UUID]:
    """Return the people who build the initiative now."""
    building = Member.objects.filter(initiative_id=initiative_id, until=None)
    return list(building.order_by("since", "person_id").values_list("person_id", flat=True))


def _visible(standing: Standing) -> QuerySet[Overlap]:
    if covers_all(paths_for(standing, "initiatives:initiative:read")):
        return Overlap.objects.all()
    seen = visible_ids(standing)
    return Overlap.objects.filter(Q(first__in=seen) | Q(second__in=seen))


def _related(found: QuerySet[Overlap]) -> QuerySet[Overlap]:
    sides = [f"{side}__{name}" for side in ("first", "second") for name in ("accountable_unit__head", "proposed_by")]
    return found.select_related(*sides, "resolved_by")


def _rows(found: list[Overlap], standing: Standing) -> list[OverlapRow]:
    ids = {side.pk for each in found for side in (each.first, each.second)}
    seen = set(visible_ids(standing).filter(pk__in=ids)) if ids else set()
    return [_row(each, seen, standing) for each in found]


def _row(found: Overlap, seen: set[UUID], standing: Standing) -> OverlapRow:
    both = found.first_id in seen and found.second_id in seen
    verdicts = [may(standing, RESOLVE, side.accountable_unit.path) for side in (found.first, found.second)]
    return OverlapRow(
        id=found.pk,
        sides=(
            side_of(found.first, visible=found.first_id in seen),
            side_of(found.second, visible=found.second_id in seen),
        ),
        score=found.score,
        signals={name: shared for name, shared in found.signals.items() if both or name != "words"},
        found_at=found.found_at,
        resolution=Resolution(found.resolution) if found.resolution else None,
        reasons=found.reasons,
        resolved_by=found.resolved_by.name if found.resolved_by else "",
        resolved_at=found.resolved_at,
        remains=found.remains_id,
        may_resolve=verdicts[0] or verdicts[1],
    )
