"""What a version of the ruleset in shadow would have changed: how many calls, findings of which types, and which calls."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, QuerySet

from governance.core.errors import Invalid
from governance.core.paging import Page, page_window
from governance.gateway.comparing import Effect, KindChange
from governance.gateway.models import Comparison
from governance.gateway.selectors.pages import ExchangeRow, row_of, visible
from governance.organisation.permissions import Standing

MOST_READ = 2000  # calls whose findings are counted by type, the newest; people look at shares
SORTS = {"at": ("at", "id"), "-at": ("-at", "-id")}


@dataclass(frozen=True, slots=True)
class Compared:
    """`effects` counts calls. `kinds` are findings of the newest MOST_READ calls that differ, the most frequent first."""

    effects: Mapping[Effect, int]
    kinds: list[KindChange]

    @property
    def calls(self) -> int:
        return sum(self.effects.values())

    @property
    def differing(self) -> int:
        return self.calls - self.effects[Effect.SAME] - self.effects[Effect.UNKNOWN]


@dataclass(frozen=True, slots=True)
class ComparisonRow:
    """`verdict` is the one that would have been."""

    exchange: ExchangeRow
    effect: Effect
    verdict: str
    kinds: list[KindChange]
    at: datetime


def compared_with(ruleset: str, *, standing: Standing) -> Compared:
    """Return what the version with this digest would have changed of the calls that the reader may see."""
    found = _of(ruleset, standing)
    counted = dict(found.order_by().values_list("effect").annotate(Count("id")))
    differing = found.exclude(effect__in=[Effect.SAME, Effect.UNKNOWN]).order_by("-at", "-id")
    kinds: Counter[tuple[str, str, str]] = Counter()
    for each in differing.values_list("kinds", flat=True)[:MOST_READ]:
        kinds.update({(kind["type"], kind["before"], kind["after"]): kind["count"] for kind in each})
    ordered = sorted(kinds.items(), key=lambda item: (-item[1], item[0]))
    effects = {effect: counted.get(effect, 0) for effect in Effect}
    return Compared(effects, [KindChange(*kind, count) for kind, count in ordered])


def comparisons(
    ruleset: str,
    *,
    standing: Standing,
    at: datetime,
    effect: str = "",
    sort: str = "-at",
    page: int = 1,
    size: int = 50,
) -> Page[ComparisonRow]:
    """Return one page of the calls that the version with this digest decided too; without an `effect` those that differ.

    Raises:
        Invalid: `unknown_sort`, `unknown_effect`.
    """
    if sort not in SORTS:
        raise Invalid("unknown_sort", f"Sort by one of: {', '.join(SORTS)}.", field="sort")
    if effect and effect not in list(Effect):
        raise Invalid("unknown_effect", f"An effect is one of: {', '.join(Effect)}.", field="effect")
    found = _of(ruleset, standing)
    found = found.filter(effect=effect) if effect else found.exclude(effect__in=[Effect.SAME, Effect.UNKNOWN])
    start, end = page_window(page, size)
    joined = found.select_related("exchange__initiative", "exchange__unit", "exchange__destination")
    rows = [_row(row, at) for row in joined.order_by(*SORTS[sort])[start:end]]
    return Page(rows, found.count(), max(page, 1), end - start)


def comparison_of(exchange: UUID) -> tuple[str, Effect, str] | None:
    """Return what a version in shadow would have made of one call: (digest of the version, effect, verdict). Whoever calls asks who may see it."""
    row = Comparison.objects.filter(exchange_id=exchange).first()
    return (row.ruleset_digest, Effect(row.effect), row.verdict) if row else None


def _of(ruleset: str, standing: Standing) -> QuerySet[Comparison]:
    return Comparison.objects.filter(ruleset_digest=ruleset, exchange__in=visible(standing).order_by())


def _row(row: Comparison, at: datetime) -> ComparisonRow:
    kinds = [KindChange(**kind) for kind in row.kinds]
    return ComparisonRow(row_of(row.exchange, at), Effect(row.effect), row.verdict, kinds, row.at)
