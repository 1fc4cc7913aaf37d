"""Scarce datasets: who uses, asks for and plans to use them, and the rounds in which rival requests are compared.

A round is seen by who looks after the dataset, whole; and by who may see one of its requests, with the rivals named by unit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from governance.catalogue.models import Dataset
from governance.catalogue.rules import BUILT_IN_REF
from governance.core.errors import Invalid, NotFound
from governance.core.paging import Page, count_up_to, page_window
from governance.core.verdict import Verdict
from governance.initiatives.rules import ENDED
from governance.initiatives.selectors import visible_ids
from governance.organisation.permissions import Standing, may
from governance.organisation.selectors import paths_for, within
from governance.remits.allocations import Division, EntryState, RoundState, Scarcity, may_state_case
from governance.remits.models import Allocation, Entry, Grant, Remit, ScarceDataset
from governance.remits.rules import LIVE_GRANT, RemitState

READ, AWARD, DRAFT = "remits:allocation:read", "remits:allocation:award", "remits:remit:draft"
SORTS = {"closes": ("closes_at", "id"), "-closes": ("-closes_at", "-id"), "dataset": ("dataset__title", "id")}
MOST_SHOWN = 100
STAGES = {RemitState.DRAFT: "planned", RemitState.SUBMITTED: "asked", RemitState.APPROVED: "used"}


@dataclass(frozen=True, slots=True)
class Marking:
    """How scarce a dataset is, why, and until when; None of it is content of the data."""

    scarcity: Scarcity
    why: str
    until_at: datetime | None
    round_days: int
    marked_by: str


@dataclass(frozen=True, slots=True)
class UseRow:
    """Who uses a dataset (`stage` "used"), asks for it or plans to. `title` and `code` are "" for who may not see it."""

    title: str
    code: str
    unit: str
    stage: str
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class DatasetUse:
    marking: Marking | None
    uses: tuple[UseRow, ...]
    round_id: UUID | None  # the round that waits, if the reader may see it
    may_mark: Verdict


@dataclass(frozen=True, slots=True)
class AllocationRow:
    """One round. `place` is that of the reader's own request in the queue, 0 when they have none."""

    id: UUID
    dataset: str
    dataset_ref: str
    steward: str
    state: RoundState
    opened_at: datetime
    closes_at: datetime
    entries: int
    place: int
    division: Division | None


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One request side by side with its rivals. `whole` False: the reader learns unit and place, nothing more."""

    id: UUID
    place: int
    unit_id: UUID
    unit: str
    whole: bool
    title: str
    code: str
    purpose_text: str
    accuracy_need: str
    human_oversight: str
    expected_value: str
    beneficiaries: str
    remit_state: str
    entered_at: datetime
    state: EntryState
    reason: str
    share: str
    starts_at: datetime | None
    ends_at: datetime | None
    may_state_case: Verdict


@dataclass(frozen=True, slots=True)
class AllocationPage:
    row: AllocationRow
    marking: Marking | None
    reasons: str
    awarded_by: str
    awarded_at: datetime | None
    entries: tuple[EntryRow, ...]
    may_award: Verdict  # the permission; the day and the requests are asked by the service


def dataset_use(dataset: Dataset, *, standing: Standing) -> DatasetUse:
    """Return who uses a dataset, asks for it and plans to, those that use it first, at most MOST_SHOWN."""
    marked = ScarceDataset.objects.filter(dataset=dataset).select_related("marked_by").first()
    looks_after = may(standing, AWARD, dataset.steward_unit.path)
    waits = _visible(standing).filter(dataset=dataset).exclude(state=RoundState.AWARDED).order_by("opened_at", "pk")
    return DatasetUse(
        marking=_marking(marked),
        uses=_uses(dataset, standing, sees_all=bool(looks_after)),
        round_id=waits.values_list("pk", flat=True).first(),
        may_mark=looks_after,
    )


def _uses(dataset: Dataset, standing: Standing, *, sees_all: bool) -> tuple[UseRow, ...]:
    if dataset.ref == BUILT_IN_REF:  # nearly everybody's prompts: a list of all says nothing
        return ()
    ends = {
        grant.remit_id: grant.ends_at
        for grant in Grant.objects.filter(dataset=dataset, state__in=LIVE_GRANT).order_by("ends_at", "pk")
    }
    planned = Q(state__in=[RemitState.DRAFT, RemitState.SUBMITTED], body__grants__contains=[{"dataset": dataset.ref}])
    found = Remit.objects.filter(planned | Q(pk__in=ends), sandbox=False).exclude(initiative__state__in=ENDED)
    rows = list(found.select_related("initiative__accountable_unit").order_by("state", "drafted_at", "pk")[:MOST_SHOWN])
    seen = set(visible_ids(standing).filter(pk__in=[row.initiative_id for row in rows]))
    return tuple(_use(row, ends.get(row.pk), visible=sees_all or row.initiative_id in seen) for row in rows)


def _use(remit: Remit, ends_at: datetime | None, *, visible: bool) -> UseRow:
    return UseRow(
        title=remit.initiative.title if visible else "",
        code=remit.initiative.code if visible else "",
        unit=remit.initiative.accountable_unit.name,
        stage=STAGES.get(RemitState(remit.state), "used"),
        ends_at=ends_at,
    )


def allocations(
    *, standing: Standing, state: str = "", search: str = "", sort: str = "-closes", page: int = 1, size: int = 50
) -> Page[AllocationRow]:
    """Return one page of the rounds the reader may see.

    Raises:
        Invalid: "unknown_sort".
    """
    if sort not in SORTS:
        raise Invalid("unknown_sort", f"Sort by one of: {', '.join(SORTS)}.", field="sort")
    found = _visible(standing)
    if state:
        found = found.filter(state=state)
    if search:
        found = found.filter(dataset__title__icontains=search)
    start, end = page_window(page, size)
    total = count_up_to(found)
    rounds = list(_shown(found).order_by(*SORTS[sort])[start:end])
    places = _places(rounds, standing)
    rows = [_row(each, places.get(each.pk, 0)) for each in rounds]
    return Page(rows, total.number, max(page, 1), end - start, more=total.more)


def allocation(allocation_id: UUID, *, standing: Standing) -> AllocationPage:
    """Return one round with its requests in the order of the queue.

    Raises:
        NotFound: "no_such_round", also when the reader may not see it.
    """
    found = _shown(_visible(standing)).select_related("awarded_by").filter(pk=allocation_id).first()
    if found is None:
        raise NotFound("no_such_round", "There is no such round, or you may not see it.")
    looks_after = may(standing, AWARD, found.dataset.steward_unit.path)
    marked = ScarceDataset.objects.filter(dataset=found.dataset).select_related("marked_by").first()
    return AllocationPage(
        row=_row(found, _places([found], standing).get(found.pk, 0)),
        marking=_marking(marked),
        reasons=found.reasons,
        awarded_by=found.awarded_by.name if found.awarded_by else "",
        awarded_at=found.awarded_at,
        entries=_entries(found, standing, sees_all=bool(looks_after)),
        may_award=looks_after,
    )


def allocations_to_decide(standing: Standing, *, at: datetime) -> int:
    """Return how many rounds have closed and wait for the reader's award."""
    mine = within(paths_for(standing, AWARD), "dataset__steward_unit__path")
    return Allocation.objects.filter(mine, closes_at__lte=at).exclude(state=RoundState.AWARDED).count()


