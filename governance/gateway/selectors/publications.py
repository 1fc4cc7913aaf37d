"""Where a training set was sent, for the people who see the set."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from governance.gateway.models import Publication
from governance.gateway.rules import PublicationState

MOST = 50


@dataclass(frozen=True, slots=True)
class PublicationRow:
    """`exchange` is the call in which it was sent."""

    destination: str
    state: PublicationState
    at: datetime
    exchange: UUID


def publications_of(training_set: UUID) -> list[PublicationRow]:
    """Return when and to where a set was sent, the newest first. Whoever sees the set may see it."""
    rows = Publication.objects.filter(training_set_id=training_set).select_related("destination")
    return [
        PublicationRow(row.destination.title, PublicationState(row.state), row.begun_at, row.exchange_id)
        for row in rows.order_by("-begun_at", "-pk")[:MOST]
    ]
