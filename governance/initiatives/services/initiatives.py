"""Initiatives: proposed, described, moved along their states, joined by builders."""

from contextlib import suppress
from datetime import datetime
from typing import TypedDict, Unpack
from uuid import UUID

from django.db import connection, transaction

from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.core.errors import Conflict, Invalid, NotAllowed, NotFound
from governance.core.ids import slug
from governance.core.revisions import require_fresh
from governance.core.verdict import require
from governance.initiatives.locks import lock_initiative, person_behind, told
from governance.initiatives.models import Initiative, Member
from governance.initiatives.rules import (
    ENDED,
    AiActClass,
    InitiativeState,
    Involvement,
    Through,
    Tier,
    free_code,
    may_describe,
    may_edit,
    may_move,
)
from governance.initiatives.services.contests import end_of_object
from governance.organisation.models import Person, Unit
from governance.organisation.selectors import authorize, unit

PROPOSE, EDIT, CLAIM = "initiatives:initiative:propose", "initiatives:initiative:edit", "initiatives:claim:assert"


class InitiativeChanges(TypedDict, total=False):
    """What may be changed about an initiative; what is left out stays."""

    title: str
    purpose_text: str
    tier: str
    ai_act_class: str
    human_oversight: str
    accuracy_need: str


@transaction.atomic
def propose_initiative(
    *,
    title: str,
    purpose_text: str,
    unit_id: UUID,
    by: Actor,
    at: datetime,
    tier: str = Tier.LOW,
    ai_act_class: str = AiActClass.MINIMAL,
    human_oversight: str = "",
    accuracy_need: str = "",
) -> Initiative:
    """Write down an idea. Its unit is accountable from the first day; the proposer is its first builder.

    Raises:
        NotAllowed: the actor may not propose for this unit. Invalid: what the rules forbid, with the rule's code.
    """
    owner = unit(unit_id)
    authorize(by, PROPOSE, owner.path)
    require(may_describe(title=title, purpose_text=purpose_text, tier=tier, ai_act_class=ai_act_class), Invalid)
    proposer = person_behind(by)
    return begin_initiative(
        owner=owner,
        proposer=proposer,
        through=Through.PROPOSAL,
        by=by,
        at=at,
        title=title.strip(),
        purpose_text=purpose_text.strip(),
        tier=tier,
        ai_act_class=ai_act_class,
        human_oversight=human_oversight.strip(),
        accuracy_need=accuracy_need.strip(),
    )


@transaction.atomic
def begin_initiative(
    *, owner: Unit, proposer: UUID, through: Through, by: Actor, at: datetime, **described: str
) -> Initiative:
    """Write an initiative down, its unit accountable and `proposer` its first builder. The caller has asked the rules."""
    initiative = Initiative.objects.create(
        code=_new_code(described["title"]),
        accountable_unit=owner,
        proposed_by_id=proposer,
        created_at=at,
        **described,
    )
    initiative.members.create(person_id=proposer, since=at)
    initiative.accountabilities.create(unit=owner, since=at, through=through)
    every_event = told(initiative, by, at)
    record(EventKind.INITIATIVE_PROPOSED, **every_event, code=initiative.code, tier=initiative.tier)
    record(EventKind.MEMBER_ADDED, **every_event, person=str(proposer))
    return initiative


@transaction.atomic
def edit_initiative(
    *, initiative_id: UUID, revision: int, by: Actor, at: datetime, **changes: Unpack[InitiativeChanges]
) -> Initiative:
    """Change what is said of an initiative. What was approved is its remit, which this does not touch.

    Raises:
        NotAllowed: the actor may not. Conflict: "stale_revision", "ended". Invalid: with the rule's code.
    """
    initiative = lock_initiative(initiative_id)
    authorize(by, EDIT, initiative.accountable_unit.path)
    require(may_edit(InitiativeState(initiative.state)), Conflict)
    require_fresh(held=initiative.revision, seen=revision)
    changed = sorted(name for name, value in changes.items() if getattr(initiative, name) != value)
    if not changed:
        return initiative
    for name, value in changes.items():
        setattr(initiative, name, value)
    described = {name: getattr(initiative, name) for name in ("title", "purpose_text", "tier", "ai_act_class")}
    require(may_describe(**described), Invalid)
    initiative.revision += 1
    initiative.save()
    record(EventKind.INITIATIVE_EDITED, **told(initiative, by, at), fields=changed, revision=initiative.revision)
    return initiative


