"""Where a training set was sent, for the people who see the set."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from governance.gateway.models import Publication
from governance.gateway.rules import PublicationState, may_settle
from governance.organisation.permissions import Standing, may
from governance.training.models import ReleaseRequest

MOST = 50
SETTLE = "gateway:publication:settle"


@dataclass(frozen=True, slots=True)
class PublicationRow:
    """`exchange` is the call in which it was sent, `settled_by` who said what became of it, "" where the provider did.

    `may_settle`: the reader can say what became of it, for nobody knows.
    """

    id: UUID
    destination: str
    destination_ref: str
    state: PublicationState
    at: datetime
    exchange: UUID
    settled_by: str
    settled_at: datetime | None
    may_settle: bool


def publications_of(training_set: UUID, *, unit_path: str, standing: Standing) -> list[PublicationRow]:
    """Return when and to where a set was sent, the newest first. Whoever sees the set, which is of `unit_path`, may see it."""
    rows = Publication.objects.filter(training_set_id=training_set).select_related("destination", "settled_by")
    held = bool(may(standing, SETTLE, unit_path))
    return [
        _row_of(row, may_settle=held and _can_tell(row, standing)) for row in rows.order_by("-begun_at", "-pk")[:MOST]
    ]


def asked_by(row: Publication) -> UUID | None:
    """Return who asked for the release by which it was sent."""
    return ReleaseRequest.objects.filter(permit_id=row.permit_id).values_list("asked_by", flat=True).first()


def _can_tell(row: Publication, standing: Standing) -> bool:
    """At most one for each release permit is possibly sent, so who asked is looked up for few."""
    state = PublicationState(row.state)
    return state is PublicationState.UNKNOWN and bool(may_settle(state, asked_by=asked_by(row), person=standing.person))


def _row_of(row: Publication, *, may_settle: bool) -> PublicationRow:
    return PublicationRow(
        id=row.pk,
        destination=row.destination.title,
        destination_ref=row.destination.ref,
        state=PublicationState(row.state),
        at=row.begun_at,
        exchange=row.exchange_id,
        settled_by=row.settled_by.name if row.settled_by else "",
        settled_at=row.ended_at if row.settled_by else None,
        may_settle=may_settle,
    )
