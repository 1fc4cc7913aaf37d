"""Training sets of which nobody knows whether the provider has them: noticed by the clock, settled by a person who looked there."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.core.errors import Conflict, NotAllowed, NotFound
from governance.core.verdict import Denied
from governance.gateway.models import Publication
from governance.gateway.rules import PUBLICATION_DUE_AFTER, PublicationState, may_settle
from governance.gateway.selectors.publications import SETTLE, asked_by
from governance.notices.services import notify
from governance.organisation.selectors import authorize, who_may
from governance.training.models import ReleasePermit, TrainingSet
from governance.training.rules import TrainingSetState
from governance.work.batches import each_row


def notice_possibly_sent(*, by: Actor, at: datetime) -> int:
    """Tell those who can settle it of every set that was possibly sent, once; return of how many. The clock calls this."""
    overdue = Q(state=PublicationState.SENDING, begun_at__lte=at - PUBLICATION_DUE_AFTER)
    untold = Publication.objects.filter(overdue | Q(state=PublicationState.UNKNOWN), told_at=None)
    keys = untold.order_by("begun_at", "pk").values_list("pk", flat=True)
    return each_row("notice_possibly_sent", list(keys), lambda key: _notice(key, by=by, at=at))


@transaction.atomic
def _notice(key: UUID, *, by: Actor, at: datetime) -> bool:
    row = _locked(key)
    if row is None or row.told_at or row.state not in {PublicationState.SENDING, PublicationState.UNKNOWN}:
        return False
    # Not ended: should whoever sends it be alive after all, what they write down still counts.
    row.state, row.told_at = PublicationState.UNKNOWN, at
    row.save(update_fields=["state", "told_at"])
    _record(EventKind.TRAINING_SET_POSSIBLY_SENT, row, by=by, at=at)
    people = {each.id for each in who_may(SETTLE, _path_of(row))} - {asked_by(row)}
    text = (
        f"Nobody knows whether {row.training_set.title} reached {row.destination.title}. Look there, and say so here."
    )
    link = f"/training-sets/{row.training_set_id}/"
    notify(people=people, kind="gateway.set_possibly_sent", text=text, link=link, by=by, at=at)
    return True


@transaction.atomic
def settle_publication(
    *, publication_id: UUID, training_set_id: UUID, arrived: bool, by: Actor, at: datetime
) -> Publication:
    """Keep what a person saw at the provider. A set that did not arrive may be sent again by the same release.

    Raises:
        NotFound: `no_publication`. NotAllowed: the permission, `own_release`. Conflict: `not_possibly_sent`.
    """
    row = _locked(publication_id)
    if row is None or row.training_set_id != training_set_id:
        raise NotFound("no_publication", "This training set was not sent in such a call.")
    authorize(by, SETTLE, _path_of(row))
    may = may_settle(PublicationState(row.state), asked_by=asked_by(row), person=by.person)
    if isinstance(may, Denied):
        raise (NotAllowed if may.code == "own_release" else Conflict)(may.code, may.reason, remedy=may.remedy)
    row.state = PublicationState.ARRIVED if arrived else PublicationState.FAILED
    row.ended_at, row.settled_by_id = at, by.person
    row.save(update_fields=["state", "ended_at", "settled_by"])
    if arrived:
        sent = TrainingSet.objects.filter(pk=row.training_set_id, state=TrainingSetState.RELEASABLE)
        sent.update(state=TrainingSetState.RELEASED)
    else:
        ReleasePermit.objects.filter(pk=row.permit_id).update(used_at=None)
    _record(EventKind.TRAINING_SET_SETTLED, row, by=by, at=at, arrived=arrived)
    return row


def _locked(key: UUID) -> Publication | None:
    rows = Publication.objects.select_related("training_set__initiative__accountable_unit", "destination")
    return rows.select_for_update(of=["self"]).filter(pk=key).first()


def _path_of(row: Publication) -> str:
    return row.training_set.initiative.accountable_unit.path


def _record(kind: EventKind, row: Publication, *, by: Actor, at: datetime, **more: Any) -> None:
    subject = f"training_set:{row.training_set_id}"
    detail = {"exchange": str(row.exchange_id), "permit": str(row.permit_id), "digest": row.training_set.digest}
    detail["destination"] = row.destination.ref
    record(kind, subject=subject, by=by, at=at, unit_path=_path_of(row), **detail, **more)
