"""What is stopped where the reader stands: told at the top of every page, and on the page of what it concerns."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse

from governance.core.clock import now
from governance.gateway.selectors import stops as selectors
from governance.gateway.selectors.stops import StopRow
from governance.gateway.stopping import StopScope
from governance.web.frame.access import holds, standing
from governance.web.frame.once import Once

MAKE, MAKE_WIDE = "gateway:stop:make", "gateway:stop:make_wide"


@Once
def anything_stopped(_request: HttpRequest) -> bool:
    """Say whether any stop is in force. Every page asks: mostly nothing is, and one small question is enough."""
    return selectors.anything_stopped()


@Once
def in_force(request: HttpRequest) -> list[StopRow]:
    return selectors.stops_in_force(standing(request), now()) if anything_stopped(request) else []


def stops_told(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the stops in force that concern the reader, as the top of every page tells them."""
    return [told_of(row) for row in in_force(request)]


def stops_here(
    request: HttpRequest, *, initiative: UUID | None = None, destinations: Collection[UUID] = ()
) -> list[dict[str, Any]]:
    """Return the stops in force on what a page is about, but for those that its top tells already."""
    if not anything_stopped(request):
        return []
    found = selectors.stops_of(initiative=initiative, destinations=destinations, at=now())
    told = {stop["url"] for stop in stops_told(request)}
    return [stop for stop in map(told_of, found) if stop["url"] not in told]


def told_of(row: StopRow) -> dict[str, Any]:
    return {"url": reverse("stop", args=[row.id]), "sentence": f"Stopped: {row.title}.", "reason": row.reason}


def lift_count(request: HttpRequest) -> int:
    return sum(selectors.waits_for(row, standing(request)) for row in in_force(request))


def stop_url(request: HttpRequest, scope: StopScope, target: str) -> str:
    """Return where the reader stops this, "" when they may not."""
    permission = MAKE if scope is StopScope.INITIATIVE else MAKE_WIDE
    return f"{reverse('stop_new')}?scope={scope}&target={target}" if holds(request, permission) else ""