@transaction.atomic
def move_initiative(*, initiative_id: UUID, to: InitiativeState, by: Actor, at: datetime) -> Initiative:
    """Take the step that the outcome of a remit asks for (proposed, active, rejected).

    The caller has asked whether the actor may: an approver who approves a remit need not be allowed to edit initiatives.

    Raises:
        Conflict: "wrong_state".
    """
    initiative = lock_initiative(initiative_id)
    return _step(initiative, to, by=by, at=at)


@transaction.atomic
def suspend_initiative(*, initiative_id: UUID, by: Actor, at: datetime) -> Initiative:
    """Stop an active initiative: its keys open nothing until it is resumed.

    Raises:
        NotAllowed: the actor may not. Conflict: "wrong_state".
    """
    initiative = lock_initiative(initiative_id)
    authorize(by, EDIT, initiative.accountable_unit.path)
    return _step(initiative, InitiativeState.SUSPENDED, by=by, at=at)


@transaction.atomic
def resume_initiative(*, initiative_id: UUID, by: Actor, at: datetime) -> Initiative:
    """Let a suspended initiative go on.

    Raises:
        NotAllowed: the actor may not. Conflict: "wrong_state".
    """
    initiative = lock_initiative(initiative_id)
    authorize(by, EDIT, initiative.accountable_unit.path)
    return _step(initiative, InitiativeState.ACTIVE, by=by, at=at)


@transaction.atomic
def retire_initiative(*, initiative_id: UUID, by: Actor, at: datetime) -> Initiative:
    """End an initiative for good.

    Raises:
        NotAllowed: the actor may not. Conflict: "wrong_state".
    """
    initiative = lock_initiative(initiative_id)
    authorize(by, EDIT, initiative.accountable_unit.path)
    return _step(initiative, InitiativeState.RETIRED, by=by, at=at)


@transaction.atomic
def add_member(*, initiative_id: UUID, person_id: UUID, by: Actor, at: datetime) -> Member:
    """Make somebody a builder: they may hold the initiative's keys and justify its prompts.

    Raises:
        NotAllowed: the actor may not. NotFound: "no_such_person". Conflict: "ended", "member_already".
    """
    initiative = lock_initiative(initiative_id)
    _authorize_team(by, initiative)
    require(may_edit(InitiativeState(initiative.state)), Conflict)
    if not Person.objects.filter(pk=person_id, is_active=True).exists():
        raise NotFound("no_such_person", "There is no such person, or they have left.", field="person")
    if initiative.members.filter(person_id=person_id, until=None).exists():
        raise Conflict("member_already", "This person is a builder of the initiative already.", field="person")
    member = initiative.members.create(person_id=person_id, since=at)
    record(EventKind.MEMBER_ADDED, **told(initiative, by, at), person=str(person_id))
    return member


@transaction.atomic
def remove_member(*, initiative_id: UUID, person_id: UUID, by: Actor, at: datetime) -> Member:
    """End somebody's time as a builder.

    Raises:
        NotAllowed: the actor may not. NotFound: "no_such_member".
    """
    initiative = lock_initiative(initiative_id)
    _authorize_team(by, initiative)
    member = initiative.members.filter(person_id=person_id, until=None).first()
    if member is None:
        raise NotFound("no_such_member", "This person is no builder of the initiative.", field="person")
    member.until = at
    member.save(update_fields=["until"])
    record(EventKind.MEMBER_REMOVED, **told(initiative, by, at), person=str(person_id))
    return member


def _authorize_team(by: Actor, initiative: Initiative) -> None:
    """Let the owner's people choose builders, and those of a unit that a ruling made responsible beside it."""
    try:
        authorize(by, EDIT, initiative.accountable_unit.path)
    except NotAllowed:
        responsible = initiative.involved.filter(until=None, involvement=Involvement.RESPONSIBLE)
        for path in responsible.values_list("unit__path", flat=True):
            with suppress(NotAllowed):
                return authorize(by, EDIT, path)
        raise


def _step(initiative: Initiative, to: InitiativeState, *, by: Actor, at: datetime) -> Initiative:
    """Change the state of a locked initiative, end what ends with it, and tell of it."""
    before = InitiativeState(initiative.state)
    require(may_move(before, to), Conflict)
    initiative.state = to
    initiative.revision += 1
    initiative.save(update_fields=["state", "revision"])
    if to in ENDED:
        end_of_object(owned=initiative, by=by, at=at)
    record(EventKind.INITIATIVE_MOVED, **told(initiative, by, at), before=before, after=to)
    return initiative


def _new_code(title: str) -> str:
    """Return a free code. Whoever else wants one waits until we have committed ours."""
    stem = slug(title, limit=40) or "initiative"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('initiative code', 0))")
    return free_code(stem, Initiative.objects.filter(code__startswith=stem).values_list("code", flat=True))
