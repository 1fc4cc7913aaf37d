"""Where most rules are only observed, told on the page of what it concerns."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse

from governance.gateway.observing import ObservationState
from governance.gateway.selectors import observations as selectors
from governance.gateway.selectors.observations import ObservationRow
from governance.web.frame.access import standing


def observed_here(
    request: HttpRequest, *, initiative: UUID | None = None, destination: UUID | None = None
) -> list[dict[str, Any]]:
    """Return the periods in force, or asked for, on what a page is about, that the reader may see."""
    found = selectors.observed_now(standing=standing(request), initiative=initiative, destination=destination)
    return [_told(row, of_initiative=initiative is not None) for row in found]


def _told(row: ObservationRow, *, of_initiative: bool) -> dict[str, Any]:
    what = f"toward {row.destination_title}" if of_initiative else f"for {row.initiative_title}"
    in_force = row.state is ObservationState.IN_FORCE
    return {
        "url": reverse("observation", args=[row.id]),
        "sentence": f"Most rules are only observed {what}" if in_force else f"Observing {what} is asked for",
        "in_force": in_force,
        "ends_at": row.ends_at,
    }
