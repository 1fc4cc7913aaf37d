"""That somebody has a request open, for whoever was asked beside them. It decides nothing and reserves nothing."""

from datetime import datetime
from uuid import UUID

from governance.approvals.locks import person_of
from governance.approvals.models import Look
from governance.core.actors import Actor


def note_look(*, request_id: UUID, by: Actor, at: datetime) -> None:
    """Note that a person has a request open to decide it. Whoever shows it has asked whether they may."""
    seen = Look(request_id=request_id, person_id=person_of(by), at=at)
    Look.objects.bulk_create([seen], update_conflicts=True, unique_fields=["request", "person"], update_fields=["at"])
