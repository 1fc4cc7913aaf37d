"""Contests: opened by a second claim, widened by a third, talked about, ended when one side is left."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.core.errors import Conflict, Invalid, NotAllowed
from governance.core.revisions import require_fresh
from governance.core.verdict import Denied, require
from governance.initiatives.locks import Owned, lock_contest, naming, person_behind, sides_of
from governance.initiatives.models import Claim, Contest, ContestComment, Statement
from governance.initiatives.rules import (
    APPEAL,
    OPEN_CLAIM,
    UNDECIDED,
    Basis,
    ClaimState,
    ContestState,
    Side,
    Through,
    choose_arbiter,
    half_way,
    interim_unit,
    may_comment,
    may_state,
)
from governance.initiatives.services.ownership import hand_over
from governance.initiatives.telling import contest_link, contest_told, due_for, tell
from governance.notices.services import notify
from governance.organisation.models import Unit
from governance.organisation.roles import Role
from governance.organisation.selectors import Holder, authorize, authorize_on_one, holders_above, root_unit, unit

SPEAK, COMMENT = "initiatives:claim:assert", "initiatives:contest:comment"


@transaction.atomic
def open_contest(*, owned: Owned, by: Actor, at: datetime) -> Contest:
    """Begin a contest between everybody who claims `owned`, which the caller has locked, and its standing owner.

    Nothing pauses: the standing owner answers for it meanwhile; a capability nobody owned gets an interim owner.
    """
    claims = Claim.objects.filter(**naming(owned), accountable=True, state__in=OPEN_CLAIM).select_related("unit")
    sides = [Side(claim.unit_id, Basis(claim.basis), claim.made_at) for claim in claims]
    standing = owned.accountable_unit
    interim = unit(interim_unit(standing.pk if standing else None, sides))
    hand_over(owned=owned, to=interim, through=Through.INTERIM, by=by, at=at)
    due = due_for(interim, at)
    contest = Contest.objects.create(
        **naming(owned),
        standing_unit=standing,
        interim_unit=interim,
        opened_at=at,
        level_opened_at=at,
        due_at=due,
        remind_at=half_way(at, due),
    )
    claims.update(state=ClaimState.CONTESTED, contest=contest)
    record(EventKind.CONTEST_OPENED, **contest_told(contest, owned, by, at), interim=str(interim.pk), claims=len(sides))
    name_arbiter(contest=contest, owned=owned, by=by, at=at)
    tell(contest, "contested", "Two or more units claim the same. Say why it is yours.", by=by, at=at)
    return contest


@transaction.atomic
def widen_contest(*, contest: Contest, claim: Claim, owned: Owned, by: Actor, at: datetime) -> None:
    """Let one more claim join an open contest; its arbiter must be above this side too."""
    claim.state, claim.contest = ClaimState.CONTESTED, contest
    claim.save(update_fields=["state", "contest"])
    record(
        EventKind.CONTEST_WIDENED, **contest_told(contest, owned, by, at), claim=str(claim.pk), unit=str(claim.unit_id)
    )
    name_arbiter(contest=contest, owned=owned, by=by, at=at)
    tell(contest, "contested", "Another unit has joined a contest of yours.", by=by, at=at)


@transaction.atomic
def name_arbiter(*, contest: Contest, owned: Owned, by: Actor, at: datetime) -> None:
    """Name who rules: the nearest arbiter above all sides and of none of them; on appeal, above the first arbiter.

    When the policy yields the same person nothing changes. When it yields nobody the contest waits for one.
    """
    chosen = _arbiter_for(contest, at)
    if contest.arbiter_id == (chosen.person if chosen else None):
        return
    contest.arbiter_id = chosen.person if chosen else None
    contest.arbiter_on = Unit.objects.get(path=chosen.held_on) if chosen else None
    contest.save(update_fields=["arbiter", "arbiter_on"])
    named: dict[str, Any] = {"arbiter": str(contest.arbiter_id or ""), "level": contest.level}
    record(EventKind.ARBITER_NAMED, **contest_told(contest, owned, by, at), **named)
    if chosen:
        text = "You are asked to rule on a contest."
        notify(people=[chosen.person], kind="initiatives.rule", text=text, link=contest_link(contest), by=by, at=at)


def _arbiter_for(contest: Contest, at: datetime) -> Holder | None:
    paths = [side.path for side in sides_of(contest)]
    arbiters = [holder for path in paths[:1] for holder in holders_above(Role.ARBITER, path, at=at)]
    first = contest.rulings.first() if contest.level == APPEAL else None
    if first is None:
        return choose_arbiter(arbiters, paths, kept=contest.arbiter_id)
    kept, apart, ruled_on = contest.arbiter_id, first.ruled_by_id, first.ruled_on.path if first.ruled_on else ""
    top = root_unit()
    leaders = holders_above(Role.UNIT_HEAD, top.path, at=at) if top else []
    return choose_arbiter(arbiters, paths, below=ruled_on, apart=apart, kept=kept) or choose_arbiter(
        leaders, paths, apart=apart, kept=kept
    )


@transaction.atomic
def follow_withdrawal(*, contest: Contest, owned: Owned, by: Actor, at: datetime) -> None:
    """Go on with the sides that are left, or end the contest when only one is: it answers for it then."""
    left = sides_of(contest)
    if not left:
        end_contest(contest=contest, owned=owned, owner=contest.interim_unit, by=by, at=at)
    elif len(left) == 1:
        end_contest(contest=contest, owned=owned, owner=left[0], by=by, at=at)
    else:
        record(EventKind.CONTEST_WIDENED, **contest_told(contest, owned, by, at), sides=len(left))
        name_arbiter(contest=contest, owned=owned, by=by, at=at)


@transaction.atomic
def end_contest(*, contest: Contest, owned: Owned, owner: Unit, by: Actor, at: datetime) -> None:
    """Close a contest without a ruling: one side is left, both heads agreed, or there is nothing left to own."""
    contest.state, contest.closed_at = ContestState.ENDED, at
    contest.save(update_fields=["state", "closed_at"])
    record(EventKind.CONTEST_ENDED, **contest_told(contest, owned, by, at), owner=str(owner.pk))
    hand_over(owned=owned, to=owner, through=Through.CLAIM, by=by, at=at)
    left = contest.claims.filter(state__in=OPEN_CLAIM)
    left.exclude(unit=owner).update(state=ClaimState.WITHDRAWN)
    left.filter(unit=owner).update(state=ClaimState.OWNER)
    tell(contest, "contest_ended", "A contest of yours has ended without a ruling.", by=by, at=at)


@transaction.atomic
def end_of_object(*, owned: Owned, by: Actor, at: datetime) -> None:
    """End what nobody has ruled on yet about a thing that has itself ended: there is nothing left to own."""
    for contest in owned.contests.filter(state__in=UNDECIDED):
        owner = owned.accountable_unit or contest.interim_unit
        end_contest(contest=contest, owned=owned, owner=owner, by=by, at=at)


@transaction.atomic
def write_statement(
    *, contest_id: UUID, unit_id: UUID, text: str, by: Actor, at: datetime, revision: int = 0
) -> Statement:
    """Say, or say again, why it belongs to a unit. `revision` is the one the form was opened with, 0 for the first time.

    Raises:
        NotFound: the contest or the unit. NotAllowed: the actor may not speak for the unit, or it is no side.
        Conflict: "not_open", "stale_revision". Invalid: "bad_statement".
    """
    contest, owned = lock_contest(contest_id)
    speaker = unit(unit_id)
    authorize(by, SPEAK, speaker.path)
    if speaker not in sides_of(contest):
        raise NotAllowed("not_a_side", "Only a unit that claims it, or owns it, makes a statement.")
    verdict = may_state(ContestState(contest.state), text)
    require(verdict, Conflict if isinstance(verdict, Denied) and verdict.code == "not_open" else Invalid)
    held = contest.statements.filter(unit=speaker, level=contest.level).first()
    require_fresh(held=held.revision if held else 0, seen=revision)
    statement = held or Statement(contest=contest, unit=speaker, level=contest.level, revision=0)
    statement.text, statement.written_by_id, statement.written_at = text.strip(), person_behind(by), at
    statement.revision += 1
    statement.save()
    # The words stay out of the log: what people write may name people.
    named: dict[str, Any] = {"unit": str(speaker.pk), "level": contest.level, "revision": statement.revision}
    record(EventKind.STATEMENT_WRITTEN, **contest_told(contest, owned, by, at), **named, characters=len(statement.text))
    return statement


@transaction.atomic
def comment_contest(*, contest_id: UUID, text: str, by: Actor, at: datetime) -> ContestComment:
    """Say something to everybody in the contest. The door has asked whether the actor may see it.

    Raises:
        NotFound: the contest. NotAllowed: the actor may not comment for any of its sides. Invalid: "bad_comment".
    """
    contest, owned = lock_contest(contest_id)
    _authorize_remark(by, contest)
    require(may_comment(text), Invalid)
    said = contest.comments.create(author_id=person_behind(by), text=text.strip(), at=at)
    record(
        EventKind.CONTEST_COMMENTED,
        **contest_told(contest, owned, by, at),
        comment=str(said.pk),
        characters=len(said.text),
    )
    tell(contest, "contest_commented", "Somebody commented on a contest of yours.", by=by, at=at)
    return said


def _authorize_remark(by: Actor, contest: Contest) -> None:
    """Let those comment who may on any of the sides, or above it; a role on a unit that is no side is not enough."""
    authorize_on_one(by, COMMENT, {side.path for side in (*sides_of(contest), contest.interim_unit)})
