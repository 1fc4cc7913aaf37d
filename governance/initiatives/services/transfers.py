"""Transfers: a unit hands an initiative to another. Both heads must want it: one offers, the other accepts."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.core.errors import Conflict, Invalid, NotAllowed, NotFound
from governance.core.verdict import Denied, require
from governance.core.wording import says_nothing
from governance.initiatives.locks import heads, link_to, lock_initiative, naming, person_behind, told
from governance.initiatives.models import Claim, Contest, Initiative, Transfer
from governance.initiatives.rules import (
    ENDED,
    LIVE_CONTEST,
    OFFER_LASTS,
    OPEN_CLAIM,
    ContestState,
    InitiativeState,
    Through,
    TransferState,
    may_answer,
    may_offer,
)
from governance.initiatives.services.contests import end_contest
from governance.initiatives.services.ownership import hand_over
from governance.notices.services import notify
from governance.organisation.models import Unit
from governance.organisation.selectors import authorize, unit
from governance.work.batches import each_row

TRANSFER = "initiatives:initiative:transfer"
LONGEST_REASON = 4000


@transaction.atomic
def offer_transfer(*, initiative_id: UUID, unit_id: UUID, reason: str, by: Actor, at: datetime) -> Transfer:
    """Offer an initiative to another unit, as the head of the unit that answers for it. The offer lasts 14 days.

    Raises:
        NotFound: the initiative or the unit. NotAllowed: the actor heads neither the unit nor one above.
        Conflict: "ended", "contested", "same_unit", "offered_already". Invalid: "no_reason".
    """
    to = unit(unit_id)
    initiative = lock_initiative(initiative_id)
    authorize(by, TRANSFER, initiative.accountable_unit.path)
    if says_nothing(reason) or len(reason) > LONGEST_REASON:
        raise Invalid("no_reason", f"Say why, in at most {LONGEST_REASON} characters.", field="reason")
    open_offers = initiative.transfers.filter(state=TransferState.OFFERED)
    verdict = may_offer(
        ended=InitiativeState(initiative.state) in ENDED,
        contested=_contested_by_others(initiative, to),
        same_unit=to == initiative.accountable_unit,
        offered_already=open_offers.exists(),
    )
    require(verdict, Conflict)
    transfer = Transfer.objects.create(
        initiative=initiative,
        from_unit=initiative.accountable_unit,
        to_unit=to,
        reason=reason.strip(),
        offered_by_id=person_behind(by),
        offered_at=at,
        expires_at=at + OFFER_LASTS,
    )
    named: dict[str, Any] = {"transfer": str(transfer.pk), "unit": str(to.pk)}
    record(EventKind.TRANSFER_OFFERED, **told(initiative, by, at), **named)
    text = "An initiative is offered to your unit."
    notify(people=heads([to], at=at), kind="initiatives.offered", text=text, link=link_to(initiative), by=by, at=at)
    return transfer


def _contested_by_others(initiative: Initiative, to: Unit) -> bool:
    """Say whether a unit other than the owner and `to` claims it, or a ruling on it may still be appealed."""
    contests = Contest.objects.filter(initiative=initiative, state__in=LIVE_CONTEST)
    if contests.exclude(state=ContestState.OPEN).exists():
        return True
    claims = Claim.objects.filter(**naming(initiative), accountable=True, state__in=OPEN_CLAIM)
    return contests.exists() and claims.exclude(unit__in=[initiative.accountable_unit, to]).exists()


@transaction.atomic
def answer_transfer(*, transfer_id: UUID, accept: bool, by: Actor, at: datetime) -> Transfer:
    """Accept or decline an offer, as the head of the unit it is made to. Accepting ends a contest between the two.

    Raises:
        NotFound: "no_such_transfer". NotAllowed: the actor does not head the unit, or made the offer.
        Conflict: "not_open", "contested".
    """
    transfer, initiative = _lock(transfer_id)
    authorize(by, TRANSFER, transfer.to_unit.path)
    verdict = may_answer(
        TransferState(transfer.state),
        expires_at=transfer.expires_at,
        at=at,
        contested=accept and _contested_by_others(initiative, transfer.to_unit),
        offered_by=transfer.offered_by_id,
        person=person_behind(by),
    )
    require(verdict, NotAllowed if isinstance(verdict, Denied) and verdict.code == "own_offer" else Conflict)
    _close(transfer, TransferState.ACCEPTED if accept else TransferState.DECLINED, by=by, at=at)
    told_of: dict[str, Any] = {"transfer": str(transfer.pk), "answer": transfer.state}
    record(EventKind.TRANSFER_ANSWERED, **told(initiative, by, at), **told_of)
    if accept:
        contest = Contest.objects.filter(initiative=initiative, state=ContestState.OPEN).first()
        hand_over(owned=initiative, to=transfer.to_unit, through=Through.TRANSFER, by=by, at=at)
        if contest:
            end_contest(contest=contest, owned=initiative, owner=transfer.to_unit, by=by, at=at)
    text, people = "Your offer of an initiative was answered.", [transfer.offered_by_id]
    notify(people=people, kind="initiatives.answered", text=text, link=link_to(initiative), by=by, at=at)
    return transfer


@transaction.atomic
def withdraw_transfer(*, transfer_id: UUID, by: Actor, at: datetime) -> Transfer:
    """Take an offer back before it is answered.

    Raises:
        NotFound: "no_such_transfer". NotAllowed: the actor does not head the offering unit. Conflict: "not_open".
    """
    transfer, initiative = _lock(transfer_id)
    authorize(by, TRANSFER, transfer.from_unit.path)
    if transfer.state != TransferState.OFFERED:
        raise Conflict("not_open", "This offer is not open any more.")
    _close(transfer, TransferState.WITHDRAWN, by=by, at=at)
    told_of: dict[str, Any] = {"transfer": str(transfer.pk), "answer": transfer.state}
    record(EventKind.TRANSFER_ANSWERED, **told(initiative, by, at), **told_of)
    return transfer


def expire_transfers(*, by: Actor, at: datetime) -> int:
    """Close offers that nobody answered in time; the unit that offered still answers for it. Return how many."""
    over = Transfer.objects.filter(state=TransferState.OFFERED, expires_at__lte=at).order_by("expires_at", "pk")
    found = list(over.values_list("pk", flat=True))
    return each_row("expire_transfers", found, lambda transfer: _expire(transfer, by=by, at=at))


@transaction.atomic
def _expire(transfer_id: UUID, *, by: Actor, at: datetime) -> bool:
    transfer, initiative = _lock(transfer_id)
    if transfer.state != TransferState.OFFERED:
        return False
    _close(transfer, TransferState.EXPIRED, by=by, at=at)
    record(EventKind.TRANSFER_EXPIRED, **told(initiative, by, at), transfer=str(transfer.pk))
    return True


def _lock(transfer_id: UUID) -> tuple[Transfer, Initiative]:
    found = Transfer.objects.filter(pk=transfer_id).first()
    if found is None:
        raise NotFound("no_such_transfer", "There is no such offer.")
    initiative = lock_initiative(found.initiative_id)
    locked = Transfer.objects.select_for_update(of=("self",)).select_related("from_unit", "to_unit")
    return locked.get(pk=transfer_id), initiative


def _close(transfer: Transfer, state: TransferState, *, by: Actor, at: datetime) -> None:
    transfer.state, transfer.answered_by_id, transfer.answered_at = state, by.person, at
    transfer.save(update_fields=["state", "answered_by", "answered_at"])
