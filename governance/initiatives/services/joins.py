"""Somebody asks to build along in an initiative instead of starting the same again; its unit answers."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.core.errors import Conflict, Invalid, NotAllowed, NotFound
from governance.core.verdict import require
from governance.core.wording import says_nothing
from governance.initiatives.locks import lock_initiative, person_behind, told
from governance.initiatives.models import JoinRequest
from governance.initiatives.rules import InitiativeState, may_edit
from governance.initiatives.rules.overlaps import LONGEST_REASONS, JoinState, may_answer
from governance.notices.services import notify
from governance.organisation.roles import Role
from governance.organisation.selectors import authorize, people_with

EDIT, PROPOSE = "initiatives:initiative:edit", "initiatives:initiative:propose"


@transaction.atomic
def ask_to_join(*, initiative_id: UUID, reason: str, by: Actor, at: datetime) -> JoinRequest:
    """Ask an initiative's unit to be taken on as a builder, instead of starting the same again.

    Raises:
        NotFound: "no_such_initiative". NotAllowed: the actor may propose nowhere. Conflict: "ended", "member_already",
        "asked_already". Invalid: "no_reasons".
    """
    authorize(by, PROPOSE, None)
    initiative = lock_initiative(initiative_id)
    person = person_behind(by)
    require(may_edit(InitiativeState(initiative.state)), Conflict)
    if says_nothing(reason) or len(reason) > LONGEST_REASONS:
        raise Invalid(
            "no_reasons", f"Say what you would do there, in at most {LONGEST_REASONS} characters.", field="reason"
        )
    if initiative.members.filter(person_id=person, until=None).exists():
        raise Conflict("member_already", "You are a builder of this initiative already.")
    if JoinRequest.objects.filter(initiative=initiative, person_id=person, state=JoinState.ASKED).exists():
        raise Conflict("asked_already", "You have asked already.", remedy="Wait for the answer; you are told of it.")
    asked = JoinRequest.objects.create(initiative=initiative, person_id=person, reason=reason.strip(), asked_at=at)
    record(EventKind.JOIN_ASKED, **told(initiative, by, at), join=str(asked.pk), person=str(person))
    heads = [each.pk for each in people_with(Role.UNIT_HEAD, initiative.accountable_unit.path, at=at)]
    notify(
        people=[*heads, initiative.proposed_by_id],
        kind="initiatives.join_asked",
        text=f"Somebody asks to join {initiative.title} instead of starting the same again.",
        link=f"/initiatives/{initiative.code}/",
        by=by,
        at=at,
    )
    return asked


@transaction.atomic
def answer_join(*, join_id: UUID, accept: bool, by: Actor, at: datetime) -> JoinRequest:
    """Take somebody on as a builder, or not. They are told either way.

    Raises:
        NotFound: "no_such_join". NotAllowed: the permission, or one's own request. Conflict: "answered_already", "ended".
    """
    found = JoinRequest.objects.select_for_update(of=("self",)).filter(pk=join_id).first()
    if found is None:
        raise NotFound("no_such_join", "There is no such request to join.")
    initiative = lock_initiative(found.initiative_id)
    authorize(by, EDIT, initiative.accountable_unit.path)
    answerer = person_behind(by)
    if answerer == found.person_id:
        raise NotAllowed("own_request", "Somebody of the unit answers this, not you.")
    require(may_answer(JoinState(found.state)), Conflict)
    found.state = JoinState.ACCEPTED if accept else JoinState.DECLINED
    found.answered_by_id, found.answered_at = answerer, at
    found.save(update_fields=["state", "answered_by", "answered_at"])
    if accept:
        require(may_edit(InitiativeState(initiative.state)), Conflict)
        if not initiative.members.filter(person_id=found.person_id, until=None).exists():
            initiative.members.create(person_id=found.person_id, since=at)
            record(EventKind.MEMBER_ADDED, **told(initiative, by, at), person=str(found.person_id))
    record(EventKind.JOIN_ANSWERED, **told(initiative, by, at), join=str(found.pk), state=found.state)
    notify(
        people=[found.person_id],
        kind="initiatives.join_answered",
        text=f"You are a builder of {initiative.title} now." if accept else f"{initiative.title} goes on without you.",
        link=f"/initiatives/{initiative.code}/" if accept else "/initiatives/",
        by=by,
        at=at,
    )
    return found
