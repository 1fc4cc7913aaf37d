"""Areas of capability, offers to hand an initiative over, and who answered for it since when."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from governance.core.errors import NotFound
from governance.core.paging import Page, page_window
from governance.initiatives.locks import Owned, naming
from governance.initiatives.models import Accountability, Capability, Claim, Transfer
from governance.initiatives.rules import OPEN_CLAIM, Basis, ClaimState, Through, TransferState
from governance.initiatives.selectors.contests import ContestRow, live_contest_of
from governance.organisation.permissions import Standing, may
from governance.organisation.selectors import paths_for, within

TRANSFER = "initiatives:initiative:transfer"


@dataclass(frozen=True, slots=True)
class CapabilityClaim:
    unit: str
    basis: Basis
    state: ClaimState


@dataclass(frozen=True, slots=True)
class CapabilityRow:
    """`claims`: its open claims; `contest`: the live one, when the reader may see it."""

    id: UUID
    code: str
    title: str
    purpose_text: str
    owner: str
    claims: tuple[CapabilityClaim, ...]
    contest: ContestRow | None


@dataclass(frozen=True, slots=True)
class TransferRow:
    id: UUID
    from_unit: str
    to_unit: str
    reason: str
    state: TransferState
    offered_by: str
    offered_at: datetime
    expires_at: datetime
    may_answer: bool
    may_withdraw: bool


@dataclass(frozen=True, slots=True)
class OfferRow:
    """An initiative that somebody would hand over to a unit of the reader's."""

    code: str
    title: str
    from_unit: str
    to_unit: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class PeriodRow:
    unit: str
    since: datetime
    through: Through


def capabilities(*, standing: Standing, search: str = "", page: int = 1, size: int = 50) -> Page[CapabilityRow]:
    """Return one page of the areas that units may claim, by title."""
    found = Capability.objects.select_related("accountable_unit")
    if search:
        found = found.filter(Q(title__icontains=search) | Q(purpose_text__icontains=search))
    start, end = page_window(page, size)
    rows = list(found.order_by("title", "id")[start:end])
    return Page(_capabilities(rows, standing), found.count(), max(page, 1), end - start)


def capability(code: str, *, standing: Standing) -> CapabilityRow:
    """Return one capability.

    Raises:
        NotFound: "no_such_capability".
    """
    found = Capability.objects.select_related("accountable_unit").filter(code=code).first()
    if found is None:
        raise NotFound("no_such_capability", "There is no such capability.")
    return _capabilities([found], standing)[0]


def _capabilities(rows: list[Capability], standing: Standing) -> list[CapabilityRow]:
    claims: dict[UUID, list[CapabilityClaim]] = {row.pk: [] for row in rows}
    contested = set()
    made = Claim.objects.filter(capability__in=claims, state__in=OPEN_CLAIM, accountable=True).select_related("unit")
    for claim in made.order_by("made_at", "id"):
        if claim.capability_id is not None:
            claims[claim.capability_id].append(
                CapabilityClaim(claim.unit.name, Basis(claim.basis), ClaimState(claim.state))
            )
            contested |= {claim.capability_id} if claim.contest_id else set()
    return [
        CapabilityRow(
            id=row.pk,
            code=row.code,
            title=row.title,
            purpose_text=row.purpose_text,
            owner=row.accountable_unit.name if row.accountable_unit else "",
            claims=tuple(claims[row.pk]),
            contest=live_contest_of(row, standing=standing) if row.pk in contested else None,
        )
        for row in rows
    ]


def transfer_of(initiative_id: UUID, *, standing: Standing) -> TransferRow | None:
    """Return the open offer to hand an initiative over, None when there is none."""
    found = Transfer.objects.select_related("from_unit", "to_unit", "offered_by")
    offer = found.filter(initiative_id=initiative_id, state=TransferState.OFFERED).first()
    if offer is None:
        return None
    return TransferRow(
        id=offer.pk,
        from_unit=offer.from_unit.name,
        to_unit=offer.to_unit.name,
        reason=offer.reason,
        state=TransferState(offer.state),
        offered_by=offer.offered_by.name,
        offered_at=offer.offered_at,
        expires_at=offer.expires_at,
        may_answer=offer.offered_by_id != standing.person and bool(may(standing, TRANSFER, offer.to_unit.path)),
        may_withdraw=bool(may(standing, TRANSFER, offer.from_unit.path)),
    )


def offers_to(standing: Standing) -> list[OfferRow]:
    """Return the open offers that the reader can accept for a unit of theirs; the first to end first."""
    mine = within(paths_for(standing, TRANSFER), "to_unit__path")
    found = Transfer.objects.filter(mine, state=TransferState.OFFERED).exclude(offered_by_id=standing.person)
    rows = found.select_related("initiative", "from_unit", "to_unit").order_by("expires_at", "id")
    return [
        OfferRow(row.initiative.code, row.initiative.title, row.from_unit.name, row.to_unit.name, row.expires_at)
        for row in rows
    ]


def periods_of(owned: Owned) -> list[PeriodRow]:
    """Return who answered for it since when, the present owner last."""
    found = Accountability.objects.filter(**naming(owned)).select_related("unit").order_by("since", "id")
    return [PeriodRow(row.unit.name, row.since, Through(row.through)) for row in found]
