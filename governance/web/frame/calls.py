"""Calls of tools that wait for the reader's word, as several pages show them."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest

from governance.core.clock import now
from governance.gateway.confirming import ConfirmationState
from governance.gateway.selectors.confirmations import CallRow, calls_of, calls_waiting
from governance.web.frame import words
from governance.web.frame.access import holds, standing
from governance.web.frame.once import Once
from governance.web.frame.sayings import Said

PERMISSION = "gateway:call:confirm"
SAID = {
    ConfirmationState.WAITING: Said("Waits for a person", "wait"),
    ConfirmationState.CONFIRMED: Said("Confirmed", "good"),
    ConfirmationState.REFUSED: Said("Refused", "bad"),
    ConfirmationState.ENDED: Said("Over: nobody answered in time, or it was stopped", "bad"),
}


@Once
def call_count(request: HttpRequest) -> int:
    return calls_waiting(standing(request), at=now()) if holds(request, PERMISSION) else 0


def call_rows(request: HttpRequest, *, limit: int) -> list[dict[str, Any]]:
    """Return the first of the calls that wait for the reader, the oldest on top, for pages that show what waits."""
    if not call_count(request):
        return []
    at = now()
    found = calls_of(standing(request), at=at, state=ConfirmationState.WAITING, sort="asked", size=limit)
    return [call_row(row, at=at) for row in found.rows]


def call_row(row: CallRow, *, at: datetime) -> dict[str, Any]:
    waits = row.state == ConfirmationState.WAITING
    return {
        "exchange": row.exchange,
        "title": f"{row.initiative_title} wants to call {words.joined(row.tools)}",
        "asked_at": row.asked_at,
        "due_at": row.due_at,
        "late": waits and at >= row.due_at,
        "waits": waits,
        "said": SAID[ConfirmationState(row.state)],
        "answered_by": row.answered_by,
    }
