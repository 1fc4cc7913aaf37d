"""Rulings: given with reasons by the arbiter, appealed once by a side that lost, or made by the clock when nobody rules."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.core.errors import Conflict, Invalid, NotAllowed
from governance.core.verdict import Denied, require
from governance.initiatives.locks import Owned, lock_contest, person_behind, sides_of
from governance.initiatives.models import Appeal, Capability, Contest, Initiative, Ruling
from governance.initiatives.rules import (
    APPEAL,
    ENDED,
    OPEN_CLAIM,
    ClaimState,
    ContestState,
    Outcome,
    Plan,
    RulingFacts,
    half_way,
    may_appeal,
    may_date,
    may_plan,
    may_reason,
    may_rule,
    owners_after,
)
from governance.initiatives.services.applying import apply_ruling
from governance.initiatives.services.contests import name_arbiter
from governance.initiatives.telling import contest_told, due_for, tell
from governance.organisation.selectors import authorize, time_zone_of, unit
from governance.work.consequences import follow

RULE, SPEAK = "initiatives:contest:rule", "initiatives:claim:assert"
REVIEW_AFTER = timedelta(days=180)
NOBODY_RULED = "Nobody ruled by the due date, so the interim owner is confirmed."
FIRST_STANDS = "Nobody ruled on the appeal by the due date, so the first ruling stands."


@transaction.atomic
def rule_on_contest(
    *, contest_id: UUID, plan: Plan, reasons: str, effective: date, review: date, by: Actor, at: datetime
) -> Ruling:
    """Decide a contest. What it changes is changed at once, or by the clock on the day `effective`.

    The first ruling may be appealed for 30 days; the second is final.

    Raises:
        NotFound: the contest, or what the plan names. NotAllowed: "not_the_arbiter". Conflict: "not_open".
        Invalid: the plan, the reasons or the dates, with the rule's code.
    """
    contest, owned = lock_contest(contest_id)
    authorize(by, RULE, None)
    person = person_behind(by)
    verdict = may_rule(ContestState(contest.state), arbiter=contest.arbiter_id, person=person)
    require(verdict, Conflict if isinstance(verdict, Denied) and verdict.code == "not_open" else NotAllowed)
    authorize(by, RULE, contest.arbiter_on.path if contest.arbiter_on else None)
    zone = time_zone_of(contest.interim_unit)
    today = at.astimezone(ZoneInfo(zone)).date()
    _require_sound(contest, owned, plan, reasons=reasons, effective=effective, review=review, today=today)
    begins = datetime.combine(effective, time.min, tzinfo=ZoneInfo(zone))
    ruling = _write(
        contest,
        plan,
        reasons=reasons.strip(),
        effective=effective,
        review=review,
        begins=max(at, begins),
        person=person,
        at=at,
    )
    if isinstance(owned, Initiative):
        datasets = [dataset for part in plan.parts for dataset in part.datasets]
        follow("initiatives.ruled", initiative_id=owned.pk, datasets=datasets, by=by, at=at)
    _close_level(contest, owned, ruling, by=by, at=at)
    return ruling


@transaction.atomic
def preview_ruling(
    *, contest_id: UUID, plan: Plan, reasons: str, effective: date, review: date, by: Actor, at: datetime
) -> None:
    """Try a ruling and undo it, so that a preview promises nothing that the rules refuse. Raises as rule_on_contest."""
    rule_on_contest(contest_id=contest_id, plan=plan, reasons=reasons, effective=effective, review=review, by=by, at=at)
    transaction.set_rollback(True)


def _require_sound(
    contest: Contest, owned: Owned, plan: Plan, *, reasons: str, effective: date, review: date, today: date
) -> None:
    sides = frozenset(side.pk for side in sides_of(contest))
    facts = RulingFacts(sides, isinstance(owned, Capability), owned.pk, today)
    require(may_plan(plan, facts), Invalid)
    require(may_reason(reasons), Invalid)
    _require_dates(effective, review, today)
    for share in plan.shares:
        unit(share.unit)
    if plan.into is not None and not Initiative.objects.filter(pk=plan.into).exclude(state__in=ENDED).exists():
        raise Invalid("no_target", "There is no such initiative, or it has ended.", field="into")


def _require_dates(effective: date, review: date, today: date) -> None:
    verdict = may_date(effective, review, today)
    if isinstance(verdict, Denied):
        field = "review" if verdict.code == "bad_review_date" else "effective"
        raise Invalid(verdict.code, verdict.reason, field=field, remedy=verdict.remedy)


def _write(
    contest: Contest,
    plan: Plan,
    *,
    reasons: str,
    effective: date,
    review: date,
    begins: datetime,
    person: UUID | None,
    at: datetime,
) -> Ruling:
    return Ruling.objects.create(
        contest=contest,
        level=contest.level,
        outcome=plan.outcome,
        unit_id=plan.unit,
        plan=plan.to_json(),
        reasons=reasons,
        effective_date=effective,
        effective_at=begins,
        review_date=review,
        ruled_by_id=person,
        ruled_on=contest.arbiter_on,
        ruled_at=at,
        appeal_of=contest.rulings.first() if contest.level == APPEAL else None,
    )


def _close_level(contest: Contest, owned: Owned, ruling: Ruling, *, by: Actor, at: datetime) -> None:
    """Say who lost, carry out what is due already, and leave the contest open to an appeal, or final."""
    is_final = ruling.level == APPEAL
    contest.state = ContestState.FINAL if is_final else ContestState.RULED
    contest.closed_at = at if is_final else None
    contest.save(update_fields=["state", "closed_at"])
    plan = Plan.of_json(ruling.plan)
    decided: dict[str, Any] = {"ruling": str(ruling.pk), "level": ruling.level, "outcome": ruling.outcome}
    record(EventKind.CONTEST_RULED, **contest_told(contest, owned, by, at), **decided, unit=str(plan.unit or ""))
    owners = owners_after(plan, target=_target_owner(plan))
    claims = contest.claims.filter(state__in=OPEN_CLAIM)
    claims.filter(unit__in=owners).update(state=ClaimState.RULED, lost_at=None)
    claims.exclude(unit__in=owners).update(state=ClaimState.RULED, lost_at=at)
    _settle_first(contest, ruling, at)
    if ruling.effective_at <= at:
        apply_ruling(ruling=ruling, owned=owned, by=by, at=at)
    tell(contest, "ruled", "A contest of yours was ruled on.", by=by, at=at)


def _target_owner(plan: Plan) -> UUID | None:
    target = Initiative.objects.filter(pk=plan.into).first() if plan.into else None
    return target.accountable_unit_id if target else None


def _settle_first(contest: Contest, ruling: Ruling, at: datetime) -> None:
    """A second ruling replaces a first one that was not carried out yet; silence on the appeal lets it stand."""
    if ruling.level == APPEAL and ruling.outcome != Outcome.CONFIRM:
        contest.rulings.filter(applied_at=None).exclude(pk=ruling.pk).update(replaced_at=at)


@transaction.atomic
def appeal_ruling(*, contest_id: UUID, unit_id: UUID, reasons: str, by: Actor, at: datetime) -> Appeal:
    """Ask for a second ruling, by somebody above the first arbiter. What took effect stays so meanwhile.

    Raises:
        NotFound: the contest or the unit. NotAllowed: the actor may not speak for the unit, or "not_a_loser".
        Conflict: "not_appealable", "appeal_too_late". Invalid: "no_reasons".
    """
    contest, owned = lock_contest(contest_id)
    speaker = unit(unit_id)
    authorize(by, SPEAK, speaker.path)
    ruling = contest.rulings.order_by("-level").first()
    plan = Plan.of_json(ruling.plan) if ruling else None
    owners = owners_after(plan, target=_target_owner(plan)) if plan else frozenset()
    verdict = may_appeal(
        ContestState(contest.state),
        ruled_at=ruling.ruled_at if ruling else None,
        at=at,
        is_side=speaker in sides_of(contest),
        lost=speaker.pk not in owners,
        reasons=reasons,
    )
    kinds = {"not_a_loser": NotAllowed, "no_reasons": Invalid}
    require(verdict, kinds.get(verdict.code, Conflict) if isinstance(verdict, Denied) else Conflict)
    appeal = Appeal.objects.create(
        contest=contest, unit=speaker, reasons=reasons.strip(), made_by_id=person_behind(by), made_at=at
    )
    record(EventKind.CONTEST_APPEALED, **contest_told(contest, owned, by, at), unit=str(speaker.pk))
    _open_second_level(contest, owned, by=by, at=at)
    return appeal


def _open_second_level(contest: Contest, owned: Owned, *, by: Actor, at: datetime) -> None:
    interim = owned.accountable_unit or contest.interim_unit
    contest.state, contest.level, contest.level_opened_at = ContestState.APPEALED, APPEAL, at
    contest.interim_unit, contest.due_at = interim, due_for(interim, at)
    contest.remind_at, contest.reminded_at = half_way(at, contest.due_at), None
    contest.save()
    contest.claims.filter(state=ClaimState.RULED).update(state=ClaimState.APPEALED)
    name_arbiter(contest=contest, owned=owned, by=by, at=at)
    tell(contest, "appealed", "A ruling on a contest of yours was appealed.", by=by, at=at)


@transaction.atomic
def confirm_interim(*, contest_id: UUID, by: Actor, at: datetime) -> Ruling | None:
    """Decide a contest that nobody ruled on by its due date: who answers for it now goes on to; None when it is not due.

    On an appeal the first ruling stands, and is carried out if it was not yet.
    """
    contest, owned = lock_contest(contest_id)
    if contest.state not in {ContestState.OPEN, ContestState.APPEALED} or at < contest.due_at:
        return None
    first = contest.rulings.first()
    if first and first.applied_at is None:
        apply_ruling(ruling=first, owned=owned, by=by, at=at)
    owner = owned.accountable_unit or contest.interim_unit
    plan = replace(Plan.of_json(first.plan), outcome=Outcome.CONFIRM) if first else Plan(Outcome.CONFIRM, owner.pk)
    today = at.astimezone(ZoneInfo(time_zone_of(owner))).date()
    reasons = FIRST_STANDS if first else NOBODY_RULED
    review = today + REVIEW_AFTER
    ruling = _write(contest, plan, reasons=reasons, effective=today, review=review, begins=at, person=None, at=at)
    _close_level(contest, owned, ruling, by=by, at=at)
    return ruling
