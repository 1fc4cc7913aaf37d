"""One initiative goes up in another: because their heads say so, or because an arbiter does."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.core.errors import Conflict
from governance.core.verdict import require
from governance.initiatives.locks import lock_initiative, told
from governance.initiatives.models import Initiative
from governance.initiatives.rules import InitiativeState, may_edit, may_move
from governance.initiatives.selectors.overlaps import builders_of
from governance.initiatives.services.contests import end_of_object
from governance.work.consequences import follow

STOPS = frozenset({InitiativeState.ACTIVE, InitiativeState.SUSPENDED})


@transaction.atomic
def merge_initiative(*, ends_id: UUID, remains_id: UUID, by: Actor, at: datetime) -> None:
    """End one initiative; its builders go on in the other. The caller has asked whether the actor may.

    Raises:
        Conflict: "ended", "wrong_state", and what followers say, such as "being_decided".
    """
    ends, remains = lock_initiative(ends_id), lock_initiative(remains_id)
    require(may_edit(InitiativeState(remains.state)), Conflict)
    before = InitiativeState(ends.state)
    after = InitiativeState.RETIRED if before in STOPS else InitiativeState.REJECTED
    require(may_move(before, after), Conflict)
    ends.state, ends.revision = after, ends.revision + 1
    ends.save(update_fields=["state", "revision"])
    record(EventKind.INITIATIVE_MOVED, **told(ends, by, at), before=before, after=after, because="merged")
    end_of_object(owned=ends, by=by, at=at)
    add_builders(initiative=remains, people=builders_of(ends_id), by=by, at=at)
    follow("initiatives.merged", initiative_id=ends_id, remains_id=remains_id, by=by, at=at)


@transaction.atomic
def add_builders(*, initiative: Initiative, people: Iterable[UUID], by: Actor, at: datetime) -> None:
    """Let people build an initiative too; who does already goes on as before. The caller has asked the rules."""
    here = set(builders_of(initiative.pk))
    for person in sorted(set(people) - here, key=str):
        initiative.members.create(person_id=person, since=at)
        record(EventKind.MEMBER_ADDED, **told(initiative, by, at), person=str(person))
