"""Ask whether a set may go to a destination, and give the release permit when people said yes."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from governance.approvals.services import open_request
from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.core.canonical import canonical
from governance.core.errors import Invalid, NotFound
from governance.core.verdict import require
from governance.destinations.models import Destination
from governance.destinations.selectors import terms_in_force
from governance.organisation.selectors import authorize
from governance.training.models import ReleasePermit, ReleaseRequest, TrainingSet
from governance.training.rules import TrainingSetState, may_ask_release, may_move
from governance.training.selectors import destinations_granted, keeps_to_demand
from governance.training.signing import sign
from governance.work.consequences import follow

PERMIT_LIFE = timedelta(days=7)


@transaction.atomic
def ask_release(*, training_set_id: UUID, destination_id: UUID, by: Actor, at: datetime) -> ReleaseRequest:
    """Open the approval of sending exactly these bytes to this destination under its present terms.

    Raises:
        NotAllowed: a code of `rules.may_ask_release`, `stopped`, or `not_permitted`.
        NotFound: `no_training_set`, `no_destination`.
    """
    row = _locked(training_set_id)
    unit_path = row.initiative.accountable_unit.path
    authorize(by, "training:set:ask_release", unit_path)
    destination = Destination.objects.filter(pk=destination_id).first()
    if destination is None:
        raise NotFound("no_destination", "There is no such destination.", field="destination")
    granted = destination in destinations_granted(row.initiative_id, at=at)
    kept_to = keeps_to_demand(row, at=at)
    require(may_ask_release(TrainingSetState(row.state), row.counts, granted=granted, kept_to=kept_to))
    require(may_move(TrainingSetState(row.state), TrainingSetState.IN_REVIEW))
    _let_follow("training.release_asked", row, destination.pk, by=by, at=at)
    if by.person is None:
        raise Invalid("no_person", "A release needs a person who asks for it.")
    asked = ReleaseRequest.objects.create(
        training_set=row,
        destination=destination,
        terms=terms_in_force(destination.pk, at=at),
        asked_by_id=by.person,
        asked_at=at,
    )
    row.state = TrainingSetState.IN_REVIEW
    row.save(update_fields=["state"])
    _tell(EventKind.TRAINING_RELEASE_ASKED, row, by, at, release=str(asked.pk), destination=destination.ref)
    open_request(subject_kind="training_release", subject_id=asked.pk, by=by, at=at)
    return asked


@transaction.atomic
def issue_permit(*, release_id: UUID, by: Actor, at: datetime) -> ReleasePermit:
    """Sign the right to send exactly these bytes to exactly one destination, for a week.

    Raises:
        NotAllowed: `stopped`: the last yes is not taken while a stop holds, and can be given once it is lifted.
    """
    asked = (
        ReleaseRequest.objects.select_related("destination", "terms").select_for_update(of=["self"]).get(pk=release_id)
    )
    row = _locked(asked.training_set_id)
    require(may_move(TrainingSetState(row.state), TrainingSetState.RELEASABLE))
    _let_follow("training.release_permitted", row, asked.destination_id, by=by, at=at)
    body = _permit_body(row, asked, at)
    permit = ReleasePermit.objects.create(
        training_set=row,
        destination=asked.destination,
        terms=asked.terms,
        digest=row.digest,
        body=body,
        signature=sign(canonical(body)),
        issued_at=at,
        expires_at=at + PERMIT_LIFE,
    )
    asked.permit = permit
    asked.save(update_fields=["permit"])
    row.state = TrainingSetState.RELEASABLE
    row.save(update_fields=["state"])
    _tell(EventKind.RELEASE_PERMIT_ISSUED, row, by, at, permit=str(permit.pk), destination=asked.destination.ref)
    return permit


@transaction.atomic
def close_release(*, release_id: UUID, by: Actor, at: datetime) -> TrainingSet:
    """The approvers said no, or the asker took it back: the set is what its scan says it is."""
    asked = ReleaseRequest.objects.get(pk=release_id)
    row = _locked(asked.training_set_id)
    row.state = TrainingSetState.FINDINGS if row.counts else TrainingSetState.CLEAN
    row.save(update_fields=["state"])
    _tell(EventKind.TRAINING_RELEASE_CLOSED, row, by, at, release=str(release_id))
    return row


def _let_follow(happening: str, row: TrainingSet, destination: UUID, *, by: Actor, at: datetime) -> None:
    """Let the areas above object. Raises NotAllowed: `stopped`."""
    follow(happening, initiative_id=row.initiative_id, destination_id=destination, by=by, at=at)


def _permit_body(row: TrainingSet, asked: ReleaseRequest, at: datetime) -> dict[str, Any]:
    """Return what the signature is over: the bytes, the place they may go to, the terms, and how long."""
    return {
        "v": 1,
        "training_set": row.digest,
        "bytes": row.bytes,
        "ruleset": row.ruleset_digest,
        "destination": asked.destination.ref,
        "terms": asked.terms.digest,
        "issued_at": at.isoformat(),
        "expires_at": (at + PERMIT_LIFE).isoformat(),
    }


def _locked(training_set_id: UUID) -> TrainingSet:
    rows = TrainingSet.objects.select_related("initiative__accountable_unit").select_for_update(of=["self"])
    row = rows.filter(pk=training_set_id).first()
    if row is None:
        raise NotFound("no_training_set", "There is no such training set.")
    return row


def _tell(kind: EventKind, row: TrainingSet, by: Actor, at: datetime, **detail: Any) -> None:
    unit_path = row.initiative.accountable_unit.path
    record(kind, subject=f"training_set:{row.pk}", by=by, at=at, unit_path=unit_path, digest=row.digest, **detail)
