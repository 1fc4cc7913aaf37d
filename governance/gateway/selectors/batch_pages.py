"""Batches as people see them: how each stood when its provider was last asked, and what it cost."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce

from governance.core.paging import Page
from governance.gateway.batch_states import BATCH_STATES, BatchState, batch_counts, batch_state
from governance.gateway.dialects.openai.background import KEPT_AS
from governance.gateway.dialects.wire_format import WireFormat
from governance.gateway.models import Batch
from governance.gateway.routes import format_named
from governance.gateway.selectors.of_initiative import Between, initiative_with_calls, order_of, page_begun
from governance.organisation.permissions import Standing

SORTS = {
    "begun": ("begun_at", "id"),
    "seen": ("seen_at", "id"),
    "records": ("records", "id"),
    "cost": ("exchange__cost", "id"),
}


@dataclass(frozen=True, slots=True)
class BatchRow:
    """`own_id` is how its program knows it. `answered` and `failed` are records, as of `seen_at`, when its provider was last asked.

    `cost` is micro-euro, None without a price; until it was `counted` it is the most that the batch may cost.
    """

    id: UUID
    own_id: str
    state: BatchState
    interface: str
    surface: str
    model: str
    destination: str
    records: int
    answered: int
    failed: int
    tokens_in: int | None
    tokens_out: int | None
    cost: int | None
    counted: bool
    key: str
    begun_by: str
    end_user: str
    begun_at: datetime
    seen_at: datetime
    exchange: UUID


@dataclass(frozen=True, slots=True)
class BatchesPage:
    code: str
    title: str
    batches: Page[BatchRow]


def batches(
    code_or_id: str | UUID,
    *,
    standing: Standing,
    state: BatchState | None = None,
    model: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    sort: str = "-begun",
    page: int = 1,
    size: int = 50,
) -> BatchesPage:
    """Return the batches of an initiative, in a fixed number of queries. `model`: part of its name. Begun in [since, until).

    Raises:
        NotFound: `no_such_initiative`, also for who may not see its calls.
    """
    owned = initiative_with_calls(code_or_id, standing)
    found = Batch.objects.filter(initiative=owned, is_file=False, model__icontains=model).exclude(dialect=KEPT_AS)
    if state is not None:
        found = _standing_like(found, state)
    whole = found.select_related("exchange__key__made_by", "destination")
    between = Between("begun_at", since, until)
    listed = page_begun(whole, _row, between, order=order_of(SORTS, sort, usual="begun"), page=page, size=size)
    return BatchesPage(owned.code, owned.title, listed)


def _standing_like(found: QuerySet[Batch], state: BatchState) -> QuerySet[Batch]:
    """Return those that stand so. What is in no word we know is under way."""
    word = Coalesce(KeyTextTransform("status", "seen"), KeyTextTransform("processing_status", "seen"))
    said = found.annotate(word=word)
    if state is BatchState.UNDER_WAY:
        others = [each for each, meant in BATCH_STATES.items() if meant is not BatchState.UNDER_WAY]
        return said.exclude(word__in=others)
    return said.filter(word__in=[each for each, meant in BATCH_STATES.items() if meant is state])


def _row(found: Batch) -> BatchRow:
    call, spoken = found.exchange, format_named(found.dialect)
    key: Any = call.key
    answered, failed = batch_counts(found.seen)
    return BatchRow(
        found.pk,
        _own_id(found, spoken),
        batch_state(found.seen),
        spoken.title if spoken else found.dialect,
        call.surface,
        found.model,
        found.destination.ref,
        found.records,
        answered,
        failed,
        call.tokens_in,
        call.tokens_out,
        call.cost,
        found.counted_at is not None,
        key.prefix if key else "",
        key.made_by.name if key else "",
        call.verified_user or call.end_user,
        found.begun_at,
        found.seen_at,
        call.pk,
    )


def _own_id(found: Batch, spoken: WireFormat | None) -> str:
    return spoken.batch.own_id(found.pk) if spoken and spoken.batch else str(found.pk)
