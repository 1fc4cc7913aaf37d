"""Who has a request open just now, so that two people of one pool do not read the same."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from governance.approvals.models import Look

LOOK_LASTS = timedelta(minutes=15)


def looking(asked: Mapping[UUID, Iterable[UUID]], *, but: UUID, at: datetime) -> dict[UUID, tuple[str, ...]]:
    """Return, for each request, who of those `asked` has it open, by name; not the reader themselves. One query.

    Shape: `asked` is the id of a request -> ids of those who could take the reader's seat instead of them.
    """
    beside = {request: frozenset(people) - {but} for request, people in asked.items()}
    fresh = Look.objects.filter(request__in=list(beside), at__gt=at - LOOK_LASTS, at__lte=at).exclude(person_id=but)
    found: dict[UUID, tuple[str, ...]] = {}
    for look in fresh.select_related("person").order_by("person__name", "pk") if beside else ():
        if look.person_id in beside[look.request_id]:
            found[look.request_id] = (*found.get(look.request_id, ()), look.person.name)
    return found
