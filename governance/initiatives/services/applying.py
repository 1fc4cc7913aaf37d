"""A ruling takes effect: owner, builders and grants change together, in the transaction of the caller."""

from datetime import datetime
from typing import Any

from django.db import transaction

from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.initiatives.locks import Owned, lock_initiative, naming, told
from governance.initiatives.models import Claim, Initiative, Involved, Ruling
from governance.initiatives.rules import ENDED, InitiativeState, Outcome, Part, Plan, Through
from governance.initiatives.services.initiatives import begin_initiative
from governance.initiatives.services.merging import add_builders, merge_initiative
from governance.initiatives.services.ownership import hand_over
from governance.organisation.models import Membership, Unit
from governance.work.consequences import follow


@transaction.atomic
def apply_ruling(*, ruling: Ruling, owned: Owned, by: Actor, at: datetime) -> None:
    """Carry out what a ruling says, once. `owned` and the contest are locked by the caller."""
    if ruling.applied_at is not None or ruling.replaced_at is not None:
        return
    ruling.applied_at = at
    ruling.save(update_fields=["applied_at"])
    plan = Plan.of_json(ruling.plan)
    record(EventKind.RULING_APPLIED, **told(owned, by, at), ruling=str(ruling.pk), outcome=plan.outcome)
    if plan.unit is not None and plan.outcome is not Outcome.CONFIRM:
        hand_over(owned=owned, to=Unit.objects.get(pk=plan.unit), through=Through.RULING, by=by, at=at)
    if plan.outcome is Outcome.SHARE:
        _involve(owned, plan, by=by, at=at)
    if isinstance(owned, Initiative):
        for part in plan.parts if plan.outcome is Outcome.SPLIT else ():
            _cut_out(owned, ruling, part, by=by, at=at)
        if plan.outcome is Outcome.MERGE:
            _join(owned, plan, by=by, at=at)


def _involve(owned: Owned, plan: Plan, *, by: Actor, at: datetime) -> None:
    """Give units their parts; what was shared before ends."""
    Involved.objects.filter(**naming(owned), until=None).update(until=at)
    for share in plan.shares:
        Involved.objects.create(**naming(owned), unit_id=share.unit, involvement=share.involvement, since=at)
        named: dict[str, Any] = {"unit": str(share.unit), "involvement": share.involvement}
        record(EventKind.INITIATIVE_SHARED, **told(owned, by, at), **named)


def _cut_out(source: Initiative, ruling: Ruling, part: Part, *, by: Actor, at: datetime) -> None:
    """Make one part an initiative of its own: its unit's builders join it, and the grants to its datasets move to it."""
    unit = Unit.objects.get(pk=part.unit)
    claim = Claim.objects.filter(contest=ruling.contest, unit=unit).first()
    cut = begin_initiative(
        owner=unit,
        proposer=claim.made_by_id if claim else source.proposed_by_id,
        through=Through.RULING,
        by=by,
        at=at,
        title=part.title.strip(),
        purpose_text=part.purpose_text.strip(),
        tier=source.tier,
        ai_act_class=source.ai_act_class,
        human_oversight=source.human_oversight,
        accuracy_need=source.accuracy_need,
    )
    theirs = Membership.objects.filter(unit=unit, ends_at=None).values("person")
    builders = source.members.filter(until=None, person__in=theirs).values_list("person_id", flat=True)
    add_builders(initiative=cut, people=builders, by=by, at=at)
    follow("initiatives.split", initiative_id=source.pk, part_id=cut.pk, datasets=list(part.datasets), by=by, at=at)


def _join(source: Initiative, plan: Plan, *, by: Actor, at: datetime) -> None:
    """Let an initiative go up in another: its builders join that one, and its grants end or are proposed there.

    If that one has ended since the ruling, its unit still answers for this one, which then goes on by itself.
    """
    if plan.into is None:
        return
    target = lock_initiative(plan.into)
    hand_over(owned=source, to=target.accountable_unit, through=Through.RULING, by=by, at=at)
    if InitiativeState(target.state) not in ENDED and InitiativeState(source.state) not in ENDED:
        merge_initiative(ends_id=source.pk, remains_id=target.pk, by=by, at=at)
        source.refresh_from_db()
