"""Claims: a unit says that an initiative or a capability is its own."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.core.errors import Conflict, Invalid, NotFound
from governance.core.verdict import Denied, require
from governance.initiatives.locks import (
    Owned,
    link_to,
    lock_capability,
    lock_initiative,
    lock_owned,
    naming,
    person_behind,
    told,
)
from governance.initiatives.models import Claim, Contest, Initiative
from governance.initiatives.rules import (
    APPEAL_WITHIN,
    OPEN_CLAIM,
    STANDS_AFTER,
    ClaimFacts,
    ClaimState,
    ContestState,
    InitiativeState,
    Through,
    may_claim,
    may_withdraw,
)
from governance.initiatives.selectors import visible_ids
from governance.initiatives.services.contests import follow_withdrawal, open_contest, widen_contest
from governance.initiatives.services.ownership import hand_over
from governance.notices.services import notify
from governance.organisation.models import Unit
from governance.organisation.selectors import authorize, heads_of, standing_of, unit
from governance.work.batches import each_row

CLAIM = "initiatives:claim:assert"
OF_THE_STATE = {"claimed_already", "ended", "just_ruled", "lost_lately"}


@transaction.atomic
def assert_claim(
    *,
    unit_id: UUID,
    basis: str,
    evidence: str,
    head_id: UUID,
    by: Actor,
    at: datetime,
    initiative_id: UUID | None = None,
    capability_id: UUID | None = None,
    accountable: bool = True,
    new_evidence: str = "",
) -> Claim:
    """Say that a unit owns an initiative or a capability, on what ground, and in the name of which head.

    Nothing pauses. When another unit owns it or claims it too, a contest begins, or the claim joins the one that is open.
    A claim that is not accountable (a part in it, no more) contests nothing.

    Raises:
        NotAllowed: the actor may not speak for the unit. NotFound: the unit, or what is claimed.
        Invalid: "unknown_basis", "no_evidence", "not_the_head". Conflict: "claimed_already", "ended", "just_ruled",
        "lost_lately".
    """
    claimant = unit(unit_id)
    authorize(by, CLAIM, claimant.path)
    # The lock makes two claims on one thing wait for each other: exactly one of them opens the contest.
    owned = lock_initiative(initiative_id) if initiative_id else lock_capability(_required(capability_id))
    vouched = head_id in {head.person for head in heads_of(claimant.path, at=at)}
    facts = _facts(owned, claimant, basis, evidence, new_evidence, vouched=vouched, at=at)
    verdict = may_claim(facts)
    require(verdict, Conflict if isinstance(verdict, Denied) and verdict.code in OF_THE_STATE else Invalid)
    claim = Claim.objects.create(
        **naming(owned),
        unit=claimant,
        accountable=accountable,
        basis=basis,
        evidence=evidence.strip(),
        new_evidence=new_evidence.strip(),
        vouched_by_id=head_id,
        made_by_id=person_behind(by),
        made_at=at,
    )
    named: dict[str, Any] = {"claim": str(claim.pk), "unit": str(claimant.pk), "basis": basis, "head": str(head_id)}
    record(EventKind.CLAIM_ASSERTED, **told(owned, by, at), **named, accountable=accountable)
    text, link = "A claim was made in your name.", link_to(owned)
    notify(people=[head_id], kind="initiatives.claimed", text=text, link=link, by=by, at=at)
    _settle(claim, owned, by=by, at=at)
    return claim


def _required(capability_id: UUID | None) -> UUID:
    if capability_id is None:
        raise Invalid("nothing_named", "Say which initiative or capability is claimed.")
    return capability_id


def _facts(
    owned: Owned, claimant: Unit, basis: str, evidence: str, new_evidence: str, *, vouched: bool, at: datetime
) -> ClaimFacts:
    of_unit = Claim.objects.filter(**naming(owned), unit=claimant)
    lost = of_unit.filter(lost_at__isnull=False).order_by("-lost_at").first()
    settled = Contest.objects.filter(**naming(owned), state__in=[ContestState.RULED, ContestState.APPEALED]).first()
    until = None if settled is None else settled.due_at
    if settled is not None and settled.state == ContestState.RULED:
        until = settled.rulings.get(level=settled.level).ruled_at + APPEAL_WITHIN
    return ClaimFacts(
        state=InitiativeState(owned.state) if isinstance(owned, Initiative) else None,
        basis=basis,
        evidence=evidence,
        new_evidence=new_evidence,
        vouched=vouched,
        at=at,
        claimed_already=of_unit.filter(state__in=OPEN_CLAIM).exists(),
        lost_at=lost.lost_at if lost else None,
        settled_until=until,
    )


def _settle(claim: Claim, owned: Owned, *, by: Actor, at: datetime) -> None:
    """Say what the claim is: part of a contest, the owner's own, or alone so far."""
    contest = Contest.objects.filter(**naming(owned), state=ContestState.OPEN).first()
    if claim.accountable and contest is not None:
        widen_contest(contest=contest, claim=claim, owned=owned, by=by, at=at)
    elif claim.accountable and (owned.accountable_unit not in {None, claim.unit} or _others(claim, owned)):
        open_contest(owned=owned, by=by, at=at)
        claim.refresh_from_db()
    else:
        owns = claim.accountable and owned.accountable_unit == claim.unit
        claim.state = ClaimState.OWNER if owns else ClaimState.UNCONTESTED
        claim.save(update_fields=["state"])