def _visible(standing: Standing) -> QuerySet[Allocation]:
    looks_after = within(paths_for(standing, AWARD), "dataset__steward_unit__path")
    own = Entry.objects.filter(allocation=OuterRef("pk"), remit__initiative__in=visible_ids(standing))
    return Allocation.objects.filter(looks_after | Q(Exists(own)))


def _shown(found: QuerySet[Allocation]) -> QuerySet[Allocation]:
    counted = Count("entries", filter=~Q(entries__state=EntryState.WITHDRAWN))
    return found.select_related("dataset__steward_unit").annotate(number=counted)


def _queue(rounds: Sequence[Allocation]) -> QuerySet[Entry]:
    found = Entry.objects.filter(allocation__in=[each.pk for each in rounds]).exclude(state=EntryState.WITHDRAWN)
    return found.order_by("allocation_id", "entered_at", "pk")


def _places(rounds: Sequence[Allocation], standing: Standing) -> dict[UUID, int]:
    """Return round -> the place of the first request of the reader's own units."""
    asks = within(paths_for(standing, DRAFT), "remit__initiative__accountable_unit__path")
    own = set(_queue(rounds).filter(asks).values_list("pk", flat=True))
    counted: dict[UUID, int] = {}
    places: dict[UUID, int] = {}
    for entry_id, round_id in _queue(rounds).values_list("pk", "allocation_id"):
        counted[round_id] = counted.get(round_id, 0) + 1
        if entry_id in own:
            places.setdefault(round_id, counted[round_id])
    return places


def _entries(found: Allocation, standing: Standing, *, sees_all: bool) -> tuple[EntryRow, ...]:
    rows = list(_queue([found]).select_related("remit__initiative__accountable_unit", "allocation"))
    seen = set(visible_ids(standing).filter(pk__in=[row.remit.initiative_id for row in rows]))
    return tuple(
        _entry(row, place, standing, whole=sees_all or row.remit.initiative_id in seen)
        for place, row in enumerate(rows, 1)
    )


def _entry(entry: Entry, place: int, standing: Standing, *, whole: bool) -> EntryRow:
    initiative = entry.remit.initiative
    unit = initiative.accountable_unit
    body: dict[str, Any] = entry.remit.body if whole else {}
    open_here = may_state_case(RoundState(entry.allocation.state), EntryState(entry.state))
    return EntryRow(
        id=entry.pk,
        place=place,
        unit_id=unit.pk,
        unit=unit.name,
        whole=whole,
        title=initiative.title if whole else "",
        code=initiative.code if whole else "",
        purpose_text=body.get("purpose_text", ""),
        accuracy_need=body.get("accuracy_need", ""),
        human_oversight=body.get("human_oversight", ""),
        expected_value=entry.expected_value if whole else "",
        beneficiaries=entry.beneficiaries if whole else "",
        remit_state=entry.remit.state if whole else "",
        entered_at=entry.entered_at,
        state=EntryState(entry.state),
        reason=entry.reason if whole else "",
        share=entry.share,
        starts_at=entry.starts_at,
        ends_at=entry.ends_at,
        may_state_case=open_here and may(standing, DRAFT, unit.path),
    )


def _row(found: Any, place: int) -> AllocationRow:
    """Return one round as a row; `found` carries `number`, the count of its requests."""
    return AllocationRow(
        id=found.pk,
        dataset=found.dataset.title,
        dataset_ref=found.dataset.ref,
        steward=found.dataset.steward_unit.name,
        state=RoundState(found.state),
        opened_at=found.opened_at,
        closes_at=found.closes_at,
        entries=found.number,
        place=place,
        division=Division(found.division) if found.division else None,
    )


def _marking(marked: ScarceDataset | None) -> Marking | None:
    if marked is None:
        return None
    return Marking(Scarcity(marked.scarcity), marked.why, marked.until_at, marked.round_days, marked.marked_by.name)
