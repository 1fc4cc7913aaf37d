"""What the clock does with contests: finds arbiters, reminds, confirms in silence, carries out and closes rulings."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.core.errors import DomainError
from governance.initiatives.locks import lock_contest
from governance.initiatives.models import Contest, Ruling
from governance.initiatives.rules import APPEAL_WITHIN, UNDECIDED, ContestState
from governance.initiatives.services.applying import apply_ruling
from governance.initiatives.services.contests import name_arbiter
from governance.initiatives.services.rulings import confirm_interim
from governance.initiatives.telling import contest_link, contest_told, tell
from governance.notices.services import notify
from governance.organisation.models import RoleGrant
from governance.organisation.roles import Role

MOST_AT_ONCE = 200
log = logging.getLogger(__name__)
RULING_ROLES = [Role.ARBITER, Role.UNIT_HEAD]


def tend_contests(*, by: Actor, at: datetime) -> None:
    """Do whatever is due on contests, each in a transaction of its own; doing it again changes nothing.

    In this order: who is past the due date is decided, who is half-way is reminded, who has no arbiter gets one, what
    takes effect is carried out, what nobody appealed becomes final, and reviews are asked for.
    """
    undecided = Contest.objects.filter(state__in=UNDECIDED)
    ruled = Contest.objects.filter(state__in=[ContestState.RULED, ContestState.FINAL])
    waiting = ruled.filter(rulings__applied_at=None, rulings__replaced_at=None, rulings__effective_at__lte=at)
    settled = ruled.filter(state=ContestState.RULED, rulings__ruled_at__lte=at - APPEAL_WITHIN)
    _each(undecided.filter(due_at__lte=at), confirm_interim, by, at)
    _each(undecided.filter(reminded_at=None, remind_at__lte=at), remind_of_contest, by, at)
    _each(undecided.exclude(_has_arbiter()), seek_arbiter, by, at)
    _each(waiting, carry_out, by, at)
    _each(settled, make_final, by, at)
    for ruling_id in _ids(Ruling.objects.filter(review_told_at=None, replaced_at=None, review_date__lte=at.date())):
        ask_for_review(ruling_id=ruling_id, by=by, at=at)


def _each(found: QuerySet[Contest], act: Callable[..., object], by: Actor, at: datetime) -> None:
    """Act on each contest. One that a rule stands against (a request in review, say) waits and holds up no other."""
    for contest_id in _ids(found):
        try:
            act(contest_id=contest_id, by=by, at=at)
        except DomainError as refused:
            log.warning("contest %s waits: %s", contest_id, refused.code)


def _ids(found: QuerySet[Any]) -> list[UUID]:
    return list(found.order_by("pk").values_list("pk", flat=True)[:MOST_AT_ONCE])


def _has_arbiter() -> Q:
    """Select contests whose arbiter is here and still holds a role to rule with."""
    roles = RoleGrant.objects.filter(person=OuterRef("arbiter"), role__in=RULING_ROLES, ends_at=None)
    return Q(Exists(roles), arbiter__is_active=True)


@transaction.atomic
def remind_of_contest(*, contest_id: UUID, by: Actor, at: datetime) -> None:
    """Tell the arbiter and both sides that half the time is over, once on each level."""
    contest, owned = lock_contest(contest_id)
    if contest.state not in UNDECIDED or contest.reminded_at is not None or at < contest.remind_at:
        return
    contest.reminded_at = at
    contest.save(update_fields=["reminded_at"])
    record(EventKind.CONTEST_REMINDED, **contest_told(contest, owned, by, at), due_at=contest.due_at.isoformat())
    tell(contest, "contest_due", "Half the time to rule on a contest is over.", by=by, at=at)


@transaction.atomic
def seek_arbiter(*, contest_id: UUID, by: Actor, at: datetime) -> None:  # the event is name_arbiter's
    """Name another arbiter when the one named has left or lost the role, or as soon as there is one."""
    contest, owned = lock_contest(contest_id)
    if contest.state in UNDECIDED:
        name_arbiter(contest=contest, owned=owned, by=by, at=at)


@transaction.atomic
def carry_out(*, contest_id: UUID, by: Actor, at: datetime) -> None:  # the event is apply_ruling's
    """Carry out the ruling in force when its day has come. One that is being appealed waits for the second."""
    contest, owned = lock_contest(contest_id)
    if contest.state not in {ContestState.RULED, ContestState.FINAL}:
        return
    for ruling in contest.rulings.filter(applied_at=None, replaced_at=None, effective_at__lte=at).order_by("level"):
        apply_ruling(ruling=ruling, owned=owned, by=by, at=at)


@transaction.atomic
def make_final(*, contest_id: UUID, by: Actor, at: datetime) -> None:
    """Close a contest whose ruling nobody appealed in time."""
    contest, owned = lock_contest(contest_id)
    ruling = contest.rulings.first()
    if contest.state != ContestState.RULED or ruling is None or at < ruling.ruled_at + APPEAL_WITHIN:
        return
    contest.state, contest.closed_at = ContestState.FINAL, at
    contest.save(update_fields=["state", "closed_at"])
    record(EventKind.CONTEST_ENDED, **contest_told(contest, owned, by, at), owner=str(owned.accountable_unit_id or ""))


@transaction.atomic
def ask_for_review(*, ruling_id: UUID, by: Actor, at: datetime) -> None:
    """Tell whoever ruled, once, that the day has come to look again whether the ruling was right."""
    ruling = Ruling.objects.select_for_update(of=("self",)).select_related("contest").get(pk=ruling_id)
    if ruling.review_told_at is not None:
        return
    ruling.review_told_at = at
    ruling.save(update_fields=["review_told_at"])
    contest, owned = lock_contest(ruling.contest_id)
    record(EventKind.CONTEST_REMINDED, **contest_told(contest, owned, by, at), review=ruling.review_date.isoformat())
    people = [ruling.ruled_by_id] if ruling.ruled_by_id else []
    text, link = "A ruling of yours is due for review.", contest_link(contest)
    notify(people=people, kind="initiatives.review", text=text, link=link, by=by, at=at)