def _others(claim: Claim, owned: Owned) -> bool:
    return Claim.objects.filter(**naming(owned), accountable=True, state__in=OPEN_CLAIM).exclude(pk=claim.pk).exists()


@transaction.atomic
def withdraw_claim(*, claim_id: UUID, by: Actor, at: datetime) -> Claim:
    """Take a claim back; the unit may claim again later. A contest with one side left ends.

    Raises:
        NotFound: "no_such_claim", also when the initiative is not theirs to see. NotAllowed: they may not speak for the unit. Conflict: "wrong_state".
    """
    found = Claim.objects.select_related("unit").filter(pk=claim_id).first()
    if found is None or not _may_know(by, found):
        raise NotFound("no_such_claim", "There is no such claim.")
    authorize(by, CLAIM, found.unit.path)
    owned = lock_owned(found)
    claim = Claim.objects.select_for_update(of=("self",)).select_related("unit", "contest").get(pk=claim_id)
    require(may_withdraw(ClaimState(claim.state)), Conflict)
    claim.state = ClaimState.WITHDRAWN
    claim.save(update_fields=["state"])
    record(EventKind.CLAIM_WITHDRAWN, **told(owned, by, at), claim=str(claim.pk), unit=str(claim.unit_id))
    if claim.contest is not None and claim.contest.state == ContestState.OPEN:
        follow_withdrawal(contest=claim.contest, owned=owned, by=by, at=at)
    return claim


def _may_know(by: Actor, claim: Claim) -> bool:
    """Say whether the actor may know of the claim: everybody does of a capability's, not everybody of an initiative's."""
    if by.person is None or claim.initiative_id is None:
        return True
    return visible_ids(standing_of(by.person)).filter(pk=claim.initiative_id).exists()


def confirm_standing(*, by: Actor, at: datetime) -> int:
    """Make claims on capabilities nobody owns stand, once nobody else has claimed for long enough; return how many."""
    since = at - STANDS_AFTER
    waiting = Claim.objects.filter(
        state=ClaimState.UNCONTESTED, accountable=True, capability__accountable_unit=None, made_at__lte=since
    )
    found = waiting.exclude(capability=None).order_by("made_at", "pk")
    return each_row("confirm_standing", found, lambda claim: _confirm(claim, by=by, at=at))


@transaction.atomic
def _confirm(found: Claim, *, by: Actor, at: datetime) -> bool:
    owned = lock_owned(found)
    claim = Claim.objects.select_for_update(of=("self",)).select_related("unit").get(pk=found.pk)
    if claim.state != ClaimState.UNCONTESTED or owned.accountable_unit is not None:
        return False
    claim.state = ClaimState.OWNER
    claim.save(update_fields=["state"])
    hand_over(owned=owned, to=claim.unit, through=Through.CLAIM, by=by, at=at)
    record(EventKind.CLAIM_CONFIRMED, **told(owned, by, at), claim=str(claim.pk), unit=str(claim.unit_id))
    return True
